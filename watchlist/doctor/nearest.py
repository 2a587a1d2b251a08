"""The nearest value that a field takes, for one that it does not; and whether it is clear that this was meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from watchlist.errors import nearest as most_like
from watchlist.fieldtypes import Choice, EpisodeRatings, FieldType, Ids, Moment, Names, Ranges, Rating, Text, Url, Whole
from watchlist.ratings import STARS, Style
from watchlist.records import Records
from watchlist.text import fold, format_ranges

Guess = tuple[Any, bool]  # a TOML value, and whether it is sure
NONE: Guess = (None, False)
ALIKE = 0.8  # of 1: how like a known key one has to be that is more than a slip away
HALVES, PERCENT = 10, 20  # a number of more than 5 stars, up to the first, is of 10; from the second on it is of 100


def nearest_value(type: FieldType[Any], raw: Any, style: Style = STARS) -> Guess:
    """The TOML value nearest to `raw` that this type reads, None where there is none, and whether it is surely meant."""
    guess = next(guess for kind, _, guess in _TYPES if isinstance(type, kind))
    try:
        value, sure = guess(type, raw, style)
        type.read(value)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return NONE
    return value, sure


def takes(type: FieldType[Any]) -> str:
    """What values of this type are like in the file."""
    words = next(words for kind, words, _ in _TYPES if isinstance(type, kind))
    return words.format(type, ", ".join(str(choice) for choice in type.choices) if isinstance(type, Choice) else "")


def nearest_key(key: str, names: Iterable[str]) -> str | None:
    """The name that this key was most likely meant to be."""
    known = {re.sub(r"[\W_]", "", name): name for name in names}
    plain = re.sub(r"[\W_]", "", fold(key))
    if plain in known:
        return known[plain]
    slips = [word for word in known if one_slip(plain, word)] or get_close_matches(plain, known, 2, ALIKE)
    return known[slips[0]] if len(slips) == 1 else None


def one_slip(a: str, b: str) -> bool:
    """Whether one letter was left out, put in, mistaken, or changed places with the next."""
    head = _alike(a, b)
    a, b = a[head:], b[head:]
    tail = _alike(a[::-1], b[::-1])
    a, b = a[: len(a) - tail], b[: len(b) - tail]
    return (len(a) < 2 and len(b) < 2) or (len(a) == 2 and a == b[::-1])


def _alike(a: str, b: str) -> int:
    """How many letters are the same from the start on."""
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _text(type: Text, raw: Any, style: Style) -> Guess:
    if isinstance(raw, (datetime, date, time)):
        return raw.isoformat(), True
    return (str(raw), True) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else NONE


def _url(type: Url, raw: Any, style: Style) -> Guess:
    address = raw.strip()
    return (address, True) if "://" in address else (f"https://{address}", False) if "." in address else NONE


def _whole(type: Whole, raw: Any, style: Style) -> Guess:
    if isinstance(raw, str):
        return type.parse(raw), True
    if isinstance(raw, bool) or not math.isfinite(raw):
        return NONE
    return max(type.low, min(type.high, int(raw))), raw == int(raw) and type.low <= raw <= type.high


def _rating(type: Rating, raw: Any, style: Style) -> Guess:
    """A number beyond 5 is of 10, or of 100; that is sure only where the user's own scale says so."""
    if isinstance(raw, str):
        return type.parse(raw), True
    if isinstance(raw, bool) or not 0 < raw < math.inf:
        return NONE
    if raw <= 5:
        return round(raw, 2), abs(raw - round(raw, 2)) < 1e-6
    if raw <= style.top:
        return round(raw * 5 / style.top, 2), round(raw * 500 / style.top, 6).is_integer()
    return (raw / 2 if raw <= HALVES else raw / 20 if PERCENT <= raw <= 100 else 5.0), False


def _moment(type: Moment, raw: Any, style: Style) -> Guess:
    if isinstance(raw, str):
        return type.parse(re.sub(r"(\d{4})[./](\d\d)[./](\d\d)", r"\1-\2-\3", raw)), True
    local = raw.replace(tzinfo=None)
    return (local, False) if type.time else (local.date(), local.time() == time() and raw.tzinfo is None)


def _choice(type: Choice[Any], raw: Any, style: Style) -> Guess:
    word, words = raw.strip().casefold(), [str(choice) for choice in type.choices]
    slips = [choice for choice in words if one_slip(word, choice)]
    return (slips[0], True) if len(slips) == 1 else (most_like(word, words), False)


def _names(type: Names, raw: Any, style: Style) -> Guess:
    if isinstance(raw, str):
        names = type.write(type.parse(raw))
        return names, len(names) < 2  # a comma may well belong to a name
    return [item if isinstance(item, str) else _text(Text(), item, style)[0] for item in raw], True


def _ranges(type: Ranges, raw: Any, style: Style) -> Guess:
    if isinstance(raw, str):
        spelled = re.sub(r"\.\.+|(?<=\d)\s*(?:to|bis)\s*(?=\d)", "-", re.sub(r"[;+&]", ",", raw))
        return format_ranges(type.parse(re.sub(r"[eE](?=\d)", "", spelled))), True
    numbers = raw if isinstance(raw, list) else [raw]
    whole = all(isinstance(number, int) and not isinstance(number, bool) for number in numbers)
    return format_ranges(type.parse(", ".join(map(str, numbers)))), whole


def _episode_ratings(type: EpisodeRatings, raw: Any, style: Style) -> Guess:
    guesses = {
        key: (value, True) if _reads(Rating(), value) else nearest_value(Rating(), value, style)
        for key, value in raw.items()
    }
    found = {str(int(key.strip().lstrip("eE"))): value for key, (value, _) in guesses.items()}
    return (found, all(sure for _, sure in guesses.values())) if len(found) == len(raw) else NONE


def _ids(type: Ids, raw: Any, style: Style) -> Guess:
    if isinstance(raw, str) and re.fullmatch(r"tt\d{7,}", raw, re.ASCII):
        return {"imdb": raw}, True
    return (type.write(type.parse(raw)), True) if isinstance(raw, str) else NONE


def _rows(type: Records, raw: Any, style: Style) -> Guess:
    if isinstance(raw, dict):
        return [raw], True
    if isinstance(raw, str) and type.pair:
        return type.write(type.parse(raw)), True
    if type.pair and all(isinstance(item, str) for item in raw):
        return [{type.columns[0].key: item} for item in raw], True
    return NONE


def _reads(type: FieldType[Any], value: Any) -> bool:
    try:
        type.read(value)
    except ValueError:
        return False
    return True


# For each type, as in what it is one of first: what it takes, and how the nearest of that is found.
_TYPES: tuple[tuple[type[FieldType[Any]], str, Callable[[Any, Any, Style], Guess]], ...] = (
    (Url, "an address in quotes that starts with https:// or http:// and holds no spaces", _url),
    (Text, "text in quotes", _text),
    (Whole, "a whole number from {0.low} to {0.high}", _whole),
    (Rating, "a number over 0 and up to 5, with two decimals at most", _rating),
    (Moment, "a date, as in 2026-11-20", _moment),
    (Choice, "one of {1}, in quotes", _choice),
    (Names, 'a list of texts, as in ["a", "b"]', _names),
    (Ranges, 'episode numbers in quotes, as in "1-3, 5"', _ranges),
    (EpisodeRatings, "a table of episode = rating, as in {{ 1 = 4.5 }}", _episode_ratings),
    (Ids, 'a table of ids, as in {{ imdb = "tt0113277" }}', _ids),
    (Records, "a list of tables", _rows),
)
