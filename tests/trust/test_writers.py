"""Two programs at one file: two of ours lose nothing, and what a foreign one writes over can be brought back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.trust.conftest import Figure, Many
from tests.trust.work import a_folder, forked, opened, temporary
from watchlist.domain import edits
from watchlist.domain.model import Show
from watchlist.errors import StoreError, WatchlistError
from watchlist.paths import Paths
from watchlist.store.disk import file_lock
from watchlist.store.library import Library

BLOCK = '[[shows]]\nid = "{0}"\ntitle = "{0}"\ntags = []\n\n'
LIST = "# mine\nversion = 1\n\n" + "".join(BLOCK.format(name) for name in ("a", "b", "both", "theirs"))
BURST = 100  # tags on one show, so that its line stays short


def _ours(library: Library, who: str, count: int, *, lock: bool = True) -> None:
    """`count` tags, on a show of its own, on one that both change, and as shows of its own; none is given up.

    Without a `lock` that both know, a change that finds the file written again and again is refused, and asked for anew.
    """

    def store(edit: edits.Edit) -> None:
        while True:
            try:
                library.apply(edit)
                return
            except StoreError as error:
                if lock or "being written" not in error.message:
                    raise

    chance = Random(who)
    for number in range(count):
        tag, turn = f"{who}{number}", number % 10
        if turn == 0:
            store(edits.add(Show("", tag, tags=(tag,))))
        else:
            store(edits.tag(["both" if turn < 4 else who], [tag], [f"{who}{number - BURST}"]))
        if chance.random() < 0.2:
            time.sleep(chance.random() * 0.002)  # let go of the lock for the other


def test_F21_two_of_our_own_writers_lose_nothing(many: Many, figure: Figure) -> None:
    each = many(100, 10_000) // 2
    with a_folder() as folder:
        (folder / "list.toml").write_text(LIST, "utf-8")
        children = [forked(lambda who=who: _ours(opened(folder), who, each)) for who in "ab"]  # type: ignore[misc]
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        library = opened(folder)
        assert codes == [0, 0]
        lost = sum(not _there(library.list.shows, who, number, each) for who in "ab" for number in range(each))
        made = [entry for entry in library.history() if not entry.undone]
        figure("two of our own writers", edits=2 * each, lost=lost, steps_that_undo_can_take=len(made))
        assert lost == 0
        assert len(made) == 2 * each
        assert library.list.damage is None


def test_F29_two_computers_at_one_file_lose_nothing(many: Many, figure: Figure) -> None:
    """Neither sees the lock of the other: each has a state folder of its own."""
    each = many(50, 2_000) // 2
    with a_folder() as folder:
        file = folder / "list.toml"
        file.write_text(LIST, "utf-8")

        def on(who: str) -> Library:
            return Library.open(file, Paths(folder / "c", file, folder / f"state-{who}", folder / f"cache-{who}"))

        children = [forked(lambda who=who: _ours(on(who), who, each, lock=False)) for who in "ab"]  # type: ignore[misc]
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        assert codes == [0, 0]
        shows = on("a").list.shows
        over = [(who, number) for who in "ab" for number in range(each) if not _there(shows, who, number, each)]
        kept = "".join(path.read_text("utf-8") for path in folder.glob("state-*/**/*") if path.suffix in SAVED)
        lost = [f"{who}{number}" for who, number in over if f'"{who}{number}"' not in kept.replace("\\", "")]
        figure("two computers at one file", edits=2 * each, written_over=len(over), unrecoverable=len(lost))
        assert not lost
        assert len(over) <= each / 100
        assert not temporary(folder)


def _there(shows: tuple[Show, ...], who: str, number: int, each: int) -> bool:
    """Whether an edit is in the list; a tag goes when the one that is `BURST` later comes, in the same place."""
    tag, later = f"{who}{number}", number + BURST
    if number % 10 == 0:
        return any(show.title == tag for show in shows)
    found = any(tag in show.tags for show in shows)
    return found or (later < each and later % 10 != 0)


def _theirs(file: Path, until: float, log: int, renames: bool, pause: float) -> None:
    """A program that knows nothing of us: it reads, adds a tag to a line, and writes, by a rename or in place.

    Between two writes it waits for `pause` to three times as many seconds. It says which tag it writes, and of one in place
    afterwards whether the file that it had opened was still the list.
    """
    number, chance = 0, Random(7)
    while time.monotonic() < until:
        time.sleep(pause * (1 + 2 * chance.random()))
        text = file.read_text("utf-8")
        if 'title = "theirs"' not in text:
            continue  # it met a write of its own kind halfway
        head, tail = text.split('title = "theirs"\ntags = [', 1)
        tag = f"f{number}"
        data = f'{head}title = "theirs"\ntags = ["{tag}"{", " * (tail[0] != "]")}{tail}'.encode()
        os.write(log, f"{tag}\n".encode())
        if renames:
            other = file.with_name("theirs.tmp")
            other.write_bytes(data)
            other.replace(file)
        else:
            with file.open("r+b") as stream:
                stream.write(data)
                stream.truncate()
                stream.flush()
                if not os.fstat(stream.fileno()).st_nlink:
                    os.write(log, f"-{tag}\n".encode())
        number += 1


@pytest.mark.parametrize("pause", [0.02, 0.002], ids=["now and then", "all the time"])
@pytest.mark.parametrize("renames", [True, False], ids=["by rename", "in place"])
def test_F22_F23_with_a_foreign_writer_everything_can_be_brought_back(
    renames: bool, pause: float, many: Many, figure: Figure
) -> None:
    seconds = many(2, 100)
    with a_folder() as folder:
        file = folder / "list.toml"
        file.write_text(LIST, "utf-8")
        reader, writer = os.pipe()
        library = opened(folder)
        child = forked(lambda: _theirs(file, time.monotonic() + seconds, writer, renames, pause))
        os.close(writer)
        ours, refused = _saves_until(lambda: os.waitpid(child, os.WNOHANG) != (0, 0), library)
        with os.fdopen(reader) as stream:
            said = stream.read().split()
        missed = {
            tag[1:] for tag in said if tag.startswith("-")
        }  # written into a file that had been replaced meanwhile
        theirs = [tag for tag in said if not tag.startswith("-") and tag not in missed]
        final = file.read_text("utf-8")
        paths = (*(folder / "state").rglob("*"), *temporary(folder))
        kept = "".join(path.read_text("utf-8") for path in paths if path.suffix in SAVED)
        missing = [tag for tag in (*ours, *theirs) if f'"{tag}"' not in final]
        gone = [tag for tag in missing if f'"{tag}"' not in kept and f'\\"{tag}\\"' not in kept]
        figure(
            f"a foreign writer, {'by rename' if renames else 'in place'}, every {pause * 2000:g} ms",
            our_changes=len(ours),
            foreign_writes=len(theirs),
            refused_while_the_file_was_torn=refused,
            ours_written_over=sum(tag.startswith("o") for tag in missing),
            theirs_written_over=sum(tag.startswith("f") for tag in missing),
            written_by_them_into_a_file_that_was_replaced=len(missed),
            unrecoverable=len(gone),
        )
        assert not gone
        assert not missed
        assert opened(folder).list.damage is None


SAVED = (".jsonl", ".toml", ".tmp")


def _saves_until(ended: Callable[[], bool], library: Library) -> tuple[list[str], int]:
    done: list[str] = []
    refused = 0
    while not ended():
        tag = f"o{len(done)}"
        try:
            library.apply(edits.tag(["a"], [tag], [f"o{len(done) - BURST}"]))
            done.append(tag)
        except WatchlistError:  # torn, or what can be read of it has no such show
            refused += 1
    return done, refused


def test_F26_a_lock_whose_holder_was_killed_is_free() -> None:
    with a_folder() as folder:
        (folder / "list.toml").write_text(LIST, "utf-8")
        for number in range(10):
            reader, writer = os.pipe()

            def hold(pipe: int = writer) -> None:
                library = opened(folder)
                with file_lock.locked(library.paths.lock(library.file)):
                    os.write(pipe, b".")
                    time.sleep(60)

            child = forked(hold)
            os.read(reader, 1)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            started = time.monotonic()
            opened(folder).apply(edits.tag(["a"], [f"n{number}"]))
            assert time.monotonic() - started < 5
            os.close(reader)
            os.close(writer)
