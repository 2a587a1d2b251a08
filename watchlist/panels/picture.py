"""The card of one show as an SVG picture that needs nothing from elsewhere."""

from __future__ import annotations

import io
from html import escape

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from watchlist.model import Show
from watchlist.palette import BALLARD, Palette
from watchlist.panels import card
from watchlist.panels.ink import Ink
from watchlist.ratings import Style
from watchlist.safe import safe

WIDTH = 72  # cells
# Rich's own template fetches a font from the network and draws a window around everything.
_TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {terminal_width} {terminal_height}" role="img">
<style>
.{unique_id}-matrix {{
font-family: ui-monospace, "DejaVu Sans Mono", "Cascadia Mono", Menlo, Consolas, monospace;
font-size: {char_height}px; line-height: {line_height}px; white-space: pre; font-variant-east-asian: full-width;
}}
{styles}
</style>
<title>{title}</title>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
<rect fill="GROUND" width="{terminal_width}" height="{terminal_height}" rx="8"/>
<g transform="translate(0, 4)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture(show: Show, style: Style, palette: Palette = BALLARD) -> str:
    """An SVG document."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(card(show, Ink.of(palette), style))
    ground, text = _rgb(palette.surface), _rgb(palette.foreground)
    return console.export_svg(
        title=escape(safe(show.title)),
        theme=TerminalTheme(ground, text, [ground] * 8),
        code_format=_TEMPLATE.replace("GROUND", palette.surface),
        unique_id="card",
    )


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
