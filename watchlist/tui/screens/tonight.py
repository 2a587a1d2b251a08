"""What to watch tonight: a few shows, and under them why the one under the cursor is among them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist.glyphs import glyphs
from watchlist.model import NOTHING, Show
from watchlist.pick import Pick, parse_minutes, pick
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.services import Service
from watchlist.text import minutes as time_text
from watchlist.tui.screens.dialog import Dialog, Hint, Hints
from watchlist.tui.screens.prompt import Prompt
from watchlist.tui.screens.rows import Option, Rows

COUNT = 5
CLOSE: Hint = ("esc", "close", "cancel")
TIME: Hint = ("t", "time", "time")
AGAIN: Hint = ("p", "others", "again")


class Picks(Rows[Pick]):
    """One line for each of them."""

    def fill(self, picks: Sequence[Pick], style: Style) -> None:
        options = [_option(one, style) for one in picks]
        self._measure(options)
        self.show(options)


class Tonight(Dialog[str]):
    """Draws some shows, and others at a key, each once until all were there. Returns the id of the show to go to.

    `shows` is the whole list, from whose ratings is learned what the user likes; `among` has the ids that may be drawn, and
    `said` says which these are. `minutes` is the time there is; None: any.
    """

    BINDINGS = [
        Binding("p,r", "again", show=False),
        Binding("t", "time", show=False),
        Binding("q", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    Tonight > #box { width: 76; }
    Tonight #about { width: 100%; height: auto; min-height: 4; margin-top: 1; }
    Tonight.-short #about { margin-top: 0; min-height: 2; }
    """

    def __init__(
        self,
        shows: Sequence[Show],
        among: Collection[str],
        said: str,
        *,
        today: date,
        minutes: int | None = None,
        style: Style = STARS,
        services: Mapping[str, Service] = NOTHING,
    ) -> None:
        super().__init__("Tonight")
        self._shows, self._said, self._today, self._style, self._services = shows, said, today, style, services
        self._unwanted = frozenset(show.id for show in shows if show.id not in among)
        self._drawn: frozenset[str] = frozenset()  # ids of what was there already
        self.minutes = minutes

    def body(self) -> Iterable[Widget]:
        self._rows = Picks([], id="scrolls")
        yield self._rows
        yield Static(id="about")
        self._hints = Hints(AGAIN, TIME, CLOSE)
        yield self._hints

    def on_mount(self) -> None:
        self.action_again()

    @work(exclusive=True)
    async def action_again(self) -> None:
        """Others than those that were there; where none is left, from the beginning."""
        picks = await asyncio.to_thread(self._pick, self._drawn)
        again = not picks and bool(self._drawn)
        if again:
            self._drawn = frozenset()
            picks = await asyncio.to_thread(self._pick, self._drawn)
        self._drawn |= {one.show.id for one in picks}
        time = "" if self.minutes is None else f", {time_text(self.minutes)} at most"
        self.query_one("#box").border_subtitle = Content(f"{'all were there; again ' * again}from {self._said}{time}")
        self._rows.set_class(not picks, "hidden")
        self._rows.fill(picks, self._style)
        if picks:
            self._rows.focus()

    def _pick(self, drawn: frozenset[str]) -> tuple[Pick, ...]:
        return pick(
            self._shows,
            today=self._today,
            minutes=self.minutes,
            count=COUNT,
            seed=self._today.toordinal(),  # who asks again on the same evening is told the same
            exclude=self._unwanted | drawn,
            style=self._style,
            services=self._services,
        )

    @work
    async def action_time(self) -> None:
        """How long there is."""
        known = "" if self.minutes is None else str(self.minutes)
        typed = await self.app.push_screen_wait(
            Prompt("How much time is there", known, "100m, 1h40; empty is any", _wrong, word="pick")
        )
        if typed is not None:
            self.minutes = parse_minutes(typed) if typed.strip() else None
            self._drawn = frozenset()
            self.action_again()

    def on_rows_moved(self) -> None:
        one = self._rows.current
        self._hints.show(*[("enter", "go to it", "accept")] * bool(one), AGAIN, TIME, CLOSE)
        if one is not None:
            about = Content("\n").join(Content(safe(reason)) for reason in one.value.reasons or ("still to watch",))
        else:
            about = Content("Nothing of this is left to watch" + " in that time" * (self.minutes is not None))
        self.query_one("#about", Static).update(about)
        self.call_after_refresh(self.fit)

    def on_rows_chosen(self) -> None:
        self.action_accept()

    def action_accept(self) -> None:
        if (one := self._rows.current) is not None:
            self.dismiss(one.value.show.id)


def _option(one: Pick, style: Style) -> Option[Pick]:
    show = one.show
    title = safe(show.title) + (f" ({show.year})" if show.year else "")
    length = time_text(show.runtime) if show.runtime else ""
    return Option(one, title, glyph=glyphs(style).status[show.status], detail=length)


def _wrong(text: str) -> str | None:
    try:
        if text.strip():
            parse_minutes(text)
    except ValueError as error:
        return str(error)
    return None
