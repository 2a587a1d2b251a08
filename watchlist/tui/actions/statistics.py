"""The action that opens the statistics, and lists the shows behind a chosen number."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchlist.domain.text import counted
from watchlist.tui.actions.show_from_dialog import visit

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host
    from watchlist.tui.dialogs.statistics import StatisticsState


async def stats(host: Host, place: StatisticsState | None = None) -> None:
    """Open the statistics of the listed shows. `place` is the state of the dialog to restore; None for all years."""
    from watchlist.formats.export_file import OwnFiles
    from watchlist.tui.dialogs.statistics import StatisticsScreen

    config, own = host.config, OwnFiles(host.library.file, host.library.paths)
    page = StatisticsScreen(
        host.listing.rows, _counted(host), host.today(), config.style, own, config.services, place=place
    )
    query = await host.app.push_screen_wait(page)
    if query:
        narrowed = host.listing.with_text(host.listing.query.narrowed(query))
        visit(host, narrowed, partial(stats, host, page.place))


def _counted(host: Host) -> str:
    """Return a description of the listed shows, e.g. `3 shows in Planned that match genre:drama`."""
    listing = host.listing
    where = f" in {listing.tabs[listing.view].name}" if listing.view else ""
    which = f" that match {listing.query.text}" if not listing.query.empty else ""
    return counted(len(listing.rows), "show") + where + which
