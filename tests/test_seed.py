"""The list that a new user sees: every fact of Ballard in its field, and nothing that is not known."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import pytest

from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Credit, Kind, Role, Season, Show, Status
from watchlist.domain.show_toml import from_table
from watchlist.errors import nearest

TEXT = files("watchlist").joinpath("ballard.toml").read_text("utf-8")


@pytest.fixture(scope="module")
def ballard() -> Show:
    document = tomllib.loads(TEXT)
    assert document["version"] == 1
    (table,) = document["shows"]
    return from_table(table)


def test_the_facts(ballard: Show) -> None:
    assert (ballard.id, ballard.title, ballard.kind, ballard.year) == ("ballard", "Ballard", Kind.SERIES, 2025)
    assert (ballard.status, ballard.rating, ballard.platform) == (Status.PLANNED, 4.5, "Prime Video")
    assert (ballard.premiered, ballard.runtime, ballard.language) == (date(2025, 7, 9), 46, "English")
    assert ballard.creators == ("Michael Alaimo", "Kendall Sherwood")
    assert ballard.genres == ("Crime", "Drama", "Mystery")
    assert ballard.related == ("Bosch", "Bosch: Legacy")
    assert ballard.based_on.endswith("novels by Michael Connelly")
    assert "cold-case" in ballard.tags
    assert ballard.other == {"certificate": "TV-14", "renewed_on": date(2025, 10, 6)}
    assert ballard.crew == (Credit("Barry Donlevy", "Cinematography"), Credit("Cliff Martinez", "Music"))


def test_the_cast_in_its_order(ballard: Show) -> None:
    assert ballard.cast == (
        Role("Maggie Q", "Renée Ballard"),
        Role("Courtney Taylor", "Samira Parker"),
        Role("John Carroll Lynch", "Thomas Laffont"),
        Role("Michael Mosley", "Ted Rawls"),
        Role("Rebecca Field", "Colleen Hatteras"),
        Role("Victoria Moroles", "Martina Castro"),
        Role("Amy Hill", "Tutu"),
        Role("Noah Bean", "Jake Pearlman"),
        Role("Titus Welliver", "Harry Bosch (guest)"),
    )


def test_one_season_of_ten_with_two_titles_unknown(ballard: Show) -> None:
    titles = ("Library of Lost Souls", "Haystacks", "BYOB", "Landmines", "What's Done in the Dark")
    titles += ("Beneath the Surface", "", "Last Call", "", "End of the Line")
    assert ballard.seasons == (Season(1, 10, titles),)


def test_nothing_unconfirmed_and_nothing_wrong(ballard: Show) -> None:
    assert not ballard.problems
    assert not ballard.ids
    assert (ballard.added, ballard.url, ballard.notes, ballard.viewings) == (None, "", "", ())
    assert "robbery" not in TEXT.lower()
    assert not [key for key in ballard.other if nearest(key, FIELDS)]  # an own key near a field's looks like a slip


def test_the_synopsis_is_as_long_as_a_glance(ballard: Show) -> None:
    assert 60 <= len(ballard.synopsis.split()) <= 80


def test_the_file_reads_well() -> None:
    lines = TEXT.splitlines()
    assert lines[0].startswith("# ")
    assert sum(line.startswith("#") for line in lines) == 1
    assert max(map(len, lines)) <= 126
    assert TEXT.endswith("\n")
