"""Many shows changed at once: the same text and the same list as if each was changed by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.bench.generator import write_list
from tests.store.conftest import Opened, again
from tests.store.texts import list_texts
from tests.strategies import shows
from watchlist.domain import edits
from watchlist.domain.change_messages import describe
from watchlist.domain.fields import FIELDS, ORDER, STORED
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show, Status, Viewing
from watchlist.domain.show_toml import to_table
from watchlist.domain.toml_values import render_block
from watchlist.errors import NotFound, Refused, WatchlistError, WrongValue
from watchlist.query import parse
from watchlist.query.columns import COLUMNS
from watchlist.store import bulk_edit
from watchlist.store.apply_changes import draft_deltas
from watchlist.store.bulk_edit import MIN_SHOWS
from watchlist.store.history.journal import Journal
from watchlist.store.history.journal_lines import encode
from watchlist.store.snapshot import Snapshot, parse_snapshot
from watchlist.store.toml.fast_parser import table_of
from watchlist.store.toml.fast_patcher import patch_plain
from watchlist.store.toml.patcher import CannotPatch, patch

CHANGES: tuple[Callable[[tuple[str, ...]], edits.Edit], ...] = (
    lambda ids: edits.tag(ids, ["new", "é"], ["noir"]),
    lambda ids: edits.rate(ids, 3.5),
    lambda ids: edits.rate(ids, None),
    lambda ids: edits.set_status(ids, Status.DROPPED),
    lambda ids: edits.assign(ids, [edits.Assignment("notes", "=", "one\ntwo"), edits.Assignment("platform", "=", "")]),
    lambda ids: edits.assign(ids, [edits.Assignment("cast", "=", ())]),
    lambda ids: edits.each(ids, lambda show: replace(show, viewings=(*show.viewings, Viewing()))),
    lambda ids: edits.each(ids, lambda show: replace(show, other={**show.other, "mine": 1})),
)


def no_report(done: int, total: int) -> None:
    """Report nothing."""


def expected(snapshot: Snapshot, edit: edits.Edit) -> tuple[bytes, str]:
    found = edits.deltas(snapshot.list, edit(snapshot.list))
    return draft_deltas(snapshot, found).snapshot.document.data, describe(found) if len(found) > 1 else ""


@given(text=list_texts(), change=st.sampled_from(CHANGES), data=st.data())
def test_B21_one_by_one_and_all_at_once_give_the_same_text(text: str, change: Any, data: st.DataObject) -> None:
    snapshot = parse_snapshot(text.encode())
    ids = tuple(show.id for show in snapshot.list.shows)
    assume(ids)
    edit = change(tuple(data.draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))))
    for name in data.draw(st.lists(st.sampled_from(sorted(COLUMNS)), unique=True)):
        snapshot.list.shows.column(name, COLUMNS[name])
    try:
        drafted = bulk_edit.draft_each(snapshot, edit, no_report)
    except bulk_edit.NeedsGeneralEdit:
        assume(False)
    except WatchlistError as error:
        with pytest.raises(type(error)):
            expected(snapshot, edit)
        return
    if drafted is None:
        assert expected(snapshot, edit)[0] == snapshot.document.data
        return
    draft, label = drafted
    wanted, described = expected(snapshot, edit)
    assert draft.snapshot.document.data == wanted
    assert not described or label == described
    fresh = parse_snapshot(wanted)
    assert draft.snapshot.document.starts == fresh.document.starts
    found = draft.snapshot.list.shows
    assert [show.id for show in found] == [show.id for show in fresh.list.shows]
    for name, get in COLUMNS.items():
        columns = list(found.column(name, get)), list(fresh.list.shows.column(name, get))
        if name == "keys":  # a new key may stand before others in the text: their order means nothing
            columns = list(map(sorted, columns[0])), list(map(sorted, columns[1]))
        assert columns[0] == columns[1], name
    assert all(to_table(a) == to_table(b) for a, b in zip(found, fresh.list.shows, strict=True))


@given(before=shows(), other=shows(), field=st.sampled_from(STORED))
def test_B21_a_column_changes_only_with_the_fields_it_is_made_of(before: Show, other: Show, field: Any) -> None:
    after = replace(before, **{field.name: getattr(other, field.name)})
    for name, get in COLUMNS.items():
        if field.name not in bulk_edit.sources(name):
            assert get(after) == get(before), (name, field.name)


@given(before=shows(), other=shows(), names=st.sets(st.sampled_from([*FIELDS, "mine"])))
def test_B21_plain_lines_are_patched_as_the_patcher_does(before: Show, other: Show, names: set[str]) -> None:
    block = render_block(to_table(before)) + "\n"
    table = table_of(block)
    assume(table is not None)
    assert table is not None
    values = {**to_table(other), "mine": [1, 2]}
    wanted = {key: value for key, value in table.items() if key not in names or key in values}
    wanted |= {key: values[key] for key in values if key in names}
    quick = patch_plain(block, table, wanted, ORDER)
    if quick is not None:
        try:
            assert quick == patch(block, wanted, order=ORDER)
        except CannotPatch:
            pytest.fail("the patcher refuses what was patched")


@pytest.fixture
def many(tmp_path: Path) -> str:
    """A list of more shows than are changed in memory."""
    write_list(tmp_path / "many.toml", MIN_SHOWS + 100, "watched")
    return (tmp_path / "many.toml").read_text("utf-8")


def test_B21_many_shows_are_tagged_and_undone_to_the_same_bytes(opened: Opened, many: str) -> None:
    library = opened(many)
    ids = [show.id for show in library.list.shows]
    library.list.shows.column("tags", COLUMNS["tags"])
    change = library.apply(edits.tag(ids, ["all"]))
    assert change.label == f"Changed tags of {len(ids)} shows"
    assert len(change.deltas) == len(ids)
    assert all("all" in delta.after.tags for delta in change.deltas if delta.after)
    assert len(parse("tag:all").rows(library.list.shows)) == len(ids)
    assert library.file.read_text("utf-8").count('"all"]') == len(ids)
    assert [show.tags for show in again(library).list.shows] == [show.tags for show in library.list.shows]
    library = again(library)
    library.undo()
    assert library.file.read_text("utf-8") == many
    assert [to_table(a) for a in library.list.shows] == [to_table(b) for b in parse_snapshot(many.encode()).list.shows]
    library.redo()
    assert again(library).text() == library.text() != many


def test_B21_a_show_that_is_gone_changes_nothing_and_a_wrong_value_keeps_its_show_as_it_is(
    opened: Opened, many: str
) -> None:
    library = opened(many)
    ids = [show.id for show in library.list.shows]
    with pytest.raises(NotFound):
        library.apply(edits.tag([*ids, "gone"], ["all"]))
    library.replace_text(many.replace("tags = [", "tags = 7 #[", 1))
    (wrong,) = (show for show in library.list.shows if show.problems)
    block = library.block(wrong.id)
    change = library.apply(edits.tag(ids, ["all"]))
    assert len(change.deltas) == len(ids) - 1
    assert change.skipped == (
        f"tags of {wrong.title} is wrong in the file: {wrong.problems[0].message}; left unchanged",
    )
    assert library.block(wrong.id) == block
    with pytest.raises(WrongValue):
        library.apply(edits.tag(ids, ["all"]))


@pytest.mark.parametrize("undone", [False, True])
def test_B21_the_work_is_reported_and_stops_when_it_is_asked_to(opened: Opened, many: str, undone: bool) -> None:
    library = opened(many)
    ids = [show.id for show in library.list.shows]
    reports: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        reports.append((done, total))
        if done > total // 2:
            raise KeyboardInterrupt

    if undone:
        library.apply(edits.tag(ids, ["all"]))
    before = library.file.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        library.undo(progress=stop) if undone else library.apply(edits.tag(ids, ["all"]), progress=stop)
    assert library.file.read_bytes() == before
    assert [total for _, total in reports] == [len(ids)] * len(reports)
    assert [done for done, _ in reports] == sorted({done for done, _ in reports})
    assert len(reports) > 2


NO_BLOCKS = {
    "no TOML": "nothing",
    "no show": "x = 1\n",
    "two shows": '[[shows]]\nid = "a"\n[[shows]]\nid = "b"\n',
    "no tables": "shows = 5\n",
    "too deep": "x = " + "[" * 5_000,
    "nothing": "",
    "what belongs to the show before it": 'year = 1\n[[shows]]\nid = "{id}"\ntitle = "T"\n',
    "a line without an end": '[[shows]]\nid = "{id}"\ntitle = "T"',
}


@pytest.mark.parametrize("undone", [False, True])
@pytest.mark.parametrize("damage", NO_BLOCKS)
@pytest.mark.parametrize("at", [0, 7, 19])
def test_B18_a_block_in_the_journal_that_is_none_is_said_of_many_shows_as_of_few(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, damage: str, at: int, undone: bool
) -> None:
    text = "".join(f'[[shows]]\nid = "s{n}"\ntitle = "S {n}"\n\n' for n in range(20))
    said = set()
    for many in (MIN_SHOWS, 20):
        monkeypatch.setattr(bulk_edit, "MIN_SHOWS", many)
        library = opened(text)
        library.apply(edits.tag([show.id for show in library.list.shows], ["all"]))
        if not undone:
            library.undo()
        journal = Journal.open(library.paths.journal(library.file))
        record = journal.records[0]
        rows = list(record.edits)
        block = NO_BLOCKS[damage].format(id=rows[at].id)
        rows[at] = rows[at]._replace(was=block) if undone else rows[at]._replace(now=block)
        journal.path.write_bytes(b"".join([encode(record._replace(edits=rows)), *journal.lines[1:]]))
        before = library.file.read_bytes()
        try:
            again(library).undo() if undone else again(library).redo()
        except Refused as error:
            said.add(error.message)
            assert library.file.read_bytes() == before
        else:
            said.add(library.file.read_text("utf-8"))
        assert parse_snapshot(library.file.read_bytes()).list.damage is None
        journal.path.unlink()
    assert len(said) == 1
