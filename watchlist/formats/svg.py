"""SVG: the card of one show as a picture, drawn as the terminal draws it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from watchlist.errors import UsageError
from watchlist.formats.format import WriteOptions
from watchlist.model import Show
from watchlist.text import counted


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """UsageError for anything but exactly one show."""
    if len(shows) != 1:
        raise UsageError(f"an svg shows one show, not {counted(len(shows), 'show')}", "narrow it down, as in id:=heat")
    from watchlist.panels.picture import picture

    out.write(picture(shows[0], options.style))
    options.done(1)
