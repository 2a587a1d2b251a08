"""Folding, slugs, lists, episode ranges, dates."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import wild_texts
from watchlist.text import (
    MAX_EPISODES,
    counted,
    fold,
    format_ranges,
    join_list,
    long_date,
    minutes,
    parse_moment,
    parse_ranges,
    slug,
    split_list,
    unused,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Renée", "renee"),
        ("RENE\u0301E", "renee"),
        ("Łódź Søren ÆØÅ", "lodz soren aeoa"),
        ("Straße STRASSE", "strasse strasse"),
        ("Ocean’s “Eleven” – 11", 'ocean\'s "eleven" - 11'),
        ("İstanbul ıstanbul", "istanbul istanbul"),
        ("ΣΑΣ σας", "σασ σασ"),
        ("ﬁlm ２００１", "film 2001"),
        ("三体", "三体"),
        ("\u1d2d", "ae"),  # a small raised Æ
        ("", ""),
    ],
)
def test_case_accents_and_typographic_quotes_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(wild_texts())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(wild_texts())
def test_folding_ignores_case_and_spelling_of_accents(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text) == fold(unicodedata.normalize("NFC", text))
    assert fold(text.casefold()) == fold(text)


@given(wild_texts(), wild_texts())
def test_a_part_is_found_in_the_whole(part: str, rest: str) -> None:
    assert fold(part) in fold(rest + part + rest)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Bosch: Legacy", "bosch-legacy"),
        ("Ocean’s Eleven", "oceans-eleven"),
        ("M*A*S*H", "m-a-s-h"),
        ("三体", "三体"),
        ("Łódź_1", "lodz-1"),
        ("…", "show"),
        ("", "show"),
    ],
)
def test_slugs(text: str, id: str) -> None:
    assert slug(text) == id


@given(wild_texts(max_size=200))
def test_a_slug_is_never_empty_and_is_its_own_slug(text: str) -> None:
    id = slug(text)
    assert 0 < len(id) <= 80
    assert slug(id) == id
    assert id == fold(id)


@given(st.sampled_from("abc"), st.sets(st.from_regex(r"[abc](-[1-5])?", fullmatch=True)))
def test_an_unused_name_is_unused(wanted: str, taken: set[str]) -> None:
    name = unused(wanted, taken)
    assert name not in taken
    assert name == wanted or wanted in taken
    assert name == unused(wanted, iter(taken))


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("a, b", ("a", "b")),
        ('a, "b, c"', ("a", "b, c")),
        ('"say ""hi""", b', ('say "hi"', "b")),
        ("a,,b,", ("a", "b")),
        ("a\nb", ("a", "b")),
        ('5" floppy, x', ('5" floppy', "x")),
        ('"open, x', ('"open', "x")),
        ('"a" b, c', ('"a" b', "c")),
        ("  ", ()),
        ("", ()),
    ],
)
def test_lists_are_split_at_commas_and_lines_outside_quotes(text: str, items: tuple[str, ...]) -> None:
    assert split_list(text) == items


@given(st.lists(wild_texts().filter(bool)), st.sampled_from([",\n", ";\n"]))
def test_a_list_comes_back_as_it_was(items: list[str], separators: str) -> None:
    assert split_list(join_list(items, separators), separators) == tuple(items)


@given(wild_texts())
def test_any_text_is_a_list(text: str) -> None:
    assert all(split_list(text))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("1-3, 5", (1, 2, 3, 5)), ("5,1–2,2", (1, 2, 5)), (" 7 ", (7,)), ("", ()), (",", ()), ("3 - 4", (3, 4))],
)
def test_episode_ranges_are_read(text: str, numbers: tuple[int, ...]) -> None:
    assert parse_ranges(text) == numbers


@pytest.mark.parametrize("text", ["x", "0", "3-1", "-3", "1-", "1.5", f"1-{MAX_EPISODES + 1}", "9999999", "١", "1-2-3"])
def test_what_is_no_episode_range_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse_ranges(text)


@given(st.sets(st.integers(1, 100)))
def test_episode_ranges_come_back_as_they_were(numbers: set[int]) -> None:
    text = format_ranges(sorted(numbers))
    assert parse_ranges(text) == tuple(sorted(numbers))
    assert format_ranges(parse_ranges(text)) == text


def test_moments_are_dates_or_local_times() -> None:
    assert parse_moment(" 2026-11-20 ") == date(2026, 11, 20)
    assert parse_moment("2026-11-20 21:30") == parse_moment("2026-11-20T21:30:00") == datetime(2026, 11, 20, 21, 30)


@pytest.mark.parametrize("text", ["", "2026", "2026-02-30", "20261120", "2026-11-20T21:30Z", "2026-W01-1", "tomorrow"])
def test_what_is_no_moment_is_said(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar has its own sentences
        parse_moment(text)


@given(st.dates() | st.datetimes())
def test_moments_come_back_as_they_were(moment: date) -> None:
    assert parse_moment(moment.isoformat()) == moment


def test_small_words() -> None:
    assert long_date(date(2025, 7, 9)) == "9 July 2025"
    assert long_date(None) == ""
    assert [minutes(n) for n in (0, 46, 60, 100, 180)] == ["0 min", "46 min", "1 h", "1 h 40 min", "3 h"]
    assert [counted(n, "show") for n in (0, 1, 12)] == ["0 shows", "1 show", "12 shows"]
