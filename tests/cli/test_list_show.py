"""Verbs that look: what they print, the same on a terminal and in a pipe, and never raw."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import SHOWS, Call
from watchlist import manual
from watchlist.command_table import VERBS
from watchlist.domain.fields import FIELDS


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def test_a_table_lines_up_marks_what_is_wrong_and_shows_controls(call: Call) -> None:
    ran = call("list")
    assert ran.out.splitlines() == [
        "   Title              Year  Status    Rating      Platform",
        "   [REC] ␛]0;x␇ 三体        planned   ·····",
        "!  Amélie             2001  planned   ·····",
        "   Heat               1995  watched   ★★★★½ 4.5   Netflix",
        "   Slow Horses        2022  watching  ★★★★½ 4.35  Apple TV+",
    ]
    assert (ran.code, ran.err) == (0, "")


def test_the_config_has_its_say_in_columns_order_and_scale(call: Call, config: Path) -> None:
    config.write_text('columns = ["title", "rating"]\nsort = "rating-"\nscale = "10"\nascii = true\n')
    assert call("list", "rating:any").out.splitlines() == [
        "Title        Rating",
        "Heat         ****+ 9/10",
        "Slow Horses  ****+ 8.7/10",
    ]


def test_columns_order_and_limit(call: Call) -> None:
    assert call("list", "--columns", "title,runtime,mood", "--sort", "year-", "--limit", "3").out.splitlines() == [
        "   Title        Runtime  mood",
        "   Slow Horses",
        "!  Amélie",
        "   Heat             170  blue",
    ]
    assert call("list", "sort:year", "--plain", "--columns", "id").out.split() == [
        "heat",
        "amelie",
        "slow-horses",
        "rec",
    ]
    assert call("list", "sort:year", "--sort", "year-", "--plain", "--columns", "id").out.split()[0] == "slow-horses"


def test_plain_is_tabs_without_a_head_and_a_line_a_show_whatever_it_holds(call: Call) -> None:
    ran = call("list", "--plain", "--columns", "id,notes,rating")
    assert ran.out == "rec\ttwo␊lines\t\namelie\t\t\nheat\t\t4.5\nslow-horses\t\t4.35\n"


def test_a_template_fills_in_and_leaves_out(call: Call) -> None:
    assert call("list", "heat", "-f", "{title} {rating} {{x}} {mood}\\t.").out == "Heat 4.5 {x} blue\t.\n"
    assert call("list", "heat", "-f", "[{title:>6}] {language}").out == "[  Heat] \n"
    assert call("list", "rec", "-f", "{title}\x1b").out == "[REC] ␛]0;x␇ 三体␛\n"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{ratng}", 'did you mean "rating"?'),
        ("{title", "--format: "),
        ("{title!r}", "takes no !"),
        ("{title.x}", "no field"),
        ("{title:q}", "--format: "),
        ("{}", "no field"),
    ],
)
def test_a_wrong_template_is_wrong_usage(call: Call, template: str, said: str) -> None:
    ran = call("list", "--format", template)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_nul_ends_lines_for_xargs_and_alone_gives_ids(call: Call) -> None:
    assert call("list", "-0", "rating:any").out == "heat\0slow-horses\0"
    assert call("list", "-0", "rating:any", "-f", "{title}").out == "Heat\0Slow Horses\0"
    assert call("list", "-0", "heat", "--plain", "--columns", "id").out == "heat\0"


def test_json_is_one_document_with_the_keys_of_the_file(call: Call) -> None:
    rows = json.loads(call("list", "--json").out)
    assert [row["id"] for row in rows] == ["rec", "amelie", "heat", "slow-horses"]
    assert rows[2] == {
        "id": "heat",
        "title": "Heat",
        "kind": "film",
        "year": 1995,
        "status": "watched",
        "rating": 4.5,
        "platform": "Netflix",
        "runtime": 170,
        "genres": ["Crime", "Drama"],
        "tags": ["heist", "to own"],
        "mood": "blue",
    }
    assert json.loads(call("list", "nothing", "--json").out) == []
    assert json.loads(call("list", "heat", "--json", "--columns", "id,mood,left").out) == [
        {"id": "heat", "mood": "blue"}
    ]
    lines = call("list", "--jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["rec", "amelie", "heat", "slow-horses"]


def test_no_way_of_printing_a_title_lets_it_act(call: Call) -> None:
    ways: tuple[list[str], ...] = (
        ["--json"],
        ["--jsonl"],
        ["--plain"],
        ["-f", "{title}"],
        [],
        ["--columns", "title,notes,id"],
    )
    for way in ways:
        assert "\x1b" not in call("list", *way).out
    for words in (["show", "rec"], ["show", "rec", "--plain"], ["show", "rec", "--json"], ["note", "rec"]):
        ran = call(*words)
        assert ran.code == 0, ran.err
        assert "\x1b" not in ran.out


def test_two_ways_of_printing_at_once_are_refused(call: Call) -> None:
    assert call("list", "--json", "--plain").code == 2


def test_nothing_found_is_said_beside_an_empty_table(call: Call) -> None:
    ran = call("list", "nothing")
    assert (ran.code, ran.out.split(), ran.err) == (
        0,
        ["Title", "Year", "Status", "Rating", "Platform"],
        "no show matches\n",
    )


def test_a_query_starts_with_a_dash_without_two_more(call: Call) -> None:
    assert call("list", "-status:watched", "-rating:none", "--plain", "--columns", "id").out == "slow-horses\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "ratng:4"], 'did you mean "rating"?'),
        (["list", "--columns", "titel"], 'did you mean "title"?'),
        (["list", "--columns", ","], "names no field"),
        (["list", "--sort", "yaer"], 'did you mean "year"?'),
        (["list", "status:watchd"], "watched"),
    ],
)
def test_a_typo_is_wrong_usage_with_the_nearest_name(call: Call, words: list[str], said: str) -> None:
    ran = call(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_show_prints_the_panels(call: Call) -> None:
    ran = call("show", "heat")
    assert ran.code == 0
    assert "Heat" in ran.out
    assert "4.5" in ran.out
    assert "╭" in ran.out


def test_show_plain_is_a_line_a_value(call: Call) -> None:
    assert call("show", "slow", "--plain").out.splitlines() == [
        *("id: slow-horses", "title: Slow Horses", "kind: series", "year: 2022", "status: watching", "rating: 4.35"),
        *("platform: Apple TV+", "tags: spies"),
    ]
    assert call("show", "rec", "--plain").out.splitlines()[-1] == "notes: two␊lines"
    assert "mood: blue" in call("show", "heat", "--plain").out
    assert "problem rating: 11 is not within 5 stars" in call("show", "amelie", "--plain").out


def test_show_json_is_one_object(call: Call) -> None:
    assert json.loads(call("show", "Slow Horses", "--json").out)["id"] == "slow-horses"


def test_no_show_and_several_shows_are_expected_failures(call: Call) -> None:
    ran = call("show", "slow hroses")
    assert (ran.code, ran.out) == (1, "")
    assert "Slow Horses" in ran.err
    ran = call("show", "e")
    assert ran.code == 1
    assert "heat" in ran.err
    assert "amelie" in ran.err


def test_views_count_and_a_broken_one_says_why(call: Call, file: Path) -> None:
    with file.open("a") as stream:
        stream.write('[[views]]\nname = "Bad"\nquery = "ratng:4"\n')
    rows = json.loads(call("views", "--json").out)
    assert [(row["name"], row["shows"]) for row in rows] == [
        *(("All", 4), ("Watching", 1), ("Planned", 2), ("Watched", 1), ("Paused", 0), ("Dropped", 0)),
        *(("Tonight", 2), ("Bad", None)),
    ]
    assert "ratng" in rows[-1]["problem"]
    assert call("views").out.splitlines()[7].split() == ["Tonight", "2", "status:planned"]


def test_fields_and_keys_are_all_there(call: Call, config: Path) -> None:
    assert [row["name"] for row in json.loads(call("fields", "--json").out)] == list(FIELDS)
    assert len(call("fields").out.splitlines()) == len(FIELDS) + 1
    config.write_text('[keys]\nrate = "R"\n')
    keys = {row["command"]: row["keys"] for row in json.loads(call("keys", "--json").out)}
    assert keys["rate"] == ["R"]
    assert keys["help"][0] == "?"


def test_a_missing_list_is_the_seeded_one_and_reading_it_writes_nothing(call: Call, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    env = {"WATCHLIST_FILE": str(tmp_path / "none.toml")}
    assert "Ballard" in call("list", env=env).out
    assert call("show", "ballard", env=env).code == 0
    assert call("history", env=env).code == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_a_damaged_list_is_shown_as_far_as_it_can_be_read_and_ends_in_3(call: Call, file: Path) -> None:
    file.write_text(SHOWS + "[[shows]]\ntitle = = 3\n")
    ran = call("list", "--plain", "--columns", "id")
    assert ran.code == 3
    assert "heat" in ran.out.split()
    lines = ran.err.splitlines()
    assert "line 43, column 9" in lines[0]
    assert (lines[1], lines[2]) == ("  title = = 3", "          ^")
    assert call("rate", "heat", "3").code == 3


def test_help_is_on_every_verb_and_topic(call: Call) -> None:
    overview = call("help").out
    assert call("--help").out == overview
    for word in ("rate", *manual.TOPICS):
        assert word in overview
        assert call("help", word).code == 0
    assert call("help", "rate").out == call("rate", "--help").out == call("-h", "rate").out
    assert "watchlist rate RATING --where QUERY..." in call("help", "rate").out
    ran = call("help", "qury")
    assert (ran.code, 'did you mean "query"?' in ran.err) == (1, True)


def test_a_topic_that_is_a_verb_too_is_the_page_and_the_verb_has_its_arguments(call: Call) -> None:
    for word in set(VERBS) & set(manual.TOPICS):
        assert call("help", word).out.startswith(f"# {word.capitalize()}")
        assert f"Usage: watchlist {word}" in (arguments := call(word, "--help").out)
        assert f"watchlist help {word}" in arguments


@pytest.mark.parametrize("topic", manual.TOPICS)
def test_a_page_of_the_manual_is_markdown_in_a_pipe(call: Call, topic: str) -> None:
    page = call("help", topic).out
    assert page.startswith("# ")
    assert not re.search(r"<!--|!\[|\]\(\.\.|\.md\)", re.sub("CHANGELOG.md|tests/MATRIX.md", "", page))
    assert json.loads(call("help", topic, "--json").out) == {"topic": topic, "text": page}
    for other in re.findall(r"watchlist help (\w+)", page):
        assert call("help", other).code == 0


def test_help_query_is_help_queries_and_works_beside_a_broken_config(call: Call, config: Path) -> None:
    config.write_text("scale = \n")
    assert call("help", "query").out == call("help", "queries").out


def test_help_fits_80_columns_where_it_can_and_99_always(call: Call) -> None:
    for verb in ("", *VERBS):
        for line in call(*([verb] if verb else []), "--help").out.splitlines():
            assert len(line) < 100, line


LEFT = """\
[[shows]]
id = "ballard"
title = "Ballard"
kind = "series"
runtime = 46
seasons = [{ number = 1, episodes = 10, watched = "1-3" }]

[[shows]]
id = "heat"
title = "Heat"
kind = "film"
runtime = 170
"""


def test_what_is_left_is_a_column_a_number_in_json_and_told_below_the_table(call: Call, file: Path) -> None:
    file.write_text(LEFT, "utf-8")
    ran = call("list", "--columns", "title,progress,left,minutes_left")
    assert ran.out.splitlines() == [
        "Title      Progress  Left  Minutes left",
        "Ballard  3/10 ━────     7           322",
        "Heat                                170",
    ]
    assert (ran.code, ran.err) == (0, "7 episodes, 8.2 h left in 2 shows\n")
    assert call("list", "--columns", "left", "--quiet").err == "" == call("list").err
    assert call("list", "--plain", "--columns", "progress,time_left").out == "3/10\t322\n\t170\n"
    found = call("list", "minutes_left:..300", "--columns", "id,minutes_left", "--json")
    assert (json.loads(found.out), found.err) == ([{"id": "heat", "minutes_left": 170}], "")
    assert call("list", "--sort", "minutes_left-", "-0").out == "ballard\0heat\0"
    assert json.loads(call("stats", "--json").out)["left"] == {
        "episodes": {"number": 7, "shows": 1, "query": "left:1.."},
        "minutes": {"number": 492, "shows": 2, "query": "minutes_left:1.."},
        "shows": 2,
    }
    assert "Time left" in call("stats").out
    assert "7 episodes, 5 h 22 min left; at two episodes a week done by" in call("show", "ballard").out
    assert "minutes_left" in call("fields").out


MARKED = """\
[[shows]]
title = "The Bear"

[[shows]]
title = "2012"

[[shows]]
title = "24"

[[shows]]
title = "\\u200eAmélie\\u200f"
year = 2001
"""


def test_C6_titles_are_listed_by_number_without_articles_and_invisible_marks(
    call: Call, file: Path, config: Path
) -> None:
    file.write_text(MARKED, "utf-8")
    assert call("list", "--format", "{title}").out.split("\n") == ["24", "2012", "Amélie", "The Bear", ""]
    config.write_text("sort_articles = []\n")
    file.write_text(MARKED.replace("2012", "Sicario"), "utf-8")
    assert call("list", "--format", "{title}").out.split("\n") == ["24", "Amélie", "Sicario", "The Bear", ""]
    config.write_text('sort_articles = ["The"]\n')
    assert call("list", "--sort", "title-", "--format", "{title}").out.split("\n")[:3] == [
        "Sicario",
        "The Bear",
        "Amélie",
    ]
    assert call("list", "amelie", "--format", "{title}").out == "Amélie\n"
    assert json.loads(call("list", "title:=amelie", "--json").out)[0]["title"] == "\u200eAmélie\u200f"
    assert call("show", "Amelie", "--plain").out.splitlines()[1] == "title: Amélie"
    ran = call("add", "Am\u200bélie", "--year", "2001")
    assert "Amélie (2001) is on the list already, as amelie" in ran.err
    assert "\ufffd" not in ran.out + ran.err


@pytest.mark.parametrize("value", ['["the best"]', '[""]', '["the,a"]', '["9"]', "3", "[3]"])
def test_C6_an_article_is_one_word(call: Call, config: Path, value: str) -> None:
    config.write_text(f"sort_articles = {value}\n")
    ran = call("list")
    assert (ran.code, ran.out) == (2, "")
    assert "line 1: sort_articles: " in ran.err
