"""Picking something for tonight from the main screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchlist.text import counted

if TYPE_CHECKING:
    from watchlist.tui.screens.main import MainScreen


async def pick(screen: MainScreen) -> None:
    """From the marked shows, else from what a view or the filter shows."""
    from watchlist.tui.screens.tonight import Tonight

    shows = screen.listing.library.shows
    among = screen.marked or {show.id for show in screen.listing.rows}
    said = counted(len(among), "marked show" if screen.marked else "show")
    dialog = Tonight(
        shows,
        among,
        said,
        today=screen.today(),
        minutes=screen.minutes_at_hand,
        style=screen.config.style,
        services=screen.config.services,
    )
    id = await screen.app.push_screen_wait(dialog)
    screen.minutes_at_hand = dialog.minutes
    if id is not None:
        screen.show(screen.listing.showing(id))
        screen.rows.go_to(id)
