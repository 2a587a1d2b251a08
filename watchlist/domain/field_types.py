"""The types of fields: how values are read from and written to TOML, typed, shown, searched and sorted.

A type is one object. `read` and `write` convert plain TOML values, `parse` and `format` convert text for people. `read`
and `parse` raise ValueError with a sentence that fits below an input field. A missing value is the type's `empty`
value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from watchlist.domain.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    AnyDate,
    PartialDate,
    first_day,
    parse_date,
    parse_partial_date,
)
from watchlist.domain.ratings import STARS, DisplayStyle, check_rating, format_rating, parse_rating
from watchlist.domain.sort_keys import sort_key
from watchlist.domain.text import fold, format_ranges, join_list, parse_ranges, split_list
from watchlist.errors import did_you_mean

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class FieldType(Generic[T]):
    """The base class of field types, which read, write, parse, format and compare the values of fields."""

    name: str
    empty: Any = None
    multiple = False  # True if a value has several items: `field+=v` adds one, `field-=v` removes one
    ordered = False  # True if values have an order, so that queries accept ranges: `field:1..3`
    long = False  # True for several lines of text

    def read(self, raw: object) -> T:
        """Convert a TOML value to a value of the field. Raise ValueError if it is invalid."""
        raise NotImplementedError

    def write(self, value: T) -> Any:
        """Convert a value of the field to a TOML value."""
        return value

    def rewrite(self, value: T, raw: Any) -> Any:
        """Return `value` as a TOML value that replaces `raw`. Parts that are equal in `raw` keep their spelling."""
        return self.write(value)

    def parse(self, text: str, style: DisplayStyle = STARS) -> T:
        """Convert text typed by a person to a value; ratings are on the scale of `style`.

        Blank text gives `empty`. Raises ValueError if the text is invalid, or blank although the field needs a value.
        """
        raise NotImplementedError

    def format(self, value: T, style: DisplayStyle = STARS) -> str:
        """Convert a value to text that `parse` can read; `empty` gives an empty text. Ratings have the scale of `style`."""
        return "" if value == self.empty else str(value)

    def brief(self, value: T, style: DisplayStyle = STARS) -> str:
        """Return a value as a short text for tables and forms. `parse` reads it, but it may lack parts of the value."""
        return self.format(value, style)

    def texts(self, value: T) -> tuple[str, ...]:
        """Return the parts of a value as texts, for searching."""
        return (self.format(value),)

    def means(self, typed: Any, item: Any) -> bool:
        """Return True if `typed`, an item to add or remove, is `item`, an item of the value. Case and accents are ignored."""
        return bool(fold(typed) == fold(item))

    def with_items(self, value: Any, items: Any) -> Any:
        """Return `value` with `items` added, for `field+=items`. Items that it has already are left out.

        Raises:
            ValueError: The items can't be added to this value.
        """
        added = list(value)
        for item in items:
            if not any(self.means(item, present) for present in added):
                added.append(item)
        return tuple(added)

    def without_items(self, value: Any, items: Any) -> Any:
        """Return `value` without `items`, for `field-=items`."""
        return tuple(present for present in value if not any(self.means(item, present) for item in items))

    def key(self, value: T) -> Any:
        """Return the sort key of a value. Never called with `empty`: missing values are always sorted last."""
        return value


class TextType(FieldType[str]):
    """A line of text or, if `long`, several lines. If `required`, the text must not be blank."""

    name, empty = "text", ""

    def __init__(self, *, long: bool = False, required: bool = False) -> None:
        self.long, self.required = long, required

    def read(self, raw: object) -> str:
        if not isinstance(raw, str):
            raise ValueError("expected text in quotes")
        if self.required and not raw.strip():
            raise ValueError("a title can't be empty")
        return raw

    def parse(self, text: str, style: DisplayStyle = STARS) -> str:
        return self.read(text if self.long else " ".join(text.split()))

    def key(self, value: str) -> Any:
        return sort_key(value)


class Url(TextType):
    """A web address with http or https."""

    name = "url"

    def read(self, raw: object) -> str:
        text = super().read(raw)
        if text and not (text.startswith(("https://", "http://")) and " " not in text and text.isprintable()):
            raise ValueError("a web address starts with https:// and has no spaces")
        return text


class Integer(FieldType[int | None]):
    """A whole number from `low` to `high`. `unit` names the number in messages: "minutes", "a season number"."""

    name, ordered = "number", True

    def __init__(self, low: int, high: int, unit: str) -> None:
        self.low, self.high, self.unit = low, high, unit

    def read(self, raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise ValueError(f"expected a whole number: {self.unit}")
        if not self.low <= raw <= self.high:
            raise ValueError(f"{raw} is not {self.unit} from {self.low} to {self.high}")
        return raw

    def parse(self, text: str, style: DisplayStyle = STARS) -> int | None:
        if not (text := text.strip()):
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValueError(f'"{text}" is not {self.unit} from {self.low} to {self.high}')
        return self.read(int(text))


class Rating(FieldType[float | None]):
    """A rating in stars, stored as a number and typed on the scale of the display style."""

    name, ordered = "rating", True

    def read(self, raw: object) -> float:
        return check_rating(raw)

    def parse(self, text: str, style: DisplayStyle = STARS) -> float | None:
        return parse_rating(text, style)

    def format(self, value: float | None, style: DisplayStyle = STARS) -> str:
        return format_rating(value, style)


class Date(FieldType[AnyDate | None]):
    """A day, a month or a year and, if `time` is True, also a local datetime. Months and years are texts in the file.

    Typed dates must be in the years from FIRST_YEAR to LAST_YEAR and, if `past` is True, not in the future. If `required`
    is True, typed text must not be blank. In the file, all dates are valid.
    """

    name, ordered = "date", True

    def __init__(self, *, time: bool = False, past: bool = False, required: bool = False) -> None:
        self.time, self.past, self.required = time, past, required

    def read(self, raw: object) -> AnyDate:
        if isinstance(raw, str) and (partial := parse_partial_date(raw)) is not None:
            return partial
        if isinstance(raw, datetime):
            if not self.time:
                raise ValueError("expected a date without a time, e.g. 2026-11-20")
            if raw.tzinfo is not None:
                raise ValueError("expected a local time without a UTC offset")
            return raw
        if not isinstance(raw, date):
            raise ValueError('expected a date without quotes, e.g. 2026-11-20, or "2026-11" or "2026" in quotes')
        return raw

    def write(self, value: AnyDate | None) -> Any:
        return value.isoformat() if isinstance(value, PartialDate) else value

    def parse(self, text: str, style: DisplayStyle = STARS) -> AnyDate | None:
        today = date.today()
        if self.required and not text.strip():
            raise ValueError("a date is missing; use unknown if you do not know the day")
        typed = parse_date(text, today)
        if self.past and typed is not None and first_day(typed) > today:
            raise ValueError(f'"{text.strip()}" is in the future')
        if typed is not None and not FIRST_YEAR <= typed.year <= LAST_YEAR:
            raise ValueError(f'"{text.strip()}" is not a date from {FIRST_YEAR} to {LAST_YEAR}')
        return typed if typed is None or isinstance(typed, PartialDate) else self.read(typed)

    def format(self, value: AnyDate | None, style: DisplayStyle = STARS) -> str:
        return value.isoformat() if value is not None else ""

    def key(self, value: AnyDate | None) -> Any:
        return value.isoformat() if value is not None else ""


class DateList(FieldType[tuple[AnyDate | None, ...]]):
    """Several dates in order, None where a date is unknown, which is an empty text in the file."""

    name, empty = "dates", ()
    _date = Date()

    def read(self, raw: object) -> tuple[AnyDate | None, ...]:
        if not isinstance(raw, list):
            raise ValueError('expected a list of dates, e.g. [2025-07-09, ""]')
        return tuple([None if item == "" else self._date.read(item) for item in raw])

    def write(self, value: tuple[AnyDate | None, ...]) -> Any:
        return ["" if item is None else self._date.write(item) for item in value]

    def texts(self, value: tuple[AnyDate | None, ...]) -> tuple[str, ...]:
        return ()


class ChoiceType(FieldType[E | None], Generic[E]):
    """One member of the enumeration `choices`, such as Status. `empty` is the default, or None for no value."""

    name = "choice"

    def __init__(self, choices: type[E], empty: E | None = None) -> None:
        self.choices, self.empty = choices, empty
        self._by_word: dict[object, E] = {choice.value: choice for choice in choices}

    def read(self, raw: object) -> E:
        if isinstance(raw, str) and raw in self._by_word:
            return self._by_word[raw]
        raise ValueError(f"expected one of {self._listed()}")

    def write(self, value: E | None) -> Any:
        return str(value)

    def parse(self, text: str, style: DisplayStyle = STARS) -> E | None:
        if not (word := text.strip().lower()):
            return cast("E | None", self.empty)
        if word not in list(self.choices):
            hint = did_you_mean(word, self.choices)
            raise ValueError(f'unknown value "{word}"' + (f"; {hint}" if hint else f" (expected: {self._listed()})"))
        return self.choices(word)

    def format(self, value: E | None, style: DisplayStyle = STARS) -> str:
        return str(value) if value is not None else ""

    def key(self, value: E | None) -> Any:
        return list(self.choices).index(value) if value is not None else -1

    def _listed(self) -> str:
        return ", ".join(self.choices)


class StringList(FieldType[tuple[str, ...]]):
    """Several short texts, in the user's order."""

    name, empty, multiple = "list", (), True

    def read(self, raw: object) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
            raise ValueError('expected a list of texts, e.g. ["a", "b"]')
        return tuple(raw)

    def write(self, value: tuple[str, ...]) -> Any:
        return list(value)

    def parse(self, text: str, style: DisplayStyle = STARS) -> tuple[str, ...]:
        return tuple(dict.fromkeys(split_list(text)))

    def format(self, value: tuple[str, ...], style: DisplayStyle = STARS) -> str:
        return join_list(item for item in value if item)

    def texts(self, value: tuple[str, ...]) -> tuple[str, ...]:
        return value

    def key(self, value: tuple[str, ...]) -> Any:
        return tuple(map(sort_key, value))


class Ranges(FieldType[tuple[int, ...]]):
    """Episode numbers, written as `1-3, 5`."""

    name, empty = "episodes", ()

    def read(self, raw: object) -> tuple[int, ...]:
        if not isinstance(raw, str):
            raise ValueError('expected episode numbers in quotes, e.g. "1-3, 5"')
        return parse_ranges(raw)

    def write(self, value: tuple[int, ...]) -> Any:
        return format_ranges(value)

    def parse(self, text: str, style: DisplayStyle = STARS) -> tuple[int, ...]:
        return parse_ranges(text)

    def format(self, value: tuple[int, ...], style: DisplayStyle = STARS) -> str:
        return format_ranges(value)


class EpisodeRatings(FieldType[Mapping[int, float]]):
    """Ratings in stars by episode number."""

    name, empty = "episode ratings", {}

    def read(self, raw: object) -> Mapping[int, float]:
        if not isinstance(raw, dict):
            raise ValueError("expected a table of episode = rating")
        ratings: dict[int, float] = {}
        for key, value in raw.items():
            if not (key.isascii() and key.isdigit() and len(key) < 6):
                raise ValueError(f'"{key}" is not an episode number')
            if (number := int(key)) in ratings:
                raise ValueError(f"episode {number} is rated twice")
            ratings[number] = check_rating(value)
        return ratings

    def write(self, value: Mapping[int, float]) -> Any:
        return {str(number): rating for number, rating in value.items()}

    def rewrite(self, value: Mapping[int, float], raw: Any) -> Any:
        old = {int(key): (key, rating) for key, rating in raw.items()}
        rows = ((*old.get(number, (str(number), None)), rating) for number, rating in value.items())
        return {key: was if was == rating else rating for key, was, rating in rows}

    def texts(self, value: Mapping[int, float]) -> tuple[str, ...]:
        return ()


# Digits become an integer if it prints as typed and fits into 64 bits (TOML 1.0); "007" remains text.
_NUMBER = re.compile("0|[1-9][0-9]{0,17}", re.ASCII)


class Ids(FieldType[Mapping[str, str | int]]):
    """The ids of a show at other services, written as `imdb=tt0113277, tmdb=949`."""

    name, empty, multiple = "ids", {}, True

    def read(self, raw: object) -> Mapping[str, str | int]:
        if not isinstance(raw, dict):
            raise ValueError('expected a table of ids, e.g. { imdb = "tt0113277" }')
        for key, value in raw.items():
            if isinstance(value, bool) or not isinstance(value, (str, int)):
                raise ValueError(f"{key} is neither a text nor a whole number")
        return dict(raw)

    def write(self, value: Mapping[str, str | int]) -> Any:
        return dict(value)

    def parse(self, text: str, style: DisplayStyle = STARS) -> Mapping[str, str | int]:
        ids: dict[str, str | int] = {}
        for item in split_list(text):
            key, sign, value = item.partition("=")
            if not sign or not key.strip() or not value.strip():
                raise ValueError(f'"{item}" is not a service and an id, e.g. imdb=tt0113277')
            ids[key.strip().lower()] = int(value) if _NUMBER.fullmatch(value.strip()) else value.strip()
        return ids

    def with_items(self, value: Mapping[str, str | int], items: Mapping[str, str | int]) -> Mapping[str, str | int]:
        return {**value, **items}

    def without_items(self, value: Mapping[str, str | int], items: Mapping[str, str | int]) -> Mapping[str, str | int]:
        return {key: id for key, id in value.items() if key not in items or str(items[key]) != str(id)}

    def format(self, value: Mapping[str, str | int], style: DisplayStyle = STARS) -> str:
        return join_list(f"{key}={id}" for key, id in value.items())

    def texts(self, value: Mapping[str, str | int]) -> tuple[str, ...]:
        return tuple(text for key, id in value.items() for text in (str(id), f"{key}={id}"))

    def key(self, value: Mapping[str, str | int]) -> Any:
        return sorted(map(sort_key, self.texts(value)))
