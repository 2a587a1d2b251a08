"""The way back is exact in another process too, and where it can't be, nothing is dropped without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import Refused, StoreError
from watchlist.store.disk import atomic_replace, file_io
from watchlist.store.history import journal
from watchlist.store.library import Library

HEAT = '[[shows]]\ntitle = "Heat"\n'
TWO = f'{HEAT}\n# of B\n[[shows]]\nid = "b"\ntitle = "B"\n'


def elsewhere(library: Library, old: str, new: str) -> None:
    """Another program writes the file."""
    text = library.file.read_text("utf-8")
    assert old in text
    library.file.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        (f"{HEAT}\n{TWO}", ["heat"], ["heat", "b"]),  # no ids: the one that stays gets the one that is free
        (HEAT + TWO + HEAT, ["heat", "heat-3"], ["heat", "b"]),
        (f"{TWO}\n{HEAT}", ["heat"], ["b", "heat"]),  # and moves past another one
        ('[[shows]]\nid = "b"\ntitle = "A"\n\n' + TWO, ["b"], ["heat", "b"]),  # one id twice
    ],
)
def test_one_of_several_namesakes_can_be_removed_and_put_back(
    opened: Opened, text: str, gone: list[str], left: list[str]
) -> None:
    library = opened(text)
    library.apply(edits.remove(gone))
    assert [show.id for show in library.list.shows] == left
    assert again(library).list == library.list
    again(library).undo()
    assert library.file.read_text("utf-8") == text
    again(library).redo()
    assert [show.id for show in again(library).list.shows] == left


def test_the_show_between_two_tables_of_others_can_be_removed_and_put_back(opened: Opened) -> None:
    text = f"version = 1\n\n{HEAT}\n[[views]]\nname = 'n'\nquery = ''\n\n{HEAT}\n[plugin]\nx = 1\n"
    library = opened(text)
    library.apply(edits.remove(["heat"]))
    assert [show.id for show in again(library).list.shows] == [show.id for show in library.list.shows]
    library.apply(edits.add(Show("", "Zodiac")))
    again(library).undo(2)
    assert library.file.read_text("utf-8") == text


def test_what_belongs_to_others_keeps_its_comment_when_the_show_around_it_goes(opened: Opened) -> None:
    text = f"{HEAT}\n# of the plugin\n[plugin]\nx = 1\n\n# of Heat\n[shows.ids]\nimdb = 'tt1'\n\n{HEAT}"
    library = opened(text)
    library.apply(edits.remove(["heat"]))
    assert library.file.read_text("utf-8") == f"# of the plugin\n[plugin]\nx = 1\n\n{HEAT}"
    again(library).undo()
    assert library.file.read_text("utf-8") == text


def test_ids_that_look_like_names_of_parts_are_ids(opened: Opened) -> None:
    text = '[[shows]]\nid = "#0"\ntitle = "A"\n\n[plugin]\nx = 1\n\n[[shows]]\nid = "#1"\ntitle = "B"\n'
    library = opened(text)
    library.apply(edits.rate(["#0"], 3.0))
    library.apply(edits.remove(["#1"]))
    library.apply(edits.remove(["#0"]))
    assert library.file.read_text("utf-8") == "[plugin]\nx = 1\n\n"
    again(library).undo(3)
    assert library.file.read_text("utf-8") == text


@pytest.mark.parametrize("broken", ['[[shows]]\ntitle = "A\n', f'{TWO}\n[[shows]]\ntitle = "C"\nyear = 19x\n'])
def test_the_mending_of_a_damaged_list_can_be_undone_and_done_again(opened: Opened, broken: str) -> None:
    library = opened(broken)
    library.replace_text(f"{TWO}{HEAT}")
    again(library).undo()
    assert library.file.read_text("utf-8") == broken
    again(library).redo()
    assert library.file.read_text("utf-8") == f"{TWO}{HEAT}"


def test_X07_a_mark_at_the_start_of_the_file_comes_back(opened: Opened) -> None:
    library = opened("\ufeff" + TWO)
    library.replace_text(TWO.replace("of B", "of C"))
    again(library).undo()
    assert library.file.read_text("utf-8") == "\ufeff" + TWO


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_new_show_stands_after_one_blank_line(opened: Opened, end: str) -> None:
    text = HEAT.rstrip("\n") + end
    library = opened(text)
    library.apply(edits.add(Show("", "Zodiac")))
    assert library.file.read_text("utf-8").startswith(f'{HEAT}\n[[shows]]\nid = "zodiac"\n')
    again(library).undo()
    assert library.file.read_text("utf-8") == text


def test_undo_says_what_between_the_shows_it_could_not_take_back(opened: Opened) -> None:
    library = opened(HEAT)
    library.replace_text(f'{HEAT}\n[[views]]\nname = "n"\nquery = "a"\n')
    elsewhere(library, '"a"', '"b"')
    with pytest.raises(Refused, match="the text between the shows was changed since"):
        library.undo()
    assert 'query = "b"' in library.file.read_text("utf-8")


def test_undo_never_writes_twice_what_stands_between(opened: Opened) -> None:
    library = opened(f"version = 1\n\n{HEAT}\n[plugin]\nx = 1\n")
    library.apply(edits.remove(["heat"]))
    elsewhere(library, "version = 1", "version = 1\nmine = 2")
    (change,) = library.undo()
    assert change.skipped == ("the text between the shows was changed since, so it stays",)
    text = library.file.read_text("utf-8")
    assert text.count("[plugin]") == text.count("[[shows]]") == text.count("mine = 2") == 1


def test_undo_of_a_comment_says_so_where_its_block_was_changed_since(opened: Opened) -> None:
    library = opened(TWO)
    library.replace_block("b", library.block("b").replace("of B", "of C"))
    elsewhere(library, 'title = "B"', 'title = "B"\nyear = 1999')
    with pytest.raises(Refused, match="b was changed since"):
        library.undo()


def test_undo_of_part_of_a_change_keeps_the_id_that_was_given_with_it(opened: Opened) -> None:
    library = opened(HEAT)
    library.apply(edits.rate(["heat"], 3.0))
    elsewhere(library, '"Heat"', '"Renamed"')
    library.undo()
    assert [(show.id, show.rating) for show in library.list.shows] == [("heat", None)]


@pytest.mark.parametrize("cut", ["\n", "\n\n# of B\n", "\n# a note at the end\n"])
def test_a_show_is_put_back_whatever_the_end_of_the_one_before_it_is_now(opened: Opened, cut: str) -> None:
    library = opened(TWO)
    library.apply(edits.remove(["b"]))
    library.file.write_text(HEAT.rstrip("\n") + (cut if "note" in cut else ""), "utf-8")
    library.undo()
    assert library.block("b") == '# of B\n[[shows]]\nid = "b"\ntitle = "B"\n'
    assert [show.id for show in again(library).list.shows] == ["heat", "b"]


def test_undo_is_refused_where_the_show_would_swallow_what_others_wrote(opened: Opened) -> None:
    library = opened(HEAT)
    library.apply(edits.remove(["heat"]))
    library.file.write_text("mine = 1\n", "utf-8")
    with pytest.raises(Refused):
        library.undo()
    assert library.file.read_text("utf-8") == "mine = 1\n"


def test_a_show_that_is_gone_already_does_not_bar_the_way_back(opened: Opened) -> None:
    library = opened(HEAT.rstrip("\n"))
    library.apply(edits.rate(["heat"], 3.0))
    library.apply(edits.add(Show("", "Zodiac")))
    library.file.write_text(library.block("heat"), "utf-8")
    other = again(library)
    other.guard.accept()
    other.undo(2)
    assert library.file.read_text("utf-8").rstrip("\n") == HEAT.rstrip("\n")


def test_the_journal_forgets_the_oldest_where_it_grew_too_large(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MAX_BYTES", 10_000)
    monkeypatch.setattr(journal, "KEPT_BYTES", 5000)
    library = opened(HEAT)
    states = []
    for year in range(1950, 1990):
        states.append(library.file.read_bytes())
        library.apply(edits.update("heat", {"year": year}))
    assert library.paths.journal(library.file).stat().st_size <= 10_000
    kept = len(library.history())
    assert 3 <= kept < 40
    assert library.history()[0].number == 40
    monkeypatch.setattr(journal, "MAX_BYTES", 100_000)  # the lines of what is undone push no others out
    again(library).undo(100)
    assert library.file.read_bytes() == states[-kept]


def test_a_line_of_the_journal_that_is_none_is_passed_over(opened: Opened) -> None:
    library = opened(HEAT)
    library.apply(edits.rate(["heat"], 3.0))
    path = library.paths.journal(library.file)
    with path.open("ab") as stream:
        stream.write(b'[]\n{"n": 1e999}\n"x"\n\xff\n{"n": 9, "time": "now", "label": ""}\n{"n": 2, "ti')
    library.apply(edits.rate(["heat"], 4.0))
    assert [entry.number for entry in again(library).history()] == [2, 1]
    again(library).undo(2)
    assert library.file.read_text("utf-8") == HEAT


def test_a_journal_may_hold_a_line_that_is_larger_than_a_list_may_be(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_io.read, "__defaults__", (300,))
    library = opened(TWO)
    for text in (f'[[shows]]\nid = "b"\ntitle = "{"B" * 100}"\n\n{HEAT}', TWO):
        library.replace_text(text)
    again(library).undo(2)
    assert library.file.read_text("utf-8") == TWO


def test_a_change_that_could_not_be_written_is_not_in_the_history(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(HEAT)
    library.apply(edits.rate(["heat"], 3.0))

    def full(*_: object, **__: object) -> None:
        raise StoreError("no space")

    with monkeypatch.context() as patched:
        patched.setattr(atomic_replace, "swap", full)
        with pytest.raises(StoreError, match="no space"):
            library.apply(edits.rate(["heat"], 5.0))
    assert [entry.label for entry in library.history()] == ["Rated Heat 3, was not rated"]
    library.undo()
    assert library.file.read_text("utf-8") == HEAT


def test_what_another_program_writes_at_the_last_moment_is_kept(opened: Opened) -> None:
    library = opened(TWO)
    tries: list[int] = []

    def edit(list: Watchlist) -> Watchlist:
        if not tries:
            elsewhere(library, 'title = "B"', 'title = "B"\nyear = 1999')  # after it was read, before it is replaced
        tries.append(1)
        return edits.rate(["heat"], 3.0)(list)

    library.apply(edit)
    assert len(tries) == 2
    assert [(show.rating, show.year) for show in library.list.shows] == [(3.0, None), (None, 1999)]
    assert [entry.label for entry in library.history()] == ["Rated Heat 3, was not rated"]


def test_a_list_that_is_being_written_all_the_time_is_left_alone(opened: Opened) -> None:
    library = opened(HEAT)

    def edit(list: Watchlist) -> Watchlist:
        library.file.write_text(library.file.read_text("utf-8") + "# again\n", "utf-8")
        return edits.rate(["heat"], 3.0)(list)

    with pytest.raises(StoreError, match="being written by another program"):
        library.apply(edit)
    assert "rating" not in library.file.read_text("utf-8")
    assert library.history() == ()


def test_many_changes_at_once_are_one_step_back(opened: Opened, tmp_path: Path) -> None:
    text = "".join(f'[[shows]]\nid = "s-{n:03}"\ntitle = "S {n:03}"\n\n' for n in range(0, 400, 2))
    library = opened(text)

    def edit(list: Watchlist) -> Watchlist:
        kept = tuple(replace(show, year=1999) for show in list.shows[50:])
        return replace(list, shows=(*kept, *(Show(f"s-{n:03}", f"S {n:03}") for n in range(399, 0, -2))))

    library.apply(edit)
    ids = [show.id for show in library.list.shows]
    assert ids == sorted(ids)
    assert len(ids) == 350
    again(library).undo()
    assert library.file.read_text("utf-8") == text


def test_a_title_or_id_that_is_none_bars_no_change(opened: Opened) -> None:
    text = "[[shows]]\n\n[[shows]]\nid = 5\ntitle = 'N'\n\n[[shows]]\nid = ''\ntitle = 'E'\n\n[[shows]]\ntitle = 7\nx = nan\n"
    library = opened(text)
    ids = [show.id for show in library.list.shows]
    assert ids == ["no-title", "5", "e", "7"]
    library.apply(edits.assign(ids, [Assignment("rating", "=", 3.0)]))
    library.apply(edits.assign(ids[1:3], [Assignment("title", "=", "New")]))
    assert [show.id for show in again(library).list.shows] == ids
    assert "id = 5\n" in library.file.read_text("utf-8")
    again(library).undo(2)
    assert library.file.read_text("utf-8") == text
