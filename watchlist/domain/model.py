"""The data model: shows, seasons and viewings as immutable values, without I/O or text formats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from watchlist.domain.dates import AnyDate, PartialDate, without_time
from watchlist.domain.frozen import Frozen
from watchlist.domain.lazy_show import LazyShow

NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})  # an empty mapping that can be shared as a default


class Kind(StrEnum):
    """A series, watched episode by episode, or a film, watched as a whole."""

    SERIES = "series"
    FILM = "film"


class Status(StrEnum):
    """How far the user is with a show, in the order of the built-in views.

    Each member has the word in the file, the symbol (one cell) in Unicode and in ASCII, and the name of a color in
    `theme_colors.Palette`. Views, dialogs, panels, pages, queries and flags take all of them from here.
    """

    WATCHING = "watching", "◐", ">", "accent"
    PLANNED = "planned", "○", "o", "primary"
    WATCHED = "watched", "●", "*", "success"
    PAUSED = "paused", "‖", "=", "dim"
    DROPPED = "dropped", "×", "x", "error"

    _value_: str
    glyph: str
    ascii_glyph: str
    color: str

    def __new__(cls, word: str, glyph: str, ascii_glyph: str, color: str) -> Status:
        """Return the member whose value is `word`."""
        status = str.__new__(cls, word)
        status._value_, status.glyph, status.ascii_glyph, status.color = word, glyph, ascii_glyph, color
        return status


class Problem(NamedTuple):
    """An invalid value in the file. The value remains in the file unchanged."""

    key: str  # path from the show, e.g. "rating" or "seasons[0].watched"
    message: str
    value: object


class Role(NamedTuple):
    """An actor of a show with a role. `other` contains unknown keys of the row in the file."""

    actor: str
    role: str = ""
    other: Mapping[str, Any] = NOTHING


class Credit(NamedTuple):
    """A crew member with a job, e.g. `Director`. `other` contains unknown keys of the row in the file."""

    name: str
    job: str = ""
    other: Mapping[str, Any] = NOTHING


class Season(NamedTuple):
    """A season of a series. `episodes` is its length; None if unknown.

    Episodes are numbered from `first`, None meaning 1. Season 0 contains specials, which never count towards progress.
    `titles` and `aired` have one item per episode, `aired` None for an unknown day. `watched` and `skipped` are episode
    numbers, `ratings` are stars by episode number. `other` contains unknown keys.
    """

    number: int
    episodes: int | None = None
    titles: tuple[str, ...] = ()
    watched: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    ratings: Mapping[int, float] = NOTHING
    first: int | None = None
    aired: tuple[date | PartialDate | None, ...] = ()
    other: Mapping[str, Any] = NOTHING

    @property
    def start(self) -> int:
        """The number of the first episode."""
        return self.first or 1

    @property
    def numbers(self) -> range | None:
        """The numbers of the episodes; None if the length of the season is unknown."""
        return None if self.episodes is None else range(self.start, self.start + self.episodes)

    def title_of(self, number: int) -> str:
        """Return the title of the episode with this number; empty if unknown."""
        index = number - self.start
        return self.titles[index] if 0 <= index < len(self.titles) else ""

    def aired_on(self, number: int) -> date | PartialDate | None:
        """Return the day, month or year in which the episode with this number was or will be aired; None if unknown."""
        index = number - self.start
        return self.aired[index] if 0 <= index < len(self.aired) else None


class Viewing(NamedTuple):
    """One viewing of the episodes named in `episodes` (`S01E01-E03`) or, if that text is empty, of the whole show."""

    date: AnyDate | None = None
    rating: float | None = None
    episodes: str = ""
    people: tuple[str, ...] = ()  # the key `with` in the file
    review: str = ""
    rewatch: int | None = None  # the number of the rewatch, from 1; None for the first time
    other: Mapping[str, Any] = NOTHING


class Show(LazyShow, Frozen):
    """A series or film on the list; None means unknown. Ratings are in stars, above 0 up to 5; the runtime is in minutes."""

    id: str
    title: str
    kind: Kind | None = None
    year: int | None = None
    status: Status = Status.PLANNED
    rating: float | None = None
    platform: str = ""
    premiered: date | PartialDate | None = None
    added: date | PartialDate | None = None
    runtime: int | None = None
    language: str = ""
    creators: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    aka: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    based_on: str = ""
    url: str = ""
    synopsis: str = ""
    notes: str = ""
    ids: Mapping[str, str | int] = NOTHING
    cast: tuple[Role, ...] = ()
    crew: tuple[Credit, ...] = ()
    sources: Mapping[str, date | PartialDate] = NOTHING  # the day of the last look-up, by the name of the source
    seasons: tuple[Season, ...] = ()
    viewings: tuple[Viewing, ...] = ()
    other: Mapping[str, Any] = NOTHING  # the user's own keys
    problems: tuple[Problem, ...] = ()

    @property
    def last_viewed(self) -> date | PartialDate | None:
        """The latest date of all viewings as a day, month or year; None if no viewing has a date.

        A month or year counts as earlier than its days.
        """
        days = [without_time(v.date) for v in self.viewings if v.date is not None]
        return max(days, key=lambda day: day.isoformat(), default=None)


FIELD_NAMES: Final = frozenset(Show.names)
