"""Visits: a dialog, e.g. the statistics, leads to shows in the list, and esc leads back to the dialog."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from watchlist.tui.actions.host import Host, Origin

if TYPE_CHECKING:
    from watchlist.tui.state.list_state import ListState


def visit(
    host: Host, listing: ListState, reopen: Callable[[], Coroutine[Any, Any, None]], goal: str | None = None
) -> None:
    """Draw the list that a dialog leads to, and remember how to go back.

    Args:
        host: The main screen.
        listing: The list to draw.
        reopen: Reopens the dialog in its present state.
        goal: The id of the show to move the cursor to; None if the dialog leads to several shows.
    """
    current, before, listing_before = host.rows.current, origin_of(host), host.listing
    host.show(listing)
    if goal is not None:
        host.rows.go_to(goal)
    host.rows.focus()
    id, place = current.id if current is not None else None, (host.listing.view, host.listing.text)
    host.origin = Origin(listing_before, id, reopen, place, goal, before)


def origin_of(host: Host) -> Origin | None:
    """Return how to go back to the dialog that led to the listed shows; None if no dialog did, or this visit has ended.

    A visit ends if the user leaves its view or filter, or the show to which it led.
    """
    if (origin := host.origin) is None:
        return None
    current = host.rows.current
    at_goal = origin.goal is None or (current is not None and current.id == origin.goal)
    if origin.place != (host.listing.view, host.listing.text) or not at_goal:
        host.origin = None
    return host.origin


def go_back(host: Host, origin: Origin) -> None:
    """Draw the list as it was before a dialog led to shows in it, and reopen that dialog. `origin` holds both."""
    host.origin = origin.before
    host.show(origin.listing.with_library(host.listing.library))
    if origin.show is not None:
        host.rows.go_to(origin.show)
    host.run_worker(origin.reopen(), "back")
