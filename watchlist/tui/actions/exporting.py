"""Exporting from the main screen: the dialog asks, a thread writes, and a bar shows how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from watchlist.errors import WatchlistError
from watchlist.model import Show
from watchlist.safe import safe
from watchlist.text import counted

if TYPE_CHECKING:
    from watchlist.tui.screens.export import ExportRequest, Scope
    from watchlist.tui.screens.main import MainScreen


async def export(screen: MainScreen) -> None:
    from watchlist.tui.screens.export import ExportDialog, Scope
    from watchlist.tui.screens.progress import with_progress

    shows = _scopes(screen)
    if not shows[Scope.ALL]:
        screen.say("There is nothing to export", tone="warning")
        return
    request = await screen.app.push_screen_wait(ExportDialog(shows, screen.library.file, style=screen.config.style))
    if request is None:
        return
    some = shows[request.scope]
    try:
        await with_progress(screen.app, "Exporting", len(some), _writing(screen, request, some))
    except WatchlistError as error:
        screen.say(error.message, error.hint, "error")
    else:
        screen.say(f"{counted(len(some), 'show')} written to {safe(request.path)}")


def _scopes(screen: MainScreen) -> dict[Scope, Sequence[Show]]:
    """The shows of each scope, the likeliest first: the marked ones, what a view or filter shows, all."""
    from watchlist.tui.screens.export import Scope

    library = screen.listing.library
    marked = [show for show in library.shows if show.id in screen.marked]
    shown = screen.listing.rows if len(screen.listing.rows) < len(library.shows) else ()
    return {Scope.MARKED: marked, Scope.SHOWN: shown, Scope.ALL: library.shows}


def _writing(
    screen: MainScreen, request: ExportRequest, shows: Sequence[Show]
) -> Callable[[Callable[[int], None]], None]:
    from watchlist.exporting import export_to, target
    from watchlist.formats import WriteOptions

    def write(reach: Callable[[int], None]) -> None:
        path = target(request.path, screen.library.file, force=request.force)
        export_to(path, request.format, shows, WriteOptions(screen.config.style, progress=reach))

    return write
