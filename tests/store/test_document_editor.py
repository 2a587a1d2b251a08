"""The parts of a text being changed: where new ones go, what stands around them, and what is left of a part that goes."""

from __future__ import annotations

import re

import pytest

from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.errors import Refused, StoreError, UsageError
from watchlist.store.block_edits import edits_between
from watchlist.store.cache.incremental import ChangedRange
from watchlist.store.document_editor import DocumentEditor, encoded
from watchlist.store.history.journal import BlockEdit
from watchlist.store.snapshot import parse_snapshot

HEAD = "version = 1\n\n"
A, B, C, D = (f'[[shows]]\nid = "{id}"\ntitle = "{id.upper()}"\n' for id in "abcd")
N, M, Z = (f'[[shows]]\nid = "{id}"\ntitle = "{title}"\n' for id, title in (("n", "N"), ("m", "M"), ("z", "Z")))
VIEW = "[[views]]\nname = 'v'\nquery = ''\n"


def show(block: str) -> Show:
    return parse_snapshot(block.encode()).list.shows[0]


def drafted(pen: DocumentEditor) -> str:
    """The text of a draft; what it says of the changes leads there and back."""
    before, draft = pen.snapshot.document, pen.draft()
    text = draft.snapshot.document.text
    assert parse_snapshot(text.encode()).list == draft.snapshot.list
    for edits, start, end in (
        (draft.edits, pen.snapshot, text),
        (tuple(edit.inverse for edit in draft.edits), draft.snapshot, before.text),
    ):
        other = DocumentEditor(start)
        for edit in edits:
            assert other.replay(edit) == []
        assert other.draft().snapshot.document.text == end
    return text


def added(text: str, *blocks: str) -> str:
    pen = DocumentEditor(parse_snapshot(text.encode()))
    pen.add([show(block) for block in blocks])
    assert pen.touched
    return drafted(pen)


# New shows


@pytest.mark.parametrize(
    ("text", "blocks", "expected"),
    [
        ("", (N,), N),
        ("", (N, M), f"{N}\n{M}"),
        ("# mine\n", (N,), f"# mine\n\n{N}"),
        ("# mine", (N,), f"# mine\n\n{N}"),
        ("# mine\n\n", (N,), f"# mine\n\n{N}"),
        ("# mine\n\n\n", (N,), f"# mine\n\n\n{N}"),
        (f"{B}", (A,), f"{B}\n{A}"),  # of one or two, nobody knows the order
        (f"{C}\n{D}", (A,), f"{C}\n{D}\n{A}"),
        (f"{A}\n{C}\n{D}", (B,), f"{A}\n{B}\n{C}\n{D}"),
        (f"{B}\n{C}\n{D}", (A,), f"{A}\n{B}\n{C}\n{D}"),
        (f"{HEAD}{B}\n{C}\n{D}", (A,), f"{HEAD}{A}\n{B}\n{C}\n{D}"),
        (f"{A}\n{B}\n{C}", (D,), f"{A}\n{B}\n{C}\n{D}"),
        (f"{A}\n{B}\n{D}", (N, C, M), f"{A}\n{B}\n{C}\n{D}\n{M}\n{N}"),  # in order among themselves too
        (f"{A}\n{D}\n{Z}", (N, M), f"{A}\n{D}\n{M}\n{N}\n{Z}"),
        (f"{D}\n{A}\n{C}", (B, N), f"{D}\n{A}\n{C}\n{B}\n{N}"),  # in no order: at the end as they come
        (f"{A}{B}{D}", (C,), f"{A}{B}\n{C}\n{D}"),
        (f"{A}\n{B}\n\n\n{D}", (C,), f"{A}\n{B}\n\n\n{C}\n{D}"),
        (f"{A}\n{B}\n{D.rstrip()}", (N,), f"{A}\n{B}\n{D.rstrip()}\n\n{N}"),
        (f"{A}\n{VIEW}\n{C}\n{D}", (B,), f"{A}\n{VIEW}\n{B}\n{C}\n{D}"),
        (f"{A}\n{B}\n{D}\n{VIEW}", (N,), f"{A}\n{B}\n{D}\n{N}\n{VIEW}"),
        (f"{A}\n{B}\n# of d\n{D}", (C,), f"{A}\n{B}\n{C}\n# of d\n{D}"),
        (VIEW, (N,), f"{VIEW}\n{N}"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_new_show_goes_where_it_belongs_with_a_blank_line_around_it(
    text: str, blocks: tuple[str, ...], expected: str, newline: str
) -> None:
    text, expected = (re.sub(r'title = "[^"]*"', r'\g<0>\nstatus = "planned"', each) for each in (text, expected))
    if "\n" in text:
        text, expected = (each.replace("\n", newline) for each in (text, expected))
    assert added(text, *blocks) == expected


def test_titles_keep_their_order_too_as_people_sort_them() -> None:
    def titled(id: str, title: str) -> str:
        return f'[[shows]]\nid = "{id}"\ntitle = "{title}"\n'

    text = "\n".join((titled("3", "alien"), titled("2", "Émile"), titled("1", "Zodiac")))
    assert added(text, titled("0", "Fargo")).index("Fargo") > text.index("Émile")
    assert added(text, titled("0", "Fargo")).index('"1"') > added(text, titled("0", "Fargo")).index("Fargo")


def test_a_show_that_can_not_be_stored_is_named(tmp_path: object) -> None:
    pen = DocumentEditor(parse_snapshot(A.encode()))
    with pytest.raises(UsageError, match="Bad␛ can't be stored"):
        pen.add([Show("x", "Bad\x1b", notes="\ud800")])
    with pytest.raises(UsageError, match="not valid UTF-8"):
        encoded("\ud800")
    assert encoded("é") == "é".encode()


def test_shows_in_one_value_are_not_for_the_pen() -> None:
    with pytest.raises(Refused, match="written as one value"):
        DocumentEditor(parse_snapshot(b"shows = [{title = 'A'}]\n"))


# Shows that go, and change


@pytest.mark.parametrize(
    ("text", "gone", "expected"),
    [
        (f"{A}\n{B}\n{C}", ["b"], f"{A}\n{C}"),
        (f"{A}\n{B}\n{C}", ["a"], f"{B}\n{C}"),
        (f"{A}\n{B}\n{C}", ["c"], f"{A}\n{B}\n"),
        (f"{A}\n{B}\n{C}", ["a", "b", "c"], ""),
        (f"{HEAD}{A}", ["a"], HEAD),
        (f"{A}\n# of b\n{B}\n{C}", ["b"], f"{A}\n{C}"),
        (f"{A}\n[x]\ny = 1\n[shows.ids]\nimdb = 't'\n\n{B}", ["a"], f"[x]\ny = 1\n{B}"),
        (f"[u]\n\n{A}\n[x]\ny = 1\n[shows.ids]\nimdb = 't'\n\n{B}", ["a"], f"[u]\n\n[x]\ny = 1\n{B}"),
    ],
)
def test_a_show_goes_with_its_comments_and_without_what_is_of_others(text: str, gone: list[str], expected: str) -> None:
    pen = DocumentEditor(parse_snapshot(text.encode()))
    for id in gone:
        pen.remove(id)
    assert pen.touched
    assert pen.draft().snapshot.document.text == expected


def test_a_show_is_changed_by_the_fields_that_differ() -> None:
    pen = DocumentEditor(parse_snapshot(f"{A}mood = 1 # so\n\n{B}".encode()))
    before = pen.snapshot.list.shows[0]
    pen.change(before, replace(before, year=1999))
    assert drafted(pen) == f"{A}year = 1999\nmood = 1 # so\n\n{B}"


def test_a_change_of_nothing_touches_nothing() -> None:
    pen = DocumentEditor(parse_snapshot((A + B).encode()))
    before = pen.snapshot.list.shows[0]
    pen.change(before, before)
    assert not pen.touched
    assert pen.draft().edits == ()


def test_it_is_known_where_each_show_that_was_touched_will_be() -> None:
    pen = DocumentEditor(parse_snapshot(f"{HEAD}{A}\n{B}\n{VIEW}\n{C}\n{D}".encode()))
    pen.add([show(N), show(M), show(Z)])
    pen.remove("b")
    before = pen.snapshot.list.shows[2]
    pen.change(before, replace(before, year=1999))
    numbers = pen.numbers()
    shows = [each.id for each in pen.draft().snapshot.list.shows]
    assert shows == ["a", "c", "d", "m", "n", "z"]
    assert {id: shows.index(id) for id in ("c", "m", "n", "z")} == {
        id: number for id, number in numbers.items() if id in ("c", "m", "n", "z")
    }
    assert "b" not in numbers
    assert "a" not in numbers


def test_a_part_is_found_by_name_and_text() -> None:
    pen = DocumentEditor(parse_snapshot(f"{HEAD}{A}\n{B}".encode()))
    assert pen.has("#0", HEAD)
    assert not pen.has("#0", "")
    assert pen.has("a", f"{A}\n")
    assert not pen.has("a", A)
    assert not pen.has("a", None)
    assert pen.has("z", None)
    assert not pen.has("z", "")
    assert pen.has("", None)
    pen.remove("a")
    assert pen.has("a", None)


# Recorded edits


def replayed(text: str, *edits: BlockEdit) -> tuple[list[str], str, bool]:
    pen = DocumentEditor(parse_snapshot(text.encode()))
    said = [sentence for edit in edits for sentence in pen.replay(edit)]
    touched = pen.touched
    pen.close()
    return said, pen.draft().snapshot.document.text, touched


TEXT = f"{A}\n{B}"
TITLED = "[[shows]]\ntitle = 'T'\n"
OLDER, NEWER = f"{A}year = 1\n", f"{A}year = 2\n"


@pytest.mark.parametrize(
    ("text", "edit", "said", "expected"),
    [
        (TEXT, BlockEdit("a", f"{A}\n", f"{NEWER}\n"), [], f"{NEWER}\n{B}"),
        (TEXT, BlockEdit("a", f"{A}\n", None), [], B),
        (TEXT, BlockEdit("z", None, Z, "b"), [], f"{TEXT}{Z}"),
        (TEXT, BlockEdit("z", None, f"{Z}\n", "a"), [], f"{A}\n{Z}\n{B}"),
        (TEXT, BlockEdit("z", None, f"{Z}\n", None), [], f"{Z}\n{TEXT}"),
        (TEXT, BlockEdit("z", None, Z, "gone"), [], f"{TEXT}\n{Z}"),  # who stood above it is gone
        ("", BlockEdit("z", None, Z, "gone"), [], Z),
        ("", BlockEdit("z", None, Z), [], Z),
        (TEXT, BlockEdit("#0", None, HEAD, None), [], HEAD + TEXT),
        (TEXT, BlockEdit("#0", None, VIEW, "b"), [], f"{TEXT}{VIEW}"),
        (TEXT, BlockEdit("a", None, A), ["a is on the list again already"], None),
        (TEXT, BlockEdit("z", Z, None), [], None),
        (TEXT, BlockEdit("z\x1b", Z, N), ["z␛ is not on the list any more"], None),
        (TEXT, BlockEdit("z", None, None), [], None),
        (TEXT, BlockEdit("a", NEWER, f"{A}\n"), [], None),  # it is so already
        (HEAD + TEXT, BlockEdit("#0", "version = 0\n", "version = 2\n"), [], None),  # what is of others
        # It was changed since: by a comment, in another field, in the same field
        (f"{NEWER}# mine\n\n{B}", BlockEdit("a", NEWER, None), [], f"# mine\n\n{B}"),
        (f"{NEWER}x = 1\n\n{B}", BlockEdit("a", NEWER, None), ["a was changed since, so it stays"], None),
        (f"{NEWER}# mine\n\n{B}", BlockEdit("a", A, f"{A}# so\n"), [], f"{NEWER}# mine\n# so\n\n{B}"),
        (f"{NEWER}# so\n\n{B}", BlockEdit("a", f"{A}# so\n", A), [], f"{NEWER}\n{B}"),
        (f"{NEWER}\n# so", BlockEdit("a", f"{A}\n# so", f"{A}\n"), [], f"{NEWER}\n"),
        (f"{NEWER}# so\n", BlockEdit("a", A, f"{A}# so\n"), [], None),
        (
            f"{NEWER}# mine\n\n{B}",
            BlockEdit("a", f"{A}# so\n", A),
            ["the comments below a were changed since, so they stay"],
            None,
        ),
        (f"{NEWER}x = 1\n\n{B}", BlockEdit("a", NEWER, OLDER), [], f"{OLDER}x = 1\n\n{B}"),
        (f"{NEWER}x = 1\n\n{B}", BlockEdit("a", NEWER, A), [], f"{A}x = 1\n\n{B}"),
        (f"{A}x = 1\n\n{B}", BlockEdit("a", A, NEWER), [], f"{NEWER}x = 1\n\n{B}"),
        (f"{A}year = 3\n\n{B}", BlockEdit("a", NEWER, OLDER), ["year of A was changed since, so it stays"], None),
        (f"{A}year = 3\n\n{B}", BlockEdit("a", A, NEWER), ["year of A was changed since, so it stays"], None),
        (f"{OLDER}x = 1\n\n{B}", BlockEdit("a", NEWER, OLDER), [], None),
        (f"{A}x = 1\n\n{B}", BlockEdit("a", f"{A}'m\\u001b' = 1\n".replace("'", '"'), A), [], None),
        (
            f'{A}"m\\u001b" = 3\n\n{B}',
            BlockEdit("a", f'{A}"m\\u001b" = 1\n', f'{A}"m\\u001b" = 2\n'),
            ["m␛ of A was changed since, so it stays"],
            None,
        ),
        (f"{A}# mine\n\n{B}", BlockEdit("a", A, NEWER), [], f"{A}year = 2\n# mine\n\n{B}"),
        (f"{A}# so\n", BlockEdit("a", A, f"{A}# so\n"), [], None),
        (TEXT, BlockEdit("a", f"{A}\n", A.rstrip()), [], TEXT),
        (
            f"{NEWER}\n{B}".replace('"A"', '"Ay"'),
            BlockEdit("a", f"{NEWER}\n", f"{OLDER}\n"),
            [],
            f"{OLDER}\n{B}".replace('"A"', '"Ay"'),
        ),
        (  # an id that was given stays
            f"{TITLED}id = 't'\nyear = 2\nx = 1\n",
            BlockEdit("t", f"{TITLED}id = 't'\nyear = 2\n", TITLED),
            [],
            f"{TITLED}id = 't'\nx = 1\n",
        ),
    ],
)
def test_a_recorded_edit_is_made_on_what_is_there_now(
    text: str, edit: BlockEdit, said: list[str], expected: str | None
) -> None:
    found = replayed(text, edit)
    assert found == (said, expected if expected is not None else text, expected is not None)


def test_parts_that_follow_each_other_are_put_back_in_their_order() -> None:
    edits = (
        BlockEdit("n", None, f"{N}\n", "a"),
        BlockEdit("m", None, f"{M}\n", "n"),
        BlockEdit("z", None, f"{Z}\n", "m"),
    )
    assert replayed(TEXT, *edits) == ([], f"{A}\n{N}\n{M}\n{Z}\n{B}", True)
    assert replayed(TEXT, BlockEdit("a", f"{A}\n", None), BlockEdit("n", None, f"{N}\n", "a")) == (
        [],
        f"{B}\n{N}\n",
        True,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{A}\n{B.rstrip()}", f"{A}\n{B.rstrip()}\n\n{Z}"),  # the last line gets its end, and a blank one
        (f"{A}\n{B}# mine\n", f"{A}\n{B}# mine\n\n{Z}"),  # a comment stays with what it follows
        (f"{A}\n{B}\n", f"{A}\n{B}\n{Z}"),
    ],
)
def test_what_something_follows_ends_as_a_part_does(text: str, expected: str) -> None:
    assert replayed(text, BlockEdit("z", None, Z, "b"))[1] == expected


def test_what_nothing_follows_any_more_is_left_as_it_ends() -> None:
    text = f"{A}\n{B.rstrip()}"
    assert replayed(text, BlockEdit("b", B.rstrip(), None)) == ([], f"{A}\n", True)
    assert replayed(f"{A}# mine\n\n{B}", BlockEdit("b", B, None), BlockEdit("a", f"{A}# mine\n\n", f"{A}# mine\n")) == (
        [],
        f"{A}# mine\n",
        True,
    )


def test_what_would_be_cut_otherwise_is_not_written() -> None:
    pen = DocumentEditor(parse_snapshot(TEXT.encode()))
    pen.replay(BlockEdit("a", f"{A}\n", A + B.replace('"b"', '"z"')))
    with pytest.raises(StoreError, match="would be split differently"):
        pen.draft()
    pen = DocumentEditor(parse_snapshot(TEXT.encode()))
    pen.replay(BlockEdit("a", f"{A}\n", f'{A}x = "\n'))
    with pytest.raises(StoreError, match="would be damaged"):
        pen.draft()


# From one text to another


def between(before: str, after: str) -> tuple[BlockEdit, ...]:
    old, new = parse_snapshot(before.encode()), parse_snapshot(after.encode())
    return edits_between(old, new, ChangedRange(0, len(old.document), len(new.document)))


def test_what_happened_between_two_texts_is_told_part_by_part() -> None:
    assert between(f"{HEAD}{A}\n{B}", f"{HEAD}{A}\n{B}") == ()
    assert between(f"{HEAD}{A}\n{B}", f"{HEAD}{A}\nx = 1\n{B}") == (BlockEdit("a", f"{A}\n", f"{A}\nx = 1\n", "#0"),)
    assert between(f"{HEAD}{A}\n{B}", f"{A}\n{B}") == (BlockEdit("#0", HEAD, None, None),)
    assert between(f"{A}\n{B}", f"{B}") == (BlockEdit("a", f"{A}\n", None, None),)
    assert between(f"{A}\n{B}", f"{A}\n") == (BlockEdit("b", B, None, "a"),)
    assert between(f"{A}\n{B}", f"{A}\n{N}\n{M}\n{B}") == (
        BlockEdit("n", None, f"{N}\n", "a"),
        BlockEdit("m", None, f"{M}\n", "n"),
    )
    assert between(f"{A}\n", f"{N}\n{A}\n") == (BlockEdit("n", None, f"{N}\n", None),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{A}\n{B}", f"{B}\n{A}"),
        (A, f"\ufeff{A}"),
        (f"\ufeff{A}", A),
        (A, "shows = [{title = 'A'}]\n"),
        ("shows = [{title = 'A'}]\n", A),
        ("shows = [{title = 'A'}]\n", "shows = []\n"),
    ],
)
def test_where_parts_can_not_tell_what_happened_nothing_is_told(before: str, after: str) -> None:
    assert between(before, after) == ()


def test_of_parts_put_back_at_the_end_each_is_found_by_those_that_follow_it() -> None:
    edits = [
        BlockEdit(id, None, f"{block}\n", after)
        for id, block, after in (("n", N, "gone"), ("z", Z, "gone"), ("m", M, "n"))
    ]
    said, text, _ = replayed(TEXT, *edits)
    assert said == []
    assert text == f"{TEXT}\n{N}\n{M}\n{Z}\n"


def test_a_new_show_behind_the_head_moves_those_behind_it() -> None:
    pen = DocumentEditor(parse_snapshot(f"{HEAD}{B}\n{C}\n{D}".encode()))
    pen.add([show(A)])
    before = pen.snapshot.list.shows[2]
    pen.change(before, replace(before, year=1999))
    assert (pen.numbers()["a"], pen.numbers()["d"]) == (0, 3)
    assert [each.id for each in pen.draft().snapshot.list.shows] == ["a", "b", "c", "d"]


def test_parts_that_follow_the_same_one_come_in_turn() -> None:
    after_a = [BlockEdit(id, None, f"{block}\n", "a") for id, block in (("n", N), ("z", Z))]
    assert replayed(TEXT, *after_a)[1] == f"{A}\n{Z}\n{N}\n{B}"
    first = [BlockEdit(id, None, f"{block}\n") for id, block in (("n", N), ("z", Z))]
    assert replayed(TEXT, *first)[1] == f"{Z}\n{N}\n{TEXT}"


def test_a_new_show_that_goes_again_takes_nobody_with_it() -> None:
    pen = DocumentEditor(parse_snapshot(f"{HEAD}{TEXT}".encode()))
    pen.add([show(N), show(M)])
    pen.remove("m")
    assert [each.id for each in pen.draft().snapshot.list.shows] == ["a", "b", "n"]
    pen.change(show(N), replace(show(N), year=1999))
    assert [each.id for each in pen.draft().snapshot.list.shows] == ["a", "b", "n"]


def test_fields_are_brought_over_with_the_line_ends_that_are_there() -> None:
    text, was, now = (each.replace("\n", "\r\n") for each in (f"{A}x = 1\n\n{B}", A, NEWER))
    assert replayed(text, BlockEdit("a", was, now))[1] == f"{NEWER}x = 1\n\n{B}".replace("\n", "\r\n")


def test_titles_that_are_there_twice_are_in_order_too() -> None:
    blocks = [f'[[shows]]\nid = "{9 - n}"\ntitle = "{title}"\nstatus = "planned"\n' for n, title in enumerate("BBDE")]
    new = '[[shows]]\nid = "x"\ntitle = "C"\nstatus = "planned"\n'
    assert added("\n".join(blocks), new) == "\n".join([*blocks[:2], new, *blocks[2:]])
