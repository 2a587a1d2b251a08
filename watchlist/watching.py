"""Watching: episodes by their names, what comes next, and what a viewing makes of a show. Functions of one show.

The first time through is kept season by season, in `watched`. Every later time is kept by its viewings alone, which carry
its number in `rewatch`: so a rewatch has a progress of its own, and nothing that was there before it changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache, partial
from itertools import groupby
from typing import NamedTuple

from watchlist.errors import Refused
from watchlist.fields import with_value
from watchlist.model import Kind, Season, Show, Status, Viewing
from watchlist.safe import safe
from watchlist.text import MAX_EPISODES, format_ranges

_NAMED = re.compile(
    r"(?:s(\d{1,4})\s*e|(\d{1,4})x)(\d{1,6})(?:\s*[-–]\s*(?:(?:s(\d{1,4})\s*)?e|(\d{1,4})x)?(\d{1,6}))?",
    re.IGNORECASE | re.ASCII,
)
_BETWEEN = re.compile(r"[\s,;]*")


class Episode(NamedTuple):
    """One episode; season 0 holds specials. In words it is `S01E03`."""

    season: int
    number: int

    def __str__(self) -> str:
        return f"S{self.season:02}E{self.number:02}"


def parse_episodes(text: str) -> tuple[Episode, ...]:
    """`S01E03`, `S01E03-E05`, `1x03`, `1x03-05`; several with commas or blanks. In order, each once. ValueError."""
    found: set[Episode] = set()
    at = 0
    while at < len(text):
        match = _NAMED.match(text, at)
        if match is None:
            raise ValueError(f'"{safe(text[at : at + 20])}" is no episode, as S01E03 or S01E03-E05 are')
        season = int(match[1] or match[2])
        first, last = int(match[3]), int(match[6] or match[3])
        if int(match[4] or match[5] or season) != season:
            raise ValueError(f'"{safe(match[0])}" goes over two seasons; name the episodes of each')
        if not 1 <= first <= last <= MAX_EPISODES:
            raise ValueError(f'"{safe(match[0])}" is not a range of episodes')
        found.update(Episode(season, number) for number in range(first, last + 1))
        at = match.end()
        between = _BETWEEN.match(text, at)
        assert between is not None
        if between.end() == at < len(text):
            raise ValueError(f'"{safe(text[at : at + 20])}" is no episode, as S01E03 or S01E03-E05 are')
        at = between.end()
    return tuple(sorted(found))


def format_episodes(episodes: Iterable[Episode]) -> str:
    """The inverse of `parse_episodes`: `S01E01-E03, S01E05`."""
    parts = []
    for season, group in groupby(sorted(episodes), lambda episode: episode.season):
        for run in format_ranges([episode.number for episode in group]).split(", "):
            first, _, last = run.partition("-")
            parts.append(str(Episode(season, int(first))) + (f"-E{int(last):02}" if last else ""))
    return ", ".join(parts)


@lru_cache(4096)
def episodes_in(text: str) -> int | None:
    """How many episodes `S01E01-E03, S02E01` are; None where it can't be told."""
    try:
        return len(parse_episodes(text)) or None
    except ValueError:
        return None


def length(show: Show, viewing: Viewing) -> int | None:
    """The minutes of a viewing: the runtime, for each of its episodes. None where one of them is not known."""
    if viewing.episodes:
        count = episodes_in(viewing.episodes)
    else:
        count = max(show.episodes or 0, 0) or None if is_series(show) else 1
    return None if count is None or show.runtime is None else count * show.runtime


def viewed(show: Show) -> list[tuple[str, int | None, bool]]:
    """Of each viewing when it was, as ISO has it, or ""; its minutes; and whether it was not the first time.

    Where no number tells, all of it is seen again from the second time on: as `is:rewatched`.
    """
    found, whole = [], False
    for row in show.viewings:
        unnumbered = not (row.episodes or row.rewatch)
        again = bool(row.rewatch) or (unnumbered and whole)
        found.append((row.date.isoformat() if row.date else "", length(show, row), again))
        whole = whole or unnumbered
    return found


def is_series(show: Show) -> bool:
    """Whether it is watched episode by episode."""
    return show.kind is Kind.SERIES or (show.kind is None and bool(show.seasons))


def watched(show: Show) -> Iterator[Episode]:
    """The episodes that were watched the first time, specials too."""
    return (Episode(season.number, number) for season in show.seasons for number in season.watched)


def countable(show: Show) -> list[Episode]:
    """The episodes that count, as far as it is known how many there are: without specials and skipped ones, in order."""
    return [
        Episode(season.number, number)
        for season in _in_order(show)
        for number in range(1, (season.episodes or 0) + 1)
        if number not in season.skipped
    ]


def next_episode(show: Show) -> Episode | None:
    """The first one that is neither watched nor skipped; None where all are. Of a show that nobody knows, S01E01."""
    seasons = _in_order(show)
    for season in seasons:
        done = {*season.watched, *season.skipped}
        if season.episodes is not None:
            number = next((n for n in range(1, season.episodes + 1) if n not in done), None)
        else:  # of as many as there are: another season after it says that it is over, once it was begun
            number = max(done, default=0) + 1 if season is seasons[-1] or not done else None
        if number is not None:
            return Episode(season.number, number)
    return None if seasons else Episode(1, 1)


def rewatched(show: Show, number: int) -> set[Episode]:
    """The episodes that were watched in the rewatch of this number."""
    return {episode for row in show.viewings if row.rewatch == number for episode in episodes_of(row)}


def next_to_watch(show: Show) -> tuple[Episode | None, int]:
    """What comes next, and in which rewatch: 0 is the first time. None where nobody knows any episode."""
    if (episode := next_episode(show)) is not None:
        return episode, 0
    episodes = countable(show)
    number = _rewatch(show)
    left = [episode for episode in episodes if episode not in rewatched(show, number)] if number else []
    if left:
        return left[0], number
    return (episodes[0], number + 1) if episodes else (None, 0)


def up_to(show: Show, last: Episode) -> tuple[Episode, ...]:
    """What is not watched yet, up to this one: in all seasons before it, or, for a special, among the specials."""
    seen = set(watched(show))
    season = season_of(show, last.season)
    here = [Episode(last.season, n) for n in range(1, last.number + 1) if season is None or n not in season.skipped]
    before = [episode for episode in countable(show) if episode.season < last.season and last.season > 0]
    return tuple(episode for episode in (*before, *here) if episode not in seen)


def watch(show: Show, viewing: Viewing, episodes: Iterable[Episode] | None = None) -> Show:
    """A show with these episodes watched, or the next one, or all of a film: each a viewing like the one that is given.

    What was watched before and is named again counts for a rewatch. Refused for episodes that are not there.
    """
    if not is_series(show) and episodes is None:
        return _with_viewing(show, viewing)
    if episodes is None:
        episode, number = next_to_watch(show)
        if episode is None:
            raise Refused(f"there is no episode of {safe(show.title)} left", "name one, as in S01E03")
        if number:
            return _with_viewing(show, viewing._replace(episodes=str(episode), rewatch=number))
        episodes = (episode,)
    for episode in (episodes := sorted(set(episodes))):
        _look_for(show, episode)
    seen = set(watched(show))
    again = [episode for episode in episodes if episode in seen]
    if new := [episode for episode in episodes if episode not in seen]:
        show = _with_viewing(_with_watched(show, new), viewing._replace(episodes=format_episodes(new)))
    if again:
        number = _rewatch(show) or 1
        if not rewatched(show, number).isdisjoint(again):
            number += 1
        show = _with_viewing(show, viewing._replace(episodes=format_episodes(again), rewatch=number))
    return show


def take_back(show: Show) -> Show:
    """The show without the last episode that was watched, or without the last viewing of a film. Refused for none."""
    rows = list(show.viewings)
    at = len(rows) - 1
    while is_series(show) and at >= 0 and not episodes_of(rows[at]):
        at -= 1
    if at < 0:
        seen = sorted(episode for episode in watched(show) if episode.season > 0) or sorted(watched(show))
        if not seen:
            raise Refused(f"nothing of {safe(show.title)} was watched yet")
        return _without(show, seen[-1])
    *left, last = episodes_of(rows[at]) or (None,)
    rows[at : at + 1] = [rows[at]._replace(episodes=format_episodes(left))] if left else []
    first_time = last is not None and not show.viewings[at].rewatch
    show = with_value(show, "viewings", tuple(rows))
    return _without(show, last) if first_time and last is not None else show


def unwatch(show: Show, episode: Episode) -> Show:
    """The show without the last time this episode was watched; the rest of that viewing stays. As it is for none."""
    for at in reversed(range(len(rows := list(show.viewings)))):
        if episode in (named := episodes_of(rows[at])):
            left = [other for other in named if other != episode]
            first_time = not rows[at].rewatch
            rows[at : at + 1] = [rows[at]._replace(episodes=format_episodes(left))] if left else []
            show = with_value(show, "viewings", tuple(rows))
            return _without(show, episode) if first_time else show
    return _without(show, episode) if episode in set(watched(show)) else show


def skip(show: Show, episode: Episode, *, skipped: bool) -> Show:
    """The show with this episode left out on purpose, or not. Refused where it is not there or was watched."""
    _look_for(show, episode)
    if skipped and episode in set(watched(show)):
        raise Refused(f"{episode} of {safe(show.title)} was watched", "take that back first")

    def change(season: Season) -> Season:
        numbers = {episode.number}
        left = {*season.skipped} | numbers if skipped else {*season.skipped} - numbers
        return season._replace(skipped=tuple(sorted(left)))

    return _with_season(show, episode.season, change)


def to_skip(show: Show) -> Episode:
    """The episode that comes next, the first time. Refused where there is none."""
    if (episode := next_episode(show)) is None:
        raise Refused(f"there is no episode of {safe(show.title)} left")
    return episode


def rate_episode(show: Show, episode: Episode, stars: float | None) -> Show:
    """The show with another rating of this episode, in stars; None takes it away. Refused where it is not there."""
    _look_for(show, episode)

    def change(season: Season) -> Season:
        others = {number: rating for number, rating in season.ratings.items() if number != episode.number}
        rated = {episode.number: float(stars)} if stars is not None else {}
        return season._replace(ratings=dict(sorted((others | rated).items())))

    return _with_season(show, episode.season, change)


def with_status(before: Show, after: Show) -> Show:
    """`after` with the status that what was watched or skipped meanwhile, or taken back, gives it."""
    status = after.status
    if not is_series(after):
        if len(after.viewings) > len(before.viewings):
            status = Status.WATCHED
        elif not after.viewings and status is Status.WATCHED:
            status = Status.PLANNED
    else:
        had, has = (sum(episode.season > 0 for episode in watched(show)) for show in (before, after))
        finished = _finished(after)
        if has > had:
            status = Status.WATCHED if finished else Status.WATCHING
        elif has < had and status in (Status.WATCHED, Status.WATCHING) and not finished:
            status = Status.WATCHING if has else Status.PLANNED
        elif has == had and finished != _finished(before):  # what was left is skipped, or no longer
            was, now = (Status.WATCHING, Status.WATCHED) if finished else (Status.WATCHED, Status.WATCHING)
            status = now if status is was and has else status
    return with_value(after, "status", status) if status is not after.status else after


def told(before: Show, after: Show) -> str:
    """What was watched, taken back or skipped between two states of a show, in words; empty where nothing was."""
    title = safe(after.title)
    was, now = ({(0, e) for e in watched(show)} | _again(show) for show in (before, after))
    new, gone = now - was, was - now
    if new and not gone:
        episodes = format_episodes({episode for _, episode in new})
        return f"Watched {episodes} of {title}" + " again" * all(number for number, _ in new)
    if gone and not new:
        return f"Took back {format_episodes({episode for _, episode in gone})} of {title}"
    left, taken_up = _skipped(after) - _skipped(before), _skipped(before) - _skipped(after)
    if was == now and (left or taken_up):
        return (
            f"Skipped {format_episodes(left)} of {title}"
            if left
            else (f"{format_episodes(taken_up)} of {title} is not skipped any more")
        )
    more = len(after.viewings) - len(before.viewings)
    if was != now or not more:
        return ""
    return f"Took back a viewing of {title}" if more < 0 else f"Watched {title}" + " again" * bool(before.viewings)


def _finished(show: Show) -> bool:
    return bool(countable(show)) and next_episode(show) is None


def _look_for(show: Show, episode: Episode) -> None:
    """Refused where its season is known to be over before it, and for a film."""
    if show.kind is Kind.FILM:
        raise Refused(f"{safe(show.title)} is a film and has no episodes")
    season = season_of(show, episode.season)
    if season is not None and season.episodes is not None and episode.number > season.episodes:
        said = f"season {season.number} of {safe(show.title)} has {season.episodes} episodes"
        raise Refused(said, f"`watchlist edit {safe(show.id)}` changes it")


def _again(show: Show) -> set[tuple[int, Episode]]:
    return {(row.rewatch, episode) for row in show.viewings if row.rewatch for episode in episodes_of(row)}


def _skipped(show: Show) -> set[Episode]:
    return {Episode(season.number, number) for season in show.seasons for number in season.skipped}


def _rewatch(show: Show) -> int:
    """The number of the latest rewatch; 0 where there was none."""
    return max((row.rewatch or 0 for row in show.viewings), default=0)


def _in_order(show: Show) -> list[Season]:
    return sorted(show.counted_seasons, key=lambda season: season.number)


def season_of(show: Show, number: int) -> Season | None:
    """The season of this number."""
    return next((season for season in show.seasons if season.number == number), None)


def episodes_of(row: Viewing) -> tuple[Episode, ...]:
    """The episodes of a viewing; none where it was all of it, or says something else."""
    try:
        return parse_episodes(row.episodes)
    except ValueError:
        return ()


def _with_watched(show: Show, episodes: Iterable[Episode]) -> Show:
    for number, group in groupby(episodes, lambda episode: episode.season):
        new = frozenset(episode.number for episode in group)
        show = _with_season(show, number, partial(_seen, new))
    return show


def _seen(numbers: frozenset[int], season: Season) -> Season:
    return season._replace(watched=tuple(sorted(numbers.union(season.watched))))


def _with_season(show: Show, number: int, change: Callable[[Season], Season]) -> Show:
    """The show with this season changed, which is made where it is not there."""
    seasons = list(show.seasons)
    at = next((at for at, season in enumerate(seasons) if season.number == number), None)
    if at is None:  # in front of the first that comes after it
        at = next((at for at, season in enumerate(seasons) if season.number > number), len(seasons))
        seasons.insert(at, Season(number))
    seasons[at] = change(seasons[at])
    return with_value(show, "seasons", tuple(seasons))


def _without(show: Show, episode: Episode) -> Show:
    seasons = [
        season._replace(watched=tuple(number for number in season.watched if number != episode.number))
        if season.number == episode.season
        else season
        for season in show.seasons
    ]
    return with_value(show, "seasons", tuple(seasons))


def _with_viewing(show: Show, new: Viewing) -> Show:
    """The viewings with one more, in the order of their dates. One evening's episodes are one viewing."""
    rows = list(show.viewings)
    at = len(rows)
    while at > 0 and new.date is not None and (before := rows[at - 1].date) is not None and _later(before, new.date):
        at -= 1
    last = rows[at - 1] if at else None
    alike = last is not None and new == last._replace(episodes=new.episodes) and new.episodes and episodes_of(last)
    if alike and last is not None and not (last.rating or last.review):
        rows[at - 1] = last._replace(episodes=format_episodes({*episodes_of(last), *episodes_of(new)}))
    else:
        rows.insert(at, new)
    return with_value(show, "viewings", tuple(rows))


def _later(one: date, other: date) -> bool:
    """Whether one date or time comes after another; a day is as long as it lasts."""
    a, b = one.isoformat(), other.isoformat()
    shorter = min(len(a), len(b))
    return bool(a[:shorter] > b[:shorter])
