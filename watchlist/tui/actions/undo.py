"""Actions that undo and redo changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchlist.tui.actions.run_change import execute
from watchlist.tui.actions.selection import is_read_only

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host


async def undo(host: Host) -> None:
    """Undo the last change. Allowed in a damaged file too, because undoing a change may repair the file."""
    if is_read_only(host):
        return
    await execute(host, lambda reach: host.library.undo(progress=reach), f"{host.key('redo')} redo")


async def redo(host: Host) -> None:
    """Redo the last undone change, or apply a change that was held back until the user decided about a doubtful file."""
    if is_read_only(host):
        return
    if await execute(host, lambda reach: host.library.redo(progress=reach)):
        host.held = False
