"""Locations of keys and values in TOML text, and edits that fix one value in the text and keep everything else.

A path is the sequence of keys and row indexes (from 0) that leads to a value: `("shows", 0, "seasons", 1, "watched")`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from watchlist.doctor.finding import Fix, Where
from watchlist.domain.fields import ORDER
from watchlist.domain.frozen import same
from watchlist.domain.toml_values import render_key
from watchlist.store.toml.parser import parse, table_of
from watchlist.store.toml.patcher import CannotPatch, patch
from watchlist.store.toml.scanner import Header, TomlSpan, Unreadable, scan

SHOW: Where = ("shows", 0)  # path of the show within the text of its own block
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")


class SourceLocation(NamedTuple):
    """Offsets of a key and of its value, in characters from the start of the text."""

    key: int
    value: int


def places(text: str) -> dict[Where, SourceLocation]:
    """Return the location of each value of `text` by its path. The location of a table is that of its header.

    Values below the first invalid place of the text are left out.
    """
    locations: dict[Where, SourceLocation] = {}
    for where, item in _items(text):
        start = item.start
        while text[start] in " \t":
            start += 1
        if isinstance(item, Header):
            for path in (where, where[:-1]):  # an array of tables starts at its first row
                locations.setdefault(path, SourceLocation(start, start))
        else:
            for end in range(len(where) - len(item.path) + 1, len(where)):
                locations.setdefault(where[:end], SourceLocation(start, start))
            locations.update((path, SourceLocation(start, offset)) for path, offset in _within(where, item.value))
    return locations


def place_of(locations: Mapping[Where, SourceLocation], where: Where) -> SourceLocation:
    """Return the location of the path `where` or, if it has none, of the nearest table around it; (0, 0) without one."""
    while where and where not in locations:
        where = where[:-1]
    return locations.get(where, SourceLocation(0, 0))


def _items(text: str) -> Iterator[tuple[Where, Any]]:
    """Yield (path, header or assignment) for each header and assignment of `text`. A path includes row indexes."""
    rows: dict[Where, int] = {}
    base: Where = ()
    try:
        for item in scan(text):
            if isinstance(item, Header):
                base = _header_path(item, rows)
                yield base, item
            else:
                yield (*base, *item.path), item
    except Unreadable:
        return


def _header_path(header: Header, rows: dict[Where, int]) -> Where:
    """Return the path to the table that a header begins, with row indexes.

    Args:
        rows: The index (from 0) of the current row of each array of tables, by path. The call updates this mapping.
    """
    where: Where = ()
    for step in header.path:
        where = (*where, step)
        if header.array and len(where) - sum(isinstance(s, int) for s in where) == len(header.path):
            rows[where] = rows.get(where, -1) + 1
        if where in rows:
            where = (*where, rows[where])
    return where


def _within(where: Where, value: TomlSpan) -> Iterator[tuple[Where, int]]:
    """Yield (path, offset) for a value at the path `where` and all values nested in it. Offsets count characters."""
    yield where, value.start
    steps: tuple[str | int, ...] = value.keys or (tuple(range(len(value.items))) if value.array else ())
    for step, item in zip(steps, value.items, strict=False):
        yield from _within((*where, step), item)


def value_at(table: Any, where: Where) -> Any:
    """Return the value at the path `where` in nested tables and lists. Raise LookupError if there is none."""
    for step in where:
        try:
            table = table[step]
        except TypeError:
            raise LookupError(step) from None
    return table


def fix_block(block: str, where: Where, fix: Fix, newline: str) -> str | None:
    """Return the block of a show with `fix` applied to the value at the path `where`; None if this is not possible.

    Everything else in the block is unchanged.
    """
    try:
        table = table_of(block)
        fixed_table = _fixed_table(table, where, fix)
        if fix.name:
            renamed_block = renamed(block, (*SHOW, *where), fix.name)
            if same(table_of(renamed_block), _fixed_table(table, where, fix._replace(value=value_at(table, where)))):
                block = renamed_block
        return patch(block, fixed_table, order=ORDER, newline=newline)
    except (CannotPatch, ValueError, TypeError, LookupError, RecursionError):
        return None


def _fixed_table(table: Mapping[str, Any], where: Where, fix: Fix) -> dict[str, Any]:
    """Return a copy of a table with `fix` applied at the path `where`. A renamed key keeps its position.

    A missing value is added. Raises LookupError if the table or list around it is missing, or if the new name is taken.
    """
    step, inner_path = str(where[0]), where[1:]
    if not inner_path:
        name = fix.name or step
        if step not in table:  # a missing value
            return {**table, name: fix.value}
        if name != step and name in table:
            raise LookupError(name)  # the new name is in use: one of the two values would be lost
        return {name if key == step else key: fix.value if key == step else value for key, value in table.items()}
    inner = table[step]
    if isinstance(inner, list):
        index = int(inner_path[0])
        changed: Any = [_fixed_table(row, inner_path[1:], fix) if n == index else row for n, row in enumerate(inner)]
    else:
        changed = _fixed_table(inner, inner_path, fix)
    return {**table, step: changed}


def renamed(text: str, where: Where, name: str) -> str:
    """Return `text` with the key at the path `where` renamed to `name` in all headers and assignments that contain it."""
    spans = []
    for path, item in _items(text):
        above = 0 if isinstance(item, Header) else len(path) - len(item.path)
        if path[: len(where)] == where and above < len(where):
            number = sum(isinstance(step, str) for step in where[above:])
            spans.append(list(islice(_KEY.finditer(text, item.start), number))[-1].span())
    for start, end in reversed(spans):
        text = text[:start] + render_key(name) + text[end:]
    return text


def rename_top_key(text: str, where: Where, fix: Fix) -> str | None:
    """Return `text`, a whole list, with the top-level key at `where` renamed by `fix`; None if other values would change."""
    try:
        before = parse(text)
        after = parse(renamed_text := renamed(text, where, fix.name))
    except (ValueError, RecursionError):
        return None
    moved, merged = before.pop(str(where[0]), None), after.pop(fix.name, None)
    existing = before.pop(fix.name, None)
    if not same(moved, fix.value) or not same(before, after):
        return None
    if existing is None:
        return renamed_text if same(merged, moved) else None
    rows = isinstance(merged, list) and isinstance(existing, list) and len(merged) == len(existing) + len(moved)
    return renamed_text if rows and all(row in merged for row in (*existing, *moved)) else None
