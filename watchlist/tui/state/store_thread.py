"""The single thread that reads and writes the list, so that the interface never waits for a disk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 0.05  # maximum time in seconds that the event loop blocks for a task


T = TypeVar("T")


_THREAD = ThreadPoolExecutor(1, "store")


async def run_in_store(act: Callable[[], T]) -> T:
    """Run `act` in the store thread and return its result, so that a slow disk does not block the interface.

    The event loop first blocks for up to AT_ONCE seconds: on most disks, the next frame then shows the result.
    """
    return await start_in_store(act)


def start_in_store(act: Callable[[], T]) -> asyncio.Future[T]:
    """Start `act` in the store thread, wait for it for up to AT_ONCE seconds, and return the future of its result."""
    begun = _THREAD.submit(act)
    with contextlib.suppress(TimeoutError):
        begun.exception(AT_ONCE)
    return asyncio.wrap_future(begun)


def enqueue_store_task(act: Callable[[], object]) -> None:
    """Run `act` in the store thread after all queued tasks. The program does not end before `act` has run."""
    _THREAD.submit(act)
