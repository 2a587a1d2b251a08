"""The start: the state of the list in the first frame, and the rest of a long list, which is read while that is shown."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from watchlist.domain.glyphs import glyphs
from watchlist.domain.services import running
from watchlist.query import parse_sort
from watchlist.settings import Config
from watchlist.store.library import Library
from watchlist.tui.state.list_state import ListState
from watchlist.tui.state.preferences import Preferences
from watchlist.tui.widgets.list_columns import DEFAULT_COLUMNS, ColumnChoice, default_columns

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host

SLICE_SECONDS = 0.006  # of reading before the event loop may handle keys
REDRAW_SECONDS = 0.3  # between two updates of the list; a list that loads faster shows no progress
BAR_CELLS = 20  # width of the progress bar


def first_listing(library: Library, config: Config, memory: Preferences, today: date) -> tuple[ListState, str]:
    """Return the state of the list at start, and a warning about preferences that can't be used; empty if all can."""
    sort, unusable = memory.read("sort", parse_sort, config.sort)
    services = running(config.services, today) if config.services else None
    listing = ListState(library.list, today, config.style, sort=sort, services=services, articles=config.sort_articles)
    return listing.with_group(memory.get("group")), memory.problem or unusable


def choose_columns(host: Host) -> None:
    """Show the columns that the user has chosen or, if none, those of the config."""
    wanted = default_columns(host.config)
    if host.memory.get("columns") or wanted != DEFAULT_COLUMNS:
        host.rows.choose_columns(ColumnChoice.read(host.memory.get("columns")), wanted)


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
