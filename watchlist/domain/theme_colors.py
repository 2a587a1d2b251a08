"""Colors of the two built-in themes, for the interface, the panels and exported pages."""

from __future__ import annotations

from collections.abc import Mapping

from watchlist.domain.frozen import Frozen


class Palette(Frozen):
    """Colors by purpose, as `#rrggbb`. Text has a contrast of at least 4.5 to each of the three backgrounds (WCAG 2 AA)."""

    name: str
    dark: bool
    background: str  # behind the list
    surface: str  # behind the details
    panel: str  # behind bars and the row of the cursor
    foreground: str
    dim: str
    primary: str  # headings, planned
    border: str  # lines, which need less contrast than text
    accent: str  # stars, keys, watching, the title
    success: str  # watched, done
    warning: str  # needs attention
    error: str  # dropped, wrong


BALLARD = Palette(
    name="ballard",
    dark=True,
    background="#0f1720",
    surface="#131d28",
    panel="#1b2938",
    foreground="#dbe4ec",
    dim="#94a3b1",
    primary="#7fb2d9",
    border="#4f7391",
    accent="#e3b65b",
    success="#8fbf87",
    warning="#e0965a",
    error="#db7468",
)
BALLARD_LIGHT = Palette(
    name="ballard-light",
    dark=False,
    background="#f7f4ec",
    surface="#f0ece0",
    panel="#e6e0d0",
    foreground="#1e2a36",
    dim="#5a636b",
    primary="#2f6690",
    border="#7f9db3",
    accent="#89590b",
    success="#2f6b36",
    warning="#9a4b12",
    error="#a3322a",
)
# A color of the terminal for colors of the palette, for text on an unknown background.
TERMINAL_COLORS: Mapping[str, str] = {
    "accent": "yellow", "primary": "blue", "success": "green", "dim": "bright_black", "error": "red",
}  # fmt: skip
PALETTES = {palette.name: palette for palette in (BALLARD, BALLARD_LIGHT)}


def contrast(color: str, background: str) -> float:
    """Return the contrast ratio of two colors (`#rrggbb`) by WCAG 2, from 1 to 21."""
    darker, lighter = sorted((_luminance(color), _luminance(background)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
