"""What actions of the main screen share: which shows they are about, how the library is changed, and what is said of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.css.query import NoMatches

from watchlist.errors import WatchlistError
from watchlist.model import Show
from watchlist.store.reader import Doubtful
from watchlist.tui.screens.desk import Desk, in_turn, soon
from watchlist.tui.widgets.details import Details

if TYPE_CHECKING:
    from watchlist.edits import Edit
    from watchlist.store.library import Change
    from watchlist.tui.drafts import Draft, Drafts
    from watchlist.tui.listing import Listing
    from watchlist.tui.screens.confirm import Typing
    from watchlist.tui.screens.episodes import Episodes
    from watchlist.tui.widgets.message_bar import Tone
    from watchlist.watching import Episode

T = TypeVar("T")
PATIENCE = 1.0  # seconds that keys wait for a change


class Acting(Desk):
    """A desk on which things are done."""

    held = False  # whether a change waits in the journal until it is settled what the list is
    minutes_at_hand: int | None = None  # for watching, once it was said

    grid: Episodes | None = None  # the episodes of a show, while they are open: what is said and shown is there too

    def say(self, text: str, hint: str = "", tone: Tone = "done") -> None:
        super().say(text, hint, tone)
        if self.grid is not None and self.grid.is_mounted:
            self.grid.say(text, "", tone)

    def show(self, listing: Listing) -> None:
        super().show(listing)
        if self.grid is not None and self.grid.is_mounted:
            shows = listing.library.shows
            at = shows.places.get(self.grid.id_of_show)
            self.grid.fill(shows[at] if at is not None else None)

    # Which shows

    def writable(self) -> bool:
        """Whether the list can be changed. Says what is in the way."""
        if self.is_barred():
            return False
        damage = self.listing.library.damage
        if damage is not None:
            self.say(f"Read-only until line {damage.line} is mended", f"{self.key('edit_toml')} opens it", "error")
        return damage is None

    def chosen(self) -> tuple[Show, ...]:
        """The marked shows, else the one under the cursor, to be changed. Says so where there is none."""
        if not self.writable():
            return ()
        found = tuple(show for show in self.listing.library.shows if show.id in self.marked)
        if not found and self.rows.current is not None:
            found = (self.rows.current,)
        if not found:
            self.say("There is no show here", tone="warning")
        return found

    @property
    def episode(self) -> Episode | None:
        """The one under the cursor of the details, while they have the keys."""
        return self.query_one(Details).episode

    def one(self) -> Show | None:
        """The show under the cursor. Says so where there is none."""
        if self.rows.current is None:
            self.say("There is no show here", tone="warning")
        return self.rows.current

    # Changing the library

    @work
    async def change(self, edit: Edit) -> None:
        """Carry out an edit, off the loop that draws; the screen shows it when it is on disk."""
        await self.carry_out(lambda: (self.library.apply(edit, style=self.config.style),))

    async def carry_out(self, act: Callable[[], Sequence[Change]], hint: str = "") -> bool:
        """Run what changes the library in a thread, then show what came of it; whether it is on disk."""
        self.busy_until = time.monotonic() + PATIENCE
        try:
            changes = await soon(act)
        except Doubtful:
            self.say("Not stored yet", f"{self.key('redo')} does it when it is settled what the list is", "warning")
            self.held = True
            self.tell_of_doubt()
            return False
        except WatchlistError as error:
            self.say(error.message, error.hint, "error")
            return False
        finally:
            self.busy_until = 0.0
        self.show_changes(changes, hint or f"{self.key('undo')} undoes")
        return True

    def show_changes(self, changes: Sequence[Change], hint: str) -> None:
        """The list as it is now, the cursor on what was added, and what happened on the message line."""
        listing = self.listing.with_library(self.library.list)
        came = [delta.show.id for change in changes for delta in change.deltas if delta.before is None]
        if len(came) == 1:
            listing = listing.showing(came[0])
        self.show(listing)
        if len(came) == 1:
            self.rows.go_to(came[0])
        change = changes[-1]
        if beside := (*change.skipped, *change.notices):
            self.say(f"{change.label}; {'; '.join(beside)}", hint, "warning")
        elif change.number:
            self.say(change.label, hint)
        else:
            self.say(change.label, tone="info")

    async def fill_in(self, name: str, form: Typing[T], edit_of: Callable[[T], Edit | None]) -> None:
        """Ask with a form and carry out what was typed, which is kept until it is on disk or nobody wants it.

        The `name` is that of its draft: what the form is about.
        """
        form.draft = self.drafts.of(name)
        self._forms[name] = form

        def store(edit: Edit) -> tuple[Change, ...]:
            change = self.library.apply(edit, style=self.config.style)
            form.stored = True
            return (change,)

        typed = await self.app.push_screen_wait(form)
        edit = edit_of(typed) if typed is not None else None
        if edit is None or await self.carry_out(lambda: store(edit)):
            self.drafts.drop(form.draft)
        else:
            self.drafts.keep(_draft(name, form), form.draft)
        del self._forms[name]

    def keep_forms(self) -> None:
        """Keep what is typed in open forms: the program ends. A change that is on its way to the disk comes first."""
        for name, form in self._forms.items():
            with contextlib.suppress(NoMatches):  # it only just opens
                in_turn(partial(self._keep, form, _draft(name, form)))

    def _keep(self, form: Typing[Any], draft: Draft) -> None:
        if form.stored:
            self.drafts.drop(form.draft)
        else:
            self.drafts.keep(draft, form.draft)

    @property
    def drafts(self) -> Drafts:
        from watchlist.tui.drafts import Drafts

        return Drafts(self.library.paths.drafts(self.library.file))


def _draft(name: str, form: Typing[Any]) -> Draft:
    from watchlist.tui.drafts import Draft

    return Draft(name, datetime.now(), form.left)
