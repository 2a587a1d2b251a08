"""The statistics dialog, for all years or one year. Each number leads to the shows that it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.style import Style as TextStyle
from textual.widget import Widget
from textual.widgets import Sparkline, Static

from watchlist.domain.model import NOTHING, Show
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.services import Service
from watchlist.domain.text import counted
from watchlist.errors import WatchlistError
from watchlist.formats.export_file import OwnFiles, is_taken, target, write_to
from watchlist.formats.statistics_documents import DOCUMENT_FORMATS, document_format
from watchlist.sanitize import safe
from watchlist.stats.page_content import Page, page
from watchlist.stats.statistics import statistics
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.dialog import Dialog, Hint, Hints
from watchlist.tui.dialogs.prompt import Prompt
from watchlist.tui.widgets.statistics_view import Numbers

ALL = "all"


class Counted(NamedTuple):
    """The statistics of one year or of all years: the page, the minutes watched per month, and the years with viewings."""

    page: Page
    minutes: Sequence[float]
    years: Sequence[int]


class StatisticsState(NamedTuple):
    """The state of the statistics dialog, for reopening it.

    `year` is None for all years; `number` is (section title, label) of the number under the cursor, or None.
    """

    year: int | None
    number: tuple[str, str] | None


CLOSE: Hint = ("esc", "close", "cancel")


class Years(Static):
    """The line of years with viewings. Clicking a year shows its statistics."""

    def show(self, years: Sequence[int | None], year: int | None) -> None:
        """Show as many of `years` as fit, including `year`, the selected one. A year of None stands for all years."""
        at = years.index(year) if year in years else 0
        first = max(0, at - max(1, self.size.width // 6 - 2) + 1)
        parts = [Content("‹ " if first and not self.app.has_class("-ascii") else "< " if first else "")]
        for one in years[first:]:
            look = "bold reverse" if one == year else "$text-muted"
            name = Content.styled(f" {one or ALL} ", look)
            parts.append(name.stylize(TextStyle.from_meta({"action": f"year({one})"})))
        self.update(Content("").join(parts).truncate(max(1, self.size.width)))

    async def on_click(self, event: Click) -> None:
        if action := event.style.meta.get("action"):
            event.stop()
            await self.screen.run_action(action)


class StatisticsScreen(Dialog[str]):
    """The dialog that shows statistics. Its answer is the query for the shows behind the number that the user chose.

    Args:
        shows: The shows to count.
        scope: A description of these shows, e.g. `12 shows in Planned`.
        today: The date of today.
        style: How numbers are drawn.
        own: The program's own files, which an export never replaces.
        services: The user's streaming services.
        place: The state to restore; None for all years.
    """

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
        style: DisplayStyle,
        own: OwnFiles,
        services: Mapping[str, Service] = NOTHING,
        *,
        place: StatisticsState | None = None,
    ) -> None:
        super().__init__("")
        place = place or StatisticsState(None, None)
        self._start = place.number
        self._services = services
        self._shows, self._scope, self._today, self._style, self._own = shows, scope, today, style, own
        self._years: Sequence[int | None] = list(dict.fromkeys((None, place.year)))  # replaced when all are known
        self._year = place.year
        self._writing = False  # True while the page is being written to a file
        self._counted: dict[int | None, Counted] = {}

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

    def opened(self) -> None:
        self._show_year()

    def fit(self) -> None:
        """Fit the line of years to the width of the screen. The numbers fill the rest of the screen by themselves."""
        self.query_one(Years).show(self._years, self._year)

    @property
    def _page(self) -> Page | None:
        """The page of the selected year; None until its statistics are computed."""
        counted = self._counted.get(self._year)
        return counted.page if counted is not None else None

    def _head(self) -> None:
        shown = self._page
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
        """Draw the page of the selected year. Its statistics are computed in a thread when first needed."""
        whole = await self._count(None)
        self._years = (None, *whole.years)  # set together with the year: `fit` reads both during the next await
        self._year = year = self._year if self._year in self._years else None
        shown = await self._count(year)
        self._numbers.show(shown.page.sections, self._start)
        self._start = None
        self.query_one(Sparkline).data = shown.minutes
        self.query(".months").set_class(any(shown.minutes) and not self._style.ascii, "filled")
        self._head()

    async def _count(self, year: int | None) -> Counted:
        """Return the statistics of a year (None: all years). They are computed in a thread when first needed."""
        if year not in self._counted:
            self._counted[year] = await asyncio.to_thread(self._statistics, year)
        return self._counted[year]

    def _statistics(self, year: int | None) -> Counted:
        """Compute the statistics of a year (None: all years). Runs in a thread, so it must not change widgets."""
        found = statistics(self._shows, today=self._today, year=year, services=self._services)
        scope = self._scope if year is None else f"{found.shows.number} of {self._scope}"
        return Counted(
            page(found, self._style, scope),
            [row.minutes for row in found.viewings.months],
            [int(row.label) for row in found.viewings.years],
        )

    @property
    def place(self) -> StatisticsState:
        """The current state, to reopen the dialog later."""
        return StatisticsState(self._year, self._numbers.here)

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
        """Go to the next older year (`by` 1) or newer year (`by` -1).

        "All years" comes before the newest and after the oldest year.
        """
        here = self._years.index(self._year) if self._year in self._years else 0
        self.action_year(self._years[(here + by) % len(self._years)])

    def action_year(self, year: int | None) -> None:
        self._year = year
        self._show_year()

    @work
    async def action_export(self) -> None:
        """Ask for a file name, and write the current page to that file as a document."""
        shown = self._page
        if shown is None:
            return
        name = f"~/statistics{f'-{self._year}' if self._year else ''}.html"
        prompt = Prompt(
            "Export to", name, ", ".join(form.ending for form in DOCUMENT_FORMATS.values()), self._wrong, word="export"
        )
        prompt.question_of = _question_about
        typed = await self.ask(prompt)
        if typed is None:
            return
        self._writing = True
        try:
            await asyncio.to_thread(self._write, typed.strip(), shown)
        except WatchlistError as error:
            self._say(safe(error.message), "$text-error")
        else:
            self._say(f"Written to {safe(typed.strip())}", "$text-success")
        finally:
            self._writing = False

    def action_cancel(self) -> None:
        if not self._writing:  # stay open until the result is shown
            self.dismiss(None)

    def _write(self, path: str, shown: Page) -> None:
        form = document_format(None, path)
        assert form is not None
        write_to(target(path, self._own, force=True), form.write(shown, self._style).encode())

    def _wrong(self, path: str) -> str | None:
        """Return the error in a typed path; None if the page can be written to that path."""
        if not path.strip():
            return "a file name is missing"
        try:
            document_format(None, path.strip())
            target(path.strip(), self._own, force=True)
        except WatchlistError as error:
            return f"{error.message}; {error.hint}" if error.hint else error.message
        except (OSError, ValueError, RuntimeError):  # a NUL character, a name that is too long, `~` of an unknown user
            return "a file of this name can't be written"
        return None


def _question_about(path: str) -> ConfirmDialog | None:
    """Return the dialog that asks before the file at `path` is replaced; None if no file exists there."""
    path = path.strip()
    return ConfirmDialog(f"{path} already exists. Replace it?", "replace", "keep it") if is_taken(path) else None
