"""The signs of the program, each one cell wide, with a form for terminals that have ASCII only."""

from __future__ import annotations

from watchlist.model import Status
from watchlist.ratings import Style
from watchlist.values import Value


class Glyphs(Value):
    """One set of signs."""

    status: dict[Status, str]
    wrong: str  # a value in the file that its field does not take
    cursor: str
    marked: str
    dot: str  # between two facts on a line
    times: str
    full: str  # the done part of a bar
    left: str  # and the rest of it
    heat: str  # a day without a viewing, then more and more of them


UNICODE = Glyphs(dict(zip(Status, "◐○●‖×", strict=True)), "!", "▌", "✓", "·", "×", "━", "─", "·░▒▓█")
ASCII = Glyphs(dict(zip(Status, ">o*=x", strict=True)), "!", "|", "+", "-", "x", "#", "-", ".-+*#")


def glyphs(style: Style) -> Glyphs:
    """The signs of this style."""
    return ASCII if style.ascii else UNICODE


def status_glyph(status: Status, style: Style) -> str:
    """How a status looks in one cell; it is never told by colour alone."""
    return glyphs(style).status[status]


METER = 5  # cells of a bar in a column


def meter(progress: str, style: Style) -> tuple[str, str]:
    """The done and the undone part of a bar for `3/10`: something is done as soon as anything is, all when all is."""
    seen, _, episodes = progress.partition("/")
    share = min(1.0, int(seen) / int(episodes))
    done, signs = int(share * METER) or int(share > 0), glyphs(style)
    return signs.full * done, signs.left * (METER - done)
