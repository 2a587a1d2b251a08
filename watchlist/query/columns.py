"""COLUMNS: what queries and orders ask of all shows at once, by name. Worked out once a list, or remembered by the store.

What is not here takes a show read as a whole (its cast, its notes): it is asked only of the shows that nothing else rules
out.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import compress
from typing import Any

from watchlist.fields import FIELDS, Field
from watchlist.model import Show, Shows, Status, day
from watchlist.records import Records
from watchlist.text import fold

Test = Callable[[Show], bool]


def _started(show: Show) -> bool:
    return show.status is Status.WATCHING or bool(show.viewings) or any(season.watched for season in show.seasons)


def _finished(show: Show) -> bool:
    return show.status is Status.WATCHED or (bool(show.episodes) and show.left == 0)


STATES: dict[str, Test] = {
    "rated": lambda show: show.rating is not None,
    "unrated": lambda show: show.rating is None,
    "started": _started,
    "finished": _finished,
    "rewatched": lambda show: (
        sum(not viewing.episodes for viewing in show.viewings) > 1 or any(viewing.rewatch for viewing in show.viewings)
    ),
    "broken": lambda show: bool(show.problems),
}


# What can follow `is:`. The last is told by the config: whether a show is on a service that runs today.
IS = (*STATES, "available")


def _texts_of(field: Field, show: Show) -> Iterable[str]:
    return field.type.texts(field.get(show))


def flat(text: str) -> str:
    """`text` folded, any run of blanks one blank, so that a phrase is found across the end of a line."""
    return " ".join(fold(text).split()) or text  # what folds to nothing (a lone accent) is not in every text


# What bare words are looked for in, and in which order it stands in `searched_text`; of the cast, roles are a field apart.
_TEXTS: dict[str, Callable[[Show], Iterable[str]]] = {
    **{name: partial(_texts_of, field) for name, field in FIELDS.items() if field.searched or name == "role"},
    "cast": lambda show: (row.actor for row in show.cast),
}
SEARCHED = {name: place for place, name in enumerate(_TEXTS)}
_PART = "\x1f"  # which no folded text holds: it counts as a blank


def searched_text(show: Show) -> str:
    """All that a bare word is looked for in, folded: a part for each field, a line for each text."""
    return _PART.join("\n".join(map(flat, filter(None, texts(show)))) for texts in _TEXTS.values())


def part_of(searched: str, name: str) -> str:
    """The lines of one field in a `searched_text`."""
    return searched.split(_PART)[SEARCHED[name]]


def days(show: Show) -> tuple[Any, ...]:
    """The days of all dated viewings: what queries of `watched` look at."""
    return tuple(day(viewing.date) for viewing in show.viewings if viewing.date is not None)


def viewed(show: Show) -> list[list[Any]]:
    """When each viewing was, its minutes, and whether it was not the first: what statistics count."""
    if not show.viewings:
        return []
    from watchlist.watching import viewed  # no list waits for it

    return list(map(list, viewed(show)))


WHOLE = frozenset(
    name for name, field in FIELDS.items() if field.type.long or isinstance(field.type, Records) or name == "role"
)
LIGHT = tuple(name for name in FIELDS if name not in WHOLE)
REMEMBERED = frozenset({*LIGHT, "actors"})  # what is known of a show that was not read as a whole


def actors(show: Show) -> Sequence[str]:
    """The names in the cast, in its order."""
    try:
        known: Sequence[str] = show.remembered("actors")
    except LookupError:
        return [row.actor for row in show.cast]
    return known


COLUMNS: dict[str, Callable[[Show], Any]] = {
    **{name: FIELDS[name].get for name in LIGHT},
    **{f"has:{name}": FIELDS[name].has for name in sorted(WHOLE)},
    **{f"is:{name}": test for name, test in STATES.items()},
    "days": days,
    "viewed": viewed,
    "actors": actors,
    "keys": lambda show: tuple(show.other),
    "searched": searched_text,
}


class Each:
    """A value of each show as it is asked for."""

    def __init__(self, shows: Sequence[Show], get: Callable[[Show], Any]) -> None:
        self._shows, self._get = shows, get

    def __getitem__(self, at: int) -> Any:
        return self._get(self._shows[at])


class Few:
    """A column with few different values, as the number of its value for each show: no value is looked at twice."""

    def __init__(self, column: Sequence[Any]) -> None:
        places = {value: number for number, value in enumerate(dict.fromkeys(column))}
        self._values = tuple(places)
        self._numbers = self._packed(map(places.__getitem__, column))
        # Side by side in the order of the rows that most is asked about: to and fro in memory takes ten times as long.
        self._rows: tuple[Sequence[int], Sequence[int]] = range(len(column)), self._numbers

    def keep(self, good: Callable[[Any], bool], rows: Sequence[int]) -> list[int]:
        """The rows that have a good value."""
        hits, numbers = bytes(map(good, self._values)), self.numbers(rows)
        if isinstance(numbers, bytes):
            return list(compress(rows, numbers.translate(hits.ljust(256, b"\0"))))
        return list(compress(rows, map(hits.__getitem__, numbers)))

    def numbers(self, rows: Sequence[int]) -> Sequence[int]:
        """The number of the value of each of these rows."""
        among, numbers = self._rows
        if among is not rows:
            numbers = self._packed(map(self._numbers.__getitem__, rows))
            if 2 * len(rows) > len(self._numbers):
                self._rows = rows, numbers
        return numbers

    def _packed(self, numbers: Iterable[int]) -> Sequence[int]:
        return bytes(numbers) if len(self._values) <= 256 else array("I", numbers)


def few(shows: Shows, name: str, column: Sequence[Any]) -> Few:
    """The column of this name, whose values are few."""
    if name not in shows.few:
        shows.few[name] = Few(column)
    found: Few = shows.few[name]
    return found


def values(shows: Shows, name: str, rows: Sequence[int]) -> Sequence[Any] | Each:
    """The column of this name, for these rows at least: all of it is worked out only where most of it is asked for."""
    known = shows.known(name)
    if known is None and 2 * len(rows) < len(shows):
        return Each(shows, COLUMNS[name])
    return known if known is not None else shows.column(name, COLUMNS[name])
