"""Details: the pane with details of the show under the cursor, in the panels of `watchlist show`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.tui.themes import ink_of
from watchlist.tui.widgets.scroll_pane import ScrollPane

if TYPE_CHECKING:
    from rich.console import RenderableType

    from watchlist.domain.episodes import Episode
    from watchlist.panels.episode_grid import EpisodeGrid

PATIENCE = 0.03  # delay in seconds before another show is drawn, to skip shows that the cursor only passes
LIMIT = 20_000  # maximum number of characters shown of a long text
EDGES = 4  # cells used by the borders and the padding of a panel
BELOW = 3  # lines below the episode under the cursor that must stay visible


class Details(ScrollPane):
    """The scrollable details pane. Its actions have the same names as in ShowList, so that the same keys work in both.

    While the cursor is on an episode ("walking"), up and down move it; otherwise, they scroll the pane.
    """

    DEFAULT_CSS = """
    Details {
        background: $surface;
        color: $foreground;
        border-left: blank;

        &:focus { border-left: outer $primary; }
        &.-ascii:focus { border-left: ascii $primary; }
    }
    """

    class Walking(Message):
        """Posted when the cursor enters the episodes (`on` is True) or leaves them."""

        def __init__(self, on: bool) -> None:
            super().__init__()
            self.on = on

    class StarsClicked(Message):
        """Posted when a star is clicked.

        `stars` is the new rating: 4 for the fourth star, or 3.5 if the rating is 4 already.
        """

        def __init__(self, show: Show, stars: float) -> None:
            super().__init__()
            self.show = show
            self.stars = stars

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._show: Show | None = None
        self._rating_style = STARS
        self._today: date | None = None
        self._strips: list[Strip] = []
        self._drawn: tuple[Show | None, DisplayStyle, int, Episode | None] | None = None  # what `_strips` shows
        self._episode: Episode | None = None
        self._soon: Timer | None = None

    def show_details(self, show: Show | None, *, style: DisplayStyle = STARS, today: date | None = None) -> None:
        """Show the details of `show` from the top, or nothing if it is None. If it is shown already, do not scroll.

        With `today`, the progress of the show says when it may be finished. Drawing is delayed, for another show by
        PATIENCE seconds, so that the list reacts to the cursor key first.
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
        """The show that is drawn or about to be drawn; None if there is none."""
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
        """The episode under the cursor; None if the cursor is not on the episodes."""
        return self._episode

    @episode.setter
    def episode(self, episode: Episode | None) -> None:
        before, self._episode = self._episode, episode
        if (before is None) is not (episode is None):
            self.post_message(self.Walking(episode is not None))

    def walk(self, by: int) -> bool:
        """Move the cursor to the next (`by` 1) or previous (`by` -1) episode. Return False if the show has no episodes.

        If the cursor is not on an episode, it goes to the next episode to watch.
        """
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
        """Move the cursor to an episode; None takes the cursor off the episodes."""
        if episode != self.episode:
            self.episode = episode
            self._draw()

    def _episodes(self) -> EpisodeGrid | None:
        from watchlist.panels.episode_grid import EpisodeGrid

        return EpisodeGrid(self._show, self._rating_style) if self._show is not None else None

    def _step(self, lines: int) -> None:
        """Move the cursor down by `lines` lines of episodes. If the cursor is not on an episode, scroll instead."""
        grid = self._episodes()
        if grid is None or self.episode is None or self.episode not in grid:
            self._scroll_by(lines)
        else:
            self.go_to(grid.below(self.episode, lines, self.line_width - EDGES))

    def _reveal(self) -> None:
        """Scroll so that the episode under the cursor and the next BELOW lines are visible."""
        from watchlist.panels.episode_grid import episode_at

        lines = enumerate(self._strips)
        here = next((y for y, strip in lines if any(episode_at(part.style) == self.episode for part in strip)), None)
        if here is not None:
            top = max(round(self.scroll_y), here + BELOW - self.size.height + 1)
            self.scroll_to(y=min(top, here), animate=False, force=True)

    def on_blur(self) -> None:
        self.go_to(None)

    def on_click(self, event: Click) -> None:
        from watchlist.panels.episode_grid import episode_at

        if (episode := episode_at(event.style)) is not None:
            self.go_to(episode)
        elif (star := event.style.meta.get("star")) and (show := self._show) is not None and self._shows(show):
            self.post_message(self.StarsClicked(show, star - 0.5 if show.rating == star else star))

    def _shows(self, show: Show) -> bool:
        """Return True if `show` is drawn already. Drawing is delayed, so another show may still be visible."""
        return self._drawn is not None and self._drawn[0] is show

    # Drawing

    def on_resize(self) -> None:
        self._draw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._drawn is not None:
            self._drawn = None
            self._draw()

    def _draw(self) -> None:
        """Draw the panels in the width of the pane, unless they are drawn already or the pane is hidden."""
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        width = self.line_width
        wanted = (self._show, self._rating_style, width, self.episode)
        if not width or self._drawn == wanted:
            return
        other = self._drawn is None or self._id_of(self._drawn[0]) != self._id_of(self._show)
        self._drawn = wanted
        self._strips = self._lay_out(width)
        self.virtual_size = Size(width, len(self._strips))
        self.scroll_to(y=0 if other else self.scroll_y, animate=False, force=True)
        if self.episode is not None:
            self._reveal()
        self.refresh()

    @staticmethod
    def _id_of(show: Show | None) -> str | None:
        return show.id if show is not None else None

    def _lay_out(self, width: int) -> list[Strip]:
        if self._show is None:
            return []
        from watchlist.panels import card  # slow to import, and not needed for the first frame

        ink, style = ink_of(self.app), self._rating_style
        return self.strips_of(card(self._show, ink, style, limit=LIMIT, today=self._today, cursor=self.episode), width)

    def strips_of(self, drawn: RenderableType, width: int) -> list[Strip]:
        """Return the lines of a Rich renderable that is drawn in this width."""
        options = self.app.console_options.update(width=width, height=None, highlight=False)
        lines = self.app.console.render_lines(drawn, options, style=self.rich_style)
        return [Strip(Segment.simplify(line)).adjust_cell_length(width, self.rich_style) for line in lines]

    def draw_line(self, y: int) -> Strip:
        line = round(self.scroll_y) + y
        if line < len(self._strips):
            return self._strips[line]
        return Strip.blank(self.line_width, self.rich_style)
