"""The user's own keys as fields: any TOML value, looked into and ordered as what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from watchlist.fields import Field
from watchlist.fieldtypes import FieldType
from watchlist.ratings import STARS, Style
from watchlist.records import to_json
from watchlist.text import fold


def leaves(value: Any) -> Iterator[Any]:
    """The single values of a value: those in lists and tables, at any depth; none for None."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif value is not None:
        yield value


class Own(FieldType[Any]):
    """Whatever the user keeps there. Read-only here: it is changed in the file."""

    name = "own"

    def format(self, value: Any, style: Style = STARS) -> str:
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
        """Numbers come first, then dates, then all else as text."""
        if isinstance(value, (int, float)):
            return (0, value)
        if isinstance(value, date):
            return (1, value.isoformat())
        return (2, fold(self.format(value)))


@cache
def own_field(key: str) -> Field:
    """The field of one of the user's own keys; the same one each time, so that queries compare."""
    return Field(
        key, key, Own(), "a key of your own", derived=True, form=False, getter=lambda show: show.other.get(key)
    )
