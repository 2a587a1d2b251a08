"""The symbol and the color of each status, the same in the list, in panels, on the command line and in HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from watchlist.domain.model import Status


class StatusStyle(NamedTuple):
    """The symbol of a status in Unicode and in ASCII, one cell wide, and its color."""

    glyph: str
    ascii_glyph: str
    color: str  # a color of `theme_colors.Palette`


STATUS_STYLES: Mapping[Status, StatusStyle] = {
    Status.WATCHING: StatusStyle("◐", ">", "accent"),
    Status.PLANNED: StatusStyle("○", "o", "primary"),
    Status.WATCHED: StatusStyle("●", "*", "success"),
    Status.PAUSED: StatusStyle("‖", "=", "dim"),
    Status.DROPPED: StatusStyle("×", "x", "error"),
}
# A color of the terminal for each color of the palette, for text on an unknown background.
TERMINAL_COLORS: Mapping[str, str] = {
    "accent": "yellow", "primary": "blue", "success": "green", "dim": "bright_black", "error": "red",
}  # fmt: skip
