"""Markdown: a table to paste into a note or a README. Special characters in titles are escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TextIO

from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Show
from watchlist.domain.ratings import show_rating
from watchlist.formats.format import WriteOptions
from watchlist.sanitize import safe

COLUMNS = tuple(FIELDS[name] for name in ("title", "year", "status", "rating", "platform"))
# Markdown's special characters, and `:` and `.` in addresses that GitHub would turn into links.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#~|&!$^@]|(?<=\w):(?=/)|(?<=w)\.")


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write a heading and a table with one row per show."""
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
    """Return a text on one line, with Markdown's special characters escaped."""
    return _SPECIAL.sub(r"\\\g<0>", safe(" ".join(text.split())))
