"""A name that nobody looks up in time keeps no look-up from ending."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time

import pytest

from watchlist.sources.lookup.daemon_threads import DaemonThreads

# A computer whose network is there but does not answer: looking up a name takes a minute.
SCRIPT = """
import asyncio, socket, time
from watchlist.errors import LookupFailed
from watchlist.sources.lookup.client import Client
from watchlist.sources.lookup.daemon_threads import DaemonThreads
from watchlist.sources.lookup.options import LookupOptions
from watchlist.sources.lookup.tvmaze import API

socket.getaddrinfo = lambda *_, **__: time.sleep(60)

async def main():
    async with Client(LookupOptions(), timeout=0.1) as client:
        await client.get(API, "/shows/1")

with asyncio.Runner() as runner:
    runner.get_loop().set_default_executor(DaemonThreads())
    try:
        runner.run(main())
    except LookupFailed as error:
        print(error.message)
"""


def test_the_program_ends_although_a_name_is_still_looked_up() -> None:
    started = time.monotonic()
    result = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=50)
    assert re.fullmatch(r"TVmaze did not answer within 0\.\d s\n", result.stdout)
    assert result.stderr == ""
    assert time.monotonic() - started < 30


async def test_results_and_errors_arrive() -> None:
    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    assert await asyncio.to_thread(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(divmod, 7, 0)
