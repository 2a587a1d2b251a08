"""Groups of the list: shows that have a value in common stand together, under a heading that says which and how many."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from watchlist.model import Shows, Status
from watchlist.query.columns import COLUMNS
from watchlist.text import fold
from watchlist.values import Value


class Heading(Value):
    """Stands above the row `start`, counted from 0; `size` rows are below it."""

    start: int
    label: str
    size: int


_STATUS: Final = list(Status)
# In which order the values of a field come; whatever has none comes last.
GROUPS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "status": _STATUS.index,
    "platform": fold,
    "year": lambda year: -year,
}


class Groups:
    """The shows of a list by their value in one field of GROUPS. The order within a group is whatever it was."""

    def __init__(self, shows: Shows, name: str) -> None:
        key, column = GROUPS[name], shows.column(name, COLUMNS[name])
        values = sorted(set(column), key=lambda value: (not value, key(value) if value else 0, str(value)))
        ranks = {value: rank for rank, value in enumerate(values)}
        self._ranks = [ranks[value] for value in column]
        self._labels = [str(value) if value else f"No {name}" for value in values]
        if name == "status":
            self._labels = [label.capitalize() for label in self._labels]

    def grouped(self, places: Sequence[int]) -> Sequence[int]:
        """These places, group by group."""
        return sorted(places, key=self._ranks.__getitem__)

    def headings(self, places: Sequence[int]) -> Iterator[Heading]:
        """The headings over places that are grouped: a step for each, however many shows there are."""
        start = 0
        while start < len(places):
            rank = self._ranks[places[start]]
            end = bisect_right(places, rank, start, key=self._ranks.__getitem__)
            yield Heading(start, self._labels[rank], end - start)
            start = end


class Lines:
    """Which line of the list a row stands on, where headings stand between the rows; both are counted from 0."""

    def __init__(self, headings: Sequence[Heading] = ()) -> None:
        self.headings = headings
        self._rows = [heading.start for heading in headings]
        self._lines = [heading.start + at for at, heading in enumerate(headings)]

    def line(self, row: int) -> int:
        return row + bisect_right(self._rows, row) if self.headings else row

    def row(self, line: int) -> int:
        """The row on a line; of a heading's, the first below it."""
        return line - bisect_left(self._lines, line) if self.headings else line

    def heading(self, line: int) -> Heading | None:
        """The heading on a line."""
        if not self.headings:
            return None
        at = bisect_left(self._lines, line)
        return self.headings[at] if at < len(self._lines) and self._lines[at] == line else None
