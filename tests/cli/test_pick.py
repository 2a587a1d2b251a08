"""The verb `pick`: a few shows with reasons, the same again for a seed, and a way on where there is nothing to pick."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Call
from watchlist.pick import parse_minutes

LIST = """\
version = 1

[[shows]]
id = "long"
title = "Long"
kind = "film"
runtime = 200

[[shows]]
id = "short"
title = "Short"
kind = "film"
runtime = 90
creators = ["Ada [/b] \\u001b[31m"]

[[shows]]
id = "liked"
title = "Liked"
status = "watched"
rating = 4.6
creators = ["Ada [/b] \\u001b[31m"]

[[shows]]
id = "disliked"
title = "Disliked"
status = "dropped"
rating = 2

[[shows]]
id = "rec"
title = "[REC] \\u001b]0;x\\u0007"
year = 2007
status = "watching"
"""


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(LIST, "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def test_picks_are_data_with_reasons_in_words_and_nothing_raw(call: Call) -> None:
    ran = call("pick", "--seed", "7")
    blocks = dict(block.split("\n", 1) for block in ran.out.strip().split("\n\n"))
    assert blocks == {
        "Long": "  still to watch",
        "Short": "  you rate Ada [/b] ␛[31m 4.6",
        "[REC] ␛]0;x␇ (2007)": "  you are watching it",
    }
    assert (ran.code, ran.err) == (0, "3 of 3 candidates; --seed 7 picks the same again\n")


def test_the_seed_that_is_told_draws_the_same_again(call: Call) -> None:
    first = call("pick", "--count", "1")
    told = re.search(r"--seed (\d+)", first.err)
    assert told is not None
    assert call("pick", "--count", "1", "--seed", told[1]).out == first.out
    assert len({call("pick", "--count", "1", "--seed", str(seed)).out for seed in range(1, 30)}) == 3


def test_json_has_the_show_its_score_and_its_reasons(call: Call) -> None:
    ran = call("pick", "title:short", "--time", "1h40", "--seed", "1", "--json")
    found = json.loads(ran.out)
    assert {key: found[key] for key in ("candidates", "seed")} == {"candidates": 1, "seed": 1}
    (row,) = found["picks"]
    assert list(row) == ["id", "title", "score", "reasons"]
    assert (row["id"], row["title"]) == ("short", "Short")
    assert sorted(row["reasons"]) == ["fits 100 minutes: 90 min", "you rate Ada [/b] \x1b[31m 4.6"]
    assert row["score"] >= 2


def test_the_time_leaves_out_what_is_longer(call: Call) -> None:
    assert "Long" not in call("pick", "--time", "100", "--seed", "1").out
    assert (
        call("pick", "--time", "soon").err
        == 'watchlist: --time: "soon" is not a time; use e.g. 100m, 1h40 or 1:40\n  e.g. --time 100m\n'
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["title:liked"],
            "no candidates: nothing that matches is left to watch\n  `watchlist pick` uses the whole",
        ),
        (["xyzzy"], "no candidates: no show matches\n  `watchlist pick` uses the whole list"),
        (["xyzzy", "--time", "10m"], "no candidates: no show matches\n"),
        (["--time", "10m", "kind:film"], "none of 2 candidates fits into 10 minutes\n  use a longer --time"),
    ],
)
def test_B11_where_there_is_nothing_to_pick_it_says_what_to_do_next(call: Call, words: list[str], said: str) -> None:
    ran = call("pick", *words)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "3 of 3 candidates"),
        (["--count", "1"], "1 of 3 candidates"),
        (["--count", "99"], "3 of 3 candidates"),
        (["--time", "100m"], "2 of 2 candidates"),  # what has no runtime may fit
        (["kind:film", "--count", "1"], "1 of 2 candidates"),
        (["kind:film", "--count", "1", "--time", "100"], "1 of 1 candidate;"),
    ],
)
def test_B11_the_number_of_candidates_is_reported(call: Call, words: list[str], said: str) -> None:
    assert call("pick", "--seed", "1", *words).err.startswith(said)
    found = json.loads(call("pick", "--seed", "1", "--json", *words).out)
    assert [str(len(found["picks"])), "of", str(found["candidates"])] == said.split()[:3]


def test_an_empty_list_says_how_to_add_a_show(call: Call, file: Path) -> None:
    file.write_text("version = 1\n", "utf-8")
    ran = call("pick")
    assert (ran.code, ran.out) == (1, "")
    assert "the list is empty\n  `watchlist add TITLE` adds a show" in ran.err


@pytest.mark.parametrize("text", ["100", "100m", "100 min", "1h40", "1h 40m", "1:40", " 1H40 "])
def test_ways_to_write_a_time(text: str) -> None:
    assert parse_minutes(text) == 100


@pytest.mark.parametrize("text", ["", "0", "m", "h", "1:", "-5", "1.5h", "1h40x", "١"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        parse_minutes(text)


def test_what_is_available_is_told_by_the_services_of_the_config(call: Call, file: Path, tmp_path: Path) -> None:
    file.write_text(LIST.replace('title = "Short"', 'title = "Short"\nplatform = "Café+"'), "utf-8")
    config = tmp_path / "services.toml"
    ran = call("list", "is:available")
    assert ran.code == 2
    assert "[services]" in ran.err
    config.write_text("[services]\n'cafe+' = 7.5\n", "utf-8")
    said = ("--config", str(config))
    assert call("list", "is:available", "--format", "{id}", *said).out == "short\n"
    assert "  on cafe+\n" in call("pick", "is:available", "--seed", "1", *said).out
    assert set(call("list", "-is:available", "--format", "{id}", *said).out.split()) == {
        "disliked",
        "liked",
        "long",
        "rec",
    }
    assert '"cafe+": {"price": 7.5}' in call("config", "show", *said).out
    config.write_text("[services]\n'cafe+' = { pric = 7.5 }\n", "utf-8")
    ran = call("list", *said)
    assert ran.code == 2
    assert 'line 2: services: cafe+: unknown setting "pric"; did you mean "price"?' in ran.err
