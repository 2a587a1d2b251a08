"""A list that another program wrote: what is taken for it at once, what is asked about first, and when doubt is over."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.store.conftest import Opened, again
from tests.store.test_reading import begun
from watchlist.domain import edits
from watchlist.store import list_file
from watchlist.store.cache import show_index
from watchlist.store.cache.column_cache import PatchedColumns
from watchlist.store.cache.show_index import ShowIndex
from watchlist.store.digest import digest
from watchlist.store.history.journal import Journal
from watchlist.store.history.loss_detection import FileFingerprint, SuspectedLossError
from watchlist.store.library import Library
from watchlist.store.missing_file import ACCEPT

A, B, C = (f'[[shows]]\nid = "{id}"\ntitle = "{id.upper()}"\n\n' for id in "abc")
END = "# the end\n"


def touched(library: Library) -> None:
    """As if it had been written again a while ago, with what is in it."""
    os.utime(library.file, (library.file.stat().st_mtime - 100,) * 2)


def changed(opened: Opened) -> Library:
    library = opened(A + B + C + END)
    library.apply(edits.rate(["a"], 4.0))
    return library


# What was so already when the program started


@pytest.mark.parametrize(
    ("gone", "doubt"),
    [
        ("", ""),
        (END, ""),  # whole lines at the end, and no show with them
        ("\n", ""),
        (END[-5:], "cut short by another program: 3 bytes"),
        (f"{C}{END}", "cut short by another program: 41 bytes"),
        (f'C"\n\n{END}', "cut short by another program: 13 bytes"),
    ],
)
def test_F24_an_end_that_is_missing_at_the_start_is_seen_by_whoever_asks(opened: Opened, gone: str, doubt: str) -> None:
    library = changed(opened)
    good = library.file.read_bytes()
    text = library.file.read_text("utf-8").removesuffix(gone)
    library.file.write_text(text, "utf-8")
    other = again(library)
    assert other.doubt == ""  # a list with shows in it is shown at once
    other.check()
    assert doubt in other.doubt
    assert bool(other.doubt) is bool(doubt)
    if doubt:
        with pytest.raises(SuspectedLossError) as caught:
            other.apply(edits.rate(["a"], 1.0))
        assert (
            "`watchlist backups restore 2` restores the list as watchlist last knew it (3 shows)" in caught.value.hint
        )
        assert other.backups()[0].read() == good
        assert library.file.read_text("utf-8") == text


def test_an_edit_elsewhere_that_takes_one_show_out_is_no_loss(opened: Opened) -> None:
    library = changed(opened)
    library.file.write_text(library.file.read_text("utf-8").replace(B, ""), "utf-8")
    other = again(library)
    other.check()
    assert other.doubt == ""
    library.file.write_text(library.file.read_text("utf-8").replace(C, "# " * 50 + "\n"), "utf-8")  # longer, and less
    third = again(library)
    third.check()
    assert third.doubt == ""


def test_F24_an_empty_file_is_doubted_at_once(opened: Opened) -> None:
    library = changed(opened)
    library.file.write_text("", "utf-8")
    assert again(library).doubt == "was emptied by another program"
    library.file.unlink()
    assert again(library).doubt == "is gone"


# What comes while it runs


def test_doubt_is_over_when_what_was_known_is_there_again(opened: Opened) -> None:
    library = changed(opened)
    good = library.file.read_bytes()
    for step in (library.reload, lambda: library.apply(edits.rate(["a"], 4.0))):
        library.file.write_text("", "utf-8")
        assert not library.reload()
        assert library.doubt
        library.file.write_bytes(good)
        step()
        assert library.doubt == ""
        assert library.file.read_bytes() == good


def test_a_file_that_was_written_again_as_it_was_is_no_news_and_no_reason_to_doubt(opened: Opened) -> None:
    library = opened(A + B + C)
    for news in (
        lambda: None,
        lambda: library.file.write_text(A + B + C + END, "utf-8"),
        lambda: library.apply(edits.rate(["a"], 1.0)),
    ):
        news()
        library.reload()
        touched(library)
        assert not library.reload()
        assert library.doubt == ""


def test_F19_a_file_that_is_gone_is_to_be_put_back_and_one_that_is_emptied_restored(opened: Opened) -> None:
    library = changed(opened)
    library.file.unlink()
    with pytest.raises(SuspectedLossError, match="is gone") as caught:
        library.apply(edits.rate(["a"], 1.0))
    assert "`watchlist init` starts a new list" in caught.value.hint
    library.file.write_text("", "utf-8")
    with pytest.raises(SuspectedLossError, match="was emptied") as caught:
        library.apply(edits.rate(["a"], 1.0))
    assert ACCEPT in caught.value.hint


def test_a_file_that_comes_where_only_the_seed_was_shown_is_no_loss(opened: Opened) -> None:
    for text in ("", "# mine\n", A):
        library = opened(None)
        assert not library.list_file.exists
        library.file.write_text(text, "utf-8")
        assert library.reload()
        assert (library.doubt, library.list_file.exists) == ("", True)
        assert [show.id for show in library.list.shows] == ["a"] * (text == A)
        library.file.unlink()


def test_damage_is_no_loss_though_few_shows_can_be_read(opened: Opened) -> None:
    library = opened("".join(A.replace('"a"', f'"a{n}"') for n in range(20)))
    library.file.write_text(B + "<<<<<<< ours\n" + C, "utf-8")
    assert library.reload()
    assert library.doubt == ""
    assert library.list.damage is not None


def test_what_was_taken_as_it_is_is_known_from_then_on(opened: Opened) -> None:
    library = changed(opened)
    library.file.write_text(A, "utf-8")
    other = again(library)
    assert not other.guard.accept()  # there was no doubt
    assert Journal.open(other.paths.journal(other.file)).left == FileFingerprint(digest(A.encode()), len(A), 1)
    third = again(library)
    third.check()
    assert third.doubt == ""
    assert not third.guard.accept()


def test_what_another_window_took_as_it_is_is_no_doubt_of_this_one_either(opened: Opened) -> None:
    library = changed(opened)
    library.file.write_text("# nothing\n", "utf-8")
    other, third = again(library), again(library)
    assert "0 of 3 shows left" in other.doubt
    assert third.guard.accept()
    other.apply(lambda now: now)
    assert other.doubt == ""


def test_A1_another_window_that_took_a_loss_as_meant_settles_it_for_this_one(opened: Opened) -> None:
    library = changed(opened)
    good = library.file.read_bytes()
    for data in (None, b"# nothing\n"):
        library.file.unlink() if data is None else library.file.write_bytes(data)
        assert not library.reload()
        assert library.doubt
        again(library).guard.accept()
        assert library.reload()
        assert library.doubt == ""
        assert library.list_file.exists is (data is not None)
        library.file.write_bytes(good)
        assert library.reload()


def test_A1_a_list_that_went_between_two_starts_is_not_begun_anew_by_a_change(opened: Opened) -> None:
    library = changed(opened)
    library.apply(edits.rate(["b"], 4.0))
    good = library.file.read_bytes()
    library.file.unlink()
    other = again(library)
    assert [show.rating for show in other.list.shows] == [4.0, 4.0, None]  # the last that is known
    with pytest.raises(SuspectedLossError, match="is gone"):
        other.apply(edits.rate(["c"], 1.0))
    assert not library.file.exists()
    assert good in [backup.read() for backup in other.backups()]
    library.file.write_bytes(good)
    other.redo()
    assert "rating = 1.0" in library.file.read_text("utf-8")


def test_A1_what_only_this_process_knows_of_a_list_that_is_gone_is_kept_with_a_change(opened: Opened) -> None:
    library = opened(A + B + C)  # never changed
    library.file.unlink()
    with pytest.raises(SuspectedLossError, match="is gone"):
        library.apply(edits.rate(["c"], 1.0))
    other = again(library)
    assert other.doubt == "is gone"
    assert len(other.list.shows) == 3


def test_A1_a_poll_and_a_check_of_a_list_that_is_gone_leave_it_in_doubt(opened: Opened) -> None:
    library = changed(opened)
    library.file.unlink()
    for other in (library, again(library)):
        for step in (other.reload, other.check, other.reload, other.check):
            step()
            assert other.doubt == "is gone"
            assert len(other.list.shows) == 3


def test_the_first_change_of_all_is_made_on_nothing(opened: Opened) -> None:
    library = opened(None)
    library.apply(edits.rate(["ballard"], 1.0))
    record, written = Journal.open(library.paths.journal(library.file)).records
    assert written.confirms == record.number
    assert record.origin == ""
    assert record.left == FileFingerprint(digest(library.file.read_bytes()), library.file.stat().st_size, 1)


def test_a_file_that_did_not_change_is_not_read_again(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(A)
    touched(library)
    library.reload()
    read: list[Path] = []
    monkeypatch.setattr(list_file.crash_recovery, "read", lambda file, *_: read.append(file) or A.encode())
    assert not library.reload()
    assert read == []
    started = again(library)
    assert len(read) == 1
    assert not started.reload()
    assert len(read) == 1


# A list that was only begun


@pytest.mark.cold
@pytest.mark.parametrize("ask", ["text", "block", "check", "snapshot", "backup"])
def test_who_needs_all_of_it_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: str) -> None:
    library = begun(tmp_path, A + B + C, monkeypatch)
    assert library.list_file.exists
    assert library.list_file.reading == (1, 3)
    if ask == "text":
        assert library.text() == A + B + C
    elif ask == "block":
        assert library.block("c") == C
    elif ask == "snapshot":
        assert len(library.snapshot.list.shows) == 3
    elif ask == "backup":
        library.apply(edits.rate(["c"], 1.0))
        assert len(library.list_file.contents(library.backups()[0]).shows) == 3
    else:
        library.check()
    assert library.list_file.reading is None
    assert len(library.list.shows) == 3


def test_who_opens_a_list_and_waits_has_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = begun(tmp_path, A + B + C, monkeypatch)
    assert again(other).list_file.reading is None


@pytest.mark.cold
def test_reading_on_does_not_wait_for_a_change_and_leaves_the_way_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = begun(tmp_path, A + B + C, monkeypatch)
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with library.list_file.mutex:
            held.set()
            go.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    library.list_file.read_on(0.5)
    assert library.list_file.reading == (1, 3)
    go.set()
    thread.join()
    library.list_file.read_on(0.5)
    assert library.list_file.reading is None
    free: list[bool] = []
    thread = threading.Thread(target=lambda: free.append(library.list_file.mutex.acquire(blocking=False)))
    thread.start()
    thread.join()
    assert free == [True]


# What a start remembers


@pytest.mark.cold
def test_a_list_that_is_remembered_is_not_read_and_one_that_changed_is_read_where_it_did(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(A + B + C)
    monkeypatch.setattr(show_index, "INDEX_MIN_BYTES", 1)
    library.list_file.remember()
    started = again(library)
    assert isinstance(started.list.shows.load, ShowIndex)
    assert [show.title for show in started.list.shows] == ["A", "B", "C"]
    library.file.write_text(A + B.replace('"B"', '"Bee"') + C, "utf-8")
    later = again(library)
    assert isinstance(later.list.shows.load, PatchedColumns)
    assert [show.title for show in later.list.shows] == ["A", "Bee", "C"]
    monkeypatch.setattr(show_index, "INDEX_MIN_BYTES", 10_000)
    assert not isinstance(again(library).list.shows.load, (ShowIndex, PatchedColumns))


def test_as_many_copies_are_kept_as_were_asked_for(opened: Opened) -> None:
    library = opened(A)
    one = Library.open(library.file, library.paths, backups=1)
    for rating in (1.0, 2.0, 3.0):
        one.apply(edits.rate(["a"], rating))
        one.file.write_text(f"{one.text()}# {rating}\n", "utf-8")
    assert len(one.backups()) == 1
