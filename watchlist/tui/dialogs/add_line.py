"""The add line: type a few letters, and the catalogue has the rest. It covers the list, in the same zones.

Typing never waits: the catalogue is searched in a thread, and only the newest text counts. A key that needs the hits,
e.g. enter, waits for those of the text as it was typed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.widgets import Input

from watchlist.command_table import ACTIONS
from watchlist.domain.frozen import Frozen, replace
from watchlist.domain.model import Show
from watchlist.domain.text import counted
from watchlist.domain.title_text import TitleText, read_title
from watchlist.errors import CatalogueError
from watchlist.keymap import Keymap, key_label
from watchlist.query.columns import flat
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.draft_dialog import DraftDialog
from watchlist.tui.state.add_finder import AddFinder, Hits
from watchlist.tui.state.list_state import ListState
from watchlist.tui.state.pasted_shows import PastedLine, State, headline, pasted, read_lines
from watchlist.tui.widgets.add_bar import AddBar
from watchlist.tui.widgets.add_preview import AddPreview, ShortPreview
from watchlist.tui.widgets.footer import KeyFooter, KeyHint
from watchlist.tui.widgets.hit_list import HitList
from watchlist.tui.widgets.line_input import LineInput
from watchlist.tui.widgets.list_columns import fit
from watchlist.tui.widgets.pasted_table import PastedTable
from watchlist.tui.widgets.views_bar import ViewsBar

BESIDE, HITS = 100, 8  # cells of a screen with the preview beside the hits; most hits above it on a narrower screen
PREVIEW_FROM = 16  # lines of the screen from which on there is a preview below the hits
QUOTED = 20  # cells of the typed text in a hint
LINES_AT_ONCE = 10  # pasted lines that are looked for between two frames


class AddAnswer(Frozen):
    """The answer of the add line: shows to add, or the id of a show to go to, or a show to fill in the form with."""

    shows: tuple[Show, ...] = ()
    go_to: str = ""
    form: Show | None = None


class AddLine(DraftDialog[AddAnswer]):
    """The add line with its hits and a preview of the hit under the cursor.

    Args:
        listing: The list, for the line of views.
        finder: Finds shows and titles.
        keys: The configured keys.
        new: Makes a show of a typed text that was not found.
        duplicate: Returns the show of the list that is the same as a new show; None if there is none.
    """

    BINDINGS = [Binding("ctrl+s", "bare", show=False, priority=True)]
    DEFAULT_CSS = """
    AddLine { align: left top; background: $background; }
    AddLine:ansi { background: ansi_default; }
    AddLine #zones { height: 1fr; layout: vertical; }
    AddLine #zones > * { width: 100%; }
    AddLine HitList { height: 1fr; }
    AddLine ShortPreview { height: 1fr; display: none; }
    AddLine AddPreview { display: none; }
    AddLine.-wide #zones { layout: horizontal; background: $surface; }
    AddLine.-wide #zones > HitList { width: 45%; }
    AddLine.-wide.-blank #zones > HitList { width: 100%; }
    AddLine.-wide.-blank #zones > AddPreview { display: none; }
    AddLine.-wide #zones > AddPreview { width: 55%; height: 1fr; display: block; }
    AddLine.-pasted #zones > HitList, AddLine.-pasted #zones > AddPreview, AddLine.-pasted #zones > ShortPreview,
    AddLine.-pasted AddInput { display: none; }
    """

    def __init__(
        self,
        listing: ListState,
        finder: AddFinder,
        keys: Keymap,
        new: Callable[[TitleText], Show],
        duplicate: Callable[[Show], Show | None],
    ) -> None:
        super().__init__("")
        self._listing, self._finder, self._keys = listing, finder, keys
        self._new, self._duplicate = new, duplicate
        self._hits = self._nothing = Hits(has_catalogue=finder.has_catalogue)
        self._searching = asyncio.Lock()
        self._previewed: object = None
        self._is_read = False  # True once it is known what the pasted lines become

    @property
    def busy(self) -> bool:
        """True while a key waits for its hits, so that further keys must wait, too; False while a question is open."""
        waits = any(w.node is self and w.group == "accept" and not w.is_finished for w in self.workers)
        return waits and not self._asking

    def compose(self) -> ComposeResult:
        self.add_size_classes()
        self.add_class("-blank")
        views = ViewsBar()
        views.listing = self._listing
        yield views
        yield AddBar(self.drafted("title", ""), self._listing.style)
        yield Container(HitList(self._listing.style, self._hits), id="zones")
        yield KeyFooter(self._footer())

    def on_mount(self) -> None:
        self.bar.input.focus()
        self.bar.input.cursor_position = len(self.bar.input.value)
        self.call_after_refresh(self._search)  # opens the catalogue while the user begins to type

    @property
    def bar(self) -> AddBar:
        """The line with the input."""
        return self.query_one(AddBar)

    @property
    def hit_list(self) -> HitList:
        """The hits."""
        return self.query_one(HitList)

    @property
    def text(self) -> str:
        """The typed text."""
        return self.bar.input.value

    @property
    def typed(self) -> Mapping[str, str]:
        return {"title": self.text} if self.text.strip() and not self._table else {}

    def tell(self, text: str) -> None:
        """Show a message in place of the hint."""
        self.bar.message = text
        self.bar.fit()

    def fit(self) -> None:
        """Divide the zones again."""
        self._lay_out()
        self.query_one(KeyFooter).show_keys(self._footer())

    # Searching

    @on(Input.Changed)
    def _changed(self) -> None:
        self.bar.message = ""
        self.bar.fit()
        self._search()

    @work(group="search")
    async def _search(self) -> None:
        await self._searched()

    async def _searched(self) -> Hits:
        """Wait for the hits of the text as it is now, draw them unless they are drawn already, and return them."""
        text = self.text
        async with self._searching:
            if self._hits.text == text and self._hits is not self._nothing:
                return self._hits
            if self.text != text and not self.busy:
                return self._hits  # a newer text waits for its turn
            hits = await asyncio.to_thread(self._finder.find, text)
            if self.is_open:
                self._show(hits)
            return hits

    def _show(self, hits: Hits) -> None:
        """Draw hits. The cursor is on the best title or, if a show of the list has just this title, on the show."""
        self._hits = hits
        wanted = {flat(name) for name, _ in read_title(hits.text).readings()} if hits.text.strip() else set()
        is_listed = bool(hits.own) and (not hits.titles or flat(hits.own[0].title) in wanted)
        self.hit_list.show(hits, 0 if is_listed else len(hits.own))
        self._lay_out()
        self.query_one(KeyFooter).show_keys(self._footer())
        self._preview()

    def _lay_out(self) -> None:
        """Give the hits the lines that they need, and the preview the rest, where it is below them."""
        self.set_class(not self._hits.text.strip(), "-blank")
        short, lines = self.query(ShortPreview), self.size.height - 3
        is_below = (
            self.size.width < BESIDE and lines + 3 >= PREVIEW_FROM and self.hit_list.count > 0 and not self._table
        )
        for preview in short:
            preview.display = is_below
        extra = min(2, self.hit_list.lines_wanted)
        self.hit_list.styles.height = (
            min(self.hit_list.lines_wanted, HITS + extra, lines // 2 + 1) + 1 if is_below else "1fr"
        )

    @work(exclusive=True, group="preview")
    async def _preview(self) -> None:
        current = self.hit_list.current
        if current is self._previewed:
            return
        show, title = (current, None) if current is None or isinstance(current, Show) else (None, current)
        if title is not None:
            try:
                show = await asyncio.to_thread(self._finder.show, title)
            except CatalogueError as error:
                self.tell(error.message)
                return
        self._previewed = current
        kind: type[AddPreview | ShortPreview] = AddPreview if self.size.width >= BESIDE else ShortPreview
        if not self.query(kind):
            look_up = key_label("lookup", self._keys) if "lookup" in ACTIONS else ""
            made = AddPreview(look_up) if kind is AddPreview else ShortPreview()
            await self.query_one("#zones").mount(made)
            self._lay_out()
        self.query_one(kind).preview(show, title, self._listing.style)

    # Keys

    def _footer(self) -> list[KeyHint]:
        width = self.app.size.width
        if self._table:
            return self._footer_of_table(width)
        text = " ".join(self.text.split()) if self.is_mounted else ""
        close: KeyHint = ("esc", "Close", "cancel")
        if not text:
            return [close]
        quoted = f'"{fit(text, QUOTED, self._listing.style).rstrip()}"'
        current = self.hit_list.current
        if current is None:
            return [("enter", f"Add {quoted}", "accept"), ("tab", "Form", "form"), close]
        enter = "Go to it" if isinstance(current, Show) else "Add"
        if width < 60:
            return [("enter", enter, "accept"), ("tab", "Form", "form"), close]
        long = width >= BESIDE
        hints = [
            ("enter", enter, "accept"),
            ("tab", "Add in the form" if long else "Form", "form"),
            ("ctrl+s", f"Add {'just ' * long}{quoted}", "bare"),
        ]
        return [*hints, *([("\u2191\u2193", "Choose", "move(1)")] if width >= 80 else []), close]

    async def on_key_footer_pressed(self, message: KeyFooter.Pressed) -> None:
        await self.run_action(message.action)

    def action_move(self, by: int) -> None:
        self.hit_list.move(by)
        self.query_one(KeyFooter).show_keys(self._footer())
        self._preview()

    @on(HitList.Scrolled)
    def _scrolled(self, message: HitList.Scrolled) -> None:
        self.action_move(message.by)

    @on(HitList.Chosen)
    def _chosen(self, message: HitList.Chosen) -> None:
        if message.again:
            self.action_accept()
        else:
            self.action_move(message.index - self.hit_list.cursor)

    @on(Input.Submitted)
    def action_accept(self) -> None:
        """Add the hit under the cursor, go to it if it is on the list, or add what was typed if nothing was found."""
        if self._table:
            self._add_pasted()
        elif self.text.strip():
            self._accept()

    @work(group="accept")
    async def _accept(self) -> None:
        await self._searched()
        current = self.hit_list.current
        if current is None:
            await self._add_typed()
        elif isinstance(current, Show):
            self.dismiss(AddAnswer(go_to=current.id))
        elif (show := await self._loaded(current)) is not None:
            self.dismiss(AddAnswer((show,)))

    async def _loaded(self, title: Any) -> Show | None:
        """Return a show with all that is known of a title; None, after a message, if that can't be read."""
        try:
            return await asyncio.to_thread(self._finder.show, title)
        except CatalogueError as error:
            self.tell(error.message)
            return None

    async def _add_typed(self) -> None:
        """Add what was typed and nothing more. Ask if it seems to be on the list already."""
        show = self._new(read_title(self.text))
        same = self._duplicate(show)
        if same is not None:
            year = f" ({same.year})" if same.year else ""
            question = f"{same.title}{year} is on your list already. Add it once more?"
            if not await self.ask(ConfirmDialog(question, "add", "keep editing")):
                return
        self.dismiss(AddAnswer((show,)))

    @work(group="accept")
    async def action_bare(self) -> None:
        if self.text.strip() and not self._table:
            await self._add_typed()

    def action_form(self) -> None:
        """Open the form, filled in with what is known of the hit under the cursor, or else with what was typed."""
        self._form()

    @work(group="accept")
    async def _form(self) -> None:
        await self._searched()
        current = self.hit_list.current if self.text.strip() else None
        if current is None or isinstance(current, Show):
            self.dismiss(AddAnswer(form=replace(self._new(read_title(self.text)), added=None)))
        elif (show := await self._loaded(current)) is not None:
            self.dismiss(AddAnswer(form=show))

    # Pasted lines

    @property
    def _table(self) -> PastedTable | None:
        """The table of pasted lines; None if there are none."""
        return next(iter(self.query(PastedTable)), None)

    def _footer_of_table(self, width: int) -> list[KeyHint]:
        table = self._table
        close: KeyHint = ("esc", "Add nothing" if width >= BESIDE else "Close", "cancel")
        if table is None or not self._is_read:
            return [close]
        line, count = table.current, sum(line.is_added for line in table.lines)
        hints: list[KeyHint] = []
        if line is not None and line.state is State.ASKED and width >= 60:
            last = len(line.candidates)
            hints += [
                (f"1-{last}" if last > 1 else "1", "Choose", ""),
                ("0", "None of these" if width >= 80 else "None", ""),
            ]
        if width >= 80:
            hints.append(("space", "Leave the line out" if width >= BESIDE else "Leave out", "leave_out"))
        if any(line.state is State.ASKED for line in table.lines):
            hints.append(("tab", "Next question" if width >= BESIDE else "Next", "next_question"))
        return [*hints, ("enter", f"Add {count}", "accept"), close] if count else [*hints, close]

    @on(LineInput.Pasted)
    def _pasted(self, message: LineInput.Pasted) -> None:
        self._read_lines(message.lines)

    @work(exclusive=True, group="paste")
    async def _read_lines(self, lines: Sequence[str]) -> None:
        """Show what the pasted lines become. They are read in a thread, a few at a time."""
        table = PastedTable(self._listing.style)
        self._is_read = False
        self.bar.pasted = counted(len(lines), "line") + " pasted", "looking them up"
        self.add_class("-pasted")
        await self.query_one("#zones").mount(table)
        table.focus()
        found: list[PastedLine] = []
        try:
            for start in range(0, len(lines), LINES_AT_ONCE):
                found += await asyncio.to_thread(read_lines, lines[start : start + LINES_AT_ONCE], self._finder)
                self.bar.pasted = self.bar.pasted[0], f"{len(found):,} looked up"
                self.bar.refresh()
        except CatalogueError as error:
            self.tell(error.message)
            found += [PastedLine(read_title(line)) for line in lines[len(found) :]]
        self._is_read = True
        table.show(found)
        self._table_changed()

    @on(PastedTable.Changed)
    def _table_changed(self) -> None:
        if (table := self._table) is not None:
            self.bar.pasted = pasted(table.lines), headline(table.lines)
            self.bar.refresh()
            self.query_one(KeyFooter).show_keys(self._footer())

    def action_leave_out(self) -> None:
        if (table := self._table) is not None:
            table.action_leave_out()

    def action_next_question(self) -> None:
        if (table := self._table) is not None:
            table.action_next_question()

    @work(group="accept")
    async def _add_pasted(self) -> None:
        """Add the shows of all lines that were found or have no title in the catalogue."""
        table = self._table
        if table is None or not self._is_read:
            return
        shows = []
        for line in table.lines:
            if line.is_added:
                show = await self._loaded(line.title) if line.title is not None else self._new(line.read)
                if show is None:
                    return
                shows.append(show)
        if shows:
            self.dismiss(AddAnswer(tuple(shows)))
