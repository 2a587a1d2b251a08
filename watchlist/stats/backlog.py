"""The backlog: the number of episodes and the time left to watch, summed over several shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watchlist.domain.text import counted, hours


class Sum(NamedTuple):
    """A sum over shows, the number of shows that contribute to it, and the query that finds these shows."""

    number: int
    shows: int
    query: str

    @classmethod
    def of(cls, numbers: Sequence[int | None], query: str) -> Sum:
        """Return the sum of `numbers`, one for each show. Shows with 0 or None are not counted in `shows`."""
        present = [number for number in numbers if number]
        return cls(sum(present), len(present), query)


class Backlog(NamedTuple):
    """What is left to watch: the sum of episodes, the sum of minutes (films included), and the number of unfinished shows."""

    episodes: Sum
    minutes: Sum
    shows: int

    @classmethod
    def of(cls, episodes: Sequence[int | None], minutes: Sequence[int | None], scope: str = "") -> Backlog:
        """Return the backlog of several shows.

        Args:
            episodes: The number of episodes left of each show; None if unknown.
            minutes: The number of minutes left of each show; None if unknown.
            scope: The query that finds these shows; empty for the whole list.
        """
        shows = sum(bool(count or time) for count, time in zip(episodes, minutes, strict=True))
        return cls(
            Sum.of(episodes, f"left:1.. {scope}".strip()), Sum.of(minutes, f"minutes_left:1.. {scope}".strip()), shows
        )

    def __str__(self) -> str:
        """Return a text such as `412 episodes, 310 h left in 40 shows`."""
        parts = [counted(self.episodes.number, "episode")] * bool(self.episodes.number)
        parts += [hours(self.minutes.number)] * bool(self.minutes.number)
        return f"{', '.join(parts)} left in {counted(self.shows, 'show')}" if parts else "nothing left"
