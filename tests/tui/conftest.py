"""The program over a list in a file, at a size, for tests that press keys in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from watchlist.paths import Paths
from watchlist.settings import Config
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp

LIST = """\
[[shows]]
title = "Heat"
kind = "film"
year = 1995
rating = 5.0
status = "watched"

[[shows]]
title = "Alien"
kind = "film"
year = 1979
rating = 4.0

[[shows]]
title = "Zodiac"
kind = "film"
year = 2007

[[shows]]
title = "Wrong"
rating = 11

[[views]]
name = "Best"
query = "rating:5"

[[views]]
name = "Mistaken"
query = "raiting:5"
"""
Start = Callable[..., Any]
TODAY = date(2026, 11, 22)


@pytest.fixture
def start(tmp_path: Path, request: pytest.FixtureRequest) -> Start:
    """Opens the LIST of the test's module, or the one here, or another text, on its TODAY; `start.file` is the file.

    The keys `pressed` come first. What else is named are settings of the config.
    """
    file = tmp_path / "list.toml"
    paths = Paths(tmp_path / "config.toml", file, tmp_path / "state", tmp_path / "cache")
    today = getattr(request.module, "TODAY", TODAY)
    file.write_text(getattr(request.module, "LIST", LIST), "utf-8")

    @asynccontextmanager
    async def run(
        text: str | None = None,
        *,
        size: tuple[int, int] = (120, 36),
        pressed: tuple[str, ...] = (),
        no_color: bool = False,
        **settings: Any,
    ) -> AsyncIterator[Pilot[int]]:
        if text is not None:
            file.write_text(text, "utf-8")
        library = Library.open(file, paths)
        app = WatchlistApp(library, Config(**settings), paths, no_color=no_color, today=lambda: today)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press(*pressed)
            yield pilot

    run.file = file  # type: ignore[attr-defined]
    return run
