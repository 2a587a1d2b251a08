"""What the tests of this folder share: a folder with a list of its own, warm children, work spread over processes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn, TypeVar

from watchlist.paths import Paths
from watchlist.store.library import Library

T = TypeVar("T")


@contextmanager
def a_folder() -> Iterator[Path]:
    """Gone afterwards: ten thousand of them are not to be kept."""
    folder = Path(tempfile.mkdtemp(prefix="trust-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def opened(folder: Path, name: str = "list.toml") -> Library:
    """The list in a folder, as a process sees it that starts now."""
    file = folder / name
    return Library.open(file, Paths(folder / "config.toml", file, folder / "state", folder / "cache"))


def temporary(folder: Path) -> list[Path]:
    """What a save that was broken off left beside the list."""
    return sorted(folder.glob(".*.tmp"))


def forked(act: Callable[[], object]) -> int:
    """A child that does this and ends, with 0 where nothing was raised; its process id. No interpreter is started."""
    sys.stdout.flush()
    child = os.fork()
    return child or _do(act)


def _do(act: Callable[[], object]) -> NoReturn:
    code = 1
    try:
        act()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def spread(work: Callable[[int, int], T], count: int, *, waits: bool = False) -> list[T]:
    """`work(start, end)` over all numbers below `count`, cut into parts for as many processes as there are cores.

    With `waits`, there are three times as many: the work is mostly to wait for other programs.
    """
    edges = range(0, count, max(1, min(1000, count // 4)))
    parts = pairwise([*edges, count])
    with ProcessPoolExecutor((os.cpu_count() or 1) * (3 if waits else 1), get_context("fork")) as pool:
        return [done.result() for done in [pool.submit(work, *part) for part in parts]]
