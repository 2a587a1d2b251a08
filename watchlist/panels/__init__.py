"""What is drawn with Rich, for the command line and the interface: the details of a show, statistics, the manual."""

from __future__ import annotations

from watchlist.panels.show_panels import card, panels
from watchlist.panels.styles import ANSI, BALLARD, BALLARD_LIGHT, PLAIN, Styles

__all__ = ["ANSI", "BALLARD", "BALLARD_LIGHT", "PLAIN", "Styles", "card", "panels"]
