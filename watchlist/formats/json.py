"""JSON and JSON Lines: shows with the keys of the list file, dates as ISO strings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from watchlist.domain.json_parser import parse_json
from watchlist.domain.json_values import from_json, to_json
from watchlist.domain.model import Show
from watchlist.domain.show_toml import to_table
from watchlist.errors import UsageError
from watchlist.formats.format import Imported, RowProblem, WriteOptions, decode
from watchlist.formats.tables import imported
from watchlist.sanitize import safe

MAX_BROKEN_LINES = 1000  # a file with more invalid lines is not JSON Lines


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write an array with one show per line, which is convenient for diff and grep."""
    out.write("[")
    for count, show in enumerate(shows, 1):
        out.write(("\n" if count == 1 else ",\n") + _line(show))
        options.done(count)
    out.write("\n]\n" if shows else "]\n")


def write_lines(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write one show per line."""
    for count, show in enumerate(shows, 1):
        out.write(_line(show) + "\n")
        options.done(count)


def _line(show: Show) -> str:
    """Return a show as one line of JSON. The line is pure ASCII if it contains control characters."""
    value = to_json(to_table(show))
    text = json.dumps(value, ensure_ascii=False)
    return text if safe(text) == text else json.dumps(value)


def read(data: bytes) -> Imported:
    """Read an array of shows, an object with `shows`, or a single show. Raises UsageError for other texts."""
    try:
        value = _parsed(decode(data))
    except ValueError as error:
        raise UsageError(f"this is not JSON: {error}") from error
    if isinstance(value, dict):
        value = value.get("shows", [value])
    if not isinstance(value, list):
        raise UsageError("this JSON holds no list of shows", "use an array, or an object with the key shows")
    return imported((f"show {number}", row) for number, row in enumerate(value, 1))


def read_lines(data: bytes) -> Imported:
    """Read one show per line. A line that is not JSON is skipped and reported.

    Raises UsageError if there are only such lines, or more than MAX_BROKEN_LINES of them.
    """
    broken: list[RowProblem] = []

    def rows() -> Iterator[tuple[str, Any]]:
        for number, line in enumerate(decode(data).split("\n"), 1):
            if line.strip():
                try:
                    yield f"line {number}", _parsed(line)
                except ValueError as error:
                    if len(broken) == MAX_BROKEN_LINES:
                        raise UsageError(
                            f"more than {MAX_BROKEN_LINES} lines are not JSON, e.g. line {number}"
                        ) from error
                    broken.append(RowProblem(f"line {number}", "", f"this is not JSON: {error}"))

    parsed = imported(rows())
    if broken and not parsed.shows:
        raise UsageError(f"{broken[0]}", "JSON Lines has one show per line; for an array, use json")
    return Imported(parsed.shows, (*broken, *parsed.problems), parsed.skipped + len(broken), parsed.planned)


def _parsed(text: str) -> Any:
    """Parse a JSON text to TOML values. Raise ValueError, with a message for the user, if the text or a value is invalid."""
    try:
        return from_json(parse_json(text))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
