"""Scroll bars: a line that shows which part of the content is visible. There is none if all of it is."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

THUMB, ASCII_THUMB = "┃", "#"


def thumb_lines(total: int, height: int, top: float) -> range:
    """Return the lines of a scroll bar on which its thumb is drawn; an empty range if everything is visible.

    If the thumb leaves two lines or more, it touches the top of the bar only at the very top of the content, and the
    bottom only at the very end.

    Args:
        total: The number of lines that can be scrolled.
        height: The number of visible lines, which is also the height of the bar.
        top: The number of lines above the visible ones.
    """
    hidden = total - height
    if hidden <= 0 or height <= 0:
        return range(0)
    size = max(1, height * height // total)
    room = height - size
    start = round(room * min(max(top / hidden, 0), 1))
    if room > 1:
        start = max(start, 1) if top >= 1 else 0
        start = min(start, room - 1) if top <= hidden - 1 else room
    return range(start, start + size)


class LineBar(ScrollBarRender):
    """Draws Textual's vertical scroll bars as lines."""

    SIGN = THUMB

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = Color.parse("#555555"),  # noqa: B008 - Textual's signature
        bar_color: Color = Color.parse("bright_magenta"),  # noqa: B008
    ) -> Segments:
        if not vertical:
            return super().render_bar(
                size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
            )
        on_thumb = thumb_lines(round(virtual_size), size, position) if window_size else range(0)
        line = Segment(cls.SIGN.rjust(thickness), Style(color=bar_color, bgcolor=back_color, meta=_on_click("grab")))
        above, below = (
            Segment(" " * thickness, Style(bgcolor=back_color, meta=_on_click(action)))
            for action in ("scroll_up", "scroll_down")
        )
        cells = [line if y in on_thumb else above if y < on_thumb.start else below for y in range(size)]
        return Segments(cells, new_lines=True)


class AsciiLineBar(LineBar):
    """The same in ASCII."""

    SIGN = ASCII_THUMB


def _on_click(action: str) -> dict[str, str]:
    return {"@mouse.down": action}
