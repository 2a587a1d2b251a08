"""Copies of the file from the main screen: one is looked at or taken back, or the file is taken as it is."""

from __future__ import annotations

import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING

from watchlist.errors import WatchlistError
from watchlist.tui.screens.acting import PATIENCE
from watchlist.tui.screens.desk import soon

if TYPE_CHECKING:
    from watchlist.store.backups import Backup
    from watchlist.tui.screens.main import MainScreen


async def backups(screen: MainScreen) -> None:
    from watchlist.tui.screens.backups import Backups

    library = screen.library
    screen.busy_until = time.monotonic() + PATIENCE  # the next key is for the dialog
    try:
        copies = await soon(partial(_copies, screen))
    except WatchlistError as error:
        screen.say(error.message, error.hint, "error")
        return
    finally:
        screen.busy_until = 0.0
    chosen = await screen.app.push_screen_wait(Backups(copies, library.contents, library.doubt, screen.config.style))
    if chosen is None:
        return
    if chosen.backup is not None:
        name = str(chosen.backup.number)
        await screen.carry_out(lambda: (library.restore(name),))
    else:
        await _accept(screen)
    screen.look_at_the_file(at_once=True)


def _copies(screen: MainScreen) -> tuple[Backup, ...]:
    """The copies of the file, and first of all one of what is shown, where the file lost it."""
    with contextlib.suppress(WatchlistError):
        screen.library.keep()
    return screen.library.backups()


async def _accept(screen: MainScreen) -> None:
    try:
        await soon(screen.library.accept)
    except WatchlistError as error:
        screen.say(error.message, error.hint, "error")
        return
    screen.show(screen.listing.with_library(screen.library.list))
    screen.say("Took the file as it is", f"{screen.key('redo')} does what waited for it" if screen.held else "")
