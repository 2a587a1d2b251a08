"""What Linux can do with two names in one step, and Python has no name for: what is written over is not gone before it
was seen. Elsewhere, and on file systems that don't know it, nothing is done here and said to be so."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_HERE = -100  # AT_FDCWD
_NOT_OVER, _EXCHANGE = 1, 2  # RENAME_NOREPLACE, RENAME_EXCHANGE
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def trade(one: Path, other: Path) -> bool:
    """Let two files have each other's name; whether that is possible here. OSError where it fails."""
    return _renamed(one, other, _EXCHANGE)


def move(source: Path, target: Path) -> bool:
    """Rename a file to what no file is called; whether that is possible here. FileExistsError where one is."""
    return _renamed(source, target, _NOT_OVER)


def _renamed(source: Path, target: Path, how: int) -> bool:
    call = _call()
    if call is None:
        return False
    code = call(_HERE, os.fsencode(source), _HERE, os.fsencode(target), how)
    if code in _UNKNOWN:
        return False
    if code:
        raise OSError(code, os.strerror(code), str(source), None, str(target))
    return True


@functools.cache
def _call() -> Callable[..., int] | None:
    """renameat2, giving its errno or 0; None where there is none."""
    if sys.platform != "linux":
        return None
    try:
        import ctypes  # who only reads does not wait for it

        call: Any = ctypes.CDLL(None, use_errno=True).renameat2
    except (ImportError, OSError, AttributeError):
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return lambda *words: 0 if call(*words) == 0 else ctypes.get_errno()


def is_open_for_writing(file: Path) -> bool:
    """Whether a process has it open and may still write into it, by whatever name. False where that can't be told."""
    if sys.platform != "linux":
        return False
    from fcntl import F_RDLCK, F_SETLEASE, F_SETSIG, fcntl

    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        # A lease to read is given where nobody writes, and ends with the descriptor. Who opens the file in between is
        # told of by a signal: by one that does nothing, where the usual one ends the process.
        fcntl(descriptor, F_SETSIG, signal.SIGURG)
        fcntl(descriptor, F_SETLEASE, F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    return False
