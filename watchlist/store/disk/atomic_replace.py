"""Replaces the list file only if it still contains the bytes that were read, so that other programs lose no data."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from watchlist.errors import StoreError
from watchlist.store.disk import file_io, linux_rename
from watchlist.store.disk.file_io import InPlace, WriteStrategy, changed

Keep = Callable[[bytes], object]  # called with bytes that would otherwise be lost


def swap(
    file: Path,
    old: bytes | None,
    data: bytes,
    in_place: InPlace | None = None,
    *,
    keep: Keep,
    force_readonly: bool = False,
) -> str:
    """Replace the content of a file, if it still is `old`, and wait until the data is on disk.

    Args:
        file: A real path.
        old: The expected content; None if the file must not exist.
        data: The new content.
        in_place: A context manager around overwriting a file that can't be replaced by a rename; None for no action. When
            it ends, the new bytes are on disk, or the old ones again; after PartialWriteError, a mixture.
        keep: Called with bytes that another program wrote at the same time, to back them up.
        force_readonly: If True, write a file even if it is marked read-only.

    Returns:
        A notice for the user if the file was written in place because its folder is not writable; else an empty text.

    Raises:
        ConcurrentChangeError: The file has other content.
        StoreError: The file can't be written.
    """

    def check() -> None:
        if file_io.read(file) != old:
            raise changed(file)

    def commit(temporary: Path) -> None:
        _commit(temporary, file, old, data, check, keep)

    return file_io.put(file, data, WriteStrategy(check, commit, in_place or nullcontext(), force_readonly))


def _commit(temporary: Path, file: Path, old: bytes | None, data: bytes, check: Callable[[], None], keep: Keep) -> None:
    """Compare and swap: exchange the temporary file with `file`, and exchange back if `file` did not contain `old`.

    Another program can write the file between a comparison and a rename, and the rename would destroy its data. So the
    two files are exchanged, and the displaced file is read before it is removed. If its content is not `old`, the files
    are exchanged again until the displaced file contains `data`; the caller then starts over with the file as it is. A
    crash in between leaves a temporary file, whose content `crash_recovery.sweep` backs up. If the system can't
    exchange two files in one step (see `linux_rename`), `check` compares the file before the rename.

    Raises:
        ConcurrentChangeError: The file did not contain `old`.
    """
    own_status, disposable = file_io.signature(temporary), False  # True if the content of `temporary` is known
    current_bytes, displaced_bytes = data, old
    try:
        if old is not None and _size(file) != len(old):  # avoids an exchange that would be reversed
            raise changed(file)
        while True:
            disposable = False
            is_supported = linux_rename.move(temporary, file) if old is None else linux_rename.trade(temporary, file)
            if not is_supported:
                check()
                file_io.rename(temporary, file)
            if old is None or not is_supported:
                file_io.sync_folder(file.parent)
                return
            try:
                removed_bytes = _read_displaced(temporary)
                if removed_bytes == displaced_bytes and current_bytes == data:
                    status = file_io.signature(temporary)
                    file_io.sync_folder(file.parent)
                    # A program that was just opening the file had time to write; reading again takes a while.
                    if file_io.signature(temporary) != status or linux_rename.is_open_for_writing(temporary):
                        removed_bytes = _read_displaced(temporary)
            except (StoreError, OSError) as error:  # the content is unknown
                linux_rename.trade(temporary, file)
                raise changed(file) from error
            disposable = removed_bytes in (old, data)
            if removed_bytes == displaced_bytes:
                break
            displaced_bytes, current_bytes = current_bytes, removed_bytes
        if current_bytes != data:
            # A program that has read one of these texts may be about to overwrite the other one, so both are kept.
            for content in (displaced_bytes, current_bytes):
                if content != data:
                    keep(content)
            disposable = True
            raise changed(file)
    except (FileExistsError, FileNotFoundError) as error:  # another program created or removed the file
        raise changed(file) from error
    finally:
        if disposable or _is_known(temporary, own_status, old, data):
            _remove(temporary)


def _size(file: Path) -> int | None:
    """Return the size of a file in bytes; None if it can't be read."""
    with contextlib.suppress(OSError):
        return file.stat().st_size
    return None


def _read_displaced(temporary: Path) -> bytes:
    """Return the content of the displaced file, `temporary`, which was the list file until the exchange.

    If other programs have the file open for writing, wait until they close it, at most STEADY_SECONDS.

    Raises:
        StoreError, OSError: The displaced file can't be read, or is not a regular file.
    """
    deadline = time.monotonic() + file_io.STEADY_SECONDS
    while linux_rename.is_open_for_writing(temporary) and time.monotonic() < deadline:
        time.sleep(file_io.POLL_SECONDS)
    data = None if stat.S_ISLNK(os.lstat(temporary).st_mode) else file_io.read(temporary)
    if data is None:
        raise StoreError(f"{temporary} is no file", "try again")
    return data


def _is_known(temporary: Path, own_status: tuple[int, int, int] | None, *texts: bytes | None) -> bool:
    """Return True if a temporary file is unchanged since this program wrote it, or if its content is one of `texts`.

    None among `texts` stands for a missing file. `own_status` is (modification time in ns, size in bytes, inode) of the
    file directly after this program wrote it; None if unknown.
    """
    with contextlib.suppress(StoreError):
        return (own_status is not None and file_io.signature(temporary) == own_status) or file_io.read(
            temporary
        ) in texts
    return False


def _remove(temporary: Path) -> None:
    """Remove a temporary file, unless another program has it open for writing. A later change then removes it."""
    for _ in range(2):  # a failure may be temporary
        with contextlib.suppress(OSError):
            if not linux_rename.is_open_for_writing(temporary):
                temporary.unlink(missing_ok=True)
            return
