"""Own keys whose names are no words, and ranges with a typing error: found, or named with what to write."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from watchlist.domain.model import Show
from watchlist.errors import UsageError
from watchlist.query import Query, parse, parse_sort, parse_words

KEYS = ("lent to", "prio", "text", 'say "hi"', "a:b", "7.50")
SHOW = Show(
    "a",
    "A",
    rating=4.5,
    year=1995,
    added=date(2026, 1, 5),
    other={"lent to": "bob", "prio": 5, "text": "x 4..", 'say "hi"': True, "a:b": 1, "7.50": "x"},
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"lent to":bob', True),
        ('"lent to":BO', True),
        ('"lent to":ann', False),
        ('-"lent to":bob', False),
        ('^"lent to":bob', False),
        ('"lent to":=bob', True),
        ('"lent to":=bo', False),
        ('"lent to"::^b.b$', True),
        ('"lent to":any', True),
        ('"lent to":none', False),
        ('"lent to":ann,bob rating:4..', True),
        ('"say ""hi""":true', True),
        ('"a:b":1..2', True),
        ("7.50:x", True),
        ('"7.50":x', True),
        ('"prio":4..', True),
        ('"rating":4..', True),
        ('sort:"lent to" a', True),
        ('sort:"lent to"-', True),
        ('"lent to" :bob', False),  # words
    ],
)
def test_C5_a_key_that_is_no_word_stands_in_quotes(query: str, found: bool) -> None:
    parsed = parse(query, own_keys=KEYS)
    assert parsed.matches(SHOW) is found
    assert parse(parsed.text, own_keys=KEYS) == parsed


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["lent to:bob"], '"lent to":bob'),
        (["-lent to:bob"], '-"lent to":bob'),
        (["lent to:=bob"], '"lent to":=bob'),
        (["lent to:bob marley,ann"], '"lent to":"bob marley",ann'),
        (["lent to:bob rating:4.."], '"lent to":bob rating:4..'),
        (["lent to:bob", "dune"], '"lent to":bob dune'),
        (['"lent to":bob'], '"lent to":bob'),
        (["lent too:bob"], '"lent too:bob"'),  # a phrase: no show has such a key
    ],
)
def test_C5_in_a_shell_the_word_may_hold_the_key(words: list[str], text: str) -> None:
    assert parse_words(words, own_keys=KEYS).text == text


def test_C5_an_unknown_key_in_quotes_is_named() -> None:
    with pytest.raises(UsageError) as refused:
        parse('"lent too":bob', own_keys=KEYS)
    assert refused.value.message == 'there is no field "lent too"'
    assert "lent to" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lent to", [("lent to", False)]),
        ("lent to-, title", [("lent to", True), ("title", False)]),
        ('title "lent to"-', [("title", False), ("lent to", True)]),
        ("rating- title", [("rating", True), ("title", False)]),
    ],
)
def test_C5_an_order_by_a_key_with_a_space(text: str, names: list[tuple[str, bool]]) -> None:
    assert [(by.name, down) for by, down in parse_sort(text, own_keys=KEYS)] == names


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("rating:4...5", "has one dot too many; write 4..5"),
        ("rating:4....5", "has too many dots; write 4..5"),
        ("rating:4...", "has one dot too many; write 4.."),
        ("rating:...4", "has one dot too many; write ..4"),
        ("rating:...", "has too many dots; write 4.., ..5 or 4..5"),
        ("rating:4.5.", "has one dot too many; write 4.5"),
        ("rating:0...5", "has one dot too many; write 0..5"),
        ("rating:4…5", "needs two dots; write 4..5"),
        ("rating:4..5..5", "is more than one range; write 4..5"),
        ("rating:..4..", "is more than one range; write one"),
        ("rating:4..3", "runs backwards; write 3..4"),
        ("rating:..", "no beginning and no end; write 4.., ..5 or 4..5"),
        ("rating:>=4..", 'has both ">=" and ".."; write >=4'),
        ("rating:<=4..5", 'has both "<=" and ".."; write 4..5'),
        ("rating:>=", 'nothing after ">="; write >=4'),
        ("rating:>", 'nothing after ">"; write >=4'),
        ("rating:=>4", "write >=4"),
        ("rating:=<4", "write <=4"),
        ("rating:≥4", "write >=4"),
        ("rating:>3<5", "is two ranges; write 3..5"),
        ("rating:!=4", "put - before the field"),
        ("rating:4–5", "is not a range; write 4..5"),
        ("rating:4-5", "is not a range; write 4..5"),
        ("rating:5-4", "would run backwards; write 4..5"),
        ("rating:4+", "is not a range; write 4.."),
        ('rating:"4 to 5"', "is not a range; write 4..5"),
        ("year:1990-1999", "write 1990..1999"),
        ("year:1990..1980", "write 1980..1990"),
        ("year:1990...1999", "write 1990..1999"),
        ("runtime:..90..", "more than one range"),
        ("added:2026-W05", "is a week; write 2026-01-26..2026-02-01"),
        ("added:2026-W60", "not in the calendar"),
        ("added:2026/01/05", "write 2026-01-05"),
        ("added:05.01.2026", "write 2026-01-05"),
        ("added:2026-01-05T10:00", "write 2026-01-05"),
        ("added:2025-01-2025-03", "write 2025-01..2025-03"),
        ("added:2026-02..2026-01", "write 2026-01..2026-02"),
        ("added:-30d...", "write -30d.."),
        ("watched:2024...2025", "write 2024..2025"),
        ("prio:4...5", "has one dot too many; write 4..5"),
        ("prio:5..4", "runs backwards; write 4..5"),
        ("prio:4..5..6", "write 4..6"),
    ],
)
def test_C5_a_range_with_a_typing_error_is_named_with_what_to_write(query: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(query, own_keys=KEYS)
    assert said in refused.value.message


def test_C5_what_may_be_a_text_of_an_own_key_is_looked_for() -> None:
    for query in ("text:4..", 'text:"x 4.."', "text:x", "-text:..9", "text:4-5", "-text:>"):
        assert parse(query, own_keys=KEYS).matches(SHOW) is (query != "text:4-5"), query


ends = st.sampled_from(["", "4", "5", "4.5", "1995", "2026-02", "2026-02-30", "2026-W60", "-30d", "05.01.2026"])
between = st.sampled_from(["..", "...", "..", "…", "–", "-", " to ", ">", ">=", "=>", "<", "=<", "≥", "!=", "+", "."])


@given(
    st.sampled_from(["rating", "year", "added", "prio"]),
    st.text("0123456789.-<>=+W/ …–", max_size=9) | st.tuples(ends, between, ends).map("".join),
)
@settings(max_examples=examples(1000))
def test_C5_any_range_is_read_or_refused_and_what_is_advised_can_be_read(field: str, text: str) -> None:
    def read(text: str) -> Query:
        return parse(f'{field}:"{text}"' if field != "prio" else f"prio:{text.replace(' ', '')}", own_keys=KEYS)

    try:
        read(text)
    except UsageError as error:
        _, advised, instead = error.message.partition("; write ")
        if advised and ", " not in instead and " or " not in instead:
            read(instead)
