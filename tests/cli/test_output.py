"""Tables: columns that line up in cells, cut from the widest, and JSON that is fit for any stream."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import wild_texts
from watchlist.cli.output import GAP, MIN_COLUMN_CELLS, Output, TableColumn, as_json, cut, fitted, width
from watchlist.sanitize import safe

Captured = pytest.CaptureFixture[str]


def test_columns_line_up_in_cells(capsys: Captured) -> None:
    Output().table(
        [TableColumn("Title"), TableColumn("Year", right=True), TableColumn("x")],
        [("三体", "2023", "a"), ("Heat", "95", "b")],
    )
    assert capsys.readouterr().out == "Title  Year  x\n三体   2023  a\nHeat     95  b\n"


def test_a_cell_is_one_line_whatever_is_in_it(capsys: Captured) -> None:
    Output().table([TableColumn("A"), TableColumn("B")], [("a\n b\tc", "\x1b[1m")])
    assert capsys.readouterr().out == "A      B\na b c  ␛[1m\n"


def test_nothing_in_a_table_is_a_table_of_its_head(capsys: Captured) -> None:
    Output().table([TableColumn("A"), TableColumn("B")], [])
    assert capsys.readouterr().out == "A  B\n"


@given(st.lists(st.integers(0, 200), min_size=1, max_size=8), st.integers(1, 200))
def test_what_is_fitted_fits_and_takes_no_more_than_it_must(widths: list[int], room: int) -> None:
    fit = fitted(widths, room)
    total = sum(fit) + len(GAP) * (len(fit) - 1)
    assert all(new <= old for new, old in zip(fit, widths, strict=True))
    assert all(new == old or new >= MIN_COLUMN_CELLS for new, old in zip(fit, widths, strict=True))
    if max(fit) > MIN_COLUMN_CELLS:
        assert total <= room
    if fit != widths:
        assert total >= room
        assert max(fit) - min(new for new, old in zip(fit, widths, strict=True) if new < old) <= 1


@given(wild_texts(max_size=30), st.integers(2, 30))
def test_what_is_cut_fits_and_says_so(text: str, room: int) -> None:
    short = cut(text, room)
    assert width(short) <= room
    assert short == text or short.endswith("…")


@given(st.text("abc é★½·…○◐●‖×–“", max_size=20))
def test_the_short_way_to_a_width_is_the_right_one(text: str) -> None:
    from rich.cells import cell_len

    assert width(text) == cell_len(text)


@given(st.dictionaries(wild_texts(), wild_texts()))
def test_json_means_the_same_and_holds_nothing_that_acts(value: dict[str, str]) -> None:
    text = as_json(value)
    assert json.loads(text) == value
    assert safe(text) == text
