"""Changes the lengths of the seasons of a show, and keeps everything else that is known of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from watchlist.domain.episodes import Episode, episodes_of, format_episodes
from watchlist.domain.fields import check_readable, overwrite, with_value
from watchlist.domain.model import Season, Show
from watchlist.domain.season_lengths import SeasonLengths, as_stored, format_season_lengths, lengths_of
from watchlist.domain.text import counted
from watchlist.errors import Refused
from watchlist.sanitize import safe


def assigned(show: Show, name: str, value: Any) -> Show:
    """Return the show with the field `name` set to a typed value, even if the old value is invalid in the file.

    Lengths of seasons change the seasons as in `with_lengths`, and raise the same errors.
    """
    if isinstance(value, SeasonLengths) and value:
        return with_lengths(show, value)
    return overwrite(show, name, as_stored(value))


def with_lengths(show: Show, lengths: SeasonLengths) -> Show:
    """Return the show with seasons of these lengths. Titles, air dates, viewings, ratings and unknown keys are kept.

    Seasons that `lengths` leaves out are removed. Specials stay if `lengths` names no season by its number. If a season
    whose length changes has several rows, the first row gets the new length, and the length of the others becomes unknown.

    Raises:
        WrongValue: The seasons of the show are invalid in the file.
        Refused: A season would lose watched, skipped or rated episodes, or own keys of the user.
    """
    check_readable(show, "seasons")
    wanted = {season.number: season.episodes for season in lengths}
    before = lengths_of(show.seasons)
    for number, length in wanted.items():
        if length is not None and (number not in before or length != before[number]):
            _check_length(show, number, before.get(number), length)
    if not show.seasons:
        return with_value(show, "seasons", tuple(lengths))
    seasons: list[Season] = []
    for season in show.seasons:
        number = season.number
        if number in wanted:
            is_first = all(row.number != number for row in seasons)
            same = wanted[number] == before[number]
            seasons.append(season if same else season._replace(episodes=wanted[number] if is_first else None))
        elif number == 0 and not lengths.is_named:
            seasons.append(season)
        else:
            _check_removal(show, season, lengths)
    for season in lengths:
        if season.number not in before:
            index = next((i for i, row in enumerate(seasons) if row.number > season.number), len(seasons))
            seasons.insert(index, season)
    return with_value(show, "seasons", tuple(seasons))


def check_typed(show: Show, value: tuple[Season, ...]) -> None:
    """Raise Refused if storing `value`, which was typed in a form, would lose what the user did with episodes of `show`.

    Args:
        value: Lengths of seasons, which are checked as by `with_lengths`; an empty tuple, which removes all seasons; or
            rows that were typed as JSON. Such rows contain everything and are never refused.
    """
    if isinstance(value, SeasonLengths) and value:
        with_lengths(show, value)
    elif not value:
        for season in show.seasons:
            _check_removal(show, season, SeasonLengths(show.seasons))


def _check_length(show: Show, number: int, before: int | None, length: int) -> None:
    """Raise Refused if a season of this length would not have an episode that was watched, skipped or rated.

    A season that becomes longer is not checked.

    Args:
        number: The number of the season.
        before: The length of the season so far; None if unknown.
        length: The wanted length.
    """
    start = next((row.first for row in show.seasons if row.number == number and row.first), 1)
    known = _known(show, number, start + length)
    if known is not None and (before is None or length < before):
        name = "season 0 (specials)" if number == 0 else f"season {number}"
        raise Refused(
            f"{name} of {safe(show.title)} can't have {counted(length, 'episode')}: {known}",
            f"enter at least {max(known.episodes).number - start + 1}",
        )


def _check_removal(show: Show, season: Season, lengths: SeasonLengths) -> None:
    """Raise Refused if anything of a season was watched, skipped or rated, or if it has own keys of the user."""
    known = _known(show, season.number)
    if known is None and not season.other:
        return
    kept = format_season_lengths((*(row for row in lengths if row.number != season.number), season))
    raise Refused(
        f"season {season.number} of {safe(show.title)} can't be left out: {known or 'it has keys of your own'}",
        f"keep it in the text: {kept}",
    )


class _Known(NamedTuple):
    """Episodes and what the user has done with all of them: watched, skipped or rated."""

    done: str
    episodes: set[Episode]

    def __str__(self) -> str:
        text = format_episodes(self.episodes)
        return f"you {self.done} {text if text.count(',') < 3 else f'{min(self.episodes)}, …, {max(self.episodes)}'}"


def _known(show: Show, number: int, start: int = 0) -> _Known | None:
    """Return the episodes of a season, from episode `start` on, that were watched; else those skipped, else those rated.

    Returns None if there are none.
    """
    rows = [season for season in show.seasons if season.number == number]
    viewed = {episode for row in show.viewings if row.episodes for episode in episodes_of(show, row)}
    numbers = {
        "watched": {*(n for row in rows for n in row.watched), *(ep.number for ep in viewed if ep.season == number)},
        "skipped": {n for row in rows for n in row.skipped},
        "rated": {n for row in rows for n in row.ratings},
    }
    found = {done: {Episode(number, n) for n in those if n >= start} for done, those in numbers.items()}
    return next((_Known(done, episodes) for done, episodes in found.items() if episodes), None)
