"""Backlog: the episodes and the time left to watch of several shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watchlist.domain.text import counted, hours


class Sum(NamedTuple):
    """A sum over shows, the number of shows that contribute, and the query that finds these shows."""

    number: int
    shows: int
    query: str

    @classmethod
    def of(cls, numbers: Sequence[int | None], query: str) -> Sum:
        """Return the sum of the numbers; 0 and None do not contribute."""
        present = [number for number in numbers if number]
        return cls(sum(present), len(present), query)


class Backlog(NamedTuple):
    """The episodes left, the minutes left as far as known (films included), and the number of unfinished shows."""

    episodes: Sum
    minutes: Sum
    shows: int

    @classmethod
    def of(cls, episodes: Sequence[int | None], minutes: Sequence[int | None], scope: str = "") -> Backlog:
        """Return the backlog of some shows.

        Args:
            episodes: The column `left` of the shows.
            minutes: The column `minutes_left` of the same shows.
            scope: The query that finds these shows; empty for the whole list.
        """
        shows = sum(bool(count or time) for count, time in zip(episodes, minutes, strict=True))
        return cls(
            Sum.of(episodes, f"left:1.. {scope}".strip()), Sum.of(minutes, f"minutes_left:1.. {scope}".strip()), shows
        )

    def __str__(self) -> str:
        """Return `412 episodes, 310 h left in 40 shows`."""
        parts = [f"{self.episodes.number:,} episode{'s' * (self.episodes.number != 1)}"] * bool(self.episodes.number)
        parts += [hours(self.minutes.number)] * bool(self.minutes.number)
        return f"{', '.join(parts)} left in {counted(self.shows, 'show')}" if parts else "nothing left"
