"""Manual pages as Rich renderables: Markdown with left-aligned headings, indented code, and tables that fit the width."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.constrain import Constrain
from rich.markdown import CodeBlock, Heading, TableElement
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from watchlist.domain.frozen import Frozen
from watchlist.panels.markdown_notes import ReadOnlyMarkdown
from watchlist.panels.styles import Styles

WIDTH = 100  # in cells; longer lines are hard to read
MIN_COLUMN_CELLS = 28  # minimum width of a column with long text; a narrower table is drawn as paragraphs
GAP = 2  # cells between two columns
CODE_INDENT = 2  # cells left of code
MIN_CODE_CELLS = 20  # code with less room is not indented
_ASCII = str.maketrans({"─": "-", "•": "*", "▌": "|"})  # the signs that Rich and this module draw


def manual_page(text: str, ink: Styles, *, ascii: bool = False) -> RenderableType:
    """Return `text`, the Markdown of a manual page, as a renderable of at most WIDTH cells.

    Bullets and lines are drawn in ASCII if `ascii` is True, else in Unicode; the words of the page are not changed.
    """
    page = Constrain(_Page(text, ink), WIDTH)
    return _InAscii(page) if ascii else page


class _InAscii(Frozen):
    """A renderable whose bullets and lines are replaced by ASCII characters of the same width."""

    page: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.page, options):
            yield Segment(segment.text.translate(_ASCII), segment.style, segment.control)


class _Heading(Heading):
    """A left-aligned heading. The title of the page is underlined."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = self.text.copy()
        text.justify = "left"
        yield text
        if self.tag == "h1":
            yield Text("─" * min(text.cell_len, options.max_width), "markdown.hr")


class _Code(CodeBlock):
    """Indented code without syntax highlighting. The rest of a line that is too long is indented further."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        indent = CODE_INDENT if options.max_width >= MIN_CODE_CELLS else 0
        for line in Text(str(self.text).rstrip(), self.style).split("\n", allow_blank=True):
            hanging = indent + len(line.plain) - len(line.plain.lstrip()) + CODE_INDENT
            first, *rest = _wrapped(console, line, options.max_width - indent, options.max_width - hanging)
            yield Padding(first, (0, 0, 0, indent))
            for part in rest:
                yield Padding(part, (0, 0, 0, hanging))


def _wrapped(console: Console, line: Text, width: int, rest_width: int) -> list[Text]:
    """Wrap a line of code. The first part has at most `width` cells, all others at most `rest_width`, but at least 1."""
    first = line.wrap(console, max(1, width))[0]
    rest = line[len(first.plain) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
    return [first, *(rest.wrap(console, max(1, rest_width)) if rest.plain else ())]


class _Table(TableElement):
    """A table or, if its columns would be too narrow, one paragraph for each row."""

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
    """Yield each row as a paragraph: its first cell, and below, indented, its other cells.

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

    elements = ReadOnlyMarkdown.elements | {
        "heading_open": _Heading,
        "table_open": _Table,
        "fence": _Code,
        "code_block": _Code,
    }

    def __init__(self, text: str, ink: Styles) -> None:
        super().__init__(text, ink)
        if not ink.accent:
            for code in (child for token in self.parsed for child in token.children or ()):
                if code.type == "code_inline":
                    code.content = f"`{code.content}`"
