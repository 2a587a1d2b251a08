"""README and manual are what the program does: tables, pictures and commands are generated or run again and compared."""

from __future__ import annotations

import gzip
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from screenshots import tables, take
from tests.conftest import Call
from watchlist import __version__, manual
from watchlist.command_table import ACTIONS, VERBS
from watchlist.paths import Paths
from watchlist.settings import Config
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in tables.PAGES}
MANUAL = "\n".join(text for name, text in TEXTS.items() if name != "README.md")
_CODE = re.compile(r"(?:<!-- not run: (?P<why>[^>]+) -->\n\n)?^```sh\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)

_KEYS = {" ": "space", "(": "left_parenthesis", ")": "right_parenthesis"}


class Block(NamedTuple):
    """A block of shell commands on a page; `why` is the reason not to run it."""

    page: str
    code: str
    why: str

    @property
    def name(self) -> str:
        return f"{self.page}: {self.code.splitlines()[0]}"


def blocks() -> Iterator[Block]:
    """Yield the blocks with commands of ours, e.g. `watchlist undo`, or `eval "$(watchlist completions bash)"`."""
    for page, text in TEXTS.items():
        for match in _CODE.finditer(text):
            if re.search(r"^(?!python3|\.venv).*\bwatchlist\b", match["code"], re.MULTILINE):
                yield Block(page, match["code"], match["why"] or "")


BLOCKS = tuple(blocks())


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", TEXTS)
def test_the_tables_of_a_page_are_current(page: str) -> None:
    assert tables.filled(TEXTS[page]) == TEXTS[page], "run `python -m screenshots.tables`"


@pytest.mark.parametrize("name", tables.shared())
def test_a_file_that_is_installed_beside_the_program_is_current(name: str) -> None:
    kept, made = (tables.SHARE / name).read_bytes(), tables.shared()[name].encode()
    if name in tables.COMPLETIONS.values() and kept.splitlines()[-1] != made.splitlines()[-1]:
        pytest.skip(f"made with another version: {kept.splitlines()[-1].decode()}")
    assert kept == made, "run `python -m screenshots.tables`"


def test_no_other_file_is_installed_beside_the_program() -> None:
    assert {path.name for path in tables.SHARE.iterdir()} == set(tables.shared())


def test_every_generated_table_is_on_one_page() -> None:
    marks = re.findall(r"<!-- (\w+):begin -->", "\n".join(TEXTS.values()))
    assert sorted(marks) == sorted(tables.PARTS)


def test_a_mark_that_is_misspelled_is_an_error() -> None:
    for text in ("<!-- kyes:begin -->\n<!-- kyes:end -->", "<!-- keys:begin -->\n<!-- verbs:end -->"):
        with pytest.raises(ValueError, match="no part"):
            tables.filled(text)


def test_every_verb_and_every_action_is_in_the_manual() -> None:
    for name in VERBS:
        assert re.search(rf"\| `{name}[ `]", MANUAL), name
    for command in ACTIONS.values():
        assert command.help.partition(";")[0] in MANUAL, command.name


def test_every_page_is_a_topic_and_linked_from_the_readme() -> None:
    pages = {Path(name).stem for name in TEXTS if name != "README.md"}
    assert pages == set(manual.TOPICS)
    for topic in pages:
        assert f"](watchlist/manual/{topic}.md)" in README


def test_the_readme_is_read_in_a_minute() -> None:
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("page", TEXTS)
def test_a_relative_link_leads_to_a_file(page: str) -> None:
    text = without_code(TEXTS[page])
    targets = re.findall(
        r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    )
    for target in filter(None, (part for pair in targets for part in pair)):
        if not re.match(r"https?://|#", target):
            assert (ROOT / page).parent.joinpath(target.partition("#")[0]).is_file(), target


@pytest.mark.skipif(not (ROOT / "watchlist" / "domain").is_dir(), reason="the page describes the layout by subject")
def test_every_path_of_the_contributing_page_exists() -> None:
    for path in re.findall(r"`((?:watchlist|tests|screenshots)/[\w/.-]+)`", TEXTS["watchlist/manual/contributing.md"]):
        if "NAME" not in path:
            assert (ROOT / path).exists(), path


@pytest.mark.parametrize("block", [block for block in BLOCKS if not block.why], ids=lambda block: block.name)
def test_the_commands_of_a_block_work_for_a_new_user(block: Block, home: Mapping[str, str], tmp_path: Path) -> None:
    bin = tmp_path / "bin"
    bin.mkdir()
    program = bin / "watchlist"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m watchlist "$@"\n')
    program.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    ran = subprocess.run(
        ["sh", "-ex"],
        input=block.code,
        env={**home, "PATH": f"{bin}{os.pathsep}{home['PATH']}"},
        cwd=work,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


async def test_the_keys_of_the_tour_work_for_a_new_user(tmp_path: Path) -> None:
    for step in ("Press `a`, type `Heat (1995)`", "Press `r`, type `4.5`", "Press `s`", "`ballard`", "Press `u`"):
        assert step in README
    paths = Paths(tmp_path / "config.toml", tmp_path / "data" / "list.toml", tmp_path / "state", tmp_path / "cache")
    app = WatchlistApp(Library.open(paths.data, paths), Config(), paths)
    async with app.run_test(size=(120, 36)) as pilot:

        async def press(*keys: str) -> str:
            await pilot.press(*keys)
            await app.workers.wait_for_complete()
            await pilot.pause()
            return paths.data.read_text("utf-8")

        await pilot.press("a", *(_KEYS.get(key, key) for key in "Heat (1995)"))
        assert 'title = "Heat"' in await press("enter")
        await pilot.press("r", "4", "full_stop", "5")
        rated = await press("enter")
        assert rated.endswith("rating = 4.5\n") or "rating = 4.5\n" in rated.partition('title = "Heat"')[2]
        await pilot.press("s", "up")
        assert await press("enter") != rated
        await pilot.press("slash", *"ballard")
        await press("escape")
        assert await press("u") == rated


def test_blocks_are_found_and_most_of_them_are_run() -> None:
    assert len([block for block in BLOCKS if not block.why]) >= 12
    assert all(re.fullmatch(r"(opens|needs|each line) .+", block.why) for block in BLOCKS if block.why)


def test_every_command_that_is_named_is_a_verb() -> None:
    for page, text in TEXTS.items():
        for verb in re.findall(r"(?:^|`)watchlist (?:--file \S+ )?([a-z]+)\b", text, re.MULTILINE):
            assert verb in VERBS, f"{page}: {verb}"


@pytest.mark.parametrize("name", take.NAMES)
def test_a_picture_is_current(name: str) -> None:
    kept = (ROOT / "screenshots" / f"{name}.svg").read_text("utf-8")
    if take.take(name) != kept:  # no assert: the difference is a megabyte
        pytest.fail(f"run `python screenshots/take.py {name}`")


def test_the_animation_is_an_svg_that_is_quick_to_load() -> None:
    data = (ROOT / "screenshots" / f"{take.ANIMATION}.svg").read_bytes()
    assert len(gzip.compress(data)) < 60_000
    texts = {"".join(element.itertext()) for element in ElementTree.fromstring(data)}
    assert any("The Third Man" in text for text in texts)
    assert any("Undone" in text for text in texts)


def test_no_picture_names_a_place_on_the_machine_that_made_it() -> None:
    for picture in (ROOT / "screenshots").glob("*.svg"):
        assert str(Path.home()) not in picture.read_text("utf-8")
        assert str(ROOT) not in picture.read_text("utf-8")


def test_there_is_no_picture_that_nothing_makes() -> None:
    assert {path.stem for path in (ROOT / "screenshots").glob("*.svg")} == {*take.NAMES, take.ANIMATION}


def test_the_version_is_one_and_in_the_changelog_style(call: Call) -> None:
    assert re.fullmatch(r"watchlist \d+\.\d+\.\d+\n", call("--version").out)
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{__version__}] - " in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("name", TEXTS)
def test_the_spelling_is_american(name: str) -> None:
    british = (
        r"colour|favour|behaviour|(?:recogn|normal|organ|custom|synchron|minim|summar)is(?:e|ing)|\bgrey\b|cancelled"
    )
    assert not re.findall(rf"\w*(?:{british})\w*", re.sub(r"`[^`\n]+`", "", TEXTS[name]), re.IGNORECASE)
