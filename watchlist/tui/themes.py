"""The two themes of this program, added to those of Textual, and the colors of the current theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from watchlist.domain.theme_colors import PALETTES, Palette

if TYPE_CHECKING:
    from watchlist.panels.styles import Styles


def _theme(palette: Palette) -> Theme:
    """Convert a palette to a Textual theme. Its `text-*` colors are set, because Textual would derive other ones."""
    return Theme(
        name=palette.name,
        dark=palette.dark,
        background=palette.background,
        surface=palette.surface,
        panel=palette.panel,
        foreground=palette.foreground,
        primary=palette.primary,
        secondary=palette.border,
        accent=palette.accent,
        success=palette.success,
        warning=palette.warning,
        error=palette.error,
        variables={
            "text-primary": palette.primary,
            "text-accent": palette.accent,
            "text-success": palette.success,
            "text-warning": palette.warning,
            "text-error": palette.error,
            "text-muted": palette.dim,
            "foreground-muted": palette.dim,
            "border": palette.primary,
            "border-blurred": palette.border,
            "block-cursor-foreground": palette.background,
            "block-cursor-background": palette.primary,
            "block-cursor-blurred-background": palette.panel,
            "block-cursor-blurred-foreground": palette.foreground,
            "button-color-foreground": palette.background,
            "input-cursor-background": palette.accent,
            "input-cursor-foreground": palette.background,
            "footer-key-foreground": palette.accent,
            "scrollbar": palette.border,
            "scrollbar-hover": palette.primary,
            "scrollbar-active": palette.primary,
            "scrollbar-background": palette.surface,
            "scrollbar-background-hover": palette.surface,
            "scrollbar-background-active": palette.surface,
        },
    )


BALLARD, BALLARD_LIGHT = map(_theme, PALETTES.values())
OWN = (BALLARD, BALLARD_LIGHT)
DEFAULT = BALLARD.name
# With `App(ansi_color=True)`: only the colors of the terminal. Textual 8.2.4 and older have one such theme.
NO_COLOR = "ansi-dark" if "ansi-dark" in BUILTIN_THEMES else "textual-ansi"


def names() -> tuple[str, ...]:
    """Return the names of all themes, this program's own themes first."""
    return (*(theme.name for theme in OWN), *BUILTIN_THEMES)


def uses_terminal_colors(app: App[Any]) -> bool:
    """Return True if the app draws with the palette of the terminal. False means that a theme's own colors are used."""
    return bool(getattr(app, "native_ansi_color", app.ansi_color))  # Textual 8.2.4 and older have `ansi_color` alone


def theme_color(app: App[Any], name: str, ground: Color | None = None) -> Color:
    """Return the theme color `name`, e.g. `text-muted`. A translucent color is blended with `ground`, if that is given."""
    value, _, share = app.theme_variables[name].partition(" ")
    part = float(share.strip(" %") or 100) / 100
    if value == "auto" and ground is not None:  # e.g. `auto 60%`: that share of black or white, whichever is readable
        return ground + ground.get_contrast_text(part)
    found = Color.parse(value)
    if not found.a:  # transparent, like the surfaces of themes with terminal colors
        found = Color.parse(app.theme_variables["background"])
    return found if ground is None or found.ansi is not None else ground + found.multiply_alpha(part)


def ink_of(app: App[Any]) -> Styles:
    """Return the Rich styles for panels, made from the colors of the app's theme on the background of the details pane."""
    from watchlist.panels import styles  # slow to import, and not needed for the first frame

    if uses_terminal_colors(app):
        return styles.ANSI
    ground = theme_color(app, "surface")

    def color(name: str) -> str:
        return theme_color(app, name, ground).hex6

    return styles.Styles(
        foreground=color("foreground"),
        dim=color("text-muted"),
        primary=color("text-primary"),
        border=color("border-blurred") if app.current_theme in OWN else color("primary-muted"),
        accent=color("text-accent"),
        success=color("text-success"),
        warning=color("text-warning"),
        error=color("text-error"),
    )
