"""A dialog with a yes-or-no question, e.g. before typed text is discarded or a file is replaced."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist.tui.dialogs.dialog import Dialog, Hints

T = TypeVar("T")


class ConfirmDialog(Dialog[bool]):
    """The dialog that returns True for y or enter, and False for n or esc. `yes` and `no` are the labels of the answers."""

    BINDINGS = [Binding("y,enter", "yes", show=False), Binding("n,escape", "no", show=False)]
    DEFAULT_CSS = """
    ConfirmDialog > #box { width: auto; }
    ConfirmDialog #question { width: auto; max-width: 64; height: auto; }
    ConfirmDialog.-narrow > #box, ConfirmDialog.-narrow #question { width: 100%; }
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
