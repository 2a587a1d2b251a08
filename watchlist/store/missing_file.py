"""Handles a list file that is missing or empty: finds its last content, and says what the user can do.

A missing file is a first run only if nothing is known about its path. Otherwise, a drive is not mounted, a link is
broken, or the file was moved or deleted; then the last known list is shown, and nothing is created.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

from watchlist.checked_open import cannot
from watchlist.domain.text import counted
from watchlist.errors import StoreError
from watchlist.paths import Paths, status_of
from watchlist.sanitize import safe
from watchlist.store.apply_changes import as_left
from watchlist.store.disk import file_io
from watchlist.store.history.backups import Backup, Backups
from watchlist.store.history.journal import Journal
from watchlist.store.snapshot import Snapshot, parse_snapshot

GONE = "is gone"
ACCEPT = "`watchlist backups accept` keeps the file as it is now"
ELSEWHERE = "name its new place with --file or with `file` in the config"


class LastState(NamedTuple):
    """The backup to restore after a loss. `str` of this object describes it for the user."""

    backup: Backup
    shows: int  # the number of shows in the backup
    exact: bool  # True for the last known state of the list, False for the newest good backup

    def __str__(self) -> str:
        shows = counted(self.shows, "show")
        if self.exact:
            return f"the list as watchlist last knew it ({shows})"
        return f"the newest good backup ({shows}, {self.backup.time:%Y-%m-%d %H:%M})"


def was_there(file: Path, paths: Paths, journal: Journal, backups: Backups) -> bool:
    """Return True if a list was ever read or written at this path, unless the user has since agreed to start anew."""
    if journal.left is not None and not journal.left.digest:
        return False
    if not paths.names.keys().isdisjoint((os.path.realpath(file), str(file.absolute()))):
        return True
    # On a first run the first record is written before the file, and the program may have been killed in between: that
    # record alone proves nothing.
    after_the_first = any(
        record.origin or record.left is None or not record.changes
        for record in journal.records
        if not (record.held or record.aborts or record.skips or record.confirms)
    )
    return after_the_first or status_of(paths.index(file)) is not None or bool(backups.all())


def last_known(journal: Journal, backups: Backups) -> Snapshot | None:
    """Return the list after the last change in the journal; if unknown, the list in the newest good backup; else None.

    Raises:
        StoreError: The backups can't be read.
    """
    if (last := as_left(journal, backups)) is not None:
        return last
    newest = newest_good(backups)
    return parse_snapshot(newest.backup.read()) if newest is not None else None


def newest_good(backups: Backups) -> LastState | None:
    """Return the newest backup of a valid list with shows or, if there is none, of a valid empty list; else None.

    Raises:
        StoreError: The backups can't be read.
    """
    empty = None
    for backup in backups.all():
        with contextlib.suppress(StoreError):
            watchlist = parse_snapshot(backup.read()).list
            if watchlist.damage is None:
                state = LastState(backup, len(watchlist.shows), exact=False)
                if state.shows:
                    return state
                empty = empty or state
    return empty


def next_steps(file: Path, paths: Paths, last: LastState | None, *, doubt: bool) -> str:
    """Return a text on what the user can do about a list file that is missing, empty or not valid.

    Args:
        file: The file of the list, as named by the user.
        paths: The paths of the program's own files.
        last: The backup to restore; None if no backup is known.
        doubt: True if the file seems to have lost shows; False if it is only invalid or missing.
    """
    real = file_io.resolve(file)
    steps = [f"`watchlist backups restore {last.backup.number}` restores {last}"] if last is not None else []
    if not os.path.lexists(real):
        first = paths.first_name(file)
        if not _is_folder(real.parent):
            steps = [f"there is no folder {real.parent}: mount the drive it is on, or create it", ELSEWHERE, *steps]
        elif first != str(real) and os.path.lexists(first):
            steps = [f"the same list still exists as {first}", *steps]
        else:
            steps = [f"put the file back, or {ELSEWHERE}", *steps]
        steps.append("`watchlist init` starts a new list")
    elif not _is_damaged(real):
        steps.append(ACCEPT)
    elif doubt:
        steps.append("`watchlist edit` opens what is left of the file")
    else:
        steps = ["`watchlist edit` opens the file there", *steps]
    return "; ".join(map(safe, steps))


def _is_damaged(real: Path) -> bool:
    """Return True if the file can't be read, or is not a valid list. Accepting its content would not help then."""
    with contextlib.suppress(StoreError):
        data = file_io.read(real)
        return data is not None and parse_snapshot(data).list.damage is not None
    return True


def folder_problem(file: Path, paths: Paths, *, new: bool) -> StoreError | None:
    """Return the error if the folder of a list is missing and must not be created; else None.

    The folder of the default list is created if needed. Any other folder is created only if the user asks for a `new`
    list, because a missing folder is probably on a drive that is not mounted. Nothing is created behind a broken link.
    """
    real = file_io.resolve(file)
    try:
        if real.parent.exists():
            return None
        lexical = file.absolute()
        dangling = next((path for path in (lexical, *lexical.parents) if path.is_symlink() and not path.exists()), None)
    except OSError as error:
        return cannot("read", real.parent, error)
    if dangling is not None:
        message = f"{dangling} leads to {os.path.realpath(dangling)}, which does not exist"
        return StoreError(message, f"mount the drive it is on, or create the folder {real.parent}")
    if new or file == paths.data:
        return None
    message = f"there is no folder {real.parent}"
    return StoreError(message, "mount the drive it is on, or create it, then try again")


def _is_folder(path: Path) -> bool:
    """Return True if a path leads to a folder."""
    status = status_of(path)
    return status is not None and stat.S_ISDIR(status.st_mode)
