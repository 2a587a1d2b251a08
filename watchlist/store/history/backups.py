"""Backups of the list, made before changes that could lose much. The newest ones, one per day and one per month are kept.

A backup is named `NUMBER-TIME-DIGEST.toml`. The number determines which backup is newer, because clocks can be wrong.
Backups of content that another program wrote and that exists nowhere else are marked `-found`; the newest of these are
kept regardless of their time. Files with other names are never touched.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from watchlist.checked_open import cannot
from watchlist.errors import NotFound, StoreError
from watchlist.sanitize import safe
from watchlist.store.digest import digest
from watchlist.store.disk import file_io

KEPT_DAYS, KEPT_MONTHS = 30, 12  # number of recent days and months of which the last backup is kept
KEPT_FOUND = 100  # number of newest backups marked `-found` that are kept
INTERVAL = timedelta(minutes=10)  # minimum time between two backups before small changes
_MAX_NUMBER = 10**9 - 1  # maximum number of a backup; a file of another program may have any number
_NAME = re.compile(r"(\d{6,9})-(\d{8}-\d{6})-([0-9a-f]{32})(-found)?\.toml", re.ASCII)


class Backup(NamedTuple):
    """A backup of the list. `time` is the local time at which it was made, `digest` the digest of its content.

    `found` is True if another program wrote the content, which may exist nowhere else.
    """

    number: int
    time: datetime
    digest: str
    path: Path
    found: bool = False  # True if the content was written by another program and may exist nowhere else

    @property
    def name(self) -> str:
        """The short name of the backup, made of its number and date: `12-2026-11-30`."""
        return f"{self.number}-{self.time.date().isoformat()}"

    def read(self) -> bytes:
        """Return the content. Raise StoreError if the file can't be read, or if its content does not match the digest."""
        data = file_io.read(self.path, own=True)
        if data is None or digest(data) != self.digest:
            raise StoreError(f"the backup {self.path} is damaged", "`watchlist backups` lists the others")
        return data

    def text(self) -> str:
        """Return the content as text. Raise StoreError if it can't be read or is not valid UTF-8."""
        try:
            return self.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise StoreError(
                f"backup {self.name} is not valid UTF-8, at byte {error.start}", f"it is {self.path}"
            ) from error

    def holds(self, data: bytes) -> bool:
        """Return True if the backup can be read and has the content `data`."""
        with contextlib.suppress(StoreError):
            return self.read() == data
        return False


class Backups:
    """The backups of one list, in a folder of their own. `newest` is the number of newest backups to keep."""

    def __init__(self, folder: Path, newest: int) -> None:
        self.folder = folder
        self._newest = newest

    def all(self) -> tuple[Backup, ...]:
        """Return all backups, newest first. Raise StoreError if the folder can't be read."""
        try:
            backups = [backup for path in self.folder.iterdir() if (backup := _backup(path))]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise cannot("read", self.folder, error) from error
        return tuple(sorted(backups, reverse=True))

    def named(self, name: str) -> Backup:
        """Return the backup with this number, short name or file name. Raise NotFound if there is none."""
        for backup in self.all():
            if name in (str(backup.number), backup.name, backup.path.name):
                return backup
        raise NotFound(f'there is no backup "{safe(name)}"', "`watchlist backups` lists them")

    def of(self, content_digest: str) -> Iterator[Backup]:
        """Yield the backups whose content has the digest `content_digest`, newest first."""
        return (backup for backup in self.all() if backup.digest == content_digest)

    def due(self, now: datetime) -> bool:
        """Return True if no backup was made in the ten minutes before `now` (local time): even a small change needs one."""
        return not any(timedelta() <= now - backup.time < INTERVAL for backup in self.all()[:1])

    def keep(self, data: bytes, now: datetime, known: str = "", *, found: bool = False) -> Backup:
        """Return a backup with the content `data`. If there is none, create it, and remove superfluous backups.

        Args:
            data: The content.
            now: The local time.
            known: The digest of `data`; empty if the caller does not know it.
            found: True if the content was written by another program and may exist nowhere else.

        Raises:
            StoreError: The backup can't be written.
        """
        existing, known = self.all(), known or digest(data)
        for backup in existing:
            if backup.digest == known and backup.found >= found and backup.holds(data):
                return backup
        number = max((backup.number for backup in existing if backup.number < _MAX_NUMBER), default=0) + 1
        path = self.folder / f"{number:06}-{_stamp(now)}-{known}{'-found' if found else ''}.toml"
        file_io.replace_own(path, data)
        made = Backup(number, now, known, path, found)
        for old in superfluous((made, *existing), self._newest):
            with contextlib.suppress(OSError):  # the next new backup removes the file
                old.path.unlink()
        return made


def superfluous(backups: Sequence[Backup], newest: int) -> Iterator[Backup]:
    """Yield the backups to remove: all except the newest ones, and those kept for a longer time.

    The latter are the last backup of each recent day and month, and the 100 newest backups marked `-found`. These have
    content that may exist nowhere else, so they are kept even if, because of a wrong clock, their dates are old.

    Args:
        backups: All backups, newest first.
        newest: The number of newest backups to keep.
    """
    days, months = dict[str, Backup](), dict[str, Backup]()
    for backup in backups:
        day = backup.time.date().isoformat()
        days.setdefault(day, backup)
        months.setdefault(day[:7], backup)
    found = [backup for backup in backups if backup.found]
    kept = {
        *backups[:newest],
        *list(days.values())[:KEPT_DAYS],
        *list(months.values())[:KEPT_MONTHS],
        *found[:KEPT_FOUND],
    }
    return (backup for backup in backups if backup not in kept)


def _stamp(time: datetime) -> str:
    """Return a time as `20261122-123000`. (strftime writes years before 1000 with fewer digits.)"""
    return time.strftime(f"{time.year:04}%m%d-%H%M%S")


def _backup(path: Path) -> Backup | None:
    """Return the backup in the file `path`; None if the file is not named like a backup."""
    name = _NAME.fullmatch(path.name)
    if name is None:
        return None
    try:
        time = datetime.fromisoformat(name[2].replace("-", "T"))
    except ValueError:
        return None
    return Backup(int(name[1]), time, name[3], path, name[4] is not None)
