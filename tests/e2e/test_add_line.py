"""Three letters, offline: from a cold start, six keys add a series with its seasons and the titles of its episodes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.e2e.terminal import LIST, Terminal, environment
from tests.sources.catalogue import datasets

THREE = "Failure's Contagious"


@pytest.mark.parametrize("at_once", [True, False], ids=["typed ahead", "one by one"])
def test_five_keys_add_slow_horses_with_all_its_episodes(tmp_path: Path, at_once: bool) -> None:
    file, cache = tmp_path / "list.toml", tmp_path / "cache" / "watchlist"
    file.write_text(LIST.replace("Slow Horses", "Columbo"), "utf-8")
    cache.mkdir(parents=True)
    datasets.make(tmp_path, datasets.COLUMNS).rename(cache / "catalogue.sqlite")
    with Terminal(env=environment(tmp_path, WATCHLIST_FILE=str(file))) as terminal:
        terminal.wait("Zodiac")
        if at_once:
            terminal.process.send("aslo\r")
        else:
            terminal.press("a", "slo")
            terminal.wait("Slow Horses")
            terminal.press("enter")
        terminal.wait("Added Slow Horses")
        assert terminal.quit() == 0
    (show,) = [show for show in tomllib.loads(file.read_text("utf-8"))["shows"] if show["title"] == "Slow Horses"]
    assert (show["kind"], show["year"], show["runtime"]) == ("series", 2022, 50)
    assert show["genres"] == ["Crime", "Drama", "Thriller"]
    seasons = {season["number"]: season for season in show["seasons"]}
    assert [seasons[number]["episodes"] for number in (1, 2)] == [3, 3]
    assert seasons[1]["titles"][:2] == [THREE, "Work Drinks"]
    assert "rating" not in show  # IMDb's is only shown
