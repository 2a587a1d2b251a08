"""Verbs that change: one line of what was done, one step of undo, nothing in bulk without a yes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pexpect
import pytest

from tests.conftest import SHOWS, Call, Cli


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def lines(file: Path) -> tuple[set[str], set[str]]:
    """The lines that are gone from the list, and those that are new."""
    old, new = SHOWS.splitlines(), file.read_text("utf-8").splitlines()
    return set(old) - set(new), set(new) - set(old)


def test_a_change_is_one_line_on_stderr_and_one_value_in_the_file(call: Call, file: Path) -> None:
    ran = call("rate", "heat", "9.5/10")
    assert (ran.code, ran.out, ran.err) == (0, "", "Rated Heat 4.75, was 4.5   undo: watchlist undo\n")
    assert lines(file) == ({"rating = 4.5 # of 5"}, {"rating = 4.75 # of 5"})
    assert call("undo").err == "Undid: Rated Heat 4.75, was 4.5   redo: watchlist redo\n"
    assert file.read_text("utf-8") == SHOWS
    assert call("redo").err == "Redid: Rated Heat 4.75, was 4.5   undo: watchlist undo\n"


def test_quiet_mutes_the_line_and_nothing_else(call: Call) -> None:
    assert call("rate", "heat", "3", "-q").err == ""
    assert call("rate", "nothing", "3", "--quiet").err.startswith("watchlist: there is no show")
    assert call("add", "Dune", "--quiet").out == "dune\n"


def test_the_hint_names_the_list_where_it_was_named(call: Call, file: Path) -> None:
    assert call("rate", "heat", "3", "--file", str(file)).err.endswith(f"undo: watchlist undo --file {file}\n")


@pytest.mark.parametrize(
    ("words", "gone", "new"),
    [
        (["rate", "heat", "-"], {"rating = 4.5 # of 5"}, set()),
        (["rate", "heat", "★★★"], {"rating = 4.5 # of 5"}, {"rating = 3.0 # of 5"}),
        (["status", "heat", "dropped"], {'status = "watched"'}, {'status = "dropped"'}),
        (["set", "heat", "year=1996", "platform="], {"year = 1995", 'platform = "Netflix"'}, {"year = 1996"}),
        (["tag", "slow", "+noir", "-SPIES", "cold war"], {'tags = ["spies"]'}, {'tags = ["noir", "cold war"]'}),
        (["set", "heat", "tags-=to own"], {'tags = ["heist", "to own"]'}, {'tags = ["heist"]'}),
        (["note", "heat", "seen twice"], set(), {'notes = "seen twice"'}),
        (["set", "amelie", "rating=4"], {"rating = 11"}, {"rating = 4.0"}),
    ],
)
def test_verbs_write_what_they_say(call: Call, file: Path, words: list[str], gone: set[str], new: set[str]) -> None:
    ran = call(*words)
    assert ran.code == 0, ran.err
    assert lines(file) == (gone, new)
    assert ran.err.endswith("   undo: watchlist undo\n")


def test_rating_a_film_that_was_planned_makes_it_watched_unless_the_config_says_no(
    call: Call, file: Path, config: Path
) -> None:
    assert "watched now" in call("rate", "amelie", "4").err
    call("undo")
    config.write_text("auto_status = false\n")
    call("rate", "amelie", "4")
    assert lines(file) == ({"rating = 11"}, {"rating = 4.0"})


def test_a_bare_number_is_on_the_scale_of_the_config(call: Call, file: Path) -> None:
    assert call("rate", "heat", "8", env={"WATCHLIST_SCALE": "10"}).err.startswith("Rated Heat 8/10, was 9/10")
    assert lines(file)[1] == {"rating = 4.0 # of 5"}


def test_add_prints_the_id_alone_and_takes_every_field(call: Call) -> None:
    ran = call("add", "Dune (2021)", "--rating", "9/10", "--tags", "sand", "--tags", "a, b", "--ids", "imdb=tt1160419")
    assert (ran.code, ran.out) == (0, "dune\n")
    assert ran.err == "Added Dune   undo: watchlist undo\n"
    show = json.loads(call("show", "dune", "--json").out)
    assert (show["title"], show["year"], show["rating"], show["tags"]) == ("Dune", 2021, 4.5, ["sand", "a", "b"])
    assert show["ids"] == {"imdb": "tt1160419"}
    assert call("add", "Dune", "--year", "1984", "--added", "2020-01-01").out == "dune-1984\n"


@pytest.mark.parametrize("words", [["Heat (1995)"], ["heat"], ["HEAT", "--year", "1995"]])
def test_a_duplicate_is_pointed_out_and_not_added(call: Call, file: Path, words: list[str]) -> None:
    ran = call("add", *words)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "watchlist: Heat (1995) is on the list already, as heat\n  --force adds it all the same\n"
    assert file.read_text("utf-8") == SHOWS
    assert call("add", *words, "--force").out.startswith("heat-")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rate", "heat", "11"], "11 is more than 5 stars; 9/10 works too"),
        (["status", "heat", "watchd"], 'did you mean "watched"?'),
        (["status", "heat", ""], "is none of"),
        (["set", "heat", "ratng=3"], 'did you mean "rating"?'),
        (["set", "heat", "year"], "is not FIELD=VALUE"),
        (["set", "heat", "year=x"], "year: "),
        (["set", "heat", "left=3"], "left can't be set"),
        (["tag", "heat", "+"], "names no tag"),
        (["add", " "], "a title can't be empty"),
        (["add", "Dune", "--year", "x"], "year: "),
    ],
)
def test_wrong_values_are_wrong_usage_and_change_nothing(call: Call, file: Path, words: list[str], said: str) -> None:
    ran = call(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert file.read_text("utf-8") == SHOWS


def test_a_change_that_changes_nothing_says_so(call: Call, file: Path) -> None:
    ran = call("rate", "heat", "4.5")
    assert (ran.code, ran.err) == (0, "Nothing changed\n")
    assert call("undo").code == 1


def test_notes_are_printed_replaced_and_read_from_stdin(call: Call, file: Path) -> None:
    assert call("note", "rec").out == "two\nlines\n"
    assert call("note", "heat").out == ""
    call("note", "rec", "-", stdin="one\nmore\n\n")
    assert json.loads(call("note", "rec", "--json").out) == {"id": "rec", "notes": "one\nmore\n"}
    call("note", "rec", "")
    assert call("note", "rec").out == ""


def test_remove_takes_several_and_undo_brings_all_back(call: Call, file: Path) -> None:
    assert call("remove", "heat", "Slow Horses", "heat").err.startswith("Removed 2 shows")
    assert "heat" not in call("list", "--plain", "--columns", "id").out.split()
    call("undo")
    assert file.read_text("utf-8") == SHOWS


def test_one_unknown_show_among_several_changes_none(call: Call, file: Path) -> None:
    assert call("remove", "heat", "nothing").code == 1
    assert file.read_text("utf-8") == SHOWS


def test_undo_counts_and_says_when_there_is_nothing_left(call: Call, file: Path) -> None:
    call("rate", "heat", "3")
    call("status", "heat", "paused")
    history = json.loads(call("history", "--json").out)
    assert [(row["label"].split()[0], row["undone"]) for row in history] == [("Heat", False), ("Rated", False)]
    ran = call("undo", "5")
    assert ran.code == 0
    assert len(ran.err.splitlines()) == 2
    assert file.read_text("utf-8") == SHOWS
    ran = call("undo")
    assert (ran.code, ran.err) == (1, "watchlist: there is nothing to undo\n")
    assert call("redo", "2").code == 0
    assert call("redo").code == 1
    assert call("history", "--limit", "1").out.splitlines()[1].split()[-1] != "undone"


# --where


def test_bulk_wants_a_yes_and_says_how_much_it_would_be(call: Call, file: Path) -> None:
    ran = call("status", "paused", "--where", "rating:any")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "watchlist: this would change 2 shows, and there is nobody to ask\n"
        "  --dry-run shows what it would do, --yes does it\n"
    )
    assert file.read_text("utf-8") == SHOWS


def test_a_dry_run_shows_each_change_and_makes_none(call: Call, file: Path) -> None:
    ran = call("status", "paused", "--where", "rating:any", "--dry-run", "--yes")
    assert ran.out.splitlines() == ["Heat is paused now, was watched", "Slow Horses is paused now, was watching"]
    assert ran.err == "2 shows would change; nothing was written\n"
    assert call("rate", "heat", "3", "--dry-run").out == "Rated Heat 3, was 4.5\n"
    assert file.read_text("utf-8") == SHOWS
    assert json.loads(call("rate", "heat", "3", "--dry-run", "--json").out)["dry_run"] is True


@pytest.mark.parametrize(
    "words",
    [
        ["status", "paused", "--where", "rating:any", "--yes"],
        ["status", "--where", "rating:any", "--yes", "paused"],
        ["set", "status=paused", "--where", "rating:4..", "kind:film,series", "--yes"],
    ],
)
def test_the_value_stands_before_where_or_after_another_flag(call: Call, words: list[str]) -> None:
    assert call(*words).err.startswith("Changed status of 2 shows")


def test_bulk_is_one_step_of_undo(call: Call, file: Path) -> None:
    call("tag", "+x", "-heist", "--where", "rating:any", "--yes")
    assert call("list", "tag:x", "--plain", "--columns", "id").out.split() == ["heat", "slow-horses"]
    call("undo")
    assert file.read_text("utf-8") == SHOWS


@pytest.mark.parametrize("query", [[""], ["sort:title"], [" ", ""]])
def test_bulk_never_runs_on_an_empty_query(call: Call, file: Path, query: list[str]) -> None:
    for verb in (["remove"], ["rate", "3"], ["status", "dropped"], ["note", "x"], ["tag", "x"], ["set", "year="]):
        ran = call(*verb, "--where", *query, "--yes")
        assert ran.code == 2, verb
        assert "something to look for" in ran.err
    assert file.read_text("utf-8") == SHOWS


def test_bulk_on_nothing_found_is_an_expected_failure(call: Call) -> None:
    assert call("remove", "--where", "title:nothing", "--yes").code == 1


def test_notes_of_many_are_not_printed(call: Call) -> None:
    assert call("note", "--where", "heat").code == 2


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_on_a_terminal_it_asks(home: dict[str, str], file: Path, answer: str, code: int) -> None:
    words = ["-m", "watchlist", "status", "paused", "--where", "rating:any"]
    child = pexpect.spawn(sys.executable, words, env=home | {"WATCHLIST_FILE": str(file)}, encoding="utf-8", timeout=20)
    child.expect_exact("Heat is paused now, was watched")
    child.expect_exact("Change 2 shows? [y/N] ")
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert (file.read_text("utf-8") == SHOWS) == bool(code)


# --json


def test_every_changing_verb_prints_one_object(call: Call) -> None:
    for words in (
        *(["add", "Dune"], ["rate", "heat", "3"], ["status", "heat", "paused"], ["tag", "heat", "+x"]),
        *(["set", "heat", "year=1996"], ["note", "heat", "x"], ["undo", "2"], ["redo"], ["remove", "amelie"]),
        ["tag", "+y", "--where", "rating:any", "--yes"],
    ):
        ran = call(*words, "--json")
        found = json.loads(ran.out)
        assert found.keys() == {"changes", "label", "shows", "removed"}, words
        assert found["changes"], words
        assert found["shows"] or found["removed"], words
    assert json.loads(call("rate", "heat", "3", "--json").out) | {"shows": []} == {
        "changes": [],
        "label": "Nothing changed",
        "shows": [],
        "removed": [],
    }
    assert json.loads(call("remove", "heat", "--json").out)["removed"] == ["heat"]


def test_errors_stay_on_stderr_with_json(call: Call) -> None:
    ran = call("rate", "nothing", "3", "--json")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err


def test_what_one_process_changed_another_takes_back(cli: Cli, call: Call, file: Path) -> None:
    assert cli("rate", "heat", "3", "--file", str(file)).returncode == 0
    assert call("undo").code == 0
    assert file.read_text("utf-8") == SHOWS


def test_a_title_that_would_act_is_shown_in_the_message(call: Call) -> None:
    assert call("rate", "rec", "3").err == "Rated [REC] ␛]0;x␇ 三体 3, was not rated   undo: watchlist undo\n"
    assert call("add", "evil \x1b]52;c;x\x07").err.startswith("Added evil ␛]52;c;x␇")
