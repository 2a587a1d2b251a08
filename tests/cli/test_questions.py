"""Questions on the terminal: what each answer means, also none."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pexpect
import pytest

from tests.conftest import SHOWS
from watchlist.cli.questions import ask, choose, confirm


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


@pytest.mark.parametrize(
    ("text", "is_yes", "is_yes_by_default"),
    [
        *((yes, True, True) for yes in ("y\n", "YES\n", " Yes \r\n", "y")),
        *((no, False, False) for no in ("n\n", "no\n", "x\n", "yep\n", "1\n")),
        *(("\n", False, True), (" \n", False, True)),
        ("", False, False),
    ],
)
def test_only_yes_is_yes_and_the_end_of_the_input_is_no(
    monkeypatch: pytest.MonkeyPatch, text: str, is_yes: bool, is_yes_by_default: bool
) -> None:
    answer(monkeypatch, text)
    assert confirm("Sure?") is is_yes
    answer(monkeypatch, text)
    assert confirm("Sure?", default=True) is is_yes_by_default


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("\n", 2), ("1\n", 1), (" 3 \n", 3), ("3", 3)),
        *(("0\n", None), ("4\n", None), ("-1\n", None), ("01\n", None), ("²\n", None), ("n\n", None), ("", None)),
    ],
)
def test_a_number_chooses_and_enter_the_default(monkeypatch: pytest.MonkeyPatch, text: str, number: int | None) -> None:
    answer(monkeypatch, text)
    assert choose("Which?", 3, 2) == number


@pytest.mark.parametrize(("text", "shown"), [("y\n", "Sure? "), ("y", "Sure? \n"), ("", "Sure? \n")])
def test_the_question_is_on_stderr_and_what_follows_on_a_new_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, shown: str
) -> None:
    answer(monkeypatch, text)
    ask("Sure? ")
    assert capsys.readouterr() == ("", shown)


@pytest.mark.parametrize("end", ["\x04", "\x03"])
def test_a_verb_that_gets_no_answer_says_so_on_a_line_of_its_own(home: dict[str, str], file: Path, end: str) -> None:
    words = ["-m", "watchlist", "status", "paused", "--where", "rating:any"]
    child = pexpect.spawn(sys.executable, words, env=home | {"WATCHLIST_FILE": str(file)}, encoding="utf-8", timeout=20)
    child.expect_exact("Change 2 shows? [y/N] ")
    child.send(end)
    child.expect(r"\n(watchlist: [^\r]*)\r\n")
    assert child.match[1] == ("watchlist: nothing was changed" if end == "\x04" else "watchlist: interrupted")
    child.expect(pexpect.EOF)
    child.close()
    assert file.read_text("utf-8") == SHOWS
