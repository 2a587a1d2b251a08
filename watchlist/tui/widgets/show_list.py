"""The list of shows: lines drawn on demand, so that ten thousand shows cost what the screen holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from watchlist.model import Chosen, Show, Shows
from watchlist.ratings import STARS as STARS_STYLE
from watchlist.ratings import Style
from watchlist.tui.grouping import Heading, Lines
from watchlist.tui.widgets.columns import DEFAULT_COLUMNS, NARROW, STARS, Choice, layout
from watchlist.tui.widgets.looks import Line
from watchlist.tui.widgets.pane import Pane
from watchlist.tui.widgets.show_lines import Drawing, Pencil, Sort

MOST_STRIPS = 1000  # that are kept: of screens that were shown before


class ShowList(Pane):
    """A header line and one line a show, of which one is under the cursor and any may be marked.

    The rows, the marks, the order and the columns are the screen's: it sets them, and hears of keys and clicks through
    messages. What is under the cursor is the list's own, and is held by id when the rows are set anew.
    """

    DEFAULT_CSS = """
    ShowList {
        background: $background;
        color: $foreground;
    }
    """

    class Highlighted(Message):
        """Another show is under the cursor, or the one that is there has changed. `show` is None in an empty list."""

        def __init__(self, show: Show | None) -> None:
            super().__init__()
            self.show = show

    class Opened(Message):
        """The show under the cursor was double-clicked, or opened with `action_open`."""

        def __init__(self, show: Show) -> None:
            super().__init__()
            self.show = show

    class HeaderClicked(Message):
        """The heading of a column was clicked."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    class StarsClicked(Message):
        """A star of a show was clicked: star k asks for k, and for half a star less where the rating is k already."""

        def __init__(self, show: Show, stars: float) -> None:
            super().__init__()
            self.show = show
            self.stars = stars

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows = Chosen(Shows(), ())
        self._style = STARS_STYLE
        self._marked: frozenset[str] = frozenset()
        self._sort: Sort | None = None
        self._columns: tuple[str, ...] = DEFAULT_COLUMNS
        self._widths: Mapping[str, int] | None = None  # of columns that were chosen
        self._empty = Content()
        self._grid = Lines()
        self._cursor = 0
        self._told: Show | None = None  # the show of the last `Highlighted`
        self._look = Pencil(self)
        self._drawing: Drawing | None = None
        self._head: Strip | None = None
        # By the identity of the show, which is kept with it so that no other can take it, and with the cursor on it.
        self._strips: dict[tuple[int, bool], tuple[Show, Strip]] = {}
        self._header = 0  # lines above the rows: none where there is hardly room for rows
        self._width = 0  # cells of a line, without the scrollbar

    # What the screen sets

    def set_rows(
        self,
        rows: Sequence[Show],
        *,
        style: Style | None = None,
        marked: frozenset[str] | None = None,
        sort: Sort | None = None,
        empty: Content | None = None,
        headings: Sequence[Heading] = (),
    ) -> None:
        """Shows `rows`.

        The cursor stays on its show, by id, on the same line of the screen; where that show is gone, it stays at its
        position. `sort` is what the header says; `style`, `marked` and `empty`, which is said where there are no rows,
        stay as they are where left out. `headings` stand between the rows.
        """
        held, line = self.current, self._grid.line(self._cursor) - round(self.scroll_y)
        self._grid = Lines(headings)
        looks = self._style, self._marked
        self._rows = rows if isinstance(rows, Chosen) else Chosen(Shows(rows), range(len(rows)))
        if sort != self._sort:
            self._sort = sort
            self._drawing = self._head = None  # only the header says it
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
        """The names of the fields wanted as columns, in order; those that fit are shown."""
        return self._columns

    @columns.setter
    def columns(self, names: tuple[str, ...]) -> None:
        self._columns = names
        self._forget()
        self.refresh()

    @property
    def sort(self) -> Sort | None:
        """What the header says the order is."""
        return self._sort

    def choose_columns(self, choice: Choice | None, otherwise: tuple[str, ...] = DEFAULT_COLUMNS) -> None:
        """Columns as the user chose them while looking at the list, or the others where nothing was chosen."""
        self._widths = None if choice is None else choice.widths
        self.columns = otherwise if choice is None else choice.names

    @property
    def drawn_columns(self) -> Mapping[str, int]:
        """The columns that fit, and the cells of each."""
        return {column.field: column.width for column in self._lines().columns}

    # The cursor

    @property
    def cursor(self) -> int:
        """The row under the cursor, counted from 0; 0 in an empty list."""
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
        """The show under the cursor."""
        return self._rows[self._cursor] if self._rows else None

    def go_to(self, id: str) -> bool:
        """Puts the cursor on a show; False where it is not among the rows."""
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
        """How many rows are in sight."""
        return max(1, self.size.height - self._header)

    def _show_cursor(self) -> None:
        """Scroll as little as it takes; with the first row of a group comes its heading."""
        top, line = round(self.scroll_y), self._grid.line(self._cursor)
        first = line - 1 if self._page > 1 and self._grid.heading(line - 1) else line
        self._scroll_to_line(max(line - self._page + 1, min(top, first)))

    def _scroll_to_line(self, line: int) -> None:
        if line != self.scroll_y:
            self.scroll_to(y=line, animate=False, force=True)

    # The mouse

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
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
        self.cursor = index
        if self._grid.heading(line) is not None:
            return
        show = self._rows[index]
        if column is not None and column.field == "rating" and at.x < column.start + STARS:
            star = at.x - column.start + 1
            self.post_message(self.StarsClicked(show, star - 0.5 if show.rating == star else star))
        elif event.chain == 2:
            self.action_open()

    # Drawing

    def on_resize(self) -> None:
        self._forget()  # the columns go by the width of the screen too
        self._measure()
        self._show_cursor()

    def _fit(self) -> None:
        """Take the size that the list has now. The first frame is drawn before anything is said about it."""
        width, height = self.size
        fitted = 1 if height > 2 else 0, max(0, width - self.scrollbar_size_vertical)
        if fitted != (self._header, self._width):
            self._header, self._width = fitted
            self._forget()

    def _measure(self) -> None:
        """Tell the scrollbar how many rows there are."""
        self._fit()
        self.measured(Size(self._width, len(self._rows) + len(self._grid.headings) + self._header))

    def on_focus(self) -> None:
        self._forget_styles()

    def on_blur(self) -> None:
        self._forget_styles()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._forget_styles()

    def _forget(self) -> None:
        """Draw all lines anew."""
        self._drawing = self._head = None
        self._strips.clear()

    def _forget_styles(self) -> None:
        self._look.forget()
        self._forget()

    def _lines(self) -> Drawing:
        if self._drawing is None:
            narrow = self.app.size.width < NARROW
            columns = layout(self._columns, self._width, narrow=narrow, widths=self._widths)
            self._drawing = Drawing(columns, self._style, self._sort, self._marked)
        return self._drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they go to the terminal. There is nothing around them that Textual's own way would add."""
        self._fit()
        lines = [self.render_line(y) for y in crop.line_range]
        left, right = crop.column_span
        return [line.crop(left, right) for line in lines] if left else lines

    def render_line(self, y: int) -> Strip:
        if y < self._header:
            if self._head is None:
                self._head = self._strip(self._lines().header(self._look))
            return self._head
        line = round(self.scroll_y) + y - self._header
        if (heading := self._grid.heading(line)) is not None:
            return self._strip(self._lines().heading(heading, self._look))
        index = self._grid.row(line)
        if index >= len(self._rows):
            return self._strip(self._empty_line(y - self._header))
        show, here = self._rows[index], index == self._cursor
        known = self._strips.get((id(show), here))
        if known is None:
            if len(self._strips) > MOST_STRIPS:
                self._strips.clear()
            known = self._strips[id(show), here] = show, self._strip(self._lines().row(show, self._look, here))
        return known[1]

    def _strip(self, line: Line) -> Strip:
        return line.strip(self._width)

    def _empty_line(self, y: int) -> Line:
        """What is said in an empty list, below a blank line; and nothing below the last row."""
        line = Line(self._look())
        if not self._rows:
            lines = self._empty.wrap(max(1, self._width - 2))
            if 1 <= y <= len(lines):
                line.blank_to(1)
                line.add(lines[y - 1].plain, self._look("dim"))
                line.cells = 1 + lines[y - 1].cell_length
        return line
