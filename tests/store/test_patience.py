"""A change that finds the file empty or half written waits for the rest, and is held for redo if that does not come."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.errors import StoreError
from watchlist.store import file_guard
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.library import Library
from watchlist.store.list_file import Damaged

A, B, C = (f'[[shows]]\nid = "{id}"\ntitle = "{id.upper()} é"\nyear = 1999\n\n' for id in "abc")
WHOLE = A + B + C


class Clock:
    """Time as the keeper has it: it passes when it is waited for. What was planned happens when it is due."""

    def __init__(self) -> None:
        self.now = 100.0
        self.plans: list[tuple[float, Callable[[], object]]] = []
        self.time = time.time

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        due = [act for at, act in self.plans if at <= self.now]
        self.plans = [plan for plan in self.plans if plan[0] > self.now]
        for act in due:
            act()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(file_guard, "time", clock)
    monkeypatch.setattr(file_guard, "SETTLE_SECONDS", 2.0)
    return clock


Half = Callable[[bytes], bytes | None]


def before(mark: str) -> Half:
    """What there is before a mark, and one byte of it."""
    return lambda whole: whole[: whole.index(mark.encode()) + 1]


# What is in the file while another program writes this text into it.
HALVES: dict[str, Half] = {
    "empty": lambda whole: b"",
    "blank": lambda whole: b"\n",
    "missing": lambda whole: None,
    "within a show": before('title = "B'),
    "within a sign": before("é"),
    "between shows": lambda whole: whole[: whole.index(b'[[shows]]\nid = "c')],
    "another text, within a show": lambda whole: before('title = "B')(whole.replace(b"1999", b"2001")),
    "new over old": lambda whole: whole[20:50] + whole[20:],
    "zeros": lambda whole: whole[:40] + bytes(60),
}
halves = pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
BEGINNINGS = {"open": lambda library: library, "new process": again}
beginnings = pytest.mark.parametrize("begin", BEGINNINGS.values(), ids=BEGINNINGS)


def written(opened: Opened) -> Library:
    """A list that was changed by this program."""
    library = opened(WHOLE)
    library.apply(edits.rate(["a"], 4.0))
    library.apply(edits.rate(["b"], 2.0))
    return library


def put(file: Path, data: bytes | None) -> None:
    file.unlink() if data is None else file.write_bytes(data)


@halves
@beginnings
def test_A7_a_change_waits_for_the_rest_of_a_write(
    opened: Opened, clock: Clock, half: Half, begin: Callable[[Library], Library]
) -> None:
    library = written(opened)
    whole = library.file.read_bytes().replace(b"1999", b"2001")
    put(library.file, half(library.file.read_bytes()))
    library = begin(library)
    clock.plans.append((clock.now + 1.9, lambda: library.file.write_bytes(whole)))
    change = library.apply(edits.rate(["c"], 3.0))
    assert change.label.startswith("Rated C")
    text = library.file.read_text("utf-8")
    assert text.count("2001") == 3
    assert [f"rating = {stars}" in text for stars in (4.0, 2.0, 3.0)] == [True] * 3
    assert library.doubt == ""


@halves
@beginnings
def test_A7_a_change_is_held_if_the_rest_does_not_come_and_redone_when_it_is_there(
    opened: Opened, clock: Clock, half: Half, begin: Callable[[Library], Library]
) -> None:
    library = written(opened)
    whole = library.file.read_bytes()
    put(library.file, there := half(whole))
    library = begin(library)
    with pytest.raises(SuspectedLossError) as raised:
        library.apply(edits.rate(["c"], 3.0))
    assert "`watchlist redo` then does this" in raised.value.hint
    assert 102.0 <= clock.now < 102.2
    assert (library.file.read_bytes() if library.file.exists() else None) == there
    assert [entry.held for entry in library.history()][:1] == [True]
    with pytest.raises(SuspectedLossError):  # it was waited for already
        library.apply(edits.rate(["c"], 3.5))
    assert clock.now < 102.2
    library.file.write_bytes(whole)
    assert library.redo()[0].label == "Redone: Rated C é 3.5, was not rated"
    assert "rating = 3.5" in library.file.read_text("utf-8")


def test_A7_what_is_asked_for_after_the_write_is_over_waits_again(opened: Opened, clock: Clock) -> None:
    library = written(opened)
    whole = library.file.read_bytes()
    library.file.write_bytes(b"")
    with pytest.raises(SuspectedLossError):
        library.apply(edits.rate(["c"], 3.0))
    library.file.write_bytes(whole)
    library.apply(edits.rate(["c"], 1.0))
    library.file.write_bytes(b"")
    now = clock.now
    clock.plans.append((now + 1.0, lambda: library.file.write_bytes(whole)))
    library.apply(edits.rate(["c"], 3.0))
    assert clock.now >= now + 1.0


def test_A7_a_damaged_file_that_nobody_touched_for_long_is_not_waited_for(opened: Opened, clock: Clock) -> None:
    library = written(opened)
    whole = library.file.read_bytes()
    library.file.write_bytes(whole + b"x = = 1\n")
    os.utime(library.file, (time.time() - 100,) * 2)
    for one in (library, again(library)):
        with pytest.raises(Damaged, match="line"):
            one.apply(edits.rate(["c"], 3.0))
    assert clock.now < 100.1
    library.file.write_bytes(whole)
    assert "Rated C" in library.redo()[0].label


@pytest.mark.parametrize("name", ["within a show", "within a sign", "zeros"])
def test_A7_nothing_is_promised_where_nothing_is_known(opened: Opened, clock: Clock, name: str) -> None:
    half = HALVES[name](WHOLE.encode())
    library = opened(half)
    with pytest.raises(StoreError) as raised:
        library.apply(edits.rate(["a"], 3.0))
    assert "redo" not in raised.value.hint
    assert library.history() == ()
    assert library.file.read_bytes() == half


@pytest.mark.parametrize("name", ["empty", "within a show", "missing"])
def test_A7_undo_and_redo_wait_too(opened: Opened, clock: Clock, name: str) -> None:
    library = written(opened)
    whole = library.file.read_bytes()
    for step in (library.undo, library.redo):
        put(library.file, HALVES[name](whole))
        clock.plans.append((clock.now + 1.0, partial(library.file.write_bytes, whole)))
        assert "Rated B" in step()[0].label
        whole = library.file.read_bytes()


VERBS = [
    ("rate", "rec", "3"),
    ("add", "Dune"),
    ("set", "--where", "title:any", "--yes", "language=Maori"),
    ("import", "more.csv"),
]


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
@pytest.mark.parametrize("comes", [True, False], ids=["comes", "does not come"])
@pytest.mark.parametrize("half", [HALVES["empty"], before('id = "slow'), before('\n[[shows]]\nid = "am')], ids=range(3))
def test_A7_so_does_each_verb_whatever_it_is_about(
    call: Call,
    file: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    comes: bool,
    half: Half,
) -> None:
    monkeypatch.chdir(file.parent)
    monkeypatch.setenv("WATCHLIST_FILE", str(file))
    Path("more.csv").write_text("title,year\nMore,2001\nHeat,1995\n")
    assert call("rate", "heat", "5").code == 0
    assert call("rate", "heat", "4").code == 0
    whole = file.read_bytes()
    put(file, there := half(whole))
    if comes:
        clock.plans.append((clock.now + 1.5, lambda: file.write_bytes(whole)))
    ran = call(*words)
    if not comes:
        assert ran.code == 3
        assert "`watchlist redo` then does this" in ran.err
        assert file.read_bytes() == there
        file.write_bytes(whole)
        assert call("redo").code == 0
    else:
        assert ran.code == 0, ran.err
    text = file.read_text("utf-8")
    wanted = {"rate": ("rating = 3.0", 1), "add": ("Dune", 1), "set": ("Maori", 4), "import": ("More", 1)}[words[0]]
    assert text.count(wanted[0]) == wanted[1]
    assert len(text) > len(whole)
