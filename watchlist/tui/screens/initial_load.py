"""Loading at start: reads the rest of a long list while its first shows are already on the screen."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from watchlist.domain.glyphs import glyphs

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host

SLICE_SECONDS = 0.006  # of reading before the event loop may handle keys
REDRAW_SECONDS = 0.3  # between two updates of the list; a list that loads faster shows no progress
BAR_CELLS = 20  # width of the progress bar


def greet(host: Host, unusable: str) -> None:
    """Show a message if the list file does not exist yet, and `unusable`, a warning about preferences, if not empty."""
    if not host.library.list_file.exists:
        message = f"New list: your first change creates {host.library.file}"
        short = "New list: saved at your first change"  # fits 40 columns
        host.say(message if len(message) + 2 <= host.app.size.width else short, tone="info")
    if unusable:
        host.say(unusable, tone="warning")


async def load(host: Host, prepare_filter: Callable[[], None]) -> None:
    """Read in the background what the first frame did not need of the list. Then write its cache file, and check for losses.

    `prepare_filter`, which creates the input of the filter, is called once the list is read.
    """
    if host.library.list_file.reading is not None:
        await _read(host)
    await asyncio.sleep(REDRAW_SECONDS)
    prepare_filter()  # now, so that the first key of a filter does not wait for it
    gc.freeze()  # the list stays in memory: garbage collections that walk through it delay keys
    gc.enable()
    await asyncio.to_thread(host.library.list_file.remember)
    await asyncio.to_thread(host.library.check)


async def _read(host: Host) -> None:
    """Read a long list in slices, and show the first part and the progress meanwhile."""
    begun = shown = time.monotonic()
    pause = 0.0
    while progress := host.library.list_file.reading:
        host.library.list_file.read_on(SLICE_SECONDS)
        await asyncio.sleep(0)
        if (now := time.monotonic()) - shown > max(REDRAW_SECONDS, pause):
            _show_part(host)
            host.say(_progress(host, *progress, now - begun), tone="info")
            shown = time.monotonic()
            pause = 8 * (shown - now)  # drawing a very long list is slow: limit it to a ninth of the time
    _show_part(host)
    if shown > begun:
        host.say(f"Read {len(host.library.list.shows):,} shows", tone="info")


def _show_part(host: Host) -> None:
    """Draw the shows read so far. If the cursor is on the first row, keep it there."""
    at_top = host.rows.cursor == 0
    host.show(host.listing.with_library(host.library.list))
    if at_top:
        host.rows.cursor = 0


def _progress(host: Host, done: int, total: int, seconds: float) -> str:
    """Return the progress and the time left: `Reading 400 of 1,000 shows  ████░░░░  2 s`. `seconds` is the time so far."""
    signs = glyphs(host.listing.style)
    full = BAR_CELLS * done // max(1, total)
    seconds_left = round(seconds * (total - done) / max(1, done)) + 1
    bar = signs.full * full + signs.bar_rest * (BAR_CELLS - full)
    return f"Reading {done:,} of {total:,} shows  {bar}  {seconds_left} s"
