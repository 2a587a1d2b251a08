"""Adds paths to the table of file names (see `watchlist.paths`), so that all paths of a list lead to one journal.

A list may have several paths, e.g. because of links. The table maps each path to the first name of the list: the path
under which the journal and the backups are stored.
"""

from __future__ import annotations

import os
from pathlib import Path

from watchlist.paths import Paths, is_same_file, key_of, render_names, status_of
from watchlist.store.disk import file_io, file_lock, mounts

MAX_NAMES = 2000  # if the table has more names, names of missing files are dropped, oldest first


def claim(file: Path, paths: Paths, *, apart: bool = False) -> None:
    """Add the paths of a list to the table of file names, which maps all paths of a list to one of them, its first name.

    Called before the list is changed. Paths that are in the table already are not added.

    Args:
        file: The path of the list, as given by the user.
        paths: The paths of the program's own files, including the table.
        apart: If True, the file gets its own journal, even if its path led to another list before.

    Raises:
        StoreError: The table can't be locked or written.
    """
    names = {os.path.realpath(file), str(file.absolute())}
    if _are_known(names, paths, paths.first_name(file), apart=apart):
        return
    with file_lock.locked(paths.state / "locks" / "names.lock"):
        first = os.path.realpath(file) if apart else paths.first_name(file)
        # A mount is temporary, so the journal is stored under the path from which the file is mounted.
        source = mounts.source_of(Path(first)) if first in names and first not in paths.names else None
        if source is not None and is_same_file(source, first):
            names, first = {*names, str(source)}, paths.first_name(source)
        if not _are_known(names, paths, first, apart=apart):
            file_io.replace_own(paths.table, render_names(_with(paths, file, names, first)))


def _are_known(names: set[str], paths: Paths, first: str, *, apart: bool) -> bool:
    """Return True if the table of file names maps each path in `names` to `first`.

    With `apart`, `first` must also be one of these paths.
    """
    table = paths.names
    return all(table.get(name) == first for name in names) and (not apart or first in names)


def _with(paths: Paths, file: Path, names: set[str], first: str) -> dict[str, str]:
    """Return a copy of the table of file names in which all paths in `names`, the paths of `file`, are mapped to `first`.

    If the real path of `file` is not in the table but has a journal, they are mapped to that path instead. If the table
    becomes too long, names of missing files are removed.
    """
    table, real = dict(paths.names), os.path.realpath(file)
    # A file that got a journal before the table existed keeps that journal, even if `first` is another of its names.
    if real not in table and first != real and status_of(paths.state / "journals" / f"{key_of(real)}.jsonl"):
        first, table = real, {real: real, **table}
    table |= dict.fromkeys(sorted(names), first)
    if (excess := len(table) - MAX_NAMES) > 0:
        for name in [name for name in table if not os.path.lexists(name)][:excess]:
            del table[name]
    return table
