"""Files from anywhere: what can't be read is damage with a place, at once and without a traceback, and stays as it is."""

from __future__ import annotations

import errno
import gc
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.conftest import Opened, again
from tests.store.seams import as_elsewhere, before_renaming
from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Season, Show
from watchlist.errors import Refused, StoreError, UsageError
from watchlist.store.disk import file_lock
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.library import Library

SHOW = '[[shows]]\ntitle = "A"\n'


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (f"{SHOW}x = {'[' * 100}{']' * 100}", 3, 69, "nested too deeply"),
        (f"{SHOW}x = {'{a=' * 100}1{'}' * 100}", 3, 197, "nested too deeply"),
        ("x = " + "[" * 100_000, 1, 69, "nested too deeply"),
        (f"{SHOW}year = 0x{'f' * 100_000}", 3, 8, "too many digits"),
        (f"{SHOW}x = {'9' * 5000}", 3, 5, "too many digits"),
        (f"{SHOW}x{'.a' * 50_000} = 1", 3, 1, "too many parts"),
        (f"{SHOW}[shows{'.a' * 50_000}]", 3, 2, "too many parts"),
        (f'{SHOW}{chr(34)}a b"{".a" * 50_000} = 1', 3, 1, "too many parts"),
        (f"{SHOW}x = '{'a' * 2_000_000}'", 3, 1, "longer than 1 MiB"),
        (f"{SHOW}x = 'a\0'", 3, 7, "invalid character"),
        ("[[shows]]\n" * 20_000 + "x y\n", 20_001, 3, "Expected '='"),
        ("[\n" * 200_000, None, None, "nested too deeply|Invalid"),
    ],
)
def test_what_would_hang_the_parser_is_damage_with_its_place(
    opened: Opened, text: str, line: int | None, column: int | None, message: str
) -> None:
    started = time.process_time()
    library = opened(text)
    assert time.process_time() - started < 5
    damage = library.list.damage
    assert damage is not None
    assert line is None or (damage.line, damage.column) == (line, column)
    with pytest.raises(StoreError, match=message):
        library.apply(edits.add(Show("", "New")))
    assert library.file.read_text("utf-8") == text


def test_thousands_of_namesakes_are_told_apart_at_once(opened: Opened) -> None:
    started = time.process_time()
    shows = opened(SHOW * 10_000).list.shows
    assert time.process_time() - started < 5
    assert [show.id for show in shows[:3]] == ["a", "a-2", "a-3"]
    assert len({show.id for show in shows}) == 10_000


def test_bytes_that_are_no_text_are_never_edited_as_an_empty_one(opened: Opened) -> None:
    data = b'[[shows]]\ntitle = "caf\xe9"\n'
    library = opened(data)
    for attempt in (library.text, lambda: library.replace_text(SHOW), lambda: library.apply(edits.add(Show("", "B")))):
        with pytest.raises(StoreError, match="0xe9"):
            attempt()
    assert library.file.read_bytes() == data


def test_bytes_that_came_meanwhile_are_not_taken_for_the_empty_text_that_was_there(opened: Opened) -> None:
    library = opened("")
    library.file.write_bytes(b"\xff")
    with pytest.raises(StoreError, match="0xff"):
        library.replace_text(SHOW)
    assert library.file.read_bytes() == b"\xff"


def test_X19_what_would_not_read_back_is_not_written(opened: Opened) -> None:
    library = opened(SHOW)
    with pytest.raises(StoreError, match="would not read back"):
        library.apply(lambda now: replace(now, shows=(replace(now.shows[0], rating=11.0),)))
    assert library.file.read_text("utf-8") == SHOW


@pytest.mark.parametrize("above", ["rating = 5\n", "[plugin]\nx = 1\n", "# c\n\nx = 1 # d\n"])
def test_a_block_from_an_editor_gives_nothing_to_the_show_before_it(opened: Opened, above: str) -> None:
    library = opened(f'{SHOW}\n[[shows]]\ntitle = "B"\n')
    before = library.file.read_bytes()
    with pytest.raises(UsageError, match="above"):
        library.replace_block("b", above + '[[shows]]\ntitle = "B"\n')
    assert library.file.read_bytes() == before
    library.replace_block("b", '# c\n\n[[shows]]\ntitle = "B"\nyear = 1999\n')
    assert [show.year for show in library.list.shows] == [None, 1999]


def test_a_block_from_an_editor_is_no_answer_to_what_was_written_meanwhile(opened: Opened) -> None:
    text = f'{SHOW}\n[[shows]]\ntitle = "B"\n'
    library = opened(text)
    library.file.write_text(text.replace('"A"', '"A"\nyear = 1999'), "utf-8")
    with pytest.raises(Refused, match="a was changed elsewhere meanwhile"):
        library.replace_block("a", SHOW + "rating = 3.0\n")
    library.file.write_text(text, "utf-8")
    assert library.reload()
    library.file.write_text(text + "year = 1999\n", "utf-8")
    with pytest.raises(Refused, match="the list was changed elsewhere meanwhile"):
        library.replace_text(SHOW)
    library.replace_block("a", SHOW + "rating = 3.0")  # another block was changed, which does not matter
    expected = f'{SHOW}rating = 3.0\n[[shows]]\ntitle = "B"\nyear = 1999\n'
    assert library.file.read_text("utf-8") == expected


def test_an_empty_array_of_shows_is_left_to_its_owner(opened: Opened) -> None:
    library = opened("shows = []\n")
    with pytest.raises(Refused, match="written as one value"):
        library.apply(edits.add(Show("", "A")))


def test_the_last_line_of_a_string_is_no_comment_of_what_follows(opened: Opened) -> None:
    first, second = "[[shows]]\ntitle = 'A'\nnotes = '''\n# Heading'''\n", "[[shows]]\ntitle = 'B'\n"
    library = opened(first + second)
    library.apply(edits.rate(["b"], 3.0))
    assert library.list.shows[0].notes == "# Heading"
    assert library.file.read_text("utf-8").startswith(first + second)
    library.apply(edits.remove(["b"]))
    again(library).undo(2)
    assert library.file.read_text("utf-8") == first + second


@pytest.mark.parametrize(
    ("array", "tags", "expected"),
    [
        ('["a",\n        "b"]', ("a",), '["a"]'),
        ('[ "a", # one\n  "b" ] # two', ("a",), '[ "a", # one\n   ] # two'),
        ('[ "a", # one\n  "b" ] # two', ("a", "b", "c"), '[ "a", # one\n  "b", "c" ] # two'),
        ('[\n  "a", # one\n  "b" # two\n]', ("a", "b", "c"), '[\n  "a", # one\n  "b", # two\n  "c"\n]'),
    ],
)
def test_lists_in_the_layouts_that_people_use_can_be_changed(
    opened: Opened, array: str, tags: tuple[str, ...], expected: str
) -> None:
    library = opened(f'[[shows]]\nid = "a"\ntitle = "A"\ntags = {array}\n')
    library.apply(edits.update("a", {"tags": tags}))
    assert library.file.read_text("utf-8") == f'[[shows]]\nid = "a"\ntitle = "A"\ntags = {expected}\n'


def test_a_season_that_is_wrong_stays_while_other_fields_are_changed(opened: Opened) -> None:
    rows = '[[shows.seasons]]\nnumber = 1\nwatched = "1-x" # oops\n\n[[shows.seasons]]\nnumber = 2\nmine = 1\n'
    library = opened(f"{SHOW}\n{rows}")
    library.apply(edits.update("a", {"rating": 3.0, "title": "B"}))
    assert library.file.read_text("utf-8").endswith(rows)
    with pytest.raises(Refused, match=r"seasons\[0\].watched of B is wrong"):
        library.apply(edits.assign(["a"], [edits.Assignment("seasons", "+=", (Season(3),))]))


def test_what_was_emptied_elsewhere_is_still_shown_and_never_written_over(opened: Opened) -> None:
    library = opened(SHOW)
    library.file.write_bytes(b"")
    assert not library.reload()
    assert [show.id for show in library.list.shows] == ["a"]
    with pytest.raises(SuspectedLossError, match="emptied"):
        library.apply(edits.rate(["a"], 3.0))
    library.file.write_text(SHOW + "year = 1999\n", "utf-8")
    assert library.reload()
    assert library.list.shows[0].year == 1999


def test_what_is_written_right_after_a_change_is_seen_by_the_next_reload(opened: Opened) -> None:
    library = opened(SHOW)
    library.apply(edits.rate(["a"], 3.0))
    before = library.file.stat()
    library.file.write_text(library.file.read_text("utf-8").replace("3.0", "4.0"), "utf-8")
    os.utime(library.file, ns=(before.st_atime_ns, before.st_mtime_ns))  # of the same size and time
    assert library.reload()
    assert library.list.shows[0].rating == 4.0


def test_F27_a_lock_that_somebody_holds_is_said_with_who(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(SHOW)
    lock = library.paths.lock(library.file)
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.2)
    with file_lock.locked(lock), pytest.raises(StoreError, match=f"locked by process {os.getpid()}"):
        library.apply(edits.rate(["a"], 3.0))
    library.apply(edits.rate(["a"], 3.0))


def test_F27_who_holds_the_lock_need_not_be_written_down(opened: Opened) -> None:
    library = opened(SHOW)
    library.paths.lock(library.file).with_suffix(".holder").mkdir(parents=True)
    library.apply(edits.rate(["a"], 3.0))
    assert library.list.shows[0].rating == 3.0


def test_P06_a_failed_write_leaves_no_other_file_behind(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(SHOW)

    def interrupted(_: Path, target: Path) -> None:
        if target == library.file:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        before_renaming(patched, interrupted)
        with pytest.raises(KeyboardInterrupt):
            library.apply(edits.rate(["a"], 3.0))
    assert [path.name for path in library.file.parent.glob("*") if path.is_file()] == ["list.toml"]
    assert not list(library.file.parent.glob(".*"))
    assert library.file.read_text("utf-8") == SHOW


@pytest.mark.parametrize("linux", [True, False])
@pytest.mark.parametrize("code", [errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM])
def test_F12_a_file_that_can_not_be_renamed_over_is_written_in_place(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, code: int, linux: bool
) -> None:
    library = opened(SHOW + "rating = 4.25\n")
    inode = library.file.stat().st_ino
    if not linux:
        as_elsewhere(monkeypatch)

    def mounted(_: Path, target: Path) -> None:
        if target == library.file:
            raise OSError(code, os.strerror(code))

    before_renaming(monkeypatch, mounted)
    library.apply(edits.rate(["a"], None))  # shorter than it was
    assert [path.name for path in library.file.parent.iterdir() if path.is_file()] == ["list.toml"]
    assert again(library).list.shows[0].rating is None
    library.undo()
    assert library.file.read_text("utf-8") == SHOW + "rating = 4.25\n"
    assert library.file.stat().st_ino == inode


def test_F05_a_disk_that_takes_a_few_bytes_at_a_time_gets_all_of_them(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(SHOW)
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    library.apply(edits.rate(["a"], 3.0))
    library.undo()
    assert library.file.read_text("utf-8") == SHOW


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="attributes are named so on Linux alone")
def test_F15_attributes_beside_the_file_are_kept(opened: Opened) -> None:
    library = opened(SHOW)
    try:
        os.setxattr(library.file, "user.mine", b"1")
    except OSError:
        return  # this file system has none
    library.apply(edits.rate(["a"], 3.0))
    assert os.getxattr(library.file, "user.mine") == b"1"


def test_reading_leaves_the_collector_as_it_was(opened: Opened) -> None:
    assert gc.isenabled()
    opened(SHOW)
    assert gc.isenabled()
    gc.disable()
    try:
        opened(SHOW)
        assert not gc.isenabled()
    finally:
        gc.enable()


def _first_change(file: str, state: str, title: str) -> str:
    return (
        "import sys; from pathlib import Path; from watchlist.domain import edits; from watchlist.domain.model import Show\n"
        "from watchlist.paths import Paths; from watchlist.store.library import Library\n"
        f"file, state = Path({file!r}), Path({state!r})\n"
        "library = Library.open(file, Paths(state, file, state, state)); print('ready', flush=True); input()\n"
        f"library.apply(edits.add(Show('', {title!r})))"
    )


def test_two_processes_that_both_saw_no_file_lose_nothing(opened: Opened, tmp_path: Path) -> None:
    file, state = tmp_path / "list.toml", tmp_path / "state"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _first_change(str(file), str(state), title)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for title in ("One", "Two")
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        program.communicate("go\n", timeout=30)
        assert program.returncode == 0
    library: Library = opened(None)
    assert sorted(show.title for show in library.list.shows) == ["Ballard", "One", "Two"]
    library.undo(2)
    assert [show.title for show in library.list.shows] == ["Ballard"]
