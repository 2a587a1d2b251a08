"""The list of the names in `names.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from tests.release_names.names import AIRED, IDS, SHOWS
from watchlist.domain.model import Kind, Season, Show
from watchlist.release_names.decision import Decision, decide

Decide = Callable[..., Decision]


def season(number: int, length: int | tuple[int, int]) -> Season:
    first, episodes = (None, length) if isinstance(length, int) else length
    return Season(number, episodes, first=first)


def listed() -> list[Show]:
    """Return the shows of the list."""
    shows = []
    for id, title, kind, year, lengths, aka in SHOWS:
        seasons = tuple(season(number, length) for number, length in enumerate(lengths, 1))
        if days := AIRED.get(id):
            seasons = (Season(1, len(days), other={"aired": [date.fromisoformat(day) for day in days]}),)
        shows.append(
            Show(id=id, title=title, kind=Kind(kind), year=year, seasons=seasons, aka=tuple(aka), ids=IDS.get(id, {}))
        )
    return shows


@pytest.fixture(scope="session")
def shows() -> list[Show]:
    return listed()


def decision(name: str, shows: Sequence[Show]) -> Decision:
    """Return what the own parser makes of a name, without guessit."""
    return decide([name], shows, [(show.title, *show.aka) for show in shows], list)[0]
