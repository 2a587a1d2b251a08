"""CSV and TSV: one row per show, one column per stored field. Lists and tables are JSON in one cell.

Spreadsheets run a cell that starts with `=`, `+`, `-` or `@` as a formula. Such a cell is written with a leading `'`,
and so is a cell that starts with `'` and one of these characters, so that reading removes exactly what writing added.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from watchlist.domain.field_types import Date, TextType
from watchlist.domain.fields import BY_NAME, STORED, Field, problem_of
from watchlist.domain.json_parser import parse_json
from watchlist.domain.json_values import from_json, to_json
from watchlist.domain.model import Show, Status
from watchlist.domain.season_lengths import as_stored
from watchlist.errors import UsageError, did_you_mean
from watchlist.formats.format import Imported, RowProblem, WriteOptions, decode
from watchlist.sanitize import safe

MAX_HINTS = 20  # maximum number of unknown columns for which similar field names are suggested
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write shows as CSV, with commas between the cells."""
    _write(shows, out, options, ",")


def write_tabs(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write shows as TSV, with tabs between the cells."""
    _write(shows, out, options, "\t")


def _write(shows: Sequence[Show], out: TextIO, options: WriteOptions, delimiter: str) -> None:
    """Write a line of field names and one row per show.

    Cells that a spreadsheet would run as formulas are escaped unless `options.raw` is set.
    """
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([field.name for field in STORED])
    for count, show in enumerate(shows, 1):
        cells = [_cell(field, show) for field in STORED]
        writer.writerow(cells if options.raw else map(_escaped, cells))
        options.done(count)


def _cell(field: Field, show: Show) -> str:
    """Return the value of `field` as a user would type it, or as JSON if reading the typed form would give another value."""
    value = field.get(show)
    if value == field.type.empty and (field.name != "status" or problem_of(show, "status")):
        return ""
    if isinstance(field.type, TextType):
        return str(value)
    text = field.type.format(value)
    try:
        if not field.type.multiple or _value(field, text) == value:
            return text
    except ValueError:
        pass
    return json.dumps(to_json(field.type.write(value)), ensure_ascii=False)


def _value(field: Field, cell: str) -> Any:
    """Return the value that `cell` means for `field`. Raise ValueError, with a message for the user, if it is invalid."""
    if isinstance(field.type, TextType):
        return field.type.read(cell)
    if cell.startswith(("[", "{")):
        try:
            return field.type.read(from_json({field.name: parse_json(cell)})[field.name])
        except (ValueError, RecursionError):
            pass  # not JSON: a name may start with a bracket
    if isinstance(field.type, Date):
        try:
            return field.type.read(from_json({field.name: cell})[field.name])
        except ValueError:
            pass  # not as in the file: `yesterday`
    return as_stored(field.type.parse(cell))


def _escaped(cell: str) -> str:
    """Return `cell` with a leading `'` if a spreadsheet would run it as a formula, or if it looks escaped already."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unescaped(cell: str) -> str:
    """Return `cell` without the leading `'` that was added to protect it from spreadsheets."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read(data: bytes) -> Imported:
    """Read a table with field names, in any order, in its first line, and one show per row.

    Cells are separated by commas, semicolons or tabs. Raises UsageError for an unclosed quote or a missing title
    column.
    """
    lines = rows(decode(data))
    _, head = next(lines, (0, []))
    columns, problems = _columns(head)
    shows: list[Show] = []
    planned = set[int]()
    skipped = 0
    for line, cells in lines:
        values, faults = _values(columns, cells)
        problems += [RowProblem(f"line {line}", column, message) for column, message in faults]
        if "title" in values:
            if values.get("status") is Status.PLANNED:
                planned.add(len(shows))
            shows.append(Show(**({"id": ""} | values)))
        else:
            problems.append(RowProblem(f"line {line}", "", "every show needs a title"))
            skipped += 1
    return Imported(tuple(shows), tuple(problems), skipped, frozenset(planned))


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number of the start of the row, cells) for each row of `text` that is not blank.

    Raises UsageError for an unclosed quote. Line numbers count from 1.
    """
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    old_limit = csv.field_size_limit(max(len(text), 1))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        line = 1
        for row in reader:
            if any(map(str.strip, row)):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: this is not CSV: {error}", "check for a missing quote") from error
    finally:
        csv.field_size_limit(old_limit)


def _columns(head: Sequence[str]) -> tuple[list[Field | None], list[RowProblem]]:
    """Return (field of each column, problems). The field is None for an ignored column, for which there is a problem.

    `head` are the cells of the first line. Raises UsageError if none of them is `title`.
    """
    columns: list[Field | None] = []
    problems: list[RowProblem] = []
    for cell in head:
        name = cell.strip().lower()
        field = BY_NAME.get(name)
        if field is not None and field.derived:
            problems.append(RowProblem("", safe(cell[:40]), f"this column is left out: {_derived_reason(field)}"))
        elif field is None or field in columns:
            hint = did_you_mean(name, BY_NAME) if len(problems) < MAX_HINTS else ""
            message = "this column is repeated" if field else "no field has this name" + (f"; {hint}" if hint else "")
            problems.append(RowProblem("", safe(cell[:40]), f"{message}, so it is left out"))
        columns.append(field if field is not None and not field.derived and field not in columns else None)
    if not any(field is not None and field.name == "title" for field in columns):
        raise UsageError("there is no column named title", "the first line names the fields; see `watchlist fields`")
    return columns, problems


def _derived_reason(field: Field) -> str:
    """Return the reason why a computed field can't be imported. For `watched`, it names the column to use instead."""
    if field.name == "watched":
        return 'it is derived from the viewings; use a column viewings, e.g. [{"date": "2026-11-20"}]'
    return "it is derived from other columns"


def _values(columns: Sequence[Field | None], cells: Sequence[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the values of a row by field name, and (column, message) for each invalid cell.

    `columns` are the fields of the columns, with None for an ignored column.
    """
    values: dict[str, Any] = {}
    faults = []
    for field, cell in zip(columns, cells, strict=False):
        if field is None or not (cell := _unescaped(cell)):
            continue
        try:
            values[field.name] = _value(field, cell)
        except ValueError as error:
            faults.append((field.name, str(error)))
    if any(cell.strip() for cell in cells[len(columns) :]):
        faults.append(("", "this row has more cells than the first line; the extra ones are left out"))
    return values, faults
