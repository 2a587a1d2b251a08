"""ShowList: the list of shows. Only visible lines are drawn, so that the length of the list does not matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS as STARS_STYLE
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.show_table import ShowSelection, ShowTable
from watchlist.tui.state.groups import Heading, Lines
from watchlist.tui.state.list_state import ListState
from watchlist.tui.widgets.line_widget import LineStatic
from watchlist.tui.widgets.list_columns import DEFAULT_COLUMNS, NARROW, STARS, ColumnChoice, layout
from watchlist.tui.widgets.scroll_pane import ScrollPane
from watchlist.tui.widgets.show_row import LineRenderer, LineStyles, Sort

MOST_STRIPS = 1000  # maximum number of cached lines


class ShowList(ScrollPane):
    """The widget that lists the shows: a header and one line per show, with a cursor and marks.

    The screen sets rows, marks, order and columns, and handles messages about clicks. The widget owns the cursor, which
    stays on the show with the same id when the rows change.
    """

    GROUND = "background"
    DEFAULT_CSS = """
    ShowList {
        background: $background;
        color: $foreground;
    }
    """

    class Highlighted(Message):
        """Posted when the cursor moves to another show, or when its show changes. `show` is None if the list is empty."""

        def __init__(self, show: Show | None) -> None:
            super().__init__()
            self.show = show

    class Opened(Message):
        """Posted when a show is double-clicked, or opened by `action_open`."""

        def __init__(self, show: Show) -> None:
            super().__init__()
            self.show = show

    class HeaderClicked(Message):
        """Posted when a column heading is clicked. `field` is the field of the column."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    class StarsClicked(Message):
        """Posted when a star is clicked in the row of the cursor.

        `stars` is the new rating: 4 for the fourth star, or 3.5 if the rating is 4 already.
        """

        def __init__(self, show: Show, stars: float) -> None:
            super().__init__()
            self.show = show
            self.stars = stars

    listing: reactive[ListState | None] = reactive(None, repaint=False, init=False, always_update=True)

    def __init__(self, *, empty: Callable[[], str] = str, id: str | None = None, classes: str | None = None) -> None:
        """Create the widget. `empty` returns the text to show when the list has no rows."""
        super().__init__(id=id, classes=classes)
        self._empty_text = empty
        self._rows = ShowSelection(ShowTable(), ())
        self._style = STARS_STYLE
        self._marked: frozenset[str] = frozenset()
        self._sort: Sort | None = None
        self._columns: tuple[str, ...] = DEFAULT_COLUMNS
        self._widths: Mapping[str, int] | None = None  # chosen widths in cells; None if the user did not choose columns
        self._empty = Content()
        self._grid = Lines()
        self._cursor = 0
        self._told: Show | None = None  # the show of the last `Highlighted`
        self._look = LineStyles(self)
        self._drawing: LineRenderer | None = None
        self._head: tuple[Strip, Strip] | None = None  # without and with the thumb of the scroll bar
        # Drawn lines by (id(show), True if under the cursor), each without and with the thumb of the scroll bar. The value
        # refers to the show, so that its id() stays unique.
        self._strips: dict[tuple[int, bool], tuple[Show, tuple[Strip, Strip]]] = {}
        self._header = 0  # lines of the header, 0 or 1: none if the widget is very low
        self._width = 0  # cells of a line, without the scroll bar
        self._clicked: tuple[float, bool] = (0.0, False)  # (time, cursor was on the row)

    # Attributes set by the screen

    def watch_listing(self, listing: ListState) -> None:
        sort = listing.shown_sort
        self.set_rows(
            listing.rows,
            style=listing.style,
            marked=listing.marked,
            sort=(sort[0].name, sort[1]) if sort else None,
            empty=None if listing.rows else Content(self._empty_text()),
            headings=listing.headings,
        )

    def set_rows(
        self,
        rows: Sequence[Show],
        *,
        style: DisplayStyle | None = None,
        marked: frozenset[str] | None = None,
        sort: Sort | None = None,
        empty: Content | None = None,
        headings: Sequence[Heading] = (),
    ) -> None:
        """Replace the rows.

        The cursor stays on its show, and the show on its line of the screen. If the show is gone, the cursor keeps its
        row number.

        Args:
            rows: The shows in display order.
            style: How shows are drawn; None keeps the current style.
            marked: The ids of the marked shows; None keeps the current marks.
            sort: The (field name, True if descending) that the header shows; None for none.
            empty: The text of a list without rows; None keeps the current text.
            headings: The headings of groups between the rows.
        """
        held, line = self.current, self._grid.line(self._cursor) - round(self.scroll_y)
        self._grid = Lines(headings)
        looks = self._style, self._marked
        self._rows = rows if isinstance(rows, ShowSelection) else ShowSelection(ShowTable(rows), range(len(rows)))
        if sort != self._sort:
            self._sort = sort
            self._drawing = self._head = None  # only the header shows the order
        self._style = self._style if style is None else style
        self._marked = self._marked if marked is None else marked
        self._empty = self._empty if empty is None else empty
        found = self._rows.place_of(held.id) if held is not None else None
        self._cursor = max(0, min(self._cursor, len(rows) - 1)) if found is None else found
        if looks != (self._style, self._marked):
            self._forget()
        self._measure()
        if found is not None:
            self._scroll_to_line(self._grid.line(self._cursor) - line)
        self._show_cursor()
        self.refresh()
        self._tell()

    @property
    def rows(self) -> Sequence[Show]:
        """The shows in display order."""
        return self._rows

    @property
    def marked(self) -> frozenset[str]:
        """The ids of the marked shows."""
        return self._marked

    @marked.setter
    def marked(self, ids: frozenset[str]) -> None:
        self._marked = ids
        self._forget()
        self.refresh()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the wanted columns, in order. Columns that do not fit are not drawn."""
        return self._columns

    @columns.setter
    def columns(self, names: tuple[str, ...]) -> None:
        self._columns = names
        self._forget()
        self.refresh()

    @property
    def sort(self) -> Sort | None:
        """The (field name, True if descending) that the header shows; None if it shows no order."""
        return self._sort

    def choose_columns(self, choice: ColumnChoice | None, otherwise: tuple[str, ...] = DEFAULT_COLUMNS) -> None:
        """Show the columns in `choice`, chosen by the user, or `otherwise` if it is None."""
        names, widths = (otherwise, None) if choice is None else (choice.names, choice.widths)
        if (names, widths) != (self._columns, self._widths):
            self._widths = widths
            self.columns = names

    @property
    def drawn_columns(self) -> Mapping[str, int]:
        """The widths of the columns that fit, in cells, by field name."""
        return {column.field: column.width for column in self._lines().columns}

    # The cursor

    @property
    def cursor(self) -> int:
        """The row of the cursor, counted from 0; 0 in an empty list."""
        return self._cursor

    @cursor.setter
    def cursor(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        before, self._cursor = self._cursor, index
        self._show_cursor()
        for row in {before, index}:
            self.refresh_line(self._grid.line(row) + self._header)
        self._tell()

    @property
    def current(self) -> Show | None:
        """The show under the cursor; None in an empty list."""
        return self._rows[self._cursor] if self._rows else None

    def go_to(self, id: str) -> bool:
        """Move the cursor to the show with this id. Return False if the show is not listed."""
        index = self._rows.place_of(id)
        if index is not None:
            self.cursor = index
        return index is not None

    def _tell(self) -> None:
        if self.current is not self._told:
            self._told = self.current
            self.post_message(self.Highlighted(self.current))

    # Moving: the actions are named as in COMMANDS

    def action_cursor_down(self) -> None:
        self.cursor += 1

    def action_cursor_up(self) -> None:
        self.cursor -= 1

    def action_top(self) -> None:
        self.cursor = 0

    def action_bottom(self) -> None:
        self.cursor = len(self._rows) - 1

    def action_half_down(self) -> None:
        self.cursor += max(1, self._page // 2)

    def action_half_up(self) -> None:
        self.cursor -= max(1, self._page // 2)

    def action_page_down(self) -> None:
        self.cursor += self._page

    def action_page_up(self) -> None:
        self.cursor -= self._page

    def action_open(self) -> None:
        if self.current is not None:
            self.post_message(self.Opened(self.current))

    @property
    def _page(self) -> int:
        """The number of visible lines below the header."""
        return max(1, self.size.height - self._header)

    def _show_cursor(self) -> None:
        """Scroll as little as necessary to show the cursor and, for the first row of a group, the group's heading."""
        top, line = round(self.scroll_y), self._grid.line(self._cursor)
        first = line - 1 if self._page > 1 and self._grid.heading(line - 1) else line
        self._scroll_to_line(max(line - self._page + 1, min(top, first)))

    def _scroll_to_line(self, line: int) -> None:
        if line != self.scroll_y:
            self.scroll_to(y=line, animate=False, force=True)

    # The mouse

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None or self.is_on_bar(event):
            return
        column = next((c for c in self._lines().columns if c.start <= at.x <= c.end), None)
        if at.y < self._header:
            if column is not None:
                self.post_message(self.HeaderClicked(column.field))
            return
        line = round(self.scroll_y) + at.y - self._header
        index = self._grid.row(line)
        if index >= len(self._rows):
            return
        # A second click counts only if the list also got the first, which may instead have closed a dialog.
        again = event.chain > 1 and event.time - self._clicked[0] <= self.app.CLICK_CHAIN_TIME_THRESHOLD
        selected = self._clicked[1] if again else event.chain == 1 and index == self._cursor
        self._clicked = event.time, selected
        self.cursor = index
        if self._grid.heading(line) is not None:
            return
        show = self._rows[index]
        if selected and column is not None and column.field == "rating" and at.x < column.start + STARS:
            star = at.x - column.start + 1
            self.post_message(self.StarsClicked(show, star - 0.5 if show.rating == star else star))
        elif again and event.chain == 2:
            self.action_open()

    # Drawing

    def on_resize(self) -> None:
        self._forget()  # the columns depend on the width of the screen too
        self._measure()
        self._show_cursor()

    def _fit(self) -> None:
        """Adapt to the current size of the widget. Called while drawing: the first frame precedes the resize event."""
        fitted = 1 if self.size.height > 2 else 0, self.line_width
        if fitted != (self._header, self._width):
            self._header, self._width = fitted
            self._forget()

    def _measure(self) -> None:
        """Update the size of the scrollable area."""
        self._fit()
        self.virtual_size = Size(self._width, len(self._rows) + len(self._grid.headings) + self._header)

    def on_focus(self) -> None:
        self._forget_styles()

    def on_blur(self) -> None:
        self._forget_styles()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._forget_styles()

    def _forget(self) -> None:
        """Clear the cache of drawn lines."""
        self._drawing = self._head = None
        self._strips.clear()

    def _forget_styles(self) -> None:
        self._look.forget()
        self._forget()

    def _lines(self) -> LineRenderer:
        if self._drawing is None:
            narrow = self.app.size.width < NARROW
            columns = layout(self._columns, self._width, narrow=narrow, widths=self._widths)
            self._drawing = LineRenderer(columns, self._style, self._sort, self._marked)
        return self._drawing

    def render_line(self, y: int) -> Strip:
        self._fit()
        on_thumb = y in self.thumb
        if y < self._header:
            if self._head is None:
                self._head = self._both(self._lines().header(self._look))
            return self._head[on_thumb]
        line = round(self.scroll_y) + y - self._header
        if (heading := self._grid.heading(line)) is not None:
            return self._strip(self._lines().heading(heading, self._look), on_thumb)
        index = self._grid.row(line)
        if index >= len(self._rows):
            return self._strip(self._empty_line(y - self._header), on_thumb)
        show, here = self._rows[index], index == self._cursor
        known = self._strips.get((id(show), here))
        if known is None:
            if len(self._strips) > MOST_STRIPS:
                self._strips.clear()
            known = self._strips[id(show), here] = show, self._both(self._lines().row(show, self._look, here))
        return known[1][on_thumb]

    def _both(self, line: LineStatic) -> tuple[Strip, Strip]:
        """Return a line twice: without and with the thumb of the scroll bar at its end."""
        return self._strip(line, on_thumb=False), self._strip(line, on_thumb=True)

    def _strip(self, line: LineStatic, on_thumb: bool) -> Strip:
        return self.with_bar(line.strip(self._width), on_thumb)

    def _empty_line(self, y: int) -> LineStatic:
        """Return line `y` (from 0) of an empty list. Its text begins at line 1; other lines are blank."""
        line = LineStatic(self._look())
        if not self._rows:
            lines = self._empty.wrap(max(1, self._width - 2))
            if 1 <= y <= len(lines):
                line.blank_to(1)
                line.add(lines[y - 1].plain, self._look("dim"))
                line.cells = 1 + lines[y - 1].cell_length
        return line
