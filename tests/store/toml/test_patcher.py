"""The patcher: blocks and arrays as people write them (in `patches.toml`, `layouts.json`), to the byte; random blocks."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from watchlist.domain.edits import Assignment, assign, deltas, rate_episodes
from watchlist.domain.episodes import parse_names
from watchlist.domain.frozen import same
from watchlist.domain.model import Status
from watchlist.store.apply_changes import draft_deltas
from watchlist.store.snapshot import parse_snapshot
from watchlist.store.toml.block_tables import remains
from watchlist.store.toml.document import NotToml, read
from watchlist.store.toml.parser import table_of
from watchlist.store.toml.patcher import CannotPatch, patch
from watchlist.store.toml.scanner import Statement, comments, scan

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("patches.toml").read_text("utf-8"))["case"]
NAMES = [case["what"] for case in CASES]


def wanted(case: dict[str, Any], old: str) -> dict[str, Any]:
    kept = {key: value for key, value in table_of(old).items() if key not in case.get("gone", ())}
    return kept | case.get("wanted", {})


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_was_meant_is_changed_and_nothing_else(case: dict[str, Any], newline: str) -> None:
    old = case["old"].replace("\n", newline)
    if "new" not in case:
        with pytest.raises(CannotPatch):
            patch(old, wanted(case, old), newline=newline)
        return
    assert patch(old, wanted(case, old), newline=newline) == case["new"].replace("\n", newline)


@pytest.mark.parametrize("case", [case for case in CASES if "new" in case], ids=lambda case: str(case["what"]))
def test_a_change_there_and_back_reads_as_before(case: dict[str, Any]) -> None:
    """Not to the byte, for the layout of what went is gone; but as the same values."""
    old, new = case["old"], case["new"]
    try:
        back = patch(new, table_of(old))
    except CannotPatch:
        return
    assert table_of(back) == table_of(old)


# Where a new key goes, and what counts as the same


BLOCK = '[[shows]]\ntitle = "A"\nmood = 1\nruntime = 2\nshelf = 3\n'
ORDER = ("id", "title", "year", "runtime", "notes")


@pytest.mark.parametrize(
    ("key", "line"),
    [("id", 5), ("year", 2), ("notes", 4), ("zed", 5)],  # `id` has none before it in the order, and `zed` is not in it
)
def test_a_new_key_goes_after_the_nearest_of_those_before_it(key: str, line: int) -> None:
    lines = BLOCK.splitlines(keepends=True)
    expected = "".join([*lines[:line], f"{key} = 7\n", *lines[line:]])
    assert patch(BLOCK, table_of(BLOCK) | {key: 7}, order=ORDER) == expected


def test_what_stands_below_a_section_that_goes_may_have_changed_before_it() -> None:
    """The keys of a show have an order of their own, whatever that of its text."""
    seasons = "[[shows.seasons]]\nnumber = 1\n[[shows.seasons]]\nnumber = 2\n"
    old = f'[[shows]]\ntitle = "A"\n{seasons}[shows.ids]\nimdb = "t"\n'
    wanted = {"title": "A", "ids": {"imdb": "u", "tmdb": 2}, "seasons": [{"number": 1}]}
    new = '[[shows]]\ntitle = "A"\n[[shows.seasons]]\nnumber = 1\n[shows.ids]\nimdb = "u"\ntmdb = 2\n'
    assert patch(old, wanted, newline="\n") == new


def test_the_order_is_that_of_a_show_and_of_no_table_in_it() -> None:
    block = '[[shows]]\ntitle = "A"\n[shows.mine]\ntitle = 1\nzed = 2\n'
    assert (
        patch(block, table_of(block) | {"mine": {"title": 1, "zed": 2, "year": 3}}, order=ORDER) == f"{block}year = 3\n"
    )


def test_what_is_nested_too_deeply_to_be_written_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(CannotPatch):
        patch(BLOCK, table_of(BLOCK) | {"deep": deep})


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("watched", Status.WATCHED, True),  # as it is written
        (Status.WATCHED, "watched", True),
        (Status.WATCHED, "watching", False),
        ("1", 1, False),
        (1, "1", False),
        ("ab", ["a", "b"], False),
        (["a", "b"], "ab", False),
        (("a",), ["a"], False),
        (True, 1, False),
        (1.0, 1, False),
        (date(2020, 1, 2), date(2020, 1, 2), True),
        (date(2020, 1, 2), date(2020, 1, 3), False),
        (float("nan"), float("nan"), True),
        (float("nan"), 1.0, False),
        (1.0, float("nan"), False),
        (0.0, -0.0, True),
        (MappingProxyType({"a": 1, "b": 2}), {"b": 2, "a": 1}, True),
        (MappingProxyType({"a": 1, "b": 2}), {"a": 1, "b": 3}, False),
        (MappingProxyType({"a": 1, "b": 2}), {"a": 0, "b": 2}, False),
        ({"a": 1, "b": Status.WATCHED}, {"a": 1, "b": "watched"}, True),
        ({"a": "1"}, {"a": 1}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, [2, 3]], [1, [2, 4]], False),
        ([1, 2], [1, 2, 3], False),
        ({}, [], False),
        ([], {}, False),
    ],
)
def test_values_are_the_same_where_they_would_be_written_so(a: object, b: object, alike: bool) -> None:
    assert same(a, b) is alike
    assert same({"x": a}, {"x": b}) is alike
    assert same([a], [b]) is alike


def test_what_others_wrote_into_a_block_is_told_from_the_show_with_its_comments() -> None:
    ours = ('[[shows]]\ntitle = "A"\n\n', '[shows.ids]\nimdb = "t"\n\n', "# s\n[[shows.seasons]]\nnumber = 1\n")
    theirs = ("# one\n[plugin]\nx = 1\n\n", "# two\n\n# three\n[[other]]\ny = [[1]]\n")
    assert remains(ours[0] + theirs[0] + ours[1] + theirs[1] + ours[2]) == ("", "".join(theirs))
    assert remains("".join(ours)) == ("", "")
    assert remains(f"{ours[0]}[a]\n[shows.b]\n") == ("", "[a]\n")


HEAD = '[[shows]]\nid = "a"\ntitle = "A"\nkind = "series"\n'


@pytest.mark.parametrize(
    ("text", "names", "wanted"),
    [
        ("[[shows.seasons]]\nnumber = 1\nratings = { 1 = 4, 2 = 5 }\n", "S01E01", "ratings = { 1 = 3.0, 2 = 5 }"),
        (
            "[[shows.seasons]]\nnumber = 1\nratings = { 2=0x5,3 = 4.50 }\n",
            "S01E01",
            "ratings = { 1 = 3.0, 2=0x5,3 = 4.50 }",
        ),
        (
            "[[shows.seasons]]\nnumber = 1\nratings = { 1 = 4_0e-1, 3 = 5 }\n",
            "S01E02",
            "ratings = { 1 = 4_0e-1, 2 = 3.0, 3 = 5 }",
        ),
        (
            "[[shows.seasons]]\nnumber = 1\nratings = { \"01\" = 4, '13' = 5 }\n",
            "S01E01",
            "ratings = { \"01\" = 3.0, '13' = 5 }",
        ),
        (
            "[[shows.seasons]]\nnumber = 1\n[shows.seasons.ratings]\n01 = 4 # mine\n2 = 5 # yours\n",
            "S01E01",
            "01 = 3.0 # mine\n2 = 5 # yours",
        ),
        ("[[shows.seasons]]\nnumber = 1\nratings.1 = 4\nratings.2 = +5\n", "S01E01", "ratings.1 = 3.0\nratings.2 = +5"),
        (
            "seasons = [{ number = 1, ratings = { 1 = 4, 2 = 0x5 } }]\n",
            "S01E03",
            "{ number = 1, ratings = { 1 = 4, 2 = 0x5, 3 = 3.0 } }",
        ),
        (
            "seasons = [{ number = 1, ratings = { 2 = 0x5 } }, {number=2}]\n",
            "S02E03",
            "{ number = 1, ratings = { 2 = 0x5 } }, {number=2, ratings = { 3 = 3.0 }}",
        ),
        (
            "seasons = [{ number = 0x1, ratings = { 2 = 0x5 } }]\n",
            "S01E01, S02E03",
            "{ number = 0x1, ratings = { 1 = 3.0, 2 = 0x5 } }",
        ),
        (
            "seasons = [\n  { number = 1, ratings = { 2 = 0x5 } }, # one\n]\n",
            "S01E01",
            "  { number = 1, ratings = { 1 = 3.0, 2 = 0x5 } }, # one",
        ),
        (
            "[[shows.seasons]]\nnumber = 0x1\nratings = { 1 = 4, 2 = 0x5 }\n",
            "S01E01, S02E01",
            "number = 0x1\nratings = { 1 = 3.0, 2 = 0x5 }\n",
        ),
    ],
)
def test_an_episode_that_is_rated_leaves_the_other_ratings_alone(text: str, names: str, wanted: str) -> None:
    snapshot = parse_snapshot((HEAD + text).encode())
    edit = rate_episodes(["a"], parse_names(names), 3.0, sure=True)
    after = draft_deltas(snapshot, deltas(snapshot.list, edit(snapshot.list))).snapshot.document.text
    assert wanted in after
    removed = rate_episodes(["a"], parse_names(names), None, sure=True)
    again = parse_snapshot(after.encode())
    unrated = draft_deltas(again, deltas(again.list, removed(again.list))).snapshot.document.text
    assert "3.0" not in unrated
    assert [
        kept
        for kept in ("0x5", "0x1", "+5", "4.50", "4_0e-1", "'13'", "# yours")
        if kept in text and kept not in unrated
    ] == []


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [
        ("{ tmdb = 1_000, 'imdb'='tt1' }", "ids+=x=3", "{ tmdb = 1_000, 'imdb'='tt1', x = 3 }"),
        ("{ tmdb = 1_000, 'imdb'='tt1' }", "ids-=imdb=tt1", "{ tmdb = 1_000 }"),
        ("{ tmdb = 1_000, 'imdb'='tt1' }", "ids-=tmdb=1000", "{ 'imdb'='tt1' }"),
        ("{tmdb = 1_000, imdb = 0xF}", "ids+=tmdb=5", "{tmdb = 5, imdb = 0xF}"),
    ],
)
def test_an_id_that_comes_or_goes_leaves_the_others_alone(before: str, typed: str, after: str) -> None:
    snapshot = parse_snapshot(f"{HEAD}ids = {before}\n".encode())
    edit = assign(["a"], [Assignment.parse(typed)])
    text = draft_deltas(snapshot, deltas(snapshot.list, edit(snapshot.list))).snapshot.document.text
    assert text == f"{HEAD}ids = {after}\n"


# Arrays: what a change of their items makes of each layout


# An array, its items as they are to be, the array then, and the comments that moved above it.
LAYOUTS: list[tuple[str, list[str], str, str]] = [
    (*case, "")[:4] for case in json.loads(Path(__file__).with_name("layouts.json").read_text("utf-8"))
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("array", "wanted", "expected", "above"), LAYOUTS)
def test_items_come_and_go_and_the_layout_stays(
    array: str, wanted: list[str], expected: str, above: str, newline: str
) -> None:
    def block(value: str, above: str = "") -> str:
        return f'[[shows]]\nid = "a"\n{above}tags = {value} # mine\nyear = 1\n'.replace("\n", newline)

    old = block(array)
    assert patch(old, table_of(old) | {"tags": wanted}, newline=newline) == block(expected, above)


def test_A6_no_comment_goes_with_an_item() -> None:
    for array, _, expected, above in LAYOUTS:
        assert sorted(comments(array)) == sorted(comments(above + expected))


# Random blocks: what was meant is there, what was not meant is where and as it was


texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "[[shows]]",
        '"""',
        "'''",
        "# no comment",
        "a\nb",
        "[[shows]]\ntitle = 'x'\n",
        "\r\n",
        "\u0085",
        "\\",
        '"',
        "]",
        "}",
        ",",
    ]
)
scalars = texts | st.integers(-(10**9), 10**9) | st.booleans() | st.floats(allow_nan=False) | st.dates()
lists = st.lists(texts, max_size=4) | st.lists(st.integers(0, 99), max_size=4)
keys = st.sampled_from([*"abcdefgh", "with-dash", "spaced key", "é", "ids", "cast"])
small = st.dictionaries(keys, scalars | lists, max_size=3)
values = scalars | lists | small | st.lists(small, max_size=3)
tables = st.dictionaries(keys, values, max_size=6)


def spelled(draw: Any, value: Any) -> str:
    """One of the ways to write a value."""
    if isinstance(value, str):
        plain = all(c.isprintable() for c in value)
        ways = [tomli_w.dumps({"v": value})[4:-1]]
        if plain and "'" not in value:
            ways.append(f"'{value}'")
        if (
            "'''" not in value
            and not value.startswith("'")
            and not value.endswith("'")
            and all(c.isprintable() or c == "\n" for c in value)
        ):
            ways.append(f"'''\n{value}'''")
        return str(draw(st.sampled_from(ways)))
    if isinstance(value, bool) or not isinstance(value, (int, list, dict)):
        return tomli_w.dumps({"v": value})[4:-1]
    if isinstance(value, int):
        return draw(st.sampled_from([str(value), *([hex(value), f"{value:_}"] if value >= 0 else [])]))
    if isinstance(value, dict):
        gap = draw(st.sampled_from(["", " "]))
        pairs = ",".join(f"{gap}{quoted(draw, key)} = {spelled(draw, item)}{gap}" for key, item in value.items())
        return "{" + pairs + "}"
    items = [spelled(draw, item) for item in value]
    if items and draw(st.booleans()):
        note = draw(st.sampled_from(["", " # item", "\n  # a line ]"]))
        return "[ # open\n" + "".join(f"  {item},{note}\n" for item in items) + "]"
    return "[" + draw(st.sampled_from([",", ", ", " ,\t"])).join(items) + "]"


def quoted(draw: Any, key: str) -> str:
    bare = key.replace("-", "a").isascii() and key.replace("-", "a").isalnum()
    return str(draw(st.sampled_from([f'"{key}"', f"'{key}'", *([key] if bare else [])])))


@st.composite
def blocks(draw: Any) -> tuple[str, dict[str, Any], dict[str, str]]:
    """A block, its table, and the statement of each key that stands on its own."""
    table = {"title": "T"} | draw(tables)
    lines, sections, statements = [], [], {}
    for key, value in table.items():
        name = quoted(draw, key)
        rows = isinstance(value, list) and value and all(isinstance(row, dict) for row in value)
        if (rows or (isinstance(value, dict) and value)) and draw(st.booleans()):
            for row in value if rows else [value]:
                header = f"[[shows.{name}]]" if rows else f"[ shows . {name} ]"
                body = "".join(f"\t{quoted(draw, k)} = {spelled(draw, v)} # in\n" for k, v in row.items())
                sections.append(f"{draw(st.sampled_from(['', chr(10), '# above' + chr(10)]))}{header} # sub\n{body}")
            continue
        if isinstance(value, dict) and value and draw(st.booleans()):
            lines += [f"{name} . {quoted(draw, k)} = {spelled(draw, v)}\n" for k, v in value.items()]
            continue
        comment = draw(st.sampled_from(["", " # note", "\t#note = 'x'"]))
        statements[key] = f"{name}{draw(st.sampled_from(['=', ' = ', '   =  ']))}{spelled(draw, value)}{comment}\n"
        lines.append(draw(st.sampled_from(["", "\n", "# a comment of its own\n", "   "])) + statements[key])
    return "[[shows]] # head\n" + "".join(lines) + "".join(sections), table, statements


@settings(max_examples=examples(400), deadline=None)
@given(blocks(), tables)
def test_any_change_is_made_and_every_other_statement_is_as_it_was(
    block: tuple[str, dict[str, Any], dict[str, str]], new: dict[str, Any]
) -> None:
    text, table, statements = block
    assert same(table_of(text), table)
    wanted = {key: value for key, value in table.items() if key in ("title", "a", "b", "ids") or key in new} | new
    try:
        result = patch(text, wanted)
    except CannotPatch:
        return  # refused is allowed, wrong is not; what people really write is below
    assert same(table_of(result), wanted)
    for key, statement in statements.items():
        if key in wanted and same(wanted[key], table[key]):
            assert statement in result
    assert result.count("# a comment of its own") == text.count("# a comment of its own")
    assert result.startswith("[[shows]] # head\n")


@settings(max_examples=examples(200), deadline=None)
@given(blocks(), st.data())
def test_one_changed_scalar_is_one_changed_span(
    block: tuple[str, dict[str, Any], dict[str, str]], data: st.DataObject
) -> None:
    text, table, statements = block
    key = data.draw(st.sampled_from(sorted(statements)))
    value = data.draw(scalars)
    result = patch(text, table | {key: value})
    span = next(item.value for item in scan(text) if isinstance(item, Statement) and item.path == (key,))
    lost = comments(text[span.start : span.end])  # of a list that gave way to a scalar
    assert result.startswith(text[: 0 if lost else span.start])
    assert result.endswith(text[span.end :])
    assert sorted(comments(result)) == sorted(comments(text))


@settings(max_examples=examples(200), deadline=None)
@given(blocks())
def test_crlf_stays_crlf(block: tuple[str, dict[str, Any], dict[str, str]]) -> None:
    text = block[0].replace("\r\n", "\n").replace("\n", "\r\n")
    table = table_of(text)
    result = patch(text, table | {"a": "x\ny", "tags": ["1", "2"], "viewings": [{"rating": 1.0}]}, newline="\r\n")
    assert "\n" not in result.replace("\r\n", "")


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(blocks(), max_size=4),
    st.sampled_from(["", "version = 1\n", "x = '''\n[[shows]]\n'''\n", "\ufeff# c\n"]),
    tables,
)
def test_a_text_is_cut_at_its_shows_and_joined_again(shows: list[Any], head: str, other: dict[str, Any]) -> None:
    text = head + "\n\n".join(block for block, _, _ in shows) + "\n" + tomli_w.dumps({"elsewhere": other})
    document, found = read(text.encode())
    assert document.text == text
    assert [table for table in found if table is not None] == [table_of(block) for block, _, _ in shows]
    assert tomllib.loads(text.removeprefix("\ufeff")).get("shows", []) == found


@settings(max_examples=examples(300), deadline=None)
@given(st.text(st.sampled_from("[]show=\"'\n#{}.,1a \\"), max_size=60))
def test_any_text_is_read_as_tomllib_reads_it_or_is_damaged(text: str) -> None:
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(NotToml) as caught:
            read(text.encode())
        assert 1 <= caught.value.damage.line <= text.count("\n") + 1
        return
    document, _ = read(text.encode())
    assert document.text == text
    cut = any(part.show for part in document.parts)
    assert document.rest == {key: value for key, value in whole.items() if key != "shows" or not cut}


def test_what_people_write_is_never_refused() -> None:
    text = '[[shows]]\ntitle = "A"\nids = { imdb = "tt1", tmdb = 1 }\ntags = ["a", "b"]\ncast = [{ actor = "X" }]\n'
    for wanted in (
        {"title": "A", "ids": {"imdb": "tt1", "tmdb": 2, "trakt": 3}, "tags": [], "cast": [{"actor": "Y"}]},
        {"title": "A", "ids": {"tmdb": 1}, "tags": ["b"]},
        {"title": "A", "added": date(2026, 1, 1), "viewings": [{"date": date(2026, 1, 1)}], "mine": {"a": {"b": 1}}},
    ):
        assert table_of(patch(text, wanted)) == wanted


rows = st.lists(
    st.dictionaries(st.sampled_from(["number", "watched", "x"]), st.integers(1, 9), min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)
sections = st.fixed_dictionaries(
    {}, optional={"seasons": rows, "viewings": rows, "ids": rows.map(lambda rows: rows[0])}
)


@settings(max_examples=examples(300), deadline=None)
@given(sections, sections, st.data())
def test_sections_come_and_go_as_they_like(old: dict[str, Any], new: dict[str, Any], data: st.DataObject) -> None:
    text, comments = '[[shows]]\ntitle = "A"\n', []
    for name, value in old.items():
        for row in value if isinstance(value, list) else [value]:
            text += data.draw(st.sampled_from(["", "\n", "# c\n", "\n# c\n"])).replace("c", f"c{len(comments)}")
            comments.append((f"# c{len(comments)}\n", name))
            text += f"[[shows.{name}]]\n" if isinstance(value, list) else f"[shows.{name}]\n"
            text += "".join(f"{key} = {number}\n" for key, number in row.items())
    text += data.draw(st.sampled_from(["", "\n", "# end\n", "\n# end\n"]))
    newline = data.draw(st.sampled_from(["\n", "\r\n"]))
    wanted = {"title": "A", **new}
    result = patch(text.replace("\n", newline), wanted, newline=newline)
    assert table_of(result) == wanted
    assert result.count("\n") == result.count(newline)
    result = result.replace("\r", "")
    assert "\n\n\n" not in result
    assert result.count("# end\n") == text.count("# end\n")
    for comment, name in comments:
        if new.get(name) == old[name]:
            assert result.count(comment) == text.count(comment)
