"""Questions to ask before a change: the kind of a show, whether an unlisted episode exists, what may be overwritten."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from watchlist.domain.episode_lookup import last_named, too_early, unlisted
from watchlist.domain.episodes import Episode, Name
from watchlist.domain.fields import FIELDS, changed_fields
from watchlist.domain.frozen import same
from watchlist.domain.model import Kind, Show
from watchlist.domain.rewatches import AfterEnd
from watchlist.domain.season_lengths import SeasonLengths, lengths_of, parse_season_lengths
from watchlist.domain.text import counted
from watchlist.errors import Refused, WatchlistError
from watchlist.tui.state.store_thread import start_in_store

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host
    from watchlist.tui.dialogs.confirm import ConfirmDialog


async def ask_kind(host: Host, shows: Sequence[Show]) -> tuple[Kind, SeasonLengths] | None:
    """Ask whether shows are series or films. For a single series, also ask how many episodes its seasons have.

    Returns:
        (Kind, seasons). There are no seasons for films and for several shows. None if the user cancels.
    """
    from watchlist.tui.dialogs.choose import ChooseDialog
    from watchlist.tui.widgets.option_rows import Option

    name = shows[0].title if len(shows) == 1 else counted(len(shows), "show")
    options = [Option(Kind.SERIES, "series", "s"), Option(Kind.FILM, "film", "f")]
    kind = await host.app.push_screen_wait(ChooseDialog(f"{name}: series or film?", options))
    if kind is not Kind.SERIES or len(shows) > 1:
        return None if kind is None else (kind, SeasonLengths())
    lengths = await ask_lengths(host, shows[0])
    return None if lengths is None else (kind, lengths)


async def ask_lengths(host: Host, show: Show) -> SeasonLengths | None:
    """Ask how many episodes the seasons of a show have. The answer is empty if that is unknown, None if the user cancels."""
    from watchlist.tui.dialogs.prompt import Prompt

    prompt = Prompt(f"Episodes per season of {show.title}", "", "10, 8, 8; empty: unknown", _no_lengths)
    typed = await host.app.push_screen_wait(prompt)
    return None if typed is None else parse_season_lengths(typed)


def _no_lengths(text: str) -> str | None:
    try:
        parse_season_lengths(text)
    except ValueError as error:
        return str(error)
    return None


async def ask_after_end(host: Host, end: AfterEnd) -> Episode | None:
    """Ask which episode was watched after the last known one. Return it; None if the user cancels."""
    from watchlist.tui.dialogs.choose import ChooseDialog
    from watchlist.tui.widgets.option_rows import Option

    options = [
        Option(episode, f"{label}: {episode}", label[0])
        for label, episode in (("new season", end.new), ("more of this season", end.more), ("rewatch", end.again))
        if episode is not None
    ]
    heading = f"Season {end.last.season} ended with episode {end.last.number}" if end.last else "Which episode?"
    return await host.app.push_screen_wait(ChooseDialog(heading, options))


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
    changed = [
        name for name in changed_fields(before, now) if name in values and not _merges(before, now, values[name])
    ]
    if not (lost := [FIELDS[name].label for name in changed if not same(getattr(now, name), values[name])]):
        return None
    return ConfirmDialog(f"Changed elsewhere meanwhile: {', '.join(lost)}. Overwrite?", "overwrite", "keep editing")


def _merges(before: Show, now: Show, value: object) -> bool:
    """Return True if `value` is the lengths of seasons, and these lengths were not changed elsewhere: the rest is kept."""
    return isinstance(value, SeasonLengths) and bool(value) and lengths_of(before.seasons) == lengths_of(now.seasons)


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
