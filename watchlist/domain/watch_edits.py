"""Functions that change the watched, skipped and rated episodes of one show. They return the changed show.

The first viewing of an episode is stored in `watched` of its season and as a viewing. Later ones are stored as viewings
only; the module `rewatches` determines which viewings are rewatches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from functools import partial
from itertools import groupby
from typing import Any

from watchlist.domain.dates import AnyDate
from watchlist.domain.episode_lookup import refuse_film, too_far
from watchlist.domain.episodes import Episode, episodes_of, format_episodes, season_of, spell_names
from watchlist.domain.fields import overwrite, problem_of, with_value
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.rewatches import latest_rewatch, next_to_watch, rewatched, turns
from watchlist.domain.watch_progress import countable, is_series, kind_of, next_episode, progress_of, watched
from watchlist.errors import Refused
from watchlist.sanitize import safe, shell_word


def with_room(show: Show, episodes: Iterable[Episode]) -> Show:
    """Return the show with its seasons long enough for these episodes. Seasons of unknown length are not changed."""
    last_numbers: dict[int, int] = {}
    for season_number, number in episodes:
        last_numbers[season_number] = max(number, last_numbers.get(season_number, 0))

    def longer(count: int, season: Season) -> Season:
        return season._replace(episodes=count)

    for season_number, number in last_numbers.items():
        season = season_of(show, season_number)
        if season is not None and season.numbers is not None and number >= season.numbers.stop:
            show = _with_season(show, season_number, partial(longer, number - season.start + 1))
    return show


def with_kind(show: Show, kind: Kind, seasons: Sequence[Season] = ()) -> Show:
    """Return the show with its kind set to `kind`, if the show has no kind yet.

    Args:
        seasons: The seasons of the show. Only used for a series without seasons.

    Raises:
        Refused: The show is known to be of the other kind.
    """
    current = kind_of(show)
    if current is not None and current is not kind:
        raise Refused(f"{safe(show.title)} is a {current}", f"`watchlist set {safe(show.id)} kind={kind}` changes that")
    if current is None:
        show = overwrite(show, "kind", kind)
    if kind is Kind.SERIES and seasons and not show.seasons:
        show = with_value(show, "seasons", tuple(seasons))
    return show


def up_to(show: Show, last: Episode) -> tuple[Episode, ...]:
    """Return the unwatched episodes up to `last`, in its season and in all earlier seasons.

    If `last` is a special, only specials are returned.
    """
    seen = set(watched(show))
    season = season_of(show, last.season)
    start, skipped = (season.start, season.skipped) if season is not None else (1, ())
    in_season = [Episode(last.season, n) for n in range(min(start, last.number), last.number + 1) if n not in skipped]
    before = [episode for episode in countable(show) if episode.season < last.season and last.season > 0]
    return tuple(episode for episode in (*before, *in_season) if episode not in seen)


def watch(show: Show, viewing: Viewing, episodes: Iterable[Episode] | None = None) -> Show:
    """Return the show with a viewing logged for these episodes; by default, for the next episode or the whole film.

    Episodes that were watched before count towards a rewatch. The added viewings are copies of `viewing`.

    Raises:
        Refused: The show does not have the episodes, has none left, or is not known to be a film or a series.
    """
    kind = kind_of(show)
    if episodes is None and kind is not Kind.SERIES:
        if kind is None:
            raise Refused(
                f"it is not known whether {safe(show.title)} is a film or a series",
                "add --kind film or --kind series, or name an episode, e.g. S01E01",
            )
        return _with_viewing(show, viewing)
    if episodes is None:
        episode, number = next_to_watch(show)
        if episode is None:
            raise Refused(f"there is no episode of {safe(show.title)} left", "name one, e.g. S01E03")
        if number:
            return _with_viewing(_as_series(show), viewing._replace(episodes=str(episode), rewatch=number))
        episodes = (episode,)
    episodes = sorted(set(episodes))
    for _, group in groupby(episodes, lambda episode: episode.season):
        first, *others = group
        _check_episode(show, first)
        _check_episode(show, others[-1] if others else first)
    show = _as_series(show)
    seen = set(watched(show))
    repeated = [episode for episode in episodes if episode in seen]
    number = latest_rewatch(show) or 1 if repeated else 0
    if repeated and not rewatched(show, number).isdisjoint(repeated):
        number += 1
    if new := [episode for episode in episodes if episode not in seen]:
        show = _with_viewing(_with_watched(show, new), viewing._replace(episodes=format_episodes(new)))
    if repeated:
        show = _with_viewing(show, viewing._replace(episodes=format_episodes(repeated), rewatch=number))
    return show


def _as_series(show: Show) -> Show:
    """Return the show with its kind set to series if it has no kind.

    A kind that is invalid in the file is kept if seasons or viewings show that the show is a series.
    """
    if show.kind is not None or (kind_of(show) is not None and problem_of(show, "kind")):
        return show
    return with_value(show, "kind", Kind.SERIES)


def undo_watch(show: Show) -> Show:
    """Return a series without its last logged episode, or a film without its last viewing.

    The last logged episode is the last episode of the last viewing. If no viewing names episodes, the last watched
    episode of the show is removed.

    Raises:
        Refused: Nothing of the show was watched.
    """
    rows = list(show.viewings)
    times = turns(show)
    series = is_series(show)
    for index in reversed(range(len(rows))):
        episodes = episodes_of(show, rows[index])
        if episodes:
            return unwatch(show, episodes[-1])
        if not series or (not rows[index].episodes and times[index].rewatch):  # a rewatch of the whole series
            return with_value(show, "viewings", tuple(rows[:index] + rows[index + 1 :]))
    seen = sorted(episode for episode in watched(show) if episode.season > 0) or sorted(watched(show))
    if not seen:
        title = safe(show.title)
        raise Refused(f"no episode of {title} has been watched yet" if series else f"{title} has not been watched yet")
    return _without(show, {seen[-1]})


def unwatch(show: Show, *episodes: Episode) -> Show:
    """Return the show without the most recent viewing of each of `episodes`. Viewings keep their other episodes."""
    rows, times = list(show.viewings), turns(show)
    first_times: set[Episode] = set()
    pending = set(episodes).intersection(watched(show))
    if not pending:
        return show
    for index in reversed(range(len(rows))):
        row_episodes = episodes_of(show, rows[index])
        if removed := pending.intersection(row_episodes):
            pending -= removed
            first_times.update(episode for episode in removed if not times[index].episodes[episode])
            others = [episode for episode in row_episodes if episode not in removed]
            rows[index : index + 1] = [rows[index]._replace(episodes=spell_names(others))] if others else []
    return _without(with_value(show, "viewings", tuple(rows)), first_times | pending)  # pending: in no viewing


def skip(show: Show, episode: Episode, *, skipped: bool) -> Show:
    """Return the show with `episode` marked as skipped on purpose or, if `skipped` is False, without this mark.

    Raises:
        Refused: The show is a film or known not to have this episode, or the episode was watched and can't be skipped.
    """
    _check_episode(show, episode)
    if skipped and episode in set(watched(show)):
        raise Refused(f"{episode} of {safe(show.title)} was watched", "remove that viewing first")
    if not skipped:
        return _without(show, {episode}, "skipped")
    return _with_season(
        show, episode.season, lambda season: season._replace(skipped=_with_number(season.skipped, episode.number))
    )


def to_skip(show: Show) -> Episode:
    """Return the next episode to watch for the first time. Raise Refused if none is left, or if the kind is unknown."""
    if kind_of(show) is None:
        raise Refused(f"it is not known whether {safe(show.title)} has episodes", "name one, e.g. S01E03")
    if (episode := next_episode(show)) is None:
        raise Refused(f"there is no episode of {safe(show.title)} left")
    return episode


def rate_episode(show: Show, episode: Episode, stars: float | None) -> Show:
    """Return the show with `episode` rated `stars`; None removes the rating.

    Raises:
        Refused: The show is a film or known not to have this episode.
    """
    _check_episode(show, episode)

    def without(season: Season) -> Season:
        return season._replace(ratings={n: rating for n, rating in season.ratings.items() if n != episode.number})

    def rated(season: Season) -> Season:
        return season._replace(ratings=dict(sorted({**season.ratings, episode.number: float(stars or 0)}.items())))

    seasons = tuple(
        without(s) if s.number == episode.season and episode.number in s.ratings else s for s in show.seasons
    )
    show = with_value(show, "seasons", seasons)
    return show if stars is None else _with_season(show, episode.season, rated)


def with_status(before: Show, after: Show) -> Show:
    """Return `after` with its status updated for the episodes or viewings added or removed since `before`."""
    status = after.status
    if not is_series(after):
        if len(after.viewings) > len(before.viewings):
            status = Status.WATCHED
        elif not after.viewings and status is Status.WATCHED:
            status = Status.PLANNED
    else:
        seen_before, seen = (sum(episode.season > 0 for episode in watched(show)) for show in (before, after))
        was_finished, finished = progress_of(before).finished, progress_of(after).finished
        if seen > seen_before:
            status = Status.WATCHED if finished else Status.WATCHING
        elif seen < seen_before and status in (Status.WATCHED, Status.WATCHING) and not finished:
            status = Status.WATCHING if seen else Status.PLANNED
        elif seen == seen_before and finished != was_finished:  # the rest is now skipped, or no longer skipped
            old, new = (Status.WATCHING, Status.WATCHED) if finished else (Status.WATCHED, Status.WATCHING)
            status = new if status is old and seen else status
    return with_value(after, "status", status) if status is not after.status else after


def describe_watch_change(before: Show, after: Show) -> str:
    """Return a sentence about the episodes or viewings that were added, removed or skipped; empty if none were.

    Examples: `Watched S01E03 of The Wire`, `Unwatched S01E03 of The Wire`, `Removed 2 viewings of Heat`.
    """
    title = safe(after.title)
    was, now = ({(0, e) for e in watched(show)} | _rewatched_times(show) for show in (before, after))
    new, removed = now - was, was - now
    if new and not removed:
        episodes = format_episodes({episode for _, episode in new})
        return f"Watched {episodes} of {title}" + " again" * all(number for number, _ in new)
    if removed and not new:
        return f"Unwatched {format_episodes({episode for _, episode in removed})} of {title}"
    if was == now:
        skipped, skipped_before = skipped_episodes(after), skipped_episodes(before)
        if added := skipped - skipped_before:
            return f"Skipped {format_episodes(added)} of {title}"
        if dropped := skipped_before - skipped:
            return f"{format_episodes(dropped)} of {title} is no longer skipped"
    more = len(after.viewings) - len(before.viewings)
    has_new, has_gone = (
        any(row not in others for row in rows)
        for rows, others in ((after.viewings, before.viewings), (before.viewings, after.viewings))
    )
    if was != now or not more or (has_new and has_gone):
        return ""
    if more == 1:
        return f"Watched {title}" + " again" * bool(before.viewings)
    viewings = "a viewing" if more == -1 else f"{abs(more)} viewings"
    return f"{'Added' if more > 0 else 'Removed'} {viewings} of {title}"


def _check_episode(show: Show, episode: Episode) -> None:
    """Raise Refused if the season is known not to have this episode, or the show is a film."""
    refuse_film(show)
    season = season_of(show, episode.season)
    if season is not None and season.numbers is not None and episode.number not in season.numbers:
        raise Refused(too_far(show, season), f"`watchlist edit {shell_word(show.id)}` changes it")


def _rewatched_times(show: Show) -> set[tuple[int, Episode]]:
    """Return a (rewatch number, episode) pair for each episode of each rewatch."""
    return {(number, episode) for turn in turns(show) for episode, number in turn.episodes.items() if number}


def skipped_episodes(show: Show) -> set[Episode]:
    """Return the episodes that were skipped on purpose."""
    return {Episode(season.number, number) for season in show.seasons for number in season.skipped}


def _with_watched(show: Show, episodes: Iterable[Episode]) -> Show:
    for number, group in groupby(episodes, lambda episode: episode.season):
        new = frozenset(episode.number for episode in group)
        show = _with_season(show, number, partial(_seen, new))
    return show


def _seen(numbers: frozenset[int], season: Season) -> Season:
    return season._replace(watched=tuple(sorted(numbers.union(season.watched))))


def _with_number(numbers: tuple[int, ...], number: int) -> tuple[int, ...]:
    return tuple(sorted({*numbers, number}))


def _with_season(show: Show, number: int, change: Callable[[Season], Season]) -> Show:
    """Return the show with the season `number` replaced by `change(season)`. A missing season is created first."""
    seasons = list(show.seasons)
    index = next((index for index, season in enumerate(seasons) if season.number == number), None)
    if index is None:  # insert the season before the first one with a higher number
        index = next((index for index, season in enumerate(seasons) if season.number > number), len(seasons))
        seasons.insert(index, Season(number))
    seasons[index] = change(seasons[index])
    return with_value(show, "seasons", tuple(seasons))


def _without(show: Show, episodes: Set[Episode], key: str = "watched") -> Show:
    """Return the show with these episodes removed from `watched` or `skipped` (the attribute `key`) of their seasons."""
    seasons = []
    for season in show.seasons:
        numbers = {number for season_number, number in episodes if season_number == season.number}
        rest: Any = tuple(number for number in getattr(season, key) if number not in numbers)
        seasons.append(season._replace(**{key: rest}) if numbers else season)
    return with_value(show, "seasons", tuple(seasons))


def _with_viewing(show: Show, new: Viewing) -> Show:
    """Return the show with the viewing `new` added. Viewings stay in the order of their dates.

    If the viewing before `new` differs only in its episodes, has none of them in common and has neither rating nor
    review, the new episodes are added to that viewing. They are kept in the order of logging, so that the last episode
    of a viewing is the last logged one.
    """
    rows = list(show.viewings)
    index = len(rows)
    while index > 0 and new.date and (before := rows[index - 1].date) is not None and _later(before, new.date):
        index -= 1
    last = rows[index - 1] if index else None
    alike = last is not None and new.episodes and new == last._replace(episodes=new.episodes)
    if alike and last is not None and not (last.rating or last.review):
        episodes, new_episodes = episodes_of(show, last), episodes_of(show, new)
        if episodes and not {*episodes} & {*new_episodes}:
            rows[index - 1] = last._replace(episodes=spell_names([*episodes, *new_episodes]))
            return with_value(show, "viewings", tuple(rows))
    rows.insert(index, new)
    return with_value(show, "viewings", tuple(rows))


def _later(first: AnyDate, second: AnyDate) -> bool:
    """Return True if `first` is after `second`. If one date is less precise, only the common part is compared."""
    a, b = first.isoformat(), second.isoformat()
    common = min(len(a), len(b))
    return bool(a[:common] > b[:common])
