"""The verb `catalogue` and what else the program says about the catalogue."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT, SHOWS, Call
from tests.sources.catalogue.datasets import BASIC, write
from watchlist.cli.completion import candidates
from watchlist.domain.show_table import ShowTable
from watchlist.sources.catalogue.credit import CREDIT, TERMS
from watchlist.sources.catalogue.files import BUILD_FOLDER, DOWNLOAD_FOLDER, age


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return list(map(str, write(tmp_path / "datasets")))


@pytest.fixture
def folder(home: Mapping[str, str]) -> Path:
    return Path(home["XDG_CACHE_HOME"]) / "watchlist"


def test_there_is_none_until_the_user_builds_one(call: Call, folder: Path) -> None:
    ran = call("catalogue")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines()[0] == "there is no catalogue yet"
    assert "watchlist catalogue build" in ran.err
    assert json.loads(call("catalogue", "--json").out) == {"path": str(folder / "catalogue.sqlite"), "exists": False}
    ran = call("catalogue", "remove")
    assert (ran.code, ran.err) == (1, "watchlist: there is no catalogue to remove\n")
    assert not folder.exists()


def test_build_says_what_is_built_and_gives_credit(call: Call, files: list[str]) -> None:
    ran = call("catalogue", "build", *files)
    assert (ran.code, ran.out) == (0, "")
    assert "Built the catalogue: 20 films, 5 series with 11 episodes" in ran.err
    assert CREDIT in ran.err
    assert "reading ...\n" in ran.err
    document = json.loads(call("catalogue", "build", *files, "--json").out)
    assert (document["films"], document["series"], document["episodes"]) == (20, 5, 11)
    assert call("catalogue", "build", *files, "--quiet").err == ""


def test_contents_age_size_source_credit_and_terms_are_shown(call: Call, folder: Path, files: list[str]) -> None:
    call("catalogue", "build", *files)
    ran = call("catalogue")
    size = (folder / "catalogue.sqlite").stat().st_size
    for text in ("20 films, 5 series with 11 episodes", "(today)", f"{size / 1e6:.1f} MB", CREDIT, TERMS):
        assert text in ran.out
    for name in (
        str(folder / "catalogue.sqlite"),
        "https://datasets.imdbws.com/",
        *(f"{name}.tsv.gz" for name in BASIC),
    ):
        assert name in ran.out
    document = json.loads(call("catalogue", "--json").out)
    assert (document["size"], document["credit"], document["terms"]) == (size, CREDIT, TERMS)
    assert [file["kind"] for file in document["files"]] == [*BASIC]


def test_remove_deletes_everything(call: Call, folder: Path, files: list[str]) -> None:
    call("catalogue", "build", *files)
    for name in (BUILD_FOLDER, DOWNLOAD_FOLDER):
        (folder / name).mkdir()
        (folder / name / "part").write_bytes(b"x" * 1000)
    size = (folder / "catalogue.sqlite").stat().st_size + 2000
    ran = call("catalogue", "remove", "--json")
    assert json.loads(ran.out) == {"removed": str(folder / "catalogue.sqlite"), "size": size}
    assert "Removed the catalogue" in ran.err
    assert {path.name for path in folder.iterdir()} <= {"catalogue.lock"}
    assert call("catalogue", "remove").code == 1


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["buidl"], 'catalogue does not know "buidl"', 'did you mean "build"?'),
        (["build"], "catalogue build: missing FILE (IMDb's dataset files)", "https://datasets.imdbws.com/"),
        (["remove", "x"], "catalogue remove takes no x", "only build does"),
        (["--download"], "catalogue takes no --download", "only build does"),
        (["build", "x.gz", "--akas"], "--akas says what to download", "add --download"),
        (["build", "x.gz", "--cast"], "--cast says what to download", "add --download"),
        (["build", "x/"], "x/ names a folder", "name a file in it"),
    ],
)
def test_wrong_usage_has_a_hint(call: Call, words: list[str], message: str, hint: str) -> None:
    ran = call("catalogue", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"watchlist: {message}\n")
    assert hint in ran.err


def test_paths_and_doctor_report_it(call: Call, folder: Path, file: Path, files: list[str]) -> None:
    file.write_text(SHOWS.replace("rating = 11", "rating = 1.1"), "utf-8")
    call("catalogue", "build", *files)
    path = folder / "catalogue.sqlite"
    for verb in ("paths", "doctor"):
        ran = call(verb, "--json", "--file", str(file))
        (cached,) = json.loads(ran.out)["cached"]
        assert (cached["path"], cached["size"]) == (str(path), path.stat().st_size)
        assert "cached: catalogue, 0.1 MB, today" in call(verb, "--file", str(file)).err
    assert call("doctor", "--file", str(file)).code == 0
    (folder / BUILD_FOLDER).mkdir()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    ran = call("doctor", "--json", "--file", str(file))
    assert ran.code == 1
    assert [(row["kind"], row["severity"], row["file"]) for row in json.loads(ran.out)["findings"]] == [
        ("catalogue", "wrong", str(path)),
        ("leftover", "odd", str(folder / BUILD_FOLDER)),
    ]


def test_the_catalogue_is_private(call: Call, folder: Path, files: list[str]) -> None:
    if sys.platform == "win32":
        pytest.skip("permissions")
    call("catalogue", "build", *files)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("built", "text"),
    [
        ("2026-12-01", "today"),
        ("2026-12-02", "today"),
        ("2026-11-30T23:59:59", "1 day old"),
        ("2026-11-01", "30 days old"),
        ("2026-06-01", "6 months old"),
        ("2023-06-01", "3 years old"),
        ("soon", "of unknown age"),
    ],
)
def test_ages(built: str, text: str) -> None:
    assert age(built, date(2026, 12, 1)) == text


@pytest.mark.parametrize(
    "code", ["from watchlist.__main__ import main; main(['list', '--limit', '1'])", "import watchlist.tui.app"]
)
def test_a_start_does_not_open_it(home: Mapping[str, str], call: Call, files: list[str], code: str) -> None:
    call("catalogue", "build", *files)
    code += (
        "\nimport sys; print(*[name for name in sys.modules if name in ('sqlite3', '_sqlite3', 'httpx', 'filelock')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env=dict(home), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {*ran.stdout.split()} & {"sqlite3", "_sqlite3", "httpx"}


def test_completion_offers_the_actions() -> None:
    offered = candidates(["catalogue"], "", ShowTable, dict, lambda text: True)
    assert {"build", "remove"} <= offered.keys()
    assert "--download" in candidates(["catalogue", "build"], "--d", ShowTable, dict, lambda text: True)
