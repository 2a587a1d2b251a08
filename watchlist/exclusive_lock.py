"""Exclusive locks on files between processes of this program, and of others that use filelock."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)  # the file system has no locks
POLL_SECONDS = 0.05  # time between two attempts to get the lock
_MODE = 0o600


if sys.platform == "win32":

    def exclusive(path: Path, timeout: float) -> AbstractContextManager[object]:
        """Return a context manager that holds the lock `path`. Waiting for `timeout` seconds raises TimeoutError."""
        from filelock import FileLock  # slow to import (asyncio); commands that only read take no lock

        # A soft lock, which is the mere existence of a file, would outlive a crash.
        return FileLock(path, timeout=timeout, mode=_MODE, fallback_to_soft=False)

    def is_held(path: Path) -> bool:
        """Return True if a process holds the lock `path`; False also if that can't be found out."""
        if not os.path.lexists(path):
            return False
        try:
            with exclusive(path, 0):
                return False
        except TimeoutError:
            return True
        except OSError:
            return False

else:
    import fcntl

    @contextlib.contextmanager
    def exclusive(path: Path, timeout: float) -> Iterator[None]:
        """Hold the lock `path` in the `with` block. Waiting for `timeout` seconds raises TimeoutError.

        This is the same lock as that of filelock (see flock(2)), whose import takes as long as the rest of a small change.
        """
        end = time.monotonic() + timeout
        while (file := _locked_file(path)) is None:
            if time.monotonic() >= end:
                raise TimeoutError(errno.ETIMEDOUT, "the lock is held by another process", str(path))
            time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            os.close(file)  # releases the lock

    def _locked_file(path: Path) -> int | None:
        """Return the descriptor of the lock file once it is locked; None if another process holds the lock."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW
        file = os.open(path, flags, _MODE)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(file).st_nlink:
                return file
        except BlockingIOError:
            pass
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # it is locked, or was deleted, so that others would lock another file
        return None

    def is_held(path: Path) -> bool:
        """Return True if a process holds the lock `path`; False also if that can't be found out. The file is not created.

        This takes a shared lock for a moment, so that another process can fail to get the lock if it does not wait at all.
        """
        try:
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            return isinstance(error, BlockingIOError)
        finally:
            os.close(file)
        return False
