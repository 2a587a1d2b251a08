"""What is still to watch: of one show, of many, in queries and in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given

from tests.strategies import show_lists
from watchlist.domain import show_text
from watchlist.domain.fields import FIELDS
from watchlist.domain.glyphs import METER, meter
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.watch_progress import minutes_left, progress_of
from watchlist.query import parse, select
from watchlist.stats.backlog import Backlog
from watchlist.stats.statistics import statistics

TODAY = date(2026, 11, 22)
SEASONS = (Season(0, 3), Season(1, 10, watched=(1, 2), skipped=(3,)))


@pytest.mark.parametrize(
    ("show", "minutes"),
    [
        (Show("a", "A", kind=Kind.SERIES, runtime=46, seasons=SEASONS), 7 * 46),
        (Show("a", "A", kind=Kind.SERIES, seasons=SEASONS), None),
        (Show("a", "A", kind=Kind.SERIES, runtime=46), None),
        (Show("a", "A", kind=Kind.SERIES, runtime=46, seasons=(Season(1, 1, watched=(1,)),)), 0),
        (Show("a", "A", kind=Kind.FILM, runtime=170), 170),
        (Show("a", "A", kind=Kind.FILM, runtime=170, status=Status.WATCHED), 0),
        (Show("a", "A", kind=Kind.FILM, runtime=170, viewings=(Viewing(),)), 0),
        (Show("a", "A", kind=Kind.FILM), None),
        (Show("a", "A", runtime=170), None),
    ],
)
def test_how_long_the_rest_of_a_show_takes(show: Show, minutes: int | None) -> None:
    assert FIELDS["minutes_left"].get(show) == minutes
    assert FIELDS["minutes_left"].has(show) is (minutes is not None)


@given(show_lists())
@example([Show("a", "A", Kind.FILM, runtime=1, seasons=(Season(1, 1),), viewings=(Viewing(),))])
def test_queries_orders_and_sums_of_it_agree(shows: list[Show]) -> None:
    def found(query: str) -> set[str]:
        return {show.id for show in select(shows, parse(query, today=TODAY))}

    known = {show.id: minutes for show in shows if (minutes := minutes_left(show)) is not None}
    assert found("minutes_left:..300") == {id for id, minutes in known.items() if minutes <= 300}
    assert found("time_left:any") == set(known) == found("-minutes_left:none")
    ordered = [known[show.id] for show in select(shows, parse("sort:minutes_left-")) if show.id in known]
    assert ordered == sorted(ordered, reverse=True)
    left = statistics(shows, today=TODAY).left
    assert left.minutes.number == sum(known.values())
    assert left.minutes.shows == len(found(left.minutes.query))
    assert left.episodes.shows == len(found(left.episodes.query))
    assert left.shows == len(found(left.minutes.query) | found(left.episodes.query))
    series = [show for show in shows if show.kind is not Kind.FILM]  # of a film, viewings count and not episodes
    assert not [show for show in series if minutes_left(show) == 0 and progress_of(show).left]


@pytest.mark.parametrize(
    ("episodes", "minutes", "said"),
    [
        ([412, None, 0], [18600, 100, None], "412 episodes, 312 h left in 2 shows"),
        ([1], [None], "1 episode left in 1 show"),
        ([None], [90], "1.5 h left in 1 show"),
        ([1234], [60], "1,234 episodes, 1.0 h left in 1 show"),
        ([0, None], [0, None], "nothing left"),
        ([], [], "nothing left"),
    ],
)
def test_it_is_told_in_one_line(episodes: list[int | None], minutes: list[int | None], said: str) -> None:
    assert str(Backlog.of(episodes, minutes)) == said


def test_a_year_counts_its_own_shows() -> None:
    seen = (Viewing(date(2025, 5, 1), episodes="S01E01"),)
    shows = [
        Show("a", "A", kind=Kind.SERIES, runtime=10, seasons=SEASONS, viewings=seen),
        Show("b", "B", kind=Kind.SERIES, runtime=10, seasons=SEASONS),
    ]
    left = statistics(shows, today=TODAY, year=2025).left
    assert (left.episodes.number, left.minutes.number, left.shows) == (7, 70, 1)
    assert [show.id for show in select(shows, parse(left.minutes.query, today=TODAY))] == ["a"]


def test_the_details_say_when_it_may_be_done() -> None:
    show = Show("a", "A", kind=Kind.SERIES, runtime=60, seasons=SEASONS)
    assert show_text.left(show) == "7 episodes, 7 h left"
    assert show_text.left(show, TODAY) == "7 episodes, 7 h left; at two episodes a week done by 17 December 2026"
    assert show_text.left(Show("a", "A", seasons=(Season(1, 1),)), TODAY).startswith("1 episode left; at two")
    assert show_text.left(Show("a", "A", seasons=(Season(1, 1),), status=Status.DROPPED), TODAY) == "1 episode left"
    ages = Show("a", "A", seasons=tuple(Season(n, 20_000) for n in range(1, 60)))
    assert show_text.left(ages, TODAY) == "1,180,000 episodes left", "no calendar goes that far"
    assert show_text.left(Show("a", "A", seasons=(Season(1, 1, watched=(1,)),)), TODAY) == ""
    assert show_text.coming(show) == "next: S01E04"


@pytest.mark.parametrize(
    ("progress", "drawn"),
    [
        ("0/22", "-----"),
        ("1/22", "#----"),
        ("12/22", "##---"),
        ("21/22", "####-"),
        ("22/22", "#####"),
        ("30/22", "#####"),
    ],
)
def test_a_bar_is_full_when_all_is_watched_and_begun_when_anything_is(progress: str, drawn: str) -> None:
    assert "".join(meter(progress, DisplayStyle(ascii=True))) == drawn
    assert len("".join(meter(progress, STARS))) == METER
