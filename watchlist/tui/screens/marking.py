"""What was watched, told with care from the main screen: each episode of a show, and a viewing with all there is to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from watchlist import edits
from watchlist.fields import problem_of
from watchlist.model import Show, Viewing
from watchlist.safe import safe
from watchlist.tui.listing import Listing
from watchlist.tui.screens.counting import Counting
from watchlist.tui.widgets.message_bar import Tone
from watchlist.watching import Episode, is_series, next_to_watch

if TYPE_CHECKING:
    from watchlist.tui.screens.episodes import Episodes


class Marking(Counting):
    """The action `episodes`."""

    _episodes: Episodes | None = None  # while it is open

    @work
    async def action_episodes(self) -> None:
        """Of the show under the cursor, whichever are marked: its grid, or where it has no episodes a viewing."""
        show = self.one()
        if show is None or not self.writable():
            return
        for name in ("seasons", "viewings"):
            if problem := problem_of(show, name):
                said = f"{name} of {safe(show.title)}: {safe(problem.message)}"
                self.say(said, f"{self.key('edit_toml')} opens it", "error")
                return
        if not is_series(show) or not show.seasons:
            coming = next_to_watch(show)[0] if is_series(show) else None
            await self._ask_for_viewing(show, coming)
            return
        from watchlist.tui.screens.episodes import Episodes

        self._episodes = Episodes(
            show,
            self.today(),
            self._act,
            self.action_undo,
            self.log_viewing,
            self.config.style,
            auto_status=self.config.auto_status,
        )
        try:
            await self.app.push_screen_wait(self._episodes)
        finally:
            self._episodes = None

    def _act(self, edit: edits.Edit) -> None:
        if self.writable():
            self.change(edit)

    @work
    async def log_viewing(self, show: Show, episode: Episode) -> None:
        """Ask for a viewing of this episode, over the grid."""
        if self.writable():
            await self._ask_for_viewing(show, episode)

    async def _ask_for_viewing(self, show: Show, episode: Episode | None) -> None:
        from watchlist.tui.screens.viewing import Viewed, ViewingForm

        episodes = ((episode,) if episode else ()) if is_series(show) else None
        title = f"{episode} of {show.title}" if episode else show.title
        form = ViewingForm(title, Viewing(self.today()), episodes, self.config.style)

        def edit_of(viewed: Viewed) -> edits.Edit:
            return edits.watch([show.id], viewed.viewing, viewed.episodes, auto_status=self.config.auto_status)

        await self.fill_in(f"viewing {show.id} {episode or ''}".rstrip(), form, edit_of)

    # What is said and shown is said and shown in the grid too, while it is in front

    def say(self, text: str, hint: str = "", tone: Tone = "done") -> None:
        super().say(text, hint, tone)
        if self._episodes is not None and self._episodes.is_mounted:
            self._episodes.say(text, "", tone)

    def show(self, listing: Listing) -> None:
        super().show(listing)
        if self._episodes is not None and self._episodes.is_mounted:
            shows = listing.library.shows
            at = shows.places.get(self._episodes.id_of_show)
            self._episodes.fill(shows[at] if at is not None else None)
