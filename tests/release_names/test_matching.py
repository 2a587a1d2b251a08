"""What the list knows decides: years, ids, countries, folders, seasons; and what guessit adds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_names.conftest import decision
from watchlist.domain.episodes import format_episodes
from watchlist.domain.model import Kind, Season, Show
from watchlist.domain.text import fold
from watchlist.release_names import guessit_reader
from watchlist.release_names.decision import Decision, Outcome, decide
from watchlist.release_names.parser import parse
from watchlist.release_names.title_keys import initial, keys, marks


def show(title: str = "Harbor Lights", **fields: Any) -> Show:
    return Show(**{"id": "it", "title": title, "kind": Kind.SERIES} | fields)


def seasons(*lengths: int | None, **fields: Any) -> tuple[Season, ...]:
    return tuple(Season(number, length, **fields) for number, length in enumerate(lengths, 1))


@pytest.mark.parametrize(
    ("name", "year", "outcome"),
    [
        ("Heat.1995.mkv", 1995, Outcome.VIEWING),
        ("Heat.1995.mkv", 1996, Outcome.VIEWING),
        ("Heat.1995.mkv", 1997, Outcome.UNKNOWN),
        ("Heat.1995.mkv", None, Outcome.VIEWING),
        ("Heat.mkv", 1995, Outcome.VIEWING),
    ],
)
def test_a_year_may_differ_by_one(name: str, year: int | None, outcome: Outcome) -> None:
    assert decision(name, [show("Heat", kind=Kind.FILM, year=year)]).outcome is outcome


def test_the_year_that_is_equal_wins_over_one_that_is_near() -> None:
    films = [show("Snow", id=str(year), kind=Kind.FILM, year=year) for year in (2011, 2012, None)]
    made = decision("Snow.2012.mkv", films)
    assert made.show is not None
    assert made.show.id == "2012"


def test_an_id_decides_before_the_title_and_a_wrong_one_against_it() -> None:
    heat = show("Heat", kind=Kind.FILM, ids={"imdb": "tt0113277", "tmdb": 949})
    assert decision("Anything {imdb-tt0113277}.mkv", [heat]).outcome is Outcome.VIEWING
    assert decision("Anything [tmdbid-949].mkv", [heat]).outcome is Outcome.VIEWING
    assert decision("Heat {imdb-tt0000001}.mkv", [heat]).outcome is Outcome.UNKNOWN
    # services but IMDb number films and series separately
    assert decision("Anything [tmdbid-949] S01E02.mkv", [heat]).outcome is Outcome.UNKNOWN
    assert decision("Anything [tmdbid-949].mkv", [show("Other", ids={"tmdb": 949})]).outcome is Outcome.UNKNOWN


def test_a_film_has_no_episodes_and_a_series_is_not_seen_as_a_whole() -> None:
    assert decision("Heat.S01E02.mkv", [show("Heat", kind=Kind.FILM)]).outcome is Outcome.UNKNOWN
    made = decision("Heat.1080p.mkv", [show("Heat")])
    assert (made.outcome, made.why) == (Outcome.NO_VIEWING, "its name has no episode")


def test_of_an_unknown_kind_the_user_is_asked_if_it_is_a_film() -> None:
    made = decision("Heat.1995.mkv", [show("Heat", kind=None)])
    assert (made.outcome, made.is_film) == (Outcome.DOUBT, True)
    assert decision("Heat.S01E02.mkv", [show("Heat", kind=None)]).outcome is Outcome.VIEWING


def numbered(number: int, rows: tuple[Season, ...]) -> tuple[str, bool]:
    """The episode that `[Group] Sky Pirates - NUMBER` is, and if that is certain."""
    made = decision(f"[Group] Sky Pirates - {number} [720p].mkv", [show("Sky Pirates", seasons=rows)])
    return format_episodes(made.episodes), made.outcome is Outcome.VIEWING


@pytest.mark.parametrize(
    ("number", "rows", "episode"),
    [
        (25, (), ("S01E25", True)),
        (25, seasons(30), ("S01E25", True)),
        (25, seasons(None), ("S01E25", True)),
        (3, seasons(12, 12), ("S01E03", True)),
        (3, seasons(12, 12, watched=(3,)), ("S01E03", False)),  # perhaps S02E03, counted from 1 again
        (14, seasons(12, 12), ("S02E02", True)),
        (14, (Season(1, 12), Season(2, 12, first=13)), ("S02E14", True)),
        (30, seasons(12, 12), ("S02E30", False)),
        (14, seasons(12, None), ("S02E02", False)),
        (14, (Season(0, 20), *seasons(12, 12)), ("S02E02", True)),
    ],
)
def test_a_number_without_a_season_counts_over_all_seasons(
    number: int, rows: tuple[Season, ...], episode: tuple[str, bool]
) -> None:
    assert numbered(number, rows) == episode


def test_an_episode_that_the_list_does_not_have_is_asked_about() -> None:
    made = decision("Harbor.Lights.S01E04.mkv", [show(seasons=seasons(3))])
    assert (made.outcome, made.why) == (Outcome.DOUBT, "season 1 of Harbor Lights has 3 episodes")
    assert format_episodes(made.episodes) == "S01E04"


def test_a_country_has_to_be_on_both_sides_or_on_none() -> None:
    us, plain = show("The Office (US)", id="us"), show("The Office", id="plain")
    for name, listed, sure in (
        ("The.Office.US.S01E02.mkv", us, True),
        ("The.Office.S01E02.mkv", plain, True),
        ("The.Office.US.S01E02.mkv", plain, False),
        ("The.Office.S01E02.mkv", us, False),
        ("The.Office.UK.S01E02.mkv", us, False),
    ):
        assert (decision(name, [listed]).outcome is Outcome.VIEWING) is sure, name
    both = decision("The.Office.S01E02.mkv", [us, plain])
    assert both.show is not None
    assert both.show.id == "plain"


def test_keys_ignore_punctuation_and_never_a_word() -> None:
    for one, other in (
        ("Spider-Man", "spiderman"),
        ("Spider-Man", "Spider Man"),
        ("S.W.A.T.", "SWAT"),
        ("Law & Order", "law and order"),
        ("Dune: Part Two", "Dune.Part.2"),
        ("Björnstad", "Bjoernstad"),
        ("Björnstad", "bjornstad"),
        ("Schindler’s List", "Schindlers List"),
        ("d'Amélie", "d Amelie"),
    ):
        assert keys(one) & keys(other), (one, other)
    for one, other in (("The Heat", "Heat"), ("U.S.", "Us"), ("Heat", "Heat 2"), ("Star Trek: Picard", "Star Trek")):
        assert not keys(one) & keys(other), (one, other)
    assert keys("???") == frozenset()
    assert all(
        key.startswith(initial(title))
        for title in ("Élite", "鬼滅の刃", "8½", "[REC]", "Ångström")
        for key in keys(title)
    )
    assert marks("House of Cards (1990) (UK)") == ("House of Cards", 1990, "gb")
    assert marks("(500) Days of Summer") == ("(500) Days of Summer", None, "")


def test_a_long_path_and_a_long_name_are_cut() -> None:
    assert len(parse("a" * 1000 + ".mkv").name) < 300
    assert parse("x/" * 100_000 + "Slow Horses/Season 2/03.mkv").title == "Slow Horses"


# guessit, which is an extra


def guesses(*names: str, shows: list[Show]) -> list[Decision]:
    return decide(names, shows, [(show.title, *show.aka) for show in shows])


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no hostile name."""
    pytest.importorskip("guessit")
    monkeypatch.setattr(guessit_reader, "MAX_SECONDS", 30)


def test_guessit_reads_what_the_own_parser_can_not(patient: None) -> None:
    own = decision("Harbor Lights - 01.02.mkv", [show()])
    made = guesses(
        "Harbor Lights - 01.02.mkv", "Slow.Horses.S01E02.mkv", "nothing.mkv", shows=[show(seasons=seasons(12))]
    )
    assert own.outcome is Outcome.UNKNOWN
    assert made[0].show is not None
    assert made[0].outcome is Outcome.DOUBT
    assert [decision.outcome for decision in made[1:]] == [Outcome.UNKNOWN] * 2


def test_the_title_is_all_of_the_text_before_the_code_whatever_guessit_makes_of_it(patient: None) -> None:
    shows = [show("of Lies", id="a"), show("Man", id="b"), show("Lights", id="c"), show("Harbor", id="d")]
    for name in ("Web of Lies - 01.02.mkv", "Spider-Man - 01.02.mkv", "Harbor Lights - 01.02.mkv"):
        assert guesses(name, shows=shows)[0].outcome is Outcome.UNKNOWN


def test_guessit_is_stopped_when_its_time_is_over(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    releases = [parse("Harbor Lights - 01.02.mkv")]
    assert guessit_reader.with_guesses(releases) != releases
    monkeypatch.setattr(guessit_reader, "MAX_SECONDS", 0)
    assert guessit_reader.with_guesses(releases) == releases


def test_a_name_full_of_numbers_is_not_given_to_guessit() -> None:
    assert guessit_reader.read("01-99." * 20) == {}


def test_a_module_in_the_folder_of_the_videos_is_not_run(tmp_path: Path, patient: None) -> None:
    (tmp_path / "guessit.py").write_text("open('ran', 'w')\n", "utf-8")
    code = (
        "from watchlist.release_names import guessit_reader as reader\n"
        "from watchlist.release_names.parser import parse\n"
        "import sys; sys.path.insert(0, ''); reader.MAX_SECONDS = 30\n"
        "print(reader.with_guesses([parse('Harbor Lights - 01.02.mkv')])[0].readings)\n"
    )
    root = str(Path(__file__).parents[2])
    ran = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'Harbor Lights'" in ran.stdout
    assert not (tmp_path / "ran").exists()


PARTS = st.sampled_from(
    [
        *"([{}])-. _&+~:/\\",
        "S01",
        "E02",
        "1x02",
        "2019",
        "12",
        "Season",
        "Part",
        "of",
        "Heat",
        "US",
        "OVA",
        "第",
        "集",
        "\0",
        "\ud800",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=25).map("".join)))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    film, series = show("Heat", id="film", kind=Kind.FILM), show("Heat", id="series")
    for name in (text, f"{text}/{text}.mkv"):
        made = decision(name, [film, series])
        assert made.outcome is Outcome.VIEWING or made.why
        if made.outcome is Outcome.VIEWING:
            assert re.search("heat", fold(name))
