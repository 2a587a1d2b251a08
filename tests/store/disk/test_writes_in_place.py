"""A file that can't be replaced at once is written over: whatever cuts that off, what is read is whole."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.store.conftest import Opened, again
from tests.store.seams import NEW, OLD, Seam, case, fails, rate
from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.errors import StoreError
from watchlist.store.disk import crash_recovery, file_io
from watchlist.store.disk.crash_recovery import PAGE_BYTES, WriteAheadImage
from watchlist.store.library import Library

SHORT, MANY, OTHER = "short", "all of it\n" * 2000, "something else\n" * 1500


def linked(opened: Opened, text: str) -> Library:
    library = opened(text)
    os.link(library.file, library.file.parent / "second")
    return library


def image(library: Library) -> Path:
    return library.paths.image(library.file)


def note(text: str) -> edits.Edit:
    return edits.assign(["a"], [Assignment("notes", "=", text)])


def test_F11_an_image_is_there_while_a_file_is_written_over_and_no_longer(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, seen = linked(opened, OLD), list[bytes | None]()
    truncate = os.ftruncate

    def look(descriptor: int, size: int) -> None:
        seen.append(crash_recovery.read(library.file, image(library), library.list_file.history.is_left))
        assert stat.S_IMODE(image(library).stat().st_mode) == 0o600
        truncate(descriptor, size)

    monkeypatch.setattr(os, "ftruncate", look)
    rate(library)
    assert seen == [NEW.encode()]
    assert not image(library).exists()


@pytest.mark.parametrize(("old", "new"), [(MANY, SHORT), (SHORT, MANY), (MANY, OTHER)])
def test_F11_a_write_in_place_that_is_cut_off_anywhere_is_finished(quick: Path, old: str, new: str) -> None:
    """The process ends before its call N, for all N from the image on; its disk takes a page at a time."""
    kept = torn = 0
    seam, counted = Seam(0, fails(0)), case(quick / "counted", "linked").library
    case(quick / "first", "linked").library.apply(note(new))  # and all that is needed is imported
    with seam.installed():
        counted.apply(note(new))
    at, ended = max(n for n, name in enumerate(seam.names) if name == "replace") - 3, True
    while ended:
        at += 1
        library = case(quick / str(at), "linked").library
        library.file.write_bytes(library.file.read_bytes() + f"notes = {json.dumps(old)}\n".encode())
        before = library.file.read_bytes()
        library.reload()
        ended = _ends_at(at, library, note(new))
        data, left = library.file.read_bytes(), image(library).exists()
        reader = again(library)
        assert reader.list.shows[0].notes in (old, new)
        assert (library.file.read_bytes(), image(library).exists()) == (data, left)  # who reads writes nothing
        kept += left
        torn += data not in (before, reader.text().encode())
        rate(reader)
        assert again(library).list.shows == reader.list.shows
        assert library.file.read_bytes() == (quick / str(at) / "second").read_bytes()
        assert not image(library).exists()
    assert kept >= 3
    assert torn


def _ends_at(at: int, library: Library, edit: edits.Edit) -> bool:
    """Let a process of its own make this change, and end before its call of this number; whether it came so far."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    try:
        _takes_a_page_at_a_time(os.write)
        with Seam(at, lambda _: os._exit(9)).installed():
            library.apply(edit)
        os._exit(0)
    finally:
        os._exit(1)


def _takes_a_page_at_a_time(write: Callable[[int, Any], int]) -> None:
    def page(descriptor: int, data: Any) -> int:
        return write(descriptor, data[:PAGE_BYTES])

    os.write = page


def test_F11_an_image_explains_mixtures_of_old_and_new_pages_and_nothing_else() -> None:
    chance = Random(0)
    for _ in range(300):
        old, new = (
            chance.randbytes(chance.choice((0, 1, PAGE_BYTES, chance.randrange(5 * PAGE_BYTES)))) for _ in range(2)
        )
        found = WriteAheadImage.of(old, new)
        over = new + old[len(new) :]
        ways = [
            old,
            new,
            over,
            *(over[: at * PAGE_BYTES] + old[at * PAGE_BYTES :] for at in range(len(over) // PAGE_BYTES)),
        ]
        assert all(found.explains(data) for data in ways)
        for data in filter(None, ways):
            at = chance.randrange(len(data))
            foreign = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            assert not found.explains(foreign)
        assert not found.explains(max(old, new, key=len) + b"x")


def test_F11_a_file_that_was_written_since_is_left_alone_and_the_change_kept_as_a_backup(opened: Opened) -> None:
    library = linked(opened, OLD)
    WriteAheadImage.of(OLD.encode(), NEW.encode()).write(image(library))
    library.file.write_text(OLD + "year = 1999\n", "utf-8")
    library = again(library)
    assert library.list.shows[0].rating is None
    change = rate(library, 2.0)
    assert [notice for notice in change.notices if "was interrupted" in notice]
    assert NEW.encode() in [backup.read() for backup in library.backups()]
    assert again(library).list.shows[0].year == 1999
    assert not rate(library, 1.0).notices  # it is said once
    assert not image(library).exists()


def test_F11_half_an_image_is_none(opened: Opened) -> None:
    library = linked(opened, OLD)
    WriteAheadImage.of(OLD.encode(), NEW.encode()).write(image(library))
    image(library).write_bytes(image(library).read_bytes()[:-1])
    assert again(library).list.shows[0].rating is None
    rate(library, 2.0)
    assert not image(library).exists()


def test_F11_where_even_what_was_there_can_not_be_put_back_the_change_counts(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = linked(opened, OLD)
    library.apply(note(MANY))
    write, given = os.write, []

    def worn_out(descriptor: int, data: Any) -> int:
        if os.fstat(descriptor).st_ino == library.file.stat().st_ino:
            given.append(1)
            if len(given) > 2:
                raise OSError(5, os.strerror(5))
            return write(descriptor, data[:PAGE_BYTES])
        return write(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", worn_out)
        with pytest.raises(file_io.PartialWriteError, match=r"in part.*\(EIO\)"):
            library.apply(note(OTHER))
    assert again(library).list.shows[0].notes == OTHER
    rate(library)
    library.undo(2)
    assert again(library).list.shows[0].notes == MANY


def test_P06_an_interrupt_while_a_file_is_written_over_leaves_what_was_there(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = linked(opened, OLD)
    truncate = os.ftruncate
    with monkeypatch.context() as patch:

        def interrupted(descriptor: int, size: int) -> None:
            patch.setattr(os, "ftruncate", truncate)
            raise KeyboardInterrupt

        patch.setattr(os, "ftruncate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            rate(library)
    assert library.file.read_text("utf-8") == OLD
    assert not image(library).exists()
    rate(library)


def test_F11_no_image_no_write(opened: Opened) -> None:
    library = linked(opened, OLD)
    library.paths.state.mkdir()
    image(library).parent.write_text("not a folder", "utf-8")
    with pytest.raises(StoreError, match="images"):
        rate(library)
    assert library.file.read_text("utf-8") == OLD
