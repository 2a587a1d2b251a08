"""What is still to watch of several shows: the episodes of those that have any left, and the time that all of it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watchlist.text import counted, hours


class Sum(NamedTuple):
    """A number, of how many shows it comes, and the query that opens those."""

    number: int
    shows: int
    query: str

    @classmethod
    def of(cls, numbers: Sequence[int | None], query: str) -> Sum:
        found = [number for number in numbers if number]
        return cls(sum(found), len(found), query)


class Left(NamedTuple):
    """The episodes; the minutes as far as lengths are known, those of films too; the shows of which anything is left."""

    episodes: Sum
    minutes: Sum
    shows: int

    @classmethod
    def of(cls, episodes: Sequence[int | None], minutes: Sequence[int | None], scope: str = "") -> Left:
        """Of the columns `left` and `minutes_left` of the same shows, which `scope` is a query for."""
        shows = sum(bool(one or other) for one, other in zip(episodes, minutes, strict=True))
        return cls(
            Sum.of(episodes, f"left:1.. {scope}".strip()), Sum.of(minutes, f"minutes_left:1.. {scope}".strip()), shows
        )

    def __str__(self) -> str:
        """`412 episodes, 310 h left in 40 shows`."""
        parts = [f"{self.episodes.number:,} episode{'s' * (self.episodes.number != 1)}"] * bool(self.episodes.number)
        parts += [hours(self.minutes.number)] * bool(self.minutes.number)
        return f"{', '.join(parts)} left in {counted(self.shows, 'show')}" if parts else "nothing left"
