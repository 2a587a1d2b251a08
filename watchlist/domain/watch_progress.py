"""Progress of a show: what was watched, what is left and what comes next, computed season by season.

Fields, panels, bars, statistics, `pick` and the automatic status use these rules. Specials do not count, and neither do
watched or skipped numbers of episodes that a season does not have. A skipped episode is neither watched nor left; if it
was watched as well, it counts as watched. A season of unknown length has an unknown number of episodes left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from watchlist.domain.episodes import Episode, seasons_of
from watchlist.domain.model import Kind, Season, Show, Status


class SeasonProgress(NamedTuple):
    """The progress of one season: `seen` episodes were watched, of `total` that are not skipped (None if unknown)."""

    season: Season
    seen: int  # the number of watched episodes, ignoring numbers that the season does not have
    total: int | None  # the number of episodes that are not skipped; None if unknown

    @property
    def left(self) -> int | None:
        """The number of episodes neither watched nor skipped; None if the length of the season is unknown."""
        return None if self.total is None else self.total - self.seen

    @property
    def skipped(self) -> int:
        """The number of episodes skipped and not watched; 0 if the length of the season is unknown."""
        return 0 if self.season.numbers is None or self.total is None else len(self.season.numbers) - self.total

    @property
    def finished(self) -> bool:
        """True if the season has a known length and none of its episodes is left."""
        return self.total == self.seen

    @property
    def next(self) -> int | None:
        """The number of the first episode that was neither watched nor skipped; None if there is none.

        A season of unknown length is assumed to have one more episode after the last watched or skipped one.
        """
        season = self.season
        done = {*season.watched, *season.skipped}
        numbers = season.numbers
        if numbers is None:
            numbers = range(season.start, max((season.start - 1, *done)) + 2)
        return next((number for number in numbers if number not in done), None)

    @property
    def text(self) -> str:
        """The progress as text: `4 of 10`, `4 of 9, 1 skipped`, or `4 of ?`."""
        total = "?" if self.total is None else self.total
        return f"{self.seen} of {total}" + (f", {self.skipped} skipped" if self.skipped else "")


class Progress(NamedTuple):
    """The progress of a show, by season in order, without specials. A film has no seasons."""

    seasons: tuple[SeasonProgress, ...]

    @property
    def seen(self) -> int:
        """The number of watched episodes."""
        return sum([season.seen for season in self.seasons])

    @property
    def total(self) -> int | None:
        """The number of episodes that are not skipped; None if any length is unknown or there is no season."""
        total = 0
        for season in self.seasons:
            if season.total is None:
                return None
            total += season.total
        return total if self.seasons else None

    @property
    def left(self) -> int | None:
        """The number of episodes left in seasons of known length.

        None if that number is 0 and another season has an unknown length, or if there are no seasons.
        """
        left = sum([season.left or 0 for season in self.seasons])
        return left or (None if self.total is None else 0)

    @property
    def skipped(self) -> int:
        """The number of episodes skipped and not watched, without those in seasons of unknown length."""
        return sum([season.skipped for season in self.seasons])

    @property
    def finished(self) -> bool:
        """True if the show has episodes and none is left."""
        return bool(self.total) and self.total == self.seen

    @property
    def next(self) -> Episode | None:
        """The first episode, in order, that was neither watched nor skipped; None if there is none.

        If a season of unknown length was begun and another season follows, it is assumed to end with its last watched
        or skipped episode, so that only gaps before that episode are left.
        """
        for index, season in enumerate(self.seasons):
            number = season.next
            if season.total is None and index + 1 < len(self.seasons):
                last_seen = max((*season.season.watched, *season.season.skipped), default=None)
                number = None if last_seen is not None and number is not None and number > last_seen else number
            if number is not None:
                return Episode(season.season.number, number)
        return None

    @property
    def text(self) -> str:
        """The progress as text: `3/10`, or `3/?`; empty if the show has no episodes."""
        total = self.total
        if total is None:
            return f"{self.seen}/?" if self.seasons else ""
        return f"{self.seen}/{total}" if total else ""


def season_progress(season: Season) -> SeasonProgress:
    """Return the progress of a season, which may also be season 0 (specials)."""
    numbers, watched = season.numbers, season.watched
    if numbers is None:
        start = season.start
        return SeasonProgress(season, len([number for number in watched if number >= start]), None)
    seen, total = len([number for number in watched if number in numbers]), len(numbers)
    if season.skipped:
        total -= len({number for number in season.skipped if number in numbers}.difference(watched))
    return SeasonProgress(season, seen, total)


def progress_of(show: Show) -> Progress:
    """Return the progress of a show."""
    return Progress(tuple([season_progress(season) for season in seasons_of(show) if season.number > 0]))


def kind_of(show: Show) -> Kind | None:
    """Return the kind of a show. A show without a kind counts as a series if it has seasons or viewings of episodes.

    Returns None if the kind can't be determined.
    """
    if show.kind is None and (show.seasons or any(row.episodes for row in show.viewings)):
        return Kind.SERIES
    return show.kind


def is_series(show: Show) -> bool:
    """Return True if a show is a series according to `kind_of`."""
    return kind_of(show) is Kind.SERIES


def minutes_left(show: Show) -> int | None:
    """Return how many minutes of a show are left to watch; None if unknown. For a film, this is all of it or 0."""
    if show.runtime is None:
        return None
    if show.kind is Kind.FILM:
        return 0 if is_finished(show) else show.runtime
    left = progress_of(show).left
    return None if left is None else left * show.runtime


def is_finished(show: Show) -> bool:
    """Return True if a show was watched to its end, or if its status is `watched`."""
    if show.status is Status.WATCHED:
        return True
    return bool(show.viewings) if show.kind is Kind.FILM else progress_of(show).finished


def watched(show: Show) -> Iterator[Episode]:
    """Yield the watched episodes, including specials."""
    return (Episode(season.number, number) for season in seasons_of(show) for number in season.watched)


def countable(show: Show) -> list[Episode]:
    """Return the episodes that are not skipped, in order, without specials and without seasons of unknown length."""
    return [
        Episode(season.number, number)
        for season, _, _ in progress_of(show).seasons
        for skipped in [{*season.skipped}.difference(season.watched)]
        for number in season.numbers or ()
        if number not in skipped
    ]


def next_episode(show: Show) -> Episode | None:
    """Return the next episode to watch for the first time; S01E01 without seasons. None for a film, or if none is left."""
    if show.kind is Kind.FILM:
        return None
    progress = progress_of(show)
    return progress.next if progress.seasons else Episode(1, 1)
