"""What is done under the lock besides a change: copies are made of the file, and it is taken for the list as it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from watchlist.errors import StoreError
from watchlist.store import files, rescue
from watchlist.store.reader import Doubtful, Reader
from watchlist.store.snapshot import Snapshot

if TYPE_CHECKING:
    from watchlist.store.backups import Backup
    from watchlist.store.journal import Journal

FOUND = "another program wrote the file while a change was written; what it wrote is kept as backup {}"


class Keeper(Reader):
    """A list of which nothing is lost."""

    needs_backup = True  # whether a backup that can't be made stops the change

    def keep(self) -> Backup | None:
        """Copy what is known of the list where the file holds something else now. StoreError where it can't be.

        Where nothing else is known here, and the file is damaged or in doubt, what it was left as is copied.
        """
        from watchlist.store.journal import Journal

        with self._locked():
            known = self._snapshot
            if known.data is not None and known.data != files.read(files.resolve(self.file)):
                return self._keep(known.data)
            if self._doubt_of_known or known.list.damage is not None:
                self._keep_left(Journal.open(self._paths.journal(self.file)))
            return None

    def _keep_left(self, journal: Journal) -> Snapshot | None:
        """Copy what the file was left as, where it is something else now; gives that."""
        left = self._as_left(journal) if not journal.knows(self._digest) else None
        if left is not None and left.data is not None:
            self._keep(left.data)
        return left

    def accept(self) -> bool:
        """Take the file as it is, however much it lost; whether there was any doubt of it.

        What it lost is kept as a copy, where it is known here.
        """
        from watchlist.store.journal import Journal, Record

        with self._locked():
            journal = Journal.open(self._paths.journal(self.file))
            with contextlib.suppress(Doubtful):
                self._fresh()
                self._check_is_known(journal)
            doubted = bool(self.doubt)
            if doubted:
                self._keep_left(journal)
            self._take()
            if self.exists and not journal.knows(self._digest):
                self._keep(self._snapshot.data or b"")  # from here on a later state can be made anew
                now = datetime.now().replace(microsecond=0)
                journal.append(Record(journal.next_number, now, "Took the file as it was", left=self._left))
            return doubted

    def _take(self) -> None:
        """Take what is on disk for the list. What was known of it till then is kept as a copy."""
        self.read_on()
        data = files.read(files.resolve(self.file))
        if data != self._snapshot.data:
            if self._snapshot.data is not None:
                self._keep(self._snapshot.data)
            self._remember(self._looked(data))
        self.doubt = self._doubt_of_known = ""

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """No other process changes the file now, and a write that a crash cut off is finished."""
        files.check_own(self._paths.state)
        with self._mutex, files.locked(self._paths.lock(self.file)) as warning:
            real = files.resolve(self.file)
            self._note(warning)
            self._note(rescue.settle(real, self._paths.image(real), self._keep_lost))
            yield

    def _keep(self, data: bytes) -> Backup:
        return self._backups.keep(data, datetime.now().replace(microsecond=0))

    def _keep_lost(self, data: bytes) -> Backup:
        """Copy what nobody has but this program."""
        return self._backups.keep(data, datetime.now().replace(microsecond=0), found=True)

    def _keep_found(self, data: bytes) -> None:
        """The same, of what another program wrote; and tell the user."""
        self._note(FOUND.format(self._keep_lost(data).name))

    def _back_up(self, before: Snapshot, journal: Journal, now: datetime, *, bulk: bool) -> None:
        """Copy the file as it is, where that is due: before much is changed, over what others wrote, now and then."""
        if before.data is None:
            return
        try:
            if bulk or not journal.knows(self._digest) or self._backups.due(now):
                self._backups.keep(before.data, now, self._digest)
        except StoreError as error:
            if self.needs_backup:
                raise StoreError(error.message, error.hint or "--no-backup goes on without a backup") from error
            self._note(f"no backup was made: {error.message}")
