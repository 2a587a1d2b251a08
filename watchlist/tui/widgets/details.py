"""The details of the show under the cursor: the panels of `watchlist show`, laid out once a show and scrolled by lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from watchlist.model import Show
from watchlist.ratings import STARS, Style
from watchlist.tui.themes import ink_of
from watchlist.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from watchlist.panels.episodes import EpisodeGrid
    from watchlist.watching import Episode

PATIENCE = 0.05  # seconds between two shows that are laid out: those in between, the cursor ran over
LIMIT = 20_000  # characters of a text that are laid out
EDGES = 4  # cells of a panel that are none of its content
BELOW = 3  # lines below an episode's, about the one under the cursor


class Details(Pane):
    """A pane of panels. Its actions have the names that the list's have, so that the same keys move what has the focus.

    The episodes in it can be walked; from the first and the last line of them on, the keys scroll again.
    """

    DEFAULT_CSS = """
    Details {
        background: $surface;
        color: $foreground;
        border-left: blank;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;

        &:focus { border-left: outer $primary; }
        &.-ascii:focus { border-left: ascii $primary; }
    }
    """

    class Walking(Message):
        """The episodes are walked from now on, or no longer."""

        def __init__(self, on: bool) -> None:
            super().__init__()
            self.on = on

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._show: Show | None = None
        self._rating_style = STARS
        self._today: date | None = None
        self._strips: list[Strip] = []
        self._drawn: tuple[Show | None, Style, int, Episode | None] | None = None  # what the strips are of
        self._episode: Episode | None = None
        self._soon: Timer | None = None

    def show_details(self, show: Show | None, *, style: Style = STARS, today: date | None = None) -> None:
        """Draws a show from its top; one that has changed where it was scrolled to, as soon as the list is drawn.

        Another show is drawn a moment later, too short to be seen: the cursor's key is answered by the list first.
        """
        before, self._show, self._rating_style, self._today = self._show, show, style, today
        self.set_class(style.ascii, "-ascii")
        if self.episode is not None and (show is None or self._id_of(before) != show.id):
            self.episode = None
        if show is not None and self._id_of(before) == self._id_of(show):
            if show is not before or self._drawn is None or style != self._drawn[1]:
                self.call_after_refresh(self._draw)
        elif self._soon is None:
            self._soon = self.set_timer(PATIENCE, self._draw)

    @property
    def shown(self) -> Show | None:
        """The show that is drawn, or about to be."""
        return self._show

    # Moving: the actions are named as in COMMANDS

    def action_cursor_down(self) -> None:
        self._step(1)

    def action_cursor_up(self) -> None:
        self._step(-1)

    def action_top(self) -> None:
        self.go_to(None)
        self._scroll_by(-len(self._strips))

    def action_bottom(self) -> None:
        self.go_to(None)
        self._scroll_by(len(self._strips))

    def action_half_down(self) -> None:
        self._scroll_by(max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        self._scroll_by(-max(1, self.size.height // 2))

    def action_page_down(self) -> None:
        self._scroll_by(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        self._scroll_by(-max(1, self.size.height - 1))

    def _scroll_by(self, lines: int) -> None:
        self.scroll_to(y=round(self.scroll_y) + lines, animate=False, force=True)

    # Walking from episode to episode

    @property
    def episode(self) -> Episode | None:
        """The one under the cursor, while they are walked."""
        return self._episode

    @episode.setter
    def episode(self, episode: Episode | None) -> None:
        before, self._episode = self._episode, episode
        if (before is None) is not (episode is None):
            self.post_message(self.Walking(episode is not None))

    def walk(self, by: int) -> bool:
        """To the next episode, or the one before; a walk begins at what is to be watched next. Whether there are any."""
        grid = self._episodes()
        if grid is None or grid.start is None:
            return False
        here = self.episode
        if here is None or here not in grid:
            self.go_to(grid.start)
        else:
            self.go_to(grid.beside(here, by) or here)
        return True

    def go_to(self, episode: Episode | None) -> None:
        """Put the cursor there; None: end the walk."""
        if episode != self.episode:
            self.episode = episode
            self._draw()

    def _episodes(self) -> EpisodeGrid | None:
        from watchlist.panels.episodes import EpisodeGrid

        return EpisodeGrid(self._show, self._rating_style) if self._show is not None else None

    def _step(self, lines: int) -> None:
        """As many lines up or down among the episodes, else in the text."""
        grid = self._episodes()
        if grid is None or self.episode is None or self.episode not in grid:
            self._scroll_by(lines)
        else:
            self.go_to(grid.below(self.episode, lines, self._width - EDGES))

    def _reveal(self) -> None:
        """Scroll to the episode under the cursor, and what is said of it."""
        from watchlist.panels.episodes import episode_at

        lines = enumerate(self._strips)
        here = next((y for y, strip in lines if any(episode_at(part.style) == self.episode for part in strip)), None)
        if here is not None:
            top = max(round(self.scroll_y), here + BELOW - self.size.height + 1)
            self.scroll_to(y=min(top, here), animate=False, force=True)

    def on_blur(self) -> None:
        self.go_to(None)

    def on_click(self, event: Click) -> None:
        from watchlist.panels.episodes import episode_at

        if (episode := episode_at(event.style)) is not None:
            self.go_to(episode)

    # Drawing

    def on_resize(self) -> None:
        self._draw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._drawn is not None:
            self._drawn = None
            self._draw()

    def _draw(self) -> None:
        """Lays the panels out in the width of the pane, where that is not done already and the pane can be seen."""
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        width = self._width
        wanted = (self._show, self._rating_style, width, self.episode)
        if not width or self._drawn == wanted:
            return
        other = self._drawn is None or self._id_of(self._drawn[0]) != self._id_of(self._show)
        self._drawn = wanted
        self._strips = self._lay_out(width)
        self.measured(Size(width, len(self._strips)))
        self.scroll_to(y=0 if other else self.scroll_y, animate=False, force=True)
        if self.episode is not None:
            self._reveal()
        self.refresh()

    @property
    def _width(self) -> int:
        """Cells beside the scroll bar."""
        return max(0, self.size.width - self.scrollbar_size_vertical)

    @staticmethod
    def _id_of(show: Show | None) -> str | None:
        return show.id if show is not None else None

    def _lay_out(self, width: int) -> list[Strip]:
        if self._show is None:
            return []
        from watchlist.panels import card  # not above: what it is made of would hold up the first frame of the list

        ink, style = ink_of(self.app), self._rating_style
        drawn = card(self._show, ink, style, limit=LIMIT, today=self._today, at=self.episode)
        options = self.app.console_options.update(width=width, height=None, highlight=False)
        lines = self.app.console.render_lines(drawn, options, style=self.rich_style)
        return [Strip(Segment.simplify(line)).adjust_cell_length(width, self.rich_style) for line in lines]

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._drawn is None and not self.has_focus:  # as in the first frame: nothing to put together, line by line
            return [Strip.blank(crop.width, self.rich_style)] * crop.height
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        line = round(self.scroll_y) + y
        if line < len(self._strips):
            return self._strips[line]
        return Strip.blank(self.size.width, self.rich_style)
