"""Assignments to the user's own keys in the list file: `own:KEY=VALUE`, with the value typed as in TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from watchlist.domain.fields import BY_NAME, STORED
from watchlist.domain.frozen import Frozen, replace, same
from watchlist.domain.json_parser import INTEGER_LIMIT
from watchlist.domain.model import Show
from watchlist.domain.text import fold
from watchlist.domain.toml_values import check_limits, render_key, render_value
from watchlist.errors import Refused, UsageError
from watchlist.sanitize import safe

_ASSIGNMENT = re.compile(r'own:\s*(?:"((?:[^"]|"")*)"\s*|([^"].*?)?)(\+=|-=|=)', re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}.*)?", re.ASCII)
_STORED = frozenset(field.name for field in STORED)
_EXAMPLE = 'e.g. own:prio=1, own:"lent to"=Bob or own:seen=[2019, 2024]; own:prio= clears'


class OwnAssignment(Frozen):
    """A parsed `own:KEY=VALUE`, `own:KEY+=VALUE` or `own:KEY-=VALUE`. If `value` is None, the assignment removes the key."""

    key: str
    sign: str  # "=", "+=" or "-="
    value: Any

    @classmethod
    def parse(cls, text: str) -> OwnAssignment:
        """Parse an assignment as typed, e.g. `own:prio=1`.

        Raises:
            UsageError: The key is missing or not allowed, e.g. the name of a field, or the value is not valid TOML.
        """
        match = _ASSIGNMENT.match(text)
        if match is None:
            raise UsageError(f'"{safe(text)}" is not own:KEY=VALUE', _EXAMPLE)
        key = (match[1] or "").replace('""', '"') or (match[2] or "").strip()
        typed, sign = text[match.end() :], match[3]
        if not key:
            raise UsageError("the key after own: is missing", _EXAMPLE)
        _check_key(key, clears=sign == "=" and not typed.strip())
        if not typed.strip():
            if sign != "=":
                raise UsageError(f"the value after own:{safe(key)}{sign} is missing", _EXAMPLE)
            return cls(key, sign, None)
        try:
            return cls(key, sign, parse_value(typed))
        except ValueError as error:
            raise UsageError(f"own:{safe(key)}: {safe(str(error))}") from error

    def apply(self, show: Show) -> Show:
        """Return the show with this assignment applied.

        Raises:
            Refused: `+=` or `-=` is applied to a value that is not a list.
        """
        own, old = dict(show.other), show.other.get(self.key)
        if self.sign == "=":
            own.pop(self.key, None)
            new = self.value
        else:
            items = self.value if isinstance(self.value, list) else [self.value]
            if not isinstance(old, list) and old is not None:
                message = f"{safe(self.key)} of {safe(show.title)} is not a list, so {self.sign} does not work with it"
                raise Refused(message, f"use own:{safe(self.key)}=VALUE")
            present = list(old or ())
            if self.sign == "+=":
                new = present + [item for item in items if not any(same(item, other) for other in present)]
            else:
                new = [item for item in present if not any(_means(typed, item) for typed in items)]
                new = new if old is not None else None
        if new is None:
            return replace(show, other=own)
        return replace(show, other={**show.other, self.key: new})


def _check_key(key: str, *, clears: bool) -> None:
    """Raise UsageError for a key that has another meaning in queries or in the file, or that TOML can't store.

    Args:
        clears: True if the assignment removes the key, which is allowed for some keys that can't be set.
    """
    field = BY_NAME.get(key)
    if field is not None and field.derived and not clears:
        raise UsageError(
            f"{key} is computed from other fields: {field.hint}", "choose another name for a key of your own"
        )
    if field is not None and not field.derived and ((field.name in _STORED and key == field.name) or not clears):
        raise UsageError(f"{key} is the field {field.name}, not a key of your own", f"use {field.name}=VALUE")
    if key in ("is", "sort") and not clears:
        raise UsageError(f'"{key}:" has another meaning in queries', "choose another name for a key of your own")
    try:
        render_key(key)
    except ValueError as error:
        raise UsageError(f"own:{safe(key)}: {error}") from error


def _means(typed: Any, item: Any) -> bool:
    """Return True if `typed`, an item to remove from a list, matches `item`. Texts are compared without case and accents."""
    return same(typed, item) or (isinstance(typed, str) and isinstance(item, str) and fold(typed) == fold(item))


def parse_value(text: str) -> Any:
    """Parse a value typed as in TOML: a number, a date, true, a list and so on. Any other text is a string.

    Raises:
        ValueError: The text is blank, has lone surrogates, begins like a list, a table or a quoted string but is not valid
            TOML, is a date that does not exist, contains an integer of more than 64 bits, or is refused by
            `check_limits`.
    """
    text = text.strip()
    if not text:
        raise ValueError("the value is missing")
    if not text.isascii():
        render_value(text)  # refuses lone surrogates
    check_limits(f"v = {text}")
    try:
        table = tomllib.loads(f"v = {text}")
        in_list = tomllib.loads(f"v = [ {text} ]")  # fails if `#` begins a comment, which was meant as text
    except (ValueError, RecursionError) as error:
        if text[0] in "[{\"'":
            raise ValueError(f"{text} is not a TOML value; to store text, put quotes around all of it") from error
        if _DATE.fullmatch(text):
            raise ValueError(f"{text} is not in the calendar; to store text, put quotes around it") from error
        return text
    if any(not -INTEGER_LIMIT <= number < INTEGER_LIMIT for number in _whole_numbers(in_list)):
        raise ValueError(f"{text} is a number with too many digits")
    return table["v"] if len(table) == 1 and len(in_list.get("v", ())) == 1 and not text.endswith(",") else text


def _whole_numbers(value: Any) -> Iterator[int]:
    if isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _whole_numbers(item)
    elif isinstance(value, int):
        yield value


def format_value(value: Any) -> str:
    """Return a value as text that `parse_value` can read: strings without quotes if possible, other values as TOML."""
    if not isinstance(value, str):
        return render_value(value)
    try:
        plain = same(parse_value(value), value) if value.strip() == value != "" else False
    except ValueError:
        plain = False
    return value if plain else render_value(value)
