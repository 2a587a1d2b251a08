"""Statistics of a list: numbers of shows and viewings, each with the query that finds the counted shows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from heapq import nsmallest
from types import MappingProxyType
from typing import Any, Final, NamedTuple, overload

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import NOTHING, Kind, Show, Status, Viewing
from watchlist.domain.services import Service, Spent, key_of
from watchlist.domain.show_table import ShowSelection, ShowTable
from watchlist.domain.sort_keys import sort_key
from watchlist.domain.text import fold
from watchlist.query import Term, TermValue
from watchlist.query.columns import COLUMNS
from watchlist.stats.backlog import Backlog
from watchlist.stats.viewing_calendar import Amount, Streak, by_key, months_of, streaks, weekdays_of, years_of

ISO_DAY_CHARS: Final = len("2026-11-20")  # a shorter ISO date is a month or a year
TOP_ROWS: Final = 10  # maximum number of shows in "most watched" and "best rated", and of rows in any section


class CountRow(NamedTuple):
    """The number of shows that match `query`. `mean` is their mean rating in stars; None if no show is rated."""

    label: str
    number: int
    mean: float | None
    query: str


class MostWatched(NamedTuple):
    """One of the most watched shows, with its number of viewings and their minutes. More minutes rank higher."""

    show: Show
    viewings: int
    minutes: int
    query: str


class Seen(NamedTuple):
    """A viewing of a show. `minutes` is None if the length of the viewing is unknown."""

    show: Show
    viewing: Viewing
    minutes: int | None
    is_rewatch: bool


class Ranked(Sequence[CountRow]):
    """A sequence whose rows are only created when read: a long list has thousands of actors, and only few are shown."""

    def __init__(self, keys: Sequence[str], make: Callable[[str], CountRow]) -> None:
        self._keys, self._make = keys, make

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> CountRow: ...
    @overload
    def __getitem__(self, index: slice) -> Ranked: ...
    def __getitem__(self, index: int | slice) -> CountRow | Ranked:
        return Ranked(self._keys[index], self._make) if isinstance(index, slice) else self._make(self._keys[index])


class Viewings(Frozen):
    """Totals of all viewings, or of the viewings of one year.

    Undated viewings belong to no year. They are counted in `undated` and, if the totals are those of all years, also in
    `total`, `rewatches`, `without_runtime`, `without_episodes` and `most`. `days` contains every day with a viewing,
    even of unknown length. A viewing of which only the month or year is known counts for that month or year, but for no
    day, weekday or streak.
    """

    dated: Amount
    undated: Amount
    total: Amount  # all viewings, or all of the year
    rewatches: Amount  # among `total`; a rewatch on ten evenings counts as ten viewings
    without_runtime: Amount  # viewings whose minutes are unknown because the show has no runtime
    without_episodes: Amount  # viewings whose minutes are unknown because the number of episodes is unknown
    years: tuple[Amount, ...]  # newest first
    months: tuple[Amount, ...]  # the months of the year, or the last twelve months, oldest first
    weekdays: tuple[Amount, ...]  # from Monday on
    days: Mapping[date, int]  # minutes by day, in order of days
    longest: Streak
    current: Streak  # the streak that ends today or yesterday
    most: tuple[MostWatched, ...]
    first: Seen | None
    last: Seen | None


class Statistics(Frozen):
    """The statistics of a list. If `year` is None, all shows are counted, otherwise only those watched in that year."""

    year: int | None
    shows: CountRow
    status: tuple[CountRow, ...]  # one row for each status, in the order of the views
    kinds: tuple[CountRow, ...]
    ratings: tuple[CountRow, ...]  # ten rows, from half a star to five stars
    rated: CountRow
    unrated: CountRow
    years: Sequence[CountRow]  # rows of `years` to `cast` are sorted by number of shows, highest first, then by label
    decades: Sequence[CountRow]
    genres: Sequence[CountRow]
    platforms: Sequence[CountRow]
    creators: Sequence[CountRow]
    cast: Sequence[CountRow]
    left: Backlog
    added: CountRow  # shows added in the year, watched or not; without a year, all shows with a date in `added`
    best: tuple[Show, ...]  # the best-rated shows, highest rating first
    viewings: Viewings
    services: tuple[Spent, ...]  # in the order of the config; empty if `year` is another one than the current


def statistics(
    shows: Iterable[Show], *, today: date, year: int | None = None, services: Mapping[str, Service] = NOTHING
) -> Statistics:
    """Return the statistics of `shows`: of all shows and viewings, or only of those watched in `year` if it is given.

    The queries in the result find the counted shows when applied to `shows`. `services` are the user's streaming
    services by name. Their use is counted for the year of `today`, unless `year` is another one.
    """
    table = _Table(shows if isinstance(shows, (ShowTable, ShowSelection)) else ShowTable(shows))
    viewings = [
        ViewingRow(place, index, iso_date, minutes, is_rewatch)
        for place, rows in enumerate(table["viewed"])
        for index, (iso_date, minutes, is_rewatch) in enumerate(rows)
    ]
    scope, added, places = "", "added:any", table.places
    if year is not None:
        scope, added = f"watched:{year:04}", f"added:{year:04}"
        places = sorted({row.place for row in viewings if row.iso_date[:4] == f"{year:04}"})
    rated, unrated = ([place for place in places if (table["rating"][place] is None) is none] for none in (False, True))
    new = [place for place, day in enumerate(table["added"]) if day is not None and year in (None, day.year)]
    left = [table["left"][place] for place in places], [table["minutes_left"][place] for place in places]
    return Statistics(
        year=year,
        shows=table.row("shows", places, scope),
        status=_each(table, places, Status, "status", scope),
        kinds=_each(table, places, (*Kind, None), "kind", scope),
        ratings=_ratings(table, rated, scope),
        rated=table.row("rated", rated, _join_terms("rating:any", scope)),
        unrated=table.row("unrated", unrated, _join_terms("rating:none", scope)),
        **{name: _grouped(table, places, group, scope) for name, group in GROUPS.items()},
        left=Backlog.of(*left, scope),
        added=table.row("added", new, added),
        best=_best(table, rated),
        viewings=_viewings(table, viewings, today, year),
        services=_services(table, viewings, today, services) if year in (None, today.year) else (),
    )


class ViewingRow(NamedTuple):
    """One viewing, reduced to the data that statistics need.

    `place` is the index of the show, `position` the index of the viewing within the show, both from 0. `iso_date` is
    empty if the date is unknown; `minutes` is None if unknown.
    """

    place: int
    position: int
    iso_date: str
    minutes: int | None
    is_rewatch: bool


class _Table:
    """The shows to count, as columns with one value per show. Whole shows are only loaded for their ids and viewings."""

    def __init__(self, shows: ShowTable | ShowSelection) -> None:
        self.shows, self.places = shows, list(range(len(shows)))
        self._columns: dict[str, Sequence[Any]] = {}
        self._hundredths = [None if rating is None else round(rating * 100) for rating in self["rating"]]

    def __getitem__(self, name: str) -> Sequence[Any]:
        if name not in self._columns:
            self._columns[name] = self.shows.column(name, COLUMNS[name])
        return self._columns[name]

    def row(self, label: str, places: Sequence[int], query: str) -> CountRow:
        """Return a row with this label and query, which counts the shows at the indexes `places` (from 0)."""
        ratings = [hundredths for place in places if (hundredths := self._hundredths[place]) is not None]
        mean = sum(ratings) / len(ratings) / 100 if ratings else None  # integers: exact in any order
        return CountRow(label, len(places), mean, query)

    def seen(self, row: ViewingRow) -> Seen:
        """Return the viewing of a row together with its show."""
        show = self.shows[row.place]
        return Seen(show, show.viewings[row.position], row.minutes, row.is_rewatch)

    def name(self, place: int) -> tuple[str, str]:
        """Return the key that sorts shows with equal counts: (sort key of the title, id).

        Args:
            place: The index of the show, from 0.
        """
        return sort_key(self["title"][place]), self.shows[place].id


class CountGroup(NamedTuple):
    """A way to group shows by the values of the column `column`.

    `labels` returns the labels of the groups to which a value belongs; `query` returns the query for a label.
    """

    column: str
    labels: Callable[[Any], Iterable[str]]
    query: Callable[[str], str]


def _whole(key: str) -> Callable[[str], str]:
    """Return a function that returns the query for a value of the field `key`: `genre:=Drama` for `Drama`."""

    def query(label: str) -> str:
        return str(Term(key, "=", (TermValue(label, quoted=re.fullmatch(r"[\w.-]+", label) is None),)))

    return query


def _same_labels(labels: Iterable[str]) -> Iterable[str]:
    return labels


_OF_ID: Final = _whole("id")


def query_of(show: Show) -> str:
    """Return a query that finds only this show."""
    return _OF_ID(show.id)


GROUPS: Final[Mapping[str, CountGroup]] = {
    "years": CountGroup("year", lambda year: () if year is None else (str(year),), lambda label: f"year:{label}"),
    "decades": CountGroup(
        "year",
        lambda year: () if year is None else (f"{year // 10}0s",),
        lambda label: f"year:{label[:-1]}..{label[:-2]}9",
    ),
    "genres": CountGroup("genres", _same_labels, _whole("genre")),
    "platforms": CountGroup("platform", lambda platform: (platform,), _whole("platform")),
    "creators": CountGroup("creators", _same_labels, _whole("creator")),
    "cast": CountGroup("actors", _same_labels, _whole("cast")),
}


def _join_terms(*terms: str) -> str:
    return " ".join(filter(None, terms))


def _each(
    table: _Table, places: Sequence[int], choices: Iterable[str | None], key: str, scope: str
) -> tuple[CountRow, ...]:
    """Return a row for each of `choices`, which are values of the field `key`; None stands for shows without a value.

    A value without shows gets a row too; None gets a row only if some shows have no value. `places` are the indexes
    (from 0) of the counted shows, and `scope` is the query that finds all of them.
    """
    groups = by_key((table[key][place], place) for place in places)
    return tuple(
        table.row(
            f"no {key}" if choice is None else str(choice), members, _join_terms(f"{key}:{choice or 'none'}", scope)
        )
        for choice in choices
        for members in [groups.get(choice, [])]
        if members or choice is not None
    )


def _ratings(table: _Table, rated: Sequence[int], scope: str) -> tuple[CountRow, ...]:
    """Return the ten rows for half a star to five stars. Each row counts the shows whose rating is rounded to it.

    The queries write ratings out of 5 (`4.25/5`), which has the same meaning on every rating scale. `rated` are the
    indexes (from 0) of the rated shows, and `scope` is the query that finds all counted shows.
    """
    groups = by_key((max(1, int(table["rating"][place] * 2 + 0.5)), place) for place in rated)
    rows = []
    for halves in range(1, 11):
        low, high = (0.01 if halves == 1 else halves / 2 - 0.25), min(5, halves / 2 + 0.24)
        query = f"rating:{low:g}/5..{high:g}/5"
        rows.append(table.row(f"{halves / 2:g}", groups.get(halves, []), _join_terms(query, scope)))
    return tuple(rows)


def _best(table: _Table, rated: Sequence[int]) -> tuple[Show, ...]:
    best = nsmallest(TOP_ROWS, rated, key=lambda place: (-table["rating"][place], *table.name(place)))
    return tuple(map(table.shows.__getitem__, best))


def _grouped(table: _Table, places: Sequence[int], group: CountGroup, scope: str) -> Ranked:
    """Return a row for each label of `group`, most shows first. Labels that differ only in case and accents are one label.

    `places` are the indexes (from 0) of the counted shows, and `scope` is the query that finds all of them.
    """
    keys: dict[str, str] = {}  # the folded key of each label
    labels: dict[str, str] = {}  # the first label of each key
    groups: dict[str, list[int]] = defaultdict(list)
    column = table[group.column]
    for place in places:
        for label in group.labels(column[place]):
            if (key := keys.get(label)) is None:
                key = keys[label] = " ".join(fold(label).split())
                labels.setdefault(key, label)
            members = groups[key]
            if not members or members[-1] != place:
                members.append(place)
    groups.pop("", None)  # labels that consist only of blanks or accents
    order = sorted(groups, key=sort_key)
    order.sort(key=lambda key: -len(groups[key]))
    return Ranked(order, lambda key: table.row(labels[key], groups[key], _join_terms(group.query(labels[key]), scope)))


def _viewings(table: _Table, rows: Sequence[ViewingRow], today: date, year: int | None) -> Viewings:
    start = "" if year is None else f"{year:04}"
    undated = [row for row in rows if not row.iso_date]
    dated = [row for row in rows if row.iso_date and row.iso_date.startswith(start)]
    rewatch_query: str | None
    counted, dated_query, scope, rewatch_query = rows, "watched:any", "viewings:any", "is:rewatched"
    if year is not None:
        counted, dated_query, scope, rewatch_query = dated, f"watched:{year:04}", f"watched:{year:04}", None
    unknown = by_key((table["runtime"][row.place] is None, row) for row in counted if row.minutes is None)
    by_date = sorted(by_key((row.iso_date[:10], row) for row in dated).items())
    days = {iso_date: _amount(iso_date, members, f"watched:{iso_date}") for iso_date, members in by_date}
    minutes = {date.fromisoformat(day): amount.minutes for day, amount in days.items() if len(day) == ISO_DAY_CHARS}
    longest, current = streaks(minutes, today)
    return Viewings(
        dated=_amount("dated", dated, dated_query),
        undated=_amount("undated", undated, None),
        total=_amount("viewings", counted, scope),
        rewatches=_amount("rewatches", [row for row in counted if row.is_rewatch], rewatch_query),
        without_runtime=_amount("without a runtime", unknown[True], f"{scope} runtime:none"),
        without_episodes=_amount("of no known length", unknown[False], None),
        years=years_of(days),
        months=months_of(days, today, year),
        weekdays=weekdays_of(days),
        days=MappingProxyType(minutes),
        longest=longest,
        current=current,
        most=_most(table, counted),
        first=_edge(table, dated, min, _months_after_days),
        last=_edge(table, dated, max, str),
    )


def _services(
    table: _Table, rows: Sequence[ViewingRow], today: date, services: Mapping[str, Service]
) -> tuple[Spent, ...]:
    """Return the use of each of the streaming services in the year of `today`. A show's `platform` names its service."""
    if not services:
        return ()
    year = f"{today.year:04}"
    groups = by_key((key_of(table["platform"][row.place]), row) for row in rows if row.iso_date.startswith(year))
    result = []
    for service in services.values():
        amount = _amount(service.name, groups.get(key_of(service.name), []), None)
        query = _join_terms(_whole("platform")(service.name), f"watched:{year}")
        result.append(Spent(service.name, amount.viewings, amount.minutes, service.paid(today), query))
    return tuple(result)


def _edge(
    table: _Table, dated: Sequence[ViewingRow], pick: Callable[..., Any], key: Callable[[str], str]
) -> Seen | None:
    """Return the first of the viewings `dated` if `pick` is `min`, the last one if it is `max`; None if there are none.

    Viewings on the same date are ordered by title. `key` returns the sort key of an ISO date, which decides how a month
    or year is ordered relative to its days.
    """
    if not dated:
        return None
    iso_date = pick((row.iso_date for row in dated), key=key)
    same_date = (row for row in dated if row.iso_date == iso_date)
    return table.seen(pick(same_date, key=lambda row: (*table.name(row.place), row.position)))


def _months_after_days(iso_date: str) -> str:
    """Return a sort key that puts a month after all its days, and a year after all its months."""
    return iso_date if len(iso_date) >= ISO_DAY_CHARS else f"{iso_date}~"


def _amount(label: str, rows: Sequence[ViewingRow], query: str | None) -> Amount:
    return Amount(label, len(rows), sum([row.minutes or 0 for row in rows]), query)


def _most(table: _Table, rows: Sequence[ViewingRow]) -> tuple[MostWatched, ...]:
    groups = {place: _amount("", members, None) for place, members in by_key((row.place, row) for row in rows).items()}

    def rank(place: int) -> tuple[int, int, str, str]:
        return -groups[place].minutes, -groups[place].viewings, *table.name(place)

    best = nsmallest(TOP_ROWS, groups, key=rank)
    ranked = ((table.shows[place], groups[place]) for place in best)
    return tuple(MostWatched(show, amount.viewings, amount.minutes, query_of(show)) for show, amount in ranked)
