"""A list of one's own for a test: `opened(text)` writes it and opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from watchlist.paths import Paths
from watchlist.store.library import Library

Opened = Callable[[str | bytes | None], Library]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def open_list(text: str | bytes | None) -> Library:
        file = tmp_path / "list.toml"
        if text is not None:
            file.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        return Library.open(file, Paths(tmp_path / "config.toml", file, tmp_path / "state", tmp_path / "cache"))

    return open_list


def again(library: Library) -> Library:
    """The same list in a process that starts anew."""
    return Library.open(library.file, library._paths)
