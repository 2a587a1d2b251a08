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
    assert ran.err == "Watched S01E02 of The Wire; status: watching   undo: watchlist undo\n"
    assert 'watched = "1-2"               # on the train' in wire.read_text("utf-8")
    call("undo")
    assert wire.read_text("utf-8") == LIST


def test_episodes_are_named_and_a_viewing_says_when_with_whom_and_how_good(call: Call) -> None:
    words = ("--date", "2026-11-20", "--rating", "9/10", "--with", "Ana", "--with", "Bo", "--review", "Fine.")
    assert call("watch", "wire", "1x02-03", *words).err.startswith(
        "Watched S01E02-E03 of The Wire on 20 November 2026; status: watched"
    )
    assert viewings(call, "wire") == [
        {"date": "2026-11-20", "rating": 4.5, "episodes": "S01E02-E03", "with": ["Ana", "Bo"], "review": "Fine."}
    ]


def test_through_is_undated_and_leaves_what_was_watched_alone(call: Call) -> None:
    assert call("watch", "wire", "--through", "S01E03").err.startswith("Watched S01E02-E03 of The Wire")
    assert viewings(call, "wire") == [{"episodes": "S01E02-E03"}]
    assert (
        call("watch", "wire", "--through", "S01E03").err
        == "Nothing changed: S01E03 and all before is watched already\n"
    )


def test_undo_takes_the_last_back_and_the_status_with_it(call: Call, wire: Path) -> None:
    call("watch", "heat")
    assert call("watch", "heat", "--undo").err.startswith("Removed a viewing of Heat; status: planned")
    assert call("watch", "wire", "--undo").err.startswith("Unwatched S01E01 of The Wire")
    assert call("watch", "wire", "--undo").code == 1


def test_the_episode_that_is_named_is_taken_back_and_the_others_stay(call: Call) -> None:
    call("watch", "wire", "S01E02-E03")
    assert call("watch", "wire", "S01E02", "--undo").err.startswith("Unwatched S01E02 of The Wire; status: watching")
    assert viewings(call, "wire")[0]["episodes"] == "S01E03"
    assert call("watch", "wire", "S01E02", "--undo").err == "Nothing changed: S01E02 was not watched\n"


def test_episodes_are_left_out_and_taken_up_again(call: Call, wire: Path) -> None:
    assert call("watch", "wire", "--skip").err.startswith("Skipped S01E02 of The Wire")
    assert call("watch", "wire").err.startswith("Watched S01E03 of The Wire; status: watched")
    assert call("watch", "wire", "S01E02", "--skip", "--undo").err.startswith("S01E02 of The Wire is no longer skipped")
    again = call("watch", "wire", "S01E02", "--skip", "--undo")
    assert again.err == "Nothing changed: S01E02 is not skipped\n"
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
    assert call("rate", "wire", "-", "--episode", "S01E02-E03").err.startswith(
        "Cleared the rating of S01E02-E03 of The W"
    )
    assert wire.read_text("utf-8") == LIST
    assert call("rate", "heat", "3", "--episode", "S01E02").code == 1
    assert call("rate", "wire", "3", "--episode", "second").code == 2


def test_many_at_once_are_asked_about(call: Call) -> None:
    assert call("watch", "--where", "kind:film,series").code == 2
    assert call("watch", "--where", "kind:film,series", "--yes").err.startswith("Watched 2 shows")
    assert len(viewings(call, "heat")) == len(viewings(call, "wire")) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("wire", "S01E04"), 1, "season 1 of The Wire has 3 episodes"),
        (("heat", "S01E01"), 1, "Heat is a film"),
        (("wire", "nine"), 2, '"nine" is not an episode'),
        (("wire", "S01E02", "--through", "S01E03"), 2, "name episodes, or --through one of them"),
        (("wire", "--through", "S01E02-E03"), 2, "--through needs one episode"),
        (("wire", "--undo", "--rating", "4"), 2, "--undo logs no viewing"),
        (("wire", "--skip", "--through", "S01E03"), 2, "--skip logs no viewing"),
        (("wire", "--skip", "--undo"), 2, "--skip --undo needs the episodes"),
        (("wire", "S01E01", "--skip"), 1, "S01E01 of The Wire was watched"),
        (("wire", "S01E09", "--skip"), 1, "season 1 of The Wire has 3 episodes"),
        (("heat", "S01E01", "--skip"), 1, "Heat is a film"),
        (("wire", "--date", "tomorrow"), 2, "--date:"),
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


# What is not known of a show: what it is, how long it is, whether there is such an episode

MORE = (
    LIST
    + """
[[shows]]
id = "the-bear"
title = "The Bear"
year = 2022

[[shows]]
id = "dune"
title = "Dune"

[[shows]]
id = "office"
title = "The Office"
kind = "series"

[[shows.seasons]]
number = 1
episodes = 3
watched = "1-3"

[[shows.seasons]]
number = 2
watched = "1-3"

[[shows]]
id = "one-piece"
title = "One Piece"
kind = "series"

[[shows.seasons]]
number = 1
episodes = 61
watched = "1-61"

[[shows.seasons]]
number = 2
first = 62                  # as the service counts
episodes = 16
titles = ["Reunion"]
watched = "62-63"
"""
)


@pytest.fixture
def more(wire: Path) -> Path:
    wire.write_text(MORE, "utf-8")
    return wire


def shown(call: Call, id: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(call("show", id, "--json").out)
    return found


def test_C1_a_season_without_a_length_is_never_finished(call: Call, more: Path) -> None:
    (row,) = json.loads(call("list", "id:=office", "--columns", "progress,left", "--json").out)
    assert row == {"progress": "6/?"}
    assert call("list", "is:finished", "-0").out == ""
    assert call("watch", "office").err.startswith("Watched S02E04 of The Office; status: watching")
    assert "4 of ?" in call("show", "office").out
    assert "7/?" in call("list", "id:=office", "--columns", "title,progress").out


def test_C2_a_season_is_counted_from_its_first_number(call: Call, more: Path) -> None:
    before = more.read_text("utf-8")
    (row,) = json.loads(call("list", "id:=one-piece", "--columns", "progress,left", "--json").out)
    assert row == {"progress": "63/77", "left": 14}
    assert "next: S02E64" in call("show", "one-piece").out
    assert call("watch", "one-piece").err.startswith("Watched S02E64 of One Piece")
    assert call("watch", "one-piece", "--through", "S02E70").err.startswith("Watched S02E65-E70 of One Piece")
    text = more.read_text("utf-8")
    assert "first = 62                  # as the service counts\n" in text
    assert 'watched = "62-70"\n' in text
    call("undo", "2")
    assert more.read_text("utf-8") == before
    assert call("watch", "one-piece", "S02").err.startswith("Watched S02E64-E77 of One Piece; status: watched")
    for name in ("S02E01", "S02E78"):
        ran = call("watch", "one-piece", name)
        assert ran.code == 1
        assert "season 2 of One Piece has 16 episodes, numbered from 62" in ran.err
    assert call("watch", "one-piece", "S02E01", "--yes").code == 1, "it is not made longer at its beginning"
    for act in (["watch", "one-piece"], ["watch", "one-piece", "--skip"], ["rate", "one-piece", "4", "--episode"]):
        assert "--yes" not in call(*act, "S02E01").err, "that would not do it"
        assert "--yes" in call(*act, "S02E78").err
    assert call("rate", "one-piece", "4", "--episode", "S02E62").code == 0
    assert "best: S02E62 Reunion" in call("show", "one-piece").out


def test_C3_viewings_written_by_hand_are_a_rewatch(call: Call, wire: Path) -> None:
    rows = "".join(f'\n[[shows.viewings]]\ndate = {year}-01-02\nepisodes = "S01E01"\n' for year in (2019, 2020, 2021))
    text = LIST.replace('watched = "1"               # on the train\n', 'watched = "1-3"\n' + rows)
    wire.write_text(text, "utf-8")
    assert call("list", "is:rewatched", "-0").out == "wire\0"
    assert json.loads(call("stats", "--json").out)["viewings"]["rewatches"]["viewings"] == 2
    assert "S01E01 · rewatch 2" in call("show", "wire").out
    assert call("watch", "wire").err.startswith("Watched S01E02 of The Wire again")
    assert call("watch", "wire", "--undo").err.startswith("Unwatched S01E02 of The Wire")
    assert wire.read_text("utf-8") == text
    assert call("watch", "wire", "--undo").err.startswith("Unwatched S01E01 of The Wire")
    assert 'watched = "1-3"' in wire.read_text("utf-8"), "it was a rewatch"


def test_C7_the_episode_logged_last_is_taken_back(call: Call, more: Path) -> None:
    call("watch", "wire", "S01E03")
    call("watch", "wire", "S01E02")
    assert call("watch", "wire", "--undo").err.startswith("Unwatched S01E02 of The Wire")
    assert [row["episodes"] for row in viewings(call, "wire")] == ["S01E03"]


def test_E2_a_season_is_named_as_a_whole(call: Call, wire: Path) -> None:
    assert call("watch", "wire", "S01").err.startswith("Watched S01E02-E03 of The Wire; status: watched")
    assert call("watch", "wire", "s1").err.startswith("Watched S01E01-E03 of The Wire again")
    assert call("watch", "wire", "S01", "--undo").err.startswith("Unwatched S01E01-E03 of The Wire")
    assert call("watch", "wire", "S01", "--undo").err.startswith("Unwatched S01E01-E03 of The Wire; status: planned")
    assert viewings(call, "wire") == []
    assert call("watch", "wire", "S01", "--skip").err.startswith("Skipped S01E01-E03 of The Wire")
    assert call("watch", "wire", "S01", "--skip", "--undo").err.startswith(
        "S01E01-E03 of The Wire is no longer skipped"
    )
    assert call("watch", "wire", "--through", "S01").err.startswith("Watched S01E01-E03 of The Wire")
    assert call("rate", "wire", "4", "--episode", "S01").err.startswith("Rated S01E01-E03 of The Wire 4")
    assert "episodes" not in str(shown(call, "wire").get("skipped"))


def test_E2_what_was_watched_of_a_season_is_taken_back_whether_its_length_is_known_or_not(
    call: Call, more: Path
) -> None:
    assert call("watch", "office", "S02", "--undo").err.startswith("Unwatched S02E01-E03 of The Office")
    assert call("watch", "office", "S02", "--undo").err == "Nothing changed: S02 was not watched\n"
    assert call("watch", "office", "S02E01", "--skip").code == 0
    assert call("watch", "office", "S02", "--skip", "--undo").err.startswith(
        "S02E01 of The Office is no longer skipped"
    )


def test_E2_what_was_skipped_is_no_part_of_the_whole_season(call: Call, wire: Path) -> None:
    call("watch", "wire", "S01E02", "--skip")
    assert call("watch", "wire", "S01").err.startswith("Watched S01E03 of The Wire; status: watched")


def test_E2_specials_are_season_zero(call: Call, wire: Path) -> None:
    wire.write_text(
        LIST.replace("[[shows.seasons]]", "[[shows.seasons]]\nnumber = 0\nepisodes = 2\n\n[[shows.seasons]]")
    )
    assert call("watch", "wire", "S00").err.startswith("Watched S00E01-E02 of The Wire   ")
    (row,) = json.loads(call("list", "id:=wire", "--columns", "progress", "--json").out)
    assert row == {"progress": "1/3"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("office", "S02"), 1, "it is not known how many episodes season 2 of The Office has"),
        (("office", "S09"), 1, "season 9 of The Office is not on the list; its seasons are 1-2"),
        (("office", "S00"), 1, "no specials of The Office are on the list"),
        (("office", "--through", "S02"), 1, "it is not known how many episodes season 2 of The Office has"),
        (("office", "--through", "S01 S02"), 2, "--through needs one episode"),
        (("heat", "S01"), 1, "Heat is a film"),
        (("the-bear", "S01"), 1, "season 1 of The Bear is not on the list"),
        (("office", "S03-S01"), 2, "is not a range of seasons"),
    ],
)
def test_E2_what_can_not_be_a_whole_season_is_said(
    call: Call, more: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    for sure in ((), ("--yes",)):
        ran = call("watch", *words, *sure)
        assert (ran.code, more.read_text("utf-8")) == (code, MORE)
        assert said in ran.err


def test_B5_of_a_show_whose_kind_is_not_known_nothing_is_guessed(call: Call, more: Path) -> None:
    for words in (
        ("watch", "the-bear"),
        ("watch", "the-bear", "--date", "2026-01-01"),
        ("watch", "the-bear", "--skip"),
    ):
        ran = call(*words)
        assert ran.code == 1
        assert "it is not known whether The Bear" in ran.err
    assert "--kind film or --kind series" in call("watch", "the-bear").err
    assert more.read_text("utf-8") == MORE


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        (("--kind", "film"), "film", "Watched The Bear; kind: film, status: watched"),
        (("--kind", "series"), "series", "Watched S01E01 of The Bear; kind: series, status: watching"),
        (("S02E03",), "series", "Watched S02E03 of The Bear; kind: series, status: watching"),
        (("--through", "S01E02"), "series", "Watched S01E01-E02 of The Bear, undated; kind: series, status: watching"),
        (("S01E01", "--kind=series"), "series", "Watched S01E01 of The Bear; kind: series, status: watching"),
    ],
)
def test_B5_the_kind_that_is_said_is_kept_and_one_step_takes_all_of_it_back(
    call: Call, more: Path, words: tuple[str, ...], kind: str, said: str
) -> None:
    assert call("watch", "the-bear", *words).err.startswith(said)
    assert shown(call, "the-bear")["kind"] == kind
    call("undo")
    assert more.read_text("utf-8") == MORE


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("heat", "--kind", "series"), 1, "Heat is a film"),
        (("wire", "--kind", "film"), 1, "The Wire is a series"),
        (("the-bear", "S01E01", "--kind", "film"), 1, "The Bear is a film and has no episodes"),
        (("the-bear", "--kind", "book"), 2, '"book" is neither film nor series'),
        (("the-bear", "--kind", "film", "--skip"), 2, "--kind goes with a viewing"),
    ],
)
def test_B5_a_kind_that_can_not_be_is_refused(
    call: Call, more: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = call("watch", *words)
    assert (ran.code, more.read_text("utf-8")) == (code, MORE)
    assert said in ran.err


def test_B5_many_of_unknown_kind_are_all_or_none(call: Call, more: Path) -> None:
    ran = call("watch", "--where", "kind:none", "--yes")
    assert ran.code == 1
    assert "it is not known whether" in ran.err
    assert call("watch", "--where", "kind:none", "--yes", "--kind", "film").err.startswith("Watched 2 shows")
    assert shown(call, "dune")["kind"] == shown(call, "the-bear")["kind"] == "film"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("watch", "office", "S09E01"), "season 9 of The Office is not on the list; its seasons are 1-2"),
        (("watch", "office", "S03E01"), "season 3 of The Office is not on the list"),
        (("watch", "office", "--through", "S09E01"), "season 9 of The Office is not on the list"),
        (("watch", "office", "S01E99"), "season 1 of The Office has 3 episodes"),
        (("watch", "office", "S01E01-E04"), "season 1 of The Office has 3 episodes"),
        (("watch", "office", "--through", "S01E04"), "season 1 of The Office has 3 episodes"),
        (("watch", "office", "S00E01"), "no specials of The Office are on the list"),
        (("watch", "office", "S9999E19999"), "season 9999 of The Office is not on the list"),
        (("watch", "office", "S02E19999"), "S02E19999 is not a plausible episode of The Office"),
        (("watch", "office", "S09E01", "--skip"), "season 9 of The Office is not on the list"),
        (("rate", "office", "4", "--episode", "S09E01"), "season 9 of The Office is not on the list"),
        (("rate", "office", "4", "--episode", "S01E04"), "season 1 of The Office has 3 episodes"),
    ],
)
def test_B6_an_episode_that_is_not_on_the_list_wants_a_yes(
    call: Call, more: Path, words: tuple[str, ...], said: str
) -> None:
    for dry in ((), ("--dry-run",)):
        ran = call(*words, *dry)
        assert (ran.code, more.read_text("utf-8")) == (1, MORE)
        assert said in ran.err
        assert "--yes logs it anyway" in ran.err
    assert call(*words, "--yes").code == 0
    assert call("doctor").out.count("season 1 has") == 0, "the season is as long as what is in it"
    call("undo")
    assert more.read_text("utf-8") == MORE


def test_B6_with_a_yes_the_season_is_made_or_made_longer(call: Call, more: Path) -> None:
    call("watch", "office", "S01E05", "--yes")
    call("watch", "office", "S09E02", "--yes")
    assert shown(call, "office")["seasons"] == [
        {"number": 1, "episodes": 5, "watched": "1-3, 5"},
        {"number": 2, "watched": "1-3"},
        {"number": 9, "watched": "2"},
    ]
    assert call("watch", "office", "S12345E99999", "--yes").code == 2, "there is no such number at all"
    assert call("watch", "office", "S09E09", "--undo").err == "Nothing changed: S09E09 was not watched\n"


# After the last known episode

ALL_WATCHED = LIST.replace('watched = "1"  ', 'watched = "1-3"')


def test_without_a_terminal_the_end_is_said_with_the_ways_on(call: Call, wire: Path) -> None:
    wire.write_text(ALL_WATCHED, "utf-8")
    for words in (("watch", "wire"), ("watch", "wire", "--dry-run")):
        ran = call(*words)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == (
            "watchlist: season 1 of The Wire ended with S01E03, and no episode is left\n"
            "  add season 2: watchlist watch wire S02E01 --yes; one more episode: watchlist watch wire S01E04 --yes; "
            "rewatch: watchlist watch wire --yes\n"
        )
        assert wire.read_text("utf-8") == ALL_WATCHED
    for words, said in (
        (("S02E01", "--yes"), "Watched S02E01 of The Wire"),
        (("S01E04", "--yes"), "Watched S01E04 of The Wire"),
        (("--yes",), "Watched S01E01 of The Wire again"),
    ):
        assert call("watch", "wire", *words).err.startswith(said)
        call("undo")
        assert wire.read_text("utf-8") == ALL_WATCHED
    assert call("watch", "--where", "wire", "--yes").err.startswith("Watched S01E01 of The Wire again")
    assert call("watch", "wire").err.startswith("Watched S01E02 of The Wire again"), "a rewatch goes on"


def test_a_series_whose_episodes_are_all_skipped_has_no_rewatch(call: Call, wire: Path) -> None:
    wire.write_text(LIST.replace('watched = "1"  ', 'skipped = "1-3"'), "utf-8")
    ran = call("watch", "wire")
    assert ran.code == 1
    assert "S02E01 --yes" in ran.err
    assert "rewatch" not in ran.err
    wire.write_text(LIST.replace("episodes = 3", "episodes = 0").replace('watched = "1"  ', ""), "utf-8")
    assert call("watch", "wire").err.startswith("watchlist: The Wire has no episodes, and no episode is left\n")


# The lengths of seasons


def test_the_lengths_of_seasons_are_set_and_everything_else_stays(call: Call, wire: Path) -> None:
    ran = call("set", "wire", "seasons=S1: 13, S2: 12 episodes")
    assert (ran.code, ran.err) == (0, "Set seasons of The Wire to 13, 12, was 3   undo: watchlist undo\n")
    new = '\n[[shows.seasons]]\nnumber = 2\nepisodes = 12\n\n[[shows]]\nid = "heat"'
    assert wire.read_text("utf-8") == LIST.replace("= 3\n", "= 13\n").replace('\n[[shows]]\nid = "heat"', new)
    assert call("list", "--columns", "seasons", "kind:series").out.split("\n")[1].strip() == "13, 12"
    assert call("list", "--columns", "seasons", "kind:series", "--plain").out.startswith('[{"number": 1, ')
    assert call("list", "--format", "{seasons}", "kind:series").out.startswith('[{"number": 1, ')
    call("undo")
    assert wire.read_text("utf-8") == LIST


@pytest.mark.parametrize(
    ("word", "code", "said"),
    [
        ("seasons=0", 2, "a season has at least 1 episode; ? if unknown"),
        (
            "seasons=S2 8",
            1,
            "season 1 of The Wire can't be left out: you watched S01E01\n  keep it in the text: 3, 8\n",
        ),
        ("seasons+=S1 8", 1, "season 1 is on the list already; = with all lengths changes it"),
        ("seasons=8 or so", 2, '"or" is not a number of episodes; e.g. 10, 8, 8 or S1 10, S2 8, S0 2'),
        ('seasons=[{"number": 1}, {"number": 1}]', 2, "1 is there already"),
    ],
)
def test_lengths_that_would_lose_something_are_refused(call: Call, wire: Path, word: str, code: int, said: str) -> None:
    ran = call("set", "wire", word)
    assert ran.code == code
    assert said in ran.err
    assert wire.read_text("utf-8") == LIST


def test_a_show_is_added_with_its_seasons(call: Call) -> None:
    call("add", "Bear", "--kind", "series", "--seasons", "8, 10, S0 1")
    assert json.loads(call("show", "bear", "--json").out)["seasons"] == [
        {"number": 1, "episodes": 8},
        {"number": 2, "episodes": 10},
        {"number": 0, "episodes": 1},
    ]
    assert call("set", "bear", "seasons+=6").err.startswith("Set seasons of Bear to S1 8, S2 10, S3 6, S0 1")
    assert call("set", "seasons+=6", "--where", "kind:series", "--yes").code == 0


def test_an_export_has_the_seasons_as_json(call: Call) -> None:
    call("set", "wire", "seasons=3, 8")
    assert '"[{""number"": 1, ""episodes"": 3, ""watched"": ""1""}, {""number"": 2, ' in call("export", "-f", "csv").out
