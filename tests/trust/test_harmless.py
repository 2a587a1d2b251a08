"""What the program never does, whatever is in a list: connect, start what nobody named, or depend on how it is started."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli
from watchlist.domain.fields import FIELDS


def test_P01_no_verb_opens_a_connection(cli: Cli, file: Path, home: dict[str, str], tmp_path: Path) -> None:
    """Every socket of a process that runs the verbs is an error: those of the network, and no others are wanted either."""
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(
        "import sys\n"
        "def watch(event, args):\n"
        "    if event.startswith('socket.') and event not in ('socket.gethostname',):\n"
        "        print('NETWORK', event, args, file=sys.stderr, flush=True)\n"
        "sys.addaudithook(watch)\n",
        "utf-8",
    )
    env = {"WATCHLIST_FILE": str(file), "PYTHONPATH": f"{guard}{os.pathsep}{home['PYTHONPATH']}"}
    for words in (
        *(["list"], ["show", "heat"], ["add", "New"], ["rate", "heat", "4"], ["undo"], ["history"], ["views"]),
        *(["export", "--format", "html"], ["export", "--format", "json"], ["config", "check"], ["paths"], ["--help"]),
    ):
        done = cli(*words, env=env)
        assert "NETWORK" not in done.stderr, done.stderr
        assert done.returncode == 0, done.stderr


def test_P02_the_config_names_no_program() -> None:
    """Its settings are words, numbers and keys; none of them is a command line."""
    from watchlist.settings import SETTINGS

    assert not [name for name in SETTINGS if re.search(r"editor|command|pager|browser|hook|shell", name)]


@pytest.mark.parametrize(
    "flags", [["-O"], ["-OO"], ["-W", "error"], ["-X", "utf8=0"], ["-X", "dev", "-W", "ignore"], ["-B"]], ids=" ".join
)
@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX", "xx_XX.ISO-8859-1"])
def test_P07_however_it_is_started_it_does_the_same(
    flags: list[str], locale: str, file: Path, home: dict[str, str], tmp_path: Path
) -> None:
    env = {**home, "LANG": locale, "LC_ALL": locale, "WATCHLIST_FILE": str(file), "TERM": "no-such-terminal"}
    before = file.read_bytes()

    def run(*words: str) -> bytes:
        done = subprocess.run(
            [sys.executable, *flags, "-m", "watchlist", *words], capture_output=True, env=env, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr
        return done.stdout

    assert b'"Heat"' in run("list", "--json")
    run("rate", "heat", "2")
    assert file.read_bytes() == before.replace(b"rating = 4.5 #", b"rating = 2.0 #")
    run("undo")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "-flag",
        "--new-window",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x",
        "/bin/sh",
        "",
    ],
)
def test_I11_an_address_that_is_not_of_the_web_is_never_opened(url: str) -> None:
    """What the browser is given is a show's `url`; none but http and https become one."""
    with pytest.raises(ValueError, match=r".+"):
        FIELDS["url"].type.read(url or "x")


@pytest.mark.parametrize("url", ["https://example.org/a?b=c", "http://x.example/"])
def test_I11_an_address_of_the_web_can_be_opened(url: str) -> None:
    assert FIELDS["url"].type.read(url) == url
