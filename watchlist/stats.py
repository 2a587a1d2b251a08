"""Statistics: what the shows and the viewings of a list add up to, and for each number the query that opens its shows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from heapq import nsmallest
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from watchlist.fields import FIELDS
from watchlist.model import Kind, Show, Status, Viewing, day
from watchlist.query import Term
from watchlist.query import Value as Word
from watchlist.text import fold
from watchlist.values import Value
from watchlist.watching import is_series, parse_episodes

TOP: Final = 10  # so many of the most watched, and of the best rated
DAY: Final = timedelta(days=1)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
K = TypeVar("K")
V = TypeVar("V")


class Row(NamedTuple):
    """Shows that have something in common. `mean` is that of the user's ratings of them in stars; None: none is rated."""

    label: str
    number: int
    mean: float | None
    query: str


class Amount(NamedTuple):
    """Viewings, and the minutes that they took as far as it is known.

    The query opens the shows with such viewings; None where the language has no words for them.
    """

    label: str
    viewings: int
    minutes: int
    query: str | None


class Streak(NamedTuple):
    """Days in a row with a viewing on each; of no days where there is none."""

    days: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def query(self) -> str | None:
        """What was watched on these days."""
        return f"watched:{self.first}..{self.last}" if self.days else None


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


Dated = Sequence[tuple[date, Seen]]  # each with its day


class Viewings(Value):
    """What the viewings add up to: all of them, or those of one year.

    Undated ones belong to no year: they are counted beside each, and are part of the times and of `most` without a year.
    `days` has every day with a viewing, even where its minutes are not known; `watched:` and the day is its query.
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
    years: tuple[Row, ...]  # from here on: most shows first, then by label
    decades: tuple[Row, ...]
    genres: tuple[Row, ...]
    platforms: tuple[Row, ...]
    creators: tuple[Row, ...]
    cast: tuple[Row, ...]
    added: Row  # to the list in the year, watched or not; without a year: whenever
    best: tuple[Show, ...]  # by the user's rating
    viewings: Viewings


def statistics(shows: Iterable[Show], *, today: date, year: int | None = None) -> Statistics:
    """All there is to know of these shows, or of what was watched in one year. Run on these shows, the queries are right."""
    listed = tuple(shows)
    seen = [one for show in listed for one in _seen(show)]
    scope, added, among = "", "added:any", listed
    if year is not None:
        scope, added = f"watched:{year:04}", f"added:{year:04}"
        watched = {one.show.id for one in seen if one.viewing.date is not None and one.viewing.date.year == year}
        among = tuple(show for show in listed if show.id in watched)
    rated, unrated = ([show for show in among if (show.rating is None) is none] for none in (False, True))
    new = [show for show in listed if show.added is not None and year in (None, show.added.year)]
    return Statistics(
        year=year,
        shows=_row("shows", among, scope),
        status=_each(among, Status, lambda show: show.status, "status", scope),
        kinds=_each(among, (*Kind, None), lambda show: show.kind, "kind", scope),
        ratings=_ratings(rated, scope),
        rated=_row("rated", rated, _and("rating:any", scope)),
        unrated=_row("unrated", unrated, _and("rating:none", scope)),
        **{name: _grouped(among, group, scope) for name, group in GROUPS.items()},
        added=_row("added", new, added),
        best=tuple(nsmallest(TOP, rated, key=lambda show: (-(show.rating or 0), fold(show.title), show.id))),
        viewings=_viewings(seen, today, year),
    )


def length(show: Show, viewing: Viewing) -> int | None:
    """The minutes of a viewing: the runtime, for each of its episodes. None where one of them is not known."""
    if viewing.episodes:
        count = episodes_in(viewing.episodes)
    else:
        count = max(show.episodes or 0, 0) or None if is_series(show) else 1
    return None if count is None or show.runtime is None else count * show.runtime


@lru_cache(4096)
def episodes_in(text: str) -> int | None:
    """How many episodes `S01E01-E03, S02E01` are; None where it can't be told."""
    try:
        return len(parse_episodes(text)) or None
    except ValueError:
        return None


def _seen(show: Show) -> Iterator[Seen]:
    """The viewings of a show. Where no number tells, all of it is seen again from the second time on: as `is:rewatched`."""
    whole = False
    for row in show.viewings:
        unnumbered = not (row.episodes or row.rewatch)
        yield Seen(show, row, length(show, row), bool(row.rewatch) or (unnumbered and whole))
        whole = whole or unnumbered


class Group(NamedTuple):
    """A way to put shows together: the labels of a show, and the query of a label."""

    labels: Callable[[Show], Iterable[str]]
    query: Callable[[str], str]


def _whole(key: str) -> Callable[[str], str]:
    """Queries of a field that is all of a text, quoted where the language wants it."""

    def query(label: str) -> str:
        return str(Term(key, "=", (Word(label, quoted=re.fullmatch(r"[\w.-]+", label) is None),)))

    return query


def _decade(show: Show) -> tuple[str, ...]:
    return () if show.year is None else (f"{show.year // 10}0s",)


_OF_ID: Final = _whole("id")


def query_of(show: Show) -> str:
    """What opens this show and no other."""
    return _OF_ID(show.id)


GROUPS: Final[Mapping[str, Group]] = {
    "years": Group(lambda show: () if show.year is None else (str(show.year),), lambda label: f"year:{label}"),
    "decades": Group(_decade, lambda label: f"year:{label[:-1]}..{label[:-2]}9"),
    "genres": Group(lambda show: show.genres, _whole("genre")),
    "platforms": Group(lambda show: (show.platform,), _whole("platform")),
    "creators": Group(lambda show: show.creators, _whole("creator")),
    "cast": Group(lambda show: (row.actor for row in show.cast), _whole("cast")),
}


def _and(*terms: str) -> str:
    return " ".join(filter(None, terms))


def _row(label: str, shows: Sequence[Show], query: str) -> Row:
    hundredths = [round(show.rating * 100) for show in shows if show.rating is not None]  # exact in any order
    return Row(label, len(shows), sum(hundredths) / len(hundredths) / 100 if hundredths else None, query)


def _by(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """What goes with each key."""
    groups: dict[K, list[V]] = defaultdict(list)
    for key, one in pairs:
        groups[key].append(one)
    return groups


def _each(
    shows: Sequence[Show], choices: Iterable[str | None], get: Callable[[Show], object], key: str, scope: str
) -> tuple[Row, ...]:
    """A row for each choice, even of no shows; for None only where there are some."""
    groups = _by((get(show), show) for show in shows)
    return tuple(
        _row(f"no {key}" if choice is None else str(choice), found, _and(f"{key}:{choice or 'none'}", scope))
        for choice in choices
        for found in [groups.get(choice, [])]
        if found or choice is not None
    )


def _ratings(rated: Sequence[Show], scope: str) -> tuple[Row, ...]:
    """To the nearest half, as `ratings.stars` draws them. The query is in fifths, so that it is right on every scale."""
    groups = _by((max(1, int((show.rating or 0) * 2 + 0.5)), show) for show in rated)
    rows = []
    for halves in range(1, 11):
        low, high = (0.01 if halves == 1 else halves / 2 - 0.25), min(5, halves / 2 + 0.24)
        query = f"rating:{low:g}/5..{high:g}/5"
        rows.append(_row(f"{halves / 2:g}", groups.get(halves, []), _and(query, scope)))
    return tuple(rows)


def _grouped(shows: Sequence[Show], group: Group, scope: str) -> tuple[Row, ...]:
    """Rows by label, case and accents ignored as in queries; each show counts once in a row."""
    keys: dict[str, str] = {}  # of the labels as they are written
    labels: dict[str, str] = {}  # the first one of each key
    groups = defaultdict(list)
    for show in shows:
        own = set()
        for label in group.labels(show):
            if (key := keys.get(label)) is None:
                key = keys[label] = " ".join(fold(label).split())
                labels.setdefault(key, label)
            own.add(key)
        for key in own:
            groups[key].append(show)
    groups.pop("", None)  # nothing but blanks or lone accents is no label
    order = sorted(groups, key=lambda key: (-len(groups[key]), key))
    return tuple(_row(labels[key], groups[key], _and(group.query(labels[key]), scope)) for key in order)


def _viewings(everything: Sequence[Seen], today: date, year: int | None) -> Viewings:
    undated = [one for one in everything if one.viewing.date is None]
    dated = [(day(date), one) for one in everything if (date := one.viewing.date) and year in (None, date.year)]
    when = [one for _, one in dated]
    again: str | None
    seen, some, scope, again = everything, "watched:any", "viewings:any", "is:rewatched"
    if year is not None:
        seen, some, scope, again = when, f"watched:{year:04}", f"watched:{year:04}", None
    without = [one for one in seen if one.minutes is None]
    days = {on: sum(one.minutes or 0 for one in found) for on, found in sorted(_by(dated).items())}
    longest, current = _streaks(days, today)
    in_order = sorted(when, key=lambda one: FIELDS["watched"].type.key(one.viewing.date))
    return Viewings(
        dated=_amount("dated", when, some),
        undated=_amount("undated", undated, None),
        total=_amount("viewings", seen, scope),
        rewatches=_amount("rewatches", [one for one in seen if one.again], again),
        without_runtime=_amount(
            "without a runtime", [one for one in without if one.show.runtime is None], f"{scope} runtime:none"
        ),
        without_episodes=_amount("of no known length", [one for one in without if one.show.runtime is not None], None),
        years=_years(dated),
        months=_months(dated, today, year),
        weekdays=_weekdays(dated),
        days=MappingProxyType(days),
        longest=longest,
        current=current,
        most=_most(seen),
        first=in_order[0] if in_order else None,
        last=in_order[-1] if in_order else None,
    )


def _amount(label: str, seen: Sequence[Seen], query: str | None) -> Amount:
    return Amount(label, len(seen), sum(one.minutes or 0 for one in seen), query)


def _years(dated: Dated) -> tuple[Amount, ...]:
    groups = _by((on.isoformat()[:4], one) for on, one in dated)
    return tuple(_amount(label, groups[label], f"watched:{label}") for label in sorted(groups, reverse=True))


def _months(dated: Dated, today: date, year: int | None) -> tuple[Amount, ...]:
    """Twelve, even those without a viewing."""
    groups = _by((on.isoformat()[:7], one) for on, one in dated)
    last = today.year * 12 + today.month - 1 if year is None else year * 12 + 11
    labels = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(last - 11, last + 1)]
    return tuple(_amount(label, groups.get(label, []), f"watched:{label}") for label in labels)


def _weekdays(dated: Dated) -> tuple[Amount, ...]:
    groups = _by((on.weekday(), one) for on, one in dated)
    return tuple(_amount(name, groups.get(at, []), None) for at, name in enumerate(WEEKDAYS))


def _streaks(days: Iterable[date], today: date) -> tuple[Streak, Streak]:
    """The longest run of these days, which come in order, the latest of several; and the one that is still on."""
    longest = current = run = Streak()
    for on in days:
        goes_on = run.last is not None and on - run.last == DAY
        run = Streak(run.days + 1, run.first, on) if goes_on else Streak(1, on, on)
        longest = max(run, longest, key=lambda streak: streak.days)
        if on in (today, today - DAY):
            current = run
    return longest, current


def _most(seen: Iterable[Seen]) -> tuple[Most, ...]:
    groups = _by((one.show.id, one) for one in seen)
    rows = [
        Most(found[0].show, len(found), sum(one.minutes or 0 for one in found), _OF_ID(id))
        for id, found in groups.items()
    ]
    return tuple(nsmallest(TOP, rows, key=lambda row: (-row.minutes, -row.viewings, fold(row.show.title), row.show.id)))
