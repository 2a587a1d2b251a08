"""The list of shows: lines drawn on demand, so that ten thousand shows cost what the screen holds."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style as RichStyle
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import RenderOptions

from watchlist.glyphs import glyphs
from watchlist.model import Show
from watchlist.ratings import STARS as STARS_STYLE
from watchlist.ratings import Style
from watchlist.tui.widgets.columns import DEFAULT_COLUMNS, NARROW, STARS, Column, arrows, cell, layout
from watchlist.tui.widgets.looks import Line, look

Sort = tuple[str, bool]  # a field's name, and whether it runs from the top down


class ShowList(ScrollView, can_focus=True, inherit_bindings=False):
    """A header line and one line a show, of which one is under the cursor and any may be marked.

    The rows, the marks, the order and the columns are the screen's: it sets them, and hears of keys and clicks through
    messages. What is under the cursor is the list's own, and is held by id when the rows are set anew.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {
        "show-list--header",
        "show-list--sorted",
        "show-list--row",
        "show-list--cursor",
        "show-list--title",
        "show-list--cursor-title",
        "show-list--bar",
        "show-list--mark",
        "show-list--dim",
        "show-list--stars",
        "show-list--wrong",
        "show-list--planned",
        "show-list--watching",
        "show-list--watched",
        "show-list--paused",
        "show-list--dropped",
    }
    DEFAULT_CSS = """
    ShowList {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;

        & > .show-list--header { color: $text-primary; }
        & > .show-list--sorted { color: $text-primary; text-style: bold; }
        & > .show-list--cursor { background: $panel; }
        & > .show-list--bar { color: $text-muted; }
        & > .show-list--mark { color: $text-accent; text-style: bold; }
        & > .show-list--dim { color: $text-muted; }
        & > .show-list--stars { color: $text-accent; }
        & > .show-list--wrong { color: $text-warning; text-style: bold; }
        & > .show-list--planned { color: $text-primary; }
        & > .show-list--watching { color: $text-accent; }
        & > .show-list--watched { color: $text-success; }
        & > .show-list--paused { color: $foreground; }
        & > .show-list--dropped { color: $text-error; }
        &:focus > .show-list--bar { color: $primary; }
        &:focus > .show-list--cursor-title { text-style: bold; }
        &:ansi:focus > .show-list--cursor { text-style: reverse; }
        &:nocolor:focus > .show-list--cursor { text-style: reverse; }
        &:ansi > .show-list--cursor-title { text-style: bold; }
        &:nocolor > .show-list--cursor-title { text-style: bold; }
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
        self._rows: Sequence[Show] = ()
        self._style = STARS_STYLE
        self._marked: frozenset[str] = frozenset()
        self._sort: Sort | None = None
        self._columns: tuple[str, ...] = DEFAULT_COLUMNS
        self._empty = Content()
        self._cursor = 0
        self._told: Show | None = None  # the show of the last `Highlighted`
        self._layout: tuple[Column, ...] | None = None
        self._strips: dict[int, Strip] = {}  # by row, but for the row under the cursor
        self._styles: dict[tuple[str, ...], RichStyle] = {}

    # What the screen sets

    def set_rows(
        self,
        rows: Sequence[Show],
        *,
        style: Style | None = None,
        marked: frozenset[str] | None = None,
        sort: Sort | None = None,
        empty: Content | None = None,
    ) -> None:
        """Shows `rows`, which are kept, not copied.

        The cursor stays on its show, by id, on the same line of the screen; where that show is gone, it stays at its
        position. `sort` is what the header says; `style`, `marked` and `empty`, which is said where there are no rows,
        stay as they are where left out.
        """
        held, line = self.current, self._cursor - round(self.scroll_y)
        self._rows, self._sort = rows, sort
        self._style = self._style if style is None else style
        self._marked = self._marked if marked is None else marked
        self._empty = self._empty if empty is None else empty
        found = self._index_of(held.id) if held is not None else None
        self._cursor = max(0, min(self._cursor, len(rows) - 1)) if found is None else found
        self._forget()
        if (size := Size(self._width, len(rows) + self._header)) != self.virtual_size:
            self.virtual_size = size
        if found is not None:
            self._scroll_to_row(self._cursor - line)
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
        self._strips.clear()
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
            self.refresh_line(row + self._header)
        self._tell()

    @property
    def current(self) -> Show | None:
        """The show under the cursor."""
        return self._rows[self._cursor] if self._rows else None

    def go_to(self, id: str) -> bool:
        """Puts the cursor on a show; False where it is not among the rows."""
        index = self._index_of(id)
        if index is not None:
            self.cursor = index
        return index is not None

    def _index_of(self, id: str) -> int | None:
        return next((index for index, show in enumerate(self._rows) if show.id == id), None)

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
    def _header(self) -> int:
        """Lines above the rows: none where there is hardly room for rows."""
        return 1 if self.size.height > 2 else 0

    @property
    def _width(self) -> int:
        """Cells of a line, without the scrollbar."""
        return max(0, self.size.width - self.scrollbar_size_vertical)

    @property
    def _page(self) -> int:
        """How many rows are in sight."""
        return max(1, self.size.height - self._header)

    def _show_cursor(self) -> None:
        top = round(self.scroll_y)
        self._scroll_to_row(max(self._cursor - self._page + 1, min(top, self._cursor)))

    def _scroll_to_row(self, row: int) -> None:
        if row != self.scroll_y:
            self.scroll_to(y=row, animate=False, force=True)

    # The mouse

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        column = next((c for c in self._laid_out() if c.start <= at.x <= c.end), None)
        if at.y < self._header:
            if column is not None:
                self.post_message(self.HeaderClicked(column.field))
            return
        index = round(self.scroll_y) + at.y - self._header
        if index >= len(self._rows):
            return
        self.cursor = index
        show = self._rows[index]
        if column is not None and column.field == "rating" and at.x < column.start + STARS:
            star = at.x - column.start + 1
            self.post_message(self.StarsClicked(show, star - 0.5 if show.rating == star else star))
        elif event.chain == 2:
            self.action_open()

    # Drawing

    def on_resize(self) -> None:
        self._forget()
        self.virtual_size = Size(self._width, len(self._rows) + self._header)
        self._show_cursor()

    def on_focus(self) -> None:
        self._forget_styles()

    def on_blur(self) -> None:
        self._forget_styles()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._forget_styles()

    def _forget(self) -> None:
        self._layout = None
        self._strips.clear()

    def _forget_styles(self) -> None:
        self._styles.clear()
        self._strips.clear()

    def _laid_out(self) -> tuple[Column, ...]:
        if self._layout is None:
            narrow = self.app.size.width < NARROW
            self._layout = layout(self._columns, self._width, narrow=narrow)
        return self._layout

    def render_line(self, y: int) -> Strip:
        if y < self._header:
            return self._header_strip()
        index = round(self.scroll_y) + y - self._header
        if index < len(self._rows):
            return self._row_strip(index)
        return self._empty_strip(y - self._header) if not self._rows else Strip.blank(self._width, self._look())

    def _look(self, *parts: str) -> RichStyle:
        """The style of a part of the list: what is laid over what, from left to right."""
        if parts not in self._styles:
            if parts[:1] == ("cursor",) and len(parts) == 2 and self._look("cursor").reverse:
                # Without colours the cursor's row is one block, but for its bar: a patchwork can't be read.
                parts = parts[1:] if parts[1] == "bar" else parts[:1]
                return self._look(*parts) + RichStyle(bold=True)
            self._styles[parts] = look(self, *(f"show-list--{part}" for part in parts)).rich_style
        return self._styles[parts]

    def _header_strip(self) -> Strip:
        line = Line(self._look("row"))
        for column in self._laid_out():
            label = column.label[: column.width]
            line.blank_to(column.end - len(label) if column.right else column.start)
            if self._sort is not None and self._sort[0] == column.field:
                line.add(label + arrows(self._style)[self._sort[1]], self._look("sorted"))
            else:
                line.add(label, self._look("header"))
        return line.strip(self._width)

    def _row_strip(self, index: int) -> Strip:
        if index == self._cursor:
            return self._draw(self._rows[index], "cursor")
        strip = self._strips.get(index)
        if strip is None:
            strip = self._strips[index] = self._draw(self._rows[index], "row")
        return strip

    def _draw(self, show: Show, row: str) -> Strip:
        signs, style = glyphs(self._style), self._style
        line = Line(self._look(row))
        line.add(signs.cursor if row == "cursor" else " ", self._look(row, "bar"))
        line.add(signs.status[show.status], self._look(row, show.status))
        line.add(signs.marked if show.id in self._marked else " ", self._look(row, "mark"))
        for column in self._laid_out():
            line.blank_to(column.start)
            text = cell(show, column, style)
            if column.field == "title":
                if show.problems and column.width > 4:
                    line.add(signs.wrong + " ", self._look(row, "wrong"))
                    text = cell(show, Column("title", 0, column.width - 2), style)
                line.add(text, self._look(row, "cursor-title" if row == "cursor" else "title"))
            elif column.field == "rating" and show.rating is not None:
                line.add(text[:STARS], self._look(row, "stars"))
                line.add(text[STARS:], self._look(row, "dim"))
            else:
                line.add(text, self._look(row, "dim"))
            line.cells = column.end
        return line.strip(self._width)

    def _empty_strip(self, y: int) -> Strip:
        width = max(1, self._width - 2)
        style = self.get_visual_style("show-list--dim")
        lines = self._empty.render_strips(width, None, style, RenderOptions(self._get_style, {}))
        ground = self._look()
        if not 1 <= y <= len(lines):
            return Strip.blank(self._width, ground)
        return Strip.join([Strip.blank(1, ground), lines[y - 1]]).adjust_cell_length(self._width, ground)
