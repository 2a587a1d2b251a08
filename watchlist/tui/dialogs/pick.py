"""The pick dialog: suggests a few shows to watch tonight, with reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist.domain.glyphs import status_glyph
from watchlist.domain.model import NOTHING, Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.services import Service
from watchlist.domain.text import counted
from watchlist.domain.text import minutes as time_text
from watchlist.pick import Draw, Pick, parse_minutes, pick
from watchlist.sanitize import safe
from watchlist.tui.dialogs.dialog import Dialog, Hint, Hints
from watchlist.tui.dialogs.prompt import Prompt
from watchlist.tui.widgets.option_rows import Option, OptionRows

COUNT = 5  # shows in one draw
CLOSE: Hint = ("esc", "close", "cancel")
TIME: Hint = ("t", "time", "time")
AGAIN: Hint = ("p", "others", "again")


class PickState(NamedTuple):
    """The state of the pick dialog, for reopening it.

    `before` are the ids of the shows that were suggested before those on the screen; `show` is the id of the show under
    the cursor, or None.
    """

    before: frozenset[str]
    show: str | None


class Picks(OptionRows[Pick]):
    """A list of the shows that were picked at random, one per line."""

    def fill(self, picks: Sequence[Pick], style: DisplayStyle, show: str | None = None) -> None:
        """Show these picks. The cursor goes to the show with the id `show`, or to the first pick if it is not there."""
        options = [_option(one, style) for one in picks]
        self._measure(options)
        self.show(options, next((at for at, one in enumerate(picks) if one.show.id == show), 0))


class PickDialog(Dialog[str]):
    """The dialog that draws a few shows at random. Its answer is the id of the chosen show. A key draws other shows.

    Args:
        shows: The whole list; its ratings tell what the user likes.
        among: The shows that may be drawn.
        scope: A description of the shows in `among`, e.g. `3 marked shows`; empty for all shows in view.
        today: The date of today; the draws stay the same all day.
        minutes: The available time in minutes; None for any time.
        style: How ratings are shown.
        services: The user's streaming services.
        place: The state to restore; None to begin anew.
    """

    BINDINGS = [
        Binding("p,r", "again", show=False),
        Binding("t", "time", show=False),
        Binding("q", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    PickDialog > #box { width: 76; }
    PickDialog #about { width: 100%; height: auto; min-height: 4; margin-top: 1; }
    PickDialog.-short #about { margin-top: 0; min-height: 2; }
    """

    def __init__(
        self,
        shows: Sequence[Show],
        among: Sequence[Show],
        scope: str = "",
        *,
        today: date,
        minutes: int | None = None,
        style: DisplayStyle = STARS,
        services: Mapping[str, Service] = NOTHING,
        place: PickState | None = None,
    ) -> None:
        super().__init__("Tonight")
        place = place or PickState(frozenset(), None)
        self._start = place.show
        self._shows, self._scope, self._today, self._style, self._services = shows, scope, today, style, services
        self._among = among
        self._drawn = self._before = place.before  # ids drawn so far; and before the current draw
        self.minutes = minutes

    def body(self) -> Iterable[Widget]:
        self._rows = Picks([], id="scrolls")
        self._rows.styles.min_height = COUNT  # the room of the first draw, so that the box does not grow
        yield self._rows
        yield Static(id="about")
        self._hints = Hints(AGAIN, TIME, CLOSE)
        yield self._hints

    def opened(self) -> None:
        self.action_again()

    @work(exclusive=True)
    async def action_again(self) -> None:
        """Draw shows that were not drawn yet. If none are left, start over with all shows."""
        picks = await asyncio.to_thread(self._pick, self._drawn)
        again = not picks and bool(self._drawn)
        if again:
            self._drawn = frozenset()
            picks = await asyncio.to_thread(self._pick, self._drawn)
        self._before = self._drawn
        self._drawn |= {one.show.id for one in picks}
        time = "" if self.minutes is None else f", {time_text(self.minutes)} at most"
        of = f"{len(picks):,} of {counted(picks.candidates, 'candidate')}{self._scope and ' of '}{self._scope}"
        self.query_one("#box").border_subtitle = Content(f"{of}{time}{'; all shown, starting over' * again}")
        self._rows.styles.min_height = None
        self._rows.set_class(not picks, "hidden")
        self._rows.fill(picks, self._style, self._start)
        self._start = None
        if picks:
            self._rows.focus()

    def _pick(self, drawn: frozenset[str]) -> Draw:
        """Draw shows that are not in `drawn`. Runs in a thread, so it must not change widgets."""
        wanted = {show.id for show in self._among}
        return pick(
            self._shows,
            today=self._today,
            minutes=self.minutes,
            count=COUNT,
            seed=self._today.toordinal(),  # the same evening gives the same draws
            exclude=(show.id for show in self._shows if show.id not in wanted),
            drawn=drawn,
            style=self._style,
            services=self._services,
        )

    @work
    async def action_time(self) -> None:
        """Ask for the available time, and draw again."""
        known = "" if self.minutes is None else str(self.minutes)
        typed = await self.ask(
            Prompt("How much time do you have?", known, "100m, 1h40; empty is any", _wrong, word="pick")
        )
        if typed is not None:
            self.minutes = parse_minutes(typed) if typed.strip() else None
            self._drawn = frozenset()
            self.action_again()

    @property
    def place(self) -> PickState:
        """The current state, to reopen the dialog later."""
        return PickState(self._before, self._rows.current.value.show.id if self._rows.current is not None else None)

    def on_option_rows_moved(self) -> None:
        one = self._rows.current
        self._hints.show(*[("enter", "go to it", "accept")] * bool(one), AGAIN, TIME, CLOSE)
        if one is not None:
            about = Content("\n").join(Content(safe(reason)) for reason in one.value.reasons or ("still to watch",))
        else:
            about = Content("Nothing of this is left to watch" + " in that time" * (self.minutes is not None))
        self.query_one("#about", Static).update(about)
        self.call_after_refresh(self.fit)

    def on_option_rows_chosen(self) -> None:
        self.action_accept()

    def action_accept(self) -> None:
        if (one := self._rows.current) is not None:
            self.dismiss(one.value.show.id)


def _option(one: Pick, style: DisplayStyle) -> Option[Pick]:
    show = one.show
    title = safe(show.title) + (f" ({show.year})" if show.year else "")
    length = time_text(show.runtime) if show.runtime else ""
    return Option(one, title, glyph=status_glyph(show.status, style), detail=length)


def _wrong(text: str) -> str | None:
    try:
        if text.strip():
            parse_minutes(text)
    except ValueError as error:
        return str(error)
    return None
