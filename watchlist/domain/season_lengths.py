"""The lengths of seasons as one line of text: `10, 8, 8` or `S1 10, S2 8, S0 2`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from watchlist.domain.model import Season
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.domain.text import MAX_EPISODES
from watchlist.sanitize import safe

MAX_SEASON = 10_000  # the highest season number
MAX_REPEATED = 100  # maximum number of seasons in one item such as `3x10` or `S1-S3 10`
EXAMPLE = "10, 8, 8 or S1 10, S2 8, S0 2"
_GAP = re.compile(r"^\s*,|,\s*,")  # a comma without a length before it
_QUOTED_CHARS = 20  # of an invalid text in a message


class SeasonLengths(tuple[Season, ...]):
    """Seasons with a number and a length, as typed. They do not replace the rows of a show, but change their lengths.

    `leading` is the number of seasons before the first one that was typed with its number, e.g. 2 for `10, 8, S0 2`.
    """

    leading: int

    def __new__(cls, seasons: Iterable[Season] = (), leading: int = 0) -> SeasonLengths:
        lengths = super().__new__(cls, seasons)
        lengths.leading = leading
        return lengths

    @property
    def is_named(self) -> bool:
        """True if any season was typed with its number."""
        return self.leading < len(self)


def as_stored(value: Any) -> Any:
    """Return a typed value as it is stored in a show: lengths of seasons become plain rows."""
    return tuple(value) if isinstance(value, SeasonLengths) else value


class Seasons(Records):
    """The type of the field `seasons`, whose rows are typed as the lengths of the seasons, or as JSON."""

    def parse(self, text: str, style: DisplayStyle = STARS) -> tuple[Season, ...]:
        if text and not text.strip():
            raise ValueError("a blank is not a number of episodes; an empty text removes all seasons")
        return super().parse(text, style) if text.lstrip().startswith("[") else parse_season_lengths(text)

    def brief(self, value: tuple[Season, ...], style: DisplayStyle = STARS) -> str:
        return format_season_lengths(value)

    def with_items(self, value: tuple[Season, ...], items: tuple[Season, ...]) -> tuple[Season, ...]:
        """Return `value` with `items` added. Lengths that were typed without numbers belong to the seasons after the last."""
        if isinstance(items, SeasonLengths):
            last = max((season.number for season in value), default=0)
            moved = (
                season._replace(number=season.number + last) if index < items.leading else season
                for index, season in enumerate(items)
            )
            items = tuple(moved)
            if items and max(season.number for season in items) > MAX_SEASON:
                raise ValueError(f"the highest number of a season is {MAX_SEASON:,}")
            known = {season.number for season in value}
            for season in items:
                if season.number in known:
                    raise ValueError(f"season {season.number} is on the list already; = with all lengths changes it")
        return super().with_items(value, items)


def lengths_of(seasons: Iterable[Season]) -> dict[int, int | None]:
    """Return the length of each season by number, None if unknown; specials last. Of several rows, the longest counts."""
    lengths: dict[int, int | None] = {}
    for season in sorted(seasons, key=lambda season: (season.number == 0, season.number)):
        known = [length for length in (lengths.get(season.number), season.episodes) if length is not None]
        lengths[season.number] = max(known, default=None)
    return lengths


def format_season_lengths(seasons: Iterable[Season]) -> str:
    """Return the lengths of seasons as text, `?` if unknown: `10, 8, ?`.

    The text names the seasons if their numbers are not 1, 2, and so on: `S1 10, S2 8, S0 2`.
    """
    lengths = lengths_of(seasons)
    plain = list(lengths) == list(range(1, len(lengths) + 1))
    return ", ".join(
        ("" if plain else f"S{number} ") + ("?" if length is None else str(length))
        for number, length in lengths.items()
    )


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns (season, length, separator, digits with commas that may be one number: `10,000`).

    They are compiled when first needed, which saves time at start.
    """
    number = r"s(?:easons?)?\.?\s*(?P<first>\d{1,9}+)(?:\s*[-–]\s*(?:s(?:eason)?\.?\s*)?(?P<last>\d{1,9}+))?"
    named = rf"(?:{number}|specials?)(?:\s*[:=]\s*|\s+)"
    times = r"(?:(?P<times>\d{1,9}+)\s*[x×*]\s*)?"
    length = r"(?:(?P<length>\d{1,9}+)|\?|unknown)(?:\s*(?:episodes?|eps?)\.?)?(?=[\s,;+/&]|$)"
    flags = re.IGNORECASE | re.ASCII
    return (
        re.compile(rf"{named}|(?P<plain>\d{{1,9}}+)\s*[:=]\s*", flags),
        re.compile(times + length, flags),
        re.compile(r"(?:[\s,;+/&]|and\b)*", flags),
        re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d|\s*[x×*:=])", flags),
    )


def parse_season_lengths(text: str) -> SeasonLengths:
    """Parse the lengths of seasons: `10, 8, ?`, `S1 10, S0 2`, `3x10`, `season 1: 10 episodes`, `S1-S3 10`.

    A length without a season belongs to the season after the one before it. `?` and `unknown` stand for an unknown
    length. A blank text names no season.

    Raises:
        ValueError: A part of the text is not a length, is missing between two commas, or may be one number or two
            (`10,000`); a number is 0 or too high; or a season occurs twice.
    """
    if _GAP.search(text):
        raise ValueError(f"a length is missing beside a comma; ? if unknown, e.g. {EXAMPLE}")
    lengths: dict[int, int | None] = {}
    leading, previous, is_leading = 0, 0, True
    for season, length in _items(text.translate({ord("("): " ", ord(")"): " "})):
        times = int(length["times"] or 1)
        if season is None:
            first, last = previous + 1, previous + times
        else:
            first = int(season["first"] or season["plain"] or 0)
            last = int(season["last"] or first + times - 1)
        is_leading = is_leading and season is None
        if not first <= last < first + MAX_REPEATED or (times != 1 and last - first + 1 != times):
            raise ValueError(f'"{safe((season[0] if season else "") + length[0])}" is not a number of seasons')
        if last > MAX_SEASON:
            raise ValueError(f"the highest number of a season is {MAX_SEASON:,}")
        episodes = _episodes(length)
        for previous in range(first, last + 1):
            if previous in lengths:
                raise ValueError(f"season {previous} is listed twice")
            lengths[previous] = episodes
        leading = len(lengths) if is_leading else leading
    return SeasonLengths((Season(number, length) for number, length in lengths.items()), leading)


def _items(text: str) -> Iterator[tuple[re.Match[str] | None, re.Match[str]]]:
    """Yield (match of a season, or None if it is not named; match of its length) for each item of a text.

    Raises:
        ValueError: A part of the text is no such item, or may be one number or two.
    """
    season_pattern, length_pattern, separator, grouped = _patterns()
    if match := grouped.search(text):
        one, several = match[0].replace(",", ""), match[0].replace(",", ", ")
        raise ValueError(f'"{_quoted(match[0])}" is not clear: write {_quoted(one)} or {_quoted(several)}')
    position = _end(separator, text, 0)
    while position < len(text):
        season = season_pattern.match(text, position)
        length = length_pattern.match(text, season.end() if season is not None else position)
        if length is None:
            part = re.split(r"[\s,;+/&]", text[position : position + _QUOTED_CHARS + 1])[0][:_QUOTED_CHARS]
            raise ValueError(f'"{safe(part)}" is not a number of episodes; e.g. {EXAMPLE}')
        yield season, length
        position = _end(separator, text, length.end())


def _quoted(text: str) -> str:
    """Return a part of a text for a message, shortened if it is long."""
    return text if len(text) <= _QUOTED_CHARS else text[: _QUOTED_CHARS - 1] + "…"


def _end(separator: re.Pattern[str], text: str, position: int) -> int:
    """Return the index of the first character at or after `position` that is not part of a separator."""
    match = separator.match(text, position)
    return match.end() if match is not None else position


def _episodes(length: re.Match[str]) -> int | None:
    """Return the number of episodes in the match of a length; None if unknown. Raise ValueError if it is 0 or too high."""
    if length["length"] is None:
        return None
    count = int(length["length"])
    if not count:  # it can only be in rows
        raise ValueError("a season has at least 1 episode; ? if unknown")
    if count > MAX_EPISODES:
        raise ValueError(f"{count:,} is not a number of episodes; a season has {MAX_EPISODES:,} at most")
    return count
