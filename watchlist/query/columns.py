"""COLUMNS: the table of the values that queries and sorting need for all shows.

A column is computed once per list, or read from the index, i.e. the cache file of a list file. Values that need a whole
show (cast, notes) are not columns: they are read only for shows that no other term excludes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from watchlist.domain.dates import without_time
from watchlist.domain.fields import FIELDS, Field
from watchlist.domain.model import Show
from watchlist.domain.record_fields import Records
from watchlist.domain.text import fold
from watchlist.query.is_words import STATES


def _texts_of(field: Field, show: Show) -> Iterable[str]:
    return field.type.texts(field.get(show))


def flat(text: str) -> str:
    """Return `text` for comparison: without case and accents, and with single blanks, so that line ends do not matter."""
    return " ".join(fold(text).split()) or text  # a lone accent folds to "", which every text contains


# The searched fields in the order of `searched_text`. The roles of the cast are a field of their own.
_TEXTS: dict[str, Callable[[Show], Iterable[str]]] = {
    **{name: partial(_texts_of, field) for name, field in FIELDS.items() if field.searched or name == "role"},
    "cast": lambda show: (row.actor for row in show.cast),
}
SEARCHED = {name: place for place, name in enumerate(_TEXTS)}  # the place of each field in `searched_text`, from 0
PART = "\x1f"  # separates fields; in folded texts it counts as a blank, so no text contains it


def searched_text(show: Show) -> str:
    """Return a show's searched texts, folded by `flat`: PART separates the fields, line breaks the texts of a field."""
    return PART.join("\n".join(map(flat, filter(None, texts(show)))) for texts in _TEXTS.values())


def part_of(searched: str, name: str) -> str:
    """Return the texts of the field `name`, one per line, from `searched`, the result of `searched_text` for a show."""
    return searched.split(PART)[SEARCHED[name]]


def days(show: Show) -> tuple[Any, ...]:
    """Return the dates of a show's viewings, without times, for queries of `watched`. Unknown dates are left out."""
    return tuple(without_time(viewing.date) for viewing in show.viewings if viewing.date is not None)


def viewed(show: Show) -> list[list[Any]]:
    """Return [ISO date, minutes, True for a rewatch] for each viewing. An unknown date is "", an unknown length is None."""
    if not show.viewings:
        return []
    from watchlist.domain.rewatches import viewed  # saves 0.4 ms at every start

    return list(map(list, viewed(show)))


# Fields that are read from the whole show (long texts, rows), and all other fields.
WHOLE = frozenset(
    name for name, field in FIELDS.items() if field.type.long or isinstance(field.type, Records) or name == "role"
)
LIGHT = tuple(name for name in FIELDS if name not in WHOLE)
REMEMBERED = frozenset({*LIGHT, "actors"})  # values that the index contains, so that the whole show is not read


def actors(show: Show) -> Sequence[str]:
    """Return the names of a show's actors, in the order of the cast."""
    try:
        names: Sequence[str] = show.remembered("actors")
    except LookupError:
        return [row.actor for row in show.cast]
    return names


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
