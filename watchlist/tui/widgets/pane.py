"""What scrolls on the main screen: lines that are the widget's own, beside a scroll bar that is soon drawn."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from watchlist.tui.widgets.looks import Ready, filtered


class Bar(ScrollBar):
    """Textual's vertical scroll bar. Its way lays out and styles every cell of it again whenever the list changes."""

    _drawn: tuple[object, list[Strip]] = (None, [])  # what it was drawn for, and its lines

    def render_lines(self, crop: Region) -> list[Strip]:
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        shape = (bar.virtual_size, bar.window_size, bar.position, bar.thickness, self.size.height)
        if self._drawn[0] != (shape, bar.style):
            self._drawn = (shape, bar.style), self._lines(bar)
        return [self._drawn[1][y] for y in crop.line_range]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn = None, []

    def _lines(self, bar: ScrollBarRender) -> list[Strip]:
        style = self.app.console.get_style(bar.style)
        assert style.color is not None
        assert style.bgcolor is not None
        cells = bar.render_bar(
            self.size.height,
            bar.virtual_size,
            bar.window_size,
            bar.position,
            bar.thickness,
            back_color=style.bgcolor,
            bar_color=style.color,
        )
        drawn: dict[Segment, Strip] = {}
        for cell in cells.segments:
            if cell not in drawn:
                drawn[cell] = Ready(filtered([cell], self), bar.thickness)
        return [drawn[cell] for cell in cells.segments]


class Pane(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines that scroll. The keys that scroll it are the screen's: a pane has actions for them."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Pane { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """
    # More or fewer lines move nothing else on the screen. The bar is always there, and blank where nothing scrolls.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def measured(self, lines: Size) -> None:
        """Take this for the size of all the lines."""
        if lines != self.virtual_size:
            self.virtual_size = lines
            self._scroll_update(lines)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = Bar(name="vertical", thickness=self.scrollbar_size_vertical)
            bar.display = False
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar
