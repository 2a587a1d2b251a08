"""Questions on the terminal about files whose names leave a doubt. They are printed to stderr, answers come from stdin."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from watchlist.cli.catalogued_files import described
from watchlist.cli.context import Context
from watchlist.cli.selection import find_shows
from watchlist.domain.episodes import Episode, format_episodes, parse_episodes
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.watch_progress import is_series, kind_of
from watchlist.errors import NotFound
from watchlist.release_names.decision import Decision, Outcome, of_candidate
from watchlist.release_names.match import Candidate
from watchlist.release_names.parser import parse
from watchlist.release_names.release_name import Reading
from watchlist.sanitize import safe

MAX_CANDIDATES = 9  # maximum number of shows to choose from
SKIPPED = "skipped"
T = TypeVar("T")


def ask_about(context: Context, decision: Decision, name: str) -> Decision:
    """Return the decision about a file after the user's answers; no viewing if the user skips it.

    `name` is the name of the file for messages.
    """
    print(f"{name}: {safe(decision.why)}", file=sys.stderr)
    if decision.show is None:
        candidate = _ask_candidate(decision) if decision.candidates else _ask_show(context, decision)
        if candidate is None:
            return _skipped(decision)
        decision = of_candidate(decision.file, candidate)
        if decision.outcome is Outcome.VIEWING:
            return decision
    if decision.outcome is Outcome.NO_VIEWING or not (decision.episodes or decision.is_film):
        return _ask_episode(decision)
    if _ask(_question(context, decision)).lower() not in ("y", "yes"):
        return _skipped(decision)
    return replace(decision, outcome=Outcome.VIEWING, is_confirmed=True, why="")


def _question(context: Context, decision: Decision) -> str:
    """Return the question whether to log what a file may mean, and to add the show if it is not on the list."""
    show = decision.show
    if show is None or context.list.find(show.id) is not None:
        return f"Log {safe(decision.subject)}? [y/N] "
    what = format_episodes(decision.episodes) or "a viewing"
    return f"Add {described(show)} to the list and log {what}? [y/N] "


def _ask(question: str) -> str:
    """Print a question and return the answer without blanks around it; empty at the end of the input."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _skipped(decision: Decision) -> Decision:
    return replace(decision, outcome=Outcome.NO_VIEWING, why=SKIPPED)


def _ask_candidate(decision: Decision) -> Candidate | None:
    """Let the user choose one of the shows by its number; return None if none is chosen."""
    candidates = decision.candidates[:MAX_CANDIDATES]
    for number, candidate in enumerate(candidates, 1):
        print(f"  {number}  {_describe(candidate)}", file=sys.stderr)

    def choose(answer: str) -> Candidate | None:
        is_number = answer.isascii() and answer.isdigit() and len(answer) == 1
        return candidates[int(answer) - 1] if is_number and 1 <= int(answer) <= len(candidates) else None

    return _until_valid(f"Which one? 1-{len(candidates)}, enter skips: ", choose)


def _describe(candidate: Candidate) -> str:
    """Return a show with what tells it apart: `The Office (2001), the-office`."""
    show = candidate.show
    details = ", ".join(filter(None, [str(show.year or ""), str(kind_of(show) or "")]))
    return safe(f"{show.title}{f' ({details})' if details else ''}  {show.id}")


def _ask_show(context: Context, decision: Decision) -> Candidate | None:
    """Let the user name the show, and return it with the reading of the file's name that fits; None if none is named."""
    readings = parse(decision.file).readings

    def find(answer: str) -> Show | None:
        try:
            return find_shows(context, [answer])[0]
        except NotFound as error:
            print(f"  {error.message}" + (f"; {error.hint}" if error.hint else ""), file=sys.stderr)
            return None

    show = _until_valid("Which show is it? An id or a part of a title, enter skips: ", find)
    if show is None:
        return None
    wants_code = kind_of(show) is None or is_series(show)
    coded = [reading for reading in readings if reading.kind is not None]
    reading = coded[0] if coded and wants_code else Reading(decision.title)
    return Candidate(show, reading)


def _ask_episode(decision: Decision) -> Decision:
    """Let the user name the episode, and return the decision with it."""

    def read(answer: str) -> tuple[Episode, ...] | None:
        try:
            return parse_episodes(answer) or None
        except ValueError as error:
            print(f"  {error}", file=sys.stderr)
            return None

    title = safe(decision.show.title) if decision.show is not None else ""
    episodes = _until_valid(f"Which episode of {title} is it? E.g. S01E03, enter skips: ", read)
    if episodes is None:
        return _skipped(decision)
    return replace(decision, outcome=Outcome.VIEWING, episodes=episodes, is_film=False, why="")


def _until_valid(question: str, read: Callable[[str], T | None]) -> T | None:
    """Ask until `read` accepts the answer; return None for an empty answer."""
    while answer := _ask(question):
        if (value := read(answer)) is not None:
            return value
    return None
