"""The columns of the list: which of them fit, where they stand, and what a show has in them.

Titles hold emoji and scripts whose width terminals disagree about. One wrong guess would push all that stands right of
the title out of line, so in the list such signs are written in the nearest form that is equally wide everywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from watchlist.fields import FIELDS
from watchlist.glyphs import METER, meter
from watchlist.model import NOTHING, Show
from watchlist.ratings import Style, format_rating, stars
from watchlist.safe import safe
from watchlist.values import Value

DEFAULT_COLUMNS = ("title", "year", "rating", "progress", "platform")
NARROW_COLUMNS = ("title", "rating")
NARROW = 60  # cells of the screen under which only the narrow columns are shown
STARS = 5

_LEAD = 4  # the cursor's bar, the status, the mark, a blank
_GAP = 2
_AIR = 1  # right of everything; the arrow of the order may stand in it, as in a gap
_TITLE = 20  # cells that other columns leave to the title at least
_GIVEN_TITLE = 12  # to columns that were chosen
_NARROW_TITLE = 8
_WIDEST = 24  # of a column that is not the title
_NUMBERS = 8  # of a progress without its bar
LEAST, MOST = 4, 60  # cells of a column whose width is chosen
_LONGEST = 2_000  # characters that are looked at: no line is longer


class Column(Value):
    """A column as drawn: `start` and `width` in cells, counted from the left edge of the list."""

    field: str
    start: int
    width: int
    right: bool  # set flush right, as numbers are

    @property
    def label(self) -> str:
        return FIELDS[self.field].label

    @property
    def end(self) -> int:
        return self.start + self.width


class Choice(NamedTuple):
    """Columns that were chosen, in order, and the cells of those whose width was chosen too. As text `title,year:6`."""

    names: tuple[str, ...]
    widths: Mapping[str, int] = NOTHING

    def __str__(self) -> str:
        return ",".join(f"{name}:{self.widths[name]}" if name in self.widths else name for name in self.names)

    @classmethod
    def read(cls, text: str) -> Choice | None:
        """What was chosen; fields that there are not, and widths that can't be, are dropped. None: nothing was."""
        found: dict[str, int | None] = {}
        for word in text.split(","):
            name, _, cells = word.partition(":")
            if name in FIELDS:
                whole = cells.isascii() and cells.isdigit() and len(cells) < 4
                found[name] = min(max(int(cells), LEAST), MOST) if whole and name != "title" else None
        widths = {name: cells for name, cells in found.items() if cells is not None}
        return cls(tuple(found if "title" in found else ("title", *found)), widths) if found else None

    def width_of(self, name: str) -> int:
        """The cells that a column wants."""
        return self.widths.get(name) or min(FIELDS[name].width or _WIDEST, _WIDEST)


def layout(
    names: Sequence[str], width: int, *, narrow: bool = False, widths: Mapping[str, int] | None = None
) -> tuple[Column, ...]:
    """The columns that fit in `width` cells, in the order of `names`; the title is always there and takes what is left.

    A `narrow` screen has few of them, unless they were chosen: then `widths` has the cells of some.
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
        columns.append(Column(name, start, taken[name], right))
        start += taken[name] + _GAP
    return tuple(columns)


def _wanted_width(name: str, room: int, scarce: bool) -> int:
    if name == "rating" and (scarce or room < 2 * _NARROW_TITLE + FIELDS[name].width):
        return STARS + 1  # without the number; the heading is one wider
    if name == "progress" and room - FIELDS[name].width - _GAP < 2 * _TITLE:
        return _NUMBERS  # without the bar
    return min(FIELDS[name].width or _WIDEST, _WIDEST)


def cell(show: Show, column: Column, style: Style) -> str:
    """What the show has in a column, exactly as wide as the column."""
    if column.field == "rating":
        text = rating_text(show.rating, style)  # a number is shown whole or not at all
        return fit(text if len(text) <= column.width else text[:STARS], column.width, style)
    text = fit(FIELDS[column.field].show_as(show, style), column.width, style)
    return text if not column.right else (text.rstrip(" ")).rjust(column.width)


def drawn_progress(show: Show, column: Column, style: Style) -> tuple[str, str] | None:
    """The done part of a bar, and the rest of it with the numbers; None where they take all the room.

    Of a show whose episodes nobody knows nothing is drawn.
    """
    text = FIELDS["progress"].show_as(show, style)
    if not text:
        return "", " " * column.width
    if len(text) + 1 + METER > column.width:
        return None
    done, rest = meter(text, style)
    return done, rest + text.rjust(column.width - METER)


@lru_cache(1000)
def rating_text(rating: float | None, style: Style) -> str:
    """Stars, and the exact number beside them where they do not say it: `★★★★½ 4.35`, with scale "10" `★★★★½ 9`."""
    drawn = stars(rating, style)
    if rating is None or (style.scale == "stars" and rating * 2 % 1 == 0):
        return drawn
    return f"{drawn} {format_rating(rating, style)}"


def arrows(style: Style) -> tuple[str, str]:
    """The signs of an order that runs upwards and of one that runs downwards; in ASCII as queries write them."""
    return ("+", "-") if style.ascii else ("↑", "↓")


def fit(text: str, width: int, style: Style) -> str:
    """`text` in exactly `width` cells: cut with an ellipsis, or padded. Fit for a terminal."""
    if width <= 0:
        return ""
    text = steady(text[:_LONGEST])
    ellipsis = ("..." if style.ascii else "…")[:width]
    if text.isascii():  # a cell for each, without looking them up
        return (
            text.ljust(width)
            if len(text) <= width
            else (text[: width - len(ellipsis)].rstrip() + ellipsis).ljust(width)
        )
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - len(ellipsis)).rstrip() + ellipsis, width)


_UNSTEADY: dict[int, int | None] = {
    **dict.fromkeys((0x200D, 0x20E3)),  # joins emoji into one, makes a keycap of a digit
    **dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),  # asks for another form of the same sign
    **dict.fromkeys(range(0x1F3FB, 0x1F400)),  # skin tones
    **{code: code - 0x1F1E6 + ord("A") for code in range(0x1F1E6, 0x1F200)},  # the letters of flags
}


def steady(text: str) -> str:
    """`text` in signs whose width all terminals agree about: a joined family as its people, a flag as its letters."""
    if text.isascii():
        return safe(text)
    return safe(unicodedata.normalize("NFC", text).translate(_UNSTEADY))
