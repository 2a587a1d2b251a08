"""Exporting from the main screen: the dialog asks, a thread writes, and a bar shows how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import work

from watchlist.errors import WatchlistError
from watchlist.model import Show
from watchlist.safe import safe
from watchlist.text import counted
from watchlist.tui.screens.acting import Acting

if TYPE_CHECKING:
    from watchlist.tui.screens.export import ExportRequest, Scope


class Exporting(Acting):
    """The action `export`."""

    @work
    async def action_export(self) -> None:
        from watchlist.tui.screens.export import ExportDialog, Scope
        from watchlist.tui.screens.progress import with_progress

        shows = self._scopes()
        if not shows[Scope.ALL]:
            self.say("There is nothing to export", tone="warning")
            return
        request = await self.app.push_screen_wait(ExportDialog(shows, self.library.file, style=self.config.style))
        if request is None:
            return
        some = shows[request.scope]
        try:
            await with_progress(self.app, "Exporting", len(some), self._writing(request, some))
        except WatchlistError as error:
            self.say(error.message, error.hint, "error")
        else:
            self.say(f"{counted(len(some), 'show')} written to {safe(request.path)}")

    def _scopes(self) -> dict[Scope, Sequence[Show]]:
        """The shows of each scope, the likeliest first: the marked ones, what a view or filter shows, all."""
        from watchlist.tui.screens.export import Scope

        library = self.listing.library
        marked = [show for show in library.shows if show.id in self.marked]
        shown = self.listing.rows if len(self.listing.rows) < len(library.shows) else ()
        return {Scope.MARKED: marked, Scope.SHOWN: shown, Scope.ALL: library.shows}

    def _writing(self, request: ExportRequest, shows: Sequence[Show]) -> Callable[[Callable[[int], None]], None]:
        from watchlist.exporting import export_to, target
        from watchlist.formats import WriteOptions

        def write(reach: Callable[[int], None]) -> None:
            path = target(request.path, self.library.file, force=request.force)
            export_to(path, request.format, shows, WriteOptions(self.config.style, progress=reach))

        return write
