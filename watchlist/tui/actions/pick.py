"""The action that suggests shows to watch tonight."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchlist.domain.text import counted
from watchlist.tui.actions.show_from_dialog import visit

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host
    from watchlist.tui.dialogs.pick import PickState


async def pick(host: Host, place: PickState | None = None) -> None:
    """Open a dialog that suggests some of the marked or else the listed shows. `place` is a state to restore, or None."""
    from watchlist.tui.dialogs.pick import PickDialog

    shows = host.listing.library.shows
    marked = host.listing.marked_shows
    scope = counted(len(marked), "marked show") if marked else ""
    dialog = PickDialog(
        shows,
        marked or host.listing.rows,
        scope,
        today=host.today(),
        minutes=host.minutes_available,
        style=host.config.style,
        services=host.config.services,
        place=place,
    )
    id = await host.app.push_screen_wait(dialog)
    host.minutes_available = dialog.minutes
    if id is not None:
        visit(host, host.listing.showing(id), partial(pick, host, dialog.place), id)
