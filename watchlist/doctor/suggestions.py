"""Suggestions for invalid values: the nearest valid value, and whether it is certain.

A suggestion is sure if the user can't have meant another value. The doctor applies only sure suggestions as fixes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from watchlist.domain.dates import parse_moment, parse_partial_date
from watchlist.domain.field_types import (
    ChoiceType,
    Date,
    DateList,
    EpisodeRatings,
    FieldType,
    Ids,
    Integer,
    Ranges,
    Rating,
    StringList,
    TextType,
    Url,
)
from watchlist.domain.named_dates import NamedDates
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.domain.text import fold, format_ranges
from watchlist.errors import nearest as most_like

Guess = tuple[Any, bool]  # the suggested TOML value (None for none), and True if the suggestion is sure
NO_GUESS: Guess = (None, False)
MIN_SURE_LETTERS = 5  # shorter words are one typo away from too many other words
# English words that are one typo away from a key, e.g. `noted` from `notes`.
_OTHER_WORDS = frozenset(
    ("noted", "quotes", "rated", "rates", "relates", "rented", "stats", "state", "states", "voted", "votes")
)
MIN_SIMILARITY = 0.8  # difflib ratio, 0 to 1, from which a key with more than one typo is suggested
MAX_OF_TEN, MIN_OF_HUNDRED = 10, 20  # a rating over 5 and up to 10 is out of 10; one of 20 or more is out of 100


def nearest_value(type: FieldType[Any], raw: Any, style: DisplayStyle = STARS) -> Guess:
    """Return (valid value nearest to the TOML value `raw`, or None; True if the suggestion is sure)."""
    guess = next(guess for kind, guess in _TYPES if isinstance(type, kind))
    try:
        value, sure = guess(type, raw, style)
        type.read(value)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return NO_GUESS
    return value, sure


def nearest_key(key: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that is similar to `key`; None if none or several are."""
    by_letters = {re.sub(r"[\W_]", "", name): name for name in names}
    plain = re.sub(r"[\W_]", "", fold(key))
    if plain in by_letters:
        return by_letters[plain]
    similar = [word for word in by_letters if one_slip(plain, word)] or get_close_matches(
        plain, by_letters, 2, MIN_SIMILARITY
    )
    return by_letters[similar[0]] if len(similar) == 1 else None


def is_sure(key: str, name: str) -> bool:
    """Return True if someone who typed `key` can only mean `name`.

    Either only case, accents or punctuation differ, or the words have at least MIN_SURE_LETTERS letters and differ by
    one typo. In the second case, `key` must not be an English word.
    """
    plain, meant = (re.sub(r"[\W_]", "", fold(word)) for word in (key, name))
    return plain == meant or (
        min(len(plain), len(meant)) >= MIN_SURE_LETTERS and plain not in _OTHER_WORDS and one_slip(plain, meant)
    )


def one_slip(a: str, b: str) -> bool:
    """Return True if two words differ by one omitted, added or replaced letter, or by two swapped neighbors."""
    head = _common_prefix(a, b)
    a, b = a[head:], b[head:]
    tail = _common_prefix(a[::-1], b[::-1])
    a, b = a[: len(a) - tail], b[: len(b) - tail]
    return (len(a) < 2 and len(b) < 2) or (len(a) == 2 and a == b[::-1])


def _common_prefix(a: str, b: str) -> int:
    """Return the length of the common prefix of two words."""
    return next((index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _text(type: TextType, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest text for a number or a date."""
    if isinstance(raw, (datetime, date, time)):
        return raw.isoformat(), True
    return (str(raw), True) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else NO_GUESS


def _url(type: Url, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest the address without surrounding spaces, or a bare domain preceded by https://."""
    address = raw.strip()
    return (address, True) if "://" in address else (f"https://{address}", False) if "." in address else NO_GUESS


def _integer(type: Integer, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest the nearest whole number that `type` allows."""
    if isinstance(raw, str):
        return type.parse(raw), True
    if isinstance(raw, bool) or not math.isfinite(raw):
        return NO_GUESS
    return max(type.low, min(type.high, int(raw))), raw == int(raw) and type.low <= raw <= type.high


def _rating(type: Rating, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest a rating in stars.

    A number over 5 is taken as a rating on the user's scale. If it is not on that scale, it is taken as out of 10 or
    100, and the suggestion is not sure.
    """
    if isinstance(raw, str):
        return type.parse(raw), True
    if isinstance(raw, bool) or not 0 < raw < math.inf:
        return NO_GUESS
    if raw <= 5:
        return round(raw, 2), abs(raw - round(raw, 2)) < 1e-6
    if raw <= style.top:
        return round(raw * 5 / style.top, 2), round(raw * 500 / style.top, 6).is_integer()
    return (raw / 2 if raw <= MAX_OF_TEN else raw / 20 if MIN_OF_HUNDRED <= raw <= 100 else 5.0), False


def _date(type: Date, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest a date for a year, for a text with dots or slashes, or for a date with a time."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)  # a year
    if isinstance(raw, str):
        spelled = re.sub(r"(\d{4})[./](\d\d)(?:[./](\d\d))?", lambda m: "-".join(filter(None, m.groups())), raw).strip()
        return type.write(parse_partial_date(spelled) or type.read(parse_moment(spelled))), True
    local = raw.replace(tzinfo=None)
    return (local, False) if type.time else (local.date(), local.time() == time() and raw.tzinfo is None)


def _dates(type: DateList, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest a list of dates for a single date, or for a list that contains invalid dates. Blank texts become empty."""
    guesses: list[Guess] = [
        ("", True)
        if isinstance(item, str) and not item.strip()
        else (item, True)
        if _accepts(Date(), item)
        else nearest_value(Date(), item, style)
        for item in (raw if isinstance(raw, list) else [raw])
    ]
    return [item for item, _ in guesses], all(sure for _, sure in guesses)


def _choice(type: ChoiceType[Any], raw: Any, style: DisplayStyle) -> Guess:
    """Suggest the choice most similar to a word."""
    word, words = raw.strip().casefold(), [str(choice) for choice in type.choices]
    slips = [choice for choice in words if one_slip(word, choice)]
    return (slips[0], True) if len(slips) == 1 else (most_like(word, words), False)


def _names(type: StringList, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest a list of texts for a text with commas, or for a list that contains other values."""
    if isinstance(raw, str):
        names = type.write(type.parse(raw))
        return names, len(names) < 2  # a comma may be part of a name
    return [item if isinstance(item, str) else _text(TextType(), item, style)[0] for item in raw], True


def _ranges(type: Ranges, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest ranges such as `1-3, 5` for a number, a list of numbers, or a text like `E1..3 + 5`."""
    if isinstance(raw, str):
        spelled = re.sub(r"\.\.+|(?<=\d)\s*(?:to|bis)\s*(?=\d)", "-", re.sub(r"[;+&]", ",", raw))
        return format_ranges(type.parse(re.sub(r"[eE](?=\d)", "", spelled))), True
    numbers = raw if isinstance(raw, list) else [raw]
    all_whole = all(isinstance(number, int) and not isinstance(number, bool) for number in numbers)
    return format_ranges(type.parse(", ".join(map(str, numbers)))), all_whole


def _episode_ratings(type: EpisodeRatings, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest a table of episode ratings with corrected keys and values."""
    guesses = {
        key: (value, True) if _accepts(Rating(), value) else nearest_value(Rating(), value, style)
        for key, value in raw.items()
    }
    ratings = {str(int(key.strip().lstrip("eE"))): value for key, (value, _) in guesses.items()}
    return (ratings, all(sure for _, sure in guesses.values())) if len(ratings) == len(raw) else NO_GUESS


def _ids(type: Ids, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest a table of ids for the text `imdb=tt0113277, tmdb=949` or for an IMDb id alone."""
    if isinstance(raw, str) and re.fullmatch(r"tt\d{7,}", raw, re.ASCII):
        return {"imdb": raw}, True
    return (type.write(type.parse(raw)), True) if isinstance(raw, str) else NO_GUESS


def _named_dates(type: NamedDates, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest a table of dates for the text `tvmaze=2026-11-29`, or for a table with dates that are texts or have a time."""
    if isinstance(raw, str):
        return type.write(type.parse(raw)), True
    guesses = {key: nearest_value(Date(), value, style) for key, value in raw.items()}
    return {key: value for key, (value, _) in guesses.items()}, all(sure for _, sure in guesses.values())


def _rows(type: Records, raw: Any, style: DisplayStyle) -> Guess:
    """Suggest a list of rows for a single row, for a text as people type it, or for texts, which become the first column."""
    if isinstance(raw, dict):
        return [raw], True
    if isinstance(raw, str) and raw.strip():
        return type.write(type.parse(raw)), type.pair  # `season = "3"` may be a key of the user
    if type.pair and all(isinstance(item, str) for item in raw):
        return [{type.columns[0].key: item} for item in raw], True
    return NO_GUESS


def _accepts(type: FieldType[Any], value: Any) -> bool:
    """Return True if a value is valid for a type."""
    try:
        type.read(value)
    except ValueError:
        return False
    return True


# For each type, the function that suggests a value. The first matching type counts.
_TYPES: tuple[tuple[type[FieldType[Any]], Callable[[Any, Any, DisplayStyle], Guess]], ...] = (
    (Url, _url),
    (TextType, _text),
    (Integer, _integer),
    (Rating, _rating),
    (Date, _date),
    (DateList, _dates),
    (ChoiceType, _choice),
    (StringList, _names),
    (Ranges, _ranges),
    (EpisodeRatings, _episode_ratings),
    (Ids, _ids),
    (NamedDates, _named_dates),
    (Records, _rows),
)
