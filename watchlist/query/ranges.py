"""Ranges in queries, with numbers, ratings or dates as ends: `4..`, `..3`, `4..5`, `>=4`, `>4`, `<=4`, `<4`, `4`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from watchlist.domain.dates import PartialDate, days_in_month, relative_day
from watchlist.domain.frozen import Frozen
from watchlist.domain.ratings import DisplayStyle, parse_rating

Span = tuple[Any, Any]  # (first, last) value covered by a typed text: 1 January and 31 December for `2025`
Parse = Callable[[str], Span]

_COMPARED = re.compile(r"(>=|<=|>|<)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{0,9})?", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


class Range(Frozen):
    """A range from `low` to `high`. An end of None means no limit; `open_low` and `open_high` exclude the end itself."""

    low: Any = None
    high: Any = None
    open_low: bool = False
    open_high: bool = False

    def __contains__(self, value: Any) -> bool:
        """Return True if a value is in the range. A month or year is in the range if all its days are."""
        if isinstance(value, PartialDate):
            return value.first in self and value.last in self
        above = self.low is None or value > self.low or (value == self.low and not self.open_low)
        below = self.high is None or value < self.high or (value == self.high and not self.open_high)
        return above and below  # both are False for nan


def parse_range(text: str, parse: Parse) -> Range:
    """Parse a range such as `4..5` or `>=4`. Raise ValueError that explains the mistake if the text is not a range.

    `parse` reads the text of one end and returns the (first, last) value that it covers, e.g. two days for `2025`.
    """
    try:
        return _parsed_range(text, parse)
    except ValueError as error:
        from watchlist.query.range_hints import advice  # saves compiling seven patterns: only needed for errors

        hint = advice(text, lambda correction: _reads(correction, parse))
        raise ValueError(f'"{text}" {hint}' if hint else str(error)) from error


def _reads(text: str, parse: Parse) -> bool:
    try:
        _parsed_range(text, parse)
    except ValueError:
        return False
    return True


def _parsed_range(text: str, parse: Parse) -> Range:
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
    if "..." in text:
        raise ValueError(f'"{text}" has too many dots')
    before, after = text.split("..", 1)
    low = parse(before)[0] if before else None
    high = parse(after)[1] if after else None
    if low is None and high is None:
        raise ValueError(f'"{text}" has no beginning and no end; use "any" for all values')
    if low is not None and high is not None and low > high:
        raise ValueError(f'"{text}" runs backwards')
    return Range(low, high)


def number(text: str) -> Span:
    """Return a typed number as the range (number, number). Raise ValueError for other texts."""
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f'"{text}" is not a number or a range like 30..60')
    value = float(text)
    return value, value


def rating(style: DisplayStyle) -> Parse:
    """Return a function that converts a rating, or 0, on the scale of `style` to (stars, stars), or raises ValueError."""

    def parse(text: str) -> Span:
        stars = parse_rating(text, style)
        if stars is None and text.strip() != "0":
            raise ValueError(f'"{text}" is not a rating; use "none" for shows without a rating')
        return stars or 0.0, stars or 0.0

    return parse


def dates(today: date) -> Parse:
    """Return a function that parses a date and returns its (first day, last day). It raises ValueError for other texts.

    A date is a year, month or day, `today`, `yesterday`, or `-30d` relative to the day `today`.
    """

    def parse(text: str) -> Span:
        text = text.strip()
        if (relative := relative_day(text, today)) is not None:
            return relative, relative
        if not (match := _PERIOD.fullmatch(text)):
            raise ValueError(f'"{text}" is not a date, e.g. 2026, 2026-01, 2026-01-31, yesterday or -30d')
        try:
            return _period(*(int(part) for part in match.groups() if part is not None))
        except ValueError as error:
            raise ValueError(f'"{text}" is not in the calendar') from error

    return parse


def since(today: date) -> Callable[[str], Range]:
    """Return a function that parses a range of dates: `2026`, `2026-01..2026-03`, `-30d` or `-30d..`.

    The function raises ValueError for other texts. `-30d` alone means the days from 30 days ago to `today`, `+30d`
    those from `today` to 30 days ahead. As an end of a range, each of these means a single day.
    """
    parse = dates(today)

    def ranged(text: str) -> Range:
        if text.strip()[:1] in ("+", "-") and (relative := relative_day(text, today)) is not None:
            return Range(min(relative, today), max(relative, today))
        return parse_range(text, parse)

    return ranged


def _period(year: int, month: int | None = None, day: int | None = None) -> Span:
    """Return (first day, last day) of a year, month or day. Raise ValueError if it does not exist."""
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, days_in_month(year, month))
    return date(year, month, day), date(year, month, day)
