"""Copies of the file as it was, made before what could lose much of it: the newest ones, one a day and one a month.

A copy is named by its number, the time and a hash of what is in it. Numbers say which is later; clocks are wrong at times.
What was found to be nowhere else is marked as such and stays for as many days, however many copies come after it.
Nothing here ever touches a file of another name.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from watchlist.errors import NotFound, StoreError
from watchlist.safe import safe
from watchlist.store import files
from watchlist.store.text import digest

DAYS, MONTHS = 30, 12
REST = timedelta(minutes=10)  # between two copies that nothing but time asks for
_NAME = re.compile(r"(\d{6})-(\d{8}-\d{6})-([0-9a-f]{32})(-found)?\.toml", re.ASCII)
_TIME = "%Y%m%d-%H%M%S"


class Backup(NamedTuple):
    """One copy. `time` is what the clock said when it was made."""

    number: int
    time: datetime
    digest: str
    path: Path
    found: bool = False  # whether another program wrote it and nobody else has it

    @property
    def name(self) -> str:
        """What people call it: its number and its day."""
        return f"{self.number}-{self.time:%Y-%m-%d}"

    def read(self) -> bytes:
        """What is in it. StoreError where that is not what was put in."""
        data = files.read(self.path)
        if data is None or digest(data) != self.digest:
            raise StoreError(f"the backup {self.path} is damaged", "`watchlist backups` lists the others")
        return data

    def text(self) -> str:
        """The same as text. StoreError where it is none."""
        try:
            return self.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise StoreError(
                f"backup {self.name} is not valid UTF-8, at byte {error.start}", f"it is {self.path}"
            ) from error

    def holds(self, data: bytes) -> bool:
        """Whether just these bytes can be read from it."""
        with contextlib.suppress(StoreError):
            return self.read() == data
        return False


class Backups:
    """The copies of one file, in a folder of their own."""

    def __init__(self, folder: Path, newest: int) -> None:
        self.folder = folder
        self._newest = newest

    def all(self) -> tuple[Backup, ...]:
        """What there is, the latest first. StoreError where the folder can't be read."""
        try:
            found = [made for path in self.folder.iterdir() if (made := _backup(path))]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise files.cannot("read", self.folder, error) from error
        return tuple(sorted(found, reverse=True))

    def named(self, name: str) -> Backup:
        """The copy of this number or name. NotFound where there is none."""
        for backup in self.all():
            if name in (str(backup.number), backup.name, backup.path.name):
                return backup
        raise NotFound(f'there is no backup "{safe(name)}"', "`watchlist backups` lists them")

    def due(self, now: datetime) -> bool:
        """Whether it is time for one, though nothing happened that asks for it."""
        return not any(timedelta() <= now - backup.time < REST for backup in self.all()[:1])

    def keep(self, data: bytes, now: datetime, known: str = "", *, found: bool = False) -> Backup:
        """Copy these bytes, unless they are there already, then let go of what is too old. StoreError where it fails.

        `known` is their digest, where it is known. What was `found` is nowhere else.
        """
        there, known = self.all(), known or digest(data)
        for backup in there:
            if backup.digest == known and backup.found >= found and backup.holds(data):
                return backup
        number = there[0].number + 1 if there else 1
        path = self.folder / f"{number:06}-{now:{_TIME}}-{known}{'-found' if found else ''}.toml"
        files.replace(path, data)
        made = Backup(number, now, known, path, found)
        for old in superfluous((made, *there), self._newest):
            with contextlib.suppress(OSError):  # the next time, then
                old.path.unlink()
        return made


def superfluous(backups: Sequence[Backup], newest: int) -> Iterator[Backup]:
    """Those, of all from the latest on, that are neither new nor the last of one of the latest days or months, nor found."""
    days, months = dict[str, Backup](), dict[str, Backup]()
    for backup in backups:
        days.setdefault(f"{backup.time:%Y%m%d}", backup)
        months.setdefault(f"{backup.time:%Y%m}", backup)
    since = backups[0].time - timedelta(DAYS) if backups else datetime.max
    found = (backup for backup in backups if backup.found and backup.time >= since)
    kept = {*backups[:newest], *list(days.values())[:DAYS], *list(months.values())[:MONTHS], *found}
    return (backup for backup in backups if backup not in kept)


def _backup(path: Path) -> Backup | None:
    name = _NAME.fullmatch(path.name)
    if name is None:
        return None
    try:
        time = datetime.fromisoformat(name[2].replace("-", "T"))
    except ValueError:
        return None
    return Backup(int(name[1]), time, name[3], path, name[4] is not None)
