"""Linux system calls that `os` lacks: atomic exchange and no-replace rename (renameat2(2)), and a check for open writers.

On other systems, and on file systems without these calls, the functions do nothing and return False.
"""

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

_CURRENT_FOLDER = -100  # AT_FDCWD
_NO_REPLACE, _EXCHANGE = 1, 2  # RENAME_NOREPLACE, RENAME_EXCHANGE
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def trade(first: Path, second: Path) -> bool:
    """Exchange the names of two files atomically. Return False if the system can't do that. Raise OSError on failure."""
    return _renamed(first, second, _EXCHANGE)


def move(source: Path, target: Path) -> bool:
    """Rename a file to a path where no file exists. Return False if the system can't check that atomically.

    Raises:
        FileExistsError: A file exists at the path `target`.
        OSError: The rename failed.
    """
    return _renamed(source, target, _NO_REPLACE)


def _renamed(source: Path, target: Path, flags: int) -> bool:
    """Call renameat2(2) with `flags`. Return False if the system does not support the call or these flags."""
    call = _call()
    if call is None:
        return False
    code = call(_CURRENT_FOLDER, os.fsencode(source), _CURRENT_FOLDER, os.fsencode(target), flags)
    if code in _UNSUPPORTED:
        return False
    if code:
        raise OSError(code, os.strerror(code), str(source), None, str(target))
    return True


@functools.cache
def _call() -> Callable[..., int] | None:
    """Return a function that calls renameat2(2) and returns 0 or its error number. Return None on other systems."""
    if sys.platform != "linux":
        return None
    try:
        import ctypes  # slow to import, and only writing needs it

        call: Any = ctypes.CDLL(None, use_errno=True).renameat2
    except (ImportError, OSError, AttributeError):
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return lambda *words: 0 if call(*words) == 0 else ctypes.get_errno()


def is_open_for_writing(file: Path) -> bool:
    """Return True if any process has a file open for writing, under any of its names. Return False if this is unknown.

    A read lease (F_SETLEASE, fcntl(2)) is granted only if no process has the file open for writing.
    """
    if sys.platform != "linux":
        return False
    from fcntl import F_RDLCK, F_SETLEASE, F_SETSIG, fcntl  # these names exist on Linux only

    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        # The lease ends when the descriptor is closed. If a program opens the file before that, the kernel sends a
        # signal; the default one (SIGIO) would end this process, SIGURG is ignored.
        fcntl(descriptor, F_SETSIG, signal.SIGURG)
        fcntl(descriptor, F_SETLEASE, F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)
    return False
