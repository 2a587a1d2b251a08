"""FileGuard: protects the list by a lock, by backups, and by not accepting a file that seems to have lost shows.

A file that seems to have lost shows is called in doubt. A valid file that is not in doubt is called good.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watchlist.errors import Refused, StoreError
from watchlist.store.digest import digest
from watchlist.store.disk import crash_recovery, file_io, file_lock, folders, set_aside
from watchlist.store.disk.known_names import claim
from watchlist.store.history.loss_detection import FileFingerprint, SuspectedLossError
from watchlist.store.list_file import ListFile
from watchlist.store.snapshot import Snapshot, first_text, parse_snapshot

if TYPE_CHECKING:
    from watchlist.store.history.backups import Backup
    from watchlist.store.history.journal import Journal
    from watchlist.store.missing_file import LastState

FOREIGN_WRITE = "another program wrote the file while a change was written; what it wrote is kept as backup {}"
SETTLE_SECONDS = 2.0  # maximum wait until another program has finished writing
POLL_SECONDS = 0.03  # pause between two reads of a file that is being written
READER_LOCK_SECONDS = 1.0  # maximum wait for the lock if no change is made
RECENT_SECONDS = 10.0  # an invalid file that was written this recently may be incomplete


class FileGuard:
    """Protects a list file: it is changed only under a lock, with backups of everything that could be lost.

    The methods up to `locked` may be called from any thread. The caller of the others must hold the lock.
    """

    def __init__(self, list_file: ListFile) -> None:
        self.list_file = list_file
        self.needs_backup = True  # True if a failed backup stops the change
        self._file, self._paths, self._history = list_file.file, list_file.paths, list_file.history
        self._has_lock = False  # True if the thread that holds `list_file.mutex` is inside `locked`
        self._notices: dict[str, bool] = {}  # message for the user -> True if it was reported
        self._abandoned_signature: object = ()  # signature of a file that was not good for SETTLE_SECONDS

    def create(self, *, empty: bool = False, schema: bool = False) -> None:
        """Create the missing file with the example list or, with `empty`, with an empty list.

        If the file is missing although a list is known, that list is backed up first. With `schema`, the first line is
        the comment that names the schema.

        Raises:
            Refused: The file exists.
            StoreError: The file can't be written, or its folder is missing and must not be created.
        """
        from watchlist.store.disk.atomic_replace import swap  # the write path: reading needs neither
        from watchlist.store.history.journal import Record

        with self.locked(apart=True):
            path = file_io.resolve(self._file)
            if file_io.read(path) is not None:
                raise Refused(f"{self._file} exists already")
            is_replacement = bool(self.list_file.doubt)
            self.accept_disk()
            self.make_folder(new=not is_replacement)
            data = first_text(empty=empty, schema=schema)
            swap(path, None, data, keep=self.keep_found)
            self.list_file.set_snapshot(parse_snapshot(data))
            with contextlib.suppress(StoreError):  # the list is written; its first record is not essential
                journal = self.journal()
                now = datetime.now().replace(microsecond=0)
                journal.append(Record(journal.next_number, now, "Began the list", left=self.list_file.fingerprint))
            self.claim_new()

    def next_steps(self) -> str:
        """Return a sentence on what the user can do if the file is missing, is invalid or seems to have lost shows.

        The last known list is backed up, so that the user can restore it.
        """
        from watchlist.store.missing_file import next_steps  # needed only for a file in doubt

        return next_steps(self._file, self._paths, self.last_state(), doubt=bool(self.list_file.doubt))

    @contextlib.contextmanager
    def advising(self) -> Iterator[None]:
        """In the `with` block, set the `hint` of a SuspectedLossError to the result of `next_steps`, unless it has one."""
        try:
            yield
        except SuspectedLossError as error:
            error.hint = error.hint or self.next_steps()
            raise

    def last_state(self) -> LastState | None:
        """Return the backup that restores the list after a loss; None if no backup is needed, or if there is none.

        This is the backup of the last known list, which is created if needed, or else the newest backup of a valid list.
        """
        from watchlist.store.missing_file import newest_good  # needed only for a file in doubt

        with self.list_file.mutex:
            with contextlib.suppress(StoreError):  # another process holds the lock, or the state folder is not writable
                if (state := self._last_state(self._history.journal())) is not None:
                    return state
            with contextlib.suppress(StoreError):
                data = file_io.read(file_io.resolve(self._file)) or b""
                is_good = self.list_file.snapshot.list.damage is None and self._history.journal().knows(digest(data))
                return None if is_good else newest_good(self._history.backups)
        return None

    def _last_state(self, journal: Journal) -> LastState | None:
        """Return the backup of the last known list, which is created if needed.

        A list that only this process has seen is recorded in the journal, so that other processes can restore it too.
        The result is None if the file contains the list, or if none is known. Raises StoreError if the backup fails.
        """
        from watchlist.store.history.journal import Record  # needed only for a file in doubt
        from watchlist.store.missing_file import LastState

        data = file_io.read(file_io.resolve(self._file))
        unsaved = self.list_file.unsaved(data)
        is_newer = unsaved is not None and self.list_file.is_newest(journal)
        last = unsaved if is_newer else self._history.as_left(journal)
        fingerprint = _fingerprint_of(last) if is_newer and last is not None else journal.left
        texts = [state.data for state in (unsaved, last) if state is not None and state.data and state.data != data]
        if fingerprint != journal.left or not all(map(self._backup_of, texts)):
            with self.locked(seconds=READER_LOCK_SECONDS):
                for text in texts:
                    self.keep(text)
                if fingerprint != journal.left:
                    journal, now = self.journal(), datetime.now().replace(microsecond=0)
                    journal.append(Record(journal.next_number, now, "Seen before a loss", left=fingerprint))
                    self.list_file.note_journal()
        if last is None or not last.data or last.data == data or last.list.damage is not None:
            return None
        backup = self._backup_of(last.data)
        return LastState(backup, len(last.list.shows), exact=True) if backup is not None else None

    def last_known(self) -> Snapshot | None:
        """Return the last known list if a backup has it, and the file is missing or seems to have lost shows; else None."""
        state = self.last_state() if self.list_file.snapshot.data is None or self.list_file.doubt else None
        return parse_snapshot(state.backup.read()) if state is not None and state.exact else None

    def _backup_of(self, data: bytes) -> Backup | None:
        """Return a backup whose content is `data`; None if there is none."""
        return next((backup for backup in self._history.backups.of(digest(data)) if backup.holds(data)), None)

    def accept(self) -> bool:
        """Accept the content of the file as the list, even if shows are missing. Return True if shows seemed to be missing.

        The list before the loss is backed up if it is known.
        """
        from watchlist.store.history.journal import Record  # the write path: reading does not need it

        list_file = self.list_file
        with self.locked(apart=True):
            journal = self.journal()
            with contextlib.suppress(SuspectedLossError):
                list_file.refresh()
                list_file.check_for_loss(journal)
            was_doubtful = bool(list_file.doubt)
            if was_doubtful and not journal.knows(list_file.digest):
                last = self._history.as_left(journal)
                if last is not None and last.data is not None:
                    self.keep(last.data)
            self.accept_disk()
            if list_file.exists and not journal.knows(list_file.digest):
                self.keep(list_file.snapshot.data or b"")  # later states can be rebuilt from this backup
            if was_doubtful or (list_file.exists and not journal.knows(list_file.digest)):
                now = datetime.now().replace(microsecond=0)
                journal.append(Record(journal.next_number, now, "Took the file as it was", left=list_file.fingerprint))
            return was_doubtful

    def settle(self) -> bool:
        """Wait until another program has finished writing the file, at most SETTLE_SECONDS.

        Returns:
            True if the file is then valid and does not seem to have lost shows. Otherwise, the last known list is used
            in this process, and changes are recorded as held, so that redo can make them later.
        """
        deadline, last_signature, is_settled = time.monotonic() + SETTLE_SECONDS, None, False
        with self.list_file.mutex:
            while not is_settled:
                signature = file_io.signature(file_io.resolve(self._file))
                is_late = time.monotonic() > deadline or signature == self._abandoned_signature
                if is_late or signature is None or signature != last_signature:
                    is_settled, may_change = self._is_settled()
                    is_late = is_late or not may_change
                last_signature = signature
                if is_late and not is_settled:
                    self._abandoned_signature = signature
                    with contextlib.suppress(StoreError):
                        self.list_file.stand_in(self._history.journal())
                    return False
                if not is_settled:
                    time.sleep(POLL_SECONDS)
            self._abandoned_signature = ()
            return True

    def _is_settled(self) -> tuple[bool, bool]:
        """Return (True if the list is valid and seems complete, True if it may become so while the caller waits)."""
        try:
            snapshot = self.list_file.refresh()
            self.list_file.check_for_loss(self._history.journal())
        except SuspectedLossError:
            return False, True
        return snapshot.list.damage is None, _is_recent(file_io.signature(file_io.resolve(self._file)))

    @contextlib.contextmanager
    def locked(self, *, apart: bool = False, seconds: float | None = None) -> Iterator[None]:
        """Hold the lock of the list in a `with` block, after completing a write that a crash interrupted. Reentrant.

        Args:
            apart: If True, a missing file gets its own journal, even if its path led to another list before. If False,
                it uses the journal of that list.
            seconds: How long to wait for another process; None for LOCK_SECONDS.

        Raises:
            StoreError: Another process holds the lock, the list is a pipe, or the state folder is another user's.
        """
        self.list_file.refuse_pipe()
        folders.check_own(self._paths.state)
        with self.list_file.mutex, contextlib.ExitStack() as stack:
            if self._has_lock:
                yield
                return
            while True:
                self._claim(apart=apart)
                lock = self._paths.lock(self._file)
                with contextlib.ExitStack() as lock_attempt:
                    warning = lock_attempt.enter_context(file_lock.locked(lock, seconds))
                    if self._paths.lock(self._file) == lock:  # else another process changed the table of names
                        stack.push(lock_attempt.pop_all())
                        break
            path = file_io.resolve(self._file)
            self.note(warning)
            self._has_lock = True
            stack.callback(setattr, self, "_has_lock", False)
            self.note(
                crash_recovery.settle(path, self._paths.image(self._file), self._keep_lost, self._history.is_left)
            )
            yield

    def accept_disk(self) -> None:
        """Use the content of the file as the list of this process. The previous list is backed up."""
        self.list_file.read_on()
        data = file_io.read(file_io.resolve(self._file))
        if data != self.list_file.snapshot.data:
            if self.list_file.snapshot.data:
                self.keep(self.list_file.snapshot.data)
            self.list_file.set_snapshot(self.list_file.parsed(data))
        self.list_file.clear_doubt()

    def journal(self) -> Journal:
        """Return the journal of the list. If its file is not a journal, rename the file and return an empty journal."""
        path = self._history.journal_path
        if set_aside.is_regular(path):
            journal = self._history.journal()
            if not journal.lines or journal.has_records:
                return journal
        self._set_aside(path, "the journal of undo can't be read")
        return self._history.journal()

    def note(self, notice: str) -> None:
        """Add a message to report with the next change, unless it was reported before."""
        if notice:
            self._notices.setdefault(notice, False)

    def take_notices(self) -> tuple[str, ...]:
        """Return the messages that have not been reported yet, and mark them as reported."""
        notices = tuple(notice for notice, is_reported in self._notices.items() if not is_reported)
        self._notices.update(dict.fromkeys(notices, True))
        return notices

    def _set_aside(self, path: Path, what: str) -> None:
        """Rename `path`, an unusable file of the program, and notify the user. `what` is the beginning of the message."""
        if (moved := set_aside.set_aside(path)) is not None:
            self.note(f"{what}, so it was renamed to {moved}")

    def _claim(self, *, apart: bool = False) -> None:
        """Add the paths of the file to the table of file names, so that all of its paths lead to one journal.

        Nothing is added for a missing file, with one exception: if its paths lead to the journal of another list, and
        `apart` is True, they are added with a journal of their own.
        """
        path = file_io.resolve(self._file)
        exists = os.path.lexists(path)
        if exists or (apart and self._paths.first_name(self._file) != str(path)):
            claim(self._file, self._paths, apart=not exists)

    def claim_new(self) -> None:
        """Note in the table of file names that the list exists: if missing later, it is lost. Errors are ignored."""
        with contextlib.suppress(StoreError):  # after the second change, the journal also proves that the list existed
            self._claim()

    def make_folder(self, *, new: bool = False) -> None:
        """Create the folder for a list that is written for the first time.

        With `new`, the user has asked for a new list, and any missing folder may be created; otherwise only that of the
        default list. Raises StoreError if the folder is missing and can't or must not be created.
        """
        from watchlist.store.missing_file import folder_problem  # needed only for a new list

        if (problem := folder_problem(self._file, self._paths, new=new)) is not None:
            raise problem
        folders.make_private_folder(file_io.resolve(self._file).parent)

    def keep(self, data: bytes) -> Backup:
        """Return a backup with the content `data`, an existing one if possible. Raise StoreError if it can't be written."""
        return self._history.backups.keep(data, datetime.now().replace(microsecond=0))

    def _keep_lost(self, data: bytes) -> Backup:
        """Return a backup with the content `data`, which exists nowhere else. Such backups are kept longer."""
        return self._history.backups.keep(data, datetime.now().replace(microsecond=0), found=True)

    def keep_found(self, data: bytes) -> None:
        """Back up bytes that another program wrote, and notify the user."""
        self.note(FOREIGN_WRITE.format(self._keep_lost(data).name))

    def back_up(self, before: Snapshot, journal: Journal, now: datetime, *, bulk: bool) -> None:
        """Back up the file before a change, if a backup is due.

        A backup is due if another program wrote the file, or if the last backup is older than ten minutes.

        Args:
            before: The snapshot before the change.
            journal: The journal of the list.
            now: The local time.
            bulk: True for a large change, which is always preceded by a backup.

        Raises:
            StoreError: The backup failed, and `self.needs_backup` is True. Otherwise, the user is notified instead.
        """
        if before.data is None:
            return
        try:
            if bulk or not journal.knows(self.list_file.digest) or self._history.backups.due(now):
                self._history.backups.keep(before.data, now, self.list_file.digest)
        except StoreError as error:
            if self.needs_backup:
                raise StoreError(error.message, error.hint or "--no-backup goes on without a backup") from error
            self.note(f"no backup was made: {error.message}")


def _fingerprint_of(snapshot: Snapshot) -> FileFingerprint:
    """Return the digest, size and number of shows of a file with the content of `snapshot`."""
    data = snapshot.data or b""
    return FileFingerprint(digest(data), len(data), len(snapshot.list.shows))


def _is_recent(signature: tuple[int, int, int] | None) -> bool:
    """Return True if a file was written in the last RECENT_SECONDS. `signature` is (time in ns, size, inode), or None."""
    return signature is not None and abs(time.time() - signature[0] / 1e9) < RECENT_SECONDS
