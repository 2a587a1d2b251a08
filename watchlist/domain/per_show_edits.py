"""Edits that change shows one by one, and that go on after a show that can't be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce

from watchlist.domain.frozen import Frozen, replace
from watchlist.domain.model import Show
from watchlist.domain.text import counted
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound, WrongValue
from watchlist.sanitize import safe

NAMED_SHOWS_MAX = 3  # maximum number of shows that are named in a message; the others are counted


class PerShowEdit(Frozen):
    """An edit that replaces each show whose id is in `ids` by `change(show)`."""

    ids: tuple[str, ...]
    change: Callable[[Show], Show]

    def __call__(self, library: Watchlist) -> Watchlist:
        return self.outcome(library)[0]

    def outcome(self, library: Watchlist) -> tuple[Watchlist, tuple[str, ...]]:
        """Return (changed list, sentences about shows that were not changed because of invalid values in the file).

        Raises:
            WrongValue: No show was changed, because of invalid values in the file.
            NotFound: A show is no longer on the list.
        """
        shows, changes = library.shows, dict[int, Show]()
        refusals = Refusals()
        for index in self.places(library):
            with refusals:
                changes[index] = self.change(shows[index])
        if refusals and all(shows[index] == show for index, show in changes.items()):
            refusals.raise_all()
        return replace(library, shows=shows.changed(changes)), refusals.texts

    def places(self, library: Watchlist) -> list[int]:
        """Return the indexes (from 0) of the shows in the list. Raise NotFound if a show is no longer on the list."""
        return [place_of(id, library) for id in self.ids]


class Refusals:
    """A context manager that collects WrongValue errors, so that an invalid value of one show does not stop other changes.

    Enter the context once per show.
    """

    def __init__(self) -> None:
        self._errors: list[WrongValue] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        if isinstance(error, WrongValue):
            self._errors.append(error)
            return True
        return False

    def __bool__(self) -> bool:
        return bool(self._errors)

    @property
    def texts(self) -> tuple[str, ...]:
        """One sentence for each of the first NAMED_SHOWS_MAX unchanged shows, then one with the number of the others."""
        sentences = tuple(f"{error.message}; left unchanged" for error in self._errors[:NAMED_SHOWS_MAX])
        rest = len(self._errors) - NAMED_SHOWS_MAX
        return (
            (*sentences, f"{counted(rest, 'more show')} left unchanged for the same reason") if rest > 0 else sentences
        )

    def raise_all(self) -> None:
        """Raise one WrongValue that combines all collected errors."""
        if len(self._errors) == 1:
            raise self._errors[0]
        more = f"; and {len(self._errors) - NAMED_SHOWS_MAX} more" if len(self._errors) > NAMED_SHOWS_MAX else ""
        message = "; ".join(error.message for error in self._errors[:NAMED_SHOWS_MAX])
        raise WrongValue(message + more, "`watchlist doctor` lists what is wrong in the file")


def each(ids: Iterable[str], change: Callable[[Show], Show]) -> PerShowEdit:
    """Return the edit that replaces each show whose id is in `ids` by `change(show)`."""
    return PerShowEdit(tuple(dict.fromkeys(ids)), change)


def place_of(id: str, library: Watchlist) -> int:
    """Return the index (from 0) of a show in the list. Raise NotFound if the show is no longer on the list."""
    index = library.shows.places.get(id)
    if index is None:
        raise NotFound(f'"{safe(id)}" is no longer on the list', "it was removed elsewhere")
    return index


def in_turn(*edits: PerShowEdit) -> PerShowEdit:
    """Combine several edits, to be applied in order, into one edit that the user can undo in one step."""

    steps = [(frozenset(edit.ids), edit.change) for edit in edits]

    def change(show: Show) -> Show:
        return reduce(lambda changed, step: step[1](changed) if show.id in step[0] else changed, steps, show)

    return each((id for edit in edits for id in edit.ids), change)
