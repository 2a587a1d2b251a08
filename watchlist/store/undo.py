"""Undo and redo: each is a transaction that applies the inverse of a recorded change, or the change itself.

This module is part of the write path: it is imported only when a list is changed.
"""

from __future__ import annotations

import contextlib
from datetime import datetime

from watchlist.domain.frozen import replace
from watchlist.errors import NotFound, Refused, halfway
from watchlist.sanitize import safe
from watchlist.store import apply_changes, bulk_edit
from watchlist.store.apply_changes import Impossible, readable, replay_whole
from watchlist.store.change_result import Change, Progress
from watchlist.store.file_guard import FileGuard
from watchlist.store.history.backups import Backups
from watchlist.store.history.journal import Journal, Record
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.snapshot import Snapshot
from watchlist.store.transaction import Transaction
from watchlist.store.verify import Drafted, MakeDraft

MAX_SKIPPED = 10  # maximum number of changes that one undo skips: the file may be an old copy for a moment
MAX_NAMED = 3  # maximum number of skipped changes that are named in a message


def undo_or_redo(guard: FileGuard, count: int, progress: Progress, *, undo: bool) -> tuple[Change, ...]:
    """Undo `count` changes or, if `undo` is False, redo them. See `Library.undo` for the result and the errors."""
    list_file, verb = guard.list_file, "undo" if undo else "redo"
    changes: list[Change] = []
    skipped: list[str] = []
    refusals = 0
    with halfway(changes, skipped), guard.locked(), guard.advising():
        while len(changes) < count and len(skipped) < MAX_SKIPPED:
            try:
                list_file.refresh()
                list_file.check_for_loss(guard.journal())
            except SuspectedLossError:
                if not guard.settle():
                    raise
            journal = guard.journal()
            done, undone, _ = journal.stacks(list_file.digest, on_disk=list_file.digest)
            unwritten = journal.missing(list_file.digest) if undo else None
            if unwritten is None and not (stack := done if undo else undone):
                break
            record = unwritten or stack[-1]
            try:
                changes.append(replay_record(guard, journal, record, progress, undo=undo))
            except Impossible as error:
                now = datetime.now().replace(microsecond=0)
                number, digest = journal.next_number, list_file.digest
                journal.append(Record(number, now, error.message, origin=digest, skips=record.number))
                skipped.append(f"can't {verb} change {record.number} ({safe(record.label)}): {safe(error.message)}")
                refusals += unwritten is None
    if not changes and not refusals:  # nothing was tried, except maybe a change that a crash kept from the file
        raise NotFound("; ".join([f"there is nothing to {verb}", *skipped]))
    if not changes:
        further = f"; and {len(skipped) - MAX_NAMED} more" if len(skipped) > MAX_NAMED else ""
        hint = f"`watchlist history` lists all changes; `watchlist {verb}` goes on with older ones"
        raise Refused("; ".join(skipped[:MAX_NAMED]) + further, hint)
    changes[-1] = replace(changes[-1], notices=(*changes[-1].notices, *skipped))
    return tuple(changes)


def replay_record(guard: FileGuard, journal: Journal, record: Record, progress: Progress, *, undo: bool) -> Change:
    """Undo the change of one record or, if `undo` is False, redo it. The caller must hold the lock.

    During a large change, `progress` is called with (number of processed edits, number of all edits).

    Raises:
        Impossible: The change can't be undone or redone on the current list.
    """
    try:
        record = journal.loaded(record)
    except Refused as error:
        raise Impossible(error.message) from error
    draft = _draft(record, guard.list_file.history.backups, progress, undo=undo)
    undoes, redoes = (record.number, 0) if undo else (0, record.number)
    damaged = record.whole is not None  # undo and redo of a change that fixed a damaged text
    return Transaction(guard, draft, undoes=undoes, redoes=redoes, damaged=damaged).commit()


def _draft(record: Record, backups: Backups, progress: Progress, *, undo: bool) -> MakeDraft:
    """Return a function that undoes or, if `undo` is False, redoes a recorded change in the text of a snapshot.

    The function returns (draft, label), and raises Impossible if the change can't be undone or redone. During a
    large change, it calls `progress` with (number of processed edits, number of all edits).
    """
    label = f"{'Undone' if undo else 'Redone'}: {record.label}"

    def draft(snapshot: Snapshot) -> Drafted:
        if record.whole is not None:
            wanted, now = record.whole if undo else record.whole[::-1]
            return replay_whole(snapshot, now, wanted, backups), label
        if len(record.edits) >= bulk_edit.MIN_SHOWS:
            with contextlib.suppress(bulk_edit.NeedsGeneralEdit):
                return bulk_edit.replay_each(snapshot, record.edits, progress, undo=undo), label
        return readable(
            apply_changes.replay(snapshot, [edit.inverse if undo else edit for edit in record.edits])
        ), label

    return draft
