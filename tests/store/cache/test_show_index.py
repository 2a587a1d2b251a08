"""The index is a cache: with one that fits, one that is old and one that is damaged, all is as it is without."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.profile import examples, tried
from tests.store.cache.test_incremental import assert_same, columns, orders
from tests.store.test_laws import ADD, CHANGE, REMOVE, edit_of
from tests.store.texts import FOREIGN, ODD, Rewrite, list_texts, rewrites
from tests.strategies import shows
from watchlist.domain import edits
from watchlist.domain.fields import FIELDS
from watchlist.domain.frozen import replace
from watchlist.domain.model import FIELD_NAMES, Show
from watchlist.domain.show_table import ShowTable
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import WatchlistError
from watchlist.paths import Paths
from watchlist.query import own_keys, parse, select
from watchlist.query.columns import COLUMNS
from watchlist.store.cache import show_index
from watchlist.store.cache.column_cache import PatchedColumns
from watchlist.store.cache.show_index import ShowIndex, remember
from watchlist.store.library import Library
from watchlist.store.snapshot import Snapshot, parse_snapshot

QUERIES = (
    "",
    "a",
    "is:broken",
    "-is:rated , year:>=1950 sort:year-",
    "status:planned,watched sort:rating-",
    "title::^A",
    "has",
    "tags:none",
    "tags:any genres:e",
    "cast:a",
    "notes:e",
    "role:=x",
    "watched:2000..",
    "added:..2020 sort:added",
    "seasons:any",
    "ids:any",
    "language:none is:started",
    "progress:any sort:left",
    *(f"{name}:any sort:{name}" for name in FIELDS),
)
TODAY = date(2026, 1, 1)


@pytest.fixture(autouse=True, scope="module")
def _always_worth() -> Iterator[None]:
    """Lists of any length have an index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(show_index, "INDEX_MIN_BYTES", 0)
        yield


def indexed(text: str, path: Path) -> Snapshot | None:
    """What a start finds that has an index of this very text."""
    snapshot = parse_snapshot(text.encode())
    remember(snapshot, path)
    found = ShowIndex.open(path)
    return found.snapshot(text.encode()) if found is not None else None


@contextmanager
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp())
    try:
        yield made
    finally:
        shutil.rmtree(made)


def selected(library: Watchlist) -> list[list[Show]]:
    keys = own_keys(library.shows)
    queries = [*QUERIES, *(f'"{key}":any' for key in sorted(keys)), "shelf:a", "4k:1.."]
    return [select(library.shows, parse(query, own_keys=keys | {"shelf", "4k"}, today=TODAY)) for query in queries]


def kinds(shows: ShowTable) -> dict[str, list[list[type]]]:
    """What the values of the columns are, which `==` alone does not tell."""
    return {
        name: [[type(value), *map(type, value if isinstance(value, tuple) else ())] for value in column]
        for name, column in columns(shows).items()
        if name not in ("ids", "sources")
    }


@settings(max_examples=examples(150), deadline=None)
@given(list_texts())
def test_a_list_from_its_index_is_the_list_that_was_read(text: str) -> None:
    with folder() as here:
        found, anew = indexed(text, here / "index"), parse_snapshot(text.encode())
        if found is None:
            assert anew.list.damage is not None or anew.document.inline_shows is not None
            return
        assert kinds(found.list.shows) == kinds(anew.list.shows)
        assert_same(found, anew)
        untouched = ShowIndex.open(here / "index")
        assert untouched is not None
        library = untouched.snapshot(text.encode())
        assert library is not None
        assert selected(library.list) == selected(anew.list)


@settings(max_examples=examples(60), deadline=None)
@given(list_texts(), st.permutations(sorted(FIELD_NAMES)))
def test_a_show_is_the_same_whichever_field_is_asked_for_first(text: str, names: list[str]) -> None:
    with folder() as here:
        found = indexed(text, here / "index")
        if found is None:
            return
        for show, whole in zip(found.list.shows, parse_snapshot(text.encode()).list.shows, strict=True):
            assert {name: getattr(show, name) for name in names} == {name: getattr(whole, name) for name in names}
            assert show == whole
            assert whole == show
            assert repr(show).startswith("Show(id=")
            with pytest.raises(AttributeError):
                _ = show.nothing


def test_shows_that_are_not_read_yet_can_be_used_from_many_threads(tmp_path: Path) -> None:
    text = "version = 1\n" + "".join(
        f'[[shows]]\nid = "s{n}"\ntitle = "S {n}"\nyear = {1900 + n}\nnotes = "n {n}"\nrating = 11\nmood = {n}\n'
        for n in range(100)
    )
    names = sorted(FIELD_NAMES)
    anew = parse_snapshot(text.encode()).list

    def read(turn: int, library: Watchlist) -> bool:
        asked = names[turn:] + names[:turn]
        chosen = library.shows[:: -1 if turn % 2 else 1]
        values = {show.id: {name: getattr(show, name) for name in asked} for show in chosen}
        return all(values[show.id] == {name: getattr(show, name) for name in asked} for show in anew.shows)

    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            found = indexed(text, tmp_path / "index")
            assert found is not None
            assert all(threads.map(read, range(8), [found.list] * 8))
            assert found.list == anew


# Whole programs: each step with an index and without one


class Pair:
    """One list twice: in a folder where nothing is remembered, and in one where every start finds what the last one left."""

    def __init__(self, folder: Path) -> None:
        self.cold, self.warm = folder / "cold", folder / "warm"
        for place in (self.cold, self.warm):
            place.mkdir()

    def write(self, text: str) -> None:
        for place in (self.cold, self.warm):
            (place / "list.toml").write_bytes(text.encode())

    def open(self, place: Path) -> Library:
        file = place / "list.toml"
        paths = Paths(place / "config", file, place / "state", place / "cache")
        if place is self.cold:
            shutil.rmtree(place / "cache", ignore_errors=True)
        return Library.open(file, paths)

    def both(self, do: Callable[[Library], object]) -> None:
        """Do one thing in both, each in a program that starts anew and remembers when it ends."""
        said: list[object] = []
        for place in (self.cold, self.warm):
            library = self.open(place)
            try:
                said.append(do(library))
            except WatchlistError as error:
                said.append(f"{error} {error.hint}".replace(str(place), ""))
            library.list_file.remember()
        assert said[0] == said[1]
        self.compare()

    def compare(self) -> None:
        cold, warm = self.open(self.cold), self.open(self.warm)
        assert cold.file.read_bytes() == warm.file.read_bytes()
        assert_same(warm.snapshot, cold.snapshot)


STEPS = st.lists(st.tuples(st.sampled_from([ADD, CHANGE, CHANGE, REMOVE]), shows(), st.integers(0, 5)), max_size=4)


@settings(max_examples=examples(40), deadline=None)
@given(list_texts(), STEPS)
def test_changes_undo_and_redo_write_the_same_bytes(text: str, steps: list[tuple[str, Show, int]]) -> None:
    with folder() as here:
        pair = Pair(here)
        pair.write(text)
        pair.both(lambda library: None)
        for kind, show, at in steps:

            def change(library: Library, kind: str = kind, show: Show = show, at: int = at) -> object:
                edit = edit_of(kind, show, at, library.list)
                return edit and replace(library.apply(edit), time=datetime.min)

            pair.both(change)
        for _ in steps:
            pair.both(lambda library: [change.label for change in library.undo()])
        for _ in steps:
            pair.both(lambda library: [change.label for change in library.redo()])


@settings(max_examples=examples(100), deadline=None)
@given(list_texts(), rewrites(), rewrites())
def test_an_index_of_an_older_text_changes_nothing(text: str, first: Rewrite, second: Rewrite) -> None:
    with folder() as here:
        pair = Pair(here)
        pair.write(text)
        older = pair.open(pair.warm)
        older.list_file.remember()
        running = pair.open(pair.warm)  # reads from the index
        for change in (first, second):
            text = change(text)
            pair.write(text)
            warm = pair.open(pair.warm)
            event("of an index" if warm.list.shows.load is not ShowTable().load and warm.list.shows else "anew")
            cold = pair.open(pair.cold)
            assert_same(warm.snapshot, cold.snapshot)
            assert selected(warm.list) == selected(cold.list)
            os.utime(running.file, ns=(len(text), hash(text) % 10**12))
            if running.reload():
                assert_same(running.snapshot, cold.snapshot)
        warm.list_file.remember()
        pair.compare()


# Damage

TEXT = "version = 1\n" + "\n".join((*ODD[:3], FOREIGN[0], ODD[5], ODD[6]))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "index"


@pytest.fixture
def whole(place: Path) -> bytes:
    """The bytes of an index of TEXT, with an order in it."""
    snapshot = parse_snapshot(TEXT.encode())
    orders(snapshot.list.shows)
    remember(snapshot, place)
    return place.read_bytes()


def started(place: Path) -> Snapshot:
    """What a program that starts sees, and finds when it asks for everything."""
    file = place.parent.parent / "list.toml"
    file.write_bytes(TEXT.encode())
    paths = Paths(file, file, file, place.parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Paths, "index", lambda self, file: place)
        snapshot = Library.open(file, paths).snapshot
    assert_same(snapshot, parse_snapshot(TEXT.encode()))
    return snapshot


def test_an_index_with_any_byte_flipped_changes_nothing(
    place: Path, whole: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    for at in tried(range(0, len(whole), 5)):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        started(place)
    assert capfd.readouterr() == ("", "")


def test_an_index_truncated_anywhere_changes_nothing(
    place: Path, whole: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    for size in tried(range(0, len(whole), 7)):
        place.write_bytes(whole[:size])
        started(place)
    place.write_bytes(whole + whole)
    started(place)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("rubbish", [b"", b"\n", b" \n", b"\x00" * 5000, b"\xff" * 99, b"[" * 10**5, TEXT.encode()])
def test_an_index_of_rubbish_changes_nothing(
    place: Path, whole: bytes, rubbish: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    place.write_bytes(rubbish)
    remember(started(place), place)
    assert capfd.readouterr() == ("", "")
    assert set(_names(place)) >= COLUMNS.keys()


def _put_folder(place: Path) -> None:
    place.unlink()
    place.mkdir()
    (place / "in it").touch()


def _put_loop(place: Path) -> None:
    place.unlink()
    place.symlink_to(place)


def _put_pipe(place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def _forbid(place: Path) -> None:
    place.chmod(0)


def _put_file_for_folder(place: Path) -> None:
    shutil.rmtree(place.parent)
    place.parent.touch()


@pytest.mark.parametrize("put", [_put_folder, _put_loop, _put_pipe, _forbid, _put_file_for_folder])
def test_what_stands_where_the_index_should_changes_nothing(
    place: Path, whole: bytes, put: Callable[[Path], None], capfd: pytest.CaptureFixture[str]
) -> None:
    put(place)
    remember(started(place), place)
    remember(parse_snapshot(TEXT.encode()), place)
    started(place)
    assert capfd.readouterr() == ("", "")
    left = [path.name for path in place.parent.iterdir()] if place.parent.is_dir() else []
    assert left in ([place.name], [])  # and nothing half written


def test_an_index_that_another_program_made_is_not_used(
    place: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show_index, "code_digest", lambda: "another version")
    assert ShowIndex.open(place) is None
    started(place)
    remember(parse_snapshot(TEXT.encode()), place)
    monkeypatch.undo()
    assert ShowIndex.open(place) is None


def test_what_is_damaged_in_an_index_is_made_anew(place: Path, whole: bytes) -> None:
    found = ShowIndex.open(place)
    searched = found.raw("searched") if found is not None else None
    assert searched is not None
    at = whole.index(searched)
    place.write_bytes(whole[:at] + b"?" + whole[at + 1 :])
    snapshot = started(place)
    assert isinstance(snapshot.list.shows.load, ShowIndex)
    remember(snapshot, place)
    mended = ShowIndex.open(place)
    assert mended is not None
    assert mended.raw("searched") == searched


def test_an_index_that_has_everything_is_not_written_again(place: Path, whole: bytes) -> None:
    before = place.stat().st_mtime_ns, place.stat().st_ino
    snapshot = started(place)
    remember(snapshot, place)
    assert (place.stat().st_mtime_ns, place.stat().st_ino) == before


def test_where_no_thread_is_to_be_had_an_index_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    text = '[[shows]]\nid = "a"\ntitle = "A"\n'
    monkeypatch.setattr(threading.Thread, "start", start)
    found = indexed(text, tmp_path / "index")
    assert found is not None
    assert_same(found, parse_snapshot(text.encode()))
    kept = ShowIndex.open(tmp_path / "index")
    assert kept is not None
    assert kept.snapshot(text.replace("A", "B").encode()) is None


def test_a_short_text_is_not_remembered(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show_index, "INDEX_MIN_BYTES", len(TEXT.encode()) + 1)
    remember(parse_snapshot(TEXT.encode()), place)
    assert not place.exists()
    monkeypatch.setattr(show_index, "INDEX_MIN_BYTES", len(TEXT.encode()))
    remember(parse_snapshot(TEXT.encode()), place)
    assert place.exists()


def test_only_what_is_asked_for_is_read_from_the_text(place: Path, whole: bytes) -> None:
    found = ShowIndex.open(place)
    snapshot = found.snapshot(TEXT.encode()) if found is not None else None
    assert snapshot is not None
    assert "digest" in vars(snapshot.document)
    shows = snapshot.list.shows
    assert [show.title for show in select(shows, parse("title:a status:planned -is:rated sort:title", today=TODAY))]
    read = {at for at, show in enumerate(shows) if "synopsis" in _there(show)}
    assert read == {at for at, id in snapshot.file_ids.items() if id}  # what is wrong with a taken id is known by then


def _there(show: Show) -> set[str]:
    """The fields that are there already."""
    found = set()
    for name in FIELD_NAMES:
        try:
            object.__getattribute__(show, name)
        except AttributeError:
            continue
        found.add(name)
    return found


def _names(place: Path) -> list[str]:
    found = ShowIndex.open(place)
    return [name for name in COLUMNS if found is not None and found.raw(name) is not None]


def test_each_block_is_known_by_its_own_hash_whatever_was_changed_since_the_last_start(tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    file.write_text("".join(f'[[shows]]\nid = "{name}"\ntitle = "{name}"\n\n' for name in "abcdef"), "utf-8")
    paths = Paths(tmp_path / "config", file, tmp_path / "state", tmp_path / "cache")
    changes = (
        edits.rate(["c"], 4.0),
        edits.add(Show("", "bb")),
        edits.remove(["a"]),
        edits.rate(["f", "bb"], 3.0),
        edits.add(Show("", "zz")),
    )
    for edit in (None, *changes):
        library = Library.open(file, paths)
        if edit is not None:
            library.apply(edit)
        assert library.reload() is False
        library.list_file.remember()
        made = ShowIndex.open(paths.index(file))
        assert made is not None
        assert made.raw("@hashes") == b"".join(map(show_index._hash, parse_snapshot(file.read_bytes()).document.blocks))
    library.file.write_text(library.text().replace('title = "d"', 'title = "dd"') + "# end\n", "utf-8")
    library = Library.open(file, paths)
    library.list_file.remember()
    made = ShowIndex.open(paths.index(file))
    assert made is not None
    assert made.raw("@hashes") == b"".join(map(show_index._hash, parse_snapshot(file.read_bytes()).document.blocks))
    assert sorted(show.title for show in Library.open(file, paths).list.shows) == ["b", "bb", "c", "dd", "e", "f", "zz"]


# Section by section


def opened(place: Path) -> ShowIndex:
    found = ShowIndex.open(place)
    assert found is not None
    return found


def sections(place: Path) -> list[str]:
    return [*opened(place)._sections]


def damage(place: Path, whole: bytes, name: str) -> bool:
    """Flip a bit in the section of this name; whether there is one that has any."""
    found = ShowIndex(json.loads(whole.partition(b" ")[2].partition(b"\n")[0]), io.BytesIO(whole), 0)
    start, size, _ = found._sections[name]
    at = whole.index(b"\n") + 1 + start
    place.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] if size else whole)
    return bool(size)


def test_a_section_that_is_damaged_is_missed_by_nobody(place: Path, whole: bytes) -> None:
    needed = {"@starts", "@kinds", "@ids", "@written"}
    blocks = [*parse_snapshot(TEXT.encode()).document.blocks]
    for name in sections(place):
        if not damage(place, whole, name):
            continue
        found = opened(place)
        assert found.raw(name) is None
        assert found.damaged
        assert (found.snapshot(TEXT.encode()) is None) is (name in needed)
        known = opened(place).cached_shows()
        assert any(block in known for block in blocks) is (name not in ("@hashes", "@ids", "@written"))
        started(place)


def test_a_show_is_known_by_its_block_unless_its_id_is_not_in_it(place: Path, whole: bytes) -> None:
    anew, known = parse_snapshot(TEXT.encode()), opened(place).cached_shows()
    for at, block in enumerate(anew.document.blocks):
        assert known.get(block) == (anew.list.shows[at] if at not in anew.file_ids else known.get(block))
    assert len(known) == len({*anew.document.blocks}) - len(anew.file_ids)
    assert known.get(b"") is None


def test_what_is_remembered_is_kept_where_all_shows_are_as_they_were(place: Path, whole: bytes) -> None:
    data = TEXT.encode() + b"\n# end\n"
    (place.parent.parent / "list.toml").write_bytes(data)
    paths = Paths(place, place, place, place.parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Paths, "index", lambda self, file: place)
        library = Library.open(place.parent.parent / "list.toml", paths)
    assert isinstance(library.list.shows.load, PatchedColumns)
    assert_same(library.snapshot, parse_snapshot(data))


def test_what_is_empty_needs_no_text(place: Path) -> None:
    remember(
        parse_snapshot(b'[[shows]]\ntitle = "A"\n[[shows]]\ntitle = "B"\nsynopsis = "s"\nyear = ""\nmine = 1\n'), place
    )
    found = opened(place)
    assert found("title") is found("title")  # and is read once
    shows = show_index.IndexedRows(found, lambda at: pytest.fail("the text was looked at"))
    empty = [name for name in sorted(FIELD_NAMES) if f"has:{name}" in COLUMNS]
    assert "synopsis" in empty
    assert [shows.value(0, name) for name in empty] == [FIELDS[name].type.empty for name in empty]
    assert (shows.value(0, "problems"), shows.value(0, "other"), shows.value(1, "title")) == ((), {}, "B")
    for name in ("problems", "other", "synopsis", "nothing"):
        with pytest.raises(LookupError):
            shows.value(1, name)


@pytest.mark.parametrize(
    "head", ["{}", "[]", "5", '{"maker": 1}', "MAKER", 'MAKER, "of": 5', 'MAKER, "of": "zz"', "[" * 60000]
)
def test_a_first_line_of_another_shape_is_no_index(place: Path, head: str) -> None:
    text = head.replace("MAKER", '{"maker": ' + json.dumps(show_index.code_digest())) + ("}" if "MAKER" in head else "")
    place.parent.mkdir()
    place.write_bytes(show_index._hash(text.encode()).hex().encode() + b" " + text.encode() + b"\n")
    assert ShowIndex.open(place) is None


def test_a_first_line_that_was_changed_is_no_index(place: Path, whole: bytes) -> None:
    of = parse_snapshot(TEXT.encode()).document.digest.encode()
    other = parse_snapshot(TEXT.encode() + b"# end\n").document.digest.encode()
    place.write_bytes(whole.replace(of, other, 1))
    assert ShowIndex.open(place) is None


def test_a_disk_that_fails_under_an_index_is_damage(place: Path, whole: bytes, tmp_path: Path) -> None:
    found = opened(place)
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        os.dup2(folder, found._body.fileno())  # which can't be read
    finally:
        os.close(folder)
    assert found.raw("@ids") is None
    assert found.damaged


def test_an_order_that_was_worked_out_since_is_remembered_too(place: Path) -> None:
    remember(parse_snapshot(TEXT.encode()), place)
    assert opened(place).orders == []
    snapshot = started(place)
    orders(snapshot.list.shows)
    remember(snapshot, place)
    assert opened(place).orders


def test_what_can_not_be_remembered_is_not(place: Path, tmp_path: Path) -> None:
    remember(parse_snapshot(b"shows = [{ id = 'a', title = 'A' }]\n"), place)
    remember(parse_snapshot(b"[[shows]\n"), place)
    assert not place.exists()
    (tmp_path / "file").touch()
    remember(parse_snapshot(TEXT.encode()), tmp_path / "file" / "deep" / "index")


def test_columns_are_what_they_were_down_to_their_types(place: Path) -> None:
    data = b'[[shows]]\ntitle = "A"\nstatus = "watched"\nadded = 2026-01-02\n[[shows.viewings]]\ndate = 2026-01-03\n'
    anew = parse_snapshot(data)
    named = orders(anew.list.shows)
    remember(anew, place)
    found = opened(place)
    assert all(found(name) is not None for name in (*COLUMNS, *found.orders))
    snapshot = found.snapshot(data)
    assert snapshot is not None
    assert snapshot.list.shows.load is found
    assert kinds(snapshot.list.shows) == kinds(anew.list.shows)
    assert orders(snapshot.list.shows) == named
