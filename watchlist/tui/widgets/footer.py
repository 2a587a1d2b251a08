"""The last line: the keys that matter most. It is given as data, so that it shows the keys as they are mapped."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from watchlist.tui.widgets.columns import steady
from watchlist.tui.widgets.looks import look

KeyHint = tuple[str, str, str]  # the key as people know it, the word beside it, the command's name


class KeyBar(Widget):
    """One line of keys and words. What does not fit is left out from the right, whole."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"key-bar--key"}
    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        background: $panel;
        color: $foreground;

        & > .key-bar--key { color: $text-accent; text-style: bold; }
    }
    """

    class Pressed(Message):
        """A hint was clicked. `name` is the command's."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, hints: Sequence[KeyHint] = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._hints = hints

    def show_keys(self, hints: Sequence[KeyHint]) -> None:
        self._hints = hints
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        name = event.style.meta.get("command")
        if isinstance(name, str):
            self.post_message(self.Pressed(name))

    def render(self) -> Content:
        line = Content(" ")
        for key, word, name in self._hints:
            hint = Content.assemble((steady(key), look(self, "key-bar--key")), f" {steady(word)}")
            hint = hint.stylize(Style.from_meta({"command": name}))
            longer = line + hint if len(line) == 1 else Content.assemble(line, "  ", hint)
            if longer.cell_length > self.size.width:
                break
            line = longer
        return line
