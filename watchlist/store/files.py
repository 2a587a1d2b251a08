"""The file on disk: read whole, locked beside, replaced at once. The one place that calls the operating system to write."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from watchlist.errors import StoreError
from watchlist.safe import safe

MAX_BYTES = 256 * 1024 * 1024
LOCK_SECONDS = 10.0
_PRIVATE = 0o600
_NO_RENAME = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM)


def resolve(file: Path) -> Path:
    """The real file behind links; a link whose target is missing leads to that target. StoreError for a loop of links."""
    try:
        return Path(os.path.realpath(file, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(file))
    except OSError as error:
        raise cannot("read", file, error) from error


def read(file: Path, limit: int = MAX_BYTES) -> bytes | None:
    """All bytes of a regular file; None where there is none. Never blocks on a pipe or a device."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise cannot("read", file, error) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise StoreError(f"{file} is not a regular file", "name the list's file with --file")
        if status.st_size > limit:
            raise StoreError(f"{file} is larger than {limit >> 20} MiB", "is it a watchlist?")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(status.st_size + 1) + stream.read()
    except OSError as error:
        raise cannot("read", file, error) from error
    finally:
        os.close(descriptor)


def signature(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file most likely changed: cheap to look at each second, never trusted for more than that."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@contextlib.contextmanager
def locked(lock: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the sidecar lock. StoreError where another process has it for `seconds`; its pid is in the message."""
    from filelock import FileLock, Timeout

    make_private_folder(lock.parent)
    holder = lock.with_suffix(".holder")
    held = FileLock(lock, timeout=seconds, mode=_PRIVATE)
    try:
        held.acquire()
    except Timeout as error:
        who = _said_by(holder)
        raise StoreError(f"the list is locked by {who}", "try again when it is done") from error
    except OSError as error:
        raise cannot("lock", lock, error) from error
    try:
        with contextlib.suppress(OSError):  # who holds it is good to know, and no more
            holder.touch(_PRIVATE)
            holder.write_text(f"process {os.getpid()}", "utf-8")
        yield
    finally:
        held.release()


def _said_by(holder: Path) -> str:
    try:
        return safe(holder.read_text("utf-8", "replace").strip()) or "another process"
    except OSError:
        return "another process"


class Changed(StoreError):
    """Another program wrote the file after it was read."""


def swap(file: Path, old: bytes | None, data: bytes) -> None:
    """`replace` what was read as `old`. Changed where the file holds something else by now."""

    def check() -> None:
        if read(file) != old:
            raise Changed(f"{file} was changed by another program")

    _put(file, data, check)


def replace(file: Path, data: bytes) -> None:
    """Put `data` in place of what is in `file`, whole or not at all, and on disk before this returns.

    `file` is a real path (see `resolve`). Mode, owner, group and attributes are kept; a new file is private. A file with
    several names and one that can't be renamed over are written in place.
    """
    _put(file, data, lambda: None)


def _put(file: Path, data: bytes, check: Callable[[], None]) -> None:
    try:
        before = os.stat(file)
    except FileNotFoundError:
        before = None
        make_private_folder(file.parent)
    if before is not None and not before.st_mode & 0o222:
        raise StoreError(f"{file} is read-only", f"chmod u+w {file} if it should be written")
    try:
        if before is not None and before.st_nlink > 1:
            _write_in_place(file, data, check)
        else:
            _replace(file, data, check, before)
    except OSError as error:
        raise cannot("write", file, error) from error


def _replace(file: Path, data: bytes, check: Callable[[], None], before: os.stat_result | None) -> None:
    temporary = file.parent / f".{os.urandom(6).hex()}.tmp"
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(temporary, flags, _PRIVATE)
        try:
            if before is not None:
                _keep_owner(descriptor, temporary, before)
                _keep_attributes(file, temporary)
            _write_all(descriptor, data)
        finally:
            os.close(descriptor)
        check()
        os.replace(temporary, file)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if before is None or not isinstance(error, OSError) or error.errno not in _NO_RENAME:
            raise
        _write_in_place(
            file, data, check
        )  # a mounted file, a folder that can't be written, an owner that can't be given
        return
    sync_folder(file.parent)


def _keep_owner(descriptor: int, temporary: Path, before: os.stat_result) -> None:
    if hasattr(os, "fchown") and (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
        os.fchown(descriptor, before.st_uid, before.st_gid)
    os.chmod(temporary, stat.S_IMODE(before.st_mode))


def _keep_attributes(file: Path, temporary: Path) -> None:
    """Access lists and what else is kept beside a file, as far as its system knows them and lets them be set."""
    if not hasattr(os, "listxattr"):
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(file):
            with contextlib.suppress(OSError):
                os.setxattr(temporary, name, os.getxattr(file, name))


def _write_in_place(file: Path, data: bytes, check: Callable[[], None]) -> None:
    check()
    descriptor = os.open(file, os.O_WRONLY | getattr(os, "O_BINARY", 0))
    try:
        _write_all(descriptor, data)
        os.ftruncate(descriptor, len(data))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def append(file: Path, data: bytes) -> None:
    """Add to the end of a private file, on disk before this returns."""
    try:
        make_private_folder(file.parent)
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), _PRIVATE)
        try:
            _write_all(descriptor, data)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise cannot("write", file, error) from error


def make_private_folder(folder: Path) -> None:
    """A folder that only its owner can enter, and those above it; what exists is left as it is."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        for path in reversed(missing):  # `parents=True` would give the ones in between the usual mode
            path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise cannot("create", folder, error) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last. Some file systems can't, and need not."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def cannot(verb: str, file: Path, error: OSError) -> StoreError:
    """The sentence for a call that failed: what, where, why, and its errno."""
    name = errno.errorcode.get(error.errno or 0, "")
    return StoreError(f"can't {verb} {file}: {error.strerror or error}" + (f" ({name})" if name else ""))
