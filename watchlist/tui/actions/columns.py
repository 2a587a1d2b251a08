"""Actions that choose the columns and the groups of the list. Choices are stored as preferences, not in the config."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from watchlist.tui.widgets.list_columns import ColumnChoice, default_columns

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host


async def columns(host: Host) -> None:
    """Open the columns dialog and store the chosen columns; esc restores the previous columns."""
    from watchlist.tui.dialogs.columns import ColumnsDialog

    before = ColumnChoice.read(host.memory.get("columns"))
    dialog = ColumnsDialog(before, default_columns(host.config), partial(_choose_columns, host))
    chosen = await host.app.push_screen_wait(dialog)
    if chosen is None:
        _choose_columns(host, before)
    else:
        host.memory = host.memory.with_choice("columns", chosen)


def _choose_columns(host: Host, choice: ColumnChoice | None) -> Mapping[str, int]:
    """Draw the list with the columns in `choice` (None: the config's). Return the width in cells of each visible column."""
    host.rows.choose_columns(choice, default_columns(host.config))
    return host.rows.drawn_columns


async def group(host: Host) -> None:
    """Ask for the field to group the list by, and store the choice."""
    from watchlist.tui.dialogs.group import choose_group

    def group_by(name: str) -> None:
        host.show(host.listing.with_group(name))

    name = await host.app.push_screen_wait(choose_group(host.listing.group, group_by))
    if name is not None:
        group_by(name)
        host.memory = host.memory.with_choice("group", name)
