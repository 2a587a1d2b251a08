"""The verb `stats`: numbers are sums over what `list` prints, queries open what was counted, documents are inert."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pexpect
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Call
from tests.profile import examples
from tests.stats.test_statistics import LISTS, minutes_of
from watchlist.domain.model import Show
from watchlist.domain.show_toml import to_table
from watchlist.formats.statistics_documents import DOCUMENT_FORMATS

LIST = """\
version = 1

[[shows]]
id = "heat"
title = "Heat"
kind = "film"
year = 1995
status = "watched"
rating = 4.5
platform = "Netflix"
genres = ["Crime", "Drama"]
creators = ["Michael Mann"]
cast = [{ actor = "Al Pacino", role = "Hanna" }]
runtime = 170
added = 2025-02-01
viewings = [{ date = 2025-03-01 }, { date = 2026-01-02T21:00:00 }, {}]

[[shows]]
id = "slow-horses"
title = "Slow Horses"
kind = "series"
year = 2022
status = "watching"
rating = 4
platform = "Apple TV+"
genres = ["crime"]
runtime = 50
added = 2026-01-01
viewings = [
  { date = 2026-01-03, episodes = "S01E01-E02" },
  { date = 2026-01-04, episodes = "S01E03" },
  { date = 2026-02-10, episodes = "S01E01", rewatch = 1 },
]

[[shows]]
id = "rec"
title = "[REC] x [/oops] \\u001b]0;x\\u0007 </title><script>alert(1)</script> | 三体"
genres = ["a[/b] \\u001b[31m & <b>", "Drama"]
viewings = [{ date = 2026-01-03 }]

[[shows]]
id = "unseen"
title = "Unseen"
"""
GROUPS = ("status", "kinds", "ratings", "years", "decades", "genres", "platforms", "creators", "cast")


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(LIST, "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def counted(call: Call, *words: str) -> dict[str, Any]:
    ran = call("stats", "--json", *words)
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def ids(call: Call, *words: str) -> set[str]:
    return {show["id"] for show in json.loads(call("list", "--json", *words).out)}


@pytest.mark.parametrize("words", [(), ("crime",), ("kind:film", ",", "watched:2026-02")])
def test_totals_are_sums_over_the_rows_of_list(call: Call, words: tuple[str, ...]) -> None:
    shows = json.loads(call("list", "--json", *words).out)
    rows = [(show, row) for show in shows for row in show.get("viewings", [])]
    found = counted(call, *words)
    assert found["query"] == " ".join(words)
    assert found["shows"]["number"] == len(shows)
    assert found["rated"]["number"] == sum("rating" in show for show in shows)
    assert sum(row["number"] for row in found["genres"] if row["label"].lower() == "crime") == sum(
        any(genre.lower() == "crime" for genre in show.get("genres", [])) for show in shows
    )
    viewings = found["viewings"]
    assert viewings["total"]["viewings"] == len(rows)
    assert viewings["undated"]["viewings"] == sum("date" not in row for _, row in rows)
    episodes = {"S01E01-E02": 2}
    minutes = [show.get("runtime", 0) * episodes.get(row.get("episodes", ""), 1) for show, row in rows]
    assert viewings["total"]["minutes"] == sum(minutes)
    assert sum(viewings["days"].values()) == viewings["dated"]["minutes"]
    assert sum(row["viewings"] for row in viewings["weekdays"]) == viewings["dated"]["viewings"]


@given(LISTS, st.sampled_from([(), ("rating:3..",), ("-is:started",), ("watched:any",), ("left:1..",)]))
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_totals_are_sums_over_list_whatever_is_on_it(
    call: Call, file: Path, shows: list[Show], words: tuple[str, ...]
) -> None:
    file.write_bytes(tomli_w.dumps({"shows": [to_table(show) for show in shows]}).encode())
    listed = json.loads(call("list", "--json", *words).out)
    if not listed:
        assert call("stats", "--json", *words).code == (1 if words else 0)
        return
    rows = [(show, row) for show in listed for row in show.get("viewings", [])]
    found = counted(call, *words)
    assert found["shows"]["number"] == len(listed)
    assert found["rated"]["number"] == sum("rating" in show for show in listed)
    assert found["unrated"]["number"] == sum("rating" not in show for show in listed)
    for row in found["status"]:
        assert row["number"] == sum(show.get("status", "planned") == row["label"] for show in listed)
    viewings = found["viewings"]
    assert viewings["total"]["viewings"] == len(rows)
    assert viewings["total"]["minutes"] == sum(minutes_of(show, row) for show, row in rows)
    assert viewings["undated"]["viewings"] == sum("date" not in row for _, row in rows)
    assert viewings["without_runtime"]["viewings"] == sum("runtime" not in show for show, _ in rows)
    years = {amount["label"]: amount["viewings"] for amount in viewings["years"]}
    assert years == Counter(row["date"][:4] for _, row in rows if "date" in row)


@pytest.mark.parametrize("year", [(), ("--year", "2026"), ("--year", "2025")])
@pytest.mark.parametrize("words", [(), ("genre:=crime",), ("heat", ",", "slow")])
def test_the_query_of_each_number_opens_just_its_shows(
    call: Call, words: tuple[str, ...], year: tuple[str, ...]
) -> None:
    within = ids(call, *words)
    found = counted(call, *words, *year)
    rows = [found[name] for name in ("shows", "rated", "unrated", "added")]
    for row in [*rows, *(row for name in GROUPS for row in found[name])]:
        assert len(ids(call, row["query"]) & within) == row["number"], row
    for amount in (*found["viewings"]["years"], *found["viewings"]["months"]):
        starts = {
            show["id"]
            for show in json.loads(call("list", "--json").out)
            if any(str(row.get("date", "")).startswith(amount["label"]) for row in show.get("viewings", []))
        }
        assert ids(call, amount["query"]) & within == starts & within
    for most in found["viewings"]["most"]:
        assert ids(call, most["query"]) == {most["show"]["id"]}


def test_a_year_in_review_says_what_was_watched_then(call: Call) -> None:
    found = counted(call, "--year", "2026")
    assert (found["year"], found["shows"]["number"], found["added"]["number"]) == (2026, 3, 1)
    viewings = found["viewings"]
    assert (viewings["total"]["viewings"], viewings["undated"]["viewings"]) == (5, 1)
    assert viewings["longest"] == {
        "days": 3,
        "first": "2026-01-02",
        "last": "2026-01-04",
        "query": "watched:2026-01-02..2026-01-04",
    }
    assert viewings["rewatches"]["viewings"] == 2
    assert viewings["first"] == {
        "show": {"id": "heat", "title": "Heat", "rating": 4.5},
        "date": "2026-01-02T21:00:00",
        "minutes": 170,
        "again": True,
    }
    assert viewings["days"]["2026-01-03"] == 100
    assert [show["id"] for show in found["best"]] == ["heat", "slow-horses"]


def test_a_page_says_all_of_it_and_nothing_raw(call: Call) -> None:
    page = call("stats").out
    for said in ("Statistics  4 shows", "Undated", "Longest streak", "Calendar", "Most watched", "8.5 h"):
        assert said in page, said
    assert "\x1b" not in page
    assert "\x07" not in page
    assert "[REC] x [/oops] ␛" in page
    assert max(map(len, page.splitlines())) <= 100
    assert re.search(r"Films +1 ", page)
    assert re.search(r"Series +1 ", page)
    year = call("stats", "--year", "2026").out
    assert "2026 in review  3 shows" in year
    assert re.search(r"Undated +1  not counted\b", year)
    narrow = call("stats", env={"COLUMNS": "40"}).out
    assert max(map(len, narrow.splitlines())) <= 40


def test_a_page_in_ascii(call: Call, config: Path) -> None:
    config.write_text('ascii = true\nscale = "10"\n')
    page = call("stats", "crime").out
    assert page.isascii()
    assert "****+ 9/10" in page


def test_a_terminal_gets_the_same_page_in_colour(call: Call, home: dict[str, str], file: Path) -> None:
    words = [sys.executable, "-m", "watchlist", "stats", "crime"]
    env = {**home, "WATCHLIST_FILE": str(file), "TERM": "xterm-256color"}
    raw, code = pexpect.run(" ".join(words), env=env, withexitstatus=True, dimensions=(50, 100))
    text = re.sub(r"\x1b\[[\d;]*m", "", raw.decode()).replace("\r\n", "\n")
    assert code == 0
    assert "\x1b[" in raw.decode()
    assert [line.rstrip() for line in text.splitlines()] == [
        line.rstrip() for line in call("stats", "crime").out.splitlines()
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--year", "1999"), 1, "there are viewings of 2026, 2025"),
        (("unseen", "--year", "2026"), 1, "no viewing is on the list yet"),
        (("--year", "last"), 2, "is not a year"),
        (("--year", "0"), 2, "is not a year"),
        (("--year", "12345"), 2, "is not a year"),
        (("--year", "000012025"), 2, "is not a year"),
        (("--year", "000001" + "9" * 5000), 2, "is not a year"),
        (("--year", "0000001999"), 2, "is not a year"),
        (("--year", "00001999"), 1, "nothing was watched in 1999"),
        (("nothing-like-it",), 1, "no show matches"),
        (("genr:crime",), 2, "genre"),
        (("--format", "htm"), 2, "html"),
        (("--output", "x.pdf"), 2, "markdown, html, svg"),
        (("--json", "--format", "markdown"), 2, "can't both go to stdout"),
    ],
)
def test_what_can_not_be_counted_is_said_kindly(call: Call, words: tuple[str, ...], code: int, said: str) -> None:
    ran = call("stats", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_an_empty_list_has_a_page(call: Call, file: Path) -> None:
    file.write_text("version = 1\n")
    ran = call("stats")
    assert (ran.code, ran.err) == (0, "the list is empty\n")
    assert re.search(r"Shows +0", ran.out)


class Tags(HTMLParser):
    """The tags and the attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def documents(call: Call) -> Iterator[tuple[str, str]]:
    for name in DOCUMENT_FORMATS:
        ran = call("stats", "--format", name, "--year", "2026")
        assert (ran.code, ran.err) == (0, "")
        yield name, ran.out


def test_documents_hold_nothing_that_acts(call: Call) -> None:
    texts = dict(documents(call))
    for text in texts.values():
        assert "\x1b" not in text
        assert "2026 in review" in text.replace("\xa0", " ")
    page = Tags()
    page.feed(texts["html"])
    tags = {tag for tag, _ in page.found}
    assert not tags & {"script", "iframe", "object", "embed", "img", "link", "base", "form", "input", "a", "b"}
    assert not any(name.startswith("on") or name in ("src", "href") for _, attrs in page.found for name in attrs)
    assert sum(tag == "i" and attrs.get("class") in ("h1", "h2", "h3", "h4") for tag, attrs in page.found) == 4
    root = ElementTree.fromstring(texts["svg"])
    assert {element.tag.split("}")[1] for element in root.iter()} == {"svg", "title", "rect", "g", "text"}
    assert not any("href" in name or name.startswith("on") for element in root.iter() for name in element.attrib)
    rows = [line for line in texts["markdown"].splitlines() if "REC" in line]
    assert rows
    assert all(re.sub(r"\\.", "", row).count("|") == 4 and "\\<script\\>" in row for row in rows)


def test_a_picture_looks_the_same_twice(call: Call) -> None:
    assert call("stats", "-f", "svg", "--year", "2025").out == call("stats", "-f", "svg", "--year", "2025").out


def test_a_file_is_written_and_never_replaced_without_being_asked(call: Call, tmp_path: Path, file: Path) -> None:
    out = tmp_path / "year.html"
    assert call("stats", "--output", str(out), "--year", "2026").code == 0
    text = out.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    out.write_text("mine")
    ran = call("stats", "--output", str(out))
    assert (ran.code, out.read_text()) == (1, "mine")
    assert "--force replaces it" in ran.err
    ran = call("stats", "--output", str(out), "--year", "2026", "--force", "--json")
    assert json.loads(ran.out) == {"file": str(out), "format": "html", "shows": 3}
    assert out.read_text("utf-8") == text
    before = file.read_bytes()
    ran = call("stats", "-f", "markdown", "--output", str(file), "--force")
    assert (ran.code, file.read_bytes()) == (1, before)
    assert call("stats", "--output", str(tmp_path / "none" / "x.md")).code == 1
