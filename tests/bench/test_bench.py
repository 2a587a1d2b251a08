"""The benchmark measures what it says: its lists are lists, its clock sees a program in a pty, and a wrong frame fails."""

from __future__ import annotations

import gzip
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.bench import catalogue, terminal
from tests.bench.__main__ import main
from tests.bench.bench import Series
from tests.bench.catalogue_files import write_files
from tests.bench.generator import LANDMARK, Style, tables, write_list
from tests.bench.report import Finding, growth, table
from tests.bench.rows import ROWS, Bar
from tests.bench.terminal import Program, WrongFrame, colours, first_with, last_change, text
from tests.e2e.terminal import environment
from watchlist.domain.text import fold

# Says something late, then waits for a key, computes for a while and answers.
SLOW = """\
import sys, time, tty
tty.setcbreak(0)
print("early", flush=True)
time.sleep(0.05)
print("late", flush=True)
while (key := sys.stdin.read(1)) != "q":
    end = time.perf_counter() + 0.25
    while time.perf_counter() < end:
        pass
    print("answer", key, flush=True)
"""


@pytest.mark.parametrize("style", ["rich", "imported", "watched"])
def test_a_made_up_list_is_the_same_again_and_parses_to_what_was_made_up(tmp_path: Path, style: Style) -> None:
    file = tmp_path / "list.toml"
    write_list(file, 200, style)
    made = list(tables(200, style))
    assert tomllib.loads(file.read_text("utf-8"))["shows"] == made
    assert len({show["id"] for show in made}) == len({show["title"] for show in made}) == 200
    assert made[100]["title"] == LANDMARK == min((show["title"] for show in made), key=fold)
    assert not all(show["title"].isascii() for show in made)


def test_a_rich_show_is_about_as_long_as_is_said(tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    write_list(file, 500)
    assert 800 < file.stat().st_size / 500 < 1000
    assert all(len(show["synopsis"].split()) == 60 and len(show["cast"]) == 6 for show in tables(500))


def test_the_clock_sees_when_something_stood_on_the_screen_and_waits_for_who_computes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Program([sys.executable, "-c", SLOW], environment(tmp_path)) as program:
        before, frames = program.last, program.settle()
        early, late = first_with(frames, "early"), first_with(frames, "late")
        assert 0.04 < late - early < 1
        assert last_change(before, frames, text) == late == last_change(before, frames, colours)
        assert 0.25 <= program.answer(b"x") < 2  # silent all the while, but at work
        assert "answer x" in program.last.text
        monkeypatch.setattr(terminal, "LATE", 0.5)
        with pytest.raises(WrongFrame, match="no 'answer z'"):
            program.answer(b"y", expected="answer z")
        with pytest.raises(WrongFrame, match="still 'answer'"):
            program.answer(b"y", gone="answer")
        with pytest.raises(WrongFrame, match="nothing changed"):
            program.answer(b"")
        with pytest.raises(WrongFrame, match="the program ended"):
            program.press(b"q")


def test_rows_are_measured_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "found.json"
    assert main(["--shows", "20", "--only", "4,9", "--pairs", "1", "--keys", "4", "--json", str(file)]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["4", "9", "9b"]
    rows = json.loads(file.read_text("utf-8"))["rows"]
    assert [len(row["a"]) for row in rows] == [1, 4, 4]
    assert all(0 < row["ratio"] < 1000 and row["wrong"] is None and row["holds"] is None for row in rows)


def test_made_up_datasets_are_the_same_again_and_have_the_shapes_of_the_real_ones(tmp_path: Path) -> None:
    paths = write_files(tmp_path / "a", 3000)
    assert [gzip.decompress(path.read_bytes()) for path in paths] == [
        gzip.decompress(path.read_bytes()) for path in write_files(tmp_path / "b", 3000)
    ]
    rows = [line.split("\t") for line in gzip.decompress(paths[0].read_bytes()).decode().splitlines()]
    assert {len(row) for row in rows} == {9}
    ids = [row[0] for row in rows[1:]]
    assert ids == sorted(set(ids))
    assert {len(id) for id in ids} == {9, 10}
    assert 0.7 < sum(row[1] == "tvEpisode" for row in rows) / 3000 < 0.85


def test_a_catalogue_is_built_and_searched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue.main(["--rows", "3000", "--searches", "5", "--folder", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.match(r"3,000 rows, \d+ titles, \d+ episodes", lines[0])
    assert re.match(r"build: [\d.]+ s \(processor [\d.]+ s\), \d+ MiB, load", lines[1])
    assert [line.split("|")[1].strip() for line in lines if line.startswith("|")][2:] == [*catalogue.QUERIES]


def test_a_bar_that_does_not_hold_is_said() -> None:
    bar = Bar("1", "the start", "nothing", {10_000: 1.4})
    findings = [
        Finding(bar, shows, Series([a, a, a], [1, 2, 1])) for shows, a in ((100, 1), (10_000, 1.3), (100_000, 2))
    ]
    assert [finding.holds for finding in findings] == [None, True, None]
    assert Finding(bar, 10_000, Series([1.5], [1])).holds is False
    assert Finding(bar, 10_000, wrong="it ended").holds is False
    assert table(findings[1:2]).splitlines()[2].split("|")[3:9] == [
        " 1,300.0 ", " 1,000.0 ", "  1.30 ", " 0.98-1.30 ", " 1.4 ", " yes    ",
    ]  # fmt: skip
    assert growth(findings).splitlines()[2] == "| 1   | the start | 1.00 |   1.30 |    2.00 |"


def test_every_row_has_a_number_and_a_floor_of_its_own() -> None:
    numbers = [int(row.number) for row in ROWS]
    assert numbers == sorted(set(numbers))
    assert all(bar.number.startswith(row.number) and bar.what and bar.floor for row in ROWS for bar in row.bars)
