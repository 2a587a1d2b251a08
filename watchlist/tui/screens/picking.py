"""Picking something for tonight from the main screen."""

from __future__ import annotations

from textual import work

from watchlist.text import counted
from watchlist.tui.screens.restoring import Restoring


class Picking(Restoring):
    """The action `pick`."""

    minutes_at_hand: int | None = None  # as long as the program runs

    @work
    async def action_pick(self) -> None:
        """From the marked shows, else from what a view or the filter shows."""
        from watchlist.tui.screens.tonight import Tonight

        shows = self.listing.library.shows
        among = self.marked or {show.id for show in self.listing.rows}
        said = counted(len(among), "marked show" if self.marked else "show")
        dialog = Tonight(shows, among, said, today=self.today(), minutes=self.minutes_at_hand, style=self.config.style)
        id = await self.app.push_screen_wait(dialog)
        self.minutes_at_hand = dialog.minutes
        if id is not None:
            self.show(self.listing.showing(id))
            self.rows.go_to(id)
