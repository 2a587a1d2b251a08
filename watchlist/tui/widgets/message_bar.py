"""The line above the footer: what was just changed, and which key takes it back. What went wrong may take more lines."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len
from textual.geometry import Size
from textual.timer import Timer

from watchlist.glyphs import glyphs
from watchlist.ratings import STARS, Style
from watchlist.tui.widgets.columns import fit, steady
from watchlist.tui.widgets.looks import Drawn, Line, Words

Tone = Literal["info", "done", "warning", "error"]
SECONDS = 10.0  # that what was done is said; what went wrong stays until something else is said
MOST_LINES = 3
GAP = "   "  # between what is said and the hint


class MessageBar(Drawn):
    """Plain text. What was done takes one line and is cut; the hint, which names a key, is cut last.

    Warnings and errors are wrapped where the screen has room: nobody can act on half a sentence.
    """

    DEFAULT_CSS = "MessageBar { height: auto; padding: 0 1; background: $surface; }"
    GROUND = "surface"
    LOOKS = {
        "info": ("foreground", False, ""),
        "done": ("text-success", False, ""),
        "warning": ("text-warning", False, ""),
        "error": ("text-error", False, ""),
        "hint": ("text-muted", False, ""),
    }

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

    def draw(self) -> list[Line]:
        return [self.line(words) for words in self._lines(self.size.width)]

    def _lines(self, width: int) -> list[Words]:
        if not self._text or width < 1:
            return [[]]
        sign = {"warning": f"{glyphs(self._style).wrong} ", "error": f"{glyphs(self._style).times} "}.get(
            self._tone, ""
        )
        most = min(MOST_LINES, self.app.size.height // 5)
        if self._tone in ("info", "done") or most < 2:
            return [self._one_line(sign, width)]
        return self._wrapped(sign, width, most)

    def _one_line(self, sign: str, width: int) -> Words:
        text, hint = sign + steady(self._text), steady(self._hint)
        beside = cell_len(hint) + len(GAP) if hint else 0
        if cell_len(text) + beside > width:
            if width - beside < 8 or cell_len(hint) > width // 2:
                hint, beside = "", 0
            text = sign + fit(self._text, max(1, width - beside - len(sign)), self._style).rstrip()
        return [(text, self._tone), (GAP * bool(hint) + hint, "hint")]

    def _wrapped(self, sign: str, width: int, most: int) -> list[Words]:
        """Line by line; what there is no room for is left out at the end."""
        from textual.content import Content

        text, hint = sign + steady(self._text), steady(self._hint)
        spaced = [line.plain for line in Content(f"{text}{GAP}{hint}" if hint else text).wrap(width)]
        lines = [*spaced[: most - 1], fit(" ".join(spaced[most - 1 :]), width, self._style).rstrip()]
        said, words = len("".join(text.split())), list[Words]()
        for line in lines if len(spaced) > most else spaced:
            at = next((n for n in range(len(line)) if len("".join(line[:n].split())) >= said), len(line))
            said -= len("".join(line.split()))
            words.append([(line[:at], self._tone), (line[at:], "hint")])
        return words
