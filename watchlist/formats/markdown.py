"""Markdown: a table to paste into a note or a README. Nothing in a title is taken for Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TextIO

from watchlist.fields import FIELDS
from watchlist.formats.format import WriteOptions
from watchlist.model import Show
from watchlist.ratings import show_rating
from watchlist.safe import safe

COLUMNS = tuple(FIELDS[name] for name in ("title", "year", "status", "rating", "platform"))
_SIGNS = re.compile(r"[\\`*_{}\[\]<>()#~|&!$^@]|(?<=\w):(?=/)|(?<=w)\.")  # the last two would make a link of an address


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """A heading and a table, a row a show."""
    out.write(f"# {escaped(options.title)}\n\n")
    out.write(f"| {' | '.join(field.label for field in COLUMNS)} |\n")
    out.write(f"|{'|'.join('---' for _ in COLUMNS)}|\n")
    for count, show in enumerate(shows, 1):
        cells = (
            show_rating(show.rating, options.style) if field.name == "rating" else escaped(field.show_as(show))
            for field in COLUMNS
        )
        out.write(f"| {' | '.join(cells)} |\n")
        options.done(count)


def escaped(text: str) -> str:
    """`text` on one line, every sign of Markdown in it made a plain character."""
    return _SIGNS.sub(r"\\\g<0>", safe(" ".join(text.split())))
