"""The state of one list file: read once per content, and again when another program may have written the file.

A file is in doubt if it is missing, was emptied or cut short, or lost many shows, and no change of this program
explains that. Its content is not taken as the list until the user accepts it; `doubt` has the reason.
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

NEWEST_BACKUPS = 20  # latest backups that are kept
MAX_UNCACHED = 1000  # with more shows changed since the index was written, the next start writes the index
NO_LIMIT = 1e9  # seconds: longer than any parsing takes
SETTLED_SECONDS = 1.0  # for this long after a write, another write may leave the signature of the file the same
FIRST_READ_SECONDS = 0.02  # the time spent on parsing before the first shows are displayed
EMPTY = Snapshot(None, Document.of(b""), Watchlist(), {})


class Damaged(SuspectedLossError):
    """The error for a text that is not a valid list, e.g. because a person made a mistake while editing the file."""


class ListFile:
    """The list in one file, as this process last read or wrote it. Reading never writes, except to the cache."""

    def __init__(self, file: Path, paths: Paths, newest_backups: int = NEWEST_BACKUPS) -> None:
        self.file = file
        self.pipe = False  # whether the list was read from a pipe: then it is neither read again nor changed
        self.force_readonly = False  # whether to write a file that is marked read-only
        self.doubt = ""  # why the file is in doubt, in words that follow its name; empty if it is not
        self._snapshot_doubt = ""  # why `_snapshot` itself is in doubt, in the same form
        self._paths = paths
        self._loader: SnapshotLoader | None = None  # while the text is being parsed
        self._cached_shows: CachedShows | None = None  # from an index of another text, while this one is parsed
        self._snapshot = EMPTY
        self._signature: tuple[int, int, int] | None = None
        self._uncached = 0  # shows that were added or changed since the columns were computed
        self._mutex = threading.RLock()
        self._history = ListHistory(file, paths, newest_backups)
        self._notices: dict[str, bool] = {}  # by message for the user: whether it was reported
        self._good_snapshot: Snapshot | None = None  # the last valid list, if `_snapshot` is damaged
        self._is_restored = False  # whether `_snapshot` comes from a backup, and this process never saw it on disk
        self._journal_signature: object = ()  # that of the journal when `_snapshot` was last seen on disk
        self._abandoned_signature: object = ()  # that of a file which stayed bad for SETTLE_SECONDS

    @classmethod
    def open(cls, file: Path, paths: Paths, *, wait: bool = True, backups: int = NEWEST_BACKUPS) -> Self:
        """Return the list in a file; a missing file has the example list.

        Args:
            file: The file, as the user names it.
            paths: The paths of the program's own files.
            wait: Whether to parse a long text completely; else the caller calls `read_on`.
            backups: How many of the newest backups are kept.

        Raises:
            StoreError: The file can't be read.
        """
        library = cls(file, paths, backups)
        if is_pipe(file):
            library.pipe = True
            library._snapshot = parse_snapshot(read_pipe(file, file_io.MAX_BYTES))
            return library
        path = file_io.resolve(file)
        library._signature = _stable_signature(file_io.signature(path))
        data = crash_recovery.read(path, paths.image(file), library._history.is_left)
        index = ShowIndex.open(paths.index(file)) if is_worth_indexing(data) else None
        snapshot = index.snapshot(data) if index is not None and data is not None else None
        if snapshot is not None:
            library._snapshot = snapshot
        else:
            library._snapshot = replace(EMPTY, data=data)
            library._cached_shows = index.cached_shows() if index is not None else None
            library._loader = SnapshotLoader(data, library._cached_shows if library._cached_shows is not None else {})
            library.read_on(FIRST_READ_SECONDS if not wait else NO_LIMIT)
        if data is None or (library._loader is None and not library._snapshot.list.shows):
            library.check()
        return library

    @property
    def reading(self) -> tuple[int, int] | None:
        """The number of shows that are parsed, and the number of all; None once all are parsed."""
        loader = self._loader
        return (len(loader.read), loader.total) if loader is not None else None

    def read_on(self, seconds: float = NO_LIMIT) -> None:
        """Go on parsing the text for about `seconds`; until all of it is parsed, `list` has the shows so far.

        If another thread is parsing, e.g. for a change, this call returns at once, unless it has no limit.
        """
        if self._loader is None or not self._mutex.acquire(blocking=seconds == NO_LIMIT):
            return
        try:
            with collector_paused():
                if self._loader is not None and self._loader.read_on(seconds):
                    self._snapshot = self._loader.snapshot()
                    if self._cached_shows is not None:
                        self._cached_shows.keep_columns(self._snapshot.list.shows)
                    self._loader = self._cached_shows = None
        finally:
            self._mutex.release()

    def remember(self) -> None:
        """Write the index of the list to the cache, which makes the next start faster.

        After a change of MAX_UNCACHED shows the next start writes the index, so that the user need not wait now.
        """
        if self._loader is None and self._uncached < MAX_UNCACHED and not self.pipe:
            remember(self._snapshot, self._paths.index(self.file))

    @property
    def list(self) -> Watchlist:
        """The list as this process last read or wrote it; while the text is being parsed, the shows so far."""
        loader = self._loader
        return loader.so_far() if loader is not None else self._snapshot.list

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of the file as this process last read or wrote it; an access completes the parsing."""
        self.read_on()
        return self._snapshot

    @property
    def paths(self) -> Paths:
        """The paths of the program's own files, e.g. the journal."""
        return self._paths

    @property
    def exists(self) -> bool:
        """True if the list is on disk; the example list of a missing file is not."""
        return self._snapshot.data is not None

    @property
    def is_stand_in(self) -> bool:
        """True if the list is the last known one, which is shown because the file is in doubt."""
        return bool(self.doubt) and not self._snapshot_doubt

    @property
    def read_only_reason(self) -> str:
        """Why the file can't be changed, in words that follow its name; empty if it can be changed.

        Each access reads the state of the file.
        """
        if self.pipe:
            return "is a pipe"
        with contextlib.suppress(StoreError):
            return file_io.read_only_reason(file_io.resolve(self.file), force_readonly=self.force_readonly)
        return ""

    def text(self) -> str:
        """Return the whole text.

        Raises:
            StoreError: The file is not text.
        """
        self.read_on()
        self._check_is_text(self._snapshot)
        return self._snapshot.document.text

    def reload(self) -> bool:
        """Read the file again if another program may have written it; return whether the list changed.

        If the file is in doubt, the list stays as it was, and `doubt` has the reason.
        """
        if self.pipe:
            return False
        with self._mutex:
            path = file_io.resolve(self.file)
            journal_signature = file_io.signature(self._history.journal_path)  # first, as the writer does
            signature = file_io.signature(path)
            if (signature and signature == self._signature) or self._loader is not None:
                self._confirm_on_disk(journal_signature)
                return False
            data = crash_recovery.read(path, self._paths.image(self.file), self._history.is_left)
            self._signature = _stable_signature(signature)
            if data == self._snapshot.data:
                self.doubt = self._snapshot_doubt
                self._confirm_on_disk(journal_signature)
                return False
            snapshot = self._parsed(data)
            self.doubt = self._loss_reason(data, snapshot)
            if not self.doubt:
                self._set_snapshot(snapshot)
                self._signature = _stable_signature(signature)
                self._confirm_on_disk(journal_signature)
            return not self.doubt

    def _confirm_on_disk(self, journal_signature: object) -> None:
        """Note that the list of this process is on disk; `journal_signature` is that of the journal at this time."""
        if not self.doubt and self._snapshot.list.damage is None:
            self._journal_signature, self._is_restored = journal_signature, False

    def _is_newest(self, journal: Journal) -> bool:
        """Return whether no other process changed the list since this process last saw its own list on disk."""
        return journal.left is None or file_io.signature(journal.path) == self._journal_signature

    def check(self) -> None:
        """Set `doubt` if the file lost much since the last change in the journal, even if that was before `open`.

        If the file is missing or has no shows, the last known list is shown in its place.
        """
        if self.pipe:
            return
        with self._mutex, contextlib.suppress(StoreError):  # the list is readable without the journal
            self.read_on()
            if self.is_stand_in:
                return  # the reason stays until the file changes
            journal = self._history.journal()
            try:
                self._check_for_loss(journal)
            except SuspectedLossError:
                if self._snapshot.data is None or not self._snapshot.list.shows:
                    self._stand_in(journal)

    def _stand_in(self, journal: Journal) -> None:
        """Make the last good list the list of this process, if the file is in doubt or damaged."""
        if not self.doubt and self._snapshot.list.damage is None:
            return
        good = self._last_good(journal) or (replace(EMPTY, data=b"") if self._snapshot.data is None else None)
        if good is not None:
            reason, is_restored = self.doubt, good is not self._snapshot and good is not self._good_snapshot
            self._set_snapshot(good)
            self.doubt, self._is_restored = reason, is_restored or self._is_restored

    def _last_good(self, journal: Journal) -> Snapshot | None:
        """Return the last known list that was neither damaged nor in doubt; None if no such list is known."""
        from watchlist.store.missing_file import last_known  # the history: reading a good list needs none of it

        if self._snapshot.data is not None and not self._snapshot_doubt and self._snapshot.list.damage is None:
            return self._snapshot
        if self._good_snapshot is not None and self._is_newest(journal):
            return self._good_snapshot
        with contextlib.suppress(StoreError):
            if (last := last_known(journal, self._history.backups)) is not None:
                return last
        return self._good_snapshot

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups of the file, the latest first."""
        return self._history.backups.all()

    def backup(self, name: str) -> Backup:
        """Return the backup with this number or name.

        Raises:
            NotFound: No backup has this number or name.
        """
        return self._history.backups.named(name)

    def contents(self, backup: Backup) -> Watchlist:
        """Return the list in a backup; if it is not valid, `damage` of the list says why.

        Raises:
            StoreError: The backup can't be read.
        """
        return self._parsed(backup.read()).list

    def refuse_pipe(self) -> None:
        """Raise StoreError if the list was read from a pipe."""
        if self.pipe:
            hint = "write the list to a file, and name that with --file"
            raise StoreError(f"{self.file} is a pipe: the list in it can be read, not changed", hint)

    def _refresh(self) -> Snapshot:
        """Read the file again if it changed, and return its snapshot.

        Raises:
            SuspectedLossError: The file is in doubt.
        """
        self.read_on()
        path = file_io.resolve(self.file)
        data = crash_recovery.read(path, self._paths.image(self.file), self._history.is_left)
        if data != self._snapshot.data:
            snapshot = self._parsed(data)
            self.doubt = self._loss_reason(data, snapshot)
            if self.doubt:
                raise SuspectedLossError(f"{self.file} {self.doubt}")
            self._set_snapshot(snapshot)
        self.doubt = self._snapshot_doubt
        return self._snapshot

    def _check_for_loss(self, journal: Journal) -> None:
        """Compare the list with the state of the file after the last change in the journal.

        Raises:
            SuspectedLossError: Much of that state is missing, so the file is in doubt.
        """
        from watchlist.store.missing_file import GONE, was_there  # the history: see `_last_good`

        left, left_before, data = journal.left, journal.left_before, self._snapshot.data
        if data is None:
            is_missing = was_there(self.file, self._paths, journal, self._history.backups)
            self._snapshot_doubt = GONE if is_missing else ""
        elif left is None or journal.knows(self._digest):
            self._snapshot_doubt = ""
        else:
            count = _count_shows(self._snapshot)
            shorter = len(data) < left.size and (count is None or count < left.shows or not data.endswith(b"\n"))
            rolled_back = left_before == self._digest  # a complete earlier state, so it is not truncated
            last = self._history.as_left(journal) if shorter and not rolled_back else None
            self._snapshot_doubt = suspicion(last.data if last is not None else None, left.shows, data, count)
        self.doubt = self._snapshot_doubt
        if self.doubt:
            raise SuspectedLossError(f"{self.file} {self.doubt}")

    def _parsed(self, data: bytes | None) -> Snapshot:
        """Return the snapshot of these bytes; only parts that differ from the last snapshot are parsed."""
        from watchlist.store.cache.incremental import reparse  # needed only after a change

        reparsed = reparse(data, self._snapshot) if data is not None else None
        return reparsed[0] if reparsed is not None else parse_snapshot(data, self._snapshot)

    def _loss_reason(self, data: bytes | None, snapshot: Snapshot) -> str:
        """Return why the file is in doubt; empty if it is not, or if the user has accepted it.

        `data` is the content of the file, None if the file is missing, and `snapshot` has the list in it.
        """
        good = self._good_snapshot or self._snapshot
        if good.data is None:
            return ""
        if data is None:
            from watchlist.store.missing_file import GONE  # the history: see `_last_good`

            reason = GONE
        else:
            reason = suspicion(good.data, len(good.list.shows), data, _count_shows(snapshot))
        return reason if reason and not self._history.is_accepted(data) else ""

    @property
    def _digest(self) -> str:
        """The digest of the file as this process last read or wrote it; empty for a missing file."""
        snapshot = self._snapshot
        if snapshot.data is None:
            return ""
        return snapshot.document.digest if snapshot.document.data == snapshot.data else digest(snapshot.data)

    @property
    def _fingerprint(self) -> FileFingerprint:
        """The fingerprint of the file as this process last read or wrote it."""
        # The example list is not in the file.
        shows = self._snapshot.list.shows if self._snapshot.data is not None else ()
        return FileFingerprint(self._digest, len(self._snapshot.data or b""), len(shows))

    def _note(self, notice: str) -> None:
        """Add a message that is reported with the next change, unless it was reported before."""
        if notice:
            self._notices.setdefault(notice, False)

    def _take_notices(self) -> tuple[str, ...]:
        """Return the messages that are not yet reported."""
        notices = tuple(notice for notice, is_reported in self._notices.items() if not is_reported)
        self._notices.update(dict.fromkeys(notices, True))
        return notices

    def _set_snapshot(self, snapshot: Snapshot) -> None:
        """Make `snapshot` the snapshot of this process; the last valid one is kept if the new one is damaged."""
        if snapshot.list.damage is None:
            self._good_snapshot = None
        elif self._snapshot.data is not None and self._snapshot.list.damage is None:
            self._good_snapshot = self._snapshot
        self._is_restored = self._is_restored and snapshot is self._snapshot
        self._snapshot, self._snapshot_doubt = snapshot, ""
        self._signature = None  # so the next reload reads the file, which another program may have written

    def _check_is_text(self, snapshot: Snapshot) -> None:
        """Check that the text of a snapshot has all bytes of the file, so that a change loses none of them.

        Raises:
            StoreError: The file is not text.
        """
        damage = snapshot.list.damage
        if damage and snapshot.data is not None and snapshot.document.data != snapshot.data:
            raise StoreError(
                f"{self.file}, {format_damage(damage)}", "an editor that knows its encoding can save it as UTF-8"
            )


def _stable_signature(signature: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
    """Return `signature` as it is; None if the file was written within the last SETTLED_SECONDS.

    Another write so soon may leave the same modification time and size, so the signature would not show it.
    """
    return signature if signature and abs(time.time() - signature[0] / 1e9) > SETTLED_SECONDS else None


def _count_shows(snapshot: Snapshot) -> int | None:
    """Return the number of shows; None if the text is damaged."""
    return len(snapshot.list.shows) if snapshot.list.damage is None else None
