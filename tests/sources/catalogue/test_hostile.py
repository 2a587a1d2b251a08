"""Hostile dataset files and damaged catalogues: one clear message each, exit code 1, and nothing else is affected."""

from __future__ import annotations

import gzip
import io
import os
import random
import socket
import sqlite3
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.sources.catalogue.datasets import COLUMNS, make, texts, write
from watchlist.errors import CatalogueError
from watchlist.sources.catalogue.database import Catalogue
from watchlist.sources.catalogue.schema import APPLICATION_ID, VERSION

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, sockets and links")
PAGE = 4096

Spoil = Callable[[Path], None]  # makes something hostile of the file at a path


def _content(change: Callable[[bytes], bytes]) -> Spoil:
    """Return a function that changes the packed content of a file."""
    return lambda path: path.write_bytes(change(path.read_bytes())) and None


def _text(change: Callable[[bytes], bytes]) -> Spoil:
    """Return a function that changes the unpacked content of a file."""
    return _content(lambda data: gzip.compress(change(gzip.decompress(data)), 9, mtime=0))


def _place(make: Callable[[Path], object]) -> Spoil:
    """Return a function that puts something else in the place of a file."""

    def spoil(path: Path) -> None:
        path.unlink()
        make(path)

    return spoil


def _zip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("title.tsv", data)
    return buffer.getvalue()


def _tar(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("title.tsv"), io.BytesIO(data))
    return buffer.getvalue()


def _flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]


def _bomb(data: bytes) -> bytes:
    """The header, and then lines without end."""
    packer = zlib.compressobj(9, wbits=31)
    head = gzip.decompress(data).split(b"\n")[0] + b"\n"
    return b"".join([packer.compress(head), *(packer.compress(b"\n" * (1 << 20)) for _ in range(24)), packer.flush()])


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        before = Path.cwd()
        os.chdir(path.parent)  # the address of a socket is short
        try:
            server.bind(path.name)
        finally:
            os.chdir(before)


INPUTS: Mapping[str, Spoil] = {
    "0 bytes": _content(lambda data: b""),
    "1 byte": _content(lambda data: data[:1]),
    "only the mark of gzip": _content(lambda data: data[:2]),
    "only the header of gzip": _content(lambda data: data[:10]),
    "cut in the middle": _content(lambda data: data[: len(data) // 2]),
    "cut before the checksum": _content(lambda data: data[:-8]),
    "cut by a byte": _content(lambda data: data[:-1]),
    "another byte in the middle": _content(lambda data: _flip(data, len(data) // 2)),
    "another checksum": _content(lambda data: _flip(data, len(data) - 8)),
    "another length": _content(lambda data: _flip(data, len(data) - 1)),
    "text after the end": _content(lambda data: data + b"<html>"),
    "an unknown method": _content(lambda data: _flip(data, 2)),
    "packed twice": _content(gzip.compress),
    "a zip archive": _content(_zip),
    "a tar archive": _content(_tar),
    "zeros": _content(lambda data: bytes(len(data))),
    "random bytes": _content(lambda data: random.Random(1).randbytes(5000)),
    "a web page": _content(lambda data: b"<!DOCTYPE html>\n<title>Log in</title>\n"),
    "JSON": _content(lambda data: b'{"titles": []}\n'),
    "nothing packed": _text(lambda text: b""),
    "blank lines": _text(lambda text: b"\n\n\n"),
    "no rows": _text(lambda text: text.split(b"\n")[0] + b"\n"),
    "no header": _text(lambda text: text.split(b"\n", 1)[1]),
    "a column less": _text(lambda text: text.split(b"\n")[0].rsplit(b"\t", 1)[0] + b"\n" + text.split(b"\n", 1)[1]),
    "another name of a column": _text(lambda text: text.replace(b"const", b"konst", 1)),
    "commas": _text(lambda text: text.replace(b"\t", b",")),
    "short lines": _text(lambda text: text.split(b"\n")[0] + b"\n" + b"tt0000001\tmovie\n" * 50),
    "lines without tabs": _text(lambda text: text.split(b"\n")[0] + b"\n" + b"tt0000001 movie Heat\n" * 50),
    "UTF-16": _text(lambda text: text.decode().encode("utf-16")),
    "Latin-1": _text(
        lambda text: text.split(b"\n")[0] + b"\n" + b"tt0000001\tmovie\t\xc4\t\xc4\t0\t2000\t1\t1\t1\n" * 50
    ),
    "a huge field": _text(lambda text: text + b"tt0000001\tmovie\t" + b"x" * (2 << 20)),
    "zeros, packed": _text(lambda text: bytes(30 << 20)),
    "lines without end": _content(_bomb),
    "lines of NULs": _text(lambda text: text.split(b"\n")[0] + b"\n" + b"\0\0\0\n" * 50),
    "missing": _place(lambda path: None),
    "a folder": _place(Path.mkdir),
}
PLACES: Mapping[str, Spoil] = {
    "a pipe": _place(lambda path: os.mkfifo(path)),
    "a socket": _place(_socket),
    "a link to nothing": _place(lambda path: path.symlink_to("nothing")),
    "a link to itself": _place(lambda path: path.symlink_to(path.name)),
    "a link to a folder": _place(lambda path: path.symlink_to(path.parent)),
    "a device": _place(lambda path: path.symlink_to("/dev/zero")),
}
UNUSABLE = {  # rows that are well-formed, but of no use
    "title.basics": b"tt0000001\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n",
    "title.ratings": b"tt0000001\t\\N\t\\N\n",
}
CASES = [(name, what) for name in ("title.basics", "title.ratings", "title.episode") for what in (*INPUTS, *PLACES)]


@pytest.fixture
def old(call: Call, home: Mapping[str, str], tmp_path: Path) -> Iterator[bytes]:
    """A good catalogue in the cache, which must be there afterwards, and nothing beside it."""
    cache = Path(home["XDG_CACHE_HOME"]) / "watchlist"
    data = make(tmp_path / "old").read_bytes()
    cache.mkdir(parents=True)
    (cache / "catalogue.sqlite").write_bytes(data)
    yield data
    assert (cache / "catalogue.sqlite").read_bytes() == data
    assert {path.name for path in cache.iterdir()} <= {"catalogue.sqlite", "catalogue.lock"}


def _fails(call: Call, *words: str) -> str:
    """Run a verb that has to fail with exit code 1 and one message, and return the message."""
    ran = call(*words)
    lines = [line for line in ran.err.splitlines() if not line.endswith(" ...")]
    assert ran.code == 1, ran.err
    assert [line.startswith("watchlist: ") for line in lines] == [True, False][: len(lines)], ran.err
    assert "fault in watchlist" not in ran.err
    assert ran.out == ""
    return lines[0]


def test_there_are_enough_cases() -> None:
    assert len(CASES) + len(UNUSABLE) >= 64


@pytest.mark.parametrize(("name", "what"), CASES, ids=lambda value: value.replace(" ", "-"))
def test_a_hostile_file_is_named_and_the_old_catalogue_stays(
    call: Call, old: bytes, tmp_path: Path, name: str, what: str
) -> None:
    if what in PLACES and sys.platform == "win32":
        pytest.skip("pipes, sockets and links")
    paths = write(tmp_path / "files")
    path = next(path for path in paths if path.name.startswith(name))
    (INPUTS | PLACES)[what](path)
    message = _fails(call, "catalogue", "build", *map(str, paths))
    assert path.name in message, message


@pytest.mark.parametrize("name", ["title.basics", "title.ratings", "title.episode"])
def test_a_file_that_unpacks_to_far_more_than_its_size_is_not_read_to_its_end(
    call: Call, old: bytes, tmp_path: Path, name: str
) -> None:
    paths = write(tmp_path / "files")
    INPUTS["lines without end"](next(path for path in paths if path.name.startswith(name)))
    assert "unpacks to more than 100 times its size" in _fails(call, "catalogue", "build", *map(str, paths))


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_without_a_usable_row_makes_no_catalogue(call: Call, old: bytes, tmp_path: Path, name: str) -> None:
    paths = write(tmp_path / "files")
    path = next(path for path in paths if path.name.startswith(name))
    path.write_bytes(("\t".join(COLUMNS[name].split()) + "\n").encode() + UNUSABLE[name] * 5)
    assert "no " in _fails(call, "catalogue", "build", *map(str, paths))


def test_a_file_may_not_be_given_twice_or_be_missing(call: Call, old: bytes, tmp_path: Path) -> None:
    basics, ratings, episodes = map(str, write(tmp_path))
    assert "are both title.basics" in _fails(call, "catalogue", "build", basics, basics, ratings)
    assert "title.ratings is missing" in _fails(call, "catalogue", "build", basics, episodes)
    assert "title.basics is missing" in _fails(call, "catalogue", "build", ratings)


def test_a_file_that_may_not_be_read_is_named(call: Call, old: bytes, tmp_path: Path) -> None:
    if sys.platform == "win32" or os.geteuid() == 0:
        pytest.skip("permissions")
    paths = write(tmp_path)
    paths[0].chmod(0)
    assert "can't read" in _fails(call, "catalogue", "build", *map(str, paths))


def test_terminal_controls_of_a_file_are_not_printed(call: Call, old: bytes, tmp_path: Path) -> None:
    path = tmp_path / "title.basics.tsv"
    path.write_text("\x1b]0;x\x07\ttconst\n")
    assert "\x1b" not in _fails(call, "catalogue", "build", str(path))


def test_small_gzip_parts_in_one_file_are_read(call: Call, tmp_path: Path) -> None:
    paths = write(tmp_path)
    text = texts()["title.basics"].encode()
    paths[0].write_bytes(gzip.compress(text[:300]) + gzip.compress(text[300:]) + bytes(512))
    assert call("catalogue", "build", *map(str, paths)).code == 0
    assert "20 films" in call("catalogue").out


def _header(place: int, value: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data[:place] + value + data[place + len(value) :]


def _cut(size: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:size]


def _page(number: int, fill: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data[: number * PAGE] + fill + data[(number + 1) * PAGE :]


def _other_database(data: bytes) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE titles (id)")
    return connection.serialize()


def _statement(*statements: str) -> Callable[[bytes], bytes]:
    """Return a function that runs SQL in a catalogue: the file is well-formed afterwards, but no catalogue as built."""

    def change(data: bytes) -> bytes:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(data)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()

    return change


_NOISE = random.Random(7).randbytes(PAGE)
_HEAD = f"PRAGMA application_id={APPLICATION_ID}", f"PRAGMA user_version={VERSION}"
DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    **{f"cut to {size}": _cut(size) for size in (0, 1, 15, 16, 50, 99, 100, 512, PAGE - 1, PAGE, 3 * PAGE, -PAGE, -1)},
    "longer": lambda data: data + b"\0",
    "not SQLite": _header(0, b"SQLite format 4\0"),
    "of another program": _header(68, b"\0\0\0\0"),
    "of no version": _header(60, b"\0\0\0\0"),
    "of a newer version": _header(60, (VERSION + 1).to_bytes(4, "big")),
    "pages of another size": _header(16, b"\x20\x00"),
    "pages of no size": _header(16, b"\0\0"),
    "fewer pages": _header(28, (3).to_bytes(4, "big")),
    "a text": lambda data: b"# not a catalogue\n" * 100,
    "a gzip file": gzip.compress,
    "a zip archive": _zip,
    "random bytes": lambda data: random.Random(2).randbytes(len(data)),
    "another database": _other_database,
    **{f"page {number} of zeros": _page(number, bytes(PAGE)) for number in range(1, 14)},
    **{f"page {number} of noise": _page(number, _NOISE) for number in range(1, 14)},
    "the schema of noise": lambda data: data[:100] + _NOISE[100:] + data[PAGE:],
    **{f"another bit at {place}": (lambda data, place=place: _flip(data, place)) for place in range(120, 50_000, 6007)},
    **{
        f"without {table}": _statement(f"DROP TABLE {table}", *_HEAD)
        for table in (
            "meta",
            "titles",
            "seasons",
            "casts",
            "episode_ids",
            "whole_titles",
            "terms",
            "typos",
            "title_words",
        )
    },
    "other titles": _statement("UPDATE titles SET title = 'Other'", *_HEAD),
    "numbers for titles": _statement("UPDATE titles SET title = 7, votes = 'x'", *_HEAD),
    "unknown types": _statement("UPDATE titles SET type = 99", *_HEAD),
    "packs that are none": _statement("UPDATE seasons SET pack = 'x'", "UPDATE episode_ids SET pack = x'00'", *_HEAD),
    "no digest": _statement("DELETE FROM meta WHERE name = 'digest'", *_HEAD),
    "a trigger": _statement("CREATE VIEW evil AS SELECT load_extension('x') AS rank", *_HEAD),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make(tmp_path_factory.mktemp("good"), COLUMNS).read_bytes()


def use_all(path: Path) -> None:
    """Ask a catalogue for all that it can tell."""
    catalogue = Catalogue.open(path)
    assert catalogue is not None
    with catalogue:
        for text in ("h", "slo", "heat 95", "brekaing bad", "der pate", "amélie"):
            for title in catalogue.search(text):
                catalogue.show(title)
        catalogue.title("tt9000001")
        catalogue.episode("tt9100002")
        catalogue.contents()
        catalogue.check()


def test_there_are_enough_damages() -> None:
    assert len(DAMAGES) >= 64


@pytest.mark.parametrize("name", DAMAGES, ids=lambda name: name.replace(" ", "-"))
def test_a_damaged_catalogue_is_named_and_the_list_works(
    call: Call, home: Mapping[str, str], file: Path, good: bytes, name: str
) -> None:
    path = Path(home["XDG_CACHE_HOME"]) / "watchlist" / "catalogue.sqlite"
    path.parent.mkdir(parents=True)
    data = DAMAGES[name](good)
    assert data != good
    path.write_bytes(data)
    message = _fails(call, "catalogue")
    assert str(path) in message
    with pytest.raises(CatalogueError):
        use_all(path)
    ran = call("doctor", "--file", str(file))
    assert f"{path}: the catalogue" in ran.out
    assert "Slow Horses" in call("list", "--file", str(file)).out
    assert path.read_bytes() == data


def test_an_older_catalogue_says_so(call: Call, home: Mapping[str, str], good: bytes, tmp_path: Path) -> None:
    path = Path(home["XDG_CACHE_HOME"]) / "watchlist" / "catalogue.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(DAMAGES["of no version"](good))
    assert _fails(call, "catalogue").endswith("is of an older version of watchlist")
    assert call("catalogue", "build", *map(str, write(tmp_path / "files"))).code == 0
    assert call("catalogue").code == 0


@posix
@pytest.mark.parametrize("what", ["a folder", *PLACES])
def test_something_else_in_the_place_of_the_catalogue(
    call: Call, home: Mapping[str, str], file: Path, what: str
) -> None:
    path = Path(home["XDG_CACHE_HOME"]) / "watchlist" / "catalogue.sqlite"
    path.parent.mkdir(parents=True)
    path.touch()
    (INPUTS | PLACES)[what](path)
    if what == "a link to nothing":
        assert "no catalogue yet" in call("catalogue").err
    else:
        assert str(path) in _fails(call, "catalogue")
    assert "Slow Horses" in call("list", "--file", str(file)).out


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_raises_nothing_else(tmp_path: Path, good: bytes, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(good)
    for _ in range(chance.choice((1, 5, 50, 500))):
        data[chance.randrange(100, len(data))] = chance.randrange(256)
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(data)
    with pytest.raises(CatalogueError):
        use_all(path)
