"""The verb `doctor`: places as compilers say them, exit codes, one undo, and nothing raw on the terminal."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import pytest

from tests.bench.generator import write_list
from tests.conftest import SHOWS, Call, Cli

WRONG = """\
version = 1

[[shows]]
id = "heat"
title = "Heat"
status = "watchign" # hm
rating = 7

[[shows]]
title = "Lost \\u001b]0;x\\u0007"
  year = "2004"
raitng = 4.5
"""


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def test_nothing_wrong_is_exit_code_0(call: Call, file: Path) -> None:
    file.write_text(SHOWS.replace("rating = 11", "rating = 1.1"))
    ran = call("doctor")
    assert (ran.code, ran.out, ran.err) == (0, "", f"{file}: no problems found\n")
    assert call("doctor", "--fix").code == 0
    assert call("history").out.count("Fixed") == 0


def test_no_file_is_nothing_wrong(call: Call, tmp_path: Path) -> None:
    ran = call("doctor", "--file", str(tmp_path / "none.toml"))
    assert (ran.code, ran.out) == (0, "")
    assert not (tmp_path / "none.toml").exists()


def test_findings_are_lines_that_begin_with_file_line_and_column(call: Call, file: Path) -> None:
    file.write_text(WRONG)
    ran = call("doctor")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0] == (
        f'{file}:6:10:  Heat: status = "watchign": expected one of watching, planned, watched, paused, dropped'
    )
    assert lines[1] == '    fix: status = "watching"'
    assert lines[2].startswith(f"{file}:7:10:  Heat: rating = 7: 7 is not within 5 stars")
    assert lines[3] == "    nearest: 3.5"
    assert lines[4] == "    change it: watchlist edit heat"
    assert lines[7].startswith(f"{file}:12:1:  Lost")  # the sentences line up
    assert "\x1b" not in ran.out + ran.err
    assert ran.err == "4 findings; --fix can fix 3 of them\n"
    assert file.read_text() == WRONG


def test_fix_says_what_it_fixed_and_what_is_left_and_one_undo_takes_it_back(call: Call, file: Path) -> None:
    file.write_text(WRONG)
    ran = call("doctor", "--fix")
    assert ran.code == 1
    assert [line.partition(": ")[0] for line in ran.err.splitlines()[:3]] == [
        f"fixed {file}:6:10",
        f"fixed {file}:11:10",
        f"fixed {file}:12:1",
    ]
    assert "Fixed 3 problems   undo: watchlist undo" in ran.err
    assert ran.err.endswith("1 finding left\n")
    assert ran.out.splitlines()[0].startswith(f"{file}:7:10: Heat: rating = 7")
    mended = WRONG.replace("watchign", "watching").replace('"2004"', "2004").replace("raitng", "rating")
    assert file.read_text() == mended
    assert call("undo").code == 0
    assert file.read_text() == WRONG


def test_all_fixed_is_exit_code_0(call: Call, file: Path) -> None:
    file.write_text(WRONG.replace("rating = 7", ""))
    assert call("doctor").code == 1
    ran = call("doctor", "--fix")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith(f"{file}: no problems left\n")


def test_damage_is_exit_code_3_with_the_line_and_a_caret(call: Call, file: Path) -> None:
    file.write_text(WRONG + '  title = "again\n')
    ran = call("doctor", "--fix")
    assert ran.code == 3
    lines = ran.out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{file}:13:"))
    column = int(lines[at].split(":")[2])
    assert lines[at + 1] == '      title = "again'
    assert lines[at + 2] == " " * (4 + column - 1) + "^"
    assert "watchign" in file.read_text()


def test_F34_conflict_markers_name_their_line(call: Call, file: Path) -> None:
    file.write_text("<<<<<<< ours\n" + WRONG)
    ran = call("doctor")
    assert ran.code == 3
    assert f"{file}:1:1:" in ran.out
    assert "conflict markers" in ran.out


def test_json_has_everything(call: Call, file: Path) -> None:
    file.write_text(WRONG)
    ran = call("doctor", "--json")
    document = json.loads(ran.out)
    assert ran.code == 1
    assert (document["file"], document["fixed"], document["changes"]) == (str(file), [], [])
    assert document["findings"][0] == {
        "severity": "wrong",
        "kind": "value",
        "file": str(file),
        "line": 6,
        "column": 10,
        "id": "heat",
        "title": "Heat",
        "key": "status",
        "value": "watchign",
        "message": 'status = "watchign": expected one of watching, planned, watched, paused, dropped',
        "allowed": "one of watching, planned, watched, paused, dropped, in quotes",
        "nearest": "watching",
        "fix": 'status = "watching"',
        "hint": None,
        "text": None,
    }
    fixed = json.loads(call("doctor", "--json", "--fix", "--quiet").out)
    assert len(fixed["fixed"]) == 3
    assert len(fixed["findings"]) == 1
    assert len(fixed["changes"]) == 1


def test_F32_a_copy_beside_the_file_is_a_finding_without_a_line(call: Call, file: Path) -> None:
    file.write_text("version = 1\n")
    copy = file.with_name("shows.sync-conflict-20261122-101112-ABCDEFG.toml")
    copy.write_text("else")
    ran = call("doctor")
    assert (ran.code, ran.out.splitlines()[0].startswith(f"{copy}: a copy")) == (1, True)


def test_a_long_clean_list_is_gone_through_soon(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    write_list(file, 10_000)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    ran = cli("doctor", "--file", str(file))
    assert (ran.returncode, ran.stdout) == (0, "")
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before  # of the processor, not of the clock
    assert seconds < 10  # many times what it takes
