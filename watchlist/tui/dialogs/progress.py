"""The dialog that shows the progress of a long task; esc stops the task."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from textual.app import App
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ProgressBar, Static

from watchlist.tui.dialogs.dialog import CANCEL, Dialog, Hints
from watchlist.tui.state.task_progress import TaskProgress

T = TypeVar("T")
SOON = 0.25  # seconds; work that ends sooner shows no progress bar


class ProgressDialog(Dialog[None]):
    """The dialog with a progress bar; esc asks the task to stop."""

    DEFAULT_CSS = """
    ProgressDialog > #box { width: 56; }
    ProgressDialog ProgressBar { width: 100%; }
    ProgressDialog Bar { width: 1fr; }
    ProgressDialog Bar > .bar--bar { color: $accent; background: $panel; }
    ProgressDialog Bar > .bar--complete { color: $success; }
    """

    def __init__(self, title: str, work: TaskProgress) -> None:
        super().__init__(title)
        self.work = work
        self._bar, self._count = ProgressBar(work.total, show_eta=False), Static(classes="muted")

    def body(self) -> Iterable[Widget]:
        yield self._bar
        yield self._count
        yield Hints(CANCEL)

    def on_mount(self) -> None:
        self._draw()
        self.set_interval(0.1, self._draw)

    def action_cancel(self) -> None:
        self.work.cancelled = True
        self._draw()

    def _draw(self) -> None:
        done, total = min(self.work.done, self.work.total), self.work.total
        self._bar.update(total=total, progress=done)
        text = "stopping" if self.work.cancelled else f"{done:,} of {total:,}"
        self._count.update(Content(text))


async def with_progress(app: App[Any], title: str, total: int, task: Callable[[Callable[[int], None]], T]) -> T:
    """Run `task` in a thread, with a progress bar if the task is slow, and return its result.

    Args:
        app: The app that shows the progress bar.
        title: The heading of the progress bar.
        total: The number of steps of the task.
        task: Called with a function that reports the number of finished steps.

    Raises:
        Cancelled: The user stopped the task. Other errors of the task are raised unchanged.
    """
    work = TaskProgress(total)
    return await show_while(app, title, work, asyncio.ensure_future(asyncio.to_thread(task, work.reach)))


async def show_while(app: App[Any], title: str, work: TaskProgress, running: asyncio.Future[T]) -> T:
    """Return the result of `running`, the future of a task. Show a progress bar if the task takes longer than SOON.

    No bar is shown while the total number of steps in `work` is 0. Errors of the task are raised unchanged.
    """
    done, _ = await asyncio.wait([running], timeout=SOON)
    if not done and work.total:
        screen = ProgressDialog(title, work)
        await app.push_screen(screen)
        try:
            await asyncio.wait([running])
        finally:
            work.cancelled = True  # if this coroutine is cancelled, the thread must stop too
            if screen.is_active:
                screen.dismiss(None)
    return await running
