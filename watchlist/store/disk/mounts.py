"""Bind mounts of single files. Such a file has two paths, and a rename over one path would separate the two.

The mounts are read from /proc/self/mountinfo (Linux, proc_pid_mountinfo(5)). A mount of a folder is harmless, because a
new file with the same name is visible through the mount too. Mounts in other containers are not listed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from watchlist.errors import StoreError

MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(rb"\\([0-7]{3})")


class Mount(NamedTuple):
    """A mount: the path `root` in the file system `system` (major:minor) is mounted at the path `point`."""

    system: bytes
    root: bytes
    point: bytes


def is_mounted_twice(file: Path) -> bool:
    """Return True if a file has a second path because of a bind mount of the file itself, not of a folder above it.

    `file` is a real path.
    """
    mounts = _mounts()
    path = os.fsencode(file)
    above = [mount for mount in mounts if _is_within(path, mount.point)]
    if not above:
        return False
    # If two mounts have the same path, the last one is visible.
    mount_of_file = max(reversed(above), key=lambda mount: len(mount.point))
    path_in_system = mount_of_file.root.rstrip(b"/") + path[len(mount_of_file.point.rstrip(b"/")) :]
    same_file = (mount for mount in mounts if (mount.system, mount.root) == (mount_of_file.system, path_in_system))
    return mount_of_file.point == path or any(mount.point != path for mount in same_file)


def check_is_current(file: Path) -> None:
    """Raise StoreError if a mounted file was replaced at the path from which it is mounted: a change here would be lost.

    Call this only if the file has no name left in its file system (link count 0). `file` is a real path.
    """
    if any(mount.point == os.fsencode(file) for mount in _mounts()):
        message = f"{file} was replaced where it is mounted from, so a change would be lost here"
        raise StoreError(message, "mount it again")


def source_of(file: Path) -> Path | None:
    """Return the path from which a file is mounted; None if no such path is visible. `file` is a real path."""
    mounts = _mounts()
    mount_of_file = next((mount for mount in reversed(mounts) if mount.point == os.fsencode(file)), None)
    if mount_of_file is None:
        return None
    for mount in reversed(mounts):
        if (
            mount.system == mount_of_file.system
            and mount != mount_of_file
            and _is_within(mount_of_file.root, mount.root)
        ):
            path = mount.point.rstrip(b"/") + b"/" + mount_of_file.root[len(mount.root.rstrip(b"/")) :].lstrip(b"/")
            return Path(os.fsdecode(path))
    return None


def _is_within(path: bytes, point: bytes) -> bool:
    """Return True if a path equals `point` or is below it."""
    return path == point or path.startswith(point.rstrip(b"/") + b"/")


def _mounts() -> list[Mount]:
    """Return all mounts; an empty list if the system does not list them."""
    try:
        lines = MOUNTS.read_bytes().splitlines()
    except OSError:
        return []
    words = [line.split(b" ", 5) for line in lines]
    return [Mount(word[2], _plain(word[3]), _plain(word[4])) for word in words if len(word) == 6]


def _plain(word: bytes) -> bytes:
    r"""Decode the octal escapes in a path of mountinfo: `a\040b` as `a b`."""
    return _OCTAL.sub(lambda match: bytes([int(match[1], 8)]), word)
