"""Errors shown to users: one sentence each, with an exit code and a hint what to do next."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any


class WatchlistError(Exception):
    """An expected failure.

    `message` is one sentence about the failure and its place; `hint` is the next step for the user, or empty. Such
    errors are caught in one place: `__main__` prints them and exits with `exit_code`, the interface shows them in its
    message line. `kept` is a file with a text of the user that was not stored, or None; code that shows the error tells
    how to continue with this file.
    """

    exit_code = 1
    changes: tuple[Any, ...] = ()  # `Change` objects of the steps that were completed before the failure
    skipped: tuple[str, ...] = ()  # messages about steps that were skipped and will not be repeated
    kept: Path | None = None

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def is_halfway(self) -> bool:
        """True if some steps were completed or skipped before the failure."""
        return bool(self.changes or self.skipped)

    @property
    def message(self) -> str:
        """The sentence about the failure."""
        return str(self.args[0])


class NotFound(WatchlistError):
    """Raised if something does not exist, e.g. a show, or a change to undo, although the request is well-formed."""


class Refused(WatchlistError):
    """Raised if a request is not executed because it would overwrite or lose something."""


class WrongValue(Refused):
    """Raised if a change would overwrite an invalid value in the file, although the user did not ask to replace it."""


class UsageError(WatchlistError):
    """Raised for wrong input: an unknown field, a value out of range, an invalid query, an invalid config."""

    exit_code = 2


class CatalogueError(WatchlistError):
    """Raised if the catalogue, or a file that it is built from, is damaged, incomplete or can't be read or written.

    The list is not affected.
    """


class DamagedDataset(CatalogueError):
    """Raised if a file that the catalogue is built from is damaged or cut off. `path` is this file."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message, "download it again from https://datasets.imdbws.com/")
        self.path = path


class LookupFailed(WatchlistError):
    """Raised if a service on the internet can't be asked, or if its answer can't be used."""


class Interrupted(WatchlistError):
    """Raised if the user stopped the program after some, but not all, of several steps were done or skipped."""

    exit_code = 130


class StoreError(WatchlistError):
    """Raised if a file is damaged, locked, or can't be read or written."""

    exit_code = 3


@contextlib.contextmanager
def halfway(changes: Sequence[Any], skipped: Sequence[str]) -> Iterator[None]:
    """Attach `changes` (completed steps) and `skipped` (messages) to a WatchlistError that is raised in the `with` block.

    If there are such steps, a KeyboardInterrupt becomes Interrupted.
    """
    try:
        yield
    except WatchlistError as error:
        error.changes, error.skipped = tuple(changes), tuple(skipped)
        raise
    except KeyboardInterrupt as interrupt:
        if not changes and not skipped:
            raise
        stopped = Interrupted("interrupted")
        stopped.changes, stopped.skipped = tuple(changes), tuple(skipped)
        raise stopped from interrupt


MIN_SIMILARITY = 0.7  # minimum difflib ratio (0 to 1) of a suggested name
MIN_PREFIX_LETTERS = 3  # minimum length of a typed beginning that suggests a name


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Return the name most similar to `word`, ignoring case; None if none is similar enough.

    A name is similar if a few letters are wrong, if its letters are in another order, or if `word` is its beginning.
    Leading dashes are ignored, because all flags have them.
    """
    import difflib  # only errors need it

    by_word = {name.lower().lstrip("-"): name for name in names}
    typed = word.lower().lstrip("-")
    similar = difflib.get_close_matches(typed, list(by_word), n=1, cutoff=MIN_SIMILARITY)
    similar += [name for name in by_word if len(typed) > 1 and sorted(name) == sorted(typed)]
    similar += [name for name in by_word if len(typed) >= MIN_PREFIX_LETTERS and name.startswith(typed)]
    return by_word[similar[0]] if similar else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """Return a hint for a typo, e.g. `did you mean "status"?`; empty if no name is similar."""
    name = nearest(word, names)
    return f'did you mean "{name}"?' if name else ""
