"""Building the catalogue: what is kept of the files, and that nothing but a whole catalogue replaces the old one."""

from __future__ import annotations

import errno
import gzip
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT, Call
from tests.sources.catalogue.datasets import BASIC, COLUMNS, MEMORY, NOW, make, opened, texts, write
from watchlist.domain.model import Kind, Role
from watchlist.errors import CatalogueError
from watchlist.sources.catalogue import build as build_module
from watchlist.sources.catalogue import files as catalogue_files
from watchlist.sources.catalogue import read_tables
from watchlist.sources.catalogue.build import build
from watchlist.sources.catalogue.files import BUILD_FOLDER, LOCK, build_lock, is_building
from watchlist.sources.catalogue.imdb_files import FileKind

MAX_MEMORY = 150 << 20
ROWS = 40_000


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "catalogue.sqlite"


def test_a_show_has_everything_that_is_known(tmp_path: Path) -> None:
    with opened(make(tmp_path, COLUMNS)) as catalogue:
        title = catalogue.title("tt9000004")
        assert title is not None
        assert title.people == ("Dora Writer", "Ben Actor")
        show = catalogue.show(title)
        assert (show.title, show.year, show.kind, show.runtime) == ("Slow Horses", 2022, Kind.SERIES, 50)
        assert (show.genres, dict(show.ids)) == (("Crime", "Drama", "Thriller"), {"imdb": "tt9000004"})
        assert (show.rating, show.synopsis) == (None, "")
        assert show.creators == ("Dora Writer",)
        seasons = [(season.number, season.episodes, season.titles) for season in show.seasons]
        assert seasons == [
            (0, 1, ("Behind the Scenes",)),
            (1, 3, ("Failure's Contagious", "Work Drinks", "")),
            (2, 3, ("Last Stop", "", "Drinking Games")),
        ]
        film = catalogue.title("tt9000001")
        assert film is not None
        assert film.people == ("Cleo Director", "Ada Actor", "Ben Actor")
        assert catalogue.show(film).cast == (
            Role("Ada Actor", "Lt. Vincent Hanna"),
            Role("Ben Actor", "Neil McCauley / Neil"),
        )
        amelie = catalogue.title("tt9000006")
        assert amelie is not None
        assert catalogue.show(amelie).aka == ("Le fabuleux destin d'Amélie Poulain",)


def test_numbers_that_go_on_from_season_to_season_are_kept_and_mistakes_left_out(tmp_path: Path) -> None:
    with opened(make(tmp_path)) as catalogue:
        anime, law = catalogue.title("tt10000025"), catalogue.title("tt9000012")
        assert anime is not None
        assert law is not None
        assert [(season.first, season.titles) for season in catalogue.show(anime).seasons] == [
            (None, ("One", "Two")),
            (3, ("Three", "Four")),
        ]
        assert [season.episodes for season in catalogue.show(law).seasons] == [1]
        assert (law.seasons, law.episodes) == (1, 1)


def test_an_episode_is_found_by_its_id(tmp_path: Path) -> None:
    with opened(make(tmp_path)) as catalogue:
        assert catalogue.episode("tt9100002") == ("tt9000004", 1, 2)
        assert catalogue.episode("tt9100003") == ("tt9000004", 1, 3)  # though it has no title
        assert catalogue.episode("tt9100006") == ("tt9000004", 0, 1)
        assert catalogue.episode("tt10100013") == ("tt10000025", 2, 4)
        for id in (
            "tt9100007",
            "tt9100014",
            "tt9000001",
            "tt0000001",
            "tt99999999",
            "nm9100002",
            "",
            "tt",
            "ttx",
            "tt²",
        ):
            assert catalogue.episode(id) is None, id
        assert [catalogue.title(id) for id in ("tt9100002", "tt9000090", "tt9000020", "", "x")] == [None] * 5


@pytest.mark.parametrize("packed", [True, False])
def test_the_order_the_names_and_the_packing_of_files_do_not_matter(tmp_path: Path, target: Path, packed: bool) -> None:
    paths = write(tmp_path / "files", BASIC, packed=packed)
    shuffled = [path.rename(path.with_name(f"{number}.data")) for number, path in enumerate(paths)]
    build(shuffled[::-1], target, NOW, lambda *_: None)
    with opened(target) as catalogue:
        assert (catalogue.contents().films, catalogue.contents().series, catalogue.contents().episodes) == (20, 5, 11)
        assert catalogue.contents().built == NOW.isoformat(timespec="seconds")


def test_columns_may_move_and_new_ones_come(tmp_path: Path, target: Path) -> None:
    paths = write(tmp_path, BASIC, packed=False)
    for path in paths:
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
        path.write_text("".join("\t".join([*reversed(row), "new"]) + "\r\n" for row in rows), "utf-8")
    build(paths, target, NOW, lambda *_: None)
    with opened(target) as catalogue:
        assert catalogue.search("slo")[0].seasons == 2


def test_files_in_another_order_of_rows_give_the_same(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_tables, "_MAX_PENDING", 2)
    paths = write(tmp_path, BASIC, packed=False)
    for path in paths:
        head, *lines = path.read_text("utf-8").splitlines()
        random.Random(1).shuffle(lines)
        path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    build(paths, target, NOW, lambda *_: None)
    other = make(tmp_path / "ordered")
    with opened(target) as shuffled, opened(other) as ordered:
        for text in ("slow horses", "anime", "law"):
            one, two = shuffled.search(text)[0], ordered.search(text)[0]
            assert (one, shuffled.show(one)) == (two, ordered.show(two))


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
def test_the_border_of_two_blocks_may_be_anywhere(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("watchlist.sources.catalogue.imdb_files._BLOCK_BYTES", size)
    build(write(tmp_path / "files", COLUMNS), target, NOW, lambda *_: None)
    other = make(tmp_path / "whole", COLUMNS)
    with opened(target) as catalogue, opened(other) as whole:
        for id in ("tt9000001", "tt9000004", "tt9000007", "tt9000014"):
            one, two = catalogue.title(id), whole.title(id)
            assert one is not None
            assert two is not None
            assert (one, catalogue.show(one)) == (two, whole.show(two))
        assert [title.known_as for title in catalogue.search("unesennye")] == ["Unesennye prizrakami"]


ODD_LINES = {
    "short": "tt9200001\tmovie\tShort",
    "blank": "",
    "new kind": "tt9200001\thologram\tOdd\tOdd\t0\t2020\t\\N\t90\tDrama",
    "no id": "\\N\tmovie\tOdd\tOdd\t0\t2020\t\\N\t90\tDrama",
    "id of a person": "nm9200001\tmovie\tOdd\tOdd\t0\t2020\t\\N\t90\tDrama",
    "huge id": "tt99999999999\tmovie\tOdd\tOdd\t0\t2020\t\\N\t90\tDrama",
    "no title": "tt9200001\tmovie\t\\N\t\\N\t0\t2020\t\\N\t90\tDrama",
    "long title": f"tt9200001\tmovie\t{'Odd ' * 1000}\tOdd\t0\t2020\t\\N\t90\tDrama",
    "twice": "tt9000001\tmovie\tOdd\tOdd\t0\t2020\t\\N\t90\tDrama",
}


@pytest.mark.parametrize("name", ODD_LINES)
def test_a_line_that_can_not_be_used_is_left_out(tmp_path: Path, target: Path, name: str) -> None:
    paths = write(tmp_path, BASIC, packed=False)
    paths[0].write_text(texts()["title.basics"] + ODD_LINES[name] + "\n", "utf-8")
    ratings = "tt9200001\t9.0\t9000\nnm9200001\t9.0\t9000\ntt99999999999\t9.0\t9000\n"
    paths[1].write_text(texts()["title.ratings"] + ratings, "utf-8")
    built = build(paths, target, NOW, lambda *_: None)
    assert built.left_out[FileKind.BASICS] == (name == "short")
    with opened(target) as catalogue:
        assert catalogue.contents().films == 20
        assert not catalogue.search("odd")


def test_odd_values_are_unknown_and_odd_text_is_kept(tmp_path: Path, target: Path) -> None:
    paths = write(tmp_path, BASIC, packed=False)
    odd = "tt9200001\tmovie\tNul\0 \x1b[31m\u202eOdd\tOdd\t\\N\t²\t20000\t-5\t\\N\n"
    paths[0].write_text(texts()["title.basics"] + odd, "utf-8")
    paths[1].write_text(
        texts()["title.ratings"] + "tt9200001\t9.0\t9000\ntt9200002\tx\t9\ntt9200003\t11.0\t-9\n", "utf-8"
    )
    build(paths, target, NOW, lambda *_: None)
    with opened(target) as catalogue:
        (hit,) = catalogue.search("nul odd")
        assert (hit.title, hit.year, hit.end_year, hit.runtime, hit.genres) == (
            "Nul\0 \x1b[31m\u202eOdd",
            None,
            None,
            None,
            (),
        )


def test_lines_that_are_not_utf8_are_left_out_and_counted(call: Call, tmp_path: Path) -> None:
    paths = write(tmp_path, BASIC, packed=False)
    paths[0].write_bytes(paths[0].read_bytes() + "tt9200001\tmovie\tNaïve\tx\t0\t2030\t\\N\t9\t\\N\n".encode("latin-1"))
    ran = call("catalogue", "build", *map(str, paths))
    assert ran.code == 0
    assert "title.basics: 1 line left out that can't be read" in ran.err


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Files of which a build takes a moment, so that it can be stopped."""
    folder = tmp_path_factory.mktemp("many")
    basics, ratings = [COLUMNS["title.basics"].replace(" ", "\t")], [COLUMNS["title.ratings"].replace(" ", "\t")]
    for number in range(ROWS):
        basics.append(f"tt{number:07}\tmovie\tFilm {number} of Many\tFilm\t0\t2000\t\\N\t90\tDrama")
        ratings.append(f"tt{number:07}\t5.0\t{number + 5}")
    paths = [folder / "basics.gz", folder / "ratings.gz"]
    for path, lines in zip(paths, (basics, ratings), strict=True):
        path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 1))
    return paths


def _command(paths: list[Path]) -> list[str]:
    return [sys.executable, "-m", "watchlist", "catalogue", "build", *map(str, paths)]


def _cache(home: Mapping[str, str]) -> Path:
    return Path(home["XDG_CACHE_HOME"]) / "watchlist"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", ["SIGKILL", "SIGINT", "SIGTERM"])
def test_a_build_that_is_stopped_leaves_the_old_catalogue(
    home: Mapping[str, str], call: Call, tmp_path: Path, many: list[Path], number: str
) -> None:
    small = list(map(str, write(tmp_path / "files")))
    assert call("catalogue", "build", *small).code == 0
    cache = _cache(home)
    old = (cache / "catalogue.sqlite").read_bytes()
    process = subprocess.Popen(_command(many), env=dict(home), stderr=subprocess.PIPE, text=True)
    while not (cache / BUILD_FOLDER / "stage.sqlite").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.Signals[number])
    _, messages = process.communicate(timeout=60)
    assert process.returncode == {"SIGKILL": -9, "SIGINT": 130, "SIGTERM": -15}[number]
    assert (cache / "catalogue.sqlite").read_bytes() == old
    if number == "SIGINT":
        assert messages.endswith("watchlist: interrupted\n")
        assert not (cache / BUILD_FOLDER).exists()
    else:
        assert BUILD_FOLDER in call("doctor").out
        assert call("catalogue").code == 0
        assert call("catalogue", "build", *small).code == 0
    assert sorted(path.name for path in cache.iterdir()) == ["catalogue.lock", "catalogue.sqlite"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory of a process")
def test_memory_stays_small(home: Mapping[str, str], many: list[Path]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY, "catalogue", "build", *map(str, many)],
        env=dict(home),
        capture_output=True,
        text=True,
        check=True,
    )
    assert 20 << 20 < int(ran.stdout) < MAX_MEMORY


class Stopped(Exception):
    """Raised by the progress of a build."""


@pytest.mark.parametrize("task", ["reading", "sorting", "episodes", "casts", "words", ""])
def test_progress_may_stop_a_build_at_every_step(tmp_path: Path, task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old = make(tmp_path)
    before = old.read_bytes()
    monkeypatch.setattr("watchlist.sources.catalogue.build._STEPS", 10)

    def progress(name: str, done: int, total: int) -> None:
        assert 0 <= done <= total or not total
        if name == task:
            raise Stopped

    with pytest.raises(Stopped):
        build(write(tmp_path, COLUMNS), old, NOW, progress)
    assert old.read_bytes() == before
    assert not (tmp_path / BUILD_FOLDER).exists()


SOURCES = Path(build_module.__file__).parent
INTERRUPTED = """
import contextlib, sys
from datetime import datetime
from pathlib import Path
from watchlist.sources.catalogue.build import build

sources, target, paths = sys.argv[1], Path(sys.argv[2]), [Path(path) for path in sys.argv[3:]]
called, wanted = [], None

def profile(frame, event, argument):
    code = frame.f_code
    if event == "call" and code.co_filename.startswith(sources) and "<" not in code.co_name:
        if wanted is None and code not in called:
            called.append(code)
        if code is wanted:
            raise KeyboardInterrupt

def run():
    sys.setprofile(profile)
    try:
        build(paths, target, datetime.now().astimezone(), lambda *_: None)
    finally:
        sys.setprofile(None)

run()
for wanted in called[called.index(next(code for code in called if code.co_name == "read_all")):]:
    try:
        run()
    except KeyboardInterrupt:
        print(wanted.co_name)
    except Exception as error:
        print(wanted.co_name, repr(error))
    # Functions with a cache may not be called again.
"""


def test_ctrl_c_is_never_taken_for_an_error_wherever_it_comes(tmp_path: Path) -> None:
    arguments = [str(SOURCES), str(tmp_path / "catalogue.sqlite"), *map(str, write(tmp_path / "files", COLUMNS))]
    ran = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = ran.stdout.splitlines()
    assert {"_other_titles", "joined", "index_words", "add_casts", "_seasons", "typo_keys"} <= {*names}
    assert not [name for name in names if " " in name]


def test_one_process_builds_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_files, "LOCK_SECONDS", 0.0)
    with build_lock(tmp_path), pytest.raises(CatalogueError, match="another process is building"):
        make(tmp_path)


def test_who_asks_whether_a_build_runs_does_not_disturb_one(tmp_path: Path) -> None:
    path, done = tmp_path / "catalogue.sqlite", threading.Event()
    seen: set[bool] = set()

    def ask() -> None:
        while not done.is_set():
            seen.add(is_building(path))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(100):
            with build_lock(tmp_path):
                assert is_building(path)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert not is_building(path)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions")
def test_nobody_builds_in_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()  # can't be opened for writing, by nobody
    assert not is_building(tmp_path / "catalogue.sqlite")
    with pytest.raises(CatalogueError, match="can't write in"), build_lock(tmp_path):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="no flock")
def test_without_locks_a_crash_leaves_none_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", fail)
    with build_lock(tmp_path):
        inside = {path.name for path in tmp_path.iterdir()}
        assert not is_building(tmp_path / "catalogue.sqlite")
    with build_lock(tmp_path):  # as after a crash, which leaves the files that were there
        assert inside == {path.name for path in tmp_path.iterdir()} == {LOCK}


def test_an_open_catalogue_stays_usable_while_it_is_replaced(tmp_path: Path) -> None:
    path = make(tmp_path)
    with opened(path) as catalogue:
        make(tmp_path, COLUMNS)
        assert catalogue.search("slo")[0].people == ()
    with opened(path) as catalogue:
        assert catalogue.search("slo")[0].people


def test_a_catalogue_can_be_built_in_a_thread(tmp_path: Path) -> None:
    results: list[Path] = []
    thread = threading.Thread(target=lambda: results.append(make(tmp_path)))
    thread.start()
    thread.join()
    with opened(results[0]) as catalogue:
        assert catalogue.search("slo")


def test_a_full_disk_leaves_the_old_catalogue(tmp_path: Path, many: list[Path]) -> None:
    pytest.importorskip("resource")
    old = make(tmp_path)
    before = old.read_bytes()
    code = (
        "import resource, sys, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "from pathlib import Path; from datetime import datetime\n"
        "from watchlist.errors import CatalogueError; from watchlist.sources.catalogue.build import build\n"
        "try: build([Path(p) for p in sys.argv[2:]], Path(sys.argv[1]), datetime.now(), lambda *_: None)\n"
        "except CatalogueError as error: print(error.message, error.hint)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(old), *map(str, many)], capture_output=True, text=True, check=True
    )
    assert "can't build the catalogue in" in ran.stdout
    assert "free some space" in ran.stdout
    assert old.read_bytes() == before
    assert not (tmp_path / BUILD_FOLDER).exists()


@pytest.mark.parametrize("name", ["a b#c?d%41", "é東", ";--'\"", "\udcff"])
def test_odd_names_of_folders_are_no_problem(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    try:
        folder.mkdir()
    except (OSError, UnicodeError):
        pytest.skip("no such name here")
    with opened(make(folder, COLUMNS)) as catalogue:
        assert catalogue.search("slo")
        catalogue.check()


def test_a_closed_catalogue_says_so(tmp_path: Path) -> None:
    catalogue = opened(make(tmp_path))
    catalogue.close()
    catalogue.close()
    with pytest.raises(CatalogueError, match="is closed"):
        catalogue.search("slo")


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(CatalogueError, match="can't write in"):
        build(write(tmp_path / "files"), tmp_path / "cache" / "catalogue.sqlite", NOW, lambda *_: None)


def test_without_episodes_series_have_no_seasons(call: Call, tmp_path: Path) -> None:
    ran = call("catalogue", "build", *map(str, write(tmp_path, BASIC[:2])))
    assert ran.code == 0
    assert "without title.episode, series have no seasons" in ran.err
