"""Pasted lines with a show on each: what every line becomes, and what has to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from watchlist.domain.frozen import Frozen, replace
from watchlist.domain.model import Show
from watchlist.domain.text import counted
from watchlist.domain.title_text import TitleText, read_title
from watchlist.query.columns import flat
from watchlist.tui.state.add_finder import AddFinder

if TYPE_CHECKING:
    from watchlist.sources.catalogue.database import Catalogue
    from watchlist.sources.catalogue.title import CatalogueTitle


class State(StrEnum):
    """What a line becomes."""

    FOUND = "found"
    LISTED = "on your list"
    ASKED = "to choose"
    BARE = "not in the catalogue"
    LEFT_OUT = "left out"


class PastedLine(Frozen):
    """A pasted line. `chosen` is an index into `candidates`, -1 for the bare title, None if that was not decided yet."""

    read: TitleText
    own: Show | None = None
    candidates: tuple[CatalogueTitle, ...] = ()
    chosen: int | None = None
    left_out: bool = False

    @property
    def state(self) -> State:
        """What the line becomes."""
        if self.left_out:
            return State.LEFT_OUT
        if self.own is not None:
            return State.LISTED
        if self.chosen == -1 or not self.candidates:
            return State.BARE
        return State.FOUND if self.chosen is not None else State.ASKED

    @property
    def title(self) -> CatalogueTitle | None:
        """The chosen title of the catalogue; None if there is none."""
        return self.candidates[self.chosen] if self.chosen is not None and self.chosen >= 0 else None

    @property
    def is_added(self) -> bool:
        """True if the line adds a show."""
        return self.state in (State.FOUND, State.BARE)

    def choose(self, number: int) -> PastedLine:
        """Return the line with the candidate of this number, from 1, chosen; 0 is none of them."""
        if self.own is not None or number > len(self.candidates):
            return self
        return replace(self, chosen=number - 1, left_out=False)


def read_lines(lines: Sequence[str], finder: AddFinder) -> list[PastedLine]:
    """Return what pasted lines become. Raises CatalogueError if the catalogue is damaged."""
    catalogue = finder.catalogue()
    return [_read_line(line, finder, catalogue) for line in lines]


def _read_line(text: str, finder: AddFinder, catalogue: Catalogue | None) -> PastedLine:
    read = read_title(text)
    readings = [(flat(title), year) for title, year in read.readings()]
    for show in finder.own(read):
        names = {flat(name) for name in (show.title, *show.aka)}
        if read.ids or any(title in names and year in (None, show.year) for title, year in readings):
            return PastedLine(read, own=show)
    if catalogue is None:
        return PastedLine(read)
    from watchlist.sources.catalogue.candidates import candidates  # imports sqlite3

    found = candidates(read, catalogue)
    return PastedLine(read, candidates=found.titles, chosen=None if found.meant is None else 0)


def headline(lines: Sequence[PastedLine]) -> str:
    """Return how many lines become what: `6 found, 1 on your list, 1 to choose`."""
    states = [line.state for line in lines]
    return ", ".join(f"{states.count(state):,} {state}" for state in State if state in states)


def pasted(lines: Sequence[PastedLine]) -> str:
    """Return how many lines were pasted: `9 lines pasted`."""
    return f"{counted(len(lines), 'line')} pasted"
