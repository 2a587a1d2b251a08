"""What the file was left as, made anew from a copy of it and the changes since; nothing where that leads elsewhere."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.store.conftest import Opened
from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Problem, Show
from watchlist.errors import Refused
from watchlist.store.apply_changes import alike, as_left, rewrite, whole_texts
from watchlist.store.document_editor import DocumentDraft
from watchlist.store.history.journal import Journal
from watchlist.store.library import Library
from watchlist.store.snapshot import parse_snapshot

A = '[[shows]]\nid = "a"\ntitle = "A"\n'
B = '\n[[shows]]\nid = "b"\ntitle = "B"\n'


def journal(library: Library) -> Journal:
    return Journal.open(library.paths.journal(library.file))


def made_anew(library: Library) -> bytes | None:
    found = as_left(journal(library), library.list_file.history.backups)
    return found.data if found is not None else None


def tampered(library: Library, old: bytes, new: bytes) -> None:
    path = library.paths.journal(library.file)
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))


def swapped(text: str) -> str:
    """The shows of A + B the other way round: no blocks could tell."""
    assert text == A + B
    return B.lstrip("\n") + "\n" + A


def test_it_is_made_of_all_changes_since_in_their_order(opened: Opened) -> None:
    library = opened(A + B)
    states = [library.file.read_bytes()]
    for change in (
        lambda: library.apply(edits.rate(["a"], 1.0)),
        lambda: library.apply(edits.rate(["a"], 2.0)),
        lambda: library.apply(edits.remove(["a"])),
        lambda: library.undo(3),
        lambda: library.replace_text(swapped(library.text())),
        lambda: library.apply(edits.rate(["b"], 3.0)),
    ):
        change()
        states.append(library.file.read_bytes())
        assert made_anew(library) == states[-1]
    (copy, *_) = reversed(library.backups())
    assert copy.read() == states[0]


@pytest.mark.parametrize("at", range(4))
def test_any_copy_of_what_was_there_in_between_will_do(opened: Opened, at: int) -> None:
    library = opened(A + B)
    states = [library.file.read_bytes()]
    for rating in (1.0, 2.0, 3.0):
        library.apply(edits.rate(["a"], rating))
        states.append(library.file.read_bytes())
    for backup in library.backups():
        backup.path.unlink()
    assert made_anew(library) is None
    library.list_file.history.backups.keep(states[at], datetime(2026, 1, 2))
    assert made_anew(library) == states[-1]


def test_the_latest_copy_counts(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 1.0))
    library.apply(edits.rate(["a"], 2.0))
    library.list_file.history.backups.keep(library.file.read_bytes(), datetime(2026, 1, 2))
    tampered(library, b"rating = 1.0", b"rating = 5.0")  # of what came before, nothing is asked
    assert made_anew(library) == library.file.read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"rating = 2.0", b"rating = 4.0"),  # leads elsewhere
        (b'["a", ', b'["z", '),  # leads nowhere: there is no such show
        (b'"left"', b'"lost"'),  # nobody said what was left
    ],
)
def test_what_does_not_lead_there_gives_nothing(opened: Opened, old: bytes, new: bytes) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 2.0))
    assert made_anew(library) == library.file.read_bytes()
    tampered(library, old, new)
    assert made_anew(library) is None


def test_a_last_line_that_does_not_say_what_was_left_gives_nothing(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 1.0))
    library.apply(edits.rate(["a"], 2.0))
    path = library.paths.journal(library.file)
    *first, last, confirmed = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*first, last.replace(b'"left"', b'"lost"'), confirmed]))
    assert made_anew(library) is None


def test_a_whole_text_that_is_none_any_more_gives_nothing(opened: Opened) -> None:
    library = opened(A + B)
    library.replace_text(swapped(A + B))
    tampered(library, b'title = \\"A\\"', b"title = ")
    assert made_anew(library) is None


def test_where_nothing_was_changed_there_is_nothing(opened: Opened) -> None:
    assert made_anew(opened(A)) is None


# What is written down whole


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (A + B, swapped(A + B), True),
        (A + B, A, False),  # blocks lead back
        (A, "\ufeff" + A, True),
        ("[[shows]]\ntitle = \n", A, True),
        ("", A, False),
    ],
)
def test_both_texts_are_written_down_where_blocks_do_not_lead_back(before: str, after: str, kept: bool) -> None:
    snapshot = parse_snapshot(before.encode())
    assert whole_texts(snapshot, rewrite(snapshot, after)) == ((before, after) if kept else None)


def test_bytes_that_are_no_text_are_not_written_down() -> None:
    snapshot = parse_snapshot(b"\xff" + A.encode())
    assert whole_texts(snapshot, DocumentDraft(parse_snapshot(A.encode()), ())) is None


def test_a_list_that_is_not_there_yet_is_not_written_down() -> None:
    snapshot = parse_snapshot(None)
    assert whole_texts(snapshot, DocumentDraft(parse_snapshot(A.encode()), ())) is None


def test_a_text_that_did_not_change_is_not_written_down() -> None:
    snapshot = parse_snapshot(A.encode())
    assert whole_texts(snapshot, DocumentDraft(parse_snapshot(A.encode()), ())) is None


def test_an_empty_text_that_is_replaced_comes_back(opened: Opened) -> None:
    library = opened("")
    library.replace_text(A + B)
    record, confirmed = journal(library).records
    assert [edit.id for edit in record.edits] == ["a", "b"]
    assert confirmed.confirms == record.number
    library.undo()
    assert library.file.read_bytes() == b""


def test_A4_a_change_that_somebody_else_made_already_is_not_said_to_be_redone(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 2.0))
    rated = library.file.read_bytes() + b"year = 1999\n"
    library.undo()
    library.file.write_bytes(rated)
    with pytest.raises(Refused, match="the list is in that state already"):
        library.redo()
    assert library.file.read_bytes() == rated


def test_a_blank_line_that_came_with_a_show_bars_no_way_back(opened: Opened) -> None:
    plugin = "[plugin]\nx = 1\n"
    library = opened(A + "\n" + plugin)
    library.replace_text(A + "\n" + plugin + B)
    library.file.write_text(library.text().replace("x = 1", "x = 2"), "utf-8")
    (change,) = library.undo()
    assert change.skipped == ()
    assert library.file.read_text("utf-8").rstrip("\n") == (A + "\n" + plugin).replace("x = 1", "x = 2").rstrip("\n")


# What was stored is what was meant


def test_a_show_is_stored_as_it_was_meant_whatever_id_it_got() -> None:
    show = Show("a", "A", rating=float("nan"), other={"x": float("nan")})
    assert alike(show, show)
    assert alike(None, None)
    assert not alike(show, None)
    assert not alike(None, show)
    assert alike(show, replace(show, id="b", problems=(Problem("id", "taken", "a"),)))
    assert not alike(show, replace(show, title="B"))
    assert not alike(show, replace(show, year=1999))
    assert alike(Show("a", "A", year=1999), Show("b", "A", year=1999))
    assert not alike(Show("a", "A"), Show("a", "B"))
