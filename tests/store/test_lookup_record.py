"""What look-ups wrote is remembered beside the list, within limits, and never gets in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from watchlist.domain.lookup_diff import Item, Sign
from watchlist.store import lookup_record
from watchlist.store.lookup_record import LookupRecord


def item(value: str) -> Item:
    return Item(("synopsis",), "", value, Sign.FILLS)


def holds(record: LookupRecord, id: str, value: str, source: str = "tvmaze") -> bool:
    return record.written(id, source).holds(("synopsis",), value)


def test_what_was_written_is_known_by_show_and_source(tmp_path: Path) -> None:
    record = LookupRecord(tmp_path / "lookups" / "a.json")
    assert not holds(record, "heat", "x")
    record.add([("heat", "tvmaze", False, [item("x")]), ("dune", "wikidata", False, [item("y")])])
    record.add([("heat", "wikidata", False, [item("z")])])
    assert holds(record, "heat", "x")
    assert holds(record, "heat", "z", "wikidata")
    assert holds(record, "dune", "y", "wikidata")
    assert not holds(record, "heat", "y")
    assert not holds(record, "dune", "y")


def test_a_source_that_is_new_to_a_show_starts_anew(tmp_path: Path) -> None:
    record = LookupRecord(tmp_path / "a.json")
    record.add([("heat", "tvmaze", True, [item("x")]), ("heat", "wikidata", True, [item("z")])])
    record.add([("heat", "tvmaze", True, [])])  # the look-up before was undone
    assert not holds(record, "heat", "x")
    assert holds(record, "heat", "z", "wikidata")


def test_without_anything_written_there_is_no_file(tmp_path: Path) -> None:
    record = LookupRecord(tmp_path / "lookups" / "a.json")
    record.add([("heat", "tvmaze", False, [])])
    assert not record.path.exists()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '"x"', "[" * 9999, '{"heat": 1}', '{"heat": {"tvmaze": 1}}', '{"heat": {"tvmaze": {"a": 1}}}'],
)
def test_a_damaged_record_says_nothing_and_is_replaced(tmp_path: Path, text: str) -> None:
    record = LookupRecord(tmp_path / "a.json")
    record.path.write_text(text, "utf-8")
    assert not holds(record, "heat", "x")
    record.add([("heat", "tvmaze", False, [item("x")])])
    assert holds(record, "heat", "x")


def test_the_shows_of_the_oldest_look_ups_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup_record, "MAX_BYTES", 1000)
    record = LookupRecord(tmp_path / "a.json")
    for number in range(50):
        record.add([(f"show-{number}", "tvmaze", False, [item("x")])])
        record.add([("heat", "tvmaze", False, [item(str(number))])])  # looked up again and again
    assert record.path.stat().st_size <= 1000
    shows = list(json.loads(record.path.read_bytes()))
    assert shows[-3:] == ["show-48", "show-49", "heat"]
    assert len(shows) > 10
    assert holds(record, "heat", "49")
    assert not holds(record, "show-0", "x")


def test_a_record_that_is_too_large_or_can_not_be_written_is_none(tmp_path: Path) -> None:
    record = LookupRecord(tmp_path / "a.json")
    with record.path.open("wb") as stream:
        stream.truncate(lookup_record.MAX_BYTES + 1)
    assert not holds(record, "heat", "x")
    blocked = LookupRecord(tmp_path / "file" / "a.json")
    blocked.path.parent.write_text("", "utf-8")
    blocked.add([("heat", "tvmaze", False, [item("x")])])
    assert not holds(blocked, "heat", "x")
