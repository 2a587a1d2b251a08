"""What was read is replaced, and nothing else: another program that writes the file at that very moment loses nothing."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from watchlist.errors import StoreError
from watchlist.store import exchange, files
from watchlist.store.files import InPlace, Way, changed

Keep = Callable[[bytes], object]


def swap(
    file: Path, old: bytes | None, data: bytes, in_place: InPlace | None = None, *, keep: Keep, forced: bool = False
) -> str:
    """`replace` what was read as `old`. Changed where the file holds something else by now.

    `in_place` is entered before a first byte is written over those of the file, where it can't be replaced; and left when
    all are on disk, or what was there is there again, or with Torn. What another program wrote there meanwhile is given to
    `keep`. A `forced` write is made though the file is marked read-only. Gives what `put`
    gives.
    """

    def check() -> None:
        if files.read(file) != old:
            raise changed(file)

    def commit(temporary: Path) -> None:
        _commit(temporary, file, old, data, check, keep)

    return files.put(file, data, Way(check, commit, in_place or nullcontext(), forced))


def _commit(temporary: Path, file: Path, old: bytes | None, data: bytes, check: Callable[[], None], keep: Keep) -> None:
    """Put the new file in place of what was read as `old`, and make sure that it was just that. Else Changed.

    Between the last look at a file and the rename over it another program can write it, and a rename that only replaces
    would be the end of that. So the two trade places, and what comes out is read before it goes. If it is not what was
    read it goes back where it was, at once and by trading again, until what comes out is what was put in; then the caller
    begins anew on it. A crash in the midst of this leaves a temporary file, and `rescue.sweep` keeps what is in it.
    Only where files can't trade places the look before is what counts, and all of the file is read for it.
    """
    ours, spare = files.signature(temporary), False  # whether nobody needs what came out
    inside, there = data, old
    try:
        if old is not None and _size(file) != len(old):  # it would come out and go back
            raise changed(file)
        while True:
            spare = False
            possible = exchange.move(temporary, file) if old is None else exchange.trade(temporary, file)
            if not possible:
                check()
                files.rename(temporary, file)
            if old is None or not possible:
                files.sync_folder(file.parent)
                return
            try:
                out = _let_go(temporary)
                if out == there and inside == data:
                    seen = files.signature(temporary)
                    files.sync_folder(file.parent)
                    # Who was just opening it had the time to write; it takes a while to read a long list once more.
                    if files.signature(temporary) != seen or exchange.is_open_for_writing(temporary):
                        out = _let_go(temporary)
            except (StoreError, OSError) as error:  # it can't be told from what was there
                exchange.trade(temporary, file)
                raise changed(file) from error
            spare = out in (old, data)
            if out == there:
                break
            there, inside = inside, out
        if inside != data:
            # Who read the one of them may just be writing over the other.
            for text in (there, inside):
                if text != data:
                    keep(text)
            spare = True
            raise changed(file)
    except (FileExistsError, FileNotFoundError) as error:  # it came, or it went
        raise changed(file) from error
    finally:
        if spare or _is_known(temporary, ours, old, data):
            _remove(temporary)


def _size(file: Path) -> int | None:
    with contextlib.suppress(OSError):
        return file.stat().st_size
    return None


def _let_go(temporary: Path) -> bytes:
    """What is in a file that had the list's name until now, when nobody who opened it by that name writes any more.

    Somebody may keep it open all day: that is not waited for.
    """
    until = time.monotonic() + files.STEADY_SECONDS
    while exchange.is_open_for_writing(temporary) and time.monotonic() < until:
        time.sleep(files.PAUSE)
    data = None if stat.S_ISLNK(os.lstat(temporary).st_mode) else files.read(temporary)
    if data is None:
        raise StoreError(f"{temporary} is no file", "try again")
    return data


def _is_known(temporary: Path, ours: tuple[int, int, int] | None, *texts: bytes | None) -> bool:
    """Whether a file is the one that was written here, as it was then, even where it can't be read; or holds one of these."""
    with contextlib.suppress(StoreError):
        return (ours is not None and files.signature(temporary) == ours) or files.read(temporary) in texts
    return False


def _remove(temporary: Path) -> None:
    """Remove a file, unless somebody still may write into it: then `rescue.sweep` looks at it again."""
    for _ in range(2):  # what fails once need not fail twice
        with contextlib.suppress(OSError):
            if not exchange.is_open_for_writing(temporary):
                temporary.unlink(missing_ok=True)
            return
