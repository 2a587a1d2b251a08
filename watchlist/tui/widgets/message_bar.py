"""MessageBar: the line above the footer with messages about changes, warnings and errors, each with a hint."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len
from textual.geometry import Size
from textual.timer import Timer

from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.tui.widgets.line_widget import LineStatic, LineWidget, Words
from watchlist.tui.widgets.list_columns import fit, steady

Tone = Literal["info", "done", "warning", "error"]
SECONDS = 10.0  # duration of "info" and "done" messages; warnings and errors stay until the next user action
MOST_LINES = 3  # maximum number of lines of a warning or an error
GAP = "   "  # between message and hint


class MessageBar(LineWidget):
    """The bar of messages. "info" and "done" messages are cut to one line; the hint, e.g. a key, is cut last.

    Warnings and errors are wrapped if the screen is high enough, because users need the whole text.
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
        self._standing: dict[str, str] = {}  # messages about lasting problems, by subject

    def say(self, text: str, hint: str = "", tone: Tone = "done", *, style: DisplayStyle = STARS) -> None:
        """Show a message until the next one. Messages with the tone "info" or "done" disappear after SECONDS."""
        self._text, self._hint, self._tone, self._style = text, hint, tone, style
        if self._timer is not None:
            self._timer.stop()
        passing = text and tone in ("info", "done")
        self._timer = self.set_timer(SECONDS, self.clear) if passing else None
        self.refresh(layout=len(self._lines(self.size.width)) != self.size.height)

    def is_news(self, subject: str, text: str) -> bool:
        """Record `text` as the current problem of a `subject`, e.g. `file`. Return True if it is new and must be shown.

        An empty text means that the problem is solved. If its message is still visible, it is removed.
        """
        before, self._standing[subject] = self._standing.get(subject, ""), text
        if before and not text and self.text == before:
            self.clear()
        return bool(text) and text != before

    def forget(self) -> None:
        """Remove the message, and treat lasting problems as new when they are reported again."""
        self._standing.clear()
        self.clear()

    def has_room(self, text: str, hint: str) -> bool:
        """Return True if a warning or error with this text and hint would be visible without being cut."""
        from textual.content import Content

        lines = Content(f"{glyphs(self._style).times} {steady(text)}{GAP}{steady(hint)}").wrap(max(1, self.size.width))
        return len(lines) <= min(MOST_LINES, self.app.size.height // 5)

    def clear(self) -> None:
        """Remove the message."""
        self.say("")

    @property
    def text(self) -> str:
        """The visible message, without its hint; empty if there is none."""
        return self._text

    @property
    def is_error(self) -> bool:
        """True if an error is visible. News of another program's change does not replace it."""
        return bool(self._text) and self._tone == "error"

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def draw(self) -> list[LineStatic]:
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
        """Return the glyph `sign`, message and hint as at most `most` lines of `width` cells. The last line may be cut."""
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
