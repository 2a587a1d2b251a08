"""The result of a change of the list, as the interfaces show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from watchlist.domain.frozen import Frozen

if TYPE_CHECKING:
    from watchlist.domain.edits import Delta

Progress = Callable[[int, int], None]  # called with (number of processed shows, number of shows to process)


def no_progress(done: int, total: int) -> None:
    """Do nothing. The default of `progress` parameters, functions that are called with (steps done, number of all steps)."""


class Change(Frozen):
    """The result of one change of the list. If nothing changed, `number` is 0 and `deltas` is empty."""

    number: int  # the number of the record in the journal, counted from 1
    label: str  # description of the change, safe to print on a terminal
    time: datetime
    deltas: tuple[Delta, ...] = ()
    skipped: tuple[str, ...] = ()  # messages about what was not changed, and why
    notices: tuple[str, ...] = ()  # further messages for the user, each reported once
    can_undo: bool = True  # False if no file existed before, or its content was not text


class Entry(NamedTuple):
    """A row of the history: a change that this program recorded in the journal."""

    number: int
    label: str
    time: datetime
    undone: bool
    held: bool = False  # True if the change was not made because the file was in doubt; redo can make it
    skipped: str = ""  # why the change can't be undone or redone; empty if it can
