"""The journal line by line: what is written is read again, what is no line is passed over, and what can be undone is told."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from watchlist.errors import StoreError
from watchlist.store.disk.file_io import MAX_BYTES
from watchlist.store.history import journal as store
from watchlist.store.history.journal import BlockEdit, Journal, Record
from watchlist.store.history.journal_lines import encode
from watchlist.store.history.loss_detection import FileFingerprint

NOW = datetime(2026, 1, 2, 3, 4, 5)
EDITS = (BlockEdit("a", "old\n", "new\n", "#0"), BlockEdit("#1", None, "é\u2028\n"), BlockEdit("##1", "gone", None))


def state(name: str) -> FileFingerprint:
    """What the file is left as, by a name for its digest."""
    return FileFingerprint(name, 10, 1)


def done(number: int, origin: str, left: str) -> Record:
    return Record(number, NOW, f"change {number}", EDITS, origin=origin, left=state(left))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.jsonl"


def written(path: Path, *records: Record) -> Journal:
    journal = Journal.open(path)
    for record in records:
        journal = journal.append(record)
    assert journal.records == Journal.open(path).records == records
    return journal


def test_all_of_a_record_is_read_again(path: Path) -> None:
    written(
        path,
        Record(1, NOW, "Rated “A”\n\x1b", EDITS, origin="x", left=FileFingerprint("y", 12, 3)),
        Record(2, NOW, "", whole=("old\r\n", "\ufeffnew"), origin="y", left=FileFingerprint("z", 0, 0)),
        Record(3, NOW, "u", EDITS, undoes=1),
        Record(4, NOW, "r", EDITS, redoes=3),
        Record(5, NOW, "a", aborts=4),
        Record(6, NOW, "h", EDITS, held=True),
    )
    assert [set(json.loads(line)) - {"n", "time", "label"} for line in path.read_bytes().splitlines()] == [
        {"edits", "origin", "left"},
        {"whole", "origin", "left"},
        {"edits", "undoes"},
        {"edits", "redoes"},
        {"aborts"},
        {"edits", "held"},
    ]
    assert "é" in path.read_text("utf-8")


def test_an_edit_knows_what_it_is_about_and_what_takes_it_back() -> None:
    block, table, odd = EDITS
    assert (block.between, table.between, odd.between) == (False, True, False)
    assert block.inverse == BlockEdit("a", "new\n", "old\n", "#0")
    assert table.inverse.inverse == table
    assert BlockEdit("a", "x\n", "x\n\n").spacing
    assert not BlockEdit("a", "x\n", "\nx\n").spacing
    assert not block.spacing
    assert not table.spacing
    assert not odd.spacing


@pytest.mark.parametrize(
    "line",
    [
        *("", "no json", "[]", "3", "null", '"n"', "{}", '{"n": 1', '{"n": 1, "label": "x"}', "[" * 10_000, "\x00"),
        '{"n": "one", "time": "2026-01-01", "label": ""}',
        '{"n": Infinity, "time": "2026-01-01", "label": ""}',
        '{"n": 1, "time": 5, "label": ""}',
        '{"n": 1, "time": "yesterday", "label": ""}',
        '{"n": 1, "time": "2026-01-01", "label": "", "edits": 5}',
        '{"n": 1, "time": "2026-01-01", "label": "", "edits": [5]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "edits": [["a"]]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "left": ["x"]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "whole": 5}',
        '{"n": 1, "time": "2026-01-01", "label": "", "whole": ["was"]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "whole": ["was", "now", "then"]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "whole": ["was", null]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "whole": [1, "now"]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "edits": [[null, "was", "now"]]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "edits": [["a", 1, "now"]]}',
        '{"n": 1, "time": "2026-01-01", "label": "", "undoes": null}',
    ],
)
def test_what_is_no_line_is_passed_over_and_the_next_one_follows_it(path: Path, line: str) -> None:
    good = done(7, "x", "y")
    written(path, good)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    journal = Journal.open(path)
    assert journal.records == (good,)
    assert journal.next_number == 8
    assert journal.left == state("y")
    assert journal.append(done(8, "y", "z")).records == Journal.open(path).records == (good, done(8, "y", "z"))


def test_bytes_that_are_no_text_are_passed_over(path: Path) -> None:
    written(path, done(1, "x", "y"))
    path.write_bytes(b"\xff\xfe\n" + path.read_bytes())
    assert [record.number for record in Journal.open(path).records] == [1]


def test_a_torn_line_is_closed_off_by_the_next(path: Path) -> None:
    first = (done(1, "x", "y"), done(2, "y", "x"), done(3, "x", "y"))
    written(path, *first)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    torn = Journal.open(path)
    assert torn.next_number == 4
    journal = torn.append(done(4, "y", "z"))
    assert journal.records == (*first, done(4, "y", "z"))
    assert path.read_bytes() == b"".join(journal.lines)
    assert path.read_bytes().startswith(whole + whole[:20] + b"\n")


def test_an_empty_journal_knows_nothing(path: Path) -> None:
    journal = Journal.open(path)
    assert (journal.records, journal.next_number, journal.left, journal.made) == ((), 1, None, [])
    assert not journal.knows("x")
    assert not journal.knows("")
    assert not journal.names("")
    assert journal.stacks() == ([], [], [])


def test_the_file_is_known_as_the_last_change_left_it_or_found_it(path: Path) -> None:
    journal = written(path, done(1, "x", "y"), done(2, "y", "z"))
    assert [name for name in "wxyz" if journal.knows(name)] == ["y", "z"]
    assert [name for name in "wxyz" if journal.names(name)] == ["x", "y", "z"]
    journal = journal.append(Record(3, NOW, "", aborts=2))
    assert [name for name in "wxyz" if journal.knows(name)] == ["x", "y"]
    assert [name for name in "wxyz" if journal.names(name)] == ["x", "y", "z"]  # it may still turn up
    assert journal.left == state("y")
    assert [record.number for record in journal.made] == [1]
    journal = journal.append(Record(4, NOW, "", EDITS, held=True))
    assert journal.left == state("y")
    assert [name for name in "wxyz" if journal.knows(name)] == ["x", "y"]


def test_of_a_line_that_does_not_say_what_the_file_was_nothing_is_known(path: Path) -> None:
    journal = written(path, done(1, "x", "y"), Record(2, NOW, "", EDITS, origin="y"))
    assert journal.left is None
    assert not journal.knows("y")
    assert [name for name in "wxyz" if journal.names(name)] == ["x", "y"]
    assert [record.number for record in journal.made] == [1]


def change(number: int, **more: int) -> Record:
    return Record(number, NOW, "", EDITS, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("records", "undo", "redo"),
    [
        ([change(1), change(2)], [1, 2], []),
        ([change(1), change(2), change(3, undoes=2)], [1], [2]),
        ([change(1), change(2), change(3, undoes=2), change(4, undoes=1)], [], [2, 1]),
        ([change(1), change(2), change(3, undoes=2), change(4, undoes=1), change(5, redoes=1)], [1], [2]),
        ([change(1), change(2, undoes=1), change(3, redoes=1)], [1], []),
        ([change(1), change(2, undoes=1), change(3)], [3], []),  # a new change ends what can be redone
        ([change(1), change(2, held=True), change(3)], [1, 3], [2]),  # but not what is held
        ([change(1), change(2, held=True), change(3, redoes=2)], [1, 2], []),
        ([change(1), change(2, undoes=1), change(3, held=True), change(4)], [4], [3]),
        ([change(2, undoes=1)], [], []),  # whose line was let go of
        ([change(2, redoes=1)], [], []),
        ([change(1), change(3, undoes=2)], [1], []),
        ([change(1), change(2), Record(3, NOW, "", aborts=2)], [1], []),
        ([change(1), change(2, undoes=1), Record(3, NOW, "", aborts=2)], [1], []),
        ([change(1), Record(2, NOW, "took it as it was")], [1], []),  # nothing to take back
        ([Record(1, NOW, "", whole=("x", "y"))], [1], []),
    ],
)
def test_what_can_be_undone_and_redone(path: Path, records: list[Record], undo: list[int], redo: list[int]) -> None:
    found = written(path, *records).stacks()
    assert ([record.number for record in found[0]], [record.number for record in found[1]]) == (undo, redo)


def numbers(journal: Journal, now: str | None) -> list[int]:
    return [record.number for record in journal.stacks(now)[0]]


def test_a_line_whose_change_a_crash_kept_from_the_file_is_no_change(path: Path) -> None:
    last = written(path, done(1, "x", "y"), done(2, "y", "z"))
    assert numbers(last, "z") == [1, 2]
    assert numbers(last, "y") == [1]
    assert numbers(last, "elsewhere") == [1, 2]
    assert numbers(last, None) == [1, 2]
    middle = last.append(done(3, "y", "w"))  # the next was made on what was there before the crash
    assert numbers(middle, "w") == [1, 3]
    assert numbers(middle, None) == [1, 3]
    assert numbers(middle.append(done(4, "w", "w")), "w") == [1, 3, 4]  # nothing of the file changed by it


def test_the_taking_as_it_was_between_two_changes_is_none_of_them(path: Path) -> None:
    took = Record(2, NOW, "", origin="", left=state("t"))
    journal = written(path, done(1, "x", "y"), took, done(3, "t", "z"))
    assert numbers(journal, "z") == [1, 3]
    lost = took._replace(left=state("x"))  # it was what it was before the first, which never came to be
    assert numbers(Journal(path, tuple(map(encode, (done(1, "x", "y"), lost, done(3, "x", "z"))))), "z") == [3]


def test_a_whole_text_that_a_crash_kept_from_the_file_is_no_change(path: Path) -> None:
    whole = Record(1, NOW, "", whole=("old", "new"), origin="x", left=state("y"))
    assert numbers(written(path, whole), "y") == [1]
    assert numbers(Journal.open(path), "x") == []
    assert numbers(Journal.open(path).append(done(2, "x", "z")), "z") == [2]


def test_a_journal_may_be_larger_than_a_list_but_not_without_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(path, done(1, "x", "y"))
    assert store.READ_MAX_BYTES > MAX_BYTES
    monkeypatch.setattr(store, "READ_MAX_BYTES", 10)
    with pytest.raises(StoreError, match="larger than"):
        Journal.open(path)


def test_the_newest_lines_are_kept_where_the_journal_grew_too_large(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(encode(done(1, "x", "y")))
    monkeypatch.setattr(store, "MAX_BYTES", size * 5)
    monkeypatch.setattr(store, "KEPT_BYTES", size * 3)
    journal = written(path, *(done(n, "x", "y") for n in range(1, 6)))
    for kept in (journal.append(done(6, "x", "y")), Journal.open(path)):
        assert [record.number for record in kept.records] == [4, 5, 6]
    monkeypatch.setattr(store, "MAX_BYTES", size)
    monkeypatch.setattr(store, "KEPT_BYTES", 1)
    journal.append(done(7, "x", "y"))
    assert [record.number for record in Journal.open(path).records] == [7]
    assert [file.name for file in path.parent.iterdir()] == [path.name]
