"""What a crash left behind: a write in place that was cut off is finished, a temporary file is never just thrown away.

Where a file can't be replaced at once it is written over, and for that while an image of what it is to be is kept in the
state folder, with the hashes of what it was. After a crash the image says whether what is on disk is a mixture of the two.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from watchlist.errors import StoreError
from watchlist.store import files
from watchlist.store.text import digest
from watchlist.values import Value

if TYPE_CHECKING:
    from watchlist.store.swap import Keep

PAGE = 4096  # bytes that a disk writes all or none of
YOUNG = 60  # seconds for which a temporary file may still be another computer's
TEMPORARY = re.compile(r"\.[0-9a-f]{12}\.tmp", re.ASCII)


class Image(Value):
    """What a file is to be, and the marks of what it was before."""

    new: bytes
    size: int  # of what was there, in bytes
    pages: tuple[str, ...]  # the digests of what was there
    seam: str  # the digest of the page in which the new ends and the old, which is longer, is not cut off yet

    @classmethod
    def of(cls, old: bytes, new: bytes) -> Image:
        return cls(new, len(old), _digests(old), digest(_seam(old, new)))

    @classmethod
    def read(cls, path: Path) -> Image | None:
        """The image that is kept there; None where there is none, or not a whole one."""
        known, _, rest = (files.read(path) or b"").partition(b" ")
        if known != digest(rest).encode("ascii"):
            return None
        head, _, new = rest.partition(b"\n")
        size, seam, *pages = head.decode("ascii").split()
        return cls(new, int(size), tuple(pages), seam)

    def keep(self, path: Path) -> None:
        """Write it, on disk before this returns. StoreError where it can't be."""
        rest = " ".join((str(self.size), self.seam, *self.pages)).encode("ascii") + b"\n" + self.new
        files.replace(path, digest(rest).encode("ascii") + b" " + rest)

    def explains(self, data: bytes) -> bool:
        """Whether these bytes are what a write that was cut off leaves: each page is the old or the new one."""
        if not min(self.size, len(self.new)) <= len(data) <= max(self.size, len(self.new)):
            return False
        new, last = _digests(self.new), len(self.new) // PAGE
        return all(
            page in (*self.pages[at : at + 1], *new[at : at + 1]) or (at == last and page == self.seam)
            for at, page in enumerate(_digests(data))
        )


def _digests(data: bytes) -> tuple[str, ...]:
    return tuple(digest(data[at : at + PAGE]) for at in range(0, len(data), PAGE))


def _seam(old: bytes, new: bytes) -> bytes:
    start = len(new) // PAGE * PAGE
    return new[start:] + old[len(new) : start + PAGE]


@contextlib.contextmanager
def guarded(path: Path, old: bytes, new: bytes) -> Iterator[None]:
    """While a file is written over, keep an image of it at `path`; longer where the file was left torn."""
    Image.of(old, new).keep(path)
    try:
        yield
    except files.Torn:
        raise
    except BaseException:
        _drop(path)
        raise
    _drop(path)


def read(file: Path, path: Path) -> bytes | None:
    """The bytes of the file; or what it is to be, where a write in place was cut off. Writes nothing."""
    image = None
    with contextlib.suppress(StoreError):  # the list can be read without
        image = Image.read(path)  # before the file: who is writing drops it last
    data = files.read(file)
    return image.new if image is not None and data is not None and image.explains(data) else data


def settle(file: Path, path: Path, keep: Keep) -> str:
    """Finish a write in place that was cut off; the lock is held. Gives a sentence for the user, or an empty one.

    Where somebody wrote the file since, it is left alone, and what it was to be is given to `keep`.
    """
    image, said = Image.read(path), ""
    if image is not None:
        data = files.read(file)
        if data is None or not image.explains(data):
            keep(image.new)
            said = f"a change of {file} was cut off, and it was written since: what it was to be is kept as a backup"
        elif data != image.new:
            from watchlist.store.swap import swap

            swap(file, data, image.new, keep=keep)  # the image that is there explains whatever that leaves
    _drop(path)
    return said


def _drop(path: Path) -> None:
    with contextlib.suppress(OSError):  # then it is looked at again
        path.unlink()


def sweep(file: Path, known: Callable[[str], bool], keep: Keep) -> None:
    """Remove the temporary files that a crash left beside the file, which was just written; the lock is held.

    Bytes whose digest nobody knows are given to `keep` first. What can't be read, kept or removed stays.
    """
    with contextlib.suppress(OSError):
        now = file.stat().st_mtime  # by the clock of that file system, whatever this computer's says
        with os.scandir(file.parent) as entries:
            found = [Path(entry.path) for entry in entries if TEMPORARY.fullmatch(entry.name)]
        for path in found:
            with contextlib.suppress(OSError, StoreError):
                status = path.lstat()
                if stat.S_ISREG(status.st_mode) and now - status.st_mtime >= YOUNG:
                    _put_away(path, known, keep)


def _put_away(path: Path, known: Callable[[str], bool], keep: Keep) -> None:
    data = files.read(path)
    if data and not known(digest(data)):
        keep(data)
    path.unlink()
