"""Each of the names in `names.py` means what it should on a list full of traps; a wrong show is never logged."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import pytest

from tests.release_names.conftest import decision
from tests.release_names.names import NAMES, Row
from watchlist.domain.episode_lookup import unlisted
from watchlist.domain.episodes import format_episodes
from watchlist.domain.model import Kind, Show
from watchlist.release_names.decision import Decision, Outcome
from watchlist.release_names.episode_codes import MAX_CODES
from watchlist.release_names.title_keys import keys, marks

SURE = ("episode", "film")
MAX_WORDS = 12  # of a name that are made into traps


def outcome(made: Decision) -> str:
    """Return the word of `names.py` for a decision."""
    match made.outcome:
        case Outcome.VIEWING:
            return "film" if made.is_film else "episode"
        case Outcome.DOUBT if made.show and made.episodes and made.why == unlisted(made.show, made.episodes):
            return "episode"  # read without a doubt; only the list does not have the episode
        case Outcome.DOUBT:
            return "asked"
        case Outcome.NO_VIEWING:
            return "pack" if made.show is not None else "no_viewing"
        case _:
            return "unknown"


@pytest.mark.parametrize("row", NAMES, ids=lambda row: ascii(row.name)[1:70])
def test_a_name_means_what_it_should(row: Row, shows: Sequence[Show]) -> None:
    made = decision(row.name, shows)
    assert outcome(made) == row.outcome, made
    assert format_episodes(made.episodes) == row.episodes or row.outcome == "asked"
    if row.outcome in (*SURE, "pack"):
        assert made.show is not None
        assert made.show.id == row.show
    if row.outcome == "asked":
        ids = {candidate.show.id for candidate in made.candidates} | ({made.show.id} if made.show else set())
        assert row.show in ids


def test_at_least_500_names_of_which_nearly_all_need_no_question() -> None:
    counts = Counter(row.outcome for row in NAMES)
    assert len(NAMES) >= 500
    assert len({row.name for row in NAMES}) == len(NAMES)
    assert counts["asked"] <= 0.05 * len(NAMES)  # of these, the right show is among those to choose from


def without(shows: Sequence[Show], row: Row) -> list[Show]:
    """Return the list without the right show, and without others of its title."""
    right = keys_of(show for show in shows if show.id == row.show)
    return [show for show in shows if right.isdisjoint(keys_of([show]))]


def keys_of(shows: Iterable[Show]) -> set[str]:
    return {key for show in shows for title in (show.title, *show.aka) for key in keys_of_title(title)}


@cache
def keys_of_title(title: str) -> frozenset[str]:
    return keys(title) | keys(marks(title)[0])


def test_no_other_show_is_taken_if_the_right_one_is_not_on_the_list(shows: Sequence[Show]) -> None:
    wrong = {}
    for row in NAMES:
        made = decision(row.name, without(shows, row))
        if made.outcome is Outcome.VIEWING and row.show:
            wrong[row.name] = made.subject
    assert not wrong


def test_no_part_of_a_name_is_taken_for_the_title_of_a_show(shows: Sequence[Show]) -> None:
    """Every run of words of every name is the title of a series and of a film, and none is taken for the right one."""
    wrong = {}
    for row in NAMES:
        if row.outcome not in SURE:
            continue
        right = [show for show in shows if show.id == row.show]
        made = decision(row.name, [*traps(row.name, keys_of(right)), *right])
        if made.outcome is Outcome.VIEWING and (made.show is None or made.show.id != row.show):
            wrong[row.name] = made.subject
    assert not wrong


def traps(name: str, right: set[str]) -> list[Show]:
    """Return a series and a film for each run of words in a name; none has one of the titles of the right show."""
    words = re.findall(r"[^\W_]+", name)[:MAX_WORDS]
    runs = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    titles = sorted(run for run in runs if right.isdisjoint(keys(run)))
    return [Show(id=f"{kind}-{title}", title=title, kind=kind) for title in titles for kind in Kind]


def test_hostile_names_take_no_time(shows: Sequence[Show]) -> None:
    for unit in (
        "S01E01.",
        "1x02 ",
        "E01-E99.",
        "2019.",
        "01-99 ",
        "Season 1 ",
        "(",
        "[",
        "a.",
        "- ",
        "第1季",
        "1of2",
        "tt1234567 ",
    ):
        for count in (MAX_CODES - 1, 40, 4000):
            for name in (unit * count, f"Harbor Lights {unit * count}.mkv", f"{unit * count}/{unit * count}"):
                start = time.process_time()  # what other programs do does not count
                decision(name, shows)
                assert time.process_time() - start < 1, name[:40]
