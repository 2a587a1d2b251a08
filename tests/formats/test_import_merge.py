"""Bringing shows in: nothing on the list is lost, nothing comes twice, and a second run changes nothing."""

from __future__ import annotations

import math
import time
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import show_lists, watchlists
from watchlist.domain.fields import STORED
from watchlist.domain.frozen import replace, same
from watchlist.domain.model import Role, Season, Show, Status, Viewing
from watchlist.domain.show_toml import from_table
from watchlist.domain.watchlist import Watchlist
from watchlist.formats import FORMATS, Imported, Plan, merge_imported
from watchlist.formats.format import WriteOptions

FILM = Show("heat", "Heat", year=1995)


def plan(current: list[Show], imported: list[Show], *, theirs: bool = False) -> Plan:
    return merge_imported(Watchlist(tuple(current)), Imported(tuple(imported)), theirs=theirs)


def result(current: list[Show], imported: list[Show], *, theirs: bool = False) -> list[Show]:
    return list(plan(current, imported, theirs=theirs).edit(Watchlist(tuple(current))).shows)


@settings(deadline=None)
@given(show_lists())
def test_an_export_into_an_empty_list_is_the_same_list(shows: list[Show]) -> None:
    assert result([], shows) == shows


@settings(deadline=None)
@given(
    watchlists(), show_lists() | show_lists().map(lambda shows: [replace(show, id="") for show in shows]), st.booleans()
)
def test_a_second_run_changes_nothing(current: Watchlist, shows: list[Show], theirs: bool) -> None:
    once = merge_imported(current, Imported(tuple(shows)), theirs=theirs).edit(current)
    again = merge_imported(once, Imported(tuple(shows)), theirs=theirs)
    assert again.edit(once) == once
    assert again.counts["new"] == 0


@settings(deadline=None)
@given(watchlists(), show_lists())
def test_what_is_on_the_list_stays(current: Watchlist, shows: list[Show]) -> None:
    after = merge_imported(current, Imported(tuple(shows))).edit(current)
    assert len({show.id for show in after.shows}) == len(after.shows)
    for old, new in zip(current.shows, after.shows, strict=False):
        for field in STORED:
            value = getattr(old, field.name)
            if value and field.name not in ("seasons", "viewings", "ids", "status", "aka"):
                assert getattr(new, field.name) == value
        assert set(old.aka) <= set(new.aka)
        assert all(viewing in new.viewings for viewing in old.viewings)
        for season in old.seasons:
            assert any(s.number == season.number and set(season.watched) <= set(s.watched) for s in new.seasons)


def test_the_edit_runs_on_the_freshest_list() -> None:
    made = plan([], [Show("", "Heat", year=1995, runtime=170)])
    fresh = Watchlist((replace(FILM, rating=4.0),))
    assert made.edit(fresh).shows == (replace(FILM, rating=4.0, runtime=170),)


def test_the_counts() -> None:
    current = [FILM, Show("dune", "Dune", year=2021), Show("alien", "Alien", rating=4.0)]
    imported = [
        FILM,
        Show("", "dune", year=2021, runtime=155),
        Show("", "Alien", rating=3.0, year=1979),
        Show("", "Up"),
    ]
    made = merge_imported(Watchlist(tuple(current)), Imported(tuple(imported), skipped=2))
    assert made.counts == {"new": 1, "changed": 1, "same": 1, "conflicting": 1, "skipped": 2}
    assert [outcome.kind for outcome in made.outcomes] == ["same", "changed", "conflicting", "new"]
    assert made.outcomes[1].fields == ("runtime",)
    assert (made.outcomes[2].fields, made.outcomes[2].conflicts) == (("year",), ("rating",))


def test_a_conflict_is_kept_or_replaced() -> None:
    mine, other = replace(FILM, rating=4.0), Show("", "Heat", year=1995, rating=3.0)
    assert result([mine], [other]) == [mine]
    assert result([mine], [other], theirs=True) == [replace(mine, rating=3.0)]
    (outcome,) = plan([mine], [other], theirs=True).outcomes
    assert (outcome.kind, outcome.fields, outcome.conflicts) == ("conflicting", ("rating",), ("rating",))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Show("heat", "Hitze"), True),
        (Show("heat", "Heat", year=1986), False),  # another list's id for another film
        (Show("heat", "Heat", year=1996), True),
        (Show("", "HÉAT"), True),
        (Show("", "Heat", year=1996), False),
        (Show("", "Hitze", year=1995, aka=("Heat",)), True),
        (Show("x", "Hitze", ids={"imdb": "tt0113277"}), True),
        (Show("", "Heat", year=1995, ids={"imdb": "tt0000001"}), False),
        (Show("", "Cold", year=1995), False),
    ],
)
def test_who_is_who(other: Show, same: bool) -> None:
    mine = replace(FILM, ids={"imdb": "tt0113277"})
    assert (len(result([mine], [other])) == 1) == same


def test_namesakes_of_one_list_stay_two() -> None:
    shows = [Show("heat", "Heat"), Show("heat-1995", "Heat", year=1995)]
    assert result([], shows) == shows
    assert result(shows[:1], shows) == shows


def test_rows_without_ids_meet() -> None:
    rows = [Show("", "Heat", year=1995, rating=4.0), Show("", "Heat", viewings=(Viewing(date(2026, 1, 2)),))]
    (show,) = result([], rows)
    assert (show.id, show.rating, len(show.viewings)) == ("heat", 4.0, 1)


def test_a_title_that_is_replaced_is_still_a_name() -> None:
    mine = replace(FILM, ids={"imdb": "tt1"})
    (show,) = result([mine], [Show("", "Hitze", ids={"imdb": "tt1"})], theirs=True)
    assert (show.title, show.aka) == ("Hitze", ("Heat",))
    (show,) = result([mine], [Show("", "Hitze", ids={"imdb": "tt1"}, aka=("HEAT", "Fuego"))], theirs=True)
    assert (show.title, show.aka) == ("Heat", ("Hitze", "Fuego"))
    (show,) = result([mine], [Show("heat", "Hitze")])
    assert (show.title, show.aka) == ("Heat", ("Hitze",))


def test_viewings_are_gathered_oldest_first() -> None:
    first, second, third = (Viewing(date(2024, n, 1)) for n in (1, 2, 3))
    (show,) = result([replace(FILM, viewings=(first, third))], [replace(FILM, viewings=(second, third))])
    assert show.viewings == (first, second, third)


def test_seasons_are_filled() -> None:
    mine = (Season(1, 6, watched=(1, 2), ratings={1: 4.0}),)
    other = (Season(1, 8, ("A",), watched=(2, 3), ratings={1: 3.0, 2: 5.0}), Season(2, 6))
    (show,) = result([replace(FILM, seasons=mine)], [replace(FILM, seasons=other)])
    assert show.seasons == (Season(1, 6, ("A",), watched=(1, 2, 3), ratings={1: 4.0, 2: 5.0}), Season(2, 6))
    (outcome,) = plan([replace(FILM, seasons=mine)], [replace(FILM, seasons=other)]).outcomes
    assert outcome.conflicts == ("seasons",)


def test_planned_is_what_a_status_starts_as() -> None:
    (show,) = result([FILM], [replace(FILM, status=Status.WATCHED)])
    assert show.status is Status.WATCHED
    (show,) = result([show], [replace(FILM, status=Status.PLANNED)])
    assert show.status is Status.WATCHED


def test_own_keys_and_ids_are_filled() -> None:
    mine = replace(FILM, ids={"imdb": "tt1"}, other={"shelf": 1})
    (show,) = result([mine], [replace(FILM, ids={"imdb": "tt1", "tmdb": 9}, other={"shelf": 2, "lent": "Bo"})])
    assert show.ids == {"imdb": "tt1", "tmdb": 9}
    assert show.other == {"shelf": 1, "lent": "Bo"}


def test_a_wrong_value_in_the_file_is_not_nothing() -> None:
    mine = from_table({"id": "heat", "title": "Heat", "year": 1995, "rating": 11})
    assert result([mine], [replace(FILM, rating=4.0)]) == [mine]
    assert result([mine], [replace(FILM, rating=4.0)], theirs=True) == [replace(FILM, rating=4.0)]


def test_ten_thousand_rows_are_matched_at_once() -> None:
    shows = [Show(f"x{n}", f"Title {n}", year=1990 + n % 30, ids={"imdb": f"tt{n}"}) for n in range(10_000)]
    rows = [replace(show, id="", rating=4.0) for show in shows]
    started = time.process_time()
    assert plan(shows, rows).counts["changed"] == 10_000
    assert time.process_time() - started < 5


OWN = {"x": math.nan, "y": -0.0, "at": datetime(2026, 1, 1, 10, tzinfo=UTC), "rows": [{"n": [math.nan]}]}


def odd() -> Show:
    """A show with values that are not equal to themselves, or that JSON has no type for; made anew each time."""
    viewings = (Viewing(date(2026, 1, 1), other={"score": float("nan"), "day": date(2026, 1, 2)}),)
    season = Season(1, 3, other={"x": float("nan"), "day": date(2026, 1, 2)})
    cast = (Role("Al Pacino", "", {"x": float("nan")}),)
    return replace(FILM, other={**OWN, "x": float("nan")}, viewings=viewings, seasons=(season,), cast=cast)


@pytest.mark.parametrize("theirs", [False, True])
@pytest.mark.parametrize("format", ["toml", "json", "jsonl"])
def test_A9_a_list_that_is_imported_again_changes_nothing(format: str, theirs: bool) -> None:
    out = StringIO()
    FORMATS[format].write([odd()], out, WriteOptions())  # type: ignore[misc]
    imported = FORMATS[format].read(out.getvalue().encode())  # type: ignore[misc]
    mine = Watchlist((odd(),))
    again = merge_imported(mine, imported, theirs=theirs)
    assert dict(again.counts) == {"new": 0, "changed": 0, "same": 1, "conflicting": 0, "skipped": 0}
    assert again.edit(mine) == mine


@pytest.mark.parametrize(
    ("mine", "other"), [(1, True), (1, 1.0), (0.0, math.nan), (datetime(2026, 1, 1), date(2026, 1, 1))]
)
def test_A9_values_of_another_kind_are_a_conflict(mine: object, other: object) -> None:
    (mixed,) = plan([replace(FILM, other={"x": mine})], [replace(FILM, other={"x": other})]).outcomes
    assert mixed.conflicts == ("other",)
    (taken,) = result([replace(FILM, other={"x": mine})], [replace(FILM, other={"x": other})], theirs=True)
    assert same(taken.other["x"], other)


def numbered(first: int | None, watched: tuple[int, ...] = ()) -> list[Show]:
    return [Show("a", "A", seasons=(Season(2, 16, watched=watched, first=first),))]


@pytest.mark.parametrize(
    ("mine", "other", "first", "watched", "conflict"),
    [
        (numbered(None), numbered(62, (62, 63)), 62, (62, 63), False),
        (numbered(62, (62,)), numbered(62, (63,)), 62, (62, 63), False),
        (numbered(62, (62,)), numbered(None), 62, (62,), False),
        (numbered(None, (1,)), numbered(62), None, (1,), False),
        (numbered(None, (1,)), numbered(62, (62,)), None, (1,), True),
        (numbered(62, (62,)), numbered(None, (1,)), 62, (62,), True),
        (numbered(62), numbered(None, (1,)), 62, (), True),
        (numbered(None, (1,)), numbered(1, (2,)), None, (1, 2), False),
    ],
)
def test_C2_seasons_that_are_numbered_differently_are_never_mixed(
    mine: list[Show], other: list[Show], first: int | None, watched: tuple[int, ...], conflict: bool
) -> None:
    (after,) = result(mine, other)
    assert (after.seasons[0].first, after.seasons[0].watched) == (first, watched)
    assert plan(mine, other).counts["conflicting"] == int(conflict)
    if conflict:
        (theirs,) = result(mine, other, theirs=True)
        assert (theirs.seasons[0].first, theirs.seasons[0].watched) == (
            other[0].seasons[0].first,
            other[0].seasons[0].watched,
        )
