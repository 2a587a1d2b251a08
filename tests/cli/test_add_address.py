"""`add` with an id or an address: looked up in the offline catalogue, otherwise kept; titles are taken as they are."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terminal import PROGRAM, environment
from tests.sources.catalogue import datasets

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return datasets.make(tmp_path_factory.mktemp("catalogue")).read_bytes()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Adds a show to an empty list, and returns it and what was said on stderr."""
    file = tmp_path / "list.toml"
    file.write_text("version = 1\n", "utf-8")

    def run(title: str, *words: str) -> dict[str, Any]:
        env = environment(tmp_path)
        done = subprocess.run(
            [PROGRAM, "--file", str(file), "add", title, *words], env=env, capture_output=True, text=True, check=True
        )
        show = subprocess.run(
            [PROGRAM, "--file", str(file), "show", done.stdout.strip(), "--json"],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        return {**json.loads(show.stdout), "said": done.stderr}

    return run


def put(folder: Path, data: bytes) -> None:
    cache = folder / "cache" / "watchlist"
    cache.mkdir(parents=True)
    (cache / "catalogue.sqlite").write_bytes(data)


@pytest.mark.skipif(sys.platform == "win32", reason="paths of XDG")
class TestWithACatalogue:
    @pytest.mark.parametrize("title", ["tt9000004", "https://m.imdb.com/title/tt9000004/?ref_=x"])
    def test_an_id_gets_everything_that_is_known(self, run: Run, made: bytes, tmp_path: Path, title: str) -> None:
        put(tmp_path, made)
        show = run(title, "--status", "watching")
        assert (show["title"], show["year"], show["status"]) == ("Slow Horses", 2022, "watching")
        assert show["seasons"][1]["titles"][0] == "Failure's Contagious"

    def test_an_address_of_another_service_keeps_its_id_too(self, run: Run, made: bytes, tmp_path: Path) -> None:
        put(tmp_path, made)
        show = run("https://letterboxd.com/film/heat-1995/")
        assert (show["title"], show["ids"]) == ("Heat", {"letterboxd": "heat-1995", "imdb": "tt9000001"})

    def test_a_title_is_the_same_with_and_without_a_catalogue(self, run: Run, made: bytes, tmp_path: Path) -> None:
        put(tmp_path, made)
        show = run("slow horses")
        assert show["title"] == "slow horses"
        assert not {"year", "kind", "ids"} & set(show)

    def test_a_damaged_one_is_told_and_the_id_is_kept(self, run: Run, made: bytes, tmp_path: Path) -> None:
        put(tmp_path, made[:3000])
        show = run("tt9000004")
        assert (show["title"], show["ids"]) == ("tt9000004", {"imdb": "tt9000004"})
        assert "catalogue" in show["said"]
        assert "Traceback" not in show["said"]


def test_without_one_the_id_and_the_title_of_an_address_are_kept(run: Run) -> None:
    show = run("https://www.tvmaze.com/shows/66/the-big-bang-theory")
    assert (show["title"], show["kind"], show["ids"]) == ("The Big Bang Theory", "series", {"tvmaze": 66})
    assert run("tmdb=949")["title"] == "tmdb 949"
