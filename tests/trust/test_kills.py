"""Killed at any moment of a save: the list is what it was or what it was to be, and nothing acknowledged is lost."""

from __future__ import annotations

import gc
import os
import signal
import struct
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.store.seams import RENAMES
from tests.trust.conftest import Figure, Many
from tests.trust.work import a_folder, forked, opened, temporary
from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.errors import NotFound
from watchlist.store.disk import linux_rename
from watchlist.store.library import Library

BLOCKS = [f'[[shows]]\nid = "s{n}"\ntitle = "Show {n}" # mine\nruntime = {n + 1}\n\n' for n in range(60)]
HEAD, TAIL = "".join(BLOCKS[:30]), "".join(BLOCKS[30:])
ROUND = 25  # kills in one folder
MOST = 0.03  # seconds: a few saves
_WORD = struct.Struct("<cq")
MEANT, DONE = b"?", b"!"
START = 1000


def text_of(number: int) -> bytes:
    """The list after change `number`; the texts of two numbers differ in length."""
    return f'{HEAD}[[shows]]\nid = "it"\ntitle = "It"\nplatform = "{said(number)}"\n\n{TAIL}'.encode()


def said(number: int) -> str:
    return f"{number}{'x' * (number % 97)}"


def change(library: Library, number: int) -> None:
    library.apply(edits.assign(["it"], [Assignment("platform", "=", said(number))]))


def _saves_for_ever(folder: Path, number: int, seed: int, pipe: int) -> None:
    """Changes and undoes, and says before each what the list will be, and after it that it is."""
    library, chance = opened(folder), Random(seed)
    before: list[int] = []
    while True:
        back = before and chance.random() < 0.25
        target = before.pop() if back else number + chance.randint(1, 3)
        os.write(pipe, _WORD.pack(MEANT, target))
        if back:
            library.undo()
        else:
            change(library, target)
            before.append(number)
        os.write(pipe, _WORD.pack(DONE, target))
        number = target


def _killed(folder: Path, number: int, chance: Random) -> tuple[int, int, int]:
    """A child killed at a random moment: the number it acknowledged last, the one it was at, and how many it made."""
    reader, writer = os.pipe()
    seed = chance.randrange(1 << 30)
    child = forked(lambda: _saves_for_ever(folder, number, seed, writer))
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        first = stream.read(_WORD.size)  # it is at its first save now
        time.sleep(chance.random() * MOST)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the child ended by itself"
        words = list(_WORD.iter_unpack(first + stream.read()))
    done = [value for kind, value in words if kind == DONE]
    return done[-1] if done else number, words[-1][1], len(done)


def _goes_all_the_way_back(folder: Path) -> None:
    """Undo leads back over every change that came to be, and every copy of the file is whole."""
    library = opened(folder)
    for backup in library.backups():
        backup.read()
    for _ in range(10_000):
        try:
            library.undo()
        except NotFound:
            break
    assert (folder / "list.toml").read_bytes() == text_of(START)


def test_F01_killed_at_random_moments_nothing_is_damaged_or_lost(many: Many, figure: Figure) -> None:
    kills, chance = many(200, 10_000), Random(1)
    damaged = lost = saves = midway = 0
    with a_folder() as folder:  # what a save imports is imported here, not by each child
        (folder / "list.toml").write_bytes(text_of(START))
        change(opened(folder), START + 1)
        opened(folder).undo()
    gc.freeze()
    for _ in range(0, kills, ROUND):
        with a_folder() as folder:
            file = folder / "list.toml"
            file.write_bytes(text_of(number := START))
            for _ in range(ROUND):
                done, meant, made = _killed(folder, number, chance)
                data, saves, midway = file.read_bytes(), saves + made, midway + (done != meant)
                if data not in (text_of(done), text_of(meant)):
                    known = {text_of(n) for n in range(START, START + 2000)}
                    damaged, lost = damaged + (data not in known), lost + (data in known)
                for path in temporary(folder):
                    path.unlink()
                number = meant if data == text_of(meant) else done
            _goes_all_the_way_back(folder)
    figure(
        "kill -9 at random moments of a save",
        kills=kills,
        acknowledged=saves,
        in_the_middle_of_a_save=midway,
        damaged=damaged,
        acknowledged_and_lost=lost,
    )
    assert (damaged, lost) == (0, 0)
    assert midway > kills / 4


CALLS = (
    "open",
    "write",
    "fsync",
    "replace",
    "close",
    "chmod",
    "fchmod",
    "ftruncate",
    "unlink",
    "mkdir",
    "stat",
    "fstat",
)
KINDS: dict[str, Callable[[Library], Any]] = {
    "change": lambda library: change(library, START + 5),
    "undo": lambda library: library.undo(),
    "redo": lambda library: (library.undo(), library.redo()),
    "removal": lambda library: library.apply(edits.remove(["s1", "s2", "s3"])),
}


def _killed_at(folder: Path, act: Callable[[Library], Any], number: int) -> bool:
    """Run it in a child that kills itself before its call `number` of the operating system; whether it came so far."""

    def run() -> None:
        library = opened(folder)
        calls = iter(range(1, 1 << 30))
        for name in CALLS:
            setattr(os, name, _deadly(getattr(os, name), calls, number))
        for name in RENAMES:
            setattr(linux_rename, name, _deadly(getattr(linux_rename, name), calls, number))
        act(library)

    _, status = os.waitpid(forked(run), 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def _deadly(call: Callable[..., Any], calls: Any, number: int) -> Callable[..., Any]:
    def counted(*args: Any, **named: Any) -> Any:
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **named)

    return counted


@pytest.mark.parametrize("kind", KINDS)
def test_F01_killed_before_each_single_call_the_list_is_old_or_new(kind: str, figure: Figure) -> None:
    points = 0
    while True:
        with a_folder() as folder:
            file = folder / "list.toml"
            file.write_bytes(text_of(START))
            change(opened(folder), START + 1)
            old = {file.read_bytes(), *([text_of(START)] if kind == "redo" else [])}
            if not _killed_at(folder, KINDS[kind], points + 1):
                break
            points += 1
            data = file.read_bytes()
            if data not in old:
                library = opened(folder)
                library.undo() if kind != "undo" else library.redo()
                assert file.read_bytes() in old
            change(opened(folder), START + 9)  # no lock is left, nothing bars the next save
            assert opened(folder).list.shows.places.keys() >= {"it", "s9"}
            _goes_all_the_way_back(folder)
    figure(f"kill -9 before each call of the operating system: {kind}", points=points, damaged=0)
    assert points > 10
