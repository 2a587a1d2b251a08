"""Dates as people type them: as precise as they are, and counted for what is known of them."""

from __future__ import annotations

import tomllib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import days, moments, partial_dates
from watchlist.domain.dates import AnyDate, PartialDate, first_day, from_iso, last_day, parse_date, parse_partial_date
from watchlist.domain.field_types import Date
from watchlist.domain.fields import FIELDS, VIEWINGS
from watchlist.domain.model import Kind, Show, Status, Viewing
from watchlist.domain.show_table import ShowTable
from watchlist.domain.show_toml import from_table, to_table
from watchlist.domain.text import long_date
from watchlist.domain.watch_edits import watch
from watchlist.pick import pick
from watchlist.query import order, parse, parse_sort
from watchlist.stats.statistics import statistics

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019-05-03", date(2019, 5, 3)),
        ("2019-05-03 21:30", datetime(2019, 5, 3, 21, 30)),
        ("2019-05", PartialDate(2019, 5)),
        ("2019", PartialDate(2019)),
        (" 2019 ", PartialDate(2019)),
        ("0001", PartialDate(1)),
        ("9999-12", PartialDate(9999, 12)),
        ("today", TODAY),
        ("Yesterday", date(2026, 2, 28)),
        ("-1d", date(2026, 2, 28)),
        ("-3D", date(2026, 2, 26)),
        ("-2w", date(2026, 2, 15)),
        ("-1m", date(2026, 2, 1)),
        ("-1y", date(2025, 3, 1)),
        ("+1d", date(2026, 3, 2)),
        ("-999999y", date.min),
        ("unknown", None),
        ("UNKNOWN", None),
        ("", None),
    ],
)
def test_E2_a_date_is_read_as_it_is_typed(text: str, value: AnyDate | None) -> None:
    assert parse_date(text, TODAY) == value
    assert type(parse_date(text, TODAY)) is type(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, "{} is not in the calendar") for text in ("2019-13", "2019-00", "0000", "2019-02-30")),
        *(
            (text, "{} is not a date like 2026-11-20, 2026-11, 2026, yesterday")
            for text in ("soon", "2019-5", "20190503", "201", "--3d", "-3", "٢٠١٩", "2019-05-")
        ),
    ],
)
def test_E2_what_is_no_date_is_said_with_examples(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.format(f'"{text}"')):
        parse_date(text, TODAY)


@given(partial_dates())
def test_E2_a_partial_date_comes_back_and_lies_between_its_days(value: PartialDate) -> None:
    assert parse_partial_date(value.isoformat()) == from_iso(value.isoformat()) == value
    assert value.first <= value.last
    assert value.first.isoformat().startswith(value.isoformat())
    assert value.last.isoformat().startswith(value.isoformat())
    assert not (
        value.last < date.max and date.fromordinal(value.last.toordinal() + 1).isoformat().startswith(value.isoformat())
    )
    assert (first_day(value), last_day(value)) == (value.first, value.last)


@pytest.mark.parametrize(
    "text", ["2019-W18-5", "2019-W18", "20190503", "2019W185", "2019-5-3", "2019-05-03T10:00", "", "soon"]
)
def test_E2_a_date_is_only_read_in_the_form_in_which_it_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date like"):
        from_iso(text)


@given(moments() | partial_dates())
def test_E2_every_field_with_a_date_keeps_what_it_was_given(value: AnyDate) -> None:
    for type in (VIEWINGS.columns[0].type, FIELDS["premiered"].type, FIELDS["added"].type):
        if isinstance(value, datetime) and not type.time:  # type: ignore[attr-defined]
            continue
        written = type.write(value)
        assert (
            type.read(
                tomllib.loads(f"x = {written.isoformat() if not isinstance(written, str) else repr(written)}")["x"]
            )
            == value
        )
        if type.past and first_day(value) > date.today():  # type: ignore[attr-defined]
            with pytest.raises(ValueError, match="in the future"):
                type.parse(type.format(value))
        else:
            assert type.parse(type.format(value)) == value


@pytest.mark.parametrize("raw", ["2019-13", "2019-5", "yesterday", "2019-05-03", "unknown", "", 2019, 2019.05])
def test_E2_other_texts_and_numbers_are_no_dates_in_the_file(raw: object) -> None:
    with pytest.raises(ValueError, match=r"expected a date without quotes|calendar"):
        Date(time=True).read(raw)
    show = from_table({"id": "a", "title": "A", "viewings": [{"date": raw}]})
    assert show.problems[0].key == "viewings[0].date"


SHOWS = ShowTable(
    [
        Show("year", "Year", viewings=(Viewing(PartialDate(2019)),), runtime=60, premiered=PartialDate(2018)),
        Show("month", "Month", viewings=(Viewing(PartialDate(2019, 5)),), runtime=60, premiered=PartialDate(2019, 4)),
        Show("day", "Day", viewings=(Viewing(date(2019, 5, 3)),), runtime=60, premiered=date(2019, 4, 2)),
        Show("none", "None", viewings=(Viewing(),), runtime=60),
    ]
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("watched:2019", "year month day"),
        ("watched:2019-05", "month day"),  # a year may be any month of it
        ("watched:2019-05-03", "day"),
        ("watched:2019..", "year month day"),
        ("watched:..2019", "year month day"),
        ("watched:2019-05..", "month day"),
        ("watched:2019-02..2019-06", "month day"),
        ("watched:>2019-05-01", "day"),
        ("watched:<2020", "year month day"),
        ("watched:2018", ""),
        ("watched:none", "none"),
        ("watched:unknown", "none"),
        ("-watched:unknown", "year month day"),
        ("watched:any", "year month day"),
        ("premiered:2019-04", "month day"),
        ("premiered:2018", "year"),
        ("premiered:unknown", "none"),
    ],
)
def test_E2_a_query_finds_what_is_known_to_be_in_the_time(query: str, found: str) -> None:
    assert [SHOWS[row].id for row in parse(query, today=TODAY).rows(SHOWS)] == found.split()


def test_E2_yesterday_is_a_day_of_the_language() -> None:
    show = Show("a", "A", added=date(2026, 2, 28))
    assert parse("added:yesterday", today=TODAY).matches(show)
    assert parse("added:yesterday..today", today=TODAY).matches(show)
    assert not parse("added:today", today=TODAY).matches(show)


def test_E2_a_month_is_ordered_before_its_days() -> None:
    for name in ("watched", "premiered"):
        assert [show.id for show in order(SHOWS, parse_sort(name))] == ["year", "month", "day", "none"]
        assert [show.id for show in order(SHOWS, parse_sort(f"{name}-"))] == ["day", "month", "year", "none"]
    assert [show.last_viewed for show in SHOWS] == [PartialDate(2019), PartialDate(2019, 5), date(2019, 5, 3), None]


def test_E2_statistics_count_a_viewing_for_what_is_known_of_it() -> None:
    whole = statistics(SHOWS, today=TODAY).viewings
    assert (whole.dated.viewings, whole.undated.viewings, whole.total.viewings) == (3, 1, 4)
    assert [(row.label, row.viewings, row.minutes) for row in whole.years] == [("2019", 3, 180)]
    assert dict(whole.days) == {date(2019, 5, 3): 60}
    assert (whole.longest.days, sum(row.viewings for row in whole.weekdays)) == (1, 1)
    assert whole.first is not None is not whole.last
    assert whole.first.show.id == whole.last.show.id == "day"
    year = statistics(SHOWS, today=TODAY, year=2019)
    assert (year.shows.number, year.viewings.total.viewings) == (3, 3)
    assert {row.label: row.viewings for row in year.viewings.months if row.viewings} == {"2019-05": 2}
    for amount in (*year.viewings.months, *year.viewings.years, year.viewings.total):
        if amount.viewings and amount.query:
            assert len(parse(amount.query, today=TODAY).rows(SHOWS)) == amount.viewings
    first = statistics(SHOWS[:2], today=TODAY).viewings.first
    assert first is not None
    assert first.show.id == "month"  # any month may be before the rest of its year


@given(st.lists(st.none() | moments() | partial_dates(), max_size=5), days())
def test_E2_any_dates_can_be_counted_and_picked(dates: list[AnyDate | None], today: date) -> None:
    dated = [value for value in dates if value is None or not isinstance(value, datetime)]
    shows = [
        Show(
            f"s{at}",
            "S",
            added=dated[at % len(dated)] if dated else None,  # type: ignore[arg-type]
            premiered=dated[-1] if dated else None,  # type: ignore[arg-type]
            status=status,
            viewings=tuple(map(Viewing, dates)),
        )
        for at, status in enumerate((Status.PLANNED, Status.PAUSED))
    ]
    found = statistics(shows, today=today).viewings
    assert found.total.viewings == 2 * len(dates)
    assert sum(row.viewings for row in found.years) == found.dated.viewings
    pick(shows, today=today, seed=1)
    for show in shows:
        assert from_table(to_table(show)) == show


def test_E2_a_pick_waits_for_a_premiere_of_which_only_the_year_is_known() -> None:
    def picked(premiered: AnyDate) -> bool:
        return bool(pick([Show("a", "A", premiered=premiered)], today=TODAY))  # type: ignore[arg-type]

    assert [picked(PartialDate(*when)) for when in ((2025,), (2026,), (2026, 3), (2026, 4), (2027,))] == [
        *(True, True, True, False, False)
    ]


def test_E2_a_viewing_is_put_where_it_belongs_among_the_others() -> None:
    show = Show("a", "A", kind=Kind.FILM, viewings=(Viewing(date(2018, 1, 1)), Viewing(date(2020, 1, 1))))
    for value in (PartialDate(2019), PartialDate(2019, 5), date(2019, 5, 3)):
        assert [row.date for row in watch(show, Viewing(value)).viewings][1] == value


def test_E2_partial_dates_are_said_in_words() -> None:
    assert [long_date(value) for value in (PartialDate(2019), PartialDate(2019, 5), date(2019, 5, 3), None)] == [
        *("2019", "May 2019", "3 May 2019", "")
    ]
