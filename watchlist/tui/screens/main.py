"""MainScreen: the list of shows, the details pane, and a method for each action. Longer actions are in `actions`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.screen import Screen

from watchlist.keymap import footer, key_label, view_keys
from watchlist.settings import Config
from watchlist.store.library import Library
from watchlist.tui.actions import backups, change_shows, columns, episodes, export, lookup, pick, statistics, undo, view
from watchlist.tui.actions.add_shows import add
from watchlist.tui.actions.host import Origin
from watchlist.tui.actions.in_editor import edit_toml
from watchlist.tui.actions.selection import current_show
from watchlist.tui.actions.show_from_dialog import go_back, origin_of
from watchlist.tui.bindings import bindings
from watchlist.tui.screens.file_watch import POLL_SECONDS, FileWatch
from watchlist.tui.screens.initial_load import choose_columns, first_listing, greet, load
from watchlist.tui.state.add_finder import CatalogueFile
from watchlist.tui.state.empty_list import empty_text
from watchlist.tui.state.list_state import ListState
from watchlist.tui.state.lookup_state import LookupState
from watchlist.tui.state.preferences import Preferences
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.filter_bar import FilterBar
from watchlist.tui.widgets.footer import KeyFooter
from watchlist.tui.widgets.message_bar import MessageBar, Tone
from watchlist.tui.widgets.show_list import ShowList
from watchlist.tui.widgets.views_bar import ViewsBar

if TYPE_CHECKING:
    from watchlist.domain.episodes import Episode
    from watchlist.tui.dialogs.draft_dialog import DraftDialog
    from watchlist.tui.dialogs.episodes import EpisodesDialog
    from watchlist.tui.widgets.file_banner import FileBanner


class MainScreen(Screen[None]):
    """The screen below all dialogs. It is the `Host` of all actions."""

    AUTO_FOCUS = "ShowList"
    BINDINGS = [*bindings()]

    listing: reactive[ListState] = reactive(cast("ListState", None), repaint=False, init=False, always_update=True)

    # State that actions use, described in `Host`.
    held = False
    keys_held_until = 0.0
    origin: Origin | None = None
    minutes_available: int | None = None
    episodes_dialog: EpisodesDialog | None = None  # while open, it shows messages and changes too

    def __init__(self, library: Library, config: Config, memory: Preferences, today: Callable[[], date]) -> None:
        super().__init__()
        self.library, self.config, self.memory, self.today = library, config, memory, today
        listing, self._unusable = first_listing(library, config, memory, today())
        self.set_reactive(MainScreen.listing, listing)
        self.open_forms: dict[str, DraftDialog[Any]] = {}
        self.file, self.lookups = FileWatch(self), LookupState()
        self.catalogue = CatalogueFile(library.paths.catalogue)

    def compose(self) -> ComposeResult:
        # Textual sets this class only after the first layout: the screen would be drawn twice, and jump.
        reached = [name for start, name in self.app.HORIZONTAL_BREAKPOINTS or () if start <= self.app.size.width]
        self.add_class(*reached[-1:])
        yield ViewsBar().data_bind(MainScreen.listing)
        yield FilterBar(self._filter_typed).data_bind(MainScreen.listing)
        with Horizontal(id="panes"):
            yield ShowList(empty=self._empty_text).data_bind(MainScreen.listing)
            yield Details()
        yield MessageBar()
        yield KeyFooter(footer(self.config.keys))

    def on_mount(self) -> None:
        choose_columns(self)
        self.rows.focus()
        self.show(self.listing)
        greet(self, self._unusable)
        self.set_interval(POLL_SECONDS, self.file.poll)
        self.run_worker(load(self, self.query_one(FilterBar).get_ready), "load")

    # Drawing

    @property
    def rows(self) -> ShowList:
        """The widget that lists the shows."""
        return self.query_one(ShowList)

    def show(self, listing: ListState) -> None:
        """Replace the state of the list, and draw it."""
        if listing.arrangement != self.listing.arrangement:
            self.forget_message()
        self.listing = listing  # the widgets bound to this attribute draw it
        wrong = listing.wrong or listing.tab.wrong
        self.say_standing("filter", wrong if self.query_one(FilterBar).is_cut else "", tone="warning")
        self.file.update_banner()
        if self.episodes_dialog is not None and self.episodes_dialog.is_open:
            self.episodes_dialog.fill(listing.show_of(self.episodes_dialog.id_of_show))

    def mark(self, ids: frozenset[str]) -> None:
        """Mark the shows with these ids, and no others."""
        self.forget_message()
        self.show(self.listing.with_marked(ids))

    def file_banner(self) -> FileBanner:
        """Return the banner above the list, which the first call adds to the screen."""
        from watchlist.tui.widgets.file_banner import FileBanner  # only needed if the file has a problem

        if not self.query(FileBanner):
            self.mount(FileBanner(self.key("edit_toml"), self.key("backups")), before="#panes")
        return self.query_one(FileBanner)

    # Messages

    @property
    def message_bar(self) -> MessageBar:
        """The widget that shows messages."""
        return self.query_one(MessageBar)

    def say(self, text: str, hint: str = "", tone: Tone = "done") -> None:
        """Show a message below the list, with a hint on what to do next, and also in the episodes dialog if it is open."""
        self.message_bar.say(text, hint, tone, style=self.listing.style)
        if self.episodes_dialog is not None and self.episodes_dialog.is_open:
            self.episodes_dialog.say(text, "", tone)

    def say_standing(self, subject: str, text: str, hint: str = "", tone: Tone = "error") -> None:
        """Show a lasting problem once, not at every check. `subject` is its kind; an empty `text` means that it is solved."""
        if self.message_bar.is_news(subject, text):
            self.say(text, hint, tone)

    def forget_message(self) -> None:
        """Remove the message when the user does something else. Lasting problems are shown again at the next check."""
        self.message_bar.forget()

    def on_screen_suspend(self) -> None:
        """Remove the message when another screen opens over this one."""
        self.forget_message()

    def key(self, name: str) -> str:
        """Return the label of the key for the action `name`; `:name` if the action has no key."""
        return key_label(name, self.config.keys) or f":{name}"

    def _empty_text(self) -> str:
        return empty_text(self.listing, self.key, dict(view_keys(self.config.keys)).get(1))

    @property
    def busy(self) -> bool:
        """True while the next key must wait because a change is being stored."""
        return time.monotonic() < self.keys_held_until

    @property
    def episode(self) -> Episode | None:
        """The episode under the cursor of the details pane; None if no episode is under that cursor."""
        return self.query_one(Details).episode

    # Actions: moving

    @on(ShowList.Opened)
    def action_details(self) -> None:
        """Open the details pane, or go back to the list. On a narrow screen, the pane replaces the list."""
        self.forget_message()
        if self.details_open:
            self.close_details()
        elif current_show(self) is not None:
            self.add_class("-details")
            self.query_one(Details).focus()

    @property
    def details_open(self) -> bool:
        """True while keys go to the details pane."""
        return self.has_class("-details")

    def close_details(self) -> None:
        """Go back from the details pane to the list."""
        self.remove_class("-details")
        self.rows.focus()

    def action_next_episode(self) -> None:
        self._walk(1)

    def action_previous_episode(self) -> None:
        self._walk(-1)

    def _walk(self, by: int) -> None:
        """Open the details pane and move its cursor to the next (`by` 1) or previous (`by` -1) episode."""
        if (show := current_show(self)) is None:
            return
        if not self.query_one(Details).walk(by):
            self.say(f"{show.title} has no episodes to walk through", tone="info")
        elif not self.details_open:
            self.action_details()

    @property
    def _pane(self) -> ShowList | Details:
        """The widget that the cursor keys move."""
        return self.query_one(Details) if self.details_open else self.rows

    def action_cursor_down(self) -> None:
        self._pane.action_cursor_down()

    def action_cursor_up(self) -> None:
        self._pane.action_cursor_up()

    def action_top(self) -> None:
        self._pane.action_top()

    def action_bottom(self) -> None:
        self._pane.action_bottom()

    def action_half_down(self) -> None:
        self._pane.action_half_down()

    def action_half_up(self) -> None:
        self._pane.action_half_up()

    def action_page_down(self) -> None:
        self._pane.action_page_down()

    def action_page_up(self) -> None:
        self._pane.action_page_up()

    def action_filter(self) -> None:
        self.close_details()
        self.query_one(FilterBar).open()

    def action_back(self) -> None:
        """Leave the first of these that is active: a look-up that waits, details pane, marks, visit, filter."""
        if self.lookups.stop():
            pass
        elif self.details_open:
            self.close_details()
        elif self.listing.marked:
            self.mark(frozenset())
        elif (origin := origin_of(self)) is not None:
            go_back(self, origin)
        elif self.listing.text:
            self.show(self.listing.with_text(""))

    def action_view(self, number: int) -> None:
        view.show_view(self, number)

    def action_next_view(self) -> None:
        self.action_view((self.listing.view + 1) % len(self.listing.tabs) + 1)

    def action_previous_view(self) -> None:
        self.action_view((self.listing.view - 1) % len(self.listing.tabs) + 1)

    def action_mark(self) -> None:
        view.mark(self)

    def action_mark_all(self) -> None:
        """Mark all listed shows. If all of them are marked already, remove their marks."""
        self.mark(self.listing.toggled_marks)

    # Actions: functions in the modules of `actions`; those that open a dialog are coroutines

    def action_add(self) -> None:
        self.run_worker(add(self), "add")

    def action_edit(self) -> None:
        self.run_worker(change_shows.edit(self), "edit")

    def action_edit_toml(self) -> None:
        edit_toml(self)

    def action_rate(self) -> None:
        self.run_worker(change_shows.rate(self), "rate")

    def action_status(self) -> None:
        self.run_worker(change_shows.status(self), "status")

    def action_watch(self) -> None:
        if (asking := change_shows.watch(self)) is not None:
            self.run_worker(asking, "watch")

    def action_watched_up_to(self) -> None:
        self.run_worker(change_shows.watched_up_to(self), "watched_up_to")

    def action_unwatch(self) -> None:
        change_shows.undo_watch(self)

    def action_lookup(self) -> None:
        self.run_worker(lookup.look_up(self), "lookup")

    def action_tag(self) -> None:
        self.run_worker(change_shows.tag(self), "tag")

    def action_note(self) -> None:
        self.run_worker(change_shows.note(self), "note")

    def action_remove(self) -> None:
        change_shows.remove(self)

    def action_undo(self) -> None:
        self.run_worker(undo.undo(self), "undo")

    def action_redo(self) -> None:
        self.run_worker(undo.redo(self), "redo")

    def action_episodes(self) -> None:
        self.run_worker(episodes.episodes(self), "episodes")

    def action_sort(self) -> None:
        self.run_worker(view.sort(self), "sort")

    def action_theme(self) -> None:
        self.run_worker(view.theme(self), "theme")

    def action_set_theme(self, name: str) -> None:
        view.set_theme(self, name)

    def action_palette(self) -> None:
        self.run_worker(view.palette(self), "palette")

    def action_doctor(self) -> None:
        self.run_worker(view.doctor(self), "doctor")

    def action_help(self) -> None:
        self.run_worker(view.help(self), "help")

    def action_copy(self) -> None:
        view.copy(self)

    def action_open_url(self) -> None:
        view.open_url(self)

    def action_suspend(self) -> None:
        view.suspend(self)

    def action_quit(self) -> None:
        view.quit(self)

    def action_columns(self) -> None:
        self.run_worker(columns.columns(self), "columns")

    def action_group(self) -> None:
        self.run_worker(columns.group(self), "group")

    def action_pick(self) -> None:
        self.run_worker(pick.pick(self), "pick")

    def action_stats(self) -> None:
        self.run_worker(statistics.stats(self), "stats")

    def action_export(self) -> None:
        self.run_worker(export.export(self), "export")

    def action_backups(self) -> None:
        self.run_worker(backups.backups(self), "backups")

    # Messages of the widgets

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Send keys to the details pane while it has the focus, also after tab or a click."""
        self.set_class(isinstance(event.widget, Details), "-details")

    @on(ShowList.Highlighted)
    def _highlighted(self, message: ShowList.Highlighted) -> None:
        if message.show is None and self.details_open:
            self.close_details()  # the reason why the list is empty is shown in the list
        self.query_one(Details).show_details(message.show, style=self.listing.style, today=self.listing.today)

    @on(Details.Walking)
    def _walking(self, message: Details.Walking) -> None:
        self.query_one(KeyFooter).show_keys(footer(self.config.keys, walking=message.on))

    @on(ShowList.HeaderClicked)
    def _header_clicked(self, message: ShowList.HeaderClicked) -> None:
        view.sort_by(self, message.field)

    @on(ShowList.StarsClicked)
    @on(Details.StarsClicked)
    def _stars_clicked(self, message: ShowList.StarsClicked | Details.StarsClicked) -> None:
        change_shows.rate_by_click(self, message.show, message.stars)

    def _filter_typed(self, text: str) -> None:
        self.show(self.listing.with_text(text, typing=True))

    @on(ViewsBar.Chosen)
    def _view_chosen(self, message: ViewsBar.Chosen) -> None:
        self.action_view(message.index + 1)

    @on(FilterBar.Kept)
    def _filter_kept(self, message: FilterBar.Kept) -> None:
        self.show(self.listing.with_text(message.text))
        stays = message.entered and self.listing.wrong  # the user can correct an error at once
        if self.query_one(FilterBar).typing and not stays:
            self.rows.focus()

    @on(FilterBar.Cleared)
    def _filter_cleared(self) -> None:
        self.show(self.listing.with_text(""))
        self.rows.focus()

    async def on_file_banner_pressed(self, message: FileBanner.Pressed) -> None:
        await self.run_action(message.action)

    async def on_key_footer_pressed(self, message: KeyFooter.Pressed) -> None:
        await self.run_action(message.action)
