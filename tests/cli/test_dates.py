"""Dates on the command line and in files: taken wherever a date is typed, kept as precise as they are, brought in and out."""

from __future__ import annotations

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Call


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('[[shows]]\nid = "heat"\ntitle = "Heat"\nkind = "film"\n', "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def show(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))["shows"][0]


@pytest.mark.parametrize(
    ("typed", "kept"), [("2019-05", "2019-05"), ("2019", "2019"), ("2019-05-03", date(2019, 5, 3)), ("unknown", None)]
)
def test_E2_a_date_is_kept_as_it_was_given_wherever_it_is_typed(
    call: Call, file: Path, typed: str, kept: object
) -> None:
    assert call("watch", "heat", "--date", typed).code == 0
    assert show(file)["viewings"][0].get("date") == kept
    assert call("set", "heat", f"premiered={typed}").code == 0
    assert show(file).get("premiered") == kept
    assert call("set", "--where", "title:heat", "--yes", f"added={typed}").code == 0
    assert show(file).get("added") == kept
    assert call("add", "Dune", "--premiered", typed, "--added", typed).code == 0
    added = tomllib.loads(file.read_text("utf-8"))["shows"][1]
    assert (added.get("premiered"), added.get("added")) == (kept, kept)
    as_json = kept.isoformat() if isinstance(kept, date) else kept
    shown = json.loads(call("show", "heat", "--json").out)
    assert (shown.get("premiered"), shown["viewings"][0].get("date")) == (as_json, as_json)
    assert call("doctor").code == 0


@pytest.mark.parametrize(("typed", "back"), [("today", 0), ("yesterday", 1), ("-1d", 1), ("-3d", 3), ("-2w", 14)])
def test_E2_a_day_is_counted_back_from_today(call: Call, file: Path, typed: str, back: int) -> None:
    before = date.today()
    for argument in (["--date", typed], [f"--date={typed}"]):
        assert call("watch", "heat", *argument).code == 0
    assert call("set", "heat", f"added={typed}").code == 0
    days = {date.today() - timedelta(days=back), before - timedelta(days=back)}
    assert {row["date"] for row in show(file)["viewings"]} <= days
    assert show(file)["added"] in days


@pytest.mark.parametrize("typed", ["2019-13", "soon", "2019-5"])
def test_E2_what_is_no_date_is_refused_before_anything_is_written(call: Call, file: Path, typed: str) -> None:
    before = file.read_bytes()
    for words in (
        ["watch", "heat", "--date", typed],
        ["set", "heat", f"added={typed}"],
        ["add", "X", "--premiered", typed],
    ):
        ran = call(*words)
        assert ran.code == 2
        assert typed in ran.err
    assert file.read_bytes() == before


DATED = """\
[[shows]]
id = "heat"
title = "Heat"
premiered = "1995-12"
added = "2018"

[[shows.viewings]]
date = "2019"

[[shows.viewings]]
date = "2019-05"

[[shows.viewings]]
date = 2019-05-03
"""


@pytest.mark.parametrize("format", ["toml", "json", "jsonl", "csv", "tsv"])
def test_E2_every_export_without_loss_brings_them_back(call: Call, file: Path, tmp_path: Path, format: str) -> None:
    file.write_text(DATED, "utf-8")
    out, other = tmp_path / f"out.{format}", tmp_path / "other.toml"
    assert call("export", "--format", format, "--output", str(out)).code == 0
    other.write_text("version = 1\n", "utf-8")
    assert call("--file", str(other), "import", str(out)).code == 0
    assert {**show(other), "status": "planned"} == {**show(file), "status": "planned"}
    text = other.read_bytes()
    assert call("--file", str(other), "import", str(out)).code == 0
    assert other.read_bytes() == text  # a second run changes nothing


def test_E2_they_are_counted_for_the_year_and_the_month_and_shown(call: Call, file: Path) -> None:
    file.write_text(DATED, "utf-8")
    found = json.loads(call("stats", "--year", "2019", "--json").out)
    assert found["viewings"]["total"]["viewings"] == 3
    assert {row["label"]: row["viewings"] for row in found["viewings"]["months"] if row["viewings"]} == {"2019-05": 2}
    assert found["viewings"]["days"] == {"2019-05-03": 0}
    assert call("list", "watched:2019", "--format", "{premiered} {watched}").out == "1995-12 2019-05-03\n"
    card = call("show", "heat").out
    for said in ("premiered December 1995", "added 2018", "May 2019"):
        assert said in card
    assert call("stats").code == call("pick", "--seed", "1").code == 0


def test_E2_a_year_of_statistics_is_counted_back_too(call: Call, file: Path) -> None:
    assert call("watch", "heat", "--date", "today").code == 0
    year = show(file)["viewings"][0]["date"].year
    for typed in (str(year), "today"):
        ran = call("stats", "--json", "--year", typed)
        assert json.loads(ran.out)["year"] in (year, date.today().year)
    assert "nothing was watched in" in call("stats", "--year", "-1y").err
    assert call("stats", "--year", "2019-05").code == 2


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("2019", '"2019"'), ('"2019.05"', '"2019-05"'), ('"2019-05-03"', "2019-05-03"), ('"2019/05/03"', "2019-05-03")],
)
def test_E2_the_doctor_offers_what_was_meant(call: Call, file: Path, wrong: str, right: str) -> None:
    for place in ("premiered = {}\n", "[[shows.viewings]]\ndate = {}\n"):
        file.write_text(f'[[shows]]\nid = "heat"\ntitle = "Heat"\nstatus = "watched"\n{place.format(wrong)}', "utf-8")
        ran = call("doctor")
        assert ran.code == 1
        assert right in ran.out
        assert call("doctor", "--fix").code == 0
        assert place.format(right) in file.read_text("utf-8")


@pytest.mark.parametrize("wrong", ['"yesterday"', '"-3d"', '"soon"', '"2019-13"'])
def test_E2_the_doctor_guesses_no_day_that_counts_from_today(call: Call, file: Path, wrong: str) -> None:
    file.write_text(f'[[shows]]\nid = "heat"\ntitle = "Heat"\nstatus = "watched"\nadded = {wrong}\n', "utf-8")
    before = file.read_bytes()
    assert call("doctor", "--fix").code == 1
    assert file.read_bytes() == before


def test_E2_a_date_in_the_future_is_odd_only_where_all_of_it_is(call: Call, file: Path) -> None:
    year = date.today().year
    for value, odd in ((f'"{year}"', False), (f'"{year + 2}"', True)):
        file.write_text(f'[[shows]]\nid = "heat"\ntitle = "Heat"\nadded = {value}\n', "utf-8")
        assert ("still to come" in call("doctor").out) is odd


def test_E2_what_was_remembered_of_a_long_list_has_them_too(call: Call, file: Path) -> None:
    shows = [DATED.replace("heat", f"heat-{number}").replace("Heat", f"Heat {number}") for number in range(300)]
    file.write_text("\n".join(shows), "utf-8")
    questions = (
        *(["watched:2019-05", "premiered:1995", "--format", "{id} {premiered} {watched}"], ["added:2018.."]),
        ["--sort", "premiered,watched-", "--format", "{premiered} {added}"],
    )
    first = [call("list", *words).out for words in questions]
    assert [call("list", *words).out for words in questions] == first
    assert first[0].count("1995-12 2019-05-03\n") == 300
    assert call("rate", "heat-7", "4").code == 0
    assert call("list", *questions[0]).out == first[0]
