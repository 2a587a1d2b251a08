"""Edits: what each does, what takes it back, what is said about it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.strategies import ids, ratings, shows, watchlists, wild_texts, words
from watchlist.domain.change_messages import describe, watch_direction
from watchlist.domain.edits import (
    Assignment,
    Delta,
    Edit,
    add,
    assign,
    deltas,
    duplicate_of,
    each,
    new_id,
    new_show,
    rate,
    remove,
    set_status,
    split_title,
    tag,
    update,
)
from watchlist.domain.fields import FIELDS, STORED, with_value
from watchlist.domain.frozen import replace
from watchlist.domain.model import Credit, Kind, Problem, Role, Season, Show, Status, Viewing
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.text import fold
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound, Refused, UsageError

SETTABLE = [field for field in STORED if field.name != "id"]
HEAT = Show(id="heat", title="Heat", kind=Kind.FILM, year=1995, rating=4.0, tags=("noir", "Heist"), ids={"tmdb": 949})


def one(show: Show, edit: Edit) -> Show:
    """What the edit makes of a list of this show alone."""
    (after,) = edit(Watchlist(shows=(show,))).shows
    return after


def said(show: Show, edit: Edit, style: DisplayStyle | None = None) -> str:
    before = Watchlist(shows=(show,))
    return describe(deltas(before, edit(before)), style or DisplayStyle())


# Assignments


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("year=1996", "year", 1996),
        ("rating=", "rating", None),
        ("rating=9/10", "rating", 4.5),
        ("status=", "status", Status.PLANNED),
        ("title=A = B", "title", "A = B"),
        ("tags=a, b", "tags", ("a", "b")),
        ("tags+=b, noir", "tags", ("noir", "Heist", "b")),
        ("tags+=NOIR, b, B", "tags", ("noir", "Heist", "b")),
        ("tags-=HEIST,x", "tags", ("noir",)),
        ("tags=", "tags", ()),
        ("ids+=imdb=tt1", "ids", {"tmdb": 949, "imdb": "tt1"}),
        ("ids+=tmdb=5", "ids", {"tmdb": 5}),
        ("ids-=tmdb=949", "ids", {}),
        ("ids-=tmdb=5", "ids", {"tmdb": 949}),
        ("cast+=Al Pacino: Vincent", "cast", (Role("Val Kilmer", "Chris"), Role("Al Pacino", "Vincent"))),
        ("cast-=val kilmer", "cast", ()),
        ("cast-=Val Kilmer: Nobody", "cast", (Role("Val Kilmer", "Chris"),)),
        ("cast-=Val Kilmer: CHRIS", "cast", ()),
    ],
)
def test_assignments(text: str, name: str, value: object) -> None:
    show = replace(HEAT, cast=(Role("Val Kilmer", "Chris"),))
    assert getattr(one(show, assign(["heat"], [Assignment.parse(text)])), name) == value


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("yaer=1", 'no field "yaer"', '"year"'),
        ("tag=x", 'no field "tag"', '"tags"'),
        ("zzz=1", "no field", "watchlist fields"),
        ("=1", "no field", ""),
        ("year", "is not FIELD=VALUE", "e.g."),
        ("id=x", "can't be set", ""),
        ("left=3", "can't be set", ""),
        ("year+=1", "holds one value", "year=VALUE"),
        ("year=x", "is not a year", ""),
        ("status=watchd", 'did you mean "watched"', ""),
        ("title=", "can't be empty", ""),
        ("year=\x1b[2J", "␛", ""),
        ("\x1b", "␛", ""),
    ],
)
def test_wrong_assignments_are_said(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        Assignment.parse(text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("text", ["tags+=x", "tags-=x"])
def test_a_wrong_value_is_not_added_to(text: str) -> None:
    wrong = replace(HEAT, tags=(), problems=(Problem("tags", "expected a list of texts", "noir"),))
    with pytest.raises(Refused, match="tags of Heat is wrong in the file"):
        one(wrong, assign(["heat"], [Assignment.parse(text)]))
    mended = one(wrong, assign(["heat"], [Assignment.parse("tags=x")]))
    assert (mended.tags, mended.problems) == (("x",), ())


def test_a_season_that_is_there_is_not_added_again() -> None:
    show = replace(HEAT, seasons=(Season(1),))
    with pytest.raises(Refused, match=r"seasons of Heat: \[1\].number: 1 is there already"):
        one(show, assign(["heat"], [Assignment.parse('seasons+=[{"number": 1, "episodes": 3}]')]))
    assert len(one(show, assign(["heat"], [Assignment.parse('seasons+=[{"number": 2}]')])).seasons) == 2


@given(shows(), shows(), st.sampled_from(SETTABLE))
def test_an_assignment_is_taken_back_by_the_one_with_the_old_value(show: Show, other: Show, field: Any) -> None:
    there = Assignment(field.name, "=", getattr(other, field.name))
    back = Assignment(field.name, "=", getattr(show, field.name))
    assert back.apply(there.apply(show)) == show
    assert there.apply(there.apply(show)) == there.apply(show)


@given(shows(), st.lists(words(), max_size=3, unique_by=fold).map(tuple))
def test_tags_that_were_added_can_be_taken_away_again(show: Show, tags: tuple[str, ...]) -> None:
    assume(not {fold(tag) for tag in tags} & {fold(tag) for tag in show.tags})
    tagged = one(show, tag([show.id], add=tags))
    assert tagged.tags == show.tags + tags
    assert one(tagged, tag([show.id], add=tags)) == tagged
    assert one(tagged, tag([show.id], drop=map(str.upper, tags))) == show or any(
        fold(tag.upper()) != fold(tag) for tag in tags
    )


def test_a_tag_that_is_taken_away_and_added_is_there() -> None:
    assert one(HEAT, tag(["heat"], add=["NOIR"], drop=["noir"])).tags == ("Heist", "NOIR")


# Edits of several shows


@given(watchlists(), st.data(), ratings())
def test_an_edit_touches_the_named_shows_alone_or_none(library: Watchlist, data: st.DataObject, stars: float) -> None:
    here = [st.sampled_from([show.id for show in library.shows])] if library.shows else []
    wanted = data.draw(st.lists(st.one_of(*here, *here, *here, ids()), max_size=3))
    edits: list[Callable[[list[str]], Edit]] = [
        lambda ids: rate(ids, stars),
        lambda ids: set_status(ids, Status.DROPPED),
        lambda ids: tag(ids, add=["x"]),
        remove,
    ]
    known = {show.id for show in library.shows}
    for make in edits:
        if not set(wanted) <= known:
            with pytest.raises(NotFound):
                make(wanted)(library)
            continue
        after = make(wanted)(library)
        changed = {delta.show.id for delta in deltas(library, after)}
        assert changed <= set(wanted)
        assert [show for show in library.shows if show.id not in wanted] == [
            s for s in after.shows if s.id not in wanted
        ]


@given(watchlists(), shows())
def test_what_is_added_can_be_removed_again(library: Watchlist, show: Show) -> None:
    after = add(show)(library)
    new = after.shows[-1]
    assert new.id not in {other.id for other in library.shows}
    assert replace(new, id=show.id) == show
    assert remove([new.id])(after) == library


@given(watchlists(), watchlists())
def test_deltas_are_all_that_differs(before: Watchlist, after: Watchlist) -> None:
    found = deltas(before, after)
    rebuilt = {show.id: show for show in before.shows}
    for delta in found:
        assert delta.before != delta.after
        assert rebuilt.pop(delta.show.id, None) == delta.before
        if delta.after is not None:
            rebuilt[delta.after.id] = delta.after
    assert rebuilt == {show.id: show for show in after.shows}
    assert deltas(before, before) == ()


@given(watchlists(), shows(), ratings())
def test_the_same_edit_runs_again_on_a_list_that_grew(library: Watchlist, new: Show, stars: float) -> None:
    edit = rate([show.id for show in library.shows], stars)
    assume(new.id not in {show.id for show in library.shows})
    grown = replace(library, shows=(new, *library.shows))
    assert edit(grown).shows == (new, *edit(library).shows)


@pytest.mark.parametrize(
    ("kind", "status", "after"),
    [
        (Kind.FILM, Status.PLANNED, Status.WATCHED),
        (Kind.FILM, Status.WATCHING, Status.WATCHED),
        (Kind.FILM, Status.DROPPED, Status.DROPPED),
        (Kind.SERIES, Status.PLANNED, Status.PLANNED),
        (None, Status.PLANNED, Status.PLANNED),
    ],
)
def test_rating_a_film_says_that_it_was_watched(kind: Kind | None, status: Status, after: Status) -> None:
    show = Show(id="x", title="X", kind=kind, status=status)
    assert one(show, rate(["x"], 4.0)) == replace(show, rating=4.0, status=after)
    assert one(show, rate(["x"], 4.0, auto_status=False)) == replace(show, rating=4.0)
    assert one(replace(show, rating=3.0), rate(["x"], None)) == show


def test_a_form_saves_the_fields_it_was_given() -> None:
    saved = one(HEAT, update("heat", {"year": 1996, "tags": ()}))
    assert saved == replace(HEAT, year=1996, tags=())


def test_no_such_show_is_said_fit_for_a_terminal() -> None:
    for edit in (each(["a\x1b"], lambda show: show), remove(["a\x1b"])):
        with pytest.raises(NotFound) as caught:
            edit(Watchlist())
        assert "a␛" in caught.value.message


# New shows


@pytest.mark.parametrize(
    ("text", "title", "year"),
    [
        ("Heat (1995)", "Heat", 1995),
        ("  Heat   (1995) ", "Heat", 1995),
        ("Heat(1995)", "Heat", 1995),
        ("2001 (1968)", "2001", 1968),
        ("1984", "1984", None),
        ("(1995)", "(1995)", None),
        ("Heat (1234)", "Heat (1234)", None),
        ("Heat (1995) x", "Heat (1995) x", None),
        ("Heat (١٩٩٥)", "Heat (١٩٩٥)", None),
        ("Heat (II) (1995)", "Heat (II)", 1995),
    ],
)
def test_a_year_is_split_off_the_title(text: str, title: str, year: int | None) -> None:
    assert split_title(text) == (title, year)


def test_a_new_show_has_the_day_and_what_was_given() -> None:
    today = date(2026, 11, 22)
    assert new_show("Heat (1995)", {"rating": 4.0}, today=today) == Show(
        id="", title="Heat", year=1995, rating=4.0, added=today
    )
    given = new_show("Heat (1995)", {"year": 1996, "added": None}, today=today)
    assert (given.year, given.added) == (1996, None)


def test_ids_are_made_from_the_title_and_the_year_where_that_is_taken() -> None:
    assert new_id(HEAT, []) == "heat"
    assert new_id(HEAT, ["heat"]) == "heat-1995"
    assert new_id(HEAT, ["heat", "heat-1995"]) == "heat-1995-2"
    assert new_id(replace(HEAT, year=None), ["heat"]) == "heat-2"


@pytest.mark.parametrize(
    ("show", "same"),
    [
        (Show(id="", title="HEAT", year=1995), True),
        (Show(id="", title="Héat"), True),
        (Show(id="", title="Heat", year=1986), False),
        (Show(id="", title="Other", aka=("Heat",), year=1995), True),
        (Show(id="", title="Other", ids={"tmdb": "949"}), True),
        (Show(id="", title="Other", ids={"tvdb": 949}), False),
        (Show(id="", title="Heat 2"), False),
        (HEAT, False),
    ],
)
def test_duplicates(show: Show, same: bool) -> None:
    assert (duplicate_of(show, Watchlist(shows=(HEAT,))) == HEAT) is same


@pytest.mark.parametrize(("id", "typed"), [(-5, "-5"), (2**62, str(2**62)), ("7", "7"), (7, "7"), ("007", "007")])
def test_E3_an_id_is_taken_away_as_it_is_shown(id: str | int, typed: str) -> None:
    show = replace(HEAT, ids={"x": id, "y": 1})
    assert Assignment.parse(f"ids-=x={typed}").apply(show).ids == {"y": 1}
    assert Assignment.parse("ids-=x=other").apply(show).ids == show.ids


# Sentences

PLANNED = replace(HEAT, rating=None)
FILM = replace(HEAT, kind=Kind.FILM, seasons=(Season(1, 2, watched=(1, 2)),))
ROWS = (Viewing(date(2019, 5, 2)), Viewing())
SEEN = replace(FILM, viewings=ROWS)


@pytest.mark.parametrize(
    ("show", "edit", "sentence"),
    [
        (HEAT, rate(["heat"], 4.5), "Rated Heat 4.5, was 4; status: watched"),
        (HEAT, rate(["heat"], 4.5, auto_status=False), "Rated Heat 4.5, was 4"),
        (PLANNED, rate(["heat"], 4.5, auto_status=False), "Rated Heat 4.5, was not rated"),
        (HEAT, rate(["heat"], None), "Cleared the rating of Heat, was 4"),
        (HEAT, rate(["heat"], 4.0, auto_status=False), "Nothing changed"),
        (HEAT, set_status(["heat"], Status.PAUSED), "Set status of Heat to paused, was planned"),
        (HEAT, tag(["heat"], add=["x"], drop=["noir"]), "Tagged Heat +x -noir"),
        (HEAT, update("heat", {"year": 1996}), "Set year of Heat to 1996, was 1995"),
        (
            HEAT,
            update("heat", {"year": 1, "aka": ("x",), "notes": "n"}),
            "Changed year, other titles and notes of Heat",
        ),
        (HEAT, each(["heat"], lambda show: replace(show, other={"a": 1})), "Set a of Heat to 1"),
        (FILM, update("heat", {"kind": None}), "Cleared kind of Heat, was film"),
        (FILM, update("heat", {"viewings": ROWS}), "Added 2 viewings of Heat"),
        (FILM, update("heat", {"viewings": ROWS[:1]}), "Watched Heat on 2 May 2019"),
        (FILM, update("heat", {"viewings": ROWS[1:]}), "Watched Heat, undated"),
        (SEEN, update("heat", {"viewings": ()}), "Removed 2 viewings of Heat"),
        (SEEN, update("heat", {"viewings": ROWS[:1]}), "Removed a viewing of Heat"),
        (SEEN, update("heat", {"viewings": (Viewing(date(2020, 5, 2)),)}), "Changed viewings of Heat"),
        (HEAT, remove(["heat"]), "Removed Heat"),
        (HEAT, add(Show(id="", title="New\x1b")), "Added New␛"),
        (
            HEAT,
            add(Show(id="", title="New", viewings=(Viewing(date(2020, 5, 6)),))),
            "Added New; watched: 6 May 2020, status: planned",
        ),
        (
            HEAT,
            add(
                Show(id="", title="New", seasons=(Season(1, 3, watched=(2,)),), viewings=(Viewing(episodes="S01E02"),))
            ),
            "Added New; watched: S01E02, undated, status: planned",
        ),
    ],
)
def test_what_is_said_of_a_change(show: Show, edit: Edit, sentence: str) -> None:
    assert said(show, edit) == sentence


def test_ratings_are_said_on_the_users_scale() -> None:
    assert said(HEAT, rate(["heat"], 4.5, auto_status=False), DisplayStyle("10")) == "Rated Heat 9/10, was 8/10"


def test_a_wrong_value_that_was_taken_away_is_said() -> None:
    wrong = replace(PLANNED, runtime=None, problems=(Problem("runtime", "no", "x"),))
    assert said(wrong, update("heat", {"runtime": None})) == "Changed runtime of Heat"


def test_fewer_viewings_but_more_watched_episodes_are_neither_watched_nor_removed() -> None:
    before = Show("a", "A", seasons=(Season(1, 3, watched=(1,)),), viewings=ROWS)
    after = replace(before, seasons=(Season(1, 3, watched=(1, 2)),), viewings=ROWS[:1])
    names = {"seasons", "viewings"}
    assert [watch_direction(before, after, names), watch_direction(after, before, names)] == [0, 0]
    assert [watch_direction(before, SEEN, names), watch_direction(FILM, SEEN, names)] == [1, 1]


def test_what_is_said_of_many() -> None:
    a, b, c = (Show(id=id, title=id) for id in "abc")
    before, rated = Watchlist(shows=(a, b)), [with_value(show, "rating", 4.0) for show in (a, b)]
    assert describe(deltas(before, Watchlist(shows=tuple(rated)))) == "Changed rating of 2 shows"
    mixed = (with_value(rated[0], "year", 1999), rated[1])
    assert describe(deltas(before, Watchlist(shows=mixed))) == "Changed 2 shows"
    assert describe(deltas(before, Watchlist(shows=(rated[0], c)))) == (
        "Added 1 show, removed 1 show and changed rating of 1 show"
    )
    assert describe(deltas(Watchlist(), before)) == "Added 2 shows"


@given(watchlists(wild=True), watchlists(wild=True), st.sampled_from(["stars", "10", "100"]))
def test_sentences_are_one_line_fit_for_a_terminal(before: Watchlist, after: Watchlist, scale: str) -> None:
    sentence = describe(deltas(before, after), DisplayStyle(scale))
    assert sentence
    assert "\n" not in sentence
    assert "\x1b" not in sentence


@given(wild_texts())
def test_any_text_is_an_assignment_or_a_usage_error(text: str) -> None:
    for start in ("", *(f"{name}{sign}" for name in FIELDS for sign in ("=", "+=", "-="))):
        try:
            assignment = Assignment.parse(start + text)
        except UsageError as refused:
            said = refused.message + refused.hint
            assert "\x1b" not in said
            continue
        full = replace(HEAT, cast=(Role("A"),), crew=(Credit("B", "C"),))
        assert Delta(full, assignment.apply(full)).fields in ((), (assignment.name,))
