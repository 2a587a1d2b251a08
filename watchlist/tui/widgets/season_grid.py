"""SeasonGrid: the widget that shows all episodes of a show in a dialog, with a cursor."""

from __future__ import annotations

from rich.segment import Segment
from textual.binding import Binding
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from watchlist.domain.episodes import Episode
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.panels.episode_grid import EpisodeGrid, GridPart, episode_at
from watchlist.tui.themes import ink_of


class SeasonGrid(ScrollView, can_focus=True):
    """A grid of episodes, with one or more lines per season. Arrow keys move the cursor."""

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
        """Posted when the cursor moves to another episode, or when the show has changed."""

    def __init__(
        self, show: Show, style: DisplayStyle = STARS, *, cursor: Episode | None = None, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        grid = EpisodeGrid(show, style)
        self._grid = replace(grid, cursor=cursor if cursor in grid else grid.start)
        self._parts: list[GridPart] = []

    @property
    def cursor(self) -> Episode | None:
        """The episode under the cursor; None if the grid is empty."""
        return self._grid.cursor

    def fill(self, show: Show) -> None:
        """Show the changed show. The cursor stays on its episode or, if the episode is gone, moves to the nearest one."""
        grid = EpisodeGrid(show, self._grid.style)
        self._grid = replace(grid, cursor=grid.nearest(self.cursor or Episode(0, 0)))
        self._lay_out()
        self.refresh(layout=True)
        self.post_message(self.Moved())

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self._grid.full_width + 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._grid.parts(width - self.styles.scrollbar_size_vertical)))

    def on_mount(self) -> None:
        self._lay_out()

    def on_resize(self, event: Resize) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        width = max(1, self.size.width - (0 if self.show_vertical_scrollbar else self.styles.scrollbar_size_vertical))
        self._parts = self._grid.parts(width)
        self.virtual_size = Size(width, len(self._parts))
        self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        line = next((y for y, part in enumerate(self._parts) if part.holds(self.cursor)), 0)
        self.scroll_to_region(Region(0, line, 1, 1), animate=False, force=True)

    # Walking

    def go_to(self, episode: Episode | None) -> None:
        """Move the cursor to an episode; do nothing for None."""
        if episode is not None:
            self._grid = replace(self._grid, cursor=episode)
            self._reveal()
            self.refresh()
            self.post_message(self.Moved())

    def action_step(self, by: int) -> None:
        """Move to the next (`by` 1) or previous (`by` -1) episode, also if it is on another line or in another season."""
        if self.cursor is not None:
            self.go_to(self._grid.beside(self.cursor, by))

    def action_line(self, by: int) -> None:
        """Move the cursor `by` lines down, or up if `by` is negative, in its column. It stops at the edge of the grid."""
        if self.cursor is not None:
            there = (self._grid.below(self.cursor, n, self.virtual_size.width) for n in _nearer(by))
            self.go_to(next(filter(None, there), None))

    def action_season(self, end: int) -> None:
        """Move to the first (`end` 0) or last (`end` -1) episode of the current season."""
        if self.cursor is not None:
            self.go_to(self._grid.nearest(self.cursor._replace(number=10**9 if end else 1)))

    def action_edge(self, end: int) -> None:
        """Move to the first (`end` 0) or last (`end` -1) episode of the grid."""
        if self._parts:
            part = self._parts[end]
            self.go_to(Episode(part.season.number, part.last if end else part.first))

    def on_click(self, event: Click) -> None:
        self.go_to(episode_at(event.style))

    # Drawing

    def render_line(self, y: int) -> Strip:
        ground, width, at = self.rich_style, self.size.width, y + self.scroll_offset.y
        if not 0 <= at < len(self._parts):
            return Strip.blank(width, ground)
        if (ink := ink_of(self.app)) != self._grid.ink:
            self._grid = replace(self._grid, ink=ink)
        segments: list[Segment] = list(self._grid.line(self._parts[at], ground))
        return Strip(segments).adjust_cell_length(width, ground)


def _nearer(lines: int) -> range:
    """Return the numbers from `lines` towards 0, excluding 0: for -3, the numbers -3, -2, -1."""
    return range(lines, 0, -1 if lines > 0 else 1)
