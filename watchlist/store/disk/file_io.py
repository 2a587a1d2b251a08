"""Reads files completely, and replaces them atomically or overwrites them in place.

Every write of the list and of the program's own files goes through this module, except the renames in `linux_rename`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from watchlist.checked_open import OWN_HINT, NotAFile, cannot, check_is_file, open_file, why
from watchlist.domain.frozen import Frozen
from watchlist.errors import StoreError
from watchlist.sanitize import shell_word
from watchlist.store.disk import mounts
from watchlist.store.disk.attributes import keep_attributes, keep_owner
from watchlist.store.disk.folders import make_private_folder

MAX_BYTES = 256 * 1024 * 1024  # maximum size of a list
STEADY_SECONDS = 2.0  # maximum wait until another program has finished writing
SHARED_SECONDS = 2.5  # maximum wait until other programs close the file (Windows renames over closed files only)
IN_PLACE = "{} can't be written to, so {} is written in place: slower, and a copy is kept while that lasts"
POLL_SECONDS = 0.02  # pause between two attempts
PRIVATE_MODE = 0o600
# Errors of a rename after which the file is written in place.
_NO_RENAME = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM)
_SHARED = (5, 32, 33)  # errors of Windows: access denied, sharing violation, lock violation


def resolve(file: Path) -> Path:
    """Return the real path of a file, with all links followed. Raise StoreError if that fails, e.g. for a loop of links.

    For a link to a missing file, return the path of that file.
    """
    try:
        return Path(os.path.realpath(file, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(file))
    except OSError as error:
        raise cannot("read", file, error) from error


def read(file: Path, limit: int = MAX_BYTES, *, own: bool = False) -> bytes | None:
    """Return all bytes of a regular file; None if it does not exist. Pipes and devices are refused without blocking.

    A file that another program is writing is read again until it stops changing.

    Args:
        file: The path.
        limit: The maximum size in bytes.
        own: True for one of the program's own files, so that links are refused; False to follow them.

    Raises:
        StoreError: The file can't be read, is too large, or did not stop changing within STEADY_SECONDS.
    """
    deadline = time.monotonic() + STEADY_SECONDS
    while True:
        data, steady = _read_once(file, limit, own)
        if steady:
            return data
        if time.monotonic() > deadline:
            raise StoreError(f"{file} is being written by another program", "try again when it is done")
        time.sleep(POLL_SECONDS)


def _read_once(file: Path, limit: int, own: bool) -> tuple[bytes | None, bool]:
    """Return (bytes of a file, True if the file did not change while it was read). The bytes are None for a missing file.

    Raises StoreError if the file can't be read or has more than `limit` bytes. With `own`, a link is refused with an
    error; without it, links are followed.
    """
    try:
        descriptor = open_file(file, own=own)
    except FileNotFoundError:
        return None, True
    except OSError as error:
        raise cannot("read", file, error) from error
    try:
        before = os.fstat(descriptor)
        if before.st_size > limit:
            raise StoreError(f"{file} is larger than {limit >> 20} MiB", OWN_HINT if own else "is it a watchlist?")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            data = stream.read(before.st_size + 1)  # some files of /proc never end
        after = os.fstat(descriptor)
        steady = data is not None and len(data) == before.st_size == after.st_size
        steady = steady and before.st_mtime_ns == after.st_mtime_ns
        return data, steady and (after.st_nlink > 0 or _is_at(file, descriptor))  # if it was replaced, open the new one
    except OSError as error:
        raise cannot("read", file, error) from error
    finally:
        _close(descriptor)


def read_only_reason(file: Path, *, force_readonly: bool = False) -> str:
    """Return why a file can't be changed, as a phrase that follows its name, e.g. "is read-only".

    Returns an empty text if the file can be changed or is missing. With `force_readonly`, a file that is only marked
    read-only can be changed.
    """
    with contextlib.suppress(OSError):
        status = os.stat(file)
        if hasattr(os, "statvfs") and os.statvfs(file).f_flag & os.ST_RDONLY:
            return "is on a file system that can only be read"
        if not status.st_mode & 0o222:
            return "" if force_readonly else "is read-only"
        if not os.access(file, os.W_OK):
            return "is not yours to write"
    return ""


def signature(file: Path) -> tuple[int, int, int] | None:
    """Return (modification time in ns, size in bytes, inode) of a file; None if it is missing or can't be examined.

    The signature is cheap to poll, but a file can change without a new signature. It only saves reading; no decision
    that could lose data relies on it.
    """
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


class ConcurrentChangeError(StoreError):
    """Raised if another program has written a file after this program read it."""


def changed(file: Path) -> ConcurrentChangeError:
    """Return the error that says that another program has changed `file`."""
    return ConcurrentChangeError(f"{file} was changed by another program")


class PartialWriteError(StoreError):
    """Raised if an in-place write failed and the old content could not be restored."""


InPlace = AbstractContextManager[None]


class WriteStrategy(Frozen):
    """The steps of replacing a file: rename a temporary file over it or, if that is not possible, write it in place."""

    check: Callable[[], None]  # called before a write in place; raises an error if the file is not as expected
    commit: Callable[[Path], None]  # renames the temporary file over the file, or removes it after an error
    in_place: InPlace  # a context manager around a write in place
    force_readonly: bool | None = (
        None  # True if to write a file marked read-only; None if the user has no flag for that
    )


def replace(file: Path, data: bytes) -> None:
    """Replace the content of a file atomically, and wait until the data is on disk. Raise StoreError if that fails.

    Mode, owner, group and attributes are preserved; a new file is private. A file with hard links or mounts, or in a
    folder that allows no rename, is written in place. `file` is a real path.
    """
    put(file, data, WriteStrategy(lambda: None, lambda temporary: _rename_over(temporary, file), nullcontext()))


def put(file: Path, data: bytes, strategy: WriteStrategy) -> str:
    """Replace the content of a file by the steps in `strategy`, and wait for the disk. Raise StoreError if that fails.

    Returns:
        A notice for the user if the file was written in place because its folder is not writable; else an empty text.
    """
    try:
        before, notice = _status(file), ""
        if before is None:
            make_private_folder(file.parent)
        elif not (before.st_mode & 0o222 or strategy.force_readonly):
            once = ", or --force once," if strategy.force_readonly is False else ""
            raise StoreError(f"{file} is read-only", f"chmod u+w {shell_word(str(file))}{once} if it should be written")
        if before is not None and before.st_nlink == 0:
            mounts.check_is_current(file)
        if before is None or (before.st_nlink == 1 and not mounts.is_mounted_twice(file)):
            try:
                _replace(file, data, strategy, before)
                return ""
            except OSError as error:
                # The file is mounted, the folder is not writable, or the owner can't be set.
                if before is None or error.errno not in _NO_RENAME or _is_shared(error):
                    raise
                if not os.access(file.parent, os.W_OK):
                    notice = IN_PLACE.format(file.parent, file.name)
        _write_in_place(file, data, strategy)
        return notice
    except OSError as error:
        raise cannot("write", file, error) from error


def _status(file: Path) -> os.stat_result | None:
    """Return the `os.stat` of a regular file; None if it does not exist. Raise NotAFile if it is not a regular file."""
    try:
        status = os.stat(file)
    except FileNotFoundError:
        return None
    check_is_file(file, status)
    return status


def _replace(file: Path, data: bytes, strategy: WriteStrategy, before: os.stat_result | None) -> None:
    """Replace `file` by a temporary file that contains `data` and has the same mode, owner and attributes.

    `before` is the status of `file`; None if it does not exist.
    """

    def copy_metadata(descriptor: int, temporary: Path) -> None:
        if before is not None:
            keep_owner(descriptor, temporary, before)
            keep_attributes(file, temporary)

    strategy.commit(_temporary(file.parent, [data], copy_metadata))


def replace_own(file: Path, data: bytes, *, sync: bool = True) -> None:
    """Write `data` to one of the program's own files, atomically; see `create`. Raise StoreError if that fails."""
    create(file, [data], sync=sync)


def create(file: Path, pieces: Iterable[bytes], *, sync: bool = True) -> None:
    """Write a file that only its owner can read, atomically, with only one piece of the content in memory at a time.

    An existing link or pipe with this name is replaced, not written through.

    Args:
        file: The path. Its folder is created if missing.
        pieces: The content, piece by piece.
        sync: If True, wait until the data is on disk; if False, the system may write it later.

    Raises:
        StoreError: The file can't be written, e.g. because it is a folder.
    """
    try:
        make_private_folder(file.parent)
        _rename_over(_temporary(file.parent, pieces, sync=sync), file, sync=sync)
    except OSError as error:
        if file.is_dir():
            raise NotAFile(f"{file} is not a regular file but a folder", OWN_HINT) from error
        raise cannot("write", file, error) from error


def _temporary(
    folder: Path,
    pieces: Iterable[bytes],
    prepare: Callable[[int, Path], None] = lambda descriptor, temporary: None,
    *,
    sync: bool = True,
) -> Path:
    """Write the pieces to a new temporary file in a folder, and return its path.

    `prepare` is called with the descriptor and path of the file before the pieces are written. Unless `sync` is False,
    wait until the data is on disk. After an error, the file is removed.
    """
    temporary = folder / f".{os.urandom(6).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, PRIVATE_MODE)  # an error here must not remove a file of another program
    try:
        try:
            prepare(descriptor, temporary)
            for piece in pieces:
                _write_all(descriptor, piece)
            if sync:
                os.fsync(descriptor)
        finally:
            _close(descriptor)
    except BaseException:
        _remove(temporary)
        raise
    return temporary


@contextlib.contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """In the `with` block, one of the program's own files is open for reading its bytes.

    Raises:
        OSError: The file can't be opened.
        StoreError: The file is not a regular file, or is a link.
    """
    descriptor = open_file(file, own=True)
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            yield stream
    finally:
        _close(descriptor)


def rename(source: Path, target: Path) -> None:
    """Call `os.replace`. On Windows, retry for SHARED_SECONDS while another program, e.g. a virus scanner, uses `target`."""
    deadline = time.monotonic() + SHARED_SECONDS
    while True:
        try:
            os.replace(source, target)
            return
        except OSError as error:
            if not _is_shared(error) or time.monotonic() > deadline:
                raise
        time.sleep(POLL_SECONDS)


def _rename_over(temporary: Path, file: Path, *, sync: bool = True) -> None:
    """Rename a temporary file over a file. If that fails, remove it. Unless `sync` is False, wait for the disk."""
    try:
        rename(temporary, file)
    except BaseException:
        _remove(temporary)
        raise
    if sync:
        sync_folder(file.parent)


def _remove(temporary: Path) -> None:
    """Remove a temporary file. Errors are ignored."""
    with contextlib.suppress(OSError):
        temporary.unlink()


def _is_shared(error: OSError) -> bool:
    """Return True if an error on Windows means that another program has the file open."""
    return getattr(error, "winerror", None) in _SHARED


def _write_in_place(file: Path, data: bytes, strategy: WriteStrategy) -> None:
    """Overwrite a file with `data`. If that fails, restore the old content and raise the error.

    Raises:
        ConcurrentChangeError: Another program has replaced or, if `strategy` checks that, changed the file.
        PartialWriteError: The old content could not be restored.
    """
    strategy.check()
    old = read(file) or b""
    with strategy.in_place:
        descriptor = open_file(file, os.O_WRONLY)
        try:
            strategy.check()  # the last check before the file is overwritten
            try:
                _overwrite(descriptor, data)
            except BaseException:
                try:
                    _overwrite(descriptor, old)
                except BaseException as error:
                    raise PartialWriteError(
                        f"{file} was written in part: {why(error)}", "the next change writes it whole"
                    ) from error
                raise
            if not _is_at(file, descriptor):
                raise changed(file)
        finally:
            _close(descriptor)


def _is_at(file: Path, descriptor: int) -> bool:
    """Return True if a path leads to the file that is open as `descriptor`, or if this can't be determined."""
    try:
        return os.path.samestat(os.stat(file), os.fstat(descriptor))
    except OSError as error:
        return not isinstance(error, FileNotFoundError)


def _overwrite(descriptor: int, data: bytes) -> None:
    """Replace the content of the open file `descriptor`, and wait until the data is on disk."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    _write_all(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _close(descriptor: int) -> None:
    """Close a descriptor. Errors are ignored, because the data was read or is on disk already."""
    with contextlib.suppress(OSError):  # the data was read, or is on disk already
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data` to a descriptor, in several calls if `os.write` writes only some of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def append(file: Path, data: bytes, *, sync: bool = True) -> None:
    """Append to one of the program's own files. Unless `sync` is False, wait for the disk. Raise StoreError on failure."""
    try:
        make_private_folder(file.parent)
        descriptor = open_file(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE_MODE, own=True)
        try:
            _write_all(descriptor, data)
            if sync:
                os.fsync(descriptor)
        finally:
            _close(descriptor)
    except OSError as error:
        raise cannot("write", file, error) from error


def sync_folder(folder: Path) -> None:
    """Wait until a rename in a folder is on disk (fsync). Errors on systems that do not support this are ignored."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            _close(descriptor)
