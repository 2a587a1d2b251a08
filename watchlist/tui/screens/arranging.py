"""Arranging the list on the main screen: its columns and its groups. Remembered beside the list, never in the config."""

from __future__ import annotations

from collections.abc import Mapping

from textual import work

from watchlist.tui.screens.counting import Counting
from watchlist.tui.widgets.columns import Choice


class Arranging(Counting):
    """The actions `columns` and `group`."""

    @work
    async def action_columns(self) -> None:
        from watchlist.tui.screens import dialogs

        before = Choice.read(self.memory.get("columns"))
        dialog = dialogs.Columns(before, self.own_columns, self._choose_columns)
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is None:
            self._choose_columns(before)
        else:
            self.memory = self.memory.with_choice("columns", chosen)

    def _choose_columns(self, choice: Choice | None) -> Mapping[str, int]:
        """Draw these columns, or those of the config; those that fit, and the cells of each."""
        self.rows.choose_columns(choice, self.own_columns)
        return self.rows.drawn_columns

    @work
    async def action_group(self) -> None:
        from watchlist.tui.screens import dialogs

        def group_by(name: str) -> None:
            self.show(self.listing.with_group(name))

        name = await self.app.push_screen_wait(dialogs.choose_group(self.listing.group, group_by))
        if name is not None:
            group_by(name)
            self.memory = self.memory.with_choice("group", name)
