"""The styles of the panels. They are plain strings, so this module does not import Rich."""

from __future__ import annotations

from watchlist.domain import theme_colors
from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Status
from watchlist.domain.theme_colors import TERMINAL_COLORS, Palette


class Styles(Frozen):
    """A set of styles, named by purpose: `dim` for less important text, `error` for errors and so on.

    Each style has the syntax of Rich: a color (`#e3b65b`, `yellow`), words such as `bold red`, or "" for no style.
    """

    foreground: str = ""
    dim: str = ""
    primary: str = ""
    border: str = ""
    accent: str = ""
    success: str = ""
    warning: str = ""
    error: str = ""

    @classmethod
    def of(cls, colors: Palette) -> Styles:
        """Return the styles for one of this program's palettes."""
        return cls(**{name: getattr(colors, name) for name in cls.names})

    def status(self, status: Status) -> str:
        """Return the style of a status. Style alone never identifies a status; a symbol or word is always shown too."""
        color: str = getattr(self, status.color)
        return color

    def heat(self, rating: float) -> str:
        """Return the style of an episode rating (in stars). There are four styles, from low to high ratings."""
        if rating < 2:
            return self.error
        if rating < 3:
            return self.warning
        return self.accent if rating < 4 else self.success


BALLARD = Styles.of(theme_colors.BALLARD)
BALLARD_LIGHT = Styles.of(theme_colors.BALLARD_LIGHT)
# The terminal's own colors, for `watchlist show`, because the color of the background is unknown.
ANSI = Styles(border="bright_black", warning="magenta", **TERMINAL_COLORS)
PLAIN = Styles()
