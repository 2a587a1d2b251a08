"""What was watched, told with care from the main screen: each episode of a show, and a viewing with all there is to say."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchlist import edits
from watchlist.fields import problem_of
from watchlist.model import Show, Viewing
from watchlist.safe import safe
from watchlist.tui.actions.changing import undo
from watchlist.watching import Episode, is_series, next_to_watch

if TYPE_CHECKING:
    from watchlist.tui.screens.main import MainScreen


async def episodes(screen: MainScreen) -> None:
    """Of the show under the cursor, whichever are marked: its grid, or where it has no episodes a viewing."""
    show = screen.one()
    if show is None:
        return
    for name in ("seasons", "viewings"):
        if problem := problem_of(show, name):
            said = f"{name} of {safe(show.title)}: {safe(problem.message)}"
            screen.say(said, f"{screen.key('edit_toml')} opens it", "error")
            return
    if not is_series(show) or not show.seasons:
        if screen.writable():
            await _ask_for_viewing(screen, show, next_to_watch(show)[0] if is_series(show) else None)
        return
    from watchlist.tui.screens.episodes import Episodes

    screen.grid = Episodes(
        show,
        screen.today(),
        partial(_change, screen),
        lambda: screen.run_worker(undo(screen), "undo"),
        lambda show, episode: screen.run_worker(_log(screen, show, episode), "viewing"),
        screen.config.style,
        auto_status=screen.config.auto_status,
        cursor=screen.episode,
    )
    try:
        await screen.app.push_screen_wait(screen.grid)
    finally:
        screen.grid = None


def _change(screen: MainScreen, edit: edits.Edit) -> None:
    if screen.writable():
        screen.change(edit)


async def _log(screen: MainScreen, show: Show, episode: Episode) -> None:
    """Ask for a viewing of this episode, over the grid."""
    if screen.writable():
        await _ask_for_viewing(screen, show, episode)


async def _ask_for_viewing(screen: MainScreen, show: Show, episode: Episode | None) -> None:
    from watchlist.tui.screens.viewing import Viewed, ViewingForm

    of_series = ((episode,) if episode else ()) if is_series(show) else None
    title = f"{episode} of {show.title}" if episode else show.title
    form = ViewingForm(title, Viewing(screen.today()), of_series, screen.config.style)

    def edit_of(viewed: Viewed) -> edits.Edit:
        return edits.watch([show.id], viewed.viewing, viewed.episodes, auto_status=screen.config.auto_status)

    await screen.fill_in(f"viewing {show.id} {episode or ''}".rstrip(), form, edit_of)
