"""Renders changed inline tables, and arrays of inline tables, on one line. Unchanged items keep their spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from watchlist.domain.frozen import same
from watchlist.domain.toml_values import render_inline, render_key
from watchlist.store.toml.scanner import TomlSpan

_SEPARATOR = ", "


class _Part(NamedTuple):
    """The text of one item: a key with its value, or a row. `before` is the text between the previous item and this item."""

    text: str
    before: str = _SEPARATOR


def is_rows(value: Any) -> bool:
    """Return True if a value is a non-empty list of tables."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def respelled(block: str, span: TomlSpan, old: Any, new: Any) -> str | None:
    """Return the text of a value that changes from `old` to `new`. Unchanged items keep their spelling.

    Args:
        block: The text that contains the value.
        span: The place of the value in the text.
        old: The current value.
        new: The wanted value.

    Returns:
        The text; None if no item is kept, or if the value is of another kind or has several lines. The caller then
            renders the whole value.
    """
    if "\n" in block[span.start : span.end] or not span.items:
        return None
    if span.keys is not None and isinstance(new, Mapping):
        return _table(block, span, span.keys, old, new)
    return _rows(block, span, old, new) if span.array and is_rows(old) and is_rows(new) else None


def _table(
    block: str, span: TomlSpan, names: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]
) -> str | None:
    """Return the new text of an inline table; None if all its keys are new. `names` are the old keys in text order."""
    if old.keys().isdisjoint(new):
        return None
    places = {name: index for index, name in enumerate(names)}
    parts = [
        _part(block, span, places[key], old[key], value)
        if key in places
        else _Part(f"{render_key(key)} = {render_inline(value)}")
        for key, value in new.items()
    ]
    return _joined(block, span, parts)


def _rows(block: str, span: TomlSpan, old: list[Any], new: list[Any]) -> str | None:
    """Return the new text of an array of inline tables. If rows are added or removed, equal rows keep their text."""
    if len(old) == len(new):
        return _joined(
            block, span, [_part(block, span, index, *pair) for index, pair in enumerate(zip(old, new, strict=True))]
        )
    texts = [_part(block, span, index, row, row).text for index, row in enumerate(old)]
    rows = []
    for index, row in enumerate(new):
        stays = next((number for number, old_row in enumerate(old) if same(old_row, row)), None)
        if stays is None and index < len(old) and _is_same_row(old[index], row):
            rows.append(_part(block, span, index, old[index], row).text)
        else:
            rows.append(texts[stays] if stays is not None else render_inline(row))
    if len(rows) == 1:
        return f"[{rows[0]}]"
    return "".join(("[\n", *(f"    {row},\n" for row in rows), "]"))


def _is_same_row(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Return True if two rows have the same value of the first key of `old`, i.e. `new` is that row with changes."""
    first = next(iter(old), None)
    return first is not None and first in new and same(old[first], new[first])


def _part(block: str, span: TomlSpan, index: int, old: Any, new: Any) -> _Part:
    """Return the new text of the item `index` of the value at `span`. The item changes from `old` to `new`."""
    item, start = span.items[index], span.starts[index]
    if same(old, new):
        text = block[item.start : item.end]
    else:
        text = respelled(block, item, old, new) or render_inline(new)
    return _Part(block[start : item.start] + text, block[span.items[index - 1].end : start] if index else _SEPARATOR)


def _joined(block: str, span: TomlSpan, parts: list[_Part]) -> str:
    """Return the new text of the value at `span`: its parts, within its brackets and the blanks next to the brackets."""
    pieces = [block[span.start : span.starts[0]], parts[0].text]
    for part in parts[1:]:
        pieces += part.before, part.text
    return "".join((*pieces, block[span.items[-1].end : span.end]))
