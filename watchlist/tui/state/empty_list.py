"""The text shown instead of an empty list: why no show is listed, and which key helps."""

from __future__ import annotations

from collections.abc import Callable

from watchlist.tui.state.list_state import ListState


def empty_text(listing: ListState, key: Callable[[str], str], first_view: str | None) -> str:
    """Return the text that is shown if the list has no rows.

    Args:
        listing: The state of the list.
        key: Returns the label of the key for an action name.
        first_view: The key that opens the view of all shows; None if no key does.
    """
    tab = listing.tabs[listing.view]
    if not listing.library.shows and listing.library.damage is not None:
        return "No show of the file can be read."
    if not listing.library.shows:
        return f"The list is empty. {key('add')} adds a show."
    if tab.wrong:
        return f"{tab.name} can't be shown: {tab.wrong}. Its query is in the file."
    if listing.text:
        where = "" if listing.view == 0 else f" in {tab.name}"
        return f"Nothing matches {listing.query.text}{where}. {key('back')} clears the filter."
    return f"No shows in {tab.name}. {key('add')} adds a show" + (f", {first_view} shows all." if first_view else ".")
