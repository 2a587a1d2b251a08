"""Copies of the file from the main screen: one is looked at or taken back, or the file is taken as it is."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from textual import work

from watchlist.errors import WatchlistError
from watchlist.tui.screens.acting import PATIENCE
from watchlist.tui.screens.desk import soon
from watchlist.tui.screens.exporting import Exporting

if TYPE_CHECKING:
    from watchlist.store.backups import Backup


class Restoring(Exporting):
    """The action `backups`."""

    @work
    async def action_backups(self) -> None:
        from watchlist.tui.screens.backups import Backups

        library = self.library
        self.busy_until = time.monotonic() + PATIENCE  # the next key is for the dialog
        try:
            copies = await soon(self._copies)
        except WatchlistError as error:
            self.say(error.message, error.hint, "error")
            return
        finally:
            self.busy_until = 0.0
        chosen = await self.app.push_screen_wait(Backups(copies, library.contents, library.doubt, self.config.style))
        if chosen is None:
            return
        if chosen.backup is not None:
            name = str(chosen.backup.number)
            await self.carry_out(lambda: (library.restore(name),))
        else:
            await self._accept()
        self.look_at_the_file(at_once=True)

    def _copies(self) -> tuple[Backup, ...]:
        """The copies of the file, and first of all one of what is shown, where the file lost it."""
        with contextlib.suppress(WatchlistError):
            self.library.keep()
        return self.library.backups()

    async def _accept(self) -> None:
        try:
            await soon(self.library.accept)
        except WatchlistError as error:
            self.say(error.message, error.hint, "error")
            return
        self.show(self.listing.with_library(self.library.list))
        self.say("Took the file as it is", f"{self.key('redo')} does what waited for it" if self.held else "")
