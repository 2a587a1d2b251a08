"""Rewatches: the rewatch number of each viewing, and the progress of a rewatch, computed from the viewings.

Viewings are counted in the order of the file, for each episode: its second viewing is rewatch 1, its third is rewatch
2. A viewing of the whole show covers all its episodes. The key `rewatch` of a viewing in the file is a minimum, for
shows whose first viewing was not logged as a viewing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from watchlist.domain.episodes import Episode, episodes_of
from watchlist.domain.model import Kind, Show, Viewing
from watchlist.domain.text import MAX_EPISODES
from watchlist.domain.watch_progress import countable, is_series, kind_of, next_episode, progress_of

HIGHEST_SEASON = 9999  # the highest season number that an episode such as S9999E01 can name


class Turn(NamedTuple):
    """The rewatch number of a viewing, and of each of its episodes. 0 is the first time."""

    rewatch: int
    episodes: Mapping[Episode, int]


def turns(show: Show) -> list[Turn]:
    """Return the rewatch numbers of all viewings of a show, in the order of the viewings."""
    following: dict[Episode | str, int] = {}  # the rewatch number of the next viewing, by episode; "": whole show
    results = []
    whole: list[Episode] | None = None  # all episodes, computed at first use
    for row in show.viewings:
        minimum, named = row.rewatch or 0, episodes_of(show, row)
        if named:
            numbers = {episode: max(minimum, following.get(episode, 0)) for episode in named}
            number = max(numbers.values())
        elif row.episodes:  # not names of episodes; the same text means the same episodes
            number, numbers = max(minimum, following.get(row.episodes, 0)), {}
            following[row.episodes] = number + 1
        else:
            if whole is None:
                whole = countable(show)
            number = max(minimum, following.get("", 0), min((following.get(e, 0) for e in whole), default=0))
            following[""] = number + 1
            numbers = dict.fromkeys(whole, number)
        for episode, turn in numbers.items():
            following[episode] = max(following.get(episode, 0), turn + 1)
        results.append(Turn(number, numbers))
    return results


def rewatch_numbers(show: Show) -> list[int]:
    """Return the rewatch number of each viewing. 0 is the first time."""
    rows = show.viewings
    return [row.rewatch or 0 for row in rows] if len(rows) < 2 else [turn.rewatch for turn in turns(show)]


def is_rewatched(show: Show) -> bool:
    """Return True if any part of a show was watched more than once."""
    return any(rewatch_numbers(show))


def latest_rewatch(show: Show) -> int:
    """Return the number of the latest rewatch; 0 if the show was never rewatched."""
    return max(rewatch_numbers(show), default=0)


def rewatched(show: Show, number: int) -> set[Episode]:
    """Return the episodes that were watched in the rewatch with this number."""
    return {episode for turn in turns(show) for episode, rewatch in turn.episodes.items() if rewatch == number}


def next_to_watch(show: Show) -> tuple[Episode | None, int]:
    """Return (next episode to watch, number of the rewatch in which it is watched).

    The number is 0 if the episode was never watched. The episode is None if the episodes of the show are unknown.
    """
    if (episode := next_episode(show)) is not None:
        return episode, 0
    episodes = countable(show)
    number = latest_rewatch(show)
    seen = rewatched(show, number) if number else set()
    unseen = next((episode for episode in episodes if episode not in seen), None) if number else None
    if unseen is not None:
        return unseen, number
    return (episodes[0], number + 1) if episodes else (None, 0)


class AfterEnd(NamedTuple):
    """The episodes that can be watched after the last known one.

    Attributes:
        last: The last known episode; None if the seasons have no episodes.
        new: The first episode of a new season, which is not on the list; None if there is no higher season number.
        more: One more episode of the last season, not on the list; None if that season has the maximum length.
        again: The first episode, for a rewatch; None if all episodes were skipped.
    """

    last: Episode | None
    new: Episode | None
    more: Episode | None
    again: Episode | None


def after_end(show: Show) -> AfterEnd | None:
    """Return what can be watched after the last known episode of a series.

    Returns None for other shows, if an episode is left to watch, and if a rewatch has begun that is not complete.
    """
    if not is_series(show) or next_episode(show) is not None or not (seasons := progress_of(show).seasons):
        return None
    again, rewatch = next_to_watch(show)
    if rewatch not in (0, latest_rewatch(show) + 1):
        return None
    season = seasons[-1].season
    numbers = season.numbers or range(season.start, season.start)
    return AfterEnd(
        Episode(season.number, numbers[-1]) if numbers else None,
        Episode(season.number + 1, 1) if season.number < HIGHEST_SEASON else None,
        Episode(season.number, numbers.stop) if numbers.stop <= MAX_EPISODES else None,
        again,
    )


def length(show: Show, viewing: Viewing) -> int | None:
    """Return the length of a viewing in minutes: the runtime of the show times the episodes watched; None if unknown."""
    if show.runtime is None:
        return None
    if viewing.episodes:
        count = len(episodes_of(show, viewing))
    elif kind_of(show) is Kind.SERIES:
        count = progress_of(show).total or 0
    else:
        count = 1
    return count * show.runtime if count else None


def viewed(show: Show) -> list[tuple[str, int | None, bool]]:
    """Return (ISO date or "" if unknown, minutes or None, True for a rewatch) for each viewing."""
    return [
        (row.date.isoformat() if row.date else "", length(show, row), number > 0)
        for row, number in zip(show.viewings, rewatch_numbers(show), strict=True)
    ]
