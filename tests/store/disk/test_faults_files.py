"""The file on disk, and every way in which a save of it can go wrong: each test carries the id of its fault."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli
from tests.store.conftest import Opened, again
from tests.store.seams import NEW, OLD, Seam, case, fails, rate, temporary
from watchlist.domain import edits
from watchlist.errors import StoreError
from watchlist.paths import Paths
from watchlist.store.disk import file_io
from watchlist.store.library import Library

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR, errno.EDQUOT)


@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("mode", ["first", "again", "linked", "new"])
def test_F02_whatever_call_of_a_save_fails_the_file_is_whole_and_the_next_save_works(
    quick: Path, mode: str, code: int, request: pytest.FixtureRequest
) -> None:
    """Every call fails once for each way to save, with the errors in turn; with `--long`, once with every error."""
    first, step = (1, 1) if request.config.getoption("--long") else (1 + ERRORS.index(code), len(ERRORS))
    warm = case(quick / "warm", mode)
    edit = edits.rate([warm.library.list.shows[0].id], 3.0)
    seam = Seam(0, fails(code))
    with seam.installed():
        warm.library.apply(edit)  # all is imported, and the calls are counted
    assert seam.calls > 30
    after, failed = warm.library.file.read_bytes(), 0
    for at in range(first, seam.calls + 20, step):
        library, before = case(quick / str(at), mode)
        seam = Seam(at, fails(code))
        error = None
        with seam.installed():
            try:
                library.apply(edit)
            except StoreError as raised:
                error = raised
        data = library.file.read_bytes() if library.file.exists() else None
        assert data in ((before, after) if error else (after,)), at
        assert not temporary(quick / str(at)), at
        if error is not None:
            failed += 1
            assert f"({errno.errorcode[code]})" in error.message, at
            assert str(quick) in error.message, at
        library.apply(edits.rate([library.list.shows[0].id], 4.5))
        assert again(library).list.shows[0].rating == 4.5
        if seam.calls < at:
            break
    else:
        pytest.fail("the end was not reached")
    assert failed > 10 / step


def _full(after: int) -> Callable[[int, Any], int]:
    """A disk that takes so many bytes of each file, and no more."""
    write, left = os.write, [after]

    def some(descriptor: int, data: Any) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(descriptor, data[: left[0]])
        left[0] -= written
        return written

    return some


def refusal(library: Library) -> StoreError | None:
    """What a full disk makes of a change."""
    try:
        rate(library, 2.0)
    except StoreError as error:
        assert "(ENOSPC)" in error.message  # noqa: PT017
        return error
    return None


@pytest.mark.parametrize("linked", [False, True])
def test_F04_a_full_disk_leaves_the_old_file(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    library = opened(OLD)
    rate(library, 1.0)
    before = library.file.read_bytes()
    copies = [backup.read() for backup in library.backups()]
    if linked:
        os.link(library.file, tmp_path / "second")
    refused = 0
    for room in range(0, 5000, 50):
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", _full(room))
            error = refusal(library)
        if error is None or isinstance(
            error, file_io.PartialWriteError
        ):  # there was no room for what was there, either
            assert again(library).list.shows[0].rating == 2.0
            break
        assert "free some space" in error.hint
        refused += 1
        assert library.file.read_bytes() == before
        assert not temporary(tmp_path)
    assert refused > 3
    assert [backup.read() for backup in library.backups()] == copies
    rate(library, 2.5)
    assert again(library).list.shows[0].rating == 2.5


ON_A_TINY_DISK = """
    import os, sys
    from pathlib import Path
    from watchlist.domain import edits
    from watchlist.errors import StoreError
    from watchlist.paths import Paths
    from watchlist.store.library import Library

    disk, state = Path(sys.argv[1]), Path(sys.argv[2])
    file = disk / "list.toml"
    file.write_text('[[shows]]\\nid = "a"\\ntitle = "A"\\nnotes = "' + "x" * 9000 + '"\\n')
    if sys.argv[3] == "linked":
        os.link(file, disk / "second")
    library = Library.open(file, Paths(state, file, state, state))
    with (disk / "rest").open("wb", buffering=0) as rest:
        try:
            while True:
                rest.write(b"x" * 4096)
        except OSError:
            pass
    before = file.read_bytes()
    try:
        library.apply(edits.update("a", {"notes": "y" * 30000}))
    except StoreError as error:
        assert "(ENOSPC)" in error.message, error.message
        assert file.read_bytes() == before
        print("refused")
    assert {path.name for path in disk.iterdir()} - {"second"} == {"list.toml", "rest"}
    (disk / "rest").unlink()
    library.apply(edits.update("a", {"notes": "y" * 30000}))
    assert Library.open(file, Paths(state, file, state, state)).list.shows[0].notes == "y" * 30000
    print("saved")
"""


def _in_a_namespace(folder: Path, options: str, code: str, *words: str) -> list[str] | None:
    """Run code where `folder` is a file system of its own; None where this machine allows none."""
    flags = "-m" if os.getuid() == 0 else "-Urm"
    inside = ["sh", "-c", f'mount -t tmpfs -o {options} none "$0" || exit 77; exec "$@"', str(folder)]
    program = [sys.executable, "-c", textwrap.dedent(code), str(folder), *words]
    try:
        ran = subprocess.run(
            ["unshare", flags, *inside, *program], capture_output=True, text=True, check=False, timeout=60
        )
    except FileNotFoundError:
        return None
    if ran.returncode == 77 or "unshare" in ran.stderr:
        return None
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


@pytest.mark.parametrize("kind", ["plain", "linked"])
def test_F04_a_tiny_disk_that_is_really_full(tmp_path: Path, kind: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    said = _in_a_namespace(disk, "size=64k", ON_A_TINY_DISK, str(tmp_path / "state"), kind)
    assert said in (None, ["refused", "saved"])


ON_A_DISK_THAT_CAN_ONLY_BE_READ = """
    import subprocess, sys
    from pathlib import Path
    from watchlist.domain import edits
    from watchlist.errors import StoreError
    from watchlist.paths import Paths
    from watchlist.store.library import Library

    disk, state = Path(sys.argv[1]), Path(sys.argv[2])
    file = disk / "list.toml"
    file.write_text('[[shows]]\\nid = "a"\\ntitle = "A"\\n')
    before = file.read_bytes()
    library = Library.open(file, Paths(state, file, state, state))
    assert not library.list_file.read_only_reason
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for library.list_file.force_readonly in (False, True):
        assert library.list_file.read_only_reason == "is on a file system that can only be read"
        try:
            library.apply(edits.rate(["a"], 3.0))
        except StoreError as error:
            assert error.exit_code == 3 and "(EROFS)" in error.message, error.message
            print("refused")
    assert file.read_bytes() == before
    assert not library.history()
"""


def test_F17_a_disk_that_can_really_only_be_read(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    said = _in_a_namespace(disk, "size=64k", ON_A_DISK_THAT_CAN_ONLY_BE_READ, str(tmp_path / "state"))
    assert said in (None, ["refused", "refused"])


def test_F07_a_chain_of_links_into_another_file_system(opened: Opened, tmp_path: Path) -> None:
    other = Path("/dev/shm")
    there = (other if other.is_dir() else tmp_path) / f"watchlist-{os.getpid()}-{time.monotonic_ns()}"
    there.mkdir()
    try:
        (there / "real.toml").write_text(OLD, "utf-8")
        (there / "one").symlink_to("real.toml")
        (tmp_path / "folder").symlink_to(there)
        (tmp_path / "two").symlink_to(Path("folder", "one"))
        (tmp_path / "list.toml").symlink_to("two")
        rate(opened(None))
        assert (there / "real.toml").read_text("utf-8") == NEW
        assert sorted(path.name for path in there.iterdir()) == ["one", "real.toml"]
        assert all(path.is_symlink() for path in (tmp_path / "list.toml", tmp_path / "two", there / "one"))
    finally:
        for path in there.iterdir():
            path.unlink()
        there.rmdir()


def test_F09_a_loop_of_links_is_said(cli: Cli, tmp_path: Path) -> None:
    loop = tmp_path / "loop.toml"
    loop.symlink_to(tmp_path / "back")
    (tmp_path / "back").symlink_to(loop)
    ran = cli("list", "--file", str(loop))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "ELOOP" in ran.stderr


def test_F10_a_folder_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "folder").symlink_to("real")
    file = tmp_path / "folder" / "list.toml"
    file.write_text(OLD, "utf-8")
    rate(Library.open(file, Paths(tmp_path, file, tmp_path / "state", tmp_path / "cache")))
    assert (tmp_path / "folder").is_symlink()
    assert (tmp_path / "real" / "list.toml").read_text("utf-8") == NEW
