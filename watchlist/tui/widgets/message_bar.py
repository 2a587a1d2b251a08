"""The line above the footer: what was just changed, and which key takes it back."""

from __future__ import annotations

from typing import Literal

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from watchlist.glyphs import glyphs
from watchlist.ratings import STARS, Style
from watchlist.tui.widgets.columns import fit, steady
from watchlist.tui.widgets.looks import look

Tone = Literal["info", "done", "warning", "error"]
SECONDS = 10.0  # that what was done is said; what went wrong stays until something else is said


class MessageBar(Widget):
    """One line of plain text. What does not fit is cut; the hint, which names a key, is cut last."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {
        "message-bar--info",
        "message-bar--done",
        "message-bar--warning",
        "message-bar--error",
        "message-bar--hint",
    }
    DEFAULT_CSS = """
    MessageBar {
        height: 1;
        background: $surface;
        color: $foreground;

        & > .message-bar--info { color: $foreground; }
        & > .message-bar--done { color: $text-success; }
        & > .message-bar--warning { color: $text-warning; }
        & > .message-bar--error { color: $text-error; }
        & > .message-bar--hint { color: $text-muted; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._text = self._hint = ""
        self._tone: Tone = "info"
        self._style = STARS
        self._timer: Timer | None = None

    def say(self, text: str, hint: str = "", tone: Tone = "done", *, style: Style = STARS) -> None:
        """Says it until something else is said; what is neither a warning nor an error goes after ten seconds."""
        self._text, self._hint, self._tone, self._style = text, hint, tone, style
        if self._timer is not None:
            self._timer.stop()
        passing = text and tone in ("info", "done")
        self._timer = self.set_timer(SECONDS, self.clear) if passing else None
        self.refresh()

    def clear(self) -> None:
        self.say("")

    @property
    def text(self) -> str:
        """What is being said, without the hint."""
        return self._text

    def render(self) -> Content:
        if not self._text:
            return Content()
        width = max(1, self.size.width - 2)
        signs = glyphs(self._style)
        sign = {"warning": f"{signs.wrong} ", "error": f"{signs.times} "}.get(self._tone, "")
        hint = Content(steady(self._hint))
        room = width - len(sign) - (hint.cell_length + 3 if hint else 0)
        if room < 8:
            hint, room = Content(), width - len(sign)
        text = Content(steady(self._text))
        if text.cell_length > room:
            text = Content(fit(self._text, max(1, room), self._style))
        return Content.assemble(
            " ",
            (sign + text.plain, look(self, f"message-bar--{self._tone}")),
            "   " if hint else "",
            (hint.plain, look(self, "message-bar--hint")),
        )
