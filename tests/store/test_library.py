"""The one door for change: fresh lists, undo across restarts, links and modes kept, nothing taken for granted."""

from __future__ import annotations

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show, Status
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound, Refused, StoreError, UsageError
from watchlist.paths import Paths
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.library import Library

LIST = """\
version = 1

# the one with the diner
[[shows]]
id = "heat"
title = "Heat"
year = 1995
rating = 4 # of 5

[[shows]]
title = "Slow Horses"
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config.toml", tmp_path / "list.toml", tmp_path / "state", tmp_path / "cache")


@pytest.fixture
def library(paths: Paths) -> Library:
    paths.data.write_text(LIST, "utf-8")
    return Library.open(paths.data, paths)


def again(library: Library) -> Library:
    """The same list in a process that starts anew."""
    return Library.open(library.file, library.paths)


def test_a_list_that_is_not_there_shows_the_seed_and_reading_writes_nothing(paths: Paths, tmp_path: Path) -> None:
    library = Library.open(paths.data, paths)
    assert [show.title for show in library.list.shows] == ["Ballard"]
    assert not library.list_file.exists
    library.history()
    assert list(tmp_path.iterdir()) == []


def test_the_first_change_creates_the_file_privately_with_the_seed_in_it(paths: Paths) -> None:
    library = Library.open(paths.data, paths)
    before = library.text()
    mask = os.umask(0)
    try:
        library.apply(edits.rate(["ballard"], 4.0))
    finally:
        os.umask(mask)
    assert stat.S_IMODE(paths.data.stat().st_mode) == 0o600
    assert stat.S_IMODE(paths.state.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in paths.state.rglob("*.*")} == {0o600}
    assert paths.data.read_text("utf-8") == before.replace("rating = 4.5", "rating = 4.0")
    library.undo()
    assert paths.data.read_text("utf-8") == before


def test_a_change_touches_its_value_and_keeps_its_comment(library: Library) -> None:
    change = library.apply(edits.rate(["heat"], 4.5))
    assert change.label == "Rated Heat 4.5, was 4"
    assert library.file.read_text("utf-8") == LIST.replace("rating = 4 #", "rating = 4.5 #")


def test_a_show_without_an_id_gets_it_with_its_first_change(library: Library) -> None:
    assert library.list.shows[1].id == "slow-horses"
    library.apply(edits.set_status(["slow-horses"], Status.WATCHING))
    expected = LIST + 'id = "slow-horses"\nstatus = "watching"\n'
    assert sorted(library.file.read_text("utf-8").splitlines()) == sorted(expected.splitlines())


def test_an_edit_that_changes_nothing_writes_nothing(library: Library) -> None:
    before = library.file.stat()
    change = library.apply(edits.rate(["heat"], 4.0))
    assert (change.number, change.label) == (0, "Nothing changed")
    assert library.file.stat().st_mtime_ns == before.st_mtime_ns
    assert library.history() == ()


def test_F38_undo_and_redo_go_across_restarts(library: Library) -> None:
    library.apply(edits.rate(["heat"], 4.5))
    library.apply(edits.add(Show("", "Zodiac", year=2007)))
    library.apply(edits.remove(["heat"]))
    last = library.file.read_bytes()
    labels = [change.label for change in again(library).undo(2)]
    assert labels == ["Undone: Removed Heat", "Undone: Added Zodiac"]
    again(library).undo()
    assert library.file.read_text("utf-8") == LIST
    with pytest.raises(NotFound, match="nothing to undo"):
        again(library).undo()
    again(library).redo(3)
    assert library.file.read_bytes() == last
    with pytest.raises(NotFound, match="nothing to redo"):
        again(library).redo()
    assert [entry.label for entry in library.history()] == ["Removed Heat", "Added Zodiac", "Rated Heat 4.5, was 4"]


def test_a_new_change_ends_what_can_be_redone(library: Library) -> None:
    library.apply(edits.rate(["heat"], 4.5))
    library.undo()
    library.apply(edits.rate(["heat"], 5.0))
    with pytest.raises(NotFound):
        library.redo()


def test_two_windows_never_overwrite_each_other(library: Library) -> None:
    other = again(library)
    library.apply(edits.rate(["heat"], 4.5))
    other.apply(edits.set_status(["heat"], Status.WATCHED))
    assert other.list.shows[0].rating == 4.5
    assert library.reload()
    assert library.list.shows[0].status is Status.WATCHED
    assert not library.reload()
    library.undo(2)
    assert library.file.read_text("utf-8") == LIST


def test_F37_undo_leaves_what_was_changed_since_and_says_so(library: Library) -> None:
    library.apply(edits.assign(["heat"], [Assignment("rating", "=", 5.0), Assignment("year", "=", 1996)]))
    text = library.file.read_text("utf-8").replace("rating = 5.0", "rating = 3.5").replace("diner", "bank")
    library.file.write_text(text, "utf-8")
    (change,) = library.undo()
    assert change.skipped == ("rating of Heat was changed since, so it stays",)
    assert library.file.read_text("utf-8") == LIST.replace("rating = 4 ", "rating = 3.5 ").replace("diner", "bank")


def test_F37_undo_is_refused_where_nothing_is_left_of_a_change(library: Library) -> None:
    library.apply(edits.rate(["heat"], 5.0))
    library.file.write_text(LIST.replace("rating = 4", "rating = 1"), "utf-8")
    with pytest.raises(Refused, match="rating of Heat was changed since"):
        library.undo()
    assert "rating = 1" in library.file.read_text("utf-8")


def test_undo_of_an_addition_leaves_a_show_that_was_changed_since(library: Library) -> None:
    library.apply(edits.add(Show("", "Zodiac")))
    text = library.file.read_text("utf-8").replace('title = "Zodiac"', 'title = "Zodiac"\nrating = 5.0')
    library.file.write_text(text, "utf-8")
    with pytest.raises(Refused, match="zodiac was changed since"):
        library.undo()
    assert library.file.read_text("utf-8") == text


def test_undo_puts_a_removed_show_back_where_it_was_with_its_comment(library: Library) -> None:
    library.apply(edits.remove(["heat"]))
    library.file.write_text(library.file.read_text("utf-8") + '\n[[shows]]\ntitle = "New"\n', "utf-8")
    library.undo()
    assert library.file.read_text("utf-8") == LIST + '\n[[shows]]\ntitle = "New"\n'


def test_a_change_that_never_reached_the_file_is_not_undone(library: Library) -> None:
    library.apply(edits.rate(["heat"], 5.0))
    first = library.file.read_bytes()
    library.apply(edits.rate(["heat"], 1.0))
    library.file.write_bytes(first)  # as after a crash between the journal and the file
    (change,) = again(library).undo()
    assert change.label == "Undone: Rated Heat 5, was 4"
    assert library.file.read_text("utf-8") == LIST.replace("rating = 4 ", "rating = 4 ")


def test_F38_a_journal_that_ends_at_any_byte_loses_no_line_before_it(library: Library, paths: Paths) -> None:
    library.apply(edits.rate(["heat"], 5.0))
    first = paths.journal(library.file).read_bytes()
    library.apply(edits.rate(["heat"], 1.0))
    whole, text = paths.journal(library.file).read_bytes(), library.file.read_bytes()
    lengths = [len(line) for line in whole.splitlines(keepends=True)]  # a change, its confirmation, and again
    ends = [sum(lengths[:1]) - 1, sum(lengths[:3]) - 1]
    for end in range(len(whole)):
        paths.journal(library.file).write_bytes(whole[:end])
        labels = [entry.label for entry in library.history()]
        assert (
            labels
            == ["Rated Heat 1, was 5", "Rated Heat 5, was 4"][2 - sum(end >= whole_line for whole_line in ends) :]
        )
    for end in range(len(first), len(whole), 7):
        paths.journal(library.file).write_bytes(whole[:end])
        library.file.write_bytes(text)
        other = again(library)
        other.apply(edits.set_status(["heat"], Status.WATCHED))
        assert other.history()[0].label == "Set status of Heat to watched, was planned"
        again(other).undo()
        assert library.file.read_bytes() == text


def test_F06_links_and_modes_are_kept(library: Library, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "watchlist.toml"
    real.parent.mkdir()
    library.file.rename(real)
    (tmp_path / "hop").symlink_to(Path("dotfiles") / "watchlist.toml")
    library.file.symlink_to(tmp_path / "hop")
    real.chmod(0o640)
    library.apply(edits.rate(["heat"], 5.0))
    assert library.file.is_symlink()
    assert "rating = 5.0" in real.read_text("utf-8")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [path.name for path in real.parent.iterdir()] == ["watchlist.toml"]
    again(library).undo()  # by whatever name: one list, one journal
    assert Library.open(real, library.paths).list.shows[0].rating == 4


def test_F11_both_names_of_a_hard_link_see_the_change(library: Library, tmp_path: Path) -> None:
    os.link(library.file, tmp_path / "second")
    library.apply(edits.rate(["heat"], 5.0))
    assert (tmp_path / "second").read_bytes() == library.file.read_bytes()
    assert library.file.stat().st_nlink == 2


def test_F08_a_dangling_link_creates_at_its_target(paths: Paths, tmp_path: Path) -> None:
    paths.data.symlink_to(tmp_path / "sub" / "target.toml")
    with pytest.raises(StoreError, match="which does not exist"):  # it may be on a drive
        Library.open(paths.data, paths).apply(edits.rate(["ballard"], 5.0))
    assert not (tmp_path / "sub").exists()
    (tmp_path / "sub").mkdir()
    Library.open(paths.data, paths).apply(edits.rate(["ballard"], 5.0))
    assert paths.data.is_symlink()
    assert "rating = 5.0" in (tmp_path / "sub" / "target.toml").read_text("utf-8")


def test_F13_a_file_that_may_not_be_written_is_left_alone(library: Library) -> None:
    library.file.chmod(0o444)
    with pytest.raises(StoreError, match="read-only"):
        library.apply(edits.rate(["heat"], 5.0))
    assert library.file.read_text("utf-8") == LIST
    assert library.history() == ()


@pytest.mark.parametrize("make", ["folder", "pipe", "loop"])
def test_F18_what_is_not_a_file_is_refused_at_once(paths: Paths, make: str) -> None:
    {
        "folder": paths.data.mkdir,
        "pipe": lambda: os.mkfifo(paths.data),
        "loop": lambda: paths.data.symlink_to(paths.data),
    }[make]()
    with pytest.raises(StoreError, match=r"not a regular file|can't read"):
        Library.open(paths.data, paths)


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_F19_F24_a_file_that_went_away_is_never_taken_for_an_empty_list(library: Library, text: str | None) -> None:
    if text is None:
        library.file.unlink()
    else:
        library.file.write_text(text, "utf-8")
    with pytest.raises(SuspectedLossError, match=r"gone|emptied"):
        library.apply(edits.add(Show("", "New")))
    assert library.file.exists() is (text is not None)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('[[shows]]\ntitle = "A"\n[[shows]]\ntitle = "B\n', 4, 11, "Illegal character"),
        ('[[shows]]\ntitle = "A"\nyear = 19x\n', 3, 10, "Expected newline"),
        ('[[shows]]\ntitle = "A"\n<<<<<<< ours\n', 3, 1, "merge left its conflict markers"),
        ('[[shows]]\ntitle = "A"\ntitle = "B"\n', 3, 12, "Cannot overwrite"),
        ('[[shows]]\ntitle = "A"\nx = """\n', 3, 8, "Unterminated|Expected"),
        ("version = 2\n[[shows]]\ntitle = 'A'\n", 1, 1, "newer"),
    ],
)
def test_F34_X14_damage_opens_read_only_with_its_place(
    paths: Paths, text: str, line: int, column: int, message: str
) -> None:
    paths.data.write_text(text, "utf-8")
    library = Library.open(paths.data, paths)
    damage = library.list.damage
    assert damage is not None
    assert (damage.line, damage.column) == (line, column)
    assert damage.text == text.split("\n")[line - 1]
    with pytest.raises(StoreError, match=f"line {line}, column {column}"):
        library.apply(edits.add(Show("", "New")))
    assert paths.data.read_text("utf-8") == text


def test_shows_around_a_syntax_error_are_listed(paths: Paths) -> None:
    paths.data.write_text('[[shows]]\ntitle = "A"\n\n[[shows]]\ntitle = B\n\n[[shows]]\ntitle = "C"\n', "utf-8")
    assert [show.title for show in Library.open(paths.data, paths).list.shows] == ["A", "C"]


def test_X06_bytes_that_are_not_utf8_are_named_and_kept(paths: Paths) -> None:
    data = b'[[shows]]\ntitle = "caf\xe9"\n'
    paths.data.write_bytes(data)
    damage = Library.open(paths.data, paths).list.damage
    assert damage is not None
    assert (damage.line, damage.column) == (2, 13)
    assert "0xe9" in damage.message
    assert paths.data.read_bytes() == data


def test_X03_a_wrong_value_marks_its_show_and_stays_while_others_are_changed(paths: Paths) -> None:
    text = '[[shows]]\ntitle = "A"\nrating = 11 # out of twelve\nyear = "MCM"\n'
    paths.data.write_text(text, "utf-8")
    library = Library.open(paths.data, paths)
    assert [problem.key for problem in library.list.shows[0].problems] == ["rating", "year"]
    library.apply(edits.set_status(["a"], Status.WATCHED))
    assert "rating = 11 # out of twelve" in paths.data.read_text("utf-8")
    library.apply(edits.rate(["a"], 4.5))
    assert [problem.key for problem in library.list.shows[0].problems] == ["year"]
    library.undo(2)
    assert paths.data.read_text("utf-8") == text


def test_shows_with_one_id_are_told_apart(paths: Paths) -> None:
    paths.data.write_text('[[shows]]\nid = "a"\ntitle = "A"\n\n[[shows]]\nid = "a"\ntitle = "B"\n', "utf-8")
    library = Library.open(paths.data, paths)
    assert [show.id for show in library.list.shows] == ["a", "a-2"]
    library.apply(edits.rate(["a-2"], 5.0))
    assert paths.data.read_text("utf-8").endswith('title = "B"\nrating = 5.0\n')


def test_X09_shows_written_as_one_value_are_read_and_not_changed(paths: Paths) -> None:
    text = 'shows = [ { title = "A" }, { title = "B" } ]\n'
    paths.data.write_text(text, "utf-8")
    library = Library.open(paths.data, paths)
    assert [show.title for show in library.list.shows] == ["A", "B"]
    with pytest.raises(Refused, match="only"):
        library.apply(edits.rate(["a"], 5.0))
    assert paths.data.read_text("utf-8") == text


def test_a_table_of_somebody_else_inside_a_show_stays_when_the_show_goes(paths: Paths) -> None:
    text = '[[shows]]\ntitle = "A"\n\n[plugin]\nx = 1\n\n[shows.ids]\nimdb = "tt1"\n\n[[shows]]\ntitle = "B"\n'
    paths.data.write_text(text, "utf-8")
    library = Library.open(paths.data, paths)
    assert library.list.shows[0].ids == {"imdb": "tt1"}
    library.apply(edits.remove(["a"]))
    assert "[plugin]\nx = 1\n" in paths.data.read_text("utf-8")
    assert "tt1" not in paths.data.read_text("utf-8")
    library.undo()
    assert paths.data.read_text("utf-8") == text


@pytest.mark.parametrize("by", ["id", "title"])
def test_a_new_show_goes_in_order_where_the_list_is_kept_in_order(paths: Paths, by: str) -> None:
    rows = [("a", "Alien"), ("m", "Memento"), ("z", "Zodiac")]
    if by == "title":
        rows = [("3", "Alien"), ("2", "Memento"), ("1", "Zodiac")]
    blocks = [f'[[shows]]\nid = "{id}"\ntitle = "{title}"\n' for id, title in rows]
    paths.data.write_text("\n".join(blocks), "utf-8")
    library = Library.open(paths.data, paths)
    library.apply(edits.add(Show("", "Heat")))
    assert [show.title for show in library.list.shows] == ["Alien", "Heat", "Memento", "Zodiac"]
    assert paths.data.read_text("utf-8").count("\n\n[[shows]]") == 3


def test_many_shows_change_in_one_step(library: Library) -> None:
    library.apply(edits.set_status(["heat", "slow-horses"], Status.DROPPED))
    assert library.history()[0].label == "Changed status of 2 shows"
    library.undo()
    assert library.file.read_text("utf-8") == LIST


def test_a_block_from_an_editor_replaces_the_block(library: Library) -> None:
    text = library.block("heat")
    change = library.replace_block("heat", text.replace("1995", "0x7CB # hex"))
    assert change.label == "Edited the file"
    library.replace_block("heat", text.replace("4 #", "3 #"))
    assert library.list.shows[0].rating == 3
    with pytest.raises(UsageError, match="line 2, column 10: Expected newline"):
        library.replace_block("heat", "[[shows]]\ntitle = 5x")
    library.undo(2)
    assert library.file.read_text("utf-8") == LIST


def test_a_whole_text_from_an_editor_is_one_step_even_where_shows_change_places(library: Library) -> None:
    head, heat, slow = (
        LIST.partition("# the one")[0],
        LIST[LIST.index("# the one") : LIST.rindex("[[")],
        LIST[LIST.rindex("[[") :],
    )
    library.replace_text(head + slow + "\n" + heat)
    assert [show.id for show in library.list.shows] == ["slow-horses", "heat"]
    with pytest.raises(UsageError, match="line 1, column"):
        library.replace_text("oops")
    again(library).undo()
    assert library.file.read_text("utf-8") == LIST
    library.redo()
    assert library.list.shows[0].id == "slow-horses"


def test_what_was_changed_while_the_editor_was_open_is_not_overwritten(library: Library) -> None:
    given = library.block("heat")
    again(library).apply(edits.rate(["heat"], 1.0))
    library.reload()
    with pytest.raises(Refused, match="changed elsewhere meanwhile"):
        library.replace_block("heat", given.replace("1995", "1996"), was=given)
    assert "1995" in library.file.read_text("utf-8")


def test_damage_can_be_mended_in_the_editor(paths: Paths) -> None:
    paths.data.write_text('[[shows]]\ntitle = "A\n', "utf-8")
    library = Library.open(paths.data, paths)
    library.replace_text('[[shows]]\ntitle = "A"\n')
    assert library.list.damage is None


def test_an_edit_that_fails_changes_nothing(library: Library) -> None:
    def broken(_: Watchlist) -> Watchlist:
        raise NotFound("no")

    with pytest.raises(NotFound):
        library.apply(broken)
    with pytest.raises(UsageError):
        library.apply(edits.add(Show("", "lone \ud800 surrogate")))
    assert library.file.read_text("utf-8") == LIST


def test_an_edit_sees_what_was_written_a_moment_ago(library: Library) -> None:
    library.file.write_text(LIST + '\n[[shows]]\ntitle = "New"\n', "utf-8")
    library.apply(lambda lib: replace(lib, shows=tuple(replace(show, year=2000) for show in lib.shows)))
    assert library.file.read_text("utf-8").count("year = 2000") == 3


def _write(file: Path, paths: Paths, name: str, count: int) -> None:
    library = Library.open(file, paths)
    for number in range(count):
        library.apply(edits.add(Show("", f"{name} {number}")))


def test_F21_two_processes_lose_nothing(library: Library, paths: Paths, request: pytest.FixtureRequest) -> None:
    each = 300 if request.config.getoption("--long") else 100
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(library.file, paths, name, each)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert library.reload()
    assert len(library.list.shows) == 2 + 2 * each
    library.undo(2 * each)
    assert library.file.read_text("utf-8") == LIST
