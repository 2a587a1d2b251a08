"""What the next key will ask for, worked out while nobody waits: before the first letter, and between two letters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from watchlist.errors import UsageError
from watchlist.fields import FIELDS
from watchlist.model import Shows
from watchlist.query import parse
from watchlist.query.columns import COLUMNS, few, searched_text
from watchlist.tui.listing import Listing

SLICE = 50  # shows whose texts are folded at once: about a millisecond, which no key notices
REST = 0.005  # seconds between two slices
PAUSE = 0.01  # seconds from a letter that was typed to thinking of the next one: first it is drawn
BLINK = 0.001  # seconds of thinking between two looks at the keyboard
ASKED = ("rating", "status", "kind", "year")  # fields that are asked for most


async def fold(shows: Shows) -> None:
    """Make what words are looked for in, of all the shows of a list that nobody remembers."""
    texts: list[str] = []
    for start in range(0, len(shows), SLICE):
        texts += map(searched_text, shows[start : start + SLICE])
        await asyncio.sleep(REST)
    shows.columns.setdefault("searched", texts)


def before_a_search(listing: Listing, columns: Sequence[str]) -> None:
    """Have all there that it takes to look for a word and to draw what is found, in these columns. Fit for a thread.

    What is worked out is kept by whom it was asked of: by the shows, by the rows they are read from, by the query language.
    """
    shows = listing.library.shows
    shows.column("searched", searched_text)
    for name in ASKED:
        few(shows, name, shows.column(name, COLUMNS[name])).numbers(listing.unfiltered)
    shows.places  # noqa: B018 - worked out once, and kept
    for show in shows[-1:]:  # what rows are drawn from is read for all shows when it is asked of one
        COLUMNS["is:broken"](show)
        for name in ("status", *columns):
            FIELDS[name].get(show)
    # Of a list of its own: what is remembered of the answers is the other thread's.
    parse("a title::a year:1..", own_keys=listing.own_keys, today=listing.today).rows(Shows(shows[:1]))
    with contextlib.suppress(UsageError):
        parse("is:x")  # every query that is typed is wrong on the way, and a name that is near is looked for


class Thinking:
    """While the fingers are on their way to the next key, what a next letter would find is worked out."""

    def __init__(self, listing: Callable[[], Listing]) -> None:
        """`listing` gives what is drawn at the moment."""
        self._listing = listing
        self._task: asyncio.Task[None] | None = None

    def go_on(self) -> None:
        """Think until there is nothing left to think about, if nobody does already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._think())

    async def _think(self) -> None:
        from watchlist.query.words import look_ahead  # who types nothing does not wait for it

        await asyncio.sleep(PAUSE)
        while look_ahead(self._listing().library.shows, self._listing().unfiltered, BLINK):
            await asyncio.sleep(0)
