"""One file under several names has one lock, one journal, one recovery image and one row of backups."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Cli
from watchlist.domain import edits
from watchlist.errors import NotFound, StoreError
from watchlist.paths import Paths, key_of, parse_names, render_names
from watchlist.store.disk import crash_recovery, file_io, file_lock, known_names, mounts
from watchlist.store.library import Library

LIST = "".join(f'[[shows]]\nid = "{id}"\ntitle = "{id.upper()}"\n\n' for id in "ab")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config.toml", tmp_path / "data.toml", tmp_path / "state", tmp_path / "cache")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.toml"
    path.write_text(LIST, "utf-8")
    return path


def rate(file: Path, paths: Paths, stars: float, id: str = "a") -> None:
    Library.open(file, paths).apply(edits.rate([id], stars))


def state(file: Path, paths: Paths) -> list[Path]:
    return [find(file) for find in (paths.journal, paths.lock, paths.index, paths.image, paths.drafts, paths.backups)]


def hard(old: Path, new: Path) -> None:
    os.link(old, new)


def soft(old: Path, new: Path) -> None:
    new.symlink_to(old)


def by_a_link_to_the_folder(old: Path, new: Path) -> None:
    (new.parent / "way").symlink_to(old.parent)
    new.symlink_to(new.parent / "way" / old.name)


links = pytest.mark.parametrize("link", [hard, soft, by_a_link_to_the_folder])


@links
@pytest.mark.parametrize("before", [True, False], ids=["changed before", "linked first"])
def test_A3_every_name_leads_to_one_journal(
    file: Path, paths: Paths, tmp_path: Path, link: Callable[[Path, Path], None], before: bool
) -> None:
    other = tmp_path / "other.toml"
    if before:
        rate(file, paths, 1.0)
    link(file, other)
    rate(other, paths, 2.0)
    rate(file, paths, 3.0)
    assert state(file, paths) == state(other, paths)
    library = Library.open(other, paths)
    assert len(library.history()) == 2 + before
    library.undo(2 + before)
    assert file.read_text("utf-8") == other.read_text("utf-8") == LIST
    with pytest.raises(NotFound):
        Library.open(file, paths).undo()


def _tag(file: Path, paths: Paths, name: str, each: int) -> None:
    for number in range(each):
        Library.open(file, paths).apply(edits.tag(["a"], [f"{name}{number}"], []))


@links
def test_A3_nothing_is_lost_where_two_processes_write_by_two_names(
    file: Path, paths: Paths, tmp_path: Path, link: Callable[[Path, Path], None]
) -> None:
    other, each = tmp_path / "other.toml", 12
    link(file, other)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_tag, args=(path, paths, path.stem, each)) for path in (file, other)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    library = Library.open(file, paths)
    assert set(library.list.shows[0].tags) == {f"{name}{n}" for name in ("list", "other") for n in range(each)}
    assert sorted(entry.number for entry in library.history()) == list(range(1, 2 * each + 1))


def test_A3_a_lock_that_is_held_by_one_name_is_held_by_all(
    file: Path, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.toml"
    hard(file, other)
    rate(other, paths, 1.0)
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.05)
    with file_lock.locked(paths.lock(file)), pytest.raises(StoreError, match="locked by"):
        rate(other, paths, 2.0)
    rate(other, paths, 2.0)


def killed_in_the_midst(file: Path, paths: Paths) -> None:
    """Change a title in a process of its own that ends when one page is written over the file."""
    child = os.fork()
    if child:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        return
    try:
        file_io._overwrite = lambda descriptor, data: (
            os.pwrite(descriptor, data[: crash_recovery.PAGE_BYTES], 0),
            os._exit(9),
        )
        Library.open(file, paths).apply(edits.update("a", {"title": "Another title"}))
    finally:
        os._exit(1)


@pytest.mark.parametrize("claimed", [True, False], ids=["changed before", "read only so far"])
def test_A3_a_torn_write_by_one_name_is_not_taken_for_the_list_by_the_other(
    file: Path, paths: Paths, tmp_path: Path, claimed: bool
) -> None:
    other = tmp_path / "other.toml"
    file.write_text(LIST + "".join(f"# {number}\n" for number in range(3 * crash_recovery.PAGE_BYTES)), "utf-8")
    hard(file, other)
    if claimed:
        rate(other, paths, 1.0)
    old = file.read_bytes()
    killed_in_the_midst(file, paths)
    new = old.replace(b'title = "A"', b'title = "Another title"')
    assert file.read_bytes() not in (old, new)
    library = Library.open(other, paths)
    assert library.text() == new.decode()
    library.apply(edits.rate(["b"], 2.0))
    assert file.read_bytes() == new.replace(b'title = "B"\n', b'title = "B"\nrating = 2.0\n')


def test_A3_the_state_of_a_file_does_not_change_with_its_inode(file: Path, paths: Paths, tmp_path: Path) -> None:
    found, inodes = state(file, paths), {file.stat().st_ino}
    for stars in (1.0, 2.0, 3.0):
        rate(file, paths, stars)
        inodes.add(file.stat().st_ino)
    assert len(inodes) > 1  # a number may be used again
    assert state(file, paths) == found
    assert paths.journal(file).stem == key_of(str(file))  # as it was before names had a table


def test_A3_two_names_that_another_program_parted_have_a_journal_each(file: Path, paths: Paths, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    hard(file, other)
    rate(other, paths, 1.0)
    shutil.copy(file, tmp_path / "new")
    (tmp_path / "new").replace(other)  # as editors save
    rate(file, paths, 3.0)
    rate(other, paths, 2.0)
    assert paths.journal(file) != paths.journal(other)
    Library.open(file, paths).undo()
    assert "rating = 2.0" in other.read_text("utf-8")
    assert "rating" not in file.read_text("utf-8").replace("rating = 1.0", "")


def test_A3_the_last_name_of_a_file_keeps_its_journal(file: Path, paths: Paths, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    hard(file, other)
    rate(file, paths, 1.0)
    rate(other, paths, 2.0)
    file.unlink()
    library = Library.open(other, paths)
    library.undo(2)
    assert other.read_text("utf-8") == LIST
    gone = Library.open(file, paths)
    assert gone.doubt == "is gone"
    assert (
        f"the same list still exists as {other}" not in gone.guard.next_steps()
    )  # the first name is the one that is gone


def test_A3_a_name_that_is_gone_is_said_to_be_another_name_and_begins_anew_apart(
    file: Path, paths: Paths, tmp_path: Path
) -> None:
    other = tmp_path / "other.toml"
    hard(file, other)
    rate(file, paths, 1.0)
    rate(other, paths, 2.0)
    other.unlink()
    library = Library.open(other, paths)
    assert f"the same list still exists as {file}" in library.guard.next_steps()
    library.guard.create()
    assert paths.journal(other) != paths.journal(file)
    assert Library.open(file, paths).doubt == ""
    rate(other, paths, 5.0, "ballard")
    assert len(Library.open(file, paths).history()) == 2


def test_A3_state_from_before_there_was_a_table_is_found_though_another_name_came_up_first(
    file: Path, paths: Paths, tmp_path: Path
) -> None:
    rate(file, paths, 1.0)
    paths.table.unlink()
    other = tmp_path / "other.toml"
    hard(file, other)
    rate(other, paths, 2.0)
    rate(file, paths, 3.0)
    assert paths.journal(file) == paths.journal(other)
    library = Library.open(file, paths)
    assert [entry.number for entry in library.history()] == [2, 1]
    library.undo(1)
    assert "rating = 2.0" in file.read_text("utf-8")


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"/x\0", b"\xff\0\xfe\0/a", os.urandom(500), b"/a\0/b\0" * 9], ids=range(6)
)
def test_A3_B18_a_table_that_is_damaged_costs_nothing_but_names(file: Path, paths: Paths, data: bytes) -> None:
    rate(file, paths, 1.0)
    paths.table.write_bytes(data)
    rate(file, paths, 2.0)
    assert len(Library.open(file, paths).history()) == 2
    assert paths.names[str(file)] == str(file)


def test_A3_B17_what_is_no_regular_file_is_no_table(file: Path, paths: Paths) -> None:
    rate(file, paths, 1.0)
    paths.table.unlink()
    os.mkfifo(paths.table)
    assert len(Library.open(file, paths).history()) == 1
    paths.table.unlink()
    paths.table.mkdir()
    assert len(Library.open(file, paths).history()) == 1


def test_A3_any_name_can_be_in_the_table() -> None:
    known = {"/a\nb": "/a\nb", "/\udcff": "/a\nb", "": "é"}
    assert parse_names(render_names(known)) == known


def test_A3_a_full_table_lets_go_of_names_that_lead_nowhere(
    file: Path, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_names, "MAX_NAMES", 3)
    for number in range(5):
        one = tmp_path / f"{number}.toml"
        one.write_text(LIST)
        rate(one, paths, 1.0)
        if number != 1:
            one.unlink()
    rate(file, paths, 1.0)
    assert list(paths.names) == [str(tmp_path / "1.toml"), str(tmp_path / "4.toml"), str(file)]


# What is replaced while it is open


def test_A3_a_file_that_is_replaced_while_it_is_read_is_opened_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, fstat, looks = file.with_name("new"), os.fstat, list[int]()
    new.write_bytes(b"new")

    def replaced(descriptor: int) -> os.stat_result:
        looks.append(descriptor)
        if len(looks) == 2:
            new.replace(file)
        return fstat(descriptor)

    monkeypatch.setattr(os, "fstat", replaced)
    assert file_io.read(file) == b"new"


# Mounts, in a namespace of their own

MOUNT = """
set -e
mount --bind "$1" "$2"
exec sh -ec "$3"
"""


@pytest.fixture
def mounted(home: Mapping[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a script where `old` is mounted at `new`; in it, `$W` is `watchlist`."""
    if (
        sys.platform != "linux"
        or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("mounts can't be made here")

    def run(old: Path, new: Path, script: str) -> subprocess.CompletedProcess[str]:
        new.mkdir() if old.is_dir() else new.touch()
        env = {**home, "W": f"{sys.executable} -m watchlist"}
        command = ["unshare", "-m", "sh", "-c", MOUNT, "sh", str(old), str(new), script]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)

    return run


BOTH = """
for n in 1 2 3 4 5; do $W --file {0} tag a +one$n; done & one=$!
for n in 1 2 3 4 5; do $W --file {1} tag a +two$n; done
wait $one
cmp {0} {1}
"""


@pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])
def test_A3_F12_a_mounted_file_is_one_file(
    mounted: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, cli: Cli, folder: bool
) -> None:
    (tmp_path / "old").mkdir()
    file, new = tmp_path / "old" / "list.toml", tmp_path / "new"
    file.write_text(LIST, "utf-8")
    script = BOTH.format(file, new / file.name if folder else new)
    ran = mounted(file.parent if folder else file, new, script)
    assert ran.returncode == 0, ran.stderr
    assert not list(file.parent.glob(".*"))
    for name in ("one", "two"):
        assert all(f'"{name}{number}"' in file.read_text("utf-8") for number in range(1, 6))
    assert len(cli("--file", str(file), "history").stdout.splitlines()) == 11
    assert cli("--file", str(file), "undo", "10").returncode == 0
    assert file.read_text("utf-8") == LIST


def test_A3_a_mount_whose_file_was_replaced_is_read_and_not_written(
    mounted: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    file, new = tmp_path / "list.toml", tmp_path / "mounted.toml"
    file.write_text(LIST, "utf-8")
    script = f"""
    cp {file} {file}.new; mv {file}.new {file}
    $W --file {new} list
    $W --file {new} rate a 3 || echo exit $?
    """
    ran = mounted(file, new, script)
    assert "exit 3" in ran.stdout, ran
    assert "was replaced where it is mounted from" in ran.stderr
    assert "A  " in ran.stdout
    assert file.read_text("utf-8") == LIST


def test_A3_what_is_mounted_is_read_from_the_table_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "21 1 8:1 / / rw - ext4 /dev/sda1 rw",
        "22 21 8:2 / /home rw - ext4 /dev/sda2 rw",
        "23 21 8:2 /ada/my\\040list.toml /srv/list.toml rw - ext4 /dev/sda2 rw",
        "24 21 8:1 /etc/list.toml /run/list.toml rw - ext4 /dev/sda1 rw",
        "broken",
    ]
    monkeypatch.setattr(mounts, "MOUNTS", tmp_path / "mountinfo")
    assert not mounts.is_mounted_twice(Path("/home/ada/my list.toml"))
    (tmp_path / "mountinfo").write_text("\n".join(lines))
    for path in ("/home/ada/my list.toml", "/srv/list.toml", "/etc/list.toml", "/run/list.toml"):
        assert mounts.is_mounted_twice(Path(path))
    for path in ("/home/ada/list.toml", "/ada/my list.toml", "/home/etc/list.toml", "/srv/other.toml"):
        assert not mounts.is_mounted_twice(Path(path))
    mounts.check_is_current(Path("/home/ada/my list.toml"))
    with pytest.raises(StoreError, match="mounted from"):
        mounts.check_is_current(Path("/srv/list.toml"))
    assert mounts.source_of(Path("/srv/list.toml")) == Path("/home/ada/my list.toml")
    assert mounts.source_of(Path("/run/list.toml")) == Path("/etc/list.toml")
    assert mounts.source_of(Path("/home/ada/my list.toml")) is None
