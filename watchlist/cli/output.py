"""What leaves the command line: data on stdout, narration on stderr, nothing raw.

A table looks the same on a terminal and in a pipe; only colour, and cutting to the width of the terminal, differ. Rich is
imported for the panels alone, so that a table or a line of JSON does not wait for it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from watchlist.safe import safe

if TYPE_CHECKING:
    from rich.console import RenderableType

STDOUT = "-"  # as the name of a file
GAP = "  "
LEAST = 6  # cells that a column keeps when a table is cut to the terminal
PIPE_WIDTH = 100  # of panels where there is no terminal to ask
_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34}
_NARROW = "[ -~\u00a0-\u02ff–—‘’“”…·½★☆○◐●‖×]*"


class Column(NamedTuple):
    """One column of a table. `style` gives the colour of a cell from its text."""

    label: str
    right: bool = False
    style: Mapping[str, str] | str = ""

    def style_of(self, cell: str) -> str:
        return self.style if isinstance(self.style, str) else self.style.get(cell, "")


class Output(NamedTuple):
    """How this run prints. `quiet` mutes the narration, never data or errors."""

    json: bool = False
    quiet: bool = False
    color: bool = False

    @classmethod
    def of(cls, environ: Mapping[str, str], *, json: bool = False, quiet: bool = False, plain: bool = False) -> Output:
        """Colour where stdout is a terminal and nothing speaks against it: NO_COLOR, TERM=dumb, --no-color (`plain`)."""
        speaks_against = plain or environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
        return cls(json, quiet, sys.stdout.isatty() and not speaks_against)

    def say(self, text: str) -> None:
        """A line of narration."""
        if not self.quiet:
            print(safe(text), file=sys.stderr)

    def warn(self, *lines: str) -> None:
        """What is said even where narration is muted; the first line names the program."""
        print(f"watchlist: {safe(lines[0])}", *(f"  {safe(line)}" for line in lines[1:]), sep="\n", file=sys.stderr)

    def line(self, text: str) -> None:
        """A line of data."""
        sys.stdout.write(safe(text) + "\n")

    def lines(self, text: str) -> None:
        """Text of several lines."""
        sys.stdout.write(safe(text, lines=True).removesuffix("\n") + "\n")

    def raw(self, text: str) -> None:
        """What was made fit already."""
        sys.stdout.write(text)

    def file(self, text: str) -> None:
        """What a file would hold: to a pipe its bytes, always UTF-8; to a terminal nothing that would act on it."""
        if sys.stdout.isatty():
            sys.stdout.write(safe(text, lines=True))
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()

    def document(self, value: Any) -> None:
        """One JSON document: an array one item a line, which diffs and greps well, anything else indented."""
        if isinstance(value, list):
            rows = ",\n".join(as_json(row) for row in value)
            sys.stdout.write(f"[\n{rows}\n]\n" if value else "[]\n")
        else:
            sys.stdout.write(as_json(value, indent=2) + "\n")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        """Columns that line up, under a line of headings."""
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
        """The cells that panels have."""
        return _room() if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH

    def panels(self, drawing: RenderableType) -> None:
        """Something that Rich draws."""
        from rich.console import Console

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
    """TOML values as JSON. In ASCII where something in it would act on a terminal, or where stdout can't carry it."""
    import json  # tables do without

    from watchlist.records import to_json

    value = to_json(value)
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8" or safe(text, lines=True) != text:
        return json.dumps(value, indent=indent)
    return text


def width(text: str) -> int:
    """The cells that `text` takes."""
    if (text.isascii() and text.isprintable()) or re.fullmatch(_NARROW, text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _room() -> int:
    """The cells of a line of the terminal."""
    import shutil

    return shutil.get_terminal_size().columns


def fitted(widths: Sequence[int], room: int) -> list[int]:
    """Widths that fit into `room` cells with the gaps between them, taken from the widest columns first."""
    result = list(widths)
    over = sum(result) + len(GAP) * (len(result) - 1) - room
    while over > 0 and max(result) > LEAST:
        widest = max(result)
        next_widest = max([w for w in result if w < widest], default=LEAST)
        share = [index for index, w in enumerate(result) if w == widest]
        step = max(1, min(widest - max(next_widest, LEAST), over // len(share)))
        for index in share:
            if over > 0:
                result[index] -= step
                over -= step
    return result


def cut(text: str, room: int) -> str:
    """`text` in at most `room` cells, with an ellipsis where something is missing."""
    if width(text) <= room:
        return text
    from rich.cells import set_cell_size

    return set_cell_size(text, room - 1).rstrip() + "…"


def _row(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], style: str | None) -> str:
    """One line. `style` is for all cells; None: no colour at all; empty: what the columns say."""
    return GAP.join(_cells(cells, columns, widths, style)).rstrip()


def _cells(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], style: str | None) -> Iterator[str]:
    for index, (cell, column, room) in enumerate(zip(cells, columns, widths, strict=True)):
        text = cut(cell, room)
        blank = " " * (room - width(text))
        shown = _paint(text, style or column.style_of(cell)) if style is not None else text
        yield blank + shown if column.right else shown + blank * (index < len(columns) - 1)


def _paint(text: str, style: str) -> str:
    return f"\033[{_CODES[style]}m{text}\033[0m" if style and text else text
