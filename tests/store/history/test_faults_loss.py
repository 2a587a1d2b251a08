"""What must not be taken for a change: losses, other files in its place, clocks; and the copies that lead back."""

from __future__ import annotations

import errno
import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.profile import tried
from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.model import Show, Status
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound, Refused, StoreError
from watchlist.paths import Paths
from watchlist.store.disk import file_io
from watchlist.store.history.backups import KEPT_DAYS, KEPT_MONTHS, Backup, Backups, superfluous
from watchlist.store.history.journal import Journal
from watchlist.store.history.loss_detection import SuspectedLossError, suspicion
from watchlist.store.library import Library
from watchlist.store.missing_file import LastState

NOON = datetime(2026, 11, 23, 12, 0)
NOBODY = 65534


def shows(count: int) -> str:
    return "version = 1\n" + "".join(f'\n[[shows]]\nid = "s{n}"\ntitle = "Show {n}"\n' for n in range(count))


def changed(opened: Opened, count: int) -> Library:
    """A list of so many shows, known to the journal: two of them were changed after the only copy was made."""
    library = opened(shows(count))
    library.apply(edits.rate(["s0"], 4.0))
    library.apply(edits.set_status(["s1"], Status.WATCHED))
    return library


def ids(library: Library) -> list[str]:
    return [show.id for show in library.list.shows]


# What looks like a loss


@pytest.mark.parametrize(
    ("had", "has", "doubted"),
    [
        *((100, 95, False), (100, 94, False), (100, 90, False), (100, 89, True)),  # more than five, more than a tenth
        *((20, 15, False), (20, 14, True), (6, 1, False), (6, 0, True), (2, 0, True), (1, 0, False), (0, 0, False)),
    ],
)
def test_F25_a_lot_of_shows_are_more_than_five_and_more_than_a_tenth_or_all(had: int, has: int, doubted: bool) -> None:
    assert bool(suspicion(None, had, b"# other\n", has)) is doubted


@pytest.mark.parametrize("fresh", [False, True])
def test_F25_a_big_shrink_is_asked_about_and_what_was_there_is_kept(opened: Opened, fresh: bool) -> None:
    library = changed(opened, 40)
    was = library.file.read_bytes()
    library.file.write_text("# less\n" + shows(20), "utf-8")
    if fresh:
        library = again(library)
    with pytest.raises(SuspectedLossError, match="has 20 of 40 shows left") as caught:
        library.apply(edits.rate(["s2"], 5.0))
    assert "redo" in caught.value.hint
    assert library.file.read_text("utf-8").startswith("# less")
    with pytest.raises(SuspectedLossError):
        library.undo()
    assert library.guard.accept()
    assert not library.guard.accept()
    assert was in [backup.read() for backup in library.backups()]
    (change,) = again(library).redo()
    assert change.label == "Redone: Rated Show 2 5, was not rated"
    assert len(again(library).list.shows) == 20


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("text", ["", "\n \n"])
def test_F24_an_emptied_file_is_never_an_empty_list_and_the_last_state_comes_back_whole(
    opened: Opened, fresh: bool, text: str
) -> None:
    library = changed(opened, 4)
    was = library.file.read_bytes()
    library.file.write_text(text, "utf-8")
    if fresh:
        library = again(library)
        assert library.doubt  # whoever shows it can say so at once
    else:
        assert not library.reload()
        assert len(library.list.shows) == 4
    for _ in range(2):  # to ask twice is to ask once
        with pytest.raises(SuspectedLossError, match="emptied"):
            library.apply(edits.add(Show("", "Dune")))
    library.guard.last_state()
    copy = library.backups()[0]
    assert copy.read() == was  # though only the state before both changes was copied: the journal leads from there on
    library.restore(str(copy.number))
    assert library.file.read_bytes() == was
    assert not library.doubt
    library.redo()
    assert "dune" in ids(library)
    with pytest.raises(NotFound):
        library.redo()
    library.undo()
    assert library.file.read_bytes() == was


def test_F24_a_file_cut_at_any_byte_loses_no_show_unasked(opened: Opened) -> None:
    library = changed(opened, 3)
    whole = library.file.read_bytes()
    journal = library.paths.journal(library.file)
    lines = journal.read_bytes()
    asked = 0
    ends = tried(range(len(whole)))
    for end in ends:
        library.file.write_bytes(whole[:end])
        for view in (library, again(library)):
            try:
                view.apply(edits.tag(["s0"], ["cut"]))
            except StoreError:  # in doubt, or damaged
                asked += 1
                assert library.file.read_bytes() == whole[:end]
            except NotFound:
                pytest.fail(f"cut at {end}, it was taken for a list without its first show")
            else:
                assert len(view.list.shows) == 3, end
                view.undo()
        journal.write_bytes(lines)
        library.file.write_bytes(whole)
        library.reload()
        assert not library.doubt
        assert len(library.list.shows) == 3
    assert asked > len(ends)


def test_F23_what_is_half_written_is_no_change_and_no_doubt_is_left_when_it_is_done(opened: Opened) -> None:
    library = changed(opened, 30)
    new = library.file.read_bytes() + b'\n[[shows]]\nid = "s30"\ntitle = "Show 30"\n'
    for end in (0, 40, len(new) // 2):
        library.file.write_bytes(new[:end])
        assert not library.reload()
        assert len(library.list.shows) == 30
        assert library.doubt
    library.file.write_bytes(new)
    assert library.reload()
    assert not library.doubt
    assert len(library.list.shows) == 31


def test_doubt_of_what_was_there_at_the_start_stays_until_it_is_settled(opened: Opened) -> None:
    changed(opened, 30)
    library = opened("# mine\n" + shows(3))
    library.check()
    said = library.doubt
    assert "3 of 30" in said
    library.reload()  # the file is as young as before
    assert library.doubt == said
    library.file.write_text("# theirs\n" + shows(29), "utf-8")
    assert library.reload()
    assert not library.doubt
    library.apply(edits.rate(["s2"], 3.0))


def test_F19_a_file_that_is_gone_comes_back_or_is_begun_anew(opened: Opened) -> None:
    library = changed(opened, 3)
    was = library.file.read_bytes()
    library.file.unlink()
    assert not library.reload()
    assert library.doubt == "is gone"
    assert len(library.list.shows) == 3
    with pytest.raises(SuspectedLossError, match="is gone"):
        library.apply(edits.rate(["s2"], 2.0))
    assert not library.file.exists()
    library.file.write_bytes(was)
    library.redo()
    assert library.list.shows[2].rating == 2
    library.undo()
    library.file.unlink()
    library.reload()
    assert library.guard.accept()
    assert ids(library) == ["ballard"]
    kept = next(backup for backup in library.backups() if backup.read() == was)
    library.restore(kept.name)
    assert library.file.read_bytes() == was


def test_F20_a_folder_in_its_place_is_refused(opened: Opened) -> None:
    library = changed(opened, 3)
    library.file.unlink()
    library.file.mkdir()
    for act in (library.reload, lambda: library.apply(edits.rate(["s0"], 1.0)), library.undo, library.guard.accept):
        with pytest.raises(StoreError, match="not a regular file"):
            act()
    assert len(library.list.shows) == 3


@pytest.mark.parametrize("fresh", [False, True])
def test_F20_toml_of_another_program_in_its_place_is_refused(opened: Opened, fresh: bool) -> None:
    library = changed(opened, 3)
    other = '[package]\nname = "else"\nversion = "1.0"\n\n[[bin]]\npath = "x"\n'
    library.file.write_text(other, "utf-8")
    if fresh:
        library = again(library)
        assert library.doubt
    with pytest.raises(SuspectedLossError, match="0 of 3 shows"):
        library.apply(edits.add(Show("", "Dune")))
    assert library.file.read_text("utf-8") == other


@pytest.mark.parametrize(
    ("old", "new"),
    [("version = 1\n", "version = 1\n<<<<<<< ours\n"), ("version = 1", "version = 2")],
    ids=["F34", "X14"],
)
def test_F34_X14_what_is_for_others_to_settle_is_only_read(opened: Opened, old: str, new: str) -> None:
    library = changed(opened, 3)
    text = library.file.read_text("utf-8").replace(old, new)
    library.file.write_text(text, "utf-8")
    assert library.reload()
    assert "s1" in ids(library)
    for view in (library, again(library)):
        for act in (lambda view=view: view.apply(edits.rate(["s0"], 1.0)), view.undo):
            with pytest.raises((StoreError, Refused), match=r"line|changed since"):
                act()
    assert library.file.read_text("utf-8") == text
    library.restore("1")  # who knows that none of it is wanted
    assert library.list.damage is None
    library.undo()
    assert library.file.read_text("utf-8") == text


def test_X06_bytes_in_other_encodings_are_named_by_their_place_and_can_be_replaced_by_a_copy(opened: Opened) -> None:
    library = changed(opened, 2)
    good = library.file.read_bytes()
    for data in (good.decode().encode("utf-16"), good + b"\0\n", good.replace(b"Show", b"Sh\xf6w"), b"\xff" * 40):
        library.file.write_bytes(data)
        other = again(library)
        damage = other.list.damage
        assert damage is not None
        assert damage.line >= 1
        with pytest.raises(StoreError, match="line"):
            other.apply(edits.add(Show("", "Dune")))
        assert library.file.read_bytes() == data
        change = other.restore("1")
        assert library.file.read_bytes() == shows(2).encode()
        kept = next(backup for backup in other.backups() if backup.read() == data)
        try:
            data.decode()
        except UnicodeDecodeError:
            assert any("undo can't" in notice for notice in change.notices)
            with pytest.raises(StoreError, match="not valid UTF-8") as caught:
                other.restore(str(kept.number))
            assert str(kept.path) in caught.value.hint
        assert library.file.read_bytes() == shows(2).encode()


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "mixed"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_X07_marks_and_ends_of_lines_stay(opened: Opened, mark: str, newline: str, end: str) -> None:
    lines = [
        "version = 1",
        "",
        "# two",
        "[[shows]]",
        'id = "a"',
        'title = "A"',
        "rating = 3.0 # mine",
        "",
        "[[shows]]",
        'id = "b"',
        'title = "B"',
    ]
    ends = [("\r\n" if n % 2 else "\n") if newline == "mixed" else newline for n in range(len(lines))]
    text = mark + "".join(line + tail for line, tail in zip(lines, ends, strict=True))
    text = text.rstrip("\r\n") + end
    library = opened(text)
    library.apply(edits.rate(["a"], 4.5))
    assert library.file.read_bytes() == text.replace("3.0", "4.5").encode()
    library.undo()
    assert library.file.read_bytes() == text.encode()
    library.apply(edits.remove(["b"]))
    library.undo()
    assert library.file.read_bytes() == text.encode()


# Two writers, times, and what can't be relied on


def test_F29_two_states_and_one_file_lose_nothing_though_no_lock_is_shared(opened: Opened, tmp_path: Path) -> None:
    ours = opened(shows(2))
    theirs = Library.open(ours.file, Paths(tmp_path / "c", ours.file, tmp_path / "elsewhere", tmp_path / "cache2"))
    met = iter([Show("", "Between")])

    def late(listed: Watchlist) -> Watchlist:
        for show in met:
            theirs.apply(edits.add(show))  # after ours was read and before it is written
        return edits.add(Show("", "Mine"))(listed)

    ours.apply(late)
    assert ids(again(ours)) == ["s0", "s1", "between", "mine"]
    for number in range(50):
        ours.apply(edits.tag(["s0"], [f"o{number}"]))
        theirs.apply(edits.tag(["s1"], [f"t{number}"]))
    first, second, *_ = again(ours).list.shows
    assert (len(first.tags), len(second.tags)) == (50, 50)
    theirs.undo(51)
    ours.undo(51)
    assert ours.file.read_text("utf-8") == shows(2)


def test_F30_other_content_of_the_same_size_and_time_is_seen(opened: Opened) -> None:
    library = opened(shows(3))
    status = library.file.stat()
    library.file.write_text(shows(3).replace("Show 1", "Shew 1"), "utf-8")
    os.utime(library.file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert library.file.stat().st_size == status.st_size
    library.apply(edits.rate(["s0"], 3.0))
    assert "Shew 1" in library.file.read_text("utf-8")


@pytest.mark.parametrize("moment", [0, 4_070_908_800], ids=["1970", "2099"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Europe/Berlin"])
def test_F31_no_clock_decides_what_comes_first(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, moment: int, zone: str
) -> None:
    library = opened(shows(2))
    try:
        for number, name in enumerate((zone, "America/Anchorage", "Asia/Tokyo")):
            monkeypatch.setenv("TZ", name)
            time.tzset()
            library.apply(edits.add(Show("", f"New {number}")))
            os.utime(library.file, (moment, moment))
            library.file.write_text(library.file.read_text("utf-8") + f"# {number}\n", "utf-8")
            os.utime(library.file, (moment, moment))
        assert [entry.label for entry in library.history()] == ["Added New 2", "Added New 1", "Added New 0"]
        assert [backup.number for backup in library.backups()] == [3, 2, 1]
        assert [change.label for change in again(library).undo(2)] == ["Undone: Added New 2", "Undone: Added New 1"]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_F31_a_clock_that_was_set_back_orders_no_copies_and_stops_none(tmp_path: Path) -> None:
    backups = Backups(tmp_path / "b", 4)
    for number, now in enumerate((NOON, NOON - timedelta(days=400), NOON + timedelta(days=9000), NOON), 1):
        assert backups.due(now)
        assert backups.keep(b"%d" % number, now).number == number
        assert not backups.due(now + timedelta(minutes=9))
        assert backups.due(now + timedelta(minutes=10))
    assert [backup.read() for backup in backups.all()] == [b"4", b"3", b"2", b"1"]


# The copies


@pytest.mark.parametrize("seen", [False, True])
def test_F25_what_was_lost_is_copied_before_the_file_is_taken_as_it_is(opened: Opened, seen: bool) -> None:
    library = changed(opened, 40)
    was, less = library.file.read_bytes(), ("# less\n" + shows(20)).encode()
    library.file.write_bytes(less)
    library = again(library)
    assert was not in [copy.read() for copy in library.backups()]
    if seen:
        library.check()
        last = library.guard.last_state()
        assert last is not None
        assert (last.exact, last.shows, last.backup.read()) == (True, 40, was)
        assert was in [copy.read() for copy in library.backups()]
    assert library.guard.accept()
    assert {was, less} <= {copy.read() for copy in library.backups()}
    records = Journal.open(library.paths.journal(library.file)).records
    assert (records[-1].label, records[-1].time.microsecond) == ("Took the file as it was", 0)
    count = len(library.backups())
    assert not library.guard.accept()
    assert len(library.backups()) == count
    assert Journal.open(library.paths.journal(library.file)).records == records


def test_a_file_that_is_in_no_doubt_is_not_copied_for_being_looked_at(opened: Opened) -> None:
    library = changed(opened, 3)
    before = library.backups()
    assert library.guard.last_state() is None
    assert not library.guard.accept()
    assert library.backups() == before


def test_F36_the_newest_the_days_and_the_months_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    backups = Backups(tmp_path / "b", 20)
    (tmp_path / "b").mkdir()
    others = [
        *("notes.txt", "000001-20200101-000000-nohash.toml", "000009-20209901-000000-" + "a" * 32 + ".toml"),
        *("1-20200101-000000-" + "a" * 32 + ".toml", "000001-20200101-000000-" + "a" * 32 + ".toml.bak"),
    ]
    for name in others:
        (tmp_path / "b" / name).write_text("mine", "utf-8")
    made = [backups.keep(b"%d" % hours, NOON + timedelta(hours=hours)) for hours in range(0, 500 * 24, 8)]
    kept = backups.all()
    assert kept[:20] == tuple(reversed(made))[:20]
    assert len({f"{backup.time:%Y%m%d}" for backup in kept}) >= KEPT_DAYS
    assert len({f"{backup.time:%Y%m}" for backup in kept}) == KEPT_MONTHS
    last_of_day = {f"{backup.time:%Y%m%d}": backup for backup in made}
    last_of_month = {f"{backup.time:%Y%m}": backup for backup in made}
    wanted = {*made[-20:], *list(last_of_day.values())[-KEPT_DAYS:], *list(last_of_month.values())[-KEPT_MONTHS:]}
    assert set(kept) == wanted
    assert {path.name for path in (tmp_path / "b").iterdir()} == {*others, *(backup.path.name for backup in kept)}


def test_F36_the_one_that_was_made_just_now_always_stays() -> None:
    copies = [Backup(number, NOON, "", Path()) for number in range(9, 0, -1)]
    assert [backup.number for backup in superfluous(copies, 1)] == [*range(8, 0, -1)]


def test_F36_what_was_found_to_be_nowhere_else_is_not_pushed_out_by_newer_copies(tmp_path: Path) -> None:
    backups, now = Backups(tmp_path, newest=3), datetime(2026, 11, 22, 12)
    backups.keep(b"theirs", now)
    found = backups.keep(b"theirs", now, found=True)  # one that may go is none that stays
    for number in range(10):
        backups.keep(b"%d" % number, now)
    assert found in backups.all()
    assert [copy.read() for copy in backups.all()] == [b"9", b"8", b"7", b"theirs"]
    assert backups.keep(b"theirs", now) == found
    backups.keep(b"later", now + timedelta(KEPT_DAYS, 1))
    assert found in backups.all()


def test_F36_a_copy_that_is_there_is_not_made_twice_unless_it_is_damaged(tmp_path: Path) -> None:
    backups = Backups(tmp_path / "b", 20)
    first = backups.keep(b"text", NOON)
    assert backups.keep(b"text", NOON + timedelta(days=1)) == first
    first.path.write_bytes(b"tex")
    with pytest.raises(StoreError, match="damaged"):
        first.read()
    second = backups.keep(b"text", NOON)
    assert (second.number, second.read()) == (2, b"text")


def test_F35_a_folder_of_backups_that_is_gone_is_made_anew(opened: Opened) -> None:
    library = changed(opened, 3)
    for backup in library.backups():
        backup.path.unlink()
    library.paths.backups(library.file).rmdir()
    library.apply(edits.set_status(["s0", "s1"], Status.DROPPED))
    assert len(library.backups()) == 1


@pytest.mark.parametrize("kind", ["file", "dangling", "full", "unwritable"])
def test_F35_no_backup_no_save(opened: Opened, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    library = opened(shows(3))
    folder = library.paths.backups(library.file)
    folder.parent.mkdir(parents=True)
    if kind == "file":
        folder.write_text("", "utf-8")
    elif kind == "dangling":
        folder.symlink_to(folder.parent / "nowhere" / "else")
    else:
        code, name = {"full": (errno.ENOSPC, "write"), "unwritable": (errno.EACCES, "open")}[kind]
        call, opening = getattr(file_io.os, name), file_io.os.open
        inside = set[int]()

        def open_(path: object, flags: int, *mode: int) -> int:
            if name == "open" and Path(str(path)).parent == folder and flags & os.O_CREAT:
                raise OSError(code, os.strerror(code))
            descriptor = opening(path, flags, *mode)  # type: ignore[arg-type]
            inside.difference_update({descriptor})
            if Path(str(path)).parent == folder:
                inside.add(descriptor)
            return descriptor

        def write(descriptor: int, data: bytes) -> int:
            if descriptor in inside:
                raise OSError(code, os.strerror(code))
            return int(call(descriptor, data))

        monkeypatch.setattr(file_io.os, "open", open_)
        if name == "write":
            monkeypatch.setattr(file_io.os, "write", write)
    with pytest.raises(StoreError, match=r"backups|nowhere") as raised:
        library.apply(edits.rate(["s0"], 4.0))
    assert ("--no-backup" in raised.value.hint) == (kind != "full")  # room can be made
    monkeypatch.undo()
    assert library.file.read_text("utf-8") == shows(3)
    assert library.history() == ()
    assert not list(library.file.parent.glob(".*.tmp"))
    if kind in ("full", "unwritable"):
        assert not list(folder.glob(".*.tmp"))
        library.apply(edits.rate(["s0"], 4.0))


def test_F25_what_waits_for_redo_is_held_in_the_history_and_not_undone(call: Call, file: Path) -> None:
    assert call("rate", "heat", "2", "--file", str(file)).code == 0
    file.write_text("", "utf-8")
    assert call("add", "Alien", "--file", str(file)).code == 3
    rows = call("history", "--file", str(file)).out.splitlines()
    assert [row.endswith("not made: waits for redo") for row in rows[1:]] == [True, False]
    found = json.loads(call("history", "--json", "--file", str(file)).out)
    assert [(row["held"], row["undone"]) for row in found] == [(True, False), (False, False)]
    assert call("backups", "restore", "1", "--file", str(file)).code == 0
    assert call("redo", "--file", str(file)).code == 0
    assert not any(row["held"] for row in json.loads(call("history", "--json", "--file", str(file)).out))


def test_F35_without_a_backup_where_that_was_asked_for(call: Call, file: Path) -> None:
    folder = Paths.of_user().backups(file)
    folder.parent.mkdir(parents=True)
    folder.write_text("", "utf-8")  # no folder can be made there
    before = file.read_bytes()
    ran = call("rate", "heat", "2", "--file", str(file))
    assert (ran.code, file.read_bytes()) == (3, before)
    assert "--no-backup goes on without a backup" in ran.err
    ran = call("rate", "heat", "2", "--no-backup", "--file", str(file))
    assert (ran.code, ran.err.count("no backup was made")) == (0, 1)
    assert file.read_bytes() != before
    folder.unlink()
    assert call("undo", "--no-backup", "--file", str(file)).code == 0
    assert file.read_bytes() == before


def test_a_damaged_copy_is_not_put_back(opened: Opened) -> None:
    library = changed(opened, 3)
    (copy,) = library.backups()
    was = library.file.read_bytes()
    copy.path.write_bytes(b"")
    with pytest.raises(StoreError, match="damaged"):
        library.restore("1")
    with pytest.raises(NotFound, match="no backup"):
        library.restore("9")
    assert library.file.read_bytes() == was


@pytest.mark.parametrize("what", ["copy", "journal"])
def test_the_last_state_is_not_made_anew_from_what_does_not_lead_there(opened: Opened, what: str) -> None:
    library = changed(opened, 4)
    (copy,) = library.backups()
    if what == "copy":
        copy.path.unlink()
    else:
        journal = library.paths.journal(library.file)
        journal.write_bytes(journal.read_bytes().replace(b"watched", b"dropped"))
    library.file.write_text("", "utf-8")
    other = again(library)
    assert other.doubt
    last = other.guard.last_state()  # then the newest copy is what is known
    assert last == (LastState(copy, 4, exact=False) if what == "journal" else None)
    assert [backup.number for backup in other.backups()] == [1] * (what == "journal")
    assert other.guard.accept()
    assert other.list.shows == ()


# The state folder


@pytest.mark.skipif(not hasattr(os, "fork") or os.geteuid() != 0, reason="only root can be somebody else")
def test_P03_a_state_folder_of_another_user_is_not_used(opened: Opened, quick: Path) -> None:
    state = quick / "state"
    state.mkdir(mode=0o777)
    quick.chmod(0o777)
    state.chmod(0o777)
    file = quick / "list.toml"
    file.write_text(shows(2), "utf-8")
    file.chmod(0o666)
    os.chown(state, NOBODY - 1, NOBODY - 1)
    child = os.fork()
    if child == 0:
        code = 9
        try:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            library = Library.open(file, Paths(quick / "c", file, state, quick / "cache"))
            try:
                library.apply(edits.rate(["s0"], 4.0))
            except StoreError as error:
                code = 0 if "belongs to another user" in error.message else 8
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert list(state.iterdir()) == []
    assert file.read_text("utf-8") == shows(2)


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("had", [0, 3])
@pytest.mark.parametrize("way", ["edits", "undo", "redo"])
def test_F25_A7_a_file_put_back_to_just_before_the_newest_change_is_doubted(
    opened: Opened, fresh: bool, had: int, way: str
) -> None:
    """A rollback looks like a change that a crash kept from the file; the journal tells them apart."""
    library = opened(shows(had))
    old = library.file.read_bytes()
    library.apply(edits.add_new([Show("", f"New {n}") for n in range(30)]))
    new = library.file.read_bytes()
    if way == "undo":
        library.apply(edits.remove([show.id for show in library.list.shows]))
        old = library.file.read_bytes()
        library.undo()
    elif way == "redo":
        library.undo()
        library.redo()
    assert library.file.read_bytes() == new
    library.file.write_bytes(old)
    if fresh:
        library = again(library)
    with pytest.raises(SuspectedLossError):
        library.apply(edits.add(Show("", "Late")))
    assert library.file.read_bytes() == old
    assert library.guard.accept()
    assert new in [backup.read() for backup in library.backups()]
    assert [entry.label for entry in library.history() if entry.label == "Added 30 shows"]
    assert again(library).apply(edits.add(Show("", "Later"))).number


def test_F01_F25_a_change_that_a_crash_kept_from_the_file_is_no_loss(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(shows(3))
    old = library.file.read_bytes()

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("watchlist.store.disk.atomic_replace.swap", crash)
        with pytest.raises(KeyboardInterrupt):
            library.apply(edits.add_new([Show("", f"New {n}") for n in range(30)]))
    assert library.file.read_bytes() == old
    library = again(library)
    library.check()
    assert not library.doubt
    assert library.apply(edits.add(Show("", "Late"))).label == "Added Late"
    assert [entry.label for entry in library.history()] == ["Added Late"]
