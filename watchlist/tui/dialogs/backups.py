"""The dialogs that list the backups of the list file and show one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist.domain.glyphs import status_glyph
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle, format_rating
from watchlist.domain.text import counted
from watchlist.domain.watchlist import Damage, Watchlist
from watchlist.errors import WatchlistError
from watchlist.sanitize import safe
from watchlist.store.history.backups import Backup
from watchlist.store.library import Library
from watchlist.store.missing_file import LastState
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.dialog import Dialog, Hint, Hints
from watchlist.tui.dialogs.status import TONES
from watchlist.tui.widgets.option_rows import Option, OptionRows

UNREADABLE = "can't be read"
CLOSE: Hint = ("esc", "close", "cancel")


class BackupChoice(NamedTuple):
    """The answer of the backups dialog: the backup to restore, or None to accept the file as it is."""

    backup: Backup | None


class BackupsDialog(Dialog[BackupChoice]):
    """The dialog that lists the backups of the list file.

    Args:
        copies: The backups, newest first.
        contents: Reads a backup and returns the list in it. Raises WatchlistError if the backup can't be read.
        doubt: Why the file is not accepted as the list, as a phrase that follows "The file"; empty if it is accepted.
        style: How statuses and ratings are shown.
        last: The backup to restore after a loss of shows. The cursor starts on it; if it is None, on the newest.
    """

    BINDINGS = [
        Binding("t", "take", show=False),
        Binding("a", "accept", show=False),
        Binding("q", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    BackupsDialog > #box { width: 72; }
    BackupsDialog #doubt { margin-bottom: 1; }
    BackupsDialog.-short #doubt { margin-bottom: 0; }
    """

    def __init__(
        self,
        copies: Sequence[Backup],
        contents: Callable[[Backup], Watchlist],
        doubt: str = "",
        style: DisplayStyle = STARS,
        last: LastState | None = None,
    ) -> None:
        super().__init__("Backups")
        self._copies, self._contents, self._doubt, self._style = copies, contents, doubt, style
        cursor = copies.index(last.backup) if last is not None and last.backup in copies else 0
        self._rows: OptionRows[Backup] = OptionRows([_option(copy) for copy in copies], cursor, id="scrolls")

    def body(self) -> Iterable[Widget]:
        if self._doubt:
            yield Static(Content(f"The file {safe(self._doubt)}"), classes="warning", id="doubt")
        if self._copies:
            yield self._rows
        else:
            yield Static(Content("No backups yet. One is made every ten minutes and before large changes."))
        look: list[Hint] = [("enter", "look", "look"), ("t", "restore", "take")] if self._copies else []
        accept: list[Hint] = [("a", "accept the file", "accept")] if self._doubt else []
        yield Hints(*look, *accept, CLOSE)

    def on_mount(self) -> None:
        if self._copies:
            self._count()

    @work(exclusive=True)
    async def _count(self) -> None:
        """Show the number of shows in each backup. The backups are read one after another, in a thread."""
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

    def on_option_rows_chosen(self) -> None:
        self.action_look()

    @work
    async def action_look(self) -> None:
        if (row := self._rows.current) is not None:
            try:
                found = await asyncio.to_thread(self._contents, row.value)
            except WatchlistError:
                found = None
            if await self.ask(Copy(row.value, found, self._style)):
                self.dismiss(BackupChoice(row.value))

    def action_take(self) -> None:
        if (row := self._rows.current) is not None and row.detail != UNREADABLE:
            self.dismiss(BackupChoice(row.value))

    @work
    async def action_accept(self) -> None:
        if self._doubt:
            question = "Take the file as it is? What was in it stays a backup."
            if await self.ask(ConfirmDialog(question, "take it as it is", "decide later")):
                self.dismiss(BackupChoice(None))


class Copy(Dialog[bool]):
    """The dialog that shows the content of one backup. Its answer is True if the user wants to restore the backup."""

    BINDINGS = [
        Binding("t", "take", show=False),
        Binding("q,enter", "cancel", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Copy > #box { width: 72; }
    """

    def __init__(self, copy: Backup, found: Watchlist | None, style: DisplayStyle) -> None:
        """Create the dialog for the backup `copy`. `found` is the list in it; None if the content is lost or was altered."""
        super().__init__(f"Backup {copy.number}, {_when(copy)}")
        self._found, self._style = found, style

    def body(self) -> Iterable[Widget]:
        found = self._found
        if found is None:
            yield Static(Content("This backup is corrupted and cannot be restored."), classes="warning")
            yield Hints(CLOSE)
            return
        if found.damage:
            yield Static(Content(_wrong(found.damage)), classes="warning")
        if found.shows:
            yield OptionRows([_row(show, self._style) for show in found.shows], id="scrolls")
        else:
            yield Static(Content("None of its shows can be read." if found.damage else "This backup has no shows."))
        yield Hints(("t", "restore", "take"), CLOSE)

    def action_take(self) -> None:
        if self._found is not None:
            self.dismiss(True)


def name_last_state(library: Library) -> str:
    """Return a sentence that names the backup to restore after a loss; empty if there is no loss or no such backup."""
    last = library.guard.last_state()
    if last is None:
        return ""
    number, shows = last.backup.number, counted(last.shows, "show")
    if library.list_file.is_stand_in and last.backup.digest == library.snapshot.document.digest:
        return f"What is shown here is kept as backup {number}."
    if last.exact:
        return f"Backup {number} is the list as watchlist last knew it: {shows}."
    return f"Backup {number} of {_when(last.backup)} is the newest good one: {shows}."


def _option(copy: Backup, said: str = "") -> Option[Backup]:
    return Option(copy, _when(copy), glyph=str(copy.number), detail=said, tone="bold $text-accent")


def _row(show: Show, style: DisplayStyle) -> Option[str]:
    about = [str(show.year or ""), f"{format_rating(show.rating, style)} of {style.top}" if show.rating else ""]
    glyph = status_glyph(show.status, style)
    return Option(
        show.id, safe(show.title), glyph=glyph, detail=", ".join(filter(None, about)), tone=TONES[show.status]
    )


def _wrong(damage: Damage) -> str:
    return f"Line {damage.line}, column {damage.column}: {safe(damage.message)}"


def _when(copy: Backup) -> str:
    return f"{copy.time:%Y-%m-%d %H:%M}"
