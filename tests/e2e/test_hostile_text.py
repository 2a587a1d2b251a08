"""Text that would act: markup, escape sequences, bidi and width tricks, through every screen and every verb of a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pexpect
import pytest

from tests.e2e.terminal import PROGRAM, Terminal, environment
from watchlist.domain.toml_values import render_block

MARKUP = ("[REC]", "[/]", "x [/oops]", "a[b]c", "[@click=app.quit]x[/]", "[red]not red[/red]", "$primary :smile:")
ACTING = (
    "\x1b[31mPWNED",
    "\x1b]52;c;UFdORUQ=\x07osc52",
    "\x1b]0;PWNED\x1b\\title",
    "\x9b31mPWNED",
    "\x9d0;PWNED\x9c",
    "bell\x07 nul\x00 del\x7f cr\r bs\x08",
    "\u202egnp.exe\u202c \u2066x\u2069",
    "tag\U000e0041\U000e007f soft\u00adhyphen",
    "two\nlines\ttab",
)
WIDE = ("千と千尋の神隠し", "👩‍👩‍👧‍👦 family 🏳️‍🌈", "e\u0301\u0301\u0301zalgo", "العربية", "x" * 300)
TITLES = (*MARKUP, *ACTING, *WIDE)
# What the payloads would have to reach the terminal as; the program itself writes none of these.
FORBIDDEN = re.compile(
    rb"\x1b\[31mPWNED|\x1b\]52|\x1b\]0;PWNED|\xc2[\x80-\x9f]|\x00|\x7f|\x07"
    rb"|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xf3\xa0\x81"
)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A list in which every title is hostile, and everything else of each show too."""
    file = tmp_path / "list.toml"
    shows = [
        {
            "id": f"show-{number}",
            "title": title,
            "status": "watching",
            "platform": title,
            "tags": [title],
            "creators": [title],
            "synopsis": title,
            "notes": f"{title}\n\n[link](javascript:alert(1)) <b>html</b> [x](http://x/\x1b]8;;)",
            "cast": [{"actor": title, "role": title}],
            "mine": title,
            title or "key": "own key",
        }
        for number, title in enumerate(TITLES)
    ]
    views = f"[[views]]\nname = {json.dumps(ACTING[0])}\nquery = 'status:watching'\n\n"
    file.write_text(views + "\n".join(map(render_block, shows)), "utf-8")
    return environment(tmp_path, WATCHLIST_FILE=str(file))


@pytest.mark.parametrize("size", [(120, 36), (44, 14)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_X01_X04_every_screen_shows_it_as_it_is_and_lets_nothing_through(
    env: dict[str, str], size: tuple[int, int]
) -> None:
    with Terminal(env=env, size=size, cwd=Path(env["HOME"])) as terminal:
        terminal.wait("Watching")
        if size[0] > 100:
            screen = terminal.wait("[REC]")
            assert all(title[:18] in screen for title in MARKUP)  # longer ones end in an ellipsis
        walks = (
            ["r", "4", "enter"],
            ["s", "escape"],
            ["t", "escape"],
            ["n", "escape"],
            ["e", "tab", "tab", "escape"],
            ["o", "escape"],
            ["x", "escape"],
            [":", "escape"],
            ["?", "escape"],
            ["enter", "ctrl+d", "escape"],
            ["space", "d", "u"],
        )
        for number in range(len(TITLES)):
            terminal.press(*walks[number % len(walks)], pause=0.03)
            terminal.press("j", pause=0.03)
            assert terminal.process.isalive(), terminal.screen
        terminal.press("7", "/", "[/]", "enter", "escape", "/", "\x1b[200~\x1b]52;c;UFdORUQ=\x07\x1b[201~", "enter")
        terminal.read(0.3)
        assert "Traceback" not in terminal.screen
        assert not FORBIDDEN.search(
            re.sub(rb"\x1b\]22;[a-z]+\x07", b"", terminal.raw)
        )  # the pointer's shape, by Textual
        terminal.press("escape", "escape")
        assert terminal.quit() == 0


def test_X01_every_verb_shows_it_as_it_is_and_lets_nothing_through(env: dict[str, str]) -> None:
    verbs = [
        ["list"],
        ["list", "--columns", "title,tags,creators,synopsis,notes,cast"],
        ["list", "--plain"],
        ["list", "--json"],
        ["list", "--jsonl"],
        ["list", "--format", "{id} {title} {notes}"],
        *(["show", f"show-{number}"] for number in range(len(TITLES))),
        ["show", "show-7", "--plain"],
        ["show", "no such \x1b[31mPWNED"],
        ["add", "\x1b[31mPWNED \x9b"],
        ["rate", "show-8", "4"],
        ["status", "show-9", "\x1b[31mPWNED"],
        ["tag", "show-7", "+\x1b[31mPWNED"],
        ["note", "show-7"],
        ["set", "show-7", "platform=\x1b]52;c;UFdORUQ=\x07"],
        ["set", "show-7", "\x1b[31mPWNED=1"],
        ["remove", "show-10"],
        ["history"],
        ["undo", "3"],
        ["views"],
        *(["export", "--format", name] for name in ("toml", "json", "csv", "tsv", "markdown", "html", "text")),
        ["export", "--output", "/no/such/\x1b[31mPWNED.csv"],
        ["import", "\x1b[31mPWNED.json"],
        ["\x1b[31mPWNED"],
        ["list", "title::(\x1b[31mPWNED"],
        ["list", "nofield\x9b:1"],
    ]
    for verb in verbs:
        raw = pexpect.run(_quoted([PROGRAM, *verb]), env=env, dimensions=(40, 100), timeout=30)
        assert not FORBIDDEN.search(raw), (verb, FORBIDDEN.search(raw))
        assert b"Traceback" not in raw, raw


def _quoted(words: list[str]) -> str:
    return " ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
