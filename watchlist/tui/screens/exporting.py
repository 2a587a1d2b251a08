"""Exporting from the main screen: the dialog asks, a thread writes, a bar shows how far it is."""

from __future__ import annotations

from watchlist.tui.screens.acting import Acting

LONG = 500  # shows from which on a bar is shown


class Exporting(Acting):
    """The action `export`."""
