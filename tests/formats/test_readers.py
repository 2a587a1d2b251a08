"""Files of somebody else's: a wrong value costs itself, a wrong file a clear word, nothing a traceback or a long wait."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from watchlist.domain.dates import PartialDate
from watchlist.domain.model import Kind, Role, Show, Status
from watchlist.errors import UsageError
from watchlist.formats import FORMATS, Imported
from watchlist.formats.format import decode

READABLE = [name for name, format in FORMATS.items() if format.read]


def read(name: str, data: bytes | str) -> Imported:
    reader = FORMATS[name].read
    assert reader is not None
    return reader(data.encode() if isinstance(data, str) else data)


def said(found: Imported) -> list[str]:
    return [str(problem) for problem in found.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_I02_text_is_decoded(encoding: str) -> None:
    assert decode("Amélie".encode(encoding)) == "Amélie"
    assert read("csv", "title\r\nAmélie\r\n".encode(encoding)).shows == (Show("", "Amélie"),)


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b"\x81\x8d", b"\xff\xfe\x00", b"\xef\xbb\xbf\xff"])
def test_bytes_that_are_no_text(name: str, data: bytes) -> None:
    with pytest.raises(UsageError):
        read(name, data)


@pytest.mark.parametrize("name", READABLE)
@settings(max_examples=examples(60), deadline=None)
@given(data=st.binary(max_size=60) | st.text(st.sampled_from("title,\"[]{}='\n\t:1.#-e;"), max_size=60).map(str.encode))
def test_no_bytes_are_more_than_an_error(name: str, data: bytes) -> None:
    try:
        found = read(name, data)
    except UsageError:
        return
    assert all(show.title.strip() for show in found.shows)


def test_a_wrong_value_is_said_and_the_show_kept() -> None:
    found = read("json", '[{"title": "Heat", "rating": 11, "year": 1995}, {"title": "Dune", "kind": "opera"}]')
    assert found.shows == (Show("", "Heat", year=1995), Show("", "Dune"))
    assert said(found) == [
        "show 1, rating: 11 is not within 5 stars; a rating is over 0 and up to 5",
        "show 2, kind: expected one of series, film",
    ]


def test_what_is_no_show_is_skipped() -> None:
    found = read("json", '{"shows": [1, null, {"year": 1995}, {"title": " "}, {"title": "Heat"}]}')
    assert [show.title for show in found.shows] == ["Heat"]
    assert found.skipped == 4
    assert said(found)[0] == "show 1: this is not a show"
    assert said(found)[2] == "show 3: every show needs a title"


def test_one_show_alone_and_dates_in_json() -> None:
    found = read(
        "json", '{"title": "Heat", "premiered": "1995-12-15", "year": null, "viewings": [{"date": "2026-01-02"}]}'
    )
    assert found.shows[0].premiered == date(1995, 12, 15)
    assert found.shows[0].viewings[0].date == date(2026, 1, 2)
    assert not found.problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('[{"title": "a", "title": "b"}]', 'the key "title" appears twice'),
        ('[{"title": "a", "rating": NaN}]', "NaN is not a number"),
        ('[{"title": "a", "rating": -Infinity}]', "-Infinity is not a number"),
        ('[{"title": "a", "rating": 1e400}]', "too large"),
        ('[{"title": "a", "year": ' + "9" * 5000 + "}]", "too many digits"),
        ('[{"title": "a"}', "line 1"),
        ("", "empty"),
        ('"title"', "no list of shows"),
    ],
)
def test_I05_hostile_json(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read("json", text)


def test_I05_lone_surrogates_are_left_out() -> None:
    found = read("json", '[{"title": "\\ud800"}, {"title": "a", "cast": [{"actor": "\\udfff"}]}, {"title": "b"}]')
    assert [show.title for show in found.shows] == ["b"]
    assert said(found)[0] == "show 1: this holds text that is not valid Unicode"


def test_a_broken_line_costs_itself() -> None:
    found = read("jsonl", '{"title": "Heat"}\n\n{"title": \n{"title": "Dune"}\r\n')
    assert [show.title for show in found.shows] == ["Heat", "Dune"]
    assert found.skipped == 1
    assert said(found)[0].startswith("line 3: this is not JSON")
    with pytest.raises(UsageError, match="line 1"):
        read("jsonl", "[\n{}\n]")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" + ".a" * 50_000 + " = 1", "a key has too many parts"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a = 0x" + "f" * 100_000, "too many digits"),
        ("a = " + "9" * 5000, "too many digits"),
        ("[[shows]]\ntitle = ", "not TOML"),
        ("shows = 1", "no \\[\\[shows]]"),
        ("version = 1", "no \\[\\[shows]]"),
    ],
)
def test_hostile_toml(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read("toml", text)


def test_text_that_looks_hostile_is_only_text() -> None:
    notes = "a" + ".a" * 100 + " 0x" + "f" * 100
    found = read("toml", f'[[shows]]\ntitle = "x" # {notes}\nnotes = """\n{notes}"""\nsynopsis = \'{notes}\'\n')
    assert found.shows == (Show("", "x", notes=notes, synopsis=notes),)


def test_a_table_in_any_order_and_case() -> None:
    text = 'YEAR, Title ,kind,status,rating,tags,cast,ids\n1995,Heat,Film,Watched,9/10,"a, b",Al Pacino: Hanna,imdb=tt1\n\n'
    found = read("csv", text)
    assert not found.problems
    (show,) = found.shows
    assert (show.year, show.kind, show.status, show.rating) == (1995, Kind.FILM, Status.WATCHED, 4.5)
    assert (show.tags, show.cast, show.ids) == (("a", "b"), (Role("Al Pacino", "Hanna"),), {"imdb": "tt1"})


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_what_stands_between_cells_is_seen_from_the_first_line(sign: str) -> None:
    assert read("csv", f"title{sign}year\nHeat{sign}1995\n").shows == (Show("", "Heat", year=1995),)


def test_I02_rows_and_columns_that_do_not_fit() -> None:
    text = 'title,year,yaer,year,progress\n"two\nlines",199x\nHeat,1995,,,,more\n,1999\nDune\n'
    found = read("csv", text)
    assert [(show.title, show.year) for show in found.shows] == [("two\nlines", None), ("Heat", 1995), ("Dune", None)]
    assert found.skipped == 1
    assert said(found) == [
        'yaer: no field has this name; did you mean "year"?, so it is left out',
        "year: this column is repeated, so it is left out",
        "progress: this column is left out: it is derived from other columns",
        'line 2, year: "199x" is not a year from 1870 to 2200',
        "line 4: this row has more cells than the first line; the extra ones are left out",
        "line 5: every show needs a title",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("year\n1995\n", "no column named title"),
        ('title\n"Heat\n', "line 2"),
        ('title\n"Heat"x\n', "line 2"),
        ("\n\n", "title"),
    ],
)
def test_I02_tables_that_are_none(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read("csv", text)


def test_a_header_alone_is_an_empty_list() -> None:
    assert read("csv", "title,year\n") == Imported(())


def test_signs_before_cells_are_taken_off_where_we_put_them() -> None:
    found = read("csv", "title\n'=x\n''=x\n'x\n'\n")
    assert [show.title for show in found.shows] == ["=x", "'=x", "'x", "'"]


def test_a_date_that_nobody_would_type_comes_back_as_the_file_had_it() -> None:
    found = read("csv", "title,premiered,added\nFar,1500-01-01,2199-05\n")
    assert found.shows == (Show("", "Far", premiered=date(1500, 1, 1), added=PartialDate(2199, 5)),)
    yesterday = date.today() - timedelta(1)
    assert read("csv", "title,premiered\nNear,-1d\n").shows[0].premiered in (yesterday, yesterday + timedelta(1))


@pytest.mark.parametrize("name", ["csv", "json", "toml"])
def test_a_huge_cell_is_read(name: str) -> None:
    title, notes = "x", "n" * 1_000_000
    text = {
        "csv": f"title,notes\n{title},{notes}\n",
        "json": json.dumps([{"title": title, "notes": notes}]),
        "toml": f'[[shows]]\ntitle = "{title}"\nnotes = "{notes}"\n',
    }[name]
    started = time.process_time()
    assert read(name, text).shows == (Show("", title, notes=notes),)
    assert time.process_time() - started < 5
