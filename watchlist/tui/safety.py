"""The last thing that every line on its way to the terminal goes through: no control character leaves the program.

Widgets make user text safe before they measure it where its looks matter. This filter holds for everything else too:
Textual's own widgets, inputs, Markdown, tracebacks.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

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
