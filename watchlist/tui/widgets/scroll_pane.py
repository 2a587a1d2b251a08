"""ScrollPane: the base class of scrolling panes: the list, the details, the statistics and the manual.

A pane draws its scroll bar itself. Textual redraws its scroll bars at each layout, so at each key typed into the filter;
that took a third of the time until the next frame.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.events import MouseDown, MouseEvent, MouseMove, MouseUp
from textual.scroll_view import ScrollView
from textual.strip import Strip

from watchlist.tui.themes import theme_color
from watchlist.tui.widgets.line_widget import is_ascii, painted
from watchlist.tui.widgets.scroll_bar import ASCII_THUMB, THUMB, thumb_lines

BAR = 1  # cells


class ScrollPane(ScrollView, can_focus=True, inherit_bindings=False):
    """A pane of lines with a scroll bar at its right edge. Subclasses implement `draw_line`, or override `render_line`.

    This class has no key bindings: subclasses bind keys, or the screen does and calls the actions of the focused pane.
    """

    ALLOW_SELECT = False
    GROUND: ClassVar[str] = "surface"  # theme color of the background
    DEFAULT_CSS = """
    ScrollPane { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 0; }
    """

    _bar_style: RichStyle | None = None
    _dragging = False  # True while the mouse holds the scroll bar

    def draw_line(self, y: int) -> Strip:
        """Return the line `y` of the pane (from 0, at the top of the visible part), `line_width` cells wide."""
        raise NotImplementedError

    @property
    def line_width(self) -> int:
        """The width of the lines in cells: that of the pane without the scroll bar."""
        return max(0, self.size.width - BAR)

    @property
    def thumb(self) -> range:
        """The lines of the pane (from 0) in which the scroll bar is drawn; empty if everything is visible."""
        return thumb_lines(self.virtual_size.height, self.size.height, self.scroll_y)

    def render_line(self, y: int) -> Strip:
        # After a resize, lines may still have the old width for one frame.
        return self.with_bar(self.draw_line(y).adjust_cell_length(self.line_width, self.rich_style), y in self.thumb)

    def with_bar(self, strip: Strip, on_thumb: bool) -> Strip:
        """Return a line with one more cell: a part of the thumb of the scroll bar if `on_thumb` is True, else a blank."""
        sign = (ASCII_THUMB if is_ascii(self) else THUMB) if on_thumb else " "
        if self._bar_style is None:
            self._bar_style = painted(self, "scrollbar", theme_color(self.app, self.GROUND))
        return Strip([*strip, Segment(sign, self._bar_style)], strip.cell_length + BAR)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._bar_style = None

    # The mouse: a press on the bar, and each move while the button is held, scrolls to that position

    def is_on_bar(self, event: MouseEvent) -> bool:
        """Return True if the mouse is on the scroll bar; False if there is none because everything is visible."""
        offset = event.get_content_offset(self)
        return offset is not None and offset.x >= self.line_width and bool(self.thumb)

    def on_mouse_down(self, event: MouseDown) -> None:
        if event.button == 1 and self.is_on_bar(event):
            event.stop()
            self.suppress_click()  # the button may be released beside the bar
            self._dragging = True
            self.capture_mouse()
            self._scroll_to_part(event)

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._dragging:
            self._scroll_to_part(event)

    def on_mouse_up(self, event: MouseUp) -> None:
        if self._dragging:
            event.stop()
            self._dragging = False
            self.release_mouse()

    def on_mouse_release(self) -> None:
        self._dragging = False  # e.g. a dialog has opened

    def on_hide(self) -> None:
        if self._dragging:
            self.release_mouse()

    def _scroll_to_part(self, event: MouseEvent) -> None:
        """Scroll so that the middle of the thumb is at the mouse, if possible."""
        size, y = len(self.thumb), event.y - self.gutter.top
        room = max(1, self.size.height - size)
        self.scroll_to(y=round((y - size // 2) / room * self.max_scroll_y), animate=False, force=True)
