"""Copies of the list in their folder: numbered, named by what is in them, let go of when they are too old to be missed."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.store.seams import fails
from watchlist.errors import NotFound, StoreError
from watchlist.store.digest import digest
from watchlist.store.history.backups import Backup, Backups, superfluous

NOON = datetime(2026, 3, 4, 12, 0, 0)


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path / "b", 3)


def test_a_copy_is_named_by_its_number_its_time_and_what_is_in_it(backups: Backups) -> None:
    made = backups.keep(b"one", NOON)
    assert made.path == backups.folder / f"000001-20260304-120000-{digest(b'one')}.toml"
    assert made == backups.all()[0] == Backup(1, NOON, digest(b"one"), made.path)
    assert (made.name, made.read(), made.text()) == ("1-2026-03-04", b"one", "one")
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert backups.folder.stat().st_mode & 0o777 == 0o700


def test_who_knows_what_is_in_it_need_not_say_it_twice(backups: Backups) -> None:
    assert backups.keep(b"one", NOON, digest(b"one")).digest == digest(b"one")
    assert len(backups.all()) == 1


def test_the_latest_has_the_highest_number_whatever_the_clock_says(backups: Backups) -> None:
    for day, text in enumerate((b"one", b"two", b"three")):
        backups.keep(text, NOON - timedelta(days=day))
    assert [backup.read() for backup in backups.all()] == [b"three", b"two", b"one"]
    assert backups.keep(b"two", NOON).number == 2


def test_a_copy_is_found_by_its_number_its_name_and_its_file(backups: Backups) -> None:
    first, second = backups.keep(b"one", NOON), backups.keep(b"two", NOON)
    for name in ("1", "1-2026-03-04", first.path.name):
        assert backups.named(name) == first
    assert backups.named("2") == second
    for name in ("0", "3", "01", "", "1-2026-03-05", "000001"):
        with pytest.raises(NotFound, match=f'no backup "{name}"'):
            backups.named(name)
    with pytest.raises(NotFound, match="␛"):
        backups.named("\x1b")


@pytest.mark.parametrize(
    ("later", "due"),
    [
        (timedelta(), False),
        (timedelta(minutes=9, seconds=59), False),
        (timedelta(minutes=10), True),
        (timedelta(days=1), True),
        (timedelta(seconds=-1), True),  # the clock was set back: nobody knows
    ],
)
def test_it_is_time_for_one_ten_minutes_after_the_last(backups: Backups, later: timedelta, due: bool) -> None:
    assert backups.due(NOON)
    backups.keep(b"old", NOON - timedelta(days=1))
    assert backups.due(NOON)
    backups.keep(b"new", NOON)
    assert backups.due(NOON + later) is due


def test_the_last_one_counts_and_not_the_latest(backups: Backups) -> None:
    backups.keep(b"one", NOON)
    backups.keep(b"two", NOON - timedelta(days=1))  # by a clock that was set back meanwhile
    assert backups.due(NOON + timedelta(minutes=5))


def test_a_damaged_copy_is_said_and_not_taken_for_what_it_was(backups: Backups) -> None:
    made = backups.keep(b"one", NOON)
    assert made.holds(b"one")
    assert not made.holds(b"two")
    made.path.write_bytes(b"on")
    assert not made.holds(b"one")
    assert not made.holds(b"on")
    with pytest.raises(StoreError, match="is damaged"):
        made.read()
    made.path.unlink()
    assert not made.holds(b"one")
    with pytest.raises(StoreError, match="is damaged"):
        made.text()


def test_a_copy_that_is_no_text_says_where(backups: Backups) -> None:
    made = backups.keep(b"ab\xffc", NOON)
    assert made.read() == b"ab\xffc"
    with pytest.raises(StoreError, match="backup 1-2026-03-04 is not valid UTF-8, at byte 2") as caught:
        made.text()
    assert str(made.path) in caught.value.hint


def test_what_has_another_name_is_no_copy(backups: Backups) -> None:
    made = backups.keep(b"one", NOON)
    for name in (
        *(f"x{made.path.name}", f"{made.path.name}~", made.path.name.replace("-", "_"), made.path.name.upper()),
        *(made.path.name.replace("20260304", "20261304"), made.path.name.replace("000001", "٠٠٠٠٠١")),
    ):
        (backups.folder / name).touch()
    assert backups.all() == (made,)


def test_a_folder_that_can_not_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    with pytest.raises(StoreError, match=r"can't read .*b: .*\(ENOTDIR\)"):
        Backups(tmp_path / "b", 3).all()
    assert Backups(tmp_path / "nothing", 3).all() == ()


def test_what_could_not_be_removed_goes_the_next_time(backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        backups.keep(b"%d" % number, NOON)
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", lambda *_, **__: fails(13)("unlink"))
        assert backups.keep(b"3", NOON).number == 4
    assert [backup.number for backup in backups.all()] == [4, 3, 2, 1]
    backups.keep(b"4", NOON)
    assert [backup.number for backup in backups.all()] == [5, 4, 3]


def test_the_last_of_each_of_the_latest_days_and_months_stays() -> None:
    def copy(number: int, ago: int) -> Backup:
        return Backup(number, NOON - timedelta(days=ago), "", Path())

    copies = [copy(1000 - n, ago) for n, ago in enumerate(ago for ago in range(500) for _ in range(2))]
    gone = {backup.number for backup in superfluous(copies, 5)}
    kept = [backup for backup in copies if backup.number not in gone]
    assert [1000 - backup.number for backup in kept[:6]] == [0, 1, 2, 3, 4, 6]  # five, then the last of each day
    days = [backup.time for backup in kept if NOON - backup.time < timedelta(days=30)]
    assert len(days) == 30 + 2  # with both of the first two days, of which five were made
    assert [f"{backup.time:%Y-%m}" for backup in kept][len(days) :] == [
        *(f"2026-{month:02}" for month in (1,)),
        *(f"2025-{month:02}" for month in range(12, 3, -1)),
    ]
