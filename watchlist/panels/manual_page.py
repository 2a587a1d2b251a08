"""Manual pages as Rich renderables: Markdown with left-aligned headings and tables that fit the width."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.constrain import Constrain
from rich.markdown import Heading, TableElement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from watchlist.panels.markdown_notes import ReadOnlyMarkdown
from watchlist.panels.styles import Styles

WIDTH = 100  # in cells; longer lines are hard to read
MIN_COLUMN_CELLS = 28  # minimum width of a column with long text; a narrower table is drawn as paragraphs
GAP = 2  # cells between two columns


def manual_page(text: str, ink: Styles) -> RenderableType:
    """Return a manual page, given as Markdown, as a renderable of at most `WIDTH` cells."""
    return Constrain(_Page(text, ink), WIDTH)


class _Heading(Heading):
    """A left-aligned heading, underlined if it is the title of the page."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = self.text.copy()
        text.justify = "left"
        yield text
        if self.tag == "h1":
            yield Text("─" * min(text.cell_len, options.max_width), "markdown.hr")


class _Table(TableElement):
    """A table; if its columns would be too narrow, one paragraph per row."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        head = [cell.content for cell in self.header.row.cells] if self.header and self.header.row else []
        rows = [[cell.content for cell in row.cells] for row in self.body.rows] if self.body else []
        needed = sum(
            min(max(cell.cell_len for cell in column), MIN_COLUMN_CELLS) + GAP
            for column in zip(head, *rows, strict=True)
        )
        if needed - GAP > options.max_width:
            yield from _stacked(head, rows)
            return
        table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=any(cell.plain for cell in head))
        for cell in head:
            name = cell.copy()
            name.stylize("markdown.table.header")
            table.add_column(name, justify=cell.justify or "left", overflow="fold")
        for row in rows:
            table.add_row(*row)
        yield table


def _stacked(head: list[Text], rows: list[list[Text]]) -> RenderResult:
    """Yield each row as a paragraph: the first cell, with the other cells indented below.

    If the table has more than three columns, each indented cell is preceded by the heading of its column.
    """
    for row in rows:
        yield row[0]
        for name, cell in zip(head[1:], row[1:], strict=True):
            if cell.plain.strip():
                label = f"{name.plain}: " if len(row) > 3 and name.plain else ""
                text = Text(label, "markdown.table.header").append_text(cell)
                yield Padding(text, (0, 0, 0, GAP))


class _Page(ReadOnlyMarkdown):
    """The Markdown of a manual page. Without colors, inline code keeps its backticks."""

    elements = ReadOnlyMarkdown.elements | {"heading_open": _Heading, "table_open": _Table}

    def __init__(self, text: str, ink: Styles) -> None:
        super().__init__(text, ink)
        if not ink.accent:
            for code in (child for token in self.parsed for child in token.children or ()):
                if code.type == "code_inline":
                    code.content = f"`{code.content}`"
