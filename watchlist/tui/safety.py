"""What comes from the terminal and what goes there: no control character leaves the program, and none of a paste is a key.

Widgets make user text safe before they measure it where its looks matter. The filter holds for everything else too:
Textual's own widgets, inputs, Markdown, tracebacks.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual._xterm_parser import XTermParser
from textual.color import Color
from textual.filter import LineFilter
from textual.message import Message

from watchlist.safe import safe


class ControlFilter(LineFilter):
    """Makes controls visible, in as many cells as the line had before."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line with each control as a glyph of one cell. Blanks right of it give way, else the line's end."""
        if all(text.isprintable() and not _has_bad_link(style) for text, style, _ in segments):
            return segments
        length = sum(cell_len(segment.text) for segment in segments)
        result, owed = [], 0  # cells that the line has grown by so far
        for text, style, control in segments:
            clean = safe(text)
            owed += cell_len(clean) - cell_len(text)
            blanks = len(clean) - len(clean.rstrip(" "))
            if (spare := min(owed, blanks - 1)) > 0:
                clean, owed = clean[:-spare], owed - spare
            if style is not None and _has_bad_link(style):
                style = style.update_link(None)
            result.append(Segment(clean, style, control))
        return Segment.adjust_line_length(result, length) if owed else result


def _has_bad_link(style: Style | None) -> bool:
    """Whether the style's address could break out of the escape sequence that carries it."""
    return style is not None and style.link is not None and not style.link.isprintable()


START, END = "\x1b[200~", "\x1b[201~"  # of what is pasted, as terminals mark it


class PasteParser(XTermParser):
    """Textual's parser takes an escape sequence within a paste for keys: `E` and `q` of pasted text would act."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasting = False
        self._held = ""  # what may be the beginning of the end of the paste

    def feed(self, data: str) -> Iterable[Message]:
        """Messages for what was typed and pasted; an empty text says that no more comes."""
        text = self._disarmed(data)
        return super().feed(text) if text or not data else ()

    def _disarmed(self, data: str) -> str:
        """The same with each escape within a paste as a sign that is seen."""
        rest, done = self._held + data, ""
        self._held = ""
        while rest:
            before, mark, after = rest.partition(END if self._pasting else START)
            if self._pasting and not mark:
                kept = next((n for n in range(len(END) - 1, 0, -1) if before.endswith(END[:n])), 0)
                before, self._held = before[: len(before) - kept], before[len(before) - kept :]
            done += (before.replace("\x1b", safe("\x1b")) if self._pasting else before) + mark
            self._pasting ^= bool(mark)
            rest = after
        return done
