"""The services of the config: what is read, what runs when, what an hour cost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.domain.model import Show, Viewing
from watchlist.domain.ratings import STARS
from watchlist.domain.services import Service, key_of, read_services, running
from watchlist.domain.show_table import ShowTable
from watchlist.errors import UsageError
from watchlist.pick import pick
from watchlist.query import parse
from watchlist.stats.page_content import page
from watchlist.stats.statistics import statistics

TODAY = date(2026, 11, 22)
NAMES = ("Netflix", "MUBI", "Arte", "Señal", "")
SERVICES = read_services(
    {"netflix": 10, "Mubi": {"price": 8.5, "until": date(2026, 11, 30)}, "Old": {"until": date(2026, 1, 9)}}
)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"A": "x"}, "A: expected a price per month"),
        ({"A": True}, "A: expected a price per month"),
        ({"A": -1}, "A: expected a price per month"),
        ({"A": float("nan")}, "A: expected a price per month"),
        ({"A": {"prize": 3}}, 'unknown setting "prize"; did you mean "price"?'),
        ({"[/b] \x1b": {"until": "soon"}}, "[/b] ␛: until must be a day"),
        ({"A": {"until": 3}}, "A: until must be a day"),
    ],
)
def test_what_can_not_be_read_says_which_and_what_belongs_there(raw: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        read_services(raw)


def test_a_service_costs_the_months_begun_since_january() -> None:
    assert Service("A", 10.0).paid(TODAY) == 110.0
    assert Service("A", 10.0, date(2026, 3, 1)).paid(TODAY) == 30.0
    assert Service("A", 10.0, date(2025, 3, 1)).paid(TODAY) == 0.0
    assert Service("A").paid(TODAY) is None
    assert running(SERVICES, date(2026, 11, 30)) == {"netflix", "mubi"}
    assert running(SERVICES, date(2026, 12, 1)) == {"netflix"}
    assert running({}, TODAY) is None


@given(
    st.lists(st.sampled_from(NAMES)),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([None, date(2026, 1, 1), TODAY])),
)
def test_available_is_what_runs_today(platforms: list[str], until: dict[str, date | None]) -> None:
    services = {name: Service(name, until=day) for name, day in until.items()}
    shows = ShowTable([Show(str(at), "t", platform=platform) for at, platform in enumerate(platforms)])
    if not services:
        with pytest.raises(UsageError, match="needs your services") as found:
            parse("is:available")
        assert "[services]" in found.value.hint
        return
    wanted = [
        show
        for show in shows
        if any(key_of(s.name) == key_of(show.platform) and s.runs(TODAY) for s in services.values())
    ]
    for word, shown in (("", wanted), ("-", [show for show in shows if show not in wanted])):
        query = parse(f"{word}is:available", today=TODAY, services=running(services, TODAY))
        assert [shows[row] for row in query.rows(shows, range(len(shows)))] == shown


def test_where_something_runs_is_a_reason_and_that_it_ends_a_stronger_one() -> None:
    shows = [Show("a", "A", platform="NETFLIX"), Show("b", "B", platform="mubi"), Show("c", "C", platform="Old")]
    picks = {one.show.id: one for one in pick(shows, today=TODAY, services=SERVICES, seed=1)}
    assert picks["a"].reasons == ("on netflix",)
    assert picks["b"].reasons == ("Mubi ends in 8 days", "on Mubi")
    assert picks["c"].reasons == ()
    assert picks["b"].score > picks["a"].score > picks["c"].score
    (last,) = pick(shows[1:2], today=date(2026, 11, 30), services=SERVICES, seed=1)
    assert "Mubi ends today" in last.reasons


def test_an_hour_costs_what_was_paid_over_what_was_watched_this_year() -> None:
    viewings = (Viewing(date(2026, 2, 1)), Viewing(date(2026, 3, 1)), Viewing(date(2025, 3, 1)), Viewing(None))
    shows = ShowTable(
        [Show("a", "A", platform="Nétflix", runtime=90, viewings=viewings), Show("b", "B", platform="Mubi")]
    )
    found = statistics(shows, today=TODAY, services=SERVICES)
    netflix, mubi, old = found.services
    assert (netflix.viewings, netflix.minutes, netflix.paid) == (2, 180, 110.0)
    assert round(netflix.an_hour or 0, 2) == 36.67
    assert (mubi.minutes, mubi.paid, mubi.an_hour, old.paid) == (0, 93.5, None, None)
    assert [show.id for show in map(shows.__getitem__, parse(netflix.query).rows(shows))] == ["a"]
    (section,) = [one for one in page(found, STARS).sections if one.title == "Services this year"]
    assert [(line.label, line.text, line.detail, line.query is None) for line in section.lines] == [
        ("netflix", "3.0 h", "36.67 an hour", False),
        ("Mubi", "0.0 h", "93.50 paid", True),
        ("Old", "0.0 h", "", True),
    ]
    assert not statistics(shows, today=TODAY, year=2025, services=SERVICES).services
    assert "Services this year" not in [one.title for one in page(statistics(shows, today=TODAY), STARS).sections]
