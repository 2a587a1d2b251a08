"""Export, import and init: nothing is overwritten unasked, and what went out comes back the same."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import SHOWS, Call, Cli
from watchlist.domain.fields import FIELDS
from watchlist.domain.text import long_date
from watchlist.formats import FORMATS


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def test_export_goes_to_stdout_by_its_format(call: Call) -> None:
    assert [row["id"] for row in json.loads(call("export", "rating:any", "-f", "json").out)] == ["heat", "slow-horses"]
    assert [row["id"] for row in json.loads(call("export", "heat", "--json").out)] == ["heat"]
    assert call("export", "heat", "-f", "csv").out.splitlines()[0].startswith("title,id,")
    assert 'title = "Heat"' in call("export", "heat").out
    assert call("export", "-o", "-", "heat", "-f", "jsonl").out.count("\n") == 1


def test_export_to_a_file_goes_by_its_ending(call: Call, tmp_path: Path) -> None:
    target = tmp_path / "seen.csv"
    ran = call("export", "-o", str(target), "kind:film")
    left_out = "1 own key of 1 show left out; json and toml keep them; 1 invalid value of 1 show left out"
    said = f"2 shows written to {target}\n{left_out}; `watchlist doctor` lists them\n"
    assert (ran.code, ran.out, ran.err) == (0, "", said)
    assert target.read_text("utf-8").splitlines()[0].startswith("title,id,")
    ran = call("export", "--output", str(tmp_path / "a.json"), "--json")
    assert json.loads(ran.out) == {"file": str(tmp_path / "a.json"), "format": "json", "shows": 4}


def test_I08_what_exists_is_replaced_only_with_force_and_whole(call: Call, tmp_path: Path) -> None:
    target, link = tmp_path / "seen.json", tmp_path / "link.json"
    target.write_text("mine")
    link.symlink_to(target)
    for path in (target, link):
        ran = call("export", "-o", str(path))
        assert (ran.code, target.read_text()) == (1, "mine")
        assert "--force" in ran.err
    assert call("export", "-o", str(link), "--force").code == 0
    assert link.is_symlink()
    assert len(json.loads(target.read_text())) == 4
    assert not list(tmp_path.glob(".*.tmp"))


def test_I08_the_list_itself_is_never_the_target(call: Call, file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    for path in (file, link, tmp_path / "." / "x" / ".." / file.name):
        (tmp_path / "x").mkdir(exist_ok=True)
        ran = call("export", "-o", str(path), "--force")
        assert ran.code == 1
        assert "the list itself" in ran.err
    assert file.read_text("utf-8") == SHOWS


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-o", "x.unknown"], 2, "ending"),
        (["-f", "jsn"], 2, 'did you mean "json"?'),
        (["-f", "csv", "--json"], 2, "--output"),
        (["-o", "nowhere/x.csv"], 1, "there is no folder"),
        (["-o", ".", "-f", "csv", "--force"], 1, "not a regular file"),
        (["-o", "/dev/zero", "-f", "csv", "--force"], 1, "not a regular file"),
        (["ratng:4"], 2, 'did you mean "rating"?'),
    ],
)
def test_what_cant_be_exported_says_why(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = call("export", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_damaged_list_is_not_exported_over_a_file(call: Call, file: Path, tmp_path: Path) -> None:
    file.write_text(SHOWS + "x = = 3\n")
    ran = call("export", "-o", str(tmp_path / "all.json"))
    assert ran.code == 3
    assert not (tmp_path / "all.json").exists()


def test_the_formats_are_named(call: Call) -> None:
    assert [row["name"] for row in json.loads(call("export", "--list", "--json").out)] == list(FORMATS)
    assert len(call("export", "--list").out.splitlines()) == len(FORMATS) + 1


@pytest.mark.parametrize("name", [name for name, row in FORMATS.items() if row.lossless])
def test_I09_what_went_out_comes_back_the_same_and_once(call: Call, tmp_path: Path, name: str) -> None:
    """Into a list of its own, then again into the same: nothing changes."""
    exported = tmp_path / f"all{FORMATS[name].endings[0]}"
    assert call("export", "-status:planned", "-o", str(exported)).code == 0
    there = {"WATCHLIST_FILE": str(tmp_path / "there.toml")}
    call("init", "--empty", env=there)
    ran = call("import", str(exported), env=there)
    assert ran.code == 0, ran.err
    assert ran.out.split() == ["New", "Changed", "Same", "Conflicting", "Skipped", "2", "0", "0", "0", "0"]
    columns = ["list", "--json", "--columns", ",".join(FIELDS)]  # keys of the user's own are no column of a csv
    assert json.loads(call(*columns, env=there).out) == json.loads(call(*columns, "-status:planned").out)
    before = Path(there["WATCHLIST_FILE"]).read_bytes()
    ran = call("import", str(exported), env=there)
    assert (ran.out.split()[5:], ran.err) == (["0", "0", "2", "0", "0"], "Nothing changed\n")
    assert Path(there["WATCHLIST_FILE"]).read_bytes() == before


def test_I09_an_import_is_one_step_of_undo_and_a_dry_run_is_none(call: Call, file: Path, tmp_path: Path) -> None:
    source = tmp_path / "more.json"
    rows = [{"title": "Dune", "year": 2021}, {"title": "Heat", "year": 1995, "rating": 3, "language": "English"}]
    source.write_text(json.dumps(rows))
    ran = call("import", str(source), "--dry-run")
    assert ran.out.splitlines() == [
        "What         Title  Year  In conflict  Changed",
        "new          Dune   2021",
        *("conflicting  Heat   1995  rating       language", ""),
        *("New  Changed  Same  Conflicting  Skipped", "  1        0     0            1        0"),
    ]
    assert file.read_text("utf-8") == SHOWS
    ran = call("import", str(source))
    assert ran.out.splitlines()[1] == "conflicting  Heat   1995  rating       language"
    assert ran.err.splitlines() == [
        "on conflict your values were kept; use --on-conflict theirs to overwrite them",
        "other fields of 1 conflicting show were filled in",
        "Added 1 show and changed language of 1 show   undo: watchlist undo",
    ]
    assert json.loads(call("show", "heat", "--json").out)["rating"] == 4.5
    call("undo")
    assert file.read_text("utf-8") == SHOWS
    call("import", str(source), "--on-conflict", "theirs")
    assert json.loads(call("show", "heat", "--json").out)["rating"] == 3
    found = json.loads(call("import", str(source), "--json").out)
    assert (found["changes"], found["counts"]["same"]) == ([], 2)


def test_several_files_and_stdin_are_one_import(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"title": "Dune"}]')
    ran = call("import", str(tmp_path / "a.json"), "-", "--from", "json", stdin='[{"title": "Alien"}]')
    assert ran.err.splitlines()[-1].startswith("Added 2 shows")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["none.json"], 1, "there is no file none.json"),
        (["bad.json"], 2, "bad.json: this is not JSON"),
        (["ok.json", "bad.json"], 2, "bad.json"),
        (["ok.json", "--from", "csvv"], 2, 'did you mean "csv"?'),
        (["ok.json", "--from", "svg"], 2, ""),
        (["ok.json", "--on-conflict", "thiers"], 2, 'did you mean "theirs"?'),
        (["-"], 2, "--from"),
        (["."], 2, ". is a folder"),
    ],
)
def test_what_cant_be_imported_says_why_and_changes_nothing(
    call: Call, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ok.json").write_text('[{"title": "Dune"}]')
    Path("bad.json").write_text("{{")
    ran = call("import", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert file.read_text("utf-8") == SHOWS


IMDB = """\
Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,\
Release Date,Directors
tt90000101,7,2026-04-18,"Glass Harbour","Glass Harbour",,Movie,3.1,101,2024,"Crime, Drama",5,2024-02-03,"Maren Solvik"
tt90000102,9,2026-04-18,"Slow Tide: Episode #1.1",,,TV Episode,8.1,50,2024,Drama,5,2024-02-03,
"""


def test_an_export_of_imdb_is_known_by_its_first_line(call: Call, file: Path, tmp_path: Path) -> None:
    """Whatever its name; on stdin too. What is no show is counted; the second time nothing changes."""
    for name in ("2f36023d.csv", "ratings"):
        (tmp_path / name).write_text(IMDB)
    ran = call("import", str(tmp_path / "2f36023d.csv"))
    assert ran.out.split() == ["New", "Changed", "Same", "Conflicting", "Skipped", "1", "0", "0", "0", "1"]
    assert ran.err.splitlines()[0] == "1 row left out, not shows: TV Episode"
    show = json.loads(call("show", "glass-harbour", "--json").out)
    assert (show["rating"], show["status"], show["ids"]) == (3.5, "watched", {"imdb": "tt90000101"})
    before = file.read_bytes()
    for words in ([str(tmp_path / "ratings")], ["-"], [str(tmp_path / "ratings"), "--from", "imdb"]):
        ran = call("import", *words, stdin=IMDB)
        assert (ran.out.split()[5:], ran.code) == (["0", "0", "1", "0", "1"], 0)
    assert file.read_bytes() == before


def test_a_page_says_when_it_was_made(call: Call) -> None:
    days = [long_date(date.today())]
    page = call("export", "-f", "html").out
    assert any(day in page for day in (*days, long_date(date.today())))  # it may be midnight


def test_a_csv_written_by_hand_has_the_lengths_of_seasons(call: Call) -> None:
    rows = 'title,kind,seasons\nBear,series,"8, 10"\nWire,series,S1 13 S0 2\nBad,series,many\n'
    ran = call("import", "-", "--from", "csv", stdin=rows)
    assert 'seasons: "many" is not a number of episodes' in ran.err
    shown = {id: json.loads(call("show", id, "--json").out).get("seasons") for id in ("bear", "wire", "bad")}
    assert shown == {
        "bear": [{"number": 1, "episodes": 8}, {"number": 2, "episodes": 10}],
        "wire": [{"number": 1, "episodes": 13}, {"number": 0, "episodes": 2}],
        "bad": None,
    }
    again = call("import", "-", "--from", "csv", stdin=rows)
    assert again.out.split()[5:] == ["0", "0", "3", "0", "0"], "the second time nothing changes"
    call("watch", "bear")
    assert call("import", "-", "--from", "csv", stdin=rows.replace("8, 10", "8, 10, 10")).code == 0
    bear = json.loads(call("show", "bear", "--json").out)["seasons"]
    assert bear[0] == {"number": 1, "episodes": 8, "watched": "1"}
    assert bear[2] == {"number": 3, "episodes": 10}


def test_a_format_that_is_only_read_is_not_written(call: Call) -> None:
    ran = call("export", "-f", "imdb")
    assert (ran.code, ran.out) == (2, "")
    assert "IMDb can be read, not written" in ran.err


def test_problems_of_rows_are_named(call: Call, tmp_path: Path) -> None:
    rows = [{"title": f"Show {n}", "rating": 11} for n in range(25)]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    ran = call("import", str(tmp_path / "a.json"), "--dry-run")
    assert ran.err.startswith("show 1, rating: 11 is not within 5 stars")
    assert "and 5 more problems" in ran.err


def test_init_creates_the_seeded_list_privately_and_never_over_another(call: Call, cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "sub" / "new.toml"
    ran = call("init", "--file", str(target))
    assert (ran.code, ran.out, ran.err) == (0, "", f"Created {target}\n")
    assert "Ballard" in target.read_text("utf-8")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    ran = call("init", "--file", str(target), "--empty")
    assert (ran.code, ran.err) == (1, f"watchlist: {target} exists already\n")
    ran = call("init", "--file", str(tmp_path / "empty.toml"), "--empty", "--json")
    assert json.loads(ran.out) == {"file": str(tmp_path / "empty.toml"), "shows": 0}
    assert call("list", "--file", str(tmp_path / "empty.toml")).err == "the list is empty\n"
