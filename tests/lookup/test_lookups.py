"""Which candidate is certain, and whose data it is."""

from __future__ import annotations

import pytest

from watchlist.command_table import SOURCE_NAMES
from watchlist.domain.model import Kind, Show
from watchlist.domain.source_credits import credit_of
from watchlist.errors import LookupFailed, NotFound
from watchlist.lookups import FailuresInRow, Matches
from watchlist.sources.lookup.choose import SOURCES
from watchlist.sources.lookup.source import Candidate


def candidate(id: str, title: str, year: int | None = None, *, source: str = "tvmaze", imdb: str = "") -> Candidate:
    facts = Show("", title, kind=Kind.SERIES, year=year, ids={"imdb": imdb} if imdb else {})
    return Candidate(source, id, title, year, Kind.SERIES, facts)


HITS = (candidate("1", "Dark", 2017, imdb="tt1"), candidate("2", "Dark", 2001), candidate("3", "Dark Matter", 2024))


@pytest.mark.parametrize(
    ("show", "certain"),
    [
        (Show("a", "Dark", year=2017), "1"),
        (Show("a", "dárk", year=2001), "2"),
        (Show("a", "Dark", year=2010), None),
        (Show("a", "Dark"), None),
        (Show("a", "Dark", kind=Kind.SERIES), None),
        (Show("a", "Dark Matter"), None),
        (Show("a", "Dark Matter", kind=Kind.SERIES), "3"),
        (Show("a", "Dark Matter", kind=Kind.FILM), None),
        (Show("a", "Dark Matter", kind=Kind.FILM, year=2024), None),
        (Show("a", "Finster", ids={"imdb": "tt1"}), "1"),
        (Show("a", "Dark", year=2017, ids={"imdb": "tt9"}), None),
    ],
)
def test_only_one_that_can_be_meant_is_certain(show: Show, certain: str | None) -> None:
    found = Matches(show, HITS).certain
    assert (found.id if found is not None else None) == certain


def test_a_film_and_a_series_with_one_number_share_no_id() -> None:
    """Services number films and series separately."""
    facts = Show("", "Breaking", kind=Kind.SERIES, ids={"tmdb": 1396})
    found = Matches(
        Show("a", "Mirror", kind=Kind.FILM, ids={"tmdb": 1396}), (Candidate("tmdb", "1396", "x", facts=facts),)
    )
    assert found.by_id is None
    assert Matches(Show("a", "Mirror", ids={"tmdb": 1396}), found.candidates).by_id is not None


def test_an_id_is_named_as_the_list_has_it() -> None:
    assert Candidate("omdb", "tt1", "x", facts=Show("", "x", ids={"imdb": "tt1"})).named_id == "imdb=tt1"
    assert Candidate("tmdb", "5", "x", facts=Show("", "x", ids={"imdb": "tt1", "tmdb": 5})).named_id == "tmdb=5"


@pytest.mark.parametrize(
    ("ends", "stops"), [("FFF", True), ("FF.F", False), ("FFNF", False), ("FNFFF", True), ("NNN", False)]
)
def test_failures_are_counted_in_a_row(ends: str, stops: bool) -> None:
    errors = {"F": LookupFailed("x"), "N": NotFound("x"), ".": None}
    failures = FailuresInRow()
    assert [failures.are_too_many(errors[end]) for end in ends][-1] == stops


def test_completion_offers_every_source() -> None:
    assert SOURCE_NAMES.split(",") == list(SOURCES)


def test_another_source_may_be_certain() -> None:
    others = (candidate("9", "Dark", 2010, source="wikidata"),)
    found = Matches(Show("a", "Dark", year=2010), (*HITS, *others)).certain
    assert found is not None
    assert found.id == "9"


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_the_details_credit_a_source_as_its_answers_do(source: object) -> None:
    name, title, credit = (getattr(source, part) for part in ("name", "title", "credit"))
    assert credit_of(name).title == title
    assert credit_of(name).credit.lower() in credit.lower()
    assert title in credit
