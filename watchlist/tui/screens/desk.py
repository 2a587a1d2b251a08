"""What the main screen stands on: one library, how it is looked at, and the widgets that show it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen

from watchlist.config import Config
from watchlist.errors import WatchlistError
from watchlist.glyphs import glyphs
from watchlist.keys import footer, key_label, view_keys
from watchlist.model import Damage
from watchlist.query import parse_sort
from watchlist.store.library import Library
from watchlist.text import counted
from watchlist.tui.ahead import Thinking, before_a_search, fold
from watchlist.tui.listing import Listing
from watchlist.tui.memory import Memory
from watchlist.tui.painter import Painter
from watchlist.tui.widgets.columns import DEFAULT_COLUMNS, Choice
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.filter_bar import FilterBar
from watchlist.tui.widgets.footer import KeyBar
from watchlist.tui.widgets.message_bar import MessageBar, Tone
from watchlist.tui.widgets.show_list import ShowList
from watchlist.tui.widgets.views_bar import ViewsBar

if TYPE_CHECKING:
    from watchlist.tui.screens.confirm import Typing
    from watchlist.tui.screens.damage import DamageBanner

POLL = 1.0  # seconds between two looks at the file
MOMENT = 0.006  # seconds of reading between two looks at the keyboard
SOON = 0.3  # seconds: what is done by then need not be drawn, and what comes up after the first frame waits so long
AT_ONCE = 0.05  # seconds that drawing waits for the disk at most
GRACE = 2 * POLL - 0.1  # seconds that another program has for the rest of what it writes
BAR = 20  # cells of the bar over what is read
T = TypeVar("T")
_THREAD = ThreadPoolExecutor(1, "store")


async def soon(act: Callable[[], T]) -> T:
    """What `act` gives, which goes to the disk: in a thread, so that a slow one holds up nothing.

    Drawing waits for it a moment all the same: most disks are done by then, and what is drawn next has it in it.
    """
    begun = _THREAD.submit(act)
    with contextlib.suppress(TimeoutError):
        begun.exception(AT_ONCE)
    return await asyncio.wrap_future(begun)


def in_turn(act: Callable[[], object]) -> None:
    """Do what goes to the disk after all that goes there already. The program does not end before."""
    _THREAD.submit(act)


def _running(config: Config, today: date) -> frozenset[str] | None:
    """The keys of the services that run today; None where the config names none."""
    if not config.services:
        return None
    from watchlist.services import running

    return running(config.services, today)


class Panes(Horizontal):
    """The list and the details, side by side."""

    BLANK = True


class Desk(Screen[None]):
    """Draws what `Listing` says, and looks at the file for what others write into it."""

    AUTO_FOCUS = "ShowList"
    BLANK = True  # nothing of it is seen between what stands on it: Textual need not draw that line by line

    def __init__(self, library: Library, config: Config, memory: Memory, today: Callable[[], date]) -> None:
        super().__init__()
        self._compositor = Painter()
        self._thinking = Thinking(lambda: self.listing)
        self.library, self.config, self.memory, self.today = library, config, memory, today
        sort = parse_sort(memory.get("sort", config.sort))
        self.listing = Listing(library.list, today(), config.style, sort=sort, services=_running(config, today()))
        self.listing = self.listing.with_group(memory.get("group"))
        self.marked: set[str] = set()  # ids
        self.busy_until = 0.0  # seconds of the monotonic clock, while a change is on its way to the disk
        self._standing: dict[str, str] = {}  # what is wrong, by what it is about
        self._forms: dict[str, Typing[Any]] = {}  # those that are open, or not stored yet, by what they are about
        self._doubt, self._doubted = "", 0.0  # what may be wrong with the file, and since which second
        self._barred = library.barred  # why the file can't be changed, as a sentence goes on after its name
        self._told: tuple[Damage | None, str, str] = None, "", ""  # what the banner says is wrong

    def compose(self) -> ComposeResult:
        # Textual would set it after the first layout: all would be styled and drawn twice, and seen to jump.
        reached = [name for start, name in self.app.HORIZONTAL_BREAKPOINTS or () if start <= self.app.size.width]
        self.add_class(*reached[-1:])
        yield ViewsBar()
        yield FilterBar(self.filter_by)
        with Panes(id="panes"):
            yield ShowList()
            yield Details()
        yield MessageBar()
        yield KeyBar(footer(self.config.keys))

    def on_mount(self) -> None:
        if self.memory.get("columns") or self.own_columns != DEFAULT_COLUMNS:
            self.rows.choose_columns(Choice.read(self.memory.get("columns")), self.own_columns)
        self.rows.focus()
        self.show(self.listing)
        if not self.library.exists:
            said = f"Nothing is on disk yet; the first change creates {self.library.file}"
            short = "Nothing saved yet; a change creates it"  # fits 40 columns
            self.say(said if len(said) + 2 <= self.app.size.width else short, tone="info")
        self.set_interval(POLL, self.look_at_the_file)
        self._get_ready()

    @work
    async def _get_ready(self) -> None:
        """Read what is not read yet, and then make what else will be asked for, while nobody waits for it."""
        new = self.library.reading is not None
        if new:
            await self._read()
        await asyncio.sleep(SOON)
        self.query_one(FilterBar).get_ready()
        gc.freeze()  # what is there by now stays: looking through it again and again would make keys wait
        gc.enable()
        if new:
            await fold(self.library.list.shows)
        await asyncio.to_thread(self.library.remember)
        await asyncio.to_thread(self.library.check)

    async def _read(self) -> None:
        """Read the rest of a long list, a moment at a time, and show how far it is."""
        begun = shown = time.monotonic()
        pause = 0.0
        while progress := self.library.reading:
            self.library.read_on(MOMENT)
            await asyncio.sleep(0)
            if (now := time.monotonic()) - shown > max(SOON, pause):
                self._show_more()
                self._say_progress(*progress, now - begun)
                shown = time.monotonic()
                pause = 8 * (shown - now)  # of a very long list, drawing it takes time too
        self._show_more()
        if shown > begun:  # else nobody saw that it took a while
            self.say(f"Read {counted(len(self.library.list.shows), 'show')}", tone="info")

    def _show_more(self) -> None:
        """What was read since; whoever has not moved yet stays at the top."""
        at_top = self.rows.cursor == 0
        self.show(self.listing.with_library(self.library.list))
        if at_top:
            self.rows.cursor = 0

    def _say_progress(self, done: int, total: int, seconds: float) -> None:
        signs = glyphs(self.listing.style)
        full = BAR * done // max(1, total)
        left = round(seconds * (total - done) / max(1, done)) + 1
        bar = signs.full * full + signs.left * (BAR - full)
        self.say(f"Reading {done} of {counted(total, 'show')}  {bar}  {left} s", tone="info")

    @work
    async def get_ready_to_search(self) -> None:
        """Before the first letter is typed, have all there that it takes to look for a word."""
        await asyncio.to_thread(before_a_search, self.listing, self.own_columns)
        self._thinking.go_on()

    # What is drawn

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns where none were chosen here: those of the config, or what suits this list best."""
        return DEFAULT_COLUMNS if self.config.columns == Config().columns else self.config.columns

    @property
    def rows(self) -> ShowList:
        return self.query_one(ShowList)

    def show(self, listing: Listing) -> None:
        """Draw the list as this value says."""
        self.listing = listing
        tab, sort = listing.tabs[listing.view], listing.shown_sort
        shown = (sort[0].name, sort[1]) if sort else None
        self.marked &= listing.library.shows.places.keys() if self.marked else set()
        self.query_one(ViewsBar).show_views(
            [(tab.name, None if tab.wrong else tab.count) for tab in listing.tabs], listing.view, style=listing.style
        )
        bar = self.query_one(FilterBar)
        bar.text = listing.text
        wrong = listing.wrong or tab.wrong
        bar.report(len(listing.rows), tab.count, shown, wrong=wrong, style=listing.style)
        self._count_marks()
        self._say_standing("filter", wrong if bar.is_cut else "", tone="warning")
        self._tell()
        empty = None if listing.rows else self._nothing(listing)
        marked, headings = frozenset(self.marked), listing.headings
        self.rows.set_rows(listing.rows, style=listing.style, marked=marked, sort=shown, empty=empty, headings=headings)
        self.query_one(Details).show_details(self.rows.current, style=listing.style, today=listing.today)

    def filter_by(self, text: str) -> None:
        """The list as a text leaves it that is being typed."""
        self.show(self.listing.with_text(text, typing=True))
        self._thinking.go_on()

    def mark(self, ids: set[str]) -> None:
        """These shows are marked, and no others."""
        self.marked = ids
        self.rows.marked = frozenset(ids)
        self._count_marks()

    def _count_marks(self) -> None:
        shown = sum(show.id in self.marked for show in self.listing.rows) if self.marked else 0
        self.query_one(FilterBar).report_marks(len(self.marked), len(self.marked) - shown)

    def _nothing(self, listing: Listing) -> Content:
        """What stands in an empty list: why it is empty, and the key that helps."""
        tab = listing.tabs[listing.view]
        if not listing.library.shows and listing.library.damage is not None:
            return Content("No show of the file can be read.")
        if not listing.library.shows:
            return Content(f"The list is empty. {self.key('add')} adds a show.")
        if tab.wrong:
            return Content(f"{tab.name} can't be shown: {tab.wrong}. Its query is in the file.")
        if listing.text:
            where = "" if listing.view == 0 else f" in {tab.name}"
            return Content(f"Nothing matches {listing.query.text}{where}. {self.key('back')} clears the filter.")
        back = dict(view_keys(self.config.keys)).get(1)
        return Content(
            f"Nothing is in {tab.name}. {self.key('add')} adds a show" + f", {back} goes to all." * bool(back)
        )

    def say(self, text: str, hint: str = "", tone: Tone = "done") -> None:
        self.query_one(MessageBar).say(text, hint, tone, style=self.listing.style)

    @property
    def busy(self) -> bool:
        """Whether a change is on its way to the disk, and not stuck there."""
        return time.monotonic() < self.busy_until

    def key(self, name: str) -> str:
        """The key of a command, as the config has it."""
        return key_label(name, self.config.keys) or f":{name}"

    # Looking at the file

    @work(exclusive=True, group="poll")
    async def look_at_the_file(self, at_once: bool = False) -> None:
        try:
            await (soon if at_once else asyncio.to_thread)(self._look)
        except WatchlistError as error:
            self._say_standing("file", error.message, error.hint)
            return
        self._say_standing("file", "")
        before, now = self.listing.library, self.library.list
        # Held against what is drawn: a look that another one cut off may have read it. A change of ours draws itself.
        if now is not before and self.library.reading is None and not self.busy_until:
            self.show(self.listing.with_library(now))
            from watchlist import edits

            if found := edits.deltas(before, now):
                self.say(f"Elsewhere: {edits.describe(found, self.listing.style)}", tone="info")
            await asyncio.to_thread(self.library.check)
        if self.library.doubt != self._doubt:
            self._doubt, self._doubted = self.library.doubt, time.monotonic()
        self._tell()

    def _look(self) -> None:
        self._barred = self.library.barred
        self.library.reload()

    def is_barred(self) -> bool:
        """Whether nothing can be stored there, whatever the list is. Says why."""
        if self._barred:
            self._barred = self.library.barred  # it may have been put right since
        if self._barred:
            self.say(f"The file {self._barred}", "it can be looked at, and not changed", "error")
        return bool(self._barred)

    def tell_of_doubt(self) -> None:
        """Say at once why what is on disk is not taken for the list: a change waits for it."""
        self._doubt, self._doubted = self.library.doubt, -GRACE
        self._tell()

    def _tell(self) -> None:
        """Have the banner say what is wrong with the file. What may be half a write of another program has a while."""
        doubt = self._doubt if time.monotonic() - self._doubted >= GRACE else ""
        wrong = self.listing.library.damage, doubt, self._barred
        if wrong != self._told:
            self._told = wrong
            banner = self._banner()
            banner.show_damage(wrong[0], doubt, barred=self._barred)
            if any(wrong[:2]):
                self._name_newest_backup(banner)

    def _banner(self) -> DamageBanner:
        """Above the list, from the first time that something is wrong."""
        from watchlist.tui.screens.damage import DamageBanner

        if not self.query(DamageBanner):
            self.mount(DamageBanner(self.key("edit_toml"), self.key("backups")), before="#panes")
        return self.query_one(DamageBanner)

    @work(exclusive=True, group="backups")
    async def _name_newest_backup(self, banner: DamageBanner) -> None:
        from watchlist.tui.screens.backups import newest

        damage, doubt, barred = self._told
        with contextlib.suppress(WatchlistError):  # there is none that can be read
            banner.show_damage(damage, doubt, await asyncio.to_thread(newest, self.library), barred=barred)

    def _say_standing(self, about: str, text: str, hint: str = "", tone: Tone = "error") -> None:
        """What is wrong is said once, not with every look, and taken back when it is over."""
        before, self._standing[about] = self._standing.get(about, ""), text
        if text and text != before:
            self.say(text, hint, tone)
        elif before and not text and self.query_one(MessageBar).text == before:
            self.say("")

    def order_by(self, name: str) -> None:
        """Order by a field, or turn the order round; kept for the next start."""
        listing = self.listing.with_sort(name)
        ((field, down),) = listing.sort
        self.show(listing)
        self.call_after_refresh(self._remember_sort, field.name + "-" * down)

    def _remember_sort(self, sort: str) -> None:
        self.memory = self.memory.with_choice("sort", sort)
