"""The dialog that shows all episodes of a show and logs, skips or rates the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist.domain import edits, show_text
from watchlist.domain.episodes import Episode, season_of, seasons_of
from watchlist.domain.model import Season, Show, Viewing
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.text import minutes
from watchlist.domain.watch_progress import progress_of
from watchlist.sanitize import safe
from watchlist.tui.dialogs.dialog import Dialog, Hint, Hints
from watchlist.tui.dialogs.rate import RatePrompt
from watchlist.tui.widgets.message_bar import MessageBar, Tone
from watchlist.tui.widgets.season_grid import SeasonGrid

CLOSE: Hint = ("esc", "close", "cancel")
WATCH: Hint = ("space", "watched", "watch")
SKIP: Hint = ("x", "skip", "skip")
RATE: Hint = ("r", "rate", "rate")
VIEWING: Hint = ("enter", "viewing", "viewing")
HINTS = (WATCH, SKIP, ("m", "up to here", "up_to"), ("-", "unwatch", "unwatch"), RATE, VIEWING)
UNDO: Hint = ("u", "undo", "undo")
SMALL = 18  # lines; a lower screen has no room for all key hints and an empty message bar


class EpisodesDialog(Dialog[None]):
    """The dialog with the episode grid of a show. Each change is stored at once, and can be undone separately.

    The caller calls `fill` whenever the show has changed, and `say` to show messages about changes.

    Args:
        show: The show; it must have seasons.
        today: The date of new viewings.
        act: Applies an edit to the list.
        undo: Undoes the last change.
        log_viewing: Opens the form that logs a viewing of an episode.
        style: How ratings and statuses are shown.
        auto_status: If True, viewings may change the status of the show.
        cursor: The episode under the cursor at first; None for the next episode to watch.
    """

    BINDINGS = [
        Binding("space,w", "watch", show=False),
        Binding("x", "skip", show=False),
        Binding("m", "up_to", show=False),
        Binding("minus", "unwatch", show=False),
        Binding("r", "rate", show=False),
        Binding("enter", "viewing", show=False),
        Binding("u", "undo", show=False),
        Binding("q", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    EpisodesDialog > #box { width: auto; min-width: 64; }
    EpisodesDialog.-narrow > #box { width: 100%; min-width: 0; }
    EpisodesDialog #episode {
        width: 100%; height: 1; margin-top: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis;
    }
    EpisodesDialog.-short #episode { margin-top: 0; }
    EpisodesDialog #about { width: 100%; height: auto; }
    EpisodesDialog SeasonGrid { width: auto; max-width: 100%; }
    EpisodesDialog.-narrow SeasonGrid { width: 100%; }
    EpisodesDialog MessageBar { width: 100%; padding: 0; }
    """

    def __init__(
        self,
        show: Show,
        today: date,
        act: Callable[[edits.Edit], None],
        undo: Callable[[], object],
        log_viewing: Callable[[Show, Episode], object],
        style: DisplayStyle = STARS,
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
        yield MessageBar(classes="hidden" if self._small else "")  # a low screen has no room until the first message
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
        """The key hints. On a small screen, only the most important ones are shown, to leave room for the episodes."""
        return (WATCH, SKIP, RATE, CLOSE) if self._small else (*HINTS, UNDO, CLOSE)

    def fit(self) -> None:
        self._hints.show(*self._keys)
        super().fit()

    @property
    def id_of_show(self) -> str:
        """The id of the show whose episodes are listed."""
        return self._show.id

    def fill(self, show: Show | None) -> None:
        """Draw the changed show. Close the dialog if the show has no episodes any more, or is None because it was removed."""
        if show is None or not seasons_of(show):
            self.dismiss(None)
        elif show is not self._show:
            self._show = show
            self._grid.fill(show)
            self._tell()

    def say(self, text: str, hint: str, tone: Tone) -> None:
        """Show a message about a change, followed by `hint`, what the user can do next. `tone` sets its color."""
        bar = self.query_one(MessageBar)
        bar.remove_class("hidden")
        bar.say(text, hint, tone, style=self._style)
        self.call_after_refresh(self.fit)

    def on_screen_suspend(self) -> None:
        """Clear the message when another screen opens over this one."""
        self.query_one(MessageBar).clear()

    # The episode under the cursor

    def on_season_grid_moved(self) -> None:
        self._tell()

    @property
    def _season(self) -> Season | None:
        here = self._grid.cursor
        return season_of(self._show, here.season) if here is not None else None

    def _tell(self) -> None:
        here, season = self._grid.cursor, self._season
        if here is None or season is None:
            return
        title = safe(show_text.episode(season, here.number)).replace("\n", " ")
        self.query_one("#episode", Static).update(Content(title))
        said = Content("\n").join(
            [
                Content(show_text.about_episode(self._show, season, here.number, self._style, self._today)),
                Content.styled(self._counts(), "$foreground-muted"),
            ]
        )
        self.query_one("#about", Static).update(said)
        self.call_after_refresh(self.fit)

    def _counts(self) -> str:
        """Return the progress of the show, e.g. `12 of 22 watched, 1 skipped, 8 h left`."""
        progress, runtime = progress_of(self._show), self._show.runtime
        total = "?" if progress.total is None else progress.total
        left = progress.left
        time = f"{minutes(left * runtime) if runtime and left else left} left"
        parts = [f"{progress.seen} of {total} watched"]
        parts += [f"{progress.skipped} skipped"] * bool(progress.skipped)
        parts += [time if progress.total is not None else f"at least {time}"] * bool(left)
        return ", ".join(parts)

    # Changes of the episode under the cursor

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

    def action_unwatch(self) -> None:
        self._act(edits.undo_watch([self._show.id], auto_status=self._auto))

    @work
    async def action_rate(self) -> None:
        here, season = self._grid.cursor, self._season
        if here is None or season is None:
            return
        prompt = RatePrompt(show_text.episode(season, here.number), season.ratings.get(here.number), self._style)
        rated = await self.ask(prompt)
        if rated is not None:
            self._act(edits.rate_episodes([self._show.id], [here], rated.stars))

    def action_viewing(self) -> None:
        if (here := self._grid.cursor) is not None:
            self._log_viewing(self._show, here)

    def action_undo(self) -> None:
        self._undo()
