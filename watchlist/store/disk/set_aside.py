"""Renames files of this program that another program has damaged or replaced. Such files are never deleted."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_MAX_FILES = 1000  # maximum number of renamed files with the same original name


def is_regular(file: Path) -> bool:
    """Return True if a path is that of a regular file (not a link), does not exist, or can't be examined."""
    with contextlib.suppress(OSError):  # reading the file reports the error
        return stat.S_ISREG(file.lstat().st_mode)
    return True


def is_larger(file: Path, limit: int) -> bool:
    """Return True if a file exists and has more than `limit` bytes."""
    with contextlib.suppress(OSError):
        return file.stat().st_size > limit
    return False


def set_aside(file: Path) -> Path | None:
    """Rename a file or folder to NAME.unusable-1 or the first unused higher number. Return the new path; None on failure."""
    names = (f"{file.name}.unusable-{number}" for number in range(1, _MAX_FILES))
    target = next((path for name in names if not os.path.lexists(path := file.with_name(name))), None)
    if target is not None:
        with contextlib.suppress(OSError):
            return file.rename(target)
    return None
