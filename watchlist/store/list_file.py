"""ListFile: the list in one file. The file is read again only if another program may have written it.

A file is called in doubt if it is missing, was emptied or truncated, or lost many shows, and no change by this program
explains that. Its content is not used as the list until the user accepts it. `doubt` is the reason.
"""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from watchlist.checked_open import is_pipe, read_pipe
from watchlist.domain.frozen import replace
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import StoreError
from watchlist.paths import Paths
from watchlist.store.cache.show_index import CachedShows, ShowIndex, is_worth_indexing, remember
from watchlist.store.digest import digest
from watchlist.store.disk import crash_recovery, file_io
from watchlist.store.history.loss_detection import FileFingerprint, SuspectedLossError, suspicion
from watchlist.store.list_history import ListHistory
from watchlist.store.snapshot import Snapshot, SnapshotLoader, collector_paused, parse_snapshot
from watchlist.store.toml.document import Document
from watchlist.store.toml.parser import format_damage

if TYPE_CHECKING:
    from watchlist.store.history.backups import Backup
    from watchlist.store.history.journal import Journal

NEWEST_BACKUPS = 20  # default number of newest backups to keep
MAX_UNCACHED = 1000  # if so many shows have changed since the index was written, the next start writes the index
NO_LIMIT = 1e9  # seconds; longer than any parsing takes
SETTLED_SECONDS = 1.0  # for this long after a write, another write may leave time and size of the file unchanged
FIRST_READ_SECONDS = 0.02  # parsing time before the first shows are displayed
EMPTY = Snapshot(None, Document.of(b""), Watchlist(), {})


class Damaged(SuspectedLossError):
    """Raised if the text is not a valid list, e.g. because of a typing mistake of the user."""


class ListFile:
    """The list in one file, as last read or written by this process. Reading writes nothing, except to the cache.

    The methods up to `contents` may be called from any thread. The others are the steps of a change: their caller must
    hold `mutex`.
    """

    def __init__(self, file: Path, paths: Paths, newest_backups: int = NEWEST_BACKUPS) -> None:
        self.file = file
        self.pipe = False  # True if the list was read from a pipe, so that it is neither read again nor changed
        self.force_readonly = False  # True to write a file even if it is marked read-only
        self.doubt = ""  # why the file is in doubt, as a phrase that follows its name; empty if it is not
        self.paths = paths
        self.history = ListHistory(file, paths, newest_backups)
        self.mutex = threading.RLock()  # held while a thread of this process parses, reloads or changes the list
        self.uncached = 0  # number of shows added or changed since the columns were computed
        self._snapshot_doubt = ""  # why `_snapshot` itself is in doubt, in the same form as `doubt`
        self._loader: SnapshotLoader | None = None  # while the text is being parsed
        self._cached_shows: CachedShows | None = None  # from an index of another text, while this one is parsed
        self._snapshot = EMPTY
        self._signature: tuple[int, int, int] | None = None
        self._good_snapshot: Snapshot | None = None  # the last valid list, if `_snapshot` is damaged
        self._is_restored = False  # True if `_snapshot` comes from a backup, and this process never saw it on disk
        self._journal_signature: object = ()  # signature of the journal when `_snapshot` was last seen on disk

    @classmethod
    def open(cls, file: Path, paths: Paths, *, wait: bool = True, backups: int = NEWEST_BACKUPS) -> Self:
        """Open the list in a file. If the file never existed, the list is the example list.

        If the file once existed and is missing, the list is the last known one, or empty if none is known.

        Args:
            file: The file, as named by the user.
            paths: The paths of the program's own files.
            wait: If True, parse the whole text; if False, perhaps only a part, and the caller then calls `read_on`.
            backups: The number of newest backups to keep.

        Raises:
            StoreError: The file can't be read.
        """
        list_file = cls(file, paths, backups)
        if is_pipe(file):
            list_file.pipe = True
            list_file._snapshot = parse_snapshot(read_pipe(file, file_io.MAX_BYTES))
            return list_file
        path = file_io.resolve(file)
        list_file._signature = _stable_signature(file_io.signature(path))
        data = crash_recovery.read(path, paths.image(file), list_file.history.is_left)
        index = ShowIndex.open(paths.index(file)) if is_worth_indexing(data) else None
        snapshot = index.snapshot(data) if index is not None and data is not None else None
        if snapshot is not None:
            list_file._snapshot = snapshot
        else:
            list_file._snapshot = replace(EMPTY, data=data)
            cached_shows = list_file._cached_shows = index.cached_shows() if index is not None else None
            list_file._loader = SnapshotLoader(data, cached_shows if cached_shows is not None else {})
            list_file.read_on(FIRST_READ_SECONDS if not wait else NO_LIMIT)
        if data is None or (list_file._loader is None and not list_file._snapshot.list.shows):
            list_file.check()
        return list_file

    @property
    def reading(self) -> tuple[int, int] | None:
        """(Number of shows parsed so far, number of all shows); None when all are parsed."""
        loader = self._loader
        return (len(loader.read), loader.total) if loader is not None else None

    def read_on(self, seconds: float = NO_LIMIT) -> None:
        """Continue to parse the text for about `seconds`. Until all is parsed, `list` has the shows parsed so far.

        If another thread is parsing, e.g. for a change, this call returns at once, unless `seconds` is NO_LIMIT.
        """
        if self._loader is None or not self.mutex.acquire(blocking=seconds == NO_LIMIT):
            return
        try:
            with collector_paused():
                if self._loader is not None and self._loader.read_on(seconds):
                    self._snapshot = self._loader.snapshot()
                    if self._cached_shows is not None:
                        self._cached_shows.keep_columns(self._snapshot.list.shows)
                    self._loader = self._cached_shows = None
        finally:
            self.mutex.release()

    def remember(self) -> None:
        """Write the cache file of the list, which makes the next start faster. Errors are ignored.

        Do nothing during parsing, or if at least MAX_UNCACHED shows were changed: the user need not wait now, and the
        next start writes the file.
        """
        if self._loader is None and self.uncached < MAX_UNCACHED and not self.pipe:
            remember(self._snapshot, self.paths.index(self.file))

    @property
    def list(self) -> Watchlist:
        """The list as last read or written by this process. During parsing, it has the shows parsed so far."""
        loader = self._loader
        return loader.so_far() if loader is not None else self._snapshot.list

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of the file as last read or written by this process. Reading this property completes the parsing."""
        self.read_on()
        return self._snapshot

    @property
    def exists(self) -> bool:
        """False if the list is the example list, because there is no file; True for any other list."""
        return self._snapshot.data is not None

    @property
    def is_stand_in(self) -> bool:
        """True if `list` is the last known list, which is used because the file seems to have lost shows."""
        return bool(self.doubt) and not self._snapshot_doubt

    @property
    def read_only_reason(self) -> str:
        """Why the file can't be changed, as a phrase that follows its name, e.g. "is a pipe"; empty if it can be changed.

        Each access checks the file again.
        """
        if self.pipe:
            return "is a pipe"
        with contextlib.suppress(StoreError):
            return file_io.read_only_reason(file_io.resolve(self.file), force_readonly=self.force_readonly)
        return ""

    def text(self) -> str:
        """Return the whole text of the list. Raise StoreError if the file is not valid UTF-8."""
        self.read_on()
        self.check_is_text(self._snapshot)
        return self._snapshot.document.text

    def reload(self) -> bool:
        """Read the file again if another program may have written it. Return True if the list has changed.

        If the file seems to have lost shows, the list is unchanged, and `doubt` is set to the reason. Raises StoreError
        if the file can't be read.
        """
        if self.pipe:
            return False
        with self.mutex:
            path = file_io.resolve(self.file)
            journal_signature = file_io.signature(self.history.journal_path)  # first, as the writer does
            signature = file_io.signature(path)
            if (signature and signature == self._signature) or self._loader is not None:
                self._confirm_on_disk(journal_signature)
                return False
            data = crash_recovery.read(path, self.paths.image(self.file), self.history.is_left)
            self._signature = _stable_signature(signature)
            if data == self._snapshot.data:
                self.doubt = self._snapshot_doubt
                self._confirm_on_disk(journal_signature)
                return False
            snapshot = self.parsed(data)
            self.doubt = self._loss_reason(data, snapshot)
            if not self.doubt:
                self.set_snapshot(snapshot)
                self._signature = _stable_signature(signature)
                self._confirm_on_disk(journal_signature)
            return not self.doubt

    def _confirm_on_disk(self, journal_signature: object) -> None:
        """Note that the list, unless doubtful, is on disk. `journal_signature` is (time, size, inode) of the journal."""
        if not self.doubt and self._snapshot.list.damage is None:
            self._journal_signature, self._is_restored = journal_signature, False

    def check(self) -> None:
        """Compare the file with its state after the last change in the journal. Set `doubt` if it seems to have lost shows.

        If the file is missing or all its shows are lost, the last known list is used instead.
        """
        if self.pipe:
            return
        with self.mutex, contextlib.suppress(StoreError):  # the list is readable without the journal
            self.read_on()
            if self.is_stand_in:
                return  # the reason stays until the file changes
            journal = self.history.journal()
            try:
                self.check_for_loss(journal)
            except SuspectedLossError:
                if self._snapshot.data is None or not self._snapshot.list.shows:
                    self.stand_in(journal)

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups of the file, newest first. Raise StoreError if their folder can't be read."""
        return self.history.backups.all()

    def backup(self, name: str) -> Backup:
        """Return the backup with this number or name, e.g. `12` or `12-2026-11-30`.

        Raises:
            NotFound: No backup has this number or name.
        """
        return self.history.backups.named(name)

    def refuse_pipe(self) -> None:
        """Raise StoreError if the list was read from a pipe."""
        if self.pipe:
            hint = "write the list to a file, and name that with --file"
            raise StoreError(f"{self.file} is a pipe: the list in it can be read, not changed", hint)

    def contents(self, backup: Backup) -> Watchlist:
        """Return the list in a backup. If it is invalid, `damage` of the list says why.

        Raises:
            StoreError: The backup can't be read.
        """
        return self.parsed(backup.read()).list

    def refresh(self) -> Snapshot:
        """Read the file again, and return its snapshot. It is parsed only if it has changed.

        Raises:
            SuspectedLossError: The file seems to have lost shows.
            StoreError: The file can't be read.
        """
        self.read_on()
        path = file_io.resolve(self.file)
        data = crash_recovery.read(path, self.paths.image(self.file), self.history.is_left)
        if data != self._snapshot.data:
            snapshot = self.parsed(data)
            self.doubt = self._loss_reason(data, snapshot)
            if self.doubt:
                raise SuspectedLossError(f"{self.file} {self.doubt}")
            self.set_snapshot(snapshot)
        self.doubt = self._snapshot_doubt
        return self._snapshot

    def check_for_loss(self, journal: Journal) -> None:
        """Compare the list with the state of the file after the last change in the journal, and set `doubt`.

        Raises:
            SuspectedLossError: The file is missing, or many shows of that state are.
        """
        from watchlist.store.missing_file import GONE, was_there  # the history: see `last_good`

        left, left_before, data = journal.left, journal.left_before, self._snapshot.data
        if data is None:
            is_missing = was_there(self.file, self.paths, journal, self.history.backups)
            self._snapshot_doubt = GONE if is_missing else ""
        elif left is None or journal.knows(self.digest):
            self._snapshot_doubt = ""
        else:
            count = _count_shows(self._snapshot)
            shorter = len(data) < left.size and (count is None or count < left.shows or not data.endswith(b"\n"))
            rolled_back = left_before == self.digest  # a complete earlier state, so it is not truncated
            last = self.history.as_left(journal) if shorter and not rolled_back else None
            self._snapshot_doubt = suspicion(last.data if last is not None else None, left.shows, data, count)
        self.doubt = self._snapshot_doubt
        if self.doubt:
            raise SuspectedLossError(f"{self.file} {self.doubt}")

    def is_newest(self, journal: Journal) -> bool:
        """Return True if no other process has changed the list since this process last saw its own list on disk."""
        return journal.left is None or file_io.signature(journal.path) == self._journal_signature

    def note_journal(self) -> None:
        """Note that this process knows the last record of the journal, because it has just written that record."""
        self._journal_signature = file_io.signature(self.history.journal_path)

    def stand_in(self, journal: Journal) -> None:
        """If the file is invalid or seems to have lost shows, let this process use the last good list instead, if known."""
        if not self.doubt and self._snapshot.list.damage is None:
            return
        good = self.last_good(journal) or (replace(EMPTY, data=b"") if self._snapshot.data is None else None)
        if good is not None:
            reason, is_restored = self.doubt, good is not self._snapshot and good is not self._good_snapshot
            self.set_snapshot(good)
            self.doubt, self._is_restored = reason, is_restored or self._is_restored

    def last_good(self, journal: Journal) -> Snapshot | None:
        """Return the last known list that was valid and had not lost shows; None if there is none."""
        from watchlist.store.missing_file import last_known  # the history: reading a good list needs none of it

        if self._snapshot.data is not None and not self._snapshot_doubt and self._snapshot.list.damage is None:
            return self._snapshot
        if self._good_snapshot is not None and self.is_newest(journal):
            return self._good_snapshot
        with contextlib.suppress(StoreError):
            if (last := last_known(journal, self.history.backups)) is not None:
                return last
        return self._good_snapshot

    def unsaved(self, data: bytes | None) -> Snapshot | None:
        """Return the last good list that this process saw on disk; None if it saw none, or if the file still contains it.

        `data` is the current content of the file; None if the file is missing.
        """
        good = self._good_snapshot or self._snapshot
        is_doubtful = self._is_restored or (good is self._snapshot and self._snapshot_doubt)
        return None if is_doubtful or good.list.damage is not None or not good.data or good.data == data else good

    def read_without_index(self) -> Snapshot:
        """Parse the last read text again, without the index (the cache file), and return the new snapshot."""
        self._snapshot = parse_snapshot(self._snapshot.data)
        return self._snapshot

    def parsed(self, data: bytes | None) -> Snapshot:
        """Return the snapshot of these bytes; for None, of the example list. `list.damage` says if the text is invalid.

        Only parts of the text that differ from the last snapshot are parsed.
        """
        from watchlist.store.cache.incremental import reparse  # needed only after a change

        reparsed = reparse(data, self._snapshot) if data is not None else None
        return reparsed[0] if reparsed is not None else parse_snapshot(data, self._snapshot)

    def _loss_reason(self, data: bytes | None, snapshot: Snapshot) -> str:
        """Return why the file seems to have lost shows; empty if it does not, or if the user has accepted the file.

        `data` is the content of the file, or None if it is missing; `snapshot` is parsed from `data`.
        """
        good = self._good_snapshot or self._snapshot
        if good.data is None:
            return ""
        if data is None:
            from watchlist.store.missing_file import GONE  # the history: see `last_good`

            reason = GONE
        else:
            reason = suspicion(good.data, len(good.list.shows), data, _count_shows(snapshot))
        return reason if reason and not self.history.is_accepted(data) else ""

    @property
    def digest(self) -> str:
        """The digest of the file as last read or written by this process; empty for a missing file."""
        snapshot = self._snapshot
        if snapshot.data is None:
            return ""
        return snapshot.document.digest if snapshot.document.data == snapshot.data else digest(snapshot.data)

    @property
    def fingerprint(self) -> FileFingerprint:
        """The digest, size in bytes and number of shows of the file as last read or written by this process."""
        # The example list is not in the file.
        shows = self._snapshot.list.shows if self._snapshot.data is not None else ()
        return FileFingerprint(self.digest, len(self._snapshot.data or b""), len(shows))

    def set_snapshot(self, snapshot: Snapshot) -> None:
        """Set the snapshot of this process. If the new one is invalid, the last valid one is remembered."""
        if snapshot.list.damage is None:
            self._good_snapshot = None
        elif self._snapshot.data is not None and self._snapshot.list.damage is None:
            self._good_snapshot = self._snapshot
        self._is_restored = self._is_restored and snapshot is self._snapshot
        self._snapshot, self._snapshot_doubt = snapshot, ""
        self._signature = None  # so the next reload reads the file, which another program may have written

    def clear_doubt(self) -> None:
        """Note that the user has accepted the snapshot of this process as the list."""
        self.doubt = self._snapshot_doubt = ""

    def check_is_text(self, snapshot: Snapshot) -> None:
        """Raise StoreError if the file in a snapshot is not valid UTF-8, because a change would lose its bytes."""
        damage = snapshot.list.damage
        if damage and snapshot.data is not None and snapshot.document.data != snapshot.data:
            raise StoreError(
                f"{self.file}, {format_damage(damage)}", "an editor that knows its encoding can save it as UTF-8"
            )


def _stable_signature(signature: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
    """Return `signature` (time in ns, size, inode); None if it is None (no file) or less than SETTLED_SECONDS old.

    Another write so soon may leave the modification time and size unchanged, so the signature would not reveal it.
    """
    return signature if signature and abs(time.time() - signature[0] / 1e9) > SETTLED_SECONDS else None


def _count_shows(snapshot: Snapshot) -> int | None:
    """Return the number of shows in a snapshot; None if its text is invalid."""
    return len(snapshot.list.shows) if snapshot.list.damage is None else None
