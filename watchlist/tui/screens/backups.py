"""The copies of the file: when each was made and what is in it. One is looked at or taken back; the file is accepted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist.errors import StoreError, WatchlistError
from watchlist.glyphs import status_glyph
from watchlist.model import Damage, Show, Watchlist
from watchlist.ratings import STARS, Style, format_rating
from watchlist.safe import safe
from watchlist.store.backups import Backup
from watchlist.store.library import Library
from watchlist.text import counted
from watchlist.tui.screens.choose import TONES
from watchlist.tui.screens.confirm import Confirm
from watchlist.tui.screens.dialog import Dialog, Hint, Hints
from watchlist.tui.screens.rows import Option, Rows

UNREADABLE = "can't be read"
CLOSE: Hint = ("esc", "close", "cancel")


class Chosen(NamedTuple):
    """A copy to take back; None to take the file as it is."""

    backup: Backup | None


class Backups(Dialog[Chosen]):
    """The copies, the latest first. `contents` reads one; `doubt` is what is to be decided, where something is."""

    BINDINGS = [
        Binding("t", "take", show=False),
        Binding("a", "accept", show=False),
        Binding("q", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    Backups > #box { width: 72; }
    Backups #doubt { margin-bottom: 1; }
    Backups.-short #doubt { margin-bottom: 0; }
    """

    def __init__(
        self, copies: Sequence[Backup], contents: Callable[[Backup], Watchlist], doubt: str = "", style: Style = STARS
    ) -> None:
        super().__init__("Backups")
        self._copies, self._contents, self._doubt, self._style = copies, contents, doubt, style
        self._rows: Rows[Backup] = Rows([_option(copy) for copy in copies], id="scrolls")

    def body(self) -> Iterable[Widget]:
        if self._doubt:
            yield Static(Content(f"The file {safe(self._doubt)}"), classes="warning", id="doubt")
        if self._copies:
            yield self._rows
        else:
            yield Static(Content("There is none yet. One is made before much is changed, and every ten minutes."))
        look: list[Hint] = [("enter", "look", "look"), ("t", "take it back", "take")] if self._copies else []
        accept: list[Hint] = [("a", "accept the file", "accept")] if self._doubt else []
        yield Hints(*look, *accept, CLOSE)

    def on_mount(self) -> None:
        if self._copies:
            self._count()

    @work(exclusive=True)
    async def _count(self) -> None:
        """Say of each copy how many shows are in it, one after the other: all were read for that."""
        said: dict[Backup, str] = {}
        for copy in self._copies:
            said[copy] = await asyncio.to_thread(self._said, copy)
            self._rows.options = [_option(one, said.get(one, "")) for one in self._copies]
            self._rows.refresh()

    def _said(self, copy: Backup) -> str:
        try:
            found = self._contents(copy)
            size = -(-copy.path.stat().st_size // 1000)
        except (WatchlistError, OSError):
            return UNREADABLE
        shows = counted(len(found.shows), "show")
        return "damaged" if found.damage else shows if self.has_class("-narrow") else f"{shows}, {size} kB"

    def on_rows_chosen(self) -> None:
        self.action_look()

    @work(exclusive=True, group="look")
    async def action_look(self) -> None:
        if (row := self._rows.current) is not None:
            try:
                found = await asyncio.to_thread(self._contents, row.value)
            except WatchlistError:
                found = None
            if await self.app.push_screen_wait(Copy(row.value, found, self._style)):
                self.dismiss(Chosen(row.value))

    def action_take(self) -> None:
        if (row := self._rows.current) is not None and row.detail != UNREADABLE:
            self.dismiss(Chosen(row.value))

    @work(exclusive=True, group="look")
    async def action_accept(self) -> None:
        if self._doubt:
            question = "Take the file as it is? What was in it stays a backup."
            if await self.app.push_screen_wait(Confirm(question, "take it as it is", "decide later")):
                self.dismiss(Chosen(None))


class Copy(Dialog[bool]):
    """What is in one copy, to be looked at. True to take it back."""

    BINDINGS = [
        Binding("t", "take", show=False),
        Binding("q,enter", "cancel", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Copy > #box { width: 72; }
    """

    def __init__(self, copy: Backup, found: Watchlist | None, style: Style) -> None:
        """`found` is the list in it; None where it is not what was put in."""
        super().__init__(f"Backup {copy.number}, {_when(copy)}")
        self._found, self._style = found, style

    def body(self) -> Iterable[Widget]:
        found = self._found
        if found is None:
            yield Static(Content("What is in it is not what was put in: it can't be taken back."), classes="warning")
            yield Hints(CLOSE)
            return
        if found.damage:
            yield Static(Content(_wrong(found.damage)), classes="warning")
        if found.shows:
            yield Rows([_row(show, self._style) for show in found.shows], id="scrolls")
        else:
            yield Static(Content("No show of it can be read." if found.damage else "No show is in it."))
        yield Hints(("t", "take it back", "take"), CLOSE)

    def action_take(self) -> None:
        if self._found is not None:
            self.dismiss(True)


def newest(library: Library) -> str:
    """A sentence about the newest good copy: of what is shown, where the file holds something else; else of another
    list than the file holds. Empty where there is none. StoreError where none can be made."""
    if (kept := library.keep()) is not None:
        return f"What is shown here is kept as backup {kept.number}."
    for copy in library.backups():
        if copy.digest != library.snapshot.document.digest:
            with contextlib.suppress(StoreError):
                found = library.contents(copy)
                if found.damage is None:
                    shows = counted(len(found.shows), "show")
                    return f"Backup {copy.number} of {_when(copy)} is the newest good one: {shows}."
    return ""


def _option(copy: Backup, said: str = "") -> Option[Backup]:
    return Option(copy, _when(copy), glyph=str(copy.number), detail=said, tone="bold $text-accent")


def _row(show: Show, style: Style) -> Option[str]:
    about = [str(show.year or ""), f"{format_rating(show.rating, style)} of {style.top}" if show.rating else ""]
    glyph = status_glyph(show.status, style)
    return Option(
        show.id, safe(show.title), glyph=glyph, detail=", ".join(filter(None, about)), tone=TONES[show.status]
    )


def _wrong(damage: Damage) -> str:
    return f"Line {damage.line}, column {damage.column}: {safe(damage.message)}"


def _when(copy: Backup) -> str:
    return f"{copy.time:%Y-%m-%d %H:%M}"
