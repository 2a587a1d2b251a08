"""A bar over long work: it says how far that is, and esc stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from textual.app import App
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ProgressBar, Static

from watchlist.errors import WatchlistError
from watchlist.tui.screens.dialog import CANCEL, Dialog, Hints

T = TypeVar("T")
SOON = 0.25  # seconds: work that is done by then shows no bar


class Cancelled(WatchlistError):
    """The user stopped it."""


class Progress(Dialog[None]):
    """How far `total` steps have come. `reach` and `advance` may be called from any thread, as often as one likes."""

    DEFAULT_CSS = """
    Progress > #box { width: 56; }
    Progress ProgressBar { width: 100%; }
    Progress Bar { width: 1fr; &> .bar--bar { color: $accent; background: $panel; } &> .bar--complete { color: $success; } }
    """

    def __init__(self, title: str, total: int) -> None:
        super().__init__(title)
        self.total, self.done, self.cancelled = total, 0, False

    def body(self) -> Iterable[Widget]:
        yield ProgressBar(self.total, show_eta=False)
        yield Static(id="count", classes="muted")
        yield Hints(CANCEL)

    def on_mount(self) -> None:
        self._draw()
        self.set_interval(0.1, self._draw)

    def reach(self, done: int) -> None:
        """So many steps are done. Raises Cancelled once the user has stopped it: the work ends there."""
        self.done = done
        if self.cancelled:
            raise Cancelled("Stopped; nothing was changed")

    def advance(self, steps: int = 1) -> None:
        """As `reach`, counted from where it is."""
        self.reach(self.done + steps)

    def action_cancel(self) -> None:
        self.cancelled = True
        self._draw()

    def _draw(self) -> None:
        self.query_one(ProgressBar).update(progress=min(self.done, self.total))
        said = "stopping" if self.cancelled else f"{self.done:,} of {self.total:,}"
        self.query_one("#count", Static).update(Content(said))


async def with_progress(app: App[Any], title: str, total: int, task: Callable[[Callable[[int], None]], T]) -> T:
    """Run `task` in a thread; it is given `reach` to say how far it is. Raises what it raises, Cancelled too.

    The bar opens only where the work takes longer than a moment.
    """
    screen = Progress(title, total)
    running = asyncio.ensure_future(asyncio.to_thread(task, screen.reach))
    done, _ = await asyncio.wait([running], timeout=SOON)
    if not done:
        await app.push_screen(screen)
        try:
            await asyncio.wait([running])
        finally:
            screen.cancelled = True  # where we are stopped ourselves, so is the thread
            if screen.is_active:
                screen.dismiss(None)
    return running.result()
