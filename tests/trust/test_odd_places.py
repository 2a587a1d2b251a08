"""What stands where the list should be, and what time it is there: neither is taken for more than it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.trust.work import a_folder, opened
from watchlist.domain import edits
from watchlist.domain.model import Status
from watchlist.errors import WatchlistError

LIST = '[[shows]]\nid = "a"\ntitle = "A"\n'
OTHERS = {
    "a table of shows": b'[shows.a]\ntitle = "A"\n',
    "another program's list": b'[[items]]\nname = "A"\n',
    "JSON": b'{"shows": []}',
    "a database": b"SQLite format 3\x00" + bytes(1000),
}


@pytest.mark.parametrize("other", OTHERS)
def test_F20_what_is_no_list_is_never_written_over(other: str) -> None:
    with a_folder() as folder:
        file = folder / "list.toml"
        file.write_text(LIST, "utf-8")
        library = opened(folder)
        file.write_bytes(OTHERS[other])
        with pytest.raises(WatchlistError):
            library.apply(edits.rate(["a"], 3.0))
        assert file.read_bytes() == OTHERS[other]


def test_F20_a_folder_in_its_place_is_refused() -> None:
    with a_folder() as folder:
        (folder / "list.toml").write_text(LIST, "utf-8")
        library = opened(folder)
        (folder / "list.toml").unlink()
        (folder / "list.toml").mkdir()
        with pytest.raises(WatchlistError, match="regular file"):
            library.apply(edits.rate(["a"], 3.0))


@pytest.mark.parametrize("seconds", [0, 1, 4_070_908_800, 2_000_000_000], ids=str)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/St_Johns"])
def test_F31_no_clock_decides_anything(seconds: int, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    with a_folder() as folder:
        file = folder / "list.toml"
        file.write_text(LIST, "utf-8")
        _aged(file, seconds)
        library = opened(folder)
        library.apply(edits.rate(["a"], 3.0))
        _aged(file, seconds)
        for path in (folder / "state").rglob("*"):
            _aged(path, seconds)
        file.write_text(file.read_text("utf-8").replace("3.0", "4.0"), "utf-8")
        _aged(file, seconds)
        assert opened(folder).list.shows[0].rating == 4.0
        library.apply(edits.set_status(["a"], Status("watched")))
        assert "rating = 4.0" in file.read_text("utf-8")
        opened(folder).undo()
        assert "watched" not in file.read_text("utf-8")
        assert [backup.number for backup in library.backups()] == sorted(
            (b.number for b in library.backups()), reverse=True
        )


def _aged(path: Path, seconds: int) -> None:
    os.utime(path, (seconds, seconds))
