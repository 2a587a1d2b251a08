"""Transaction: one change of the list, made under its lock.

This module is part of the write path: it is imported only when a list is changed.
"""

from __future__ import annotations

import contextlib
import os
import time
from datetime import datetime

from watchlist.domain.edits import deltas
from watchlist.domain.frozen import Frozen, replace
from watchlist.domain.renames import renames
from watchlist.errors import StoreError, WatchlistError
from watchlist.store.apply_changes import whole_texts
from watchlist.store.change_result import Change
from watchlist.store.disk import atomic_replace, crash_recovery, file_io
from watchlist.store.file_guard import POLL_SECONDS, FileGuard
from watchlist.store.history.journal import Journal, Record
from watchlist.store.history.loss_detection import FileFingerprint, SuspectedLossError
from watchlist.store.list_file import Damaged
from watchlist.store.snapshot import Snapshot, parse_snapshot
from watchlist.store.toml.parser import format_damage
from watchlist.store.verify import MakeDraft, drafted_on_text, is_from_index

RETRY_SECONDS = 2.0  # how long a change is retried while another program writes the file


class Transaction(Frozen):
    """One change of the list: drafted on the current content, recorded in the journal, then written to the file."""

    guard: FileGuard
    draft: MakeDraft  # returns the draft of the change, and its label
    undoes: int = 0  # the number of the change that is undone, or 0
    redoes: int = 0  # the number of the change that is redone, or 0
    damaged: bool = False  # True if the change may start from an invalid list, e.g. to fix it
    whatever: bool = False  # True if the change may replace content that is not text or seems to have lost shows

    def run(self) -> Change:
        """Make the change under the lock. If the file seems to have lost shows, record it for redo and raise an error.

        Raises:
            SuspectedLossError: The file seems to have lost shows.
        """
        with self.guard.locked():
            try:
                return self.commit()
            except SuspectedLossError as error:
                steps = self.guard.next_steps()
                error.hint = f"{steps}; `watchlist redo` then does this" if self._hold() else steps
                raise

    def commit(self) -> Change:
        """Make the change. The caller must hold the lock.

        If another program writes the file meanwhile, everything is repeated with the new content, for at most
        RETRY_SECONDS.
        """
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            try:
                return self._try_once()
            except SuspectedLossError:
                if time.monotonic() > deadline or not self.guard.settle():
                    raise
            except file_io.ConcurrentChangeError as error:
                if time.monotonic() > deadline:
                    message = f"{self.guard.list_file.file} is being written by another program"
                    raise StoreError(message, "try again when it is done") from error
            time.sleep(POLL_SECONDS * os.urandom(1)[0] / 255)  # random, to get out of step with that program

    def _try_once(self) -> Change:
        """Try to make the change once, and return it. If nothing changes, the result has the number 0.

        Raises:
            ConcurrentChangeError: Another program has written the file since it was read.
        """
        guard = self.guard
        before, journal = self._start()
        if before.data is None:
            guard.make_folder()
        before, drafted = drafted_on_text(before, self.draft, guard.list_file.read_without_index)
        now = datetime.now().replace(microsecond=0)
        if drafted is None:
            return Change(0, "Nothing changed", now, notices=guard.take_notices())
        result, label = drafted
        after = result.snapshot
        renamed = result.renamed if result.edits else renames(before.list, after.list)
        changes = deltas(before.list, after.list, renamed) if result.deltas is None else result.deltas
        whole = whole_texts(before, result)
        guard.back_up(before, journal, now, bulk=self.damaged or len(changes) > 1 or whole is not None)
        left = FileFingerprint(after.document.digest, len(after.document.data), len(after.list.shows))
        undoes, redoes, origin = self.undoes, self.redoes, guard.list_file.digest
        record = Record(journal.next_number, now, label, result.edits, whole, undoes, redoes, 0, origin, left)
        uncached = len(changes) if result.deltas is not None else sum(delta.before is None for delta in changes)
        self._write(before, after, journal.append(record), record, uncached)
        return Change(record.number, label, now, changes, result.skipped, guard.take_notices(), record.changes)

    def _start(self) -> tuple[Snapshot, Journal]:
        """Return the current snapshot and the journal.

        Raises:
            Damaged: The list is invalid, and this change may not start from an invalid list.
            StoreError: The file is not text, or can't be read.
            SuspectedLossError: The file seems to have lost shows.
        """
        list_file = self.guard.list_file
        before, journal = list_file.refresh(), self.guard.journal()
        if not self.whatever:
            list_file.check_is_text(before)
            list_file.check_for_loss(journal)
        if before.list.damage is not None and is_from_index(before):  # the damage may come from the index
            before = list_file.read_without_index()
        if before.list.damage is not None and not self.damaged:
            raise Damaged(f"{list_file.file}, {format_damage(before.list.damage)}")
        return before, journal

    def _write(self, before: Snapshot, after: Snapshot, journal: Journal, record: Record, uncached: int) -> None:
        """Write the file, and confirm the record of the change in the journal; if that fails, mark it as aborted.

        Args:
            before: The snapshot before the change.
            after: The snapshot after the change.
            journal: The journal, which ends with `record`.
            record: The record of the change.
            uncached: The number of changed shows whose columns, the cached values for queries, were not computed.
        """
        guard, list_file, data = self.guard, self.guard.list_file, after.document.data
        path = file_io.resolve(list_file.file)
        redo_image = crash_recovery.guarded(list_file.paths.image(list_file.file), before.data or b"", data)
        keep, force_readonly = guard.keep_found, list_file.force_readonly
        try:
            guard.note(
                atomic_replace.swap(path, before.data, data, redo_image, keep=keep, force_readonly=force_readonly)
            )
        except file_io.PartialWriteError:  # the write-ahead image contains the new content
            raise
        except StoreError:
            journal.append(Record(journal.next_number, record.time, record.label, aborts=record.number))
            raise
        journal.confirm(record)
        list_file.uncached += uncached
        list_file.set_snapshot(replace(after, data=data))
        if before.data is None:
            guard.claim_new()
        crash_recovery.sweep(path, journal.names, guard.keep_found)

    def _hold(self) -> bool:
        """Record the change without making it, because the file seems to have lost shows, so that redo can make it later.

        The change is drafted on the last good list. A request equal to the last record is not recorded again.

        Returns:
            True if redo can make the change later.
        """
        with contextlib.suppress(WatchlistError):
            journal = self.guard.journal()
            good, snapshot = self.guard.list_file.last_good(journal), self.guard.list_file.snapshot
            if good is None and snapshot.list.damage is None:
                good = snapshot
            if good is None:
                return False
            if (drafted := drafted_on_text(good, self.draft, lambda: parse_snapshot(good.data))[1]) is not None:
                if good.data:  # this list may exist nowhere else
                    with contextlib.suppress(StoreError):
                        self.guard.keep(good.data)
                result, label = drafted
                now, whole = datetime.now().replace(microsecond=0), whole_texts(good, result)
                record = Record(journal.next_number, now, label, result.edits, whole, held=True)
                if not journal.holds(record):
                    journal.append(record)
                return True
        return False
