"""ScrollPane: the base class of scrolling panes: the list, the details, the statistics and the manual.

A pane draws its scroll bar itself. Textual draws its own scroll bars anew with each layout, i.e. with each key that is
typed into the filter, which takes a third of the time until the next frame.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.events import MouseDown, MouseEvent, MouseMove, MouseUp
from textual.scroll_view import ScrollView
from textual.strip import Strip

from watchlist.tui.themes import colour
from watchlist.tui.widgets.line_widget import is_ascii, painted
from watchlist.tui.widgets.scroll_bar import ASCII_THUMB, THUMB, thumb

BAR = 1  # cells


class ScrollPane(ScrollView, can_focus=True, inherit_bindings=False):
    """A pane of lines with a scroll bar at its right edge. Subclasses implement `draw_line`.

    This class has no key bindings: subclasses bind keys, or the screen does and calls the actions of the focused pane.
    """

    ALLOW_SELECT = False
    GROUND: ClassVar[str] = "surface"  # theme colour of the background
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
        return thumb(self.virtual_size.height, self.size.height, self.scroll_y)

    def render_line(self, y: int) -> Strip:
        return self.with_bar(self.draw_line(y), y in self.thumb)

    def with_bar(self, strip: Strip, marked: bool) -> Strip:
        """Return a line with one more cell: a part of the scroll bar if `marked` is True, else a blank."""
        sign = (ASCII_THUMB if is_ascii(self) else THUMB) if marked else " "
        if self._bar_style is None:
            self._bar_style = painted(self, "scrollbar", colour(self.app, self.GROUND))
        return Strip([*strip, Segment(sign, self._bar_style)], strip.cell_length + BAR)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._bar_style = None

    # The mouse: a press in the last column, and moves until it is released, scroll to that part

    def is_on_bar(self, event: MouseEvent) -> bool:
        """Return True if the mouse is on the scroll bar, and not everything is visible."""
        offset = event.get_content_offset(self)
        return offset is not None and offset.x >= self.line_width and bool(self.thumb)

    def on_mouse_down(self, event: MouseDown) -> None:
        if self.is_on_bar(event):
            event.stop()
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

    def _scroll_to_part(self, event: MouseEvent) -> None:
        """Scroll so that the middle of the thumb is at the mouse, if possible."""
        marked, y = self.thumb, event.y - self.gutter.top
        room = max(1, self.size.height - len(marked))
        self.scroll_to(y=round((y - len(marked) // 2) / room * self.max_scroll_y), animate=False, force=True)
