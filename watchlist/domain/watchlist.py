"""The whole list as one value: its shows and saved views, and why its file can't be parsed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import NOTHING, Problem, Show, Status
from watchlist.domain.show_table import ShowTable

VERSION = 1  # of the file format
SCHEMA_FILE = "watchlist.schema.json"  # the JSON Schema of the list, beside it
SCHEMA_COMMENT = f"#:schema ./{SCHEMA_FILE}"  # tells editors where the schema is; the first line of a list


class View(Frozen):
    """A query with a name, built in or saved in the list."""

    name: str
    query: str


ALL_SHOWS = View("All", "")
STATUS_VIEWS = {status: View(status.capitalize(), f"status:{status}") for status in Status}
BUILT_IN_VIEWS = (ALL_SHOWS, *STATUS_VIEWS.values())


class Damage(Frozen):
    """Why the list file can't be parsed. Line and column count from 1."""

    message: str
    line: int
    column: int
    text: str  # the line with the error

    @property
    def caret(self) -> str:
        """Blanks and a caret that marks the column of the error when printed below `text`."""
        return " " * (self.column - 1) + "^"


class Watchlist(Frozen):
    """The whole list as one value. Edits take and return it."""

    shows: ShowTable = ShowTable()  # any sequence of shows is converted
    views: tuple[View, ...] = ()
    other: Mapping[str, Any] = NOTHING  # the user's own top-level keys and tables
    problems: tuple[Problem, ...] = ()  # invalid values in the file outside its shows
    damage: Damage | None = None  # if set, the list is read-only

    def __post_init__(self) -> None:
        if not isinstance(self.shows, ShowTable):
            object.__setattr__(self, "shows", ShowTable(self.shows))

    def find(self, id: str) -> Show | None:
        """Return the show with this id; None if there is none."""
        index = self.shows.places.get(id)
        return self.shows[index] if index is not None else None
