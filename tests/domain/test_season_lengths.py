"""The lengths of seasons as one text, and what a new text does to the seasons of a show."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from tests.strategies import seasons, shows, wild_texts
from watchlist.domain import edits
from watchlist.domain.change_messages import describe
from watchlist.domain.edits import Assignment, Delta
from watchlist.domain.fields import FIELDS, SEASONS
from watchlist.domain.frozen import replace, same
from watchlist.domain.model import Kind, Problem, Season, Show, Viewing
from watchlist.domain.season_edits import check_typed, with_lengths
from watchlist.domain.season_lengths import (
    MAX_REPEATED,
    MAX_SEASON,
    SeasonLengths,
    format_season_lengths,
    lengths_of,
    parse_season_lengths,
)
from watchlist.domain.text import MAX_EPISODES
from watchlist.errors import Refused, WatchlistError, WrongValue

Lengths = dict[int, int | None]
TODAY = date(2026, 11, 30)
WIRE = Show(
    "wire",
    "The Wire",
    kind=Kind.SERIES,
    seasons=(
        Season(0, 2, ("Making of",)),
        Season(1, 13, ("The Target", "The Detail"), (1, 2), (3,), {4: 4.5}, aired=(date(2002, 6, 2),)),
        Season(2, 12, first=14, other={"disc": 3}),
        Season(3),
    ),
)


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        *(("10", {1: 10}), ("10, 8, 8", {1: 10, 2: 8, 3: 8}), ("10 8 8", {1: 10, 2: 8, 3: 8})),
        *(("10;8", {1: 10, 2: 8}), ("10+8+8", {1: 10, 2: 8, 3: 8}), ("10 + 8", {1: 10, 2: 8}), ("10/8", {1: 10, 2: 8})),
        *(("10 and 8", {1: 10, 2: 8}), ("10, 8 & 8", {1: 10, 2: 8, 3: 8}), ("10,\n8\n", {1: 10, 2: 8})),
        *(("S1 10, S2 8, S0 2", {1: 10, 2: 8, 0: 2}), ("s01 10 s02 8", {1: 10, 2: 8}), ("S1: 10", {1: 10})),
        *(("S1=10,S2=8", {1: 10, 2: 8}), ("s 1 : 10", {1: 10}), ("S.1 10", {1: 10}), ("1: 10, 2: 8", {1: 10, 2: 8})),
        *(("season 1: 10 episodes; season 2: 8 episodes", {1: 10, 2: 8}), ("Season 2 8 eps.", {2: 8})),
        *(("10 episodes", {1: 10}), ("1 episode", {1: 1}), ("S1 (10), S2 (8)", {1: 10, 2: 8}), ("S1(10)", {1: 10})),
        *(("specials 2", {0: 2}), ("10, special: 1", {1: 10, 0: 1}), ("S0 2, 10, 8", {0: 2, 1: 10, 2: 8})),
        *(("3x10", {1: 10, 2: 10, 3: 10}), ("2 × 8, 10", {1: 8, 2: 8, 3: 10}), ("2*?", {1: None, 2: None})),
        *(("S1-S3 10", {1: 10, 2: 10, 3: 10}), ("s1-3: 10, 8", {1: 10, 2: 10, 3: 10, 4: 8})),
        *(
            ("seasons 2–3 10", {2: 10, 3: 10}),
            ("S2 2x8", {2: 8, 3: 8}),
            ("S1 10, 8, S5 6, 7", {1: 10, 2: 8, 5: 6, 6: 7}),
        ),
        *(("S2 ?", {2: None}), ("?", {1: None}), ("10, unknown, 8", {1: 10, 2: None, 3: 8}), ("S1 UNKNOWN", {1: None})),
        *(("010", {1: 10}), (f"{MAX_EPISODES}", {1: MAX_EPISODES}), ("S2019 100", {2019: 100})),
        *(("10, 100", {1: 10, 2: 100}), ("10 ,100", {1: 10, 2: 100}), ("10,8,8", {1: 10, 2: 8, 3: 8})),
        *(
            ("1000,100", {1: 1000, 2: 100}),
            ("10,1000", {1: 10, 2: 1000}),
            ("10,100x1", {1: 10} | dict.fromkeys(range(2, 102), 1)),
        ),
        *(("10,100:5", {1: 10, 100: 5}), ("S1 10,S2 100", {1: 10, 2: 100})),
        *(("", {}), ("; ;", {}), (f"S{MAX_SEASON} 1", {MAX_SEASON: 1})),
    ],
)
def test_B5_lengths_are_understood_as_people_write_them(text: str, lengths: Lengths) -> None:
    typed = parse_season_lengths(text)
    assert [(season.number, season.episodes) for season in typed] == list(lengths.items())
    assert SEASONS.parse(text) == typed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ten", '"ten" is not a number of episodes; e.g. 10, 8, 8 or S1 10, S2 8, S0 2'),
        *((f"10, {wrong}", f'"{wrong}" is not a number of episodes') for wrong in ("-1", "10.5", "x", "8?", "S2", "8e")),
        *(("S1-10", '"S1-10" is not a number'), ("S1E10", '"S1E10" is not'), ("S01E01-E03", '"S01E01-E03" is not')),
        *(("S1", '"S1" is not'), ("S", '"S" is not'), ("x10", '"x10" is not'), ("3x", '"3x" is not')),
        ("S110 S2", '"S110" is not a number'),
        *(("20001", "a season has 20,000 at most"), ("999999999", "999,999,999 is not a number of episodes")),
        *(("9" * 50, f'"{"9" * 20}" is not a number of episodes'), ("S" + "9" * 5000 + " 1", "is not a number")),
        *(("S10001 1", "the highest number of a season is 10,000"), ("S10000 1, 1", "the highest number of a season")),
        *(("0x10", '"0x10" is not a number of seasons'), (f"{MAX_REPEATED + 1}x1", "is not a number of seasons")),
        *(("S3-S1 10", "is not a number of seasons"), ("S1-S101 1", "is not a number of seasons")),
        *(("S1-S3 2x10", "is not a number of seasons"), ("999999999x1", "is not a number of seasons")),
        *(("S1 10, S1 8", "season 1 is listed twice"), ("10, S1 8", "season 1 is listed twice")),
        ("S2 1, S1-S3 1", "season 2 is listed twice"),
        *((zero, "a season has at least 1 episode; ? if unknown") for zero in ("0", "10, 0", "S2 00", "S1-S3 0", "S0 0")),
        *(("10,000", 'clear: write 10000 or 10, 000'), ("S1 1,200", '"1,200" is not clear: write 1200 or 1, 200')),
        *(("10,100,", '"10,100" is not'), ("1,000 episodes", '"1,000" is'), ("8,10,100", '"10,100" is not clear')),
        *((",".join(["1", *["000"] * 5000]), "is not clear"), ("1,000,000", "write 1000000 or 1, 000, 000"),
        *((text, "missing beside a comma") for text in (",", " ,", "10, , 8", ", 8", "10,,8"))),
        *(("١٠", "is not a number of episodes"), ("10\u200b", "is not a number"), ("\x1b[31m", '"␛[31m" is not')),
    ],
)  # fmt: skip
def test_B5_what_is_no_length_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - looked at below
        parse_season_lengths(text)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 120


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(seasons(), max_size=6))
def test_what_is_shown_changes_nothing_when_it_is_typed_anew(rows: list[Season]) -> None:
    show = Show("a", "A", seasons=tuple(rows))
    text = format_season_lengths(rows)
    if 0 in lengths_of(rows).values():  # can be in a file, but is not typed
        with pytest.raises(ValueError, match="at least 1 episode"):
            parse_season_lengths(text)
        return
    typed = parse_season_lengths(text)
    assert {season.number: season.episodes for season in typed} == lengths_of(rows)
    assert same(with_lengths(show, typed), show) if typed else not rows
    assert format_season_lengths(typed) == text


@settings(max_examples=examples(300), deadline=None)
@given(shows(), st.dictionaries(st.integers(0, 12), st.none() | st.integers(0, 30), min_size=1, max_size=5))
def test_new_lengths_change_nothing_but_lengths_or_are_refused(show: Show, lengths: Lengths) -> None:
    typed = SeasonLengths(Season(number, length) for number, length in lengths.items())
    if not fits(show, lengths):
        with pytest.raises(Refused, match="can't"):
            with_lengths(show, typed)
        return
    after = with_lengths(show, typed)
    assert lengths_of(after.seasons) == lengths
    assert same(replace(after, seasons=()), replace(show, seasons=()))
    for season in show.seasons:
        if season.number in lengths:
            assert any(same(row._replace(episodes=None), season._replace(episodes=None)) for row in after.seasons)
        else:
            assert not any((season.watched, season.skipped, season.ratings, season.other))
    assert same(with_lengths(after, typed), after)


def fits(show: Show, lengths: Lengths) -> bool:
    """True if every episode with data, and every own key, is in a season that `lengths` names and that is long enough."""
    last = {"": 0, "S01E01": 1, "S01E01-E03": 3}  # of the viewings that are generated
    viewed = [(1, number) for row in show.viewings for number in range(1, last[row.episodes] + 1)]
    known = [*viewed, *((s.number, n) for s in show.seasons for n in (*s.watched, *s.skipped, *s.ratings))]
    starts: dict[int, int] = {}
    for season in show.seasons:
        if season.first and season.number not in starts:
            starts[season.number] = season.first
    before = lengths_of(show.seasons)
    for number, episode in known:
        if number not in lengths:
            if number in before:
                return False
            continue
        length = lengths[number]
        if length is not None and length != before.get(number, -1) and episode >= starts.get(number, 1) + length:
            return False
    return all(season.number in lengths for season in show.seasons if season.other)


@given(wild_texts() | st.text(st.sampled_from("sS01 9x*×:=-–,;+/&?()episodunkw\n\x00"), max_size=30))
def test_any_text_is_lengths_or_a_value_error(text: str) -> None:
    try:
        typed = parse_season_lengths(text)
    except ValueError:
        return
    assert all(0 <= season.number <= MAX_SEASON for season in typed)
    assert all(season.episodes is None or 1 <= season.episodes <= MAX_EPISODES for season in typed)
    assert len({season.number for season in typed}) == len(typed)


@pytest.mark.parametrize(
    "part", ["1 ", "s1 1 ", "s", "seasons ", "(((x", "? ? ", "1x", "andx ", "s1-", "9" * 10, "1 episode"]
)
def test_a_huge_text_takes_no_time(part: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - any message, if it is short
        parse_season_lengths(part * 20_000 + "x")
    assert len(str(caught.value)) < 120


def test_titles_viewings_ratings_and_own_keys_stay() -> None:
    after = with_lengths(WIRE, parse_season_lengths("14, 12, 12, 13, 10"))
    was = WIRE.seasons
    assert after.seasons == (
        *(was[0], was[1]._replace(episodes=14), was[2], Season(3, 12), Season(4, 13), Season(5, 10)),
    )
    assert after.seasons[0] is was[0], "specials stay if no season is named"


def test_a_season_that_is_left_out_goes_if_nothing_of_it_was_watched() -> None:
    assert [s.number for s in with_lengths(WIRE, parse_season_lengths("S1 13, S2 12")).seasons] == [1, 2]
    assert [s.number for s in with_lengths(WIRE, parse_season_lengths("13, 12")).seasons] == [0, 1, 2]
    with pytest.raises(Refused, match=r"season 2 of The Wire can't be left out: it has keys of your own") as refused:
        with_lengths(WIRE, parse_season_lengths("13"))
    assert refused.value.hint == "keep it in the text: 13, 12"
    with pytest.raises(Refused, match=r"season 1 of The Wire can't be left out: you watched S01E01-E02"):
        with_lengths(WIRE, parse_season_lengths("S2 12, S3 ?"))
    viewed = replace(WIRE, viewings=(Viewing(TODAY, episodes="S03E05"),))
    with pytest.raises(Refused, match="season 3 of The Wire can't be left out: you watched S03E05"):
        with_lengths(viewed, parse_season_lengths("13, 12"))


def test_a_season_does_not_become_shorter_than_what_was_watched() -> None:
    assert with_lengths(WIRE, parse_season_lengths("4, 12, ?")).seasons[1].episodes == 4
    assert with_lengths(WIRE, parse_season_lengths("?, 12, ?")).seasons[1].episodes is None
    with pytest.raises(Refused, match=r"season 1 of The Wire can't have 3 episodes: you rated S01E04") as refused:
        with_lengths(WIRE, parse_season_lengths("3, 12, ?"))
    assert refused.value.hint == "enter at least 4"
    viewed = Show("a", "A", viewings=(Viewing(TODAY, episodes="S01E05"),))
    assert with_lengths(viewed, parse_season_lengths("5")).seasons == (Season(1, 5),)
    with pytest.raises(Refused, match=r"season 1 of A can't have 4 episodes: you watched S01E05"):
        with_lengths(viewed, parse_season_lengths("4"))
    later = replace(WIRE, seasons=(Season(2, 12, first=14, watched=(14, 25)),))
    assert with_lengths(later, parse_season_lengths("S2 13")).seasons[0].episodes == 13
    with pytest.raises(Refused, match=r"can't have 11 episodes: you watched S02E25"):
        with_lengths(later, parse_season_lengths("S2 11"))
    beyond = replace(WIRE, seasons=(Season(1, 3, watched=(1, 5)),))
    assert with_lengths(beyond, parse_season_lengths("4")).seasons[0].episodes == 4, "longer than it was"
    assert with_lengths(beyond, parse_season_lengths("3, 8")).seasons[0].episodes == 3, "as long as it was"


def test_seasons_are_put_in_order() -> None:
    show = Show("a", "A", seasons=(Season(1, 10), Season(4, 6)))
    after = with_lengths(show, parse_season_lengths("S4 6, S3 5, S1 10, S0 2"))
    assert [season.number for season in after.seasons] == [0, 1, 3, 4]


def test_two_rows_of_one_season_are_one_length() -> None:
    show = Show("a", "A", seasons=(Season(1, 10, watched=(1,)), Season(1, 12, ("x",))))
    assert format_season_lengths(show.seasons) == "12"
    assert with_lengths(show, parse_season_lengths("12")) is not None
    assert same(with_lengths(show, parse_season_lengths("12")), show)
    after = with_lengths(show, parse_season_lengths("11"))
    assert after.seasons == (Season(1, 11, watched=(1,)), Season(1, None, ("x",)))


def test_what_is_wrong_in_the_file_is_not_replaced_by_lengths() -> None:
    wrong = replace(WIRE, seasons=(), problems=(Problem("seasons[0].watched", "expected ...", 3),))
    with pytest.raises(WrongValue) as refused:
        Assignment.parse("seasons=10").apply(wrong)
    assert "watchlist edit wire" in refused.value.hint
    assert Assignment.parse('seasons=[{"number": 1}]').apply(wrong).seasons == (Season(1),)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("seasons+=8", {0: 2, 1: 13, 2: 12, 3: None, 4: 8}),
        ("seasons+=8, 6", {0: 2, 1: 13, 2: 12, 3: None, 4: 8, 5: 6}),
        ("seasons+=S7 8", {0: 2, 1: 13, 2: 12, 3: None, 7: 8}),
        ("seasons-=S3 ?", {0: 2, 1: 13, 2: 12}),
        ("seasons-=S2 12", {0: 2, 1: 13, 2: 12, 3: None}),  # it has more than a length
        ("seasons=", {}),
        ('seasons=[{"number": 1, "episodes": 3}]', {1: 3}),
    ],
)
def test_an_assignment_adds_and_removes(typed: str, numbers: Lengths) -> None:
    step = Assignment.parse(typed)
    assert isinstance(step, Assignment)
    after = step.apply(WIRE)
    assert type(after.seasons) is tuple
    assert {season.number: season.episodes for season in after.seasons} == numbers


def test_a_blank_clears_nothing() -> None:
    with pytest.raises(WatchlistError, match="a blank is not a number of episodes"):
        Assignment.parse("seasons= ")


def test_a_season_is_not_added_twice() -> None:
    with pytest.raises(Refused, match="season 3 is on the list already"):
        Assignment.parse("seasons+=S3 8").apply(WIRE)
    far = replace(WIRE, seasons=(Season(MAX_SEASON, 1),))
    with pytest.raises(Refused, match="the highest number of a season"):
        Assignment.parse("seasons+=8").apply(far)


def test_a_new_show_has_plain_rows() -> None:
    new = edits.new_show("Bear", {"seasons": SEASONS.parse("8, S0 1")}, today=TODAY)
    assert type(new.seasons) is tuple
    assert new.seasons == (Season(1, 8), Season(0, 1))


def test_a_form_is_checked_while_it_is_typed() -> None:
    check_typed(WIRE, SEASONS.parse("13, 12, 6"))
    check_typed(WIRE, SEASONS.parse('[{"number": 1}]'))
    check_typed(replace(WIRE, seasons=(Season(1, 3),)), ())
    for text in ("13", "3, 12, ?", ""):
        with pytest.raises(Refused):
            check_typed(WIRE, SEASONS.parse(text))


def test_the_text_is_for_people_and_json_for_programs() -> None:
    field = FIELDS["seasons"]
    assert field.brief(WIRE) == "S1 13, S2 12, S3 ?, S0 2"
    assert field.brief(replace(WIRE, seasons=WIRE.seasons[1:])) == "13, 12, ?"
    assert field.show_as(replace(WIRE, seasons=(Season(1, 13),))) == '[{"number": 1, "episodes": 13}]'
    assert field.brief(Show("a", "A")) == ""


def test_the_label_of_a_change_has_the_lengths() -> None:
    after = with_lengths(WIRE, parse_season_lengths("13, 12, 12"))
    was, now = "S1 13, S2 12, S3 ?, S0 2", "S1 13, S2 12, S3 12, S0 2"
    assert describe((Delta(WIRE, after),)) == f"Set seasons of The Wire to {now}, was {was}"
    titled = replace(WIRE, seasons=(WIRE.seasons[0]._replace(titles=()), *WIRE.seasons[1:]))
    assert describe((Delta(WIRE, titled),)) == "Changed seasons of The Wire"
