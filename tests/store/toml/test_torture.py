"""One file with everything TOML allows, through random edits: only the edited values may change, and undo brings all back."""

from __future__ import annotations

import difflib
import random
import re
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest

from watchlist.domain import edits
from watchlist.domain.edits import Assignment
from watchlist.domain.model import Credit, Role, Season, Show, Status, Viewing
from watchlist.paths import Paths
from watchlist.store.library import Library

TORTURE = Path(__file__).with_name("torture.toml")
FORMS = {
    "plain": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "BOM": lambda text: "\ufeff" + text,
    "BOM and CRLF": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
}

CHOICES = {
    "title": ["New title", 'It\'s "quoted"', "千と千尋", "[[shows]]", "tab\there"],
    "year": [1999, None],
    "status": list(Status),
    "rating": [4.35, 0.5, None],
    "platform": ["Netflix", ""],
    "added": [date(2026, 11, 22), None],
    "runtime": [46, None],
    "tags": [(), ("noir",), ("noir", "la", "new"), ("la",), ("x, y", 'q"')],
    "aka": [("Other",), ()],
    "synopsis": ["One line.", "Two\nlines\n", '"""', ""],
    "notes": ["# Heading\n\n[[shows]]\ntitle = 'x'\n", "back\\slash", "cr\r\nlf", ""],
    "ids": [{"imdb": "tt1"}, {"imdb": "tt0113277", "tmdb": 7, "trakt": 5}, {}],
    "cast": [(Role("A", "B"), Role("C")), ()],
    "crew": [(Credit("One", "Music"),), (Credit("One", "Music"), Credit("Two"), Credit("Three", "Edit")), ()],
    "seasons": [
        (Season(1, 10, watched=(1, 2, 3, 4, 5), ratings={1: 4.0, 3: 5.0}),),
        (Season(1, 10, watched=(1, 2, 3, 5)), Season(2, 8, ("a", ""), aired=(date(2025, 1, 1), None)), Season(3)),
        (),
    ],
    "viewings": [
        (Viewing(date(2024, 1, 1)),),
        (
            Viewing(date(2024, 1, 1), 4.0),
            Viewing(datetime(2025, 1, 1, 20, 15), people=("M",)),
            Viewing(review="Good.\n"),
        ),
        (),
    ],
}


@pytest.fixture(params=FORMS, ids=str)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    text = FORMS[request.param](TORTURE.read_text("utf-8"))
    file = tmp_path / "list.toml"
    file.write_bytes(text.encode("utf-8"))
    return Library.open(file, Paths(tmp_path / "config", file, tmp_path / "state", tmp_path / "cache"))


def test_everything_is_read(library: Library) -> None:
    assert [show.id for show in library.list.shows] == ["heat", "unicode-e", "third", "last"]
    heat, unicode, third, _ = library.list.shows
    assert heat.year == 1995
    assert heat.ids == {"imdb": "tt0113277", "tmdb": 949}
    assert heat.other["mine"] == {"mood": "blue", "seen-with": ["A", "B"]}
    assert [problem.key for problem in unicode.problems] == ["rating"]
    assert unicode.seasons[0].watched == (1, 2, 3, 5)
    assert unicode.seasons[1].other == {"note-to-self": "slow"}
    assert third.ids == {"imdb": "tt3"}
    assert library.list.views[0].name == "Tonight"
    assert library.list.other["plugin"]["settings"]["title"] == "[[shows]]"


def test_fifty_random_edits_touch_nothing_else_and_undo_to_the_same_bytes(library: Library) -> None:
    chance = random.Random(library.file.read_bytes())
    states = [library.file.read_bytes()]
    while len(states) <= 50:
        show = chance.choice(library.list.shows)
        name = chance.choice([*CHOICES, *CHOICES, "add", "remove"])
        if name == "add":
            edit = edits.add(Show("", f"Added {len(states)}", year=2000, tags=("t",)))
        elif name == "remove":
            if len(library.list.shows) < 3:
                continue
            edit = edits.remove([show.id])
        else:
            edit = edits.assign([show.id], [Assignment(name, "=", chance.choice(CHOICES[name]))])
        change = library.apply(edit)
        if change.number:
            states.append(library.file.read_bytes())
            _only(states[-2], states[-1], name, show)
    for state in reversed(states[:-1]):
        library.undo()
        assert library.file.read_bytes() == state
    for state in states[1:]:
        library.redo()
        assert library.file.read_bytes() == state
    library.undo(50)
    assert library.file.read_bytes() == states[0]


def _only(before: bytes, after: bytes, name: str, show: Show) -> None:
    """Outside the edited show all lines are the same; inside, all statements of other keys are the same text."""
    old, new = before.decode("utf-8"), after.decode("utf-8")
    assert old.startswith("\ufeff") == new.startswith("\ufeff")
    assert ("\r\n" in old) == ("\r\n" in new)
    assert "\r\n" not in old or not re.search(r"(?<!\r)\n", new)
    if name in ("add", "remove"):
        removed = [line for line in difflib.ndiff(old.splitlines(True), new.splitlines(True)) if line.startswith("- ")]
        kept_text = "".join(line[2:] for line in removed)
        if name == "add":
            assert not kept_text.strip() or old.endswith(kept_text.rstrip("\r\n"))
        return
    tables, changed = tomllib.loads(old.removeprefix("\ufeff")), tomllib.loads(new.removeprefix("\ufeff"))
    for a, b in zip(tables["shows"], changed["shows"], strict=True):
        differs = {key for key in {*a, *b} if a.get(key) != b.get(key)}
        assert differs <= {name, "id"}, differs
    assert {k: v for k, v in tables.items() if k != "shows"} == {k: v for k, v in changed.items() if k != "shows"}
    if name in ROWS:
        return
    assert _without(old, name) == _without(new, name)
    key = re.compile(rf"""\s*['"]?{name}['"]?\s*=""")
    lines = [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[:2] in ("- ", "+ ")]
    gone, come = ([line[2:] for line in lines if line[0] == sign and key.match(line[2:])] for sign in "-+")
    if len(gone) == len(come) == 1 and name not in ("synopsis", "notes"):
        assert gone[0].split("=")[0] == come[0].split("=")[0]
        assert _comment(gone[0]) == _comment(come[0])


ROWS = ("tags", "cast", "crew", "seasons", "viewings", "ids", "aka")


def _without(text: str, name: str) -> str:
    """The text less all statements of this key, and of ids, which an edit may add; comments on them stay."""
    value = r'''(?:"""(?:[^\\]|\\.)*?"""|\'{3}.*?\'{3}|"(?:[^"\\\n]|\\.)*"|[^\n]*?)'''
    pattern = rf"""^([ \t]*)['"]?(?:{name}|id)['"]?[ \t]*=[ \t]*{value}[ \t]*(#[^\n]*)?\r?$\n?"""

    end = "\r\n" if "\r" in text else "\n"

    def comment(statement: re.Match[str]) -> str:
        return f"{statement[1]}{statement[2].rstrip()}{end}" if statement[2] else ""

    return re.sub(pattern, comment, text, flags=re.DOTALL | re.MULTILINE).rstrip("\r\n")


def _comment(line: str) -> str:
    return line[line.index("#") :] if "#" in line else ""


def test_a_value_in_an_array_over_lines_leaves_the_comments_of_its_neighbours(library: Library) -> None:
    library.apply(edits.tag(["heat"], add=["x"], drop=["la"]))
    library.apply(edits.assign(["third"], [Assignment("crew", "+=", (Credit("Three"),))]))
    text = library.file.read_text("utf-8")
    assert "tags = [ # opening\n\t  'noir', # first\n\n\t  # a comment on its own\n\t  \"x\"    ,\n\t]" in text
    assert '{ name = "One", job = "Music" }, # composer\n    { name = "Two" },\n    { name = "Three" },\n]' in text


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []
