"""Verbs that change: one line of what was done, one step of undo, nothing in bulk without a yes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.conftest import SHOWS, Call, Cli
from watchlist.sanitize import safe


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
    assert call("undo").err == "Undone: Rated Heat 4.75, was 4.5   redo: watchlist redo\n"
    assert file.read_text("utf-8") == SHOWS
    assert call("redo").err == "Redone: Rated Heat 4.75, was 4.5   undo: watchlist undo\n"


def test_quiet_mutes_the_line_and_nothing_else(call: Call) -> None:
    assert call("rate", "heat", "3", "-q").err == ""
    assert call("rate", "nothing", "3", "--quiet").err.startswith("watchlist: there is no show")
    assert call("add", "Dune", "--quiet").out == "dune\n"


def test_the_hint_names_the_list_where_it_was_named(call: Call, file: Path) -> None:
    assert call("rate", "heat", "3", "--file", str(file)).err.endswith(f"undo: watchlist undo --file {file}\n")


@pytest.mark.parametrize(
    ("words", "gone", "new"),
    [
        (["rate", "heat", "-"], {"rating = 4.5 # of 5"}, {"# of 5"}),
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
    assert "status: watched" in call("rate", "amelie", "4").err
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
    assert ran.err == "watchlist: Heat (1995) is on the list already, as heat\n  --force adds it anyway\n"
    assert file.read_text("utf-8") == SHOWS
    assert call("add", *words, "--force").out.startswith("heat-")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rate", "heat", "11"], "11 is more than 5 stars; 9/10 works too"),
        (["status", "heat", "watchd"], 'did you mean "watched"?'),
        (["set", "heat", "ratng=3"], 'did you mean "rating"?'),
        (["set", "heat", "year"], "is not FIELD=VALUE"),
        (["set", "heat", "year=x"], "year: "),
        (["set", "heat", "left=3"], "left can't be set"),
        (["set", "heat", "added=+3d"], 'added: "+3d" is in the future'),
        (["add", "Dune", "added=2199-01-01"], 'added: "2199-01-01" is in the future'),
        (["set", "heat", "premiered=-99999y"], 'premiered: "-99999y" is not a date from 1870 to 2200'),
        (["set", "heat", "premiered=2026-02-30"], 'premiered: "2026-02-30" is not in the calendar'),
        (["watch", "heat", "--date", "0001"], '--date: "0001" is not a date from 1870 to 2200'),
        (["set", "heat", "cast+=A: B; : C"], 'cast: ": C" has no actor'),
        (["tag", "heat", "+"], "names no tag"),
        (["add", " "], "add: TITLE is empty"),
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
    assert (ran.code, ran.err) == (0, "Nothing changed: Heat is rated 4.5 already\n")
    assert call("undo").code == 1


def test_notes_are_printed_replaced_and_read_from_stdin(call: Call, file: Path) -> None:
    assert call("note", "rec").out == "two\nlines\n"
    assert call("note", "heat").out == ""
    call("note", "rec", "-", stdin="one\nmore\n\n")
    assert json.loads(call("note", "rec", "--json").out) == {"id": "rec", "notes": "one\nmore\n"}
    call("set", "rec", "notes=")
    assert call("note", "rec").out == ""


@pytest.mark.parametrize("blank", ["", " ", "\n"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rate", "heat", "{}"], "rate: RATING is empty"),
        (["rate", "{}", "--where", "kind:film", "--yes"], "rate: RATING is empty"),
        (["rate", "heat", "4", "--episode", "{}"], "--episode is empty"),
        (["status", "heat", "{}"], "status: STATUS is empty"),
        (["tag", "heat", "+a", "{}"], "tag: TAGS is empty"),
        (["note", "rec", "{}"], "note: TEXT is empty"),
        (["watch", "heat", "{}"], "watch: EPISODE is empty"),
        *(
            (["watch", "heat", flag, "{}"], f"{flag} is empty")
            for flag in ("--through", "--kind", "--date", "--rating")
        ),
        (["watch", "heat", "--with", "{}"], "--with is empty"),
        (["watch", "heat", "--review={}"], "--review is empty"),
        (["add", "Dune", "--year", "{}"], "--year is empty"),
        (["add", "Dune", "--tags", "{}"], "--tags is empty"),
        (["pick", "--time", "{}"], "--time is empty"),
        (["stats", "--year", "{}"], "--year is empty"),
        (["list", "--sort", "{}"], "--sort is empty"),
        (["rate", "heat", "4", "--file", "{}"], "--file is empty"),
    ],
)
def test_an_unset_variable_is_no_value_and_clears_nothing(
    call: Call, file: Path, words: list[str], said: str, blank: str
) -> None:
    ran = call(*(word.format(blank) for word in words))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert file.read_text("utf-8") == SHOWS


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
    assert [(row["label"].split()[0], row["undone"]) for row in history] == [("Set", False), ("Rated", False)]
    ran = call("undo", "5")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.err.splitlines()] == ["Undone:", "Undone:", "redo:"]
    assert ran.err.endswith("\nredo: watchlist redo 2\n"), "it is said once, and is what takes all of it back"
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
        "watchlist: this would change 2 shows; confirmation needs a terminal\n"
        "  --dry-run shows what it would do, --yes does it\n"
    )
    assert file.read_text("utf-8") == SHOWS


def test_a_dry_run_shows_each_change_and_makes_none(call: Call, file: Path) -> None:
    ran = call("status", "paused", "--where", "rating:any", "--dry-run", "--yes")
    assert ran.out.splitlines() == [
        "Would set status of Heat to paused, was watched",
        "Would set status of Slow Horses to paused, was watching",
    ]
    assert ran.err == "2 shows would change; nothing was written\n"
    assert call("rate", "heat", "3", "--dry-run").out == "Would rate Heat 3, was 4.5\n"
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
        assert "--where needs a query" in ran.err
    assert file.read_text("utf-8") == SHOWS


def test_bulk_on_nothing_found_is_an_expected_failure(call: Call) -> None:
    assert call("remove", "--where", "title:nothing", "--yes").code == 1


def test_notes_of_many_are_not_printed(call: Call) -> None:
    assert call("note", "--where", "heat").code == 2


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_on_a_terminal_it_asks(home: dict[str, str], file: Path, answer: str, code: int) -> None:
    words = ["-m", "watchlist", "status", "paused", "--where", "rating:any"]
    child = pexpect.spawn(sys.executable, words, env=home | {"WATCHLIST_FILE": str(file)}, encoding="utf-8", timeout=20)
    child.expect_exact("Would set status of Heat to paused, was watched")
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


ODD = """\
version = 1

[[shows]]
id = "odd"
title = "Odd"
x = nan
y = -0.0
when = 2026-01-01T10:00:00+02:00
rating = nan

[[shows]]
id = "even"
title = "Even"
x = 1
when = 2026-01-01T09:00:00

[[shows.viewings]]
date = 2026-01-01
score = nan
"""


def test_A9_a_show_with_nan_is_changed_by_nothing_but_a_change_of_it(call: Call, file: Path) -> None:
    file.write_text(ODD)
    ran = call("add", "New")
    assert (ran.out, ran.err) == ("new\n", "Added New   undo: watchlist undo\n")
    call("undo")
    assert file.read_text() == ODD
    assert call("rate", "even", "4").err == "Rated Even 4, was not rated   undo: watchlist undo\n"
    assert call("tag", "odd", "+a").err == "Tagged Odd +a   undo: watchlist undo\n"
    done = json.loads(call("set", "odd", "tags=", "--json").out)
    assert [show["id"] for show in done["shows"]] == ["odd"]
    assert call("set", "odd", "tags=").err == "Nothing changed: tags of Odd already has that value\n"
    call("undo", "3")
    assert file.read_text() == ODD


@pytest.mark.parametrize("conflict", [[], ["--on-conflict", "theirs"]])
@pytest.mark.parametrize("name", ["copy.toml", "copy.json", "copy.jsonl"])
def test_A9_importing_its_own_export_changes_nothing(
    call: Call, file: Path, tmp_path: Path, name: str, conflict: list[str]
) -> None:
    file.write_text(ODD.replace("rating = nan\n", ""))
    copy = str(tmp_path / name)
    call("export", "-o", copy)
    for _ in range(2):
        assert call("import", copy, *conflict).err.endswith("Nothing changed\n")
    assert file.read_text() == ODD.replace("rating = nan\n", "")


def test_A9_nan_and_mixed_dates_are_ordered_and_looked_for(call: Call, file: Path) -> None:
    file.write_text(ODD)
    assert call("list", "x:..4", "--format", "{id}").out.split() == ["even"]
    assert call("list", "x:0..", "--format", "{id}").out.split() == ["even"]
    for by, first in (("x", "even"), ("x-", "odd"), ("when", "even"), ("when-", "odd")):
        assert call("list", "--sort", by, "--format", "{id}").out.split()[0] == first
    assert call("doctor").code == 1
    assert call("stats").code == 0


# Own keys


def test_E3_own_keys_are_set_found_and_taken_back(call: Call, file: Path) -> None:
    assert call("set", "heat", "own:prio=1").err == "Set prio of Heat to 1   undo: watchlist undo\n"
    assert lines(file) == (set(), {"prio = 1"})
    assert call("list", "prio:1..2", "--format", "{id}").out == "heat\n"
    call("set", "heat", "own:lent to=Bob", "own:mood=", "own:when=2026-01-02T10:00:00+02:00", "own:seen=[2019]")
    assert lines(file) == (
        {'mood = "blue"'},
        {"prio = 1", '"lent to" = "Bob"', "when = 2026-01-02 10:00:00+02:00", "seen = [2019]"},
    )
    assert call("list", "lent to:bob", "--format", "{id}").out == "heat\n"
    assert call("list", '"lent to":bob', "--format", "{id}").out == "heat\n"
    call("set", "heat", "own:seen+=2024", "own:seen-=2019")
    assert "seen = [2024]" in file.read_text()
    done = json.loads(call("set", "heat", "own:t={a = 1}", "--json").out)
    assert (done["shows"][0]["t"], done["shows"][0]["when"]) == ({"a": 1}, "2026-01-02T10:00:00+02:00")
    assert "[shows.t]\na = 1\n" in file.read_text()
    call("undo", "4")
    assert file.read_text("utf-8") == SHOWS


def test_E3_own_keys_in_add_and_in_bulk(call: Call, file: Path) -> None:
    assert call("add", "Dune", "year=2021", "own:prio=2", "own:lent to=Ann").out == "dune\n"
    assert 'prio = 2\n"lent to" = "Ann"\n' in file.read_text()
    assert call("set", "own:prio=3", "--where", "prio:2", "--yes").err.startswith("Set prio of Dune to 3, was 2")
    assert call("set", "own:prio=", "--where", "lent to:ann", "--dry-run").out == "Would clear prio of Dune, was 3\n"
    ran = call("add", "The", "Wire")
    assert (ran.code, "put quotes around a title" in ran.err) == (2, True)
    call("undo", "2")
    assert file.read_text("utf-8") == SHOWS


@pytest.mark.parametrize("words", [["own:rating=4"], ["own:x=[1"], ["own:=1"], ["own:x"], ["year=1999", "own:id=x"]])
def test_E3_wrong_own_keys_are_wrong_usage_and_change_nothing(call: Call, file: Path, words: list[str]) -> None:
    assert call("set", "heat", *words).code == 2
    assert call("add", "New", *words).code == 2
    assert file.read_text("utf-8") == SHOWS


def test_C5_an_own_key_with_a_space_is_a_column_and_an_order(call: Call, file: Path) -> None:
    call("set", "heat", "own:lent to=Bob")
    call("set", "amelie", "own:lent to=Ann")
    assert call("list", "lent to:any", "--columns", "id,lent to", "--plain").out == "amelie\tAnn\nheat\tBob\n"
    for columns in ('id,"lent to"', "id, lent to"):
        assert call("list", "lent to:any", "--columns", columns, "--plain").out == "amelie\tAnn\nheat\tBob\n"
    for order in ("lent to", '"lent to"', "lent to,title", '"lent to" title'):
        assert call("list", "lent to:any", "--sort", order, "--format", "{id}").out == "amelie\nheat\n"
    for order in ("lent to-", '"lent to"-'):
        assert call("list", "lent to:any", "--sort", order, "--format", "{id}").out == "heat\namelie\n"
        assert call("list", "lent to:any", f"sort:{order}", "--format", "{id}").out == "heat\namelie\n"
    assert call("list", "lent too:bob").err == "no show matches\n"
    assert call("list", '"lent too":bob').code == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    "name", ["two words.toml", "it's.toml", "line\nbreak.toml", "\x1b]0;x.toml", "#a.toml", "é\u202e`x`.toml"]
)
@pytest.mark.parametrize("by_config", [False, True])
def test_D3_the_hint_of_a_change_can_be_pasted(
    cli: Cli, home: dict[str, str], file: Path, tmp_path: Path, name: str, by_config: bool
) -> None:
    path = file.rename(tmp_path / name) if not by_config else file
    config = tmp_path / name
    if by_config:
        config.write_text('file = "shows.toml"\n')
    ran = cli("rate", "heat", "3", *(["--config", str(config)] if by_config else ["--file", str(path)]))
    assert ran.returncode == 0
    hint = ran.stderr.strip().partition("undo: watchlist ")[2]
    assert safe(hint) == hint
    program = f'watchlist() {{ {sys.executable} -m watchlist "$@"; }}; watchlist {hint}'
    subprocess.run(["bash", "-c", program], env=home, check=True, capture_output=True, timeout=60)
    assert path.read_text("utf-8") == SHOWS


def test_D3_a_hint_to_make_a_file_writable_can_be_pasted(call: Call, file: Path, tmp_path: Path) -> None:
    path = file.rename(tmp_path / "two words.toml")
    path.chmod(0o444)
    assert f"chmod u+w '{path}'" in call("rate", "heat", "3", "--file", str(path)).err
