"""The action that opens the backups of the list file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchlist.errors import WatchlistError
from watchlist.tui.actions.run_change import execute, holding_keys
from watchlist.tui.state.store_thread import run_in_store

if TYPE_CHECKING:
    from watchlist.store.history.backups import Backup
    from watchlist.store.missing_file import LastState
    from watchlist.tui.actions.host import Host


async def backups(host: Host) -> None:
    """Open the backups dialog. Then restore the chosen backup or, if the user decides so, accept the file as the list."""
    from watchlist.tui.dialogs.backups import BackupsDialog

    library = host.library
    try:
        with holding_keys(host):  # the next keys are for the dialog
            copies, last = await run_in_store(partial(_copies, host))
    except WatchlistError as error:
        host.say(error.message, error.hint, "error")
        return
    dialog = BackupsDialog(copies, library.list_file.contents, library.doubt, host.config.style, last)
    chosen = await host.app.push_screen_wait(dialog)
    if chosen is None:
        return
    if chosen.backup is not None:
        name = str(chosen.backup.number)
        await execute(host, lambda reach: (library.restore(name),))
    else:
        await _accept(host)
    host.file.read(at_once=True)


def _copies(host: Host) -> tuple[tuple[Backup, ...], LastState | None]:
    """Return (all backups, the one to restore after damage or lost shows). The latter is None if not needed or not found."""
    library = host.library
    last = library.guard.last_state() if library.doubt or library.list.damage is not None else None
    return library.backups(), last


async def _accept(host: Host) -> None:
    try:
        await run_in_store(host.library.guard.accept)
    except WatchlistError as error:
        host.say(error.message, error.hint, "error")
        return
    host.show(host.listing.with_library(host.library.list))
    host.say("Took the file as it is", f"{host.key('redo')} does what waited for it" if host.held else "")
