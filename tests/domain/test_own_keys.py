"""Own keys set by hand: the value is what TOML says it is, the key is what was typed, and no field is hidden by one."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.profile import examples
from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.domain.frozen import same
from watchlist.domain.model import Show
from watchlist.domain.own_keys import OwnAssignment, format_value, parse_value
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import Refused, UsageError

SHOW = Show("a", "A", other={"n": 1, "xs": [1, "Two"], "t": {"a": 1}})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        (" 1 ", 1),
        ("0x10", 16),
        ("1_000", 1000),
        ("0.5", 0.5),
        ("-0.0", -0.0),
        ("nan", math.nan),
        ("-inf", -math.inf),
        ("true", True),
        ("2026-01-02", date(2026, 1, 2)),
        ("10:30:00", time(10, 30)),
        ("2026-01-02T10:00:00Z", datetime(2026, 1, 2, 10, tzinfo=UTC)),
        ('"1"', "1"),
        ("'a\\b'", "a\\b"),
        ("[1, 'x']", [1, "x"]),
        ("{a = 1, b.c = 2}", {"a": 1, "b": {"c": 2}}),
        ("[]", []),
        # What is no TOML value is a text
        ("bob", "bob"),
        ("True", "True"),
        ("01", "01"),
        ("1 # one", "1 # one"),
        ("'a' # b", "'a' # b"),
        ("1, 2", "1, 2"),
        ("1,", "1,"),
        ("1\nx = 2", "1\nx = 2"),
        ("a = b", "a = b"),
        ("é 三体", "é 三体"),
        ("2026", 2026),
        ("2026-01", "2026-01"),
        ("2026-01-02 or so", "2026-01-02 or so"),
    ],
)
def test_E3_a_value_is_what_TOML_says_it_is(text: str, value: object) -> None:
    if text == "'a' # b":  # begins as a quoted text, and is none
        with pytest.raises(ValueError, match="not a TOML value"):
            parse_value(text)
        return
    assert same(parse_value(text), value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2", "not a TOML value"),
        ("{a}", "not a TOML value"),
        ('"open', "not a TOML value"),
        ("[REC]", "not a TOML value"),
        ("2026-02-30", "not in the calendar"),
        ("2026-02-01T25:00:00", "not in the calendar"),
        ("1" * 50, "too many digits"),
        ("a\ud800", "not valid Unicode"),
        ('["a", "\udcff"]', "not valid Unicode"),
        ("[" * 80, "nested too deeply"),
    ],
)
def test_E3_a_value_with_a_typing_error_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_value(text)
    with pytest.raises(UsageError, match=said):
        Assignment.parse(f"own:x={text}")


@pytest.mark.parametrize("text", ["", " \n"])
def test_E3_a_blank_text_is_no_value(text: str) -> None:
    with pytest.raises(ValueError, match="value is missing"):
        parse_value(text)


scalars = st.text(max_size=8) | st.integers(-99, 99) | st.booleans() | st.dates() | st.floats(allow_infinity=False)


@given(scalars | st.lists(scalars, max_size=3))
@example("1")
@example(" bob ")
@example("[REC]")
def test_E3_what_is_offered_to_be_typed_reads_as_the_value(value: Any) -> None:
    assert same(parse_value(format_value(value)), value)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("own:new=1", {"n": 1, "xs": [1, "Two"], "t": {"a": 1}, "new": 1}),
        ("own:n=", {"xs": [1, "Two"], "t": {"a": 1}}),
        ("own:n=  ", {"xs": [1, "Two"], "t": {"a": 1}}),
        ("own:none=", {"n": 1, "xs": [1, "Two"], "t": {"a": 1}}),
        ("own:n=''", {"n": "", "xs": [1, "Two"], "t": {"a": 1}}),
        ("own:xs+=3", {"n": 1, "xs": [1, "Two", 3], "t": {"a": 1}}),
        ("own:xs+=[1, 4]", {"n": 1, "xs": [1, "Two", 4], "t": {"a": 1}}),
        ("own:xs-=two", {"n": 1, "xs": [1], "t": {"a": 1}}),
        ("own:xs-=[1, 'two']", {"n": 1, "xs": [], "t": {"a": 1}}),
        ("own:ys+=x", {"n": 1, "xs": [1, "Two"], "t": {"a": 1}, "ys": ["x"]}),
        ("own:ys-=x", {"n": 1, "xs": [1, "Two"], "t": {"a": 1}}),
        ("own:t={a = 2}", {"n": 1, "xs": [1, "Two"], "t": {"a": 2}}),
        ("own:lent to=bob", {"n": 1, "xs": [1, "Two"], "t": {"a": 1}, "lent to": "bob"}),
        ('own:"lent to"=bob', {"n": 1, "xs": [1, "Two"], "t": {"a": 1}, "lent to": "bob"}),
        ('own:"a=b"=c=d', {"n": 1, "xs": [1, "Two"], "t": {"a": 1}, "a=b": "c=d"}),
        ('own:"say ""hi"""=1', {"n": 1, "xs": [1, "Two"], "t": {"a": 1}, 'say "hi"': 1}),
        ("own:7.50=1", {"n": 1, "xs": [1, "Two"], "t": {"a": 1}, "7.50": 1}),
        ("own:Rating=1", {"n": 1, "xs": [1, "Two"], "t": {"a": 1}, "Rating": 1}),
    ],
)
def test_E3_a_key_is_set_cleared_added_to_and_taken_from(text: str, other: dict[str, Any]) -> None:
    (show,) = edits.assign(["a"], [Assignment.parse(text)])(Watchlist((SHOW,))).shows
    assert same(show.other, other)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("own:rating=4", "rating is the field rating", "use rating=VALUE"),
        ("own:rating=", "rating is the field rating", "use rating=VALUE"),
        ("own:id=x", "id is the field id", "use id=VALUE"),
        ("own:tag=x", "the field tags", "use tags=VALUE"),
        ("own:left=4", "left is computed", "another name"),
        ("own:is=x", "has another meaning in queries", "another name"),
        ("own:=4", "after own: is missing", "own:prio=1"),
        ('own:""=4', "after own: is missing", "own:prio=1"),
        ("own:x", "is not own:KEY=VALUE", "own:prio=1"),
        ("own:x+=", "is missing", "own:prio=1"),
        ("own:\ud800=1", "not valid Unicode", ""),
        ("prio=1", 'no field "prio"', "own:prio=VALUE"),
    ],
)
def test_E3_what_can_not_be_a_key_of_ones_own_is_said(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        Assignment.parse(text)
    assert message in refused.value.message
    assert hint in refused.value.hint


def test_E3_a_key_that_hides_behind_a_field_can_be_cleared() -> None:
    show = Show("a", "A", other={"tag": 1, "left": 2, "is": 3})
    for key in show.other:
        assert key not in OwnAssignment.parse(f"own:{key}=").apply(show).other


def test_E3_what_is_no_list_is_not_added_to() -> None:
    with pytest.raises(Refused, match="n of A is not a list"):
        OwnAssignment.parse("own:n+=2").apply(SHOW)


own_keys = st.text('x"+- \ud800', min_size=1, max_size=3)
signs = st.sampled_from(["=", "+=", "-="])
values = st.text("x12-[]{}'\"#,=. \n", max_size=5)


@given(st.text(max_size=12) | st.builds("{}{}{}".format, own_keys, signs, values))
@settings(max_examples=examples(400))
def test_E3_any_text_is_an_assignment_or_a_usage_error(text: str) -> None:
    try:
        step = Assignment.parse(f"own:{text}")
    except UsageError:
        return
    assert isinstance(step, OwnAssignment)
