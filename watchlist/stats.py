"""Statistics: what the shows and the viewings of a list add up to, and for each number the query that opens its shows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from heapq import nsmallest
from types import MappingProxyType
from typing import Any, Final, NamedTuple, overload

from watchlist.days import Amount, Streak, by_key, months_of, streaks, weekdays_of, years_of
from watchlist.model import NOTHING, Chosen, Kind, Show, Shows, Status, Viewing
from watchlist.query import Term
from watchlist.query import TermValue as Word
from watchlist.query.columns import COLUMNS
from watchlist.remaining import Left
from watchlist.services import Service, Spent, key_of
from watchlist.text import fold
from watchlist.values import Value

TOP: Final = 10  # so many of the most watched, and of the best rated


class Row(NamedTuple):
    """Shows that have something in common. `mean` is that of the user's ratings of them in stars; None: none is rated."""

    label: str
    number: int
    mean: float | None
    query: str


class Most(NamedTuple):
    """One of the shows that most time went into."""

    show: Show
    viewings: int
    minutes: int
    query: str


class Seen(NamedTuple):
    """One viewing of one show. `minutes` is None where the length is not known; `again`: it was not the first time."""

    show: Show
    viewing: Viewing
    minutes: int | None
    again: bool


class Ranked(Sequence[Row]):
    """Rows that are made when they are looked at: a long list has as many people as words, and few are asked for."""

    def __init__(self, keys: Sequence[str], make: Callable[[str], Row]) -> None:
        self._keys, self._make = keys, make

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Ranked: ...
    def __getitem__(self, at: int | slice) -> Row | Ranked:
        return Ranked(self._keys[at], self._make) if isinstance(at, slice) else self._make(self._keys[at])


class Viewings(Value):
    """What the viewings add up to: all of them, or those of one year.

    Undated ones belong to no year: they are counted beside each, and part of the times and of `most` without a year.
    `days` has every day with a viewing, its minutes known or not; `watched:` and the day is its query.
    """

    dated: Amount
    undated: Amount
    total: Amount  # dated and undated ones, or those of the year
    rewatches: Amount  # of them; one that took ten evenings is ten viewings, here as everywhere
    without_runtime: Amount  # of which no minutes are known, because the show has no runtime
    without_episodes: Amount  # or because nobody knows how many episodes it was
    years: tuple[Amount, ...]  # newest first
    months: tuple[Amount, ...]  # the twelve of the year, or the last twelve, in order
    weekdays: tuple[Amount, ...]  # from Monday on
    days: Mapping[date, int]  # minutes, in order
    longest: Streak
    current: Streak  # up to today, or up to yesterday as long as today may still come
    most: tuple[Most, ...]
    first: Seen | None
    last: Seen | None


class Statistics(Value):
    """What a list adds up to. With a year, its shows are those that were watched in that year."""

    year: int | None
    shows: Row
    status: tuple[Row, ...]  # one each, in the order of the views
    kinds: tuple[Row, ...]
    ratings: tuple[Row, ...]  # ten, by the glyphs they are shown with: from half a star to five
    rated: Row
    unrated: Row
    years: Sequence[Row]  # from here on: most shows first, then by label
    decades: Sequence[Row]
    genres: Sequence[Row]
    platforms: Sequence[Row]
    creators: Sequence[Row]
    cast: Sequence[Row]
    left: Left
    added: Row  # to the list in the year, watched or not; without a year: whenever
    best: tuple[Show, ...]  # by the user's rating
    viewings: Viewings
    services: tuple[Spent, ...]  # those of the config, in its order; none in the review of another year than this one


def statistics(
    shows: Iterable[Show], *, today: date, year: int | None = None, services: Mapping[str, Service] = NOTHING
) -> Statistics:
    """All there is to know of these shows, or of what was watched in one year. Run on these shows, the queries are right."""
    table = _Table(shows if isinstance(shows, (Shows, Chosen)) else Shows(shows))
    every = [
        One(place, at, on, minutes, again)
        for place, rows in enumerate(table["viewed"])
        for at, (on, minutes, again) in enumerate(rows)
    ]
    scope, added, among = "", "added:any", table.places
    if year is not None:
        scope, added = f"watched:{year:04}", f"added:{year:04}"
        among = sorted({one.place for one in every if one.on.startswith(f"{year:04}-")})
    rated, unrated = ([place for place in among if (table["rating"][place] is None) is none] for none in (False, True))
    new = [place for place, on in enumerate(table["added"]) if on is not None and year in (None, on.year)]
    left = [table["left"][place] for place in among], [table["minutes_left"][place] for place in among]
    return Statistics(
        year=year,
        shows=table.row("shows", among, scope),
        status=_each(table, among, Status, "status", scope),
        kinds=_each(table, among, (*Kind, None), "kind", scope),
        ratings=_ratings(table, rated, scope),
        rated=table.row("rated", rated, _and("rating:any", scope)),
        unrated=table.row("unrated", unrated, _and("rating:none", scope)),
        **{name: _grouped(table, among, group, scope) for name, group in GROUPS.items()},
        left=Left.of(*left, scope),
        added=table.row("added", new, added),
        best=_best(table, rated),
        viewings=_viewings(table, every, today, year),
        services=_services(table, every, today, services) if year in (None, today.year) else (),
    )


class One(NamedTuple):
    """One viewing: its show's place and its own there; when, as ISO has it, "" where nobody knows."""

    place: int
    at: int
    on: str
    minutes: int | None
    again: bool


class _Table:
    """The shows that are counted, a column at a time: only of those that are told by name one is looked at."""

    def __init__(self, shows: Shows | Chosen) -> None:
        self.shows, self.places = shows, list(range(len(shows)))
        self._columns: dict[str, Sequence[Any]] = {}
        self._hundredths = [None if rating is None else round(rating * 100) for rating in self["rating"]]

    def __getitem__(self, name: str) -> Sequence[Any]:
        if name not in self._columns:
            self._columns[name] = self.shows.column(name, COLUMNS[name])
        return self._columns[name]

    def row(self, label: str, places: Sequence[int], query: str) -> Row:
        found = [hundredths for place in places if (hundredths := self._hundredths[place]) is not None]
        return Row(label, len(places), sum(found) / len(found) / 100 if found else None, query)  # exact in any order

    def seen(self, one: One) -> Seen:
        show = self.shows[one.place]
        return Seen(show, show.viewings[one.at], one.minutes, one.again)

    def name(self, place: int) -> tuple[str, str]:
        """What a show goes by where nothing else parts it from others."""
        return fold(self["title"][place]), self.shows[place].id


class Group(NamedTuple):
    """A way to put shows together: a column, the labels of what is in it, and the query of a label."""

    column: str
    labels: Callable[[Any], Iterable[str]]
    query: Callable[[str], str]


def _whole(key: str) -> Callable[[str], str]:
    """Queries of a field that is all of a text, quoted where the language wants it."""

    def query(label: str) -> str:
        return str(Term(key, "=", (Word(label, quoted=re.fullmatch(r"[\w.-]+", label) is None),)))

    return query


def _all(labels: Iterable[str]) -> Iterable[str]:
    return labels


_OF_ID: Final = _whole("id")


def query_of(show: Show) -> str:
    """What opens this show and no other."""
    return _OF_ID(show.id)


GROUPS: Final[Mapping[str, Group]] = {
    "years": Group("year", lambda year: () if year is None else (str(year),), lambda label: f"year:{label}"),
    "decades": Group(
        "year",
        lambda year: () if year is None else (f"{year // 10}0s",),
        lambda label: f"year:{label[:-1]}..{label[:-2]}9",
    ),
    "genres": Group("genres", _all, _whole("genre")),
    "platforms": Group("platform", lambda platform: (platform,), _whole("platform")),
    "creators": Group("creators", _all, _whole("creator")),
    "cast": Group("actors", _all, _whole("cast")),
}


def _and(*terms: str) -> str:
    return " ".join(filter(None, terms))


def _each(table: _Table, among: Sequence[int], choices: Iterable[str | None], key: str, scope: str) -> tuple[Row, ...]:
    """A row for each choice, even of no shows; for None only where there are some."""
    groups = by_key((table[key][place], place) for place in among)
    return tuple(
        table.row(f"no {key}" if choice is None else str(choice), found, _and(f"{key}:{choice or 'none'}", scope))
        for choice in choices
        for found in [groups.get(choice, [])]
        if found or choice is not None
    )


def _ratings(table: _Table, rated: Sequence[int], scope: str) -> tuple[Row, ...]:
    """To the nearest half, as `ratings.stars` draws them. The query is in fifths, so that it is right on every scale."""
    groups = by_key((max(1, int(table["rating"][place] * 2 + 0.5)), place) for place in rated)
    rows = []
    for halves in range(1, 11):
        low, high = (0.01 if halves == 1 else halves / 2 - 0.25), min(5, halves / 2 + 0.24)
        query = f"rating:{low:g}/5..{high:g}/5"
        rows.append(table.row(f"{halves / 2:g}", groups.get(halves, []), _and(query, scope)))
    return tuple(rows)


def _best(table: _Table, rated: Sequence[int]) -> tuple[Show, ...]:
    found = nsmallest(TOP, rated, key=lambda place: (-table["rating"][place], *table.name(place)))
    return tuple(map(table.shows.__getitem__, found))


def _grouped(table: _Table, among: Sequence[int], group: Group, scope: str) -> Ranked:
    """Rows by label, case and accents ignored as in queries; each show counts once in a row."""
    keys: dict[str, str] = {}  # of the labels as they are written
    labels: dict[str, str] = {}  # the first one of each key
    groups: dict[str, list[int]] = defaultdict(list)
    column = table[group.column]
    for place in among:
        for label in group.labels(column[place]):
            if (key := keys.get(label)) is None:
                key = keys[label] = " ".join(fold(label).split())
                labels.setdefault(key, label)
            found = groups[key]
            if not found or found[-1] != place:
                found.append(place)
    groups.pop("", None)  # nothing but blanks or lone accents is no label
    order = sorted(groups)
    order.sort(key=lambda key: -len(groups[key]))
    return Ranked(order, lambda key: table.row(labels[key], groups[key], _and(group.query(labels[key]), scope)))


def _viewings(table: _Table, every: Sequence[One], today: date, year: int | None) -> Viewings:
    start = "" if year is None else f"{year:04}-"
    undated = [one for one in every if not one.on]
    dated = [one for one in every if one.on and one.on.startswith(start)]
    again: str | None
    seen, some, scope, again = every, "watched:any", "viewings:any", "is:rewatched"
    if year is not None:
        seen, some, scope, again = dated, f"watched:{year:04}", f"watched:{year:04}", None
    without = by_key((table["runtime"][one.place] is None, one) for one in seen if one.minutes is None)
    days = {
        on: _amount(on, found, f"watched:{on}")
        for on, found in sorted(by_key((one.on[:10], one) for one in dated).items())
    }
    minutes = {date.fromisoformat(on): amount.minutes for on, amount in days.items()}
    longest, current = streaks(minutes, today)
    return Viewings(
        dated=_amount("dated", dated, some),
        undated=_amount("undated", undated, None),
        total=_amount("viewings", seen, scope),
        rewatches=_amount("rewatches", [one for one in seen if one.again], again),
        without_runtime=_amount("without a runtime", without[True], f"{scope} runtime:none"),
        without_episodes=_amount("of no known length", without[False], None),
        years=years_of(days),
        months=months_of(days, today, year),
        weekdays=weekdays_of(days),
        days=MappingProxyType(minutes),
        longest=longest,
        current=current,
        most=_most(table, seen),
        first=_edge(table, dated, min),
        last=_edge(table, dated, max),
    )


def _services(table: _Table, every: Sequence[One], today: date, services: Mapping[str, Service]) -> tuple[Spent, ...]:
    """The viewings of this year on each; a show is on the service that its platform names."""
    start = f"{today.year:04}-"
    seen = by_key((key_of(table["platform"][one.place]), one) for one in every if services and one.on.startswith(start))
    found = []
    for service in services.values():
        amount = _amount(service.name, seen.get(key_of(service.name), []), None)
        query = _and(_whole("platform")(service.name), f"watched:{today.year:04}")
        found.append(Spent(service.name, amount.viewings, amount.minutes, service.paid(today), query))
    return tuple(found)


def _edge(table: _Table, dated: Sequence[One], pick: Callable[..., Any]) -> Seen | None:
    """The first or the last; of several at the same time by the name of the show, in whatever order they come."""
    if not dated:
        return None
    on = pick(one.on for one in dated)
    same = (one for one in dated if one.on == on)
    return table.seen(pick(same, key=lambda one: (*table.name(one.place), one.at)))


def _amount(label: str, found: Sequence[One], query: str | None) -> Amount:
    return Amount(label, len(found), sum([one.minutes or 0 for one in found]), query)


def _most(table: _Table, seen: Sequence[One]) -> tuple[Most, ...]:
    groups = {place: _amount("", found, None) for place, found in by_key((one.place, one) for one in seen).items()}
    best = nsmallest(TOP, groups, key=lambda at: (-groups[at].minutes, -groups[at].viewings, *table.name(at)))
    found = ((table.shows[place], groups[place]) for place in best)
    return tuple(Most(show, amount.viewings, amount.minutes, query_of(show)) for show, amount in found)
