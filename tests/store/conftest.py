"""A list of one's own for a test: `opened(text)` writes it and opens it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from watchlist.paths import Paths
from watchlist.store.library import Library

IN_MEMORY = Path("/dev/shm")
Opened = Callable[[str | bytes | None], Library]


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is one: hundreds of saves don't wait for a disk there."""
    if not IN_MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        yield Path(folder)


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
    return Library.open(library.file, library.paths)
