"""A text that was read before, with something changed in it, is seen as it would be if it were read anew."""

from __future__ import annotations

from hypothesis import event, example, given, settings

from tests.profile import examples
from tests.store.texts import ODD, Rewrite, list_texts, rewrites
from watchlist.domain.show_table import ShowTable
from watchlist.query.columns import COLUMNS
from watchlist.query.query import ordered, parse_sort
from watchlist.store.apply_changes import replay, rewrite
from watchlist.store.cache.incremental import reparse
from watchlist.store.snapshot import Snapshot, parse_snapshot
from watchlist.store.toml.document import NotToml

ORDERS = ("title", "rating-,title", "added-", "id", "progress", "cast,year")
ARTICLES = (), ("the", "a")


# A long text that is begun in the first show ends where the one of the second does, and what was in that is a comment.
OPENED = f"{ODD[0]}# B\n{ODD[0]}\n{ODD[6]}{ODD[0]}"


def orders(shows: ShowTable) -> list[list[int]]:
    rows = range(len(shows))
    return [list(ordered(shows, rows, parse_sort(text), articles)) for text in ORDERS for articles in ARTICLES]


def columns(shows: ShowTable) -> dict[str, list[object]]:
    return {name: list(shows.column(name, get)) for name, get in COLUMNS.items()}


def assert_same(found: Snapshot, anew: Snapshot) -> None:
    """Two snapshots are one in all that anybody can see of them."""
    assert found.data == anew.data
    assert found.document.data == anew.document.data
    assert (found.document.starts, found.document.kinds) == (anew.document.starts, anew.document.kinds)
    assert found.document.inline_shows == anew.document.inline_shows
    assert found.list == anew.list
    assert dict(found.file_ids) == dict(anew.file_ids)
    assert columns(found.list.shows) == columns(anew.list.shows)
    assert orders(found.list.shows) == orders(anew.list.shows)
    assert dict(found.list.shows.places) == dict(anew.list.shows.places)


@settings(max_examples=examples(400), deadline=None)
@given(list_texts(), rewrites(), rewrites())
@example(OPENED, Rewrite(3, 0, 'notes = """\n', 0, 0), Rewrite(3, 1, "", 0, 0))
def test_what_is_seen_again_is_what_reading_all_of_it_gives(text: str, first: Rewrite, second: Rewrite) -> None:
    snapshot = parse_snapshot(text.encode())
    for change in (first, second):
        columns(snapshot.list.shows), orders(snapshot.list.shows)  # worked out by then, as they are in use
        text = change(text)
        data = text.encode()
        anew = parse_snapshot(data)
        found = reparse(data, snapshot)
        event("seen again" if found is not None else "read anew")
        if found is not None:
            assert_same(found[0], anew)
        assert_same(parse_snapshot(data, snapshot), anew)
        snapshot = found[0] if found is not None else anew


@settings(max_examples=examples(300), deadline=None)
@given(list_texts(), rewrites())
def test_what_another_text_changes_is_undone_and_redone_to_the_byte(text: str, change: Rewrite) -> None:
    before, after = parse_snapshot(text.encode()), change(text)
    try:
        draft = rewrite(before, after)
    except NotToml:
        return
    event("by parts" if draft.edits else "as a whole")
    assert draft.snapshot.document.data == after.encode()
    if draft.edits:
        undone = replay(draft.snapshot, [edit.inverse for edit in draft.edits])
        assert (undone.skipped, undone.snapshot.document.text) == ((), text)
        redone = replay(undone.snapshot, draft.edits)
        assert (redone.skipped, redone.snapshot.document.text) == ((), after)
