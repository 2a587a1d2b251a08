"""New shows as blocks, many at a time: written by a template and read back by a pattern, one of each for a shape.

Shows that have the same keys with the same kinds of values have one shape, and their blocks differ in the texts between
quotes and in numbers alone. So the layout is rendered, and read back as a whole, once a shape; of each block it is then
seen that it has its own texts in these places, and nothing in them that would end one or mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from watchlist.fields import STORED
from watchlist.store.plain import table_of
from watchlist.toml_text import HIDDEN, SECTIONS, WIDTH, render_block

Key = tuple[tuple[str, ...], tuple[Any, ...]]  # of a shape: the keys of a show, and what kind of value each has

_KEYS = frozenset(field.name for field in STORED) | {"id"}
_LEAVES: Mapping[type, str] = {
    str: rf'([^"\\\x00-\x1f\x7f\ud800-\udfff{HIDDEN}]*)',
    int: r"(-?(?:0|[1-9][0-9]{0,17}))",
    float: r"(-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17})",
    date: r"([0-9]{4}-[0-9]{2}-[0-9]{2})",
}
_KINDS, _TEXT = frozenset(_LEAVES), frozenset((str,))
_MARK = 10**15  # and above: numbers that stand for the texts of a block
_MARKED = re.compile(r"1\d{15}")


class Shape(NamedTuple):
    """`template` takes the texts of a block in their order, and `pattern` finds them again."""

    template: str
    pattern: re.Pattern[str]


def block_of(table: Mapping[str, Any]) -> str | None:
    """The block of a show as `render_block` writes it, known to read as this table; None for one that is not so plain."""
    if (found := _texts(table)) is None or (shape := _shape(found[0])) is None:
        return None
    block = shape.template % found[1]
    again = shape.pattern.fullmatch(block)
    return block if again is not None and again.groups() == found[1] else None


def _texts(table: Mapping[str, Any]) -> tuple[Key, tuple[str, ...]] | None:
    """The shape of a table, and the texts in it. A kind is a type; how many texts there are; the keys of an inline table;
    or rows, each with its own keys and types."""
    if not _KEYS.issuperset(table):
        return None
    kinds: list[Any] = []
    texts: list[str] = []
    rows = False
    for name, value in table.items():
        kind = type(value)
        if kind is list and name in SECTIONS and value:
            rows = True
            if not all(type(row) is dict and _KINDS.issuperset(map(type, row.values())) for row in value):
                return None
            kinds.append(tuple([(tuple(row), tuple(map(type, row.values()))) for row in value]))
            texts += [str(item) for row in value for item in row.values()]
        elif rows:
            return None  # it will not stand where it is in the table
        elif kind in _LEAVES:
            kinds.append(kind)
            texts.append(str(value))
        elif (kind is list or kind is dict) and name not in SECTIONS:
            items = value if kind is list else value.values()
            if not _TEXT.issuperset(map(type, items)) or len("".join(items)) + len('"", ') * len(items) > WIDTH:
                return None
            kinds.append(len(items) if kind is list else tuple(value))
            texts += items
        else:
            return None
    return (tuple(table), tuple(kinds)), tuple(texts)


@lru_cache(256)
def _shape(key: Key) -> Shape | None:
    """The shape of this key; None where a block of it would not read as what was meant."""
    leaves = list[type]()
    table = _marked(key, leaves)
    block = render_block(table)
    pieces = _MARKED.split(block)
    if table_of(block) != table or len(pieces) != len(leaves) + 1:
        return None
    template = "%s".join(pieces)  # no key that reads back has a % in it
    groups = [*(_LEAVES[leaf] for leaf in leaves), ""]
    pattern = "".join(re.escape(piece) + group for piece, group in zip(pieces, groups, strict=True))
    return Shape(template, re.compile(pattern))


def _marked(key: Key, leaves: list[type]) -> dict[str, Any]:
    """A table of this shape with a mark for each text; the kinds of the texts are added to `leaves`."""

    def mark(kind: type) -> Any:
        leaves.append(kind)
        number = _MARK + len(leaves)
        return str(number) if kind is str else number

    show: dict[str, Any] = {}
    for name, kind in zip(*key, strict=True):
        if isinstance(kind, type):
            show[name] = mark(kind)
        elif isinstance(kind, int):
            show[name] = [mark(str) for _ in range(kind)]
        elif name in SECTIONS:
            show[name] = [dict(zip(names, map(mark, kinds), strict=True)) for names, kinds in kind]
        else:
            show[name] = {each: mark(str) for each in kind}
    return show
