"""A fast writer for blocks of new shows. Its text need not be parsed again to check the values.

A block is a sequence of lines. If parsing each line gives one key with its value, and no key occurs twice, then parsing
the block gives the show.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter, call
from typing import Any

from watchlist.domain.field_types import ChoiceType, Date, FieldType, Ids, Integer, Rating, StringList
from watchlist.domain.fields import WRITTEN, values_of
from watchlist.domain.model import Show
from watchlist.domain.record_fields import Records
from watchlist.domain.toml_values import SECTIONS, plain_value, render_key, render_value
from watchlist.store.toml.parser import table_of

Lines = Callable[[Any], str]  # renders a value as lines of the file; empty for a value that is not written

_CACHED = (ChoiceType, Date, Rating, Integer)  # types with cached lines, because many shows have the same value
_ANY_TEXT = (StringList, Ids)  # types for which any text is valid, so that plain texts need no check


class NotSimple(ValueError):
    """Raised if the fast writer can't render a show. The slower `render_block` can."""


class Blocks:
    """The writer of blocks for a text whose lines end with `newline`."""

    def __init__(self, newline: str = "\n") -> None:
        self._head = f"[[shows]]{newline}"
        self._lines = tuple(_lines(name, type, empty, newline) for name, empty, type in WRITTEN)

    def of(self, show: Show) -> str:
        """Return the block of a show, checked to parse to the right values.

        Raises:
            NotSimple: The show has keys that are not fields, or a value for which the check fails.
            ValueError: A value is not valid for its field.
        """
        if show.other:
            raise NotSimple
        return self._head + "".join(map(call, self._lines, values_of(show)))


def _lines(key: str, type: FieldType[Any], empty: object, newline: str) -> Lines:
    """Return a function that renders a value of one field as lines of a block. It raises NotSimple if it can't.

    Args:
        key: The key of the field in the file.
        type: The type of the field.
        empty: The value that is not written.
        newline: The line end.
    """
    if key in SECTIONS:
        assert isinstance(type, Records)
        return _sections(key, type, newline)
    name, write, read, any_texts = render_key(key), type.write, type.read, isinstance(type, _ANY_TEXT)

    def line(value: Any) -> str:
        if value == empty:
            return ""
        raw = write(value)
        plain = plain_value(raw)
        if not (plain and any_texts) and read(raw) != value:
            raise NotSimple
        if plain:
            return f"{name} = {plain}{newline}"
        line = f"{name} = {render_value(raw, newline)}{newline}"
        if table_of(f"[[shows]]{newline}{line}") != {key: raw}:
            raise NotSimple
        return line

    return cache(line) if isinstance(type, _CACHED) else line


def _sections(key: str, type: Records, newline: str) -> Lines:
    """Return a function that renders the rows of one field, each below a header `[[shows.KEY]]`, or raises NotSimple."""
    header = f"{newline}[[shows.{render_key(key)}]]{newline}"
    columns = tuple(_lines(column.key, column.type, column.type.empty, newline) for column in type.columns)
    values = attrgetter(*(column.attribute for column in type.columns))

    def section(row: Any) -> str:
        if row.other:
            raise NotSimple
        return header + "".join(map(call, columns, values(row)))

    return lambda rows: "".join(map(section, rows)) if rows else ""
