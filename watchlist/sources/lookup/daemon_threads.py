"""DaemonThreads: the threads of an event loop that do not keep the program from ending."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class DaemonThreads(ThreadPoolExecutor):
    """Runs each call in a thread of its own. Nobody waits for these threads: neither the end of the loop nor Python's.

    Event loops look up names in a thread, which can take half a minute without a network and can't be canceled. With
    `loop.set_default_executor(DaemonThreads())`, a look-up that was stopped ends at once. It is meant for loops that do
    nothing else: the end of the program may cut off whatever else runs in such a thread.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Call a function in a new thread. Return its future."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        Thread(target=run, daemon=True, name="name look-up").start()
        return future
