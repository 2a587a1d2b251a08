"""The splicer under random texts: what was meant is there, what was not meant is where and as it was."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from watchlist.domain.frozen import same
from watchlist.store.toml.document import NotToml, read
from watchlist.store.toml.parser import table_of
from watchlist.store.toml.patcher import CannotSplice, patch
from watchlist.store.toml.scanner import Statement, comments, scan

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
    except CannotSplice:
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


def test_values_are_the_same_only_with_their_type() -> None:
    assert not same(1, 1.0)
    assert not same(True, 1)
    assert same(float("nan"), float("nan"))
    assert not same([1], [1, 2])
