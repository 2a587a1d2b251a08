"""A status of planned is a value like the others; what a table has no place for is counted."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.conftest import Call
from watchlist.domain.model import Show, Status
from watchlist.domain.show_toml import from_table
from watchlist.domain.watchlist import Watchlist
from watchlist.formats import FORMATS, Imported, WriteOptions, merge_imported
from watchlist.formats.export_file import left_out

PLANNED = Show("x", "X", status=Status.PLANNED)
MINE = Watchlist((Show("x", "X", status=Status.WATCHED),))


def written(name: str, show: Show) -> str:
    out = io.StringIO()
    FORMATS[name].write([show], out, WriteOptions())  # type: ignore[misc]
    return out.getvalue()


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl", "toml"])
def test_planned_is_written_and_read_as_what_the_file_says(name: str) -> None:
    text = written(name, PLANNED)
    assert "planned" in text
    imported = FORMATS[name].read(text.encode())  # type: ignore[misc]
    assert imported.planned == {0}
    kept, taken = (merge_imported(MINE, imported, theirs=theirs) for theirs in (False, True))
    assert kept.outcomes[0].conflicts == taken.outcomes[0].conflicts == ("status",)
    assert kept.edit(MINE) == MINE
    assert taken.edit(MINE).shows[0].status is Status.PLANNED
    assert merge_imported(Watchlist((PLANNED,)), imported, theirs=True).counts["same"] == 1


@pytest.mark.parametrize(
    ("name", "text"), [("csv", "id,title,status\nx,X,\n"), ("json", '[{"id": "x", "title": "X"}]')]
)
def test_no_status_is_none(name: str, text: str) -> None:
    imported = FORMATS[name].read(text.encode())  # type: ignore[misc]
    assert imported.planned == frozenset()
    assert merge_imported(MINE, imported, theirs=True).edit(MINE) == MINE


def test_a_status_that_can_not_be_read_is_not_written_as_planned() -> None:
    assert "planned" not in written("csv", from_table({"id": "x", "title": "X", "status": "seen"}))


def test_of_several_files_each_place_is_kept() -> None:
    part = Imported((Show("a", "A"), PLANNED), planned=frozenset([1]))
    assert Imported.joined([part, part]).planned == {1, 3}


def test_E3_own_keys_that_are_left_out_are_counted(call: Call, tmp_path: object) -> None:
    shows = [Show("a", "A", other={"x": 1, "y": 2}), Show("b", "B"), Show("c", "C", other={"x": 1})]
    assert left_out(FORMATS["csv"], shows[:2]) == "2 own keys of 1 show left out; json and toml keep them"
    assert left_out(FORMATS["tsv"], shows) == "3 own keys of 2 shows left out; json and toml keep them"
    assert left_out(FORMATS["csv"], shows[1:2]) == left_out(FORMATS["json"], shows) == ""
    file = f"{tmp_path}/l.toml"
    with open(file, "w") as out:  # noqa: PTH123
        out.write('[[shows]]\nid = "a"\ntitle = "A"\nmine = 1\n')
    for words in ((), ("-o", f"{tmp_path}/out.csv")):
        ran = call("--file", file, "export", "-f", "csv", *words)
        assert ran.err.endswith("1 own key of 1 show left out; json and toml keep them\n")


def test_values_that_no_format_gets_are_counted(call: Call, tmp_path: Path) -> None:
    broken = from_table({"id": "x", "title": "X", "rating": 11, "year": "soon", "mine": 1})
    said = "2 invalid values of 1 show left out; `watchlist doctor` lists them"
    assert left_out(FORMATS["json"], [broken, Show("a", "A")]) == said
    assert left_out(FORMATS["csv"], [broken]) == f"1 own key of 1 show left out; json and toml keep them; {said}"
    file = tmp_path / "l.toml"
    file.write_text('[[shows]]\nid = "x"\ntitle = "X"\nrating = 11\n', "utf-8")
    ran = call("--file", str(file), "export", "-f", "toml")
    assert (ran.code, ran.err) == (0, "1 invalid value of 1 show left out; `watchlist doctor` lists them\n")
