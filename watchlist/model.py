"""The domain: shows, their seasons and viewings. Frozen values, no I/O, no text formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return NOTHING


class Kind(StrEnum):
    SERIES = "series"
    FILM = "film"


class Status(StrEnum):
    """How far somebody is with a show, in the order the views stand in."""

    WATCHING = "watching"
    PLANNED = "planned"
    WATCHED = "watched"
    PAUSED = "paused"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Problem:
    """A value in the file that its field does not take. It stays in the file as it is."""

    key: str  # path from the show, as in "rating" or "seasons[0].watched"
    message: str
    value: object


@dataclass(frozen=True, slots=True)
class Role:
    """One row of the cast."""

    actor: str
    role: str = ""
    other: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Credit:
    """One row of the crew."""

    name: str
    job: str = ""
    other: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Season:
    """Episodes are numbered from 1. Season 0 holds specials, which never count towards progress."""

    number: int
    episodes: int | None = None
    titles: tuple[str, ...] = ()
    watched: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    ratings: Mapping[int, float] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=_nothing)

    @property
    def seen(self) -> int:
        """How many episodes were watched."""
        return len(self.watched)

    @property
    def left(self) -> int | None:
        """Episodes neither watched nor skipped; None where nobody knows how many there are."""
        if self.episodes is None:
            return None
        done = {*self.watched, *self.skipped}
        return sum(1 for number in range(1, self.episodes + 1) if number not in done)


@dataclass(frozen=True, slots=True)
class Viewing:
    """One time of watching: the whole of it, or `episodes` ("S01E01-E03")."""

    date: date | datetime | None = None
    rating: float | None = None
    episodes: str = ""
    people: tuple[str, ...] = ()  # the key `with`
    review: str = ""
    other: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Show:
    """A series or a film on the list. Ratings are in stars, more than 0 and at most 5; runtime is in minutes."""

    id: str
    title: str
    kind: Kind | None = None
    year: int | None = None
    status: Status = Status.PLANNED
    rating: float | None = None
    platform: str = ""
    premiered: date | None = None
    added: date | None = None
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
    ids: Mapping[str, str | int] = field(default_factory=dict)
    cast: tuple[Role, ...] = ()
    crew: tuple[Credit, ...] = ()
    seasons: tuple[Season, ...] = ()
    viewings: tuple[Viewing, ...] = ()
    other: Mapping[str, Any] = field(default_factory=_nothing)  # the user's own keys
    problems: tuple[Problem, ...] = ()

    @property
    def counted_seasons(self) -> tuple[Season, ...]:
        """All seasons but the specials."""
        return tuple(season for season in self.seasons if season.number > 0)

    @property
    def episodes(self) -> int | None:
        """Episodes that count, over all seasons; None where no season says how many it has."""
        counts = [s.episodes - len(s.skipped) for s in self.counted_seasons if s.episodes is not None]
        return sum(counts) if counts else None

    @property
    def seen(self) -> int:
        """Episodes watched, specials left out."""
        return sum(season.seen for season in self.counted_seasons)

    @property
    def left(self) -> int | None:
        """Episodes still to watch; None where nobody knows."""
        counts = [s.left for s in self.counted_seasons if s.left is not None]
        return sum(counts) if counts else None

    @property
    def last_viewed(self) -> date | None:
        """The day of the latest dated viewing."""
        days = [day(v.date) for v in self.viewings if v.date is not None]
        return max(days, default=None)


@dataclass(frozen=True, slots=True)
class View:
    """A saved query."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Damage:
    """Why the file can't be read as a whole. Line and column count from 1."""

    message: str
    line: int
    column: int
    text: str  # the offending line

    @property
    def caret(self) -> str:
        """Blanks and a caret that stands under the fault when printed below `text`."""
        return " " * (self.column - 1) + "^"


@dataclass(frozen=True, slots=True)
class Watchlist:
    """The whole list as one value: what edits start from and end in."""

    shows: tuple[Show, ...] = ()
    views: tuple[View, ...] = ()
    other: Mapping[str, Any] = field(default_factory=_nothing)  # the user's own top-level keys and tables
    problems: tuple[Problem, ...] = ()  # of the file, not of one show
    damage: Damage | None = None  # where set, the list is read-only

    def find(self, id: str) -> Show | None:
        """The show with this id."""
        return next((show for show in self.shows if show.id == id), None)


def day(moment: date | datetime) -> date:
    """The day of a date or of a local datetime."""
    return moment.date() if isinstance(moment, datetime) else moment
