"""Blocks made line by line: they are what the long way writes, and read as what was meant."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from tests.strategies import shows
from watchlist.domain.frozen import same
from watchlist.domain.model import Kind, Role, Season, Show, Status, Viewing
from watchlist.domain.show_toml import to_table
from watchlist.domain.toml_values import plain_value, render_block, render_value
from watchlist.store.toml.fast_writer import Blocks, NotSimple

HEAT = Show(id="heat", title="Heat", year=1995, rating=4.5, premiered=date(1995, 12, 15), kind=Kind.FILM)
TEXTS = st.text(st.sampled_from('aé"\\#%s=,[]{}\n\t\x85\u2028\x7f01'), max_size=8)
SCALARS = st.one_of(TEXTS, st.integers(), st.integers(10**38, 10**41), st.floats(), st.booleans(), st.dates())
LISTS = st.lists(TEXTS, max_size=4) | st.dictionaries(TEXTS, TEXTS, max_size=3) | st.lists(SCALARS, max_size=3)


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(shows(wild=True), max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_a_block_is_what_the_long_way_writes_and_tomllib_reads(some: list[Show], newline: str) -> None:
    blocks = Blocks(newline)
    for show in (*some, *some):  # the second time, lines are known
        try:
            block = blocks.of(show)
        except NotSimple:
            assert show.other or any(row.other for row in (*show.seasons, *show.viewings))
            continue
        assert block == render_block(to_table(show), newline)
        assert same(tomllib.loads(block)["shows"], [to_table(show)])


@settings(max_examples=examples(1000), deadline=None)
@given(SCALARS | LISTS)
def test_a_value_that_is_plain_reads_back_and_is_what_the_long_way_writes(value: Any) -> None:
    text = plain_value(value)
    if text is not None:
        assert text == render_value(value)
        assert same(tomllib.loads(f"v = {text}\n"), {"v": value})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"title": "Amélie: 100 % 서울", "genres": ("Crime", "Drama"), "ids": {"imdb": "tt1", "tmdb": 949}},
        {"title": 'He said "no"\\', "notes": "one\ntwo\n", "synopsis": "a\u2028b", "status": Status.WATCHED},
        {"viewings": (Viewing(date(2020, 1, 2), 4.0), Viewing(datetime(2020, 1, 2, 21), people=("Ana",), rewatch=1))},
        {"seasons": (Season(0, 2), Season(1, 3, ("a", "b"), (1, 2), ratings={1: 4.0}))},
        {"id": "", "tags": ("a" * 46, "b" * 46), "aka": ("a" * 96,)},
    ],
)
def test_what_most_shows_are_is_made_line_by_line(more: dict[str, Any]) -> None:
    show = Show(**{name: getattr(HEAT, name) for name in Show.names} | more)
    table = to_table(show)
    assert Blocks().of(show) == render_block(table)
    assert tomllib.loads(render_block(table))["shows"] == [table]


@pytest.mark.parametrize(
    "more",
    [
        {"other": {"shelf": 3}},
        {"viewings": (Viewing(other={"room": "attic"}),)},
        {"seasons": (Season(1, 3, watched=(3, 1)),)},  # is read in order
        {"cast": (Role("Ana", other={"age": float("nan")}),)},  # is not equal to what is read
    ],
)
def test_a_show_that_is_not_so_plain_is_looked_at_more_closely(more: dict[str, Any]) -> None:
    with pytest.raises(NotSimple):
        Blocks().of(Show(id="a", title="A", **more))


@pytest.mark.parametrize(
    ("more", "said"),
    [({"year": 10**40}, "is not a year"), ({"rating": 7.0}, "not within 5"), ({"url": "file:///a"}, "a web address")],
)
def test_a_value_that_is_none_of_its_field_is_not_written(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Blocks().of(Show(id="a", title="A", **more))
