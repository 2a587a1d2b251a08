"""Statistics of what the list shows: all years or one, a number at a time, each opening its shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.style import Style as TextStyle
from textual.widget import Widget
from textual.widgets import Sparkline, Static

from watchlist.errors import WatchlistError
from watchlist.exporting import target
from watchlist.model import NOTHING, Show
from watchlist.ratings import Style
from watchlist.reporting import FORMS, form_of
from watchlist.safe import safe
from watchlist.sections import Page, page
from watchlist.services import Service
from watchlist.stats import statistics
from watchlist.store import files
from watchlist.text import counted
from watchlist.tui.screens.confirm import Confirm
from watchlist.tui.screens.dialog import Dialog, Hint, Hints
from watchlist.tui.screens.numbers import Numbers
from watchlist.tui.screens.prompt import Prompt

ALL = "all"
CLOSE: Hint = ("esc", "close", "cancel")


class Years(Static):
    """The years there are viewings of, each a button."""

    def show(self, years: Sequence[int | None], year: int | None) -> None:
        """These, as many of them as there is room for, the one that is shown among them."""
        at = years.index(year)
        first = max(0, at - max(1, self.size.width // 6 - 2) + 1)
        parts = [Content("‹ " if first and not self.app.has_class("-ascii") else "< " if first else "")]
        for place, one in enumerate(years[first:], first):
            look = "bold reverse" if one == year else "$text-muted"
            name = Content.styled(f" {one or ALL} ", look)
            parts.append(name.stylize(TextStyle.from_meta({"action": f"year({place})"})))
        self.update(Content("").join(parts).truncate(max(1, self.size.width)))

    async def on_click(self, event: Click) -> None:
        if action := event.style.meta.get("action"):
            event.stop()
            await self.screen.run_action(action)


class StatisticsScreen(Dialog[str]):
    """Counts `shows` in a thread; `scope` says which they are, `file` is the list itself. Returns a number's query."""

    BINDINGS = [
        Binding("left_square_bracket", "step(-1)", show=False),
        Binding("right_square_bracket", "step(1)", show=False),
        Binding("x", "export", show=False),
        Binding("q,S", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    StatisticsScreen > #box, StatisticsScreen > #box.-ascii, StatisticsScreen:ansi > #box,
    StatisticsScreen.-short > #box, StatisticsScreen.-narrow > #box {
        width: 100%; height: 100%; border: none; padding: 0;
    }
    StatisticsScreen #heading, StatisticsScreen #about { width: 100%; height: 1; padding: 0 2; }
    StatisticsScreen Years { width: 100%; height: 1; margin: 0 0 1 0; padding: 0 1; }
    StatisticsScreen.-short Years { margin: 0; }
    StatisticsScreen #about { color: $text-muted; margin-top: 1; }
    StatisticsScreen.-short #about { margin-top: 0; }
    StatisticsScreen.-wide Years { width: 56; }
    StatisticsScreen .months { display: none; position: absolute; height: 1; color: $text-muted; }
    StatisticsScreen.-wide .months.filled { display: block; }
    StatisticsScreen Static.months { offset: 59 1; width: 13; }
    StatisticsScreen Sparkline {
        offset: 74 1; width: 24;
        & > .sparkline--min-color { color: $text-muted; }
        & > .sparkline--max-color { color: $text-accent; }
    }
    StatisticsScreen Hints { margin: 0; padding: 0 2; }
    """

    def __init__(
        self,
        shows: Sequence[Show],
        scope: str,
        today: date,
        style: Style,
        file: Path,
        services: Mapping[str, Service] = NOTHING,
    ) -> None:
        super().__init__("")
        self._services = services
        self._shows, self._scope, self._today, self._style, self._file = shows, scope, today, style, file
        self._years: list[int | None] = [None]
        self._year: int | None = None
        self._pages: dict[int | None, Page] = {}
        self._minutes: dict[int | None, Sequence[float]] = {}  # of the twelve months of a page

    def body(self) -> Iterable[Widget]:
        yield Static(id="heading")
        yield Years()
        yield Static("hours a month", classes="months")
        yield Sparkline(classes="months")
        self._numbers = Numbers(self._style, id="scrolls")
        yield self._numbers
        yield Static(Content(f"Counting {counted(len(self._shows), 'show')}"), id="about")
        yield Hints(
            ("enter", "its shows", "open"),
            ("[ ]", "year", "step(1)"),
            ("tab", "section", "section"),
            ("x", "export", "export"),
            CLOSE,
        )

    def on_mount(self) -> None:
        self._numbers.focus()
        self._head()
        self._show_year()

    def fit(self) -> None:
        """The numbers have what the rest leaves, whatever that is."""
        self.query_one(Years).show(self._years, self._year)

    def _head(self) -> None:
        shown = self._pages.get(self._year)
        title = shown.title if shown is not None else "Statistics"
        scope = shown.scope if shown is not None else self._scope
        heading = Content.assemble((title, "bold $text-accent"), "  ", (scope, "$text-muted"))
        self.query_one("#heading", Static).update(heading)
        self.call_after_refresh(self.fit)

    def _say(self, text: str, style: str = "") -> None:
        about = Content.styled(text, style).truncate(max(1, self.size.width - 4), ellipsis=True)
        self.query_one("#about", Static).update(about)

    @work(exclusive=True)
    async def _show_year(self) -> None:
        """Draw the page of the year, counted off the loop that draws where it was not looked at yet."""
        year = self._year
        if year not in self._pages:
            self._pages[year] = await asyncio.to_thread(self._count, year)
        self._numbers.show(self._pages[year].sections)
        self.query_one(Sparkline).data = self._minutes[year]
        self.query(".months").set_class(any(self._minutes[year]) and not self._style.ascii, "filled")
        self._head()

    def _count(self, year: int | None) -> Page:
        found = statistics(self._shows, today=self._today, year=year, services=self._services)
        self._minutes[year] = [row.minutes for row in found.viewings.months]
        if year is None:
            self._years = [None, *(int(row.label) for row in found.viewings.years)]
        return page(found, self._style, self._scope if year is None else f"{found.shows.number} of {self._scope}")

    def on_numbers_moved(self) -> None:
        line = self._numbers.current
        if line is None:
            self._say("")
        elif line.query is None:
            self._say(line.why)
        else:
            self._say(line.query or "everything that is shown")

    def on_numbers_chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        line = self._numbers.current
        if line is not None and line.query is not None:
            self.dismiss(line.query)
        elif line is not None:
            self._say(f"Nothing to open: {line.why}", "$text-warning")

    def action_section(self) -> None:
        self._numbers.action_section(1)

    def action_step(self, by: int) -> None:
        """A year on, from all to the newest and down to the oldest, and round again."""
        self.action_year((self._years.index(self._year) + by) % len(self._years))

    def action_year(self, place: int) -> None:
        self._year = self._years[place]
        self._show_year()

    @work(exclusive=True, group="export")
    async def action_export(self) -> None:
        """The page that is shown, as a document."""
        shown = self._pages.get(self._year)
        if shown is None:
            return
        name = f"~/statistics{f'-{self._year}' if self._year else ''}.html"
        prompt = Prompt(
            "Export to", name, ", ".join(form.ending for form in FORMS.values()), self._wrong, word="export"
        )
        typed = await self.app.push_screen_wait(prompt)
        if typed is None:
            return
        path = Path(typed.strip()).expanduser()
        if path.exists() and not await self.app.push_screen_wait(
            Confirm(f"{typed.strip()} is there already. Replace it?", "replace", "keep it")
        ):
            return
        try:
            await asyncio.to_thread(self._write, typed.strip(), shown)
        except WatchlistError as error:
            self._say(safe(error.message), "$text-error")
        else:
            self._say(f"Written to {safe(typed.strip())}", "$text-success")

    def _write(self, path: str, shown: Page) -> None:
        form = form_of(None, path)
        assert form is not None
        files.replace(target(path, self._file, force=True), form.write(shown, self._style).encode())

    def _wrong(self, path: str) -> str | None:
        """What is wrong with a path, as it is typed."""
        if not path.strip():
            return "a file name belongs here"
        try:
            form_of(None, path.strip())
            target(path.strip(), self._file, force=True)
        except WatchlistError as error:
            return f"{error.message}; {error.hint}" if error.hint else error.message
        except (OSError, ValueError, RuntimeError):  # a NUL in it, too long, no such user
            return "a file of this name can't be written"
        return None
