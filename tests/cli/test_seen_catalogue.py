"""The verb `seen` with an offline catalogue: a show that is not on the list is added, if it is certain which one."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Call
from tests.sources.catalogue.datasets import BASIC, NOW, texts
from watchlist.sources.catalogue.build import build
from watchlist.sources.catalogue.credit import CREDIT

LIST = """\
[[shows]]
id = "mine"
title = "Harbor Lights"   # mine
kind = "series"

[[shows]]
id = "poulain"
title = "Le fabuleux destin d'Amélie Poulain"
kind = "film"
year = 2001
"""
# (id, type, title, original title, year, votes): several titles of one name, and one that nobody knows.
MORE = """
tt9500001|movie|Cold Harbor|Cold Harbor|1986|7000
tt9500002|movie|Cold Harbor|Cold Harbor|2003|90000
tt9500003|movie|Cold Harbor|Cold Harbor|2011|4
tt9500004|tvSeries|The Bureau|The Bureau|2005|600000
tt9500005|tvSeries|The Bureau|The Bureau|2001|120000
tt9500006|movie|Red Lake|Red Lake|1999|50000
tt9500007|movie|Red Lake|Red Lake|2015|30
tt9500008|movie|Holiday|Holiday|2019|25
tt9500009|movie|Two Towns|Two Towns|1990|9000
tt9500010|tvSeries|Two Towns|Two Towns|2012|8000
tt9500011|movie|Ship 1984|Ship 1984|2020|300000
tt9500012|movie|Ship|Ship|1984|40
tt9500013|tvSeries|Löwen|Löwen|2018|3000
"""
SLOW = "slow.horses.s02e03.1080p.mkv"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue, built once."""
    folder = tmp_path_factory.mktemp("built")
    rows = [line.split("|") for line in MORE.split("\n") if line]
    more = {
        "title.basics": [[*row[:4], "0", row[4], "\\N", "90", "Drama"] for row in rows],
        "title.ratings": [[row[0], "7.0", row[5]] for row in rows],
        "title.akas": [],
    }
    files = []
    for name in (*BASIC, "title.akas"):
        text = texts()[name] + "".join("\t".join(row) + "\n" for row in more.get(name, []))
        files.append(folder / f"{name}.tsv.gz")
        files[-1].write_bytes(gzip.compress(text.encode(), mtime=0))
    build(files, folder / "catalogue.sqlite", NOW, lambda *_: None)
    return folder / "catalogue.sqlite"


@pytest.fixture(autouse=True)
def file(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(LIST, "utf-8")
    monkeypatch.setenv("WATCHLIST_FILE", str(path))
    return path


@pytest.fixture
def catalogue(built: Path, home: Mapping[str, str]) -> Path:
    """The catalogue of the user."""
    path = Path(home["XDG_CACHE_HOME"]) / "watchlist" / "catalogue.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(built, path)
    return path


def shows(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(file.read_text("utf-8"))["shows"]
    return rows[2:]


@pytest.mark.usefixtures("catalogue")
def test_the_show_is_added_with_all_that_is_known_and_the_viewing_is_logged_in_one_step(call: Call, file: Path) -> None:
    ran = call("seen", SLOW)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == [
        "Added Slow Horses; watched: S02E03, status: watching   undo: watchlist undo",
        f"  {CREDIT}",
    ]
    (show,) = shows(file)
    assert (show["id"], show["year"], show["kind"], show["runtime"]) == ("slow-horses", 2022, "series", 50)
    assert (show["genres"], show["added"]) == (["Crime", "Drama", "Thriller"], date.today())
    assert show["ids"] == {"imdb": "tt9000004"}
    assert "rating" not in show
    assert [(row["number"], row["episodes"], row.get("watched")) for row in show["seasons"]] == [
        (0, 1, None),
        (1, 3, None),
        (2, 3, "3"),
    ]
    call("undo")
    assert file.read_text("utf-8") == LIST


@pytest.mark.usefixtures("catalogue")
def test_several_files_are_one_step_and_a_show_is_added_once(call: Call, file: Path) -> None:
    names = ("Slow.Horses.S01E01.mkv", "Slow.Horses.S01E02.mkv", "Heat (1995).mkv", "Harbor.Lights.S01E01.mkv")
    ran = call("seen", *names, "--date", "2026-11-20")
    assert ran.err.splitlines()[:4] == [
        "Slow.Horses.S01E01.mkv: S01E01 of Slow Horses (added to the list)",
        "Slow.Horses.S01E02.mkv: S01E02 of Slow Horses (added to the list)",
        "Heat (1995).mkv: Heat (added to the list)",
        "Harbor.Lights.S01E01.mkv: S01E01 of Harbor Lights",
    ]
    assert [show["title"] for show in shows(file)] == ["Slow Horses", "Heat"]
    assert [show["viewings"] for show in shows(file)] == [
        [{"date": date(2026, 11, 20), "episodes": "S01E01-E02"}],
        [{"date": date(2026, 11, 20)}],
    ]
    text = file.read_text("utf-8")
    ran = call("seen", *names, "--date", "2026-11-20")
    assert (ran.code, file.read_text("utf-8")) == (0, text)
    call("undo")
    assert file.read_text("utf-8") == LIST


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Heat.1995.mkv", "tt9000001"),
        ("Heat.1080p.BluRay.mkv", "tt9000001"),
        ("Slow Horses/Season 2/03.mkv", "tt9000004"),
        ("Slow.Horses.2022.S01E01.mkv", "tt9000004"),
        ("Law.and.Order.S01E01.mkv", "tt9000012"),
        ("Red.Lake.1080p.mkv", "tt9500006"),  # the other one is hardly known
        ("Red.Lake.2015.1080p.mkv", "tt9500007"),
        ("Cold.Harbor.1986.mkv", "tt9500001"),
        ("The.Bureau.2001.S01E01.mkv", "tt9500005"),
        ("Der.Pate.1972.1080p.mkv", "tt9000014"),
        ("Whatever {imdb-tt9000003}.mkv", "tt9000003"),
        ("Loewen.S01E01.mkv", "tt9500013"),
        ("Löwen.S01E01.mkv", "tt9500013"),
    ],
)
def test_a_title_with_its_year_or_the_only_known_one_is_certain(call: Call, file: Path, name: str, id: str) -> None:
    ran = call("seen", name)
    assert [show["ids"]["imdb"] for show in shows(file)] == [id], ran.err


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        (
            "Cold.Harbor.1080p.mkv",
            "3 shows may be meant: Cold Harbor (2003, film); Cold Harbor (1986, film)",
            "add 'Cold",
        ),
        ("The.Bureau.S01E02.mkv", "2 shows may be meant: The Bureau (2005, series); The Bureau (2001", "--kind series"),
        ("The.Bureau.US.S01E02.mkv", "2 shows may be meant", "ids+=imdb=tt9500004"),
        ("Two.Towns.1080p.mkv", "2 shows may be meant", ""),
        ("Slow.Horses.US.S01E02.mkv", "it may be Slow Horses (2022, series), which is not", "--yes adds it"),
        ("Ship.1984.1080p.mkv", "2 shows may be meant", ""),
        ("Heat.1996.1080p.mkv", "it may be Heat (1995, film), which is not on the list", "--yes adds it and logs Heat"),
        ("Heat.mkv", "it may be Heat (1995, film), which is not", "--yes adds"),  # may be anybody's holiday
        ("Holiday.2019.mkv", "it may be Holiday (2019, film), which is not", "--yes adds"),
        ("Heat/The.Godfather.1080p.mkv", "it may be The Godfather (1972, film)", ""),
        ("Der.Pate.1080p.mkv", "it may be The Godfather (1972, film)", "--yes adds"),
        ("Heat.1990.1080p.mkv", "no show on the list has this title", "watchlist add Heat"),
        ("Heat.S01E01.mkv", "no show on the list has this title", "watchlist add Heat"),
        ("Slow.S01E01.mkv", "no show on the list has this title", ""),
        ("Slow.Horses.Again.S01E01.mkv", "no show on the list has this title", ""),
        ("Slwo.Horses.S01E01.mkv", "no show on the list has this title", ""),
        ("Breaking.Bad.mkv", "no show on the list has this title", ""),
        ("Slow.Horses.S01E01.{imdb-tt1234567}.mkv", "no show on the list has this title", ""),
        ("Heat {imdb-tt9000001} S01E01.mkv", "no show on the list has this title", ""),
        ("Slow.Horses.S02E07.mkv", "season 2 of Slow Horses has 3 episodes", "--yes adds it and logs S02E07 of Slow"),
        ("Slow.Horses.S04E01.mkv", "season 4 of Slow Horses is not on the list", "--yes adds"),
        ("Slow.Horses.S02.1080p", "it is season 2, not one episode", ""),
        ("Amelie.2001.mkv", "it may be Le fabuleux destin d'Amélie Poulain (2001, film)", "aka+=Amelie"),
    ],
)
def test_in_doubt_nothing_is_added(call: Call, file: Path, name: str, said: str, hint: str) -> None:
    for words in ((), ("--dry-run",)):
        ran = call("seen", name, *words)
        assert (ran.code, ran.out) == (1, "")
        assert said in ran.err
        assert hint in ran.err
        assert file.read_text("utf-8") == LIST


@pytest.mark.usefixtures("catalogue")
def test_yes_adds_the_only_show_that_can_be_meant(call: Call, file: Path) -> None:
    assert call("seen", "Cold.Harbor.1080p.mkv", "--yes").code == 1
    assert call("seen", "Heat.mkv", "--yes").err.startswith("Added Heat; status: watched   undo")
    assert call("seen", "Slow.Horses.S02E07.mkv", "--yes").err.startswith("Added Slow Horses; watched: S02E07")
    assert call("seen", "Amelie.2001.mkv", "--yes").err.startswith("Watched Le fabuleux destin")
    assert [show["title"] for show in shows(file)] == ["Heat", "Slow Horses"]


@pytest.mark.usefixtures("catalogue")
def test_a_show_of_the_list_with_the_same_id_is_the_one(call: Call, file: Path) -> None:
    text = LIST.replace('kind = "series"', 'kind = "series"\nids = { imdb = "tt9000004" }')
    file.write_text(text, "utf-8")
    assert call("seen", SLOW).err.startswith("Watched S02E03 of Harbor Lights; status: watching")
    assert shows(file) == []


@pytest.mark.usefixtures("catalogue")
def test_the_hint_adds_the_show(call: Call, file: Path) -> None:
    hint = call("seen", "The.Bureau.S01E02.mkv").err.split("`")[1]
    assert hint == "watchlist add 'The Bureau (2005)' --kind series ids+=imdb=tt9500004"
    assert call("add", "The Bureau (2005)", *hint.split()[-3:]).code == 0
    assert call("seen", "The.Bureau.2005.S01E02.mkv").err.startswith("Watched S01E02 of The Bureau; ")
    assert len(shows(file)) == 1


@pytest.mark.usefixtures("catalogue")
def test_a_dry_run_and_json_say_what_is_added(call: Call, file: Path) -> None:
    ran = call("seen", SLOW, "--dry-run")
    assert ran.out == "Would add Slow Horses; watched: S02E03, status: watching\n"
    document = json.loads(call("seen", SLOW, "--dry-run", "--json").out)
    assert (document["dry_run"], document["files"][0]["added"], document["files"][0]["id"]) == (
        True,
        True,
        "slow-horses",
    )
    assert file.read_text("utf-8") == LIST
    document = json.loads(call("seen", "Cold.Harbor.1080p.mkv", "--json").out)
    (row,) = document["files"]
    assert (row["outcome"], row["id"], row["added"]) == ("unsure", None, False)
    assert row["candidates"] == ["tt9500002", "tt9500001", "tt9500003"]
    document = json.loads(call("seen", SLOW, "Harbor.Lights.S01E01.mkv", "--json").out)
    assert [(row["outcome"], row["id"], row["added"]) for row in document["files"]] == [
        ("watched", "slow-horses", True),
        ("watched", "mine", False),
    ]
    assert document["label"].startswith("Added 1 show and changed ")
    assert [show["id"] for show in document["shows"]] == ["mine", "slow-horses"]


def test_a_damaged_catalogue_is_a_warning(call: Call, file: Path, catalogue: Path) -> None:
    without = call("seen", "Harbor.Lights.S01E01.mkv", "--dry-run")
    data = catalogue.read_bytes()
    for damage in (b"", data[:5000], data[:4096] + bytes(len(data) - 4096)):
        catalogue.write_bytes(damage)
        ran = call("seen", SLOW)
        first, *rest = ran.err.splitlines()
        assert ran.code == 1
        assert first.startswith("watchlist: the catalogue ")
        assert "no show on the list has this title" in rest[0]
        assert call("seen", "Harbor.Lights.S01E01.mkv", "--dry-run") == without
    assert file.read_text("utf-8") == LIST


def test_sqlite_is_not_imported_without_need(home: Mapping[str, str], file: Path, catalogue: Path) -> None:
    code = (
        "import sys; from watchlist.__main__ import main; main(sys.argv[1:])\n"
        "print([name for name in sys.modules if name in ('sqlite3', 'httpx')])"
    )

    def loaded(*words: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", code, *words, "--dry-run"],
            capture_output=True,
            text=True,
            check=True,
            env={**home, "WATCHLIST_FILE": str(file)},
        )
        return ran.stdout.splitlines()[-1]

    assert loaded("seen", "Harbor.Lights.S01E01.mkv") == "[]"
    assert loaded("seen", SLOW) == "['sqlite3']"
    catalogue.unlink()
    assert loaded("seen", SLOW) == "[]"
