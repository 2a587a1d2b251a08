"""Totals of viewings by year, month and weekday, and streaks of days with viewings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple, TypeVar

DAY: Final = timedelta(days=1)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
K = TypeVar("K")
V = TypeVar("V")


class Amount(NamedTuple):
    """A number of viewings and the sum of their minutes. Viewings of unknown length add no minutes.

    `query` finds the shows with these viewings; None if no query can find them.
    """

    label: str
    viewings: int
    minutes: int
    query: str | None


class Streak(NamedTuple):
    """A run of consecutive days, each with a viewing, from `first` to `last`. `days` is 0 if there is no such run."""

    days: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def query(self) -> str | None:
        """The query for shows watched on the days of the streak; None if it has no days."""
        return f"watched:{self.first}..{self.last}" if self.days else None


def by_key(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Group (key, value) pairs: return the list of values of each key, in their order. A missing key has an empty list."""
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _sum(label: str, amounts: Sequence[Amount], query: str | None) -> Amount:
    return Amount(label, sum(amount.viewings for amount in amounts), sum(amount.minutes for amount in amounts), query)


Days = Mapping[str, Amount]  # by ISO date, which is only a month or a year if the day is unknown


def years_of(days: Days) -> tuple[Amount, ...]:
    """Return the totals of each year with viewings, newest first. `days` has the amounts watched by ISO date."""
    groups = by_key((iso_date[:4], amount) for iso_date, amount in days.items())
    return tuple(_sum(label, groups[label], f"watched:{label}") for label in sorted(groups, reverse=True))


def months_of(days: Days, today: date, year: int | None) -> tuple[Amount, ...]:
    """Return the totals of the twelve months of `year`, oldest first; if it is None, of the last twelve months up to `today`.

    Months without viewings are included, months before January of year 1 omitted. `days` has the amounts by ISO date.
    """
    groups = by_key((iso_date[:7], amount) for iso_date, amount in days.items())
    last = today.year * 12 + today.month - 1 if year is None else year * 12 + 11
    labels = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(max(12, last - 11), last + 1)]
    return tuple(_sum(label, groups.get(label, []), f"watched:{label}") for label in labels)


def weekdays_of(days: Days) -> tuple[Amount, ...]:
    """Return the totals of the weekdays from Monday on. `days` has amounts by ISO date; dates without a day do not count."""
    full_dates = ((iso_date, amount) for iso_date, amount in days.items() if len(iso_date) == len("2026-11-20"))
    groups = by_key((date.fromisoformat(iso_date).weekday(), amount) for iso_date, amount in full_dates)
    return tuple(_sum(name, groups.get(index, []), None) for index, name in enumerate(WEEKDAYS))


def streaks(days: Iterable[date], today: date) -> tuple[Streak, Streak]:
    """Return (longest streak, current streak). The current one ends today or yesterday; if no streak does, it has 0 days.

    If several streaks are the longest, the latest of them is returned.

    Args:
        days: The days with a viewing, oldest first.
    """
    longest = current = run = Streak()
    for day in days:
        run = Streak(run.days + 1, run.first, day) if run.last and day - run.last == DAY else Streak(1, day, day)
        longest = max(run, longest, key=lambda streak: streak.days)
        if day.toordinal() in (today.toordinal(), today.toordinal() - 1):
            current = run
    return longest, current
