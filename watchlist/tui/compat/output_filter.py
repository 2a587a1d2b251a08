"""ControlFilter: prevents control characters in titles, notes and links from reaching the terminal.

This program's own widgets sanitize user text before they measure its width. The filter covers everything else:
Textual's widgets, inputs, Markdown, tracebacks.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from watchlist.sanitize import safe


class ControlFilter(LineFilter):
    """A line filter that replaces control characters by visible glyphs and keeps the width of the line."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line `segments` with visible glyphs for control characters, and without links that contain some.

        To keep the width of the line, later blanks are dropped, or its end is cut.
        """
        if all(text.isprintable() and not _has_bad_link(style) for text, style, _ in segments):
            return segments
        length = sum(cell_len(segment.text) for segment in segments)
        result, owed = [], 0  # cells by which the line has grown so far
        for text, style, control in segments:
            clean = safe(text)
            grown = cell_len(clean) - cell_len(text)
            clean += " " * -grown  # `safe` drops e.g. soft hyphens, which have a cell
            owed += max(0, grown)
            blanks = len(clean) - len(clean.rstrip(" "))
            if (spare := min(owed, blanks - 1)) > 0:
                clean, owed = clean[:-spare], owed - spare
            if style is not None and _has_bad_link(style):
                style = style.update_link(None)
            result.append(Segment(clean, style, control))
        return Segment.adjust_line_length(result, length) if owed else result


def _has_bad_link(style: Style | None) -> bool:
    """Return True if a style's link contains characters that could end its escape sequence."""
    return style is not None and style.link is not None and not style.link.isprintable()
