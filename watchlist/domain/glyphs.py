"""Symbols of the program in Unicode and ASCII, each one cell wide."""

from __future__ import annotations

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Status
from watchlist.domain.ratings import DisplayStyle


class Glyphs(Frozen):
    """All symbols in one character set, Unicode or ASCII. Each is one cell wide."""

    wrong: str  # next to a value that is invalid in the file
    cursor: str  # next to the row of the cursor
    marked: str  # next to a row that the user has marked
    dot: str  # between two facts on one line
    times: str  # the multiplication sign
    full: str  # the done part of a bar
    bar_rest: str  # the undone part of a bar
    none: str  # in place of a value that is compared and missing
    folded: str  # before the heading of a part that can be opened
    open: str  # before the heading of an open part
    heat: str  # five shades of a calendar day, from no viewing to the most


UNICODE = Glyphs("!", "▌", "✓", "·", "×", "━", "─", "–", "▸", "▾", "·░▒▓█")
ASCII = Glyphs("!", "|", "+", "-", "x", "#", "-", "-", ">", "v", ".-+*#")


def glyphs(style: DisplayStyle) -> Glyphs:
    """Return the symbols for a display style."""
    return ASCII if style.ascii else UNICODE


def status_glyph(status: Status, style: DisplayStyle) -> str:
    """Return the symbol of a status, so that a status is never shown by color alone."""
    return status.ascii_glyph if style.ascii else status.glyph


METER = 5  # the width of a bar in a list column, in cells


def meter(progress: str, style: DisplayStyle) -> tuple[str, str]:
    """Return (done, undone), the two parts of a bar of METER cells, for a progress such as `3/10` or `3/?`; see `bar`."""
    seen, _, total = progress.partition("/")
    return bar(int(seen), None if total == "?" else int(total), METER, style)


def bar(seen: int, total: int | None, cells: int, style: DisplayStyle) -> tuple[str, str]:
    """Return (done, undone), the two parts of a progress bar of `cells` cells.

    The bar has at least one done cell if `seen` is not 0, and is full only if everything is done. If `total` is None
    (unknown), at most one cell is done.

    Args:
        seen: The number of watched episodes.
        total: The number of all episodes.
    """
    share = min(1.0, seen / total) if total else 0.0
    done, symbols = int(share * cells) or int(seen > 0), glyphs(style)
    return symbols.full * done, symbols.bar_rest * (cells - done)
