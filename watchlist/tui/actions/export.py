"""The action that exports shows to a file, in a thread and with a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from watchlist.domain.model import Show
from watchlist.domain.text import counted
from watchlist.errors import WatchlistError
from watchlist.sanitize import safe

if TYPE_CHECKING:
    from watchlist.formats.export_file import OwnFiles
    from watchlist.tui.actions.host import Host
    from watchlist.tui.dialogs.export import ExportRequest, Scope


async def export(host: Host) -> None:
    """Open the export dialog, and write the file that the user asks for."""
    from watchlist.formats.export_file import OwnFiles
    from watchlist.tui.dialogs.export import ExportDialog, Scope
    from watchlist.tui.dialogs.progress import with_progress

    shows = _scopes(host)
    if not shows[Scope.ALL]:
        host.say("There is nothing to export", tone="warning")
        return
    own = OwnFiles(host.library.file, host.library.paths)
    request = await host.app.push_screen_wait(ExportDialog(shows, own, style=host.config.style))
    if request is None:
        return
    some = shows[request.scope]
    try:
        await with_progress(host.app, "Exporting", len(some), _writing(host, own, request, some))
    except WatchlistError as error:
        host.say(error.message, error.hint, "error")
    else:
        from watchlist.formats.export_file import left_out

        host.say(f"{counted(len(some), 'show')} written to {safe(request.path)}", left_out(request.format, some))


def _scopes(host: Host) -> dict[Scope, Sequence[Show]]:
    """Return the shows of each scope: the marked shows, the listed shows (none if all shows are listed), and all shows."""
    from watchlist.tui.dialogs.export import Scope

    library = host.listing.library
    shown = host.listing.rows if len(host.listing.rows) < len(library.shows) else ()
    return {Scope.MARKED: host.listing.marked_shows, Scope.SHOWN: shown, Scope.ALL: library.shows}


def _writing(
    host: Host, own: OwnFiles, request: ExportRequest, shows: Sequence[Show]
) -> Callable[[Callable[[int], None]], None]:
    """Return a function that writes `shows` to the file that `request` names.

    The function takes a callback, and calls it with the number of shows written so far. It raises Refused if the file
    is one of `own`, the program's own files, which an export must not replace.
    """
    from watchlist.formats import WriteOptions
    from watchlist.formats.export_file import export_to, target

    def write(reach: Callable[[int], None]) -> None:
        path = target(request.path, own, force=request.force)
        export_to(path, request.format, shows, WriteOptions(host.config.style, progress=reach))

    return write
