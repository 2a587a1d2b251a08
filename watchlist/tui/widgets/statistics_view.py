"""Numbers: the widget that shows the sections of `watchlist stats`, with a cursor on one of their lines."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.binding import Binding
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import DisplayStyle
from watchlist.panels.statistics_page import MARGIN, PageDrawing, Spot, draw
from watchlist.stats.page_content import PageLine, PageSection
from watchlist.tui.themes import ink_of
from watchlist.tui.widgets.line_widget import look
from watchlist.tui.widgets.scroll_pane import ScrollPane

NOTHING = PageDrawing([], [])


class Numbers(ScrollPane):
    """Sections of statistics in as many columns as fit, with a cursor on one of the numbers."""

    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("left,h", "across(-1)", show=False),
        Binding("right,l", "across(1)", show=False),
        Binding("shift+tab", "section(-1)", show=False),
        Binding("tab", "section(1)", show=False),
        Binding("pageup,ctrl+u", "page(-1)", show=False),
        Binding("pagedown,ctrl+d,space", "page(1)", show=False),
        Binding("home,g", "edge(0)", show=False),
        Binding("end,G", "edge(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]
    COMPONENT_CLASSES = {"numbers--cursor"}
    DEFAULT_CSS = """
    Numbers {
        height: 1fr;
        background: transparent;
        & > .numbers--cursor { background: $panel; }
        &:ansi > .numbers--cursor { background: ansi_default; }
        &:nocolor > .numbers--cursor { text-style: bold reverse; }
    }
    """

    class Moved(Message):
        """Posted when the cursor moves to another number, or when the sections have changed."""

    class Chosen(Message):
        """Posted when the number under the cursor is chosen with enter or a click."""

    def __init__(self, style: DisplayStyle, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._style = style
        self._sections: Sequence[PageSection] = ()
        self._drawing, self._strips = NOTHING, list[Strip]()
        self._at = 0
        self._hidden_cursor = RichStyle()

    def show(self, sections: Sequence[PageSection], start: tuple[str, str] | None = None) -> None:
        """Replace the sections, and move the cursor to the number `start`, by default to the same number as before.

        A number is named by (title of the section, label). If it does not exist, the cursor goes to the first number.
        """
        before = start or self.here
        self._sections = sections
        self._lay_out()
        names = [self._name_of(spot) for spot in self._drawing.spots]
        self._at = names.index(before) if before in names else 0
        if not self._at:
            self.scroll_to(0, 0, animate=False)
        self._moved()

    @property
    def current(self) -> PageLine | None:
        """The line under the cursor; None if the page is empty."""
        return self._spot.line if self._spot is not None else None

    @property
    def _spot(self) -> Spot | None:
        spots = self._drawing.spots
        return spots[self._at] if self._at < len(spots) else None

    @property
    def here(self) -> tuple[str, str] | None:
        """(Title of the section, label) of the number under the cursor; None if the page is empty."""
        return self._name_of(self._spot) if self._spot is not None else None

    def _name_of(self, spot: Spot) -> tuple[str, str]:
        return self._sections[spot.section].title, spot.line.label

    # Drawing

    def on_resize(self, event: Resize) -> None:
        self._lay_out()
        self.call_after_refresh(self._reveal)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._sections:
            self._lay_out()

    def _lay_out(self) -> None:
        width = self.line_width
        self._drawing = draw(self._sections, ink_of(self.app), self._style, width) if width else NOTHING
        options = self.app.console_options.update(width=max(1, width), height=None, highlight=False)
        self._strips = []
        for text in self._drawing.lines:
            (segments, *_) = self.app.console.render_lines(text, options, style=self.rich_style)
            self._strips.append(Strip(Segment.simplify(segments)).adjust_cell_length(width, self.rich_style))
        self.virtual_size = Size(width, len(self._strips))
        self.refresh()

    def draw_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        if at >= len(self._strips):
            return Strip.blank(self.line_width, self.rich_style)
        strip, spot = self._strips[at], self._spot
        if spot is None or spot.y != at:
            return strip
        cursor = look(self, "numbers--cursor").rich_style
        sign = Segment(glyphs(self._style).cursor.ljust(MARGIN), self.rich_style + _style(ink_of(self.app).primary))
        inside = strip.crop(spot.x + MARGIN, spot.x + spot.width)
        lit = Strip(Segment.apply_style([sign, *inside], post_style=_ground(cursor)))
        return Strip.join([strip.crop(0, spot.x), lit, strip.crop(spot.x + spot.width)])

    # Moving

    def _moved(self) -> None:
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def _go(self, at: int) -> None:
        if at != self._at and 0 <= at < len(self._drawing.spots):
            self._at = at
            self._moved()

    def _reveal(self) -> None:
        """Scroll to the number under the cursor and, if they fit, to the lines above it up to the previous number."""
        spot = self._spot
        if spot is None:
            return
        above = [other.y for other in self._drawing.spots if other.column == spot.column and other.y < spot.y]
        top = max(above, default=-1) + 1
        if spot.y - top >= self.size.height:
            top = spot.y
        self.scroll_to_region(Region(0, top, 1, spot.y - top + 1), animate=False, force=True)

    def _column(self, column: int) -> list[tuple[int, Spot]]:
        """Return (index, place on the page) of each number in a column. Columns and indexes count from 0."""
        return [(at, spot) for at, spot in enumerate(self._drawing.spots) if spot.column == column]

    def action_move(self, by: int) -> None:
        """Move to the next (`by` 1) or previous (`by` -1) number of the column."""
        if (spot := self._spot) is not None:
            places = [at for at, _ in self._column(spot.column)]
            here = places.index(self._at)
            if 0 <= here + by < len(places):
                self._go(places[here + by])

    def action_across(self, by: int) -> None:
        """Move to the nearest number in the next (`by` 1) or previous (`by` -1) column.

        If the page has only one column, move by sections instead.
        """
        if (spot := self._spot) is None:
            return
        beside = self._column(spot.column + by)
        if beside:
            self._go(min(beside, key=lambda pair: abs(pair[1].y - spot.y))[0])
        elif all(other.column == spot.column for other in self._drawing.spots):
            self.action_section(by)

    def action_section(self, by: int) -> None:
        """Move to the first number of the next (`by` 1) or previous (`by` -1) section. At an end, go on at the other end."""
        if (spot := self._spot) is not None:
            number = (spot.section + by) % len(self._sections)
            self._go(next(at for at, other in enumerate(self._drawing.spots) if other.section == number))

    def action_page(self, by: int) -> None:
        if (spot := self._spot) is not None:
            wanted = spot.y + by * max(1, self.size.height - 1)
            self._go(min(self._column(spot.column), key=lambda pair: abs(pair[1].y - wanted))[0])

    def action_edge(self, index: int) -> None:
        self._go(len(self._drawing.spots) - 1 if index < 0 else 0)

    def action_choose(self) -> None:
        if self._spot is not None:
            self.post_message(self.Chosen())

    def on_click(self, event: Click) -> None:
        x, y = event.x, event.y + self.scroll_offset.y
        for at, spot in enumerate(self._drawing.spots):
            if spot.y == y and spot.x <= x < spot.x + spot.width:
                self._go(at)
                self.post_message(self.Chosen())


def _style(text: str) -> RichStyle:
    return RichStyle.parse(text or "none")


def _ground(style: RichStyle) -> RichStyle:
    """Return only the background, reverse and bold attributes of a style. The text color is left out."""
    return RichStyle(bgcolor=style.bgcolor, reverse=style.reverse or None, bold=style.bold or None)
