"""What is typed or pasted to add a show: titles with years, ids and addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.domain.model import Kind
from watchlist.domain.title_text import read_title

IMDB = [
    "tt0113277",
    "TT0113277",
    " tt0113277 ",
    "imdb=tt0113277",
    "imdb: tt0113277",
    "https://www.imdb.com/title/tt0113277/",
    "https://www.imdb.com/title/tt0113277/?ref_=fn_al_tt_1",
    "http://imdb.com/title/tt0113277",
    "m.imdb.com/title/tt0113277/",
    "https://m.imdb.com/de/title/tt0113277/",
    "https://www.imdb.com/de/title/tt0113277/fullcredits/?ref_=tt_cl_sm",
    "https://www.imdb.com/es-es/title/tt0113277/",
    "www.imdb.com/title/tt0113277/episodes?season=1#top",
]


@pytest.mark.parametrize("text", IMDB)
def test_ids_and_addresses_of_imdb(text: str) -> None:
    read = read_title(text)
    assert (dict(read.ids), read.title, read.search) == ({"imdb": "tt0113277"}, "tt0113277", "")
    assert read.url == "https://www.imdb.com/title/tt0113277/"


@pytest.mark.parametrize(
    ("text", "ids", "title", "year", "kind"),
    [
        ("https://www.themoviedb.org/movie/949-heat", {"tmdb": 949}, "Heat", None, Kind.FILM),
        ("themoviedb.org/movie/949", {"tmdb": 949}, "tmdb 949", None, Kind.FILM),
        ("https://www.themoviedb.org/movie/949-heat/cast?language=de", {"tmdb": 949}, "Heat", None, Kind.FILM),
        ("https://www.themoviedb.org/tv/95480-slow-horses", {"tmdb": 95480}, "Slow Horses", None, Kind.SERIES),
        ("tmdb=949", {"tmdb": 949}, "tmdb 949", None, None),
        ("https://www.tvmaze.com/shows/66/the-big-bang-theory", {"tvmaze": 66}, "The Big Bang Theory", None, Kind.SERIES),
        ("tvmaze.com/shows/66", {"tvmaze": 66}, "tvmaze 66", None, Kind.SERIES),
        ("tvmaze:66", {"tvmaze": 66}, "tvmaze 66", None, None),
        ("https://letterboxd.com/film/heat-1995/", {"letterboxd": "heat-1995"}, "Heat", 1995, Kind.FILM),
        ("letterboxd.com/film/burning-2018", {"letterboxd": "burning-2018"}, "Burning", 2018, Kind.FILM),
        ("https://letterboxd.com/ada/film/heat-1995/1/", {"letterboxd": "heat-1995"}, "Heat", 1995, Kind.FILM),
        ("letterboxd.com/film/blade-runner-2049/", {"letterboxd": "blade-runner-2049"}, "Blade Runner 2049", None, Kind.FILM),
        ("letterboxd.com/film/1917/", {"letterboxd": "1917"}, "1917", None, Kind.FILM),
        ("https://boxd.it/2aMu", {}, "boxd.it/2aMu", None, Kind.FILM),
    ],
)  # fmt: skip
def test_addresses_of_other_services(
    text: str, ids: dict[str, object], title: str, year: int | None, kind: Kind | None
) -> None:
    read = read_title(text)
    assert (dict(read.ids), read.title, read.year, read.kind) == (ids, title, year, kind)


def test_a_title_in_an_address_is_searched_for() -> None:
    assert read_title("https://letterboxd.com/film/heat-1995/").search == "Heat (1995)"
    assert read_title("https://www.themoviedb.org/movie/949-heat").search == "Heat"
    for text in ("tvmaze.com/shows/66", "https://boxd.it/2aMu", "tmdb=949", "themoviedb.org/movie/949"):
        assert read_title(text).search == ""


@pytest.mark.parametrize(
    ("text", "title", "year"),
    [
        ("Heat (1995)", "Heat", 1995),
        ("  Heat\t( 1995 ) ", "Heat", 1995),
        ("The Wire (2002-2008)", "The Wire", 2002),
        ("Severance (2022–)", "Severance", 2022),
        ("Sicario, 2015", "Sicario", 2015),
        ("heat 1995", "heat 1995", None),
        ("2001", "2001", None),
        ("Blade Runner 2049", "Blade Runner 2049", None),
        ("Se7en", "Se7en", None),
        ("(1995)", "(1995)", None),
        ("tt123", "tt123", None),
        ("imdb: the film", "imdb: the film", None),
        ("tmdb=heat", "tmdb=heat", None),
        ("https://example.org/title/tt0113277/", "https://example.org/title/tt0113277/", None),
        ("https://www.imdb.com/name/nm0000199/", "https://www.imdb.com/name/nm0000199/", None),
        ("https://www.imdb.com/list/ls000000000/", "https://www.imdb.com/list/ls000000000/", None),
        ("imdb.com.example.org/title/tt0113277/", "imdb.com.example.org/title/tt0113277/", None),
        ("https://[::1/title", "https://[::1/title", None),
    ],
)
def test_everything_else_is_a_title(text: str, title: str, year: int | None) -> None:
    read = read_title(text)
    assert (read.title, read.year, read.ids) == (title, year, {})


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Heat (1995)", [("Heat", 1995)]),
        ("heat 1995", [("heat 1995", None), ("heat", 1995)]),
        ("heat 95", [("heat 95", None), ("heat", 1995), ("heat", 2095)]),
        ("heat '95", [("heat '95", None), ("heat", 1995), ("heat", 2095)]),
        ("heat", [("heat", None)]),
        ("2001", [("2001", None)]),
    ],
)
def test_a_number_at_the_end_may_be_a_year(text: str, readings: list[tuple[str, int | None]]) -> None:
    assert read_title(text).readings() == readings


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    read = read_title(text)
    assert read.text == " ".join(text.split())
    assert bool(read.title) is bool(read.text)


@given(st.text(st.sampled_from("imdb.comtvtthetps:/0123456789-?&=%[]() "), max_size=60))
def test_any_address_is_read(text: str) -> None:
    for start in ("https://", "https://www.imdb.com/", "letterboxd.com/film/", "themoviedb.org/movie/", ""):
        read = read_title(start + text)
        assert read.title or not (start + text).split()
