"""TaskProgress: the progress of a long task and the request to stop it, shared by its thread and the interface."""

from __future__ import annotations

from watchlist.errors import WatchlistError


class Cancelled(WatchlistError):
    """Raised in the thread of a task that the user has stopped."""


class TaskProgress:
    """The progress of a task: `done` of `total` steps; `total` is 0 while the number of steps is unknown.

    `reach` and `advance` may be called from any thread, as often as needed. Set `cancelled` to stop the task.
    """

    def __init__(self, total: int = 0) -> None:
        self.total, self.done, self.cancelled = total, 0, False

    def reach(self, done: int, total: int | None = None) -> None:
        """Report that `done` of `total` steps (None: as before) are done. Raise Cancelled if the user stopped the task."""
        self.done, self.total = done, self.total if total is None else total
        if self.cancelled:
            raise Cancelled("Stopped; nothing was changed")

    def advance(self, steps: int = 1) -> None:
        """Report that `steps` more steps are done. Raise Cancelled if the user has stopped the task."""
        self.reach(self.done + steps)
