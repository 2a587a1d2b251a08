"""Corners of the store that few lists ever get to: each is a branch that ends in the right text, or in none."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.frozen import replace, same
from watchlist.domain.model import Show
from watchlist.domain.watchlist import Damage
from watchlist.errors import Refused, UsageError
from watchlist.store.cache import show_index
from watchlist.store.document_editor import DocumentEditor, encoded
from watchlist.store.history.journal import BlockEdit
from watchlist.store.snapshot import SnapshotLoader, parse_snapshot
from watchlist.store.toml import parser as toml_parser
from watchlist.store.toml.block_tables import remains, sections_of
from watchlist.store.toml.parser import damage, table_of
from watchlist.store.toml.patcher import CannotPatch, _Patcher, patch
from watchlist.store.toml.scanner import Unreadable, scan

A = '[[shows]]\nid = "a"\ntitle = "A"\n'
B = '\n[[shows]]\nid = "b"\ntitle = "B"\n'
C = '\n[[shows]]\nid = "c"\ntitle = "C"\n'


def changed(block: str, **values: object) -> str:
    return patch(block, table_of(block) | values)


# Patching a block


def test_a_block_that_says_it_already_is_left_alone() -> None:
    block = A + "x = 1 # so\n"
    assert patch(block, {"x": 1, "title": "A", "id": "a"}) == block


@pytest.mark.parametrize("value", ["\ud800", (1, 2)])
def test_what_can_not_be_written_or_would_not_read_back_is_refused(value: object) -> None:
    with pytest.raises(CannotPatch):
        changed(A, x=value)


def test_values_are_the_same_whatever_holds_them() -> None:
    assert same(MappingProxyType({"a": [1.5, float("nan")]}), {"a": [1.5, float("nan")]})
    assert not same(MappingProxyType({"a": 1}), {"a": 1.0})
    assert not same(MappingProxyType({"a": 1}), {"b": 1})


def test_two_changes_never_touch_one_place() -> None:
    patcher = _Patcher(A, (), "\n")
    patcher.replace(0, 9, "")
    patcher.replace(5, 12, "")
    with pytest.raises(CannotPatch, match="two changes"):
        patcher.result()


def test_rows_come_before_between_and_after_the_rows_that_are_there() -> None:
    block = A + "\n[[shows.seasons]] # first\nnumber = 2\n\n[[shows.seasons]]\nnumber = 4\n"
    for numbers in ((1, 2, 4), (2, 3, 4), (2, 4, 5)):
        rows = [{"number": n} for n in numbers]
        grown = changed(block, seasons=rows)
        assert table_of(grown)["seasons"] == rows
        assert "[[shows.seasons]] # first\nnumber = 2\n" in grown


def test_a_comment_inside_an_array_is_never_lost() -> None:
    assert changed(A + 'tags = ["a" # one\n  , "b"]\n', tags=["b"]) == A + '# one\ntags = ["b"]\n'


def test_one_of_two_items_on_a_line_goes_alone() -> None:
    block = A + 'tags = [\n  "x", "y", # these\n  "z",\n]\n'
    assert changed(block, tags=["y", "z"]) == A + 'tags = [\n  "y", # these\n  "z",\n]\n'


def test_dotted_keys_get_neighbours() -> None:
    assert changed(A + 'ids.imdb = "tt1"\n', ids={"imdb": "tt1", "tmdb": 7}) == A + 'ids.imdb = "tt1"\nids.tmdb = 7\n'


def test_what_has_no_place_of_its_own_is_refused() -> None:
    patcher = _Patcher(A, (), "\n")
    with pytest.raises(CannotPatch, match="inside a value"):
        patcher.delete(("nothing",))
    with pytest.raises(CannotPatch, match="spread out"):
        patcher._home(("nothing",))
    with pytest.raises(CannotPatch, match="within a table"):
        changed(A + "[[shows.mine.rows]]\nx = 1\n", mine={"rows": [{"x": 1}, {"x": 2}]})


def test_a_block_without_a_header_is_none() -> None:
    assert list(sections_of("")) == []
    with pytest.raises(Unreadable):
        remains("a = 1\n[[shows]]\nb = [[]]\n")
    with pytest.raises(ValueError, match="one show"):
        table_of("x = 1\n")


@pytest.mark.parametrize("value", ["{ a 1 }", '{ a = "x" b = 2 }'])
def test_an_inline_table_that_is_none_is_not_read(value: str) -> None:
    with pytest.raises(Unreadable):
        list(scan(f"x = {value}\n"))


# Changing and taking back


def test_text_that_is_no_unicode_is_never_written(opened: Opened) -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        encoded("\ud800")
    library = opened(A)
    with pytest.raises(UsageError):
        library.replace_text(A + 'notes = "\ud800"\n')
    assert library.file.read_text("utf-8") == A


def test_a_layout_that_can_not_be_kept_is_refused_with_the_way_round_it(opened: Opened) -> None:
    library = opened(A + "[[shows.mine.rows]]\nx = 1\n")
    more = {"mine": {"rows": [{"x": 1}, {"x": 2}]}}
    with pytest.raises(Refused, match="layout") as refused:
        library.apply(edits.each(["a"], lambda show: replace(show, other=more)))
    assert "watchlist edit a" in refused.value.hint


def test_undo_is_refused_where_it_would_write_a_table_twice(opened: Opened) -> None:
    head = "[plugin]\nx = 1\n\n"
    library = opened(head + A)
    library.replace_text(A)
    library.file.write_text(A + "\n[plugin]\nx = 2\n", "utf-8")
    with pytest.raises(Refused):
        library.undo()
    assert library.file.read_text("utf-8") == A + "\n[plugin]\nx = 2\n"


def test_a_show_that_came_back_by_itself_is_not_put_back_twice(opened: Opened) -> None:
    library = opened(A + B + C)
    library.apply(edits.remove(["b"]))
    library.file.write_text(A + C + B.replace('"B"', '"B again"'), "utf-8")
    with pytest.raises(Refused, match="again already"):
        library.undo()


def test_a_show_is_put_back_at_the_end_where_the_one_before_it_is_gone(opened: Opened) -> None:
    library = opened(A + B + C)
    library.apply(edits.remove(["b"]))
    library.file.write_text(C.lstrip(), "utf-8")
    library.undo()
    assert [show.id for show in again(library).list.shows] == ["c", "b"]


def test_of_two_changed_shows_the_one_that_was_changed_back_stays(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a", "b"], 3.0))
    library.file.write_text(library.file.read_text("utf-8").replace("rating = 3.0\n", "", 1), "utf-8")
    library.undo()
    assert library.file.read_text("utf-8") == A + B


def test_an_added_show_that_got_a_comment_stays(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.add(Show("", "New")))
    commented = library.file.read_text("utf-8").replace('title = "New"', 'title = "New" # mine')
    library.file.write_text(commented, "utf-8")
    with pytest.raises(Refused, match="new was changed since"):
        library.undo()
    assert library.file.read_text("utf-8") == commented


def test_an_edit_that_says_nothing_does_nothing() -> None:
    pen = DocumentEditor(parse_snapshot(A.encode()))
    assert pen.replay(BlockEdit("x", None, None)) == []
    assert not pen.touched


# Reading


def test_a_long_list_is_there_as_far_as_it_was_read() -> None:
    reading = SnapshotLoader((A + B + C).encode(), {})
    assert not reading.read_on(-1)
    assert [show.id for show in reading.so_far().shows] == ["a"]
    assert reading.read_on()
    assert [show.id for show in reading.snapshot().list.shows] == ["a", "b", "c"]


def test_damage_without_a_place_is_at_the_start() -> None:
    assert damage("a\nb", RecursionError()) == Damage("nested too deeply", 1, 1, "a")


def test_a_slice_of_bytes_that_are_no_text_is_found_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_parser, "_SLICE", 4)
    toml_parser.check_utf8("aéböc€".encode())
    with pytest.raises(UnicodeDecodeError) as error:
        toml_parser.check_utf8("aéböc€".encode()[:-1])
    assert error.value.start == 7


# The cache


def test_values_that_json_does_not_keep_are_read_from_the_text() -> None:
    for rest, kept in (("x = nan\n", False), ("x = 2026-01-01\n", False), ("x = 1\n", True)):
        sections = dict(show_index._sections(parse_snapshot((rest + A).encode())))
        assert ("@rest" in sections) is kept


def test_an_order_that_can_not_be_read_is_not_written_on(opened: Opened) -> None:
    snapshot = parse_snapshot((A + B).encode())
    snapshot.list.shows.columns["order:title"] = [0, 1]
    assert "order:title" in dict(show_index._sections(snapshot))
    lost = replace(snapshot.list, shows=snapshot.list.shows)
    lost.shows.columns["order:year"] = None  # type: ignore[assignment]
    assert "order:year" not in dict(show_index._sections(replace(snapshot, list=lost)))


def test_what_an_index_knows_can_be_counted(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show_index, "is_worth_indexing", lambda data: True)
    library = opened(A + B)
    path = library.paths.index(library.file)
    show_index.remember(parse_snapshot(library.file.read_bytes()), path)
    made = show_index.ShowIndex.open(path)
    assert made is not None
    known = made.cached_shows()
    assert (len(known), list(known)) == (0, [])
    block = f"{A}\n".encode()
    assert known[block].title == "A"
    assert (len(known), list(known)) == (1, [block])


def test_undo_names_the_fields_that_were_changed_since_as_people_know_them(opened: Opened) -> None:
    library = opened(A + "based_on = 'x'\nshelf = 1\nyear = 2001\n")
    library.apply(lambda now: replace(now, shows=(replace(now.shows[0], based_on="y", year=2002, other={"shelf": 2}),)))
    text = library.file.read_text("utf-8")
    library.file.write_text(text.replace('"y"', '"z"').replace("shelf = 2", "shelf = 3"), "utf-8")
    change = library.undo()[0]
    assert change.skipped == (
        "based on of A was changed since, so it stays",
        "shelf of A was changed since, so it stays",
    )
    assert library.file.read_text("utf-8") == A + 'based_on = "z"\nshelf = 3\nyear = 2001\n'


def test_the_key_that_both_sides_changed_to_the_same_is_nobodys_loss(opened: Opened) -> None:
    library = opened(A + "year = 2001\n")
    library.apply(edits.update("a", {"year": 2002, "runtime": 9}))
    library.file.write_text(A + "year = 2001\nruntime = 9 # mine\n", "utf-8")
    assert library.undo()[0].skipped == ()
    assert library.file.read_text("utf-8") == A + "year = 2001\n# mine\n"


def test_a_show_without_a_title_is_named_by_its_block(opened: Opened) -> None:
    library = opened('[[shows]]\nid = "a"\nyear = 2001\nruntime = 1\n')
    library.apply(edits.update("a", {"year": 2002, "runtime": 2}))
    library.file.write_text(library.file.read_text("utf-8").replace("year = 2002", "year = 2003"), "utf-8")
    assert library.undo()[0].skipped == ("year of  was changed since, so it stays",)
