"""Blocks by their shape: what is written that way is what the long way writes, and reads as what was meant."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import shows
from watchlist.fields import to_table
from watchlist.model import Show
from watchlist.store.shapes import block_of
from watchlist.store.splice import same
from watchlist.toml_text import render_block

ALBUM = {"id": "heat", "title": "Heat", "year": 1995, "rating": 4.5, "premiered": date(1995, 12, 15)}
ROWS = {"viewings": [{"date": date(2020, 1, 2), "rating": 4.0}, {"with": "Ana"}]}
TEXTS = st.text(st.sampled_from('aé"\\#%s=,[]{}\n\t\x85\u2028\x7f01'), max_size=8)
SCALARS = st.one_of(
    TEXTS, st.integers(), st.integers(10**15, 10**15 + 9), st.floats(), st.booleans(), st.dates(), st.none()
).filter(lambda value: value is not None)
LISTS = st.lists(TEXTS, max_size=4) | st.dictionaries(TEXTS, TEXTS, max_size=3) | st.lists(SCALARS, max_size=3)
SECTIONS = st.lists(st.dictionaries(st.sampled_from(["date", "with", "1", "a b"]), SCALARS, max_size=3), max_size=3)
NAMES = st.sampled_from(["id", "title", "kind", "year", "tags", "ids", "viewings", "seasons", "mine"])


@settings(max_examples=1500, deadline=None)
@given(st.dictionaries(NAMES, SCALARS | LISTS | SECTIONS, max_size=6))
def test_what_is_written_by_shape_is_what_the_long_way_writes_and_tomllib_reads(table: dict[str, Any]) -> None:
    block = block_of(table)
    if block is not None:
        assert block == render_block(table)
        assert same(tomllib.loads(block)["shows"], [table])


@settings(deadline=None)
@given(shows())
def test_shows_of_any_kind_are_written_the_same_either_way(show: Show) -> None:
    table = to_table(show)
    assert block_of(table) in (None, render_block(table))


@pytest.mark.parametrize(
    "table",
    [
        ALBUM,
        ALBUM | {"title": "Amélie: 100 % 서울", "genres": ["Crime", "Drama"], "ids": {"imdb": "tt1"}, "year": -4},
        ALBUM | ROWS,
        ALBUM | ROWS | {"seasons": [{"number": 1}]},
        {"id": "", "title": "", "tags": ["a" * 96]},
        {"id": "", "title": "", "tags": ["a" * 46, "b" * 46]},
    ],
)
def test_what_most_imported_shows_are_has_a_shape(table: dict[str, Any]) -> None:
    assert block_of(table) == render_block(table)
    assert tomllib.loads(render_block(table))["shows"] == [table]


@pytest.mark.parametrize(
    "odd",
    [
        *({"title": text} for text in ('"', "\\", "a\nb", "\t", "\x7f", "\x85", "\u202e", "\ud800")),
        *({"rating": number} for number in (float("nan"), float("inf"), 1e16, True)),
        *({"year": 10**18}, {"seasons": []}, {"tags": [1]}, {"tags": ["a" * 97]}, {"ids": {"tmdb": 1}}),
        *(
            {"mine": "x"},
            {"cast": [{"actor": "A"}]},
            {"viewings": [{"with": ["A"]}]},
            {"viewings": [{"with": "A"}, {"with": ["A"]}]},
            {"viewings": ["A"]},
            {"tags": ["a" * 46, "b" * 47]},
            {"ids": {"a b": ""}},
            {"ids": {"100 %": ""}},
            {"ids": {"1000000000000002": ""}},
        ),
        ROWS | {"notes": "after"},
    ],
)
def test_what_is_not_plain_is_left_to_the_long_way(odd: dict[str, Any]) -> None:
    assert block_of(ALBUM | odd) is None
