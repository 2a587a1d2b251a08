"""The grid of a show's episodes, one line per season and one cell per episode, for the panels and the episodes dialog."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style as RichStyle

from watchlist.domain.episodes import Episode, seasons_of
from watchlist.domain.frozen import Frozen
from watchlist.domain.glyphs import glyphs, status_glyph
from watchlist.domain.model import Season, Show, Status
from watchlist.domain.ratings import DisplayStyle, format_rating
from watchlist.domain.watch_progress import next_episode
from watchlist.panels.styles import PLAIN, Styles

GROUP = 5  # a wrapped line has a multiple of this many cells, so that episodes are easy to count
GAP = 2  # cells between a label and the episodes


class GridPart(NamedTuple):
    """A line of the grid: the episodes of a season from `first` to `last`. `label` is the text before the line."""

    season: Season
    first: int
    last: int
    label: str

    def holds(self, episode: Episode | None) -> bool:
        """Return True if an episode is on this line; False for None."""
        return (
            episode is not None and self.season.number == episode.season and self.first <= episode.number <= self.last
        )


def cells(season: Season) -> range:
    """Return the range of those episode numbers of a season that are drawn in the grid.

    The range covers the listed episodes and all that were watched, skipped or rated, or have a title or an air date.
    If the length of the season is unknown, one more episode is added.
    """
    mentioned = [*season.watched, *season.skipped, *season.ratings]
    if listed := max(len(season.titles), len(season.aired)):
        mentioned.append(season.start + listed - 1)
    last = max([season.start - 1, *mentioned])
    last = last + 1 if season.numbers is None else max(last, season.numbers.stop - 1)
    return range(min([season.start, *mentioned]), last + 1)


class EpisodeGrid(Frozen):
    """The episodes of a show as a Rich renderable: one or more lines for each season, specials last.

    Each cell has a symbol (watched, skipped or neither) and the rating. `style` is the scale of ratings, and whether
    only ASCII symbols are drawn; `ink` has the Rich styles to draw with. The cell of `cursor` (or None) is bold and
    reversed, and `details` are drawn below its line. `episode_at` reads the episode of a cell from its Rich style.
    """

    __slots__ = ("__dict__",)  # for the cached properties
    show: Show
    style: DisplayStyle
    ink: Styles = PLAIN
    cursor: Episode | None = None
    details: RenderableType | None = None

    @cached_property
    def seasons(self) -> dict[int, Season]:
        """The seasons with at least one cell, by season number."""
        return {season.number: season for season in seasons_of(self.show) if cells(season)}

    @cached_property
    def numbers(self) -> dict[int, range]:
        """The episode numbers with a cell, by season number."""
        return {number: cells(season) for number, season in self.seasons.items()}

    @cached_property
    def _states(self) -> dict[int, tuple[frozenset[int], frozenset[int]]]:
        """(Watched episode numbers, skipped episode numbers) by season number, as sets, which are fast to search."""
        return {n: (frozenset(season.watched), frozenset(season.skipped)) for n, season in self.seasons.items()}

    def __contains__(self, episode: Episode | None) -> bool:
        return episode is not None and episode.number in self.numbers.get(episode.season, ())

    @property
    def start(self) -> Episode | None:
        """The episode on which the cursor starts: the next to watch, or a near one with a cell; None in an empty grid."""
        return self.nearest(next_episode(self.show) or Episode(0, 0))

    def nearest(self, episode: Episode) -> Episode | None:
        """Return `episode` or, if it has no cell, the nearest episode that has one; None if the grid is empty."""
        season = episode.season if episode.season in self.numbers else next(iter(self.numbers), None)
        if season is None:
            return None
        numbers = self.numbers[season]
        return Episode(season, max(numbers.start, min(episode.number, numbers.stop - 1)))

    # Layout: widths in cells

    @cached_property
    def cell(self) -> int:
        """The width of a cell of the grid in terminal cells: symbol, rating and gap."""
        seasons = self.seasons.values()
        ratings = (format_rating(stars, self.style) for season in seasons for stars in season.ratings.values())
        return 2 + max(map(len, ratings), default=0)

    @cached_property
    def _longest(self) -> int:
        """The number of cells in the longest season."""
        return max(map(len, self.numbers.values()), default=1)

    def _label_width(self, *, wrapped: bool) -> int:
        """Return the width in cells of the widest label.

        The first line of a season is labeled e.g. `S1`. If seasons are `wrapped`, their other lines are labeled with
        the number of their first episode.
        """
        names = max((len(f"S{number}") for number in self.numbers), default=0)
        return max(names, *(len(str(n.stop - 1)) for n in self.numbers.values())) if wrapped and self.numbers else names

    @property
    def full_width(self) -> int:
        """The width, in terminal cells, at which every season fits on one line."""
        return self._label_width(wrapped=False) + GAP + self.cell * self._longest

    def parts(self, width: int) -> list[GridPart]:
        """Return the lines of a grid that is `width` terminal cells wide."""
        wrapped = self.full_width > width
        label = self._label_width(wrapped=wrapped)
        room = max(1, (width - label - GAP) // self.cell)
        step = self._longest if not wrapped else room if room < GROUP else room // GROUP * GROUP
        return [
            GridPart(
                self.seasons[number],
                first,
                min(first + step, numbers.stop) - 1,
                f"{f'S{number}' if first == numbers.start else first:>{label}}",
            )
            for number, numbers in self.numbers.items()
            for first in numbers[::step]
        ]

    # Walking

    def beside(self, episode: Episode, by: int) -> Episode | None:
        """Return the episode after (`by` 1) or before (`by` -1) `episode`, across seasons; None at the ends of the grid."""
        season, number = episode.season, episode.number + by
        if number in self.numbers[season]:
            return Episode(season, number)
        seasons = list(self.numbers)
        index = seasons.index(season) + by
        if not 0 <= index < len(seasons):
            return None
        return Episode(seasons[index], self.numbers[seasons[index]][0 if by > 0 else -1])

    def below(self, episode: Episode, lines: int, width: int) -> Episode | None:
        """Return the episode `lines` lines below `episode` in the same column, or above if `lines` is negative.

        Returns None if there is no such line. `width` is the width of the grid in terminal cells.
        """
        parts = self.parts(width)
        index = next(place for place, part in enumerate(parts) if part.holds(episode))
        if not 0 <= index + lines < len(parts):
            return None
        part = parts[index + lines]
        return Episode(part.season.number, min(part.first + episode.number - parts[index].first, part.last))

    # Drawing

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in self.parts(options.max_width):
            yield from self.line(part)
            yield Segment.line()
            if self.details is not None and part.holds(self.cursor):
                yield Padding(self.details, (0, 0, 0, len(part.label) + GAP))

    def line(self, part: GridPart, ground: RichStyle | None = None) -> Iterator[Segment]:
        """Yield the segments of the line `part`. `ground` is the style of its background; None for no background."""
        ground = ground or RichStyle.null()
        tone = self.ink.foreground if part.season.number and part.label.lstrip().startswith("S") else self.ink.dim
        yield Segment(part.label + " " * GAP, ground + _styled(tone))
        for number in range(part.first, part.last + 1):
            gap = self.cell - 1 if number < part.last else 0
            yield from self._cell_segments(part.season, number, gap, ground)

    def _cell_segments(self, season: Season, number: int, room: int, ground: RichStyle) -> Iterator[Segment]:
        """Yield an episode's symbol, then its rating padded to `room` terminal cells, on the background `ground`."""
        symbols, ink = glyphs(self.style), self.ink
        watched, skipped = self._states[season.number]
        if number in watched:
            sign, color = status_glyph(Status.WATCHED, self.style), ink.success
        elif number in skipped:
            sign, color = status_glyph(Status.DROPPED, self.style), ink.warning
        else:
            sign, color = symbols.dot, ink.dim
        rating = season.ratings.get(number)
        text = format_rating(rating, self.style)
        heat = f"bold {ink.heat(rating)}" if rating is not None else ""
        special = "dim" if season.number == 0 else ""
        cursor_style = "bold reverse" if self.cursor == (season.number, number) else ""
        cell = RichStyle.from_meta({"episode": (season.number, number)})
        yield Segment(sign, ground + _styled(special, color, cursor_style) + cell)
        if text:
            yield Segment(text, ground + _styled(special, heat, cursor_style) + cell)
        if room > len(text):
            yield Segment(" " * (room - len(text)), ground + cell)  # clicks next to the symbol count for the episode


def episode_at(style: RichStyle | None) -> Episode | None:
    """Return the episode stored in the style of a drawn cell; None for None and for any other style."""
    episode = style.meta.get("episode") if style is not None and style.meta else None
    return Episode(*episode) if episode else None


def _styled(*words: str) -> RichStyle:
    """Return the Rich style made of some words, e.g. `bold` and `red`. Empty words are ignored."""
    return RichStyle.parse(" ".join(filter(None, words)))
