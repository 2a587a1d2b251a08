"""One place of a text changed: it is found, only it is read, and what was worked out of all else is kept."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from tests.store.cache.test_incremental import assert_same, columns, orders
from tests.store.texts import ODD
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.show_table import ShowTable
from watchlist.query.columns import COLUMNS
from watchlist.store.cache import column_cache, incremental
from watchlist.store.cache.column_cache import PatchedColumns, ShowRangeChange
from watchlist.store.cache.incremental import ChangedRange, _differing, _equal_length, _fits, reparse
from watchlist.store.snapshot import Snapshot, parse_snapshot
from watchlist.store.toml.document import Document, quick_cut

HEAD = "version = 1\n\n"
A, B, C, D = (f'[[shows]]\nid = "{id}"\ntitle = "{id.upper()}"\nrating = {n}.0\n\n' for n, id in enumerate("abcd", 1))
VIEW = '[[views]]\nname = "Tonight"\nquery = "a"\n\n'
OTHER = "[plugin]\nx = 1\n\n"
LIST = HEAD + A + B + VIEW + C + D
NEW = '[[shows]]\nid = "new"\ntitle = "New"\n\n'
SECOND = A.replace('"A"', '"Another"')  # and has the same id


def rated(block: str) -> str:
    return block.replace(".0", ".5")


CHANGES: dict[str, str] = {
    "the first": LIST.replace(A, rated(A)),
    "the second": LIST.replace(B, rated(B)),
    "the last": LIST.replace(D, rated(D)),
    "two apart": LIST.replace(A, rated(A)).replace(D, rated(D)),
    "one put in": LIST.replace(B, NEW + B),
    "one put first": LIST.replace(A, NEW + A),
    "one put last": LIST + NEW,
    "one taken out": LIST.replace(B, ""),
    "the first taken out": LIST.replace(A, ""),
    "the last taken out": LIST.replace(D, ""),
    "all but one taken out": HEAD + VIEW + C,
    "two changed places": HEAD + B + A + VIEW + C + D,
    "the same once more": LIST.replace(C, C + C),
    "the head": LIST.replace("version = 1", "version = 1 # mine"),
    "the head taken out": LIST.replace(HEAD, ""),
    "the view": LIST.replace("Tonight", "Later"),
    "a view put in": LIST.replace(B, VIEW + B),
    "a table at the end": LIST + OTHER,
    "the view taken out": LIST.replace(VIEW, ""),
    "an id": LIST.replace('"b"', '"bee"'),
    "an id that is taken": LIST.replace('id = "d"', 'id = "a"'),
    "a letter of two bytes": LIST.replace('"C"', '"Ç"'),
    "two apart in two ways": LIST.replace(A, rated(A)).replace('"D"', '"Dee"'),
    "nothing": LIST,
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_is_found_and_seen_as_if_all_were_read(what: str) -> None:
    text = CHANGES[what]
    before = parse_snapshot(LIST.encode())
    columns(before.list.shows), orders(before.list.shows)
    found = reparse(text.encode(), before)
    assert found is not None
    anew = parse_snapshot(text.encode())
    assert_same(found[0], anew)
    assert_outside_is_the_same(before, *found)
    blocks = dict(zip(before.document.blocks, before.list.shows, strict=True))
    if not anew.file_ids:
        for block, show in zip(found[0].document.blocks, found[0].list.shows, strict=True):
            assert show is blocks.get(block, show)


@pytest.mark.parametrize("what", CHANGES)
def test_and_back_again(what: str) -> None:
    text = CHANGES[what]
    before = parse_snapshot(text.encode())
    found = reparse(LIST.encode(), before)
    assert found is not None
    assert_same(found[0], parse_snapshot(LIST.encode()))
    assert_outside_is_the_same(before, *found)


def assert_outside_is_the_same(before: Snapshot, after: Snapshot, window: ChangedRange) -> None:
    """The parts around a window have the bytes and the names that they had."""
    for old, new in (
        (range(window.start), range(window.start)),
        (range(window.old, len(before.document)), range(window.new, len(after.document))),
    ):
        assert [(before.name(at), before.document.part(at)) for at in old] == [
            (after.name(at), after.document.part(at)) for at in new
        ]


def test_the_window_is_as_small_as_what_changed_with_its_neighbours() -> None:
    before = parse_snapshot(LIST.encode())  # 0 the head, 1 A, 2 B, 3 the view, 4 C, 5 D
    for what, window in (
        *(("the first", (0, 3, 3)), ("the second", (1, 4, 4)), ("the last", (4, 6, 6)), ("two apart", (0, 6, 6))),
        *(("the head", (0, 2, 2)), ("the view", (2, 5, 5)), ("a view put in", (1, 6, 7)), ("one put last", (4, 6, 7))),
    ):
        found = reparse(CHANGES[what].encode(), before)
        assert found is not None
        assert tuple(found[1]) == window


def test_who_says_where_it_was_changed_is_believed() -> None:
    before, text = parse_snapshot(LIST.encode()), LIST.replace(B, rated(B)).encode()
    for window in ((1, 4), (0, 6)):
        found = reparse(text, before, window)
        assert found is not None
        assert tuple(found[1]) == (*window, window[1])
        assert_same(found[0], parse_snapshot(text))


def test_a_mark_at_the_start_stays_out_of_it() -> None:
    before, text = parse_snapshot(f"\ufeff{LIST}".encode()), f"\ufeff{CHANGES['the first']}"
    found = reparse(text.encode(), before)
    assert found is not None
    assert_same(found[0], parse_snapshot(text.encode()))
    assert_outside_is_the_same(before, *found)


@pytest.mark.parametrize("there", [True, False])
def test_an_id_that_passes_to_another_show_is_seen_wherever_that_stands(there: bool) -> None:
    texts = [A + B + VIEW + C + D + SECOND, B + VIEW + C + D + SECOND]
    before, after = texts if there else texts[::-1]
    snapshot = parse_snapshot(before.encode())
    columns(snapshot.list.shows), orders(snapshot.list.shows)
    found = reparse(after.encode(), snapshot)
    assert found is not None
    assert_same(found[0], parse_snapshot(after.encode()))
    assert_outside_is_the_same(snapshot, *found)


def test_shows_that_were_made_are_not_read_again() -> None:
    made = Show("new", "New")
    found = reparse((LIST + NEW).encode(), parse_snapshot(LIST.encode()), made={NEW.encode(): made})
    assert found is not None
    assert found[0].list.shows[-1] is made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[[shows]]\ntitle = \n", "[[shows]]\ntitle = 'A'\n"),  # it was damaged
        ("version = 2\n" + A, "version = 2\n" + rated(A)),
        ("shows = [{title = 'A'}]\n", "shows = [{title = 'B'}]\n"),
        ("", A),
        (A, "\ufeff" + A),
        ("\ufeff" + A, A),
        ("\ufeff\n\n\n" + A, "\n\n\n" + A),
        ("\ufeff" + LIST, "\ufeff\ufeff" + LIST),
        ("shows = [{title = 'A'}]\n", A),
        ("version = 1\n", "version = 1\nshows = [{title = 'B'}]\n"),
        (LIST, LIST.replace(C, C.replace("rating", "rating ="))),  # it is damaged
        (LIST, LIST.replace(VIEW, VIEW + VIEW[:-2] + "[")),
        (LIST, LIST.replace("version = 1\n", "version = 1\nversion = 1\n")),
        (LIST, LIST.replace(VIEW, VIEW.replace("[[views]]", "[views]") * 2)),
        (LIST + OTHER, LIST.replace(VIEW, OTHER) + OTHER),  # each by itself is well
        (LIST, LIST.replace(HEAD, HEAD + "shows = 1\n")),
        (LIST, LIST.replace(C, 'x = """\n' + C)),  # what follows is part of it
    ],
)
def test_what_can_not_be_told_from_a_part_is_read_as_a_whole(before: str, after: str) -> None:
    snapshot = parse_snapshot(before.encode())
    assert reparse(after.encode(), snapshot) is None
    assert_same(parse_snapshot(after.encode(), snapshot), parse_snapshot(after.encode()))


@pytest.mark.parametrize("bad", [b"\xff", b"\xe9", "é".encode("utf-16")])
def test_bytes_that_are_no_text_are_never_a_change_of_it(bad: bytes) -> None:
    assert reparse(LIST.encode().replace(b'"C"', b'"' + bad + b'"'), parse_snapshot(LIST.encode())) is None


def test_an_empty_list_of_comments_grows() -> None:
    found = reparse(f"# mine\n{A}".encode(), parse_snapshot(b"# mine\n"))
    assert found is not None
    assert_same(found[0], parse_snapshot(f"# mine\n{A}".encode()))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (A + SECOND + B + C + D, A + SECOND + B + C + D.replace('"D"', '"Dee"')),
        (A + SECOND + B + C + D, A + SECOND + B + C + NEW + D),
        (A + SECOND + B + C + D, A + SECOND + C + D),
        (B + C + D + A + SECOND, NEW + B + C + D + A + SECOND),
        (B + C + D + A + SECOND, C + D + A + SECOND),
        (B + C + D + A + SECOND, B + C.replace('"C"', '"Cee"') + D + A + SECOND),
        ("version = 1\n", "version = 1\n# mine\n" + A),
        (VIEW, A),
        (A, VIEW),
        (VIEW, NEW + VIEW.replace("Tonight", "Later")),
    ],
)
def test_ids_that_are_taken_and_what_stands_between_are_as_if_all_were_read(before: str, after: str) -> None:
    snapshot = parse_snapshot(before.encode())
    columns(snapshot.list.shows), orders(snapshot.list.shows)
    found = reparse(after.encode(), snapshot)
    assert found is not None
    assert_same(found[0], parse_snapshot(after.encode()))
    assert_outside_is_the_same(snapshot, *found)


def test_who_was_read_with_other_neighbours_is_read_again() -> None:
    """Taking a line out ends a long text in another place: what was in it is a show now, and what was one is in it."""
    text = f"{ODD[0]}# B\n{ODD[0]}\n{ODD[6]}{ODD[0]}"
    opened = text.replace('title = "A"\n# B', 'title = "A"\nnotes = """\n# B', 1)
    for before, after in ((text, opened), (opened, text)):
        found = reparse(after.encode(), parse_snapshot(before.encode()))
        if found is not None:
            assert_same(found[0], parse_snapshot(after.encode()))


def test_a_part_fits_where_its_neighbours_are_what_they_were() -> None:
    old = quick_cut((A + B + C + D).encode())

    def fits(start: int, end: int, text: str) -> bool:
        return _fits(old, start, end, quick_cut(text.encode()))

    assert fits(1, 3, B + NEW + C)
    assert not fits(1, 3, NEW + C)
    assert not fits(1, 3, B + NEW)
    assert not fits(1, 3, NEW)
    assert fits(0, 2, NEW + B)
    assert not fits(0, 2, B + NEW)
    assert fits(2, 4, C + NEW)
    assert not fits(2, 4, NEW + D)
    assert fits(0, 4, NEW)
    assert fits(0, 4, "")
    assert not fits(0, 3, "")
    assert not fits(1, 4, "")


# Where two texts differ


def test_bytes_that_are_alike_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "_STEP_BYTES", 4)
    for most, alike in product(range(14), range(14)):
        assert _equal_length(most, lambda a, b, alike=alike: b <= alike) == min(most, alike)  # type: ignore[misc]


def test_the_parts_that_differ_are_found_with_a_neighbour_on_either_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "_STEP_BYTES", 4)
    data = b"abcabcabcdd"
    for starts in ([0], [0, 3], [0, 3, 6, 9], [2, 5, 6], list(range(11))):
        old = Document.of(data, [(start, True) for start in starts if start])
        for a, b, new in product(range(12), range(12), (b"", b"c", b"abc", b"xyxyx")):
            if a <= b:
                assert_differing(old, data[:a] + new + data[b:])


def assert_differing(old: Document, new: bytes) -> None:
    """The same by looking at every byte."""
    shorter = min(len(old.data), len(new))
    head = next((n for n in range(shorter) if old.data[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old.data[-1 - n] != new[-1 - n]), shorter - head)
    before = [at for at, start in enumerate(old.starts) if start < head]
    after = [at for at, start in enumerate(old.starts) if start > len(old.data) - tail]
    start, end = _differing(old, new)
    assert start == max(0, len(before) - 2)
    assert end == min(len(old), len(old) - len(after) + 1)


# What was worked out


def asked(snapshot: Snapshot) -> dict[str, Any]:
    """All columns, by who asks for them for the first time."""
    columns(snapshot.list.shows)
    return dict(snapshot.list.shows.columns)


def test_columns_that_hold_what_they_held_are_kept_as_they_are() -> None:
    before = parse_snapshot(LIST.encode())
    had = asked(before)
    list(orders(before.list.shows))
    text = LIST.replace('title = "B"', 'title = "Bee"')
    found = reparse(text.encode(), before)
    assert found is not None
    shows = found[0].list.shows
    assert shows.places is before.list.shows.places
    assert shows.columns["rating"] is had["rating"]
    assert shows.columns["title"] == ["A", "Bee", "C", "D"]
    assert shows.columns["title"] is not had["title"]
    assert "order:title" not in shows.columns  # worked out again when somebody asks
    assert shows.columns["order:id"] is before.list.shows.columns["order:id"]


def test_only_what_changed_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    before = parse_snapshot(LIST.encode())
    asked(before)
    seen: list[str] = []
    monkeypatch.setitem(COLUMNS, "title", lambda show: seen.append(show.id) or show.title)
    for text, ids in ((CHANGES["the second"], ["b", "b"]), (CHANGES["one put in"], ["new"])):
        seen.clear()
        found = reparse(text.encode(), before)
        assert found is not None
        assert [show.title for show in found[0].list.shows] == found[0].list.shows.columns["title"]
        assert seen[: len(ids)] == ids[: len(seen)]
        assert set(seen) <= {"a", "b", "new"}


def change(old: ShowTable, start: int, end: int, *shows: Show) -> ShowRangeChange:
    return ShowRangeChange.of(old, start, end, shows)


def test_a_change_knows_which_columns_stay() -> None:
    a, b, c = (Show(id, id.upper(), rating=n) for n, id in enumerate("abc", 1))
    old = ShowTable((a, b, c))
    same = change(old, 0, 3, a, replace(b, rating=9.0), c)
    assert same.shows == [(0, a), (None, same.shows[1][1]), (2, c)]
    assert same.keeps("title")
    assert not same.keeps("rating")
    assert same.keeps("order:title,id")
    assert same.keeps("order:title-,id")
    assert not same.keeps("order:title,rating-")
    assert not same.keeps("order:rating-")
    assert same.applied("title", (names := ["A", "B", "C"])) is names
    assert same.applied("rating", [1, 2, 3]) == [1, 9.0, 3]
    assert same.applied("order:rating", [0, 1, 2]) is None
    grown = change(old, 1, 2, b, Show("n", "New", rating=7))
    assert not grown.same
    assert grown.applied("rating", [1, 2, 3]) == [1, 2, 7, 3]
    assert grown.applied("title", ["A", "B", "C"]) == ["A", "B", "New", "C"]
    assert grown.applied("order:title", [0, 1, 2]) is None
    swapped = change(old, 0, 2, b, a)
    assert not swapped.keeps("title")
    assert swapped.applied("title", ["A", "B", "C"]) == ["B", "A", "C"]
    assert change(old, 1, 2).applied("title", ["A", "B", "C"]) == ["A", "C"]


def test_of_too_many_shows_no_column_is_said_to_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_cache, "_MAX_COMPARED", 2)
    old = ShowTable(tuple(Show(f"s{n}", "S") for n in range(4)))
    for count, kept in ((2, True), (3, False)):
        new = [replace(show, rating=1.0) if n < count else show for n, show in enumerate(old)]
        assert change(old, 0, 4, *new).keeps("title") is kept


def test_what_was_remembered_goes_through_every_change_since() -> None:
    a, b = Show("a", "A", rating=1), Show("b", "B", rating=2)
    first = ShowTable((a, b))
    loaded: list[str] = []

    def load(name: str) -> list[Any] | None:
        loaded.append(name)
        return {"rating": [1, 2], "title": ["A", "B"]}.get(name)

    better = replace(b, rating=5)
    kept = PatchedColumns(load, (change(first, 1, 2, better),)).and_then(change(ShowTable((a, better)), 0, 1))
    assert kept("rating") == [5]
    assert kept("title") == ["B"]
    assert kept("year") is None
    assert loaded == ["rating", "title", "year"]
    assert not kept.keeps("title")
    one: Callable[[str], bool] = PatchedColumns(load, (change(first, 1, 2, better),)).keeps
    assert one("title")
    assert not one("rating")


def test_what_was_remembered_is_asked_for_through_texts_that_were_seen_again() -> None:
    snapshot = parse_snapshot((A + B + C + D).encode())
    snapshot.list.shows.load = {"rating": [1.0, 2.0, 3.0, 4.0], "title": ["A", "B", "C", "D"]}.get
    for text in (A + B + C + D.replace("4.0", "4.5"), A + B + NEW + C + D.replace("4.0", "4.5")):
        found = reparse(text.encode(), snapshot)
        assert found is not None
        snapshot = found[0]
    load = snapshot.list.shows.load
    assert isinstance(load, PatchedColumns)
    assert len(load.changes) == 2
    assert load("rating") == [1.0, 2.0, None, 3.0, 4.5]
    assert load("title") == ["A", "B", "New", "C", "D"]
    assert columns(snapshot.list.shows) == columns(parse_snapshot(text.encode()).list.shows)


def test_parts_are_found_by_number_and_counted() -> None:
    for text in (LIST, HEAD + A + B + C, A + B, HEAD, VIEW + A + OTHER, A + VIEW + B):
        document = quick_cut(text.encode())
        kinds = [part.show for part in document.parts]
        places = [at for at, show in enumerate(kinds) if show]
        assert [document.place(number) for number in range(len(places))] == places
        assert [document.number(at) for at in range(len(kinds) + 1)] == [
            sum(kinds[:at]) for at in range(len(kinds) + 1)
        ]
        assert list(document.between) == [at for at, show in enumerate(kinds) if not show]
        assert b"".join(document.piece(at) for at in range(len(document))) == text.encode()
