"""Decides which episodes of a show a file's name means, with what the list knows of its seasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from watchlist.domain.episodes import Episode, seasons_of
from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Kind, Season, Show
from watchlist.domain.text import format_ranges
from watchlist.domain.watch_progress import kind_of
from watchlist.release_names.release_name import Reading

MAX_EPISODES_IN_FILE = 4  # a name with more is that of a season pack
ALL_SEASONS = (-1,)  # `Reading.seasons` of a complete series


class Viewed(Frozen):
    """What watching a file means. `episodes` is empty for a film.

    If `sure` is False, `why` says what is uncertain; without `episodes`, the user has to name them. If `is_viewing` is
    False, the file is no single episode or film, and `why` says what it is.
    """

    episodes: tuple[Episode, ...] = ()
    sure: bool = True
    why: str = ""
    is_viewing: bool = True


def viewed(show: Show, reading: Reading) -> Viewed:
    """Return what the file with this reading means if it is of `show`."""
    if reading.kind is None:
        return _without_code(show)
    if reading.aired and not reading.episodes:
        aired = [episode for day in reading.aired for episode in _aired_on(show, day)]
        if len(aired) == 1:
            return Viewed((aired[0],))
        return Viewed((), False, f"no single episode of {reading.aired[0]} is on the list")
    if reading.part is not None:
        return Viewed((Episode(1, reading.part),), False, f"part {reading.part} may be an episode")
    if not reading.episodes:
        return _without_episode(reading)
    if min(reading.episodes) < 1:
        return Viewed((), False, "episode 0 is a special whose number on the list is not known")
    if len(reading.episodes) > MAX_EPISODES_IN_FILE:
        return Viewed((), False, f"it is {len(reading.episodes)} episodes, not one", is_viewing=False)
    episodes = _numbered(show, reading)
    return Viewed(episodes[0], episodes[1] and reading.certain, "" if episodes[1] else "its seasons count differently")


def _without_code(show: Show) -> Viewed:
    kind = kind_of(show)
    if kind is Kind.SERIES:
        return Viewed((), False, "its name has no episode", is_viewing=False)
    return Viewed((), kind is Kind.FILM, "" if kind else "it is not known whether the show is a film")


def _without_episode(reading: Reading) -> Viewed:
    seasons = reading.seasons
    if seasons == (0,):
        return Viewed((), False, "it is a special without a number")
    if not reading.certain:
        return Viewed((), False, "its name has no number of an episode")
    if seasons == ALL_SEASONS:
        return Viewed((), False, "it is a whole series, not one episode", is_viewing=False)
    what = f"season {seasons[0]}" if len(seasons) == 1 else f"the seasons {format_ranges(seasons)}"
    return Viewed((), False, f"it is {what}, not one episode", is_viewing=False)


def _aired_on(show: Show, day: date) -> tuple[Episode, ...]:
    """Return the episodes that first aired on a day, as far as the list has their dates."""
    return tuple(
        Episode(season.number, season.start + index)
        for season in seasons_of(show)
        for index, aired in enumerate(_air_dates(season))
        if aired == day
    )


def _air_dates(season: Season) -> Sequence[object]:
    """Return the dates of the episodes of a season, in order; an empty sequence if the list has none."""
    dates = getattr(season, "aired", None) or season.other.get("aired", ())
    return dates if isinstance(dates, (list, tuple)) else ()


def _numbered(show: Show, reading: Reading) -> tuple[tuple[Episode, ...], bool]:
    """Return (the episodes with the numbers of a reading, True if no other episodes can be meant)."""
    if len(reading.seasons) == 1:
        return tuple(Episode(reading.seasons[0], number) for number in reading.episodes), True
    seasons = [season for season in seasons_of(show) if season.number > 0]
    if len(seasons) < 2:
        number = seasons[0].number if seasons else 1
        return tuple(Episode(number, n) for n in reading.episodes), True
    placed = [_absolute(seasons, number) for number in reading.episodes]
    return tuple(episode for episode, _ in placed), all(sure for _, sure in placed)


def _absolute(seasons: Sequence[Season], number: int) -> tuple[Episode, bool]:
    """Return (the episode with a number that counts on over all seasons, True if no other episode can be meant).

    A number that every season has is that of the first season, unless it has been watched: then it may be of a later one.
    """
    having = [season for season in seasons if season.numbers is not None and number in season.numbers]
    if len(having) == 1 and having[0].start > 1:
        return Episode(having[0].number, number), True
    if having:
        first = having[0]
        return Episode(first.number, number), first is seasons[0] and number not in first.watched
    rest = number
    for season in seasons:
        if season.numbers is None:
            return Episode(season.number, rest), False
        if rest <= len(season.numbers):
            return Episode(season.number, season.start + rest - 1), season.start == 1
        rest -= len(season.numbers)
    return Episode(seasons[-1].number, number), False
