"""SVG: a picture of one show, as drawn by `watchlist show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from watchlist.domain.model import Show
from watchlist.domain.text import counted
from watchlist.errors import UsageError
from watchlist.formats.format import WriteOptions


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write the picture of the only show in `shows`. Raise UsageError if there is no show or more than one."""
    if len(shows) != 1:
        raise UsageError(f"an svg shows one show, not {counted(len(shows), 'show')}", "narrow it down, e.g. id:=heat")
    from watchlist.panels.svg_picture import picture  # saves importing Rich for the other formats

    out.write(picture(shows[0], options.style))
    options.done(1)
