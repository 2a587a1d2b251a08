"""Frozen values: made by place or by name, equal by what they hold, never changed."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import shows
from watchlist.domain.edits import deltas
from watchlist.domain.fields import changed_fields
from watchlist.domain.frozen import Frozen, replace, same
from watchlist.domain.model import FIELD_NAMES, Problem, Show, Status, Viewing
from watchlist.domain.show_table import ShowTable
from watchlist.domain.watchlist import Watchlist


@given(shows(), shows(), st.sets(st.sampled_from(sorted(FIELD_NAMES))))
def test_replace_changes_what_it_is_told_to_and_nothing_else(show: Show, other: Show, names: set[str]) -> None:
    before = {name: getattr(show, name) for name in FIELD_NAMES}
    changed = replace(show, **{name: getattr(other, name) for name in names})
    assert {name: getattr(changed, name) for name in FIELD_NAMES} == {
        name: getattr(other if name in names else show, name) for name in FIELD_NAMES
    }
    assert {name: getattr(show, name) for name in FIELD_NAMES} == before
    assert (changed == show) is all(getattr(changed, name) == before[name] for name in FIELD_NAMES)


def test_what_is_made_wrongly_is_a_type_error() -> None:
    assert Show("x", "X") == Show(title="X", id="x")
    for make in (lambda: Show("x"), lambda: Show("x", "X", titel="Y"), lambda: replace(Show("x", "X"), titel="Y")):
        with pytest.raises(TypeError):
            make()  # type: ignore[no-untyped-call]


def test_a_value_cant_be_changed_and_is_equal_to_none_of_another_kind() -> None:
    show = Show("x", "X")
    with pytest.raises(AttributeError):
        show.title = "Y"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        show.nothing = 1  # type: ignore[attr-defined]
    assert show != ("x", "X")
    assert show.title == "X"


def test_a_list_takes_any_shows_and_finds_them_by_id() -> None:
    made = Watchlist([Show("a", "A"), Show("b", "B")])
    assert isinstance(made.shows, ShowTable)
    assert made.find("b") == Show("b", "B")
    assert replace(made, shows=(Show("c", "C"),)).find("b") is None


@pytest.mark.parametrize("header", ["", "from __future__ import annotations\n"], ids=["plain", "future"])
def test_annotations_are_the_names_of_a_value_in_every_module(header: str) -> None:
    """Python 3.14 stores them in two ways; names that are imported for the type checker only are no hindrance."""
    annotation = "Unknown" if header or sys.version_info >= (3, 14) else "'Unknown'"
    code = f"{header}class Point(Frozen):\n    x: int\n    y: {annotation} = 2\n"
    namespace: dict[str, Any] = {"Frozen": Frozen, "__name__": __name__}
    exec(compile(code, "module", "exec", dont_inherit=True), namespace)
    assert namespace["Point"].names == ("x", "y")
    assert repr(namespace["Point"](1)) == "Point(x=1, y=2)"


NAN, OTHER_NAN = float("nan"), float("nan")
MORNING = datetime(2026, 1, 1, 10, tzinfo=UTC)
THERE = MORNING.astimezone(timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (NAN, OTHER_NAN, True),
        (-0.0, 0.0, True),
        (0.0, NAN, False),
        ([NAN, {"a": [NAN]}], [OTHER_NAN, {"a": [OTHER_NAN]}], True),
        ((1, NAN), (1, OTHER_NAN), True),
        (1, True, False),
        (0, False, False),
        (1, 1.0, False),
        ([1], [True], False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1}, {"a": 1.0}, False),
        (MappingProxyType({"a": NAN}), {"a": OTHER_NAN}, True),
        (MORNING, THERE, False),
        (MORNING, MORNING.astimezone(timezone(timedelta())), True),
        (MORNING, MORNING.replace(tzinfo=None), False),
        (date(2026, 1, 1), datetime(2026, 1, 1), False),
        (Status.WATCHED, "watched", True),
        ("1", 1, False),
        ([1], {"0": 1}, False),
        ({"a": 1}, [1], False),
    ],
)
def test_A9_values_are_the_same_where_they_would_be_written_the_same(one: Any, other: Any, alike: bool) -> None:
    assert same(one, other) is same(other, one) is alike
    show, twin = Show("x", "X", other={"key": one}), Show("x", "X", other={"key": other})
    assert (show == twin) is alike
    rows = Show("y", "Y", viewings=(Viewing(other={"key": one}),), problems=(Problem("year", "no", one),))
    twins = Show("y", "Y", viewings=(Viewing(other={"key": other}),), problems=(Problem("year", "no", other),))
    assert (rows == twins) is alike
    assert bool(changed_fields(rows, twins)) is not alike
    lists = Watchlist((show, rows)), Watchlist((twin, twins))
    assert len(deltas(*lists)) == (0 if alike else 2)
