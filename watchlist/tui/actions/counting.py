"""Statistics from the main screen: of what the list shows, and back to the list with the shows of a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchlist.text import counted

if TYPE_CHECKING:
    from watchlist.tui.screens.main import MainScreen


async def stats(screen: MainScreen) -> None:
    from watchlist.tui.screens.statistics import StatisticsScreen

    config, file = screen.config, screen.library.file
    page = StatisticsScreen(screen.listing.rows, _counted(screen), screen.today(), config.style, file, config.services)
    query = await screen.app.push_screen_wait(page)
    if query:
        screen.show(screen.listing.with_text(screen.listing.query.narrowed(query)))
        screen.rows.focus()


def _counted(screen: MainScreen) -> str:
    """Which shows are counted: those of the view that pass the filter."""
    listing = screen.listing
    where = f" in {listing.tabs[listing.view].name}" if listing.view else ""
    which = f" that match {listing.query.text}" if not listing.query.empty else ""
    return counted(len(listing.rows), "show") + where + which
