"""Changes larger than the journal: their edits are in files of their own, and what is promised can be done."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound, Refused, StoreError
from watchlist.store.digest import DIGEST_LENGTH
from watchlist.store.history import journal as store
from watchlist.store.history import large_changes
from watchlist.store.history.journal import Journal
from watchlist.store.history.journal_lines import BlockEdit, encode
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.library import Library

A = '[[shows]]\nid = "a"\ntitle = "A"\n'
MANY = 60


def adding(library: Watchlist) -> Watchlist:
    new = [Show(f"n{number}", f"New {number}", notes="x" * 100) for number in range(MANY)]
    return replace(library, shows=(*library.shows, *new))


def journal(library: Library) -> Journal:
    return Journal.open(library.paths.journal(library.file))


def large_files(library: Library) -> list[Path]:
    return sorted(library.paths.journal(library.file).with_suffix(".large").glob("*"))


@pytest.fixture(params=["lines", "large"])
def small_journal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that holds one change of many shows and no second one, in its lines or in large files."""
    monkeypatch.setattr(store, "MAX_BYTES", 18_000)
    monkeypatch.setattr(store, "KEPT_BYTES", 6_000)
    monkeypatch.setattr(store, "MAX_LARGE_BYTES", 18_000)
    monkeypatch.setattr(store, "KEPT_LARGE_BYTES", 6_000)
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 5_000 if request.param == "large" else 10**9)


@pytest.mark.usefixtures("small_journal")
def test_A8_what_was_undone_can_be_redone_however_large_it_was(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(adding)
    after = library.file.read_text("utf-8")
    for _ in range(3):
        again(library).undo()
        assert library.file.read_text("utf-8") == A + "rating = 3.0\n"
        again(library).redo()
        assert library.file.read_text("utf-8") == after
    assert again(library).undo()[0].number
    again(library).redo()
    with pytest.raises(NotFound, match="nothing to redo"):
        again(library).redo()


@pytest.mark.usefixtures("small_journal")
def test_A8_what_was_just_done_can_be_undone_however_large_it_is(opened: Opened) -> None:
    library = opened(A)
    for _ in range(3):
        library.apply(adding)
        library.apply(edits.remove([f"n{number}" for number in range(MANY)]))
        again(library).undo()
        assert len(again(library).list.shows) == MANY + 1
        again(library).redo()


def test_A8_a_large_change_makes_no_long_line_and_is_undone_in_part(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 5_000)
    library = opened(A)
    library.apply(adding)
    assert len(journal(library).lines[0]) < 1_000
    (kept,) = large_files(library)
    assert kept.stat().st_mode & 0o777 == 0o600
    text = library.file.read_text("utf-8")
    library.file.write_text(text.replace('"New 7"', '"Mine"'), "utf-8")
    (change,) = again(library).undo()
    assert change.skipped == ("n7 was changed since, so it stays",)
    assert [show.id for show in again(library).list.shows] == ["a", "n7"]
    again(library).redo()
    assert len(again(library).list.shows) == MANY + 1


def test_A8_a_whole_text_may_be_large_too(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 100)
    library = opened(A + '\n[[shows]]\nid = "b"\ntitle = "B"\n')
    before = library.file.read_text("utf-8")
    after = '[[shows]]\nid = "b"\ntitle = "B"\n\n' + A
    library.replace_text(after)
    assert journal(library).records[0].whole is None
    again(library).undo()
    assert library.file.read_text("utf-8") == before
    again(library).redo()
    assert library.file.read_text("utf-8") == after


@pytest.mark.parametrize("damage", ["gone", "cut", "other", "no edits", "a folder"])
def test_A8_B18_a_large_file_that_is_not_what_was_kept_is_never_used(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 5_000)
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(adding)
    (kept,) = large_files(library)
    data = kept.read_bytes()
    kept.unlink()
    if damage == "a folder":
        kept.mkdir()
    elif damage != "gone":
        kept.write_bytes({"cut": data[:-1], "other": data.replace(b"New", b"Old"), "no edits": b"{}"}[damage])
    (change,) = again(library).undo()
    assert "its undo file is missing or damaged" in change.notices[0]
    assert change.label == "Undone: Rated A 3, was not rated"
    assert len(again(library).list.shows) == MANY + 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 32, 5, None, "a" * 31])
def test_B18_no_line_names_a_file_elsewhere(tmp_path: Path, name: object) -> None:
    line = {"n": 1, "time": "2026-01-01", "label": "", "large": [name, 5]}
    (tmp_path / "j.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    assert Journal.open(tmp_path / "j.jsonl").records == ()


def test_A8_files_of_changes_that_are_not_kept_are_removed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 5_000)
    monkeypatch.setattr(store, "MAX_LARGE_BYTES", 200_000)
    monkeypatch.setattr(store, "KEPT_LARGE_BYTES", 100_000)
    library = opened(A)
    for number in range(8):
        library.apply(adding)
        library.apply(edits.assign([f"n{n}" for n in range(MANY)], [edits.Assignment.parse(f"notes={number}" * 40)]))
        library.apply(edits.remove([f"n{n}" for n in range(MANY)]))
    found = journal(library)
    needed = {record.large.digest for record in found.records if record.large}
    assert {path.stem for path in large_files(library)} == needed
    assert 3 < len(needed) < 24
    assert len(again(library).undo(2)) == 2


def replaced(library: Library, data: bytes, edits: int) -> None:
    """Put other bytes in place of the large file of the last change; the journal names them by the right digest."""
    for path in large_files(library):
        path.unlink()
    lines = journal(library)
    at, record = next((at, record) for at, record in enumerate(lines.records) if record.large is not None)
    assert record.large is not None
    digest = hashlib.sha256(data).hexdigest()[:DIGEST_LENGTH]
    forged = record._replace(large=record.large._replace(digest=digest, size=len(data), edits=edits))
    lines.path.write_bytes(b"".join([*lines.lines[:at], encode(forged), *lines.lines[at + 1 :]]))
    large_changes.path_in(lines.path.with_suffix(".large"), digest).write_bytes(data)


NO_EDITS = {
    "no JSON": b"nothing",
    "a table": b"{}",
    "a number": b"5",
    "no texts": b'["a", 5, 6]',
    "nothing on both sides": b'["a", null, null]',
    "no id": b'[null, "x", "y"]',
    "too few": b'["a"]',
    "too many": b'["a", "x", "y", null, null, null]',
    "half a character": b'["a", "\\ud800", "y"]',
    "no UTF-8": b'["a", "\xff", "y"]',
    "too deep": b"[" * 100_000,
    "a number without end": b"9" * 5_000,
}
NO_TEXTS = {
    "edits": b'["a", "x", "y"]',
    "a table": b"{}",
    "one text": b'{"whole": "xy"}',
    "one of them": b'{"whole": ["x"]}',
    "no texts": b'{"whole": [5, 6]}',
    "two lines": b'{"whole": ["x", "y"]}\n{"whole": ["x", "y"]}',
}


@pytest.mark.parametrize(
    ("data", "count"),
    [
        *((line + b"\n", 1) for line in NO_EDITS.values()),
        *((b'["a", "x", "y"]\n' * 600 + line + b"\n", 601) for line in NO_EDITS.values()),
        *((line + b"\n", 0) for line in NO_TEXTS.values()),
    ],
    ids=[*NO_EDITS, *(f"many, {name}" for name in NO_EDITS), *(f"whole, {name}" for name in NO_TEXTS)],
)
def test_B18_a_large_file_of_the_right_digest_that_holds_no_edits_is_damaged(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, data: bytes, count: int
) -> None:
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 5_000)
    library = opened(A)
    library.apply(edits.rate(["a"], 3.0))
    library.apply(adding)
    replaced(library, data, count)
    after = library.file.read_bytes()
    library.file.write_bytes(b"")  # in doubt, so what it was left as is made anew
    assert again(library).doubt
    library.file.write_bytes(after)
    (change,) = again(library).undo()
    assert "its undo file is missing or damaged" in change.notices[0]
    assert change.label == "Undone: Rated A 3, was not rated"


def test_B18_a_large_file_that_is_replaced_while_it_is_read_is_damaged(tmp_path: Path) -> None:
    large = large_changes.write(tmp_path, [BlockEdit(f"n{n}", "x", "y") for n in range(3)], None)
    found, _ = large_changes.read(tmp_path, large)
    for data in (b"nothing\n" * 3, b"", b'["a", "x", "y"]\n' * 300):
        large_changes.path_in(tmp_path, large.digest).write_bytes(data)
        with pytest.raises(Refused, match="missing or damaged"):
            list(found)
    large_changes.path_in(tmp_path, large.digest).unlink()
    with pytest.raises(Refused, match="missing or damaged"):
        list(found)


SPOILT = ("cut", "other", "more", "empty", "a link", "a folder", "a pipe")


def spoil(path: Path, how: str) -> None:
    """Put something else in place of a large file."""
    data = path.read_bytes()
    path.unlink()
    if how == "a folder":
        path.mkdir()
        (path / "mine").write_text("kept", "utf-8")
    elif how == "a pipe":
        os.mkfifo(path)
    elif how == "a link":
        elsewhere = path.parent.parent / "elsewhere"
        elsewhere.write_bytes(b"kept")
        path.symlink_to(elsewhere)
    else:
        path.write_bytes({"cut": data[:-1], "other": b"x" * len(data), "more": data + b"\n", "empty": b""}[how])


@pytest.mark.parametrize("how", SPOILT)
def test_A8_B18_a_change_can_be_undone_though_an_equal_one_has_a_damaged_file(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 5_000)
    library = opened(A)
    library.apply(adding)
    library.undo()
    for path in large_files(library):
        spoil(path, how)
    library = again(library)
    library.apply(adding)
    assert again(library).undo()[0].label.startswith("Undone")
    assert library.file.read_text("utf-8") == A
    again(library).redo()
    assert len(again(library).list.shows) == MANY + 1
    kept = [path.read_bytes() for path in library.paths.state.rglob("*") if path.is_file()]
    assert how not in ("a link", "a folder") or b"kept" in kept


def test_A8_a_large_file_that_is_whole_is_not_written_again(tmp_path: Path) -> None:
    rows = [BlockEdit(f"n{n}", "x", "y") for n in range(3)]
    large = large_changes.write(tmp_path, rows, None)
    before = large_changes.path_in(tmp_path, large.digest).stat()
    assert large_changes.write(tmp_path, rows, None) == large
    assert large_changes.path_in(tmp_path, large.digest).stat().st_ino == before.st_ino


def test_A8_a_change_whose_undo_would_be_too_large_to_be_read_is_not_made(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 5_000)
    monkeypatch.setattr(large_changes, "MAX_FILE_BYTES", 6_000)
    library = opened(A)
    with pytest.raises(StoreError, match="too large to be undone"):
        library.apply(adding)
    assert library.file.read_text("utf-8") == A
    assert large_files(library) == []


def test_B18_of_a_large_file_no_more_is_read_than_any_can_have(tmp_path: Path) -> None:
    large = large_changes.write(tmp_path, [BlockEdit(f"n{n}", "x", "y") for n in range(3)], None)
    path = large_changes.path_in(tmp_path, large.digest)
    for size in (large_changes.MAX_FILE_BYTES + 1, 1 << 40, large.size - 1, large.size + 1, 0):
        os.truncate(path, size)  # a file with holes: it takes no room, and reading it would take all memory
        for claimed in {large.size, size} - ({size} if size <= large.size + 1 else set()):
            with pytest.raises(Refused, match="missing or damaged"):
                large_changes.read(tmp_path, large._replace(size=claimed))


@pytest.mark.parametrize("how", ["", *SPOILT])
def test_A8_B18_a_change_that_waits_is_kept_once_and_again_if_its_file_is_damaged(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(store, "LARGE_MIN_BYTES", 5_000)
    text = A + "".join(f'\n[[shows]]\nid = "b{n}"\ntitle = "B {n}"\n' for n in range(30))
    library = opened(text)
    library.apply(edits.rate(["a"], 3.0))
    good = library.file.read_bytes()
    library.file.write_text("version = 1\n", "utf-8")
    for last in (False, True):
        with pytest.raises(SuspectedLossError) as caught:
            library.apply(adding)
        assert "redo" in caught.value.hint
        for path in large_files(library) if how and not last else ():
            spoil(path, how)
    assert len([record for record in journal(library).records if record.held]) == (2 if how else 1)
    library.file.write_bytes(good)
    again(library).redo()
    assert len(again(library).list.shows) == 31 + MANY
