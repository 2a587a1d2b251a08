"""Finds where to insert new shows in the text, so that a list sorted by id or title stays sorted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from watchlist.domain.model import Show
from watchlist.domain.text import fold
from watchlist.store.snapshot import Snapshot


def parts_above(snapshot: Snapshot, shows: Sequence[Show]) -> Iterator[tuple[Show, int]]:
    """Yield (new show, index of the part of the text below which to insert its block), the last show first.

    A part is the block of one show, or text between blocks. Indexes count from 0; -1 means the start of the text. If
    the list has fewer than three shows, or is not sorted by id or title, new shows go below its last show.
    """
    document, listed = snapshot.document, snapshot.list.shows
    end = document.place(len(listed) - 1) if listed else len(document) - 1
    for key in (_id, _title) if shows and len(listed) > 2 else ():
        keys = list(map(key, listed))
        if all(a <= b for a, b in pairwise(keys)):
            numbers = [(show, bisect_right(keys, key(show))) for show in sorted(shows, key=key, reverse=True)]
            return ((show, document.place(n) - 1 if n < len(listed) else end) for show, n in numbers)
    return ((show, end) for show in reversed(shows))


def _id(show: Show) -> str:
    """Return the id of a show, the sort key of a list sorted by id."""
    return show.id


def _title(show: Show) -> str:
    """Return the folded title of a show, the sort key of a list sorted by title."""
    return fold(show.title)
