"""Short texts about a show for panels, pages, dialogs and exports: facts on one line, length, progress.

The texts contain what the user wrote, unescaped. The caller must escape them for a terminal or HTML.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from math import ceil

from watchlist.domain.dates import PartialDate, first_day, without_time
from watchlist.domain.episodes import Episode, season_of
from watchlist.domain.fields import FIELDS
from watchlist.domain.glyphs import glyphs
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.ratings import STARS, DisplayStyle, show_rating
from watchlist.domain.rewatches import turns
from watchlist.domain.source_credits import credit_of
from watchlist.domain.text import counted, long_date, minutes
from watchlist.domain.watch_progress import progress_of

EPISODES_PER_WEEK = 2  # assumed when the end of a series is predicted
# Fields that have another place in panels and on pages. Every other field, also a new one, gets a line of its own.
DRAWN_ELSEWHERE = frozenset({
    "title", "id", "kind", "year", "status", "rating", "platform", "premiered", "added", "runtime", "language", "genres",
    "url", "synopsis", "notes", "ids", "cast", "crew", "seasons", "viewings",
    "progress", "left", "minutes_left", "watched", "role", "sources",
})  # fmt: skip
# The first lines, in this order, with the words they start with. The lines of other fields follow and start with a label.
LINE_STARTS = {
    "creators": "by ", "based_on": "based on ", "related": "related: ", "aka": "also known as ", "tags": "tags: ",
}  # fmt: skip


def dotted(facts: Iterable[str], style: DisplayStyle = STARS) -> str:
    """Return facts on one line with dots between them. Empty facts are left out."""
    return f" {glyphs(style).dot} ".join(fact for fact in facts if fact)


def origin(show: Show, style: DisplayStyle = STARS) -> str:
    """Return year, kind and platform of a show as text: `2025 · series · Prime Video`."""
    return dotted((str(show.year or ""), str(show.kind or ""), show.platform), style)


def extent(show: Show, style: DisplayStyle = STARS) -> str:
    """Return release date and length of a show as text: `premiered 9 July 2025 · 10 × 46 min`."""
    return dotted((f"premiered {long_date(show.premiered)}" if show.premiered else "", length(show, style)), style)


def length(show: Show, style: DisplayStyle = STARS) -> str:
    """Return the length of a show as text: `10 × 46 min`, `2 seasons · 20 × 46 min`, `1 h 40 min`.

    If the length of a season is unknown, the text is e.g. `2 seasons · 46 min an episode`.
    """
    runtime = minutes(show.runtime) if show.runtime else ""
    progress, sign = progress_of(show), glyphs(style).times
    seasons = counted(len(progress.seasons), "season") if len(progress.seasons) > 1 else ""
    lengths = [row.season.episodes for row in progress.seasons]
    known_lengths = [length for length in lengths if length is not None]
    if len(known_lengths) < len(lengths) or not sum(known_lengths):
        each = f"{runtime} an episode" if runtime and (lengths or show.kind is Kind.SERIES) else runtime
        return dotted((seasons, each), style)
    total = sum(known_lengths)
    return dotted((seasons, f"{total:,} {sign} {runtime}" if runtime else counted(total, "episode")), style)


def lines(show: Show, style: DisplayStyle = STARS) -> Iterator[str]:
    """Yield a line with genres and language, then a line for each field that is not drawn elsewhere: `by Michael Mann`."""
    if kinds := dotted((", ".join(show.genres), show.language), style):
        yield kinds
    for name in dict.fromkeys((*LINE_STARTS, *FIELDS)):
        if name not in DRAWN_ELSEWHERE and (text := FIELDS[name].show_as(show, style)):
            yield LINE_STARTS.get(name, f"{FIELDS[name].label.lower()}: ") + text
    if show.sources:
        yield f"data: {dotted((_looked_up(name, day) for name, day in show.sources.items()), style)}"


def _looked_up(name: str, day: date | PartialDate) -> str:
    """Return the source of a look-up with its credit and its day: `TVmaze (CC BY-SA 4.0), 29 November 2026`."""
    source = credit_of(name)
    return (
        f"{source.title} ({source.credit}), {long_date(day)}" if source.credit else f"{source.title}, {long_date(day)}"
    )


def remaining(show: Show, style: DisplayStyle = STARS) -> str:
    """Return the rest of a series and its next episode as text: `10 episodes, 7 h 40 min left · next: S01E01 Pilot`.

    Returns an empty text if nothing is left, or if this is unknown.
    """
    return dotted((left(show), coming(show)), style)


def left(show: Show, today: date | None = None) -> str:
    """Return the rest of a series as text: `10 episodes, 7 h 40 min left; at two episodes a week done by 25 December 2026`.

    The last part is a prediction from `today` on, omitted if `today` is None or the show was dropped. If a season has
    an unknown length, the text is `at least 10 episodes, 7 h 40 min left`. Returns an empty text if nothing is left, or
    if this is unknown.
    """
    progress = progress_of(show)
    if not (count := progress.left):
        return ""
    time = f", {minutes(count * show.runtime)}" if show.runtime else ""
    message = f"{counted(count, 'episode')}{time} left"
    if progress.total is None:
        return f"at least {message}"
    if today is None or show.status is Status.DROPPED:
        return message
    with contextlib.suppress(OverflowError):  # a date after the year 9999
        message += (
            f"; at two episodes a week done by {long_date(today + timedelta(ceil(count * 7 / EPISODES_PER_WEEK)))}"
        )
    return message


def coming(show: Show, today: date | None = None) -> str:
    """Return the next episode as text: `next: S01E01 Pilot, aired 9 July 2025`; empty if none is left.

    `today` is the current day, or None as in `aired`.
    """
    following = progress_of(show).next
    season = season_of(show, following.season) if following is not None else None
    if season is None or following is None:
        return ""
    return ", ".join(
        filter(None, (f"next: {episode(season, following.number)}", aired(season, following.number, today)))
    )


def episode(season: Season, number: int) -> str:
    """Return the name and title of an episode: `S01E05 Pilot`, or `S01E05` if the title is unknown."""
    return f"{Episode(season.number, number)} {season.title_of(number)}".strip()


def aired(season: Season, number: int, today: date | None = None) -> str:
    """Return the air date of an episode as text: `aired 9 July 2025`; empty if unknown.

    The text is `airs 9 July 2025` if that day is after `today`, the current day. It is never if `today` is None.
    """
    when = season.aired_on(number)
    if when is None:
        return ""
    return f"{'airs' if today is not None and first_day(when) > today else 'aired'} {long_date(when)}"


def about_episode(
    show: Show, season: Season, number: int, style: DisplayStyle = STARS, today: date | None = None
) -> str:
    """Return air date, viewings and rating of an episode as text: `aired 9 July 2025 · skipped · not rated`.

    A watched episode has e.g. `watched 9 July 2025, 2 times · rated 4.5`. `today` is the current day, or None as in `aired`.
    """
    this_episode = Episode(season.number, number)
    viewings = [row for row, turn in zip(show.viewings, turns(show), strict=True) if this_episode in turn.episodes]
    if number in season.watched:
        message = f"watched {moment(_latest(viewings))}" if viewings else "watched"
        message += f", {counted(len(viewings), 'time')}" * (len(viewings) > 1)
    else:
        message = "skipped" if number in season.skipped else "not watched"
    rating = show_rating(season.ratings.get(number), style)
    return dotted((aired(season, number, today), message, f"rated {rating}" if rating else "not rated"), style)


def _latest(rows: Sequence[Viewing]) -> Viewing:
    """Return the viewing with the latest date. Among equal dates, or if all are unknown, return the last one."""
    days = [row.date.isoformat() if row.date is not None else "" for row in rows]
    return rows[max(range(len(rows)), key=lambda index: (days[index], index))]


def moment(row: Viewing) -> str:
    """Return the date of a viewing as text, with the time if known: `9 July 2025 20:15`, or `on an unknown day`."""
    if row.date is None:
        return "on an unknown day"
    return long_date(without_time(row.date)) + (f" {row.date:%H:%M}" if isinstance(row.date, datetime) else "")


def paragraphs(text: str) -> list[str]:
    """Split a text at blank lines into paragraphs, each joined to one line."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return [part for part in parts if part]
