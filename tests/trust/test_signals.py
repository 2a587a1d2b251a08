"""The interface ended by a signal, or by the window that is closed, at any moment: nothing is lost, the terminal is whole."""

from __future__ import annotations

import json
import re
import signal
import termios
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import NamedTuple

import pexpect

from tests.e2e.terminal import LIST, Terminal, environment
from tests.trust.conftest import Figure, Many
from tests.trust.work import a_folder, opened, temporary
from watchlist.domain import edits
from watchlist.settings import Config

WAYS = {"TERM": 143, "HUP": 129, "closed window": 129}
MOST = 0.15  # seconds from the last key to the end: a change is on its way, or done
TITLE = "Dune Part Two"
ON_BY_DEFAULT = {7, 25}  # modes of a terminal that is its own: lines wrap, the cursor is seen
PATIENCE = 20.0  # seconds for a process to end


class Ended(NamedTuple):
    """What an interface left behind. `raw` is all that it wrote, `modes` what it left on, `cooked` if lines are edited."""

    code: int
    raw: bytes
    modes: set[int]
    cooked: bool


def _rated(*ratings: float) -> bytes:
    """The list with these ratings given to its first show, one after another."""
    with a_folder() as folder:
        (folder / "list.toml").write_text(LIST, "utf-8")
        library = opened(folder)
        for rating in ratings:
            library.apply(edits.rate(["heat"], rating, auto_status=Config().auto_status))
        return (folder / "list.toml").read_bytes()


def _end(terminal: Terminal, way: str) -> Ended:
    process = terminal.process
    if way == "closed window":
        process.ptyproc.fileobj.close()
        process.ptyproc.closed = True
        until = time.monotonic() + PATIENCE
        while process.isalive() and time.monotonic() < until:
            time.sleep(0.01)
        return Ended(process.exitstatus or 0, terminal.raw, set(), True)
    process.kill(getattr(signal, f"SIG{way}"))
    process.expect(pexpect.EOF)
    terminal.raw += process.before or b""
    cooked = bool(termios.tcgetattr(process.child_fd)[3] & termios.ICANON)
    process.close()
    modes: dict[int, bytes] = {}
    for numbers, on in re.findall(rb"\x1b\[\?([\d;]+)([hl])", terminal.raw):
        modes |= dict.fromkeys(map(int, numbers.split(b";")), on)
    left = {mode for mode, on in modes.items() if on == b"h"} - ON_BY_DEFAULT
    return Ended(process.exitstatus or 0, terminal.raw, left, cooked)


def _kept(home: Path) -> str:
    """The title in the draft of a form that was open; empty where there is none."""
    rows = [row for path in (home / "state").rglob("drafts/*.json") for row in json.loads(path.read_bytes())]
    return "".join(texts.get("title", "") for _, _, texts in rows)


def _run(home: Path, way: str, form: bool, chance: Random) -> tuple[Ended, str]:
    """One interface with an acknowledged change, and with another one under way or a form that is typed into.

    Gives how it ended, and what of the title had been seen in the form.
    """
    env = environment(home, WATCHLIST_FILE=str(home / "list.toml"))
    (home / "list.toml").write_text(LIST, "utf-8")
    seen = ""
    with Terminal(env=env) as terminal:
        terminal.wait("Heat")
        terminal.press("r", "3", "enter")
        terminal.wait("Rated Heat")
        if form:
            seen = TITLE[: chance.randint(1, len(TITLE))]
            terminal.press("a", "tab")
            terminal.wait("Where and when")
            terminal.press(*seen, pause=0.01)
            terminal.wait(seen)
            terminal.process.send(TITLE[len(seen) :])
        else:
            terminal.process.send("r4\r")
        time.sleep(chance.random() * MOST)
        return _end(terminal, way), seen


def test_T02_ended_at_any_moment_nothing_is_lost(many: Many, figure: Figure) -> None:
    old, new = _rated(3.0), _rated(3.0, 4.0)
    chance, counts = Random(2), Counter[str]()
    runs = many(6, 300)
    for number in range(runs):
        way, form = list(WAYS)[number % 3], number % 2 == 1
        with a_folder() as home:
            ended, seen = _run(home, way, form, chance)
            data, draft = (home / "list.toml").read_bytes(), _kept(home)
            case = (number, way, form, ended.code, ended.modes, draft, data)
            assert ended.code == WAYS[way], case
            assert (ended.modes, ended.cooked) == (set(), True), case
            acknowledged = b"Rated Heat 4" in ended.raw
            assert data in ((old,) if form else (new,) if acknowledged else (old, new)), case
            assert draft.startswith(seen), case
            assert TITLE.startswith(draft), case
            assert not temporary(home), case
            assert opened(home).list.damage is None
        counts.update([way.replace(" ", "_"), "forms_open" if form else "changes_under_way"])
        counts["drafts_kept"] += bool(draft)
        counts["changes_stored"] += data == new
        counts["changes_acknowledged"] += acknowledged
    figure("a signal or a closed window at random moments", runs=runs, **counts, lost=0, terminals_left_wrong=0)
    assert counts["drafts_kept"] == counts["forms_open"]
