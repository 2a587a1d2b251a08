"""Where things are, held against platformdirs, which is not asked where its rule is simple."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from watchlist.paths import APP, Paths

HOMES = ("/home/ada", "/home/ada/", "/", "/home/../ada", "home", "")
NAMED = (None, "", "/xdg", "/xdg/", "xdg", "~/xdg", " /xdg")


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("named", NAMED)
def test_every_folder_is_where_platformdirs_says(home: str, named: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", home)
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{kind}_HOME", raising=False)
        if named is not None:
            monkeypatch.setenv(f"XDG_{kind}_HOME", named if not named.endswith("xdg") else f"{named}-{kind}")
    assert {name: path for name, path in vars(Paths.of_user()).items() if isinstance(path, Path)} == {
        "config": platformdirs.user_config_path(APP) / "config.toml",
        "data": platformdirs.user_data_path(APP) / "watchlist.toml",
        "state": platformdirs.user_state_path(APP),
        "cache": platformdirs.user_cache_path(APP),
    }


def test_links_to_one_file_share_its_journal_lock_and_backups(tmp_path: Path) -> None:
    file, link = tmp_path / "list.toml", tmp_path / "link.toml"
    file.touch()
    link.symlink_to(file)
    paths = Paths(tmp_path, tmp_path, tmp_path / "state", tmp_path)
    for place in (paths.journal, paths.lock, paths.backups):
        assert place(file) == place(link) != place(tmp_path / "other.toml")
