"""The results of changes of a list, as the interfaces show them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from watchlist.domain.frozen import Frozen

if TYPE_CHECKING:
    from watchlist.domain.edits import Delta

Progress = Callable[[int, int], None]  # called with the number of shows that are done, and the number of all shows


def no_progress(done: int, total: int) -> None:
    """Do nothing with the progress of a change: the default of `progress`."""


class Change(Frozen):
    """The result of one change. If nothing changed, `number` is 0 and there are no deltas."""

    number: int  # the number of the record in the journal, counted from 1
    label: str  # what was done, fit for a terminal
    time: datetime
    deltas: tuple[Delta, ...] = ()
    skipped: tuple[str, ...] = ()  # messages that name what was not changed, and why
    notices: tuple[str, ...] = ()  # further messages for the user, each reported once
    can_undo: bool = True  # False if no file existed before, or its content was not text


class Entry(NamedTuple):
    """One row of the history: a change that this program recorded."""

    number: int
    label: str
    time: datetime
    undone: bool
    held: bool = False  # whether the change is not made yet, because the file looked like a loss; redo makes it
    skipped: str = ""  # why undo or redo skipped the change for good; empty if it did not
