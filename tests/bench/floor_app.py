"""The least that a Textual app can cost: the floors that the interface is measured against. Argument: which one."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import Footer, Input, OptionList, Static

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


class Line(App[None]):
    """One Input."""

    def compose(self) -> ComposeResult:
        yield Input()


class Options(App[None]):
    """An OptionList of 100 rows."""

    def compose(self) -> ComposeResult:
        yield OptionList(*(f"option {number}" for number in range(100)))


if __name__ == "__main__":
    {"empty": Empty, "input": Line, "options": Options}[sys.argv[1]]().run()
