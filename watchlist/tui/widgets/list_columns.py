"""Columns of the list: which columns fit, their positions, and the text of a show in a column.

Terminals disagree about the width of some characters in titles, e.g. emoji. A wrong width would misalign all columns to
the right of the title, so the list replaces such characters by similar ones whose width is the same everywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from watchlist.domain.fields import FIELDS
from watchlist.domain.frozen import Frozen
from watchlist.domain.glyphs import METER, meter
from watchlist.domain.model import NOTHING, Show
from watchlist.domain.ratings import DisplayStyle, format_rating, stars
from watchlist.sanitize import safe
from watchlist.settings import Config

DEFAULT_COLUMNS = ("title", "year", "rating", "progress", "platform")
NARROW_COLUMNS = ("title", "rating")
NARROW = 60  # cells; screens below this width show only NARROW_COLUMNS
STARS = 5  # cells of the stars of a rating

# All widths are in cells.
_LEAD = 4  # left of the columns: cursor, status, mark and a blank
_GAP = 2  # between columns
_AIR = 1  # right of the last column; like a gap, it has room for the arrow of the sort order
_TITLE = 20  # minimum of the title, if the columns are the default
_GIVEN_TITLE = 12  # minimum of the title, if the user chose the columns
_NARROW_TITLE = 8  # minimum of the title on a narrow screen
_WIDEST = 24  # maximum of other columns, unless the user chose a width
_NUMBERS = 8  # progress without its bar
LEAST, MOST = 4, 60  # limits of a width that the user may choose
_LONGEST = 2_000  # maximum number of characters of a text; no line is longer


def default_columns(config: Config) -> tuple[str, ...]:
    """Return the columns of the config. If the config has none, return DEFAULT_COLUMNS."""
    return DEFAULT_COLUMNS if config.columns == Config().columns else config.columns


class ListColumn(Frozen):
    """The position of a column on the screen: `start`, counted from the left edge of the list, and `width`, in cells."""

    field: str
    start: int
    width: int
    right: bool  # True if aligned right, e.g. numbers

    @property
    def label(self) -> str:
        """The text of the column heading."""
        return FIELDS[self.field].label

    @property
    def end(self) -> int:
        """The first cell after the column."""
        return self.start + self.width


class ColumnChoice(NamedTuple):
    """Columns chosen by the user, in order, some with a width in cells. Written as text, e.g. `title,year:6`."""

    names: tuple[str, ...]
    widths: Mapping[str, int] = NOTHING

    def __str__(self) -> str:
        return ",".join(f"{name}:{self.widths[name]}" if name in self.widths else name for name in self.names)

    @classmethod
    def read(cls, text: str) -> ColumnChoice | None:
        """Parse e.g. `title,year:6`. Unknown fields and invalid widths are ignored. Return None if no field is left."""
        found: dict[str, int | None] = {}
        for word in text.split(","):
            name, _, cells = word.partition(":")
            if name in FIELDS:
                whole = cells.isascii() and cells.isdigit() and len(cells) < 4
                found[name] = min(max(int(cells), LEAST), MOST) if whole and name != "title" else None
        widths = {name: cells for name, cells in found.items() if cells is not None}
        return cls(tuple(found if "title" in found else ("title", *found)), widths) if found else None

    def width_of(self, name: str) -> int:
        """Return the preferred width of a column in cells."""
        return self.widths.get(name) or min(FIELDS[name].width or _WIDEST, _WIDEST)


def layout(
    names: Sequence[str], width: int, *, narrow: bool = False, widths: Mapping[str, int] | None = None
) -> tuple[ListColumn, ...]:
    """Return the columns that fit in `width` cells, in the order of `names`. The title takes the remaining cells.

    Args:
        names: The wanted columns. If the title is missing, it is put first.
        narrow: Show NARROW_COLUMNS only, unless the user has chosen columns.
        widths: The chosen widths by column; None if the user has not chosen columns.
    """
    wanted = list(dict.fromkeys(names if "title" in names else ("title", *names)))
    if narrow and widths is None:
        wanted = [name for name in wanted if name in NARROW_COLUMNS]
    room = max(1, width - _LEAD - _AIR)
    least = _TITLE if widths is None else _GIVEN_TITLE
    if narrow or width < _LEAD + _TITLE + _GAP:
        least = _NARROW_TITLE
    chosen, taken = widths or {}, {"title": 0}
    for name in wanted:
        cells = chosen.get(name) or _wanted_width(name, room, narrow and widths is not None)
        if name != "title" and room - cells - _GAP >= least:
            taken[name] = cells
            room -= cells + _GAP
    taken["title"] = room
    columns, start = [], _LEAD
    for name in (name for name in wanted if name in taken):
        right = FIELDS[name].type.name == "number" or name == "progress"
        columns.append(ListColumn(name, start, taken[name], right))
        start += taken[name] + _GAP
    return tuple(columns)


def _wanted_width(name: str, room: int, scarce: bool) -> int:
    if name == "rating" and (scarce or room < 2 * _NARROW_TITLE + FIELDS[name].width):
        return STARS + 1  # without the number; the heading needs one cell more
    if name == "progress" and room - FIELDS[name].width - _GAP < 2 * _TITLE:
        return _NUMBERS  # without the bar
    return min(FIELDS[name].width or _WIDEST, _WIDEST)


def cell(show: Show, column: ListColumn, style: DisplayStyle) -> str:
    """Return the text of a show in a column, padded or cut to the width of the column."""
    if column.field == "rating":
        text = rating_text(show.rating, style)  # the number is never cut: shown whole or left out
        return fit(text if len(text) <= column.width else text[:STARS], column.width, style)
    text = fit(FIELDS[column.field].brief(show, style), column.width, style)
    return text if not column.right else (text.rstrip(" ")).rjust(column.width)


def drawn_progress(show: Show, column: ListColumn, style: DisplayStyle) -> tuple[str, str] | None:
    """Return (done part of the progress bar, rest of the bar and numbers); None if the column has no room for a bar.

    If the episodes of the show are unknown, both texts are blank.
    """
    text = FIELDS["progress"].show_as(show, style)
    if not text:
        return "", " " * column.width
    if len(text) + 1 + METER > column.width:
        return None
    done, rest = meter(text, style)
    return done, rest + text.rjust(column.width - METER)


@lru_cache(1000)
def rating_text(rating: float | None, style: DisplayStyle) -> str:
    """Return a rating as stars, with a number unless the stars are exact: `★★★★½ 4.35`; None gives `·····`.

    Other scales always have a number: `★★★★½ 9` on the scale "10".
    """
    drawn = stars(rating, style)
    if rating is None or (style.scale == "stars" and rating * 2 % 1 == 0):
        return drawn
    return f"{drawn} {format_rating(rating, style)}"


def arrows(style: DisplayStyle) -> tuple[str, str]:
    """Return the signs for (ascending, descending) order. In ASCII, they are the signs used in queries."""
    return ("+", "-") if style.ascii else ("↑", "↓")


def fit(text: str, width: int, style: DisplayStyle) -> str:
    """Return `text` in exactly `width` cells, cut with an ellipsis or padded. Control characters are removed."""
    if width <= 0:
        return ""
    text = steady(text[:_LONGEST])
    ellipsis = ("..." if style.ascii else "…")[:width]
    if text.isascii():  # fast path: one cell per character
        return (
            text.ljust(width)
            if len(text) <= width
            else (text[: width - len(ellipsis)].rstrip() + ellipsis).ljust(width)
        )
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - len(ellipsis)).rstrip() + ellipsis, width)


# The replacement of characters whose width differs between terminals; None removes the character.
_UNSTEADY: dict[int, int | None] = {
    **dict.fromkeys((0x200D, 0x20E3)),  # zero-width joiner, enclosing keycap
    **dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),  # variation selectors
    **dict.fromkeys(range(0x1F3FB, 0x1F400)),  # skin tones
    **{code: code - 0x1F1E6 + ord("A") for code in range(0x1F1E6, 0x1F200)},  # flags become letters
}


def steady(text: str) -> str:
    """Return `text` with characters replaced whose width differs between terminals, e.g. a flag by two letters."""
    if text.isascii():
        return safe(text)
    return safe(unicodedata.normalize("NFC", text).translate(_UNSTEADY))
