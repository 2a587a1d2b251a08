"""The action that opens the episodes of a show, or the form that logs a viewing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchlist.domain import edits
from watchlist.domain.episodes import Episode, seasons_of
from watchlist.domain.model import Show, Viewing
from watchlist.domain.per_show_edits import PerShowEdit, in_turn
from watchlist.domain.rewatches import next_to_watch
from watchlist.domain.season_edits import with_lengths
from watchlist.domain.watch_edits import with_kind
from watchlist.domain.watch_progress import is_series, kind_of
from watchlist.tui.actions.forms import fill_in
from watchlist.tui.actions.run_change import change, execute
from watchlist.tui.actions.selection import current_show, has_readable, is_writable
from watchlist.tui.actions.undo import undo
from watchlist.tui.actions.viewing_questions import ask_kind, ask_lengths, question_about

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host


async def episodes(host: Host) -> None:
    """Open the episodes of the show under the cursor. For a film, open the form for a viewing.

    If the show may be a series or a film, ask first which it is. If its seasons are unknown, ask how long they are, and
    open the form for a viewing if the answer is empty. Marked shows are ignored.
    """
    show = current_show(host)
    if show is None:
        return
    if not has_readable(host, [show], "seasons", "viewings"):
        return
    settled: PerShowEdit | None = None
    if kind_of(show) is None:
        if not has_readable(host, [show], "kind"):
            return
        if not is_writable(host) or (answer := await ask_kind(host, [show])) is None:
            return
        settled, show = edits.set_kind([show.id], *answer), with_kind(show, *answer)
    elif is_series(show) and not seasons_of(show):
        if not is_writable(host) or (lengths := await ask_lengths(host, show)) is None:
            return
        if lengths:
            settled = edits.assign([show.id], [edits.Assignment("seasons", "=", lengths)])
            show = with_lengths(show, lengths)
    if settled is not None and show.seasons:  # the grid will open, so store the answer now, as each change in the grid
        edit, settled = settled, None
        if not await execute(host, lambda reach: (host.library.apply(edit, style=host.config.style),)):
            return
        if (stored := host.listing.library.find(show.id)) is None:
            return
        show = stored
    if not is_series(show) or not seasons_of(show):
        if is_writable(host):
            await _ask_for_viewing(host, show, next_to_watch(show)[0] if is_series(show) else None, settled)
        return
    from watchlist.tui.dialogs.episodes import EpisodesDialog

    host.episodes_dialog = EpisodesDialog(
        show,
        host.today(),
        partial(_change, host),
        lambda: host.run_worker(undo(host), "undo"),
        lambda show, episode: host.run_worker(_log(host, show, episode), "viewing"),
        host.config.style,
        auto_status=host.config.auto_status,
        cursor=host.episode,
    )
    try:
        await host.app.push_screen_wait(host.episodes_dialog)
    finally:
        host.episodes_dialog = None


def _change(host: Host, edit: edits.Edit) -> None:
    if is_writable(host):
        change(host, edit)


async def _log(host: Host, show: Show, episode: Episode) -> None:
    """If the list can be changed, open the form for a viewing of `episode`, on top of the episodes dialog."""
    if is_writable(host):
        await _ask_for_viewing(host, show, episode)


async def _ask_for_viewing(host: Host, show: Show, episode: Episode | None, settled: PerShowEdit | None = None) -> None:
    """Open the form for a viewing, and log the viewing that the user enters.

    Args:
        host: The main screen.
        show: The show that is viewed.
        episode: The episode that is viewed; None for the next episode or a whole film.
        settled: An edit to apply first as part of the same change, e.g. to set the kind of the show; None for none.
    """
    from watchlist.tui.dialogs.viewing import Viewed, ViewingForm

    of_series = ((episode,) if episode else ()) if is_series(show) else None
    title = f"{episode} of {show.title}" if episode else show.title
    form = ViewingForm(title, Viewing(host.today()), of_series, host.config.style)
    form.question_of = lambda viewed: question_about([show], viewed.episodes or ())

    def edit_of(viewed: Viewed) -> edits.Edit:
        auto = host.config.auto_status
        logged = edits.watch([show.id], viewed.viewing, viewed.episodes, auto_status=auto, sure=True)
        return in_turn(settled, logged) if settled is not None else logged

    await fill_in(host, f"viewing {show.id} {episode or ''}".rstrip(), form, edit_of)
