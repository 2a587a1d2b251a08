"""On a terminal, `watch` asks what comes after the last known episode."""

from __future__ import annotations

from pathlib import Path

import pexpect
import pytest

from tests.e2e.terminal import PROGRAM, environment

LIST = """\
[[shows]]
id = "wire"
title = "Wire"
kind = "series"

[[shows.seasons]]
number = 1
episodes = 2
watched = "1-2"
"""


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ("\r", 0, "Watched S02E01 of Wire"),
        ("2\r", 0, "Watched S01E03 of Wire"),
        ("3\r", 0, "Watched S01E01 of Wire again"),
        ("n\r", 1, "nothing was changed"),
        ("\x04", 1, "nothing was changed"),
    ],
)
def test_watch_asks_which_episode_it_was(tmp_path: Path, answer: str, code: int, said: str) -> None:
    file = tmp_path / "list.toml"
    file.write_text(LIST, "utf-8")
    env = environment(tmp_path, WATCHLIST_FILE=str(file))
    child = pexpect.spawn(PROGRAM, ["watch", "wire"], env=env, timeout=20, encoding="utf-8", dimensions=(24, 80))
    child.expect("Season 1 of Wire ended with S01E02. Watched:")
    child.expect_exact("1  S02E01, in a new season")
    child.expect_exact("2  S01E03, one more episode of season 1")
    child.expect_exact("3  S01E01 again, a rewatch")
    child.expect_exact("Which? [1] ")
    child.send(answer)
    child.expect_exact(said)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert (file.read_text("utf-8") == LIST) is (code == 1)
