"""A lock file that prevents two processes of this program from changing a file at the same time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from watchlist.checked_open import cannot
from watchlist.errors import StoreError
from watchlist.exclusive_lock import NO_LOCKS, exclusive
from watchlist.store.disk import lock_holder
from watchlist.store.disk.folders import make_private_folder

LOCK_SECONDS = 10.0  # maximum wait for a lock that another process holds
NOT_LOCKED = "locks don't work in {}: other writers are detected only by the content of the file"


@contextlib.contextmanager
def locked(lock: Path, seconds: float | None = None) -> Iterator[str]:
    """Hold a lock file in the `with` block. Yields a warning for the user, or an empty text.

    The warning says that the file system does not support locks. The file is then protected only by comparing its
    content before a change.

    Args:
        lock: The path of the lock file. Its folder is created if missing.
        seconds: How long to wait for another process; None for LOCK_SECONDS.

    Raises:
        StoreError: Another process still holds the lock after that time (the message names the process), or the lock
            file can't be opened.
    """
    make_private_folder(lock.parent)
    holder, warning = lock.with_suffix(".holder"), ""
    timeout = LOCK_SECONDS if seconds is None else seconds
    file_lock = contextlib.ExitStack()
    try:
        file_lock.enter_context(exclusive(lock, timeout))
    except TimeoutError as error:
        raise StoreError(
            f"the list is locked by {lock_holder.describe(holder)}", "try again when it is done"
        ) from error
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise cannot("lock", lock, error) from error
        warning = NOT_LOCKED.format(lock.parent)
    try:
        if not warning:
            lock_holder.sign(holder)
        yield warning
    finally:
        if not warning:
            lock_holder.clear(holder)
        with contextlib.suppress(OSError):  # the work under the lock is done already
            file_lock.close()
