"""The verb `seen`: what a file's name means is logged, or nothing is changed and the reason is said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Call, Cli
from watchlist.players import mpv_script

LIST = """\
[[shows]]
id = "slow-horses"
title = "Slow Horses"       # mine
kind = "series"
year = 2022

[[shows.seasons]]
number = 1
episodes = 6

[[shows.seasons]]
number = 2
episodes = 6

[[shows]]
id = "heat"
title = "Heat"
kind = "film"
year = 1995

[[shows]]
id = "thing"
title = "The Thing"
kind = "film"
year = 1982

[[shows]]
id = "thing-2011"
title = "The Thing"
kind = "film"
year = 2011

[[shows]]
id = "office"
title = "The Office (US)"
kind = "series"

[[shows]]
id = "alien"
title = "Alien"
"""
EPISODE = "slow.horses.s02e03.1080p.mkv"


@pytest.fixture(autouse=True)
def file(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(LIST, "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(path))
    return path


def viewings(call: Call, id: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(call("show", id, "--json").out).get("viewings", [])
    return rows


def test_an_episode_is_logged_and_undo_gives_the_same_bytes(call: Call, file: Path) -> None:
    ran = call("seen", EPISODE)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "Watched S02E03 of Slow Horses; status: watching   undo: watchlist undo\n"
    assert 'title = "Slow Horses"       # mine' in file.read_text("utf-8")
    call("undo")
    assert file.read_text("utf-8") == LIST


def test_it_is_what_watch_would_have_logged(call: Call, file: Path) -> None:
    call("seen", EPISODE, "--date", "2026-11-20")
    seen = file.read_text("utf-8")
    call("undo")
    call("watch", "slow", "S02E03", "--date", "2026-11-20")
    assert file.read_text("utf-8") == seen


def test_several_files_are_one_undo_step(call: Call, file: Path) -> None:
    names = (EPISODE, "Slow.Horses.S02E04.mkv", "/films/Heat (1995)/Heat.1995.2160p.mkv", "Heat.1995-sample.mkv")
    ran = call("seen", *names, "--date", "2026-11-20")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "slow.horses.s02e03.1080p.mkv: S02E03 of Slow Horses",
        "Slow.Horses.S02E04.mkv: S02E04 of Slow Horses",
        "Heat.1995.2160p.mkv: Heat",
        "Heat.1995-sample.mkv: not logged, it is a sample",
        "Watched 2 shows   undo: watchlist undo",
    ]
    assert viewings(call, "slow-horses") == [{"date": "2026-11-20", "episodes": "S02E03-E04"}]
    call("undo")
    assert file.read_text("utf-8") == LIST


def test_the_same_file_again_is_the_same_viewing(call: Call, file: Path) -> None:
    day = ("--date", "2026-11-20")
    call("seen", EPISODE, *day)
    text = file.read_text("utf-8")
    ran = call("seen", f"/other/place/{EPISODE}", *day)
    assert (ran.code, ran.err) == (0, "Nothing changed: S02E03 of Slow Horses was logged on 20 November 2026 already\n")
    ran = call("seen", EPISODE, "Heat.mkv", "Heat.1995.CD2.avi", *day)
    assert "was logged on 20 November 2026 already" in ran.err.splitlines()[0]
    assert len(viewings(call, "heat")) == 1
    assert text != file.read_text("utf-8")


@pytest.mark.parametrize(
    ("names", "said", "hint"),
    [
        (["Star.Trek.S01E02.mkv"], "no show on the list has this title", "watchlist add 'Star Trek'"),
        (["The Thing.mkv"], "2 shows may be meant", "thing, thing-2011"),
        (["The.Office.S01E02.mkv"], "its name may mean another show", "--yes logs S01E02 of The Office (US)"),
        (["Slow.Horses.S02E07.mkv"], "season 2 of Slow Horses has 6 episodes", "--yes logs S02E07"),
        (["Slow.Horses.S02E00.mkv"], "episode 0 is a special", "name the episode"),
        (["Slow.Horses.2024.05.06.mkv"], "no single episode of 2024-05-06 is on the list", "watch slow-horses S01E03"),
        (["Alien.1979.mkv"], "it is not known whether the show is a film", "--yes logs Alien"),
        (["Slow.Horses.S02.1080p"], "it is season 2, not one episode", "watch slow-horses S01E03"),
        (["Slow.Horses.S02E01-E06.mkv"], "it is 6 episodes, not one", ""),
        (["Slow.Horses.mkv"], "its name has no episode", ""),
        (["Heat.1995.Trailer.mkv"], "it is a trailer", ""),
        (["Heat.1995.srt"], "it is no video", ""),
        (["???.mkv"], "its name says nothing about a show", ""),
        (
            [EPISODE, "Star.Trek.S01E02.mkv"],
            "Star.Trek.S01E02.mkv: no show on the list has this title, so nothing was",
            "",
        ),
        ([f"{number}.of.nothing.mkv" for number in range(5)], "; and 2 more files", ""),
    ],
)
def test_in_doubt_nothing_is_changed(call: Call, file: Path, names: Sequence[str], said: str, hint: str) -> None:
    ran = call("seen", *names)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert hint in ran.err
    assert file.read_text("utf-8") == LIST


def test_yes_settles_a_doubt_about_one_show_and_none_about_several(call: Call, file: Path) -> None:
    assert call("seen", "The.Thing.mkv", "--yes").code == 1
    assert call("seen", "Slow.Horses.S02E00.mkv", "--yes").code == 1
    assert file.read_text("utf-8") == LIST
    assert call("seen", "The.Office.S01E02.mkv", "--yes").err.startswith("Watched S01E02 of The Office (US)")
    assert call("seen", "Slow.Horses.S02E07.mkv", "--yes").err.startswith("Watched S02E07 of Slow Horses")
    assert "episodes = 7" in file.read_text("utf-8")
    assert "kind: film, status: watched" in call("seen", "Alien.1979.mkv", "--yes").err


def test_a_title_given_to_the_show_settles_it_for_good(call: Call) -> None:
    call("set", "office", "aka+=The Office")
    assert call("seen", "The.Office.S01E02.mkv").err.startswith("Watched S01E02 of The Office (US)")


def test_a_date_is_that_of_an_episode(call: Call, file: Path) -> None:
    file.write_text(
        LIST.replace("number = 2\nepisodes = 6", "number = 2\nepisodes = 6\naired = [2024-05-06, 2024-05-07]")
    )
    assert call("seen", "Slow.Horses.2024.05.07.1080p.mkv").err.startswith("Watched S02E02 of Slow Horses")


def test_a_dry_run_writes_nothing(call: Call, file: Path) -> None:
    ran = call("seen", EPISODE, "Heat.mkv", "--dry-run")
    assert (ran.code, ran.out.splitlines()) == (
        0,
        ["Would watch S02E03 of Slow Horses; status: watching", "Would watch Heat; status: watched"],
    )
    assert ran.err.endswith("2 shows would change; nothing was written\n")
    assert call("seen", "The.Thing.mkv", "--dry-run").code == 1
    assert file.read_text("utf-8") == LIST


def test_json_has_each_file_also_if_nothing_was_logged(call: Call) -> None:
    ran = json.loads(call("seen", EPISODE, "Heat.1995.Trailer.mkv", "--json").out)
    assert ran["label"] == "Watched S02E03 of Slow Horses; status: watching"
    assert [(row["outcome"], row["id"], row["episodes"]) for row in ran["files"]] == [
        ("watched", "slow-horses", "S02E03"),
        ("skipped", None, ""),
    ]
    ran = json.loads(call("seen", EPISODE, "--json").out)
    assert (ran["changes"], ran["files"][0]["outcome"]) == ([], "same")
    ran = json.loads(call("seen", EPISODE, "The.Thing.mkv", "None.mkv", "--json").out)
    assert [row["outcome"] for row in ran["files"]] == ["watched", "unsure", "unknown"]
    assert ran["files"][1]["candidates"] == ["thing", "thing-2011"]
    assert (ran["changes"], ran["shows"]) == ([], [])
    assert json.loads(call("seen", "Heat.mkv", "--json", "--dry-run").out)["dry_run"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "missing FILE"),
        (("--date", "tomorrow", EPISODE), "--date:"),
        (("--mpv-hook", EPISODE), "--mpv-hook takes no FILE"),
        (("",), "FILE is empty"),
    ],
)
def test_wrong_usage(call: Call, file: Path, words: Sequence[str], said: str) -> None:
    ran = call("seen", *words)
    assert (ran.code, said in ran.err) == (2, True)
    assert file.read_text("utf-8") == LIST


def test_the_script_for_mpv_is_printed(call: Call) -> None:
    assert call("seen", "--mpv-hook").out == mpv_script()
    assert json.loads(call("seen", "--mpv-hook", "--json").out) == {"script": mpv_script()}


def test_a_name_with_escape_sequences_is_shown_harmlessly(call: Call) -> None:
    ran = call("seen", "\x1b]0;x\x07 [/red].mkv")
    assert ran.code == 1
    assert "\x1b" not in ran.err
    assert "\x07" not in ran.err


def test_a_name_that_is_no_text_is_refused(cli: Cli, file: Path) -> None:
    ran = cli("seen", "Slow Horses\udcff S02E03.mkv", env={"WATCHLIST_FILE": str(file)})
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_guessit_is_not_imported_for_a_name_with_a_code_nor_by_other_verbs(cli: Cli, file: Path) -> None:
    code = (
        "import sys; from watchlist.__main__ import main; main(sys.argv[1:])\n"
        "print([name for name in sys.modules if 'guessit' in name])"
    )
    for words in (("list",), ("seen", EPISODE), ("seen", "None.mkv")):
        ran = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
        loaded = ran.stdout.splitlines()[-1]
        assert "'guessit'" not in loaded
        assert ("watchlist.release_names.guessit_reader" in loaded) is (words[0] == "seen")
