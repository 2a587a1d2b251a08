"""Neither ctrl+c nor the end of the interface waits for a network that does not answer when a name is looked up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

# A look-up of a name begins, and lasts longer than the test waits.
VERB = """
import os, signal, socket, sys, time

def getaddrinfo(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(300)

socket.getaddrinfo = getaddrinfo
from watchlist.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
THREAD = """
import asyncio, socket, threading, time
from pathlib import Path
from watchlist.domain.model import Kind, Show
from watchlist.paths import Paths
from watchlist.tui.state.lookup_thread import LookupThread

begun = threading.Event()

def getaddrinfo(*_, **__):
    begun.set()
    time.sleep(300)

socket.getaddrinfo = getaddrinfo

async def main():
    thread = LookupThread({}, {}, Paths.of_user())
    search = thread.search(Show("it", "Harbour Lights", kind=Kind.SERIES), lambda title: None)
    await asyncio.to_thread(begun.wait)
    thread.close()
    print(thread._thread.is_alive(), search.cancelled())

asyncio.run(main())
"""


def run(script: str, home: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *words], env=home, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_ends_a_look_up_at_once(home: Mapping[str, str], file: Path) -> None:
    ran = run(VERB, home, "--file", str(file), "lookup", "slow-horses", "--yes")
    assert ran.returncode == 130, ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_end_of_the_interface_waits_for_no_name(home: Mapping[str, str]) -> None:
    ran = run(THREAD, home)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("False ")
