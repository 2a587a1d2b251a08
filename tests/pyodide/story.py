"""The verbs of the command line, one after the other, in one process without a terminal.

A script for any Python; `run.mjs` runs it on that of Pyodide. It prints every command, ends with the line `all done`, and
raises AssertionError where a command does not do what it should. `HOME` must be an empty folder.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

from watchlist.__main__ import main


def run(*words: str, code: int = 0, stdin: str = "") -> str:
    """Return what a verb prints on stdout; AssertionError unless it ends with `code`."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        sys.stdin = io.StringIO(stdin)
        ended = main(list(words))
        out.flush()
    printed = out.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert ended == code, f"watchlist {' '.join(words)} ended with {ended}, not {code}:\n{printed}{err.getvalue()}"
    assert "Traceback" not in err.getvalue(), err.getvalue()
    print("story:", *words)
    return printed


def titles(*query: str) -> list[str]:
    """Return the titles that `list` finds."""
    return [show["title"] for show in json.loads(run("list", *query, "--json"))]


def story() -> None:
    """Make a list, change it, and take every change back that can be taken back."""
    assert titles() == ["Ballard"]
    run("init")
    assert run("add", "Heat", "--year", "1995", "--kind", "film").strip() == "heat"
    run("add", "Slow Horses", "--kind", "series")
    run("rate", "heat", "9/10")
    run("watch", "heat", "--date", "2026-11-20")
    run("watch", "slow", "S01E01", "--yes")
    run("status", "slow", "paused")
    run("tag", "heat", "+heist")
    run("note", "heat", "the one with the diner")
    run("set", "heat", "runtime=170")
    assert "diner" in run("show", "heat")
    assert "4.5" in run("list", "rating:4..", "sort:rating-", "--plain")
    before = run("export", "--format", "json")
    run("remove", "heat")
    assert titles("title:heat") == []
    run("undo")
    assert titles("title:heat") == ["Heat"]
    run("redo")
    run("undo")
    assert run("export", "--format", "json") == before
    for name in ("shows.csv", "shows.md", "shows.html", "shows.json", "shows.toml"):
        run("export", "--output", name)
        assert Path(name).stat().st_size
    run("import", "shows.json")
    run("import", "shows.csv", "--dry-run")
    assert len(titles()) == 3
    run("stats")
    run("stats", "--json")
    run("pick", "--seed", "1")
    run("history")
    for words in ("fields", "keys", "themes", "views", "paths", "backups", "help", "completions bash"):
        assert run(*words.split())
    assert "theme" in run("config")
    run("config", "check")
    run("doctor")
    run("list", "ratng:4", code=2)
    run("show", "nothing like it", code=1)
    assert run("--version")


if __name__ == "__main__":
    print("Python", sys.version)
    folder = Path.home() / "story"
    folder.mkdir()
    with contextlib.chdir(folder):
        story()
    print("all done")
