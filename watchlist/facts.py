"""What is said about a show in words, shared by the panels and the pages: lines of facts, its length, its progress.

Plain text as the user wrote it: who shows it makes it fit for where it goes.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from math import ceil

from watchlist.glyphs import glyphs
from watchlist.model import Kind, Season, Show, Status, Viewing, day
from watchlist.ratings import STARS, Style, show_rating
from watchlist.text import counted, long_date, minutes
from watchlist.watching import Episode, episodes_of, next_episode

PACE = 2  # episodes a week


def dotted(facts: Iterable[str], style: Style = STARS) -> str:
    """Facts on one line with dots between them; empty ones are left out."""
    return f" {glyphs(style).dot} ".join(fact for fact in facts if fact)


def origin(show: Show, style: Style = STARS) -> str:
    """What stands behind the title: `2025 · series · Prime Video`."""
    return dotted((str(show.year or ""), str(show.kind or ""), show.platform), style)


def extent(show: Show, style: Style = STARS) -> str:
    """What stands behind the status: `premiered 9 July 2025 · 10 × 46 min`."""
    return dotted((f"premiered {long_date(show.premiered)}" if show.premiered else "", length(show, style)), style)


def length(show: Show, style: Style = STARS) -> str:
    """`10 × 46 min`, `2 seasons · 20 × 46 min`, `1 h 40 min`."""
    runtime = minutes(show.runtime) if show.runtime else ""
    episodes = sum(season.episodes or 0 for season in show.counted_seasons)
    if not episodes:
        return f"{runtime} an episode" if runtime and show.kind is Kind.SERIES else runtime
    seasons = f"{len(show.counted_seasons)} seasons" if len(show.counted_seasons) > 1 else ""
    sign = glyphs(style).times
    return dotted((seasons, f"{episodes} {sign} {runtime}" if runtime else f"{episodes} episodes"), style)


def lines(show: Show, style: Style = STARS) -> Iterator[str]:
    """What stands below: who made it, from what, and what it is called elsewhere, a line each."""
    if kinds := dotted((", ".join(show.genres), show.language), style):
        yield kinds
    for label, names in (
        ("by ", show.creators),
        ("based on ", (show.based_on,)),
        ("related: ", show.related),
        ("also known as ", show.aka),
        ("tags: ", show.tags),
    ):
        if any(names):
            yield label + ", ".join(filter(None, names))


def due(season: Season) -> int:
    """Episodes that count: those left out on purpose don't."""
    return max(0, (season.episodes or 0) - len(season.skipped))


def progress(season: Season) -> str:
    """`4 of 10`, `4 watched` where nobody knows of how many, `4 of 9, 1 skipped`."""
    seen = f"{season.seen} of {due(season)}" if season.episodes else f"{season.seen} watched"
    return seen + (f", {len(season.skipped)} skipped" if season.skipped else "")


def remaining(show: Show, style: Style = STARS) -> str:
    """`10 episodes, 7 h 40 min left · next: S01E01 Library of Lost Souls`; empty where none is left, or nobody knows."""
    return dotted((left(show), coming(show)), style)


def left(show: Show, today: date | None = None) -> str:
    """`10 episodes, 7 h 40 min left; at two episodes a week done by 25 December 2026`, counted from `today` on."""
    if not show.left:
        return ""
    time = f", {minutes(show.minutes_left)}" if show.minutes_left else ""
    said = f"{counted(show.left, 'episode')}{time} left"
    if today is None or show.status is Status.DROPPED:
        return said
    with contextlib.suppress(OverflowError):  # after all calendars
        said += f"; at two episodes a week done by {long_date(today + timedelta(ceil(show.left * 7 / PACE)))}"
    return said


def coming(show: Show) -> str:
    """`next: S01E01 Library of Lost Souls`, as long as something is left."""
    found = next_episode(show) if show.left else None
    season = next((season for season in show.seasons if found and season.number == found.season), None)
    return f"next: {episode(season, found.number)}" if season and found else ""


def episode(season: Season, number: int) -> str:
    """`S01E05 What's Done in the Dark`, without the title where it is not known."""
    title = season.titles[number - 1] if number <= len(season.titles) else ""
    return f"S{season.number:02}E{number:02} {title}".strip()


def about_episode(show: Show, season: Season, number: int, style: Style = STARS) -> str:
    """`watched 9 July 2025, 2 times · rated 4.5`, `skipped · not rated`."""
    times = [row for row in show.viewings if Episode(season.number, number) in episodes_of(row)]
    if number in season.watched:
        said = f"watched {moment(times[-1])}".rstrip() if times else "watched"
        said += f", {counted(len(times), 'time')}" * (len(times) > 1)
    else:
        said = "skipped" if number in season.skipped else "not watched"
    rating = show_rating(season.ratings.get(number), style)
    return dotted((said, f"rated {rating}" if rating else "not rated"), style)


def moment(row: Viewing) -> str:
    """When it was: `9 July 2025 20:15`."""
    if row.date is None:
        return "on no known day"
    return long_date(day(row.date)) + (f" {row.date:%H:%M}" if isinstance(row.date, datetime) else "")


def paragraphs(text: str) -> list[str]:
    """Paragraphs without the line breaks within them, which are where the file's lines end."""
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return [part for part in parts if part]
