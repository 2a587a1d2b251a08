"""Column types for queries: lazily computed columns and dictionary-encoded columns.

A dictionary-encoded column stores each different value once and, for each show, the number (code) of its value.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from typing import Any

from watchlist.domain.model import Show
from watchlist.domain.show_table import ShowTable
from watchlist.query.columns import COLUMNS


class LazyColumn:
    """A column that stores nothing: the value of a show is computed each time it is read."""

    def __init__(self, shows: Sequence[Show], get: Callable[[Show], Any]) -> None:
        self._shows, self._get = shows, get

    def __getitem__(self, index: int) -> Any:
        return self._get(self._shows[index])


class DictEncodedColumn:
    """A column that stores each different value once, so that a test runs once per value instead of once per show."""

    def __init__(self, column: Sequence[Any]) -> None:
        codes = {value: number for number, value in enumerate(dict.fromkeys(column))}
        self._values = tuple(codes)
        self._codes = self._packed(map(codes.__getitem__, column))
        # The codes in the order of the last large selection: reading them in memory order is ten times as fast.
        self._rows: tuple[Sequence[int], Sequence[int]] = range(len(column)), self._codes

    def keep(self, good: Callable[[Any], bool], rows: Sequence[int]) -> list[int]:
        """Return those of `rows` (indexes of shows, from 0) whose value passes the test `good`."""
        hits, codes = bytes(map(good, self._values)), self.codes(rows)
        if isinstance(codes, bytes):
            return list(compress(rows, codes.translate(hits.ljust(256, b"\0"))))
        return list(compress(rows, map(hits.__getitem__, codes)))

    def codes(self, rows: Sequence[int]) -> Sequence[int]:
        """Return the code of the value of each show in `rows` (indexes from 0). Codes number the different values from 0."""
        selection, codes = self._rows
        if selection is not rows:
            codes = self._packed(map(self._codes.__getitem__, rows))
            if 2 * len(rows) > len(self._codes):
                self._rows = rows, codes
        return codes

    def _packed(self, codes: Iterable[int]) -> Sequence[int]:
        return bytes(codes) if len(self._values) <= 256 else array("I", codes)


def dict_encoded(shows: ShowTable, name: str, column: Sequence[Any]) -> DictEncodedColumn:
    """Return the column `name` of `shows` with each different value stored once. It is made from `column`, then cached."""
    if name not in shows.encoded:
        shows.encoded[name] = DictEncodedColumn(column)
    encoded: DictEncodedColumn = shows.encoded[name]
    return encoded


def values(shows: ShowTable, name: str, rows: Sequence[int]) -> Sequence[Any] | LazyColumn:
    """Return the column `name` for reading at the indexes `rows` (from 0).

    If the column is not cached and `rows` are fewer than half of the shows, each value is computed when it is read.
    Otherwise, the values of all shows are computed and cached.
    """
    if shows.cached(name) is None and 2 * len(rows) < len(shows):
        return LazyColumn(shows, COLUMNS[name])
    return shows.column(name, COLUMNS[name])
