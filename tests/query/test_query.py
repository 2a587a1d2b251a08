"""The query language: every row of its table, what is refused, and its laws."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.strategies import show_lists, shows, texts
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Credit, Kind, Problem, Role, Season, Show, Status, Viewing
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.show_table import ShowTable
from watchlist.errors import NotFound, UsageError
from watchlist.help_texts import QUERY
from watchlist.query import Query, order, own_keys, parse, parse_sort, parse_words, select
from watchlist.query.column_types import DictEncodedColumn
from watchlist.query.find_show import find
from watchlist.query.query import ordered as in_order

TODAY = date(2026, 3, 31)

BALLARD = Show(
    id="ballard",
    title="Ballard",
    kind=Kind.SERIES,
    year=2025,
    rating=4.5,
    platform="Prime Video",
    premiered=date(2025, 7, 9),
    added=date(2026, 3, 20),
    runtime=46,
    language="English",
    creators=("Michael Alaimo", "Kendall Sherwood"),
    genres=("Crime", "Drama"),
    tags=("cold-case",),
    synopsis="A detective runs\nthe LAPD’s new cold case unit.",
    ids={"imdb": "tt33043892", "tmdb": 949},
    cast=(Role("Maggie Q", "Renée Ballard"), Role("John Carroll Lynch", "Thomas Laffont")),
    crew=(Credit("Cliff Martinez", "Music"),),
    seasons=(Season(1, 10, watched=(1, 2, 3)), Season(2, 10)),
    other={"shelf": 3, "lent_to": ["Zoë", "Al"], "bought": date(2024, 5, 1), "box": {"signed": True}},
)
DUNE = Show(
    id="dune",
    title="Dune",
    kind=Kind.FILM,
    year=1984,
    status=Status.WATCHED,
    rating=3.0,
    added=date(2025, 12, 24),
    runtime=137,
    creators=("David Lynch",),
    genres=("Science Fiction",),
    viewings=(Viewing(date(2024, 2, 29)), Viewing(datetime(2025, 6, 1, 21, 30), episodes="")),
    other={"shelf": "by the door"},
)
DUNE_2 = Show(
    id="dune-2",
    title="Dune: Part Two",
    kind=Kind.FILM,
    year=2024,
    status=Status.WATCHING,
    platform="Nétflix",
    runtime=166,
    aka=("Dune 2",),
    genres=("Science Fiction", "Drama"),
    tags=("none",),
    notes="Better than Ballard? No.",
)
DONE = Show(
    id="done",
    title="The Done One",
    kind=Kind.SERIES,
    status=Status.PAUSED,
    seasons=(Season(0, 1), Season(1, 3, watched=(1, 2), skipped=(3,))),
    viewings=(Viewing(episodes="S01E01"), Viewing(episodes="S01E02")),
    problems=(Problem("rating", "11 is not within 5 stars", 11),),
)
SHOWS = [BALLARD, DUNE, DUNE_2, DONE]
ALL = {show.id for show in SHOWS}


def found(text: str, **options: Any) -> str:
    """The ids that a query finds, in the order of SHOWS."""
    query = parse(text, own_keys=own_keys(SHOWS), today=TODAY, **options)
    return " ".join(show.id for show in SHOWS if query.matches(show))


EVERYTHING = "ballard dune dune-2 done"

TABLE = {
    # a word: every field it is looked for in
    "": EVERYTHING,
    "dune": "dune dune-2",
    "DÜNE": "dune dune-2",
    '"dune 2"': "dune-2",  # aka
    '"maggie q"': "ballard",  # actors
    "renee": "ballard",  # roles
    "martinez": "ballard",  # crew
    "music": "ballard",
    "sherwood": "ballard",  # creators
    "cold-case": "ballard",  # tags
    "crime": "ballard",  # genres
    "netflix": "dune-2",  # platform
    "detective": "ballard",  # synopsis
    "better": "dune-2",  # notes
    '"runs the lapd\'s"': "ballard",  # across the end of a line, and ’ is '
    "english": "",  # language is not searched
    "tt33043892": "",
    # parts of fields
    "title:dune": "dune dune-2",
    'cast:"maggie q"': "ballard",
    "cast:renee": "",  # actors, not roles
    "actor:maggie": "ballard",
    "role:renee": "ballard",
    "tag:cold": "ballard",
    "creator:lynch": "dune",
    "crew:music": "ballard",
    "crew:cliff": "ballard",
    "notes:better": "dune-2",
    "synopsis:detective": "ballard",
    'synopsis:"detective runs the"': "ballard",
    "title:detective": "",
    "ids:tt33043892": "ballard",
    "ids:=949": "ballard",
    "ids:tmdb=": "ballard",
    "language:eng": "ballard",
    "TITLE:dune": "dune dune-2",
    # whole fields
    "title:=Dune": "dune",
    "title:=düne": "dune",
    'genre:="science fiction"': "dune dune-2",
    "genre:=science": "",
    "status:=planned": "ballard",
    # regular expressions
    "title::^the": "done",
    "title::^dune$": "dune",
    'title::"two$"': "dune-2",
    "title::^.{4,7}$": "ballard dune",
    "genre::^(crime|drama)$": "ballard dune-2",
    "year::^19": "dune",
    # one of
    "status:planned,watching": "ballard dune-2",
    "status:Planned": "ballard",
    "kind:film": "dune dune-2",
    "platform:netflix,prime": "ballard dune-2",
    "genre:crime": "ballard",
    "dune,done": "dune dune-2 done",
    # ranges
    "rating:4..": "ballard",
    "rating:..3": "dune",
    "rating:3..4": "dune",
    "rating:0..5": "ballard dune",
    "rating:>=4.5": "ballard",
    "rating:>4.5": "",
    "rating:>3": "ballard",
    "rating:<=3": "dune",
    "rating:<3": "",
    "rating:4.5": "ballard",
    "rating:9/10": "ballard",
    "rating:★★★★½": "ballard",
    "rating:3,4.5": "ballard dune",
    "year:1980..1989": "dune",
    "year:>=2024": "ballard dune-2",
    "runtime:..100": "ballard",
    "runtime:0..46": "ballard",
    "left:..17": "ballard done",
    "left:1..": "ballard",
    "added:2026-01..": "ballard",
    "added:2025": "dune",
    "added:2025-12": "dune",
    "added:2025-12-24": "dune",
    "added:..2025-12-24": "dune",
    "added:<2025-12": "",
    "added:>2025": "ballard",
    "added:-30d..": "ballard",
    "added:-2w": "ballard",
    "added:..-1m": "dune",
    "added:<-1w": "ballard dune",
    "added:-1y..-1m": "dune",
    "added:..today": "ballard dune",
    "premiered:2025-07-09": "ballard",
    # all viewings count, not only the latest; a time of day does not matter
    "watched:2024": "dune",
    "watched:2025-06-01": "dune",
    "watched:2024-02..2024-03": "dune",
    "watched:2024-03..2025-05": "",
    "watched:any": "dune",
    # absent, present
    "rating:none": "dune-2 done",
    "rating:any": "ballard dune",
    "rating:none,4..": "ballard dune-2 done",
    "platform:none": "dune done",
    "status:any": EVERYTHING,
    "status:none": "",
    "tag:none": "dune done",
    'tag:"none"': "dune-2",
    "cast:any": "ballard",
    "role:none": "dune dune-2 done",
    # states
    "is:rated": "ballard dune",
    "is:unrated": "dune-2 done",
    "is:started": "ballard dune dune-2 done",
    "-is:started": "",
    "is:finished": "dune done",
    "is:rewatched": "dune",
    "is:broken": "done",
    "is:rated,broken": "ballard dune done",
    # negation
    "-dune": "ballard done",
    "^dune": "ballard done",
    '-"maggie q"': "dune dune-2 done",
    "-status:planned,watching": "dune done",
    "-rating:4..": "dune dune-2 done",
    '"-dune"': "",
    # and, or
    "dune kind:film -status:watched": "dune-2",
    "dune , kind:series": EVERYTHING,
    "dune status:watched , ballard cast:maggie": "ballard dune",
    "ballard, done": "ballard dune-2 done",
    "status:planned,": "ballard",
    ", dune": "dune dune-2",
    "status:planned,,watching": "ballard dune-2",
    # plain text with colons
    "2001:": "",
    "Dune: Part": "dune-2",
    '"dune: part"': "dune-2",
    "http://x": "",
    '"title:dune"': "",
    # quotes that are not closed
    '"maggie q': "ballard",
    'cast:"maggie q': "ballard",
    # the user's own keys
    "shelf:3": "ballard",
    "shelf:2..4": "ballard",
    "shelf:>3": "",
    "shelf:door": "dune",
    'shelf:="by the door"': "dune",
    "shelf::^by": "dune",
    "shelf:none": "dune-2 done",
    "shelf:any": "ballard dune",
    "lent_to:zoe": "ballard",
    "lent_to:=al": "ballard",
    "bought:2024-05": "ballard",
    "bought:2025..": "",
    "box:true": "ballard",
}


@pytest.mark.parametrize("text", TABLE)
def test_finds(text: str) -> None:
    assert found(text) == TABLE[text]


@pytest.mark.parametrize("field", [field.name for field in FIELDS.values() if field.name not in ("id", "title")])
def test_none_and_any_work_for_every_field_and_part_the_list(field: str) -> None:
    absent, present = found(f"{field}:none").split(), found(f"{field}:any").split()
    assert sorted(absent + present) == sorted(ALL)
    if field != "status":
        assert absent == [show.id for show in SHOWS if not FIELDS[field].has(show)]


def test_ratings_are_typed_on_the_users_scale() -> None:
    assert found("rating:9..", style=DisplayStyle("10")) == "ballard"
    assert found("rating:..60", style=DisplayStyle("100")) == "dune"
    assert found("rating:4.5/5", style=DisplayStyle("100")) == "ballard"


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("statu:planned", 'there is no field "statu"', '"status"'),
        ("shelv:3", 'there is no field "shelv"', '"shelf"'),
        ("Zzzz:Legacy", "no field", "quotes"),
        ("sort:ratng", 'there is no field "ratng"', '"rating"'),
        ("-sort:title", "is not an order", "sort:rating-"),
        ("sort:-rating", '"sort:-rating" is not an order', "use sort:rating- for descending"),
        ("sort:title,^rating", '"sort:^rating" is not an order', "use sort:rating- for descending"),
        ("is:rate", "(expected: rated", '"rated"'),
        ("status:planed", 'did you mean "planned"', ""),
        ("kind:movie", "(expected: series, film)", ""),
        ("rating:6", "6 is more than 5 stars", ""),
        ("rating:-", "is not a rating", ""),
        ("rating:good", "is not a rating", ""),
        ("rating:5..4", "runs backwards", ""),
        ("rating:..", "no beginning and no end", ""),
        ("year:x", "is not a number", ""),
        ("year:>", "has nothing after", ""),
        ("added:2026-13", "is not in the calendar", ""),
        ("added:2026-00", "is not in the calendar", ""),
        ("added:2026-02-30", "is not in the calendar", ""),
        ("added:tomorrow", "is not a date", ""),
        ("title::(", "is not a regular expression", ""),
        ("title::" + "x" * 201, "200 characters", ""),
        ("title:", 'nothing follows "title:"', "quotes"),
        ("title:=", 'nothing follows "title:="', ""),
        ("title:,", 'nothing follows "title:"', ""),
        ('title:""', "nothing follows", ""),
        ("dune -", 'nothing follows "-"', ""),
        ("-title:", 'nothing follows "-title:"', ""),
        ("\x1b[31m:x title:\x1b", "", ""),
    ],
)
def test_what_is_wrong_is_said_with_what_was_meant(text: str, said: str, hint: str) -> None:
    if "\x1b" in text:
        parse(text)  # plain text and a value; nothing is wrong
        text = "status:\x1b"
    with pytest.raises(UsageError) as caught:
        parse(text, own_keys=own_keys(SHOWS), today=TODAY)
    assert said in caught.value.message
    assert hint in caught.value.hint
    assert (caught.value.message + caught.value.hint).isprintable()
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "pattern", ["(the|a) b", "(?:ab)+", r"\(a+\)+", "[(+|]+", "(a)(b+)", "x{2}", "^(.*)$", "[]a]+"]
)
def test_harmless_regular_expressions_are_taken(pattern: str) -> None:
    assert not parse(f'title::"{pattern}"').empty


def test_a_query_with_an_order_alone_is_empty() -> None:
    assert parse("").empty
    assert parse("  ,  ").empty
    assert parse("sort:rating-").empty
    assert not parse("sort:rating- dune").empty
    assert Query().matches(DUNE)


def ordered(text: str) -> list[str]:
    return [show.id for show in select(SHOWS, parse(text))]


def test_orders_with_what_is_absent_last_in_either_direction() -> None:
    assert ordered("sort:rating") == ["dune", "ballard", "dune-2", "done"]
    assert ordered("sort:rating-") == ["ballard", "dune", "dune-2", "done"]
    assert ordered("sort:title-") == ["done", "dune-2", "dune", "ballard"]
    assert ordered("sort:status") == ["dune-2", "ballard", "dune", "done"]
    assert ordered("sort:status-") == ["done", "dune", "ballard", "dune-2"]
    assert ordered("sort:kind sort:runtime-") == ["ballard", "done", "dune-2", "dune"]
    assert ordered("sort:kind,runtime- dune") == ["dune-2", "dune"]
    assert ordered("sort:watched") == ["dune", "ballard", "dune-2", "done"]


def test_the_given_order_decides_what_the_query_leaves_open() -> None:
    by_title = parse_sort("title-")
    assert [show.id for show in select(SHOWS, parse(""), default_sort=by_title)] == [
        "done",
        "dune-2",
        "dune",
        "ballard",
    ]
    assert [show.id for show in select(SHOWS, parse("sort:kind"), default_sort=by_title)] == [
        *("done", "ballard"),
        *("dune-2", "dune"),
    ]


def test_an_order_is_read_from_a_flag() -> None:
    assert parse_sort("rating-, title") == ((FIELDS["rating"], True), (FIELDS["title"], False))
    assert parse_sort("tag") == ((FIELDS["tags"], False),)
    with pytest.raises(UsageError, match="no field") as caught:
        parse_sort("titel")
    assert caught.value.hint == 'did you mean "title"?'


def test_titles_are_ordered_without_case_and_accents() -> None:
    titles = ["Zorro", "écran", "alien", "Élan", "Dune"]
    by_title = order([Show(id=title, title=title) for title in titles], parse_sort("title"))
    assert [show.title for show in by_title] == ["alien", "Dune", "écran", "Élan", "Zorro"]


def test_C6_titles_are_sorted_by_their_numbers_and_without_articles() -> None:
    titles = ["2012", "The Bear", "Alien", "24", "Beetlejuice", "A Bronx Tale", "S10", "S2"]
    made = [Show(id=title, title=title, other={"box": title}) for title in titles]
    for text in ("title", "box"):
        found = order(made, parse_sort(text, own_keys={"box"}))
        assert [show.title for show in found if show.title[0] in "2S"] == ["24", "2012", "S2", "S10"]
    found = select(made, parse("sort:title"), articles=("the", "a"))
    assert [show.title for show in found] == [
        *("24", "2012", "Alien", "The Bear", "Beetlejuice", "A Bronx Tale", "S2", "S10")
    ]
    assert list(reversed(found)) == select(made, parse("sort:title-"), articles=("the", "a"))


def test_C6_an_order_that_was_remembered_is_not_used_for_other_articles() -> None:
    shows = ShowTable([Show(id=title, title=title) for title in ("The Bear", "Alien", "Zorro")])
    orders = {
        articles: list(in_order(shows, range(3), parse_sort("title"), articles))
        for articles in ((), ("the",), ("the", "a"))
    }
    assert orders == {(): [1, 0, 2], ("the",): [1, 0, 2], ("the", "a"): [1, 0, 2]} | {(): [1, 0, 2]}
    shows = ShowTable([Show(id=title, title=title) for title in ("The Bear", "Heat", "Zorro")])
    assert [list(in_order(shows, range(3), parse_sort("title"), some)) for some in ((), ("the",), ())] == [
        [1, 0, 2],
        [0, 1, 2],
        [1, 0, 2],
    ]


@pytest.mark.parametrize(
    "mark", ["\u200e", "\u200f", "\u200b", "\u200d", "\xad", "\ufeff", "\ufe0f", "\u2060", "\u202e"]
)
def test_C6_invisible_marks_in_text_or_query_do_not_matter(mark: str) -> None:
    made = [
        Show(id="slow", title=f"{mark}Slow{mark} Hor{mark}ses{mark}", tags=(f"no{mark}ir",), platform=f"App{mark}le"),
        Show(id="heat", title="Heat", status=Status.WATCHING),
    ]
    for query in (
        *(
            "slow horses",
            f"{mark}slo{mark}w",
            '"slow horses"',
            "title:=slow,x",
            'title:="Slow Horses"',
            "title::^slow.horses$",
        ),
        *(
            "tag:noir",
            "tag:=noir",
            f"tag:{mark}noir",
            "platform:apple",
            f'"{mark}horses"',
            f"-status:watching{mark}",
            f"rating:{mark}none slow",
        ),
    ):
        assert [show.id for show in made if parse(query).matches(show)] == (
            ["slow"] if "=slow," not in query else []
        ), query
    assert parse(f"is:{mark}unrated").matches(made[0])
    assert find(made, "slow horses") is find(made, f"slow{mark} horses") is find(made, "slow hor") is made[0]
    assert find(made, f"he{mark}at") is find(made, f"{mark}heat") is made[1]


def test_progress_is_ordered_by_the_part_that_was_watched() -> None:
    made = [
        Show(id=str(n), title="x", seasons=(Season(1, of, watched=tuple(range(1, n + 1))),))
        for n, of in ((9, 10), (10, 40))
    ]
    assert [show.id for show in order(made, parse_sort("progress"))] == ["10", "9"]


def test_own_keys_are_ordered_by_what_they_hold() -> None:
    values: list[Any] = ["b", 10, 2.5, "a", date(2026, 1, 1), None]
    made = [Show(id=str(value), title="x", other={"mine": value} if value else {}) for value in values]
    by_mine = select(made, parse("sort:mine", own_keys={"mine"}))
    assert [show.id for show in by_mine] == ["2.5", "10", "2026-01-01", "a", "b", "None"]


def test_a_field_goes_before_an_own_key_of_its_name_and_an_own_key_before_a_field_in_capitals() -> None:
    show = Show(id="x", title="x", other={"Title": "mine", "tag": "mine"})
    assert parse("Title:mine", own_keys={"Title"}).matches(show)
    assert not parse("tag:mine", own_keys={"tag"}).matches(show)


def test_case_and_accents_of_the_name_of_an_own_key_do_not_matter() -> None:
    show = Show(id="x", title="x", other={"\u00fcn\u00ef": 5, "Prio": 1, "PRIO": 2})
    keys = own_keys([show])
    for text in ("UNI:5", "\u00fcni:5", "-uni:6", "uni:any sort:Uni-", "Prio:1 PRIO:2", "T\u00edtle:x"):
        assert parse(text, own_keys=keys).matches(show), text
    assert not parse("prio:1", own_keys=keys).matches(show), "the first of two that are alike"


@pytest.mark.parametrize("example", [example for example, _ in QUERY])
def test_the_examples_of_the_help_are_queries(example: str) -> None:
    query = parse(example, services=frozenset())
    assert query.alternatives or query.sorts


# Words of a shell


@pytest.mark.parametrize(
    ("words", "same"),
    [
        (["dune", "status:watched"], "dune status:watched"),
        (["maggie q"], '"maggie q"'),
        (["title:the wire"], 'title:"the wire"'),
        (["title:=the wire"], 'title:="the wire"'),
        (["title::^the wire, x"], 'title::"^the wire, x"'),
        (["title: the wire"], 'title:"the wire"'),
        (["-maggie q"], '-"maggie q"'),
        (["^cast:maggie q"], '-cast:"maggie q"'),
        (["genre:science fiction,crime"], 'genre:"science fiction",crime'),
        (["me, myself"], '"me, myself"'),
        (["Bosch: Legacy"], '"Bosch: Legacy"'),
        (["-Bosch: Legacy"], '-"Bosch: Legacy"'),
        (["Dune: part status:none"], "Dune: part status:none"),
        (["status:planned rating:4.."], "status:planned rating:4.."),
        (["the wire status:planned"], "the wire status:planned"),
        (["title:the wire status:planned"], "title:the wire status:planned"),
        (["dune -lynch"], "dune -lynch"),
        (["dune , heat"], "dune , heat"),
        (['cast:"maggie q" ballard'], 'cast:"maggie q" ballard'),
        ([", heat"], ", heat"),
        ([" , the wire"], ", the wire"),
        ([",the wire"], ',"the wire"'),
        (["the wire,"], '"the wire",'),
        (["title:the wire,"], 'title:"the wire",'),
        (["dune", ",", "heat"], "dune , heat"),
        (["dune,", "heat"], "dune , heat"),
        (["sort:title dune"], 'sort:"title dune"'),
        ([" dune "], "dune"),
        (["", "dune"], "dune"),
        ([], ""),
    ],
)
def test_an_argument_with_blanks_is_one_term_or_a_whole_query(words: list[str], same: str) -> None:
    if same.startswith("sort:"):
        with pytest.raises(UsageError, match="title dune"):
            parse_words(words)
    else:
        assert parse_words(words) == parse(same)


def test_a_mistyped_field_with_blanks_in_its_value_is_pointed_out() -> None:
    with pytest.raises(UsageError, match="titel"):
        parse_words(["titel:the wire"])


# Laws

KEYS = [*FIELDS, "tag", "is", "sort", "shelf", "nokey", "Bosch"]
ATOMS = st.sampled_from(
    [
        *(f"{key}:" for key in KEYS),
        *'-^,=:" >.',
        "::",
        ":=",
        "..",
        "none",
        "rated",
        "planned",
        "4",
        "2026",
        "-3d",
        "film",
        "dune",
    ]
)
QUERIES = st.lists(ATOMS | texts(max_size=6), max_size=12).map("".join)


def parsed(text: str) -> Query | None:
    try:
        return parse(text, own_keys={"shelf", "a b-"}, today=TODAY)
    except UsageError:
        return None


@given(QUERIES)
@example('"say ""hi"" twice"')
@example('title:"5"" disk",x')
@example('sort:"a b-",shelf- dune')
@example("--dune ^^a")
def test_a_querys_text_is_that_query(text: str) -> None:
    query = parsed(text)
    if query is not None:
        assert parsed(query.text) == query


@given(st.sampled_from(sorted(TABLE)) | QUERIES, shows())
def test_a_querys_text_finds_the_same(text: str, show: Show) -> None:
    query = parsed(text)
    if query is not None:
        again = parsed(query.text)
        assert again is not None
        assert again.matches(show) == query.matches(show)


TERMS = st.sampled_from(
    [t for t in TABLE if t and t[0] not in "-^, " and len(parse(t, own_keys=own_keys(SHOWS)).alternatives) == 1]
)


@given(TERMS, st.sampled_from("-^"), shows() | st.sampled_from(SHOWS))
def test_a_negated_term_matches_what_the_term_does_not(term: str, sign: str, show: Show) -> None:
    keys = own_keys(SHOWS)
    if len(parse(term, own_keys=keys).alternatives[0]) == 1:
        plain, negated = (parse(text, own_keys=keys, today=TODAY) for text in (term, sign + term))
        assert negated.matches(show) is not plain.matches(show)


@given(TERMS, TERMS, shows() | st.sampled_from(SHOWS))
def test_terms_side_by_side_are_and_and_a_comma_is_or(one: str, other: str, show: Show) -> None:
    def matches(text: str) -> bool:
        return parse(text, own_keys=own_keys(SHOWS), today=TODAY).matches(show)

    one, other = (f'{t}"' if t.count('"') % 2 else t for t in (one, other))
    one, other = (t.rstrip(",") for t in (one, other))
    assert matches(f"{one} {other}") == (matches(one) and matches(other))
    assert matches(f"{one} , {other}") == (matches(one) or matches(other))


@given(shows())
def test_a_word_is_found_wherever_a_searched_field_has_it(show: Show) -> None:
    for name in ("title", "aka", "creators", "genres", "tags", "platform", "synopsis", "notes", "cast", "crew"):
        for text in FIELDS[name].type.texts(getattr(show, name)):
            if word := " ".join(text.split()):
                assert parse('"' + word.replace('"', '""') + '"').matches(show)


SORTS = st.lists(st.tuples(st.sampled_from([*FIELDS.values()]), st.booleans()), max_size=2).map(tuple)


@given(show_lists(), SORTS)
def test_any_field_can_be_ordered_by_and_no_show_is_lost(found: list[Show], sorts: tuple[Any, ...]) -> None:
    result = order(found, sorts)
    assert sorted(show.id for show in result) == sorted(show.id for show in found)
    assert order(result, sorts) == result
    for one, other in itertools.pairwise(result) if sorts else ():
        by, down = sorts[0]
        if by.has(one) and by.has(other):
            low, high = (other, one) if down else (one, other)
            assert by.type.key(by.get(low)) <= by.type.key(by.get(high))


@given(show_lists(), QUERIES)
def test_a_selection_is_what_matches_and_nothing_else(found: list[Show], text: str) -> None:
    query = parsed(text)
    if query is not None:
        assert {show.id for show in select(found, query)} == {show.id for show in found if query.matches(show)}


@given(show_lists(), QUERIES | st.sampled_from(sorted(TABLE)), st.integers(0, 3))
def test_what_is_typed_letter_by_letter_finds_the_same_as_at_once(found: list[Show], text: str, taken: int) -> None:
    typed, fresh = ShowTable([*found, *SHOWS]), [*found, *SHOWS]
    rows = in_order(typed, range(len(typed)), parse_sort("title"))
    steps = [text[:end] for end in range(len(text) + 1)]
    for step in (*steps, *reversed(steps[len(steps) - taken :])):
        if (query := parsed(step)) is not None:
            again = ShowTable(fresh)
            assert query.rows(typed, rows) == query.rows(again, list(rows))


@given(st.lists(st.integers(0, 600) | st.none(), max_size=900), st.sets(st.integers(0, 600) | st.none()), st.data())
@example([*range(600), *range(600)], {5, 599}, None)
@example([*range(256), 255], {255}, None)
def test_a_column_of_few_values_keeps_the_rows_that_have_a_good_one(
    column: list[int | None], wanted: set[int | None], data: st.DataObject | None
) -> None:
    found, all_rows = DictEncodedColumn(column), range(len(column))
    orders: list[Sequence[int]] = [all_rows, all_rows[::-1], all_rows[: len(column) // 3]]
    if data is not None:
        orders.append(data.draw(st.permutations(all_rows)))
    for rows in (*orders, *orders):  # asked for the second time it has the rows side by side
        assert found.keep(wanted.__contains__, rows) == [row for row in rows if column[row] in wanted]


@given(texts())
def test_any_text_in_quotes_is_a_word(text: str) -> None:
    query = parse('"' + text.replace('"', '""') + '"')
    assert query.empty is not bool(text.strip())
    show = Show(id="x", title=text or "x")
    assert query.matches(show)


def test_what_is_remembered_of_a_show_that_is_gone_is_never_taken_for_another() -> None:
    for number in range(200):  # each show is gone when the next one is made, often in its place
        assert parse(f"number{number}").matches(Show(id="x", title=f"Number{number}"))


def test_quotes_are_doubled_inside_quotes() -> None:
    show = Show(id="x", title='Say "hi" twice')
    assert parse('"say ""hi"" twice"').matches(show)
    assert parse('title:="say ""hi"" twice"').matches(show)
    assert not parse('"say hi twice"').matches(show)


def test_a_lone_accent_is_not_in_every_text() -> None:
    assert not parse("\u0301").matches(DUNE)
    assert not parse("title:\u0301").matches(DUNE)


def test_own_keys_with_blanks_can_be_ordered_by() -> None:
    made = [Show(id=str(n), title="x", other={"my shelf": n}) for n in (1, 3, 2)]
    query = parse('sort:"my shelf-"', own_keys=own_keys(made))
    assert [show.id for show in select(made, query)] == ["3", "2", "1"]
    assert parse(query.text, own_keys=own_keys(made)) == query


# One show


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("dune", "dune"),  # an id goes before titles
        ("Dune", "dune"),  # a whole title before a part of one
        ("DÜNE: part two", "dune-2"),
        ("dune (1984)", "dune"),
        ("Dune: Part Two (2024)", "dune-2"),
        ("Dune 2", "dune-2"),  # another title
        ("ballar", "ballard"),
        ("part two", "dune-2"),
        ("done one", "done"),
    ],
)
def test_a_show_is_found_by_id_or_title(text: str, id: str) -> None:
    assert find(SHOWS, text).id == id


def test_several_shows_are_named_with_their_ids() -> None:
    with pytest.raises(NotFound) as caught:
        find(SHOWS, "un")
    assert caught.value.message == '"un" matches 2 shows'
    assert "dune (Dune, 1984), dune-2 (Dune: Part Two, 2024)" in caught.value.hint
    twins = [Show(id=f"heat-{n}", title="Heat\x1b") for n in range(12)]
    with pytest.raises(NotFound) as caught:
        find(twins, "heat\x1b")
    assert caught.value.hint.count("Heat␛") == 8
    assert caught.value.hint.endswith("and 4 more")
    assert caught.value.message.isprintable()


def test_no_such_show_names_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        find(SHOWS, "balard")
    assert caught.value.message == 'there is no show "balard"'
    assert caught.value.hint == 'did you mean "Ballard"?'
    for text in ("", " ", "zzzzzz"):
        with pytest.raises(NotFound) as caught:
            find(SHOWS, text)
        assert caught.value.hint == "see `watchlist list`"


@pytest.mark.parametrize(
    "term", ["dune ", "-dune ", "status:planned ", "rating:1.. ", "is:rated ", "dune , ", "sort:title "]
)
def test_B2_a_query_of_thousands_of_terms_is_answered(term: str) -> None:
    assert list(parse(term * 5000 + "x").rows(ShowTable((Show("a", "A"),)))) in ([], [0])
