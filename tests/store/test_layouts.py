"""Arrays as people lay them out: what a change of their items makes of each, to the byte. `layouts.json` has the cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from watchlist.store.splice import patch
from watchlist.store.text import table_of

CASES: list[tuple[str, list[str], str]] = json.loads(Path(__file__).with_name("layouts.json").read_text("utf-8"))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("array", "wanted", "expected"), CASES)
def test_items_come_and_go_and_the_layout_stays(array: str, wanted: list[str], expected: str, newline: str) -> None:
    def block(value: str) -> str:
        return f'[[shows]]\nid = "a"\ntags = {value} # mine\nyear = 1\n'.replace("\n", newline)

    old = block(array)
    assert patch(old, table_of(old) | {"tags": wanted}, newline=newline) == block(expected)


def test_no_comment_goes_with_an_item_that_others_share_the_line_with() -> None:
    for array, wanted, expected in CASES:
        if "# x" in array and wanted:
            assert "# x" in expected
