"""KeyFooter: the last line of a screen, with hints for the most important keys as configured."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message

from watchlist.tui.widgets.line_widget import LineStatic, LineWidget
from watchlist.tui.widgets.list_columns import steady

KeyHint = tuple[str, str, str]  # (label of the key, word beside it, name of the action)


class KeyFooter(LineWidget):
    """A line of key hints. Hints that do not fit are omitted, from the right."""

    DEFAULT_CSS = "KeyFooter { height: 1; background: $panel; }"
    GROUND = "panel"
    LOOKS = {"key": ("text-accent", True, "")}

    class Pressed(Message):
        """Posted when a hint is clicked. `action` is the name of the action to run."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, hints: Sequence[KeyHint] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._hints = hints
        self._ends: list[int] = []  # the column after each visible hint, in cells

    def show_keys(self, hints: Sequence[KeyHint]) -> None:
        """Replace the hints, each a (label of the key, word beside it, name of the action)."""
        self._hints = hints
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        for end, (key, word, name) in zip(self._ends, self._hints, strict=False):
            if end - cell_len(f"{steady(key)} {steady(word)}") <= event.x < end:
                self.post_message(self.Pressed(name))

    def draw(self) -> list[LineStatic]:
        line, self._ends = self.line(), []
        for key, word, _ in self._hints:
            key, word, start = steady(key), f" {steady(word)}", line.cells + 2 if self._ends else 1
            if start + cell_len(key + word) > self.size.width:
                break
            line.blank_to(start)
            line.say(key, self.look("key"))
            line.say(word, self.look())
            self._ends.append(line.cells)
        return [line]
