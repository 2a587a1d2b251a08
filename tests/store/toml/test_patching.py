"""Blocks as people write them: what a change of their values makes of each, to the byte. `patches.toml` has the cases."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from watchlist.domain.edits import Assignment, assign, deltas, rate_episodes
from watchlist.domain.episodes import parse_names
from watchlist.domain.frozen import same
from watchlist.domain.model import Status
from watchlist.store.apply_changes import draft_deltas
from watchlist.store.snapshot import parse_snapshot
from watchlist.store.toml.block_tables import remains
from watchlist.store.toml.parser import table_of
from watchlist.store.toml.patcher import CannotSplice, patch

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("patches.toml").read_text("utf-8"))["case"]
NAMES = [case["what"] for case in CASES]


def wanted(case: dict[str, Any], old: str) -> dict[str, Any]:
    kept = {key: value for key, value in table_of(old).items() if key not in case.get("gone", ())}
    return kept | case.get("wanted", {})


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_was_meant_is_changed_and_nothing_else(case: dict[str, Any], newline: str) -> None:
    old = case["old"].replace("\n", newline)
    if "new" not in case:
        with pytest.raises(CannotSplice):
            patch(old, wanted(case, old), newline=newline)
        return
    assert patch(old, wanted(case, old), newline=newline) == case["new"].replace("\n", newline)


@pytest.mark.parametrize("case", [case for case in CASES if "new" in case], ids=lambda case: str(case["what"]))
def test_a_change_there_and_back_reads_as_before(case: dict[str, Any]) -> None:
    """Not to the byte, for the layout of what went is gone; but as the same values."""
    old, new = case["old"], case["new"]
    try:
        back = patch(new, table_of(old))
    except CannotSplice:
        return
    assert table_of(back) == table_of(old)


# Where a new key goes, and what counts as the same


BLOCK = '[[shows]]\ntitle = "A"\nmood = 1\nruntime = 2\nshelf = 3\n'
ORDER = ("id", "title", "year", "runtime", "notes")


@pytest.mark.parametrize(
    ("key", "line"),
    [("id", 5), ("year", 2), ("notes", 4), ("zed", 5)],  # `id` has none before it in the order, and `zed` is not in it
)
def test_a_new_key_goes_after_the_nearest_of_those_before_it(key: str, line: int) -> None:
    lines = BLOCK.splitlines(keepends=True)
    expected = "".join([*lines[:line], f"{key} = 7\n", *lines[line:]])
    assert patch(BLOCK, table_of(BLOCK) | {key: 7}, order=ORDER) == expected


def test_what_stands_below_a_section_that_goes_may_have_changed_before_it() -> None:
    """The keys of a show have an order of their own, whatever that of its text."""
    seasons = "[[shows.seasons]]\nnumber = 1\n[[shows.seasons]]\nnumber = 2\n"
    old = f'[[shows]]\ntitle = "A"\n{seasons}[shows.ids]\nimdb = "t"\n'
    wanted = {"title": "A", "ids": {"imdb": "u", "tmdb": 2}, "seasons": [{"number": 1}]}
    new = '[[shows]]\ntitle = "A"\n[[shows.seasons]]\nnumber = 1\n[shows.ids]\nimdb = "u"\ntmdb = 2\n'
    assert patch(old, wanted, newline="\n") == new


def test_the_order_is_that_of_a_show_and_of_no_table_in_it() -> None:
    block = '[[shows]]\ntitle = "A"\n[shows.mine]\ntitle = 1\nzed = 2\n'
    assert (
        patch(block, table_of(block) | {"mine": {"title": 1, "zed": 2, "year": 3}}, order=ORDER) == f"{block}year = 3\n"
    )


def test_what_is_nested_too_deeply_to_be_written_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(CannotSplice):
        patch(BLOCK, table_of(BLOCK) | {"deep": deep})


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("watched", Status.WATCHED, True),  # as it is written
        (Status.WATCHED, "watched", True),
        (Status.WATCHED, "watching", False),
        ("1", 1, False),
        (1, "1", False),
        ("ab", ["a", "b"], False),
        (["a", "b"], "ab", False),
        (("a",), ["a"], False),
        (True, 1, False),
        (1.0, 1, False),
        (date(2020, 1, 2), date(2020, 1, 2), True),
        (date(2020, 1, 2), date(2020, 1, 3), False),
        (float("nan"), float("nan"), True),
        (float("nan"), 1.0, False),
        (1.0, float("nan"), False),
        (0.0, -0.0, True),
        (MappingProxyType({"a": 1, "b": 2}), {"b": 2, "a": 1}, True),
        (MappingProxyType({"a": 1, "b": 2}), {"a": 1, "b": 3}, False),
        (MappingProxyType({"a": 1, "b": 2}), {"a": 0, "b": 2}, False),
        ({"a": 1, "b": Status.WATCHED}, {"a": 1, "b": "watched"}, True),
        ({"a": "1"}, {"a": 1}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, [2, 3]], [1, [2, 4]], False),
        ([1, 2], [1, 2, 3], False),
        ({}, [], False),
        ([], {}, False),
    ],
)
def test_values_are_the_same_where_they_would_be_written_so(a: object, b: object, alike: bool) -> None:
    assert same(a, b) is alike
    assert same({"x": a}, {"x": b}) is alike
    assert same([a], [b]) is alike


def test_what_others_wrote_into_a_block_is_told_from_the_show_with_its_comments() -> None:
    ours = ('[[shows]]\ntitle = "A"\n\n', '[shows.ids]\nimdb = "t"\n\n', "# s\n[[shows.seasons]]\nnumber = 1\n")
    theirs = ("# one\n[plugin]\nx = 1\n\n", "# two\n\n# three\n[[other]]\ny = [[1]]\n")
    assert remains(ours[0] + theirs[0] + ours[1] + theirs[1] + ours[2]) == ("", "".join(theirs))
    assert remains("".join(ours)) == ("", "")
    assert remains(f"{ours[0]}[a]\n[shows.b]\n") == ("", "[a]\n")


HEAD = '[[shows]]\nid = "a"\ntitle = "A"\nkind = "series"\n'


@pytest.mark.parametrize(
    ("text", "names", "wanted"),
    [
        ("[[shows.seasons]]\nnumber = 1\nratings = { 1 = 4, 2 = 5 }\n", "S01E01", "ratings = { 1 = 3.0, 2 = 5 }"),
        (
            "[[shows.seasons]]\nnumber = 1\nratings = { 2=0x5,3 = 4.50 }\n",
            "S01E01",
            "ratings = { 1 = 3.0, 2=0x5,3 = 4.50 }",
        ),
        (
            "[[shows.seasons]]\nnumber = 1\nratings = { 1 = 4_0e-1, 3 = 5 }\n",
            "S01E02",
            "ratings = { 1 = 4_0e-1, 2 = 3.0, 3 = 5 }",
        ),
        (
            "[[shows.seasons]]\nnumber = 1\nratings = { \"01\" = 4, '13' = 5 }\n",
            "S01E01",
            "ratings = { \"01\" = 3.0, '13' = 5 }",
        ),
        (
            "[[shows.seasons]]\nnumber = 1\n[shows.seasons.ratings]\n01 = 4 # mine\n2 = 5 # yours\n",
            "S01E01",
            "01 = 3.0 # mine\n2 = 5 # yours",
        ),
        ("[[shows.seasons]]\nnumber = 1\nratings.1 = 4\nratings.2 = +5\n", "S01E01", "ratings.1 = 3.0\nratings.2 = +5"),
        (
            "seasons = [{ number = 1, ratings = { 1 = 4, 2 = 0x5 } }]\n",
            "S01E03",
            "{ number = 1, ratings = { 1 = 4, 2 = 0x5, 3 = 3.0 } }",
        ),
        (
            "seasons = [{ number = 1, ratings = { 2 = 0x5 } }, {number=2}]\n",
            "S02E03",
            "{ number = 1, ratings = { 2 = 0x5 } }, {number=2, ratings = { 3 = 3.0 }}",
        ),
        (
            "seasons = [{ number = 0x1, ratings = { 2 = 0x5 } }]\n",
            "S01E01, S02E03",
            "{ number = 0x1, ratings = { 1 = 3.0, 2 = 0x5 } }",
        ),
        (
            "seasons = [\n  { number = 1, ratings = { 2 = 0x5 } }, # one\n]\n",
            "S01E01",
            "  { number = 1, ratings = { 1 = 3.0, 2 = 0x5 } }, # one",
        ),
        (
            "[[shows.seasons]]\nnumber = 0x1\nratings = { 1 = 4, 2 = 0x5 }\n",
            "S01E01, S02E01",
            "number = 0x1\nratings = { 1 = 3.0, 2 = 0x5 }\n",
        ),
    ],
)
def test_an_episode_that_is_rated_leaves_the_other_ratings_alone(text: str, names: str, wanted: str) -> None:
    snapshot = parse_snapshot((HEAD + text).encode())
    edit = rate_episodes(["a"], parse_names(names), 3.0, sure=True)
    after = draft_deltas(snapshot, deltas(snapshot.list, edit(snapshot.list))).snapshot.document.text
    assert wanted in after
    removed = rate_episodes(["a"], parse_names(names), None, sure=True)
    again = parse_snapshot(after.encode())
    unrated = draft_deltas(again, deltas(again.list, removed(again.list))).snapshot.document.text
    assert "3.0" not in unrated
    assert [
        kept
        for kept in ("0x5", "0x1", "+5", "4.50", "4_0e-1", "'13'", "# yours")
        if kept in text and kept not in unrated
    ] == []


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("{ tmdb = 1_000, 'imdb'='tt1' }", "ids+=x=3", "{ tmdb = 1_000, 'imdb'='tt1', x = 3 }"),
        ("{ tmdb = 1_000, 'imdb'='tt1' }", "ids-=imdb=tt1", "{ tmdb = 1_000 }"),
        ("{ tmdb = 1_000, 'imdb'='tt1' }", "ids-=tmdb=1000", "{ 'imdb'='tt1' }"),
        ("{tmdb = 1_000, imdb = 0xF}", "ids+=tmdb=5", "{tmdb = 5, imdb = 0xF}"),
    ],
)
def test_an_id_that_comes_or_goes_leaves_the_others_alone(before: str, typed: str, after: str) -> None:
    snapshot = parse_snapshot(f"{HEAD}ids = {before}\n".encode())
    edit = assign(["a"], [Assignment.parse(typed)])
    text = draft_deltas(snapshot, deltas(snapshot.list, edit(snapshot.list))).snapshot.document.text
    assert text == f"{HEAD}ids = {after}\n"
