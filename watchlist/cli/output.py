"""The output of the command line: data on stdout, messages on stderr. Control characters are made visible.

A table looks the same on a terminal and in a pipe, except for color and cutting to the width of the terminal. Rich is
imported for panels only: tables and JSON start faster without it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from watchlist.checked_open import descriptor_of
from watchlist.sanitize import safe

if TYPE_CHECKING:
    from rich.console import RenderableType

STDOUT = "-"  # the file name that means stdout
GAP = "  "  # between columns
MIN_COLUMN_CELLS = 6  # minimum width of a column that is cut to fit the table to the terminal
PIPE_CELLS = 100  # the width of panels if stdout is no terminal
_SGR_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34}
# Characters that are one cell wide. Text of only these characters is measured without Rich.
_NARROW = "[ -~\u00a0-\u02ff–—‘’“”…·½★☆○◐●‖×]*"


def is_stdout(output: str) -> bool:
    """Return True if the file name `output` means stdout: `-`, `/dev/stdout`, `/dev/fd/1`."""
    return output == STDOUT or descriptor_of(Path(output)) == 1


class TableColumn(NamedTuple):
    """A column of a table. `right` aligns its cells to the right.

    `style` is the style of all cells, or a mapping from cell text to style. Styles are the names in _SGR_CODES.
    """

    label: str
    right: bool = False
    style: Mapping[str, str] | str = ""

    def style_of(self, cell: str) -> str:
        """Return the style of a cell with the text `cell`; empty if the cell has no style."""
        return self.style if isinstance(self.style, str) else self.style.get(cell, "")


class Output(NamedTuple):
    """How one run prints: `json` asks for JSON, `quiet` suppresses messages, but not data, warnings or errors."""

    json: bool = False
    quiet: bool = False
    color: bool = False

    @classmethod
    def of(cls, environ: Mapping[str, str], *, json: bool = False, quiet: bool = False, plain: bool = False) -> Output:
        """Return the output for these flags. `plain` is the flag `--no-color`.

        There is color if stdout is a terminal, unless NO_COLOR, TERM=dumb or `plain` is set.
        """
        unwanted = plain or environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
        return cls(json, quiet, sys.stdout.isatty() and not unwanted)

    def say(self, text: str) -> None:
        """Print a message of one line to stderr, unless messages are suppressed by `--quiet`."""
        if not self.quiet:
            print(safe(text), file=sys.stderr)

    def warn(self, *lines: str) -> None:
        """Print a warning to stderr, also with `--quiet`. The first line names the program, the others are indented."""
        rest = (f"  {safe(line, marks=True)}" for line in lines[1:])  # keeps columns: a caret may point into a line
        print(f"watchlist: {safe(lines[0])}", *rest, sep="\n", file=sys.stderr)

    def line(self, text: str) -> None:
        """Print one line of data, with control characters made visible."""
        sys.stdout.write(safe(text) + "\n")

    def lines(self, text: str) -> None:
        """Print a text of several lines, with control characters made visible."""
        sys.stdout.write(safe(text, lines=True).removesuffix("\n") + "\n")

    def raw(self, text: str) -> None:
        """Write text to stdout unchanged. The caller has already made control characters visible."""
        sys.stdout.write(text)

    def file(self, text: str) -> None:
        """Write the content of an exported file to stdout. On a terminal, control characters are made visible."""
        if sys.stdout.isatty():
            sys.stdout.write(safe(text, lines=True))
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()

    def document(self, value: Any) -> None:
        """Print a JSON document. An array has one item per line, for diff and grep; other values are indented."""
        if isinstance(value, list):
            rows = ",\n".join(as_json(row) for row in value)
            sys.stdout.write(f"[\n{rows}\n]\n" if value else "[]\n")
        else:
            sys.stdout.write(as_json(value, indent=2) + "\n")

    def table(self, columns: Sequence[TableColumn], rows: Iterable[Sequence[str]]) -> None:
        """Print rows in aligned columns below a line of headings. On a terminal, wide columns are cut to fit its width."""
        cells = [[safe(" ".join(cell.split())) for cell in row] for row in rows]
        widths = [
            max([width(column.label), *(width(row[index]) for row in cells)]) for index, column in enumerate(columns)
        ]
        if sys.stdout.isatty():
            widths = fitted(widths, _room())
        head = _row([column.label for column in columns], columns, widths, "bold" if self.color else None)
        sys.stdout.write(head + "\n")
        for row in cells:
            sys.stdout.write(_row(row, columns, widths, "" if self.color else None) + "\n")

    @property
    def room(self) -> int:
        """The width available for panels, in cells: $COLUMNS, else the width of the terminal, else PIPE_CELLS."""
        return _room() if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_CELLS

    def with_headings(self, text: str, heading: re.Pattern[str]) -> None:
        """Print a text with the matches of `heading` in bold."""
        from rich.text import Text  # saves importing Rich for help without color

        drawing = Text(text)
        drawing.highlight_regex(heading, "bold")
        self.panels(drawing)

    def panels(self, drawing: RenderableType) -> None:
        """Print a Rich renderable."""
        from rich.console import Console  # slow to import, and needed for panels only

        console = Console(
            file=sys.stdout,
            width=self.room,
            force_terminal=self.color,
            color_system="auto" if self.color else None,
            no_color=not self.color,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        console.print(drawing)


def as_json(value: Any, indent: int | None = None) -> str:
    """Return a TOML value as JSON text, on one line unless `indent` is given.

    The text is pure ASCII if it has control characters or stdout is not UTF-8.
    """
    import json  # not needed to print tables

    from watchlist.domain.json_values import to_json

    value = to_json(value)
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8" or safe(text, lines=True) != text:
        return json.dumps(value, indent=indent)
    return text


def width(text: str) -> int:
    """Return the width of a text in cells."""
    if (text.isascii() and text.isprintable()) or re.fullmatch(_NARROW, text):
        return len(text)
    from rich.cells import cell_len  # most text needs no Rich to be measured

    return cell_len(text)


def _room() -> int:
    """Return the width of the terminal in cells."""
    import shutil  # not needed for a pipe

    return shutil.get_terminal_size().columns


def fitted(widths: Sequence[int], room: int) -> list[int]:
    """Return `widths` of columns, reduced so that columns and gaps fit into `room` cells. Wide columns are reduced first."""
    result = list(widths)
    excess = sum(result) + len(GAP) * (len(result) - 1) - room
    while excess > 0 and max(result) > MIN_COLUMN_CELLS:
        widest = max(result)
        next_widest = max([w for w in result if w < widest], default=MIN_COLUMN_CELLS)
        widest_columns = [index for index, w in enumerate(result) if w == widest]
        step = max(1, min(widest - max(next_widest, MIN_COLUMN_CELLS), excess // len(widest_columns)))
        for index in widest_columns:
            if excess > 0:
                result[index] -= step
                excess -= step
    return result


def cut(text: str, room: int) -> str:
    """Return `text` cut to at most `room` cells. If it was cut, it ends with an ellipsis."""
    if width(text) <= room:
        return text
    from rich.cells import set_cell_size  # most text fits

    return set_cell_size(text, room - 1).rstrip() + "…"


def _row(cells: Sequence[str], columns: Sequence[TableColumn], widths: Sequence[int], style: str | None) -> str:
    """Return one line of a table.

    Args:
        widths: The width of each column in cells.
        style: The style of all cells; "" for the styles of the columns, None for no color.
    """
    return GAP.join(_cells(cells, columns, widths, style)).rstrip()


def _cells(
    cells: Sequence[str], columns: Sequence[TableColumn], widths: Sequence[int], style: str | None
) -> Iterator[str]:
    """Yield the cells of a line, each cut or padded to its width.

    Args:
        widths: The width of each column in cells.
        style: The style of all cells; "" for the styles of the columns, None for no color.
    """
    for index, (cell, column, room) in enumerate(zip(cells, columns, widths, strict=True)):
        text = cut(cell, room)
        blank = " " * (room - width(text))
        shown = _paint(text, style or column.style_of(cell)) if style is not None else text
        yield blank + shown if column.right else shown + blank * (index < len(columns) - 1)


def _paint(text: str, style: str) -> str:
    """Return a text between the ANSI escape codes that begin and end a style, a name in _SGR_CODES or empty for none."""
    return f"\033[{_SGR_CODES[style]}m{text}\033[0m" if style and text else text
