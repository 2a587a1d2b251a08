"""A change that can't be undone or redone is reported once and passed over: the one before it can be reached."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Call
from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.model import Show
from watchlist.errors import NotFound, Refused, StoreError, WatchlistError
from watchlist.store import undo
from watchlist.store.file_guard import FileGuard
from watchlist.store.history.journal import Journal, Record
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.library import Library

A = '[[shows]]\nid = "a"\ntitle = "A"\n'
B = '\n[[shows]]\nid = "b"\ntitle = "B"\n'
C = '\n[[shows]]\nid = "c"\ntitle = "C"\nyear = 1999\n'
NEW = '\n[[shows]]\nid = "new"\ntitle = "New"\nstatus = "planned"\n'
RATED = f"{A}rating = 3.0\n{B}{C}"
Act = Callable[[Library], object]


def written_elsewhere(library: Library, old: str, new: str) -> None:
    text = library.file.read_text("utf-8")
    assert old in text
    library.file.write_text(text.replace(old, new), "utf-8")


def replaced(old: str, new: str) -> Act:
    return lambda library: written_elsewhere(library, old, new)


RATE_B = edits.rate(["b"], 4.0)
# What is done after the rating of A, what another program does then, and why it can't be undone.
BARRED = {
    "changed to a third value": (RATE_B, replaced("4.0", "2.5"), "rating of B was changed since"),
    "changed back by hand": (RATE_B, replaced("rating = 4.0\n", ""), "the list is in that state already"),
    "removed outside": (RATE_B, replaced(f"{B}rating = 4.0\n", ""), "b is not on the list any more"),
    "id renamed": (RATE_B, replaced('id = "b"', 'id = "bee"'), "b is not on the list any more"),
    "removed show put back by hand": (
        edits.remove(["b"]),
        replaced('\n[[shows]]\nid = "c"', f'{B}\n[[shows]]\nid = "c"'),
        "b is on the list again",
    ),
    "removed show put back with changes": (
        edits.remove(["b"]),
        replaced('\n[[shows]]\nid = "c"', f'{B}year = 1\n\n[[shows]]\nid = "c"'),
        "b is on the list again",
    ),
    "added show edited": (edits.add(Show("", "New")), replaced('"New"\n', '"New"\nyear = 2001\n'), "new was changed"),
    "comment put above an added show": (
        edits.add(Show("", "New")),
        replaced(NEW, NEW.replace("[[shows]]", "# mine\n[[shows]]")),
        "new was changed",
    ),
    "added show removed outside": (
        edits.add(Show("", "New")),
        replaced(NEW, "\n# mine\n"),
        "the list is in that state already",
    ),
    "added show removed outside, exactly": (
        edits.add(Show("", "New")),
        replaced(NEW, ""),
        "the list is in that state already",
    ),
    "all of the text put back by hand": (
        edits.remove(["c"]),
        lambda library: library.file.write_text(RATED),
        "c is on the list again",
    ),
    "added show renamed": (
        edits.add(Show("", "New")),
        replaced('id = "new"', 'id = "n"'),
        "the list is in that state already",
    ),
    "a list of texts": (
        edits.assign(["c"], [edits.Assignment.parse("tags=x")]),
        replaced('tags = ["x"]', 'tags = ["y"]'),
        "tags of C were changed since, so they stay",
    ),
    "several fields, all of them changed": (
        edits.assign(["c"], [edits.Assignment.parse("year=2000"), edits.Assignment.parse("rating=3")]),
        replaced("year = 2000\nrating = 3.0", "year = 2010\nrating = 1.5"),
        "year of C was changed since",
    ),
}


@pytest.mark.parametrize("case", BARRED)
def test_A4_a_change_that_can_not_be_undone_is_skipped_and_the_one_before_it_undone(opened: Opened, case: str) -> None:
    edit, elsewhere, why = BARRED[case]
    library = opened(A + B + C)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(edit)
    elsewhere(library)
    before = library.file.read_text("utf-8")
    (change,) = again(library).undo()
    assert change.label == "Undone: Rated A 3, was not rated"
    assert len(change.notices) == 1
    assert change.notices[0].startswith("can't undo change 2 (")
    assert why in change.notices[0]
    assert library.file.read_text("utf-8") == before.replace("rating = 3.0\n", "")
    with pytest.raises(NotFound, match="nothing to undo"):  # it is reported once
        again(library).undo()
    skipped = {entry.number: entry.skipped for entry in again(library).history()}
    assert why in skipped[2]
    assert skipped[1] == ""
    (redone,) = again(library).redo()
    assert redone.label == "Redone: Rated A 3, was not rated"
    assert library.file.read_text("utf-8") == before


def test_A4_where_nothing_older_is_left_the_reason_is_the_error(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(RATE_B)
    written_elsewhere(library, "4.0", "2.5")
    before = library.file.read_bytes()
    with pytest.raises(Refused, match=r"can't undo change 1 \(Rated B 4, was not rated\): rating of B was changed"):
        library.undo()
    with pytest.raises(NotFound, match="nothing to undo"):
        library.undo()
    assert library.file.read_bytes() == before


@pytest.mark.parametrize(
    ("elsewhere", "why"),
    [
        (replaced('title = "B"\n', 'title = "B"\nrating = 1.0\n'), "rating of B was changed since"),
        (replaced('title = "B"\n', 'title = "B"\nrating = 4.0 # mine\n'), "the list is in that state already"),
        (replaced(B, ""), "b is not on the list any more"),
    ],
)
def test_A4_a_change_that_can_not_be_redone_is_skipped_too(opened: Opened, elsewhere: Act, why: str) -> None:
    library = opened(A + B + C)
    library.apply(RATE_B)
    library.apply(edits.rate(["a"], 3.0))
    library.undo(2)
    elsewhere(library)
    (change,) = again(library).redo()
    assert change.label == "Redone: Rated A 3, was not rated"
    assert why in change.notices[0]
    assert change.notices[0].startswith("can't redo change 1 (")
    with pytest.raises(NotFound, match="nothing to redo"):
        again(library).redo()
    (undone,) = again(library).undo()
    assert undone.label == "Undone: Rated A 3, was not rated"
    with pytest.raises(NotFound, match="nothing to undo"):
        again(library).undo()


def test_A4_several_changes_are_undone_around_one_that_is_skipped(opened: Opened) -> None:
    library = opened(A + B + C)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(RATE_B)
    library.apply(edits.rate(["c"], 5.0))
    written_elsewhere(library, "4.0", "2.5")
    changes = again(library).undo(3)
    assert [change.label.split(",")[0] for change in changes] == ["Undone: Rated C 5", "Undone: Rated A 3"]
    assert [len(change.notices) for change in changes] == [0, 1]


def test_A4_what_can_be_undone_of_a_change_is_undone_and_the_rest_named(opened: Opened) -> None:
    library = opened(A + B + C)
    library.apply(edits.rate(["a", "b", "c"], 3.0))
    written_elsewhere(library, 'title = "B"\nrating = 3.0', 'title = "B"\nrating = 1.0')
    written_elsewhere(library, f"{C}rating = 3.0\n", "")
    (change,) = again(library).undo()
    assert change.skipped == (
        "rating of B was changed since, so it stays",
        "c is not on the list any more",
    )
    assert library.file.read_text("utf-8") == A + f"{B}rating = 1.0\n"
    (redone,) = again(library).redo()
    assert redone.number


def test_A4_a_whole_text_that_can_not_come_back_is_skipped(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 3.0))
    library.replace_text(B.lstrip("\n") + "\n" + A + "rating = 3.0\n")  # shows change places: no blocks could tell
    written_elsewhere(library, 'title = "B"\n', 'title = "B"\nyear = 1999\n')
    (change,) = again(library).undo()
    assert change.label == "Undone: Rated A 3, was not rated"
    assert "the file was changed since" in change.notices[0]


def test_A4_one_undo_passes_over_only_so_many_and_the_next_goes_on(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "MAX_SKIPPED", 4)
    library = opened(A + B)
    library.apply(edits.rate(["a"], 3.0))
    for number in range(6):
        library.apply(edits.tag(["b"], [f"t{number}"]))
    written_elsewhere(library, B, '\n[[shows]]\nid = "bee"\ntitle = "B"\n')
    with pytest.raises(Refused, match="; and 1 more") as refused:
        again(library).undo()
    assert "watchlist undo" in refused.value.hint
    (change,) = again(library).undo()
    assert change.label == "Undone: Rated A 3, was not rated"
    assert len(change.notices) == 2
    assert sum(bool(entry.skipped) for entry in again(library).history()) == 6


def test_A4_what_bars_the_whole_file_skips_nothing(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(RATE_B)
    good = library.file.read_text("utf-8")
    for bad in (good + "[[shows]\n", 'shows = [{ id = "a", title = "A" }]\n'):
        library.file.write_text(bad, "utf-8")
        other = again(library)
        other.guard.accept()
        with pytest.raises((StoreError, Refused)):
            other.undo()
        assert not any(entry.skipped for entry in other.history())
    library.file.write_text(good, "utf-8")
    assert again(library).undo()[0].label == "Undone: Rated B 4, was not rated"


def test_A4_a_held_change_that_can_not_be_done_any_more_is_skipped(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 3.0))
    good = library.file.read_text("utf-8")
    library.file.write_text("", "utf-8")
    with pytest.raises(StoreError, match="emptied"):
        library.apply(RATE_B)
    library.file.write_text(good.replace('title = "B"\n', 'title = "B"\nrating = 1.0\n'), "utf-8")
    other = again(library)
    with pytest.raises(Refused, match=r"can't redo change 2 .*rating of B was changed since"):
        other.redo()
    assert other.undo()[0].label == "Undone: Rated A 3, was not rated"


def test_A4_the_state_of_the_file_is_known_after_a_change_was_skipped(opened: Opened) -> None:
    library = opened(A + B + C)
    library.apply(RATE_B)
    written_elsewhere(library, "4.0", "2.5")
    with pytest.raises(Refused):
        library.undo()
    journal = Journal.open(library.paths.journal(library.file))
    assert journal.left is not None
    library.file.write_text("", "utf-8")
    with pytest.raises(StoreError, match="emptied"):
        again(library).apply(RATE_B)


def test_A4_undo_of_a_show_whose_neighbour_came_is_exact(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(edits.add(Show("", "New")))
    written_elsewhere(library, NEW, "\n\n")
    again(library).undo()
    assert library.file.read_text("utf-8").rstrip("\n") + "\n" == A


def test_A4_the_command_line_names_what_it_skips(call: Call, file: Path) -> None:
    call("rate", "heat", "3", "--file", str(file))
    call("rate", "slow-horses", "4", "--file", str(file))
    file.write_text(file.read_text("utf-8").replace("rating = 4.0", "rating = 2.0"), "utf-8")
    ran = call("undo", "--file", str(file))
    assert ran.code == 0
    assert "Undone: Rated Heat 3" in ran.err
    assert "can't undo change 2 (Rated Slow Horses 4, was 4.35): rating of Slow Horses was changed since" in ran.err
    assert "can't be undone: rating of Slow Horses" in call("history", "--file", str(file)).out
    assert '"skipped": "rating of Slow Horses' in call("history", "--json", "--file", str(file)).out
    ran = call("undo", "--file", str(file))
    assert (ran.code, "nothing to undo" in ran.err) == (1, True)


# What was done before something went wrong


def failing(monkeypatch: pytest.MonkeyPatch, after: int, error: BaseException) -> None:
    """Let `after` steps of undo or redo be made, and the next one fail."""
    replay, done = undo.replay_record, []

    def step(*args: Any, **more: Any) -> Any:
        if len(done) == after:
            raise error
        change = replay(*args, **more)
        done.append(change)
        return change

    monkeypatch.setattr(undo, "replay_record", step)


ERRORS = (
    StoreError("the disk is full", "make room"),
    Refused("no"),
    KeyboardInterrupt(),
    SuspectedLossError("it lost much"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("verb", ["undo", "redo"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_A4_the_steps_that_were_made_before_an_error_are_told(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, error: BaseException, verb: str, after: int
) -> None:
    library = opened(A + B + C)
    for id in "abc":
        library.apply(edits.rate([id], 3.0))
    if verb == "redo":
        library.undo(3)
    failing(monkeypatch, after, error)
    with pytest.raises((WatchlistError, KeyboardInterrupt)) as caught:
        getattr(library, verb)(3)
    if isinstance(error, KeyboardInterrupt) and not after:
        assert caught.value is error
        return
    assert isinstance(caught.value, WatchlistError)
    assert isinstance(error, KeyboardInterrupt) or caught.value is error
    did = {"undo": "Undone", "redo": "Redone"}[verb]
    order = "CBA" if verb == "undo" else "ABC"
    labels = [f"{did}: Rated {id} 3, was not rated" for id in order[:after]]
    assert [change.label for change in caught.value.changes] == labels
    assert caught.value.is_halfway == bool(after)


def test_A4_a_step_that_was_passed_over_before_an_error_is_told(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(A + B + C)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(edits.rate(["b"], 3.0))
    written_elsewhere(library, f"{B}rating = 3.0\n", "")
    replay = undo.replay_record

    def step(guard: FileGuard, journal: Journal, record: Record, *args: Any, **more: Any) -> Any:
        if record.number == 1:
            raise StoreError("the disk is full")
        return replay(guard, journal, record, *args, **more)

    monkeypatch.setattr(undo, "replay_record", step)
    with pytest.raises(StoreError) as caught:
        again(library).undo()
    assert not caught.value.changes
    assert "can't undo change 2 (Rated B 3, was not rated): b is not on the list any more" in caught.value.skipped[0]


@pytest.mark.parametrize(("error", "code"), [(ERRORS[0], 3), (ERRORS[1], 1), (ERRORS[2], 130)])
def test_A4_the_command_line_tells_the_steps_that_were_made_before_an_error(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    (tmp_path / "list.toml").write_text(A + B + C, "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(tmp_path / "list.toml"))
    for id in "abc":
        call("rate", id, "3")
    said = "interrupted" if code == 130 else str(error)
    with monkeypatch.context() as patched:
        failing(patched, 2, error)
        ran = call("undo", "3")
        assert ran.code == code
        lines = ran.err.splitlines()
        assert [line.partition("   ")[0] for line in lines[:2]] == [
            "Undone: Rated C 3, was not rated",
            "Undone: Rated B 3, was not rated",
        ]
        assert lines[2:4] == ["redo: watchlist redo 2", f"watchlist: {said}"]
    with monkeypatch.context() as patched:
        failing(patched, 1, error)
        ran = call("redo", "2", "--json")
        assert ran.code == code
        document = json.loads(ran.out)
        assert (len(document["changes"]), document["error"]) == (1, said)
        assert [(show["id"], show["rating"]) for show in document["shows"]] == [("b", 3.0)]
    with monkeypatch.context() as patched:
        failing(patched, 0, error)
        ran = call("undo", "2", "--json")
        assert (ran.code, ran.out) == (code, "")


def test_A1_A4_what_was_passed_over_on_another_file_can_be_undone_when_the_file_is_back(opened: Opened) -> None:
    library = opened(A + B + C)
    library.apply(RATE_B)
    rated = library.file.read_bytes()
    library.apply(edits.rate(["b"], 2.0))
    good = library.file.read_bytes()
    library.file.write_text(A + C, "utf-8")
    with pytest.raises(Refused, match="b is not on the list any more"):
        again(library).undo()
    assert [bool(entry.skipped) for entry in again(library).history()] == [True, True]
    with pytest.raises(NotFound, match="nothing to undo"):
        again(library).undo()
    library.file.write_bytes(good)
    assert [entry.skipped for entry in again(library).history()] == ["", ""]
    (change,) = again(library).undo()
    assert change.label == "Undone: Rated B 2, was 4"
    assert library.file.read_bytes() == rated
    assert [(entry.skipped, entry.undone) for entry in again(library).history()] == [("", True), ("", False)]
    again(library).undo()
    again(library).redo(2)
    assert library.file.read_bytes() == good


def test_A1_A4_what_was_passed_over_twice_on_one_file_is_passed_over_once_on_it(opened: Opened) -> None:
    library = opened(A + C)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(edits.add(Show("", "New")))
    good = library.file.read_bytes()
    for turn in range(3):
        library.file.write_text(C.lstrip(), "utf-8")
        if not turn:
            with pytest.raises(Refused, match="a is not on the list any more"):
                again(library).undo()
        with pytest.raises(NotFound, match="nothing to undo"):
            again(library).undo()
        library.file.write_bytes(good)
        assert [entry.skipped for entry in again(library).history()] == ["", ""]
    assert [change.label for change in again(library).undo(2)] == [
        "Undone: Added New",
        "Undone: Rated A 3, was not rated",
    ]


def test_A1_history_says_that_a_change_waits_and_was_not_made(call: Call, file: Path) -> None:
    call("rate", "heat", "3", "--file", str(file))
    good = file.read_bytes()
    file.unlink()
    call("rate", "heat", "1", "--file", str(file))
    first = call("history", "--file", str(file)).out.splitlines()[1]
    assert first.split("  ")[-1].strip() == "not made: waits for redo"
    file.write_bytes(good)
    assert call("redo", "--file", str(file)).code == 0
    assert "waits" not in call("history", "--file", str(file)).out
