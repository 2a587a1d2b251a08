"""Folding, slugs, lists, episode ranges, dates."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import wild_texts
from watchlist.domain.dates import parse_moment
from watchlist.domain.sort_keys import sort_key, title_sort_key
from watchlist.domain.text import (
    MAX_EPISODES,
    counted,
    fold,
    format_ranges,
    join_list,
    long_date,
    minutes,
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


INVISIBLE = {
    "left-to-right mark": "\u200e",
    "right-to-left mark": "\u200f",
    "Arabic letter mark": "\u061c",
    "zero-width space": "\u200b",
    "joiner": "\u200d",
    "non-joiner": "\u200c",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\xad",
    "grapheme joiner": "\u034f",
    "filler": "\u3164",
    "emoji style": "\ufe0f",
    "text style": "\ufe0e",
    "ideographic variation": "\U000e0100",
    "Mongolian": "\u180b",
    "override": "\u202e",
    "isolate": "\u2066",
    "tag": "\U000e0041",
    "invisible times": "\u2062",
}


@pytest.mark.parametrize("mark", INVISIBLE.values(), ids=INVISIBLE)
def test_C6_invisible_marks_are_folded_away(mark: str) -> None:
    for text in ("heat", "amélie", "三体"):
        for at in range(len(text) + 1):
            assert fold(text[:at] + mark + text[at:]) == fold(text)
            assert slug(text[:at] + mark + text[at:]) == slug(text)


@pytest.mark.parametrize(
    "ordered",
    [
        ("2 Fast", "24", "300", "2001: A Space Odyssey", "2012"),
        ("S1", "S2", "S10"),
        ("Se7en", "Se12en"),
        ("3 Idiots", "10 Things", "Airplane!"),
        ("Part 9 b", "Part 10 a"),
        ("007", "8", "0009", "10"),
        ("a 9999999999", "a 99999999999", "a 100000000000000000000", "a " + "1" * 5000, "a " + "2" * 5000),
        ("Folge ２", "Folge 10", "Folge １１"),  # full-width digits
        ("Film ٢", "Film 3", "Film ١٠"),  # Arabic-Indic digits
        ("v1.9", "v1.10"),
        ("Écran 2", "ecran 11"),
        ("\u200eZ2", "Z\u200b10"),
        ("!", "1", "a"),
    ],
    ids=lambda ordered: ordered[0].strip("\u200e"),
)
def test_C6_numbers_in_text_are_sorted_by_their_value(ordered: tuple[str, ...]) -> None:
    keys = list(map(sort_key, ordered))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.text("ab .-", max_size=3), st.integers(0, 3))
def test_C6_any_two_numbers_are_sorted_as_numbers(one: int, other: int, before: str, zeros: int) -> None:
    keys = [sort_key(f"{before}{'0' * zeros}{number} x") for number in (one, other)]
    assert (keys[0] < keys[1]) == (one < other)
    assert (keys[0] == keys[1]) == (one == other)


@given(wild_texts())
def test_C6_any_text_has_a_key(text: str) -> None:
    assert sort_key(text) == sort_key(fold(text))
    assert isinstance(title_sort_key(text, ("the", "l'")), str)


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("The Bear", "bear"),
        ("THE\u200b Bear", "bear"),
        ("A Bronx Tale", "bronx tale"),
        ("  An Education", "education"),
        ("L’Avventura", "avventura"),
        ("The 400 Blows", "400 blows"),
        ("The\tThing", "thing"),
        ("The", "the"),
        ("The ", "the "),
        ("Them", "them"),
        ("A.I.", "a.i."),
        ("Anora", "anora"),
        ("The The", "the"),
        ("the a team", "a team"),  # one article, not all of them
        ("Das Boot", "das boot"),
    ],
)
def test_C6_a_leading_article_is_skipped_once_where_something_follows(title: str, same: str) -> None:
    assert title_sort_key(title, ("the", "a", "an", "l'")) == sort_key(same)
    assert title_sort_key(title) == sort_key(title.lstrip())


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
    assert [counted(n, "show") for n in (0, 1, 12, 1200)] == ["0 shows", "1 show", "12 shows", "1,200 shows"]
