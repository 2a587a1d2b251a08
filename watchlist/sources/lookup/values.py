"""Converts values of an untrusted answer to values of fields.

Each function takes any JSON value and returns a valid value of a field; what is missing, has the wrong type or is out of
range becomes the empty value. Text loses control characters and bidi overrides and is cut to a sensible length.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from watchlist.domain.dates import FIRST_YEAR, LAST_YEAR, PartialDate, from_iso
from watchlist.domain.model import Credit, Role, Season, Show
from watchlist.domain.numbered_episodes import episode_range
from watchlist.domain.text import MAX_EPISODES
from watchlist.sanitize import inert

MAX_LINE = 300  # characters of a title or name
MAX_TEXT = 5000  # characters of a synopsis
MAX_CAST = 50  # the first are the main cast
MAX_CREW = 30
MAX_NAMES = 20  # genres, creators, other titles
MAX_SEASON_NUMBER = 10_000
MAX_TITLES = 40_000  # of all episodes of a show
_PARAGRAPH = re.compile(r"<\s*(?:br|/p|/li|/div)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_IMDB = re.compile("tt[0-9]{7,10}")


def table(value: Any, *path: str) -> Mapping[str, Any]:
    """Return the object at `path`, keys of nested objects, in `value`; an empty one if there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def rows(value: Any, limit: int = 10_000) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a list, at most `limit`; other items are left out."""
    for item in value[:limit] if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield item


def line(value: Any, limit: int = MAX_LINE) -> str:
    """Return a text on one line without control characters; empty for other values."""
    if not isinstance(value, str):
        return ""
    return " ".join(inert(value[: 4 * limit]).split())[:limit].rstrip()


def paragraphs(value: Any) -> str:
    """Return a text of one or several lines as paragraphs with a blank line between them; empty for other values."""
    return _joined(value[: 4 * MAX_TEXT].splitlines()) if isinstance(value, str) else ""


def html_paragraphs(value: Any) -> str:
    """Return a text with HTML tags and entities as plain paragraphs; empty for other values."""
    if not isinstance(value, str):
        return ""
    text = html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n\n", value[: 4 * MAX_TEXT])))
    return _joined(re.split(r"\n\s*\n", text))


def _joined(parts: Iterable[str]) -> str:
    text = "\n\n".join(filter(None, (" ".join(inert(part).split()) for part in parts)))
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1].rstrip() + "…"


def whole(value: Any, low: int, high: int) -> int | None:
    """Return a whole number, or the text of one, from `low` to `high`; None for other values."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None


def minutes(value: Any) -> int | None:
    """Return a runtime in minutes; None for other values."""
    return whole(value, 1, 10_000)


def id_number(value: Any) -> int | None:
    """Return the id of a show as a number; None for other values."""
    return whole(value, 1, 10**12)


def imdb_id(value: Any) -> str | None:
    """Return an id of IMDb such as `tt0113277`; None for other values."""
    return value if isinstance(value, str) and _IMDB.fullmatch(value) else None


def day(value: Any) -> date | None:
    """Return a day such as `2022-06-14`, which may be followed by a time; None for other values."""
    moment = day_or_part(value[:10]) if isinstance(value, str) else None
    return moment if isinstance(moment, date) else None


def day_or_part(value: Any) -> date | PartialDate | None:
    """Return a day, month or year such as `2022-06-14`, `2022-06` or `2022`; None for other values."""
    try:
        moment = from_iso(value) if isinstance(value, str) and value.isascii() else None
    except ValueError:
        return None
    return moment if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def year(value: Any) -> int | None:
    """Return a year; None for other values."""
    return whole(value, FIRST_YEAR, LAST_YEAR)


def address(value: Any, site: str) -> str:
    """Return a web address that begins with `site`; empty for other values."""
    ok = isinstance(value, str) and len(value) < 500 and re.fullmatch(r"[!-~]+", value) and value.startswith(site)
    return value if ok else ""


def names(values: Iterable[Any], limit: int = MAX_NAMES) -> tuple[str, ...]:
    """Return the texts among `values`, each once, at most `limit`."""
    found: dict[str, None] = {}
    for value in values if not isinstance(values, (str, Mapping)) else ():
        if text := line(value):
            found.setdefault(text)
        if len(found) == limit:
            break
    return tuple(found)


def texts(value: Any) -> Sequence[Any]:
    """Return a list of an answer; an empty one for other values."""
    return value[:1000] if isinstance(value, list) else ()


def ids(**values: str | int | None) -> Mapping[str, str | int]:
    """Return the ids that are known, by service."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def cast(pairs: Iterable[tuple[str, str]]) -> tuple[Role, ...]:
    """Return the cast from (actor, role) pairs. An actor with several roles gets one row, e.g. `Abe / Ben`."""
    return tuple(Role(name, roles) for name, roles in _by_name(pairs, MAX_CAST))


def crew(pairs: Iterable[tuple[str, str]]) -> tuple[Credit, ...]:
    """Return the crew from (name, job) pairs. A person with several jobs gets one row, e.g. `Writer / Director`."""
    return tuple(Credit(name, jobs) for name, jobs in _by_name(pairs, MAX_CREW))


def _by_name(pairs: Iterable[tuple[str, str]], limit: int) -> Iterator[tuple[str, str]]:
    by_name: dict[str, dict[str, None]] = {}
    for name, part in pairs:
        if name in by_name or len(by_name) < limit:
            parts = by_name.setdefault(name, {})
            if part and len(parts) < 4:
                parts.setdefault(part)
    return ((name, " / ".join(parts)) for name, parts in by_name.items() if name)


def seasons(
    episodes: Mapping[int, Mapping[int, tuple[str, date | None]]], lengths: Mapping[int, int | None]
) -> tuple[Season, ...]:
    """Return the seasons of a show, sorted by number. A season of which nothing but the number is known is left out.

    Args:
        episodes: For each season, (title, day of first showing) by the number of the episode.
        lengths: The planned number of episodes of each season; None if unknown.
    """
    made, room, last = [], MAX_TITLES, 0
    for number in sorted(episodes.keys() | lengths.keys()):
        known = {n: row for n, row in episodes.get(number, {}).items() if 1 <= n <= MAX_EPISODES}
        season = _season(number, known, lengths.get(number), last, room)
        last = season.start + (season.episodes or 0) - 1 if season is not None and number else 0
        if season is not None:
            made.append(season)
            room -= len(season.titles)
    return tuple(made)


def _season(
    number: int, episodes: Mapping[int, tuple[str, date | None]], length: int | None, before: int, room: int
) -> Season | None:
    """Return a season; None if nothing is known but its number. With more than `room` episodes, it has no titles.

    `before` is the last number of the season before; some services continue counting from there.
    """
    span = episode_range(episodes, before, length)
    if not span:
        return Season(number, episodes=length) if length else None
    made = Season(number, episodes=max(length or 0, len(span)), first=span[0] if span[0] > 1 else None)
    if len(span) > room:
        return made
    listed = [episodes.get(episode, ("", None)) for episode in span]
    titles, days = tuple(title for title, _ in listed), tuple(day for _, day in listed)
    return made._replace(titles=titles if any(titles) else (), aired=days if any(days) else ())


def show(title: str, **fields: Any) -> Show:
    """Return a show without an id. `title` must not be empty. The year is that of the premiere unless it is given."""
    premiered = fields.get("premiered")
    if fields.get("year") is None and premiered is not None:
        fields["year"] = premiered.year
    return Show("", title, **fields)
