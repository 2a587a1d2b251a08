"""The program over a list in a file, at a size, for tests that press keys in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from watchlist.config import Config
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp

Start = Callable[..., Any]
TODAY = date(2026, 11, 22)


@pytest.fixture
def start(tmp_path: Path, request: pytest.FixtureRequest) -> Start:
    """Opens the LIST of the test's module, or another text, on its TODAY; `start.file` is the file.

    The keys `pressed` come first. What else is named are settings of the config.
    """
    file = tmp_path / "list.toml"
    paths = Paths(tmp_path / "config.toml", file, tmp_path / "state", tmp_path / "cache")
    today = getattr(request.module, "TODAY", TODAY)

    @asynccontextmanager
    async def run(
        text: str = request.module.LIST,
        *,
        size: tuple[int, int] = (120, 36),
        pressed: tuple[str, ...] = (),
        no_color: bool = False,
        **settings: Any,
    ) -> AsyncIterator[Pilot[int]]:
        if not file.exists():
            file.write_text(text, "utf-8")
        library = Library.open(file, paths)
        app = WatchlistApp(library, Config(**settings), paths, no_color=no_color, today=lambda: today)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press(*pressed)
            yield pilot

    run.file = file  # type: ignore[attr-defined]
    return run
