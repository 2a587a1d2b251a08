"""Converts TOML values to JSON values and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from watchlist.domain.dates import parse_moment


def to_json(value: Any) -> Any:
    """Convert a TOML value to a JSON value: dates become ISO strings, nan and inf become text."""
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat()


def from_json(value: Any) -> Any:
    """Convert the JSON value of a show or row to TOML: ISO strings under DATE_KEYS become dates, nulls are left out.

    So do the items of a list or table under one of DATE_GROUP_KEYS.
    """
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {
            key: _moment(item) if key in DATE_KEYS else _moments(item) if key in DATE_GROUP_KEYS else from_json(item)
            for key, item in value.items()
            if item is not None
        }
    return value


DATE_KEYS = frozenset(["premiered", "added", "date"])
DATE_GROUP_KEYS = frozenset(["aired", "sources"])


def _moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _moment(item) for key, item in value.items() if item is not None}
    return [_moment(item) for item in value] if isinstance(value, list) else from_json(value)


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return from_json(value)
    try:
        return parse_moment(value)
    except ValueError:
        return value  # the type of the field reports the invalid value
