"""Whether a show is on the list already: one answer for what is added, typed, pasted and imported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Call
from tests.strategies import watchlists
from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Show
from watchlist.domain.show_table import ShowTable
from watchlist.domain.watchlist import Watchlist
from watchlist.formats import Imported, merge_imported

HATE = Show("hate", "Hate", year=1995, aka=("La Haine",), kind=Kind.FILM, ids={"imdb": "tt0113247", "tmdb": 406})


def answers(show: Show, library: Watchlist) -> set[bool]:
    """Whether each way to add a show says that it is on the list."""
    once = edits.add_new([show])(library)
    return {
        edits.duplicate_of(show, library) is not None,
        not edits.without_duplicates([show], library),
        len(once.shows) == len(library.shows),
        merge_imported(library, Imported((show,))).counts["new"] == 0,
    }


@pytest.mark.parametrize(
    ("show", "same"),
    [
        (Show("", "La Haine", year=1995), True),
        (Show("", "LA HAINE"), True),
        (Show("", "Hate", year=1995), True),
        (Show("", "Hass", aka=("la haine",)), True),
        (Show("", "Hass", aka=("hate",), year=1995), True),
        (Show("", "La Haine", year=1996), False),
        (Show("", "Hass", year=1995), False),
        (Show("", "Hate", kind=Kind.SERIES), False),
        (Show("", "La Haine", year=1995, kind=Kind.FILM), True),
        (Show("", "Hass", ids={"imdb": "tt0113247"}), True),
        (Show("", "Hass", year=2001, ids={"imdb": "tt0113247"}), True),
        (Show("", "Hass", kind=Kind.SERIES, ids={"imdb": "tt0113247"}), True),
        (Show("", "Hate", year=1995, ids={"imdb": "tt0000001"}), False),
        (Show("", "Hate", year=1995, ids={"trakt": 406}), True),
        (Show("", "Hass", ids={"tmdb": "406"}), True),
        (Show("", "Hass", ids={"tmdb": 406}, kind=Kind.SERIES), False),
        (Show("", "Hass", ids={"tmdb": 406, "imdb": "tt0000001"}), False),
        (Show("", "Hass", ids={"trakt": 406}), False),
    ],
)
def test_who_is_on_the_list_already(show: Show, same: bool) -> None:
    assert answers(show, Watchlist(ShowTable((HATE,)))) == {same}
    other = replace(show, id="x")
    assert answers(replace(HATE, id=""), Watchlist(ShowTable((other,)))) == {same}, "it works both ways"


TITLES = st.sampled_from(["Hate", "hâte", "La Haine", "Heat"])
RELATED = st.builds(
    Show,
    st.just(""),
    TITLES,
    year=st.sampled_from([None, 1995, 1996, 2001]),
    kind=st.sampled_from([None, *Kind]),
    aka=st.lists(TITLES, max_size=1).map(tuple),
    ids=st.dictionaries(st.sampled_from(["imdb", "tmdb"]), st.sampled_from([1, 2, "1", "tt1"]), max_size=2),
)


@given(st.lists(RELATED, max_size=4), RELATED)
def test_every_way_to_add_a_show_gives_the_same_answer(known: list[Show], show: Show) -> None:
    library = Watchlist(ShowTable(replace(other, id=f"s{at}") for at, other in enumerate(known)))
    assert len(answers(show, library)) == 1
    duplicate = edits.duplicate_of(show, library)
    (outcome,) = merge_imported(library, Imported((show,))).outcomes
    assert duplicate is None or outcome.show.id == duplicate.id, "and means the same show"


@given(watchlists())
def test_a_show_of_the_list_is_on_it(library: Watchlist) -> None:
    for show in library.shows:
        assert True in answers(replace(show, id=""), library)


def test_a_show_by_another_of_its_titles_is_not_added_twice(call: Call) -> None:
    call("init", "--empty")
    call("add", "Hate (1995)", "aka=La Haine")
    ran = call("add", "La Haine (1995)")
    assert (ran.code, "Hate (1995) is on the list already, as hate" in ran.err) == (1, True)
    assert call("add", "La Haine (1995)", "kind=film", "--force").code == 0
