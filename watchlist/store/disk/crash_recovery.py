"""Recovery after a crash: completes interrupted in-place writes, and backs up leftover temporary files.

A file that can't be replaced by a rename is overwritten in place. Meanwhile, the state folder contains a write-ahead
image: the new content, and digests of the old content. After a crash, the image shows whether the file is a mixture of
both.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from watchlist.domain.frozen import Frozen
from watchlist.errors import StoreError
from watchlist.store.digest import digest
from watchlist.store.disk import file_io, set_aside

if TYPE_CHECKING:
    from watchlist.store.disk.atomic_replace import Keep

PAGE_BYTES = 4096  # disks write a page completely or not at all
TEMPORARY_MIN_AGE_SECONDS = 60  # a younger temporary file may still be in use by another computer
_HEAD = re.compile(rb"(\d{1,12}) ([0-9a-f]{32})((?: [0-9a-f]{32})*)")  # size, seam, pages; see WriteAheadImage
TEMPORARY = re.compile(r"\.[0-9a-f]{12}\.tmp", re.ASCII)


class WriteAheadImage(Frozen):
    """The new content of a file that is being overwritten, and digests of the old content."""

    new: bytes
    size: int  # size of the old content in bytes
    pages: tuple[str, ...]  # the digests of the old pages
    seam: str  # the digest of the page in which the new content ends, followed by the rest of the old page

    @classmethod
    def of(cls, old: bytes, new: bytes) -> WriteAheadImage:
        """Return the image for overwriting the content `old` with `new`."""
        return cls(new, len(old), _digests(old), digest(_seam(old, new)))

    @classmethod
    def read(cls, path: Path) -> WriteAheadImage | None:
        """Return the image in a file; None if the file is missing or is not a complete image."""
        return cls.parse(file_io.read(path, own=True) or b"")

    @classmethod
    def parse(cls, data: bytes) -> WriteAheadImage | None:
        """Return the image in the bytes of its file; None if they are not a complete image."""
        checksum, _, rest = data.partition(b" ")
        head, _, new = rest.partition(b"\n")
        match = _HEAD.fullmatch(head)
        if match is None or checksum != digest(rest).encode("ascii"):
            return None
        size, seam, pages = int(match[1]), match[2].decode("ascii"), tuple(match[3].decode("ascii").split())
        return cls(new, size, pages, seam) if len(pages) == -(-size // PAGE_BYTES) else None

    def write(self, path: Path) -> None:
        """Write the image to a file, and wait until it is on disk. Raise StoreError if the file can't be written."""
        rest = " ".join((str(self.size), self.seam, *self.pages)).encode("ascii") + b"\n" + self.new
        file_io.replace_own(path, digest(rest).encode("ascii") + b" " + rest)

    def explains(self, data: bytes) -> bool:
        """Return True if a crash during the in-place write can leave `data`: each page of it is the old or the new one."""
        if not min(self.size, len(self.new)) <= len(data) <= max(self.size, len(self.new)):
            return False
        new, last_new = _digests(self.new), len(self.new) // PAGE_BYTES
        return all(
            page in (*self.pages[number : number + 1], *new[number : number + 1])
            or (number == last_new and page == self.seam)
            for number, page in enumerate(_digests(data))
        )


def _digests(data: bytes) -> tuple[str, ...]:
    """Return the digest of each page of PAGE_BYTES bytes."""
    return tuple(digest(data[start : start + PAGE_BYTES]) for start in range(0, len(data), PAGE_BYTES))


def _seam(old: bytes, new: bytes) -> bytes:
    """Return the page in which `new` ends, as it is after `new` has overwritten the beginning of the longer `old`."""
    start = len(new) // PAGE_BYTES * PAGE_BYTES
    return new[start:] + old[len(new) : start + PAGE_BYTES]


@contextlib.contextmanager
def guarded(path: Path, old: bytes, new: bytes) -> Iterator[None]:
    """In the `with` block, which overwrites a file, keep a write-ahead image at `path`.

    The image is removed at the end of the block, except after PartialWriteError: then the file is a mixture of `old` and
    `new`. Raises StoreError if the image can't be written.
    """
    WriteAheadImage.of(old, new).write(path)
    try:
        yield
    except file_io.PartialWriteError:
        raise
    except BaseException:
        _drop(path)
        raise
    _drop(path)


IsOurs = Callable[[bytes], bool]  # returns True if bytes are the result of the last change in the journal


def read(file: Path, path: Path, is_ours: IsOurs) -> bytes | None:
    """Return the content of a file or, if a crash interrupted an in-place write, the new content. Nothing is written.

    Returns None if the file does not exist. Any program may have written an image to `path`, so an image is used only
    if it is the result of the last change in the journal. Raises StoreError if the file can't be read.

    Args:
        file: The real path of the list.
        path: The path of the write-ahead image.
        is_ours: Returns True if bytes are the result of the last change.
    """
    image = None
    with contextlib.suppress(StoreError):  # the list is readable without an image
        image = WriteAheadImage.read(path)  # read before the file: a writer removes the image last
    data = file_io.read(file)
    if image is None or data is None or not image.explains(data) or not is_ours(image.new):
        return data
    return image.new


def settle(file: Path, path: Path, keep: Keep, is_ours: IsOurs) -> str:
    """Complete an in-place write that was interrupted by a crash. The caller must hold the lock of the list.

    If another program has written the file since the crash, or the image is not the result of the last change, the file
    is left unchanged, and the new content in the image is passed to `keep`. An unreadable image is renamed. Raises
    StoreError if the file can't be read or written.

    Args:
        file: The real path of the list.
        path: The path of the write-ahead image.
        keep: Called with the new content if it is not written to the file, to back it up.
        is_ours: Returns True if bytes are the result of the last change.

    Returns:
        A notice for the user, or an empty text.
    """
    raw, notice = file_io.read(path, own=True) if set_aside.is_regular(path) else b"", ""
    if raw is None:
        return ""
    image = WriteAheadImage.parse(raw)
    if image is None:
        moved = set_aside.set_aside(path)
        return f"the recovery image of {file} can't be read" + (f", so it was renamed to {moved}" if moved else "")
    data = file_io.read(file)
    if data is None or not image.explains(data):
        keep(image.new)
        notice = f"a change of {file} was interrupted, and the file was written since: the change is kept as a backup"
    elif not is_ours(image.new):
        keep(image.new)
        notice = (
            f"a recovery image of {file} is not of its last change: its text is kept as a backup and was not written"
        )
    elif data != image.new:
        from watchlist.store.disk.atomic_replace import swap  # the write path: reading does not need it

        swap(file, data, image.new, keep=keep)  # after another crash, the same image applies
    _drop(path)
    return notice


def _drop(path: Path) -> None:
    """Remove the write-ahead image at `path`."""
    with contextlib.suppress(OSError):  # the next start finds the image again
        path.unlink()


def sweep(file: Path, known: Callable[[str], bool], keep: Keep) -> None:
    """Remove temporary files that a crash left in the folder of the list.

    The caller must have just written the list, and hold its lock. Files that can't be read, backed up or removed
    remain.

    Args:
        file: The real path of the list.
        known: Returns True if the journal contains a state of the list with this digest.
        keep: Called with the content of a temporary file that is not such a state, to back it up.
    """
    with contextlib.suppress(OSError):
        now = file.stat().st_mtime  # the clock of the file system may differ from that of this computer
        with os.scandir(file.parent) as entries:
            leftovers = [Path(entry.path) for entry in entries if TEMPORARY.fullmatch(entry.name)]
        for path in leftovers:
            with contextlib.suppress(OSError, StoreError):
                status = path.lstat()
                if stat.S_ISREG(status.st_mode) and now - status.st_mtime >= TEMPORARY_MIN_AGE_SECONDS:
                    _put_away(path, known, keep)


def _put_away(path: Path, known: Callable[[str], bool], keep: Keep) -> None:
    """Remove a temporary file. If `known` returns False for the digest of its content, call `keep` with the content first."""
    data = file_io.read(path)
    if data and not known(digest(data)):
        keep(data)
    path.unlink()
