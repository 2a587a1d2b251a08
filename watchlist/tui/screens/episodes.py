"""Every episode of a show: what was watched, skipped and rated, and each of it changed where the cursor is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist import edits, facts
from watchlist.model import Season, Show, Viewing
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.text import minutes
from watchlist.tui.screens.dialog import Dialog, Hint, Hints
from watchlist.tui.screens.rate import RatePrompt
from watchlist.tui.widgets.message_bar import MessageBar, Tone
from watchlist.tui.widgets.season_grid import SeasonGrid
from watchlist.watching import Episode

CLOSE: Hint = ("esc", "close", "cancel")
WATCH: Hint = ("space", "watched", "watch")
SKIP: Hint = ("x", "skip", "skip")
RATE: Hint = ("r", "rate", "rate")
VIEWING: Hint = ("enter", "viewing", "viewing")
HINTS = (WATCH, SKIP, ("m", "up to here", "up_to"), ("-", "take back", "take_back"), RATE, VIEWING)
UNDO: Hint = ("u", "undo", "undo")
SMALL = 18  # rows of a screen that has no room for all of it


class Episodes(Dialog[None]):
    """The grid of a show's episodes. What is done here is done at once, and each of it is one step to undo.

    `act` carries an edit out, `undo` takes the last change back, and `log_viewing` asks for a viewing of an episode;
    `fill` is to be called with the show whenever it has changed, and `say` with what there is to say of it.
    """

    BINDINGS = [
        Binding("space,w", "watch", show=False),
        Binding("x", "skip", show=False),
        Binding("m", "up_to", show=False),
        Binding("minus", "take_back", show=False),
        Binding("r", "rate", show=False),
        Binding("enter", "viewing", show=False),
        Binding("u", "undo", show=False),
        Binding("q", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    Episodes > #box { width: auto; min-width: 64; }
    Episodes.-narrow > #box { width: 100%; min-width: 0; }
    Episodes #episode {
        width: 100%; height: 1; margin-top: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis;
    }
    Episodes.-short #episode { margin-top: 0; }
    Episodes #about { width: 100%; height: auto; }
    Episodes SeasonGrid { width: auto; max-width: 100%; }
    Episodes.-narrow SeasonGrid { width: 100%; }
    Episodes MessageBar { width: 100%; padding: 0; }
    """

    def __init__(
        self,
        show: Show,
        today: date,
        act: Callable[[edits.Edit], None],
        undo: Callable[[], object],
        log_viewing: Callable[[Show, Episode], object],
        style: Style = STARS,
        *,
        auto_status: bool = True,
        cursor: Episode | None = None,
    ) -> None:
        super().__init__(show.title)
        self._cursor = cursor
        self._show, self._today, self._style, self._auto = show, today, style, auto_status
        self._act, self._undo, self._log_viewing = act, undo, log_viewing

    def body(self) -> Iterable[Widget]:
        self._grid = SeasonGrid(self._show, self._style, cursor=self._cursor, id="scrolls")
        yield self._grid
        yield Static(id="episode")
        yield Static(id="about")
        yield MessageBar(classes="hidden" if self._small else "")  # until there is something to say
        self._hints = Hints(*self._keys)
        yield self._hints

    def on_mount(self) -> None:
        self._grid.focus()
        self._tell()

    @property
    def _small(self) -> bool:
        return self.app.size.height < SMALL

    @property
    def _keys(self) -> tuple[Hint, ...]:
        """On a small screen those that are needed most: the episodes want the room."""
        return (WATCH, SKIP, RATE, CLOSE) if self._small else (*HINTS, UNDO, CLOSE)

    def fit(self) -> None:
        self._hints.show(*self._keys)
        super().fit()

    @property
    def id_of_show(self) -> str:
        return self._show.id

    def fill(self, show: Show | None) -> None:
        """The show as it is now; where it is gone, there is nothing to see here."""
        if show is None or not show.seasons:
            self.dismiss(None)
        elif show is not self._show:
            self._show = show
            self._grid.fill(show)
            self._tell()

    def say(self, text: str, hint: str, tone: Tone) -> None:
        """What was done, or why it was not."""
        bar = self.query_one(MessageBar)
        bar.remove_class("hidden")
        bar.say(text, hint, tone, style=self._style)
        self.call_after_refresh(self.fit)

    # What is under the cursor

    def on_season_grid_moved(self) -> None:
        self._tell()

    @property
    def _season(self) -> Season | None:
        here = self._grid.cursor
        return next((s for s in self._show.seasons if here is not None and s.number == here.season), None)

    def _tell(self) -> None:
        here, season = self._grid.cursor, self._season
        if here is None or season is None:
            return
        title = safe(facts.episode(season, here.number)).replace("\n", " ")
        self.query_one("#episode", Static).update(Content(title))
        said = Content("\n").join(
            [
                Content(facts.about_episode(self._show, season, here.number, self._style)),
                Content.styled(self._counts(), "$foreground-muted"),
            ]
        )
        self.query_one("#about", Static).update(said)
        self.call_after_refresh(self.fit)

    def _counts(self) -> str:
        """`12 of 22 watched, 1 skipped, 8 h left`: of all that counts."""
        show = self._show
        seasons = show.counted_seasons
        total = f" of {show.episodes}" if show.episodes is not None else ""
        skipped = sum(len(season.skipped) for season in seasons)
        left = show.left
        time = (minutes(left * show.runtime) if show.runtime else str(left)) if left else ""
        parts = [f"{show.seen}{total} watched"]
        parts += [f"{skipped} skipped"] * bool(skipped) + [f"{time} left"] * bool(left)
        return ", ".join(parts)

    # What is done to it

    def action_watch(self) -> None:
        if (here := self._grid.cursor) is not None and (season := self._season) is not None:
            viewing = None if here.number in season.watched else Viewing(self._today)
            self._act(edits.set_watched(self._show.id, here, viewing, auto_status=self._auto))

    def action_skip(self) -> None:
        if (here := self._grid.cursor) is not None and (season := self._season) is not None:
            skipped = here.number not in season.skipped
            self._act(edits.skip([self._show.id], [here], skipped=skipped, auto_status=self._auto))

    def action_up_to(self) -> None:
        if (here := self._grid.cursor) is not None:
            self._act(edits.watch([self._show.id], Viewing(), through=here, auto_status=self._auto))

    def action_take_back(self) -> None:
        self._act(edits.take_back([self._show.id], auto_status=self._auto))

    @work(exclusive=True)
    async def action_rate(self) -> None:
        here, season = self._grid.cursor, self._season
        if here is None or season is None:
            return
        prompt = RatePrompt(facts.episode(season, here.number), season.ratings.get(here.number), self._style)
        rated = await self.app.push_screen_wait(prompt)
        if rated is not None:
            self._act(edits.rate_episodes([self._show.id], [here], rated.stars))

    def action_viewing(self) -> None:
        if (here := self._grid.cursor) is not None:
            self._log_viewing(self._show, here)

    def action_undo(self) -> None:
        self._undo()
