"""Library: the entry point for reading and changing a list.

Reading never writes. A change is a function that runs on the current list, under a lock.
"""

from __future__ import annotations

import contextlib
import os
import time
from datetime import datetime
from typing import TYPE_CHECKING

from watchlist.domain.frozen import replace
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.errors import NotFound, Refused, StoreError, WatchlistError, halfway
from watchlist.sanitize import safe
from watchlist.store import file_guard
from watchlist.store.change import Change as Change
from watchlist.store.change import Entry as Entry
from watchlist.store.change import Progress as Progress
from watchlist.store.change import no_progress as no_progress
from watchlist.store.disk import crash_recovery, file_io
from watchlist.store.file_guard import FileGuard
from watchlist.store.history.loss_detection import FileFingerprint, SuspectedLossError
from watchlist.store.list_file import Damaged
from watchlist.store.snapshot import parse_snapshot
from watchlist.store.toml.parser import format_damage

if TYPE_CHECKING:  # imported lazily: commands that only read must not wait for the write path
    from watchlist.domain.edits import Edit
    from watchlist.store.history.journal import Journal, Record
    from watchlist.store.verify import MakeDraft

RETRY_SECONDS = file_guard.SETTLE_SECONDS  # how long a change is retried while another program writes the file
MAX_SKIPPED = 10  # maximum number of changes that one undo skips: the file may be an old copy for a moment
MAX_NAMED = 3  # maximum number of skipped changes that are named in a message
NO_TEXT = "the file was not valid text: undo can't restore it, `watchlist backups` lists its backup"


class Library(FileGuard):
    """A list that can be changed and stored in its file. All methods may be called from any thread."""

    def apply(self, edit: Edit, *, style: DisplayStyle = STARS, progress: Progress = no_progress) -> Change:
        """Apply an edit to the current list, and return when the result is on disk.

        If an edit of several shows would overwrite an invalid value, that show is not changed and is named in `skipped`
        of the result. After any error, the file is unchanged.

        Args:
            edit: The edit.
            style: The rating scale in the label of the change.
            progress: Called during changes of many shows. If it raises an exception, the change ends before anything is
                written.

        Raises:
            Refused: The change would have to alter other text of the user.
            StoreError: The file is invalid or locked, or can't be written.
            WatchlistError: Any error raised by the edit.
        """
        from watchlist.store import drafts  # the write path: commands that only read must not wait for it

        return self._change(drafts.of_edit(edit, style, progress))

    def replace_block(self, id: str, text: str, *, was: str | None = None, style: DisplayStyle = STARS) -> Change:
        """Replace the block of one show by an edited text.

        Args:
            id: The id of the show.
            text: The new block.
            was: The block before the user edited it; None for the current block.
            style: The rating scale in the label of the change.

        Raises:
            UsageError: The text is not valid. The message names the line.
            Refused: The block in the file differs from `was`.
        """
        from watchlist.store import drafts  # the write path

        return self._change(drafts.of_block(id, text, was, self.block, style))

    def replace_text(
        self, text: str, *, was: str | None = None, style: DisplayStyle = STARS, label: str = "", sure: bool = True
    ) -> Change:
        """Replace the whole text by an edited text.

        Args:
            text: The new text.
            was: The text before the user edited it; None for the current text.
            style: The rating scale in the label of the change.
            label: The label of the change; empty for a description of what changed.
            sure: True if the user has confirmed that shows may be removed.

        Raises:
            Loss: Many shows would be removed, and `sure` is False.
            UsageError: The text is not valid. The message names the line.
            Refused: The text in the file differs from `was`.
        """
        from watchlist.store import drafts  # the write path

        old = self.text() if was is None else was
        return self._change(drafts.of_text(text, old, style, label, sure=sure), damaged=True)

    def undo(self, count: int = 1, *, progress: Progress = no_progress) -> tuple[Change, ...]:
        """Undo the last `count` changes. Return the changes that this makes, in order.

        Later changes by other programs are preserved. A change that can't be undone at all is skipped: `history` shows
        the reason, and the previous change is undone instead. `progress` is called with (done, total) for large
        changes.

        Raises:
            NotFound: There is no change to undo.
            Refused: None of the changes can be undone.
            WatchlistError: Any other failure. `changes` of the error are the completed steps; `skipped` has messages
                about skipped changes.
        """
        return self._repeat(count, progress, undo=True)

    def redo(self, count: int = 1, *, progress: Progress = no_progress) -> tuple[Change, ...]:
        """Redo the last `count` changes that were undone or held. Return the changes that this makes, in order.

        A held change was requested while the file seemed to have lost shows, and was not made. A change that can't be
        redone at all is skipped. Raises NotFound if there is no change to redo, and Refused if none can be redone.
        """
        return self._repeat(count, progress, undo=False)

    def _repeat(self, count: int, progress: Progress, *, undo: bool) -> tuple[Change, ...]:
        """Undo `count` changes or, if `undo` is False, redo them. Return the changes that this makes, in order."""
        from watchlist.store.apply_changes import Impossible  # the write path
        from watchlist.store.history.journal import Record

        verb = "undo" if undo else "redo"
        changes: list[Change] = []
        skipped: list[str] = []
        refusals = 0
        with halfway(changes, skipped), self._locked(), self._advising():
            while len(changes) < count and len(skipped) < MAX_SKIPPED:
                try:
                    self._refresh()
                    self._check_for_loss(self._journal())
                except SuspectedLossError:
                    if not self.settle():
                        raise
                journal = self._journal()
                done, undone, _ = journal.stacks(self._digest, on_disk=self._digest)
                unwritten = journal.missing(self._digest) if undo else None
                if unwritten is None and not (stack := done if undo else undone):
                    break
                record = unwritten or stack[-1]
                try:
                    changes.append(self._replay(journal, record, progress, undo=undo))
                except Impossible as error:
                    now = datetime.now().replace(microsecond=0)
                    number, digest = journal.next_number, self._digest
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

    def _replay(self, journal: Journal, record: Record, progress: Progress, *, undo: bool) -> Change:
        """Undo the change in a record of the journal or, if `undo` is False, redo it. Return the change that this makes.

        Raises:
            Impossible: The change can't be undone or redone on the current list.
        """
        from watchlist.store import drafts  # the write path
        from watchlist.store.apply_changes import Impossible

        try:
            record = journal.loaded(record)
        except Refused as error:
            raise Impossible(error.message) from error
        draft = drafts.of_record(record, self._history.backups, progress, undo=undo)
        damaged = record.whole is not None  # undo and redo of a change that fixed a damaged text
        if undo:
            return self._store(draft, undoes=record.number, damaged=damaged)
        return self._store(draft, redoes=record.number, damaged=damaged)

    def history(self) -> tuple[Entry, ...]:
        """Return the changes in the journal, newest first. Each says whether it was undone, held or skipped."""
        self.read_on()
        done, undone, skipped = self._history.journal().stacks(on_disk=self._digest)
        rows = [
            *(Entry(r.number, r.label, r.time, False) for r in done),
            *(Entry(r.number, r.label, r.time, not r.held, r.held) for r in undone),
            *(Entry(r.number, r.label, r.time, False, False, why) for r, why in skipped),
        ]
        return tuple(sorted(rows, key=lambda entry: entry.number, reverse=True))

    def restore(self, name: str) -> Change:
        """Replace the content of the file, even if it is invalid, by the backup with the number or name `name`.

        The user can undo this like any change. If the file was missing, undo restores the last known list, unless the
        backup has the same content.

        Raises:
            NotFound: No backup has this number or name.
            StoreError: The backup is damaged or not text.
        """
        from watchlist.store import drafts  # the write path

        backup = self.backup(name)
        text = backup.text()
        with self._locked(apart=True), self._advising():
            last = self._last_known()
            self._accept_disk()
            current = self._snapshot
            self._note(NO_TEXT if current.data is not None and current.document.data != current.data else "")
            return self._store(drafts.of_backup(backup, text, last), damaged=True, whatever=True)

    # The steps of a change

    def _change(self, draft: MakeDraft, *, damaged: bool = False) -> Change:
        """Make a change under the lock, and return it.

        Args:
            draft: Returns the new text for the current snapshot, and the label of the change.
            damaged: If True, the change may start from an invalid list.

        Raises:
            SuspectedLossError: The file seems to have lost shows. The change is recorded, so that redo can make it.
        """
        with self._locked():
            try:
                return self._store(draft, damaged=damaged)
            except SuspectedLossError as error:
                steps = self.next_steps()
                error.hint = f"{steps}; `watchlist redo` then does this" if self._hold(draft) else steps
                raise

    def _hold(self, draft: MakeDraft) -> bool:
        """Record a change without making it, because the file seems to have lost shows. Return True if redo can make it.

        The change is drafted on the last good list. A request equal to the last record is not recorded again. `draft`
        returns the new text for a snapshot, and the label of the change.
        """
        from watchlist.store.apply_changes import whole_texts  # the write path
        from watchlist.store.history.journal import Record
        from watchlist.store.verify import drafted_on_text

        with contextlib.suppress(WatchlistError):
            journal = self._journal()
            good = self._last_good(journal)
            if good is None and self._snapshot.list.damage is None:
                good = self._snapshot
            if good is None:
                return False
            if (drafted := drafted_on_text(good, draft, lambda: parse_snapshot(good.data))[1]) is not None:
                if good.data:  # this list may exist nowhere else
                    with contextlib.suppress(StoreError):
                        self._keep(good.data)
                result, label = drafted
                now, whole = datetime.now().replace(microsecond=0), whole_texts(good, result)
                record = Record(journal.next_number, now, label, result.edits, whole, held=True)
                if not journal.holds(record):
                    journal.append(record)
                return True
        return False

    def _store(
        self,
        draft: MakeDraft,
        *,
        undoes: int = 0,
        redoes: int = 0,
        damaged: bool = False,
        whatever: bool = False,
    ) -> Change:
        """Make a change: draft the new text, append a record to the journal, then write the file. Return the change.

        The caller must hold the lock. If another program writes the file meanwhile, everything is repeated with the new
        content, for at most RETRY_SECONDS.

        Args:
            draft: Returns the new text for the current snapshot, and the label of the change.
            undoes: The number of the change that is undone, or 0.
            redoes: The number of the change that is redone, or 0.
            damaged: If True, the change may start from an invalid list, e.g. to fix it.
            whatever: If True, the change may replace content that is not text or seems to have lost shows.
        """
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            try:
                return self._store_once(draft, undoes, redoes, damaged=damaged, whatever=whatever)
            except SuspectedLossError:
                if time.monotonic() > deadline or not self.settle():
                    raise
            except file_io.ConcurrentChangeError as error:
                if time.monotonic() > deadline:
                    message = f"{self.file} is being written by another program"
                    raise StoreError(message, "try again when it is done") from error
            time.sleep(file_guard.POLL_SECONDS * os.urandom(1)[0] / 255)  # random, to get out of step with that program

    def _store_once(
        self,
        draft: MakeDraft,
        undoes: int,
        redoes: int,
        *,
        damaged: bool,
        whatever: bool,
    ) -> Change:
        """Try once to draft, record and write a change. Return the change.

        `undoes` and `redoes` are the number of the change that is undone or redone, or 0. If `damaged`, the change may
        start from an invalid list; if `whatever`, it may replace any content. Raises ConcurrentChangeError if another
        program has written the file since it was read.
        """
        from watchlist.domain.edits import deltas  # the write path
        from watchlist.domain.renames import renames
        from watchlist.store.apply_changes import whole_texts
        from watchlist.store.disk.atomic_replace import swap
        from watchlist.store.history.journal import Record
        from watchlist.store.verify import drafted_on_text, is_from_index

        before = self._refresh()
        journal = self._journal()
        if not whatever:
            self._check_is_text(before)
            self._check_for_loss(journal)
        if before.list.damage is not None and is_from_index(before):  # the damage may come from the index
            before = self._read_without_index()
        if before.list.damage is not None and not damaged:
            raise Damaged(f"{self.file}, {format_damage(before.list.damage)}")
        if before.data is None:
            self._make_folder()
        before, drafted = drafted_on_text(before, draft, self._read_without_index)
        now = datetime.now().replace(microsecond=0)
        if drafted is None:
            return Change(0, "Nothing changed", now, notices=self._take_notices())
        result, label = drafted
        after = result.snapshot
        data = after.document.data
        renamed = result.renamed if result.edits else renames(before.list, after.list)
        changes = deltas(before.list, after.list, renamed) if result.deltas is None else result.deltas
        whole = whole_texts(before, result)
        bulk = damaged or len(changes) > 1 or whole is not None
        self._back_up(before, journal, now, bulk=bulk)
        origin = self._digest
        fingerprint = FileFingerprint(after.document.digest, len(data), len(after.list.shows))
        record = Record(journal.next_number, now, label, result.edits, whole, undoes, redoes, 0, origin, fingerprint)
        journal = journal.append(record)
        path = file_io.resolve(self.file)
        guard = crash_recovery.guarded(self._paths.image(self.file), before.data or b"", data)
        try:
            self._note(swap(path, before.data, data, guard, keep=self._keep_found, force_readonly=self.force_readonly))
        except file_io.PartialWriteError:  # the write-ahead image contains the new content
            raise
        except StoreError:
            journal.append(Record(journal.next_number, now, label, aborts=record.number))
            raise
        journal.confirm(record)
        self._uncached += len(changes) if result.deltas is not None else sum(delta.before is None for delta in changes)
        self._set_snapshot(replace(after, data=data))
        if before.data is None:
            self._claim_new()
        crash_recovery.sweep(path, journal.names, self._keep_found)
        return Change(record.number, label, now, changes, result.skipped, self._take_notices(), record.changes)
