"""Output of the user's is never written over the list, the config or what the program keeps for itself, by any name."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import SHOWS, Call

WRITERS = [("export", "-o", "{}", "-f", "csv", "--force"), ("stats", "-o", "{}", "--format", "html", "--force")]
writers = pytest.mark.parametrize("words", WRITERS, ids=lambda words: words[0])


pytestmark = pytest.mark.cold  # the index that each list makes is one of the files


@pytest.fixture
def kept(call: Call, file: Path, home: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """What the program keeps about a list that was changed, each kind by name."""
    monkeypatch.setenv("WATCHLIST_FILE", str(file))
    file.write_text(SHOWS + "# " + "x" * 20_000 + "\n", "utf-8")  # long enough for an index
    assert call("rate", "heat", "5").code == 0
    assert call("list").code == 0
    state, cache = (Path(home[f"XDG_{name}_HOME"]) / "watchlist" for name in ("STATE", "CACHE"))
    (state / "drafts").mkdir()
    (state / "drafts" / "some.json").write_text("[]")
    (state / "interface.json").write_text("{}")
    config = Path(home["XDG_CONFIG_HOME"]) / "watchlist" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("# mine\n")
    one = {name: next((state / name).rglob("*.*")) for name in ("journals", "backups", "locks", "drafts")}
    return {
        **one,
        "holder": next(state.rglob("*.lock")).with_suffix(".holder"),
        "memory": state / "interface.json",
        "index": next((cache / "index").iterdir()),
        "config": config,
        "list": file,
    }


def refused(call: Call, words: tuple[str, ...], path: Path, kept: Mapping[str, Path]) -> None:
    before = {name: one.read_bytes() for name, one in kept.items() if one.exists()}
    ran = call(*(word.format(path) for word in words))
    assert ran.code == 1
    assert f"{path} is " in ran.err
    assert "name another file" in ran.err
    assert {name: one.read_bytes() for name, one in kept.items() if one.exists()} == before


@writers
@pytest.mark.parametrize(
    "name", ["list", "config", "journals", "backups", "locks", "holder", "drafts", "memory", "index"]
)
@pytest.mark.parametrize("link", [None, os.link, lambda old, new: new.symlink_to(old)], ids=["name", "hard", "soft"])
def test_A2_no_file_of_the_program_is_written_over(
    call: Call,
    kept: dict[str, Path],
    tmp_path: Path,
    words: tuple[str, ...],
    name: str,
    link: Callable[[Path, Path], None] | None,
) -> None:
    path = kept[name]
    path.touch()
    if link is not None:
        link(path, path := tmp_path / "copy.csv")
    refused(call, words, path, kept)


@writers
def test_A2_nor_is_one_put_beside_them(
    call: Call, kept: dict[str, Path], tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "way").symlink_to(kept["journals"].parent)
    for new in (kept["journals"].parent / "new.csv", tmp_path / "way" / "new.csv", kept["index"].parent / "new"):
        refused(call, words, new, kept)
        assert not new.exists()


@writers
def test_A2_a_list_or_a_config_that_is_not_there_yet_is_no_place_either(
    call: Call, home: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.delenv("WATCHLIST_FILE", raising=False)
    for kind, name in (("DATA", "watchlist.toml"), ("CONFIG", "config.toml")):
        path = Path(home[f"XDG_{kind}_HOME"]) / "watchlist" / name
        path.parent.mkdir(parents=True)
        refused(call, words, path, {})
        assert not path.exists()


@writers
def test_A2_the_config_that_was_named_is_the_one(
    call: Call, file: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    config = tmp_path / "own.toml"
    config.write_text("# mine\n")
    os.link(config, tmp_path / "copy.csv")
    for path in (config, tmp_path / "copy.csv"):
        refused(call, ("--config", str(config), "--file", str(file), *words), path, {"config": config})


def test_A2_a_file_of_the_users_own_is_written_through_its_hard_link(call: Call, file: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("old")
    os.link(mine, tmp_path / "too.csv")
    assert call("--file", str(file), "export", "-o", str(mine), "--force").code == 0
    assert (tmp_path / "too.csv").read_text().startswith("title,")


MOUNT = """
set -e
mount --bind "$1" "$2"
shift 2
exec "$@"
"""


def mounting(home: Mapping[str, str], old: Path, new: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `watchlist` where `old` can also be reached as `new`. Skips where mounts can't be made."""
    new.mkdir() if old.is_dir() else new.touch()
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("mounts can't be made here")
    command = ["unshare", "-m", "sh", "-c", MOUNT, "sh", str(old), str(new), sys.executable, "-m", "watchlist", *words]
    return subprocess.run(command, env=dict(home), capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are those of Linux")
@pytest.mark.parametrize("name", ["list", "journals"])
@pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])
def test_A2_a_mount_leads_to_the_same_file(
    kept: dict[str, Path], home: Mapping[str, str], tmp_path: Path, name: str, folder: bool
) -> None:
    path, new = kept[name], tmp_path / "mounted"
    before = path.read_bytes()
    output = new / path.name if folder else new
    words = ("--file", str(kept["list"]), "export", "-f", "csv", "-o", str(output), "--force")
    ran = mounting(home, path.parent if folder else path, new, *words)
    assert ran.returncode == 1, ran
    assert path.read_bytes() == before
