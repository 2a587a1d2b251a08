"""Plain text in columns, e.g. for an email. The title is the last column, so that columns align in any script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from watchlist.domain.model import Show, Status
from watchlist.domain.ratings import show_rating, stars
from watchlist.formats.format import WriteOptions
from watchlist.sanitize import safe

_STATUS_WIDTH = max(map(len, Status))


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write one line per show, e.g. `★★★★½ 4.5    planned   2025  Ballard (Prime Video)`."""
    width = max((len(show_rating(show.rating, options.style)) for show in shows), default=0)
    for count, show in enumerate(shows, 1):
        rating = f"{stars(show.rating, options.style)} {show_rating(show.rating, options.style):<{width}}"
        platform = f" ({show.platform})" if show.platform else ""
        title = safe(" ".join(f"{show.title}{platform}".split()))
        out.write(f"{rating}  {show.status:<{_STATUS_WIDTH}}  {show.year or '':<4}  {title}\n")
        options.done(count)
