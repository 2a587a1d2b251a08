"""The package: a wheel brings the man page, completions and the menu entry to the folders where systems look for them."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pexpect
import pytest

from screenshots import tables
from watchlist import __version__

ROOT = Path(__file__).parents[2]
PLACES = {
    "watchlist.1": "share/man/man1/watchlist.1",
    "watchlist.bash": "share/bash-completion/completions/watchlist",
    "_watchlist": "share/zsh/site-functions/_watchlist",
    "watchlist.fish": "share/fish/vendor_completions.d/watchlist.fish",
    "watchlist.desktop": "share/applications/watchlist.desktop",
}
BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")
# The command line and the first line of a shell that finds the completions in the folder SHARE.
START = {
    "bash": (["--norc", "--noprofile", "-i"], f'PS1="> "; source {BASH_COMPLETION}'),
    "zsh": (
        ["-f", "-i"],
        'PS1="> "; bindkey -e; fpath=(SHARE/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -D',
    ),
    "fish": (["--interactive"], "function fish_prompt; echo '> '; end"),
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of these sources, built from a copy, as nothing may be left in the folder of the sources."""
    source, target = tmp_path_factory.mktemp("source") / "watchlist", tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "watchlist", source / "watchlist", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, source / name)
    isolation = [] if importlib.util.find_spec("hatchling") is None else ["--no-build-isolation"]
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *isolation, "-w", str(target), str(source)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if ran.returncode and not isolation and "No matching distribution found for hatchling" in ran.stderr:
        pytest.skip("hatchling is neither installed nor to be had")
    assert ran.returncode == 0, ran.stderr
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_has_every_file_at_its_place_and_only_there(wheel: Path) -> None:
    data = f"watchlist_tui-{__version__}.data/data/"
    with zipfile.ZipFile(wheel) as archive:
        files = {name.removeprefix(data): archive.read(name) for name in archive.namelist() if name.startswith(data)}
        assert not [name for name in archive.namelist() if name.startswith("watchlist/share")]
        assert "watchlist/manual/verbs.md" in archive.namelist()
        assert "watchlist/players/mpv.lua" in archive.namelist()
    assert files == {place: (tables.SHARE / name).read_bytes() for name, place in PLACES.items()}


def test_every_file_of_the_folder_is_installed() -> None:
    rows = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    shared = rows["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {f"watchlist/share/{name}": place for name, place in PLACES.items()}


def test_the_menu_entry_is_valid() -> None:
    if shutil.which("desktop-file-validate") is None:
        pytest.skip("desktop-file-validate is not installed")
    ran = subprocess.run(
        ["desktop-file-validate", str(tables.SHARE / "watchlist.desktop")], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.fixture(params=sorted(START))
def shell(request: pytest.FixtureRequest, home: Mapping[str, str], tmp_path: Path) -> Iterator[pexpect.spawn[str]]:
    """A shell in which the package is installed, and that was told nothing about its completions."""
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    if name == "bash" and not BASH_COMPLETION.exists():
        pytest.skip("bash-completion is not installed")
    for file, place in PLACES.items():
        target = tmp_path / "prefix" / place
        target.parent.mkdir(parents=True)
        shutil.copy(tables.SHARE / file, target)
    program = tmp_path / "bin" / "watchlist"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nimport sys\nfrom watchlist.__main__ import main\nsys.exit(main())\n")
    program.chmod(0o755)
    share = str(tmp_path / "prefix" / "share")
    words, line = START[name]
    opened = pexpect.spawn(
        name,
        words,
        env={**home, "PATH": f"{program.parent}:{home['PATH']}", "XDG_DATA_DIRS": f"{share}:/usr/share"},
        encoding="utf-8",
        timeout=30,
        dimensions=(40, 160),
    )
    opened.sendline(line.replace("SHARE", share))
    opened.send("printf '<%s>\\n' rea''dy\r")
    opened.expect("<ready>")
    yield opened
    opened.close(force=True)


@pytest.mark.parametrize("attempt", ["first", "second"])
def test_a_shell_finds_the_completions_by_itself(shell: pexpect.spawn[str], attempt: str) -> None:
    """The first tab loads the script, the second finds it loaded."""
    for number in range(1 if attempt == "first" else 2):
        shell.send("watchlist completions fi\t")
        shell.send(f"\x01printf '<%s>' {number} \x05 en''d\r")
        shell.expect(f"<{number}>(.*)<end>")
    assert shell.match[1] == "<watchlist><completions><fish>"
