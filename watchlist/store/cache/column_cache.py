"""Columns of values that follow a change of the list: only the values of changed shows are computed again.

A column has one value per show, e.g. the column `year`. An order, e.g. `order:year-,title`, has the numbers of the
shows in the order of these columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from watchlist.domain.model import Show
from watchlist.domain.show_table import ShowTable
from watchlist.query.columns import COLUMNS

_MAX_COMPARED = 200  # if more shows changed, they are not compared, and all columns count as changed


class ShowRangeChange(NamedTuple):
    """A change that replaces the shows from number `start` to `end` (exclusive, from 0) of a list by `shows`."""

    start: int
    end: int
    shows: Sequence[tuple[int | None, Show]]  # each with its number in the old list, or None
    same: frozenset[str]  # the columns that are known to be unchanged

    @classmethod
    def of(cls, old: ShowTable, start: int, end: int, shows: Sequence[Show]) -> ShowRangeChange:
        """Return the change that replaces shows `start` to `end` (exclusive, from 0) of the list `old` by `shows`."""
        numbers = {id(old[n]): n for n in range(start, end)}
        numbered = [(numbers.get(id(show)), show) for show in shows]
        pairs = [
            (old[start + n], show)
            for n, (origin, show) in enumerate(numbered)
            if origin != start + n and start + n < end
        ]
        if len(shows) != end - start or len(pairs) > _MAX_COMPARED:
            return cls(start, end, numbered, frozenset())
        return cls(
            start,
            end,
            numbered,
            frozenset(name for name, get in COLUMNS.items() if all(get(a) == get(b) for a, b in pairs)),
        )

    def applied(self, name: str, column: Sequence[Any]) -> Sequence[Any] | None:
        """Return the new values of the column `name`, from `column`, its old values; None to compute the column again."""
        if self.keeps(name):
            return column
        if (get := COLUMNS.get(name)) is None:
            return None
        values = [column[origin] if origin is not None else get(show) for origin, show in self.shows]
        return [*column[: self.start], *values, *column[self.end :]]

    def keeps(self, name: str) -> bool:
        """Return True if the column or order `name`, e.g. `year` or `order:year-,title`, is the same in the new list."""
        order = name.removeprefix("order:")
        return (
            {word.partition("@")[0].removesuffix("-") for word in order.split(",")} <= self.same
            if order != name
            else name in self.same
        )


class PatchedColumns:
    """The columns (one value per show) of an older list, updated for a newer list on demand.

    Calling an instance with the name of a column returns the updated column, or None if it must be computed again.
    `load` returns the columns of the older list in the same way; `changes` are the changes from the older list to the
    newer one, in order.
    """

    def __init__(self, load: Callable[[str], Sequence[Any] | None], changes: tuple[ShowRangeChange, ...]) -> None:
        self.load, self.changes = load, changes

    def __call__(self, name: str) -> Sequence[Any] | None:
        column = self.load(name)
        for change in self.changes:
            column = change.applied(name, column) if column is not None else None
        return column

    def and_then(self, change: ShowRangeChange) -> PatchedColumns:
        """Return the columns for a list with one more change, `change`."""
        return PatchedColumns(self.load, (*self.changes, change))

    def keeps(self, name: str) -> bool:
        """Return True if the column `name` is the same as in the older list."""
        return all(change.keeps(name) for change in self.changes)


def keep_columns(old: ShowTable, new: ShowTable, change: ShowRangeChange) -> None:
    """Copy the columns of the list `old` to the list `new`. The values of changed shows are computed again.

    `change` is the change from `old` to `new`.
    """
    new.load = (
        old.load.and_then(change) if isinstance(old.load, PatchedColumns) else PatchedColumns(old.load, (change,))
    )
    for name, column in old.columns.items():
        if (new_column := change.applied(name, column)) is not None:
            new.columns[name] = new_column
