"""The styles that the panels are drawn with; who draws them brings the ink. Nothing of Rich is needed for it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from watchlist import palette
from watchlist.model import Status
from watchlist.palette import Palette


@dataclass(frozen=True, slots=True)
class Ink:
    """Rich styles by what they are used for: a colour (`#e3b65b`, `yellow`), several words, or nothing at all."""

    foreground: str = ""
    dim: str = ""
    primary: str = ""
    border: str = ""
    accent: str = ""
    success: str = ""
    warning: str = ""
    error: str = ""

    @classmethod
    def of(cls, colors: Palette) -> Ink:
        """The ink of one of our own themes."""
        return cls(**{field.name: getattr(colors, field.name) for field in fields(cls)})

    def status(self, status: Status) -> str:
        """The style of a status; its glyph and its word say the same."""
        return {
            Status.WATCHING: self.accent,
            Status.PLANNED: self.primary,
            Status.WATCHED: self.success,
            Status.PAUSED: self.dim,
            Status.DROPPED: self.error,
        }[status]

    def heat(self, rating: float) -> str:
        """The style of an episode's rating, from cold to warm."""
        if rating < 2:
            return self.error
        if rating < 3:
            return self.warning
        return self.accent if rating < 4 else self.success


BALLARD = Ink.of(palette.BALLARD)
BALLARD_LIGHT = Ink.of(palette.BALLARD_LIGHT)
# The terminal's own colours, where nobody knows its ground.
ANSI = Ink("", "bright_black", "blue", "bright_black", "yellow", "green", "magenta", "red")
PLAIN = Ink()
