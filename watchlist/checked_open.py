"""Opens files and pipes by names given by users, without blocking. Content is read up to a limit of bytes.

A name means a regular file unless it names a pipe: `/dev/stdin`, `/dev/fd/63` (the result of `<(command)` in a shell),
or a named pipe with a process at its other end.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import stat
import sys
import time
from pathlib import Path

from watchlist.errors import StoreError, UsageError
from watchlist.sanitize import safe

OTHER_END_SECONDS = 0.5  # how long to wait for a process to open the other end of a named pipe
LIST_HINT = "name the list's file with --file"
OWN_HINT = "move it away; watchlist creates a new one"
_POLL_SECONDS = 0.01
_CHUNK_BYTES = 1 << 16
_DESCRIPTOR = re.compile(r"/dev/(stdin|stdout|stderr)|/(?:dev|proc/(?:self|thread-self|\d+))/fd/(\d{1,9})", re.ASCII)
_STANDARD = {"stdin": 0, "stdout": 1, "stderr": 2}
_VARIABLE = re.compile(r"\$(?:(\w+)|\{([^}]*)\}|\$)", re.ASCII)
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}
_ERRNO_HINTS = {
    errno.ENOSPC: "free some space there, then try again",
    errno.EDQUOT: "free some space there, then try again",
    errno.EROFS: "the file can be read, but not changed; use another list with --file",
}


class NotAFile(StoreError):
    """Raised if a path that must be a regular file is a folder, pipe, socket, device or link."""


def path_of(text: str, *, variables: bool = False) -> Path:
    """Return the path that a user's `text` names, with a leading `~` or `~user` expanded.

    With `variables`, `$NAME` and `${NAME}` are replaced by environment variables, and `$$` by `$`. Without it, a text
    such as `~draft.toml` is kept as it is if there is no such user, but such a file. Raises UsageError if the text is
    empty, names a folder by a slash at its end, or contains a NUL byte, an unknown user or an unset variable.
    """
    if not text:
        raise UsageError("the path is empty", "name a file")
    if "\0" in text:
        raise UsageError(f"there is a NUL byte in the path {safe(text)}", "name a file without one")
    expanded = _VARIABLE.sub(_variable, text) if variables else text
    if expanded.endswith(("/", os.sep, "/.", "/..")):
        raise UsageError(f"{safe(text)} names a folder", "name a file in it")
    try:
        return Path(expanded).expanduser()
    except RuntimeError:
        if not variables and os.path.lexists(expanded):
            return Path(expanded)
        user = expanded[1:].split("/")[0]
        reason = f'there is no user "{safe(user)}"' if user else "the home folder is not known"
        hint = f"./{safe(expanded)} names a file with this name" if user else "set HOME, or name the whole path"
        raise UsageError(f"{safe(text)}: {reason}", hint) from None


def _variable(match: re.Match[str]) -> str:
    """Return the text for a match of `_VARIABLE`: a variable's value, or `$` for `$$`. Raise UsageError if it is not set."""
    name = match[1] or match[2]
    if not name:
        return "$" if match[0] == "$$" else match[0]
    value = os.environ.get(name, "")
    if not value:
        raise UsageError(f"{safe(match.string)}: the variable {safe(name)} is not set", "set it, or write $$ for a $")
    return value


def open_file(path: Path, flags: int = os.O_RDONLY, mode: int = 0o600, *, own: bool = False) -> int:
    """Open a regular file without blocking. Return its descriptor. `flags` and `mode` are those of `os.open`.

    Links are followed unless `own` is True, which means that it is one of the program's own files. Raises NotAFile, or
    the OSError of the system call.
    """
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    # Check the path before opening it: opening a pipe wakes its writer, and a device may have side effects.
    with contextlib.suppress(OSError):  # opening the file then raises the error
        check_is_file(path, os.lstat(path) if own else os.stat(path), own=own)
    try:
        descriptor = os.open(path, flags | (getattr(os, "O_NOFOLLOW", 0) if own else 0), mode)
    except OSError as error:
        if own and error.errno == errno.ELOOP:  # replaced by a link after the check
            raise NotAFile(f"{path} is not a regular file but a link", OWN_HINT) from error
        raise
    try:
        check_is_file(path, os.fstat(descriptor), own=own)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def check_is_file(path: Path, status: os.stat_result, *, own: bool = False) -> None:
    """Raise NotAFile unless `status`, the status of `path`, is that of a regular file. `own` adds a hint for own files."""
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise NotAFile(f"{path} is not a regular file but {kind}", OWN_HINT if own else LIST_HINT)


def read_file(path: Path, limit: int, *, own: bool = False) -> bytes:
    """Return the content of a regular file. Links are followed unless `own` is True, for the program's own files.

    Raises NotAFile, OSError, or StoreError if the content is longer than `limit` bytes.
    """
    descriptor = open_file(path, own=own)
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return _limited(path, stream.read(limit + 1) or b"", limit)
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _limited(path: Path, data: bytes, limit: int) -> bytes:
    """Return `data` unchanged. Raise StoreError, naming `path`, if the data is longer than `limit` bytes."""
    if len(data) > limit:
        raise StoreError(f"{path} is larger than {limit >> 20} MiB")
    return data


def descriptor_of(path: Path) -> int | None:
    """Return the descriptor in a path such as `/dev/stdin` (0) or `/dev/fd/63`; None for other paths."""
    text = path.as_posix()
    match = _DESCRIPTOR.fullmatch(text) if text.startswith(("/dev/", "/proc/")) else None
    if match is None or (
        text.startswith("/proc/") and text.split("/")[2] not in ("self", "thread-self", str(os.getpid()))
    ):
        return None
    return _STANDARD[match[1]] if match[1] else int(match[2])


def is_pipe(path: Path) -> bool:
    """Return True if a path means input that can be read only once: a pipe, a socket, or a file without a name.

    Raises StoreError for a path such as `/dev/fd/63` if the descriptor is not open.
    """
    number = descriptor_of(path)
    if number is None:
        with contextlib.suppress(OSError, ValueError):
            return stat.S_ISFIFO(os.stat(path).st_mode)
        return False
    status = _status(path, number)
    if stat.S_ISREG(status.st_mode):  # a here-document (`<<`) is an unnamed file in some shells
        with contextlib.suppress(OSError):
            return not os.path.samestat(status, os.stat(os.path.realpath(path)))
        return True
    return stat.S_ISFIFO(status.st_mode) or stat.S_ISSOCK(status.st_mode)


def _status(path: Path, number: int) -> os.stat_result:
    """Return the status of the open descriptor `number`. Raise StoreError, naming `path`, if it is not open."""
    try:
        return os.fstat(number)
    except OSError as error:
        raise StoreError(f"{path} is not open", "the program that started watchlist did not pass it on") from error


def read_pipe(path: Path, limit: int) -> bytes:
    """Return the content of a pipe, read until its end without a time limit.

    Raises StoreError if the pipe can't be read or has more than `limit` bytes, and NotAFile if no process opens the
    other end of a named pipe.
    """
    number = descriptor_of(path)
    if number == 0:
        return _limited(path, sys.stdin.buffer.read(limit + 1), limit)
    try:
        descriptor = os.dup(number) if number is not None else os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            return _limited(path, _read_to_end(path, descriptor, limit, has_writer=number is not None), limit)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise cannot("read", path, error) from error


def _read_to_end(path: Path, descriptor: int, limit: int, *, has_writer: bool) -> bytes:
    """Return the content of a pipe. Reading stops as soon as more than `limit` bytes were read.

    Args:
        has_writer: True if a process has the other end open. If False, wait for a process up to OTHER_END_SECONDS, then
            raise NotAFile.
    """
    data, deadline = bytearray(), time.monotonic() + OTHER_END_SECONDS
    while len(data) <= limit:
        try:
            chunk = os.read(descriptor, _CHUNK_BYTES)
        except BlockingIOError:  # a writer has the pipe open, but has written nothing yet
            has_writer = True
            select.select([descriptor], [], [])
            continue
        if chunk:
            has_writer = True
            data += chunk
        elif has_writer:
            break
        elif time.monotonic() > deadline:
            problem = "is not a regular file but a pipe that no program writes to"
            raise NotAFile(f"{path} {problem}", "start the program that writes first, or name a file")
        else:
            time.sleep(_POLL_SECONDS)
    return bytes(data)


def is_sink(path: Path) -> bool:
    """Return True if a path means an output to write to directly: an open descriptor, a pipe or /dev/null.

    Raises StoreError for a path such as `/dev/fd/63` if the descriptor is not open.
    """
    number = descriptor_of(path)
    if number is not None:
        _status(path, number)
        return True
    with contextlib.suppress(OSError, ValueError):
        status = os.stat(path)
        return stat.S_ISFIFO(status.st_mode) or (
            stat.S_ISCHR(status.st_mode) and os.path.samestat(status, os.stat(os.devnull))
        )
    return False


def write_sink(path: Path, data: bytes) -> None:
    """Write `data` to an open descriptor, a pipe or /dev/null. On a terminal, control characters are made visible.

    Raises StoreError if writing fails, or if the reader ends before all data is written.
    """
    number = descriptor_of(path)
    try:
        descriptor = os.dup(number) if number is not None else os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        try:
            if os.isatty(descriptor):
                data = safe(data.decode("utf-8", "replace"), lines=True).encode("utf-8", "replace")
            view = memoryview(data)
            while view:
                try:
                    view = view[os.write(descriptor, view) :]
                except BlockingIOError:
                    select.select([], [descriptor], [])
        finally:
            os.close(descriptor)
    except BrokenPipeError as error:
        hint = "only a part of it arrived; start the reader again, or name a file"
        raise StoreError(f"can't write {path}: the program that reads from it has ended", hint) from error
    except OSError as error:
        if error.errno == errno.ENXIO:
            problem = "is not a regular file but a pipe that no program reads from"
            raise NotAFile(f"{path} {problem}", "start the program that reads first, or name a file") from error
        raise cannot("write", path, error) from error


def cannot(verb: str, file: Path, error: OSError) -> StoreError:
    """Return the error for a failed system call, e.g. `can't read list.toml: Permission denied (EACCES)`.

    Args:
        verb: The operation that failed, e.g. `read` or `write`.
    """
    return StoreError(f"can't {verb} {file}: {why(error)}", _ERRNO_HINTS.get(error.errno or 0, ""))


def why(error: BaseException) -> str:
    """Return the reason of an OSError, e.g. `No space left on device (ENOSPC)`; for other errors, the name of their class."""
    if not isinstance(error, OSError):
        return type(error).__name__
    name = errno.errorcode.get(error.errno or 0, "")
    return f"{error.strerror or error}" + (f" ({name})" if name else "")
