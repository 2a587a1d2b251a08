"""Blocks in the plainest spelling, read by a few patterns: many times faster than TOML as a whole, and no less exact.

What is understood here means the same to `tomllib`; for anything else (escapes, long strings, dotted keys, a comment
after a value ...) there is no answer, and `tomllib` is asked. Most blocks are plain: those that this program writes are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

Table = dict[str, Any]

_MOST = 1 << 16  # characters
_TEXT = r'"[^"\\\x00-\x1f\x7f]*"'
_KEY = r"[A-Za-z0-9_-]+"
_FIELDS = rf"{_KEY} = (?:{_TEXT}|(?:0|[1-9][0-9]{{0,17}})(?=[ ,]))"
_ROW = rf"\{{ {_FIELDS}(?:, {_FIELDS})* \}}"
_TEXTS = rf"{_TEXT}(?:, {_TEXT})*"
_START = re.compile(r"(?:#[^\x00-\x08\x0a-\x1f\x7f]*\n)*\[\[shows\]\]\n")
_STATEMENT = re.compile(
    rf"({_KEY}) = (?:"
    rf"({_TEXT})"
    r"|(-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?)"
    r"|([0-9]{4}-[0-9]{2}-[0-9]{2})"
    rf"|\[((?:{_TEXTS})?)\]"
    rf"|\[\n((?:    {_ROW},\n)+)\]"
    rf"|\[\n((?:    {_TEXT},\n)+)\]"
    rf"|({_ROW})"
    r"|(true|false)"
    r")\n+"
    rf"|\[\[shows\.({_KEY})\]\]\n"
)
_ONE = re.compile(_TEXT)
_FIELD = re.compile(rf"({_KEY}) = (?:({_TEXT})|([0-9]+))")


def table_of(block: str) -> Table | None:
    """The show in a block, as `tomllib` reads it; None where that takes more than is known here."""
    start = _START.match(block)
    if start is None or len(block) > _MOST:
        return None
    show: Table = {}
    table, section = show, ""
    at, end = start.end(), len(block)
    while at < end and block[at] == "\n":
        at += 1
    while at < end:
        found = _STATEMENT.match(block, at)
        if found is None:
            return None
        at, kind = found.end(), found.lastindex or 0
        if kind == _SECTION:
            if found[kind] in show and found[kind] != section:
                return None  # an array of another spelling has this name, or its rows lie apart
            table, section = {}, found[kind]
            show.setdefault(section, []).append(table)
            continue
        key = found[1]
        if key in table:
            return None
        try:
            table[key] = _READERS[kind](found[kind])
        except ValueError:
            return None
    return show


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _texts(text: str) -> list[str]:
    return [one[1:-1] for one in _ONE.findall(text)]


def _row(text: str) -> Table:
    fields = _FIELD.findall(text)
    row = {key: text[1:-1] if text else int(number) for key, text, number in fields}
    if len(row) < len(fields):
        raise ValueError("a key stands there twice")
    return row


_SECTION = 10
_READERS: dict[int, Callable[[str], Any]] = {
    2: lambda text: text[1:-1],
    3: _number,
    4: date.fromisoformat,
    5: _texts,
    6: lambda text: [_row(row) for row in text.split("\n") if row],
    7: _texts,
    8: _row,
    9: lambda text: text == "true",
}
