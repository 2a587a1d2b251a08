"""Who writes the file between the last look at it and the rename: nothing of theirs is lost, and nothing of ours."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store.conftest import Opened, again
from tests.store.seams import NEW, OLD, as_elsewhere, before_renaming, rate, temporary
from watchlist.domain import edits
from watchlist.domain.model import Show
from watchlist.errors import StoreError
from watchlist.store.disk import file_io, linux_rename
from watchlist.store.library import Library

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="two files can be exchanged on Linux alone")
THEIRS = OLD + "year = 1999\n"
LATER = OLD + "year = 2001\n"


def renamed_there(file: Path, text: str) -> None:
    """As most programs write."""
    other = file.with_name("theirs.new")
    other.write_text(text, "utf-8")
    other.replace(file)


def between(patch: pytest.MonkeyPatch, library: Library, *acts: Callable[[], object]) -> None:
    """Have each of these done right before one of the next renames of the list, the first before the first."""
    left = iter(acts)

    def act(source: Path, target: Path) -> None:
        if target == library.file and source.suffix == ".tmp":  # it is ours
            next(left, lambda: None)()

    before_renaming(patch, act)


def copies(library: Library) -> list[bytes]:
    return [backup.read() for backup in library.backups()]


def test_F22_what_is_renamed_there_at_the_last_moment_is_merged(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    between(monkeypatch, library, lambda: renamed_there(library.file, THEIRS))
    change = rate(library)
    assert library.file.read_text("utf-8") == THEIRS + "rating = 3.0\n"
    assert again(library).list.shows[0].year == 1999
    assert THEIRS.encode() in copies(library)  # as all bytes of others, before they are changed
    assert [entry.number for entry in library.history()] == [change.number]
    assert not temporary(library.file.parent)
    library.undo()
    assert library.file.read_text("utf-8") == THEIRS


def test_F22_what_is_written_into_a_file_that_was_opened_before_is_merged(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    threads = []

    def write_slowly() -> None:
        stream = library.file.open("r+", encoding="utf-8")

        def write() -> None:
            with stream:
                time.sleep(0.2)
                stream.write(THEIRS)

        threads.append(threading.Thread(target=write))
        threads[0].start()

    between(monkeypatch, library, write_slowly)
    rate(library)
    threads[0].join()
    assert library.file.read_text("utf-8") == THEIRS + "rating = 3.0\n"
    assert not temporary(library.file.parent)


def test_F22_what_two_of_them_write_in_one_moment_is_in_the_list_or_among_the_backups(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    between(
        monkeypatch,
        library,
        lambda: renamed_there(library.file, THEIRS),
        lambda: renamed_there(library.file, LATER),  # while the first is on its way back
    )
    change = rate(library)
    assert library.file.read_text("utf-8") == LATER + "rating = 3.0\n"
    assert THEIRS.encode() in copies(library)
    assert [notice for notice in change.notices if "another program wrote" in notice]
    assert not temporary(library.file.parent)


def test_F22_what_came_back_is_kept_from_who_read_ours_meanwhile(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, trade, seen = opened(OLD), linux_rename.trade, list[str]()

    def trading(one: Path, other: Path) -> bool:
        if not seen:
            renamed_there(library.file, THEIRS)
        done = trade(one, other)
        seen.append(library.file.read_text("utf-8"))
        if len(seen) == 2:  # another one, that had read what was there for a moment
            renamed_there(library.file, seen[0] + "tags = []\n")
        return done

    monkeypatch.setattr(linux_rename, "trade", trading)
    rate(library, 1.0)
    assert seen[:2] == [OLD + "rating = 1.0\n", THEIRS]
    assert THEIRS.encode() in [backup.read() for backup in library.backups() if backup.found]


def test_F22_a_file_that_has_another_size_by_now_is_not_exchanged_at_all(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, trade, made, seen = opened(OLD), linux_rename.trade, os.open, list[str]()

    def opening(path: Any, flags: int, *words: Any, **named: Any) -> int:
        if Path(path).suffix == ".tmp" and Path(path).parent == library.file.parent and not seen:
            seen.append("written")
            renamed_there(library.file, THEIRS)
        return made(path, flags, *words, **named)

    def trading(one: Path, other: Path) -> bool:
        seen.append(one.read_text("utf-8"))
        return trade(one, other)

    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(linux_rename, "trade", trading)
    rate(library)
    assert seen == ["written", THEIRS + "rating = 3.0\n"]
    assert not temporary(library.file.parent)


@pytest.mark.parametrize("late", [False, True])
def test_F22_who_was_just_opening_the_file_is_seen_when_all_else_is_done(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    library, sync, threads = opened(OLD), file_io.sync_folder, list[threading.Thread]()

    def write(stream: Any) -> None:
        with stream:
            time.sleep(0.2 * late)
            stream.write(THEIRS)

    def synced(folder: Path) -> None:
        sync(folder)
        for left in temporary(library.file.parent) if not threads else ():
            threads.append(threading.Thread(target=write, args=(left.open("r+", encoding="utf-8"),)))
            threads[0].start()
            if not late:
                threads[0].join()

    monkeypatch.setattr(file_io, "sync_folder", synced)
    rate(library)
    threads[0].join()
    assert library.file.read_text("utf-8") == THEIRS + "rating = 3.0\n"
    assert not temporary(library.file.parent)


def test_F22_what_can_not_go_back_stays_in_its_temporary_file(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(OLD)
    between(monkeypatch, library, lambda: renamed_there(library.file, THEIRS), library.file.unlink)
    with pytest.raises(StoreError, match="is gone"):
        rate(library)
    assert [path.read_text("utf-8") for path in temporary(library.file.parent)] == [THEIRS]


@pytest.mark.parametrize("trades", [False, True])
def test_F03_the_folder_is_written_to_disk_whichever_way_the_file_came_there(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, trades: bool
) -> None:
    library, sync, seen = opened(OLD), file_io.sync_folder, list[tuple[Path, str]]()

    def synced(folder: Path) -> None:
        seen.append((folder, library.file.read_text("utf-8")))
        sync(folder)

    monkeypatch.setattr(file_io, "sync_folder", synced)
    if not trades:
        as_elsewhere(monkeypatch)
    rate(library)
    assert (library.file.parent, NEW) in seen


@pytest.mark.parametrize("kind", ["folder", "link", "gone"])
def test_F22_what_is_no_file_any_more_is_put_back_where_it_was(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    library, real = opened(OLD), tmp_path / "elsewhere" / "real.toml"
    real.parent.mkdir()
    real.write_text(OLD, "utf-8")

    def replaced() -> None:
        library.file.unlink()
        if kind == "folder":
            library.file.mkdir()
        elif kind == "link":
            library.file.symlink_to(real)

    between(monkeypatch, library, replaced)
    if kind == "link":
        rate(library)
        assert library.file.is_symlink()
        assert real.read_text("utf-8") == NEW
    else:
        with pytest.raises(StoreError, match={"folder": "not a regular file", "gone": "is gone"}[kind]):
            rate(library)
        assert library.file.is_dir() == (kind == "folder")
    assert not temporary(tmp_path)


def test_F22_a_file_that_somebody_keeps_open_stays_till_what_they_write_can_be_kept(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    monkeypatch.setattr(file_io, "STEADY_SECONDS", 0.1)
    with library.file.open("r+", encoding="utf-8") as stream:
        rate(library)
        assert library.file.read_text("utf-8") == NEW
        (left,) = temporary(library.file.parent)
        stream.write(THEIRS)
    os.utime(left, (0, 0))
    change = rate(library, 1.0)
    assert not left.exists()
    assert THEIRS.encode() in copies(library)
    assert [notice for notice in change.notices if "as backup" in notice]


def test_F22_who_only_reads_the_file_holds_up_nothing(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(OLD)
    monkeypatch.setattr(file_io, "STEADY_SECONDS", 600.0)
    with library.file.open("rb") as stream:
        rate(library)
        assert stream.read() == OLD.encode()
    assert not temporary(library.file.parent)


def test_F22_a_file_that_appears_while_a_new_one_is_made_is_not_written_over(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(None)
    between(monkeypatch, library, lambda: renamed_there(library.file, OLD))
    library.apply(edits.add(Show("", "Mine")))
    assert {"A", "Mine"} <= {show.title for show in again(library).list.shows}
    assert not temporary(library.file.parent)


def test_F22_a_list_that_appears_while_one_is_begun_is_left_as_it_is(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(None)
    between(monkeypatch, library, lambda: renamed_there(library.file, OLD))
    with pytest.raises(StoreError, match="changed by another program"):
        library.guard.create()
    assert library.file.read_text("utf-8") == OLD


def test_F22_where_files_can_not_be_exchanged_what_is_there_is_replaced(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_elsewhere(monkeypatch)
    library = opened(OLD)
    assert rate(library).number == 1
    assert library.file.read_text("utf-8") == NEW
    assert not temporary(library.file.parent)
    library.file.unlink()
    library.guard.create()
    assert library.list_file.exists


def test_F22_where_files_can_not_be_exchanged_all_of_it_is_looked_at_before_it_is_replaced(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_elsewhere(monkeypatch)
    library, same_size, made, done = opened(OLD), OLD.replace("A", "B"), os.open, list[int]()
    assert same_size != OLD

    def opening(path: Any, flags: int, *words: Any, **named: Any) -> int:
        if Path(path).suffix == ".tmp" and Path(path).parent == library.file.parent and not done:
            done.append(1)
            library.file.write_text(same_size, "utf-8")
        return made(path, flags, *words, **named)

    monkeypatch.setattr(os, "open", opening)
    rate(library)
    assert library.file.read_text("utf-8") == same_size + "rating = 3.0\n"
    assert not temporary(library.file.parent)


@pytest.mark.parametrize("theirs", [False, True])
def test_F33_a_kill_right_after_the_exchange_leaves_what_the_next_change_puts_away(
    opened: Opened, theirs: bool
) -> None:
    library = opened(OLD)
    rate(library, 1.0)
    before = library.file.read_bytes()
    child = os.fork()
    if child == 0:
        trade = linux_rename.trade

        def killed(one: Path, other: Path) -> Any:
            if theirs:
                renamed_there(library.file, THEIRS)
            trade(one, other)
            os.kill(os.getpid(), signal.SIGKILL)

        linux_rename.trade = killed
        rate(library, 3.0)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    (left,) = temporary(library.file.parent)
    assert (left.read_bytes(), library.file.read_text("utf-8")) == (THEIRS.encode() if theirs else before, NEW)
    os.utime(left, (0, 0))
    rate(library, 2.0)
    assert not left.exists()
    assert (THEIRS.encode() in copies(library)) == theirs


def test_F22_a_write_in_place_is_made_again_where_the_file_was_replaced_meanwhile(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = opened(OLD)
    os.link(library.file, tmp_path / "second")
    call, done = os.ftruncate, list[int]()

    def first(descriptor: int, size: int) -> None:
        call(descriptor, size)
        if not done:
            done.append(1)
            renamed_there(library.file, THEIRS)

    monkeypatch.setattr(os, "ftruncate", first)
    rate(library)
    assert library.file.read_text("utf-8") == THEIRS + "rating = 3.0\n"


@pytest.mark.parametrize("moment", ["before", "open"])
def test_F22_a_write_in_place_never_goes_over_what_came_after_the_last_look(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, moment: str
) -> None:
    library = opened(OLD)
    os.link(library.file, tmp_path / "second")
    call, done = os.open, list[int]()

    def opening(path: Any, flags: int, *words: Any, **named: Any) -> int:
        ours = Path(path) == library.file and flags & os.O_ACCMODE == os.O_WRONLY and not done
        if ours and moment == "before":
            done.append(1)
            renamed_there(library.file, THEIRS)
        descriptor = call(path, flags, *words, **named)
        if ours and moment == "open":
            done.append(1)
            library.file.write_text(THEIRS, "utf-8")
        return descriptor

    monkeypatch.setattr(os, "open", opening)
    rate(library)
    assert done
    assert library.file.read_text("utf-8") == THEIRS + "rating = 3.0\n"
