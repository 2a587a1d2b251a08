"""A query while it is typed: every beginning of it shows what is finished, with one hint and never an error."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watchlist.domain.model import Kind, Show, Status, Viewing
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_table import ShowTable
from watchlist.errors import UsageError
from watchlist.query import Query, parse
from watchlist.query.compiler import QueryContext
from watchlist.query.partial_query import Partial, parse_partial

TODAY = date(2026, 11, 22)
SHOWS = ShowTable(
    [
        Show(
            "heat", "Heat", Kind.FILM, 1995, Status.WATCHED, 4.5, tags=("heist",), viewings=(Viewing(date(2025, 1, 2)),)
        ),
        Show(
            "slow", "Slow Horses", Kind.SERIES, 2022, Status.WATCHING, 4.0, platform="Apple TV+", other={"lent": "Zoë"}
        ),
        Show("bosch", "Bosch: Legacy", Kind.SERIES, 2022, Status.PAUSED, added=date(2026, 11, 1), runtime=45),
        Show("dune", "Dune", Kind.FILM, 1984, genres=("Science Fiction",), notes="the [first/ one"),
    ]
)
LANGUAGE = QueryContext(frozenset({"lent"}), STARS, TODAY)


def finds(query: Query) -> bool:
    return bool(query.rows(SHOWS))


def partial(text: str, language: QueryContext = LANGUAGE) -> Partial:
    return parse_partial(text, language, finds)


def ids(query: Query) -> list[str]:
    return [SHOWS[row].id for row in query.rows(SHOWS)]


def parsed(text: str) -> Query:
    return parse(text, own_keys={"lent"}, today=TODAY)


QUERIES = (
    *("status:watching", "-status:watching", "STATUS:watching,paused", "^kind:film", "kind:series rating:4.."),
    *(
        "ratng:4",
        "slow ratng:4 heat",
        "rating:4..",
        "rating:..3",
        "rating:>=4",
        "rating:4..4.5",
        "rating:none",
        "rating:4,4.5",
    ),
    *(
        "year:1990..1999",
        "year:<2000",
        "runtime:..100",
        "left:..3",
        "added:-30d..",
        "added:2026-11..",
        "watched:2025-01-02",
    ),
    *('"slow hor', '"slow horses" heat', 'title:"slow horses"', '-"slow horses" rating:any', '""', '"', 'tag:"'),
    *("title:/[/", "title::[a-d]", "title::(h|b)eat?", "title:=Dune", "title::", "title:=", "cast::^x"),
    *(
        "-",
        "^",
        "- heat",
        "heat -",
        ":",
        "::",
        "heat :",
        "-:",
        "is:",
        "is:unrated",
        "is:available",
        "-is:rated",
        "sort:",
    ),
    *("sort:rating-", "sort:title,year- heat", "-sort:title", "sort:=title", "sort:nothing", "sort:none heat"),
    *(
        "bosch: legacy",
        "http://x.y/z",
        "2001: a space",
        "dune , heat",
        "dune, heat",
        "dune,heat",
        ",",
        "dune , status:wat",
    ),
    *("lent:zoe", 'lent:"zo', "lend:zoe", "lent:none", "foo:bar", "foo::bar baz", "status:wrong heat", "genre:sci,cri"),
    *("status:wat heat", "rating:9..99 heat", "title::( heat", "tag:noirx", "watched:yesterday", "added:tomorrow heat"),
)
PREFIXES = sorted({query[:end] for query in QUERIES for end in range(len(query) + 1)})


@pytest.mark.parametrize("text", PREFIXES, ids=lambda text: text or "nothing")
def test_B7_no_beginning_of_a_query_is_an_error_or_more_than_one_hint(text: str) -> None:
    query, hint = partial(text)
    assert parsed(query.text) == query  # whole terms, and nothing else
    assert "\n" not in hint
    assert len(hint) < 100
    try:
        whole = parsed(text)
    except UsageError:
        assert hint
    else:
        assert query == whole or hint  # what is not asked for is told of
        assert ids(query) == ids(whole) or not ids(whole) or ":" in text.split()[-1]


@pytest.mark.parametrize("text", PREFIXES, ids=lambda text: text or "nothing")
def test_B7_finished_terms_stay_whatever_is_typed_behind_them(text: str) -> None:
    for finished in ("slow", "kind:film", "rating:4.."):
        query, _ = partial(f"{finished} {text}")
        if "," not in text and '"' not in text:
            assert set(ids(query)) <= set(ids(parsed(finished)))


@pytest.mark.parametrize(
    ("text", "found", "hint"),
    [
        ("status:", "heat slow bosch dune", "status: watching, planned, watched, paused, dropped"),
        ("status:w", "heat slow bosch dune", "status: watching, watched"),
        ("-status:w", "heat slow bosch dune", "status: watching, watched"),
        ("status:zzz", "heat slow bosch dune", "status: watching, planned, watched, paused, dropped"),
        ("status:planned,w", "dune", "status: watching, watched"),
        ("status:dropped", "", ""),  # finished: nothing is dropped
        ("slow status:w", "slow", "status: watching, watched"),
        ("stat", "heat slow bosch dune", "status: watching, planned, watched, paused, dropped"),
        ("kind:film stat", "heat dune", "status: watching, planned, watched, paused, dropped"),
        ("ratng", "heat slow bosch dune", 'no field "ratng"; rating?'),
        ("ratng:", "heat slow bosch dune", 'no field "ratng"; rating?'),
        ("ratng:4", "heat slow bosch dune", 'no field "ratng"; rating?'),
        ("ratng:4 heat", "heat", 'no field "ratng"; rating?'),
        ("foo:bar", "heat slow bosch dune", 'no field "foo"'),
        ("ra", "heat slow bosch dune", "rating: 4.5, 4.., ..3, none"),
        ("rating:", "heat slow bosch dune", "rating: 4.5, 4.., ..3, none"),
        ("rating:3", "heat slow bosch dune", "rating: nothing found yet, e.g. 4.5, 4.., ..3, none"),
        ("rating:4", "slow", ""),
        ("rating:4.", "slow", ""),
        ("rating:4..", "heat slow", ""),
        ("year:19", "heat slow bosch dune", "year: nothing found yet, e.g. 2025, 1990..1999"),
        ("year:19 ", "", ""),  # a blank finishes it
        ("watched:2025-", "heat slow bosch dune", "watched: 2026, 2026-05, -30d, 2025.."),
        ('"slow hor', "slow", ""),
        ('"slow hoo', "heat slow bosch dune", 'nothing found; " closes the quote'),
        ('"slow hoo"', "", ""),
        ('"rating:4..', "heat slow bosch dune", 'nothing found; " closes the quote'),
        ("title:/[/", "heat slow bosch dune", "title: nothing found yet, e.g. a part, =the whole, :a pattern, none"),
        ("notes:[first/", "dune", ""),
        ("title::[", "heat slow bosch dune", 'title: "[" is not a finished regular expression'),
        ("title:=Dun", "heat slow bosch dune", "title: nothing found yet, e.g. a part, =the whole, :a pattern, none"),
        ("-", "heat slow bosch dune", "- leaves out what follows, e.g. -tag:noir"),
        ("heat -", "heat", "- leaves out what follows, e.g. -tag:noir"),
        ("-e", "heat slow bosch dune", 'nothing found without "e" yet'),
        (":", "heat slow bosch dune", "put a field before the colon, e.g. title:dune"),
        ("bosch:", "bosch", ""),
        ("is:", "heat slow bosch dune", "is: rated, unrated, started, finished, rewatched, broken, ..."),
        ("is:un", "heat slow bosch dune", "is: unrated"),
        ("is:finishd", "heat slow bosch dune", "is: rated, unrated, started, finished, rewatched, broken, ..."),
        ("sort:", "heat slow bosch dune", "sort: title, rating-, year-, added-"),
        ("sort:prem", "heat slow bosch dune", "sort: premiered"),
        ("sort:nope", "heat slow bosch dune", 'there is no field "nope"'),
        ("lent", "heat slow bosch dune", "lent: a part, =the whole, :a pattern, none"),
        ("xyzzy", "", ""),  # a word that nothing has is an answer
        ("heat xyzzy", "", ""),
        (
            "status:wrong heat",
            "heat",
            'status: unknown value "wrong" (expected: watching, planned, watched, paused, dropped)',
        ),
    ],
)
def test_B7_what_is_shown_and_said_while_a_query_is_typed(text: str, found: str, hint: str) -> None:
    query, told = partial(text)
    assert ids(query) == found.split()
    assert told == hint or (hint and told.startswith(hint) and " " in text.strip())


def test_B7_examples_are_on_the_scale_of_the_config() -> None:
    hints = {
        scale: partial("rating:", QueryContext(frozenset(), DisplayStyle(scale), TODAY)).hint for scale in ("10", "100")
    }
    assert hints == {"10": "rating: 9, 8.., ..6, none", "100": "rating: 90, 80.., ..60, none"}


SIGNS = st.sampled_from(
    (*'-^:=,."/ ()[]<>*|\\', "\u200e", "status", "rating:", "sort:", "is:", "4..", "film", "none", "é", "lent:")
)


@example(":,-")
@example(":,^a")
@example("--")
@given(st.lists(SIGNS | st.text(max_size=3), max_size=8).map("".join))
def test_B7_whatever_is_typed_is_a_query(text: str) -> None:
    query, hint = partial(text)
    assert parsed(query.text) == query
    assert "\n" not in hint
    if not hint:
        assert query == parsed(text)
