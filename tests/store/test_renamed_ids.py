"""An id that is changed in an editor: a rename of that show, never two shows of one id, never another show."""

from __future__ import annotations

import pytest

from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.edits import Delta
from watchlist.domain.model import Show
from watchlist.domain.renames import renamed, renames
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import UsageError

A, B, C = (f'[[shows]]\nid = "{id}"\ntitle = "{id.upper()}"\n' for id in "abc")
TEXT = f"version = 1\n\n{A}\n{B}\n{C}"
RANKED = '\n[[lists]] # mine\nname = "Ranked"\nshows = ["c", "a", # best\n  "b"]\n'


def as_id(block: str, id: str) -> str:
    return block.replace(block.splitlines()[1], f'id = "{id}"')


@pytest.mark.parametrize("rest", ["", RANKED])
def test_B19_a_changed_id_is_a_rename_and_lists_name_the_show_by_it(opened: Opened, rest: str) -> None:
    library = opened(TEXT + rest)
    change = library.replace_block("a", as_id(library.block("a"), "n"))
    assert change.label == "Changed the id of A from a to n"
    assert dict(renamed(change.deltas)) == {"a": "n"}
    assert len(change.deltas) == 1
    wanted = (TEXT + rest).replace('id = "a"', 'id = "n"').replace('"c", "a",', '"c", "n",')
    assert library.file.read_text() == wanted
    again(library).apply(edits.rate(["b"], 4.0))
    assert 'title = "B"\nrating = 4.0' in library.file.read_text()
    again(library).undo()
    (undone,) = again(library).undo()
    assert library.file.read_text() == TEXT + rest
    assert dict(renamed(undone.deltas)) == {"n": "a"}
    again(library).redo()
    assert library.file.read_text() == wanted


def test_B19_a_rename_with_other_changes_is_one_change(opened: Opened) -> None:
    library = opened(TEXT)
    change = library.replace_block("a", '[[shows]]\nid = "n"\ntitle = "New"\nyear = 1999\n')
    assert change.label == "Changed title, id and year of New"
    assert [(delta.before is None, delta.after is None) for delta in change.deltas] == [(False, False)]
    (undone,) = again(library).undo()
    assert library.file.read_text() == TEXT
    assert len(undone.deltas) == 1


@pytest.mark.parametrize("id", ["b", "b-2"])
def test_B19_an_id_that_another_show_has_is_refused(opened: Opened, id: str) -> None:
    before = f'{TEXT}\n[[shows]]\ntitle = "B"\n'  # known as b-2, which is not in the file
    library = opened(before)
    with pytest.raises(UsageError, match=f'B has the id "{id}" already') as refused:
        library.replace_block("a", as_id(A, id))
    assert 'id = "a"' in refused.value.hint
    assert library.file.read_text() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("id = 5", "a text in quotes"),
        ("id = ['n']", "a text in quotes"),
        ("id = {}", "a text in quotes"),
        ('id = "my show"', '"my-show" can be an id'),
        ('id = " n"', "has blanks"),
        ('id = "n\\u001b"', "n␛"),
        ('id = "  "', "has blanks"),
    ],
)
def test_B19_what_is_no_id_is_refused(opened: Opened, line: str, said: str) -> None:
    library = opened(TEXT)
    with pytest.raises(UsageError) as refused:
        library.replace_block("a", A.replace('id = "a"', line))
    assert said in f"{refused.value.message} {refused.value.hint}"
    assert library.file.read_text() == TEXT


@pytest.mark.parametrize("line", ["", 'id = ""\n', '# id = "a"\n'])
def test_B19_a_show_whose_id_was_taken_out_keeps_it(opened: Opened, line: str) -> None:
    library = opened(TEXT)
    change = library.replace_block("a", A.replace('id = "a"\n', line) + "year = 1999\n")
    assert change.label.startswith("Set year of A to ")
    assert library.list.find("a") is not None
    assert 'id = "a"\n' in library.file.read_text()
    assert again(library).list == library.list


def test_B19_a_show_without_an_id_can_be_given_one(opened: Opened) -> None:
    library = opened('[[shows]]\ntitle = "Heat"\n')
    assert library.replace_block("heat", '[[shows]]\nid = "mann"\ntitle = "Heat"\n').label.startswith("Changed the id")
    again(library).undo()
    assert library.file.read_text() == '[[shows]]\ntitle = "Heat"\n'
    again(library).replace_block("heat", '[[shows]]\ntitle = "Heat"\nyear = 1995\n')
    assert library.file.read_text() == '[[shows]]\ntitle = "Heat"\nyear = 1995\n'
    change = again(library).replace_block("heat", '[[shows]]\ntitle = "Heat 2"\n')
    assert change.label == "Changed title and year of Heat 2"
    assert library.file.read_text() == '[[shows]]\ntitle = "Heat 2"\nid = "heat"\n'


def test_B19_an_id_that_was_there_twice_already_can_stay_or_be_put_right(opened: Opened) -> None:
    twice = f"{A}\n{as_id(B, 'a')}"
    library = opened(twice)
    assert library.replace_block("a-2", as_id(B, "a") + "year = 1999\n").label == "Set year of B to 1999"
    change = library.replace_block("a-2", B + "year = 1999\n")
    assert dict(renamed(change.deltas)) == {"a-2": "b"}
    again(library).undo(2)
    assert again(library).replace_text(f"{twice}# so\n").label  # what was there is not refused


def test_B19_a_rename_is_undone_though_the_show_was_changed_since(opened: Opened) -> None:
    library = opened(TEXT)
    library.replace_block("a", as_id(library.block("a"), "n"))
    library.file.write_text(library.file.read_text().replace('"A"\n', '"A"\nyear = 1999\n'))
    again(library).undo()
    assert library.file.read_text() == TEXT.replace('"A"\n', '"A"\nyear = 1999\n')
    again(library).redo()
    assert [show.id for show in again(library).list.shows] == ["n", "b", "c"]


def test_B19_a_rename_is_not_undone_onto_an_id_that_was_given_since(opened: Opened) -> None:
    library = opened(TEXT)
    library.replace_block("a", as_id(library.block("a"), "n"))
    library.file.write_text(library.file.read_text() + f"\n{as_id(C, 'a')}".replace('"C"', '"D"'))
    text = library.file.read_text()
    with pytest.raises(Exception, match=r"id a|undo"):
        again(library).undo()
    assert library.file.read_text() == text


# The whole list


def test_B19_ids_that_are_swapped_are_two_renames_and_later_changes_hit_the_right_show(opened: Opened) -> None:
    library = opened(TEXT)
    change = library.replace_text(TEXT.replace(A, "?").replace(B, as_id(B, "a")).replace("?", as_id(A, "b")))
    assert dict(renamed(change.deltas)) == {"a": "b", "b": "a"}
    assert change.label == "Changed id of 2 shows"
    again(library).apply(edits.rate(["b"], 4.0))
    assert 'title = "A"\nrating = 4.0' in library.file.read_text()
    again(library).undo(2)
    assert library.file.read_text() == TEXT


def test_B19_a_changed_id_in_the_whole_list_is_a_rename_too(opened: Opened) -> None:
    library = opened(TEXT + RANKED)
    text = (TEXT + RANKED).replace(A, as_id(A, "n"))
    change = library.replace_text(text)
    assert change.label == "Changed the id of A from a to n"
    assert library.file.read_text() == text.replace('"a", #', '"n", #')
    again(library).undo()
    assert library.file.read_text() == TEXT + RANKED


def test_B19_a_new_duplicate_in_the_whole_list_is_refused_with_its_line(opened: Opened) -> None:
    library = opened(TEXT)
    with pytest.raises(UsageError, match='line 8: B has the id "a"; A has the same id'):
        library.replace_text(TEXT.replace(B, as_id(B, "a")))
    assert library.file.read_text() == TEXT


def test_B19_ids_that_are_taken_out_of_the_whole_list_are_kept(opened: Opened) -> None:
    text = TEXT.replace('id = "a"', 'id = "one"').replace('id = "b"', 'id = "two"')
    library = opened(text)
    change = library.replace_text(text.replace('id = "one"\n', "").replace('id = "two"\n', "") + "year = 1999\n")
    assert [show.id for show in again(library).list.shows] == ["one", "two", "c"]
    assert change.label.startswith("Set year of C to ")


def test_B19_one_show_for_another_is_no_rename(opened: Opened) -> None:
    library = opened(TEXT)
    change = library.replace_text(TEXT.replace(A, '[[shows]]\nid = "n"\ntitle = "New"\n'))
    assert change.label == "Added 1 show and removed 1 show"


def listed(*shows: tuple[str, str] | tuple[str, str, int]) -> Watchlist:
    return Watchlist(tuple(Show(row[0], row[1], year=row[2] if len(row) > 2 else None) for row in shows))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([("a", "A")], [("b", "A")], {"a": "b"}),
        ([("a", "A")], [("b", "a")], {"a": "b"}),
        ([("a", "A", 1999)], [("b", "A", 2000)], {}),
        ([("a", "A")], [("b", "A", 2000)], {"a": "b"}),
        ([("a", "A"), ("b", "B")], [("b", "A")], {"a": "b"}),
        ([("a", "A"), ("b", "B")], [("b", "A"), ("a", "B")], {"a": "b", "b": "a"}),
        ([("a", "A"), ("b", "B")], [("a", "B"), ("c", "A")], {"a": "c", "b": "a"}),
        ([("a", "A")], [("a", "B"), ("c", "A")], {"a": "c"}),
        ([("a", "A")], [("a", "B")], {}),
        ([("a", "A"), ("b", "A")], [("c", "A"), ("d", "A")], {"a": "c", "b": "d"}),
        ([("a", "A", 1), ("b", "A", 2)], [("c", "A", 2)], {"b": "c"}),
        ([("a", "A", 1), ("b", "A", 2)], [("c", "A")], {}),
        ([("a", "A")], [("a", "A"), ("b", "A")], {}),
    ],
)
def test_B19_renames_are_told_by_titles(
    before: list[tuple[str, str]], after: list[tuple[str, str]], found: dict[str, str]
) -> None:
    one, other = listed(*before), listed(*after)
    assert renames(one, other) == found
    deltas = edits.deltas(one, other, found)
    assert {old: new for old, new in found.items() if old != new} == dict(renamed(deltas))
    # The deltas lead from the one list to the other
    left = {show.id for show in one.shows} - {delta.before.id for delta in deltas if delta.before}
    assert left | {delta.after.id for delta in deltas if delta.after} == {show.id for show in other.shows}
    assert all(isinstance(delta, Delta) for delta in deltas)
