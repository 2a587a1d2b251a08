"""Rendered TOML parses to exactly what was given, and is laid out as a person would."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.domain.toml_values import render_block, render_key, render_value

NASTY = st.sampled_from(
    (
        *("\r\n", "\n", "\r", "\t", "\x00", "\x1b]52;c;aGk=\x07", "\x9b31m", '"', '"""', "'''", "\\", "\\u0041"),
        *("[[shows]]", "\n[[shows]]\n", "#", "é", "\u202e", "\u2028", "\ufeff", "👩\u200d👩\u200d👧", "千", " ", "="),
        *("{", "}", "\x7f", "\x85"),
    )
)
TEXTS = st.lists(NASTY | st.text(max_size=4), max_size=8).map("".join)
OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SCALARS = (
    TEXTS
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.datetimes(timezones=OFFSETS)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)
KEYS = TEXTS | st.sampled_from(["ids", "cast", "crew", "seasons", "viewings", "mine", "notes"])
TABLES = st.dictionaries(KEYS, VALUES | st.lists(st.dictionaries(TEXTS, VALUES, max_size=3), max_size=3), max_size=6)


def same(a: Any, b: Any) -> bool:
    """Equal, types included (True is not 1, 1.0 is not 1)."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


@given(TABLES)
def test_a_block_parses_to_its_table(table: dict[str, Any]) -> None:
    assert same(tomllib.loads(render_block(table))["shows"][0], table)


@given(TABLES)
def test_a_block_with_windows_line_ends_parses_to_the_same(table: dict[str, Any]) -> None:
    text = render_block(table, "\r\n")
    assert same(tomllib.loads(text)["shows"][0], table)
    assert text.count("\n") == text.count("\r\n")


@given(TEXTS, VALUES)
def test_a_value_parses_to_itself(key: str, value: Any) -> None:
    assert same(tomllib.loads(f"{render_key(key)} = {render_value(value)}\n"), {key: value})


@given(TEXTS)
def test_no_character_that_an_editor_would_act_on_is_written_raw(text: str) -> None:
    rendered = render_value(text)
    assert not [
        c for c in rendered if not c.isprintable() and c not in "\n\t" and c in "\x00\x1b\x7f\x85\x9b\u202e\ufeff"
    ]


@pytest.mark.parametrize(
    "value",
    ["\ud800", ["a\udfff"], {"\ud800": 1}, datetime(2020, 1, 1, tzinfo=timezone(timedelta(seconds=30)))],
)
def test_X19_what_could_not_be_read_back_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="can't be written"):
        render_value(value)


def test_the_layout() -> None:
    table = {
        "id": "heat",
        "title": 'The "Heat"',
        "year": 1995,
        "rating": 4.0,
        "premiered": date(1995, 12, 15),
        "tags": ["a", "b"],
        "notes": 'First "line".\n\nSecond.\n',
        "ids": {"imdb": "tt0113277", "tmdb": 949},
        "cast": [{"actor": "Al Pacino", "role": "Vincent Hanna"}, {"actor": "Robert De Niro"}],
        "mine": {"shelf": 3, "seen at": time(20, 15)},
        "seasons": [{"number": 1, "titles": ["One", ""], "watched": "1", "ratings": {"1": 4.0}}],
        "viewings": [{"date": date(2026, 1, 2)}],
    }
    assert (
        render_block(table)
        == '''[[shows]]
id = "heat"
title = "The \\"Heat\\""
year = 1995
rating = 4.0
premiered = 1995-12-15
tags = ["a", "b"]
notes = """
First "line".

Second.
"""
ids = { imdb = "tt0113277", tmdb = 949 }
cast = [
    { actor = "Al Pacino", role = "Vincent Hanna" },
    { actor = "Robert De Niro" },
]

[shows.mine]
shelf = 3
"seen at" = 20:15:00

[[shows.seasons]]
number = 1
titles = ["One", ""]
watched = "1"
ratings = { 1 = 4.0 }

[[shows.viewings]]
date = 2026-01-02
'''
    )


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("quote", ['"', "'", "\\", '\\"'])
def test_quotes_in_long_text(quote: str, count: int) -> None:
    for text in (f"a\n{quote * count}", f"{quote * count}\nb", f"\n{quote * count}c\n{quote * count}"):
        rendered = render_value(text)
        assert rendered.startswith('"""\n')
        assert tomllib.loads(f"v = {rendered}") == {"v": text}


def test_long_lists_take_one_line_an_item() -> None:
    names = [f"a rather long name number {n}" for n in range(6)]
    lines = render_value(names).splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("[", '    "a rather long name number 0",', "]")
    assert len(lines) == 8
