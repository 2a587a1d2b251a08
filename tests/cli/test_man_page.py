"""The man page: complete, the same every day, and clean for the formatters that people have."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Call
from watchlist import RELEASED, __version__, manual
from watchlist.cli.man_page import WIDTH, escape, fill, man_page
from watchlist.cli.parser import EVERYWHERE
from watchlist.command_table import VERBS
from watchlist.help_texts import EXAMPLES, EXIT_CODES, FILES
from watchlist.paths import Paths
from watchlist.settings import SETTINGS

HEADINGS = (
    *("NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "FILES", "ENVIRONMENT", "EXIT STATUS", "EXAMPLES"),
    "SEE ALSO",
)
ODD = ("\\fBbold\\fR \\n(.x", ".SH no heading", "'so no file", "-x --long", "a 'b' `c` ^d ~e \"f\"", "★½ … 三体", "...")


def formatter(name: str) -> str:
    """Return the path of a program; skip the test if it is not installed."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def rendered(page: str, tmp_path: Path, *command: str) -> str:
    """Return what a formatter prints for a page, without its bold and italic, in lines as long as they need to be."""
    file = tmp_path / "page.1"
    file.write_text(page, "ascii")
    ran = subprocess.run(
        [formatter(command[0]), *command[1:], str(file)], capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    assert ran.stderr == ""
    return re.sub(r".\x08|\x1b\[[\d;]*m", "", ran.stdout)


def test_the_verb_prints_the_page(call: Call) -> None:
    assert call("help", "--man").out == man_page()
    assert json.loads(call("help", "--man", "--json").out) == {"topic": "man", "text": man_page()}
    ran = call("help", "rate", "--man")
    assert (ran.code, ran.out) == (2, "")
    assert "--man takes no topic" in ran.err


def test_the_page_has_the_usual_sections_in_their_order() -> None:
    assert tuple(re.findall(r"^\.SH (.+)$", man_page(), re.MULTILINE)) == HEADINGS
    assert man_page().splitlines()[0] == f'.TH WATCHLIST 1 {RELEASED} "watchlist {__version__}" "User Commands"'


@pytest.mark.parametrize("command", [("groff", "-man", "-Tutf8", "-rLL=1000n"), ("mandoc", "-Tutf8", "-Owidth=1000")])
def test_a_reader_finds_every_verb_flag_variable_and_topic(command: tuple[str, ...], tmp_path: Path) -> None:
    text = rendered(man_page(), tmp_path, *command)
    commands = text.partition("\nCOMMANDS\n")[2].partition("\nOPTIONS\n")[0]
    for verb in VERBS.values():
        assert re.search(rf"^ {{7}}{verb.name}\b", commands, re.MULTILINE), verb.name
        for word in verb.words or ():
            assert re.search(rf"^ {{14}}(-\w, )?{re.escape(word.name)}\b", commands, re.MULTILINE), word.name
            assert word.help.replace("`", "") in commands
    for name in (*(word.name for word in EVERYWHERE), *(s.variable for s in SETTINGS.values()), *(p for p, _ in FILES)):
        assert name in text
    for topic in manual.TOPICS:
        assert f"watchlist help {topic}\n" in text
    for code, meaning in EXIT_CODES:
        assert re.search(rf"^ {{7}}{code} +{re.escape(meaning)}$", text, re.MULTILINE)
    for example in (example for examples in EXAMPLES.values() for example in examples if example not in VERBS):
        assert f"       watchlist {example}\n" in text  # as it is typed: no dash or quote is replaced


@pytest.mark.parametrize("command", [("groff", "-man", "-Tutf8", "-rLL=1000n"), ("mandoc", "-Tutf8", "-Owidth=1000")])
@pytest.mark.parametrize("text", ODD)
def test_an_escaped_text_is_printed_as_it_is(text: str, command: tuple[str, ...], tmp_path: Path) -> None:
    page = f'.TH X 1 2026-11-30 "x" "x"\n.SH NAME\nx \\- y\n.SH DESCRIPTION\n.EX\n{escape(text)}\n.EE\n.B "{escape(text)}"\n'
    assert (
        re.findall(rf"^ {{7}}{re.escape(text)}$", rendered(page, tmp_path, *command), re.MULTILINE)
        == [text.rjust(len(text) + 7)] * 2
    )


@pytest.mark.parametrize("width", range(60, 90))
def test_no_line_of_a_paragraph_becomes_a_request(width: int) -> None:
    """Wherever a line is broken, the next one may begin with a dot."""
    text = f"{'x' * width} .SH 'so ... .bak " * 3
    assert all(line.startswith(("x", "\\&.", "\\[aq]", "SH", "so")) for line in fill(text).splitlines())
    assert fill("`.bak` and `list -0`") == "\\fB\\&.bak\\fR and \\fBlist \\-0\\fR\n"


def test_the_page_is_clean_for_man(tmp_path: Path) -> None:
    version = subprocess.run([formatter("man"), "--version"], capture_output=True, text=True, check=False).stdout
    if not version.startswith("man 2."):
        pytest.skip("man is not that of man-db")
    rendered(man_page(), tmp_path, "man", "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", "-l")


def test_the_page_is_clean_for_mandoc(tmp_path: Path) -> None:
    assert rendered(man_page(), tmp_path, "mandoc", "-T", "lint") == ""


def test_lines_are_short_and_ascii() -> None:
    assert man_page().isascii()
    assert max(map(len, man_page().splitlines())) <= WIDTH


def test_the_date_is_that_of_the_version_in_the_changelog() -> None:
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{__version__}] - {RELEASED}\n" in changelog


@pytest.mark.skipif(sys.platform != "linux", reason="the page names the folders of Linux")
def test_the_files_of_the_page_are_those_of_a_user_without_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/me")
    paths = Paths.of_user()
    named = [path.replace("~", "/home/me") for path, _ in FILES]
    assert named == [str(path) for path in (paths.data, paths.config, paths.state, paths.cache)]
