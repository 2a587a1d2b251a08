"""A list of two series and a film that the server knows, and a config that leads to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.sources.answers import SERVICES
from tests.sources.replay import Replay, replaying

SHOWS = """\
version = 1

# by the sea
[[shows]]
id = "harbour-lights"
title = "Harbour Lights"   # twice at TVmaze
kind = "series"
year = 2021
status = "watching"
rating = 4.5
runtime = 45
mood = "blue"

[[shows.seasons]]
number = 1
episodes = 3
watched = "1-2"
ratings = { 1 = 4.0 }

[[shows]]
id = "cold-harbour"
title = "Cold Harbour"
kind = "film"
year = 1995
notes = "mine"

[[shows]]
id = "lights"
title = "Harbour Lights"
kind = "series"
year = 1999
ids = { imdb = "tt7000001" }
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    """The server, which no proxy of the machine hides."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with replaying() as replay:
        yield replay


@pytest.fixture
def shows(file: Path, config: Path, server: Replay) -> Path:
    """The list; the config leads to the server."""
    file.write_text(SHOWS, "utf-8")
    config.write_text(settings_of(server), "utf-8")
    return file


def settings_of(server: Replay) -> str:
    """The config with the addresses of the server."""
    return "[lookup]\n" + "".join(f'{name} = "{server.address}/{name}"\n' for name in SERVICES)


@pytest.fixture
def forget(home: Mapping[str, str]) -> Callable[[], None]:
    """Deletes the answers that are kept, so that the server is asked again."""
    return lambda: shutil.rmtree(Path(home["XDG_CACHE_HOME"]) / "watchlist" / "answers", ignore_errors=True)
