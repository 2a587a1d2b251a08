"""The types of fields: how a value is read from TOML, written to it, typed, shown, searched and ordered.

One object a type. `read` and `write` face the file (plain TOML values), `parse` and `format` face a person (text). All
of them raise ValueError with a sentence that fits under an input. A value that is not there is the type's `empty`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from watchlist.errors import did_you_mean
from watchlist.ratings import STARS, Style, check_rating, format_rating, parse_rating
from watchlist.text import fold, format_ranges, join_list, parse_moment, parse_ranges, split_list

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class FieldType(Generic[T]):
    """One type of field; subclasses say how."""

    name: str
    empty: Any = None
    multiple = False  # several values: `field+=v` adds one, `field-=v` takes one away
    ordered = False  # has ranges: `field:1..3`
    long = False  # several lines of text

    def read(self, raw: object) -> T:
        """A TOML value as the field's value."""
        raise NotImplementedError

    def write(self, value: T) -> Any:
        """The field's value as a TOML value."""
        return value

    def parse(self, text: str, style: Style = STARS) -> T:
        """What a person typed as the field's value; the empty text is `empty`."""
        raise NotImplementedError

    def format(self, value: T, style: Style = STARS) -> str:
        """The inverse of `parse`."""
        return "" if value == self.empty else str(value)

    def texts(self, value: T) -> tuple[str, ...]:
        """The strings that a word of a query is looked for in."""
        return (self.format(value),)

    def means(self, typed: Any, item: Any) -> bool:
        """Whether what was typed to be taken away is this item of a `multiple` value; case and accents are ignored."""
        return bool(fold(typed) == fold(item))

    def key(self, value: T) -> Any:
        """What the field is ordered by. Never called with `empty`: absent values come last in either order."""
        return value


class Text(FieldType[str]):
    """A line of text, or several (`long`)."""

    name, empty = "text", ""

    def __init__(self, *, long: bool = False, required: bool = False) -> None:
        self.long, self.required = long, required

    def read(self, raw: object) -> str:
        if not isinstance(raw, str):
            raise ValueError("text in quotes belongs here")
        if self.required and not raw.strip():
            raise ValueError("a title can't be empty")
        return raw

    def parse(self, text: str, style: Style = STARS) -> str:
        return self.read(text if self.long else " ".join(text.split()))

    def key(self, value: str) -> Any:
        return fold(value)


class Url(Text):
    """An address that `b` opens: http or https only."""

    name = "url"

    def read(self, raw: object) -> str:
        text = super().read(raw)
        if text and not (text.startswith(("https://", "http://")) and " " not in text and text.isprintable()):
            raise ValueError("an address starts with https:// and holds no spaces")
        return text


class Whole(FieldType[int | None]):
    """A whole number within bounds."""

    name, ordered = "number", True

    def __init__(self, low: int, high: int, unit: str) -> None:
        self.low, self.high, self.unit = low, high, unit

    def read(self, raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise ValueError(f"a whole number belongs here: {self.unit}")
        if not self.low <= raw <= self.high:
            raise ValueError(f"{raw} is not {self.unit} from {self.low} to {self.high}")
        return raw

    def parse(self, text: str, style: Style = STARS) -> int | None:
        if not (text := text.strip()):
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValueError(f'"{text}" is not {self.unit} from {self.low} to {self.high}')
        return self.read(int(text))


class Rating(FieldType[float | None]):
    """Stars; see `ratings`."""

    name, ordered = "rating", True

    def read(self, raw: object) -> float:
        return check_rating(raw)

    def parse(self, text: str, style: Style = STARS) -> float | None:
        return parse_rating(text, style)

    def format(self, value: float | None, style: Style = STARS) -> str:
        return format_rating(value, style)


class Moment(FieldType[date | datetime | None]):
    """A date, or with `time` a local datetime too."""

    name, ordered = "date", True

    def __init__(self, *, time: bool = False) -> None:
        self.time = time

    def read(self, raw: object) -> date | datetime:
        if isinstance(raw, datetime):
            if not self.time:
                raise ValueError("a date without a time belongs here, as in 2026-11-20")
            if raw.tzinfo is not None:
                raise ValueError("a local time without an offset belongs here")
            return raw
        if not isinstance(raw, date):
            raise ValueError("a date without quotes belongs here, as in 2026-11-20")
        return raw

    def parse(self, text: str, style: Style = STARS) -> date | datetime | None:
        if not text.strip():
            return None
        if text.strip().lower() == "today":
            return date.today()
        return self.read(parse_moment(text))

    def format(self, value: date | datetime | None, style: Style = STARS) -> str:
        return value.isoformat() if value is not None else ""

    def key(self, value: date | datetime | None) -> Any:
        return value.isoformat() if value is not None else ""


class Choice(FieldType[E | None], Generic[E]):
    """One of a few words."""

    name = "choice"

    def __init__(self, choices: type[E], empty: E | None = None) -> None:
        self.choices, self.empty = choices, empty
        self._by_word: dict[object, E] = {choice.value: choice for choice in choices}

    def read(self, raw: object) -> E:
        if isinstance(raw, str) and raw in self._by_word:
            return self._by_word[raw]
        raise ValueError(f"one of {', '.join(self.choices)} belongs here")

    def write(self, value: E | None) -> Any:
        return str(value)

    def parse(self, text: str, style: Style = STARS) -> E | None:
        if not (word := text.strip().lower()):
            return cast("E | None", self.empty)
        if word not in list(self.choices):
            hint = did_you_mean(word, self.choices)
            raise ValueError(f'"{word}" is none of {", ".join(self.choices)}' + (f"; {hint}" if hint else ""))
        return self.choices(word)

    def format(self, value: E | None, style: Style = STARS) -> str:
        return str(value) if value is not None else ""

    def key(self, value: E | None) -> Any:
        return list(self.choices).index(value) if value is not None else -1


class Names(FieldType[tuple[str, ...]]):
    """Several short texts, in an order the user gave them."""

    name, empty, multiple = "list", (), True

    def read(self, raw: object) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
            raise ValueError('a list of texts belongs here, as in ["a", "b"]')
        return tuple(raw)

    def write(self, value: tuple[str, ...]) -> Any:
        return list(value)

    def parse(self, text: str, style: Style = STARS) -> tuple[str, ...]:
        return tuple(dict.fromkeys(split_list(text)))

    def format(self, value: tuple[str, ...], style: Style = STARS) -> str:
        return join_list(item for item in value if item)

    def texts(self, value: tuple[str, ...]) -> tuple[str, ...]:
        return value

    def key(self, value: tuple[str, ...]) -> Any:
        return tuple(map(fold, value))


class Ranges(FieldType[tuple[int, ...]]):
    """Episode numbers: `1-3, 5`."""

    name, empty = "episodes", ()

    def read(self, raw: object) -> tuple[int, ...]:
        if not isinstance(raw, str):
            raise ValueError('episode numbers in quotes belong here, as in "1-3, 5"')
        return parse_ranges(raw)

    def write(self, value: tuple[int, ...]) -> Any:
        return format_ranges(value)

    def parse(self, text: str, style: Style = STARS) -> tuple[int, ...]:
        return parse_ranges(text)

    def format(self, value: tuple[int, ...], style: Style = STARS) -> str:
        return format_ranges(value)


class EpisodeRatings(FieldType[Mapping[int, float]]):
    """Episode number to stars."""

    name, empty = "episode ratings", {}

    def read(self, raw: object) -> Mapping[int, float]:
        if not isinstance(raw, dict):
            raise ValueError("a table of episode = rating belongs here")
        for key in raw:
            if not (key.isascii() and key.isdigit() and len(key) < 6):
                raise ValueError(f'"{key}" is not an episode number')
        return {int(key): check_rating(value) for key, value in raw.items()}

    def write(self, value: Mapping[int, float]) -> Any:
        return {str(number): rating for number, rating in value.items()}

    def texts(self, value: Mapping[int, float]) -> tuple[str, ...]:
        return ()


class Ids(FieldType[Mapping[str, str | int]]):
    """Ids of the show elsewhere: `imdb=tt0113277, tmdb=949`."""

    name, empty, multiple = "ids", {}, True

    def read(self, raw: object) -> Mapping[str, str | int]:
        if not isinstance(raw, dict):
            raise ValueError('a table of ids belongs here, as in { imdb = "tt0113277" }')
        for key, value in raw.items():
            if isinstance(value, bool) or not isinstance(value, (str, int)):
                raise ValueError(f"{key} is neither a text nor a whole number")
        return dict(raw)

    def write(self, value: Mapping[str, str | int]) -> Any:
        return dict(value)

    def parse(self, text: str, style: Style = STARS) -> Mapping[str, str | int]:
        ids: dict[str, str | int] = {}
        for item in split_list(text):
            key, sign, value = item.partition("=")
            if not sign or not key.strip() or not value.strip():
                raise ValueError(f'"{item}" is not a service and an id, as in imdb=tt0113277')
            number = value.strip()
            # Digits are a number where they survive the way there and back; "007" stays text.
            ids[key.strip().lower()] = int(number) if number.isdigit() and str(int(number)) == number else number
        return ids

    def format(self, value: Mapping[str, str | int], style: Style = STARS) -> str:
        return join_list(f"{key}={id}" for key, id in value.items())

    def texts(self, value: Mapping[str, str | int]) -> tuple[str, ...]:
        return tuple(text for key, id in value.items() for text in (str(id), f"{key}={id}"))

    def key(self, value: Mapping[str, str | int]) -> Any:
        return sorted(self.texts(value))
