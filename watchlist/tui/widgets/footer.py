"""The last line: the keys that matter most. It is given as data, so that it shows the keys as they are mapped."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message

from watchlist.tui.widgets.columns import steady
from watchlist.tui.widgets.looks import Drawn, Line

KeyHint = tuple[str, str, str]  # the key as people know it, the word beside it, the command's name


class KeyBar(Drawn):
    """One line of keys and words. What does not fit is left out from the right, whole."""

    DEFAULT_CSS = "KeyBar { height: 1; background: $panel; }"
    GROUND = "panel"
    LOOKS = {"key": ("text-accent", True, "")}

    class Pressed(Message):
        """A hint was clicked. `name` is the command's."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, hints: Sequence[KeyHint] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._hints = hints
        self._ends: list[int] = []  # of the hints that are shown, in cells

    def show_keys(self, hints: Sequence[KeyHint]) -> None:
        self._hints = hints
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        for end, (key, word, name) in zip(self._ends, self._hints, strict=False):
            if end - cell_len(f"{steady(key)} {steady(word)}") <= event.x < end:
                self.post_message(self.Pressed(name))

    def draw(self) -> list[Line]:
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
