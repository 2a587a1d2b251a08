"""Ratings: exact on every scale, there and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import ratings, wild_texts
from watchlist.domain.ratings import (
    SCALES,
    STARS,
    DisplayStyle,
    check_rating,
    format_rating,
    parse_rating,
    show_rating,
    stars,
)

STYLES = [DisplayStyle(scale) for scale in SCALES]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4.5", 4.5),
        (" 4,5 ", 4.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("9/10", 4.5),
        ("7/10", 3.5),
        ("87/100", 4.35),
        ("90 / 100", 4.5),
        ("4.35/5", 4.35),
        ("★★★★½", 4.5),
        ("★★★☆☆", 3.0),
        ("****+", 4.5),
        ("½", 0.5),
        ("+----", 0.5),
        ("-", None),
        ("0", None),
        ("0/10", None),
        ("", None),
    ],
)
def test_ratings_are_typed_in_many_ways(text: str, value: float | None) -> None:
    assert parse_rating(text) == value


@pytest.mark.parametrize(("scale", "value"), [("stars", None), ("10", 4.5), ("100", 0.45)])
def test_a_bare_number_is_on_the_users_scale(scale: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(ValueError, match="9 is more than 5 stars; 9/10 works too"):
            parse_rating("9", DisplayStyle(scale))
    else:
        assert parse_rating("9", DisplayStyle(scale)) == value
    assert parse_rating("9/10", DisplayStyle(scale)) == 4.5


@pytest.mark.parametrize(
    "text",
    [
        "6",
        "5.01",
        "11/10",
        "101/100",
        "4.555",
        "3/7",
        "good",
        "nan",
        "inf",
        "1e1",
        "☆☆☆☆☆",
        "½★",
        "--",
        "★★★★★★",
        "-1",
        ".",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"rating|more than|within|number"):
        parse_rating(text)


@given(wild_texts())
def test_no_text_gives_a_rating_that_the_file_does_not_take(text: str) -> None:
    try:
        value = parse_rating(text)
    except ValueError:
        return
    assert value is None or check_rating(value) == value


@given(ratings(), st.sampled_from(STYLES))
def test_a_rating_comes_back_exactly_from_how_it_is_shown(value: float, style: DisplayStyle) -> None:
    assert parse_rating(format_rating(value, style), style) == value
    assert parse_rating(show_rating(value, style), STARS) == value
    assert Decimal(format_rating(value, style)) * 5 / style.top == Decimal(str(value))


@pytest.mark.parametrize("value", [True, "4", None, 0, -1, 5.01, 4.555, float("nan"), float("inf"), [], 10**400])
def test_what_the_file_must_not_hold(value: object) -> None:
    with pytest.raises(ValueError, match=r"rating|more than|within|number"):
        check_rating(value)


def test_shown_with_its_scale() -> None:
    assert show_rating(4.35) == "4.35"
    assert show_rating(4.5, DisplayStyle("10")) == "9/10"
    assert show_rating(4.35, DisplayStyle("100")) == "87/100"
    assert show_rating(None) == format_rating(None) == ""


@pytest.mark.parametrize(
    ("value", "glyphs", "plain"),
    [
        (None, "·····", "....."),
        (4.5, "★★★★½", "****+"),
        (3.0, "★★★☆☆", "***--"),
        (0.01, "½☆☆☆☆", "+----"),
        (4.74, "★★★★½", "****+"),
        (4.75, "★★★★★", "*****"),
        (5.0, "★★★★★", "*****"),
    ],
)
def test_stars(value: float | None, glyphs: str, plain: str) -> None:
    assert stars(value) == glyphs
    assert stars(value, DisplayStyle(ascii=True)) == plain


@given(ratings())
def test_stars_are_five_cells_and_within_a_quarter_of_the_number(value: float) -> None:
    for style in (STARS, DisplayStyle(ascii=True)):
        assert len(stars(value, style)) == 5
        parsed = parse_rating(stars(value, style))
        assert parsed is not None
        assert abs(parsed - value) <= 0.25 or parsed == 0.5
