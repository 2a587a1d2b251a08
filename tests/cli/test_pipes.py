"""Pipes: a list is read from one, shows are imported from one and exported to one, in a real shell."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import SHOWS, Cli
from watchlist.checked_open import is_pipe, is_sink, read_pipe

TITLES = ["Heat", "Slow Horses", "Amélie"]
pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


def bash(line: str, env: Mapping[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `w` is the program and $F the list."""
    return subprocess.run(
        ["bash", "-c", f'w() {{ {sys.executable} -m watchlist "$@"; }}; {line}'],
        env=dict(env),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.fixture
def env(home: dict[str, str], file: Path) -> dict[str, str]:
    return home | {"F": str(file)}


def own_files(tmp_path: Path) -> list[str]:
    """Return what the program wrote for itself."""
    return [path.name for name in ("state", "cache", "data") for path in (tmp_path / name).rglob("*") if path.is_file()]


READ = {
    "process substitution": 'w --file <(cat "$F") {}',
    "descriptor": 'w --file /dev/fd/5 {} 5< <(cat "$F")',
    "proc": 'w --file /proc/self/fd/0 {} < <(cat "$F")',
    "stdin": 'cat "$F" | w --file /dev/stdin {}',
    "dash": 'cat "$F" | w {} --file -',
    "environment": 'cat "$F" | WATCHLIST_FILE=- w {}',
    "here-document": 'w --file /dev/stdin {} <<< "$(cat "$F")"',
    "named pipe": 'mkfifo "$F.p"; (cat "$F" > "$F.p") & w --file "$F.p" {}',
}


@pytest.mark.parametrize("line", READ.values(), ids=READ)
def test_C9_a_list_is_read_from_a_pipe_and_never_changed(line: str, env: dict[str, str], tmp_path: Path) -> None:
    ran = bash(line.format("list --plain --columns title"), env)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert set(TITLES) < set(ran.stdout.splitlines())
    (tmp_path / "shows.toml.p").unlink(missing_ok=True)
    for words in (
        "rate heat 3",
        "add New",
        "undo",
        "redo",
        "remove heat",
        "init",
        "backups accept",
        "edit heat",
        "edit",
    ):
        ran = bash(line.format(words), env | {"EDITOR": "touch"})
        assert (ran.returncode, ran.stdout) == (3, ""), words
        assert "is a pipe" in ran.stderr
        assert "Traceback" not in ran.stderr
        (tmp_path / "shows.toml.p").unlink(missing_ok=True)
    assert own_files(tmp_path) == []
    assert (tmp_path / "shows.toml").read_text("utf-8") == SHOWS


@pytest.mark.parametrize(
    "words",
    ["show heat", "stats", "pick --seed 1", "export", "history", "backups", "doctor", "doctor --fix", "views", "config",
     "paths", "list --json", "list rating:4..", "export --format csv"],
)  # fmt: skip
def test_C9_every_verb_that_only_reads_takes_a_list_from_a_pipe(
    words: str, env: dict[str, str], tmp_path: Path
) -> None:
    expected = bash(f'w --file "$F" {words}', env)
    ran = bash(f'w --file <(cat "$F") {words}', env)
    assert ran.returncode == expected.returncode
    assert "Ballard" not in ran.stdout
    assert "Traceback" not in ran.stderr
    if words not in ("config", "paths"):
        assert ran.stdout == expected.stdout.replace(env["F"], "/dev/fd/63")


def test_C9_no_schema_is_written_beside_a_pipe(env: dict[str, str], tmp_path: Path) -> None:
    ran = bash('mkfifo "$F.p"; (cat "$F" > "$F.p") & w --file "$F.p" doctor --fix --schema', env)
    assert ran.returncode == 1
    assert "rating = 11" in ran.stdout
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.cold  # an index that was put there first is in the way
def test_C9_a_large_list_from_a_pipe_leaves_no_index(env: dict[str, str], file: Path, tmp_path: Path) -> None:
    file.write_text(LARGE, "utf-8")
    ran = bash('w --file <(cat "$F") list --plain --columns title', env)
    assert (ran.returncode, len(ran.stdout.splitlines())) == (0, 2000)
    assert own_files(tmp_path) == []
    assert bash('w --file "$F" list', env).returncode == 0
    assert own_files(tmp_path)  # from a file it does


@pytest.mark.parametrize("name", ["/dev/fd/77", "/proc/self/fd/77"])
def test_C9_a_descriptor_that_is_not_open_is_no_first_run(name: str, cli: Cli, tmp_path: Path) -> None:
    for words in (["--file", name, "list"], ["--file", name, "add", "New"]):
        ran = cli(*words)
        assert (ran.returncode, ran.stdout) == (3, "")
        assert "is not open" in ran.stderr
    for words in (["import", name], ["export", "-o", name]):
        ran = cli(*words)
        assert ran.returncode == 3
        assert "is not open" in ran.stderr
    assert own_files(tmp_path) == []


def test_C9_what_comes_out_of_a_pipe_is_judged_like_a_file(env: dict[str, str]) -> None:
    ran = bash("w --file <(echo 'x = = 3') list", env)
    assert ran.returncode == 3
    assert "line 1, column 5" in ran.stderr
    assert "watchlist edit" not in ran.stderr
    assert "watchlist init" not in ran.stderr
    assert bash("w --file <(printf '\\xff') list", env).returncode == 3
    assert bash("w --file <(true) list --json", env).stdout == "[]\n"


def test_C9_a_named_pipe_without_another_end_is_refused(cli: Cli, file: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    pipe = str(tmp_path / "pipe")
    for words, what in (
        (["--file", pipe, "list"], "no program writes to"),
        (["--file", str(file), "import", pipe], "no program writes to"),
        (["--file", str(file), "export", "--format", "csv", "-o", pipe], "no program reads from"),
    ):
        ran = cli(*words)
        assert (ran.returncode, ran.stdout) == (3, "")
        assert what in ran.stderr


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/null"])
def test_C9_devices_are_neither_lists_nor_imports(device: str, cli: Cli) -> None:
    for words, code in ((["--file", device, "list"], 3), (["import", device, "--from", "json"], 2)):
        ran = cli(*words)
        assert (ran.returncode, ran.stdout) == (code, "")
        assert "is not a regular file but a device" in ran.stderr


NEW = '[{"title": "Dune"}]'


@pytest.mark.parametrize(
    "line",
    [
        f"w --file \"$F\" import <(echo '{NEW}') --from json",
        f"echo '{NEW}' | w --file \"$F\" import - --from json",
        f"echo '{NEW}' | w --file \"$F\" import /dev/stdin --from json",
        f"w --file \"$F\" import /dev/fd/4 --from json 4< <(echo '{NEW}')",
        f"w --file \"$F\" import --from json /dev/stdin <<< '{NEW}'",
        f'mkfifo "$F.p"; (echo \'{NEW}\' > "$F.p") & w --file "$F" import "$F.p" --from json',
    ],
)
def test_C9_shows_are_imported_from_a_pipe(line: str, env: dict[str, str], file: Path) -> None:
    ran = bash(line, env)
    assert ran.returncode == 0, ran.stderr
    assert "Added Dune" in ran.stderr
    assert 'title = "Dune"' in file.read_text("utf-8")


def test_C9_a_pipe_has_no_ending_so_its_format_has_to_be_named(env: dict[str, str]) -> None:
    ran = bash("w --file \"$F\" import <(echo 'x')", env)
    assert ran.returncode == 2
    assert "--from" in ran.stderr


@pytest.mark.parametrize(
    "line",
    [
        'w --file "$F" export --format csv -o /dev/stdout | cat',
        'w --file "$F" export --format csv -o - | cat',
        'w --file "$F" export --format csv -o /proc/self/fd/1 | cat',
        'w --file "$F" export --format csv -o /dev/stdout > "$F.out"; cat "$F.out"',
        'w --file "$F" export --format csv -o /dev/fd/7 7> "$F.out"; cat "$F.out"',
        'w --file "$F" export --format csv -o >(cat > "$F.out"); while [ ! -s "$F.out" ]; do sleep 0.05; done; cat "$F.out"',
        'mkfifo "$F.p"; cat "$F.p" & while :; do w --file "$F" export --format csv -o "$F.p" && break; done; wait',
    ],
)
def test_C9_shows_are_exported_to_a_pipe(line: str, env: dict[str, str], file: Path) -> None:
    expected = bash('w --file "$F" export --format csv', env).stdout
    assert "Slow Horses" in expected
    ran = bash(line, env)
    assert ran.stdout == expected
    assert "Traceback" not in ran.stderr
    assert file.read_text("utf-8") == SHOWS


def test_C9_statistics_are_written_to_a_pipe_too(env: dict[str, str]) -> None:
    expected = bash('w --file "$F" stats --format html', env).stdout
    assert "</html>" in expected
    for output in ("/dev/stdout", "/dev/fd/7 7>&1 >/dev/null"):
        assert bash(f'w --file "$F" stats --format html -o {output} | cat', env).stdout == expected


LARGE = "\n".join(f'[[shows]]\ntitle = "T{n}"\nnotes = "{"x" * 200}"\n' for n in range(2000))
VIEWED = "\n".join(
    f'[[shows]]\ntitle = "{"T" * 60}{n}"\ngenres = ["{"g" * 200}{n}"]\nviewings = [{{ date = {1000 + n}-01-01 }}]\n'
    for n in range(1500)
)


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_C9_a_reader_of_stdout_that_has_had_enough_is_no_error(name: str, env: dict[str, str], file: Path) -> None:
    file.write_text(LARGE, "utf-8")
    ran = bash(f'(w --file "$F" export -o {name}; echo $? >&2) | head -c1 > "$F.out"', env)
    assert (ran.stdout, ran.stderr) == ("", "0\n")


@pytest.mark.parametrize(
    ("text", "verb"), [(LARGE, "export --format csv"), (VIEWED, "stats --format html")], ids=["export", "stats"]
)
@pytest.mark.parametrize(
    "line",
    [
        'w --file "$F" {} -o >(head -c1 >/dev/null)',
        'w --file "$F" {} -o /dev/fd/7 7> >(head -c1 >/dev/null)',
        'mkfifo "$F.p"; (head -c1 > /dev/null; sleep 1) < "$F.p" & exec 8> "$F.p"; w --file "$F" {} -o "$F.p"',
    ],
    ids=["process substitution", "descriptor", "named pipe"],
)
def test_C9_what_is_cut_off_in_a_pipe_is_said(line: str, text: str, verb: str, env: dict[str, str], file: Path) -> None:
    file.write_text(text, "utf-8")
    ran = bash(line.format(verb) + "; echo $?", env)
    assert ran.stdout == "3\n"
    assert "the program that reads from it has ended" in ran.stderr
    assert "written to" not in ran.stderr


def test_C9_dev_null_takes_an_export(cli: Cli, file: Path) -> None:
    ran = cli("--file", str(file), "export", "-o", "/dev/null")
    assert (ran.returncode, ran.stdout) == (0, "")
    assert cli("--file", str(file), "export", "--format", "csv", "-o", "/dev/zero").returncode == 1


def test_C9_an_open_file_that_is_the_list_takes_no_export(env: dict[str, str], file: Path) -> None:
    ran = bash('w --file "$F" export -o /dev/fd/3 --force 3>> "$F"', env)
    assert ran.returncode == 1
    assert "is the list itself" in ran.stderr
    assert file.read_text("utf-8") == SHOWS


def test_C9_stdin_that_is_a_file_is_that_file(env: dict[str, str], file: Path) -> None:
    assert bash('w --file /dev/stdin rate heat 3 < "$F"', env).returncode == 0
    assert "rating = 3" in file.read_text("utf-8")


def test_C9_a_socket_is_read_by_its_descriptor_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = socket.socketpair()
    with one, other:
        path = Path(f"/dev/fd/{one.fileno()}")
        assert is_pipe(path)
        assert is_sink(path)
        other.sendall(b"x")
        other.shutdown(socket.SHUT_WR)
        assert read_pipe(path, 9) == b"x"
    monkeypatch.chdir(tmp_path)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as named:
        named.bind("socket")
        for path in (tmp_path / "socket", tmp_path, tmp_path / "none"):
            assert not is_pipe(path)
            assert not is_sink(path)
