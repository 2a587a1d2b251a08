"""Renames the program's own files if another program has damaged or replaced them. Such files are never deleted."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_MAX_FILES = 1000  # maximum number of renamed files with the same original name


def is_regular(file: Path) -> bool:
    """Return True if a path is a regular file and not a link, or if it does not exist."""
    with contextlib.suppress(OSError):  # reading the file reports the error
        return stat.S_ISREG(file.lstat().st_mode)
    return True


def is_larger(file: Path, limit: int) -> bool:
    """Return True if a file has more than `limit` bytes."""
    with contextlib.suppress(OSError):
        return file.stat().st_size > limit
    return False


def set_aside(file: Path) -> Path | None:
    """Rename a file or folder to the first unused name of `NAME.unusable-1`, `NAME.unusable-2` and so on.

    Returns:
        The new path; None if the rename failed.
    """
    names = (f"{file.name}.unusable-{number}" for number in range(1, _MAX_FILES))
    target = next((path for name in names if not os.path.lexists(path := file.with_name(name))), None)
    if target is not None:
        with contextlib.suppress(OSError):
            return file.rename(target)
    return None
