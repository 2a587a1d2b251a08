"""Changes values on single lines in blocks with plain spelling. Many times faster than the general `patcher`.

`patch_plain` returns the same text as `patcher.patch`, or None. The caller checks that the result has the wanted table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from watchlist.domain.frozen import same
from watchlist.domain.toml_values import is_section, render_key, render_value

_SECTION = "\n[[shows."  # the first header of a section, which ends the keys of the show itself
_MULTI_LINE = ('"""', "'''", "[\n")  # the beginnings of values with several lines


def patch_plain(block: str, table: Mapping[str, Any], wanted: Mapping[str, Any], order: Sequence[str]) -> str | None:
    """Return `block` with its table changed to `wanted`; None if that requires more than changing whole lines.

    Args:
        block: A block in plain spelling: each key of the show is at the start of a line, and no line inside a value
            looks like a key.
        table: The table of the block.
        wanted: The table of the result.
        order: Keys in their writing order. A new key is inserted below the last line whose key precedes it in this
            order, else below the last key.
    """
    end = block.find(_SECTION) + 1 or len(block)
    edits: list[tuple[int, int, str]] = []
    for key, value in table.items():
        if key in wanted and (value is (new := wanted[key]) or same(value, new)):
            continue
        line = _line(block, key, end)
        text = _rendered(key, wanted[key]) if key in wanted else ""
        if line is None or text is None or isinstance(value, dict):
            return None
        edits.append((*line, text))
    for key in [key for key in wanted if key not in table]:
        text, place = _rendered(key, wanted[key]), _last_line(block, table, key, order, end)
        if text is None or place is None:
            return None
        edits.append((place, place, text))
    position, pieces = 0, list[str]()
    for start, line_end, text in sorted(edits, key=lambda edit: edit[:2]):
        if start < position:
            return None
        pieces += (block[position:start], text)
        position = line_end
    return "".join((*pieces, block[position:]))


def _rendered(key: str, value: Any) -> str | None:
    """Return the line `key = value` with its line end; None if the value needs several lines or a section."""
    if is_section(key, value) or "\n" in (text := render_value(value)):
        return None
    return f"{render_key(key)} = {text}\n"


def _line(block: str, key: str, end: int) -> tuple[int, int] | None:
    """Return the (start, end) offsets of the line of `key` in `block`; None if the value of the key has several lines.

    Only the block before the offset `end` is searched.
    """
    start = block.find(f"\n{key} = ", 0, end) + 1
    stop = block.find("\n", start) + 1
    if not start or not stop or block.startswith(_MULTI_LINE, start + len(key) + 3):
        return None
    return start, stop


def _last_line(block: str, table: Mapping[str, Any], key: str, order: Sequence[str], end: int) -> int | None:
    """Return the offset in `block` at which to insert the line of the new key `key`.

    The new line goes below the last line whose key precedes `key` in `order`, the keys in their writing order, or else
    below the last key. The result is None if the value above the new line has several lines, or if the show has no key.
    `table` is the table of the block, `end` the offset after the keys of the show itself.
    """
    starts = {block.find(f"\n{name} = ", 0, end): name for name in table}
    starts.pop(-1, None)  # keys without a line of their own: sections
    before = set(order[: order.index(key)]) if key in order else set()
    above = max((start for start, name in starts.items() if name in before), default=max(starts, default=-1))
    line = _line(block, starts[above], end) if above >= 0 else None
    return line[1] if line is not None else None
