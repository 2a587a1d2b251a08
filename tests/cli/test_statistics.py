"""The verb `stats`: numbers that add up to the list, each with the query that finds its shows; and documents of them."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.conftest import Call

LIST = """\
[[shows]]
id = "heat"
title = "[/b] Heat </title><script>x()</script> \\u001b[31m"
kind = "film"
status = "watched"
rating = 5.0
runtime = 170
genres = ["Crime", "Drama"]
platform = "Prime Video"
[[shows.viewings]]
date = 2025-03-01
[[shows.viewings]]
date = 2026-03-02
[[shows.viewings]]

[[shows]]
id = "bosch"
title = "Bosch"
kind = "series"
status = "watching"
rating = 4.0
runtime = 45
genres = ["crime"]
[[shows.seasons]]
number = 1
episodes = 10
watched = "1-3"
[[shows.viewings]]
date = 2026-03-02
episodes = "S01E01-E03"

[[shows]]
id = "alien"
title = "Alien"
"""


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(LIST, "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def rows(found: Any) -> list[dict[str, Any]]:
    """All numbers of shows with the query that opens them."""
    groups = [value for value in found.values() if isinstance(value, list)]
    singles = [found[name] for name in ("shows", "rated", "unrated", "added")]
    return [row for row in (*singles, *itertools.chain(*groups)) if isinstance(row, dict) and "number" in row]


@pytest.mark.parametrize("words", [(), ("--year", "2026"), ("kind:film",)])
def test_the_numbers_are_those_of_the_list(call: Call, words: tuple[str, ...]) -> None:
    found = json.loads(call("stats", "--json", *words).out)
    asked = [word for word in words if ":" in word]
    assert len(rows(found)) > 15
    for row in rows(found):
        shows = json.loads(call("list", "--json", *asked, *row["query"].split()).out) if row["query"] else None
        if '"' not in row["query"] and shows is not None:
            assert row["number"] == len(shows), row["query"]


def test_viewings_and_minutes_add_up(call: Call) -> None:
    shows = json.loads(call("list", "--json").out)
    viewings = [(show, row) for show in shows for row in show.get("viewings", ())]
    found = json.loads(call("stats", "--json").out)["viewings"]
    assert found["total"]["viewings"] == len(viewings) == 4
    assert found["undated"]["viewings"] == sum("date" not in row for _, row in viewings) == 1
    assert found["total"]["minutes"] == 3 * 170 + 3 * 45
    assert sum(found["days"].values()) == found["dated"]["minutes"] == 2 * 170 + 3 * 45
    assert json.loads(call("stats", "--json", "--year", "2026").out)["viewings"]["total"]["viewings"] == 2


def test_a_page_is_drawn_and_no_text_of_the_list_gets_out_raw(call: Call) -> None:
    found = call("stats").out
    assert "\x1b" not in found
    assert "[/b]" in found
    assert "Undated" in found
    assert f"{date.today().year}" in found


@pytest.mark.parametrize("format", ["markdown", "html", "svg"])
def test_documents_hold_the_year_and_no_markup_of_the_list(call: Call, format: str, tmp_path: Path) -> None:
    ran = call("stats", "--year", "2026", "--format", format)
    assert ran.code == 0
    assert "2026" in ran.out
    assert "\x1b" not in ran.out
    if format == "svg":
        ElementTree.fromstring(ran.out)
    if format != "markdown":
        assert "<script>x()" not in ran.out


def test_a_file_that_exists_is_replaced_only_when_that_is_asked_for(call: Call, tmp_path: Path, file: Path) -> None:
    path = tmp_path / "year.html"
    path.write_text("mine", "utf-8")
    assert call("stats", "--output", str(path)).code == 1
    assert path.read_text("utf-8") == "mine"
    assert call("stats", "--output", str(path), "--force").code == 0
    assert "<html" in path.read_text("utf-8")
    assert call("stats", "--output", str(file), "--format", "html", "--force").code != 0
    assert file.read_text("utf-8") == LIST


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--year", "1999"), 1, "nothing was watched in 1999; there are viewings of 2026, 2025"),
        (("--year", "soon"), 2, "is not a year"),
        (("title:nothing",), 1, "no show matches"),
    ],
)
def test_what_can_not_be_counted_is_said(call: Call, words: tuple[str, ...], code: int, said: str) -> None:
    ran = call("stats", *words)
    assert ran.code == code
    assert said in ran.err.replace("\n", "; ").replace("  ", " ") or said.split(";")[0] in ran.err
