"""Watching: what comes next, what a viewing makes of a show, and that a rewatch leaves what was there alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import shows
from watchlist.domain import edits
from watchlist.domain.change_messages import describe
from watchlist.domain.episodes import Episode, episodes_of, format_episodes, parse_episodes, season_of
from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.rewatches import next_to_watch, rewatched
from watchlist.domain.show_table import ShowTable
from watchlist.domain.text import long_date
from watchlist.domain.watch_edits import (
    describe_watch_change,
    rate_episode,
    skip,
    undo_watch,
    unwatch,
    up_to,
    watch,
    with_status,
)
from watchlist.domain.watch_progress import countable, next_episode, watched
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import Refused

MONDAY = date(2026, 11, 23)
TONIGHT = Viewing(MONDAY)
EPISODES = st.builds(Episode, st.integers(0, 3), st.integers(1, 12))
SEASONS = st.lists(
    st.builds(
        lambda number, episodes, seen, skipped: Season(
            number, episodes, watched=tuple(sorted(seen)), skipped=tuple(sorted(skipped))
        ),
        st.integers(0, 3),
        st.none() | st.integers(0, 5),
        st.sets(st.integers(1, 5), max_size=5),
        st.sets(st.integers(1, 5), max_size=2),
    ),
    max_size=3,
    unique_by=lambda season: season.number,
).map(tuple)
SERIES = st.builds(lambda seasons: Show("x", "X", kind=Kind.SERIES, seasons=seasons), SEASONS)


def series(*seasons: Season, **values: object) -> Show:
    return Show("wire", "The Wire", kind=Kind.SERIES, seasons=seasons, **values)


def tell(show: Show) -> list[str]:
    return [f"{row.episodes or 'all'}{f' again {row.rewatch}' if row.rewatch else ''}" for row in show.viewings]


# Names of episodes


@pytest.mark.parametrize(
    ("text", "means"),
    [
        *(("S01E03", "S01E03"), ("s1e3", "S01E03"), ("1x03", "S01E03"), ("S01E03-E05", "S01E03-E05")),
        *(("1x03-05", "S01E03-E05"), ("1x03-1x05", "S01E03-E05"), ("S01E03-S01E05", "S01E03-E05")),
        *(("S02E01, S01E09", "S01E09, S02E01"), ("S01E01 s01e02", "S01E01-E02"), ("S00E01", "S00E01"), ("", "")),
        ("S10E100", "S10E100"),
    ],
)
def test_episodes_are_named_in_many_ways(text: str, means: str) -> None:
    assert format_episodes(parse_episodes(text)) == means


@pytest.mark.parametrize(
    "text",
    ["3", "S01", "S01E00", "S01E05-E03", "S01E09-S02E02", "S01E03x", "S01E1S01E2", "E03", "S01E99999999", ", S01E01"],
)
def test_what_is_no_episode_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"episode|seasons"):
        parse_episodes(text)


@given(st.sets(EPISODES))
def test_what_is_written_is_read_as_it_was(episodes: set[Episode]) -> None:
    assert set(parse_episodes(format_episodes(episodes))) == episodes


# What comes next


@pytest.mark.parametrize(
    ("seasons", "coming"),
    [
        ((), "S01E01"),
        ((Season(1, 10),), "S01E01"),
        ((Season(1, 10, watched=(1, 2)),), "S01E03"),
        ((Season(1, 3, watched=(1, 3)),), "S01E02"),
        ((Season(1, 2, watched=(1, 2)), Season(2, 8)), "S02E01"),
        ((Season(2, 8), Season(1, 2, watched=(1,))), "S01E02"),
        ((Season(1, 3, watched=(1,), skipped=(2,)),), "S01E03"),
        ((Season(0, 5), Season(1, 2)), "S01E01"),
        ((Season(1, None, watched=(1, 2)),), "S01E03"),
        ((Season(1, None, watched=(1, 2)), Season(2, 4)), "S02E01"),
        ((Season(1, None), Season(2, 4)), "S01E01"),
        ((Season(1, 2, watched=(1, 2)),), None),
    ],
)
def test_the_next_episode(seasons: tuple[Season, ...], coming: str | None) -> None:
    episode = next_episode(series(*seasons))
    assert (str(episode) if episode else None) == coming


@given(SERIES)
def test_specials_and_what_was_skipped_never_come_next_nor_count(show: Show) -> None:
    steps = 0
    while (episode := next_episode(show)) is not None and steps < 20:
        season = next((season for season in show.seasons if season.number == episode.season), Season(1))
        assert episode.season > 0
        assert episode.number not in (*season.watched, *season.skipped)
        show, steps = watch(show, TONIGHT), steps + 1
    if episode is None:
        assert set(countable(show)) <= set(watched(show))


# Watching


def test_an_evening_is_one_viewing_and_a_rated_one_stays_as_it_is() -> None:
    show = watch(watch(series(Season(1, 10)), TONIGHT), TONIGHT)
    assert tell(show) == ["S01E01-E02"]
    show = watch(show, TONIGHT._replace(rating=4.5))
    show = watch(show, TONIGHT)
    show = watch(show, Viewing(MONDAY + timedelta(1), people=("Ana",)))
    assert tell(show) == ["S01E01-E02", "S01E03", "S01E04", "S01E05"]
    assert show.seasons[0].watched == (1, 2, 3, 4, 5)
    assert show.viewings[-1].people == ("Ana",)


def test_an_older_day_goes_before_a_newer_one() -> None:
    show = watch(series(Season(1, 10)), TONIGHT)
    show = watch(show, Viewing(date(2020, 1, 1)), [Episode(1, 7)])
    assert tell(show) == ["S01E07", "S01E01"]


def test_a_season_that_is_not_there_yet_is_made_in_its_place() -> None:
    show = watch(series(Season(1, 2), Season(3, 2)), TONIGHT, [Episode(2, 4), Episode(4, 1)])
    assert [(season.number, season.watched) for season in show.seasons] == [(1, ()), (2, (4,)), (3, ()), (4, (1,))]


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="season 1 of The Wire has 10 episodes"):
        watch(series(Season(1, 10)), TONIGHT, [Episode(1, 11)])
    with pytest.raises(Refused, match="is a film"):
        watch(Show("heat", "Heat", kind=Kind.FILM), TONIGHT, [Episode(1, 1)])
    with pytest.raises(Refused, match="no episode of The Wire left"):
        watch(series(Season(1, 0)), TONIGHT)
    with pytest.raises(Refused, match="no episode of The Wire has been watched yet"):
        undo_watch(series(Season(1, 10)))
    with pytest.raises(Refused, match=r"^Heat has not been watched yet"):
        undo_watch(Show("heat", "Heat", kind=Kind.FILM))


def test_a_rewatch_has_its_own_progress_and_changes_no_earlier_row() -> None:
    show = series(Season(1, 2, watched=(1, 2)), status=Status.WATCHED, viewings=(Viewing(date(2020, 1, 1), 4.0),))
    assert next_to_watch(show) == (Episode(1, 1), 1)
    once = with_status(show, watch(show, TONIGHT))
    assert tell(once) == ["all", "S01E01 again 1"]
    twice = watch(watch(once, TONIGHT), TONIGHT)
    assert tell(twice) == ["all", "S01E01-E02 again 1", "S01E01 again 2"]
    assert twice.seasons == show.seasons
    assert twice.viewings[0] == show.viewings[0]
    assert twice.status is Status.WATCHED
    assert tell(undo_watch(undo_watch(twice))) == ["all", "S01E01 again 1"]
    assert rewatched(twice, 2) == {Episode(1, 1)}


def test_what_is_new_and_what_is_seen_again_are_two_viewings() -> None:
    show = watch(series(Season(1, 4, watched=(1, 2))), TONIGHT, parse_episodes("S01E02-E03"))
    assert tell(show) == ["S01E03", "S01E02 again 1"]


def test_up_to_an_episode_leaves_what_was_watched_alone() -> None:
    show = series(Season(0, 3), Season(1, 3, watched=(2,), skipped=(3,)), Season(2, 5))
    assert format_episodes(up_to(show, Episode(2, 2))) == "S01E01, S02E01-E02"
    assert format_episodes(up_to(show, Episode(0, 2))) == "S00E01-E02"
    assert up_to(watch(show, TONIGHT, up_to(show, Episode(2, 2))), Episode(2, 2)) == ()


def test_the_last_comes_back_first_and_then_what_has_no_viewing() -> None:
    show = watch(series(Season(1, 10, watched=(1, 2))), TONIGHT)
    for left in ((1, 2), (1,), ()):
        show = undo_watch(show)
        assert show.seasons[0].watched == left
        assert show.viewings == ()


def test_the_status_follows_and_is_said() -> None:
    show = series(Season(1, 2), Season(0, 1), status=Status.PAUSED)
    steps = []
    for _ in range(3):
        after = with_status(show, watch(show, TONIGHT))
        steps.append((after.status, describe_watch_change(show, after)))
        show = after
    assert steps == [
        (Status.WATCHING, "Watched S01E01 of The Wire"),
        (Status.WATCHED, "Watched S01E02 of The Wire"),
        (Status.WATCHED, "Watched S01E01 of The Wire again"),
    ]
    steps = []
    for _ in range(3):
        after = with_status(show, undo_watch(show))
        steps.append((after.status, describe_watch_change(show, after)))
        show = after
    assert steps == [
        (Status.WATCHED, "Unwatched S01E01 of The Wire"),
        (Status.WATCHING, "Unwatched S01E02 of The Wire"),
        (Status.PLANNED, "Unwatched S01E01 of The Wire"),
    ]


def test_a_special_moves_no_status() -> None:
    show = series(Season(0, 2), Season(1, 2))
    assert with_status(show, watch(show, TONIGHT, [Episode(0, 1)])).status is Status.PLANNED


def test_a_film_is_viewed_and_viewed_again() -> None:
    heat = Show("heat", "Heat", kind=Kind.FILM)
    once = with_status(heat, watch(heat, TONIGHT))
    twice = with_status(once, watch(once, Viewing(MONDAY + timedelta(1))))
    assert (once.status, describe_watch_change(heat, once), describe_watch_change(once, twice)) == (
        Status.WATCHED,
        "Watched Heat",
        "Watched Heat again",
    )
    assert len(twice.viewings) == 2
    back = with_status(once, undo_watch(once))
    assert (back.status, describe_watch_change(once, back)) == (Status.PLANNED, "Removed a viewing of Heat")


def test_the_edit_says_what_it_did() -> None:
    day = long_date(MONDAY)
    library = Watchlist((series(Season(1, 2)),))
    after = edits.watch(["wire"], TONIGHT)(library)
    assert describe(edits.deltas(library, after)) == f"Watched S01E01 of The Wire on {day}; status: watching"
    quiet = edits.watch(["wire"], TONIGHT, auto_status=False)(library)
    assert describe(edits.deltas(library, quiet)) == f"Watched S01E01 of The Wire on {day}"
    back = edits.undo_watch(["wire"])(after)
    assert describe(edits.deltas(after, back)) == "Unwatched S01E01 of The Wire; status: planned"
    assert edits.watch(["wire"], Viewing(), through=Episode(1, 1))(after) == after


# Laws


@given(SERIES, st.lists(EPISODES, min_size=1, max_size=6))
def test_progress_is_the_set_of_what_was_watched_whatever_the_way_there(show: Show, episodes: list[Episode]) -> None:
    unknown = replace(show, seasons=tuple(season._replace(episodes=None) for season in show.seasons))
    one_by_one = unknown
    for episode in episodes:
        if episode not in set(watched(one_by_one)):
            one_by_one = watch(one_by_one, TONIGHT, [episode])
    new = set(episodes) - set(watched(unknown))
    at_once = watch(unknown, TONIGHT, new) if new else unknown
    assert one_by_one.seasons == at_once.seasons
    assert [set(episodes_of(one_by_one, row)) for row in one_by_one.viewings] == [
        set(episodes_of(at_once, row)) for row in at_once.viewings
    ]
    assert set(watched(at_once)) == {*watched(unknown), *episodes}


@given(SERIES, st.lists(st.booleans(), max_size=12))
def test_watching_and_taking_back_lead_to_the_same_show(show: Show, steps: list[bool]) -> None:
    states = [show]
    for forward in steps:
        if forward or len(states) == 1:
            try:
                states.append(watch(states[-1], TONIGHT))
            except Refused:
                continue
        else:
            back = undo_watch(states.pop())
            assert back.viewings == states[-1].viewings
            assert set(watched(back)) == set(watched(states[-1]))


@given(shows(), st.lists(EPISODES, max_size=4), st.booleans())
def test_whatever_a_show_is_its_earlier_viewings_stay(show: Show, episodes: list[Episode], named: bool) -> None:
    try:
        after = watch(show, TONIGHT, episodes if named and episodes else None)
    except Refused:
        return
    assert [row for row in show.viewings if row not in after.viewings] in (
        [],
        [show.viewings[-1]] if show.viewings else [],
    )
    again = {row.rewatch for row in show.viewings if row.rewatch}
    assert all(rewatched(show, number) <= rewatched(after, number) for number in again)
    assert set(watched(show)) <= set(watched(after))
    assert describe_watch_change(show, after)


# One episode


def test_one_episode_is_taken_out_of_its_evening_and_the_rest_of_it_stays() -> None:
    show = watch(series(Season(1, 5)), TONIGHT, [Episode(1, 1), Episode(1, 2), Episode(1, 3)])
    after = unwatch(show, Episode(1, 2))
    assert tell(after) == ["S01E01, S01E03"]
    assert after.seasons[0].watched == (1, 3)
    assert unwatch(after, Episode(1, 2)) is after, "there is nothing to take back"


def test_the_last_time_comes_back_first() -> None:
    once = watch(series(Season(1, 2)), TONIGHT, [Episode(1, 1)])
    twice = watch(once, TONIGHT, [Episode(1, 1)])
    assert unwatch(twice, Episode(1, 1)) == once
    assert unwatch(once, Episode(1, 1)) == series(Season(1, 2))


@given(SERIES, EPISODES)
def test_what_is_watched_and_not_any_more_is_as_it_was(show: Show, episode: Episode) -> None:
    season = season_with(show, episode)
    if season is None or episode.number in season.watched:
        return
    assert unwatch(watch(show, TONIGHT, [episode]), episode) == show


@given(SERIES, EPISODES)
def test_what_is_skipped_is_never_counted_and_comes_back_as_it_was(show: Show, episode: Episode) -> None:
    season = season_with(show, episode)
    if season is None or episode.number in season.watched:
        return
    skipped = skip(show, episode, skipped=True)
    assert episode not in countable(skipped)
    assert next_episode(skipped) != episode
    assert list(watched(skipped)) == list(watched(show))
    assert skip(skipped, episode, skipped=True) == skipped
    if episode.number not in season.skipped:
        assert skip(skipped, episode, skipped=False) == show


@given(SERIES, EPISODES, st.sampled_from([0.5, 4.35, 5.0]))
def test_a_rating_of_an_episode_changes_nothing_else(show: Show, episode: Episode, stars: float) -> None:
    if season_with(show, episode) is None:
        return
    rated = rate_episode(show, episode, stars)
    assert next(s for s in rated.seasons if s.number == episode.season).ratings == {episode.number: stars}
    assert rated.rating is None
    assert rate_episode(rated, episode, None) == show


def test_what_is_not_there_is_neither_skipped_nor_rated() -> None:
    show = series(Season(1, 2, watched=(1,)))
    for change in (
        lambda: skip(show, Episode(1, 3), skipped=True),
        lambda: rate_episode(show, Episode(1, 3), 4.0),
        lambda: skip(show, Episode(1, 1), skipped=True),
    ):
        with pytest.raises(Refused):
            change()


def test_skipping_what_is_left_finishes_a_show_that_was_begun() -> None:
    show = series(Season(1, 2, watched=(1,)), status=Status.WATCHING)
    done = edited(show, edits.skip(["wire"], [Episode(1, 2)], skipped=True))
    assert done.status is Status.WATCHED
    assert edited(done, edits.skip(["wire"], [Episode(1, 2)], skipped=False)) == show
    assert (
        edited(show, edits.skip(["wire"], [Episode(1, 2)], skipped=True, auto_status=False)).status is Status.WATCHING
    )
    unseen = series(Season(1, 2, skipped=(1,)), status=Status.PLANNED)
    assert edited(unseen, edits.skip(["wire"], [Episode(1, 2)], skipped=True)).status is Status.PLANNED


def test_an_episode_that_was_watched_meanwhile_is_not_watched_again() -> None:
    show = series(Season(1, 2, watched=(1,)))
    assert edited(show, edits.set_watched("wire", Episode(1, 1), TONIGHT)) == show


def test_what_was_done_to_an_episode_is_said() -> None:
    def said(before: Show, after: Show) -> str:
        return describe((edits.Delta(before, after),))

    show = series(Season(1, 2))
    rated, skipped = rate_episode(show, Episode(1, 2), 4.5), skip(show, Episode(1, 2), skipped=True)
    assert said(show, rated) == "Rated S01E02 of The Wire 4.5, was not rated"
    assert said(rated, show) == "Cleared the rating of S01E02 of The Wire, was 4.5"
    assert said(show, skipped) == "Skipped S01E02 of The Wire"
    assert said(skipped, show) == "S01E02 of The Wire is no longer skipped"


def season_with(show: Show, episode: Episode) -> Season | None:
    """The season that this may be an episode of."""
    found = (season for season in show.seasons if season.number == episode.season)
    return next((season for season in found if season.episodes is None or episode.number <= season.episodes), None)


def edited(show: Show, edit: edits.Edit) -> Show:
    (after,) = edit(Watchlist(shows=ShowTable([show]))).shows
    return after


NUMBERED = st.lists(
    st.builds(
        lambda number, first, episodes: Season(number, episodes, first=first),
        st.integers(0, 2),
        st.sampled_from([None, 1, 13]),
        st.none() | st.integers(0, 12),
    ),
    max_size=4,
).map(lambda seasons: Show("x", "X", kind=Kind.SERIES, seasons=tuple(seasons)))
NAMED = st.lists(st.builds(Episode, st.integers(0, 3), st.sampled_from([1, 5, 12, 13, 24, 25, 2001])), min_size=1)


@given(NUMBERED, NAMED, st.sampled_from(["watch", "through", "skip", "rate"]))
def test_B6_what_is_advised_works(show: Show, names: list[Episode], act: str) -> None:
    def edit(sure: bool) -> edits.Edit:
        match act:
            case "watch":
                return edits.watch(["x"], TONIGHT, names, sure=sure)
            case "through":
                return edits.watch(["x"], TONIGHT, through=names[0], sure=sure)
            case "skip":
                return edits.skip(["x"], names, sure=sure)
            case _:
                return edits.rate_episodes(["x"], names, 3.0, sure=sure)

    library = Watchlist(ShowTable((show,)))
    try:
        edit(False)(library)
    except Refused as error:
        if "--yes" not in error.hint:
            with pytest.raises(Refused):
                edit(True)(library)
            return
        (after,) = edit(True)(library).shows
        assert after != show


def test_B6_a_season_in_two_rows_is_made_as_long_as_it_has_to_be() -> None:
    show = series(Season(2, 12), Season(2, first=13))
    library = edits.watch(["wire"], TONIGHT, [Episode(2, 30)], sure=True)(Watchlist(ShowTable((show,))))
    season = season_of(library.shows[0], 2)
    assert season is not None
    assert season.numbers == range(13, 31)
