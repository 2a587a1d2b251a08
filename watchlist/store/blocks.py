"""New shows as blocks, many at a time: made line by line, so that what reads back is known of the lines.

A block is lines, one below the other. Where each of them reads as one key and its value, and no key stands there twice,
the block reads as the show.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter, call
from typing import Any

from watchlist.fields import WRITTEN, values_of
from watchlist.fieldtypes import Choice, FieldType, Ids, Moment, Names, Rating, Whole
from watchlist.model import Show
from watchlist.records import Records
from watchlist.store.text import table_of
from watchlist.toml_text import SECTIONS, plain_value, render_key, render_value

Lines = Callable[[Any], str]  # of a value: what stands in the file for it, nothing where it is left out

_FEW = (Choice, Moment, Rating, Whole)  # types of which many shows have the same value
_ANY = (Names, Ids)  # types that take any texts, and a text that is plain reads as itself


class Odd(ValueError):
    """A show that is not written line by line, or would not just read back."""


class Blocks:
    """Makes the blocks of a text whose lines end with `newline`."""

    def __init__(self, newline: str = "\n") -> None:
        self._head = f"[[shows]]{newline}"
        self._lines = tuple(_lines(name, type, empty, newline) for name, empty, type in WRITTEN)

    def of(self, show: Show) -> str:
        """The block of a show as `render_block` writes it, known to read back. Odd where that can't be said, and another
        ValueError where a value is none of its field."""
        if show.other:
            raise Odd
        return self._head + "".join(map(call, self._lines, values_of(show)))


def _lines(key: str, type: FieldType[Any], empty: object, newline: str) -> Lines:
    if key in SECTIONS:
        assert isinstance(type, Records)
        return _sections(key, type, newline)
    name, write, read, any_texts = render_key(key), type.write, type.read, isinstance(type, _ANY)

    def line(value: Any) -> str:
        if value == empty:
            return ""
        raw = write(value)
        plain = plain_value(raw)
        if not (plain and any_texts) and read(raw) != value:
            raise Odd
        if plain:
            return f"{name} = {plain}{newline}"
        line = f"{name} = {render_value(raw, newline)}{newline}"
        if table_of(f"[[shows]]{newline}{line}") != {key: raw}:
            raise Odd
        return line

    return cache(line) if isinstance(type, _FEW) else line


def _sections(key: str, type: Records, newline: str) -> Lines:
    """Rows that stand below the lines of a show, each under a header of its own."""
    header = f"{newline}[[shows.{render_key(key)}]]{newline}"
    columns = tuple(_lines(column.key, column.type, column.type.empty, newline) for column in type.columns)
    values = attrgetter(*(column.attribute for column in type.columns))

    def section(row: Any) -> str:
        if row.other:
            raise Odd
        return header + "".join(map(call, columns, values(row)))

    return lambda rows: "".join(map(section, rows)) if rows else ""
