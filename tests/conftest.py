"""The program as a test sees it: in a process of its own (`cli`) or in this one (`call`), far from the user's own files."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import profile, states

ROOT = Path(__file__).parent.parent
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "COVERAGE_PROCESS_START")

# A machine with much else to do is slow: that is no failure.
profile.load()

SHOWS = """\
version = 1

# the one with the diner
[[shows]]
id = "heat"
title = "Heat"
kind = "film"
year = 1995
status = "watched"
rating = 4.5 # of 5
platform = "Netflix"
genres = ["Crime", "Drama"]
tags = ["heist", "to own"]
runtime = 170
mood = "blue"

[[shows]]
id = "slow-horses"
title = "Slow Horses"
kind = "series"
year = 2022
status = "watching"
rating = 4.35
platform = "Apple TV+"
tags = ["spies"]

[[shows]]
id = "amelie"
title = "Amélie"
kind = "film"
year = 2001
rating = 11

[[shows]]
id = "rec"
title = "[REC] \\u001b]0;x\\u0007 三体"
notes = "two\\nlines"

[[views]]
name = "Tonight"
query = "status:planned"
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--index", choices=states.STATES, help="let every list have an index in this state; else they are as they come"
    )
    parser.addoption("--long", action="store_true", help="the tests of tests/trust with the counts that are published")
    parser.addoption("--part", type=float, default=1.0, metavar="P", help="with --long: only this part of its counts")
    parser.addoption("--figures", metavar="FILE", help="add what the tests of tests/trust counted to this JSON file")


_FOLDER = pytest.StashKey[Path]()


MEMORY = Path("/dev/shm")
ENOUGH = 2 << 30  # bytes


def pytest_configure(config: pytest.Config) -> None:
    if not config.option.markexpr and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        config.option.markexpr = "not alone"  # `pytest` alone is the quick suite; files that are named are run
    # A save waits for the disk, which takes half the time of the tests. In memory it waits for nothing.
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    state: str | None = config.getoption("--index")
    if state is not None:
        folder = config.stash[_FOLDER] = Path(tempfile.mkdtemp())
        states.install(state, folder)
        os.environ["PYTHONPATH"] = str(states.site(state, folder))


def pytest_unconfigure(config: pytest.Config) -> None:
    if (folder := config.stash.get(_FOLDER, None)) is not None:
        shutil.rmtree(folder, ignore_errors=True)


_ALONE = ("tests/e2e/", "tests/trust/", "tests/bench/", "tests/test_docs.py", "tests/cli/test_completion.py")
"""Tests with real terminals, pictures or processes of their own: they want the machine for themselves."""


def pytest_xdist_auto_num_workers() -> int | None:
    """Let `-n auto` start three processes per core: tests of the interface mostly wait for a screen to be drawn."""
    if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS"):
        return None  # as the user wishes
    return 3 * (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(ROOT).as_posix().startswith(_ALONE):
            item.add_marker("alone")


_ABOUT_INDEXES = {"test_show_index.py", "test_forged_index.py", "test_own_files.py"}
"""Test files that put something in the place of the index themselves."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out, with `--index`, the tests that bring the index into the states that they are about."""
    return True if config.getoption("--index") and collection_path.name in _ABOUT_INDEXES else None


@dataclass(frozen=True)
class Ran:
    """What one run gave."""

    code: int
    out: str
    err: str


Cli = Callable[..., "subprocess.CompletedProcess[str]"]
Call = Callable[..., Ran]


@pytest.fixture(scope="session", autouse=True)
def impatient() -> Iterator[None]:
    """A file that looks like half of a write is not waited for in this process: a test that waits says how long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("watchlist.store.file_guard.SETTLE_SECONDS", 0.05)
        yield


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has nothing yet; `HOME` is the test's own folder."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**kept, **folders, "HOME": str(tmp_path), "PYTHONPATH": path, "LANG": "C.UTF-8", "TERM": "xterm"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A list of four shows; two of them are odd."""
    path = tmp_path / "shows.toml"
    path.write_text(SHOWS, "utf-8")
    return path


@pytest.fixture
def config(home: Mapping[str, str]) -> Path:
    """Where the user's config would be; the folder is there."""
    path = Path(home["XDG_CONFIG_HOME"]) / "watchlist" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def cli(home: Mapping[str, str]) -> Cli:
    """Runs `watchlist` with these words: `cli("list", stdin="...", env={...})`."""

    def run(*words: str, stdin: str = "", env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "watchlist", *words],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**home, **(env or {})},
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def call(home: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """The same in this process, ten times as fast: `call("list", stdin="...", env={...}).out`."""
    for name in list(os.environ):
        if name.startswith("WATCHLIST_") or name in ("NO_COLOR", "COLUMNS", "VISUAL", "EDITOR"):
            monkeypatch.delenv(name)
    for name, value in home.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Ran:
        from watchlist.__main__ import main

        with monkeypatch.context() as patch:
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
            capsys.readouterr()
            code = main(list(words))
            printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return run
