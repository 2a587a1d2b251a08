"""A parser for blocks in plain spelling. It is many times faster than `tomllib`, with the same result.

For any other spelling, e.g. escapes, multi-line strings, dotted keys or a comment after a value, the result is None,
and the caller uses `tomllib`. This program writes blocks in plain spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

Table = dict[str, Any]

_MAX_BLOCK = 1 << 16  # characters; longer blocks are parsed by `tomllib`
_TEXT = r'"[^"\\\x00-\x1f\x7f]*"'
_KEY = r"[A-Za-z0-9_-]+"
_FIELDS = rf"{_KEY} = (?:{_TEXT}|(?:0|[1-9][0-9]{{0,17}})(?=[ ,]))"
_ROW = rf"\{{ {_FIELDS}(?:, {_FIELDS})* \}}"
_TEXTS = rf"{_TEXT}(?:, {_TEXT})*"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"(?:{_DATE}|{_TEXT})"
_START = re.compile(r"(?:#[^\x00-\x08\x0a-\x1f\x7f]*\n)*\[\[shows\]\]\n")
_STATEMENT = re.compile(
    rf"({_KEY}) = (?:"
    rf"({_TEXT})"
    r"|(-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?)"
    rf"|({_DATE})"
    rf"|\[((?:{_TEXTS})?)\]"
    rf"|\[\n((?:    {_ROW},\n)+)\]"
    rf"|\[\n((?:    {_TEXT},\n)+)\]"
    rf"|({_ROW})"
    r"|(true|false)"
    rf"|\[({_MOMENT}(?:, {_MOMENT})*)\]"
    rf"|\[\n((?:    {_MOMENT},\n)+)\]"
    r")\n+"
    rf"|\[\[shows\.({_KEY})\]\]\n"
)
_ITEM = re.compile(_TEXT)
_DATED_ITEM = re.compile(_MOMENT)
_FIELD = re.compile(rf"({_KEY}) = (?:({_TEXT})|([0-9]+))")


def table_of(block: str) -> Table | None:
    """Return the table of the show in a block; None if the spelling is not plain, so that `tomllib` must parse the block."""
    start = _START.match(block)
    if start is None or len(block) > _MAX_BLOCK:
        return None
    show: Table = {}
    table, section = show, ""
    position, end = start.end(), len(block)
    while position < end and block[position] == "\n":
        position += 1
    while position < end:
        match = _STATEMENT.match(block, position)
        if match is None:
            return None
        position, kind = match.end(), match.lastindex or 0
        if kind == _SECTION:
            if match[kind] in show and match[kind] != section:
                return None  # the key has a value already, or other tables are between these rows
            table, section = {}, match[kind]
            show.setdefault(section, []).append(table)
            continue
        key = match[1]
        if key in table:
            return None
        try:
            table[key] = _READERS[kind](match[kind])
        except ValueError:
            return None
    return show


def _number(text: str) -> int | float:
    """Return the number written in `text`."""
    return float(text) if "." in text else int(text)


def _texts(text: str) -> list[str]:
    """Return the strings in an array of strings, without their quotes: `["a", "b"]` for the text `"a", "b"`."""
    return [item[1:-1] for item in _ITEM.findall(text)]


def _dates(text: str) -> list[str | date]:
    """Return the items of an array of dates and strings. Raise ValueError for a day that does not exist."""
    return [item[1:-1] if item[0] == '"' else date.fromisoformat(item) for item in _DATED_ITEM.findall(text)]


def _row(text: str) -> Table:
    """Parse an inline table with only strings and whole numbers as values. Raise ValueError if a key occurs twice."""
    fields = _FIELD.findall(text)
    row = {key: text[1:-1] if text else int(number) for key, text, number in fields}
    if len(row) < len(fields):
        raise ValueError("a key occurs twice")
    return row


_SECTION = 12  # the group of _STATEMENT that matches a header
# The function that reads a value, by the number of the group in _STATEMENT that matches the value.
_READERS: dict[int, Callable[[str], Any]] = {
    2: lambda text: text[1:-1],
    3: _number,
    4: date.fromisoformat,
    5: _texts,
    6: lambda text: [_row(row) for row in text.split("\n") if row],
    7: _texts,
    8: _row,
    9: lambda text: text == "true",
    10: _dates,
    11: _dates,
}
