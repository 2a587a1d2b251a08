"""Statistics: what they say of a known list, and the laws that hold for any: sums, and queries that open what was counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import ratings, show_lists
from watchlist.domain.dates import PartialDate, from_iso
from watchlist.domain.episodes import episodes_of
from watchlist.domain.model import Kind, Role, Season, Show, Status, Viewing
from watchlist.domain.ratings import SCALES, DisplayStyle, stars
from watchlist.domain.rewatches import length
from watchlist.domain.show_toml import to_table
from watchlist.query import parse, select
from watchlist.stats.page_content import page
from watchlist.stats.statistics import CountRow, Statistics, statistics
from watchlist.stats.viewing_calendar import Amount

TODAY = date(2026, 3, 31)

HEAT = Show(
    id="heat",
    title="Heat",
    kind=Kind.FILM,
    year=1995,
    status=Status.WATCHED,
    rating=4.5,
    platform="Netflix",
    added=date(2025, 1, 1),
    runtime=170,
    creators=("Michael Mann",),
    genres=("Crime", "Drama"),
    cast=(Role("Al Pacino", "Vincent Hanna"), Role("Al Pacino", "himself")),
    viewings=(Viewing(), Viewing(date(2025, 12, 31)), Viewing(datetime(2026, 3, 30, 21, 30))),
)
BALLARD = Show(
    id="ballard",
    title="Ballard",
    kind=Kind.SERIES,
    year=2025,
    status=Status.WATCHING,
    rating=4.0,
    platform="Prime Video",
    added=date(2026, 3, 1),
    runtime=46,
    genres=("crime",),
    seasons=(Season(1, 10, watched=(1, 2, 3)), Season(0, 2)),
    viewings=(
        Viewing(date(2026, 3, 28), episodes="S01E01-E02"),
        Viewing(date(2026, 3, 29), episodes="S01E03"),
        Viewing(date(2026, 3, 29), episodes="all night", rewatch=1),
    ),
)
ODD = Show(id="odd", title="Odd", viewings=(Viewing(date(2026, 1, 5)),))
PLAN = Show(id="plan", title="Plan", kind=Kind.FILM, year=1991, genres=("Drama", " "), added=date(2026, 2, 2))
LIST = (HEAT, BALLARD, ODD, PLAN)


def told(rows: Sequence[CountRow]) -> list[tuple[str, int]]:
    return [(row.label, row.number) for row in rows]


def times(rows: tuple[Amount, ...]) -> list[tuple[str, int, int]]:
    return [(row.label, row.viewings, row.minutes) for row in rows if row.viewings]


def test_shows_are_counted_in_every_way() -> None:
    found = statistics(LIST, today=TODAY)
    assert found.shows == CountRow("shows", 4, 4.25, "")
    assert told(found.status) == [("watching", 1), ("planned", 2), ("watched", 1), ("paused", 0), ("dropped", 0)]
    assert told(found.kinds) == [("series", 1), ("film", 2), ("no kind", 1)]
    assert told(found.decades) == [("1990s", 2), ("2020s", 1)]
    assert told(found.years) == [("1991", 1), ("1995", 1), ("2025", 1)]
    assert tuple(found.genres) == (
        CountRow("Crime", 2, 4.25, "genre:=Crime"),
        CountRow("Drama", 2, 4.5, "genre:=Drama"),
    )
    assert found.platforms[1] == CountRow("Prime Video", 1, 4.0, 'platform:="Prime Video"')
    assert told(found.creators) == [("Michael Mann", 1)]
    assert told(found.cast) == [("Al Pacino", 1)]  # two roles, one show
    assert (found.rated.number, found.rated.mean, found.unrated.number, found.unrated.mean) == (2, 4.25, 2, None)
    assert [row.label for row in found.ratings if row.number] == ["4", "4.5"]
    assert found.best == (HEAT, BALLARD)
    assert (found.added.number, found.added.query) == (3, "added:any")


def test_viewings_are_counted_and_what_is_not_known_is_said() -> None:
    viewings = statistics(LIST, today=TODAY).viewings
    assert viewings.total == Amount("viewings", 7, 3 * 170 + 3 * 46, "viewings:any")
    assert (viewings.dated.viewings, viewings.undated.viewings, viewings.undated.minutes) == (6, 1, 170)
    assert (viewings.without_runtime.viewings, viewings.without_episodes.viewings) == (1, 1)
    assert viewings.rewatches.viewings == 3  # Heat twice again, and the row that says which rewatch it is of
    assert times(viewings.years) == [("2026", 5, 308), ("2025", 1, 170)]
    assert times(viewings.months) == [("2025-12", 1, 170), ("2026-01", 1, 0), ("2026-03", 4, 308)]
    assert [row.label for row in viewings.months][:: len(viewings.months) - 1] == ["2025-04", "2026-03"]
    assert times(viewings.weekdays) == [
        ("Monday", 2, 170),
        ("Wednesday", 1, 170),
        ("Saturday", 1, 92),
        ("Sunday", 2, 46),
    ]
    assert list(viewings.days.items())[1:] == [
        (date(2026, 1, 5), 0),
        (date(2026, 3, 28), 92),
        (date(2026, 3, 29), 46),
        (date(2026, 3, 30), 170),
    ]
    assert [(row.show.id, row.viewings, row.minutes) for row in viewings.most] == [
        ("heat", 3, 510),
        ("ballard", 3, 138),
        ("odd", 1, 0),
    ]
    assert viewings.first is not None
    assert viewings.first.viewing.date == date(2025, 12, 31)
    assert viewings.last is not None
    assert viewings.last.viewing.date == datetime(2026, 3, 30, 21, 30)


def test_a_year_in_review_is_about_that_year() -> None:
    found = statistics(LIST, today=TODAY, year=2025)
    assert found.shows == CountRow("shows", 1, 4.5, "watched:2025")
    assert found.genres[0] == CountRow("Crime", 1, 4.5, "genre:=Crime watched:2025")
    assert found.best == (HEAT,)
    assert (found.added.number, found.added.query) == (1, "added:2025")
    viewings = found.viewings
    assert (viewings.total.viewings, viewings.dated.viewings, viewings.undated.viewings) == (1, 1, 1)
    assert [row.label for row in viewings.months] == [f"2025-{month:02}" for month in range(1, 13)]
    assert viewings.rewatches == Amount("rewatches", 1, 170, None)
    assert viewings.first == viewings.last
    assert viewings.current.days == 0
    assert statistics(LIST, today=TODAY, year=1999).viewings.first is None


@pytest.mark.parametrize(
    ("offsets", "longest", "current"),
    [
        ((), 0, 0),
        ((0,), 1, 1),
        ((-1,), 1, 1),
        ((-2,), 1, 0),
        ((0, -1, -2, -5, -6, -7, -8), 4, 3),
        ((-1, -2, -4), 2, 2),
        ((1, 0, -1), 3, 2),  # what is said to be watched tomorrow
        ((0, 0, 0), 1, 1),
    ],
)
def test_streaks_are_days_in_a_row(offsets: tuple[int, ...], longest: int, current: int) -> None:
    rows = tuple(Viewing(TODAY + timedelta(days=offset)) for offset in offsets)
    viewings = statistics([Show(id="a", title="A", viewings=rows)], today=TODAY).viewings
    assert (viewings.longest.days, viewings.current.days) == (longest, current)
    for streak in (viewings.longest, viewings.current):
        if streak.days:
            assert streak.first is not None
            assert streak.last is not None
            assert (streak.last - streak.first).days == streak.days - 1
            assert streak.query == f"watched:{streak.first}..{streak.last}"
        else:
            assert streak.query is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("S01E03", 1),
        ("S01E03-E05", 3),
        ("S01E03-S01E05", 3),
        ("1x03", 1),
        ("S01E01-E03, S02E01, 2x02", 5),
        ("S01E01, S01E01", 1),
        ("S01E09-S02E02", None),
        ("S01E05-E03", None),
        ("the pilot", None),
        ("", None),
    ],
)
def test_episodes_are_counted_by_their_names(text: str, count: int | None) -> None:
    assert (len(episodes_of(Show("a", "A"), Viewing(episodes=text))) or None) == count


def test_the_whole_of_a_series_is_all_that_counts_of_it() -> None:
    whole = Viewing()
    assert length(BALLARD, whole) == 460
    skipping = Show(id="a", title="A", kind=Kind.SERIES, runtime=10, seasons=(Season(1, 5, skipped=(2,)),))
    assert length(skipping, whole) == 40
    assert length(Show(id="a", title="A", kind=Kind.SERIES, runtime=10), whole) is None
    assert length(Show(id="a", title="A", runtime=10), whole) == 10  # of no kind and without seasons: a film
    assert length(Show(id="a", title="A", kind=Kind.FILM), whole) is None


def rows_of(found: Statistics) -> Iterator[CountRow]:
    yield from (found.shows, found.rated, found.unrated, found.added)
    for name in ("status", "kinds", "ratings", "years", "decades", "genres", "platforms", "creators", "cast"):
        yield from getattr(found, name)


def dense_lists() -> st.SearchStrategy[list[Show]]:
    """Lists whose shows have much in common: the same few genres, people, days and years."""
    days = st.dates(date(2025, 11, 1), date(2026, 4, 2))
    viewings = st.builds(
        lambda **known: Viewing(**known),
        date=st.none() | days | days.map(lambda on: datetime(on.year, on.month, on.day, 23, 59)),
        episodes=st.sampled_from(["", "", "S01E01", "S01E01-E03", "half of it"]),
        rewatch=st.sampled_from([None, None, 1, 2]),
    )
    names = st.lists(st.sampled_from(["Crime", "crime", "Crímé", "Film noir", "none", "a, b", " "]), max_size=3)
    shows = st.builds(
        lambda **known: Show(**known),
        id=st.text("abc", min_size=1, max_size=3),
        title=st.sampled_from(["A", "B"]),
        kind=st.none() | st.sampled_from(Kind),
        status=st.sampled_from(Status),
        year=st.none() | st.sampled_from([1989, 1990, 1999, 2000]),
        rating=st.none() | ratings(),
        runtime=st.none() | st.integers(1, 300),
        added=st.none() | days,
        genres=names.map(tuple),
        creators=names.map(tuple),
        platform=st.sampled_from(["", "Netflix", "netflix", "Net flix"]),
        cast=names.map(lambda some: tuple(map(Role, some))),
        seasons=st.sampled_from([(), (Season(1, 3),), (Season(1, 2, skipped=(1, 2, 3)),), (Season(1),)]),
        viewings=st.lists(viewings, max_size=4).map(tuple),
    )
    return st.lists(shows, max_size=6, unique_by=lambda show: show.id)


LISTS = dense_lists() | show_lists()
YEARS = st.sampled_from([None, 2025, 2026])


def opened(shows: list[Show], query: str, style: DisplayStyle = DisplayStyle()) -> list[Show]:  # noqa: B008 -- frozen
    return select(shows, parse(query, today=TODAY, style=style))


@given(LISTS, YEARS)
def test_the_query_of_a_row_opens_as_many_shows_as_it_counts(shows: list[Show], year: int | None) -> None:
    for row in rows_of(statistics(shows, today=TODAY, year=year)):
        found = opened(shows, row.query)
        assert len(found) == row.number, row
        stars_of = [show.rating for show in found if show.rating is not None]
        assert row.mean == (pytest.approx(sum(stars_of) / len(stars_of)) if stars_of else None)


@given(LISTS, YEARS)
def test_the_query_of_an_amount_opens_exactly_the_shows_with_such_viewings(shows: list[Show], year: int | None) -> None:
    viewings = statistics(shows, today=TODAY, year=year).viewings

    def ids(query: str | None) -> set[str]:
        assert query is not None
        return {show.id for show in opened(shows, query)}

    def having(start: str = "", *, undated: bool = False) -> set[str]:
        days = {show.id: [row.date.isoformat() if row.date else "" for row in show.viewings] for show in shows}
        return {id for id, some in days.items() if any(on.startswith(start) and (on or undated) for on in some)}

    for amount in (*viewings.years, *viewings.months):
        assert ids(amount.query) == having(amount.label)
    scope = str(year or "")
    assert ids(viewings.dated.query) == having(scope)
    assert ids(viewings.total.query) == having(scope, undated=year is None)
    lacking = {show.id for show in shows if show.runtime is None}
    assert ids(viewings.without_runtime.query) == having(scope, undated=year is None) & lacking
    for most in viewings.most:
        assert opened(shows, most.query) == [most.show]
    for streak in (viewings.longest, viewings.current):
        assert streak.query is None or ids(streak.query)
    if year is None:
        again = {show.id for show in shows if statistics([show], today=TODAY).viewings.rewatches.viewings}
        assert ids(viewings.rewatches.query) == again


@given(LISTS, YEARS)
def test_parts_sum_to_the_whole(shows: list[Show], year: int | None) -> None:
    found = statistics(shows, today=TODAY, year=year)
    number = found.shows.number
    assert sum(row.number for row in found.status) == number
    assert sum(row.number for row in found.kinds) == number
    assert sum(row.number for row in found.ratings) + found.unrated.number == number
    assert found.rated.number + found.unrated.number == number
    assert sum(row.number for row in found.years) == sum(row.number for row in found.decades)
    viewings = found.viewings
    assert sum(row.viewings for row in viewings.years) == viewings.dated.viewings
    assert sum(row.minutes for row in viewings.years) == viewings.dated.minutes
    dates = [
        (show, row, row.date) for show in shows for row in show.viewings if row.date and year in (None, row.date.year)
    ]
    partial = [(length(show, row) or 0, on.isoformat()) for show, row, on in dates if isinstance(on, PartialDate)]
    assert sum(row.viewings for row in viewings.weekdays) == len(dates) - len(partial)
    assert sum(row.minutes for row in viewings.weekdays) == sum(viewings.days.values())
    assert sum(viewings.days.values()) == viewings.dated.minutes - sum(minutes for minutes, _ in partial)
    months = {row.label for row in viewings.months}
    assert len(months) == 12
    within = sum(minutes for day, minutes in viewings.days.items() if day.isoformat()[:7] in months)
    within += sum(minutes for minutes, month in partial if month in months)
    assert sum(row.minutes for row in viewings.months) == within
    known = sum(length(s, v) is not None for s in shows for v in s.viewings if year is None or _year(v) == year)
    unknown = viewings.without_runtime.viewings + viewings.without_episodes.viewings
    assert known + unknown == viewings.total.viewings


def _year(viewing: Viewing) -> int | None:
    return viewing.date.year if viewing.date else None


@given(LISTS)
def test_the_viewings_of_all_years_and_undated_ones_are_all_there_are(shows: list[Show]) -> None:
    found = statistics(shows, today=TODAY).viewings
    reviews = [statistics(shows, today=TODAY, year=int(row.label)).viewings for row in found.years]
    for review, row in zip(reviews, found.years, strict=True):
        assert review.total[1:] == review.dated[1:]
        assert (row.viewings, row.minutes) == (review.total.viewings, review.total.minutes)
        assert review.undated == found.undated  # said in every statistic
    assert sum(row.viewings for row in found.years) + found.undated.viewings == found.total.viewings
    assert sum(row.minutes for row in found.years) + found.undated.minutes == found.total.minutes


@given(LISTS)
def test_totals_are_plain_sums_over_the_tables_of_the_shows(shows: list[Show]) -> None:
    tables = [to_table(show) for show in shows]
    found = statistics(shows, today=TODAY)
    rows = [(table, row) for table in tables for row in table.get("viewings", [])]
    assert found.shows.number == len(tables)
    assert found.rated.number == sum("rating" in table for table in tables)
    assert found.viewings.total.viewings == len(rows)
    assert found.viewings.undated.viewings == sum("date" not in row for _, row in rows)
    assert found.viewings.total.minutes == sum(minutes_of(table, row) for table, row in rows)
    assert found.viewings.without_runtime.viewings == sum("runtime" not in table for table, _ in rows)


NAMED = {"S01E01": {1}, "S01E01-E03": {1, 2, 3}, "half of it": set[int]()}


def minutes_of(table: dict[str, Any], row: dict[str, Any]) -> int:
    """The minutes of a viewing, worked out from the file's own keys alone."""
    runtime = int(table.get("runtime", 0))
    if "episodes" in row:
        return runtime * len(NAMED[row["episodes"]])
    of_episodes = table.get("seasons") or any("episodes" in one for one in table["viewings"])
    series = table.get("kind") == "series" or ("kind" not in table and of_episodes)
    return runtime * (episodes_of_all(table) if series else 1)


def episodes_of_all(table: dict[str, Any]) -> int:
    """How many episodes count; 0 where the length of one season is not known."""
    rows = [row for row in table.get("seasons", []) if row["number"] > 0]
    viewed = set[int]().union(*(NAMED[one["episodes"]] for one in table["viewings"] if "episodes" in one))
    total = 0
    for number in {row["number"] for row in rows} | ({1} if viewed else set()):
        same = [row for row in rows if row["number"] == number]
        lengths = [row["episodes"] for row in same if "episodes" in row]
        if not lengths:
            return 0
        first = next((row["first"] for row in same if "first" in row), 1)
        there = set(range(first, first + max(lengths)))
        watched, skipped = ({n for row in same for n in _numbers(row.get(key, ""))} for key in ("watched", "skipped"))
        total += len(there) - len((there & skipped) - watched - (viewed if number == 1 else set()))
    return total


def _numbers(ranges: str) -> list[int]:
    parts = [part.split("-") for part in ranges.split(",") if part]
    return [number for part in parts for number in range(int(part[0]), int(part[-1]) + 1)]


@given(st.lists(ratings(), max_size=8), st.sampled_from(sorted(SCALES)))
def test_a_bar_of_the_ratings_has_what_is_drawn_with_its_glyphs_on_every_scale(some: list[float], scale: str) -> None:
    shows = [Show(id=f"s{at}", title="S", rating=rating) for at, rating in enumerate(some)]
    for row in statistics(shows, today=TODAY).ratings:
        found = opened(shows, row.query, DisplayStyle(scale))
        assert len(found) == row.number
        assert {stars(show.rating) for show in found} <= {stars(float(row.label))}


@given(LISTS, YEARS)
def test_rows_have_most_first_and_then_go_by_label(shows: list[Show], year: int | None) -> None:
    found = statistics(shows, today=TODAY, year=year)
    for name in ("years", "decades", "genres", "platforms", "creators", "cast"):
        numbers = [row.number for row in getattr(found, name)]
        assert numbers == sorted(numbers, reverse=True)
        assert all(numbers)
    assert found.viewings.days == dict(sorted(found.viewings.days.items()))
    assert found.viewings.longest.days >= found.viewings.current.days


def test_sections_have_ten_rows_at_most_and_say_how_many_more_there_are() -> None:
    shows = [
        Show(
            f"s{n:02}", f"S {n:02}", rating=4.0, runtime=90, genres=(f"G{n:02}",), viewings=(Viewing(date(2026, 1, 2)),)
        )
        for n in range(13)
    ]
    found = statistics(shows, today=TODAY)
    assert [show.id for show in found.best] == [f"s{n:02}" for n in range(10)]
    assert [row.show.id for row in found.viewings.most] == [f"s{n:02}" for n in range(10)]
    genres = next(section for section in page(found, DisplayStyle(), "").sections if section.title == "Genres")
    assert (len(genres.lines), genres.more) == (10, 3)


def test_an_empty_list_has_statistics_too() -> None:
    for year in (None, 2026):
        found = statistics([], today=TODAY, year=year)
        assert (found.shows.number, found.shows.mean, found.best, found.viewings.most) == (0, None, (), ())
        assert len(found.ratings) == 10
        assert len(found.viewings.weekdays) == 7


def test_the_first_and_the_last_are_the_same_in_whatever_order_shows_come() -> None:
    shows = [Show(name, name.title(), viewings=(Viewing(date(2026, 1, 2)),)) for name in ("b", "c", "a")]
    for listed in (shows, shows[::-1]):
        viewings = statistics(listed, today=TODAY).viewings
        assert viewings.first is not None
        assert viewings.last is not None
        assert (viewings.first.show.id, viewings.last.show.id) == ("a", "c")


@pytest.mark.parametrize(
    ("dates", "first", "last"),
    [
        (("2026-03-20", "2019", "2019-05"), "2019-05", "2026-03-20"),
        (("2026-03-20", "2019"), "2019", "2026-03-20"),
        (("2019-05-03", "2019", "2019-05", "2019-05-02"), "2019-05-02", "2019-05-03"),
        (("2025-03-20", "2026"), "2025-03-20", "2026"),
    ],
)
def test_the_first_and_the_last_are_as_precise_as_they_are_known(dates: Sequence[str], first: str, last: str) -> None:
    shows = [Show(f"s{n}", f"S{n}", viewings=(Viewing(from_iso(on)),)) for n, on in enumerate(dates)]
    viewings = statistics(shows, today=TODAY).viewings
    assert viewings.first is not None
    assert viewings.last is not None
    assert (viewings.first.viewing.date, viewings.last.viewing.date) == (from_iso(first), from_iso(last))
