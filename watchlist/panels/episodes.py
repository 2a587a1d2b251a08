"""The episodes of a show as a grid, a line a season and a cell an episode: in the panels, and where it is walked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style as RichStyle

from watchlist.glyphs import glyphs
from watchlist.model import Season, Show, Status
from watchlist.panels.ink import PLAIN, Ink
from watchlist.ratings import Style, format_rating
from watchlist.watching import Episode, next_episode

GROUP = 5  # cells of a line come in so many, that they can be counted


class Part(NamedTuple):
    """One line: the episodes of a season from `first` to `last`; a long season takes several."""

    season: Season
    first: int
    last: int

    def holds(self, episode: Episode | None) -> bool:
        return (
            episode is not None and self.season.number == episode.season and self.first <= episode.number <= self.last
        )


def known(season: Season) -> int:
    """How many episodes have a cell: those there are, and where nobody knows, one more than were heard of."""
    heard = max([0, *season.watched, *season.skipped, *season.ratings, len(season.titles)])
    return max(season.episodes, heard) if season.episodes is not None else heard + 1


@dataclass(frozen=True)
class EpisodeGrid:
    """Each cell tells by a sign whether the episode was watched, then its rating; specials come last.

    Where it stands, `cursor` is told by more than a colour, and below its line is what is `said` of it. Each cell
    has its episode in the meta of its style.
    """

    show: Show
    style: Style
    ink: Ink = PLAIN
    cursor: Episode | None = None
    said: RenderableType | None = None

    @cached_property
    def seasons(self) -> dict[int, Season]:
        """Those that have a cell, by their number."""
        found = sorted(self.show.seasons, key=lambda season: (season.number == 0, season.number))
        return {season.number: season for season in found if known(season)}

    def __contains__(self, episode: Episode | None) -> bool:
        season = self.seasons.get(episode.season) if episode else None
        return season is not None and episode is not None and 1 <= episode.number <= known(season)

    @property
    def start(self) -> Episode | None:
        """Where a walk begins: at what comes next."""
        return self.nearest(next_episode(self.show) or Episode(0, 0))

    def nearest(self, episode: Episode) -> Episode | None:
        """The episode itself where it has a cell, else one near it; None where there are none at all."""
        season = self.seasons.get(episode.season) or next(iter(self.seasons.values()), None)
        return Episode(season.number, max(1, min(episode.number, known(season)))) if season else None

    # Where what stands, in cells

    @cached_property
    def label(self) -> int:
        """How wide the names of the seasons are, with the gap behind them."""
        return 2 + max((len(f"S{number}") for number in self.seasons), default=2)

    @cached_property
    def cell(self) -> int:
        """How wide an episode is: its sign, its rating, and a gap."""
        seasons = self.seasons.values()
        ratings = (format_rating(stars, self.style) for season in seasons for stars in season.ratings.values())
        return 2 + max(map(len, ratings), default=0)

    @property
    def widest(self) -> int:
        """The width in which no season takes a second line."""
        return self.label + self.cell * max(map(known, self.seasons.values()), default=1)

    def parts(self, width: int) -> list[Part]:
        """The lines in this width."""
        longest = max(map(known, self.seasons.values()), default=1)
        room = max(1, (width - self.label) // self.cell)
        step = room if room >= longest or room < GROUP else room // GROUP * GROUP
        return [
            Part(season, first, min(first + step - 1, known(season)))
            for season in self.seasons.values()
            for first in range(1, known(season) + 1, step)
        ]

    # Walking

    def beside(self, episode: Episode, by: int) -> Episode | None:
        """The next one, or the one before, over the ends of seasons; None at those of the grid."""
        season, number = episode.season, episode.number + by
        if 1 <= number <= known(self.seasons[season]):
            return Episode(season, number)
        numbers = list(self.seasons)
        at = numbers.index(season) + by
        if not 0 <= at < len(numbers):
            return None
        return Episode(numbers[at], 1 if by > 0 else known(self.seasons[numbers[at]]))

    def below(self, episode: Episode, lines: int, width: int) -> Episode | None:
        """So many lines down, or up, as far from the left as it was; None where there is no such line."""
        parts = self.parts(width)
        here = next(at for at, part in enumerate(parts) if part.holds(episode))
        if not 0 <= here + lines < len(parts):
            return None
        part = parts[here + lines]
        return Episode(part.season.number, min(part.first + episode.number - parts[here].first, part.last))

    # Drawing

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in self.parts(options.max_width):
            yield from self.line(part)
            yield Segment.line()
            if self.said is not None and part.holds(self.cursor):
                yield Padding(self.said, (0, 0, 0, self.label))

    def line(self, part: Part, ground: RichStyle | None = None) -> Iterator[Segment]:
        """One line of it, on a ground."""
        ground, begins = ground or RichStyle.null(), part.first == 1
        label = f"S{part.season.number}" if begins else str(part.first)
        tone = self.ink.foreground if begins and part.season.number else self.ink.dim
        yield Segment(f"{label:>{self.label - 2}}  ", ground + _styled(tone))
        for number in range(part.first, part.last + 1):
            gap = self.cell - 1 if number < part.last else 0
            yield from self._drawn(part.season, number, gap, ground)

    def _drawn(self, season: Season, number: int, room: int, ground: RichStyle) -> Iterator[Segment]:
        """The sign of an episode and its rating, then a gap. A special is dimmed."""
        signs, states, ink = glyphs(self.style), glyphs(self.style).status, self.ink
        if number in season.watched:
            sign, colour = states[Status.WATCHED], ink.success
        elif number in season.skipped:
            sign, colour = states[Status.DROPPED], ink.warning
        else:
            sign, colour = signs.dot, ink.dim
        rating = season.ratings.get(number)
        text = format_rating(rating, self.style)
        heat = f"bold {ink.heat(rating)}" if rating is not None else ""
        special = "dim" if season.number == 0 else ""
        here = "bold reverse" if self.cursor == (season.number, number) else ""
        cell = RichStyle.from_meta({"episode": (season.number, number)})
        yield Segment(sign, ground + _styled(special, colour, here) + cell)
        if text:
            yield Segment(text, ground + _styled(special, heat, here) + cell)
        if room > len(text):
            yield Segment(" " * (room - len(text)), ground + cell)  # who clicks beside the sign means it


def episode_at(style: RichStyle | None) -> Episode | None:
    """The episode whose cell is drawn in this style."""
    found = style.meta.get("episode") if style is not None and style.meta else None
    return Episode(*found) if found else None


def _styled(*words: str) -> RichStyle:
    return RichStyle.parse(" ".join(filter(None, words)))
