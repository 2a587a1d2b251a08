"""Each type of field, there and back: to the file, and to a person."""

from __future__ import annotations

import json
import tomllib
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import days, moments, own_tables, own_values, ratings, seasons, shows, viewings, wild_texts, words
from watchlist.domain.dates import PartialDate
from watchlist.domain.field_types import (
    ChoiceType,
    Date,
    EpisodeRatings,
    FieldType,
    Ids,
    Integer,
    Ranges,
    Rating,
    StringList,
    TextType,
    Url,
)
from watchlist.domain.fields import CAST, CREW, FIELDS, SEASONS, STORED, VIEWINGS
from watchlist.domain.frozen import replace, same
from watchlist.domain.json_values import from_json, to_json
from watchlist.domain.model import Credit, Kind, Role, Season, Show, Status, Viewing
from watchlist.domain.named_dates import NamedDates
from watchlist.domain.ratings import SCALES, DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.domain.show_toml import changed_table, from_table
from watchlist.domain.toml_values import check_limits, render_value

LINES = words(wild_texts())
YEAR = Integer(1870, 2200, "a year")


def _without_own_dates(row: Any) -> Any:
    """Rows are typed as JSON, which has no dates: under the user's own keys they stay text."""
    return row._replace(other={key: value for key, value in row.other.items() if to_json(value) == value})


def _rows(row: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(row.map(_without_own_dates), max_size=3).map(tuple)


# A type, and values that a form of it can hold.
TYPED: list[tuple[FieldType[Any], st.SearchStrategy[Any]]] = [
    (TextType(), LINES | st.just("")),
    (TextType(long=True), wild_texts()),
    (TextType(required=True), LINES),
    (Url(), st.sampled_from(["", "https://example.org/?a=b#c", "http://x"])),
    (YEAR, st.none() | st.integers(1870, 2200)),
    (Rating(), st.none() | ratings()),
    (Date(), st.none() | days()),
    (Date(time=True), st.none() | moments()),
    (ChoiceType(Kind), st.none() | st.sampled_from(Kind)),
    (ChoiceType(Status, Status.PLANNED), st.sampled_from(Status)),
    (StringList(), st.lists(wild_texts().filter(bool), unique=True).map(tuple)),
    (Ranges(), st.sets(st.integers(1, 50)).map(lambda numbers: tuple(sorted(numbers)))),
    (
        Ids(),
        st.dictionaries(
            st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
            st.integers(0, 10**9) | LINES.filter(lambda line: not line.isdigit()),
        ),
    ),
    (
        NamedDates(),
        st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.dates(date(1900, 1, 1), date(2026, 1, 1))),
    ),
    (CAST, _rows(st.builds(Role, actor=LINES, role=wild_texts(), other=own_tables()))),
    (CREW, _rows(st.builds(Credit, name=LINES, job=wild_texts(), other=own_tables()))),
    (
        SEASONS,
        st.lists(seasons().map(_without_own_dates), max_size=3, unique_by=lambda season: season.number).map(tuple),
    ),
    (VIEWINGS, _rows(viewings())),
]
VALUES = st.sampled_from(TYPED).flatmap(lambda typed: st.tuples(st.just(typed[0]), typed[1]))
STYLES = st.sampled_from([DisplayStyle(scale) for scale in SCALES])


@given(VALUES, STYLES)
def test_what_is_shown_parses_to_the_value(typed: tuple[FieldType[Any], Any], style: DisplayStyle) -> None:
    type, value = typed
    assert type.parse(type.format(value, style), style) == value


@given(VALUES)
def test_what_is_written_reads_as_the_value(typed: tuple[FieldType[Any], Any]) -> None:
    type, value = typed
    if value is not None and not (isinstance(type, TextType) and type.required and not value.strip()):
        assert type.read(type.write(value)) == value


@given(VALUES)
def test_nothing_is_the_empty_value_and_is_shown_as_nothing(typed: tuple[FieldType[Any], Any]) -> None:
    type, value = typed
    if not (isinstance(type, TextType) and type.required):
        assert type.parse("") == type.empty
    if value == type.empty and not isinstance(type, ChoiceType):
        assert type.format(value) == ""


@given(VALUES, VALUES)
def test_values_of_a_type_can_be_ordered_and_searched(
    one: tuple[FieldType[Any], Any], other: tuple[FieldType[Any], Any]
) -> None:
    type, value = one
    assert all(isinstance(text, str) for text in type.texts(value))
    if type is other[0] and type.empty not in (value, other[1]):
        assert (type.key(value) < type.key(other[1])) is not (type.key(value) >= type.key(other[1]))


@given(st.sampled_from([type for type, _ in TYPED]), wild_texts())
def test_any_text_is_a_value_or_a_value_error(type: FieldType[Any], text: str) -> None:
    try:
        value = type.parse(text)
    except ValueError:
        return
    if value is not None:
        assert type.read(type.write(value)) == value


RAW: st.SearchStrategy[Any] = (
    own_values() | st.none() | st.floats() | st.integers() | st.datetimes() | st.just([{"actor": 1}]) | st.just([{}])
)


@given(st.sampled_from([*(type for type, _ in TYPED), EpisodeRatings()]), RAW)
def test_any_toml_value_is_a_value_or_a_value_error(type: FieldType[Any], raw: object) -> None:
    try:
        value = type.read(raw)
    except ValueError:
        return
    assert type.read(type.write(value)) == value


OFFSET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("type", "raw", "said"),
    [
        (TextType(), 3, "text in quotes"),
        (TextType(required=True), " ", "can't be empty"),
        (Url(), "javascript:alert(1)", "starts with https://"),
        (Url(), "https://a b", "no spaces"),
        (Url(), "https://a\x1b", "no spaces"),
        (YEAR, "2025", "whole number"),
        (YEAR, True, "whole number"),
        (YEAR, 2025.0, "whole number"),
        (YEAR, 1400, "1400 is not a year from 1870 to 2200"),
        (Rating(), 11, "up to 5"),
        (Date(), "2025-01-01", "without quotes"),
        (Date(), datetime(2025, 1, 1), "without a time"),
        (Date(time=True), datetime(2025, 1, 1, tzinfo=OFFSET), "without a UTC offset"),
        (Date(), time(1, 2), "a date"),
        (ChoiceType(Kind), "movie", "one of series, film"),
        (StringList(), "a", "list of texts"),
        (StringList(), ["a", 1], "list of texts"),
        (Ranges(), [1, 2], "episode numbers in quotes"),
        (Ranges(), "3-1", "range of episodes"),
        (EpisodeRatings(), {"x": 1.0}, '"x" is not an episode number'),
        (EpisodeRatings(), {"1": 6}, "up to 5"),
        (EpisodeRatings(), 4.0, "a table"),
        (Ids(), {"imdb": 1.5}, "neither a text nor a whole number"),
        (NamedDates(), "2026-11-29", "a table of dates"),
        (NamedDates(), {"tvmaze": 5}, "tvmaze: expected a date"),
        (NamedDates(), {"tvmaze": datetime(2026, 1, 1, 10)}, "tvmaze: expected a date without a time"),
        (CAST, [{"role": "x"}], '[0] has no "actor"'),
        (CAST, [{"actor": "a"}, {"actor": 1}], "[1].actor: expected text"),
        (CAST, {"actor": "a"}, "list of tables"),
        (SEASONS, [{"number": -1}], "[0].number: -1 is not a season number"),
    ],
)
def test_what_does_not_belong_in_the_file_is_said(type: FieldType[Any], raw: object, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - looked at below
        type.read(raw)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("type", "text", "said"),
    [
        (YEAR, "199x", '"199x" is not a year'),
        (YEAR, "1" * 5000, "is not a year"),
        (YEAR, "-5", "is not a year"),
        (Date(), "soon", "not a date"),
        (Date(), "2026-01-01 10:00", "without a time"),
        (ChoiceType(Status), "watchd", 'did you mean "watched"?'),
        (ChoiceType(Status), "xyz", "(expected: watching, planned"),
        (Ids(), "tt1", "a service and an id"),
        (Ids(), "imdb=", "a service and an id"),
        (NamedDates(), "tvmaze", "a source and a day"),
        (NamedDates(), "=2026", "a source and a day"),
        (NamedDates(), "tvmaze=unknown", "names no day"),
        (NamedDates(), "tvmaze=+3d", "in the future"),
        (SEASONS, "1- 2", "is not a number of episodes"),
        (SEASONS, "[", "not JSON"),
        (SEASONS, "[{}]", 'has no "number"'),
        (SEASONS, "[" * 100_000, "not JSON"),
        (SEASONS, '[{"number": 1}, {"number": 1}]', "[1].number: 1 is there already"),
        (VIEWINGS, '[{"date": "soon"}]', "[0].date: expected a date"),
        (CAST, "A: B; : Lost role; C", '": Lost role" has no actor'),
        (CREW, "A\n:", '":" has no name'),
        (Date(), "-99999y", '"-99999y" is not a date from 1870 to 2200'),
        (Date(), "+99999y", '"+99999y" is not a date from 1870 to 2200'),
        (Date(), "1500-01-01", '"1500-01-01" is not a date from 1870 to 2200'),
        (Date(), "9999-12-31", '"9999-12-31" is not a date from 1870 to 2200'),
        (Date(time=True), "0001", '"0001" is not a date from 1870 to 2200'),
        (Date(past=True), "+3d", '"+3d" is in the future'),
        (Date(), "2026-02-30", '"2026-02-30" is not in the calendar'),
        (Date(), "0000-01-01", '"0000-01-01" is not in the calendar'),
        (Date(time=True), "2019-02-30 10:00", '"2019-02-30 10:00" is not in the calendar'),
        (Date(time=True), "2019-05-03 25:00", '"2019-05-03 25:00" has no time of day from 00:00 to 23:59'),
    ],
)
def test_what_can_not_be_meant_is_said(type: FieldType[Any], text: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - looked at below
        type.parse(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("title", "  The   Wire ", "The Wire"),
        ("notes", "two\nlines ", "two\nlines "),
        ("status", " Watched ", Status.WATCHED),
        ("status", "", Status.PLANNED),
        ("added", "Today", date.today()),
        ("tags", 'a, "b, c", a', ("a", "b, c")),
        ("ids", "IMDB=tt1, tmdb=949, tvdb=007", {"imdb": "tt1", "tmdb": 949, "tvdb": "007"}),
        (
            "sources",
            "TVmaze = 2026-11-29, wikidata=2026-11",
            {"tvmaze": date(2026, 11, 29), "wikidata": PartialDate(2026, 11)},
        ),
        ("cast", "Maggie Q: Renée Ballard; Al", (Role("Maggie Q", "Renée Ballard"), Role("Al"))),
        ("cast", "a: b: c\n\n d", (Role("a", "b: c"), Role("d"))),
        ("cast", '[{"actor": "A: B", "role": "c"}]', (Role("A: B", "c"),)),
        ("crew", "Cliff Martinez: Music", (Credit("Cliff Martinez", "Music"),)),
        (
            "seasons",
            '[{"number": 1, "watched": "1-2", "ratings": {"1": 4.5}}]',
            (Season(1, watched=(1, 2), ratings={1: 4.5}),),
        ),
        ("viewings", '[{"date": "2026-01-02", "with": ["Al"]}]', (Viewing(date(2026, 1, 2), people=("Al",)),)),
        ("viewings", '[{"date": "2026-01-02T21:30", "rating": null}]', (Viewing(datetime(2026, 1, 2, 21, 30)),)),
    ],
)
def test_what_people_type(name: str, text: str, value: object) -> None:
    assert FIELDS[name].type.parse(text) == value


def test_choices_and_dates_are_ordered_by_what_they_mean() -> None:
    status = FIELDS["status"].type
    assert sorted(Status, key=status.key) == list(Status)
    seen = [datetime(2025, 1, 2, 10), date(2025, 1, 2), date(2024, 12, 31)]
    assert sorted(seen, key=Date(time=True).key) == [seen[2], seen[1], seen[0]]


@given(shows())
def test_json_and_back(show: Show) -> None:
    for field in STORED:
        value = getattr(show, field.name)
        text = json.dumps(to_json({field.name: field.type.write(value)}), allow_nan=False)
        # Rows may have keys of the user's own, whose dates stay text.
        if value != field.type.empty and not isinstance(field.type, Records):
            assert field.type.read(from_json(json.loads(text))[field.name]) == value


def test_json_tables_of_dates_are_dates() -> None:
    table = {"sources": {"tvmaze": "2026-11-29", "mine": "2026-11", "none": None}}
    sources = FIELDS["sources"].type.read(from_json(table)["sources"])
    assert sources == {"tvmaze": date(2026, 11, 29), "mine": PartialDate(2026, 11)}


def test_numbers_that_json_has_not_are_text() -> None:
    assert to_json([float("nan"), float("inf"), time(1, 2), {1: (2,)}]) == ["nan", "inf", "01:02:00", {"1": [2]}]


@pytest.mark.parametrize("raw", [{"01": 3, "1": 4, "13": 5}, {"1": 4, "01": 4}, {"00": 1, "0": 1}])
def test_an_episode_that_is_rated_twice_is_a_problem(raw: dict[str, object]) -> None:
    show = from_table({"id": "a", "title": "A", "seasons": [{"number": 1, "ratings": raw}]})
    (problem,) = show.problems
    assert problem.key == "seasons[0].ratings"
    assert "is rated twice" in problem.message
    changed = replace(show, rating=3.0)
    assert changed_table({"id": "a", "title": "A", "seasons": [{"number": 1, "ratings": raw}]}, show, changed)[
        "seasons"
    ] == [{"number": 1, "ratings": raw}]


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("0", 0),
        ("949", 949),
        (" 949 ", 949),
        ("9" * 18, 10**18 - 1),
        *((text, text) for text in ("007", "00", "-5", "+5", "1_000", "1e3", "0x10", "²", "٣", "１", "1\u0660", "④")),
        *(("1" * count, "1" * count) for count in (19, 41, 5000)),
    ],
)
def test_E3_an_id_is_a_number_only_if_it_is_read_again_as_one(typed: str, id: str | int) -> None:
    ids = Ids().parse(f"x={typed}")
    assert same(ids, {"x": id})
    assert Ids().parse(Ids().format(ids)) == ids
    table = tomllib.loads(f"ids = {render_value(ids)}")
    check_limits(f"ids = {render_value(ids)}" + "\n" * 5000)
    assert Ids().read(table["ids"]) == ids


@pytest.mark.parametrize("number", ["1" * 41, "1" * 5000, str(2**63), str(-(2**63) - 1), "1e999", "NaN", "-Infinity"])
@pytest.mark.parametrize("type", [CAST, CREW, SEASONS, VIEWINGS])
def test_E3_rows_that_are_typed_hold_no_number_that_is_not_read_again(type: Records, number: str) -> None:
    row = {"actor": "A", "name": "A", "number": 1, "mine": 0}
    typed = json.dumps([row]).replace('"mine": 0', f'"mine": [{number}]')
    with pytest.raises(ValueError, match="number"):
        type.parse(typed)


@pytest.mark.parametrize("text", ["1" * 41, "0x" + "f" * 41, "[" + "1" * 41 + "]", "{ a = " + "1" * 41 + " }"])
def test_E3_a_number_of_too_many_digits_is_refused_in_a_short_text_as_in_a_long_one(text: str) -> None:
    for more in ("", "\n" * 5000):
        with pytest.raises(ValueError, match="too many digits"):
            check_limits(f"x = {text}{more}")
        check_limits(f'x = "{text}"{more}')
