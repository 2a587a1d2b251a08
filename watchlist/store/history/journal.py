"""The journal: each change of a list as one line of JSON, with the text before and after it, for undo and redo.

A line is appended before the list is written. An undo is a change too, and names the change that it undoes. A change
that never reached the file, because of a crash, is recognized by the digests: the next change, or the current file, has
the digest that the line names as the state before it. If another program restores that state, the file looks the same,
so a further line confirms each change once the file is written.

A change that is requested while the file seems to have lost shows is not made but recorded as held; redo makes it
later. A record that skips a change says that this change can't be undone or redone.

The file is untrusted input. Lines that this program would not write exactly so are ignored. A line refers to another
line by its number; if a number occurs twice, the nearest earlier line with that number is meant.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from watchlist.errors import Refused, StoreError
from watchlist.store.disk import file_io
from watchlist.store.history import large_changes
from watchlist.store.history.journal_lines import LARGE_NAME, decode, encode, size_of
from watchlist.store.history.journal_lines import BlockEdit as BlockEdit
from watchlist.store.history.journal_lines import Record as Record
from watchlist.store.history.loss_detection import FileFingerprint

MAX_BYTES = 48 * 1024 * 1024  # a larger journal is cut to its newest KEPT_BYTES
KEPT_BYTES = 16 * 1024 * 1024
READ_MAX_BYTES = 1024 * 1024 * 1024  # journals of earlier versions contain whole texts
LARGE_MIN_EDITS = 10_000  # a change with this many edits, or LARGE_MIN_BYTES of text, has a file of its own
LARGE_MIN_BYTES = 1024 * 1024
MAX_LARGE_BYTES = 1024 * 1024 * 1024  # if the total size of these files is larger, KEPT_LARGE_BYTES are kept
KEPT_LARGE_BYTES = 512 * 1024 * 1024


class Stacks(NamedTuple):
    """The changes that can be undone (`done`) and redone (`undone`). The next change to undo or redo is the last one.

    `skipped` has the changes that can be neither undone nor redone, each with the reason.
    """

    done: list[Record]
    undone: list[Record]
    skipped: list[tuple[Record, str]]  # (change that can be neither undone nor redone, reason)

    def move(self, record: Record) -> None:
        """Add the change of a record to a stack. If the record undoes, redoes or skips another change, move that one."""
        if record.skips:
            change = _take(self.done, record.skips) or _take(self.undone, record.skips)
            if change is not None:
                self.skipped.append((change, record.label))
        elif not record.changes:
            return
        elif record.undoes:
            self.undone.extend(filter(None, [_take(self.done, record.undoes)]))
        elif record.redoes:
            if (change := _take(self.undone, record.redoes)) is not None:
                self.done.append(change._replace(held=False))  # once made, a held change is an ordinary change
        elif record.held:
            self.undone.append(record)
        else:
            self.done.append(record)
            self.undone[:] = [undone for undone in self.undone if undone.held]


def _take(records: list[Record], number: int) -> Record | None:
    """Remove the last record with this number from a list, and return it; None if there is none."""
    for index in range(len(records) - 1, -1, -1):
        if records[index].number == number:
            return records.pop(index)
    return None


class Journal:
    """The lines of the journal file, read once. `append` writes one more line and returns the new journal."""

    def __init__(self, path: Path, lines: tuple[bytes, ...] = ()) -> None:
        self.path = path
        self.lines = lines

    @classmethod
    def open(cls, path: Path) -> Journal:
        """Read the journal in a file. A missing file is an empty journal. Raise StoreError if the file can't be read."""
        return cls(path, tuple((file_io.read(path, READ_MAX_BYTES, own=True) or b"").splitlines(keepends=True)))

    @functools.cached_property
    def records(self) -> tuple[Record, ...]:
        """The records of all valid lines. Incomplete or damaged lines are ignored."""
        return tuple(filter(None, map(decode, self.lines)))

    @property
    def next_number(self) -> int:
        """The number of the next record, counted from 1."""
        return next((record.number for line in reversed(self.lines) if (record := decode(line))), 0) + 1

    @property
    def has_records(self) -> bool:
        """True if at least one line is valid."""
        return any(decode(line) is not None for line in reversed(self.lines))

    @property
    def unreadable(self) -> int:
        """The number of invalid lines, which are ignored."""
        return len(self.lines) - len(self.records)

    def confirm(self, record: Record) -> None:
        """Append a note that the change of `record` was written to the list file.

        Errors are ignored: without the note, the digest of the list file shows if the change was written.
        """
        note = Record(record.number, record.time, "written", confirms=record.number)
        with contextlib.suppress(StoreError):
            file_io.append(self.path, encode(note), sync=False)

    def append(self, record: Record) -> Journal:
        """Append a record to the file, wait until it is on disk, and return the new journal. Raise StoreError if that fails.

        An incomplete last line is ended first. A journal that becomes too large is cut to its newest records.
        """
        end = b"\n" if self.lines and not self.lines[-1].endswith(b"\n") else b""
        lines = (*self.lines[:-1], self.lines[-1] + end) if end else self.lines
        record = self._with_large_file(record)
        lines = (*lines, encode(record))
        if sum(map(len, lines)) > MAX_BYTES or (record.large and _large_bytes(lines) > MAX_LARGE_BYTES):
            lines = _newest(lines)
            file_io.replace_own(self.path, b"".join(lines))
            self._remove_large_files(lines)
        else:
            file_io.append(self.path, end + lines[-1])
        return Journal(self.path, lines)

    def loaded(self, record: Record) -> Record:
        """Return the record with its edits or whole texts. For a large change, they are loaded from a separate file.

        Raises:
            Refused: The file of a large change is missing or damaged.
        """
        if record.large is None:
            return record
        edits, whole = large_changes.read(self._large_files, record.large)
        return record._replace(edits=edits, whole=whole, large=None)

    def holds(self, record: Record) -> bool:
        """Return True if the last record is a held change (requested, not made) with the edits and texts of `record`."""
        last = self.records[-1] if self.records else record
        if not last.held or last is record:
            return False
        with contextlib.suppress(Refused):  # the file of the last change is damaged, so `record` must be kept
            last = self.loaded(last)
            return (tuple(last.edits), last.whole) == (tuple(record.edits), record.whole)
        return False

    def _with_large_file(self, record: Record) -> Record:
        """Return the record. If its edits or texts are large, move them to a separate file, to which the record refers."""
        if (
            len(record.edits) < LARGE_MIN_EDITS
            and sum(map(size_of, record.edits)) + sum(map(len, record.whole or ())) < LARGE_MIN_BYTES
        ):
            return record
        large = large_changes.write(self._large_files, record.edits, record.whole)
        return record._replace(edits=(), whole=None, large=large)

    @property
    def _large_files(self) -> Path:
        """The folder that contains the files of large changes."""
        return self.path.with_suffix(".large")

    def _remove_large_files(self, lines: Iterable[bytes]) -> None:
        """Remove those files of large changes to which none of `lines` refers."""
        needed = {record.large.digest for record in map(decode, lines) if record is not None and record.large}
        with contextlib.suppress(OSError):  # the next call removes the files
            for path in self._large_files.iterdir():
                if LARGE_NAME.fullmatch(path.name) and path.stem not in needed:
                    path.unlink()

    def knows(self, digest: str) -> bool:
        """Return True if the file had this digest after the last change or, if that is not confirmed, before it."""
        last = self._last
        if last is None or last.left is None:
            return False
        return digest == last.left.digest or (digest == last.origin and last.number not in self._confirmed)

    def names(self, digest: str) -> bool:
        """Return True if the file had this digest before or after any change in the journal."""
        return any(r.left is not None and digest in (r.origin, r.left.digest) for r in self.records)

    @property
    def left(self) -> FileFingerprint | None:
        """The state (digest, size, number of shows) of the list file after the last change; None if unknown."""
        return self._last.left if self._last is not None else None

    @property
    def left_before(self) -> str | None:
        """The digest of the list file before the last change; None if unknown."""
        return self._last.origin if self._last is not None else None

    @functools.cached_property
    def _last(self) -> Record | None:
        """The last record that contains a state of the list file and was not aborted; None if there is none."""
        aborted: list[int] = []
        for line in reversed(self.lines):
            record = decode(line)
            if record is None or record.held or record.skips or record.confirms:
                continue
            if record.aborts:
                aborted.append(record.aborts)
            elif record.number in aborted:
                aborted.remove(record.number)
            else:
                return record
        return None

    def stacks(self, now: str | None = None, on_disk: str = "") -> Stacks:
        """Return the changes that can be undone, those that can be redone, and those that can be neither.

        Args:
            now: The digest of the file, if a last change that a crash kept from the file is to be omitted; None to
                include it. A caller that is about to undo or redo passes the digest.
            on_disk: The digest of the file, always; empty if the file is missing. A change that undo had to skip can be
                undone again once the file is back in the state after that change.
        """
        stacks = Stacks([], [], [])
        ignored = (self._without_effect(now) - self._named("skips")) | self._lapsed(on_disk)
        for index, record in enumerate(self.records):
            if index not in ignored:
                stacks.move(record)
        return stacks

    def _without_effect(self, now: str | None) -> set[int]:
        """Return the indexes of the records that did not change the list file.

        They are aborted records, and changes that a crash kept from the file. The latter are recognized by the next
        change, which was made on the same bytes, or by `now`, the current digest of the file; None if there is no need
        to recognize the last change.
        """
        indexes = [
            index for index, record in enumerate(self.records) if index not in self._aborted and _reaches_file(record)
        ]
        lost = {
            index
            for index, following in zip(indexes, [*indexes[1:], None], strict=False)
            if (record := self.records[index]).left
            and record.number not in self._confirmed
            and self._origin_after(index, following, now) == record.origin != record.left.digest
        }
        return self._aborted | lost

    def _lapsed(self, on_disk: str) -> set[int]:
        """Return the indexes of records that skip a change but no longer apply. `on_disk` is the digest of the list file.

        Such a record says that undo or redo of the change failed on the content that the file had at that time. The
        record no longer applies if the file now has, or had at a later record, other content from after the change (see
        `_chain`), on which undo and redo have not failed.
        """
        indexes = dict[int, int]()  # the index of the last record with each number
        failed_on = dict[int, set[str]]()  # index of a change -> digests of the files on which undo failed
        skips = list[tuple[int, int]]()  # (index of a record that skips a change, index of that change)
        for index, record in enumerate(self.records):
            if not (record.skips or record.aborts or record.confirms):
                indexes[record.number] = index
            elif record.skips and (skipped := indexes.get(record.skips)) is not None:
                failed_on.setdefault(skipped, set()).add(record.origin)
                skips.append((index, skipped))
        if not skips:
            return set()
        origins = [record.origin for record in self.records]
        return {
            index
            for index, skipped in skips
            if not (self._chain(skipped) - failed_on[skipped]).isdisjoint(
                {on_disk, *(origin for origin in origins[index + 1 :] if origin)}
            )
        }

    def _chain(self, start: int) -> set[str]:
        """Return the digests of the list file after the change at index `start` and after each change that follows directly.

        Changes follow directly until another program writes the file.
        """
        digests = set[str]()
        before = None
        for index in range(start, len(self.records)):
            record = self.records[index]
            if record.left is None or index in self._aborted:
                continue
            if before is not None and record.origin != before:
                break
            before = record.left.digest
            digests.add(before)
        return digests - {""}

    def _origin_after(self, index: int, following: int | None, now: str | None) -> str | None:
        """Return the digest of the list file between the change at `index` and the next change, or now if none follows.

        Returns None if the journal lacks records between the two changes.

        Args:
            index: The index of a change.
            following: The index of the next change, whose record has the digest; None if there is no next change.
            now: The current digest of the file.
        """
        if following is None:
            return now
        numbers = self.records[index].number, self.records[following].number
        return self.records[following].origin if numbers[1] - numbers[0] == following - index else None

    @property
    def made(self) -> list[Record]:
        """All records that contain a state of the list file and were not aborted."""
        return [record for index, record in enumerate(self.records) if record.left and index not in self._aborted]

    def missing(self, now: str) -> Record | None:
        """Return the last change if the list file is in the state before that change; else None.

        Then a crash kept the change from the file, or another program restored the old text. `now` is the digest of the
        file. An undo, a redo or a skipped change is never returned.
        """
        indexes = [
            index for index, record in enumerate(self.records) if index not in self._aborted and _reaches_file(record)
        ]
        last = self.records[indexes[-1]] if indexes else None
        if last is None or last.undoes or last.redoes or indexes[-1] in self._named("skips"):
            return None
        return last if indexes[-1] in self._without_effect(now) else None

    @functools.cached_property
    def _confirmed(self) -> set[int]:
        """The numbers of the changes that are known to have been written to the list file."""
        return {record.confirms for record in self.records if record.confirms}

    @functools.cached_property
    def _aborted(self) -> set[int]:
        """The indexes of the records that were aborted, and of those that abort them."""
        return self._named("aborts") | {index for index, record in enumerate(self.records) if record.aborts}

    def _named(self, key: str) -> set[int]:
        """Return the indexes of the records whose number is in the field `key`, e.g. `skips`, of a later record."""
        indexes: set[int] = set()
        last_indexes: dict[int, int] = {}  # the index of the last record with each number
        for index, record in enumerate(self.records):
            if (number := getattr(record, key)) in last_indexes:
                indexes.add(last_indexes[number])
            if not (record.aborts or record.skips or record.confirms):
                last_indexes[record.number] = index
        return indexes


def _reaches_file(record: Record) -> bool:
    """Return True if a record is a change written to the list file. Other records only note the state of the file."""
    return record.left is not None and record.changes


def _large_bytes(lines: Iterable[bytes]) -> int:
    """Return the total size in bytes of the files of large changes to which these lines refer."""
    return sum(record.large.size for record in map(decode, lines) if record is not None and record.large)


def _newest(lines: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the newest lines within KEPT_BYTES and KEPT_LARGE_BYTES, with earlier changes that they undo or redo.

    The newest change is always included, whatever its size.
    """
    start, size, large = len(lines), 0, 0
    has_newest = False  # True if the newest change is among the lines
    for line in reversed(lines):
        record = decode(line)
        size, large = size + len(line), large + (record.large.size if record and record.large else 0)
        if has_newest and (size > KEPT_BYTES or large > KEPT_LARGE_BYTES):
            break
        has_newest = has_newest or (record is not None and record.changes)
        start -= 1
    named = {record.undoes or record.redoes for record in map(decode, lines[start:]) if record is not None}
    earlier = [line for line in lines[:start] if (record := decode(line)) is not None and record.number in named]
    return (*earlier, *lines[start:])
