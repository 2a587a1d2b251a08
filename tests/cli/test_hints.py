"""What is said where something was typed wrong, or changed: the next step is what the user typed, put right."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Call

LIST = """\
[[shows]]
id = "slow"
title = "Slow Horses"
kind = "series"
tags = ["spies"]

[[shows]]
id = "found"
title = "Found"

[[shows.seasons]]
number = 1
episodes = 3

[[shows]]
id = "heat"
title = "Heat"
kind = "film"
year = 1995
"""
README = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(LIST, "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(path))
    return path


TOMORROW = (date.today() + timedelta(2)).isoformat()


@pytest.mark.parametrize("text", ["", " ", TOMORROW, "2300", "+2d", f"{TOMORROW} 20:00"])
def test_a_viewing_has_a_day_that_is_given_and_not_still_to_come(call: Call, file: Path, text: str) -> None:
    ran = call("watch", "heat", "--date", text)
    assert (ran.code, "--date" in ran.err) == (2, True)
    assert file.read_text("utf-8") == LIST


@pytest.mark.parametrize("text", ["today", "2019", "2019-05", "unknown", str(date.today().year)])
def test_a_viewing_has_a_day_that_was(call: Call, file: Path, text: str) -> None:
    assert call("watch", "heat", "--date", text).code == 0


def test_an_empty_date_is_refused_by_add_and_clears_in_set(call: Call, file: Path) -> None:
    for flag in ("--added", "--premiered"):
        assert call("add", "Dune", flag, "").code == 2
    assert call("set", "heat", "premiered=1995").code == call("set", "heat", "premiered=").code == 0
    assert call("add", "Dune", "--added", "unknown").code == 0


def test_commas_part_tags_and_what_had_no_effect_is_said(call: Call, file: Path) -> None:
    assert call("tag", "heat", "a,b", '+"c, d"').err.startswith("Tagged Heat +a +b +c, d")
    assert call("tag", "heat", "-a,b").err.startswith("Tagged Heat -a -b")
    ran = call("tag", "slow", "+c", "-b", "+spies")
    assert ran.err.splitlines()[1:] == ['  Slow Horses has no tag "b"', '  Slow Horses has tag "spies" already']
    assert call("tag", "slow", "-b").err == 'Nothing changed: Slow Horses has no tag "b"\n'


@pytest.mark.parametrize("words", [["+Z", "+z"], ["Z,Y,z"], ["+Z", "z", "+Z"]])
@pytest.mark.parametrize("chosen", [["slow"], ["--yes", "--where", "title:slow"]])
def test_a_tag_is_added_once_however_often_it_is_typed(
    call: Call, file: Path, words: list[str], chosen: list[str]
) -> None:
    named = [*chosen, *words] if len(chosen) == 1 else [*words, *chosen]
    ran = call("tag", *named)
    assert (ran.code, ran.err.partition("   ")[0]) == (0, f"Tagged Slow Horses +Z{' +Y' * ('Y' in words[0])}")
    assert call("tag", *named).err in [
        f"Nothing changed: Slow Horses has tag {tags} already\n" for tags in ('"Z"', '"Z", "Y"')
    ]


def test_a_tag_is_not_both_added_and_removed_but_its_case_can_be_changed(call: Call, file: Path) -> None:
    ran = call("tag", "slow", "+N", "+N", "-N")
    assert (ran.code, file.read_text("utf-8")) == (2, LIST)
    assert ran.err.startswith('watchlist: tag "N" can\'t be both added and removed\n')
    assert call("tag", "slow", "+Spies", "-spies").err == "Tagged Slow Horses +Spies -spies   undo: watchlist undo\n"


@pytest.mark.parametrize("words", [["S01"], ["S01E02"], [], ["--through", "S01E02"]])
def test_logging_an_episode_makes_a_show_a_series(call: Call, file: Path, words: list[str]) -> None:
    assert "; kind: series" in call("watch", "found", *words).err
    assert call("list", "kind:series", "--format", "{id}").out == "found\nslow\n"
    call("undo")
    assert file.read_text("utf-8") == LIST


def test_a_wrong_kind_stays_in_the_file(call: Call, file: Path) -> None:
    file.write_text(LIST.replace('title = "Found"', 'title = "Found"\nkind = "seires"'), "utf-8")
    assert call("watch", "found", "S01E01").code == 0
    assert 'kind = "seires"' in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["watch", "slow", "xyz"], "e.g. watchlist watch slow S01E03"),
        (["watch", "Slow Horses", "xyz"], "e.g. watchlist watch 'Slow Horses' S01E03"),
        (["rate", "found", "4", "--episode", "xyz"], "e.g. watchlist rate found 4 --episode S01E03"),
        (["watch", "heat", "yesterday"], "a day goes with --date: watchlist watch heat --date yesterday"),
        (["watch", "slow", "2019-05"], "a day goes with --date: watchlist watch slow --date 2019-05"),
        (["watch", "heat", "xyz"], "a film has no episodes: watchlist watch heat"),
        (["watch", "found", "S01E01", "--undo", "--date", "today"], "watchlist watch found S01E01 --undo"),
        (["watch", "heat", "--undo", "--date", "today"], "leave out --date: watchlist watch heat --undo"),
        (["watch", "slow", "S01E01", "--through", "S01E02"], "e.g. watchlist watch slow --through S01E05"),
    ],
)
def test_examples_are_of_the_show_and_the_verb_that_were_typed(
    call: Call, file: Path, words: list[str], hint: str
) -> None:
    ran = call(*words)
    assert (ran.code, ran.err.splitlines()[-1].strip().endswith(hint)) == (2, True), ran.err


def test_no_match_of_where_says_which_word_leaves_nothing(call: Call, file: Path) -> None:
    ran = call("status", "watching", "--where", "platform:netflix", "kind:film")
    assert ran.code == 1
    assert "no show matches platform:netflix kind:film, so nothing was changed" in ran.err
    assert "alone they match: platform:netflix 0 shows, kind:film 1 show" in ran.err


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("own:prio=1", "prio:1"), ("own:prio", "prio:any"), ("own:mood=so so", 'mood:"so so"')],
)
def test_own_keys_are_queried_by_their_name(call: Call, file: Path, typed: str, hint: str) -> None:
    assert call("list", typed).err.splitlines()[-1].endswith(f"a key of your own is used like a field: {hint}")


def test_a_sort_is_no_text_in_quotes(call: Call, file: Path) -> None:
    assert "quotes" not in call("list", "--sort", "foo").err
    assert 'quotes make it plain text: "foo:bar"' in call("list", "foo:bar").err


def test_help_knows_dates_and_names_its_topics(call: Call) -> None:
    assert "yesterday" in call("help", "dates").out
    assert "queries" in call("help", "zzz").err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["list", "--bogus"], "list has --columns, --sort"),
        (["add", "--title", "Q"], "TITLE is given without a flag: watchlist add TITLE"),
        (["paths", "--bogus"], "paths has none of its own"),
        (["list", "--col", "x"], 'did you mean "--columns"?'),
        (["--bogus", "list"], "the flags are: --file"),
    ],
)
def test_only_what_is_near_is_suggested(call: Call, words: list[str], hint: str) -> None:
    ran = call(*words)
    assert (ran.code, hint in ran.err) == (2, True), ran.err


def test_a_change_of_a_value_says_what_it_is_and_was(call: Call, file: Path) -> None:
    said = [call("set", "slow", f"own:prio={value}").err.partition("   ")[0] for value in ("2", "1", "")]
    assert said == [
        "Set prio of Slow Horses to 2",
        "Set prio of Slow Horses to 1, was 2",
        "Cleared prio of Slow Horses, was 1",
    ]
    assert call("set", "heat", "year=1996").err.startswith("Set year of Heat to 1996, was 1995")
    assert call("set", "heat", "notes=x").err.startswith("Changed notes of Heat")
    assert call("set", "heat", "year=1997", "--dry-run").out == "Would set year of Heat to 1997, was 1996\n"
    assert call("watch", "heat", "--dry-run").out == "Would watch Heat; status: watched\n"
    assert call("remove", "heat", "--dry-run").out == "Would remove Heat\n"


def test_a_viewing_of_another_day_says_the_day(call: Call, file: Path) -> None:
    assert call("watch", "heat").err.startswith("Watched Heat; status: watched")
    assert call("watch", "heat", "--date", "2020-11-20").err.startswith("Watched Heat again on 20 November 2020")
    assert call("watch", "heat", "--date", "2019-05").err.startswith("Watched Heat again in May 2019")
    assert call("watch", "--where", "kind:any", "--yes").err.startswith("Watched 2 shows")
    assert call("watch", "--where", "kind:any", "--yes", "--undo").err.startswith("Removed the last viewing of 2")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["rate", "heat", "0/10"], "Heat is not rated; 0 and - clear a rating"),
        (["rate", "slow", "-"], "Slow Horses is not rated"),
        (["status", "heat", "planned"], "Heat is planned already"),
        (["set", "heat", "year=1995"], "year of Heat already has that value"),
        (["watch", "found", "S01E02", "--undo"], "S01E02 was not watched"),
        (["rate", "found", "-", "--episode", "S01E02"], "S01E02 of Found is not rated"),
    ],
)
def test_nothing_changed_says_why(call: Call, file: Path, words: list[str], why: str) -> None:
    assert call(*words).err == f"Nothing changed: {why}\n"


def test_problems_of_several_imports_name_the_file(call: Call, file: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("title,watched\nA,2020-01-01\n", "utf-8")
    two.write_text("title,rating\nB,9\n", "utf-8")
    ran = call("import", str(one), str(two))
    assert f"{two}: line 2, rating: 9 is " in ran.err
    assert f"{one}, watched: this column is left out: it is derived from the viewings" in ran.err


def test_what_draws_the_same_again_is_all_that_was_asked(call: Call, file: Path) -> None:
    again = call("pick", "kind:film", "-n", "1", "--seed", "1", "--time", "9h").err
    assert again.endswith("kind:film --time 9h -n 1 --seed 1 picks the same again\n")
    assert 'no format "foo"' in call("stats", "-f", "foo").err


@pytest.mark.parametrize("text", ["1:99", "1h60", "0:75"])
def test_an_hour_has_60_minutes(call: Call, file: Path, text: str) -> None:
    assert call("pick", "--time", text).code == 2


def test_numbers_stand_at_their_flag_and_may_be_too_large(call: Call, file: Path) -> None:
    call("rate", "heat", "4")
    call("rate", "heat", "3")
    assert len(json.loads(call("history", "-n1", "--json").out)) == 1
    assert call("list", "-n1", "--format", "{id}").out == "found\n"
    assert "is not a whole number from 1 to 999999999" in call("undo", "9" * 21).err
    assert "whole number" in call("undo", "1.5").err


def test_the_length_of_a_season_is_entered_by_what_the_hint_says(call: Call, file: Path) -> None:
    for season in ("S01", "S02"):
        ran = call("watch", "slow", season)
        command = shlex.split(ran.err.rpartition("e.g. 8: ")[2])
        assert command[:3] == ["watchlist", "set", "slow"], ran.err
        assert call(*command[1:]).code == 0
        assert call("watch", "slow", season).code == 0
    call("set", "found", 'seasons=[{"number": 1, "watched": "2"}]')
    command = shlex.split(call("watch", "found", "S01").err.rpartition("e.g. 8: ")[2])
    assert call(*command[1:]).code == 0
    assert json.loads(call("show", "found", "--json").out)["seasons"] == [{"number": 1, "episodes": 8, "watched": "2"}]


def test_a_config_is_checked_as_a_whole_in_the_order_of_its_lines(call: Call, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'thme = "x"\nscale = "5"\nbackups = 0\n\n[keys]\nrat = "R"\n\n[services]\nA = "x"\nB = 2\nC = true\n', "utf-8"
    )
    lines = call("config", "check", "--config", str(config)).out.splitlines()
    assert [int(re.search(r" line (\d+):", line)[1]) for line in lines] == [1, 2, 3, 6, 9, 11]  # type: ignore[index]
    ran = call("list", "--config", str(config))
    assert (ran.code, "`watchlist config edit` opens the config" in ran.err) == (2, True)
    assert "unset WATCHLIST_SCALE" in call("list", env={"WATCHLIST_SCALE": "7"}).err


def test_the_doctor_counts_from_1_and_says_what_to_do(call: Call, file: Path) -> None:
    file.write_text(
        LIST + f'viewings = [{{ date = {TOMORROW} }}]\n\n[[shows]]\ntitle = "Heat"\nyear = 1995\nruntime = 0\n', "utf-8"
    )
    said = call("doctor").out
    assert f"Heat: viewing 1, date = {TOMORROW}: it was watched" in said
    assert "    change it: watchlist edit heat\n" in said
    assert "show 3 of the file is Heat (1995), and the titles are alike" in said
    assert "[0]" not in said
