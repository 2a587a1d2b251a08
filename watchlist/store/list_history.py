"""The journal and the backups of one list. Both are opened on demand, because most commands need neither."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from watchlist.errors import StoreError
from watchlist.paths import Paths
from watchlist.store.digest import digest
from watchlist.store.disk import file_io

if TYPE_CHECKING:
    from watchlist.store.history.backups import Backups
    from watchlist.store.history.journal import Journal
    from watchlist.store.snapshot import Snapshot


class ListHistory:
    """The journal of changes and the backups of the list in `file`, opened on demand.

    `newest` is the number of newest backups to keep.
    """

    def __init__(self, file: Path, paths: Paths, newest: int) -> None:
        self._file, self._paths, self._newest = file, paths, newest
        self._query: object = ()  # (signature of the journal, digest) in the last call of `is_accepted`
        self._answer = False  # the result of that call

    @property
    def backups(self) -> Backups:
        """The backups of the list."""
        from watchlist.store.history.backups import Backups  # reading a good list does not need it

        return Backups(self._paths.backups(self._file), self._newest)

    @property
    def journal_path(self) -> Path:
        """The path of the journal file."""
        return self._paths.journal(self._file)

    def journal(self) -> Journal:
        """Read and return the journal. Raise StoreError if it can't be read."""
        from watchlist.store.history.journal import Journal  # reading a good list does not need it

        return Journal.open(self.journal_path)

    def is_left(self, data: bytes) -> bool:
        """Return True if the file had the content `data` after the last change in the journal; False if that is unknown."""
        with contextlib.suppress(StoreError):
            left = self.journal().left
            return left is not None and left.digest == digest(data)
        return False

    def is_accepted(self, data: bytes | None) -> bool:
        """Return True if `data` is the content that the last record in the journal gives for the file.

        For None (a missing file), return True if the user has confirmed that the list starts anew. The answer to the
        last call is cached.
        """
        query = (file_io.signature(self.journal_path), data is None or digest(data))
        if query != self._query:
            self._query, self._answer = query, False
            with contextlib.suppress(StoreError):
                left = self.journal().left
                self._answer = left is not None and left.digest == ("" if data is None else query[1])
        return self._answer

    def as_left(self, journal: Journal) -> Snapshot | None:
        """Return the list after the last change in the journal; None if the backups do not suffice to rebuild it."""
        from watchlist.store.apply_changes import as_left  # the write path: reading does not need it

        with contextlib.suppress(StoreError):
            return as_left(journal, self.backups)
        return None
