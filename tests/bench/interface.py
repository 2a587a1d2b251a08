"""Measurements of the interface, in a pty: its start, and the answers to keys while it and its floor run side by side."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench import floors
from tests.bench.bench import Bench, Place, Series, in_turn
from tests.bench.commands import stored_rating
from tests.bench.floor_app import WAITING
from tests.bench.generator import LANDMARK
from tests.bench.terminal import (
    COLUMNS,
    FOCUS_IN,
    FOCUS_OUT,
    Frame,
    Program,
    WrongFrame,
    beside,
    colours,
    first_with,
    last_change,
    text,
)

CTRL_Q, ENTER, ESCAPE, DOWN, UP, BACKSPACE = b"\x11", b"\r", b"\x1b", b"\x1b[B", b"\x1b[A", b"\x7f"
TYPED = ("winter", "rating:4..", "-noir", "ghost river", "status:watching", "year:1990..1999 story")
POLL = 0.0002  # seconds between two looks at a file that is to change
STARTS = 3  # times as many pairs where a pair is soon measured, and two are not alike
ORDERS = ((b"y", "by year"), (b"n", "by rating"), (b"t", "by title"))


# From the start


def first_rows(bench: Bench) -> tuple[Series, ...]:
    """Until a title stands on the screen, the list having been opened before."""
    with bench.place() as place:
        return (in_turn(STARTS * bench.pairs, lambda: _start(place)[0], lambda: _start_empty(place)),)


def first_rows_of_100(bench: Bench) -> tuple[Series, ...]:
    return first_rows(bench.of(100))


def first_start(bench: Bench) -> tuple[Series, ...]:
    """Nothing remembered: until all of the list is there, and until the first rows are."""
    rows: list[float] = []
    with bench.place() as place:

        def start() -> float:
            place.forget()
            first, whole = _start(place)
            rows.append(first)
            return whole

        whole = in_turn(bench.pairs, start, lambda: floors.inside(floors.INSIDE_PARSE, place.env, str(place.file)))
    return whole, Series(rows[-len(whole.b) :], whole.b)


def memory(bench: Bench) -> tuple[Series, ...]:
    """The peak, a second after all is drawn."""

    def peak(program: Program, expected: str) -> float:
        program.settle(expected)
        time.sleep(1)
        program.settle()
        return program.peak_memory

    with bench.place() as place:

        def ours() -> float:
            with place.open() as program:
                return peak(program, LANDMARK)

        def floor() -> float:
            with _floor("empty", place) as program:
                return peak(program, WAITING)

        return (in_turn(bench.pairs, ours, floor),)


def _start(place: Place) -> tuple[float, float]:
    """Seconds until the first rows, and until nothing changes any more but the details."""
    with place.open() as program:
        before, frames = program.last, program.settle(LANDMARK)
        look = list_side(program)
        return first_with(frames, LANDMARK) - program.started, last_change(before, frames, look) - program.started


def _start_empty(place: Place) -> float:
    with _floor("empty", place) as program:
        return first_with(program.settle(WAITING), WAITING) - program.started


# Keys


def filter_keys(bench: Bench) -> tuple[Series, ...]:
    """Queries typed letter by letter and taken away again; at the end of each the count must be that of the command line."""
    a: list[float] = []
    b: list[float] = []
    with _side_by_side(bench, "input") as (place, ours, floor):
        ours.press(b"/")
        look = list_side(ours)
        for query in _enough(TYPED, bench.keys):
            found = len(place.output("list", "--format", "{id}", *query.split()).splitlines())
            count = f"{found:,} of {bench.shows:,}" if found < bench.shows else f"{found:,} shows"
            for key, left in _typed(query):
                if key == b" ":  # nothing on the screen tells a blank at the end
                    ours.press(key)
                    floor.press(key)
                    continue
                a.append(ours.answer(key, look, count if left == query else f"/ {left}"))
                b.append(floor.answer(key, expected=left))
            ours.settle(f"{bench.shows:,} shows")
        ours.press(ESCAPE)
    return Series(a, b), Series(a, b)


def _typed(query: str) -> Iterator[tuple[bytes, str]]:
    """Each key, and what it leaves in the line: the letters one by one, then backspace, a blank together with its word."""
    for end, letter in enumerate(query, start=1):
        yield letter.encode(), query[:end]
    for end in range(len(query) - 1, -1, -1):
        if query[end] != " ":
            yield BACKSPACE * (1 + query[:end].endswith(" ")), query[:end].rstrip()


def _enough(typed: tuple[str, ...], keys: int) -> Iterator[str]:
    """Queries until so many keys have been pressed, and as many to take them away."""
    pressed = 0
    for query in itertools.cycle(typed):
        if pressed >= keys:
            return
        yield query
        pressed += 2 * len(query)


def cursor_keys(bench: Bench) -> tuple[Series, ...]:
    """Fifteen rows down, fifteen up; the list's answer, and the details that follow on purpose a moment later."""
    a: list[float] = []
    late: list[float] = []
    b: list[float] = []
    with _side_by_side(bench, "options") as (_, ours, floor):
        floor.press(DOWN)
        look = list_side(ours)
        for key in itertools.islice(itertools.cycle([DOWN] * 15 + [UP] * 15), bench.keys):
            before, at = ours.last, cursor_line(ours)
            sent = ours.send(key)
            frames = ours.settle()
            if cursor_line(ours) - at != (1 if key == DOWN else -1):
                raise WrongFrame(f"the cursor went from line {at} to {cursor_line(ours)}")
            a.append(last_change(before, frames, look) - sent)
            late.append(last_change(before, frames, colours) - sent)
            b.append(floor.answer(key, colours))
    return Series(a, b), Series(late, b)


def order_keys(bench: Bench) -> tuple[Series, ...]:
    """The letter that chooses a field in the dialog; the dialog is gone and the list is in its new order."""
    orders = itertools.cycle(ORDERS)
    with _side_by_side(bench, "empty") as (_, ours, floor):
        look = list_side(ours)

        def order() -> float:
            key, expected = next(orders)
            ours.press(b"o", "Sort by")
            taken = ours.answer(key, look, expected)
            if "Sort by" in ours.last.text:
                raise WrongFrame(f"the dialog is still there:\n{ours.last.text}")
            return taken

        return (in_turn(max(bench.pairs, bench.keys // 4), order, lambda: floor.answer(b"x", expected="counted")),)


# A key, and what its dialog shows: those that only ask something, and those that work something out first.
PROMPTS = {
    b"a": "a title, an id or an address",
    b"e": f"Edit {LANDMARK}",
    b"r": f"Rate {LANDMARK}",
    b"s": f"Status of {LANDMARK}",
}
PAGES = {
    b"?": "Keys", b"S": "Statistics", b"p": "Tonight", b":": "Commands", b"x": "Export ─", b"W": f"{LANDMARK} ─",
    b"D": "Doctor", b"B": "Backups", b"c": "Columns",
}  # fmt: skip


class Dialog(NamedTuple):
    """What a key and the floor's key took, dialog by dialog, in three parts."""

    drawn: Series  # until the first frame with the dialog and its heading
    whole: Series  # until nothing changes any more: all of its contents are there
    closed: Series  # from esc until the list is drawn again


def prompt_keys(bench: Bench) -> tuple[Series, ...]:
    """From the key to the drawn dialog and to all of its contents, against a modal of one label and one input."""
    return tuple(series for dialog in _dialogs(bench, PROMPTS) for series in (dialog.drawn, dialog.whole))


def page_keys(bench: Bench) -> tuple[Series, ...]:
    return tuple(series for dialog in _dialogs(bench, PAGES) for series in (dialog.drawn, dialog.whole))


def escape_key(bench: Bench) -> tuple[Series, ...]:
    """From esc to the drawn list, for all dialogs, against esc from the floor's modal."""
    closed = [dialog.closed for dialog in _dialogs(bench, PROMPTS | PAGES)]
    return (Series([s for series in closed for s in series.a], [s for series in closed for s in series.b]),)


def _dialogs(bench: Bench, keys: Mapping[bytes, str]) -> list[Dialog]:
    """Every dialog opened and closed, in turn with the floor's. Both are looked at in the same way."""
    measured = []
    with _side_by_side(bench, "modal") as (_, ours, floor):
        ours.press(UP)
        for key, heading in keys.items():
            pairs = [
                (_opened_and_closed(ours, key, heading), _opened_and_closed(floor, b"m", "a modal"))
                for _ in range(bench.pairs + 1)
            ]
            # The first time, modules are imported.
            a, b = (list(zip(*side, strict=True)) for side in zip(*pairs[1:], strict=True))
            measured.append(Dialog(*map(Series, a, b)))
    return measured


def _opened_and_closed(program: Program, key: bytes, heading: str) -> tuple[float, float, float]:
    """Seconds from the key to the heading and to the last change, and from esc to the last change."""
    before, sent = program.last, program.send(key)
    frames = program.settle(heading)
    drawn, whole = first_with(frames, heading) - sent, last_change(before, frames, text) - sent
    return drawn, whole, program.answer(ESCAPE, gone=heading)


def rate_key(bench: Bench) -> tuple[Series, ...]:
    """From the key that confirms a rating to another file in the place of the old one."""
    ratings = itertools.cycle("43")
    with bench.place() as place, place.open() as ours:
        ours.settle(LANDMARK)

        def store() -> float:
            rating = next(ratings)
            ours.press(b"r", f"Rate {LANDMARK}")
            ours.press(rating.encode())
            before = _stamp(place.file)
            sent = ours.send(ENTER)
            while _stamp(place.file) == before:
                ours.drain(POLL)
                if time.perf_counter() - sent > 60:
                    raise WrongFrame("nothing was stored within a minute")
            taken = time.perf_counter() - sent
            ours.settle()
            if stored_rating(place) != float(rating):
                raise WrongFrame(f"{LANDMARK} is rated {stored_rating(place)} in the file, not {rating}")
            return taken

        copy = place.home / "floor.toml"
        copy.write_bytes(place.file.read_bytes())
        return (in_turn(bench.pairs, store, lambda: floors.inside(floors.INSIDE_STORE, place.env, str(copy))),)


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_ino, status.st_mtime_ns


def change_from_outside(bench: Bench) -> tuple[Series, ...]:
    """Another title in the file: back at the terminal, and with the terminal in front all the time."""
    return _renamed(bench, looked_away=True), _renamed(bench, looked_away=False)


def _renamed(bench: Bench, *, looked_away: bool) -> Series:
    names = itertools.cycle((f"{LANDMARK} One", f"{LANDMARK} Two"))
    with bench.place() as place, place.open() as ours:
        ours.settle(LANDMARK)
        look = list_side(ours)
        shown = [LANDMARK]

        def change() -> float:
            name = next(names)
            if looked_away:
                ours.press(FOCUS_OUT)
            new = place.home / "new.toml"
            old, fresh = (f'title = "{title}"\n'.encode() for title in (shown[-1], name))
            new.write_bytes(place.file.read_bytes().replace(old, fresh))
            new.replace(place.file)
            begun = time.perf_counter()
            if looked_away:
                ours.send(FOCUS_IN)
            shown.append(name)
            return _first_listed(ours, name, look, begun + 10) - begun

        return in_turn(bench.pairs, change, lambda: floors.inside(floors.INSIDE_HASH, place.env, str(place.file)))


def _first_listed(program: Program, title: str, look: Callable[[Frame], list[str]], end: float) -> float:
    """When a title stood in the list for the first time."""
    while time.perf_counter() < end:
        for frame in program.settle():
            if any(title in line for line in look(frame)[2:-2]):
                return frame.at
    raise WrongFrame(f"{title} never stood in the list:\n{program.last.text}")


# Two programs at once, and where things are on the screen


@contextmanager
def _side_by_side(bench: Bench, which: str) -> Iterator[tuple[Place, Program, Program]]:
    """The interface and one of the floor apps, both waiting for a key."""
    with bench.place() as place, place.open() as ours, _floor(which, place) as floor:
        ours.settle(LANDMARK)
        floor.settle()
        yield place, ours, floor


def _floor(which: str, place: Place) -> Program:
    return Program(floors.app(which), place.env, leave=CTRL_Q)


def list_side(program: Program) -> Callable[[Frame], list[str]]:
    """All but the details, whose panels begin at the leftmost corner."""
    corners = (x for row in program.last.cells for x, cell in enumerate(row) if cell.data == "╭")
    return beside(min(corners, default=COLUMNS))


def cursor_line(program: Program) -> int:
    return next((y for y, line in enumerate(program.last.lines) if line.startswith("▌")), -1)
