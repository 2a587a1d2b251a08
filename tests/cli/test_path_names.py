"""Names of files that lead nowhere, or to the program's own files: every place where a user can name one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.conftest import Call, Cli
from watchlist.checked_open import path_of
from watchlist.errors import UsageError
from watchlist.paths import Paths

NOWHERE = {
    "~nouser-at-all/x.toml": "there is no user",
    "~nouser-at-all": "there is no user",
    "": "is empty",
    "new/": "names a folder",
    "new/.": "names a folder",
}
UNSET = {"$NOPE/x.toml": "NOPE is not set", "${NOPE}/x.toml": "NOPE is not set", "a/$NOPE.toml": "NOPE is not set"}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NOPE", raising=False)


def nothing_was_made(tmp_path: Path) -> bool:
    """Return whether there is no new list, export or folder."""
    return not any((tmp_path / "here").iterdir()) and not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", NOWHERE | UNSET)
@pytest.mark.parametrize("words", [["add", "New"], ["list"], ["init"]], ids=" ".join)
def test_B16_a_list_whose_path_leads_nowhere_is_a_clear_error(
    call: Call, config: Path, tmp_path: Path, name: str, words: list[str]
) -> None:
    said = (NOWHERE | UNSET)[name]
    config.write_text(f'file = "{name}"\n')
    runs = [call(*words)]
    config.unlink()
    runs += [call("--file", name, *words)]
    runs += [call(*words, env={"WATCHLIST_FILE": name})] if name else []
    for ran in runs:
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
        assert "Traceback" not in ran.err
    assert nothing_was_made(tmp_path)


@pytest.mark.parametrize("name", NOWHERE | UNSET)
def test_B16_a_config_whose_path_leads_nowhere_is_a_clear_error(call: Call, tmp_path: Path, name: str) -> None:
    for words in (["list"], ["config", "edit"], ["config", "check"]):
        ran = call("--config", name, *words, env={"EDITOR": "touch"})
        assert (ran.code, ran.out) == (2, "")
        assert (NOWHERE | UNSET)[name] in ran.err
    if name:
        assert (NOWHERE | UNSET)[name] in call("list", env={"WATCHLIST_CONFIG": name}).err
    assert nothing_was_made(tmp_path)
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize("name", NOWHERE)
def test_B16_an_import_or_export_whose_path_leads_nowhere_is_a_clear_error(
    call: Call, file: Path, tmp_path: Path, name: str
) -> None:
    text = file.read_text("utf-8")
    for words in (["import", name], ["export", "--output", name], ["stats", "--output", name, "--format", "html"]):
        ran = call("--file", str(file), *words)
        assert (ran.code, ran.out) == (2, "")
        assert NOWHERE[name] in ran.err
    assert file.read_text("utf-8") == text
    assert nothing_was_made(tmp_path)


def test_B16_what_is_there_by_an_odd_name_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("YES", "yes")
    assert path_of("~/x") == tmp_path / "x"
    assert path_of("~/$YES") == tmp_path / "$YES"
    assert path_of("$YES/${YES}.toml", variables=True) == Path("yes/yes.toml")
    assert path_of("Ke$$ha$$", variables=True) == Path("Ke$ha$")
    for name in ("%YES%", "a$", "a$/b", "${YES", "${}", "a b", "#x", "-x", "a~b"):
        assert path_of(name, variables=True) == Path(name)
    Path("~nouser-at-all.csv").touch()
    assert path_of("~nouser-at-all.csv") == Path("~nouser-at-all.csv")
    with pytest.raises(UsageError, match="NUL"):
        path_of("a\0b")


def test_B16_without_a_home_folder_it_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home(self: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", no_home)
    with pytest.raises(UsageError, match="home folder is not known"):
        path_of("~/x", variables=True)


def test_B16_the_list_is_never_the_config(call: Call, config: Path, tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(config)
    for name in ("config.toml", "./config.toml", str(config), "../watchlist/config.toml", str(tmp_path / "link.toml")):
        text = f'theme = "nord"\nfile = "{name}"\n'
        config.write_text(text)
        for words in (["list"], ["add", "New"], ["init"], ["doctor", "--fix"], ["config", "show"]):
            ran = call(*words)
            assert (ran.code, ran.out) == (2, "")
            assert "the config of watchlist" in ran.err
        assert "the config of watchlist" in call("config", "check").out
        assert config.read_text() == text
    config.write_text('theme = "nord"\n')
    os.link(config, tmp_path / "hard.toml")
    assert "the config of watchlist" in call("--file", str(tmp_path / "hard.toml"), "add", "New").err
    assert "the config of watchlist" in call("add", "New", env={"WATCHLIST_FILE": str(config)}).err
    other = tmp_path / "other.toml"
    other.write_text('file = "other.toml"\n')
    assert "the config of watchlist" in call("--config", str(other), "add", "New").err
    assert config.read_text() == 'theme = "nord"\n'


@pytest.mark.parametrize("folder", ["state", "cache"])
def test_B16_the_list_is_never_one_of_the_programs_own_files(
    call: Call, file: Path, tmp_path: Path, folder: str
) -> None:
    call("--file", str(file), "rate", "heat", "3")
    own = tmp_path / folder / "watchlist"
    own.mkdir(parents=True, exist_ok=True)
    (tmp_path / "link").symlink_to(own)
    before = sorted(own.rglob("*"))
    for name in (
        own / "interface.json",
        own / "journals" / "x.jsonl",
        own / "new.toml",
        tmp_path / "link" / "new.toml",
        own,
    ):
        for words in (["list"], ["add", "New"], ["init"]):
            ran = call("--file", str(name), *words)
            assert (ran.code, ran.out) == (2, ""), name
            assert "keeps for itself" in ran.err
    assert sorted(own.rglob("*")) == before


def test_B16_the_default_list_may_be_in_the_state_folder(tmp_path: Path) -> None:
    """As on macOS and Windows, where there is one folder for all."""
    one = tmp_path / "one"
    one.mkdir()
    paths = Paths(one / "config.toml", one / "watchlist.toml", one, tmp_path / "cache")
    assert paths.owner_of(paths.data) == ""
    assert paths.owner_of(one / "more" / "films.toml") == ""
    for name in ("journals/x", "locks/x", "backups/a/b", "interface.json", "drafts/x", "images/x", "faults/x", "names"):
        assert paths.owner_of(one / name), name
    assert paths.owner_of(one / "config.toml") == "the config of watchlist"


def test_B16_the_config_may_be_in_the_state_folder_and_have_the_list_beside_it(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "watchlist"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('file = "shows.toml"\n')
    ran = cli("--config", str(folder / "config.toml"), "add", "New")
    assert ran.returncode == 0, ran.stderr
    assert (folder / "shows.toml").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="other file names there")
@pytest.mark.parametrize("name", ["x" * 300, "a/" * 3000 + "b", "none/such/list.toml"])
def test_B16_a_path_that_the_system_refuses_is_no_traceback(call: Call, file: Path, name: str) -> None:
    for words in (
        ["--file", name, "list"],
        ["--config", name, "list"],
        ["import", name],
        ["export", "--format", "csv", "-o", name],
    ):
        ran = call(*words)
        assert (ran.code, "File name too long" in ran.err) == (3, True) or name == "none/such/list.toml"
        assert "Traceback" not in ran.err
        assert "a fault in watchlist" not in ran.err
