"""JSON and JSON Lines: the keys of the file, dates as ISO strings."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from watchlist.errors import UsageError
from watchlist.fields import to_table
from watchlist.formats.format import Imported, RowProblem, WriteOptions, decode
from watchlist.formats.tables import imported
from watchlist.model import Show
from watchlist.records import from_json, to_json
from watchlist.safe import safe

BROKEN = 1000  # lines: what has more of them is something else
DIGITS = 19  # a number of more digits can't be kept


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """An array, one show a line: it diffs and greps well."""
    out.write("[")
    for count, show in enumerate(shows, 1):
        out.write(("\n" if count == 1 else ",\n") + _line(show))
        options.done(count)
    out.write("\n]\n" if shows else "]\n")


def write_lines(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """One show a line."""
    for count, show in enumerate(shows, 1):
        out.write(_line(show) + "\n")
        options.done(count)


def _line(show: Show) -> str:
    """A show on one line; in ASCII where something in it would act on a terminal or an editor."""
    value = to_json(to_table(show))
    text = json.dumps(value, ensure_ascii=False)
    return text if safe(text) == text else json.dumps(value)


def read(data: bytes) -> Imported:
    """An array of shows, an object with `shows`, or one show. UsageError where the text is not JSON, or none of these."""
    try:
        value = _parsed(decode(data))
    except ValueError as error:
        raise UsageError(f"this is not JSON: {error}") from error
    if isinstance(value, dict):
        value = value.get("shows", [value])
    if not isinstance(value, list):
        raise UsageError("this JSON holds no list of shows", "an array, or an object with the key shows")
    return imported((f"show {number}", row) for number, row in enumerate(value, 1))


def read_lines(data: bytes) -> Imported:
    """One show a line; a line that is no JSON is reported and left out."""
    broken: list[RowProblem] = []

    def rows() -> Iterator[tuple[str, Any]]:
        for number, line in enumerate(decode(data).split("\n"), 1):
            if line.strip():
                try:
                    yield f"line {number}", _parsed(line)
                except ValueError as error:
                    if len(broken) == BROKEN:
                        raise UsageError(f"more than {BROKEN} lines are not JSON, line {number} for one") from error
                    broken.append(RowProblem(f"line {number}", "", f"this is not JSON: {error}"))

    found = imported(rows())
    if broken and not found.shows:
        raise UsageError(f"{broken[0]}", "one show a line is JSON Lines; for an array, use json")
    return Imported(found.shows, (*broken, *found.problems), found.skipped + len(broken))


def _parsed(text: str) -> Any:
    """What TOML has for a text of JSON, without what could not be stored: doubled keys, numbers out of bounds.

    ValueError says what is wrong.
    """
    try:
        return from_json(
            json.loads(
                text,
                object_pairs_hook=_object,
                parse_int=_whole,
                parse_float=_finite,
                parse_constant=_constant,
            )
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'the key "{safe(double[:40])}" is there twice')
    return result


def _whole(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"{digits[:DIGITS]}... is a number with too many digits")
    return int(digits)


def _finite(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise ValueError(f"{digits[:DIGITS]} is a number that is too large")
    return number


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
