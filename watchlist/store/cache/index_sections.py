"""Converts the sections of an index, the cache file of a list, to bytes and back.

Sections contain the offsets of blocks, ids, and columns and orders (see `column_cache`). An index may have been written
by any program, so all bytes are checked. Invalid bytes raise one of the errors in INVALID_SECTION.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from types import NoneType
from typing import Any

from watchlist.domain.dates import from_iso
from watchlist.domain.field_types import ChoiceType, Date, FieldType, Ids, Integer, Rating, StringList, Url
from watchlist.domain.fields import FIELDS, ProgressType
from watchlist.domain.json_parser import INTEGER_LIMIT
from watchlist.domain.named_dates import NamedDates
from watchlist.domain.ratings import check_rating
from watchlist.query.columns import PART, SEARCHED
from watchlist.store.toml.document import BETWEEN, SHOW

HIGHEST = 10**12  # maximum of derived numbers, e.g. of episodes or minutes
DAY_LENGTH = len("2026-11-20")  # characters
_PROGRESS = re.compile(r"(?:[0-9]{1,9}/(?:[1-9][0-9]{0,8}|\?))?")


def numbers_of(raw: bytes) -> array[int]:
    """Decode the signed 64-bit numbers in the bytes of a section. Raise ValueError if the last number is incomplete."""
    numbers = array("q")
    numbers.frombytes(raw)
    return numbers


# The errors raised by the functions below for bytes that were not written by `show_index`.
INVALID_SECTION = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError, MemoryError)


def section_of(entry: Any) -> tuple[int, int, str]:
    """Return (byte offset, byte size, checksum) of a section from its entry. Raise ValueError or TypeError if invalid."""
    start, size, checksum = entry
    if type(start) is not int or type(size) is not int or not isinstance(checksum, str) or min(start, size) < 0:
        raise ValueError(entry)
    return start, size, checksum


def starts_of(raw: bytes, kinds: bytes, data: bytes) -> array[int]:
    """Decode the offsets of the parts of the text `data`. Raise ValueError unless they are in order and within the text.

    `raw` is the section with the offsets, `kinds` the section that says which parts are blocks of shows.
    """
    starts = numbers_of(raw)
    offsets = starts.tolist()
    is_valid = offsets == sorted(offsets) and (not offsets or (offsets[0] >= 0 and offsets[-1] < max(1, len(data))))
    if len(starts) != len(kinds) or not is_valid or kinds.translate(None, bytes((BETWEEN, SHOW))):
        raise ValueError("no parts of this text")
    return starts


def ids_of(raw: bytes, count: int) -> list[str]:
    """Decode the ids of the shows. Raise one of INVALID_SECTION unless they are a list of `count` different texts."""
    ids: list[str] = _loads(raw)
    if len(ids) != count or set(map(type, ids)) - {str} or len(set(ids)) != count:
        raise ValueError("no ids")
    return ids


def others_of(raw: bytes, count: int) -> dict[int, str]:
    """Decode the ids in the file of those shows that have another id in the list, by show number (from 0).

    `count` is the number of all shows. Invalid bytes raise one of the errors in INVALID_SECTION.
    """
    raw_ids = _loads(raw)
    other_ids = {int(number): id for number, id in raw_ids.items()}
    if not all(0 <= number < count and isinstance(id, str) for number, id in other_ids.items()):
        raise ValueError("no ids")
    if raw_ids.keys() != set(map(str, other_ids)):
        raise ValueError("no numbers")
    return other_ids


def table_in(raw: bytes) -> dict[str, Any]:
    """Decode the table of everything in the text except the shows. Raise ValueError or RecursionError if it is invalid."""
    table = _loads(raw)
    if not isinstance(table, dict) or _holds_null(table):
        raise ValueError(table)
    return table


def _holds_null(value: Any) -> bool:
    """Return True if a JSON value contains null at any depth. Such a value can't come from TOML."""
    if isinstance(value, (dict, list)):
        return any(map(_holds_null, value.values() if isinstance(value, dict) else value))
    return value is None


def _loads(raw: bytes) -> Any:
    """Decode the bytes of a JSON text. Raise ValueError if they are invalid, RecursionError if nested too deeply."""
    value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    if b"\\ud" in raw or b"\\uD" in raw:  # half of a surrogate pair is not valid text
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _no_constant(name: str) -> None:
    """Raise ValueError for NaN and Infinity, which `json` accepts by default."""
    raise ValueError(name)


def as_json(value: Any) -> bytes:
    """Encode a value as compact JSON. Raise TypeError if JSON has no such value, e.g. a date."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict).encode("utf-8")


def encoded(name: str, column: Sequence[Any]) -> bytes:
    """Return the column `name` as the bytes of a section."""
    type = _type(name)
    if isinstance(type, Date):
        return as_json([value and value.isoformat() for value in column])
    if isinstance(type, NamedDates):
        return as_json([{key: day.isoformat() for key, day in dates.items()} for dates in column])
    if name == "days":
        return as_json([[day.isoformat() for day in days] for days in column])
    return as_json(column if isinstance(column, list) else list(column))


def decoded(name: str, raw: bytes, count: int | None) -> Sequence[Any]:
    """Decode a column or an order from the bytes of a section. Invalid bytes raise one of the errors in INVALID_SECTION.

    Args:
        name: The name of the column, e.g. `year`, or of the order, e.g. `order:year`.
        raw: The bytes of the section.
        count: The number of shows; None if unknown.
    """
    if name.startswith("order:"):
        order = array("I")
        order.frombytes(raw)
        if count is not None and (
            len(order) != count or len(set(order)) != count or max(order, default=0) >= max(1, count)
        ):
            raise ValueError("no order of these shows")
        return order
    column: list[Any] = _loads(raw)
    if not isinstance(column, list) or len(column) not in (count, len(column) if count is None else count):
        raise ValueError("no column of these shows")
    return _values(name, _type(name), column)


def _values(name: str, field_type: FieldType[Any] | None, column: list[Any]) -> Sequence[Any]:
    """Return the values of a column, converted from JSON. An invalid value raises one of the errors in INVALID_SECTION.

    Args:
        name: The name of the column.
        field_type: The type of the field; None if the column is not a field.
        column: The values as read from JSON.
    """
    if isinstance(field_type, Date):
        dates = {text: None if text is None else from_iso(text) for text in _distinct(column, str, NoneType)}
        return [dates[text] for text in column]
    if isinstance(field_type, NamedDates):
        _check(set(map(type, column)) <= {dict}, name)
        dates = {text: from_iso(text) for text in _distinct([day for days in column for day in days.values()], str)}
        return [{key: dates[text] for key, text in days.items()} for days in column]
    if isinstance(field_type, ChoiceType):
        choices: dict[str | None, Any] = {str(choice): choice for choice in field_type.choices}
        if field_type.empty is None:
            choices[None] = None
        return [choices[value] for value in column]
    if name == "days":
        dates = {text: from_iso(text) for text in _distinct(_items(column), str)}
        return [tuple([dates[text] for text in days]) for days in column]
    if isinstance(field_type, StringList) or name in ("keys", "actors"):
        _distinct(_items(column), str)
        return column if name == "actors" else list(map(tuple, column))
    if name == "viewed":
        _check_viewed(column)
    elif isinstance(field_type, Ids):
        distinct_ids = _distinct([id for ids in column for id in ids.values()], str, int)
        _check(all(type(id) is str or -INTEGER_LIMIT <= id < INTEGER_LIMIT for id in distinct_ids), name)
    elif isinstance(field_type, Rating):
        for rating in _distinct(column, float, NoneType):
            _check(rating is None or check_rating(rating), name)
    elif isinstance(field_type, Integer):
        highest = HIGHEST if FIELDS[name].derived else field_type.high
        numbers = _distinct(column, int, NoneType)
        _check(all(number is None or field_type.low <= number <= highest for number in numbers), name)
    elif name.startswith(("has:", "is:")):
        _distinct(column, bool)
    else:
        _check_texts(name, field_type, _distinct(column, str))
    return column


def _check(good: object, name: str) -> None:
    """Raise ValueError, with `name` as its message, unless `good` is true."""
    if not good:
        raise ValueError(name)


def _distinct(values: Iterable[Any], *types: type) -> set[Any]:
    """Return the different values as a set. Raise ValueError if a value is of none of `types`."""
    values = list(values)
    if not set(map(type, values)) <= {*types}:
        raise ValueError(types)
    return set(values)


def _items(column: list[Any]) -> list[Any]:
    """Return the items of all lists in a column as one list. Raise ValueError if a value is not a list."""
    if not set(map(type, column)) <= {list}:
        raise ValueError("no lists")
    return list(chain.from_iterable(column))


def _check_viewed(column: list[Any]) -> None:
    """Raise ValueError unless each value of the column `viewed` is a list of viewings.

    A viewing is a list: date or time as text (empty if unknown), minutes (None if unknown), True for a rewatch.
    """
    rows = _items(column)
    _check(set(map(type, rows)) <= {list}, "viewed")
    days, minutes, is_rewatch = (zip(*rows, strict=True)) if rows else ((), (), ())
    for moment in _distinct(days, str) - {""}:
        from_iso(moment[:DAY_LENGTH])
        _check(len(moment) <= DAY_LENGTH or datetime.fromisoformat(moment).isoformat() == moment, "viewed")
    _check(all(count is None or 0 <= count <= HIGHEST for count in _distinct(minutes, int, NoneType)), "viewed")
    _distinct(is_rewatch, bool)


def _check_texts(name: str, field_type: FieldType[Any] | None, texts: set[str]) -> None:
    """Raise ValueError if a text is not valid for the column `name`. `field_type` is None if the column is not a field."""
    if isinstance(field_type, ProgressType):
        _check(all(map(_PROGRESS.fullmatch, texts)), name)
    elif isinstance(field_type, Url):
        for text in texts:
            field_type.read(text)
    elif name == "searched":
        _check(all(text.count(PART) == len(SEARCHED) - 1 for text in texts), name)


def _type(name: str) -> FieldType[Any] | None:
    """Return the type of the field `name`; None if the column `name` is not a field."""
    return FIELDS[name].type if name in FIELDS else None
