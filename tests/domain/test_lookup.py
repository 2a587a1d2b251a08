"""What a look-up would change, what it changes, and that nothing of the user's own is ever lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from tests.strategies import shows
from watchlist.domain.change_messages import describe, foresee
from watchlist.domain.dates import PartialDate
from watchlist.domain.edits import Delta
from watchlist.domain.fields import STORED
from watchlist.domain.frozen import replace, same
from watchlist.domain.lookup_diff import FILLED, Difference, Item, Sign, differences, facts, whole_texts
from watchlist.domain.lookup_edits import DIGEST_CHARS, Taken, Written, digest, take, value_at, written_items
from watchlist.domain.model import NOTHING, Kind, Problem, Role, Season, Show, Status, Viewing
from watchlist.domain.show_table import ShowTable
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound

DAY = date(2026, 11, 29)
MINE = Show(
    "dark-winds",
    "Dark Winds",
    status=Status.WATCHING,
    rating=4.0,
    genres=("Crime", "Mystery"),
    runtime=45,
    ids={"tmdb": 1},
    seasons=(
        Season(1, 6, watched=(1, 2), ratings={1: 4.0}, titles=("Monster Slayer",)),
        Season(2, 6, skipped=(3,), other={"disc": 2}),
    ),
    viewings=(Viewing(date(2026, 1, 2)),),
    notes="mine",
)
THEIRS = Show(
    "",
    "Dark Winds",
    kind=Kind.SERIES,
    status=Status.WATCHED,
    rating=1.0,
    genres=("mystery", "Crime"),
    runtime=44,
    synopsis="On the reservation.",
    cast=(Role("Zahn McClarnon", "Joe Leaphorn"),),
    premiered=date(2022, 6, 14),
    ids={"tmdb": 2, "tvmaze": 54421, "imdb": "tt4660152"},
    tags=("theirs",),
    notes="theirs",
    seasons=(
        Season(1, 6, titles=("Monster Slayer", "The Male Rain Approaches"), watched=(1, 2, 3)),
        Season(2, 5, titles=("Na'niłkaadii",)),
        Season(3, 8, titles=("Ye'iitsoh",), watched=(1,), ratings={1: 1.0}, aired=(date(2025, 3, 9),), other={"x": 1}),
    ),
)


def rows(mine: Show, theirs: Show, written: Written | None = None) -> dict[str, Difference]:
    found = differences(mine, theirs, written.holds) if written else differences(mine, theirs)
    assert len({row.key for row in found}) == len(found)
    return {row.key: row for row in found}


def wanted(found: dict[str, Difference]) -> tuple[Item, ...]:
    return tuple(item for row in found.values() if row.wanted for item in row.items)


def taken(mine: Show, items: tuple[Item, ...], day: date = DAY) -> Show:
    return Taken(mine.id, "tvmaze", day, items).apply(mine)


def test_rows_say_what_differs() -> None:
    found = rows(MINE, THEIRS)
    assert {key: str(row.sign) for key, row in found.items()} == {
        "kind": "+",
        "premiered": "+",
        "runtime": "≠",
        "synopsis": "+",
        "cast": "+",
        "ids": "+",
        "ids.tmdb": "≠",
        "+seasons.titles": "+",
        "seasons.3": "+",
    }
    assert (found["ids"].mine, found["ids"].theirs) == ("tmdb 1", "tvmaze 54421, imdb tt4660152")
    assert (found["+seasons.titles"].mine, found["+seasons.titles"].theirs) == ("1 episode", "2 of 12 episodes")
    assert (found["seasons.3"].label, found["seasons.3"].theirs) == ("Season 3", "8 episodes, from 9 March 2025")
    assert found["cast"].theirs == "Zahn McClarnon: Joe Leaphorn"


def test_empty_fields_are_filled_and_the_users_stay() -> None:
    show = taken(MINE, wanted(rows(MINE, THEIRS)))
    assert (show.title, show.status, show.rating, show.notes, show.tags) == (
        "Dark Winds",
        Status.WATCHING,
        4.0,
        "mine",
        (),
    )
    assert (show.runtime, show.genres) == (45, ("Crime", "Mystery"))
    assert show.ids == {"tmdb": 1, "tvmaze": 54421, "imdb": "tt4660152"}
    assert show.sources == {"tvmaze": DAY}
    assert show.seasons == (
        Season(1, 6, watched=(1, 2), ratings={1: 4.0}, titles=("Monster Slayer", "The Male Rain Approaches")),
        Season(2, 6, skipped=(3,), other={"disc": 2}, titles=("Na'niłkaadii",)),
        Season(3, 8, titles=("Ye'iitsoh",), aired=(date(2025, 3, 9),)),
    )


def test_what_differs_is_replaced_if_the_user_says_so() -> None:
    found = rows(MINE, THEIRS)
    show = taken(MINE, (*found["runtime"].items, *found["ids.tmdb"].items))
    assert (show.runtime, show.ids) == (44, {"tmdb": 2})
    assert replace(show, runtime=45, ids=MINE.ids, sources=NOTHING) == MINE


@pytest.mark.parametrize(
    ("name", "mine", "theirs"),
    [
        ("genres", ("Science-Fiction", "drama"), ("Drama", "science fiction")),
        ("synopsis", "A “great” show.\n", 'A "great" show'),
        ("url", "http://www.example.org/", "https://example.org"),
        ("cast", (Role("Renée A", "x"), Role("B")), (Role("B"), Role("Renee A", "X"))),
        ("aka", (), ("dark winds",)),
    ],
)
def test_what_means_the_same_is_no_difference(name: str, mine: Any, theirs: Any) -> None:
    assert rows(Show("a", "Dark Winds", **{name: mine}), Show("", "x", **{name: theirs})) == {}


def test_seasons_of_a_bare_title_are_one_row_and_a_film_gets_none() -> None:
    theirs = Show("", "x", seasons=(Season(0, 2), Season(1, 6), Season(2, 8, titles=("a",))))
    (row,) = rows(Show("a", "x"), theirs).values()
    assert (row.key, row.theirs, row.mine) == ("seasons", "2 seasons, 14 episodes, 2 specials", "")
    assert taken(Show("a", "x"), row.items).seasons == theirs.seasons
    assert rows(Show("a", "x", kind=Kind.FILM), theirs) == {}


def test_a_longer_season_of_the_source_differs_and_a_shorter_one_does_not() -> None:
    mine = Show("a", "x", seasons=(Season(1, 8), Season(2), Season(3, 5)))
    found = rows(mine, Show("", "x", seasons=(Season(1, 10), Season(2, 6), Season(3, 4))))
    assert [(row.key, row.mine, row.theirs) for row in found.values()] == [
        ("+seasons.episodes", "", "S2 6"),
        ("≠seasons.episodes", "S1 8", "S1 10"),
    ]


def test_a_season_is_put_in_its_place() -> None:
    mine = Show("a", "x", seasons=(Season(1), Season(4), Season(2)))
    found = rows(mine, Show("", "x", seasons=(Season(0), Season(3), Season(5))))
    show = taken(mine, wanted(found))
    assert [season.number for season in show.seasons] == [0, 1, 4, 2, 3, 5]


def test_titles_that_differ_are_named() -> None:
    mine = Show("a", "x", seasons=(Season(2, 3, titles=("A", "B"), first=11),))
    theirs = Show("", "x", seasons=(Season(2, 3, titles=("X", "Y", "C")),))
    found = rows(mine, theirs)
    assert [(row.key, row.mine, row.theirs) for row in found.values()] == [
        ("+seasons.titles", "2 episodes", "1 of 3 episodes"),
        ("≠seasons.titles", "S02E11 A and 1 more", "S02E11 X and 1 more"),
    ]
    assert taken(mine, found["≠seasons.titles"].items).seasons[0].titles == ("X", "Y")


@pytest.mark.parametrize(
    ("mine", "theirs", "titles"),
    [
        (Season(2, 3), Season(2, 3, ("a", "b", "c"), first=9), ("a", "b", "c")),
        (Season(2, 3, first=9), Season(2, 3, ("a", "b", "c")), ("a", "b", "c")),
        (Season(2, 3, first=9), Season(2, 4, ("a", "b", "c"), first=9), ("a", "b", "c")),
        (Season(2, 8), Season(2, 3, ("a", "b", "c"), first=3), ()),
        (Season(2, 3, first=9), Season(2, 3, ("a", "b", "c"), first=10), ()),
        (Season(2), Season(2, 3, ("a", "b", "c"), first=3), ()),
        (Season(2, first=9), Season(2, titles=("a", "b", "c")), ()),
        (Season(2, 10, first=9), Season(2, 18, ("",) * 8 + ("a", "b")), ()),
    ],
)
def test_episodes_are_compared_by_number(mine: Season, theirs: Season, titles: tuple[str, ...]) -> None:
    found = rows(Show("a", "x", seasons=(mine,)), Show("", "x", seasons=(theirs,)))
    season = taken(Show("a", "x", seasons=(mine,)), wanted(found)).seasons[0]
    assert season == mine._replace(titles=titles)
    assert titles or not found, "not even its length is known"


def test_air_dates_are_filled_and_those_of_the_user_stay() -> None:
    mine = Show("a", "x", seasons=(Season(1, 4, aired=(PartialDate(2020), None)),))
    theirs = Show("", "x", seasons=(Season(1, 4, aired=(date(2020, 1, 1), date(2020, 1, 8), None, date(2020, 1, 22))),))
    found = rows(mine, theirs)
    assert [(row.key, row.label, row.mine, row.theirs) for row in found.values()] == [
        ("+seasons.aired", "Air dates", "1 episode", "2 of 4 episodes"),
        ("≠seasons.aired", "Air dates", "S01E01 2020", "S01E01 2020-01-01"),
    ]
    assert taken(mine, wanted(found)).seasons[0].aired == (PartialDate(2020), date(2020, 1, 8), None, date(2020, 1, 22))


def test_both_sides_can_be_read_whole() -> None:
    mine = replace(MINE, synopsis="One.\n\nTwo.", seasons=(Season(1, 3, ("A", "B"), first=11),), ids={"tmdb": 1})
    theirs = replace(
        THEIRS,
        synopsis="Three.\n\nFour.",
        seasons=(Season(0, 1), Season(1, 3, ("X", "Y", "C")), Season(2, 8)),
    )
    found = rows(mine, theirs)
    assert {key: whole_texts(mine, found[key]) for key in ("synopsis", "ids", "seasons.0", "seasons.2")} == {
        "synopsis": ("One.\n\nTwo.", "Three.\n\nFour."),
        "ids": ("", "tvmaze 54421\nimdb tt4660152"),
        "seasons.0": ("", "Specials: 1 episode"),
        "seasons.2": ("", "Season 2: 8 episodes"),
    }
    assert whole_texts(mine, found["≠seasons.titles"]) == ("S01E11 A\nS01E12 B", "S01E11 X\nS01E12 Y")
    longer = rows(mine, replace(theirs, seasons=(Season(1, 5, first=11),)))["≠seasons.episodes"]
    assert whole_texts(mine, longer) == ("S1 3", "S1 5")


def test_a_value_that_is_wrong_in_the_file_is_left_alone() -> None:
    mine = Show(
        "a", "x", problems=(Problem("runtime", "expected a number", "long"), Problem("seasons[0].watched", "", 1))
    )
    assert rows(mine, Show("", "x", runtime=44, seasons=(Season(1),), year=2000)).keys() == {"year"}


def test_what_was_changed_meanwhile_is_not_overwritten() -> None:
    items = tuple(item for row in rows(MINE, THEIRS).values() for item in row.items)
    first, second = MINE.seasons
    meanwhile = replace(
        MINE,
        synopsis="My words.",
        runtime=50,
        ids={"imdb": "tt1"},
        seasons=(first._replace(titles=("Monster Slayer", "My title")), second, Season(3, 1)),
    )
    show = taken(meanwhile, items)
    assert (show.synopsis, show.runtime) == ("My words.", 50)
    assert show.ids == {"imdb": "tt1", "tvmaze": 54421}
    assert show.seasons == (*meanwhile.seasons[:1], second._replace(titles=("Na'niłkaadii",)), Season(3, 1))
    assert show.premiered == THEIRS.premiered
    unchanged = replace(meanwhile, premiered=PartialDate(2022))
    assert taken(unchanged, (Item(("premiered",), None, DAY, Sign.FILLS),)) is unchanged


def test_shows_that_were_removed_meanwhile_are_left_out() -> None:
    library = Watchlist(shows=ShowTable([Show("a", "A"), Show("b", "B")]))
    item = Item(("year",), None, 2000, Sign.FILLS)
    changed = take([Taken(id, "tvmaze", DAY, (item,)) for id in ("b", "gone")])(library)
    assert [show.year for show in changed.shows] == [None, 2000]
    with pytest.raises(NotFound, match='"gone" is no longer on the list'):
        take([Taken("gone", "tvmaze", DAY, (item,))])(library)


def test_a_later_look_up_refreshes_what_came_from_there_and_nothing_else() -> None:
    found = rows(MINE, THEIRS)
    choice = Taken(MINE.id, "tvmaze", DAY, wanted(found))
    show = choice.apply(MINE)
    written = Written().with_items(written_items(choice, MINE, show))
    assert rows(show, THEIRS, written).keys() == {"runtime", "ids.tmdb"}
    first, second, third = show.seasons
    edited = replace(show, synopsis="My own words.", seasons=(first, second, third._replace(titles=("", "B"))))
    later = replace(
        THEIRS,
        synopsis="New words.",
        cast=(Role("Zahn McClarnon", "Leaphorn"), Role("Kiowa Gordon")),
        seasons=(Season(1, 6, titles=("Changed", "Changed too")), Season(3, 9, titles=("New", "C", "D"))),
    )
    signs = {key: row.sign for key, row in rows(edited, later, written).items()}
    assert signs == {
        "runtime": Sign.DIFFERS,
        "ids.tmdb": Sign.DIFFERS,
        "synopsis": Sign.DIFFERS,
        "cast": Sign.REFRESHES,
        "~seasons.episodes": Sign.REFRESHES,
        "+seasons.titles": Sign.FILLS,
        "≠seasons.titles": Sign.DIFFERS,
        "~seasons.titles": Sign.REFRESHES,
    }
    again = taken(edited, wanted(rows(edited, later, written)))
    assert again.synopsis == "My own words."
    assert again.seasons[0].titles == ("Monster Slayer", "Changed too")
    assert (again.seasons[2].episodes, again.seasons[2].titles) == (9, ("New", "B", "D"))


@st.composite
def fetched(draw: st.DrawFn) -> Show:
    """A show as a source gives it: any show, as the sources are not to be trusted."""
    return draw(shows())


def single_values(show: Show) -> dict[tuple[Any, ...], Any]:
    """Every value of a show by its path, without the empty ones."""
    values: dict[tuple[Any, ...], Any] = {}
    for field in STORED:
        value = getattr(show, field.name)
        if field.name == "ids":
            values |= {("ids", key): id for key, id in value.items() if id != ""}
        elif field.name == "seasons":
            for season in value:
                for name, part in season._asdict().items():
                    if name in ("titles", "aired"):
                        values |= {("seasons", season.number, name, n): title for n, title in enumerate(part) if title}
                    elif part not in (None, (), {}):
                        values["seasons", season.number, name] = part
        elif field.name != "sources" and (value != field.type.empty or field.name == "status"):
            values[(field.name,)] = value
    return values


def is_unique(show: Show) -> bool:
    return len({season.number for season in show.seasons}) == len(show.seasons)


@settings(max_examples=examples(60), deadline=None)
@given(shows(), fetched())
def test_no_value_is_overwritten_unasked(mine: Show, theirs: Show) -> None:
    before = single_values(mine)
    after = single_values(taken(mine, wanted(rows(mine, theirs))))
    assert {path: value for path, value in after.items() if path in before} == before
    new = {path[0] for path in after.keys() - before.keys()}
    assert new <= {field.name for field in FILLED} | {"ids", "seasons"}
    kept = {path[2] for path in after.keys() - before.keys() if len(path) > 2}
    assert kept <= {"number", "first", "episodes", "titles", "aired"}


@settings(max_examples=examples(60), deadline=None)
@given(shows(), fetched(), st.data())
def test_only_what_was_chosen_changes(mine: Show, theirs: Show, data: st.DataObject) -> None:
    found = rows(mine, theirs)
    chosen = data.draw(st.sets(st.sampled_from(sorted(found)))) if found else set()
    items = [item for key in chosen for item in found[key].items]
    show = taken(mine, tuple(items))
    for item in items:
        assert same(value_at(show, item.path), item.theirs)
    left = {item.path for key, row in found.items() if key not in chosen for item in row.items}
    assert all(same(value_at(show, path), value_at(mine, path)) for path in left)
    if not items:
        assert show is mine
    again = {item.path for row in rows(show, theirs).values() for item in row.items}
    assert again == left


@settings(max_examples=examples(40), deadline=None)
@given(shows(), fetched(), shows(), fetched())
def test_a_refresh_keeps_every_value_that_the_user_changed(mine: Show, theirs: Show, edited: Show, later: Show) -> None:
    """The user edits some values after a look-up; what another look-up then finds replaces none of them."""
    choice = Taken(mine.id, "tvmaze", DAY, wanted(rows(mine, theirs)))
    show = choice.apply(mine)
    written = Written().with_items(written_items(choice, mine, show))
    names = [field.name for field in STORED if getattr(edited, field.name) != field.type.empty and field.name != "id"]
    changed = replace(show, **{name: getattr(edited, name) for name in names})
    before, after = (single_values(s) for s in (changed, taken(changed, wanted(rows(changed, later, written)))))
    own, wrote = single_values(mine), single_values(show)
    for path, value in before.items():
        from_source = path in wrote and path not in own and is_unique(mine)
        if not from_source or not same(value, wrote[path]):
            assert same(after[path], value), path


def test_a_digest_tells_values_apart() -> None:
    assert digest(("year",), 2000) != digest(("year",), 2001)
    assert digest(("ids", "x"), 1) != digest(("ids", "x"), "1")
    assert len(digest(("cast",), (Role("A"),))) == DIGEST_CHARS
    written = Written().with_items([Item(("seasons", 1, "titles", 2), None, "C", Sign.FILLS)])
    assert written.holds(("seasons", 1, "titles", 2), "C")
    assert not written.holds(("seasons", 1, "titles", 1), "C")
    assert not written.holds(("seasons", 1, "titles", 3), "C")
    assert not Written().holds(("year",), 2000)


def test_facts_tell_candidates_apart() -> None:
    film = Show("", "Dark Wind", kind=Kind.FILM, year=1991, ids={"imdb": "tt0101694"})
    mine = replace(MINE, kind=Kind.SERIES, year=2022)
    assert [(fact.label, str(fact.sign or "")) for fact in facts(mine, film) if fact.sign] == [
        ("Title", "≠"),
        ("Kind", "≠"),
        ("Year", "≠"),
        ("IMDb ID", "+"),
    ]
    found = {fact.name: fact for fact in facts(mine, THEIRS)}
    assert (found["genres"].sign, found["genres"].theirs) == (Sign.SAME, "mystery, Crime")
    assert (found["seasons"].mine, found["seasons"].theirs) == ("2 seasons, 12 ep", "3 seasons, 19 ep")
    assert found["creators"].sign is None


def test_the_label_of_a_look_up_names_its_source() -> None:
    show = taken(MINE, wanted(rows(MINE, THEIRS)))
    assert describe((Delta(MINE, show),)) == "Looked up Dark Winds: kind, premiered, synopsis and 3 more from TVmaze"
    assert describe((Delta(MINE, show), Delta(MINE, show))) == "Looked up 2 shows"
    few = replace(MINE, year=2022, sources={"mine": DAY})
    assert foresee((Delta(MINE, few),)) == "Would look up Dark Winds: year from mine"
    assert describe((Delta(MINE, replace(MINE, sources={"mine": DAY})),)).startswith(
        "Set sources of Dark Winds to mine="
    )
