"""Parses TOML texts and single blocks within the limits of this program. Locates syntax errors."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from typing import Any

from watchlist.domain.watchlist import Damage
from watchlist.sanitize import safe

_SLICE = 1 << 20  # bytes that are decoded at once
# Matches the place at the end of messages of `tomllib`.
_PLACE = r" ?\(at (?:line (\d+), column (\d+)|(end of document))\)"
Table = dict[str, Any]


def parse(text: str) -> Table:
    """Parse a text by `tomllib`. Raise ValueError if it is not TOML or exceeds the limits of this program."""
    import tomllib  # this and `toml_values` take milliseconds; a list with an index is read without them

    from watchlist.domain.toml_values import check_limits

    check_limits(text)
    return tomllib.loads(text)


def table_of(block: str) -> Table:
    """Return the table of the show in a block. Raise ValueError if the text is not the block of exactly one show."""
    from watchlist.store.toml.fast_parser import table_of as plain_table  # its patterns take time to compile

    if (plain := plain_table(block)) is not None:
        return plain
    shows = parse(block).get("shows")
    if not isinstance(shows, list) or len(shows) != 1 or not isinstance(shows[0], dict):
        raise ValueError("not the block of one show")
    table: Table = shows[0]
    return table


def check_utf8(data: bytes) -> None:
    """Raise UnicodeDecodeError, with the offset from the start of `data`, if the bytes are not UTF-8.

    They are decoded one slice at a time, because the decoded text may take four times the memory.
    """
    if not data.isascii():
        decode = getincrementaldecoder("utf-8")().decode
        try:
            for start in range(0, len(data), _SLICE):
                decode(data[start : start + _SLICE], start + _SLICE >= len(data))
        except UnicodeDecodeError:
            data.decode("utf-8")  # raises again, with the offset from the start of all bytes


def damage(body: str, error: BaseException) -> Damage:
    """Return an error of `tomllib` as Damage: message, line and column. `body` is the text that `tomllib` parsed."""
    message = str(error) or "nested too deeply"
    place = re.search(_PLACE, message)
    lines = body.split("\n")
    if place is None:
        line, column = 1, 1
    elif place[1]:
        line, column = int(place[1]), int(place[2])
    else:
        line = next((n for n in range(len(lines), 0, -1) if lines[n - 1].strip()), 1)
        column = len(lines[line - 1].rstrip()) + 1
    text = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    return Damage(re.sub(_PLACE, "", message), line, column, text)


def format_damage(damage: Damage) -> str:
    """Return a damage as text with place and reason: `line 3, column 5: Expected a value`."""
    return f"line {damage.line}, column {damage.column}: {safe(damage.message)}"
