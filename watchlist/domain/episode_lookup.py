"""Finds the episodes of a show for names such as `S01E03` or `S02`, and checks that the show has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from watchlist.domain.episodes import Episode, Name, season_of, seasons_of, whole_season
from watchlist.domain.model import Kind, Season, Show
from watchlist.domain.season_lengths import format_season_lengths
from watchlist.domain.text import counted, format_ranges
from watchlist.domain.watch_progress import watched
from watchlist.errors import Refused
from watchlist.sanitize import safe, shell_word

# Higher numbers are treated as typing errors if the show does not list the season. Some seasons are numbered by year.
MAX_SEASON_NUMBER, MAX_EPISODE_NUMBER = 100, 2_000
YEARS = range(1900, 2200)
EXAMPLE_EPISODES = 8  # the number of episodes used in the example of a hint
COMMAND_MAX_CHARS = 200  # maximum length of a command in a hint


def named_episodes(show: Show, names: Iterable[Name], wanted: Callable[[Episode], bool]) -> tuple[Episode, ...]:
    """Return the episodes with these names, sorted. The number of a season means its episodes for which `wanted` is True.

    Raises:
        Refused: A named season is not on the list or of unknown length, or the show is a film.
    """
    episodes: set[Episode] = set()
    for name in names:
        episodes.update([name] if isinstance(name, Episode) else filter(wanted, _all_of(show, name)))
    return tuple(sorted(episodes))


def _all_of(show: Show, number: int) -> list[Episode]:
    """Return all episodes of the season `number`, also skipped ones. Raise Refused if they are unknown, or for a film."""
    refuse_film(show)
    season = season_of(show, number)
    if season is None:
        raise Refused(_not_listed(show, number), f"name its episodes, e.g. S{number:02}E01-E08{_lengths(show, number)}")
    if season.numbers is None:
        raise Refused(
            f"it is not known how many episodes season {number} of {safe(show.title)} has",
            f"name them, e.g. S{number:02}E01-E08{_lengths(show, number)}",
        )
    return [Episode(number, episode) for episode in season.numbers]


def _lengths(show: Show, number: int) -> str:
    """Return the end of a hint: a command that sets the number of episodes of the season `number`.

    If the command is longer than COMMAND_MAX_CHARS, the hint contains `watchlist edit` instead.
    """
    season, sign = Season(number, EXAMPLE_EPISODES), "="
    rows = [season if row.number == number else row for row in show.seasons]
    if season not in rows:
        rows, sign = [season], "+="
    text = f"S{number} {EXAMPLE_EPISODES}" if sign == "+=" else format_season_lengths(rows)
    command = f"watchlist set {shell_word(show.id)} {shell_word(f'seasons{sign}{text}')}"
    if len(command) > COMMAND_MAX_CHARS:
        command = f"watchlist edit {shell_word(show.id)}"
    return f"; or set the number of episodes, e.g. {EXAMPLE_EPISODES}: {command}"


def to_watch(show: Show, names: Iterable[Name]) -> tuple[Episode, ...]:
    """Return the named episodes, sorted. A whole season means its unwatched episodes or, if all are watched, all of them.

    Raises:
        Refused: A named season is not on the list or of unknown length, or the show is a film.
    """
    expanded: list[Name] = []
    seen = set(watched(show))
    for name in names:
        if isinstance(name, Episode):
            expanded.append(name)
        else:
            _all_of(show, name)
            season = whole_season(show, name)
            expanded += [episode for episode in season if episode not in seen] or season
    return named_episodes(show, expanded, bool)


def last_named(show: Show, name: Name) -> Episode:
    """Return the episode `name` or, if `name` is a season, its last episode. Raise Refused if that episode is unknown."""
    if isinstance(name, Episode):
        return name
    if not (episodes := _all_of(show, name)):
        raise Refused(f"season {name} of {safe(show.title)} has no episodes")
    return episodes[-1]


def unlisted(show: Show, episodes: Iterable[Episode]) -> str:
    """Return a sentence about the first of `episodes` that the show does not list; empty if it lists all of them.

    If the show has no seasons, only implausibly high numbers are reported. If no season has a known length, the seasons
    were created by logging episodes, so the season after the last one is accepted too.
    """
    seasons = {season.number: season for season in seasons_of(show)}
    next_season = max(seasons) + 1 if seasons and not any(season.numbers for season in seasons.values()) else None
    for episode in sorted(set(episodes)):
        season = seasons.get(episode.season)
        if season is not None and season.numbers is not None:
            if episode.number not in season.numbers:
                return too_far(show, season)
        elif season is None and any(number > 0 for number in seasons) and episode.season != next_season:
            return _not_listed(show, episode.season)
        elif episode.number > MAX_EPISODE_NUMBER or (season is None and not _plausible(episode.season)):
            return f"{episode} is not a plausible episode of {safe(show.title)}"
    return ""


def too_early(show: Show, episodes: Iterable[Episode]) -> Season | None:
    """Return the season of the first of `episodes` that is numbered below the first episode of its season; None if none is.

    Such an episode can't be added: a season can be extended at its end, but a new start would renumber its episodes.
    """
    seasons = {season.number: season for season in seasons_of(show)}
    for episode in sorted(set(episodes)):
        season = seasons.get(episode.season)
        if season is not None and season.numbers is not None and episode.number < season.start:
            return season
    return None


def _plausible(season: int) -> bool:
    return season <= MAX_SEASON_NUMBER or season in YEARS


def too_far(show: Show, season: Season) -> str:
    """Return a sentence with the number of episodes of a season: `season 1 of The Wire has 13 episodes`."""
    season_name = "season 0 (specials)" if season.number == 0 else f"season {season.number}"
    numbered = f", numbered from {season.start}" if season.start > 1 else ""
    return f"{season_name} of {safe(show.title)} has {counted(season.episodes or 0, 'episode')}{numbered}"


def _not_listed(show: Show, number: int) -> str:
    if number == 0:
        return f"no specials of {safe(show.title)} are on the list"
    numbers = [season.number for season in seasons_of(show) if season.number > 0]
    listed = f"; its seasons are {format_ranges(numbers)}" if len(numbers) > 1 else ""
    return f"season {number} of {safe(show.title)} is not on the list{listed}"


def refuse_film(show: Show) -> None:
    """Raise Refused if the show is a film, which has no episodes."""
    if show.kind is Kind.FILM:
        raise Refused(f"{safe(show.title)} is a film and has no episodes")
