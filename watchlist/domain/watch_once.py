"""The edit that logs a viewing unless the same was logged for that day before, e.g. when a file is played twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from watchlist.domain import edits
from watchlist.domain.dates import AnyDate, PartialDate, without_time
from watchlist.domain.episodes import Episode, episodes_of
from watchlist.domain.model import Kind, Show, Viewing
from watchlist.domain.per_show_edits import PerShowEdit, each, in_turn
from watchlist.domain.watch_progress import watched


def is_logged(show: Show, viewing: Viewing, episodes: Sequence[Episode]) -> bool:
    """Return True if the show, or all `episodes` of it, have a viewing on the day of `viewing` already."""
    if not episodes:
        return any(not row.episodes for row in _of_that_day(show, viewing.date))
    return not _not_logged(show, viewing, episodes)


def watch_once(
    id: str,
    viewing: Viewing,
    episodes: Sequence[Episode] = (),
    *,
    kind: Kind | None = None,
    auto_status: bool = True,
    sure: bool = False,
) -> PerShowEdit:
    """Return the edit that logs those of `episodes`, or the film, that have no viewing on the day of `viewing` yet.

    Args:
        episodes: The watched episodes; empty for a film.
        kind: The kind to give to a show whose kind is unknown.
        auto_status: If True, update the status of the show.
        sure: If True, accept episodes that the show does not list.
    """

    def change(show: Show) -> Show:
        if is_logged(show, viewing, episodes):
            return show
        left = _not_logged(show, viewing, episodes) or None
        return edits.watch([id], viewing, left, auto_status=auto_status, sure=sure).change(show)

    log = each([id], change)
    return in_turn(edits.set_kind([id], kind), log) if kind is not None else log


def _not_logged(show: Show, viewing: Viewing, episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    rows = _of_that_day(show, viewing.date)
    if any(not row.episodes for row in rows):  # a viewing of the whole show
        return ()
    logged = {episode for row in rows for episode in episodes_of(show, row)}
    if viewing.date is None:
        logged.update(watched(show))
    return tuple(episode for episode in episodes if episode not in logged)


def _of_that_day(show: Show, moment: AnyDate | None) -> list[Viewing]:
    return [row for row in show.viewings if _day(row.date) == _day(moment)]


def _day(moment: AnyDate | None) -> date | PartialDate | None:
    return None if moment is None else without_time(moment)
