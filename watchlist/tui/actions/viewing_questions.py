"""Questions to ask before a change: the kind of a show, whether an unlisted episode exists, what may be overwritten."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from watchlist.domain.episode_lookup import last_named, too_early, unlisted
from watchlist.domain.episodes import Episode, Name, parse_lengths
from watchlist.domain.fields import FIELDS, changed_fields
from watchlist.domain.frozen import same
from watchlist.domain.model import Kind, Show
from watchlist.domain.text import counted
from watchlist.errors import Refused, WatchlistError
from watchlist.tui.state.store_thread import start_in_store

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host
    from watchlist.tui.dialogs.confirm import ConfirmDialog


async def ask_kind(host: Host, shows: Sequence[Show]) -> tuple[Kind, tuple[int | None, ...]] | None:
    """Ask whether shows are series or films. For a single series, also ask how many episodes its seasons have.

    Returns:
        (Kind, episode counts of seasons 1, 2, …), where an unknown count is None. There are no counts for films and for
        several shows. None if the user cancels.
    """
    from watchlist.tui.dialogs.choose import ChooseDialog
    from watchlist.tui.dialogs.prompt import Prompt
    from watchlist.tui.widgets.option_rows import Option

    name = shows[0].title if len(shows) == 1 else counted(len(shows), "show")
    options = [Option(Kind.SERIES, "series", "s"), Option(Kind.FILM, "film", "f")]
    kind = await host.app.push_screen_wait(ChooseDialog(f"{name}: series or film?", options))
    if kind is not Kind.SERIES or len(shows) > 1:
        return None if kind is None else (kind, ())
    hint = "10, or 10, 8, 8; empty: unknown"
    typed = await host.app.push_screen_wait(Prompt(f"Episodes of {name}", "", hint, _no_lengths))
    return None if typed is None else (kind, parse_lengths(typed))


def _no_lengths(text: str) -> str | None:
    try:
        parse_lengths(text)
    except ValueError as error:
        return str(error)
    return None


def question_about(shows: Sequence[Show], names: Sequence[Name]) -> ConfirmDialog | None:
    """Return a dialog that asks whether to log an episode that a show does not list; None if nothing needs to be asked.

    `names` are the episodes and seasons to log, for each of `shows`.
    """
    from watchlist.tui.dialogs.confirm import ConfirmDialog

    for show in shows:
        if said := _doubt(show, names):
            return ConfirmDialog(f"{said[0].upper()}{said[1:]}. Log it all the same?", yes="log it", no="keep editing")
    return None


def question_of_overwriting(host: Host, before: Show, values: Mapping[str, Any]) -> ConfirmDialog | None:
    """Return a dialog that asks whether to overwrite what another program has changed; None if nothing would be lost.

    Args:
        host: The main screen.
        before: The show as it was when the form was opened.
        values: The new values by field name.
    """
    from watchlist.tui.dialogs.confirm import ConfirmDialog

    start_in_store(lambda: _reload(host))  # the last check of the file may be a second old
    now = host.library.list.find(before.id)
    if now is None:
        return None  # the edit reports that the show is gone
    changed = [name for name in changed_fields(before, now) if name in values]
    if not (lost := [FIELDS[name].label for name in changed if not same(getattr(now, name), values[name])]):
        return None
    return ConfirmDialog(f"Changed elsewhere meanwhile: {', '.join(lost)}. Overwrite?", "overwrite", "keep editing")


def _reload(host: Host) -> None:
    with contextlib.suppress(WatchlistError):  # the edit reports it
        host.library.reload()


def _doubt(show: Show, names: Sequence[Name]) -> str:
    if show.kind is Kind.FILM:
        return ""
    try:
        episodes = [name if isinstance(name, Episode) else last_named(show, name) for name in names]
        return "" if too_early(show, episodes) else unlisted(show, episodes)  # the edit refuses early ones
    except Refused:
        return ""  # a season without known episodes is refused by the edit
