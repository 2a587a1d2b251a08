"""The help dialog: all keys as configured, and a summary of the query language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import work
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from watchlist.command_table import Group
from watchlist.domain.text import fold
from watchlist.help_texts import QUERY, QUERY_END
from watchlist.keymap import KeyRow, help_rows
from watchlist.tui.dialogs.dialog import Hints, Scrolls
from watchlist.tui.dialogs.manual import ManualDialog, choose_topic
from watchlist.tui.dialogs.page_dialog import PageDialog

COLUMN = 54  # cells of one of the two columns in a dialog of 120 cells


class Pair(NamedTuple):
    """A row of the help: keys or text to type, and what they do (`said`). `title` can be searched but is not shown."""

    typed: str
    said: str
    title: str = ""


class HelpRows(Widget):
    """A heading above two columns: keys or text to type, and a description. A long description is wrapped in its column."""

    DEFAULT_CSS = """
    HelpRows { height: auto; margin-bottom: 1; }
    HelpRows:last-child { margin-bottom: 0; }
    """

    def __init__(self, heading: str, pairs: Sequence[Pair], column: int, end: str = "") -> None:
        """Create the widget. `column` is the width of the first column in cells; `end` is a text below the rows."""
        super().__init__()
        self._heading, self._pairs, self._column, self._end = heading, pairs, column, end
        self._all = pairs

    def narrow(self, words: Sequence[str]) -> bool:
        """Show only the rows that contain all these case-folded words. Return True if any row is left."""
        self._pairs = [pair for pair in self._all if all(word in fold(" ".join(pair)) for word in words)]
        self.display = bool(self._pairs)
        self.refresh(layout=True)
        return self.display

    def rows(self, width: int) -> int:
        """Return the height in lines of the widget if it is `width` cells wide, including a blank line below."""
        return len(self._lines(width)) + 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        width = max(1, width)  # a very small screen leaves no cells
        column = min(self._column, max(9, width // 2 - 2))
        lines = [Content.styled(self._heading, "bold $text-primary")]
        for typed, said, _ in self._pairs:
            wrapped = Content(said).wrap(max(8, width - column - 2))
            if cell_len(typed) > column:  # too long for the first column
                lines.append(Content.styled(typed, "$text-accent").truncate(width, ellipsis=True))
                typed = ""
            for number, line in enumerate(wrapped):
                start = Content.styled(typed if number == 0 else "", "$text-accent").truncate(column, pad=True)
                lines.append(Content.assemble(start, "  ", line))
        lines += [line.stylize("$foreground-muted") for line in Content(self._end).wrap(width)] if self._end else []
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
    HelpDialog #scrolls { height: auto; scrollbar-size-vertical: 1; }
    HelpDialog #columns { height: auto; padding-right: 1; }
    HelpDialog.-wide #columns { layout: horizontal; }
    HelpDialog .column { height: auto; width: 100%; }
    HelpDialog.-wide .column { width: 1fr; }
    HelpDialog.-wide #left { margin-right: 4; }
    HelpDialog Hints { margin-top: 0; }
    """

    def __init__(self, rows: Sequence[KeyRow] | None = None) -> None:
        super().__init__("Keys")
        self._rows = help_rows() if rows is None else rows

    def body(self) -> Iterable[Widget]:
        left, right = _balanced([*self._groups(), _query()])
        columns = (Container(*left, classes="column", id="left"), Container(*right, classes="column"))
        yield self.input_line("type to narrow")
        yield Scrolls(Container(*columns, id="columns"))
        yield Static(Content("nothing like that"), classes="muted hidden", id="none")
        yield Hints(
            ("↑↓", "move", "page(1)"), ("/", "find", "search"), ("m", "manual", "manual"), ("esc", "close", "cancel")
        )

    def _groups(self) -> Iterable[HelpRows]:
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
                yield HelpRows(str(group), some, 14 if group is Group.MOVE else min(column, 14))

    def typed(self, text: str) -> None:
        """Show only the rows that contain all words of a text."""
        words = fold(text).split()
        found = [part.narrow(words) for part in self.query(HelpRows)]  # a list, because every part must be narrowed
        for column in self.query(".column"):  # an empty column would leave half of a wide screen blank
            column.display = any(part.display for part in column.query(HelpRows))
        self.query_one("#none").set_class(any(found), "hidden")
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


def _query() -> HelpRows:
    """Return a widget with a summary of the query language: the first form of each kind of term, with a description."""
    pairs = [Pair(typed.partition("  ")[0], said.partition(";")[0].partition(":")[0]) for typed, said in QUERY]
    column = max(cell_len(pair.typed) for pair in pairs)
    return HelpRows("In the filter line", pairs, column, QUERY_END.partition(". In ")[0])


def _pair(row: KeyRow) -> Pair:
    return Pair(" ".join(row.keys), row.help, row.title)


def _balanced(parts: Sequence[HelpRows]) -> tuple[list[HelpRows], list[HelpRows]]:
    """Return `parts` as two columns of similar height. Each column keeps the original order."""
    columns: tuple[list[HelpRows], list[HelpRows]] = ([], [])
    heights = [0, 0]
    for part in sorted(parts, key=lambda part: -part.rows(COLUMN)):
        shorter = heights.index(min(heights))
        columns[shorter].append(part)
        heights[shorter] += part.rows(COLUMN)
    left, right = (sorted(column, key=list(parts).index) for column in columns)
    return (left, right) if parts[0] in left else (right, left)
