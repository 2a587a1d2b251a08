"""The line above the footer: what was just changed, and which key takes it back. What went wrong may take more lines."""

from __future__ import annotations

from typing import Literal

from textual.content import Content
from textual.geometry import Size
from textual.timer import Timer
from textual.widget import Widget

from watchlist.glyphs import glyphs
from watchlist.ratings import STARS, Style
from watchlist.tui.widgets.columns import fit, steady
from watchlist.tui.widgets.looks import look

Tone = Literal["info", "done", "warning", "error"]
SECONDS = 10.0  # that what was done is said; what went wrong stays until something else is said
MOST_LINES = 3


class MessageBar(Widget):
    """Plain text. What was done takes one line and is cut; the hint, which names a key, is cut last.

    Warnings and errors are wrapped where the screen has room: nobody can act on half a sentence.
    """

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
        height: auto;
        padding: 0 1;
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
        self.refresh(layout=len(self._lines(self.size.width)) != self.size.height)

    def clear(self) -> None:
        self.say("")

    @property
    def text(self) -> str:
        """What is being said, without the hint."""
        return self._text

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        if not self._text or width < 1:
            return [Content()]
        hint = Content.styled(steady(self._hint), look(self, "message-bar--hint"))
        most = min(MOST_LINES, self.app.size.height // 5)
        if self._tone in ("info", "done") or most < 2:
            return [self._one_line(hint, width)]
        whole = Content.assemble(self._styled(steady(self._text)), "   " if hint else "", hint)
        lines = list(whole.wrap(width))
        return (
            lines if len(lines) <= most else [*lines[: most - 1], Content("").join(lines[most - 1 :]).truncate(width)]
        )

    def _one_line(self, hint: Content, width: int) -> Content:
        text = self._styled(steady(self._text))
        if text.cell_length + (hint.cell_length + 3 if hint else 0) > width:
            room = width - (hint.cell_length + 3 if hint else 0)
            if room < 8 or hint.cell_length > width // 2:
                hint, room = Content(), width
            sign = self._styled("").cell_length
            text = self._styled(fit(self._text, max(1, room - sign), self._style).rstrip())
        return Content.assemble(text, "   " if hint else "", hint)

    def _styled(self, text: str) -> Content:
        signs = glyphs(self._style)
        sign = {"warning": f"{signs.wrong} ", "error": f"{signs.times} "}.get(self._tone, "")
        return Content.styled(sign + text, look(self, f"message-bar--{self._tone}"))
