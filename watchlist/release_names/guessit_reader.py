"""Reads names that the own parser can't with guessit, if it is installed (the extra `files`).

guessit only says where the code is and what it says; the title is all of the text before it, as for the own parser,
because guessit drops parts of titles that look like tags (`Web of Lies`, `Spider-Man`). Some names keep it busy for
minutes, so it runs in a process that is killed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind
from watchlist.release_names.parser import titles_before
from watchlist.release_names.release_name import Reading, ReleaseName

MAX_NUMBERS = 16  # a name with more is not read
MAX_SECONDS = 0.7  # for the process to start and to read a name
SECONDS_PER_NAME = 0.05  # for each further name
MAX_EPISODES, MAX_SEASON = 200, 99


def with_guesses(releases: Sequence[ReleaseName]) -> list[ReleaseName]:
    """Return the names with the readings of guessit added. A name is unchanged if guessit is missing or too slow."""
    findings = _read_apart([release.name for release in releases]) if releases else []
    guessed = []
    for index, release in enumerate(releases):
        found = findings[index] if index < len(findings) else {}
        new = [reading for reading in _readings(release.name, found) if reading not in release.readings]
        guessed.append(replace(release, readings=(*release.readings, *new)) if new else release)
    return guessed


def _read_apart(names: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the results of `read` for names, computed in a process of its own; fewer if that takes too long."""
    import json  # only unusual names get here
    from importlib.util import find_spec

    if find_spec("guessit") is None or not sys.executable:
        return []
    program = f"import sys; sys.path[:] = sys.argv[1:]; from {__name__} import answer; answer()"
    # Without "", the current folder: a folder of videos may hold modules too, which must not be imported.
    command = [sys.executable, "-c", program, *filter(None, sys.path)]
    allowed = MAX_SECONDS + SECONDS_PER_NAME * (len(names) - 1)
    try:
        output = subprocess.run(
            command, input=json.dumps(names).encode(), capture_output=True, timeout=allowed, check=False
        ).stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    except OSError:
        return []
    try:
        return [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]
    except ValueError:
        return []


def answer() -> None:
    """Print the results of `read` for the names in the JSON array on stdin, one JSON object per line."""
    import json

    for name in json.load(sys.stdin):
        print(json.dumps(read(name)), flush=True)


def read(name: str) -> dict[str, Any]:
    """Return what guessit finds in a name, as JSON values: start, seasons, episodes, date, weak; empty without a code."""
    if len(re.findall(r"\d+", name)) > MAX_NUMBERS or not name.strip():
        return {}
    from guessit import guessit  # type: ignore[import-not-found, unused-ignore]  # slow to import, and an extra

    try:
        found: Any = guessit(name)
        matches = found.matches
    except Exception:  # an unusual name makes guessit fail in many ways, none of which is worth more than no reading
        return {}
    codes = [match for key in ("season", "episode", "date") for match in matches.get(key, ())]
    if not codes:
        return {}
    dates = [match.value for match in matches.get("date", ())]
    return {
        "start": min(match.start for match in codes),
        "seasons": sorted({match.value for match in matches.get("season", ()) if isinstance(match.value, int)}),
        "episodes": sorted({match.value for match in matches.get("episode", ()) if isinstance(match.value, int)}),
        "date": dates[0].isoformat() if dates and isinstance(dates[0], date) else "",
        "weak": any("weak" in str(tag) for match in codes for tag in match.tags),
    }


def _readings(name: str, found: Mapping[str, Any]) -> Iterator[Reading]:
    """Yield the readings that guessit's findings give; none if it found no episode, or a range too long for a file."""
    if not found:
        return
    seasons: Sequence[int] = found["seasons"]
    episodes: Sequence[int] = found["episodes"]
    aired = (date.fromisoformat(found["date"]),) if found["date"] else ()
    if len(episodes) > MAX_EPISODES or len(seasons) > 1 or not (episodes or aired):
        return
    if any(season > MAX_SEASON for season in seasons):  # a year that guessit takes for a season
        return
    certain = bool(seasons) and not found["weak"]
    for title, year, country in titles_before(name[: found["start"]]):
        yield Reading(title, year, country, tuple(seasons), tuple(episodes), aired, None, Kind.SERIES, certain)
