"""ShowTable: the shows of a list with cached columns and query results. A column has one value per show."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from operator import attrgetter
from typing import Any, Final, overload

from watchlist.domain.frozen import build_many, set_slots
from watchlist.domain.lazy_show import RowSource
from watchlist.domain.model import Show


def unread(rows: RowSource, ids: Sequence[str]) -> list[Show]:
    """Return a lazy show for each id. Its fields are loaded from `rows` when used."""
    slots: Any = Show  # typed as Any, because mypy treats slots as values
    shows: list[Show] = list(map(object.__new__, repeat(slots, len(ids))))
    for slot, values in ((slots._rows, repeat(rows)), (slots._index, range(len(ids))), (slots.id, ids)):
        set_slots(slot.__set__, shows, values)
    return shows


def with_ids(shows: Sequence[Show], ids: Sequence[str]) -> list[Show]:
    """Return copies of `shows` in which show i has the i-th of `ids`."""
    columns = {name: map(attrgetter(name), shows) for name in Show.names}
    return build_many(Show, len(shows), {**columns, "id": ids})


MAX_RESULTS: Final = 32  # maximum number of cached query results per list


class ShowTable(tuple[Show, ...]):
    """The shows of a list in order. Columns and query results are computed once and cached here."""

    columns: dict[str, Sequence[Any]]  # one value for each show, by column name
    encoded: dict[str, Any]  # dictionary-encoded columns (see `column_types`), by column name
    load: Callable[[str], Sequence[Any] | None]  # returns a column of the cached index, or None
    results: dict[Hashable, tuple[Sequence[int] | None, Sequence[int]]]  # (rows searched, rows found) by query term

    def __new__(
        cls, shows: Iterable[Show] = (), load: Callable[[str], Sequence[Any] | None] = lambda name: None
    ) -> ShowTable:
        table = super().__new__(cls, shows)
        table.columns, table.encoded, table.load, table.results = {}, {}, load, {}
        return table

    def cached(self, name: str) -> Sequence[Any] | None:
        """Return the column `name`, if it was computed before or is stored in the cache file of the list; else None."""
        column = self.columns.get(name)
        if column is None and (column := self.load(name)) is not None:
            self.columns[name] = column
        return column

    def column(self, name: str, get: Callable[[Show], Any]) -> Sequence[Any]:
        """Return `get(show)` for each show, computed when first needed and cached under `name`."""
        column = self.cached(name)
        if column is None:
            column = self.columns[name] = [get(show) for show in self]
        return column

    def remember(self, term: Hashable, rows: Sequence[int], matches: Sequence[int]) -> None:
        """Cache `matches`, the result of a query `term` in the shows `rows`; both are indexes from 0.

        If MAX_RESULTS are cached, drop the oldest one.
        """
        while len(self.results) >= MAX_RESULTS:
            del self.results[next(iter(self.results))]
        self.results[term] = rows, matches

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The index (from 0) of each show, by id."""
        return {show.id: index for index, show in enumerate(self)}

    def changed(self, changes: Mapping[int, Show]) -> ShowTable:
        """Return a copy of the table with some shows replaced. `changes` contains new shows by index (from 0)."""
        shows = list(self)
        for index, show in changes.items():
            shows[index] = show
        changed = ShowTable(shows)
        if all(show.id == self[index].id for index, show in changes.items()):
            changed.places = self.places
        return changed


class ShowSelection(Sequence[Show]):
    """Some shows of a table, in an order that may differ from that of the table."""

    __slots__ = ("_places", "_shows")

    def __init__(self, shows: ShowTable, places: Sequence[int]) -> None:
        """Select the shows at the indexes `places` (from 0) of the table. The sequence is not copied."""
        self._shows, self._places = shows, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Show: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Show]: ...
    def __getitem__(self, index: int | slice) -> Show | Sequence[Show]:
        if isinstance(index, slice):
            return ShowSelection(self._shows, self._places[index])
        return self._shows[self._places[index]]

    def __iter__(self) -> Iterator[Show]:
        return map(self._shows.__getitem__, self._places)

    def column(self, name: str, get: Callable[[Show], Any]) -> Sequence[Any]:
        """Return `get(show)` for each selected show.

        The values are taken from the column `name` of the table. If that column is not cached and fewer than half of
        the shows are selected, only the values of the selected shows are computed.
        """
        if self._shows.cached(name) is None and 2 * len(self) < len(self._shows):
            return [get(show) for show in self]
        column = self._shows.column(name, get)
        return [column[place] for place in self._places]

    def place_of(self, id: str) -> int | None:
        """Return the index (from 0) of the show with this id in the selection; None if it is not selected."""
        try:
            return self._places.index(self._shows.places[id])
        except (KeyError, ValueError):
            return None
