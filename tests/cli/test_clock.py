"""Any date on the system's clock and in the list: no verb fails because of one, and no clock deletes what is nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ROOT, Cli
from watchlist.store.history.backups import KEPT_FOUND, Backups

CLOCKS = (
    *("0001-01-01T00:00:00", "0001-02-03T04:05:06", "1970-01-01T00:00:00", "2040-01-02T03:04:05"),
    *("9998-12-31T00:00:00", "9999-12-27T12:00:00", "9999-12-31T23:59:59"),
)
LIST = """\
version = 1

[[shows]]
id = "a"
title = "A"
kind = "series"
status = "paused"
runtime = 50
added = 0001-01-01
premiered = 9999-12-31

[[shows.seasons]]
number = 1
episodes = 1000000
watched = "1-3"

[[shows.viewings]]
date = 0001-01-01
episodes = "S01E01"

[[shows.viewings]]
date = 9999-12-31
episodes = "S01E02"

[[shows.viewings]]
date = 9999-12-31T23:59:59
episodes = "S01E03"

[[shows]]
id = "b"
title = "B"
kind = "film"
status = "planned"
added = 0001-01-01
runtime = 100

[[shows.viewings]]
date = 9999-12-30
"""
VERBS = """\
list
list sort:added-
list added:-30d..
list added:+30d
list premiered:-1y..
list added:-99999d..
list watched:9999
list watched:-1w
show a
show a --json
stats
stats --json
stats --year 9999
stats --year 1
stats --output {folder}/stats.html --force
stats --output {folder}/stats.svg --force
stats --output {folder}/stats.md --force
pick --seed 1
pick --time 100m
rate a 3
rate b 4
watch a
watch b
add New
add "Old (1900)"
undo
redo
remove b
undo
history
backups
backups show 1
doctor
export --format html
export --format json
export --format csv
views
"""
MANY = """
import shlex, sys
from tests import clock
clock.install(sys.argv[1])
from watchlist.__main__ import main
for line in sys.stdin.read().splitlines():
    code = main(["--file", sys.argv[2], *shlex.split(line)])
    if code not in (0, 1):
        print(f"FAILED {line}: {code}", file=sys.stderr)
    print(f"done {line}", file=sys.stderr)
"""


@pytest.mark.parametrize("now", CLOCKS)
def test_A5_no_clock_and_no_date_makes_a_verb_fail(home: dict[str, str], tmp_path: Path, now: str) -> None:
    file = tmp_path / "list.toml"
    file.write_text(LIST, "utf-8")
    verbs = VERBS.format(folder=tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", MANY, now, str(file)],
        input=verbs,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**home, "PYTHONPATH": os.pathsep.join([str(ROOT), home.get("PYTHONPATH", "")])},
        check=False,
        timeout=120,
    )
    assert ran.stderr.count("\ndone ") + ran.stderr.startswith("done ") == len(verbs.splitlines()), ran.stderr
    assert "a fault in watchlist" not in ran.stderr
    assert "FAILED" not in ran.stderr
    assert not list((Path(home["XDG_STATE_HOME"]) / "watchlist").glob("faults/*"))


def test_A5_what_another_program_wrote_outlives_every_jump_of_the_clock(tmp_path: Path) -> None:
    backups = Backups(tmp_path, newest=3)
    found = backups.keep(b"theirs", datetime(2026, 11, 22, 12), found=True)
    for year in (2040, 1, 9999, 1970, 9998):
        for number in range(10):
            backups.keep(f"{year} {number}".encode(), datetime(year, 12, 31, number))
        assert found in backups.all()
    assert found.read() == b"theirs"


def test_A5_found_copies_are_counted_and_only_the_oldest_go(tmp_path: Path) -> None:
    backups = Backups(tmp_path, newest=1)
    made = [backups.keep(b"%d" % number, datetime(2040, 1, 1), found=True) for number in range(KEPT_FOUND + 5)]
    kept = {copy.number for copy in backups.all() if copy.found}
    assert kept >= {copy.number for copy in made[-KEPT_FOUND:]}
    assert 2 not in kept


@pytest.mark.parametrize("year", [1, 999, 9999])
def test_A5_a_copy_of_any_year_is_found_again(tmp_path: Path, year: int) -> None:
    backups = Backups(tmp_path, newest=3)
    made = backups.keep(b"text", datetime(year, 2, 3, 4, 5, 6))
    assert backups.all() == (made,)
    assert backups.named(f"1-{year:04}-02-03") == made
    assert backups.due(datetime(year, 2, 3, 4, 5, 6) + timedelta(hours=1)) is True


def test_A5_a_change_by_a_clock_of_2040_keeps_the_copy_of_foreign_bytes(
    cli: Cli, home: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "list.toml"
    file.write_text(LIST, "utf-8")
    cli("--file", str(file), "rate", "a", "3")
    (folder,) = (Path(home["XDG_STATE_HOME"]) / "watchlist" / "backups").iterdir()
    found = Backups(folder, 20).keep(b"theirs", datetime(2026, 11, 22), found=True)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.clock", "2040-01-01T00:00:00", "--file", str(file), "remove", "b"],
        capture_output=True,
        text=True,
        env=home,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert found.read() == b"theirs"
    assert max(copy.time.year for copy in Backups(folder, 20).all()) == 2040
