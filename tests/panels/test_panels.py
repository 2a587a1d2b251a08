"""The details of a show: everything is there, fits, and nothing in it acts."""

from __future__ import annotations

import io
import itertools
import re
import tomllib
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from tests.profile import examples
from tests.strategies import seasons, shows
from watchlist.domain.dates import PartialDate
from watchlist.domain.episodes import Episode
from watchlist.domain.model import Season, Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_toml import from_table
from watchlist.domain.theme_colors import PALETTES, contrast
from watchlist.panels import ANSI, BALLARD, PLAIN, Styles, card, panels
from watchlist.panels.episode_grid import EpisodeGrid, episode_at
from watchlist.panels.markdown_notes import ReadOnlyMarkdown
from watchlist.panels.statistics_page import heat_lines
from watchlist.stats.page_content import Heat

ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
SGR = re.compile(r"\x1b\[[0-9;]*m")
ASCII = DisplayStyle(ascii=True)
TORTURE = (
    *("[REC]", "x [/oops]", "a [red]b", "[@click=app.quit]x[/]", ":smile:", "[link=http://x]y[/link]", "\\[b]", "[/]"),
    *("\x1b]52;c;aGk=\x07", "\x1b[31mred", "\x9b31m", "a\x00b", "\u202egnp", "\u2066x", "a\u200bb", "\x7f", "\x85"),
    *("千と千尋の神隠し", "👩\u200d👩\u200d👧 family", "e\u0301clair", "x" * 300, "word " * 60, "\U000e0041"),
)


def printed(
    show: Show, width: int = 72, *, ink: Styles = PLAIN, style: DisplayStyle = STARS, color: bool = False
) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=color, color_system="truecolor" if color else None)
    console.print(card(show, ink, style))
    return file.getvalue()


def words_of(text: str) -> set[str]:
    return {word.strip(",") for word in re.sub("[│╭╮╰╯─━]", " ", text).split()}


@pytest.fixture(scope="module")
def ballard() -> Show:
    return from_table(tomllib.loads(files("watchlist").joinpath("ballard.toml").read_text("utf-8"))["shows"][0])


@pytest.fixture(scope="module")
def rich_show() -> Show:
    table: dict[str, Any] = {
        "id": "slow-horses",
        "title": "Slow Horses",
        "year": 2022,
        "rating": 4.35,
        "runtime": 50,
        "url": "https://example.org/",
        "aka": ["Jackson Lamb"],
        "ids": {"imdb": "tt5875444"},
        "cast": [{"actor": "Gary Oldman", "role": "Jackson Lamb", "since": 2022}, {"actor": "Jack Lowden"}],
        "seasons": [
            {"number": 1, "episodes": 6, "watched": "1-6", "ratings": {"1": 4.0, "3": 4.35, "6": 1.0}},
            {"number": 2, "episodes": 6, "watched": "1", "skipped": "2", "titles": ["", "", "Drinking Games"]},
        ],
        "viewings": [
            {"date": date(2024, 1, 2), "rating": 4.5, "with": ["Ann"], "review": "Better\nthe second time."},
            {"date": datetime(2025, 3, 4, 21, 30), "episodes": "S02E01"},
            {},
        ],
        "notes": "# Heading\n\n- one\n- a [link](https://example.org/x)\n\n<script>alert(1)</script>",
        "shelf": 3,
        "lent": {"to": "Bo"},
    }
    return from_table(table)


def test_the_card_of_ballard(ballard: Show) -> None:
    lines = [line.rstrip() for line in printed(ballard, 60).splitlines()]
    assert lines[:6] == [
        " Ballard  2025 · series · Prime Video",
        " ○ planned  premiered 9 July 2025 · 10 × 46 min",
        " Crime, Drama, Mystery · English",
        " by Michael Alaimo, Kendall Sherwood",
        " based on the Renée Ballard novels by Michael Connelly",
        " related: Bosch, Bosch: Legacy",
    ]
    titles = [line.split()[1] for line in lines if line.startswith("╭")]
    assert titles == ["Rating", "Synopsis", "Cast", "Crew", "Progress", "Other"]
    assert "│ ★★★★½  4.5" + " " * 47 + "│" in lines
    assert "│ Maggie Q            Renée Ballard                        │" in lines
    assert "│ 10 episodes, 7 h 40 min left" + " " * 29 + "│" in lines
    assert "│ next: S01E01 Library of Lost Souls" + " " * 23 + "│" in lines


def test_sources_are_shown_with_day_and_credit() -> None:
    sources = {"tvmaze": date(2026, 11, 29), "mine": PartialDate(2026, 3)}
    text = printed(Show("a", "A", sources=sources), 90)
    assert "data: TVmaze (CC BY-SA 4.0), 29 November 2026 · mine, March 2026" in " ".join(text.split())


def test_an_empty_show_takes_no_room() -> None:
    show = Show("x", "X")
    assert len(panels(show, PLAIN, STARS)) == 2  # heading and rating
    assert "·····  not rated" in printed(show)


def test_a_full_show(rich_show: Show) -> None:
    text = printed(rich_show)
    for part in (
        "★★★★½  4.35   3 of 11 episodes rated · best: S01E03",
        "      1    2    3    4    5    6",
        "S1    4    · 4.35    ·    ·    1",
        "6 of 6",
        "1 of 5, 1 skipped",
        "4 episodes, 3 h 20 min left",
        "next: S02E03 Drinking Games",
        "2 January 2024  ★★★★½ 4.5  with Ann",
        "4 March 2025 21:30  S02E01",
        "Better the second time.",
        "link (https://example.org/x)",
        "<script>alert(1)</script>",
        "also known as Jackson Lamb",
        "imdb tt5875444",
        'lent           {"to": "Bo"}',
        "cast[0].since  2022",
    ):
        assert part in text
    assert text.index("4 March 2025") < text.index("2 January 2024") < text.index("undated")


def test_ratings_on_another_scale(rich_show: Show) -> None:
    text = printed(rich_show, style=DisplayStyle(scale="100"))
    assert "★★★★½  87/100" in text
    assert "S1 80  · 87  ·  · 20" in text


def test_problems_are_shown_with_the_value_in_the_file() -> None:
    text = printed(from_table({"id": "x", "title": "X", "rating": 11, "seasons": [{"number": 1, "watched": "9-1"}]}))
    assert "! rating = 11" in text
    assert "11 is not within 5 stars" in text
    assert "! seasons[0].watched" in text


def test_long_text_is_cut_only_where_asked_and_says_so() -> None:
    show = Show("x", "X", notes="long " * 1000)
    file = io.StringIO()
    Console(file=file, width=72).print(card(show, PLAIN, STARS, limit=50))
    assert "(4,950 more characters)" in file.getvalue()
    assert printed(show).count("long") == 1000


@pytest.mark.parametrize("width", [12, 30, 80])
@pytest.mark.parametrize(
    "text",
    ["Été à la “mer” – 10 of 10! (twice; with Anna)", "a  long   " + "word " * 40, "x" * 200, "So 5.5? It's fine..."],
)
def test_notes_without_markdown_are_drawn_as_markdown_would(text: str, width: int) -> None:
    panel = panels(Show("x", "X", notes=text), PLAIN, STARS)[-1]
    assert isinstance(panel, Panel)
    assert isinstance(panel.renderable, Text)
    console = Console(width=width, color_system=None)
    drawn, markdown = (console.render_lines(part) for part in (panel.renderable, ReadOnlyMarkdown(text, PLAIN)))
    assert ["".join(cell.text for cell in line) for line in drawn] == [
        "".join(cell.text for cell in line) for line in markdown
    ]


@pytest.mark.parametrize("width", range(28, 121))
def test_no_word_is_broken_at_any_width(ballard: Show, rich_show: Show, width: int) -> None:
    for show in (ballard, rich_show):
        text = printed(show, width)
        assert {cell_len(line) for line in text.splitlines()} <= {width}
        found = words_of(text)
        people = [*show.creators, *(f"{row.actor} {row.role}" for row in show.cast)]
        for source in (show.synopsis, show.based_on, *show.genres, *people, *(f"{c.name} {c.job}" for c in show.crew)):
            assert words_of(source) <= found


def test_two_columns_become_one_where_words_would_break() -> None:
    show = from_table(
        {"id": "x", "title": "X", "cast": [{"actor": "Hubert Blaine Wolfeschlegelstein", "role": "Schoolmaster"}]}
    )
    assert [line.strip("│ ") for line in printed(show, 30).splitlines()[-4:-1]] == [
        "Hubert Blaine",
        "Wolfeschlegelstein",
        "Schoolmaster",
    ]
    assert "│ Hubert Blaine       Schoolmaster │" in printed(show, 36)


def test_character_references_spell_nothing_that_acts() -> None:
    show = from_table({"id": "x", "title": "X", "notes": "a&#x202e;b [c&#x2066;](http://x/&#x202e;) `&#27;` &lt;b&gt;"})
    text = printed(show)
    assert not ACTING.search(text)
    assert "a\ufffdb" in text
    assert "&#27; <b>" in text


@pytest.mark.parametrize("width", range(1, 28))
def test_any_width_can_be_drawn(ballard: Show, rich_show: Show, width: int) -> None:
    for show in (ballard, rich_show):
        printed(show, width)
        printed(show, width, style=ASCII)


def test_ascii_draws_nothing_else(rich_show: Show) -> None:
    assert printed(rich_show, style=ASCII).isascii()


@pytest.mark.parametrize("text", TORTURE)
@pytest.mark.parametrize("key", ["title", "synopsis", "notes", "platform", "tags", "cast", "viewings", "own"])
def test_user_text_is_shown_as_it_is_and_does_not_act(text: str, key: str) -> None:
    value = {
        "tags": [text],
        "cast": [{"actor": text, "role": text}],
        "viewings": [{"review": text, "with": [text], text: text}],
    }.get(key, text)
    output = printed(from_table({"id": "x", "title": "X", key: value}), 340, ink=BALLARD, color=True)
    bare = SGR.sub("", output)
    assert "\x1b" not in bare
    assert not ACTING.search(bare)
    if text.isprintable() and not (key == "notes" and text.startswith("\\")):
        assert " ".join(text.split()) in " ".join(bare.split())


@settings(max_examples=examples(60), deadline=None)
@given(shows(wild=True), st.integers(1, 120), st.booleans())
def test_any_show_is_drawn_within_its_width(show: Show, width: int, ascii: bool) -> None:
    for line in printed(show, width, style=DisplayStyle(ascii=ascii)).splitlines():
        assert not ACTING.search(line)
        assert cell_len(line) <= width or width < 8


MARKDOWN = st.lists(
    st.sampled_from(
        (
            *(
                "# ",
                "- ",
                "1. ",
                "> ",
                ">>>> ",
                "```\n",
                "`",
                "**",
                "*",
                "_",
                "~~",
                "[a](b)",
                "![a](b)",
                "[![a](b)](c)",
            ),
            *("<kbd>", "</kbd>", "<b>", "&#27;", "&#x9b;", "| a | b |\n|--|--|\n| c | d |\n", "---\n", "\n", "\n\n"),
            *("    ", "[", "](", ")", "<http://x>", "<!-- ", "\\", "word ", "a ", "\t", "\x1b", "[^1]", "999999999. "),
        )
    ),
    max_size=25,
).map("".join)


@settings(max_examples=examples(150), deadline=None)
def cells_of(grid: EpisodeGrid, width: int) -> list[list[Episode]]:
    """The episodes as they are drawn, line by line."""
    options = Console(width=width, color_system=None).options
    lines = Console(width=width).render_lines(grid, options, pad=False)
    drawn = ([episode_at(part.style) for part in line] for line in lines)
    return [list(dict.fromkeys(episode for episode in line if episode)) for line in drawn]


GRIDS = st.lists(seasons(), max_size=4, unique_by=lambda season: season.number)


@given(GRIDS, st.integers(40, 140), st.booleans())
def test_every_episode_has_one_cell_and_a_walk_comes_by_all_of_them(
    found: list[Season], width: int, ascii: bool
) -> None:
    grid = EpisodeGrid(Show("a", "A", seasons=tuple(found)), DisplayStyle(ascii=ascii))
    lines = cells_of(grid, width)
    cells = [episode for line in lines for episode in line]
    ordered = sorted(found, key=lambda season: (season.number == 0, season.number))
    assert cells == [Episode(season.number, n) for season in ordered for n in grid.numbers.get(season.number, ())]
    assert grid.start in cells if cells else grid.start is None
    for one, other in itertools.pairwise(cells):
        assert (grid.beside(one, 1), grid.beside(other, -1)) == (other, one)
    assert not cells or (grid.beside(cells[0], -1), grid.beside(cells[-1], 1)) == (None, None)
    for above, below in itertools.pairwise(lines):
        for column, episode in enumerate(above):
            assert grid.below(episode, 1, width) == below[min(column, len(below) - 1)]
        assert grid.below(below[0], -1, width) == above[0]


@given(GRIDS, st.data())
def test_the_cell_under_the_cursor_is_told_without_colours_and_what_is_said_of_it_stands_below(
    found: list[Season], data: st.DataObject
) -> None:
    show = Show("a", "A", seasons=tuple(found))
    cells = [episode for line in cells_of(EpisodeGrid(show, STARS), 100) for episode in line]
    if not cells:
        return
    at = data.draw(st.sampled_from(cells))
    console = Console(width=104)
    lines = console.render_lines(card(show, PLAIN, STARS, cursor=at), console.options)
    here = [y for y, line in enumerate(lines) for part in line if part.style and part.style.reverse]
    assert {episode_at(part.style) for line in lines for part in line if part.style and part.style.reverse} == {at}
    assert str(at) in "".join(part.text for part in lines[here[0] + 1])


@given(MARKDOWN, st.integers(4, 60))
def test_any_notes_are_drawn(text: str, width: int) -> None:
    show = from_table({"id": "x", "title": "X", "notes": "n " + text})
    output = SGR.sub("", printed(show, width, ink=ANSI, color=True))
    assert not ACTING.search(output)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize("ground", ["background", "surface", "panel"])
@pytest.mark.parametrize("role", ["foreground", "dim", "primary", "accent", "success", "warning", "error"])
def test_text_can_be_read_on_every_ground(palette: Any, ground: str, role: str) -> None:
    assert contrast(getattr(palette, role), getattr(palette, ground)) >= 4.5


def test_contrast_is_that_of_the_web() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("episodes", [9, 99, 100, 150, 999, 1000, 1200])
@pytest.mark.parametrize("width", [24, 40, 72, 120])
@pytest.mark.parametrize("first", [None, 62, 995])
def test_C4_the_episodes_of_all_lines_stand_below_each_other(episodes: int, width: int, first: int | None) -> None:
    shown = (Season(1, episodes, first=first), Season(2, 7), Season(0, 3))
    grid = EpisodeGrid(Show("a", "A", seasons=shown), ASCII)
    lines = Console(width=width).render_lines(grid, Console(width=width).options, pad=False)
    texts = ["".join(part.text for part in line) for line in lines]
    starts = {re.match(r" *\S+ +", text).end() for text in texts}  # type: ignore[union-attr]
    assert len(starts) == 1, "the first episode of each line is in the same column"
    assert max(map(len, texts)) <= width
    for line, text in zip(lines, texts, strict=True):
        at = 0
        for part in line:
            if (episode := episode_at(part.style)) is not None and part.text.strip():
                assert (at - min(starts)) % grid.cell == 0
                column = (at - min(starts)) // grid.cell
                label = text.split()[0]
                begin = grid.numbers[episode.season].start if label.startswith("S") else int(label)
                assert episode.number == begin + column
            at += len(part.text)
    assert sum(text.count("-") for text in texts) == episodes + 7 + 3


def test_C4_a_card_of_a_long_season_keeps_its_frame() -> None:
    show = Show("a", "A", seasons=(Season(1, 1200, watched=tuple(range(1, 131)), ratings={1100: 4.5, 3: 4.35}),))
    for width in (40, 72):
        assert {cell_len(line) for line in printed(show, width).splitlines()} == {width}


@pytest.mark.parametrize("year", range(2018, 2028))
@pytest.mark.parametrize("width", [1, 5, 9, 20, 32, 38, 45, 60, 80])
def test_each_block_of_the_calendar_begins_with_the_name_of_its_month(year: int, width: int) -> None:
    heat = Heat.of(date(year, 1, 1), date(year, 12, 31), {})
    drawn = [line.plain for line in heat_lines(heat, PLAIN, STARS, width)]
    headings, tuesdays = drawn[:-1:8], drawn[2::8]
    label = 3 if width > 22 else 0
    assert max(map(len, drawn[:-1])) <= width
    assert sum(len(line) - label for line in tuesdays) == len(list(heat.weeks()))
    if width >= 9:
        assert re.findall("[A-Z][a-z]{2}", "".join(headings)) == [
            date(year, month, 1).strftime("%b") for month in range(1, 13)
        ]
        assert all(heading[label].isupper() for heading in headings), headings
