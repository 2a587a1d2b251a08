"""Plain text in columns: what fits into a mail. The title stands last, so that the columns line up in any script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from watchlist.formats.format import WriteOptions
from watchlist.model import Show, Status
from watchlist.ratings import show_rating, stars
from watchlist.safe import safe

_STATUS = max(map(len, Status))


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """`★★★★½ 4.5    planned   2025  Ballard (Prime Video)`, a line a show."""
    width = max((len(show_rating(show.rating, options.style)) for show in shows), default=0)
    for count, show in enumerate(shows, 1):
        rating = f"{stars(show.rating, options.style)} {show_rating(show.rating, options.style):<{width}}"
        where = f" ({show.platform})" if show.platform else ""
        title = safe(" ".join(f"{show.title}{where}".split()))
        out.write(f"{rating}  {show.status:<{_STATUS}}  {show.year or '':<4}  {title}\n")
        options.done(count)
