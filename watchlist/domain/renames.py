"""Finds shows whose id was changed by editing the file, by comparing titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from watchlist.domain.edits import Delta
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.text import fold
from watchlist.domain.watchlist import Watchlist


def renames(before: Watchlist, after: Watchlist) -> dict[str, str]:
    """Return the new id of each renamed show by its old id.

    A show counts as renamed if the later list has its title under a new id, while its old id is missing there or
    belongs to a show with another title. The two shows must also be equal in all other fields, or be the only pair with
    this title and without contradicting years. Swapped ids are two renames.
    """
    missing = defaultdict[str, list[Show]](list)
    for show in _without_counterpart(before, after):
        missing[fold(show.title)].append(show)
    new_ids = {}
    for show in _without_counterpart(after, before) if missing else ():
        alike = missing[fold(show.title)]
        equal = [other for other in alike if _bare(other) == _bare(show)]
        same_year = [other for other in alike if other.year == show.year or None in (other.year, show.year)]
        if equal or len(same_year) == 1:
            old = (equal or same_year)[0]
            new_ids[old.id] = show.id
            alike.remove(old)
    return new_ids


def _without_counterpart(watchlist: Watchlist, counterparts: Watchlist) -> Iterable[Show]:
    """Yield the shows of `watchlist` whose id is missing in `counterparts`, or belongs there to another title."""
    for show in watchlist.shows:
        counterpart = counterparts.find(show.id)
        if counterpart is None or (counterpart is not show and fold(counterpart.title) != fold(show.title)):
            yield show


def _bare(show: Show) -> Show:
    return replace(show, id="", problems=())


def renamed(deltas: Iterable[Delta]) -> Mapping[str, str]:
    """Return the new id, by old id, of each show whose id is changed in `deltas`."""
    return {
        delta.before.id: delta.after.id
        for delta in deltas
        if delta.before is not None and delta.after is not None and delta.before.id != delta.after.id
    }
