"""Finds the shows that an action applies to, and checks that they can be changed. A failed check shows a message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from watchlist.domain.fields import check_readable
from watchlist.domain.model import Show
from watchlist.errors import WrongValue

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host


def is_writable(host: Host) -> bool:
    """Return True if the list can be changed. Otherwise, show the reason and return False."""
    if is_read_only(host):
        return False
    damage = host.listing.library.damage
    if damage is not None:
        host.say(f"Read-only until line {damage.line} is fixed", f"{host.key('edit_toml')} opens it", "error")
    return damage is None


def is_read_only(host: Host) -> bool:
    """Return True, and show the reason, if the file can't be written. A damaged file can be written, which may repair it."""
    if reason := host.file.read_only_reason:
        host.say(f"The file {reason}", "it can be looked at, and not changed", "error")
    return bool(reason)


def shows_to_change(host: Host) -> tuple[Show, ...]:
    """Return the marked shows, or else the show under the cursor.

    If the list is empty or can't be changed, show a message and return no shows.
    """
    if not is_writable(host):
        return ()
    if marked := host.listing.marked_shows:
        return marked
    return () if (show := current_show(host)) is None else (show,)


def current_show(host: Host) -> Show | None:
    """Return the show under the cursor. If the list is empty, show a message and return None."""
    if host.rows.current is None:
        host.say("There is no show here", tone="warning")
    return host.rows.current


def has_readable(host: Host, shows: Sequence[Show], *names: str) -> bool:
    """Return True if any of `shows` has valid values in all fields `names`. Else, show an error and return False."""
    first: WrongValue | None = None
    for show in shows:
        try:
            for name in names:
                check_readable(show, name)
        except WrongValue as error:
            first = first or error
        else:
            return True
    if first is not None:
        host.say(first.message, f"{host.key('edit_toml')} opens it", "error")
    return False
