"""Laws of change: what is stored reads back, undo is the way back, redo the way there, whatever the list."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from tests.strategies import shows
from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.domain.fields import STORED
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.watchlist import Watchlist
from watchlist.paths import Paths
from watchlist.store.library import Library


@contextmanager
def library(text: str) -> Iterator[Library]:
    folder = Path(tempfile.mkdtemp())
    try:
        file = folder / "list.toml"
        file.write_bytes(text.encode("utf-8"))
        yield Library.open(file, Paths(folder / "config", file, folder / "state", folder / "cache"))
    finally:
        shutil.rmtree(folder)


STARTS = st.sampled_from(
    [
        "version = 1\n",
        "",
        "# only a comment",
        '[[shows]]\ntitle = "A"',
        "\ufeffversion = 1\r\n\r\n"
        "[[shows]]\r\ntitle = 'A' # c\r\n\r\n# above\r\n[[shows]]\r\ntitle = \"B\"\r\n\r\n[[views]]\r\n",
        '[[shows]]\ntitle = "A"\nrating = 11\n[shows.mine]\na = 1\n\n'
        '[other]\nx = 2\n\n\n\n[[shows]]\nid = "b"\ntitle = "B"\n\n\n',
    ]
)
ADD, REMOVE, CHANGE = "add", "remove", "change"
steps = st.lists(st.tuples(st.sampled_from([ADD, CHANGE, CHANGE, REMOVE]), shows(), st.integers(0, 5)), max_size=6)


def edit_of(kind: str, show: Show, at: int, library: Watchlist) -> edits.Edit | None:
    if kind == ADD:
        return edits.add(show)
    if not library.shows:
        return None
    chosen = library.shows[at % len(library.shows)]
    if kind == REMOVE:
        return edits.remove([chosen.id])
    values: list[Any] = [Assignment(f.name, "=", getattr(show, f.name)) for f in STORED if f.name != "id"]
    return edits.assign([chosen.id], values[at::3])


def _comparable(library: Watchlist) -> list[Show]:
    return [replace(show, problems=()) for show in library.shows]


@settings(max_examples=examples(120), deadline=None)
@given(STARTS, steps)
def test_what_is_stored_reads_back_and_undo_and_redo_are_exact(start: str, steps: list[tuple[str, Show, int]]) -> None:
    with library(start) as subject:
        states = [subject.file.read_bytes()]
        for kind, show, at in steps:
            edit = edit_of(kind, show, at, subject.list)
            if edit is None:
                continue
            meant = edit(subject.list)
            if subject.apply(edit).number:
                states.append(subject.file.read_bytes())
            read_again = Library.open(subject.file, subject.paths).list
            assert read_again == subject.list
            assert sorted(_comparable(read_again), key=lambda s: s.id) == sorted(_comparable(meant), key=lambda s: s.id)
        for state in reversed(states[:-1]):
            subject.undo()
            assert subject.file.read_bytes() == state
        for state in states[1:]:
            subject.redo()
            assert subject.file.read_bytes() == state


@settings(max_examples=examples(60), deadline=None)
@given(shows(), shows(), st.sampled_from([f.name for f in STORED if f.name not in ("id", "title")]))
def test_F37_undo_takes_its_own_change_back_and_leaves_what_others_changed(show: Show, other: Show, name: str) -> None:
    with library("") as subject:
        subject.apply(edits.add(show))
        (id,) = (s.id for s in subject.list.shows)
        if not subject.apply(edits.assign([id], [Assignment(name, "=", getattr(other, name))])).number:
            return
        paths = subject.paths
        elsewhere = Library.open(subject.file, Paths(paths.config, paths.data, paths.state / "elsewhere", paths.cache))
        elsewhere.apply(edits.assign([id], [Assignment("title", "=", "Renamed elsewhere")]))
        subject.undo()
        now = subject.list.shows[0]
        assert now.title == "Renamed elsewhere"
        assert getattr(now, name) == getattr(show, name)
