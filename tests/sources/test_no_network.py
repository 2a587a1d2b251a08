"""Only the verbs that look something up on request open a connection: `lookup`, `add --lookup`, `catalogue --download`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from watchlist.command_table import VERBS

# What each verb is run with. An empty list: the verb may open connections.
RUNS: dict[str, list[list[str]]] = {
    "help": [["help"], ["help", "lookup"], ["help", "--man"]],
    "list": [["list"], ["list", "heat", "--json"]],
    "show": [["show", "heat"], ["show", "heat", "--json"]],
    "pick": [["pick"]],
    "stats": [["stats"]],
    "add": [["add", "Slow Horses", "--kind", "series"], ["add", "Dune", "--year", "2021", "--json"]],
    "rate": [["rate", "heat", "4"]],
    "status": [["status", "heat", "watched"]],
    "watch": [["watch", "heat", "--date", "2026-01-01"]],
    "edit": [["edit", "heat"]],
    "set": [["set", "heat", "url=https://example.com/heat", "ids=imdb=tt0113277"]],
    "tag": [["tag", "heat", "+a"]],
    "note": [["note", "heat", "see https://example.com"]],
    "remove": [["remove", "heat"]],
    "undo": [["undo"]],
    "redo": [["redo"]],
    "history": [["history"]],
    "export": [["export", "--format", "json"], ["export", "-o", "list.html"]],
    "import": [["import", "list.csv", "--dry-run"]],
    "backups": [["backups"]],
    "doctor": [["doctor"], ["doctor", "--fix"]],
    "init": [["init", "--file", "new.toml"]],
    "views": [["views"]],
    "fields": [["fields"]],
    "keys": [["keys"]],
    "themes": [["themes"]],
    "config": [["config", "show"], ["config", "check"]],
    "schema": [["schema"]],
    "paths": [["paths"]],
    "completions": [["completions", "bash"]],
    "catalogue": [["catalogue"], ["catalogue", "build", "title.basics.tsv.gz"], ["catalogue", "remove"]],
    "seen": [["seen", "slow.horses.s01e01.1080p.mkv"]],
    "lookup": [],
}
# Run by a Python that reports every attempt to reach something, before the program can import anything.
SCRIPT = """
import json, sys
attempts = []
EVENTS = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
          "socket.gethostbyname", "socket.gethostbyaddr", "urllib.Request", "http.client.connect", "ftplib.connect")
sys.addaudithook(lambda event, arguments: attempts.append([event, *map(repr, arguments)]) if event in EVENTS else None)
from watchlist.__main__ import main
codes = {}
for words in json.loads(sys.argv[1]):
    try:
        codes[" ".join(words)] = main(words)
    except SystemExit as end:
        codes[" ".join(words)] = end.code
loaded = [name for name in ("httpx", "httpcore", "anyio") if name in sys.modules]
print(json.dumps({"attempts": attempts, "loaded": loaded, "codes": codes}), file=sys.__stderr__)
"""


def run(runs: list[list[str]], home: Mapping[str, str], folder: Path) -> dict[str, object]:
    """Run the program with each list of words. Return the attempts to reach something, the loaded modules, exit codes."""
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(runs)],
        env={**home, "EDITOR": "true"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    report: dict[str, object] = json.loads(result.stderr.splitlines()[-1])
    return report


def test_every_verb_is_tried_or_may_look_things_up() -> None:
    assert VERBS.keys() <= RUNS.keys()


def test_P01_no_other_verb_opens_a_connection(home: Mapping[str, str], file: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Title,Year\nDune,2021\n")
    # With addresses and keys, as for a user who looks things up at other times.
    config = tmp_path / "config" / "watchlist" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[lookup]\ntvmaze = "http://127.0.0.1:9"\ntmdb_key = "key"\n')
    runs = [["--file", str(file), *words] for name in VERBS for words in RUNS[name] if "--file" not in words]
    runs += [words for name in VERBS for words in RUNS[name] if "--file" in words]
    report = run(runs, home, tmp_path)
    assert report["attempts"] == []
    assert report["loaded"] == [], "loading the HTTP library takes longer than the verb"
    codes = report["codes"]
    assert isinstance(codes, dict)
    assert len(codes) == len(runs)
    failed = {words: code for words, code in codes.items() if code not in (0, 1)}
    assert not failed


def test_an_attempt_would_be_seen(home: Mapping[str, str], tmp_path: Path) -> None:
    script = SCRIPT.replace(
        "codes = {}",
        "import socket\ntry: socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError: pass\ncodes = {}",
    )
    result = subprocess.run(
        [sys.executable, "-c", script, "[]"], env=dict(home), cwd=tmp_path, capture_output=True, text=True, check=True
    )
    attempts = json.loads(result.stderr.splitlines()[-1])["attempts"]
    assert [attempt[0] for attempt in attempts] == ["socket.getaddrinfo", "socket.connect"]


@pytest.mark.parametrize("words", [["lookup", "heat"], ["add", "Heat 2", "--lookup"]])
def test_a_look_up_opens_one(words: list[str], home: Mapping[str, str], file: Path, tmp_path: Path) -> None:
    if "lookup" not in VERBS:
        pytest.skip("there is no such verb yet")
    config = tmp_path / "config" / "watchlist" / "config.toml"
    config.parent.mkdir(parents=True)
    services = ("tvmaze", "wikidata", "wikipedia", "anilist")
    config.write_text("[lookup]\n" + "".join(f'{name} = "http://127.0.0.1:9/{name}"\n' for name in services))
    report = run([["--file", str(file), *words]], home, tmp_path)
    assert any(attempt[0] == "socket.connect" for attempt in report["attempts"])  # type: ignore[attr-defined]
