"""All episodes of a show, a line a season and a cell an episode, one of them under the cursor. Drawn line by line."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.binding import Binding
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from watchlist.glyphs import glyphs
from watchlist.model import Season, Show, Status
from watchlist.ratings import STARS, Style, format_rating
from watchlist.tui.themes import ink_of
from watchlist.watching import Episode, next_episode

GROUP = 5  # cells of a line come in so many, that they can be counted


class Part(NamedTuple):
    """One line: the episodes of a season from `first` to `last`; a long season takes several."""

    season: Season
    first: int
    last: int


def known(season: Season) -> int:
    """How many episodes have a cell: those there are, and where nobody knows, one more than were heard of."""
    heard = max([0, *season.watched, *season.skipped, *season.ratings, len(season.titles)])
    return max(season.episodes, heard) if season.episodes is not None else heard + 1


class SeasonGrid(ScrollView, can_focus=True):
    """Walked with the arrows; specials come last. Each cell tells by a sign whether it was watched, then its rating."""

    BINDINGS = [
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l", "step(1)", show=False),
        Binding("up,k", "line(-1)", show=False),
        Binding("down,j", "line(1)", show=False),
        Binding("pageup", "line(-5)", show=False),
        Binding("pagedown", "line(5)", show=False),
        Binding("home", "season(0)", show=False),
        Binding("end", "season(-1)", show=False),
        Binding("g", "edge(0)", show=False),
        Binding("G", "edge(-1)", show=False),
    ]
    DEFAULT_CSS = """
    SeasonGrid {
        height: auto;
        background: $surface;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        &:ansi { background: ansi_default; }
    }
    """

    class Moved(Message):
        """The cursor is on another episode, or that one has changed."""

    def __init__(self, show: Show, style: Style = STARS, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._style = style
        self._parts: list[Part] = []
        self._of(show)
        coming = next_episode(show)
        self.cursor: Episode | None = coming if coming in self else self._nearest(coming or Episode(0, 0))

    def __contains__(self, episode: Episode | None) -> bool:
        season = self._seasons.get(episode.season) if episode else None
        return season is not None and episode is not None and 1 <= episode.number <= known(season)

    def fill(self, show: Show) -> None:
        """The show as it is now; the cursor stays on its episode where that is still there."""
        self._of(show)
        if self.cursor not in self:
            self.cursor = self._nearest(self.cursor or Episode(0, 0))
        self._lay_out()
        self.refresh(layout=True)
        self.post_message(self.Moved())

    def _of(self, show: Show) -> None:
        seasons = sorted(show.seasons, key=lambda season: (season.number == 0, season.number))
        self._seasons = {season.number: season for season in seasons if known(season)}
        ratings = [format_rating(stars, self._style) for season in seasons for stars in season.ratings.values()]
        self._cell = 2 + max(map(len, ratings), default=0)  # the sign, the rating, and a gap
        self._label = 2 + max((len(f"S{number}") for number in self._seasons), default=2)

    def _nearest(self, episode: Episode) -> Episode | None:
        season = self._seasons.get(episode.season) or next(iter(self._seasons.values()), None)
        return Episode(season.number, max(1, min(episode.number, known(season)))) if season else None

    # Where what stands

    def _count(self, width: int) -> int:
        """Cells of a line in this width."""
        longest = max(map(known, self._seasons.values()), default=1)
        room = max(1, (width - self._label) // self._cell)
        return room if room >= longest or room < GROUP else room // GROUP * GROUP

    def _parts_in(self, width: int) -> list[Part]:
        step = self._count(width)
        return [
            Part(season, first, min(first + step - 1, known(season)))
            for season in self._seasons.values()
            for first in range(1, known(season) + 1, step)
        ]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        longest = max(map(known, self._seasons.values()), default=1)
        return self._label + self._cell * longest + 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._parts_in(width - self.styles.scrollbar_size_vertical)))

    def on_mount(self) -> None:
        self._lay_out()

    def on_resize(self, event: Resize) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = max(1, self.size.width - (0 if self.show_vertical_scrollbar else self.styles.scrollbar_size_vertical))
        self._parts = self._parts_in(width)
        self.virtual_size = Size(width, len(self._parts))
        self.call_after_refresh(self._reveal)

    @property
    def _line(self) -> int:
        """The line of the cursor."""
        return next((y for y, part in enumerate(self._parts) if self._is_in(self.cursor, part)), 0)

    @staticmethod
    def _is_in(episode: Episode | None, part: Part) -> bool:
        return (
            episode is not None and part.season.number == episode.season and part.first <= episode.number <= part.last
        )

    def _reveal(self) -> None:
        self.scroll_to_region(Region(0, self._line, 1, 1), animate=False, force=True)

    # Walking

    def go_to(self, episode: Episode) -> None:
        self.cursor = episode
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def action_step(self, by: int) -> None:
        """To the episode beside it, over the ends of lines and seasons; not over those of the grid."""
        if self.cursor is None:
            return
        season, number = self.cursor.season, self.cursor.number + by
        numbers = list(self._seasons)
        if not 1 <= number <= known(self._seasons[season]):
            at = numbers.index(season) + by
            if not 0 <= at < len(numbers):
                return
            season = numbers[at]
            number = 1 if by > 0 else known(self._seasons[season])
        self.go_to(Episode(season, number))

    def action_line(self, by: int) -> None:
        """As many lines up or down, as far left or right as it was."""
        if self.cursor is not None and self._parts:
            here = self._line
            part = self._parts[max(0, min(len(self._parts) - 1, here + by))]
            column = self.cursor.number - self._parts[here].first
            self.go_to(Episode(part.season.number, min(part.first + column, part.last)))

    def action_season(self, end: int) -> None:
        if self.cursor is not None:
            number = known(self._seasons[self.cursor.season]) if end else 1
            self.go_to(self.cursor._replace(number=number))

    def action_edge(self, end: int) -> None:
        if self._parts:
            part = self._parts[end]
            self.go_to(Episode(part.season.number, part.last if end else part.first))

    def on_click(self, event: Click) -> None:
        y, column = event.y + self.scroll_offset.y, (event.x - self._label) // self._cell
        if event.x >= self._label and 0 <= y < len(self._parts):
            part = self._parts[y]
            if part.first + column <= part.last:
                self.go_to(Episode(part.season.number, part.first + column))

    # Drawing

    def render_line(self, y: int) -> Strip:
        ground, width, at = self.rich_style, self.size.width, y + self.scroll_offset.y
        if not 0 <= at < len(self._parts):
            return Strip.blank(width, ground)
        part, ink = self._parts[at], ink_of(self.app)
        begins = part.first == 1
        label = f"S{part.season.number}" if begins else str(part.first)
        tone = ink.foreground if begins and part.season.number else ink.dim
        segments = [Segment(f"{label:>{self._label - 2}}  ", ground + _styled(tone))]
        for number in range(part.first, part.last + 1):
            segments += self._drawn(part.season, number, ground)
        return Strip(segments).adjust_cell_length(width, ground)

    def _drawn(self, season: Season, number: int, ground: RichStyle) -> list[Segment]:
        """The sign of an episode and its rating, then a gap. A special is dimmed."""
        ink = ink_of(self.app)
        signs, states = glyphs(self._style), glyphs(self._style).status
        if number in season.watched:
            sign, colour = states[Status.WATCHED], ink.success
        elif number in season.skipped:
            sign, colour = states[Status.DROPPED], ink.warning
        else:
            sign, colour = signs.dot, ink.dim
        rating = season.ratings.get(number)
        heat = f"bold {ink.heat(rating)}" if rating is not None else ""
        special = "dim" if season.number == 0 else ""
        here = "bold reverse" if self.cursor == (season.number, number) else ""
        text = format_rating(rating, self._style)
        return [
            Segment(sign, ground + _styled(special, colour, here)),
            Segment(text, ground + _styled(special, heat, here)),
            Segment(" " * (self._cell - 1 - len(text)), ground),
        ]


def _styled(*words: str) -> RichStyle:
    return RichStyle.parse(" ".join(filter(None, words)))
