"""CSV and TSV: a row a show, a column for each field that is stored; lists and rows within a cell.

A spreadsheet runs a cell that starts with `=`, `+`, `-` or `@`. Such cells are written with a `'` before them, and so
are those that start with `'` and one of these, so that exactly what was added can be taken off again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from watchlist.errors import UsageError, did_you_mean
from watchlist.fields import BY_NAME, STORED, Field
from watchlist.fieldtypes import Text
from watchlist.formats.format import Imported, RowProblem, WriteOptions, decode
from watchlist.model import Show
from watchlist.records import from_json, to_json
from watchlist.safe import safe

HINTED = 20  # columns of no field for which a field of a like name is looked for
_RUN = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Commas between cells."""
    _write(shows, out, options, ",")


def write_tabs(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Tabs between cells."""
    _write(shows, out, options, "\t")


def _write(shows: Sequence[Show], out: TextIO, options: WriteOptions, delimiter: str) -> None:
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([field.name for field in STORED])
    for count, show in enumerate(shows, 1):
        cells = [_cell(field, show) for field in STORED]
        writer.writerow(cells if options.raw else map(_disarmed, cells))
        options.done(count)


def _cell(field: Field, show: Show) -> str:
    """A value as a person would type it, or as JSON where that would not come back as the same value."""
    value = field.get(show)
    if value == field.type.empty:
        return ""
    if isinstance(field.type, Text):
        return str(value)
    text = field.type.format(value)
    try:
        if not field.type.multiple or _value(field, text) == value:
            return text
    except ValueError:
        pass
    return json.dumps(to_json(field.type.write(value)), ensure_ascii=False)


def _value(field: Field, cell: str) -> Any:
    """A cell as a value. ValueError says what is wrong with it."""
    if isinstance(field.type, Text):
        return field.type.read(cell)
    if cell.startswith(("[", "{")):
        try:
            return field.type.read(from_json(json.loads(cell)))
        except (ValueError, RecursionError):
            pass  # a name can start with a bracket
    return field.type.parse(cell)


def _disarmed(cell: str) -> str:
    return f"'{cell}" if _RUN.match(cell) else cell


def _armed(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUN.match(cell) else cell


def read(data: bytes) -> Imported:
    """A row a show, under a line of field names in any order; commas, semicolons or tabs between the cells.

    UsageError where a quote is not closed, or there is no column for titles.
    """
    found = rows(decode(data))
    _, head = next(found, (0, []))
    columns, problems = _columns(head)
    shows: list[Show] = []
    skipped = 0
    for where, cells in found:
        values, wrong = _values(columns, cells)
        problems += [RowProblem(f"line {where}", column, message) for column, message in wrong]
        if "title" in values:
            shows.append(Show(**({"id": ""} | values)))
        else:
            problems.append(RowProblem(f"line {where}", "", "every show needs a title"))
            skipped += 1
    return Imported(tuple(shows), tuple(problems), skipped)


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line it starts in. UsageError where a quote is not closed."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    before = csv.field_size_limit(max(len(text), 1))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        line = 1
        for row in reader:
            if any(map(str.strip, row)):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: this is not CSV: {error}", "is a quote missing?") from error
    finally:
        csv.field_size_limit(before)


def _columns(head: Sequence[str]) -> tuple[list[Field | None], list[RowProblem]]:
    """The field of each column; None for those that are left out, each with a word about it."""
    columns: list[Field | None] = []
    problems: list[RowProblem] = []
    for cell in head:
        name = cell.strip().lower()
        field = BY_NAME.get(name)
        if field is None or field in columns:
            hint = did_you_mean(name, BY_NAME) if len(problems) < HINTED else ""
            said = "this column is there twice" if field else "no field has this name" + (f"; {hint}" if hint else "")
            problems.append(RowProblem("", safe(cell[:40]), f"{said}, so it is left out"))
        columns.append(field if field is not None and not field.derived and field not in columns else None)
    if not any(field is not None and field.name == "title" for field in columns):
        raise UsageError("there is no column named title", "the first line names the fields; see `watchlist fields`")
    return columns, problems


def _values(columns: Sequence[Field | None], cells: Sequence[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The values of one row by field name, and what is wrong with the others by column."""
    values: dict[str, Any] = {}
    wrong = []
    for field, cell in zip(columns, cells, strict=False):
        if field is None or not (cell := _armed(cell)):
            continue
        try:
            values[field.name] = _value(field, cell)
        except ValueError as error:
            wrong.append((field.name, str(error)))
    if any(cell.strip() for cell in cells[len(columns) :]):
        wrong.append(("", "this row has more cells than the first line, and what is beyond is left out"))
    return values, wrong
