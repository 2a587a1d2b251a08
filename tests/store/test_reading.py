"""A list as it is read: a part of it at a time, from whatever stands where it should be, and never more than is there."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from tests.profile import examples
from tests.store.conftest import Opened, again
from tests.store.texts import FOREIGN, ODD, SNIPPETS, Rewrite, list_texts, rewrites
from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.errors import NotFound, StoreError
from watchlist.paths import Paths
from watchlist.store import list_file
from watchlist.store.cache.incremental import reparse
from watchlist.store.library import Library
from watchlist.store.snapshot import parse_snapshot
from watchlist.store.toml.document import NotToml, read
from watchlist.store.toml.scanner import Unreadable, scan

A = '[[shows]]\nid = "a"\ntitle = "A"\n'
B = '\n[[shows]]\nid = "b"\ntitle = "B"\n'
C = '\n[[shows]]\nid = "c"\ntitle = "C"\n'


def begun(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A list of which no more than the first show was read."""
    file = folder / "list.toml"
    file.write_text(text, "utf-8")
    monkeypatch.setattr(list_file, "FIRST_READ_SECONDS", -1)
    return Library.open(file, Paths(folder / "config.toml", file, folder / "state", folder / "cache"), wait=False)


@pytest.mark.cold
def test_a_long_list_says_how_far_it_was_read_and_is_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = begun(tmp_path, A + B + C, monkeypatch)
    assert library.list_file.reading == (1, 3)
    assert [show.id for show in library.list.shows] == ["a"]
    library.list_file.read_on(-1)
    assert library.list_file.reading == (2, 3)
    library.list_file.read_on()
    assert library.list_file.reading is None
    assert [show.id for show in library.list.shows] == ["a", "b", "c"]
    library.list_file.read_on()
    assert [show.id for show in library.list.shows] == ["a", "b", "c"]


@pytest.mark.cold
def test_a_list_that_was_only_begun_is_read_to_its_end_by_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = begun(tmp_path, A + B + C, monkeypatch)
    library.file.write_text(A + C, "utf-8")
    assert not library.reload()  # not before it was read
    library.apply(edits.rate(["c"], 4.0))
    assert library.file.read_text("utf-8") == A + C + "rating = 4.0\n"


def test_of_a_list_that_was_only_begun_nothing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = A + B + "".join(C.replace("c", f"c{n}") for n in range(1000))
    library = begun(tmp_path, text, monkeypatch)
    library.list_file.remember()
    assert not (tmp_path / "cache").exists()
    library.list_file.read_on()
    library.list_file.remember()
    assert library.paths.index(library.file).exists()


def test_who_added_thousands_does_not_wait_for_what_the_next_start_can_do(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_file, "MAX_UNCACHED", 2)
    for count, kept in ((1, True), (2, False)):
        library = opened(A + B + f'notes = "{"n" * 20_000}"\n')
        library.paths.index(library.file).unlink(missing_ok=True)
        new = tuple(Show(f"n{n}", "New") for n in range(count))
        library.apply(lambda now, new=new: replace(now, shows=(*now.shows, *new)))
        library.list_file.remember()
        assert library.paths.index(library.file).exists() is kept


def test_the_text_of_a_show_that_is_not_there_is_not_found(opened: Opened) -> None:
    library = opened(A + B)
    assert library.block("b") == B.lstrip("\n")
    with pytest.raises(NotFound, match='no show "z␛"'):
        library.block("z\x1b")


def test_a_loop_of_links_that_came_after_the_start_is_not_said_to_be_read_only(opened: Opened) -> None:
    library = opened(A)
    assert library.list_file.read_only_reason == ""
    library.file.chmod(0o444)
    assert library.list_file.read_only_reason == "is read-only"
    library.file.unlink()
    library.file.symlink_to(library.file)
    assert library.list_file.read_only_reason == ""
    with pytest.raises(StoreError, match="can't read"):
        library.apply(edits.rate(["a"], 1.0))


def test_a_loss_is_seen_though_the_copies_can_not_be_looked_at(opened: Opened) -> None:
    library = opened(A + B + C)
    library.apply(edits.rate(["a"], 4.0))
    (copy,) = library.backups()
    copy.path.unlink()
    copy.path.parent.rmdir()
    copy.path.parent.write_text("no folder", "utf-8")
    library.file.write_text("\n", "utf-8")
    other = again(library)
    assert other.doubt == "was emptied by another program"
    with pytest.raises(StoreError, match="emptied"):
        other.apply(edits.add(Show("", "New")))
    assert library.file.read_text("utf-8") == "\n"


@pytest.mark.parametrize("text", ['["\\q"]\nx = 1\n', '"\\q" = 1\n', '[["\\q"]]\n', A + '"\\q" = 1\n'])
def test_a_key_in_quotes_that_is_no_string_is_damage_where_it_stands(text: str) -> None:
    with pytest.raises(Unreadable):
        list(scan(text))
    with pytest.raises(NotToml) as caught:
        read(text.encode())
    assert caught.value.damage.line == text[: text.index("\\q")].count("\n") + 1


TWICE = "[plugin]\nx = 1\n"
TABLES = (
    *("[shows.ids]\nimdb = 'x'\n", TWICE, "[plugin.sub]\ny = 1\n", "plugin.z = 1\n", "[[plugin]]\n", '["shows"]\n'),
    *('[["shows"]]\n', '[["shows".seasons]]\nnumber = 1\n', "[shows.late.deep]\n", "shows = 1\n", "[[views]]\n"),
)
PIECES = st.lists(st.sampled_from([*ODD, *FOREIGN, *SNIPPETS, *TABLES]), max_size=9).map("".join)
INSIDE = f"{A}{TWICE}[shows.ids]\nimdb = 'x'\n"  # a table of others that belongs to a show's block


@settings(max_examples=examples(400), deadline=None)
@given(PIECES | list_texts(), rewrites())
@example(INSIDE + TWICE, lambda text: text)
@example(INSIDE + INSIDE, lambda text: text)
@example(INSIDE + TWICE.replace("plugin", "other"), lambda text: text)
def test_a_text_that_is_cut_into_shows_is_good_where_the_whole_of_it_is(text: str, change: Rewrite) -> None:
    text = change(text)
    try:
        tomllib.loads(text.removeprefix("\ufeff"))
        good = True
    except tomllib.TOMLDecodeError:
        good = False
    event("good" if good else "damaged")
    try:
        read(text.encode())
    except NotToml:
        assert not good
    else:
        assert good


@pytest.mark.parametrize("there", [f"{TWICE}{A}{B}", f"{B}{A}{TWICE}", f"{TWICE}{B}{C}{A}"])
def test_a_table_that_comes_to_stand_inside_a_show_is_damage_where_it_is_there_already(there: str) -> None:
    before = parse_snapshot(there.encode())
    for block, good in ((INSIDE, False), (INSIDE.replace("plugin", "other"), True)):
        text = there.replace(A, block)
        assert good or reparse(text.encode(), before) is None
        assert (parse_snapshot(text.encode(), before).list.damage is None) is good
