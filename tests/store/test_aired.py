"""The air dates of episodes: in the file, in JSON, in an import, and beside each episode."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.conftest import Call
from tests.store.conftest import Opened
from watchlist.domain import edits, show_text
from watchlist.domain.dates import PartialDate
from watchlist.domain.episodes import Episode, seasons_of
from watchlist.domain.frozen import same
from watchlist.domain.json_values import from_json, to_json
from watchlist.domain.model import Kind, Season, Show, Viewing
from watchlist.domain.show_table import ShowTable
from watchlist.domain.show_toml import from_table, to_table
from watchlist.domain.watchlist import Watchlist
from watchlist.formats import Imported, merge_imported
from watchlist.panels.episode_grid import cells

AIRED = (date(2025, 7, 9), PartialDate(2025, 8), PartialDate(2025), None)
LIST = """\
[[shows]]
id = "s"
title = "S"
kind = "series"

[[shows.seasons]]
number = 1
aired = [ 2025-07-09,"2025-08",   # mine
          '' ]
episodes = 3
"""


def test_dates_are_read_from_the_file_and_written_to_it() -> None:
    table = {"number": 1, "episodes": 4, "aired": [date(2025, 7, 9), "2025-08", "2025", ""]}
    show = from_table({"id": "s", "title": "S", "seasons": [table]})
    assert show.seasons == (Season(1, 4, aired=AIRED),)
    assert same(to_table(show)["seasons"], [table])
    assert [show.seasons[0].aired_on(number) for number in range(6)] == [None, *AIRED, None]
    assert Season(1, 4, aired=AIRED, first=11).aired_on(12) == PartialDate(2025, 8)


@pytest.mark.parametrize("value", ["2025-07-09", ["soon"], [1], ["2025-13"], [[]], {}])
def test_another_value_is_a_problem(value: Any) -> None:
    show = from_table({"id": "s", "title": "S", "seasons": [{"number": 1, "aired": value}]})
    assert [problem.key for problem in show.problems] == ["seasons[0].aired"]


def test_a_change_leaves_their_spelling(opened: Opened) -> None:
    mine = opened(LIST)
    mine.apply(edits.watch(["s"], Viewing(), [Episode(1, 2)]))
    assert LIST.partition("aired")[2].partition("episodes")[0] in mine.text()
    assert mine.list.shows[0].seasons[0].watched == (2,)
    mine.undo()
    assert mine.text() == LIST


def test_json_has_them_as_iso_strings() -> None:
    table = {"seasons": [{"number": 1, "aired": [date(2025, 7, 9), "2025-08", ""]}], "aired": "2025-07-09"}
    assert to_json(table)["seasons"][0]["aired"] == ["2025-07-09", "2025-08", ""]
    assert same(from_json(to_json(table)), table)


@pytest.mark.parametrize("name", ["json", "jsonl", "csv", "tsv", "toml"])
def test_an_export_has_them_and_an_import_reads_them(call: Call, tmp_path: Any, name: str) -> None:
    source, file = tmp_path / "list.toml", tmp_path / f"out.{name}"
    source.write_text(LIST, encoding="utf-8")
    assert call("export", "--file", str(source), "-o", str(file)).code == 0
    assert call("import", str(file)).code == 0
    shown = json.loads(call("show", "s", "--json").out)
    assert shown["seasons"] == [{"number": 1, "episodes": 3, "aired": ["2025-07-09", "2025-08", ""]}]


def test_a_json_value_of_another_type_is_reported_and_no_fault(call: Call, tmp_path: Any) -> None:
    file = tmp_path / "in.json"
    file.write_text('[{"title": "A", "premiered": 5, "seasons": [{"number": 1, "aired": 5}]}]', encoding="utf-8")
    done = call("import", str(file))
    assert done.code == 0
    assert "seasons[0].aired" in done.err


def test_an_import_adds_them_and_keeps_yours() -> None:
    def merged(mine: Any, imported: Any, *, theirs: bool = False) -> tuple[Any, ...]:
        shows = [Show("s", "S", kind=Kind.SERIES, seasons=(Season(1, 2, aired=aired),)) for aired in (mine, imported)]
        library = Watchlist(shows=ShowTable(shows[:1]))
        (show,) = merge_imported(library, Imported(tuple(shows[1:])), theirs=theirs).edit(library).shows
        return tuple(show.seasons[0].aired)

    assert merged((), AIRED) == AIRED
    assert merged(AIRED[:2], AIRED) == AIRED[:2]
    assert merged(AIRED[:2], AIRED, theirs=True) == AIRED


def test_two_rows_of_one_season_are_one() -> None:
    show = Show("s", "S", seasons=(Season(1, 2), Season(1, aired=AIRED)))
    assert seasons_of(show)[0].aired == AIRED


def test_an_episode_says_when_it_is_aired() -> None:
    season = Season(1, 5, ("Pilot",), aired=AIRED)
    show = Show("s", "S", kind=Kind.SERIES, seasons=(season,))
    about = [show_text.about_episode(show, season, number) for number in (1, 2, 3, 4, 5)]
    assert about == [
        "aired 9 July 2025 · not watched · not rated",
        "aired August 2025 · not watched · not rated",
        "aired 2025 · not watched · not rated",
        "not watched · not rated",
        "not watched · not rated",
    ]
    assert show_text.coming(show) == "next: S01E01 Pilot, aired 9 July 2025"
    assert show_text.coming(show, date(2025, 7, 8)) == "next: S01E01 Pilot, airs 9 July 2025"
    assert show_text.coming(show, date(2025, 7, 9)) == "next: S01E01 Pilot, aired 9 July 2025"


def test_a_season_of_unknown_length_has_a_cell_for_each_date() -> None:
    assert list(cells(Season(1, aired=AIRED))) == [1, 2, 3, 4, 5]
