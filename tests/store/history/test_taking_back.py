"""Undo, redo and restore where something came in between: what is left to take back is taken back, or it is said why not."""

from __future__ import annotations

import pytest

from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.errors import NotFound, Refused
from watchlist.store.document_editor import DocumentEditor
from watchlist.store.history import journal
from watchlist.store.history.journal import BlockEdit
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.snapshot import parse_snapshot

A = '[[shows]]\nid = "a"\ntitle = "A"\n'
B = '\n[[shows]]\nid = "b"\ntitle = "B"\n'


def test_undo_of_more_than_there_is_takes_back_what_there_is(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(edits.rate(["a"], 4.0))
    assert [change.label for change in library.undo(9)] == [
        "Undone: Rated A 4, was 3",
        "Undone: Rated A 3, was not rated",
    ]
    assert library.file.read_text("utf-8") == A
    assert len(library.redo(9)) == 2
    with pytest.raises(NotFound, match="nothing to redo"):
        library.redo(9)


def test_a_change_that_a_crash_kept_from_the_file_is_passed_over_though_the_file_was_written_since(
    opened: Opened,
) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["b"], 3.0))
    before = library.file.read_text("utf-8")
    library.apply(edits.rate(["a"], 5.0))
    library.file.write_text(before.replace('title = "B"', 'title = "Bee"'), "utf-8")  # a crash, and somebody's edit
    (change,) = again(library).undo()
    assert change.label == "Undone: Rated B 3, was not rated"
    assert library.file.read_text("utf-8") == A + B.replace('"B"', '"Bee"')


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_a_whole_text_is_not_put_back_over_what_was_written_since(opened: Opened, way: str) -> None:
    library = opened(A + B)
    library.replace_text(B.lstrip("\n") + "\n" + A)  # shows change places: no blocks could tell
    if way == "redo":
        library.undo()
    mended = library.file.read_text("utf-8") + "year = 1999\n"
    library.file.write_text(mended, "utf-8")
    with pytest.raises(Refused, match="the file was changed since"):
        getattr(again(library), way)()
    assert library.file.read_text("utf-8") == mended


def test_the_same_text_from_an_editor_changes_nothing(opened: Opened) -> None:
    library = opened(A + B)
    before = library.file.stat()
    for change in (library.replace_block("a", A + "\n"), library.replace_text(A + B)):
        assert (change.number, change.label) == (0, "Nothing changed")
    assert library.file.stat().st_mtime_ns == before.st_mtime_ns
    assert library.history() == ()


def test_a_damaged_text_that_was_copied_comes_back_as_it_was(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    good = library.file.read_text("utf-8")
    damaged = good + "x = \n"
    library.file.write_text(damaged, "utf-8")
    library.restore("1")
    kept = next(copy for copy in library.backups() if copy.read() == damaged.encode())
    change = library.restore(kept.name)
    assert change.label == f"Restored backup {kept.name}"
    assert library.file.read_text("utf-8") == damaged
    assert library.list.damage is not None
    again(library).undo()
    assert library.file.read_text("utf-8") == A


def test_a_copy_of_what_is_there_is_not_put_there_again(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    library.undo()
    before = library.file.stat()
    assert library.restore("1").label == "Nothing changed"
    assert library.file.stat().st_mtime_ns == before.st_mtime_ns


def test_a_copy_can_be_put_over_a_file_that_came_after_the_start_and_that_one_is_kept(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    rated = library.file.read_bytes()
    library.file.unlink()
    assert again(library).guard.accept()
    late = again(library)
    assert not late.list_file.exists
    library.file.write_text(B, "utf-8")
    late.restore("1")
    assert library.file.read_text("utf-8") == A
    assert sorted(copy.read() for copy in late.backups()) == sorted([A.encode(), B.encode(), rated])


def test_what_would_change_nothing_is_not_held_for_later(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    library.file.write_text("", "utf-8")
    with pytest.raises(SuspectedLossError) as caught:
        library.apply(edits.rate(["a"], 3.0))
    assert "redo" not in caught.value.hint
    with pytest.raises(SuspectedLossError) as caught:
        library.apply(edits.rate(["a"], 4.0))
    assert caught.value.hint.endswith("`watchlist redo` then does this")
    assert [(entry.label, entry.held) for entry in library.history()] == [
        ("Rated A 4, was 3", True),
        ("Rated A 3, was not rated", False),
    ]


def test_a_list_that_is_there_is_not_begun_anew(opened: Opened) -> None:
    library = opened(A)
    with pytest.raises(Refused, match="exists already"):
        library.guard.create(empty=True)
    assert library.file.read_text("utf-8") == A


def test_of_a_list_in_good_order_no_copy_is_needed(opened: Opened) -> None:
    library = opened(A)
    assert library.guard.last_state() is None
    assert library.backups() == ()


def test_undo_is_refused_where_the_table_came_back_inside_a_show(opened: Opened) -> None:
    plugin = "\n[plugin]\nx = 1\n"
    library = opened(A + plugin)
    library.replace_text(A)
    text = A + plugin + '[shows.ids]\nimdb = "tt1"\n'
    library.file.write_text(text, "utf-8")
    with pytest.raises(Refused, match="the text around it was changed"):
        library.undo()
    assert library.file.read_text("utf-8") == text


def test_a_line_of_the_journal_may_leave_nothing_of_a_block() -> None:
    pen = DocumentEditor(parse_snapshot((A + B).encode()))
    assert pen.replay(BlockEdit("a", f"{A}\n", "")) == []
    assert pen.draft().snapshot.document.text == B.lstrip("\n")


def test_the_one_line_of_a_journal_stays_however_long_it_is(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MAX_BYTES", 100)
    monkeypatch.setattr(journal, "KEPT_BYTES", 50)
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    again(library).undo()
    assert library.file.read_text("utf-8") == A
