"""CrashSafeApp: an app that ends cleanly after an exception or when the terminal is gone.

Without this class, Textual prints a traceback with the values of local variables, i.e. parts of the user's list, and
its writer thread fails with an exception when the terminal is gone.

Private names in use: `App._handle_exception`, `App._exception`, `App._exception_event`, and the queue of
`WriterThread`. If one of them is missing, Textual's own handling remains.
"""

from __future__ import annotations

import os
import threading
from typing import Any, TypeVar

from rich.console import RenderableType
from textual.app import App
from textual.css.query import NoMatches
from textual.widget import MountError
from textual.worker import WorkerFailed

T = TypeVar("T")


class CrashSafeApp(App[T]):
    """An app that prints nothing when it fails. Its caller reports the exception, which is stored in `fault`."""

    fault: Exception | None = None
    exiting = False  # True after the first call of `exit`
    end_signal = 0  # the number of the first signal that asked the app to end; 0 if there was none

    def before_crash(self) -> None:
        """Save unsaved data. Called once before the app ends because of an exception; subclasses override this."""

    def exit(self, result: T | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        self.exiting = True
        super().exit(result, return_code, message)

    def fail(self, error: Exception) -> None:
        """End the app because of `error`, with exit code 1. While the app ends, errors about missing widgets are ignored."""
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error  # the exception inside has the traceback of the cause
        if (self.exiting or not self.is_running) and isinstance(error, (NoMatches, MountError)):
            return  # caused by a worker that still runs although its widgets are removed
        if self.fault is None:
            self.fault = error
            self.before_crash()
        if (event := getattr(self, "_exception_event", None)) is not None:  # `run_test` waits for this event
            self._exception = self.fault
            event.set()
        self.exit(return_code=1)

    def _handle_exception(self, error: Exception) -> None:
        self.fail(error)


def is_lost_terminal(thread: threading.Thread | None, error: BaseException | None) -> bool:
    """Return True if `thread` is Textual's writer thread, and `error` ended it because the terminal is gone."""
    return type(thread).__name__ == "WriterThread" and isinstance(error, OSError)


def discard_output(writer: Any) -> None:
    """Discard all output until the app ends, so that drawing does not block on a full queue.

    Args:
        writer: Textual's writer thread after its failure. Must be called in that thread.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), writer.fileno())
    if (queue := getattr(writer, "_queue", None)) is not None:
        while queue.get() is not None:
            pass
