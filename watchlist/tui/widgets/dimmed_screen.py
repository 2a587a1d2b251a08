"""DimmedScreen: the screen behind a dialog, drawn in dimmed colors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen

NO_STYLE = Style()


class DimmedScreen(BackgroundScreen):
    """Textual's drawing of the screen behind a dialog, with colors mixed once per style.

    Textual mixes them for every piece of text, which takes most of the time until a dialog over a full list is drawn.
    """

    @classmethod
    def process_segments(cls, segments: Iterable[Segment], color: Color) -> Iterable[Segment]:
        """Yield `segments` without links and click actions, and with `color` laid over their colors."""
        return Segment.simplify(
            segment if segment.control else Segment(segment.text, _dimmed(segment.style or NO_STYLE, color))
            for segment in segments
        )


@lru_cache(1024)
def _dimmed(style: Style, color: Color) -> Style:
    style = style.clear_meta_and_links()
    if not color.a:
        return style
    front, back = (
        (Color.from_rich_color(part) + color).rich_color if part is not None else None
        for part in (style.color, style.bgcolor)
    )
    return style + Style.from_color(front, back)
