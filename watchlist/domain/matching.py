"""Rules that decide if two records are the same show. Used when shows are added, pasted and imported.

Ids at other services decide first: shows with a common id are the same (except for a film and a series with the same
number), shows with different ids at one service are not. Then titles decide, including those in `aka`: shows with a
common title are the same if their years are equal or one year is unknown. A film and a series are never the same by
title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from watchlist.domain.model import Show
from watchlist.domain.text import fold

Key = tuple[str, str]  # a service and its id, or an empty text and a folded title


class Rank(NamedTuple):
    """How a record matches a show. The lowest rank is best, that of a common id."""

    by_title: bool = False  # False for a common id, with which titles and years do not count
    other_title: bool = False  # True if the main titles differ
    other_year: bool = False  # True if one of the two has no year


def find_same(show: Show, shows: Iterable[Show]) -> Show | None:
    """Return the show among `shows` that is most probably the same as `show`, by common id or title; None if there is none.

    The show with the same `id` in the list, i.e. `show` itself, is skipped.
    """
    rank = likeness(show)
    best: tuple[Rank, Show] | None = None
    for candidate in shows:
        if candidate.id != show.id and (value := rank(candidate)) is not None and (best is None or value < best[0]):
            best = value, candidate
    return best[1] if best is not None else None


def likeness(show: Show) -> Callable[[Show], Rank | None]:
    """Return a function that ranks another show as a match for `show`. Lower is better; None means a different show."""
    ids, title = set(_service_ids(show)), fold(show.title)
    names = {name for _, name in _titles(show)}

    def rank(other: Show) -> Rank | None:
        other_ids = other.ids
        if other_ids and ids and contradict(show, other):
            return None
        kinds_differ = show.kind is not None and other.kind is not None and show.kind is not other.kind
        shared = ids.intersection(_service_ids(other)) if other_ids and ids else ()
        if any(not (kinds_differ and id.isdigit()) for _, id in shared):  # services number films and series separately
            return Rank()
        if kinds_differ or not (show.year == other.year or show.year is None or other.year is None):
            return None
        same_title = fold(other.title) == title
        if same_title or fold(other.title) in names or any(fold(name) in names for name in other.aka):
            return Rank(True, not same_title, show.year != other.year)
        return None

    return rank


def contradict(first: Show, second: Show) -> bool:
    """Return True if the two shows have different ids at one service."""
    return any(str(second.ids[key]) != str(id) for key, id in first.ids.items() if key in second.ids)


class KnownShows:
    """An index of shows by title and service ids, so that importing 10,000 rows does not search the list 10,000 times."""

    def __init__(self) -> None:
        self.shows: dict[str, Show] = {}  # by id
        self._ids: dict[Key, list[str]] = {}  # the ids of the shows with a key
        self._order: dict[str, int] = {}  # the insertion order, by id

    def put(self, id: str, show: Show) -> None:
        """Add a show under this id, or replace the show that has this id."""
        before = self.shows.get(id)
        self.shows[id] = show
        self._order.setdefault(id, len(self._order))
        if before is show:
            return
        old, new = (_keys(before) if before is not None else set()), _keys(show)
        for key in new - old:
            self._ids.setdefault(key, []).append(id)
        for key in old - new:
            self._ids[key].remove(id)

    def find(self, show: Show, is_free: Callable[[str], bool] = lambda other_id: True) -> str | None:
        """Return the id of the best match for `show` among the ids that `is_free` accepts; None if no show matches."""
        keys = _keys(show)
        if self._ids.keys().isdisjoint(keys):
            return None
        rank = likeness(show)
        ids = {id for key in keys for id in self._ids.get(key, ()) if is_free(id)}
        ranked = [(value, self._order[id], id) for id in ids if (value := rank(self.shows[id])) is not None]
        return min(ranked)[2] if ranked else None


def known_shows(shows: Mapping[str, Show]) -> KnownShows:
    """Return an index of `shows`, which are given by id, for finding the match of a show."""
    index = KnownShows()
    for id, show in shows.items():
        index.put(id, show)
    return index


def _keys(show: Show) -> set[Key]:
    return {*_titles(show), *_service_ids(show)}


def _titles(show: Show) -> list[Key]:
    return [("", fold(title)) for title in (show.title, *show.aka)]


def _service_ids(show: Show) -> list[Key]:
    return [(key, str(id)) for key, id in show.ids.items()]
