"""Something for tonight: who may come out, why, how often, and that all that is said of a show is true."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import ratings, show_lists
from watchlist.domain.dates import PartialDate, last_day
from watchlist.domain.model import Kind, Role, Season, Show, Status, Viewing
from watchlist.domain.ratings import STARS, DisplayStyle, parse_rating
from watchlist.domain.text import fold, long_date
from watchlist.domain.watch_progress import progress_of
from watchlist.pick import LIKED, MIN_SCORE, PRIOR_RATINGS, WEIGHTS, Liking, learn, pick, weighed

TODAY = date(2026, 3, 31)


def show(id: str, status: Status = Status.PLANNED, **known: object) -> Show:
    return Show(**({"id": id, "title": id.title(), "status": status} | known))


BALLARD = show(
    "ballard",
    Status.WATCHING,
    kind=Kind.SERIES,
    runtime=46,
    creators=("Nobody Yet", "michael alaimo"),
    genres=("Crime", "Drama"),
    seasons=(Season(1, 10, watched=tuple(range(1, 8))),),
)
RATED = (
    show("a", Status.WATCHED, rating=5.0, creators=("Michael Alaimo",), genres=("Crime",), cast=(Role("Maggie Q"),)),
    show("b", Status.WATCHED, rating=4.2, creators=("Michael Alaimo",)),
    show("c", Status.DROPPED, rating=1.0, genres=("Drama",), creators=("Somebody Else",)),
)
ALL = 1000  # more than there are


def picked(*shows: Show, **how: object) -> dict[str, tuple[str, ...]]:
    """The reasons of all that may come out, by id."""
    known = {"today": TODAY, "count": ALL, "seed": 1} | how
    return {one.show.id: one.reasons for one in pick(shows, **known)}  # type: ignore[arg-type]


def test_reasons_are_told_the_strongest_first() -> None:
    assert picked(BALLARD, *RATED, minutes=100)["ballard"] == (
        "unfinished: 3 of 10 episodes left",
        "you rate michael alaimo 4.6",
        "fits 100 minutes: 46 min",
        "you rate crime 5 on average",
    )


def test_ratings_in_reasons_are_on_the_scale_of_the_user() -> None:
    assert "you rate michael alaimo 9.2/10" in picked(BALLARD, *RATED, style=DisplayStyle("10"))["ballard"]


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"added": TODAY - timedelta(days=200)}, "waiting 200 days"),
        ({"added": TODAY - timedelta(days=3000)}, "waiting 3,000 days"),
        ({"added": TODAY - timedelta(days=3)}, None),  # too little to be told
        ({"added": TODAY + timedelta(days=200)}, None),
        ({"status": Status.WATCHING, "added": TODAY - timedelta(days=200)}, "you are watching it"),
        ({"status": Status.PAUSED, "viewings": (Viewing(date(2025, 6, 2)),)}, "paused since 2 June 2025"),
        ({"status": Status.PAUSED, "viewings": (Viewing(TODAY),)}, None),
        ({"status": Status.PAUSED, "viewings": (Viewing(date(2027, 1, 1)),)}, "paused"),
        ({"status": Status.PAUSED}, "paused"),
        ({"kind": Kind.SERIES, "seasons": (Season(1, watched=(1,)),)}, "begun: 1 episode watched"),
        ({"kind": Kind.SERIES, "seasons": (Season(1, 9, watched=(1,)),)}, "unfinished: 8 of 9 episodes left"),
        ({"cast": (Role("maggie Q", "Ballard"),)}, "you rate shows with maggie Q 5"),
        ({"creators": ("Somebody Else",)}, None),  # less liked than others: no reason for it
        ({"creators": (" ",), "genres": ("",)}, None),
    ],
)
def test_each_reason(known: dict[str, object], reason: str | None) -> None:
    assert picked(show("it", **known), *RATED)["it"] == ((reason,) if reason else ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "comes"),
    [
        ({}, True),
        ({"status": Status.PAUSED}, True),
        ({"status": Status.WATCHING}, True),
        ({"status": Status.WATCHED}, False),
        ({"status": Status.DROPPED}, False),
        ({"runtime": 100}, True),
        ({"runtime": 101}, False),
        ({"runtime": 101, "kind": Kind.SERIES, "seasons": (Season(1, 3),)}, False),
        ({"runtime": 60, "kind": Kind.SERIES, "seasons": (Season(1, 3),)}, True),  # one episode of it
        ({"premiered": TODAY}, True),
        ({"premiered": TODAY + timedelta(days=1)}, False),  # not out yet
        ({"status": Status.WATCHING, "seasons": (Season(1, 2, watched=(1, 2)),)}, False),  # nothing left
        ({"status": Status.WATCHING, "seasons": (Season(1, 2, watched=(1, 2)), Season(2))}, True),  # another season
        ({"status": Status.WATCHING, "seasons": (Season(1, 2, watched=(1,), skipped=(2,)),)}, False),
    ],
)
def test_who_may_come_out(known: dict[str, object], comes: bool) -> None:
    assert bool(picked(show("it", **known), minutes=100)) is comes  # type: ignore[arg-type]


def test_an_unknown_length_has_less_of_a_chance_and_no_such_reason() -> None:
    known, unknown = (weighed(show("it", runtime=time), learn([]), TODAY, 100) for time in (90, None))
    assert known.score == unknown.score + WEIGHTS["fits"].points
    assert (known.reasons, unknown.reasons) == (("fits 100 minutes: 90 min",), ())


def test_likings_are_shrunk_to_the_overall_mean() -> None:
    overall = Liking(100 * 300, 100)
    assert Liking(500, 1).over(overall) == 2 / (1 + PRIOR_RATINGS)
    assert Liking(5000, 10).over(overall) == pytest.approx(2 * 10 / (10 + PRIOR_RATINGS))
    assert Liking(300, 1).over(overall) == 0
    assert Liking(100, 1).over(overall) < 0
    assert Liking(866, 2).mean == 4.33


def test_what_is_disliked_keeps_a_chance() -> None:
    bad = [show(f"b{n}", Status.WATCHED, rating=0.5, genres=("Reality",), creators=("X",)) for n in range(50)]
    good = [show(f"g{n}", Status.WATCHED, rating=5.0) for n in range(500)]
    one = show("it", genres=("Reality",), creators=("X",))
    assert weighed(one, learn([*bad, *good]), TODAY).score == MIN_SCORE


def test_chances_are_proportional_to_the_points() -> None:
    shows = [show("begun", Status.WATCHING), show("new"), show("old", added=date(2020, 1, 1))]
    scores = {one.show.id: one.score for one in pick(shows, today=TODAY, seed=0)}
    assert scores == {"begun": 2.5, "new": 1.0, "old": 2.5}
    drawn = Counter(pick(shows, today=TODAY, count=1, seed=seed)[0].show.id for seed in range(3000))
    for id, score in scores.items():
        assert drawn[id] / 3000 == pytest.approx(score / 6, abs=0.03)


def test_without_a_seed_each_draw_is_anew() -> None:
    shows = [show(f"s{n}") for n in range(50)]

    def draws(*seeds: int | None) -> int:
        return len({tuple(one.show.id for one in pick(shows, today=TODAY, count=5, seed=seed)) for seed in seeds})

    assert draws(None, None, None, None, None) > 1
    assert draws(4, 4, 4, 4, 4) == 1
    assert draws(0, 1, 2, 3, 4) > 1


def test_drawing_again_without_what_was_shown_comes_to_all_of_them() -> None:
    shows = [show(f"s{n}") for n in range(10)]
    seen: list[str] = []
    for number in (3, 3, 3, 1, 0):
        found = pick(shows, today=TODAY, seed=7, exclude=seen)
        assert len(found) == number
        seen += [one.show.id for one in found]
    assert sorted(seen) == sorted(one.id for one in shows)
    assert pick(shows, today=TODAY, count=0) == pick(shows, today=TODAY, count=-1) == ()


def test_every_weight_says_what_it_means() -> None:
    assert WEIGHTS.keys() >= LIKED.keys()
    for weight in WEIGHTS.values():
        assert weight.points > 0
        assert len(weight.meaning) > 10
        assert "\n" not in weight.meaning


def dense_lists() -> st.SearchStrategy[list[Show]]:
    """Lists whose shows have people and genres in common, and of which many may come out."""
    names = st.lists(st.sampled_from(["Ann", "ANN", "Bob", "Zoë", "{x}", "a, b"]), max_size=3).map(tuple)
    numbers = st.sets(st.integers(1, 4)).map(lambda some: tuple(sorted(some)))
    seasons = st.builds(
        lambda *known: Season(known[0], known[1], watched=known[2], skipped=known[3]),
        *(st.integers(0, 2), st.none() | st.integers(0, 4), numbers, numbers),
    )
    days = st.dates(date(2024, 1, 1), date(2026, 6, 1))
    shows = st.builds(
        lambda **known: Show(**known),
        id=st.text("abcd", min_size=1, max_size=3),
        title=st.just("T"),
        kind=st.none() | st.sampled_from(Kind),
        status=st.sampled_from([*Status, Status.PLANNED, Status.PAUSED]),
        rating=st.none() | ratings(),
        runtime=st.none() | st.integers(1, 150),
        added=st.none() | days,
        genres=names,
        creators=names,
        cast=names.map(lambda some: tuple(map(Role, some))),
        seasons=st.lists(seasons, max_size=2, unique_by=lambda season: season.number).map(tuple),
        viewings=st.lists((st.none() | days).map(Viewing), max_size=2).map(tuple),
    )
    return st.lists(shows, max_size=8, unique_by=lambda show: show.id)


LISTS = dense_lists() | show_lists()


@given(LISTS, st.integers(), st.randoms(use_true_random=False), st.integers(0, 5))
def test_a_seed_draws_the_same_in_whatever_order_the_shows_come(
    shows: list[Show], seed: int, random: object, count: int
) -> None:
    found = pick(shows, today=TODAY, seed=seed, count=count)
    mixed = list(shows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert pick(mixed, today=TODAY, seed=seed, count=count) == found
    assert pick(iter(shows), today=TODAY, seed=seed, count=count) == found


@given(LISTS, st.integers(), st.integers(1, 5), st.data())
def test_nothing_comes_twice_or_though_it_is_excluded(
    shows: list[Show], seed: int, count: int, data: st.DataObject
) -> None:
    ids = [one.id for one in shows]
    exclude = data.draw(st.sets(st.sampled_from(ids)) if ids else st.just(set()))
    found = [one.show.id for one in pick(shows, today=TODAY, seed=seed, count=count, exclude=exclude)]
    assert len(found) == len(set(found)) <= count
    assert exclude.isdisjoint(found)
    able = {one.show.id for one in pick(shows, today=TODAY, count=ALL)} - exclude
    assert len(found) == min(count, len(able))
    assert set(found) <= able


@given(LISTS, st.none() | st.integers(1, 150))
def test_every_reason_is_true(shows: list[Show], minutes: int | None) -> None:
    for one in pick(shows, today=TODAY, minutes=minutes, count=ALL, seed=3):
        assert one.show in shows
        assert one.show.status in (Status.PLANNED, Status.WATCHING, Status.PAUSED)
        assert one.score >= MIN_SCORE
        assert len(set(one.reasons)) == len(one.reasons)
        for reason in one.reasons:
            assert is_true(reason, one.show, shows, minutes), reason


def is_true(reason: str, of: Show, shows: list[Show], minutes: int | None) -> bool:
    """Worked out anew from the show and the list."""
    plain = reason.replace(",", "")
    if found := re.fullmatch(r"unfinished: (\d+) of (\d+) episodes? left", plain):
        done, total = progress_of(of).text.split("/")
        return 0 < int(found[1]) == int(total) - int(done) < int(found[2]) == int(total)
    if found := re.fullmatch(r"begun: (\d+) episodes? watched", plain):
        return 0 < int(found[1]) == progress_of(of).seen
    if reason.startswith("waiting since"):
        dated = isinstance(of.added, PartialDate) and of.added.last < TODAY
        return of.status is Status.PLANNED and dated and reason == f"waiting since {long_date(of.added)}"
    if found := re.fullmatch(r"waiting (\d+) days?", plain):
        return of.status is Status.PLANNED and of.added == TODAY - timedelta(days=int(found[1]))
    if found := re.fullmatch(r"fits (\d+) minutes: (\d+) min", reason):
        return (minutes, of.runtime) == (int(found[1]), int(found[2])) and of.runtime <= (minutes or 0)
    if reason == "you are watching it":
        return of.status is Status.WATCHING
    if reason.startswith("paused"):
        last = of.last_viewed
        said = (
            last is None or last_day(last) > TODAY
            if reason == "paused"
            else reason == f"paused since {long_date(last)}"
        )
        return of.status is Status.PAUSED and said
    return is_liked(reason, of, shows)


def is_liked(reason: str, of: Show, shows: list[Show]) -> bool:
    """Whether it says the mean of the ratings of all with a name that this show has, which is over the mean of all."""
    everyone = mean(show.rating for show in shows if show.rating is not None)
    for field, words in LIKED.items():
        for name in names(of, field):
            rated = [
                one.rating for one in shows if one.rating is not None and fold(name) in map(fold, names(one, field))
            ]
            start, end = words.format(name=name if field != "genres" else name.lower(), mean="\0").split("\0")
            number = reason.removeprefix(start).removesuffix(end)
            if rated and reason == start + number + end and re.fullmatch(r"[\d.]+", number):
                told = parse_rating(number, STARS)
                if told == pytest.approx(mean(rated), abs=0.0051) and mean(rated) > everyone:
                    return True
    return False


def names(of: Show, field: str) -> list[str]:
    return [row.actor for row in of.cast] if field == "cast" else list(getattr(of, field))
