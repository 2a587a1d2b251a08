"""A list that is known and is not there is a loss: nothing is shown in its place, nothing is created, nothing is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import SHOWS, Call, Cli
from watchlist.errors import StoreError

READING = [
    ("list",),
    ("list", "--json"),
    ("show", "heat"),
    ("stats",),
    ("pick",),
    ("views",),
    ("note", "heat"),
    ("export",),
    ("export", "-o", "out.csv"),
    ("stats", "-o", "out.html"),
    ("remove", "heat", "--dry-run"),
    ("import", "more.csv", "--dry-run"),
]
CHANGING = [
    (("add", "Dune"), "Dune"),
    (("rate", "heat", "3"), "rating = 3.0"),
    (("set", "--where", "title:any", "--yes", "language=Maori"), "Maori"),
    (("watch", "heat"), "viewings"),
    (("note", "heat", "Again!"), "Again!"),
    (("import", "more.csv"), "More"),
]


@pytest.fixture
def folder(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a list with a history was, in a folder of its own; there is a copy of it at `kept`."""
    monkeypatch.chdir(file.parent)
    Path("more.csv").write_text("title,year\nMore,2001\nHeat,1995\n")
    folder = Path("drive").absolute()
    folder.mkdir()
    file = file.rename(folder / "list.toml")
    monkeypatch.setenv("WATCHLIST_FILE", str(file))
    assert call("rate", "heat", "5").code == 0
    assert call("tag", "heat", "+again").code == 0
    return folder


def moved(folder: Path) -> None:
    (folder / "list.toml").rename("away.toml")


def unmounted(folder: Path) -> None:
    shutil.copy(folder / "list.toml", "away.toml")
    folder.rename("elsewhere")


def emptied_mount_point(folder: Path) -> None:
    unmounted(folder)
    folder.mkdir()


def dangling(folder: Path) -> None:
    """The file is there by a link now, and what that leads to is gone."""
    shutil.copy(folder / "list.toml", "away.toml")
    (folder / "list.toml").unlink()
    (folder / "list.toml").symlink_to(folder.parent / "nowhere" / "list.toml")


ways = pytest.mark.parametrize("lose", [moved, unmounted, emptied_mount_point, dangling])
Lose = Callable[[Path], None]


def tree(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if "state" not in path.parts and "cache" not in path.parts)


@ways
def test_A1_what_only_reads_ends_with_3_and_names_the_backup(call: Call, folder: Path, lose: Lose) -> None:
    lose(folder)
    there = tree(folder.parent)
    for words in READING:
        ran = call(*words)
        assert (ran.code, ran.out) == (3, ""), words
        assert f"{folder / 'list.toml'} is gone" in ran.err
        assert "`watchlist backups restore 2` restores the list as watchlist last knew it (4 shows)" in ran.err
        assert "Ballard" not in ran.err
    ran = call("doctor", "--json")
    assert ran.code == 3
    assert [finding["message"] for finding in json.loads(ran.out)["findings"]] == ["is gone"]
    assert tree(folder.parent) == there


@ways
@pytest.mark.parametrize(("words", "mark"), CHANGING, ids=lambda given: given[0] if isinstance(given, tuple) else "")
def test_A1_changes_are_held_and_made_when_it_is_back(
    call: Call, folder: Path, lose: Lose, words: tuple[str, ...], mark: str
) -> None:
    lose(folder)
    there = tree(folder.parent)
    ran = call(*words)
    assert (ran.code, ran.out) == (3, "")
    assert "`watchlist redo` then does this" in ran.err
    assert tree(folder.parent) == there
    assert "not made: waits for redo" in call("history").out.splitlines()[1]
    file = folder / "list.toml"
    folder.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    Path("away.toml").rename(file)
    assert call("redo").code == 0
    text = file.read_text("utf-8")
    assert mark in text
    assert "again" in text


@ways
def test_A1_backups_list_the_last_state_and_bring_it_back_where_there_is_a_folder(
    call: Call, folder: Path, lose: Lose
) -> None:
    lose(folder)
    file = folder / "list.toml"
    listed = call("backups", "--json")
    assert "is gone" in listed.err
    newest = json.loads(listed.out)[0]
    assert Path(newest["path"]).read_bytes() == Path("away.toml").read_bytes()
    ran = call("backups", "restore", str(newest["number"]))
    if lose in (unmounted, dangling):
        assert ran.code == 3
        assert "mount the drive it is on" in ran.err
        assert not (folder.parent / "nowhere").exists()
        assert lose is dangling or not folder.exists()
        return
    assert ran.code == 0
    assert file.read_bytes() == Path("away.toml").read_bytes()
    assert call("list").code == 0
    assert "undo: watchlist undo" not in ran.err  # it can't be missing again
    assert "`watchlist undo` undoes the last change before the loss" in ran.err
    undone = call("undo")
    assert (undone.code, undone.err.startswith("Undone")) == (0, True)


@ways
@pytest.mark.parametrize("way", [("init",), ("backups", "accept")], ids=lambda words: words[0])
def test_A1_init_and_accept_start_over_and_keep_what_was(
    call: Call, folder: Path, lose: Lose, way: tuple[str, ...]
) -> None:
    lose(folder)
    file, there = folder / "list.toml", tree(folder.parent)
    ran = call(*way)
    if way == ("init",) and lose in (unmounted, dangling):
        assert ran.code == 3
        assert "mount the drive it is on" in ran.err
        assert tree(folder.parent) == there
        return
    assert ran.code == 0, ran.err
    assert file.exists() is (way == ("init",))
    ran = call("list")
    assert (ran.code, "Ballard" in ran.out) == (0, True)
    assert call("doctor").code == 0
    kept = [Path(row["path"]).read_bytes() for row in json.loads(call("backups", "--json").out)]
    assert Path("away.toml").read_bytes() in kept
    if lose in (unmounted, dangling):
        assert call("add", "Dune").code == 3  # there is still no folder
        return
    assert call("add", "Dune").code == 0
    file.unlink()
    assert call("list").code == 3  # it is known again


@pytest.mark.parametrize("make", [("init",), ("add", "Dune")], ids=lambda words: words[0])
def test_A1_a_list_that_was_only_just_created_is_known(call: Call, tmp_path: Path, make: tuple[str, ...]) -> None:
    file = tmp_path / "new.toml"
    assert call("--file", str(file), "list").code == 0
    assert call("--file", str(file), *make).code == 0
    file.unlink()
    assert call("--file", str(file), "list").code == 3
    ran = call("--file", str(file), "rate", "ballard", "5")
    assert (ran.code, "`watchlist redo` then does this" in ran.err) == (3, True)


def test_A1_a_list_that_was_never_changed_here_is_known_by_its_index(
    call: Call, tmp_path: Path, home: Mapping[str, str]
) -> None:
    file = tmp_path / "long.toml"
    file.write_text(SHOWS + "# " + "x" * 20_000 + "\n", "utf-8")
    assert call("--file", str(file), "list").code == 0
    file.unlink()
    ran = call("--file", str(file), "list")
    assert (ran.code, "`watchlist init` starts a new list" in ran.err) == (3, True)
    assert call("--file", str(file), "backups", "accept").code == 0
    assert call("--file", str(file), "list").code == 0


@pytest.mark.parametrize("left", ["journals", "backups", "names"])
def test_A1_each_thing_that_is_known_is_enough(call: Call, folder: Path, home: Mapping[str, str], left: str) -> None:
    state = Path(home["XDG_STATE_HOME"]) / "watchlist"
    for path in state.iterdir():
        if path.name != left:
            path.unlink() if path.is_file() else shutil.rmtree(path)
    moved(folder)
    assert call("list").code == 3
    assert call("add", "Dune").code == 3
    assert not (folder / "list.toml").exists()


@pytest.mark.cold  # an index is a sign that the list was there
def test_A1_F01_a_first_change_that_was_killed_before_the_file_was_written_is_no_loss(
    call: Call, tmp_path: Path, home: Mapping[str, str]
) -> None:
    file = tmp_path / "new.toml"
    assert call("--file", str(file), "add", "Dune").code == 0
    file.unlink()
    (Path(home["XDG_STATE_HOME"]) / "watchlist" / "names").unlink()  # it has what was written
    ran = call("--file", str(file), "list")
    assert (ran.code, "Ballard" in ran.out) == (0, True)
    assert call("--file", str(file), "add", "Heat").code == 0


def test_A1_nothing_known_is_a_first_run(call: Call, folder: Path, tmp_path: Path) -> None:
    ran = call("--file", str(folder / "another.toml"), "list")
    assert (ran.code, "Ballard" in ran.out) == (0, True)
    assert call("list").code == 0


@pytest.mark.parametrize("by", ["flag", "variable", "config"])
@pytest.mark.parametrize("place", ["new.toml", "absent/new.toml"])
def test_A1_a_named_list_that_does_not_exist_is_said_not_to_be_there_yet(
    call: Call, tmp_path: Path, config: Path, by: str, place: str
) -> None:
    file = tmp_path / place
    config.write_text(f'file = "{file}"\n' if by == "config" else "", "utf-8")
    flags = ("--file", str(file)) if by == "flag" else ()
    variables = {"WATCHLIST_FILE": str(file)} if by == "variable" else {}
    for words in (("list",), ("show", "ballard"), ("stats", "--json"), ("pick",), ("views",), ("export",)):
        ran = call(*flags, *words, env=variables)
        assert (ran.code, bool(ran.out)) == (0, True)
        assert ran.err.count(f"{file} does not exist yet") == 1, words
        assert (f"nor does its folder {file.parent}" in ran.err) is (place != "new.toml")
        assert "does not exist" not in call(*flags, *words, "--quiet", env=variables).err
    assert not file.exists()


def test_A1_of_the_default_list_nothing_is_said_before_it_is_there(call: Call) -> None:
    ran = call("list")
    assert (ran.code, "Ballard" in ran.out, ran.err) == (0, True, "")


def test_A1_completion_is_silent(cli: Cli, folder: Path) -> None:
    moved(folder)
    line = "watchlist show he"
    ran = cli(
        env={
            "_ARGCOMPLETE": "1",
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "WATCHLIST_FILE": str(folder / "list.toml"),
        }
    )
    assert ran.stderr == ""


def test_A1_a_name_that_is_found_in_neither_is_no_reason_to_say_that_there_is_none(call: Call, folder: Path) -> None:
    moved(folder)
    ran = call("rate", "nobody", "3")
    assert (ran.code, "is gone" in ran.err) == (3, True)


def test_A1_a_list_behind_a_link_on_the_drive_itself_is_known_when_the_drive_is_gone(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "real").mkdir()
    (folder / "list.toml").rename(folder / "real" / "list.toml")
    (folder / "list.toml").symlink_to("real/list.toml")
    assert call("backups", "accept").code == 0
    assert call("rate", "heat", "2").code == 0
    unmounted(folder)
    assert call("list").code == 3
    assert "`watchlist redo` then does this" in call("rate", "heat", "1").err
    Path("elsewhere").rename(folder)
    assert call("redo").code == 0
    assert "rating = 1.0" in (folder / "real" / "list.toml").read_text("utf-8")


@pytest.mark.parametrize("words", [("add", "Dune"), ("init",)], ids=lambda words: words[0])
def test_A1_the_folder_of_a_new_list_is_created_for_the_default_one_or_by_init(
    call: Call, tmp_path: Path, home: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.delenv("WATCHLIST_FILE", raising=False)
    assert call(*words).code == 0
    assert (Path(home["XDG_DATA_HOME"]) / "watchlist" / "watchlist.toml").exists()
    new = tmp_path / "new" / "list.toml"
    ran = call("--file", str(new), *words)
    assert (ran.code, new.exists()) == ((0, True) if words == ("init",) else (3, False))
    if ran.code:
        assert "mount the drive it is on, or create it" in ran.err
    (tmp_path / "link").symlink_to(tmp_path / "absent")
    ran = call("--file", str(tmp_path / "link" / "list.toml"), *words)
    assert ran.code == 3
    assert not (tmp_path / "absent").exists()


def test_A1_the_default_folder_behind_a_link_to_nothing_is_not_created(
    call: Call, tmp_path: Path, home: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WATCHLIST_FILE", raising=False)
    Path(home["XDG_DATA_HOME"]).mkdir()
    (Path(home["XDG_DATA_HOME"]) / "watchlist").symlink_to(tmp_path / "absent")
    for words in (("add", "Dune"), ("init",)):
        ran = call(*words)
        assert ran.code == 3
        assert "mount the drive it is on" in ran.err
    assert not (tmp_path / "absent").exists()


def test_A1_an_emptied_list_is_not_exported_over_a_file(call: Call, folder: Path) -> None:
    (folder / "list.toml").write_bytes(b"")
    Path("out.csv").write_text("precious")
    for words in (("export", "-o", "out.csv", "--force"), ("stats", "-o", "out.csv", "--format", "html", "--force")):
        assert call(*words).code == 3
    assert call("export").out == ""
    assert Path("out.csv").read_text() == "precious"


# Which backup is named, and that it is the same everywhere


def filled(call: Call, *titles: str) -> Path:
    """The list that WATCHLIST_FILE names, begun empty and with these films added one by one."""
    file = Path(os.environ["WATCHLIST_FILE"])
    file.unlink()
    assert call("backups", "accept").code == 0
    assert call("init", "--empty").code == 0
    for title in titles:
        assert call("add", title).code == 0
    return file


def named(text: str) -> tuple[str, str]:
    """The number of the backup that a message says to restore, and the words about it."""
    found = re.search(r"`watchlist backups restore (\d+)` restores (.*?\))", text)
    assert found is not None, text
    return found[1], found[2]


def gone(file: Path) -> None:
    file.unlink()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def cut_in_a_show(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-25])


def damaged(file: Path) -> None:
    file.write_bytes(b"x = = 3\n")


losses = pytest.mark.parametrize("lost", [gone, emptied, cut_in_a_show, damaged])
STEPS = {
    "only added since": (),
    "removed and undone": (("remove", "f1", "f2", "f3"), ("undo",)),
    "removed and added since": (("remove", "f1", "f2"), ("add", "New")),
    "restored since": (("remove", "f1", "f2"), ("backups", "restore", "1"), ("undo",)),
    "nothing but the last change is a backup": (("remove", "f1", "f2"), ("rate", "f3", "2")),
}


@losses
@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_A1_A7_every_place_names_the_last_state_and_restoring_it_gives_that(
    call: Call, folder: Path, lost: Callable[[Path], None], steps: tuple[tuple[str, ...], ...]
) -> None:
    file = filled(call, *(f"F{number}" for number in range(1, 9)))
    for words in steps:
        assert call(*words).code == 0
    good, shows = file.read_bytes(), file.read_bytes().count(b"[[shows]]")
    lost(file)
    first = named(call("list").err)
    assert first[1] == f"the list as watchlist last knew it ({shows} shows)"
    for words in (("backups",), ("rate", "f8", "1"), ("show", "f1"), ("doctor",), ("undo",), ("list",)):
        ran = call(*words)
        assert named(ran.out + ran.err) == first, words
    kept = json.loads(call("backups", "--json").out)
    assert [row["shows"] for row in kept if str(row["number"]) == first[0]] == [shows]
    ran = call("backups", "restore", first[0])
    assert (ran.code, file.read_bytes()) == (0, good)
    assert call("list").code == 0


def test_A1_the_first_change_of_all_is_restored_too(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    assert call("--file", str(file), "add", "Dune").code == 0
    good = file.read_bytes()
    file.unlink()
    assert named(call("--file", str(file), "list").err) == ("1", "the list as watchlist last knew it (2 shows)")
    assert call("--file", str(file), "backups", "restore", "1").code == 0
    assert file.read_bytes() == good


def test_A1_where_the_journal_is_lost_too_a_backup_with_shows_goes_before_an_empty_one(
    call: Call, folder: Path, home: Mapping[str, str]
) -> None:
    file = filled(call, "A", "B")
    call("remove", "a", "b")
    shutil.rmtree(Path(home["XDG_STATE_HOME"]) / "watchlist" / "journals")
    call("add", "C")
    shutil.rmtree(Path(home["XDG_STATE_HOME"]) / "watchlist" / "journals")
    file.unlink()
    number, about = named(call("list").err)
    assert about.startswith("the newest good backup (2 shows, ")
    assert number in [row.split()[0] for row in call("backups").out.splitlines()[1:] if row.split()[3] == "2"]


def test_A1_a_state_folder_that_can_not_be_written_is_no_reason_to_say_nothing(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("no space left")

    file = filled(call, "A", "B")
    call("remove", "a", "b")
    call("add", "C")
    file.unlink()
    monkeypatch.setattr("watchlist.store.disk.file_io.replace_own", full)
    ran = call("list")
    assert ran.code == 3
    assert named(ran.err)[1].startswith("the newest good backup (2 shows, ")


def test_A1_a_wrong_backup_that_was_restored_is_undone_to_the_last_state(call: Call, folder: Path) -> None:
    file = filled(call, "A", "B", "C")
    good = file.read_bytes()
    file.unlink()
    ran = call("backups", "restore", "1")
    assert (ran.code, "undo: watchlist undo" in ran.err) == (0, True)
    assert call("undo").code == 0
    assert file.read_bytes() == good
    assert call("redo").code == 0
    assert call("undo", "2").code == 0
    assert file.read_bytes().count(b"[[shows]]") == 2
