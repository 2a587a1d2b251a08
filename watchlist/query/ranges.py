"""Ranges of a query: `4..`, `..3`, `4..5`, `>=4`, `>4`, `<=4`, `<4`, `4`, over numbers, ratings and dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from watchlist.ratings import Style, parse_rating
from watchlist.values import Value

Span = tuple[Any, Any]  # the first and the last that a text like `2025` stands for
Parse = Callable[[str], Span]

_COMPARED = re.compile(r"(>=|<=|>|<)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{0,9})?", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_RELATIVE = re.compile(r"([+-])(\d{1,6})([dwmy])", re.ASCII | re.IGNORECASE)


class Range(Value):
    """From `low` to `high`, both included unless `open_low` or `open_high`; None has no end on that side."""

    low: Any = None
    high: Any = None
    open_low: bool = False
    open_high: bool = False

    def __contains__(self, value: Any) -> bool:
        if self.low is not None and (value < self.low or (self.open_low and value == self.low)):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.open_high)


def parse_range(text: str, parse: Parse) -> Range:
    """`text` as a range of what `parse` reads. ValueError says what is wrong."""
    if match := _COMPARED.fullmatch(text):
        first, last = parse(match[2])
        return {
            ">=": Range(low=first),
            ">": Range(low=last, open_low=True),
            "<=": Range(high=last),
            "<": Range(high=first, open_high=True),
        }[match[1]]
    if ".." not in text:
        return Range(*parse(text))
    before, after = text.split("..", 1)
    low = parse(before)[0] if before else None
    high = parse(after)[1] if after else None
    if low is None and high is None:
        raise ValueError(f'"{text}" has no beginning and no end; "any" is for whatever is there')
    if low is not None and high is not None and low > high:
        raise ValueError(f'"{text}" runs backwards')
    return Range(low, high)


def number(text: str) -> Span:
    """A number; where the field has bounds, they do not matter here."""
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f'"{text}" is not a number or a range like 30..60')
    value = float(text)
    return value, value


def rating(style: Style) -> Parse:
    """A rating as it is typed elsewhere, on the style's scale; 0 may begin or end a range."""

    def parse(text: str) -> Span:
        stars = parse_rating(text, style)
        if stars is None and text.strip() != "0":
            raise ValueError(f'"{text}" is not a rating; "none" is for what is not rated')
        return stars or 0.0, stars or 0.0

    return parse


def dates(today: date) -> Parse:
    """A year, a month, a day, `today`, or a day some days, weeks, months or years from it, as in `-30d`."""

    def parse(text: str) -> Span:
        text = text.strip()
        if text.lower() == "today":
            return today, today
        if match := _RELATIVE.fullmatch(text):
            there = shifted(today, int(match[1] + match[2]), match[3].lower())
            return there, there
        if not (match := _PERIOD.fullmatch(text)):
            raise ValueError(f'"{text}" is not a date; 2026 is, and 2026-01, 2026-01-31, today and -30d')
        try:
            return _period(*(int(part) for part in match.groups() if part is not None))
        except ValueError as error:  # calendar's error for a month is one too
            raise ValueError(f'"{text}" is not in the calendar') from error

    return parse


def since(today: date) -> Callable[[str], Range]:
    """Ranges of dates. `-30d` alone is from then to now, `+30d` from now to then."""
    parse = dates(today)

    def ranged(text: str) -> Range:
        if _RELATIVE.fullmatch(text.strip()):
            there = parse(text)[0]
            return Range(min(there, today), max(there, today))
        return parse_range(text, parse)

    return ranged


def shifted(day: date, count: int, unit: str) -> date:
    """`day` moved by `count` of `d w m y`; the last of a month where it is shorter, and never out of the calendar."""
    import calendar

    try:
        if unit in "dw":
            return day + timedelta(days=count * (7 if unit == "w" else 1))
        year, month = divmod(day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1), 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return date.min if count < 0 else date.max


def _period(year: int, month: int | None = None, day: int | None = None) -> Span:
    """The first and the last day of a year, of a month, or one day twice."""
    import calendar

    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)
