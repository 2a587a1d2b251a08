"""The main screen: moving in the list and looking at it. What else can be asked of it is in `actions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on

from watchlist.keys import footer
from watchlist.tui.actions import MODULES, action
from watchlist.tui.projections import bindings
from watchlist.tui.screens.acting import Acting
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.filter_bar import FilterBar
from watchlist.tui.widgets.footer import KeyBar
from watchlist.tui.widgets.show_list import ShowList
from watchlist.tui.widgets.views_bar import ViewsBar

if TYPE_CHECKING:
    from watchlist.tui.screens.damage import DamageBanner


class MainScreen(Acting):
    """The list and everything done to it."""

    BINDINGS = [*bindings()]

    def action_details(self) -> None:
        """To the details and back; where there is no room beside the list, in its place."""
        if self.details_open:
            self.close_details()
        elif self.one() is not None:
            self.add_class("-details")
            self.query_one(Details).focus()

    @property
    def details_open(self) -> bool:
        return self.has_class("-details")

    def close_details(self) -> None:
        self.remove_class("-details")
        self.rows.focus()

    def action_next_episode(self) -> None:
        self._walk(1)

    def action_previous_episode(self) -> None:
        self._walk(-1)

    def _walk(self, by: int) -> None:
        """From episode to episode in the details, which is where the keys go then."""
        if (show := self.one()) is None:
            return
        if not self.query_one(Details).walk(by):
            self.say(f"{show.title} has no episodes to walk through", tone="info")
        elif not self.details_open:
            self.action_details()

    @property
    def _pane(self) -> ShowList | Details:
        """Where the moving keys go."""
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
        self.get_ready_to_search()
        self.query_one(FilterBar).open()

    def action_back(self) -> None:
        """Close or clear one thing: the walk through the episodes, the details, the marks, the filter."""
        if self.episode is not None:
            self.query_one(Details).go_to(None)
        elif self.details_open:
            self.close_details()
        elif self.marked:
            self.mark(set())
        elif self.listing.text:
            self.show(self.listing.with_text(""))

    def action_view(self, number: int) -> None:
        """The view at this place, counted from 1."""
        if number <= len(self.listing.tabs):
            self.show(self.listing.with_view(number - 1))
        else:
            self.say(f"There are {len(self.listing.tabs)} views", tone="info")

    def action_next_view(self) -> None:
        self.action_view((self.listing.view + 1) % len(self.listing.tabs) + 1)

    def action_previous_view(self) -> None:
        self.action_view((self.listing.view - 1) % len(self.listing.tabs) + 1)

    def action_mark(self) -> None:
        show = self.rows.current
        if show is not None:
            self.mark(self.marked ^ {show.id})
            self.rows.action_cursor_down()

    def action_mark_all(self) -> None:
        """Mark all that is shown; where all are marked already, none."""
        ids = {show.id for show in self.listing.rows}
        self.mark(self.marked - ids if ids <= self.marked else self.marked | ids)

    # What the widgets say

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys follow the focus, however it came there: by key, by tab or by a click."""
        self.set_class(isinstance(event.widget, Details), "-details")

    @on(ShowList.Highlighted)
    def _highlighted(self, message: ShowList.Highlighted) -> None:
        if message.show is None and self.details_open:
            self.close_details()  # else nothing would say why there is nothing
        self.query_one(Details).show_details(message.show, style=self.listing.style, today=self.listing.today)

    @on(Details.Walking)
    def _walking(self, message: Details.Walking) -> None:
        self.query_one(KeyBar).show_keys(footer(self.config.keys, walking=message.on))

    @on(ShowList.Opened)
    def _opened(self) -> None:
        self.action_details()

    @on(ShowList.HeaderClicked)
    def _header_clicked(self, message: ShowList.HeaderClicked) -> None:
        self.order_by(message.field)

    @on(ShowList.StarsClicked)
    def _stars_clicked(self, message: ShowList.StarsClicked) -> None:
        from watchlist import edits

        self.change(edits.rate([message.show.id], message.stars, auto_status=self.config.auto_status))

    @on(ViewsBar.Chosen)
    def _view_chosen(self, message: ViewsBar.Chosen) -> None:
        self.action_view(message.index + 1)

    @on(FilterBar.Kept)
    def _filter_kept(self, message: FilterBar.Kept) -> None:
        self.show(self.listing.with_text(message.text))
        if self.query_one(FilterBar).typing:
            self.rows.focus()

    @on(FilterBar.Cleared)
    def _filter_cleared(self) -> None:
        self.show(self.listing.with_text(""))
        self.rows.focus()

    async def on_damage_banner_pressed(self, message: DamageBanner.Pressed) -> None:
        await self.run_action(message.action)

    @on(KeyBar.Pressed)
    async def _key_pressed(self, message: KeyBar.Pressed) -> None:
        await self.run_action(message.name)


for _module, _names in MODULES.items():
    for _name in _names:
        setattr(MainScreen, f"action_{_name}", action(_module, _name))
