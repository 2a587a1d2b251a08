"""The search in the catalogue: what is found for a text, and in which order."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.catalogue.datasets import BASIC, COLUMNS, NOW, make, opened, table
from watchlist.domain.model import Kind
from watchlist.sources.catalogue.build import build
from watchlist.sources.catalogue.database import Catalogue
from watchlist.sources.catalogue.words import distance, index_words, parse_query, search_words, typo_keys


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with opened(make(tmp_path_factory.mktemp("catalogue"))) as catalogue:
        yield catalogue


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with opened(make(tmp_path_factory.mktemp("catalogue"), (*BASIC, "title.akas"))) as catalogue:
        yield catalogue


def found(catalogue: Catalogue, text: str) -> list[str]:
    return [title.title for title in catalogue.search(text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("slo", "Slow Horses"),
        ("SLO", "Slow Horses"),
        ("horses", "Slow Horses"),
        ("hor slo", "Slow Horses"),
        ("slow horses", "Slow Horses"),
        ("heat", "Heat"),
        ("the heat", "The Heat"),
        ("amelie", "Amélie"),
        ("amélie", "Amélie"),
        ("fabuleux", "Amélie"),
        ("les miserables", "Les Misérables"),
        ("lodz", "Łódź Noir"),
        ("千と", "Spirited Away"),
        ("spiderman", "Spider-Man"),
        ("spider man", "Spider-Man"),
        ("spider-man", "Spider-Man"),
        ("slowhorses", "Slow Horses"),
        ("breakingbad", "Breaking Bad"),
        ("elephantman", "The Elephant Man"),
        ("oceans eleven", "Ocean's Eleven"),
        ("ocean’s eleven", "Ocean's Eleven"),
        ("ocean", "Ocean's Eleven"),
        ("avventura", "L'avventura"),
        ("l'avventura", "L'avventura"),
        ("law and order", "Law & Order"),
        ("law & order", "Law & Order"),
        ("m", "M"),
        ("matrix", "The Matrix"),
        ("1917", "1917"),
        ("blade runner 2049", "Blade Runner 2049"),
        ("blade runner 20", "Blade Runner 2049"),
    ],
)
def test_the_best_known_title_that_is_meant_comes_first(catalogue: Catalogue, text: str, first: str) -> None:
    assert found(catalogue, text)[0] == first


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("slwo horses", "Slow Horses"),
        ("slow hoses", "Slow Horses"),
        ("slow horsses", "Slow Horses"),
        ("brekaing bad", "Breaking Bad"),
        ("brakeing", "Breaking Bad"),
        ("godfahter", "The Godfather"),
        ("chernboyl", "Chernobyl"),
        ("chernobil", "Chernobyl"),
        ("xpider man", "Spider-Man"),
        ("matirx", "The Matrix"),
        ("spritied awya", "Spirited Away"),
        ("amelei 2001", "Amélie"),
    ],
)
def test_small_typos_are_understood(catalogue: Catalogue, text: str, first: str) -> None:
    assert found(catalogue, text)[0] == first


@pytest.mark.parametrize("text", ["heat 1995", "heat 95", "Heat (1995)", "heat 199", "heat 1995 ", "HEAT(1995)"])
def test_a_year_narrows(catalogue: Catalogue, text: str) -> None:
    assert found(catalogue, text) == ["Heat"]


def test_a_year_that_is_still_typed_hides_nothing_of_its_decade(catalogue: Catalogue) -> None:
    assert found(catalogue, "heat 1") == ["Heat", "In the Heat of the Night"]
    assert found(catalogue, "heat 196") == ["In the Heat of the Night"]
    assert found(catalogue, "heat (2013)") == ["The Heat"]
    assert found(catalogue, "heat 1842") == []


@pytest.mark.parametrize("text", ["", " ", "()", "(1842)", "***", "\0", "\udcff", '"', "NEAR(", "xyzzyx", "¶1995", "¶"])
def test_a_text_that_means_nothing_finds_nothing(catalogue: Catalogue, text: str) -> None:
    assert found(catalogue, text) == []


def test_what_is_left_out(catalogue: Catalogue) -> None:
    for text in ("adult", "unknown video", "never rated", "heat the game", "last stop"):
        assert not {*found(catalogue, text)} & {
            "Heat of an Adult Kind",
            "Unknown Video",
            "Never Rated",
            "Heat the Game",
        }
    assert found(catalogue, "not out yet") == ["Not Out Yet"]
    assert found(catalogue, "night december") == ["A Night in December"]


@pytest.mark.parametrize(
    ("text", "title", "known_as"),
    [
        ("der pate", "The Godfather", "Der Pate"),
        ("ojciec", "The Godfather", "Ojciec chrzestny"),
        ("slon", "The Elephant Man", "Sloní muž"),
        ("człowiek", "The Elephant Man", "Człowiek słoń"),
        ("chihiro", "Spirited Away", "Sen to Chihiro no kamikakushi"),
        ("chihrio", "Spirited Away", "Sen to Chihiro no kamikakushi"),
        ("fabelhafte welt", "Amélie", "Die fabelhafte Welt der Amelie"),
        ("godfather", "The Godfather", ""),
    ],
)
def test_titles_in_other_languages_are_found(multilingual: Catalogue, text: str, title: str, known_as: str) -> None:
    hit = multilingual.search(text)[0]
    assert (hit.title, hit.known_as) == (title, known_as)


def test_a_title_in_another_language_does_not_hide_a_title(multilingual: Catalogue) -> None:
    assert found(multilingual, "slo")[:2] == ["Slow Horses", "The Elephant Man"]


def test_a_hit_has_what_tells_it_from_another(catalogue: Catalogue) -> None:
    hit = catalogue.search("slow horses")[0]
    assert (hit.id, hit.year, hit.kind, hit.type, hit.runtime) == ("tt9000004", 2022, Kind.SERIES, "series", 50)
    assert (hit.genres, hit.votes, hit.rating) == (("Crime", "Drama", "Thriller"), 150_000, 8.3)
    assert (hit.seasons, hit.episodes) == (2, 6)
    assert catalogue.search("chernobyl")[0].type == "miniseries"
    assert catalogue.search("breaking bad")[0].end_year == 2013
    assert catalogue.search("amelie")[0].original_title == "Le fabuleux destin d'Amélie Poulain"


def test_the_limit_is_kept(catalogue: Catalogue) -> None:
    assert len(catalogue.search("h", 2)) == 2
    assert catalogue.search("heat", 0) == catalogue.search("heat", -1) == []
    assert found(catalogue, "heat") == [title.title for title in catalogue.search("heat", 10**9)]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A catalogue in which many known titles begin alike."""
    folder = tmp_path_factory.mktemp("crowded")
    rows = [[f"tt{number:07}", f"Common Mars {number}", "2001", str(9000 - number)] for number in range(1, 400)]
    rows += [
        ["tt0000901", "Common", "1933", "7"],
        ["tt0000902", "M", "1990", "90"],
        ["tt0000903", "Common Rome", "1950", "8"],
    ]
    basics = [[id, "movie", title, title, "0", year, "\\N", "90", "Drama"] for id, title, year, _ in rows]
    paths = [folder / "basics", folder / "ratings"]
    paths[0].write_text(table("title.basics", basics), "utf-8")
    paths[1].write_text(table("title.ratings", [[id, "5.0", votes] for id, _, _, votes in rows]), "utf-8")
    build(paths, folder / "catalogue.sqlite", NOW, lambda *_: None)
    with opened(folder / "catalogue.sqlite") as catalogue:
        yield catalogue


def test_what_is_meant_is_found_though_hundreds_are_better_known(crowded: Catalogue) -> None:
    assert found(crowded, "common 1933") == ["Common"]
    assert "Common Rome" in found(crowded, "common 195")
    assert found(crowded, "common rom") == ["Common Rome"]
    assert "M" in found(crowded, "m")[:6]
    assert found(crowded, "common")[5] == "Common"  # after the five best known
    assert [title.votes for title in crowded.search("mars", 20)] == list(range(8999, 8979, -1))


def test_many_threads_may_search_at_once(catalogue: Catalogue) -> None:
    texts = ["slo", "heat 95", "brekaing bad", "m"] * 25
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: found(catalogue, text), texts)) == [found(catalogue, text) for text in texts]


@given(st.text(max_size=60))
def test_no_text_is_too_odd(catalogue: Catalogue, text: str) -> None:
    catalogue.search(text)


@given(st.text(max_size=30))
def test_a_title_is_found_by_its_own_words(title: str) -> None:
    words = index_words((title,))
    for word in search_words(title):
        assert any(other.startswith(word) for other in words)


def test_words_of_titles() -> None:
    assert list(index_words(("Spider-Man: No Way Home", "Ocean's 11", "L’Avventura"))) == [
        *("spider", "man", "spiderman", "no", "way", "home", "oceans", "ocean", "11", "lavventura", "avventura")
    ]
    assert list(index_words(("M*A*S*H", "S.W.A.T.", "Tom & Jerry"))) == [
        *("m", "a", "s", "h", "mash", "w", "t", "swat", "tom", "and", "jerry")
    ]


def test_years_in_a_search_text() -> None:
    assert parse_query("Heat (1995)") == (("heat",), "1995", False)
    assert parse_query("Dark (2017-2020)") == (("dark",), "2017", False)
    assert parse_query("Dark (2017–)") == (("dark",), "2017", False)
    assert parse_query("(1995)") == (("1995",), "", False)
    assert parse_query("1917") == (("1917",), "", False)
    assert parse_query("heat 95") == (("heat",), "95", True)


@pytest.mark.parametrize(
    ("typed", "word", "typos"),
    [
        ("heat", "heat", 0),
        ("heat", "heated", 0),  # a beginning
        ("haet", "heat", 1),
        ("hat", "heat", 1),
        ("heeat", "heat", 1),
        ("xeat", "heat", 1),
        ("brekin", "breaking", 1),
        ("chernboil", "chernobyl", 2),
        ("", "heat", 0),
        ("heat", "", 3),
        ("abcdef", "ghijkl", 3),
    ],
)
def test_the_distance_counts_typos(typed: str, word: str, typos: int) -> None:
    assert distance(typed, word, 2) == typos


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_distance_is_that_of_the_nearest_beginning(typed: str, word: str) -> None:
    nearest = min(_slow_distance(typed, word[:end]) for end in range(len(word) + 1))
    assert distance(typed, word, 2) == min(nearest, 3)


def _slow_distance(a: str, b: str) -> int:
    """The optimal string alignment distance by its definition."""
    rows = [[max(i, j) if not i or not j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            cost = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            rows[i][j] = cost
    return rows[-1][-1]


@given(st.text("abcd", min_size=4, max_size=7), st.data())
def test_words_that_differ_by_one_typo_share_a_key(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcd"))
    wrong = data.draw(
        st.sampled_from(
            [
                word[:place] + letter + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :],
            ]
        )
    )
    assert typo_keys(word) & typo_keys(wrong)


def test_a_place_without_a_catalogue_has_none(tmp_path: Path) -> None:
    assert Catalogue.open(tmp_path / "catalogue.sqlite") is None
    assert Catalogue.open(tmp_path / "no folder" / "catalogue.sqlite") is None


@pytest.mark.parametrize("action", ["replaced", "removed"])
def test_a_catalogue_may_be_replaced_or_removed_at_any_moment(tmp_path: Path, action: str) -> None:
    one, two, path = make(tmp_path / "one"), make(tmp_path / "two", COLUMNS), tmp_path / "catalogue.sqlite"
    assert one.stat().st_size != two.stat().st_size
    opened_ones = 0
    for moment in itertools.count():
        shutil.copy(one, tmp_path / "new")
        (tmp_path / "new").replace(path)
        shutil.copy(two, tmp_path / "new")
        calls = 0

        def act(frame: FrameType, event: str, argument: object, moment: int = moment) -> None:
            nonlocal calls
            if event in ("call", "c_call"):
                if calls == moment:
                    (tmp_path / "new").replace(path) if action == "replaced" else path.unlink()
                calls += 1

        sys.setprofile(act)
        try:
            catalogue = Catalogue.open(path)
            if catalogue is not None:
                catalogue.check()
        finally:
            sys.setprofile(None)
        if catalogue is not None:
            opened_ones += 1
            with catalogue:
                assert found(catalogue, "slo")[0] == "Slow Horses"
        if calls < moment:
            break
    assert (moment > 100, opened_ones > 10) == (True, True)
