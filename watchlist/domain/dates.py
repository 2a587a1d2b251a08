"""Dates as typed by people: a day, a day with a time, or only a month or a year."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TypeAlias

from watchlist.domain.frozen import Frozen

# Compiled at first use, to save time at the start: dates in the list file are parsed by the TOML parser.
_PARTIAL = r"(\d{4})(?:-(\d{2}))?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
_RELATIVE = r"([+-])(\d{1,6})([dwmy])"
_LENGTH = len("2026-11-20")
FIRST_YEAR, LAST_YEAR = 1870, 2200  # the years that people can type: from before the first film to a distant future


class PartialDate(Frozen):
    """A month or, if `month` is None, a year. In the list file, it is a text: `"2019-05"`, `"2019"`."""

    year: int
    month: int | None = None

    def isoformat(self) -> str:
        """Return `2019-05` or `2019`. This text sorts before the ISO dates of all days in that month or year."""
        return f"{self.year:04}" + (f"-{self.month:02}" if self.month is not None else "")

    @property
    def first(self) -> date:
        """The first day of the month or year."""
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        """The last day of the month or year."""
        month = self.month or 12
        return date(self.year, month, days_in_month(self.year, month))


AnyDate: TypeAlias = date | datetime | PartialDate


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month. (Importing `calendar.monthrange` would take 3 ms.)"""
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


def day(moment: date | datetime) -> date:
    """Return the day of a date or of a local datetime."""
    return moment.date() if isinstance(moment, datetime) else moment


def without_time(moment: AnyDate) -> date | PartialDate:
    """Return the day of a datetime; return days, months and years unchanged."""
    return moment if isinstance(moment, PartialDate) else day(moment)


def first_day(moment: AnyDate) -> date:
    """Return the first day of a date that may be a month or a year: 1 May 2019 for `2019-05`."""
    return moment.first if isinstance(moment, PartialDate) else day(moment)


def last_day(moment: AnyDate) -> date:
    """Return the last day of a date that may be a month or a year: 31 May 2019 for `2019-05`."""
    return moment.last if isinstance(moment, PartialDate) else day(moment)


def from_iso(text: str) -> date | PartialDate:
    """Parse `2019-05-03`, `2019-05` or `2019`, as written by `isoformat`. Raise ValueError if the text is not such a date."""
    if len(text) == _LENGTH and text[7] == "-":  # not 2019-W18-5
        return date.fromisoformat(text)
    if partial := parse_partial_date(text):
        return partial
    raise ValueError(f'"{text}" is not a date like 2026-11-20, 2026-11 or 2026')


def parse_partial_date(text: str) -> PartialDate | None:
    """Parse `2019-05` or `2019`; return None if the text has another form.

    Raises:
        ValueError: The year or month does not exist, e.g. `2019-13`.
    """
    if (match := re.fullmatch(_PARTIAL, text, re.ASCII)) is None:
        return None
    partial = PartialDate(int(match[1]), int(match[2]) if match[2] else None)
    if not partial.year >= 1 or (partial.month is not None and not 1 <= partial.month <= 12):
        raise ValueError(f'"{text}" is not in the calendar')
    return partial


def parse_moment(text: str) -> date | datetime:
    """Parse `2026-11-20` as a date, `2026-11-20 21:30` as a local datetime. Raise ValueError for other texts."""
    text = text.strip()
    if re.fullmatch(f"{_DAY}|{_TIME}", text, re.ASCII):
        try:
            day = date.fromisoformat(text[:_LENGTH])
        except ValueError:
            raise ValueError(f'"{text}" is not in the calendar') from None
        try:
            return datetime.fromisoformat(text) if len(text) > _LENGTH else day
        except ValueError:
            raise ValueError(f'"{text}" has no time of day from 00:00 to 23:59') from None
    raise ValueError(f'"{text}" is not a date like 2026-11-20, 2026-11, 2026, yesterday, -3d or unknown')


def parse_date(text: str, today: date) -> AnyDate | None:
    """Parse a date typed by a person. Return None for `unknown` or a blank text.

    The result is as precise as the text: `2026-11-20 21:30`, `2026-11-20`, `2026-11`, `2026`. `today`, `yesterday` and
    `-3d` (d, w, m, y: days, weeks, months, years) are days relative to `today`.

    Raises:
        ValueError: The text is not a date.
    """
    text = text.strip()
    if text.lower() in ("", "unknown"):
        return None
    return relative_day(text, today) or parse_partial_date(text) or parse_moment(text)


def relative_day(text: str, today: date) -> date | None:
    """Parse `today`, `yesterday`, `-3d` or `+2w` relative to `today`; None if the text has another form."""
    word = text.strip().lower()
    if word in ("today", "yesterday"):
        return today if word == "today" else shifted(today, -1, "d")
    match = re.fullmatch(_RELATIVE, word, re.ASCII)
    return shifted(today, int(match[1] + match[2]), match[3]) if match else None


def shifted(start: date, count: int, unit: str) -> date:
    """Return `start` moved by `count` units, which are `d`, `w`, `m` or `y` (days, weeks, months, years).

    The 31st becomes the last day of a shorter month. Results are limited to `date.min` and `date.max`.
    """
    try:
        if unit in "dw":
            return start + timedelta(days=count * (7 if unit == "w" else 1))
        year, month = divmod(start.year * 12 + start.month - 1 + count * (12 if unit == "y" else 1), 12)
        return date(year, month + 1, min(start.day, days_in_month(year, month + 1)))
    except (OverflowError, ValueError):
        return date.min if count < 0 else date.max
