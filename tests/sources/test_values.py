"""Values of untrusted answers become values of fields, or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from watchlist.domain.dates import PartialDate
from watchlist.domain.model import Role, Season
from watchlist.sources.lookup import values


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((value, 5) for value in (5, "5", " 5 ", 5.0)),
        *((value, None) for value in (5.5, 0, 11, True, "", "-5", "५", None, [5], "5" * 50, float("inf"))),
    ],
)
def test_whole_numbers(value: Any, number: int | None) -> None:
    assert values.whole(value, 1, 10) == number


@pytest.mark.parametrize(
    ("value", "day"),
    [
        *((value, date(2021, 3, 4)) for value in ("2021-03-04", "2021-03-04T02:00:00+00:00")),
        *((value, None) for value in ("", None, "2021-03", 20210304, "0000-00-00", "2021-02-30", "1600-01-01")),
    ],
)
def test_days(value: Any, day: date | None) -> None:
    assert values.day(value) == day


def test_days_months_and_years() -> None:
    assert [values.day_or_part(text) for text in ("1998", "1998-04", "1998-13", "98", "9999")] == [
        PartialDate(1998),
        PartialDate(1998, 4),
        *[None] * 3,
    ]


def test_text_loses_what_a_terminal_would_obey() -> None:
    assert values.line(" a\x1b[31m\u202eb\n\tc\ud800\x00 ") == "a[31mb c"
    assert values.line("x" * 9999) == "x" * 300
    assert values.paragraphs("one\ntwo <b>\r\n\n\x07 three ") == "one\n\ntwo <b>\n\nthree"
    assert (
        values.html_paragraphs("<p>one<br/>two &lt;b&gt;</p>\n<p>&#27;[0m three\nmore</p>")
        == "one\n\ntwo <b>\n\n[0m three more"
    )
    assert len(values.paragraphs("word " * 9999)) <= values.MAX_TEXT
    assert [values.line(5), values.paragraphs(None), values.html_paragraphs([])] == ["", "", ""]


def test_one_row_for_an_actor() -> None:
    assert values.cast([("A", "x"), ("B", ""), ("A", "y"), ("A", "x"), ("", "z")]) == (Role("A", "x / y"), Role("B"))
    assert len(values.cast((str(n), "") for n in range(999))) == values.MAX_CAST


DAY = date(2021, 3, 4)


@pytest.mark.parametrize(
    ("episodes", "lengths", "seasons"),
    [
        ({1: {1: ("One", DAY), 3: ("", None)}}, {1: 8}, [Season(1, 8, ("One", "", ""), aired=(DAY, None, None))]),
        ({3: {}, 4: {}}, {3: None, 4: 6}, [Season(4, 6)]),
        # Episodes are missing at the beginning.
        ({1: {3: ("Three", None)}}, {}, [Season(1, 3, ("", "", "Three"))]),
        ({1: {3: ("Three", None)}}, {1: 8}, [Season(1, 8, ("", "", "Three"))]),
        ({2: {11: ("Eleven", None)}}, {1: 8}, [Season(1, 8), Season(2, 11, ("",) * 10 + ("Eleven",))]),
        # Numbers count on from the season before.
        ({2: {9: ("Nine", None), 11: ("", None)}}, {1: 8}, [Season(1, 8), Season(2, 3, ("Nine", "", ""), first=9)]),
        ({2: {9: ("Nine", None)}}, {1: 8, 2: 4}, [Season(1, 8), Season(2, 4, ("Nine",), first=9)]),
        ({2: {11: ("Eleven", None), 12: ("", None)}}, {2: 2}, [Season(2, 2, ("Eleven", ""), first=11)]),
        ({0: {1: ("", DAY)}, 1: {2: ("Two", None)}}, {}, [Season(0, 1, aired=(DAY,)), Season(1, 2, ("", "Two"))]),
        # Dates as numbers.
        ({1: {20_000: ("z", None)}}, {}, []),
        ({1: {1: ("a", None), 20_000: ("z", None)}}, {}, [Season(1, 1, ("a",))]),
        ({1: {19_999: ("z", None)}}, {1: 20_000}, [Season(1, 20_000, ("",) * 19_998 + ("z",))]),
    ],
)
def test_seasons_of_episodes_and_lengths(
    episodes: dict[int, dict[int, tuple[str, date | None]]], lengths: dict[int, int | None], seasons: list[Season]
) -> None:
    assert list(values.seasons(episodes, lengths)) == seasons


def test_a_few_rows_do_not_make_a_huge_list() -> None:
    """A show of a few kilobytes could otherwise have 200 million titles."""
    few = {1: ("a", None), 100: ("z", None)}
    seasons = values.seasons(dict.fromkeys(range(1, 10_000), few), {})
    assert sum(len(season.titles) for season in seasons) == values.MAX_TITLES
    assert all(season.episodes == 100 for season in seasons)


@pytest.mark.parametrize(
    "url", ["https://a.example/x\n", "https://a.example/ x", "https://b.example/", 5, "https://a.example/é"]
)
def test_odd_addresses(url: Any) -> None:
    assert values.address(url, "https://a.example/") == ""
