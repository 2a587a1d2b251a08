"""What can be done from the main screen: each action asks what it has to, changes the library, and says what it did."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import SuspendNotSupported
from textual.css.query import NoMatches

from watchlist import edits
from watchlist.errors import WatchlistError
from watchlist.fields import FIELDS
from watchlist.keys import help_rows
from watchlist.model import Show, Viewing
from watchlist.safe import safe
from watchlist.store.library import Change
from watchlist.store.reader import Doubtful
from watchlist.text import counted, split_list
from watchlist.tui.drafts import Draft, Drafts
from watchlist.tui.screens.desk import Desk, in_turn, soon
from watchlist.tui.themes import names
from watchlist.watching import next_episode, parse_episodes

if TYPE_CHECKING:
    from watchlist.tui.screens.confirm import Typing

T = TypeVar("T")
PATIENCE = 1.0  # seconds that keys wait for a change


class Acting(Desk):
    """The actions of the main screen that change the library or look at it in another way."""

    held = False  # whether a change waits in the journal until it is settled what the list is

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

    def one(self) -> Show | None:
        """The show under the cursor. Says so where there is none."""
        if self.rows.current is None:
            self.say("There is no show here", tone="warning")
        return self.rows.current

    # Changing the library

    @work
    async def change(self, edit: edits.Edit) -> None:
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

    @work
    async def action_undo(self) -> None:
        """Not only where the list is whole: what mended a file, or broke it, can be taken back too."""
        if self.is_barred():
            return
        await self.carry_out(self.library.undo, f"{self.key('redo')} redoes")

    @work
    async def action_redo(self) -> None:
        if self.is_barred():
            return
        await self.carry_out(self.library.redo)

    async def fill_in(self, name: str, form: Typing[T], edit_of: Callable[[T], edits.Edit | None]) -> None:
        """Ask with a form and carry out what was typed, which is kept until it is on disk or nobody wants it.

        The `name` is that of its draft: what the form is about.
        """
        form.draft = self.drafts.of(name)
        self._forms[name] = form

        def store(edit: edits.Edit) -> tuple[Change, ...]:
            change = self.library.apply(edit, style=self.config.style)
            form.stored = True
            return (change,)

        typed = await self.app.push_screen_wait(form)
        edit = edit_of(typed) if typed is not None else None
        if edit is None or await self.carry_out(lambda: store(edit)):
            self.drafts.drop(form.draft)
        else:
            self.drafts.keep(Draft(name, datetime.now(), form.left), form.draft)
        del self._forms[name]

    def keep_forms(self) -> None:
        """Keep what is typed in open forms: the program ends. A change that is on its way to the disk comes first."""
        for name, form in self._forms.items():
            with contextlib.suppress(NoMatches):  # it only just opens
                in_turn(partial(self._keep, form, Draft(name, datetime.now(), form.left)))

    def _keep(self, form: Typing[Any], draft: Draft) -> None:
        if form.stored:
            self.drafts.drop(form.draft)
        else:
            self.drafts.keep(draft, form.draft)

    @property
    def drafts(self) -> Drafts:
        return Drafts(self.library.paths.drafts(self.library.file))

    @work
    async def action_add(self) -> None:
        from watchlist.tui.screens import dialogs

        if not self.writable():
            return
        form = dialogs.ShowForm(None, self.config.style, self.listing.known, self._duplicate)
        await self.fill_in(
            "add", form, lambda values: edits.add(edits.new_show(values["title"], values, today=self.today()))
        )

    def _duplicate(self, show: Show) -> Show | None:
        return edits.duplicate_of(show, self.library.list)

    @work
    async def action_edit(self) -> None:
        from watchlist.tui.screens import dialogs

        show = self.one()
        if show is None or not self.writable():
            return
        form = dialogs.ShowForm(show, self.config.style, self.listing.known, self._duplicate)
        await self.fill_in(f"edit {show.id}", form, lambda values: edits.update(show.id, values) if values else None)

    @work
    async def action_rate(self) -> None:
        from watchlist.tui.screens import dialogs

        shows = self.chosen()
        if not shows:
            return
        same = shows[0].rating if len({show.rating for show in shows}) == 1 else None
        rated = await self.app.push_screen_wait(dialogs.RatePrompt(_named(shows), same, self.config.style))
        if rated is not None:
            ids = [show.id for show in shows]
            self.change(edits.rate(ids, rated.stars, auto_status=self.config.auto_status))

    @work
    async def action_status(self) -> None:
        from watchlist.tui.screens import dialogs

        shows = self.chosen()
        if not shows:
            return
        same = shows[0].status if len({show.status for show in shows}) == 1 else None
        status = await self.app.push_screen_wait(dialogs.choose_status(_named(shows), same, self.config.style))
        if status is not None:
            self.change(edits.set_status([show.id for show in shows], status))

    def action_watch(self) -> None:
        """The next episode of each, or a viewing of a film, today."""
        if shows := self.chosen():
            ids = [show.id for show in shows]
            self.change(edits.watch(ids, Viewing(self.today()), auto_status=self.config.auto_status))

    def action_take_back(self) -> None:
        if shows := self.chosen():
            self.change(edits.take_back([show.id for show in shows], auto_status=self.config.auto_status))

    @work
    async def action_watched_up_to(self) -> None:
        from watchlist.tui.screens import dialogs

        shows = self.chosen()
        if not shows:
            return
        ids, coming = [show.id for show in shows], next_episode(shows[0])
        prompt = dialogs.Prompt(f"{_named(shows)}: watched up to", str(coming or ""), "as in S01E05", _no_episode)
        await self.fill_in(
            f"watched {' '.join(ids)}",
            prompt,
            lambda typed: edits.watch(
                ids, Viewing(), through=parse_episodes(typed)[-1], auto_status=self.config.auto_status
            ),
        )

    @work
    async def action_tag(self) -> None:
        """One show: its tags as they should be. Several: tags to add, and `-tag` to take away."""
        from watchlist.tui.screens import dialogs

        shows = self.chosen()
        if not shows:
            return
        ids, tags = [show.id for show in shows], FIELDS["tags"]
        value = tags.type.format(shows[0].tags) if len(shows) == 1 else ""
        hint = "separated by commas" if len(shows) == 1 else "added to each; -tag takes one away"
        prompt = dialogs.Prompt(f"Tags of {_named(shows)}", value, hint, known=self.listing.known["tags"], several=True)

        def edit_of(typed: str) -> edits.Edit:
            if len(ids) == 1:
                return edits.assign(ids, [edits.Assignment("tags", "=", tags.type.parse(typed))])
            items = split_list(typed)
            add = [item.removeprefix("+") for item in items if not item.startswith("-")]
            return edits.tag(ids, add, [item[1:] for item in items if item.startswith("-")])

        await self.fill_in(f"tag {' '.join(ids)}", prompt, edit_of)

    @work
    async def action_note(self) -> None:
        from watchlist.tui.screens import dialogs

        show = self.one()
        if show is None or not self.writable():
            return
        prompt = dialogs.TextPrompt(f"Notes on {show.title}", show.notes, "Markdown works")
        await self.fill_in(f"note {show.id}", prompt, lambda notes: edits.update(show.id, {"notes": notes}))

    def action_remove(self) -> None:
        shows = self.chosen()
        if shows:
            self.change(edits.remove([show.id for show in shows]))

    def action_edit_toml(self) -> None:
        """The show's text in the user's editor; where the file is damaged, all of it."""
        if self.is_barred():
            return
        try:
            if self.library.list.damage is not None:
                text = self.library.text()
                self._in_editor(text, lambda edited: self.library.replace_text(edited, was=text))
            elif (show := self.one()) is not None:
                id, block = show.id, self.library.block(show.id)
                self._in_editor(block, lambda edited: self.library.replace_block(id, edited, was=block))
        except WatchlistError as error:
            self.say(error.message, error.hint, "error")

    def _in_editor(self, text: str, save: Callable[[str], Change]) -> None:
        from watchlist.editor import edit_text

        try:
            with self.app.suspend():
                change = edit_text(text, save, os.environ, again=True)
        except SuspendNotSupported:
            self.say("An editor can't be opened from this terminal", tone="error")
        else:
            if change is None:
                self.say("Left as it was", tone="info")
            else:
                self.show_changes((change,), f"{self.key('undo')} undoes")

    # Looking

    @work
    async def action_order(self) -> None:
        from watchlist.tui.screens import dialogs

        sort = self.listing.shown_sort
        name = await self.app.push_screen_wait(dialogs.choose_order((sort[0].name, sort[1]) if sort else None))
        if name is not None:
            self.order_by(name)

    @work
    async def action_theme(self) -> None:
        from watchlist.tui.screens import dialogs

        if self.app.no_color:
            self.say("Colours are off", tone="info")
            return
        before = self.app.theme
        name = await self.app.push_screen_wait(dialogs.choose_theme(names(), before, self._set_theme))
        if name is None:
            self._set_theme(before)
        else:
            self.action_set_theme(name)

    def _set_theme(self, name: str) -> None:
        self.app.theme = name

    def action_set_theme(self, name: str) -> None:
        """Change the colours, and remember it."""
        if self.app.no_color:
            return
        if name != self.app.theme:
            self._set_theme(name)
        self.memory = self.memory.with_choice("theme", name)

    @work
    async def action_palette(self) -> None:
        from watchlist.tui.screens import dialogs

        tabs = [tab.name for tab in self.listing.tabs]
        action = await self.app.push_screen_wait(dialogs.palette(tabs, names(), self.config.keys))
        if action is not None:
            await self.run_action(action)

    @work
    async def action_doctor(self) -> None:
        """What is wrong with the list; what is put right there is seen here at once."""
        from watchlist.tui.screens import dialogs

        def changed(change: Change) -> None:
            self.show_changes((change,), f"{self.key('undo')} undoes")

        screen = dialogs.Doctor(self.library, self.today(), changed, self.config.style)
        id = await self.app.push_screen_wait(screen)
        if id is not None:
            self.show(self.listing.showing(id))
            self.rows.go_to(id)

    @work
    async def action_help(self) -> None:
        from watchlist.tui.screens import dialogs

        await self.app.push_screen_wait(dialogs.Help(help_rows(self.config.keys)))

    def action_copy(self) -> None:
        show = self.one()
        if show is not None:
            self.app.copy_to_clipboard(show.title)
            self.say(f"Copied {safe(show.title)}", tone="info")

    def action_open_url(self) -> None:
        show = self.one()
        if show is not None and show.url:
            self.app.open_url(show.url)
            self.say(f"Opened {safe(show.url)}", tone="info")
        elif show is not None:
            self.say(f"{safe(show.title)} has no url", f"{self.key('edit')} edits it", "warning")

    def action_suspend(self) -> None:
        self.app.action_suspend_process()

    def action_quit(self) -> None:
        self.app.exit(0)


def _named(shows: Sequence[Show]) -> str:
    return shows[0].title if len(shows) == 1 else counted(len(shows), "show")


def _no_episode(text: str) -> str | None:
    """What is wrong with the name of an episode."""
    try:
        return None if parse_episodes(text) else "name an episode, as in S01E05"
    except ValueError as error:
        return str(error)
