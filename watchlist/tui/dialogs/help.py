"""The help dialog: all keys as configured, and a summary of the query language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from watchlist.command_table import Group
from watchlist.domain.text import fold
from watchlist.help_texts import QUERY, QUERY_END
from watchlist.keymap import KeyRow, help_rows
from watchlist.tui.dialogs.dialog import Hints
from watchlist.tui.dialogs.manual import ManualDialog, choose_topic
from watchlist.tui.dialogs.page_dialog import PageDialog
from watchlist.tui.widgets.line_widget import LineStatic, toned

COLUMN = 54  # cells of one of the two columns in a dialog of 120 cells
ONE_COLUMN = 66  # cells; a page of this width or less has one column
GAP = 4  # cells between the two columns
MARGIN = 2  # cells right of the columns, for the scroll bar
HEADING, TYPED, MUTED = "bold $text-primary", "$text-accent", "$foreground-muted"  # styles
Line = list[tuple[str, str]]  # pairs of (text, its style)


class Pair(NamedTuple):
    """A row of the help: keys or text to type, and what they do (`said`). `title` can be searched but is not shown."""

    typed: str
    said: str
    title: str = ""


class Section(NamedTuple):
    """A heading above rows, whose first column is `column` cells wide, and a text below them."""

    heading: str
    pairs: Sequence[Pair]
    column: int
    end: str = ""

    def with_words(self, words: Sequence[str]) -> Section:
        """Return the section with only those rows that contain all these case-folded words."""
        return self._replace(pairs=[pair for pair in self.pairs if all(word in fold(" ".join(pair)) for word in words)])

    def lines(self, width: int) -> list[Line]:
        """Return the lines of the section in `width` cells. A long description is wrapped in its column."""
        width = max(1, width)  # a very small screen leaves no cells
        column = min(self.column, max(9, width // 2 - 2))
        lines: list[Line] = [[(self.heading, HEADING)]]
        for typed, said, _ in self.pairs:
            if cell_len(typed) > column:  # too long for the first column
                lines.append([(set_cell_size(typed, min(width, cell_len(typed))), TYPED)])
                typed = ""
            for line in wrap(said, max(8, width - column - 2)):
                lines.append([(set_cell_size(typed, column), TYPED), ("  ", ""), (line, "")])
                typed = ""
        lines += [[(line, MUTED)] for line in wrap(self.end, width)]
        return lines


class HelpPage(ScrollView, can_focus=False):
    """Sections in two columns, or in one if the page is narrow. Only visible lines are drawn."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    HelpPage { height: auto; background: transparent; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    def __init__(self, sections: Sequence[Section], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._all = self._columns = _balanced(sections)
        self._lines: tuple[int, list[Line]] = (0, [])  # the width in cells for which they were made, and the lines

    def narrow(self, words: Sequence[str]) -> bool:
        """Show only the rows that contain all these case-folded words. Return True if any row is left."""
        left, right = ([s for part in column if (s := part.with_words(words)).pairs] for column in self._all)
        self._columns = (left, right)
        self._lines = (0, [])
        self._resized()
        self.refresh(layout=True)
        return bool(left or right)

    def _drawn(self, width: int) -> list[Line]:
        """Return all lines in `width` cells."""
        if self._lines[0] != width:
            columns = [column for column in self._columns if column]
            if width <= ONE_COLUMN:
                columns = [list(chain.from_iterable(columns))]
            room = (width - MARGIN - GAP * (len(columns) - 1)) // max(1, len(columns))
            self._lines = (width, _beside([_stacked(column, room) for column in columns], room))
        return self._lines[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._drawn(width))

    def on_resize(self) -> None:
        self._resized()

    def _resized(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._drawn(self.container_size.width)))

    def render_line(self, y: int) -> Strip:
        lines, line = self._lines[1], LineStatic(self.rich_style)
        at = y + self.scroll_offset.y
        for text, tone in lines[at] if at < len(lines) else ():
            line.say(text, toned(self.visual_style, tone))
        return line.strip(self.scrollable_content_region.width)


def _stacked(sections: Sequence[Section], width: int) -> list[Line]:
    """Return the lines of sections one below another, with a blank line between two."""
    lines: list[Line] = []
    for section in sections:
        lines += [*([[]] if lines else []), *section.lines(width)]
    return lines


def _beside(columns: Sequence[list[Line]], width: int) -> list[Line]:
    """Return the lines of columns of `width` cells side by side."""
    lines: list[Line] = []
    for row in zip_longest(*columns, fillvalue=[]):
        line = row[0].copy()
        for part in row[1:]:
            line += [(" " * (width + GAP - sum(cell_len(text) for text, _ in line)), ""), *part]
        lines.append(line)
    return lines


class HelpDialog(PageDialog):
    """The dialog that lists all keys by group, and the query language. `rows` are the keys; None for the default keys.

    `/` opens a search line, `m` the manual; esc, q and ? close.
    """

    BINDINGS = [
        Binding("enter", "dismiss", show=False),
        Binding("m", "manual", show=False),
    ]
    DEFAULT_CSS = """
    HelpDialog > #box { width: 66; padding: 0 2; }
    HelpDialog.-wide > #box { width: 120; }
    HelpDialog.-narrow > #box { padding: 0 1; }
    HelpDialog Hints { margin-top: 0; }
    """

    def __init__(self, rows: Sequence[KeyRow] | None = None) -> None:
        super().__init__("Keys")
        self._rows = help_rows() if rows is None else rows

    def body(self) -> Iterable[Widget]:
        self._page = HelpPage([*self._groups(), _query()], id="scrolls")
        yield self.input_line("type to narrow")
        yield self._page
        yield Static(Content("nothing like that"), classes="muted hidden", id="none")
        yield Hints(
            ("↑↓", "move", "page(1)"), ("/", "find", "search"), ("m", "manual", "manual"), ("esc", "close", "cancel")
        )

    def _groups(self) -> Iterable[Section]:
        pairs = {group: [_pair(row) for row in self._rows if row.group is group] for group in Group}
        moves = pairs[Group.MOVE]
        if len(moves) % 2 == 0:  # two opposite moves share a line
            pairs[Group.MOVE] = [
                Pair(f"{there.typed}  {back.typed}", f"{there.said}; {back.said}", f"{there.title} {back.title}")
                for there, back in zip(moves[::2], moves[1::2], strict=True)
            ]
        others = (pair for group, some in pairs.items() if group is not Group.MOVE for pair in some)
        column = max((cell_len(pair.typed) for pair in others), default=0)
        for group, some in pairs.items():
            if some:
                yield Section(str(group), some, 14 if group is Group.MOVE else min(column, 14))

    def typed(self, text: str) -> None:
        """Show only the rows that contain all words of a text."""
        found = self._page.narrow(fold(text).split())
        self.query_one("#none").set_class(found, "hidden")
        self.action_edge(0)
        self.call_after_refresh(self.fit)

    @work
    async def action_manual(self) -> None:
        """Ask for a topic of the manual and show its page, until no topic is chosen."""
        topic = None
        while (topic := await self.ask(choose_topic(topic))) is not None:
            page = ManualDialog(topic)
            await self.ask(page)
            topic = page.topic


def _query() -> Section:
    """Return a summary of the query language: the first form of each kind of term, with a description."""
    pairs = [Pair(typed.partition("  ")[0], said.partition(";")[0].partition(":")[0]) for typed, said in QUERY]
    column = max(cell_len(pair.typed) for pair in pairs)
    return Section("In the filter line", pairs, column, QUERY_END.partition(". In ")[0])


def _pair(row: KeyRow) -> Pair:
    return Pair(" ".join(row.keys), row.help, row.title)


def _balanced(parts: Sequence[Section]) -> tuple[list[Section], list[Section]]:
    """Return `parts` as two columns of similar height. Each column keeps the original order."""
    rows = {part.heading: len(part.lines(COLUMN)) + 1 for part in parts}
    columns: tuple[list[Section], list[Section]] = ([], [])
    heights = [0, 0]
    for part in sorted(parts, key=lambda part: -rows[part.heading]):
        shorter = heights.index(min(heights))
        columns[shorter].append(part)
        heights[shorter] += rows[part.heading]
    left, right = (sorted(column, key=parts.index) for column in columns)
    return (left, right) if parts[0] in left else (right, left)
