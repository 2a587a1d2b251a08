"""Files that mean harm, read by each program part that reads files: an error or a list, in a second, in little memory."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from tests.trust.conftest import Figure, Many
from tests.trust.work import a_folder, forked, opened
from watchlist.config import check
from watchlist.domain import edits
from watchlist.domain.model import Show
from watchlist.errors import WatchlistError
from watchlist.formats import FORMATS

SECOND = 1.0
MEMORY = 200 << 20
BIG = 10 << 20


class Hostile(NamedTuple):
    """What a file is called for people, what it is taken for, and what is in it."""

    name: str
    kind: str
    data: bytes


def files() -> Iterator[Hostile]:
    """All of them; each is made when it is asked for, as some are large."""
    for kind in ("list", "toml", "config"):
        yield from (Hostile(name, kind, data) for name, data in _toml())
    for kind in ("json", "jsonl"):
        yield from (Hostile(name, kind, data) for name, data in _json())
    for kind in ("csv", "tsv", "imdb"):
        yield from (Hostile(name, kind, data) for name, data in _tables(kind))
    for kind in ("list", "toml", "config", "json", "jsonl", "csv", "tsv", "imdb"):
        yield from (Hostile(name, kind, data) for name, data in _bytes(kind))


def _toml() -> Iterator[tuple[str, bytes]]:
    show = b'[[shows]]\ntitle = "A"\n'
    yield "arrays in arrays", show + b"x = " + b"[" * 10_000 + b"]" * 10_000
    yield "arrays never closed", b"x = " + b"[" * 200_000
    yield "tables in tables", show + b"x = " + b"{a=" * 10_000 + b"1" + b"}" * 10_000
    yield "headers never closed", b"[\n" * 100_000
    yield "a key of many parts", show + b"x" + b".a" * 50_000 + b" = 1"
    yield "a header of many parts", show + b"[shows" + b".a" * 50_000 + b"]"
    yield "many dotted keys", b"".join(b"a.b.c.d%d = 1\n" % n for n in range(20_000))
    yield "a number of a million digits", show + b"year = " + b"9" * 1_000_000
    yield "a hex number of a million digits", show + b"year = 0x" + b"f" * 1_000_000
    yield "a fraction of a million digits", show + b"rating = 1." + b"1" * 1_000_000
    yield "an exponent", show + b"rating = 1e999999999"
    yield "a string of 10 MB", show + b'notes = "' + b"a" * BIG + b'"'
    yield "a long string of 2 MB", show + b'notes = """\n' + b"word word\n" * 200_000 + b'"""'
    yield "a string never closed", show + b'notes = """' + b"a\n" * 200_000
    yield "quotes", b'"' * 300_000
    yield "single quotes", b"'" * 300_000
    yield "backslashes", show + b'notes = "' + b"\\" * 300_001 + b'"'
    yield "escapes", show + b'notes = "' + b"\\u0041" * 100_000 + b'"'
    yield "lone surrogates", show + b'notes = "\\ud800"'
    yield "beyond Unicode", show + b'notes = "\\UFFFFFFFF"'
    yield "comments", b"#" * BIG
    yield "blank lines", b"\n" * 1_000_000
    yield "carriage returns", b"\r" * 1_000_000
    yield "one key twice", show + b"year = 1\nyear = 2\n"
    yield "a table twice", b"[a]\n[a]\n"
    yield "shows as a number", b"shows = 5"
    yield "shows as a table", b"[shows]\ntitle = 'A'"
    yield "shows as text", b"shows = 'A'"
    yield "shows as rows of numbers", b"shows = [1, 2, 3]"
    yield "thousands of namesakes", show * 8000
    yield "thousands of one id", b'[[shows]]\nid = "a"\ntitle = "A"\n' * 5000
    yield "thousands of empty shows", b"[[shows]]\n" * 8000
    yield "thousands of own keys", show + b"".join(b"k%d = %d\n" % (n, n) for n in range(20_000))
    yield "thousands of tags", show + b"tags = [" + b'"x",' * 50_000 + b"]"
    yield "thousands of seasons", show + b"[[shows.seasons]]\nnumber = 1\n" * 3000
    yield (
        "a season of millions",
        show + b'[[shows.seasons]]\nnumber = 1\nepisodes = 999999999\nwatched = "1-999999999"\n',
    )
    yield "seasons that overlap", show + b'[[shows.seasons]]\nnumber = 1\nwatched = "' + b"1-999," * 50_000 + b'1"\n'
    yield "nan", show + b"rating = nan\nyear = inf\n"
    yield "the first day", show + b"added = 0001-01-01\npremiered = 9999-12-31\n"
    yield "a day that is none", show + b"added = 2026-02-30\n"
    yield "an offset with seconds", show + b"added = 2026-02-20T10:00:00+00:00\n"
    yield "a newer version", b"version = 99\n" + show
    yield "a version that is text", b"version = 'x'\n" + show
    yield "a version of a thousand digits", b"version = " + b"9" * 1000
    yield "a view that can't be", b'[[views]]\nname = "x"\nquery = "title::((a+)+)+$"\n' + show
    yield "a view of many brackets", b'[[views]]\nname = "x"\nquery = "' + b"(" * 5000 + b'"\n' + show
    yield "a header with a wrong escape", b'["\\q"]\n'
    yield "a key with a wrong escape", show + b'"\\q" = 1\n'
    yield "conflict markers", b"<<<<<<< HEAD\n" + show + b"=======\n" + show + b">>>>>>> theirs\n"
    yield "an id of a path", b'[[shows]]\nid = "../../etc/passwd"\ntitle = "A"\n'
    yield "an id of a megabyte", b'[[shows]]\nid = "' + b"a" * 1_000_000 + b'"\ntitle = "A"\n'
    yield "a key of a megabyte", show + b'"' + b"k" * 1_000_000 + b'" = 1\n'
    yield "accents upon accents", show + b'notes = "a' + "\u0301".encode() * 100_000 + b'"'


def _json() -> Iterator[tuple[str, bytes]]:
    show = b'{"title": "A"}'
    yield "arrays in arrays", b"[" * 100_000 + b"]" * 100_000
    yield "objects in objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield "arrays never closed", b"[" * 100_000
    yield "a deep own key", b'[{"title": "A", "x": ' + b"[" * 500 + b"]" * 500 + b"}]"
    yield "a number of a million digits", b'[{"title": "A", "year": ' + b"9" * 1_000_000 + b"}]"
    yield "a fraction of a million digits", b'[{"title": "A", "rating": 1.' + b"1" * 1_000_000 + b"}]"
    yield "an exponent", b'[{"title": "A", "rating": 1e999999999}]'
    yield "nan", b'[{"title": "A", "rating": NaN}]'
    yield "infinity", b'[{"title": "A", "rating": -Infinity}]'
    yield "lone surrogates", b'[{"title": "\\ud800", "notes": "\\udfff"}]'
    yield "a key twice", b'[{"title": "A", "title": "B"}]'
    yield "a string of 10 MB", b'[{"title": "A", "notes": "' + b"a" * BIG + b'"}]'
    yield "a title of a megabyte", b'[{"title": "' + b"a" * 1_000_000 + b'"}]'
    yield "control characters", b'[{"title": "\\u0000\\u001b[31m"}]'
    yield "raw controls", b'[{"title": "\x00\x1b"}]'
    yield "a number", b"5"
    yield "text", b'"A"'
    yield "null", b"null"
    yield "an array of anything", b"[1, null, true, [], {}, 1.5]"
    yield "wrong types", json.dumps([{"title": "A", name: [{}]} for name in ("year", "rating", "cast", "ids")]).encode()
    yield "thousands of keys", json.dumps({"title": "A", **{f"k{n}": n for n in range(20_000)}}).encode()
    yield "thousands of shows", b"[" + b",".join([show] * 8000) + b"]"
    yield "lines", show + b"\n" + b"x\n" * 20_000
    yield "one brace a line", b"{\n" * 100_000
    yield "escapes", b'[{"title": "' + b"\\u0041" * 100_000 + b'"}]'
    yield "blanks", b" " * BIG
    yield "a comma too many", b"[" + show + b",]"
    yield (
        "a season of millions",
        b'[{"title":"A","seasons":[{"number":1,"episodes":999999999,"watched":"1-999999999"}]}]',
    )


def _tables(kind: str) -> Iterator[tuple[str, bytes]]:
    cell = b"\t" if kind == "tsv" else b","
    head = {"imdb": [b"Const", b"Title", b"Title Type", b"Year", b"Your Rating", b"Date Rated"]}.get(
        kind, [b"title", b"year", b"rating", b"tags", b"notes", b"cast"]
    )
    first = cell.join(head) + b"\n"
    row = cell.join(
        [b"tt1", b"A", b"movie", b"1999", b"8", b"2020-01-01"] if kind == "imdb" else [b"A", b"1999", b"4", b"x"]
    )
    yield "a cell of 10 MB", first + row + cell + b'"' + b"a" * BIG + b'"\n'
    yield "a cell of many lines", first + row + cell + b'"' + b"a\n" * 200_000 + b'"\n'
    yield "a quote never closed", first + b'"' + b"a,b\n" * 100_000
    yield "quotes", first + b'"' * 300_001 + b"\n"
    yield "thousands of columns", cell.join(b"c%d" % n for n in range(20_000)) + cell + first + row + b"\n"
    yield "one column many times", cell.join([b"title"] * 5000) + b"\n" + cell.join([b"A"] * 5000) + b"\n"
    yield "thousands of cells", first + cell.join([b"A"] * 200_000) + b"\n"
    yield "thousands of rows", first + (row + b"\n") * 8000
    yield "thousands of blank rows", first + b"\n" * 200_000
    yield "thousands of wrong rows", first + (b"x" + cell + b"y\n") * 8000
    yield "no first line", row + b"\n"
    yield "a first line alone", first
    yield "short and long rows", first + b"A\n" + row * 3 + b"\n"
    yield "carriage returns", first.replace(b"\n", b"\r") + row + b"\r"
    yield "NUL", first + row.replace(b"A", b"A\x00") + b"\n"
    yield "controls", first + row.replace(b"A", b"\x1b]52;c;x\x07") + b"\n"
    yield "formulas", first + row.replace(b"A", b"=cmd|' /C calc'!A0") + b"\n"
    yield "separators alone", (cell * 1000 + b"\n") * 200
    yield "a number of many digits", first + row.replace(b"1999", b"9" * 100_000) + b"\n"
    yield "a rating of many digits", first + row.replace(b"8", b"8" * 100_000) + b"\n"
    yield "a date that is none", first + row.replace(b"2020-01-01", b"99/99/9999") + b"\n"
    yield "JSON in a cell", first + row + cell + b'"' + b"[" * 50_000 + b'"\n'


def _bytes(kind: str) -> Iterator[tuple[str, bytes]]:
    chance = Random(kind)
    yield "nothing", b""
    yield "NUL alone", b"\0" * 100_000
    yield "chance", chance.randbytes(200_000)
    yield "chance in a few signs", bytes(chance.choices(b"[]{}=\".,#\n\\'x1 ", k=100_000))
    yield "UTF-16", "\ufeff[[shows]]\ntitle = 'A'\n".encode("utf-16-le")
    yield "half a character", b"x = '\xe2\x82"
    yield "overlong", b"x = '\xc0\xaf\xf8\x88\x80\x80\x80'"
    yield "a mark alone", b"\xef\xbb\xbf"
    yield "many marks", b"\xef\xbb\xbf" * 1000
    yield "a program", b"\x7fELF\x02\x01\x01" + chance.randbytes(10_000)
    yield "zipped", b"\x1f\x8b\x08\x00" + chance.randbytes(10_000)


def _read(file: Hostile, path: Path) -> str:
    """Have it read; `list` or `error`. Whatever else is raised is a fault."""
    try:
        if file.kind == "list":
            library = opened(path.parent, path.name)
            assert len([show.title for show in library.list.shows]) < 10_000
            return "error" if library.list.damage else "list"
        if file.kind == "config":
            return "error" if any(problem.fatal for problem in check(path, {}, {}).problems) else "list"
        read = FORMATS[file.kind].read
        assert read is not None
        read(path.read_bytes())
        return "list"
    except WatchlistError as error:
        _check_is_clear(error)
        return "error"


def _check_is_clear(error: WatchlistError) -> None:
    assert 0 < len(error.message) < 1000, "the error says nothing, or repeats the file"
    assert "\x1b" not in error.message


def _changed_and_back(file: Hostile, path: Path) -> None:
    """Whatever it is, a change that is undone, or refused, leaves every byte."""
    try:
        library = opened(path.parent, path.name)
        library.apply(edits.add(Show("", "New")))
        library.undo()
    except WatchlistError as error:
        _check_is_clear(error)
    assert path.read_bytes() == file.data


def _peak() -> int:
    return next(
        int(line.split()[1]) << 10 for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line
    )


def _in_bounds(file: Hostile, path: Path, pipe: int, thorough: bool) -> None:
    """In the child: read it under limits, and say how long that took and how much more memory there was."""
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    Path("/proc/self/clear_refs").write_text("5")  # from now on
    before, started = _peak(), time.process_time()
    came = _read(file, path)
    used = time.process_time() - started, _peak() - before
    if file.kind == "list" and (thorough or len(file.data) < 50_000):
        _changed_and_back(file, path)
    os.write(pipe, json.dumps([came, *used]).encode())


KINDS = ("list", "toml", "config", "json", "jsonl", "csv", "tsv", "imdb")


def _measured(file: Hostile, *, thorough: bool) -> tuple[str, float, int, str]:
    """Read it in a child with a new folder: `list` or `error`, seconds, bytes of memory, and what went wrong, if anything."""
    with a_folder() as folder:
        path = folder / "hostile.toml"
        path.write_bytes(file.data)
        reader, writer = os.pipe()
        _, status = os.waitpid(forked(lambda: _in_bounds(file, path, writer, thorough)), 0)
        os.close(writer)
        with os.fdopen(reader) as stream:
            said = stream.read()
        if not said or status:
            return "", 0.0, 0, f"status {status}"
        came, seconds, memory = json.loads(said)
        return came, seconds, memory, "" if path.read_bytes() == file.data else "changed"


@pytest.mark.parametrize("kind", KINDS)
def test_X10_no_file_costs_more_than_a_second_and_little_memory(kind: str, many: Many, figure: Figure) -> None:
    count, slowest, largest, errors, faults = 0, 0.0, 0, 0, []
    for file in files():
        if file.kind != kind:
            continue
        count += 1
        for _ in range(3):  # a processor that other programs use too counts more seconds
            said, seconds, memory, fault = _measured(file, thorough=many(0, 1) > 0)
            if not fault and seconds <= SECOND:
                break
        errors += said == "error"
        slowest, largest = max(slowest, seconds), max(largest, memory)
        if fault or seconds > SECOND or memory > MEMORY:
            faults.append((file.name, fault, f"{seconds:.2f} s, {memory >> 20} MB"))
    figure(
        f"hostile files read as {kind}",
        files=count,
        a_clear_error=errors,
        a_list=count - errors - len(faults),
        slowest_seconds=round(slowest, 2),
        most_memory_in_MB=largest >> 20,
        faults=len(faults),
    )
    assert not faults


def test_there_are_two_hundred_of_them() -> None:
    assert len({(file.kind, file.name) for file in files()}) > 200
