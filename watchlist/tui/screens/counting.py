"""Statistics from the main screen: of what the list shows, and back to the list with the shows of a number."""

from __future__ import annotations

from textual import work

from watchlist.text import counted
from watchlist.tui.screens.picking import Picking


class Counting(Picking):
    """The action `stats`."""

    @work
    async def action_stats(self) -> None:
        from watchlist.tui.screens.statistics import StatisticsScreen

        listing = self.listing
        screen = StatisticsScreen(listing.rows, self._counted(), self.today(), self.config.style, self.library.file)
        query = await self.app.push_screen_wait(screen)
        if query:
            self.show(self.listing.with_text(self.listing.query.narrowed(query)))
            self.rows.focus()

    def _counted(self) -> str:
        """Which shows are counted: those of the view that pass the filter."""
        listing = self.listing
        where = f" in {listing.tabs[listing.view].name}" if listing.view else ""
        which = f" that match {listing.query.text}" if not listing.query.empty else ""
        return counted(len(listing.rows), "show") + where + which
