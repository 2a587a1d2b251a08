"""Plain blocks: whatever is read without `tomllib` is what `tomllib` reads."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from tests.strategies import shows
from watchlist.domain.frozen import same
from watchlist.domain.model import Show
from watchlist.domain.show_toml import to_table
from watchlist.domain.toml_values import render_block
from watchlist.store.toml.fast_parser import table_of

keys = st.sampled_from(["id", "title", "cast", "seasons", "x-1", "tags", "9"])
strings = st.text(st.sampled_from('aé"\\# =,[]{}\n\t\x85\u2028\x7f0'), max_size=8).map(lambda text: f'"{text}"')
bare = st.sampled_from(
    [
        *(
            "0",
            "-0",
            "007",
            "12",
            "-3",
            "1.50",
            "1.",
            "1e3",
            "0x1f",
            "1_000",
            "true",
            "True",
            "2025-02-28",
            "2025-02-30",
        ),
        *("2025-1-1", "2025-01-01T10:00:00", "inf", "٣", "9" * 18, "9" * 19, "'a'", '"""a"""', '""', "[]", "[ ]", "{}"),
    ]
)
texts = st.lists(strings, max_size=3) | st.lists(
    strings | st.sampled_from(["2025-02-28", "2025-02-30", "2025-1-1", '"2025-02"', '""', "5"]), max_size=3
)
rows = st.lists(st.tuples(keys, strings | bare), min_size=1, max_size=3).map(
    lambda pairs: "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"
)
values = st.one_of(
    strings,
    bare,
    texts.map(lambda items: f"[{', '.join(items)}]"),
    texts.map(lambda items: "[\n" + "".join(f"    {item},\n" for item in items) + "]"),
    rows,
    st.lists(rows, max_size=3).map(lambda items: "[\n" + "".join(f"    {item},\n" for item in items) + "]"),
)
statements = st.builds("{} = {}".format, keys, values)
lines = statements | st.sampled_from(
    ["", "# note", "[[shows.seasons]]", "[[shows.tags]]", "[shows.ids]", "[[shows]]", " "]
)


@settings(max_examples=examples(1500), deadline=None)
@given(
    st.sampled_from(["", "# mine\n", "\n"]), st.lists(lines, max_size=8), st.sampled_from(["\n", "\n", "\r\n", "\n\n"])
)
def test_what_is_read_is_what_tomllib_reads(above: str, body: list[str], newline: str) -> None:
    block = above + newline.join(["[[shows]]", *body, ""])
    found = table_of(block)
    if found is not None:
        assert same({"shows": [found]}, tomllib.loads(block))


@settings(deadline=None)
@given(shows())
def test_blocks_of_our_own_read_as_what_was_written(show: Show) -> None:
    table = to_table(show)
    found = table_of(render_block(table))
    assert found is None or same(found, tomllib.loads(render_block(table))["shows"][0])


@pytest.mark.parametrize(
    ("block", "table"),
    [
        ('[[shows]]\ntitle = "A"\nyear = 1995\nrating = 4.5\n', {"title": "A", "year": 1995, "rating": 4.5}),
        ('# mine\n[[shows]]\n\ntags = ["a", "b"]\nids = { imdb = "tt1", tmdb = 2 }\n\n', None),
        ("[[shows]]\nseasons = []\n[[shows.seasons]]\nnumber = 1\n", False),
        ("[[shows]]\ntitle = 'A'\n", False),
        ('[[shows]]\ntitle = "A" # mine\n', False),
        ('[[shows]]\ntitle = "A"', False),
        ('x = 1\n[[shows]]\ntitle = "A"\n', False),
        ("[[shows]]\nids = { a = 1, a = 2 }\n", False),
        ('[[shows]]\naired = [2025-07-09, "2025-08", ""]\n', {"aired": [date(2025, 7, 9), "2025-08", ""]}),
        ('[[shows]]\naired = [\n    "",\n    2025-07-09,\n]\n', {"aired": ["", date(2025, 7, 9)]}),
        ("[[shows]]\naired = [2025-02-30]\n", False),
    ],
)
def test_most_blocks_are_plain_and_the_rest_is_left_to_tomllib(block: str, table: dict[str, Any] | bool | None) -> None:
    found = table_of(block)
    assert (found is None) == (table is False)
    if found is not None:
        assert same(found, table or tomllib.loads(block)["shows"][0])


def test_a_long_block_is_left_to_tomllib() -> None:
    head, end = '[[shows]]\nnotes = "', '"\n'
    for size, plain in ((1 << 16, True), ((1 << 16) + 1, False)):
        block = head + "x" * (size - len(head) - len(end)) + end
        assert len(block) == size
        assert (table_of(block) is not None) is plain
