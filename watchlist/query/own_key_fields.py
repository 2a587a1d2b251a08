"""Fields for the user's own keys in the list file. Any TOML value can be searched. Sorting uses the type of the value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from math import inf
from typing import Any

from watchlist.domain.field_types import FieldType
from watchlist.domain.fields import Field
from watchlist.domain.json_values import to_json
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.sort_keys import sort_key


def leaves(value: Any) -> Iterator[Any]:
    """Yield the single values in lists and tables at any depth. A single value yields itself, None yields nothing."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif value is not None:
        yield value


class CustomValue(FieldType[Any]):
    """The type of the user's own keys: any TOML value, which is shown, searched and sorted, but never validated."""

    name = "own"

    def format(self, value: Any, style: DisplayStyle = STARS) -> str:
        return ", ".join(self.texts(value))

    def texts(self, value: Any) -> tuple[str, ...]:
        return tuple(
            leaf
            if isinstance(leaf, str)
            else str(to_json(leaf)).lower()
            if isinstance(leaf, bool)
            else str(to_json(leaf))
            for leaf in leaves(value)
        )

    def key(self, value: Any) -> Any:
        """Return the sort key of a value. Numbers come first (nan last among them), then dates, then all others as text."""
        if isinstance(value, (int, float)):
            return (0, value) if value == value else (0, inf, "")
        if isinstance(value, date):
            return (1, value.isoformat())
        return (2, sort_key(self.format(value)))


@cache
def own_field(key: str) -> Field:
    """Return a Field for the user's own key `key`: always the same object, so that two queries with this key can be equal."""
    return Field(
        key, key, CustomValue(), "a key of your own", group=None, derived=True, getter=lambda show: show.other.get(key)
    )
