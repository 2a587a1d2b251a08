"""The least that a Textual app can cost: the floors that the interface is measured against. Argument: which one."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Label, OptionList, Static

WAITING = "nothing but this line"


class Empty(App[None]):
    """One Static, one Footer; a key counts."""

    BINDINGS = [("x", "count", "Count")]
    counted = 0

    def compose(self) -> ComposeResult:
        yield Static(WAITING)
        yield Footer()

    def action_count(self) -> None:
        self.counted += 1
        self.query_one(Static).update(f"counted {self.counted}")


class Question(ModalScreen[None]):
    """One Label, one Input."""

    BINDINGS = [("escape", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        yield Label("a modal")
        yield Input()


class Modal(Empty):
    """The empty app; a key opens a question over it."""

    BINDINGS = [("m", "ask", "Ask")]

    def action_ask(self) -> None:
        self.push_screen(Question())


class Line(App[None]):
    """One Input."""

    def compose(self) -> ComposeResult:
        yield Input()


class Options(App[None]):
    """An OptionList of 100 rows."""

    def compose(self) -> ComposeResult:
        yield OptionList(*(f"option {number}" for number in range(100)))


if __name__ == "__main__":
    {"empty": Empty, "input": Line, "modal": Modal, "options": Options}[sys.argv[1]]().run()
