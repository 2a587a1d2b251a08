"""Groups of the list: shows with the same value of a field, below a heading with that value and their number."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Status
from watchlist.domain.show_table import ShowTable
from watchlist.domain.sort_keys import sort_key
from watchlist.query.columns import COLUMNS


class Heading(Frozen):
    """The heading of a group of `size` rows, drawn above row `start` (from 0)."""

    start: int
    label: str
    size: int


_STATUS: Final = list(Status)
# The sort key of the groups, by field name. Shows without a value come last.
GROUPS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "status": _STATUS.index,
    "platform": sort_key,
    "year": lambda year: -year,
}


class Groups:
    """The grouping of all shows of a list by one of the fields in GROUPS.

    A place is the row number of a show, from 0, in the whole list without view and filter.
    """

    def __init__(self, shows: ShowTable, name: str) -> None:
        key, column = GROUPS[name], shows.column(name, COLUMNS[name])
        values = sorted(set(column), key=lambda value: (not value, key(value) if value else 0, str(value)))
        ranks = {value: rank for rank, value in enumerate(values)}
        self._ranks = [ranks[value] for value in column]
        self._labels = [str(value) if value else f"No {name}" for value in values]
        if name == "status":
            self._labels = [label.capitalize() for label in self._labels]

    def grouped(self, places: Sequence[int]) -> Sequence[int]:
        """Return the row numbers `places` sorted by group. The order within a group is unchanged."""
        return sorted(places, key=self._ranks.__getitem__)

    def headings(self, places: Sequence[int]) -> Iterator[Heading]:
        """Yield the heading of each group of `places`, which must be sorted by group. Takes one binary search per heading."""
        start = 0
        while start < len(places):
            rank = self._ranks[places[start]]
            end = bisect_right(places, rank, start, key=self._ranks.__getitem__)
            yield Heading(start, self._labels[rank], end - start)
            start = end


class Lines:
    """Converts between rows (only shows count) and lines (headings count too) of the list. Both are numbered from 0."""

    def __init__(self, headings: Sequence[Heading] = ()) -> None:
        self.headings = headings
        self._rows = [heading.start for heading in headings]
        self._lines = [heading.start + at for at, heading in enumerate(headings)]

    def line(self, row: int) -> int:
        """Return the line of a row."""
        return row + bisect_right(self._rows, row) if self.headings else row

    def row(self, line: int) -> int:
        """Return the row on a line. For the line of a heading, this is the first row below the heading."""
        return line - bisect_left(self._lines, line) if self.headings else line

    def heading(self, line: int) -> Heading | None:
        """Return the heading on a line; None if the line holds a show."""
        if not self.headings:
            return None
        at = bisect_left(self._lines, line)
        return self.headings[at] if at < len(self._lines) and self._lines[at] == line else None
