"""FIELDS, and shows as tables: what is written reads back, and what was not touched stays as it was spelled."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import shows
from watchlist.domain.fields import BY_NAME, FIELDS, STORED, Field, changed_fields, overwrite, problem_of, with_value
from watchlist.domain.frozen import replace
from watchlist.domain.model import Credit, Kind, Problem, Role, Season, Show, Status, Viewing
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.domain.show_toml import changed_table, from_table, to_table

NOT_FIELDS = {"other", "problems"}


def test_there_is_a_row_for_everything_known_about_a_show() -> None:
    assert {field.name for field in STORED} == set(Show.names) - NOT_FIELDS
    assert all(field.getter for field in FIELDS.values() if field.derived)


def test_names_and_aliases_are_each_one_field() -> None:
    names = [name for field in FIELDS.values() for name in (field.name, *field.aliases)]
    assert len(names) == len(set(names)) == len(BY_NAME)


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.name)
def test_a_show_without_anything_has_nothing_to_show(field: Field) -> None:
    bare = Show(id="x", title="X")
    assert field.has(bare) is (field.name in ("id", "title"))
    assert bool(field.show_as(bare)) is (field.name in ("id", "title", "status"))


@given(shows(wild=True))
def test_a_show_comes_back_from_its_table(show: Show) -> None:
    assert from_table(to_table(show)) == show


@given(shows())
def test_a_table_holds_what_is_there_and_own_keys_last(show: Show) -> None:
    table = to_table(show)
    assert list(table)[:2] == ["id", "title"]
    assert None not in table.values()
    assert {name for name in table if name in FIELDS} == {f.name for f in STORED if f.has(show)} | {"status"}
    assert {name: value for name, value in table.items() if name not in FIELDS} == dict(show.other)


@given(shows())
def test_a_title_is_enough(show: Show) -> None:
    assert from_table({"title": show.title}) == Show(id="", title=show.title)


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ({"title": "x", "rating": 11}, "rating", "up to 5"),
        ({"title": "x", "status": "planed"}, "status", "one of watching"),
        ({"title": "x", "status": ""}, "status", "one of watching"),
        ({"title": "x", "tags": "noir"}, "tags", "list of texts"),
        ({"title": "x", "cast": [{"actor": "a"}, {"actor": 1}]}, "cast[1].actor", "text in quotes"),
        ({"title": "x", "seasons": [{"number": 1, "watched": "3-1"}]}, "seasons[0].watched", "range"),
        ({"title": "x", "seasons": [{"episodes": 3}]}, "seasons", 'no "number"'),
        ({"title": 7}, "title", "text in quotes"),
        ({"title": " "}, "title", "can't be empty"),
        ({}, "title", "needs a title"),
    ],
)
def test_a_wrong_value_costs_that_value_only(table: dict[str, Any], key: str, said: str) -> None:
    show = from_table(table | {"id": "x", "year": 1999})
    (problem,) = show.problems
    assert problem.key == key
    assert said in problem.message
    assert show.year == 1999
    assert show.title
    assert problem_of(show, key.split("[")[0]) is problem


def test_derived_keys_and_unknown_ones_are_the_users_own() -> None:
    show = from_table({"title": "x", "left": 3, "shelf": "b", "cast": [{"actor": "a", "born": 1979}]})
    assert show.other == {"left": 3, "shelf": "b"}
    assert FIELDS["left"].get(show) is None
    assert show.cast[0].other == {"born": 1979}
    assert not show.problems


@given(shows(), shows())
def test_a_changed_table_reads_as_the_new_show_and_keeps_the_rest(old: Show, new: Show) -> None:
    table = to_table(old)
    new = replace(new, id=old.id)
    changed = changed_table(table, old, new)
    assert from_table(changed) == new
    touched = {*changed_fields(old, new), *old.other, *new.other}
    assert {k: v for k, v in changed.items() if k not in touched} == {
        k: v for k, v in table.items() if k not in touched
    }
    assert [key for key in changed if key in table] == [key for key in table if key in changed]


@given(shows())
def test_nothing_changed_changes_nothing(show: Show) -> None:
    table = to_table(show)
    assert changed_table(table, show, show) == table


def test_a_changed_table_keeps_spellings_and_wrong_values() -> None:
    table = {"title": "X", "rating": 11, "tags": [], "status": "watched", "mine": {"a": 1}, "url": ""}
    old = replace(from_table(table), id="x")
    new = with_value(old, "year", 1999)
    assert changed_table(table, old, new) == {"id": "x"} | table | {"year": 1999}
    assert changed_fields(old, new) == ("year",)


def test_setting_a_field_takes_its_wrong_value_away_even_where_it_is_cleared() -> None:
    table = {"id": "x", "title": "X", "rating": 11, "seasons": [{"number": 1, "watched": "x"}]}
    old = from_table(table)
    new = overwrite(old, "rating", None)
    assert changed_table(table, old, new) == {"id": "x", "title": "X", "seasons": [{"number": 1, "watched": "x"}]}
    assert changed_fields(old, new) == ("rating",)
    assert [problem.key for problem in new.problems] == ["seasons[0].watched"]
    assert overwrite(new, "seasons", ()).problems == ()


def test_rows_that_stay_keep_their_spelling() -> None:
    seasons = [
        {"number": 1, "watched": "1,2,  3", "episodes": 10, "mine": True},
        {"watched": "1-1", "number": 2},
    ]
    table = {"id": "x", "title": "X", "seasons": seasons}
    old = from_table(table)
    first, second = old.seasons
    seen = with_value(old, "seasons", (first, second._replace(watched=(1, 2))))
    assert changed_table(table, old, seen)["seasons"] == [seasons[0], {"watched": "1-2", "number": 2}]
    more = with_value(old, "seasons", (first, second, Season(3)))
    assert changed_table(table, old, more)["seasons"] == [*seasons, {"number": 3}]
    fewer = with_value(old, "seasons", (second,))
    assert changed_table(table, old, fewer)["seasons"] == [seasons[1]]
    cleared = with_value(old, "seasons", (first._replace(watched=()), second))
    assert changed_table(table, old, cleared)["seasons"] == [{"number": 1, "episodes": 10, "mine": True}, seasons[1]]


@given(shows(), st.sampled_from(STORED), shows())
def test_with_value_sets_one_field_and_no_other(show: Show, field: Field, other: Show) -> None:
    value = getattr(other, field.name)
    changed = with_value(show, field.name, value)
    assert getattr(changed, field.name) == value
    assert set(changed_fields(show, changed)) <= {field.name}


def test_problems_of_a_field_are_found_by_its_name() -> None:
    show = Show(id="x", title="X", problems=(Problem("cast[0].actor", "no", 1), Problem("rating", "no", 2)))
    assert problem_of(show, "rating") == show.problems[1]
    assert problem_of(show, "cast") == show.problems[0]
    assert problem_of(show, "crew") is None


FULL = Show(
    id="x",
    title="X",
    kind=Kind.SERIES,
    rating=4.35,
    status=Status.WATCHING,
    ids={"imdb": "tt1", "tmdb": 5},
    cast=(Role("A", "B: c"), Role("D")),
    crew=(Credit("E", "Music"),),
    seasons=(Season(0, 2, watched=(1,)), Season(1, 10, watched=(1, 2), skipped=(3,)), Season(2)),
    viewings=(Viewing(date(2025, 1, 1)), Viewing(), Viewing(date(2024, 1, 1))),
)


def test_how_values_are_shown() -> None:
    def shown(name: str, style: DisplayStyle | None = None) -> str:
        return FIELDS[name].show_as(FULL, style or DisplayStyle())

    assert shown("kind") == "series"
    assert shown("rating") == "4.35"
    assert shown("rating", DisplayStyle("100")) == "87"
    assert shown("ids") == "imdb=tt1, tmdb=5"
    assert shown("cast") == "A: B: c; D"
    assert shown("progress") == "2/?"
    assert shown("left") == "7"
    assert shown("watched") == "2025-01-01"
    assert shown("role") == "B: c"
    assert isinstance(FIELDS["seasons"].type, Records)
