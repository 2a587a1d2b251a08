"""Where in the text a key or a value stands; and the text with it mended, which says what was meant or is not given out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from watchlist.doctor.finding import Fix, Where
from watchlist.fields import ORDER
from watchlist.store.splice import CannotSplice, patch, same
from watchlist.store.syntax import Header, Unreadable, Value, scan
from watchlist.store.text import parse, table_of
from watchlist.toml_text import render_key

SHOW: Where = ("shows", 0)  # the show in the text of its block
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")


class Place(NamedTuple):
    """Where a key is, and where its value begins, both in characters from the start of the text."""

    key: int
    value: int


def places(text: str) -> dict[Where, Place]:
    """The place of all that a text says, by path. As far as it can be told, where the text is not laid out as TOML."""
    found: dict[Where, Place] = {}
    for where, item in _items(text):
        start = item.start
        while text[start] in " \t":
            start += 1
        if isinstance(item, Header):
            for path in (where, where[:-1]):  # an array is where its first row is
                found.setdefault(path, Place(start, start))
        else:
            for end in range(len(where) - len(item.path) + 1, len(where)):
                found.setdefault(where[:end], Place(start, start))
            found.update((path, Place(start, at)) for path, at in _within(where, item.value))
    return found


def place_of(found: Mapping[Where, Place], where: Where) -> Place:
    """The place of a path, or of the nearest above it that is there."""
    while where and where not in found:
        where = where[:-1]
    return found.get(where, Place(0, 0))


def _items(text: str) -> Iterator[tuple[Where, Any]]:
    """Each header and statement with its path, the number of each row on the way in it."""
    rows: dict[Where, int] = {}
    base: Where = ()
    try:
        for item in scan(text):
            if isinstance(item, Header):
                base = _placed(item, rows)
                yield base, item
            else:
                yield (*base, *item.path), item
    except Unreadable:
        return


def _placed(header: Header, rows: dict[Where, int]) -> Where:
    where: Where = ()
    for step in header.path:
        where = (*where, step)
        if header.array and len(where) - sum(isinstance(s, int) for s in where) == len(header.path):
            rows[where] = rows.get(where, -1) + 1
        if where in rows:
            where = (*where, rows[where])
    return where


def _within(where: Where, value: Value) -> Iterator[tuple[Where, int]]:
    yield where, value.start
    steps: tuple[str | int, ...] = value.keys or (tuple(range(len(value.items))) if value.array else ())
    for step, item in zip(steps, value.items, strict=False):
        yield from _within((*where, step), item)


def value_at(table: Any, where: Where) -> Any:
    """The value at a path. LookupError where there is none."""
    for step in where:
        try:
            table = table[step]
        except TypeError:
            raise LookupError(step) from None
    return table


def mended_block(block: str, where: Where, fix: Fix, newline: str) -> str | None:
    """The block of a show with one value put right, all else as it was; None where that can't be done."""
    try:
        table = table_of(block)
        wanted = _mended(table, where, fix)
        if fix.name:
            text = renamed(block, (*SHOW, *where), fix.name)
            if same(table_of(text), _mended(table, where, fix._replace(value=value_at(table, where)))):
                block = text
        return patch(block, wanted, order=ORDER, newline=newline)
    except (CannotSplice, ValueError, TypeError, LookupError, RecursionError):
        return None


def _mended(table: Mapping[str, Any], where: Where, fix: Fix) -> dict[str, Any]:
    """A copy of the table with what the fix says in it; a renamed key stays where it is. LookupError where it can't be."""
    step, rest = str(where[0]), where[1:]
    if not rest:
        name = fix.name or step
        if name != step and name in table:
            raise LookupError(name)  # one of the two values would be lost
        return {name if key == step else key: fix.value if key == step else value for key, value in table.items()}
    inner = table[step]
    if isinstance(inner, list):
        index = int(rest[0])
        changed: Any = [_mended(row, rest[1:], fix) if n == index else row for n, row in enumerate(inner)]
    else:
        changed = _mended(inner, rest, fix)
    return {**table, step: changed}


def renamed(text: str, where: Where, name: str) -> str:
    """The text with the key at a path called `name`, in every header and statement that says it."""
    spans = []
    for path, item in _items(text):
        above = 0 if isinstance(item, Header) else len(path) - len(item.path)
        if path[: len(where)] == where and above < len(where):
            number = sum(isinstance(step, str) for step in where[above:])
            spans.append(list(islice(_KEY.finditer(text, item.start), number))[-1].span())
    for start, end in reversed(spans):
        text = text[:start] + render_key(name) + text[end:]
    return text


def mended_top(text: str, where: Where, fix: Fix) -> str | None:
    """The whole text with a key of the file renamed, nothing lost by it; None where that can't be done."""
    try:
        before = parse(text)
        after = parse(new := renamed(text, where, fix.name))
    except (ValueError, RecursionError):
        return None
    moved, there = before.pop(str(where[0]), None), after.pop(fix.name, None)
    kept = before.pop(fix.name, None)
    if not same(moved, fix.value) or not same(before, after):
        return None
    if kept is None:
        return new if same(there, moved) else None
    rows = isinstance(there, list) and isinstance(kept, list) and len(there) == len(kept) + len(moved)
    return new if rows and all(row in there for row in (*kept, *moved)) else None
