"""The renaming of the program's own files that another program damaged or replaced; such files are never deleted."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_MAX_FILES = 1000  # the limit of renamed files of one name


def is_regular(file: Path) -> bool:
    """Return whether a path leads to a regular file that is not a link; True also for a missing file."""
    with contextlib.suppress(OSError):  # reading the file reports the error
        return stat.S_ISREG(file.lstat().st_mode)
    return True


def is_larger(file: Path, limit: int) -> bool:
    """Return whether a file has more than `limit` bytes."""
    with contextlib.suppress(OSError):
        return file.stat().st_size > limit
    return False


def set_aside(file: Path) -> Path | None:
    """Rename a file or folder to the first free of `NAME.unusable-1`, `NAME.unusable-2` and so on.

    Returns:
        The new path; None if the renaming failed.
    """
    names = (f"{file.name}.unusable-{number}" for number in range(1, _MAX_FILES))
    target = next((path for name in names if not os.path.lexists(path := file.with_name(name))), None)
    if target is not None:
        with contextlib.suppress(OSError):
            return file.rename(target)
    return None
