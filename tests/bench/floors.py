"""Floors without a screen: the least that the same work costs in bare Python, with nothing imported that is not used.

Each is a script. Those that begin with INSIDE time the work itself, in a Python that runs already, and print seconds; the
others are timed from outside, from start to exit.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

APP = str(Path(__file__).with_name("floor_app.py"))
IMPORTS = "import argparse, json"
_READ = """\
import hashlib, os, sys, time, tomllib
with open(sys.argv[1], "rb") as file:
    data = file.read()
"""
# What a change needs at least: the bytes are read and hashed, and after it written, hashed and put in their place.
_STORE = """\
with open(sys.argv[1], "rb") as file:
    data = file.read()
hashlib.sha256(data).digest()
with open(sys.argv[1] + ".new", "wb", buffering=0) as new:
    left = memoryview(data)
    while left:
        left = left[new.write(left):]
    os.fsync(new.fileno())
os.replace(sys.argv[1] + ".new", sys.argv[1])
"""
_TIMED = "begun = time.perf_counter()\n{}print(time.perf_counter() - begun)\n"
# From start to exit, with the imports that any command line has.
STORE = "import argparse, hashlib, json, os, sys\n" + _STORE
# From start to exit: read and written as any program does it that has only the TOML libraries.
REWRITE = """\
import os, sys, tomli_w, tomllib
with open(sys.argv[1], "rb") as file:
    table = tomllib.load(file)
with open(sys.argv[2] + ".new", "wb") as new:
    tomli_w.dump(table, new)
    os.fsync(new.fileno())
os.replace(sys.argv[2] + ".new", sys.argv[2])
"""
INSIDE_STORE = _READ + _TIMED.format(_STORE)
INSIDE_PARSE = _READ + "text = data.decode()\n" + _TIMED.format("tomllib.loads(text)\n")
INSIDE_HASH = _READ + _TIMED.format("""\
with open(sys.argv[1], "rb") as file:
    hashlib.blake2b(file.read()).digest()
""")
# From start to exit: the addresses are asked one after the other.
ASK = """\
import argparse, asyncio, json, sys, httpx
async def ask():
    async with httpx.AsyncClient() as client:
        for address in sys.argv[1:]:
            json.loads((await client.get(address)).raise_for_status().content)
asyncio.run(ask())
"""
JSON_ROWS = """\
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    rows = [json.loads(line) for line in file]
"""
IMPORT = """\
import csv, datetime, sys, tomli_w
shows = []
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        film = row["Title Type"] == "Movie"
        shows.append({
            "id": row["Const"],
            "title": row["Title"],
            "kind": "film" if film else "series",
            "year": int(row["Year"]),
            "status": "watched",
            "rating": int(row["Your Rating"]) / 2,
            "premiered": datetime.date.fromisoformat(row["Release Date"]),
            "runtime": int(row["Runtime (mins)"]),
            "creators": row["Directors"].split(", "),
            "genres": row["Genres"].split(", "),
            "url": row["URL"],
            "ids": {"imdb": row["Const"]},
            "viewings": [{"date": datetime.date.fromisoformat(row["Date Rated"]), "rating": int(row["Your Rating"]) / 2}],
        })
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(tomli_w.dumps({"version": 1, "shows": shows}))
"""


def python(script: str, *words: str) -> list[str]:
    """The command that runs a script in this interpreter."""
    return [sys.executable, "-c", script, *words]


def app(which: str) -> list[str]:
    """The command that runs a floor app."""
    return [sys.executable, APP, which]


def inside(script: str, env: Mapping[str, str], *words: str) -> float:
    """The seconds that a script says its work took."""
    return float(output(python(script, *words), env))


def output(command: Sequence[str], env: Mapping[str, str]) -> str:
    """What a command prints. CalledProcessError where it fails."""
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
