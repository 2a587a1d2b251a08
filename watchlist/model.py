"""The domain: shows, their seasons and viewings. Frozen values, no I/O, no text formats."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import repeat
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol, overload

from watchlist.values import Value, fill, many

NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


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


class Problem(NamedTuple):
    """A value in the file that its field does not take. It stays in the file as it is."""

    key: str  # path from the show, as in "rating" or "seasons[0].watched"
    message: str
    value: object


class Role(NamedTuple):
    """One row of the cast."""

    actor: str
    role: str = ""
    other: Mapping[str, Any] = NOTHING


class Credit(NamedTuple):
    """One row of the crew."""

    name: str
    job: str = ""
    other: Mapping[str, Any] = NOTHING


class Season(NamedTuple):
    """Episodes are numbered from 1. Season 0 holds specials, which never count towards progress."""

    number: int
    episodes: int | None = None
    titles: tuple[str, ...] = ()
    watched: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    ratings: Mapping[int, float] = NOTHING
    other: Mapping[str, Any] = NOTHING

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


class Viewing(NamedTuple):
    """One time of watching: the whole of it, or `episodes` ("S01E01-E03")."""

    date: date | datetime | None = None
    rating: float | None = None
    episodes: str = ""
    people: tuple[str, ...] = ()  # the key `with`
    review: str = ""
    rewatch: int | None = None  # which one it belongs to, counted from 1; None: the first time
    other: Mapping[str, Any] = NOTHING


class Rows(Protocol):
    """Where shows come from that are read when they are looked at."""

    def value(self, at: int, name: str) -> Any:
        """One field of the show at a place. LookupError where it takes the whole show to know it."""

    def show(self, at: int) -> Show:
        """The whole show at a place, its id as written."""


class Unread:
    """What a show is until something of it is asked for: its id, and where the rest of it is."""

    __slots__ = ("_at", "_rows")
    _at: int
    _rows: Rows

    def __getattr__(self, name: str) -> Any:
        """Asked for a field that is not there yet: it alone is fetched where that is possible, else all of them."""
        if name not in FIELD_NAMES:
            raise AttributeError(f"a show has no {name}")
        try:
            value = self._rows.value(self._at, name)
        except LookupError:
            whole = self._rows.show(self._at)
            for other in FIELD_NAMES:
                if other != "id":
                    object.__setattr__(self, other, getattr(whole, other))
            return getattr(whole, name)
        object.__setattr__(self, name, value)
        return value

    def remembered(self, name: str) -> Any:
        """What was worked out of this show before and kept, by the name of a field. LookupError where it was not."""
        try:
            rows = object.__getattribute__(self, "_rows")
        except AttributeError:
            raise LookupError(name) from None
        return rows.value(self._at, name)


class Show(Unread, Value):
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
    ids: Mapping[str, str | int] = NOTHING
    cast: tuple[Role, ...] = ()
    crew: tuple[Credit, ...] = ()
    seasons: tuple[Season, ...] = ()
    viewings: tuple[Viewing, ...] = ()
    other: Mapping[str, Any] = NOTHING  # the user's own keys
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
    def minutes_left(self) -> int | None:
        """How long the episodes still to watch take, or a film that was not watched yet; None where nobody knows."""
        if self.runtime is None:
            return None
        if self.kind is Kind.FILM:
            return 0 if self.viewings or self.status is Status.WATCHED else self.runtime
        return None if self.left is None else self.left * self.runtime

    @property
    def last_viewed(self) -> date | None:
        """The day of the latest dated viewing."""
        days = [day(v.date) for v in self.viewings if v.date is not None]
        return max(days, default=None)


FIELD_NAMES: Final = frozenset(Show.names)


def unread(rows: Rows, ids: Sequence[str]) -> list[Show]:
    """A show for each of these ids, read when something of it is asked for."""
    slots: Any = Show  # as a class, whose slots have setters
    shows: list[Show] = list(map(object.__new__, repeat(slots, len(ids))))
    for slot, values in ((slots._rows, repeat(rows)), (slots._at, range(len(ids))), (slots.id, ids)):
        fill(slot.__set__, shows, values)
    return shows


def with_ids(shows: Sequence[Show], ids: Sequence[str]) -> list[Show]:
    """The same shows, each with another id."""
    columns = {name: map(attrgetter(name), shows) for name in Show.names}
    return many(Show, len(shows), {**columns, "id": ids})


MOST_FOUND: Final = 32


class Shows(tuple[Show, ...]):
    """The shows of a list in their order, and what was worked out of all of them at once: kept for the next who asks."""

    columns: dict[str, Sequence[Any]]  # by name, one value a show
    few: dict[str, Any]  # of a column whose values are few: which show has which
    load: Callable[[str], Sequence[Any] | None]  # a column that somebody remembered
    found: dict[
        Hashable, tuple[Sequence[int] | None, Sequence[int]]
    ]  # by question: asked of which places, true of which
    ahead: dict[str, object]  # by word: what its next letter may be, and what will be found then

    def __new__(
        cls, shows: Iterable[Show] = (), load: Callable[[str], Sequence[Any] | None] = lambda name: None
    ) -> Shows:
        made = super().__new__(cls, shows)
        made.columns, made.few, made.load, made.found, made.ahead = {}, {}, load, {}, {}
        return made

    def known(self, name: str) -> Sequence[Any] | None:
        """The column of this name, unless it would have to be worked out."""
        found = self.columns.get(name)
        if found is None and (found := self.load(name)) is not None:
            self.columns[name] = found
        return found

    def column(self, name: str, get: Callable[[Show], Any]) -> Sequence[Any]:
        """`get` of each show, worked out once."""
        found = self.known(name)
        if found is None:
            found = self.columns[name] = [get(show) for show in self]
        return found

    def remember(self, question: Hashable, among: Sequence[int], found: Sequence[int]) -> None:
        """Keep what was found `among` these places; of many questions, the latest."""
        while len(self.found) >= MOST_FOUND:
            del self.found[next(iter(self.found))]
        self.found[question] = among, found

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where the show of each id stands."""
        return {show.id: at for at, show in enumerate(self)}

    def changed(self, changes: Mapping[int, Show]) -> Shows:
        """These shows with others in some places."""
        shows = list(self)
        for at, show in changes.items():
            shows[at] = show
        changed = Shows(shows)
        if all(show.id == self[at].id for at, show in changes.items()):
            changed.places = self.places
        return changed


class Chosen(Sequence[Show]):
    """Some shows of a list, in an order of their own."""

    __slots__ = ("_places", "_shows")

    def __init__(self, shows: Shows, places: Sequence[int]) -> None:
        """`places` are those in the list, counted from 0; they are kept, not copied."""
        self._shows, self._places = shows, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Show: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Show]: ...
    def __getitem__(self, at: int | slice) -> Show | Sequence[Show]:
        if isinstance(at, slice):
            return Chosen(self._shows, self._places[at])
        return self._shows[self._places[at]]

    def __iter__(self) -> Iterator[Show]:
        return map(self._shows.__getitem__, self._places)

    def column(self, name: str, get: Callable[[Show], Any]) -> Sequence[Any]:
        """`get` of each of these: out of that of all, unless it is known of none and these are few."""
        if self._shows.known(name) is None and 2 * len(self) < len(self._shows):
            return [get(show) for show in self]
        column = self._shows.column(name, get)
        return [column[place] for place in self._places]

    def place_of(self, id: str) -> int | None:
        """Where among these the show with this id is."""
        try:
            return self._places.index(self._shows.places[id])
        except (KeyError, ValueError):
            return None


class View(Value):
    """A saved query."""

    name: str
    query: str


class Damage(Value):
    """Why the file can't be read as a whole. Line and column count from 1."""

    message: str
    line: int
    column: int
    text: str  # the offending line

    @property
    def caret(self) -> str:
        """Blanks and a caret that stands under the fault when printed below `text`."""
        return " " * (self.column - 1) + "^"


class Watchlist(Value):
    """The whole list as one value: what edits start from and end in."""

    shows: Shows = Shows()  # any sequence of shows is taken
    views: tuple[View, ...] = ()
    other: Mapping[str, Any] = NOTHING  # the user's own top-level keys and tables
    problems: tuple[Problem, ...] = ()  # of the file, not of one show
    damage: Damage | None = None  # where set, the list is read-only

    def __post_init__(self) -> None:
        if not isinstance(self.shows, Shows):
            object.__setattr__(self, "shows", Shows(self.shows))

    def find(self, id: str) -> Show | None:
        """The show with this id."""
        at = self.shows.places.get(id)
        return self.shows[at] if at is not None else None


def day(moment: date | datetime) -> date:
    """The day of a date or of a local datetime."""
    return moment.date() if isinstance(moment, datetime) else moment
