"""What can go wrong, said in one sentence, with the exit code it ends in and the next step to take."""

from __future__ import annotations

from collections.abc import Iterable


class WatchlistError(Exception):
    """An expected failure.

    `args[0]` is one sentence saying what and where; `hint` says what to do next (may be empty). Caught in
    one place per face: `__main__` prints it and exits with `exit_code`, the interface shows it on its message line.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def message(self) -> str:
        return str(self.args[0])


class NotFound(WatchlistError):
    """No such show, nothing to undo: the request was well formed, its object is not there."""


class Refused(WatchlistError):
    """The request would overwrite or lose something, so it was not carried out."""


class UsageError(WatchlistError):
    """Wrong words: an unknown field, a value outside its range, a query that does not parse, a wrong config."""

    exit_code = 2


class ValueProblem(UsageError):
    """A value that its field does not take. The sentence fits under an input: "11 is more than 5 stars"."""


class StoreError(WatchlistError):
    """The file is damaged, locked, or can't be read or written."""

    exit_code = 3


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name most like `word` (case ignored), or None where none is near enough to be worth offering."""
    import difflib  # only what went wrong waits for it

    by_lower = {name.lower(): name for name in names}
    found = difflib.get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """`did you mean "status"?`, or an empty string: the hint for a typo."""
    name = nearest(word, names)
    return f'did you mean "{name}"?' if name else ""
