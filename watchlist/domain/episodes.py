"""Episodes, their names as text (`S01E03`, `S01E03-E05`, `S01` for a whole season), and the seasons of a show."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from watchlist.domain.model import Kind, Season, Show, Viewing
from watchlist.domain.text import MAX_EPISODES
from watchlist.sanitize import safe

MAX_SEASONS = 100  # maximum number of seasons in one range such as `S02-S04`


class Episode(NamedTuple):
    """An episode by season and number, displayed as `S01E03`. Season 0 contains specials."""

    season: int
    number: int

    def __str__(self) -> str:
        return f"S{self.season:02}E{self.number:02}"


Name = Episode | int  # as typed: an episode, or the number of a whole season


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns (episode, season, separator). They are compiled when first needed, which saves time at start."""
    flags = re.IGNORECASE | re.ASCII
    episode = r"(?:s(\d{1,4})\s*e|(\d{1,4})x)(\d{1,6})(?:\s*[-–]\s*(?:(?:s(\d{1,4})\s*)?e|(\d{1,4})x)?(\d{1,6}))?"
    season = r"s(\d{1,4})(?:\s*[-–]\s*s(\d{1,4}))?(?=[\s,;]|$)"
    return re.compile(episode, flags), re.compile(season, flags), re.compile(r"[\s,;]*")


@lru_cache(4096)
def parse_names(text: str) -> tuple[Name, ...]:
    """Return the episodes, and the numbers of whole seasons, that a text names, in its order and without duplicates.

    Names are `S01E03`, `1x03-05`, `S02` or `S02-S04`, separated by commas, semicolons or blanks.

    Raises:
        ValueError: A part of the text is not a name, or a range is invalid.
    """
    names: dict[Name, None] = {}
    episode, season, blanks = _patterns()
    position = 0
    while position < len(text):
        if match := episode.match(text, position):
            names.update(dict.fromkeys(_range(match)))
        elif match := season.match(text, position):
            first, last = int(match[1]), int(match[2] or match[1])
            if not first <= last < first + MAX_SEASONS:
                raise ValueError(f'"{safe(match[0])}" is not a range of seasons')
            names.update(dict.fromkeys(range(first, last + 1)))
        else:
            raise _no_episode(text, position)
        gap = blanks.match(text, match.end())
        assert gap is not None
        if gap.end() == match.end() < len(text):
            raise _no_episode(text, match.end())
        position = gap.end()
    return tuple(names)


def _range(match: re.Match[str]) -> list[Episode]:
    season = int(match[1] or match[2])
    first, last = int(match[3]), int(match[6] or match[3])
    if int(match[4] or match[5] or season) != season:
        raise ValueError(f'"{safe(match[0])}" spans two seasons; name the episodes of each')
    if not 1 <= first <= last <= MAX_EPISODES:
        raise ValueError(f'"{safe(match[0])}" is not a range of episodes')
    return [Episode(season, number) for number in range(first, last + 1)]


def _no_episode(text: str, position: int) -> ValueError:
    return ValueError(f'"{safe(text[position : position + 20])}" is not an episode; e.g. S01E03 or S01E03-E05')


def parse_episodes(text: str) -> tuple[Episode, ...]:
    """Return the episodes that a text names, sorted and without duplicates. Raise ValueError for seasons and other texts."""
    names = parse_names(text)
    if seasons := [name for name in names if isinstance(name, int)]:
        raise ValueError(f"S{seasons[0]:02} is a whole season; name its episodes")
    return tuple(sorted(name for name in names if isinstance(name, Episode)))


def spell_names(names: Iterable[Name]) -> str:
    """Return episodes and season numbers as text, in order, consecutive episodes as ranges: `S02E03, S01E01-E02, S04`."""
    runs: list[list[Name]] = []
    for name in names:
        if runs and _follows(runs[-1][-1], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    return ", ".join(_spell_run(run[0], run[-1]) for run in runs)


def _follows(name: Name, next_name: Name) -> bool:
    return isinstance(name, Episode) and isinstance(next_name, Episode) and next_name == (name.season, name.number + 1)


def _spell_run(first: Name, last: Name) -> str:
    if isinstance(first, int):
        return f"S{first:02}"
    return f"{first}-E{last.number:02}" if isinstance(last, Episode) and last != first else str(first)


def format_episodes(episodes: Iterable[Episode]) -> str:
    """Return episodes as sorted text: `S01E01-E02, S02E03`. The inverse of `parse_episodes`."""
    return spell_names(sorted(set(episodes)))


def named(names: Collection[Name], episode: Episode) -> bool:
    """Return True if `names` contains the episode itself or the number of its season."""
    return episode in names or episode.season in names


def seasons_of(show: Show) -> tuple[Season, ...]:
    """Return the seasons of a show in order, specials last. The tuple is empty for a film.

    Rows of the file with the same season number are merged. Episodes of viewings count as watched even if their season
    does not list them, and a season that exists only in viewings is added.
    """
    if show.kind is Kind.FILM:
        return ()
    seasons = _listed(show)
    if not any(row.episodes for row in show.viewings):
        return seasons
    viewed: dict[int, set[int]] = {}
    for row in show.viewings:
        for season_number, episode_number in episodes_of(show, row):
            viewed.setdefault(season_number, set()).add(episode_number)
    rows = {season.number: season for season in seasons}
    added = {
        number: numbers.difference(rows[number].watched if number in rows else ()) for number, numbers in viewed.items()
    }
    if not any(added.values()):
        return seasons
    for number, numbers in added.items():
        season = rows.get(number) or Season(number)
        rows[number] = season._replace(watched=tuple(sorted(numbers.union(season.watched))))
    return tuple(sorted(rows.values(), key=_order))


def _listed(show: Show) -> tuple[Season, ...]:
    """Return the seasons listed in the file, specials last. Rows with the same season number are merged."""
    if len(show.seasons) < 2:
        return show.seasons
    rows: dict[int, Season] = {}
    for season in sorted(show.seasons, key=_order):
        earlier = rows.get(season.number)
        rows[season.number] = season if earlier is None else _joined(earlier, season)
    return tuple(rows.values())


def _order(season: Season) -> tuple[bool, int]:
    return season.number == 0, season.number


def _joined(first: Season, second: Season) -> Season:
    """Merge two rows of the file with the same season number into one season.

    Watched episodes, skipped episodes and ratings are combined, and the larger number of episodes is used. In any other
    conflict, the value of the first row is used.
    """
    lengths = [row.episodes for row in (first, second) if row.episodes is not None]
    return first._replace(
        first=first.first or second.first,
        episodes=max(lengths, default=None),
        titles=first.titles or second.titles,
        aired=first.aired or second.aired,
        watched=tuple(sorted({*first.watched, *second.watched})),
        skipped=tuple(sorted({*first.skipped, *second.skipped})),
        ratings={**second.ratings, **first.ratings},
    )


def season_of(show: Show, number: int) -> Season | None:
    """Return the season with this number; None if there is none."""
    return next((season for season in seasons_of(show) if season.number == number), None)


def episodes_of(show: Show, viewing: Viewing) -> tuple[Episode, ...]:
    """Return the episodes that a viewing names, in the order in which they are written.

    Returns an empty tuple if the viewing covers the whole show, or if its `episodes` can't be parsed as names.
    """
    if not viewing.episodes:
        return ()
    try:
        names = parse_names(viewing.episodes)
    except ValueError:
        return ()
    episodes: dict[Episode, None] = {}
    for name in names:
        episodes.update(dict.fromkeys([name] if isinstance(name, Episode) else whole_season(show, name)))
    return tuple(episodes)


def whole_season(show: Show, number: int) -> list[Episode]:
    """Return the episodes of the season `number` except the skipped ones; an empty list if its length is unknown."""
    season = next((season for season in _listed(show) if season.number == number), None)
    if season is None or season.numbers is None:
        return []
    skipped = {*season.skipped}.difference(season.watched)
    return [Episode(number, episode) for episode in season.numbers if episode not in skipped]
