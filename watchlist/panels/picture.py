"""What Rich draws, as an SVG picture: as the terminal shows it, with nothing fetched from elsewhere.

Rich has an export of its own; it loads a font from the network and gives wide characters half the room they take.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.segment import Segment

from watchlist.model import Show
from watchlist.palette import BALLARD, Palette
from watchlist.panels import card
from watchlist.panels.ink import Ink
from watchlist.ratings import Style
from watchlist.safe import safe

CELLS = 72
SIZE, CELL, LINE, EDGE = 16, 9.63, 18.6, 12  # of the font, a cell, a line and the margin, in pixels
FONTS = "ui-monospace, 'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace"
_PLAIN = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD, 0x20: 0xA0}  # what XML can't hold, and blanks that it would run together


def picture(show: Show, style: Style, palette: Palette = BALLARD) -> str:
    """An SVG document of the card of a show."""
    return drawn(card(show, Ink.of(palette), style), show.title, CELLS, palette)


def drawn(what: RenderableType, title: str, cells: int, palette: Palette = BALLARD) -> str:
    """An SVG document of anything that Rich draws, so many cells wide."""
    console = Console(width=cells, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    rows = console.render_lines(what, pad=False)
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
    """The texts of one line; every one starts at its own cell, whatever the widths of a font."""
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
    style = segment.style
    if style is None:
        return ""
    lines = " ".join(["underline"] * bool(style.underline) + ["line-through"] * bool(style.strike))
    found = {
        "fill": style.color.get_truecolor().hex if style.color is not None and not style.color.is_default else "",
        "font-weight": "bold" if style.bold else "",
        "font-style": "italic" if style.italic else "",
        "text-decoration": lines,
    }
    return "".join(f' {name}="{value}"' for name, value in found.items() if value)


def _text(text: str) -> str:
    return escape(text.translate(_PLAIN))
