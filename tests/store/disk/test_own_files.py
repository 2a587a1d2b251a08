"""What is in place of the program's own files: pipes, folders, devices and links to other people's files."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SHOWS, Call, Cli, Ran
from tests.store.conftest import Opened
from watchlist.checked_open import NotAFile, open_file, read_file
from watchlist.domain import edits
from watchlist.errors import StoreError
from watchlist.paths import Paths
from watchlist.store.disk import file_io
from watchlist.tui.state.form_drafts import Drafts
from watchlist.tui.state.preferences import Preferences

VICTIM = b"nobody may write here\n"


def _pipe(place: Path, victim: Path) -> None:
    os.mkfifo(place)


def _folder(place: Path, victim: Path) -> None:
    place.mkdir()


def _socket(place: Path, victim: Path) -> None:
    short = place.parents[-3] / f"{os.getpid()}.{os.urandom(4).hex()}"  # the path of a socket has at most 107 bytes
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(short))
        short.replace(place)


def _link(place: Path, victim: Path) -> None:
    place.symlink_to(victim)


def _dangling(place: Path, victim: Path) -> None:
    place.symlink_to(victim.with_name("made"))


def _device(place: Path, victim: Path) -> None:
    place.symlink_to("/dev/zero")


def _hard_link(place: Path, victim: Path) -> None:
    os.link(victim, place)


ODD = [_pipe, _folder, _socket, _link, _dangling, _device, _hard_link]
OWN = ["journal", "lock", "holder", "image", "backups", "drafts", "index", "interface"]


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim"
    path.write_bytes(VICTIM)
    return path


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(*(tmp_path / name / "watchlist" for name in ("config", "data", "state", "cache")))


def own_file(name: str, paths: Paths, file: Path) -> Path:
    """Return where the program keeps one of its files about the list."""
    if name == "holder":
        return paths.lock(file).with_suffix(".holder")
    if name == "interface":
        return paths.state / "interface.json"
    place: Path = getattr(paths, name)(file)
    return place


@pytest.mark.parametrize("put", ODD)
@pytest.mark.parametrize("name", OWN)
def test_B17_D3_nothing_in_place_of_an_own_file_hangs_or_is_written_through(
    cli: Cli, call: Call, file: Path, paths: Paths, victim: Path, name: str, put: Callable[[Path, Path], None]
) -> None:
    """What reads and writes is run as a program, which a pipe could hang; the rest in this process, which is faster."""
    file.write_text(
        SHOWS + "".join(f'\n[[shows]]\ntitle = "T{n}"\nnotes = "{"n" * 99}"\n' for n in range(200)), "utf-8"
    )
    call("--file", str(file), "rate", "heat", "3")
    place = own_file(name, paths, file)
    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    put(place, victim)
    listed = cli("--file", str(file), "list", "--limit", "3")
    assert (listed.returncode, listed.stderr) == (0, "")
    changed = cli("--file", str(file), "rate", "heat", "2")
    ran = [Ran(changed.returncode, changed.stdout, changed.stderr)]
    for words in (["undo"], ["history"], ["backups"], ["doctor"], ["show", "heat"]):
        ran.append(call("--file", str(file), *words))
    for code, err in ((one.code, one.err) for one in ran):
        assert "Traceback" not in err
        assert "a fault in" not in err
        assert "name the list's file" not in err  # the list is not what is wrong
        if "not a regular file" in err:
            assert code in (1, 3)
            assert place.name in err or place.parent.name in err
            assert f"{file} " not in err
    assert victim.read_bytes() == VICTIM
    assert not victim.with_name("made").exists()


@pytest.mark.parametrize("put", [_pipe, _folder, _link, _device])
def test_D3_a_journal_that_is_no_file_is_renamed_and_named(
    cli: Cli, file: Path, paths: Paths, victim: Path, put: Callable[[Path, Path], None]
) -> None:
    journal = paths.journal(file)
    journal.parent.mkdir(parents=True)
    put(journal, victim)
    changed = cli("--file", str(file), "rate", "heat", "3")
    assert changed.returncode == 0
    assert f"renamed to {journal}.unusable-1" in changed.stderr
    assert "--file names" not in changed.stderr  # the list is not what is wrong
    assert "name the list's file" not in changed.stderr
    assert victim.read_bytes() == VICTIM
    assert cli("--file", str(file), "undo").returncode == 0
    assert file.read_text("utf-8") == SHOWS


@pytest.mark.parametrize("put", [_pipe, _socket, _link, _dangling, _device, _hard_link])
def test_B17_a_file_of_the_program_replaces_what_is_in_its_place(
    tmp_path: Path, victim: Path, put: Callable[[Path, Path], None]
) -> None:
    place = tmp_path / "own"
    put(place, victim)
    file_io.replace_own(place, b"new")
    assert stat.S_ISREG(place.lstat().st_mode)
    assert place.read_bytes() == b"new"
    assert place.stat().st_mode & 0o777 == 0o600
    assert victim.read_bytes() == VICTIM
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "victim"]


def test_B17_a_folder_in_place_of_a_file_of_the_program_is_named(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    with pytest.raises(NotAFile, match="own is not a regular file but a folder") as raised:
        file_io.replace_own(tmp_path / "own", b"new")
    assert "move it away" in raised.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["own"]
    with pytest.raises(StoreError, match="can't"):
        file_io.replace_own(Path("/proc/none/x"), b"new")


@pytest.mark.parametrize("put", [_pipe, _folder, _socket, _link, _dangling, _device])
@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_WRONLY | os.O_APPEND, os.O_WRONLY | os.O_CREAT])
def test_B17_only_a_regular_file_is_opened(
    tmp_path: Path, victim: Path, put: Callable[[Path, Path], None], flags: int
) -> None:
    place = tmp_path / "own"
    put(place, victim)
    with pytest.raises(NotAFile):
        open_file(place, flags, own=True)
    if put is _link:
        os.close(open_file(place, os.O_RDONLY))
    elif put is _dangling:
        with pytest.raises(FileNotFoundError):
            open_file(place, os.O_RDONLY)
    else:
        with pytest.raises(NotAFile):
            open_file(place, flags)
    assert victim.read_bytes() == VICTIM
    assert not victim.with_name("made").exists()


@pytest.mark.parametrize("put", [_pipe, _link])
def test_B17_what_takes_the_place_of_a_file_while_it_is_opened_is_seen(
    tmp_path: Path, victim: Path, monkeypatch: pytest.MonkeyPatch, put: Callable[[Path, Path], None]
) -> None:
    place, call = tmp_path / "own", os.lstat
    place.touch()

    def looked(path: Path) -> os.stat_result:
        status = call(path)
        place.unlink()
        put(place, victim)
        return status

    with monkeypatch.context() as patch:
        patch.setattr(os, "lstat", looked)
        with pytest.raises(NotAFile):
            open_file(place, own=True)


def test_B17_no_more_is_read_than_a_limit(tmp_path: Path, victim: Path) -> None:
    assert read_file(victim, len(VICTIM)) == VICTIM
    with pytest.raises(StoreError, match="larger than"):
        read_file(victim, len(VICTIM) - 1)
    for endless in ("/proc/self/pagemap", "/proc/kmsg"):
        if Path(endless).exists():
            with pytest.raises(StoreError):
                file_io.read(Path(endless))


@pytest.mark.parametrize("put", ODD)
def test_B17_the_interface_starts_whatever_is_in_place_of_its_choices_and_drafts(
    paths: Paths, file: Path, victim: Path, put: Callable[[Path, Path], None]
) -> None:
    paths.state.mkdir(parents=True)
    put(paths.state / "interface.json", victim)
    assert Preferences.open(paths).with_choice("theme", "nord").get("theme") == "nord"
    place = paths.drafts(file)
    place.parent.mkdir()
    put(place, victim)
    assert Drafts(place).of("edit:heat") is None
    assert victim.read_bytes() == VICTIM


@pytest.mark.parametrize("put", ODD)
@pytest.mark.parametrize(
    "words", [["list"], ["rate", "heat", "3"], ["config"], ["config", "check"], ["config", "edit"]]
)
def test_B17_a_config_that_is_no_file_is_one_error(
    cli: Cli, file: Path, config: Path, victim: Path, put: Callable[[Path, Path], None], words: list[str]
) -> None:
    put(config, victim)
    ran = cli(*words, env={"WATCHLIST_FILE": str(file), "EDITOR": "touch"})
    assert "Traceback" not in ran.stderr
    assert victim.read_bytes() == VICTIM
    if put in (_pipe, _folder, _socket, _device):
        assert ran.returncode == 2
        assert "config.toml is not a regular file but a" in ran.stderr + ran.stdout
        assert "--config" in ran.stderr + ran.stdout
        assert "--file" not in ran.stderr
    elif put in (_link, _hard_link):  # a config may be a link, as in a folder of dotfiles; this one is no TOML
        assert ran.returncode == 2


def test_B17_a_fifo_in_place_of_the_list_after_it_was_opened_is_refused(opened: Opened) -> None:
    library = opened(SHOWS)
    library.file.unlink()
    os.mkfifo(library.file)
    with pytest.raises(StoreError, match="not a regular file but a pipe"):
        library.apply(edits.rate(["heat"], 3.0))
    with pytest.raises(StoreError, match="not a regular file but a pipe"):
        library.reload()
