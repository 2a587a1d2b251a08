"""Converts anything that Rich can draw to an SVG picture without external resources.

Rich's own SVG export loads a font from the network, and draws wide characters at half their width.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.segment import Segment

from watchlist.domain.model import Show
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.theme_colors import BALLARD, Palette
from watchlist.panels.show_panels import card
from watchlist.panels.styles import Styles
from watchlist.sanitize import safe

CELLS = 72  # width of a show's panels in cells
SIZE, CELL, LINE, EDGE = 16, 9.63, 18.6, 12  # font size, cell width, line height and margin, in pixels
FONTS = "ui-monospace, 'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace"
_PLAIN = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD, 0x20: 0xA0}  # characters that XML forbids, and spaces that SVG would collapse


def picture(show: Show, style: DisplayStyle, palette: Palette = BALLARD) -> str:
    """Return the panels of a show as an SVG document."""
    return render_svg(card(show, Styles.of(palette), style), show.title, CELLS, palette)


def render_svg(renderable: RenderableType, title: str, cells: int, palette: Palette = BALLARD) -> str:
    """Return a Rich renderable as an SVG document with the title `title`, `cells` terminal cells wide."""
    console = Console(width=cells, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    rows = console.render_lines(renderable, pad=False)
    width, height = cells * CELL + 2 * EDGE, len(rows) * LINE + 2 * EDGE
    texts = "\n".join(text for row, segments in enumerate(rows) for text in _texts(row, segments))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img">\n'
        f"<title>{_text(safe(title))}</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{palette.surface}"/>\n'
        f'<g font-family="{FONTS}" font-size="{SIZE}" fill="{palette.foreground}">\n'
        f"{texts}\n</g>\n</svg>\n"
    )


def _texts(row: int, segments: list[Segment]) -> Iterator[str]:
    """Yield the SVG text elements of a line. Each is positioned at its cell, because fonts differ in width.

    Args:
        row: The index of the line, from 0.
    """
    column = 0
    for segment in segments:
        text = segment.text.rstrip()
        start = column + len(text) - len(text := text.lstrip())
        if text:
            place = f'x="{EDGE + start * CELL:.2f}" y="{EDGE + (row + 0.8) * LINE:.2f}"'
            length = f'textLength="{cell_len(text) * CELL:.2f}"'
            yield f"<text {place} {length}{_attributes(segment)}>{_text(text)}</text>"
        column += cell_len(segment.text.rstrip("\n"))


def _attributes(segment: Segment) -> str:
    """Return the style of a segment as SVG attributes."""
    style = segment.style
    if style is None:
        return ""
    lines = " ".join(["underline"] * bool(style.underline) + ["line-through"] * bool(style.strike))
    attributes = {
        "fill": style.color.get_truecolor().hex if style.color is not None and not style.color.is_default else "",
        "font-weight": "bold" if style.bold else "",
        "font-style": "italic" if style.italic else "",
        "text-decoration": lines,
    }
    return "".join(f' {name}="{value}"' for name, value in attributes.items() if value)


def _text(text: str) -> str:
    """Return text escaped for XML."""
    return escape(text.translate(_PLAIN))
