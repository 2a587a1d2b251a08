"""Rewatches are derived from the viewings, whoever wrote them."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.strategies import shows
from watchlist.domain import show_text
from watchlist.domain.episodes import Episode, episodes_of, format_episodes, parse_episodes
from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.ratings import STARS
from watchlist.domain.rewatches import (
    is_rewatched,
    latest_rewatch,
    next_to_watch,
    rewatch_numbers,
    rewatched,
    turns,
    viewed,
)
from watchlist.domain.watch_edits import describe_watch_change, undo_watch, unwatch, watch, with_status
from watchlist.domain.watch_progress import watched
from watchlist.panels import PLAIN, card
from watchlist.query import parse, select
from watchlist.stats.statistics import statistics

TODAY = date(2026, 11, 22)


def on(year: int, episodes: str = "", rewatch: int | None = None) -> Viewing:
    return Viewing(date(year, 1, 1), episodes=episodes, rewatch=rewatch)


def series(*rows: Viewing, seen: str = "1-2", episodes: int | None = 2) -> Show:
    numbers = tuple(episode.number for episode in parse_episodes(f"S01E{seen.replace('-', '-E')}")) if seen else ()
    return Show("wire", "The Wire", kind=Kind.SERIES, seasons=(Season(1, episodes, watched=numbers),), viewings=rows)


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ([], []),
        (["S01E01"], [0]),
        (["S01E01", "S01E01", "S01E01"], [0, 1, 2]),
        (["S01E01", "S01E02", "1x01"], [0, 0, 1]),
        (["S01E01-E02", "S01E02"], [0, 1]),
        (["S01", "S01E02", "S01"], [0, 1, 2]),
        (["", ""], [0, 1]),
        (["", "S01E02", ""], [0, 1, 1]),
        (["S01E01", ""], [0, 0]),
        (["S01E01-E02", ""], [0, 1]),
        (["the pilot", "the pilot"], [0, 1]),
        (["the pilot", "S01E01"], [0, 0]),
    ],
)
def test_C3_each_viewing_of_the_same_is_the_next_time(rows: list[str], numbers: list[int]) -> None:
    show = series(*(on(2020 + at, text) for at, text in enumerate(rows)))
    assert rewatch_numbers(show) == numbers
    again = bool(any(numbers))
    assert is_rewatched(show) is again
    assert [seen for _, _, seen in viewed(show)] == [number > 0 for number in numbers]
    assert bool(select([show], parse("is:rewatched"))) is again
    found = statistics([show], today=TODAY).viewings.rewatches
    assert found.viewings == sum(number > 0 for number in numbers)
    assert len(select([show], parse(found.query or ""))) == int(again)


def test_C3_what_the_file_says_is_the_least_that_a_viewing_counts_as() -> None:
    assert rewatch_numbers(series(on(2020, "S01E01", 1), on(2021, "S01E01"), on(2022, "S01E02"))) == [1, 2, 0]
    assert rewatch_numbers(series(on(2020, "S01E01", 3), on(2021, "S01E01", 1))) == [3, 4]
    assert rewatch_numbers(Show("heat", "Heat", kind=Kind.FILM, viewings=(on(2020), on(2021), on(2022)))) == [0, 1, 2]
    assert rewatch_numbers(series(on(2020, "", 2))) == [2]


def test_C3_panels_and_grid_tell_which_time_it_was() -> None:
    show = series(on(2020, "S01E01"), on(2021, "S01E01"), on(2022, "S01E01"))
    file = io.StringIO()
    Console(file=file, width=72).print(card(show, PLAIN, STARS))
    assert "2021  S01E01 · rewatch 1" in file.getvalue()
    assert "2022  S01E01 · rewatch 2" in file.getvalue()
    assert file.getvalue().count("rewatch") == 2
    assert show_text.about_episode(show, show.seasons[0], 1).startswith("watched 1 January 2022, 3 times")
    assert show_text.about_episode(series(on(2020)), show.seasons[0], 2).startswith("watched 1 January 2020")


def test_C3_the_next_episode_goes_on_with_the_rewatch_that_runs() -> None:
    show = series(on(2020, "S01E01"), on(2021, "S01E01"), on(2022, "S01E01"))
    assert next_to_watch(show) == (Episode(1, 2), 2)
    show = watch(show, Viewing(TODAY))
    assert rewatch_numbers(show) == [0, 1, 2, 2]
    assert rewatched(show, 2) == {Episode(1, 1), Episode(1, 2)}
    assert next_to_watch(show) == (Episode(1, 1), 3)
    assert watch(show, Viewing(TODAY), [Episode(1, 2)]).viewings[-1].rewatch == 3
    begun = series(on(2020, "S01E01"), on(2021, "S01E01"), seen="1", episodes=2)
    assert next_to_watch(begun) == (Episode(1, 2), 0), "the first time comes first"
    assert next_to_watch(series(on(2020), on(2021))) == (Episode(1, 1), 2), "all of it was watched twice"
    assert next_to_watch(series(on(2020, "", 1))) == (Episode(1, 1), 2)


def test_C3_taking_a_rewatch_back_leaves_the_first_time_alone() -> None:
    show = series(on(2020, "S01E01"), on(2021, "S01E01"), on(2022, "S01E01"), seen="1")
    once = unwatch(unwatch(show, Episode(1, 1)), Episode(1, 1))
    assert once.viewings == show.viewings[:1]
    assert once.seasons == show.seasons
    assert list(watched(unwatch(once, Episode(1, 1)))) == []
    back = undo_watch(show)
    assert (back.seasons, back.viewings) == (show.seasons, show.viewings[:2])
    assert describe_watch_change(show, back) == "Unwatched S01E01 of The Wire"
    whole = series(on(2020), on(2021))
    assert undo_watch(whole) == replace(whole, viewings=whole.viewings[:1])


@given(shows(), st.lists(st.builds(Episode, st.integers(1, 2), st.integers(1, 4)), max_size=6))
def test_C3_every_viewing_has_a_turn_and_no_episode_has_the_same_turn_twice(show: Show, extra: list[Episode]) -> None:
    rows = (*show.viewings, *(Viewing(episodes=str(episode)) for episode in extra))
    show = replace(show, viewings=rows)
    found = turns(show)
    assert len(found) == len(rows)
    pairs = [(episode, number) for turn in found for episode, number in turn.episodes.items()]
    assert len(set(pairs)) == len(pairs)
    assert all(turn.rewatch >= (row.rewatch or 0) for turn, row in zip(found, rows, strict=True))
    assert is_rewatched(show) is (latest_rewatch(show) > 0) is any(again for _, _, again in viewed(show))
    assert max((number for _, number in pairs), default=0) <= latest_rewatch(show)


# What was logged last


def rows_of(show: Show) -> list[str]:
    return [row.episodes for row in show.viewings]


@pytest.mark.parametrize("day", [TODAY, None])
def test_C7_what_was_logged_last_is_taken_back_first_whatever_its_number(day: date | None) -> None:
    show = Show("wire", "The Wire", kind=Kind.SERIES, seasons=(Season(1, 9), Season(2, 9)))
    names = ["S02E03", "S01E01", "S01E05", "S01E02", "S00E01", "S01E03"]
    states = [show]
    for name in names:
        states.append(watch(states[-1], Viewing(day), parse_episodes(name)))
    assert rows_of(states[-1]) == ["S02E03, S01E01, S01E05, S01E02, S00E01, S01E03"], "one evening is one viewing"
    for before in reversed(states[:-1]):
        back = undo_watch(states.pop())
        assert list(watched(back)) == list(watched(before))
        assert rows_of(back) == rows_of(before)


def test_C7_runs_are_written_as_ranges_and_read_in_their_order() -> None:
    show = Show("wire", "The Wire", kind=Kind.SERIES, seasons=(Season(1, 9),))
    for name in ("S01E05", "S01E01", "S01E02", "S01E03"):
        show = watch(show, Viewing(TODAY), parse_episodes(name))
    assert rows_of(show) == ["S01E05, S01E01-E03"]
    assert format_episodes(episodes_of(show, show.viewings[0])) == "S01E01-E03, S01E05"
    assert rows_of(undo_watch(show)) == ["S01E05, S01E01-E02"]
    assert rows_of(unwatch(show, Episode(1, 2))) == ["S01E05, S01E01, S01E03"]


def test_C7_the_last_row_counts_and_without_rows_the_last_number() -> None:
    rows = (on(2020, "S02E03"), on(2020, "S01E01"))
    show = Show("w", "W", kind=Kind.SERIES, seasons=(Season(1, 9, watched=(1,)), Season(2, 9, watched=(3,))))
    assert rows_of(undo_watch(replace(show, viewings=rows))) == ["S02E03"]
    by_hand = replace(show, viewings=(on(2020, "S02E03, S01E01"),))
    assert rows_of(undo_watch(by_hand)) == ["S02E03"]
    assert undo_watch(show).seasons[1].watched == ()
    specials = replace(show, seasons=(Season(0, 2, watched=(1,)), Season(1, 9, watched=(1,))))
    assert [season.watched for season in undo_watch(specials).seasons] == [(1,), ()]
    twice = replace(show, seasons=(Season(1, 9, watched=(1,)), Season(1, 9, watched=(1, 2))))
    assert [season.watched for season in undo_watch(twice).seasons] == [(1,), (1,)]
    assert [season.watched for season in undo_watch(undo_watch(twice)).seasons] == [(), ()]


def test_C7_of_a_film_it_is_the_last_viewing() -> None:
    film = Show("heat", "Heat", kind=Kind.FILM, status=Status.WATCHED, viewings=(on(2024), on(2020)))
    back = with_status(film, undo_watch(film))
    assert (back.viewings, back.status) == ((on(2024),), Status.WATCHED)
    gone = with_status(back, undo_watch(back))
    assert (gone.viewings, gone.status) == ((), Status.PLANNED)
