"""The file on disk: read whole, locked beside, replaced at once. What writes goes through here and through `exchange`."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from watchlist.errors import StoreError
from watchlist.safe import safe
from watchlist.values import Value

MAX_BYTES = 256 * 1024 * 1024
LOCK_SECONDS = 10.0
STEADY_SECONDS = 2.0  # to wait for the end of somebody's write
SHARED_SECONDS = 2.5  # to wait for who has the file open, where that keeps it from being renamed over
IN_PLACE = "{} can't be written to, so {} is written in place: slower, and a copy is kept while that lasts"
NOT_LOCKED = "locks don't work in {}: other programs are told apart by what is in the file alone"
PAUSE = 0.02  # seconds
_PRIVATE = 0o600
_COMMAND = 60  # characters of the command line of who holds the lock
_NO_RENAME = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM)
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)
_SHARED = (5, 32, 33)  # what Windows calls it: access denied, sharing violation, lock violation
_NEXT = {
    errno.ENOSPC: "make room there, then try again",
    errno.EDQUOT: "make room there, then try again",
    errno.EROFS: "it can be read, and not changed; --file names another list",
}


def resolve(file: Path) -> Path:
    """The real file behind links; a link whose target is missing leads to that target. StoreError for a loop of links."""
    try:
        return Path(os.path.realpath(file, strict=True))
    except FileNotFoundError:
        return Path(os.path.realpath(file))
    except OSError as error:
        raise cannot("read", file, error) from error


def read(file: Path, limit: int = MAX_BYTES) -> bytes | None:
    """All bytes of a regular file; None where there is none. Never blocks on a pipe or a device.

    A file that is being written is read again until it holds still. StoreError where it does not.
    """
    until = time.monotonic() + STEADY_SECONDS
    while True:
        data, steady = _read_once(file, limit)
        if steady:
            return data
        if time.monotonic() > until:
            raise StoreError(f"{file} is being written by another program", "try again when it is done")
        time.sleep(PAUSE)


def _read_once(file: Path, limit: int) -> tuple[bytes | None, bool]:
    """What a file holds, and whether it held just that all the while."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return None, True
    except OSError as error:
        raise cannot("read", file, error) from error
    try:
        before = os.fstat(descriptor)
        _check_is_regular(file, before)
        if before.st_size > limit:
            raise StoreError(f"{file} is larger than {limit >> 20} MiB", "is it a watchlist?")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            data = stream.read()
        after = os.fstat(descriptor)
        steady = len(data) == before.st_size == after.st_size and before.st_mtime_ns == after.st_mtime_ns
        return data, steady
    except OSError as error:
        raise cannot("read", file, error) from error
    finally:
        _close(descriptor)


def _check_is_regular(file: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise StoreError(f"{file} is not a regular file", "name the list's file with --file")


def barred(file: Path, *, forced: bool = False) -> str:
    """Why a file can't be changed here, as a sentence goes on after its name; empty where it can, or is not there."""
    with contextlib.suppress(OSError):
        status = os.stat(file)
        if hasattr(os, "statvfs") and os.statvfs(file).f_flag & os.ST_RDONLY:
            return "is on a file system that can only be read"
        if not status.st_mode & 0o222:
            return "" if forced else "is read-only"
        if not os.access(file, os.W_OK):
            return "is not yours to write"
    return ""


def signature(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file most likely changed: cheap to look at each second, never trusted for more than that."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@contextlib.contextmanager
def locked(lock: Path, seconds: float | None = None) -> Iterator[str]:
    """Hold the sidecar lock. StoreError where another process has it for `seconds`, or LOCK_SECONDS; it says which one.

    Gives a sentence for the user where locks don't work there: then `swap` alone keeps writers apart. Else it is empty.
    """
    from filelock import FileLock, Timeout

    make_private_folder(lock.parent)
    holder, warning = lock.with_suffix(".holder"), ""
    wait = LOCK_SECONDS if seconds is None else seconds
    # A lock that is a file's mere presence would outlive a crash.
    held = FileLock(lock, timeout=wait, mode=_PRIVATE, fallback_to_soft=False)
    try:
        held.acquire()
    except Timeout as error:
        raise StoreError(f"the list is locked by {_said_by(holder)}", "try again when it is done") from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise cannot("lock", lock, error) from error
        warning = NOT_LOCKED.format(lock.parent)
    try:
        if not warning:
            _sign(holder)
        yield warning
    finally:
        with contextlib.suppress(OSError):  # what was to be done is done
            held.release()


def _sign(holder: Path) -> None:
    """Write down who holds the lock: good to know, and no more."""
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "this computer")
    command = " ".join(["watchlist", *sys.argv[1:]])[:_COMMAND]
    with contextlib.suppress(OSError):
        holder.touch(_PRIVATE)
        holder.write_text(f"process {os.getpid()} on {host} ({command})", "utf-8", "backslashreplace")


def _said_by(holder: Path) -> str:
    try:
        return safe(holder.read_text("utf-8", "replace").strip()) or "another process"
    except OSError:
        return "another process"


class Changed(StoreError):
    """Another program wrote the file after it was read."""


def changed(file: Path) -> Changed:
    """The error that says so."""
    return Changed(f"{file} was changed by another program")


class Torn(StoreError):
    """A write in place failed, and so did putting back what was there."""


InPlace = AbstractContextManager[None]


class Way(Value):
    """How a file comes to hold other bytes: by a step that puts a temporary file in its place, or written over."""

    check: Callable[[], None]  # looks before anything is written over
    commit: Callable[[Path], None]  # leaves no temporary file, or one with what nobody knows
    in_place: InPlace  # guards what is written over
    forced: bool | None = None  # whether a file marked read-only is written too; None: that can't be asked for


def replace(file: Path, data: bytes) -> None:
    """Put `data` in place of what is in `file`, whole or not at all, and on disk before this returns.

    `file` is a real path (see `resolve`). Mode, owner, group and attributes are kept; a new file is private. A file with
    several names and one that can't be renamed over are written in place.
    """
    put(file, data, Way(lambda: None, lambda temporary: _rename_over(temporary, file), nullcontext()))


def put(file: Path, data: bytes, way: Way) -> str:
    """`replace` in a way of its own.

    Gives a sentence for the user where the file was written in place since its folder can't be written to; else none.
    """
    try:
        before, notice = _status(file), ""
        if before is None:
            make_private_folder(file.parent)
        elif not (before.st_mode & 0o222 or way.forced):
            once = ", or --force once," if way.forced is False else ""
            raise StoreError(f"{file} is read-only", f"chmod u+w {file}{once} if it should be written")
        if before is None or before.st_nlink == 1:
            try:
                _replace(file, data, way, before)
                return ""
            except OSError as error:
                # a mounted file, a folder that can't be written, an owner that can't be given
                if before is None or error.errno not in _NO_RENAME or _is_shared(error):
                    raise
                if not os.access(file.parent, os.W_OK):
                    notice = IN_PLACE.format(file.parent, file.name)
        _write_in_place(file, data, way)
        return notice
    except OSError as error:
        raise cannot("write", file, error) from error


def _status(file: Path) -> os.stat_result | None:
    try:
        status = os.stat(file)
    except FileNotFoundError:
        return None
    _check_is_regular(file, status)
    return status


def _replace(file: Path, data: bytes, way: Way, before: os.stat_result | None) -> None:
    temporary = file.parent / f".{os.urandom(6).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, _PRIVATE)  # what is there by this name already is not ours to remove
    try:
        try:
            if before is not None:
                _keep_owner(descriptor, temporary, before)
                _keep_attributes(file, temporary)
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            _close(descriptor)
    except BaseException:
        _remove(temporary)
        raise
    way.commit(temporary)


def rename(source: Path, target: Path) -> None:
    """os.replace, as soon as those who have the target open let go of it: scanners of Windows do so after a moment."""
    until = time.monotonic() + SHARED_SECONDS
    while True:
        try:
            os.replace(source, target)
            return
        except OSError as error:
            if not _is_shared(error) or time.monotonic() > until:
                raise
        time.sleep(PAUSE)


def _rename_over(temporary: Path, file: Path) -> None:
    try:
        rename(temporary, file)
    except BaseException:
        _remove(temporary)
        raise
    sync_folder(file.parent)


def _remove(temporary: Path) -> None:
    with contextlib.suppress(OSError):
        temporary.unlink()


def _is_shared(error: OSError) -> bool:
    return getattr(error, "winerror", None) in _SHARED


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


def _write_in_place(file: Path, data: bytes, way: Way) -> None:
    way.check()
    old = read(file) or b""
    with way.in_place:
        descriptor = os.open(file, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        try:
            way.check()  # from here on nobody else's file is written over
            try:
                _overwrite(descriptor, data)
            except BaseException:
                try:
                    _overwrite(descriptor, old)
                except BaseException as error:
                    raise Torn(
                        f"{file} was written in part: {_why(error)}", "the next change writes it whole"
                    ) from error
                raise
            if not _is_at(file, descriptor):
                raise changed(file)
        finally:
            _close(descriptor)


def _is_at(file: Path, descriptor: int) -> bool:
    """Whether the file still is the one that was opened, as far as that can be told."""
    try:
        return os.path.samestat(os.stat(file), os.fstat(descriptor))
    except OSError as error:
        return not isinstance(error, FileNotFoundError)


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    _write_all(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # all was read, or is on disk
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def append(file: Path, data: bytes) -> None:
    """Add to the end of a private file, on disk before this returns."""
    try:
        make_private_folder(file.parent)
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), _PRIVATE)
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            _close(descriptor)
    except OSError as error:
        raise cannot("write", file, error) from error


def make_private_folder(folder: Path) -> None:
    """A folder that only its owner can enter, and those above it; what exists is left as it is."""
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):  # `parents=True` would give the ones in between the usual mode
            path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise cannot("create", folder, error) from error


def check_own(folder: Path) -> None:
    """StoreError where a folder is another user's, who could read and replace what is kept in it."""
    with contextlib.suppress(OSError, AttributeError):  # it is not there yet; or a system without owners
        if os.geteuid() not in (0, os.stat(folder).st_uid):
            raise StoreError(f"{folder} belongs to another user", "XDG_STATE_HOME names a folder for it")


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last. Some file systems can't, and need not."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            _close(descriptor)


def cannot(verb: str, file: Path, error: OSError) -> StoreError:
    """The sentence for a call that failed: what, where, why, and its errno."""
    return StoreError(f"can't {verb} {file}: {_why(error)}", _NEXT.get(error.errno or 0, ""))


def _why(error: BaseException) -> str:
    if not isinstance(error, OSError):
        return type(error).__name__
    name = errno.errorcode.get(error.errno or 0, "")
    return f"{error.strerror or error}" + (f" ({name})" if name else "")
