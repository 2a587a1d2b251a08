"""What was changed, block by block, before and after: undo and redo across restarts, and across both faces.

One JSON line a change, appended before the list is written. An undo is a change too, and says which one it undoes. A
line whose change never came to be (a crash in between) is told by its blocks: they are what they were before it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from watchlist.store import files
from watchlist.store.guards import Left

MAX_BYTES = 48 * 1024 * 1024
KEPT_BYTES = 16 * 1024 * 1024
LIMIT = 1024 * 1024 * 1024  # one line holds two whole texts where blocks can't tell


class BlockEdit(NamedTuple):
    """One part of the text before and after: None where it was not there. `id` is the show's; the parts between blocks
    are named by their place: "#0" for the head. `after` is the part that it follows, for putting it back."""

    id: str
    was: str | None
    now: str | None
    after: str | None = None

    @property
    def spacing(self) -> bool:
        """Whether only blank lines at the end differ: what a neighbour's coming or going brings about."""
        return self.was is not None and self.now is not None and self.was.rstrip() == self.now.rstrip()

    @property
    def between(self) -> bool:
        """Whether it is about what stands between shows."""
        return self.id.startswith("#") and not self.id.startswith("##")

    @property
    def inverse(self) -> BlockEdit:
        return BlockEdit(self.id, self.now, self.was, self.after)


class Record(NamedTuple):
    """One line of the journal. Exactly one of `undoes`, `redoes` and `aborts` names another line, or none does.

    One without edits says what the file was taken for. A `held` one was asked for and not carried out: it can be redone.
    """

    number: int
    time: datetime
    label: str
    edits: tuple[BlockEdit, ...] = ()
    whole: tuple[str, str] | None = None  # the whole text before and after, where blocks alone can't tell
    undoes: int = 0
    redoes: int = 0
    aborts: int = 0
    origin: str = ""  # the digest of the bytes that it was made on
    left: Left | None = None  # what the file is left as by it
    held: bool = False


class Journal:
    """What is in the journal's file, read once; `append` writes and gives the next value."""

    def __init__(self, path: Path, lines: tuple[bytes, ...] = ()) -> None:
        self.path = path
        self.lines = lines

    @classmethod
    def open(cls, path: Path) -> Journal:
        return cls(path, tuple((files.read(path, limit=LIMIT) or b"").splitlines(keepends=True)))

    @functools.cached_property
    def records(self) -> tuple[Record, ...]:
        """All whole lines; a torn last one, or one that was damaged, is passed over."""
        return tuple(filter(None, map(_decode, self.lines)))

    @property
    def next_number(self) -> int:
        return next((record.number for line in reversed(self.lines) if (record := _decode(line))), 0) + 1

    def append(self, record: Record) -> Journal:
        """Write one more line, to the disk. A torn line before it is closed off."""
        end = b"\n" if self.lines and not self.lines[-1].endswith(b"\n") else b""
        lines = (*self.lines[:-1], self.lines[-1] + end) if end else self.lines
        lines = (*lines, _encode(record))
        if sum(map(len, lines)) > MAX_BYTES:
            lines = _newest(lines)
            files.replace(self.path, b"".join(lines))
        else:
            files.append(self.path, end + lines[-1])
        return Journal(self.path, lines)

    def knows(self, digest: str) -> bool:
        """Whether the file was as it is now when this program changed it last, or was about to."""
        last = self._last
        return last is not None and last.left is not None and digest in (last.origin, last.left.digest)

    def names(self, digest: str) -> bool:
        """Whether the file ever was so, or was to be, as far as the journal goes."""
        return any(r.left is not None and digest in (r.origin, r.left.digest) for r in self.records)

    @property
    def left(self) -> Left | None:
        """What the file was left as by the last change; None where that is not known."""
        return self._last.left if self._last is not None else None

    @functools.cached_property
    def _last(self) -> Record | None:
        """The last change that came to be."""
        aborted: set[int] = set()
        for line in reversed(self.lines):
            record = _decode(line)
            if record is not None and record.aborts:
                aborted.add(record.aborts)
            elif record is not None and not record.held and record.number not in aborted:
                return record
        return None

    def stacks(self, now: str | None = None) -> tuple[list[Record], list[Record]]:
        """What can be undone and what can be redone, each with the next one last.

        `now` is the digest of the file, for whoever means to do either: the last line may be one of a crash.
        """
        done: list[Record] = []
        undone: list[Record] = []
        by_number = {record.number: record for record in self.records}
        without = self._without_effect(now)
        for record in self.records:
            if record.number in without or not (record.edits or record.whole):
                continue
            if record.undoes:
                done = [r for r in done if r.number != record.undoes]
                undone += [by_number[record.undoes]] if record.undoes in by_number else []
            elif record.redoes:
                undone = [r for r in undone if r.number != record.redoes]
                done += [by_number[record.redoes]] if record.redoes in by_number else []
            elif record.held:
                undone.append(record)
            else:
                done.append(record)
                undone = [r for r in undone if r.held]
        return done, undone

    def _without_effect(self, now: str | None) -> set[int]:
        """The numbers of the lines that were taken back, and of those whose change a crash kept from the file: what came
        next was made on the bytes that they were made on."""
        lines = [record for record in self.made if record.edits or record.whole]
        origins = [*(record.origin for record in lines[1:]), now]
        lost = {
            r.number
            for r, origin in zip(lines, origins, strict=False)
            if r.left and origin == r.origin != r.left.digest
        }
        return self._aborted | lost

    @property
    def made(self) -> list[Record]:
        """Every line that left the file as something, but for those that were taken back."""
        return [record for record in self.records if record.left and record.number not in self._aborted]

    @functools.cached_property
    def _aborted(self) -> set[int]:
        """The numbers of the lines that were taken back, and of those that say so."""
        return {number for record in self.records if record.aborts for number in (record.aborts, record.number)}


def _encode(record: Record) -> bytes:
    row: dict[str, Any] = {"n": record.number, "time": record.time.isoformat(), "label": record.label}
    if record.edits:
        row["edits"] = record.edits
    if record.whole is not None:
        row["whole"] = record.whole
    row |= {
        key: value
        for key in ("undoes", "redoes", "aborts", "origin", "left", "held")
        if (value := getattr(record, key))
    }
    return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"


def _decode(line: bytes) -> Record | None:
    try:
        row: Mapping[str, Any] = json.loads(line)
        return Record(
            int(row["n"]),
            datetime.fromisoformat(row["time"]),
            str(row["label"]),
            tuple(map(_edit, row.get("edits", ()))),
            _both(*row["whole"]) if "whole" in row else None,
            int(row.get("undoes", 0)),
            int(row.get("redoes", 0)),
            int(row.get("aborts", 0)),
            str(row.get("origin", "")),
            Left(*row["left"]) if "left" in row else None,
            bool(row.get("held", False)),
        )
    except (ValueError, ArithmeticError, LookupError, TypeError, RecursionError):
        return None


def _edit(values: Sequence[Any]) -> BlockEdit:
    """TypeError for what is no edit."""
    edit = BlockEdit(*values)
    if not isinstance(edit.id, str) or not all(text is None or isinstance(text, str) for text in edit):
        raise TypeError(edit)
    return edit


def _both(was: str, now: str) -> tuple[str, str]:
    if not (isinstance(was, str) and isinstance(now, str)):
        raise TypeError(was, now)
    return was, now


def _newest(lines: Sequence[bytes]) -> tuple[bytes, ...]:
    kept: list[bytes] = []
    size = 0
    for line in reversed(lines):
        size += len(line)
        if kept and size > KEPT_BYTES:
            break
        kept.append(line)
    return tuple(reversed(kept))
