"""Copies metadata from a replaced file to the new file: owner, group, mode, extended attributes."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path


def keep_owner(descriptor: int, temporary: Path, before: os.stat_result) -> None:
    """Give a temporary file the owner, group and mode in `before`, the status of the file that it will replace.

    `descriptor` is the open temporary file. Raises OSError if the system refuses that.
    """
    if hasattr(os, "geteuid") and (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
        os.fchown(descriptor, before.st_uid, before.st_gid)
    temporary.chmod(stat.S_IMODE(before.st_mode))


def keep_attributes(file: Path, temporary: Path) -> None:
    """Copy extended attributes, e.g. access lists, from `file` to `temporary`. File systems without them are no error."""
    if not hasattr(os, "listxattr"):
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(file):
            with contextlib.suppress(OSError):
                os.setxattr(temporary, name, os.getxattr(file, name))
