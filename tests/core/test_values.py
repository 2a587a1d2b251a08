"""Frozen values: made by place or by name, equal by what they hold, never changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import shows
from watchlist.model import FIELD_NAMES, Show, Shows, Watchlist
from watchlist.values import replace


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
    assert isinstance(made.shows, Shows)
    assert made.find("b") == Show("b", "B")
    assert replace(made, shows=(Show("c", "C"),)).find("b") is None
