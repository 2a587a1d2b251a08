"""How far a show is, worked out once: the same numbers wherever they are shown."""

from __future__ import annotations

import io
import re
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.strategies import seasons, show_lists, shows
from watchlist.domain import edits, show_text
from watchlist.domain.dates import PartialDate
from watchlist.domain.episode_lookup import unlisted
from watchlist.domain.episodes import Episode, parse_names, seasons_of, spell_names
from watchlist.domain.fields import FIELDS
from watchlist.domain.frozen import replace
from watchlist.domain.glyphs import bar, meter
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_table import ShowTable
from watchlist.domain.show_toml import from_table, to_table
from watchlist.domain.watch_edits import watch
from watchlist.domain.watch_progress import (
    countable,
    is_finished,
    kind_of,
    next_episode,
    progress_of,
    season_progress,
    watched,
)
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import Refused
from watchlist.formats.format import WriteOptions
from watchlist.formats.html import write as write_html
from watchlist.panels import PLAIN, card
from watchlist.pick import pick
from watchlist.query import parse, select
from watchlist.stats.statistics import statistics

TODAY = date(2026, 11, 22)
SEASONS = st.lists(seasons(), max_size=4).map(tuple)
SERIES = st.builds(lambda found: Show("x", "X", kind=Kind.SERIES, seasons=found), SEASONS)


def series(*found: Season, **values: object) -> Show:
    return Show("wire", "The Wire", kind=Kind.SERIES, seasons=found, **values)


def panels_of(show: Show, width: int = 72) -> str:
    file = io.StringIO()
    Console(file=file, width=width).print(card(show, PLAIN, STARS))
    return file.getvalue()


def html_of(show: Show) -> str:
    out = io.StringIO()
    write_html([show], out, WriteOptions())
    return out.getvalue()


@pytest.mark.parametrize(
    ("found", "text", "left", "coming", "finished"),
    [
        ((Season(1, 3, watched=(1, 2, 3)), Season(2, watched=(1, 2, 3))), "6/?", None, "S02E04", False),
        ((Season(1, 3, watched=(1, 2, 3)), Season(2)), "3/?", None, "S02E01", False),
        ((Season(1, 5, watched=(1, 2, 3)), Season(2)), "3/?", 2, "S01E04", False),
        ((Season(1),), "0/?", None, "S01E01", False),
        ((Season(1, watched=(1, 2, 5)),), "3/?", None, "S01E03", False),
        ((Season(1, 3, watched=(1, 2, 3, 4, 9)),), "3/3", 0, None, True),
        ((Season(1, 10, watched=(11, 12)),), "0/10", 10, "S01E01", False),
        ((Season(0, 3, watched=(1, 2)), Season(1, 3, watched=(1,))), "1/3", 2, "S01E02", False),
        ((Season(0, watched=(1,)), Season(1, 1, watched=(1,))), "1/1", 0, None, True),
        ((Season(0, 3),), "", None, None, False),
        ((Season(1, 10, watched=(1, 2, 3, 4), skipped=(5, 6)),), "4/8", 4, "S01E07", False),
        ((Season(1, 4, watched=(1, 2), skipped=(3, 4, 9)),), "2/2", 0, None, True),
        ((Season(1, 4, watched=(1, 2, 3), skipped=(3, 4)),), "3/3", 0, None, True),
        ((Season(1, 10, watched=(1, 2)), Season(1, 10, watched=(3, 4))), "4/10", 6, "S01E05", False),
        ((Season(1, watched=(1, 2)), Season(1, 3)), "2/3", 1, "S01E03", False),
        ((Season(2, 3), Season(1, 2, watched=(1, 2))), "2/5", 3, "S02E01", False),
        ((Season(1, 0),), "", 0, None, False),
        ((Season(1, 2, skipped=(1, 2)),), "", 0, None, False),
        ((), "", None, None, False),
        ((Season(2, 16, watched=(62, 63), first=62),), "2/16", 14, "S02E64", False),
        ((Season(2, 16, watched=(1, 2), first=62),), "0/16", 16, "S02E62", False),
        ((Season(2, watched=(62, 63), first=62),), "2/?", None, "S02E64", False),
    ],
)
def test_C1_C2_progress_left_next_and_finished_go_together(
    found: tuple[Season, ...], text: str, left: int | None, coming: str | None, finished: bool
) -> None:
    show = series(*found, runtime=40)
    progress = progress_of(show)
    assert (progress.text, progress.left, progress.finished) == (text, left, finished)
    assert (str(progress.next) if progress.next else None) == coming
    assert FIELDS["progress"].get(show) == text
    assert FIELDS["left"].get(show) == left
    assert FIELDS["minutes_left"].get(show) == (None if left is None else 40 * left)
    assert {one.id for one in select([show], parse("is:finished"))} == ({"wire"} if finished else set())
    assert is_finished(show) is finished


def test_C1_a_season_of_unknown_length_is_told_the_same_everywhere() -> None:
    show = series(Season(1, 3, watched=(1, 2, 3)), Season(2, watched=(1, 2, 3)), runtime=40)
    for told in (panels_of(show), html_of(show)):
        assert "3 of 3" in told
        assert "3 of ?" in told
        assert "S02E04" in told
        assert "left" not in told.split("3 of ?")[1].split("next")[0]
    assert show_text.length(show) == "2 seasons · 40 min an episode"
    assert '<progress value="0" max="1">' in html_of(show), "nothing says what part of it was watched"
    assert meter("6/?", DisplayStyle(ascii=True)) == ("#", "----")
    assert meter("0/?", DisplayStyle(ascii=True)) == ("", "-----")
    assert bar(500, None, 24, STARS)[1], "never full"
    (one,) = pick([show], today=TODAY)
    assert one.reasons == ("begun: 6 episodes watched",)
    left = statistics([show], today=TODAY).left
    assert (left.episodes.number, left.minutes.number) == (0, 0)
    part = series(Season(1, 5, watched=(1,)), Season(2), runtime=60)
    assert show_text.left(part, TODAY) == "at least 4 episodes, 4 h left"


def test_C1_no_automatic_status_says_watched_where_the_end_is_not_known() -> None:
    show = series(Season(1, 1), Season(2), status=Status.WATCHED)
    for name in ("S01E01", "S02E01", "S02E02"):
        edit = edits.watch(["wire"], Viewing(), parse_names(name))
        (show,) = edit(Watchlist(ShowTable([show]))).shows
        assert show.status is Status.WATCHING


def test_C1_of_a_film_no_season_counts_and_viewings_say_whether_it_is_finished() -> None:
    film = Show("heat", "Heat", kind=Kind.FILM, runtime=170, seasons=(Season(1, 10, watched=(1,)),))
    assert (FIELDS["progress"].get(film), FIELDS["left"].get(film), FIELDS["minutes_left"].get(film)) == ("", None, 170)
    assert "S1" not in panels_of(film)
    assert "<progress" not in html_of(film)
    assert next_episode(film) is None
    assert not is_finished(film)
    seen = replace(film, viewings=(Viewing(),))
    assert is_finished(seen)
    assert FIELDS["minutes_left"].get(seen) == 0


def test_C1_what_a_viewing_names_was_watched_whether_the_season_says_so_or_not() -> None:
    show = series(Season(1, 4, watched=(1,)), viewings=(Viewing(episodes="S01E02"), Viewing(episodes="S02E01")))
    assert progress_of(show).text == "3/?"
    assert progress_of(replace(show, viewings=show.viewings[:1])).text == "2/4"
    assert progress_of(Show("a", "A", viewings=(Viewing(episodes="S01E01-E02"),))).text == "2/?"
    assert progress_of(series(viewings=(Viewing(episodes="the pilot"), Viewing()))).text == ""


@given(SERIES)
def test_C1_what_was_seen_and_what_is_left_are_all_there_is(show: Show) -> None:
    progress = progress_of(show)
    for one in progress.seasons:
        assert (one.total is None) == (one.season.episodes is None) == (one.left is None)
        assert one.total is None or one.seen + (one.left or 0) == one.total
        assert one.left is None or (one.next is None) == (one.left == 0) == one.finished
    if progress.total is not None:
        assert progress.seen + (progress.left or 0) == progress.total == len(countable(show))
        assert (progress.next is None) == (progress.left == 0)
    assert progress.finished is (bool(progress.total) and progress.next is None and progress.left == 0)
    assert not progress.finished or all(season.episodes is not None for season in show.seasons if season.number > 0)


@given(SERIES, st.randoms())
def test_C1_the_order_of_seasons_in_the_file_changes_nothing(show: Show, random: Random) -> None:
    rows = list({season.number: season for season in show.seasons}.values())
    shuffled = rows[:]
    random.shuffle(shuffled)
    one, other = replace(show, seasons=tuple(rows)), replace(show, seasons=tuple(shuffled))
    assert progress_of(one) == progress_of(other)
    assert seasons_of(one) == seasons_of(other)


@given(show_lists())
def test_C1_lists_statistics_and_what_is_picked_go_by_the_same_numbers(found: list[Show]) -> None:
    texts = {show.id: progress_of(show).text for show in found}
    assert {show.id: FIELDS["progress"].show_as(show) for show in found} == texts
    ordered = [texts[show.id] for show in select(found, parse("sort:progress")) if texts[show.id]]
    assert sorted(ordered, key=FIELDS["progress"].type.key) == ordered
    left = statistics(found, today=TODAY).left.episodes.number
    assert left == sum(progress_of(show).left or 0 for show in found)
    for one in pick(found, today=TODAY, count=100):
        assert not progress_of(one.show).finished
        for reason in one.reasons:
            if told := re.fullmatch(r"unfinished: (\d+) of (\d+) episodes? left", reason.replace(",", "")):
                progress = progress_of(one.show)
                assert (int(told[1]), int(told[2])) == (progress.left, progress.total)


@given(shows())
def test_C1_what_panels_and_pages_say_of_each_season_is_its_progress(show: Show) -> None:
    told = html_of(show)
    for season in seasons_of(show):
        one = season_progress(season)
        if one.total:
            assert f'<progress value="{one.seen}" max="{one.total}"></progress><span>{one.text}</span>' in told


# Numbers that go on from the season before


def test_C2_the_first_number_is_read_kept_and_counted_from_everywhere() -> None:
    row = {"number": 2, "first": 62, "episodes": 16, "titles": ["Reunion", "Fire"], "watched": "62-63"}
    show = from_table({"id": "wire", "title": "The Wire", "kind": "series", "seasons": [row]})
    assert not show.problems
    assert to_table(show)["seasons"] == [row]
    assert FIELDS["seasons"].type.parse(FIELDS["seasons"].type.format(show.seasons)) == show.seasons
    (season,) = show.seasons
    assert [show_text.episode(season, number) for number in (62, 63, 64, 1)] == [
        "S02E62 Reunion",
        "S02E63 Fire",
        "S02E64",
        "S02E01",
    ]
    assert watch(show, Viewing()).seasons[0].watched == (62, 63, 64)
    assert unlisted(show, [Episode(2, 77)]) == ""
    assert unlisted(show, [Episode(2, 1)]) == "season 2 of The Wire has 16 episodes, numbered from 62"
    for wrong in (0, -1, True, "62", 2.5):
        assert from_table({"title": "x", "seasons": [{"number": 2, "first": wrong}]}).problems[0].key == (
            "seasons[0].first"
        )
    with pytest.raises(Refused, match="numbered from 62"):
        watch(show, Viewing(), [Episode(2, 1)])


def test_C2_the_grid_and_the_ratings_have_these_numbers() -> None:
    show = series(Season(2, 16, watched=(62,), ratings={62: 4.0, 77: 3.0}, first=62))
    text = panels_of(show, 100)
    assert "62 63 64" in text
    assert " 61" not in text
    assert "1 of 16" in text
    assert "next: S02E63" in text


# What is named


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        *(("S01", "S01"), ("s1", "S01"), ("S00", "S00"), ("S01-S03", "S01, S02, S03"), ("S01,S02", "S01, S02")),
        *(("S02E03 S01E01", "S02E03, S01E01"), ("S01E02, S01", "S01E02, S01"), ("S2019", "S2019")),
    ],
)
def test_E2_whole_seasons_are_named_beside_episodes(text: str, spelled: str) -> None:
    assert spell_names(parse_names(text)) == spelled


@pytest.mark.parametrize("text", ["S", "S01-E05", "S03-S01", "S00-S9999", "S01S02", "S12345", "S01x"])
def test_E2_what_is_no_season_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"not an episode|seasons"):
        parse_names(text)


@pytest.mark.parametrize(
    ("show", "kind"),
    [
        (Show("a", "A"), None),
        (Show("a", "A", viewings=(Viewing(),)), None),
        (Show("a", "A", seasons=(Season(1),)), Kind.SERIES),
        (Show("a", "A", viewings=(Viewing(episodes="S01E01"),)), Kind.SERIES),
        (Show("a", "A", kind=Kind.FILM, seasons=(Season(1),)), Kind.FILM),
        (Show("a", "A", kind=Kind.SERIES), Kind.SERIES),
    ],
)
def test_B5_the_kind_is_what_the_file_says_or_what_is_there_shows(show: Show, kind: Kind | None) -> None:
    assert kind_of(show) is kind


# Episodes that are not on the list


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("S01E03", ""), ("S02E04", ""), ("S02E01500", "")),
        ("S01E04", "season 1 of The Wire has 3 episodes"),
        ("S03E01", "season 3 of The Wire is not on the list; its seasons are 1-2"),
        ("S00E01", "no specials of The Wire are on the list"),
        ("S9999E01", "season 9999 of The Wire is not on the list; its seasons are 1-2"),
        ("S02E19999", "S02E19999 is not a plausible episode of The Wire"),
    ],
)
def test_B6_what_the_show_is_not_known_to_have_is_said(name: str, said: str) -> None:
    show = series(Season(1, 3), Season(2))
    assert unlisted(show, parse_names(name)) == said  # type: ignore[arg-type]
    assert unlisted(series(Season(1), Season(2)), [Episode(3, 1)]) == "", "who logs what they see goes on like this"
    assert unlisted(series(Season(1), Season(2)), [Episode(4, 1)]).startswith("season 4 of The Wire is not on the list")
    with_specials = series(Season(0, 2), Season(1, 3))
    assert unlisted(with_specials, [Episode(0, 2)]) == ""
    assert unlisted(with_specials, [Episode(0, 3)]) == "season 0 (specials) of The Wire has 2 episodes"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        *(("S01E01", True), ("S2019E05", True), ("S00E01", True)),
        *(("S0150E01", False), ("S9999E01", False), ("S01E19999", False)),
    ],
)
def test_B6_of_a_show_without_seasons_only_absurd_numbers_are_doubted(name: str, known: bool) -> None:
    assert bool(unlisted(series(), parse_names(name))) is not known  # type: ignore[arg-type]


@given(SERIES, st.builds(Episode, st.integers(0, 12), st.integers(1, 40)))
def test_B6_what_nobody_is_sure_of_changes_nothing_and_what_somebody_is_sure_of_is_logged(
    show: Show, episode: Episode
) -> None:
    library = Watchlist(ShowTable([show]))
    doubted = unlisted(show, [episode])
    for edit in (edits.watch(["x"], Viewing(), [episode]), edits.watch(["x"], Viewing(), through=episode),
                 edits.skip(["x"], [episode]), edits.rate_episodes(["x"], [episode], 4.0)):  # fmt: skip
        if doubted:
            with pytest.raises(Refused) as refused:
                edit(library)
            assert refused.value.message == doubted
    season = next((one for one in seasons_of(show) if one.number == episode.season), None)
    if season is not None and episode.number < season.start:
        return  # a season is not made longer at its beginning
    (after,) = edits.watch(["x"], Viewing(), [episode], sure=True)(library).shows
    assert episode in set(watched(after))
    assert unlisted(after, [episode]) == "" or season is None


def test_an_episode_was_watched_on_the_latest_day_that_is_known() -> None:
    def said(*days: date | PartialDate | None) -> str:
        show = Show(
            "a", "A", seasons=(Season(1, 2, watched=(1,)),), viewings=tuple(Viewing(d, None, "S01E01") for d in days)
        )
        return show_text.about_episode(show, show.seasons[0], 1)

    assert said(date(2026, 11, 30), None).startswith("watched 30 November 2026, 2 times")
    assert said(None, PartialDate(2019, 5), PartialDate(2018)).startswith("watched May 2019, 3 times")
    assert said(None, None).startswith("watched on an unknown day, 2 times")
