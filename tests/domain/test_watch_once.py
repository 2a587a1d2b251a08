"""A viewing is logged once a day, however often the same file is played."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from watchlist.domain.dates import AnyDate, PartialDate
from watchlist.domain.episodes import Episode
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.watch_once import is_logged, watch_once
from watchlist.domain.watchlist import Watchlist

DAY = date(2026, 11, 20)


def logged(show: Show, *episodes: Episode, day: AnyDate | None = DAY, **flags: Any) -> Show:
    return watch_once(show.id, Viewing(date=day), episodes, **flags)(Watchlist((show,))).shows[0]


def wire(**fields: Any) -> Show:
    return Show(**{"id": "wire", "title": "The Wire", "kind": Kind.SERIES, "seasons": (Season(1, 3),)} | fields)


def test_the_same_day_is_the_same_viewing_and_another_day_is_another() -> None:
    once = logged(wire(), Episode(1, 1))
    assert once.viewings == (Viewing(DAY, episodes="S01E01"),)
    assert logged(once, Episode(1, 1)) is once
    assert logged(once, Episode(1, 1), day=datetime(2026, 11, 20, 23, 30)) is once
    again = logged(once, Episode(1, 1), day=date(2026, 11, 21))
    assert [row.rewatch for row in again.viewings] == [None, 1]


def test_of_two_episodes_only_the_new_one_is_logged() -> None:
    once = logged(wire(), Episode(1, 1))
    assert logged(once, Episode(1, 1), Episode(1, 2)).viewings == (Viewing(DAY, episodes="S01E01-E02"),)


def test_a_film_is_seen_once_a_day() -> None:
    film = Show(id="heat", title="Heat", kind=Kind.FILM)
    once = logged(film)
    assert (once.viewings, once.status) == ((Viewing(DAY),), Status.WATCHED)
    assert logged(once) is once
    assert len(logged(once, day=date(2026, 11, 21)).viewings) == 2


def test_a_viewing_of_the_whole_series_is_one_of_each_episode() -> None:
    assert is_logged(wire(viewings=(Viewing(DAY),)), Viewing(DAY), (Episode(1, 2),))


@pytest.mark.parametrize(("day", "same"), [(None, True), (DAY, False), (PartialDate(2026, 11), False)])
def test_undated_is_the_same_as_watched_at_any_time(day: AnyDate | None, same: bool) -> None:
    show = wire(seasons=(Season(1, 3, watched=(1,)),))
    assert is_logged(show, Viewing(day), (Episode(1, 1),)) is same


def test_the_kind_is_given_to_a_show_without_one() -> None:
    show = Show(id="heat", title="Heat")
    assert logged(show, kind=Kind.FILM).kind is Kind.FILM
