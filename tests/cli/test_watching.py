"""The verb `watch`: what comes next, what is named, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Call

LIST = """\
[[shows]]
id = "wire"
title = "The Wire"          # mine
kind = "series"

[[shows.seasons]]
number = 1
episodes = 3
watched = "1"               # on the train

[[shows]]
id = "heat"
title = "Heat"
kind = "film"
"""


@pytest.fixture(autouse=True)
def wire(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(LIST, "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(file))
    return file


def viewings(call: Call, id: str) -> list[dict[str, object]]:
    shown = json.loads(call("show", id, "--json").out)
    rows: list[dict[str, object]] = shown.get("viewings", [])
    return rows


def test_the_next_episode_is_logged_and_undo_gives_the_same_bytes(call: Call, wire: Path) -> None:
    ran = call("watch", "wire")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "Watched S01E02 of The Wire; watching now   undo: watchlist undo\n"
    assert 'watched = "1-2"               # on the train' in wire.read_text("utf-8")
    call("undo")
    assert wire.read_text("utf-8") == LIST


def test_episodes_are_named_and_a_viewing_says_when_with_whom_and_how_good(call: Call) -> None:
    words = ("--date", "2026-11-20", "--rating", "9/10", "--with", "Ana", "--with", "Bo", "--review", "Fine.")
    assert call("watch", "wire", "1x02-03", *words).err.startswith("Watched S01E02-E03 of The Wire; watched now")
    assert viewings(call, "wire") == [
        {"date": "2026-11-20", "rating": 4.5, "episodes": "S01E02-E03", "with": ["Ana", "Bo"], "review": "Fine."}
    ]


def test_through_is_undated_and_leaves_what_was_watched_alone(call: Call) -> None:
    assert call("watch", "wire", "--through", "S01E03").err.startswith("Watched S01E02-E03 of The Wire")
    assert viewings(call, "wire") == [{"episodes": "S01E02-E03"}]
    assert call("watch", "wire", "--through", "S01E03").err == "Nothing changed\n"


def test_undo_takes_the_last_back_and_the_status_with_it(call: Call, wire: Path) -> None:
    call("watch", "heat")
    assert call("watch", "heat", "--undo").err.startswith("Took back a viewing of Heat; planned now")
    assert call("watch", "wire", "--undo").err.startswith("Took back S01E01 of The Wire")
    assert call("watch", "wire", "--undo").code == 1


def test_the_episode_that_is_named_is_taken_back_and_the_others_stay(call: Call) -> None:
    call("watch", "wire", "S01E02-E03")
    assert call("watch", "wire", "S01E02", "--undo").err.startswith("Took back S01E02 of The Wire; watching now")
    assert viewings(call, "wire")[0]["episodes"] == "S01E03"
    assert call("watch", "wire", "S01E02", "--undo").err == "Nothing changed\n"


def test_episodes_are_left_out_and_taken_up_again(call: Call, wire: Path) -> None:
    assert call("watch", "wire", "--skip").err.startswith("Skipped S01E02 of The Wire")
    assert call("watch", "wire").err.startswith("Watched S01E03 of The Wire; watched now")
    assert call("watch", "wire", "S01E02", "--skip", "--undo").err.startswith(
        "S01E02 of The Wire is not skipped any more"
    )
    assert 'skipped = ""' not in wire.read_text("utf-8")
    assert call("watch", "wire").err.startswith("Watched S01E02 of The Wire")
    assert call("watch", "wire", "--skip").err.startswith("watchlist: there is no episode of The Wire left")


def test_an_episode_is_rated_and_the_show_is_not(call: Call, wire: Path) -> None:
    ran = call("rate", "wire", "9/10", "--episode", "S01E02")
    assert ran.err.startswith("Rated S01E02 of The Wire 4.5, was not rated")
    assert call("rate", "wire", "3", "--episode", "1x02-03").err.startswith("Rated S01E02-E03 of The Wire 3 ")
    shown = json.loads(call("show", "wire", "--json").out)
    assert shown["seasons"][0]["ratings"] == {"2": 3.0, "3": 3.0}
    assert "rating" not in shown
    assert call("rate", "wire", "-", "--episode", "S01E02-E03").err.startswith("Took the rating of S01E02-E03 of The W")
    assert wire.read_text("utf-8") == LIST
    assert call("rate", "heat", "3", "--episode", "S01E02").code == 1
    assert call("rate", "wire", "3", "--episode", "second").code == 2


def test_many_at_once_are_asked_about(call: Call) -> None:
    assert call("watch", "--where", "kind:film,series").code == 2
    assert call("watch", "--where", "kind:film,series", "--yes").err.startswith("Changed 2 shows")
    assert len(viewings(call, "heat")) == len(viewings(call, "wire")) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("wire", "S01E04"), 1, "season 1 of The Wire has 3 episodes"),
        (("heat", "S01E01"), 1, "Heat is a film"),
        (("wire", "nine"), 2, '"nine" is no episode'),
        (("wire", "S01E02", "--through", "S01E03"), 2, "name episodes, or --through one of them"),
        (("wire", "--through", "S01E02-E03"), 2, "--through wants one episode"),
        (("wire", "--undo", "--rating", "4"), 2, "--undo logs no viewing"),
        (("wire", "--skip", "--through", "S01E03"), 2, "--skip logs no viewing"),
        (("wire", "--skip", "--undo"), 2, "--skip --undo wants the episodes"),
        (("wire", "S01E01", "--skip"), 1, "S01E01 of The Wire was watched"),
        (("wire", "S01E09", "--skip"), 1, "season 1 of The Wire has 3 episodes"),
        (("heat", "S01E01", "--skip"), 1, "Heat is a film"),
        (("wire", "--date", "yesterday"), 2, "--date:"),
        (("wire", "--rating", "11"), 2, "--rating:"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_written(
    call: Call, wire: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = call("watch", *words)
    assert ran.code == code
    assert said in ran.err
    assert wire.read_text("utf-8") == LIST
