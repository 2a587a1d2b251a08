"""The colours of our own two themes: the interface, the panels and the exported pages all take them from here."""

from __future__ import annotations

from watchlist.values import Value


class Palette(Value):
    """Colours by what they are used for, as `#rrggbb`. Text on any of the three grounds has a contrast of 4.5 or more."""

    name: str
    dark: bool
    background: str  # of the list
    surface: str  # of the details
    panel: str  # of bars and the cursor's row
    foreground: str
    dim: str
    primary: str  # headings, planned
    border: str  # a line, so it may be fainter than text
    accent: str  # stars, keys, watching, the title
    success: str  # watched, done
    warning: str  # wants attention
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
PALETTES = {palette.name: palette for palette in (BALLARD, BALLARD_LIGHT)}


def contrast(one: str, other: str) -> float:
    """How well two colours (`#rrggbb`) can be told apart, from 1 to 21: the contrast ratio of WCAG 2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
