"""Arranging the list on the main screen: its columns and its groups. Remembered beside the list, never in the config."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from watchlist.tui.widgets.columns import Choice

if TYPE_CHECKING:
    from watchlist.tui.screens.main import MainScreen


async def columns(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    before = Choice.read(screen.memory.get("columns"))
    dialog = dialogs.Columns(before, screen.own_columns, partial(_choose_columns, screen))
    chosen = await screen.app.push_screen_wait(dialog)
    if chosen is None:
        _choose_columns(screen, before)
    else:
        screen.memory = screen.memory.with_choice("columns", chosen)


def _choose_columns(screen: MainScreen, choice: Choice | None) -> Mapping[str, int]:
    """Draw these columns, or those of the config; those that fit, and the cells of each."""
    screen.rows.choose_columns(choice, screen.own_columns)
    return screen.rows.drawn_columns


async def group(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    def group_by(name: str) -> None:
        screen.show(screen.listing.with_group(name))

    name = await screen.app.push_screen_wait(dialogs.choose_group(screen.listing.group, group_by))
    if name is not None:
        group_by(name)
        screen.memory = screen.memory.with_choice("group", name)
