"""Arrays as people lay them out: what a change of their items makes of each, to the byte. `layouts.json` has the cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from watchlist.store.toml.parser import table_of
from watchlist.store.toml.patcher import patch
from watchlist.store.toml.scanner import comments

# An array, its items as they are to be, the array then, and the comments that moved above it.
CASES: list[tuple[str, list[str], str, str]] = [
    (*case, "")[:4] for case in json.loads(Path(__file__).with_name("layouts.json").read_text("utf-8"))
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("array", "wanted", "expected", "above"), CASES)
def test_items_come_and_go_and_the_layout_stays(
    array: str, wanted: list[str], expected: str, above: str, newline: str
) -> None:
    def block(value: str, above: str = "") -> str:
        return f'[[shows]]\nid = "a"\n{above}tags = {value} # mine\nyear = 1\n'.replace("\n", newline)

    old = block(array)
    assert patch(old, table_of(old) | {"tags": wanted}, newline=newline) == block(expected, above)


def test_A6_no_comment_goes_with_an_item() -> None:
    for array, _, expected, above in CASES:
        assert sorted(comments(array)) == sorted(comments(above + expected))
