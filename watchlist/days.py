"""What days with viewings add up to: years, months, weekdays, and streaks of one after the other."""

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
    """Viewings, and the minutes that they took as far as it is known.

    The query opens the shows with such viewings; None where the language has no words for them.
    """

    label: str
    viewings: int
    minutes: int
    query: str | None


class Streak(NamedTuple):
    """Days in a row with a viewing on each; of no days where there is none."""

    days: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def query(self) -> str | None:
        """What was watched on these days."""
        return f"watched:{self.first}..{self.last}" if self.days else None


def by_key(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """What goes with each key."""
    groups: dict[K, list[V]] = defaultdict(list)
    for key, one in pairs:
        groups[key].append(one)
    return groups


def _sum(label: str, amounts: Sequence[Amount], query: str | None) -> Amount:
    return Amount(label, sum(one.viewings for one in amounts), sum(one.minutes for one in amounts), query)


Days = Mapping[str, Amount]  # by the day as ISO has it


def years_of(days: Days) -> tuple[Amount, ...]:
    """Each with a viewing, newest first."""
    groups = by_key((on[:4], amount) for on, amount in days.items())
    return tuple(_sum(label, groups[label], f"watched:{label}") for label in sorted(groups, reverse=True))


def months_of(days: Days, today: date, year: int | None) -> tuple[Amount, ...]:
    """Twelve, even those without a viewing."""
    groups = by_key((on[:7], amount) for on, amount in days.items())
    last = today.year * 12 + today.month - 1 if year is None else year * 12 + 11
    labels = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(last - 11, last + 1)]
    return tuple(_sum(label, groups.get(label, []), f"watched:{label}") for label in labels)


def weekdays_of(days: Days) -> tuple[Amount, ...]:
    """From Monday on, whichever the week."""
    groups = by_key((date.fromisoformat(on).weekday(), amount) for on, amount in days.items())
    return tuple(_sum(name, groups.get(at, []), None) for at, name in enumerate(WEEKDAYS))


def streaks(days: Iterable[date], today: date) -> tuple[Streak, Streak]:
    """The longest run of these days, which come in order, the latest of several; and the one that is still on."""
    longest = current = run = Streak()
    for on in days:
        run = Streak(run.days + 1, run.first, on) if run.last and on - run.last == DAY else Streak(1, on, on)
        longest = max(run, longest, key=lambda streak: streak.days)
        if on in (today, today - DAY):
            current = run
    return longest, current
