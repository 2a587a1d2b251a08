"""What is in the bytes of a file at one moment: shows with ids of their own, views, what is odd, and where it is damaged."""

from __future__ import annotations

import gc

import pytest

from watchlist.domain.model import Problem, Show
from watchlist.domain.watchlist import View
from watchlist.store.snapshot import SnapshotLoader, collector_paused, name_of, named, named_as, parse_snapshot

A, B = '[[shows]]\nid = "a"\ntitle = "A"\n', '[[shows]]\nid = "b"\ntitle = "B"\n'
TAKEN = "another show has this id"


def ids(text: str) -> list[str]:
    return [show.id for show in parse_snapshot(text.encode()).list.shows]


# Names


def test_parts_are_named_by_what_is_in_them_and_found_by_name() -> None:
    text = f'version = 1\n{A}[x]\n[[shows]]\nid = "#0"\ntitle = "N"\n[y]\n'
    snapshot = parse_snapshot(text.encode())
    names = [snapshot.name(at) for at in range(len(snapshot.document))]
    assert names == ["#0", "a", "#1", "##0", "#2"]
    assert [snapshot.position(name) for name in names] == [0, 1, 2, 3, 4]
    assert [snapshot.part(name) for name in names] == [part.text for part in snapshot.document.parts]
    for name in ("", "b", "#3", "##1", "#", "#x"):
        assert snapshot.position(name) is None
        assert snapshot.part(name) is None
    assert [name_of(id) for id in ("a", "#0", "##")] == ["a", "##0", "###"]


def test_shows_in_one_value_have_no_place() -> None:
    snapshot = parse_snapshot(b"shows = [{id = 'a', title = 'A'}]\n")
    assert [show.id for show in snapshot.list.shows] == ["a"]
    assert snapshot.position("a") is None
    assert snapshot.shows_by_block() == {}
    assert snapshot.list.problems == ()


def test_shows_are_known_by_their_blocks_unless_their_id_is_not_in_them() -> None:
    text = f"version = 1\n{A}{B}{A}[[shows]]\ntitle = 'C'\n"
    snapshot = parse_snapshot(text.encode())
    shows = snapshot.list.shows
    assert dict(snapshot.file_ids) == {2: "a", 3: ""}
    assert snapshot.shows_by_block() == {A.encode(): shows[0], B.encode(): shows[1]}
    assert snapshot.shows_by_block(2) == {B.encode(): shows[1]}
    assert snapshot.shows_by_block(0, 2) == {A.encode(): shows[0]}
    assert snapshot.shows_by_block(3, 5) == {}


# Ids


@pytest.mark.parametrize(
    ("written", "known"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a-2", "a-3"]),
        (["a", "a-2", "a"], ["a", "a-2", "a-3"]),
        (["a", "a", "a-2"], ["a", "a-3", "a-2"]),
        (["", "", "t"], ["t-2", "t-3", "t"]),
        (["", "a"], ["t", "a"]),
        (["a-2", "a", "a-2"], ["a-2", "a", "a-2-2"]),
    ],
)
def test_each_show_has_an_id_of_its_own(written: list[str], known: list[str]) -> None:
    shows, others = named([Show(id, "T") for id in written])
    assert [show.id for show in shows] == known
    assert others == {n: id for n, (id, now) in enumerate(zip(written, known, strict=True)) if id != now}
    assert [show.problems for show in shows] == [
        (Problem("id", TAKEN, id),) if id and id != now else () for id, now in zip(written, known, strict=True)
    ]
    again, same = named(shows, others)
    assert (again, same) == (shows, others)


def test_namesakes_are_counted_from_two_whoever_was_first() -> None:
    shows = [Show("heat", "Heat"), Show("heat", "Heat"), Show("", "Heat 2"), Show("", "Up"), Show("", "Up")]
    assert [show.id for show in named(shows)[0]] == ["heat", "heat-2", "heat-2-2", "up", "up-2"]


def test_an_id_that_is_free_again_is_nobodys_problem() -> None:
    shows, others = named([Show("a", "T"), Show("a", "T")])
    left, none = named(shows[1:], {0: others[1]})
    assert (left, none) == ((Show("a", "T"),), {})
    other = Problem("year", "odd", 5)
    show = Show("x", "T", problems=(other, Problem("id", TAKEN, "y")))
    assert named_as(show, "y", "y") == Show("y", "T", problems=(other,))
    assert named_as(show, "z", "").problems == (other,)
    kept = Show("a", "T")
    assert named_as(kept, "a", "a") is kept


# All else


def test_views_and_what_others_keep_in_the_file() -> None:
    text = "version = 1\nmine = 5\n[[views]]\nname = 'One'\nquery = 'a'\n[[views]]\nname = 'Two'\n[other]\nx = 1\n"
    found = parse_snapshot(text.encode()).list
    assert found.views == (View("One", "a"), View("Two", ""))
    assert found.other == {"mine": 5, "other": {"x": 1}}
    assert found.problems == ()
    assert found.damage is None


@pytest.mark.parametrize(
    ("text", "views", "keys"),
    [
        ("[views]\nname = 'One'\n", (View("One", ""),), []),
        (
            "[[views]]\nname = 3\n[[views]]\nname = 'x'\n[[views]]\nquery = 'q'\n",
            (View("x", ""),),
            ["views[0]", "views[2]"],
        ),
        ("[[views]]\nname = 'x'\nquery = 3\n", (), ["views[0]"]),
        ("views = 3\n", (), ["views[0]"]),
        ("views = []\n", (), []),
        ("views = ['x']\n", (), ["views[0]"]),
    ],
)
def test_views_that_are_none_are_said(text: str, views: tuple[View, ...], keys: list[str]) -> None:
    found = parse_snapshot(text.encode()).list
    assert found.views == views
    assert [problem.key for problem in found.problems] == keys
    assert {problem.message for problem in found.problems} <= {"a view has a name and a query, both in quotes"}


def test_shows_under_another_name_are_not_lost_sight_of() -> None:
    found = parse_snapshot(b"[[show]]\ntitle = 'A'\n[[Shows]]\ntitle = 'B'\n[[other]]\nx = 1\n[shwos]\ny = 1\n").list
    assert [(problem.key, problem.message) for problem in found.problems] == [
        ("show", 'did you mean "shows"?'),
        ("Shows", 'did you mean "shows"?'),
    ]
    assert found.shows == ()


# Damage


@pytest.mark.parametrize(
    ("text", "line", "shown", "message"),
    [
        ("version = 2\n", 1, "version = 2", "version 2,"),
        ("# x\r\n version = 2 # y\r\n", 2, " version = 2 # y", "version 2,"),
        ("\ufeffversion = 1.5\n", 1, "\ufeffversion = 1.5", "version 1.5,"),
        ("version = 'one'\n", 1, "version = 'one'", "version one,"),
        ('"version" = 2\n', 1, '"version" = 2', "version 2,"),  # it is not looked for far
        (f"version = '{'x' * 50}'\n", 1, f"version = '{'x' * 50}'", f"version {'x' * 40},"),
    ],
)
def test_X14_a_newer_version_is_damage_with_its_line(text: str, line: int, shown: str, message: str) -> None:
    damage = parse_snapshot((text + A).encode()).list.damage
    assert damage is not None
    assert (damage.line, damage.column, damage.text) == (line, 1, shown)
    assert message in damage.message
    assert ids(text + A) == ["a"]


@pytest.mark.parametrize("text", ["version = 1\n", "version = 0\n", "version = -1\n", ""])
def test_a_version_that_is_known_is_no_damage(text: str) -> None:
    assert parse_snapshot((text + A).encode()).list.damage is None


@pytest.mark.parametrize("mark", ["<<<<<<< ours", "=======", ">>>>>>> theirs", "||||||| base"])
def test_F34_a_conflict_marker_is_called_one(mark: str) -> None:
    damage = parse_snapshot(f"{A}{mark}\n{B}".encode()).list.damage
    assert damage is not None
    assert damage.message.startswith("a merge left its conflict markers here")
    assert (damage.line, damage.text) == (4, mark)


def test_other_damage_is_not_called_a_conflict() -> None:
    damage = parse_snapshot(f"{A}x = = 1\n{B}".encode()).list.damage
    assert damage is not None
    assert "merge" not in damage.message
    assert (damage.line, damage.text) == (4, "x = = 1")


@pytest.mark.parametrize(
    ("data", "line", "column", "shown", "message"),
    [
        (b"\xffabc\ndef", 1, 1, "\ufffdabc", "byte 0 (0xff) is not UTF-8"),
        (b"ab\r\nc\xc3\xa9d\xe9f\r\ng", 2, 4, "céd\ufffdf", "byte 8 (0xe9) is not UTF-8"),
        (b"a\n\n\x80", 3, 1, "\ufffd", "byte 3 (0x80) is not UTF-8"),
        (b"a\nb\xe2\x82", 2, 2, "b\ufffd", "byte 3 (0xe2) is not UTF-8"),
    ],
)
def test_X06_a_byte_that_is_no_text_is_named(data: bytes, line: int, column: int, shown: str, message: str) -> None:
    snapshot = parse_snapshot(data)
    damage = snapshot.list.damage
    assert damage is not None
    assert (damage.line, damage.column, damage.text, damage.message) == (line, column, shown, message)
    assert (snapshot.data, snapshot.list.shows, len(snapshot.document)) == (data, (), 0)


# Reading


def test_a_block_that_stands_there_twice_is_read_once() -> None:
    shows = parse_snapshot((A + B + A).encode()).list.shows
    assert [show.id for show in shows] == ["a", "b", "a-2"]
    reading = SnapshotLoader((A + B).encode(), {A.encode(): (known := Show("a", "A"))})
    assert reading.total == 2
    assert reading.read_on()
    assert reading.read[0] is known
    assert reading.snapshot().list.shows[0] is known
    twice = SnapshotLoader((A + B + A).encode(), {})
    assert twice.read_on() is True
    assert twice.read[0] is twice.read[2]
    assert SnapshotLoader((A + B).encode(), {}).read_on(-1) is False
    before = parse_snapshot((A + B).encode())
    assert parse_snapshot((B + A).encode(), before).list.shows[1] is before.list.shows[0]


def test_shows_that_were_read_before_damage_was_met_are_the_ones_that_are_shown() -> None:
    reading = SnapshotLoader(f"{A}[[shows]]\nid = \n\n{B}".encode(), {})
    assert reading.read_on()
    first = reading.read[0]
    snapshot = reading.snapshot()
    assert [show.id for show in snapshot.list.shows] == ["a", "b"]
    assert snapshot.list.shows[0] is first
    assert snapshot.list.damage is not None


def fail_inside() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            pass
        assert not gc.isenabled()
        raise ValueError("x")


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was(on: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        with pytest.raises(ValueError, match="x"):
            fail_inside()
        assert gc.isenabled() is on
    finally:
        (gc.enable if was else gc.disable)()
