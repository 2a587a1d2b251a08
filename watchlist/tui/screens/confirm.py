"""A question with two answers. Asked only where something typed would be lost or something there be replaced."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist.tui.screens.dialog import Dialog, Hints

T = TypeVar("T")


class Confirm(Dialog[bool]):
    """True for `yes` (`y` or enter), False for `no` (`n` or esc); never None."""

    BINDINGS = [Binding("y,enter", "yes", show=False), Binding("n,escape", "no", show=False)]
    DEFAULT_CSS = """
    Confirm > #box { width: auto; }
    Confirm #question { width: auto; max-width: 64; height: auto; }
    Confirm.-narrow > #box, Confirm.-narrow #question { width: 100%; }
    """

    def __init__(self, question: str, yes: str = "yes", no: str = "no", *, heading: str = "") -> None:
        super().__init__(heading)
        self._question, self._yes, self._no = question, yes, no

    def body(self) -> Iterable[Widget]:
        yield Static(Content(self._question), id="question")
        yield Hints(("y", self._yes, "yes"), ("n", self._no, "no"))

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)


class Keeping(Dialog[T]):
    """A dialog that loses nothing on esc: it asks where something was typed."""

    @property
    def is_changed(self) -> bool:
        """Whether there is something to lose."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        if self.is_changed:
            self._ask()
        else:
            self.dismiss(None)

    @work(exclusive=True)
    async def _ask(self) -> None:
        if await self.app.push_screen_wait(Confirm("Discard what you typed?", "discard", "keep editing")):
            self.dismiss(None)
