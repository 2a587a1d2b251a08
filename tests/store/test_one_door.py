"""Every change goes one way: what it is called, what is copied before it, what is held where the file is in doubt."""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta

import pytest

from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.model import Show
from watchlist.domain.ratings import DisplayStyle
from watchlist.errors import NotFound, Refused, StoreError, UsageError
from watchlist.store import list_file
from watchlist.store.digest import digest
from watchlist.store.history.journal import Journal
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.store.library import Library
from watchlist.store.snapshot import seed

A = '[[shows]]\nid = "a"\ntitle = "A"\n'
B = '\n[[shows]]\nid = "b"\ntitle = "B"\n'
TEN = DisplayStyle("10")


def journal(library: Library) -> Journal:
    return Journal.open(library.paths.journal(library.file))


# What it is called


def test_a_change_is_called_by_what_it_changed_on_the_users_scale(opened: Opened) -> None:
    library = opened(A + B)
    assert library.apply(edits.rate(["a"], 4.0), style=TEN).label == "Rated A 8/10, was not rated"
    text = library.text().replace("4.0", "3.0")
    assert library.replace_text(text, style=TEN).label == "Rated A 6/10, was 8/10"
    assert library.replace_block("b", B.lstrip() + "rating = 1.0\n", style=TEN).label == "Rated B 2/10, was not rated"
    assert library.replace_text(library.text() + "# mine\n").label == "Edited the file"
    assert library.replace_text(A, label="Merged what they wrote").label == "Merged what they wrote"
    assert [entry.label for entry in library.history()][::-1] == [
        *("Rated A 8/10, was not rated", "Rated A 6/10, was 8/10", "Rated B 2/10, was not rated", "Edited the file"),
        "Merged what they wrote",
    ]


def test_a_change_says_when_it_was_to_the_second(opened: Opened) -> None:
    library = opened(A)
    before = datetime.now().replace(microsecond=0)
    change = library.apply(edits.rate(["a"], 4.0))
    assert before <= change.time <= datetime.now()
    assert change.time.microsecond == 0
    assert library.history()[0].time == change.time
    library.file.write_text("", "utf-8")
    with pytest.raises(SuspectedLossError):
        library.apply(edits.rate(["a"], 3.0))
    assert library.history()[0].time.microsecond == 0


def test_what_is_to_be_said_is_said_though_nothing_changed(opened: Opened) -> None:
    library = opened(A)
    library.guard.note("by the way")
    assert library.apply(lambda now: now).notices == ("by the way",)
    assert library.apply(edits.rate(["a"], 4.0)).notices == ()


# Blocks and texts from an editor


def test_a_block_without_a_last_line_end_gets_one_where_something_follows(opened: Opened) -> None:
    for newline in ("\n", "\r\n"):
        library = opened((A + B).replace("\n", newline))
        library.replace_block("a", '[[shows]]\nid = "a"\ntitle = "Ay"')
        assert library.file.read_bytes() == f'[[shows]]\nid = "a"\ntitle = "Ay"{newline}'.encode() + (
            B.lstrip().replace("\n", newline).encode()
        )
        library.replace_block("b", '[[shows]]\nid = "b"\ntitle = "Bee"')
        assert library.file.read_bytes().endswith(b'title = "Bee"')


def test_a_block_is_not_put_in_place_of_one_that_is_gone(opened: Opened) -> None:
    library = opened(A + B)
    was = library.block("a")
    library.file.write_text(B, "utf-8")
    with pytest.raises(Refused, match="a was changed elsewhere"):
        library.replace_block("a", was + "rating = 4.0\n", was=was)
    assert library.file.read_text("utf-8") == B


def test_a_text_is_not_put_in_place_of_another_one_that_was_seen_meanwhile(opened: Opened) -> None:
    library = opened(A)
    library.file.write_text(A + B, "utf-8")
    assert library.reload()
    with pytest.raises(Refused, match="changed elsewhere meanwhile"):
        library.replace_text(A + "rating = 4.0\n", was=A)
    with pytest.raises(Refused, match="a was changed elsewhere"):
        library.replace_block("a", A + "rating = 4.0\n", was=A)
    assert library.file.read_text("utf-8") == A + B
    library.replace_text(B, was=A + B)
    assert library.file.read_text("utf-8") == B


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (A + B, "the text has 2 shows"),
        ("", "no show"),
        ("[[shows]]\nid = \n", "Invalid"),
        ("x = 1\n" + A, "above"),
        ("[x]\n" + A, "above"),
        (A + "[x\n", "."),
    ],
)
def test_a_block_that_is_none_changes_nothing(opened: Opened, text: str, wrong: str) -> None:
    library = opened(A + B)
    with pytest.raises(UsageError, match=wrong):
        library.replace_block("a", text)
    assert library.file.read_text("utf-8") == A + B


def test_comments_above_a_block_may_come_with_it(opened: Opened) -> None:
    library = opened(A + B)
    library.replace_block("b", f"# of b\n\n# more{B}")
    assert library.file.read_text("utf-8") == f"{A}\n# of b\n\n# more{B}"


# Beginning anew


def test_a_list_is_begun_empty_or_with_the_seed_and_known_at_once(opened: Opened) -> None:
    library = opened(None)
    library.guard.create(empty=True)
    assert library.file.read_text("utf-8") == "version = 1\n"
    assert (library.list_file.exists, library.list.shows) == (True, ())
    assert library.text() == "version = 1\n"
    library.file.unlink()
    other = again(library)
    other.guard.create()
    assert other.file.read_text("utf-8") == other.text() == seed()


# Copies


def test_a_copy_is_made_before_the_first_change_and_then_no_sooner_than_in_ten_minutes(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 1.0))
    library.apply(edits.rate(["a"], 2.0))
    (copy,) = library.backups()
    assert copy.read() == (A + B).encode()
    earlier = copy.time - timedelta(minutes=11)
    copy.path.rename(
        copy.path.with_name(copy.path.name.replace(f"{copy.time:%Y%m%d-%H%M%S}", f"{earlier:%Y%m%d-%H%M%S}"))
    )
    was = library.file.read_bytes()
    library.apply(edits.rate(["a"], 3.0))
    assert [backup.read() for backup in library.backups()] == [was, (A + B).encode()]


def test_a_copy_is_made_before_much_is_changed_and_of_what_others_wrote(opened: Opened) -> None:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 1.0))
    states = [(A + B).encode()]

    def copied(data: bytes) -> bool:
        states.insert(0, data)
        return [backup.read() for backup in library.backups()] == states

    was = library.file.read_bytes()
    library.apply(edits.rate(["a", "b"], 2.0))
    assert copied(was)  # more than one show
    was = library.file.read_bytes()
    library.replace_text(library.text().replace('"A"', '"Ay"') + "# mine\n")
    assert copied(was)  # the whole text
    was = library.file.read_bytes() + b"year = 1999\n"
    library.file.write_bytes(was)
    library.apply(edits.rate(["a"], 3.0))
    assert copied(was)  # of others
    library.apply(edits.rate(["a"], 4.0))
    library.undo()
    assert len(library.backups()) == len(states)


def test_a_copy_is_put_there_without_a_word_where_it_was_a_text(opened: Opened) -> None:
    library = opened(A)
    library.apply(edits.rate(["a"], 1.0))
    assert library.restore("1").notices == ()
    library.file.unlink()
    assert again(library).restore("1").notices == ()
    library.file.write_bytes(b"\xff")
    assert again(library).restore("1").notices != ()


# What is held


def doubted(opened: Opened) -> Library:
    library = opened(A + B)
    library.apply(edits.rate(["a"], 1.0))
    library.file.write_text("", "utf-8")
    return library


def held(library: Library) -> list[str]:
    return [entry.label for entry in library.history() if entry.held][::-1]


def test_what_was_asked_for_is_held_once(opened: Opened) -> None:
    library = doubted(opened)
    for rating in (2.0, 2.0, 3.0, 3.0, 2.0):
        with pytest.raises(SuspectedLossError, match="emptied"):
            library.apply(edits.rate(["a"], rating))
    assert held(library) == ["Rated A 2, was 1", "Rated A 3, was 1", "Rated A 2, was 1"]
    assert library.file.read_text("utf-8") == ""


def test_what_another_window_did_already_is_held_for_this_one_too(opened: Opened) -> None:
    library = opened(A + B)
    other = again(library)
    other.apply(edits.rate(["a"], 1.0))
    library.file.write_text("", "utf-8")
    with pytest.raises(SuspectedLossError):
        library.apply(edits.rate(["a"], 1.0))
    assert held(library) == ["Rated A 1, was not rated"]


def test_what_could_not_be_done_anyway_is_not_held(opened: Opened) -> None:
    library = doubted(opened)
    with pytest.raises(SuspectedLossError, match="emptied") as caught:
        library.apply(edits.rate(["nobody"], 1.0))
    assert "redo" not in caught.value.hint
    assert held(library) == []


def test_a_whole_text_is_held_and_put_there_when_the_file_is_what_it_was(opened: Opened) -> None:
    library = opened(A + B)
    swapped = B.lstrip() + "\n" + A
    library.apply(edits.rate(["a"], 1.0))
    library.undo()
    library.file.write_text("", "utf-8")
    with pytest.raises(SuspectedLossError, match="emptied"):
        library.replace_text(swapped)
    library.file.write_text(A + B, "utf-8")
    library.redo()
    assert library.file.read_text("utf-8") == swapped


def test_doubt_comes_before_what_is_to_be_undone(opened: Opened) -> None:
    library = doubted(opened)
    with pytest.raises(SuspectedLossError, match="emptied"):
        library.undo()
    with pytest.raises(SuspectedLossError, match="emptied"):
        again(library).undo()
    assert library.guard.accept()
    with pytest.raises((NotFound, Refused)):
        again(library).undo()


def test_what_is_damaged_is_changed_by_who_mends_it_alone(opened: Opened) -> None:
    library = opened(A + "x = \n")
    for change in (
        lambda: library.apply(edits.rate(["a"], 1.0)),
        lambda: library.replace_block("a", A),
        lambda: library.undo(),
    ):
        with pytest.raises((StoreError, NotFound)):
            change()
        assert library.file.read_text("utf-8") == A + "x = \n"
    change = library.replace_text(A)
    assert library.file.read_text("utf-8") == A
    assert [backup.read() for backup in library.backups()] == [(A + "x = \n").encode()]
    assert change.number == 1


# What is known of the file


def test_a_digest_and_a_signature_are_not_kept_of_a_file_that_was_written_just_now(opened: Opened) -> None:
    library = opened(A)
    stamp = (datetime.now() - timedelta(seconds=list_file.SETTLED_SECONDS * 100)).timestamp()
    library.file.write_text(A + B, "utf-8")
    assert library.reload()
    library.file.write_text(A + B.replace('"B"', '"C"'), "utf-8")  # of the same size, in the same moment perhaps
    assert library.reload()
    assert library.list.shows[1].title == "C"
    os.utime(library.file, (stamp, stamp))
    assert not library.reload()
    assert library.list_file._signature is not None


@pytest.mark.parametrize("threads", [True, False])
def test_the_digest_of_a_changed_text_is_that_of_all_its_bytes(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, threads: bool
) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    library = opened(A + B)
    if not threads:
        monkeypatch.setattr(threading.Thread, "start", start)
    for edit in (edits.rate(["a"], 1.0), edits.add(Show("", "C")), edits.remove(["b"])):
        library.apply(edit)
        for _ in range(2):
            assert library.snapshot.document.digest == digest(library.file.read_bytes())


def test_a_new_show_that_would_not_read_back_is_not_written(opened: Opened) -> None:
    library = opened(A)
    with pytest.raises(UsageError, match=r"can't be stored: 7\.0 is not within 5 stars"):
        library.apply(edits.add(Show("", "Two\nlines", rating=7.0)))
    assert library.file.read_text("utf-8") == A
    library.apply(edits.add(Show("", "Two\nlines", rating=4.0)))
    assert again(library).list.shows[1] == library.list.shows[1]
