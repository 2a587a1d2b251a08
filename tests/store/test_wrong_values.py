"""What the file holds and can't be read is never overwritten by an edit of something else."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.conftest import Call
from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.edits import Edit
from watchlist.domain.episodes import Episode
from watchlist.domain.fields import FIELDS, STORED
from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.per_show_edits import in_turn
from watchlist.domain.show_toml import changed_table, from_table
from watchlist.errors import Refused, WrongValue
from watchlist.formats import Imported, merge_imported
from watchlist.store import bulk_edit

SERIES = """\
[[shows]]
id = "s"
title = "S"
kind = "series"
status = "watching"

[[shows.seasons]]
number = 1
titles = ["a", "b"] # mine
watched = "1-8"

[[shows.seasons]]
number = 2
episodes = 9

[[shows.seasons]]
number = 3
{row}
"""
FILM = """\
[[shows]]
id = "s"
title = "S"
kind = "film"

[[shows.viewings]]
date = 2020-05-01
review = "good"

[[shows.viewings]]
{row}
"""
OTHER = """
[[shows]]
id = "t"
title = "T"
kind = "{kind}"
"""
SEASON_ROWS = (
    "watched = [1, 2]",
    "watched = 3",
    'watched = "10-1"',
    "skipped = 4",
    'episodes = "8"',
    "episodes = 8.0",
    'titles = "x"',
    'first = "5"',
    'aired = ["soon"]',
    "aired = 2025-07-09",
    'ratings = "x"',
    "ratings = { 1 = 11 }",
    "ratings = { 1 = 4, 01 = 5 }",
)
VIEWING_ROWS = ('with = "Ada"', 'rating = "8/10"', 'rewatch = "1"', 'date = "May 2020"', "episodes = 3", "review = 1")
NEXT, FIRST, NEW = Episode(1, 9), Episode(1, 1), Episode(4, 1)
TODAY = Viewing(date(2026, 11, 22))
EDITS: dict[str, Callable[[tuple[str, ...]], Edit]] = {
    "watch": lambda ids: edits.watch(ids, TODAY),
    "watch episode": lambda ids: edits.watch(ids, TODAY, [NEXT], sure=True),
    "watch through": lambda ids: edits.watch(ids, TODAY, through=NEXT, sure=True),
    "watch new season": lambda ids: edits.watch(ids, TODAY, [NEW], sure=True),
    "watch as": lambda ids: in_turn(
        edits.set_kind(ids, Kind.SERIES, (Season(1, 3),)), edits.watch(ids, TODAY, [FIRST])
    ),
    "skip": lambda ids: edits.skip(ids, [NEXT], sure=True),
    "skip no more": lambda ids: edits.skip(ids, [NEXT], skipped=False),
    "take back": lambda ids: edits.undo_watch(ids),
    "take back episode": lambda ids: edits.undo_watch(ids, [FIRST]),
    "grid": lambda ids: edits.set_watched(ids[0], FIRST, TODAY),
    "grid back": lambda ids: edits.set_watched(ids[0], FIRST, None),
    "rate episode": lambda ids: edits.rate_episodes(ids, [FIRST], 4.0, sure=True),
    "unrate episode": lambda ids: edits.rate_episodes(ids, [FIRST], None, sure=True),
    "add rows": lambda ids: edits.assign(ids, [edits.Assignment("seasons", "+=", (Season(5),))]),
    "add viewings": lambda ids: edits.assign(ids, [edits.Assignment("viewings", "+=", (TODAY,))]),
    "behind the back": lambda ids: edits.each(ids, lambda show: replace(show, seasons=(Season(1),), viewings=(TODAY,))),
    "tag": lambda ids: edits.tag(ids, ["x"]),
    "rate": lambda ids: edits.rate(ids, 4.0),
    "status": lambda ids: edits.set_status(ids, Status.DROPPED),
}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("seasons", SERIES.format(row=row)) for row in SEASON_ROWS),
        ("seasons", SERIES.format(row="").replace("number = 3", "number = -1")),
        ("seasons", SERIES.format(row="").replace("number = 3", "mine = 3")),
        ("seasons", '[[shows]]\nid = "s"\ntitle = "S"\nseasons = 3\n'),
        *(("viewings", FILM.format(row=row)) for row in VIEWING_ROWS),
        *(("viewings", SERIES.format(row=f"[[shows.viewings]]\n{row}")) for row in VIEWING_ROWS),
        ("viewings", '[[shows]]\nid = "s"\ntitle = "S"\nviewings = "twice"\n'),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_C1_rows_that_can_not_be_read_survive_every_edit(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, key: str, text: str, many: bool
) -> None:
    monkeypatch.setattr(bulk_edit, "MIN_SHOWS", 1 if many else 500)
    mine = opened(text)
    assert [problem.key.split("[")[0] for problem in mine.list.shows[0].problems] == [key]
    raw, errors = tomllib.loads(text)["shows"][0][key], list[WrongValue]()
    for edit in EDITS.values():
        before = mine.text()
        try:
            mine.apply(edit(("s",)))
        except WrongValue as error:
            errors.append(error)
        except Refused:
            continue  # there is nothing to do for this edit
        else:
            assert tomllib.loads(mine.text())["shows"][0][key] == raw
            continue
        assert mine.text() == mine.file.read_text("utf-8") == before
    assert len(errors) >= 4
    assert all(key in error.message for error in errors)
    assert all("of S is wrong in the file: " in error.message for error in errors)
    assert all(error.hint for error in errors)


@pytest.mark.parametrize("text", [SERIES.format(row="watched = [1, 2]"), FILM.format(row='rating = "8/10"')])
@pytest.mark.parametrize("many", [False, True])
def test_C1_of_several_shows_the_wrong_ones_are_named_and_the_others_changed(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, text: str, many: bool
) -> None:
    monkeypatch.setattr(bulk_edit, "MIN_SHOWS", 1 if many else 500)
    kind = "film" if text.startswith(FILM[:60]) else "series"
    mine = opened(text + OTHER.format(kind=kind))
    block, before = mine.block("s"), mine.text()
    change = again(mine).apply(edits.watch(("s", "t"), TODAY, None if kind == "film" else [FIRST]))
    assert [delta.show.id for delta in change.deltas] == ["t"]
    assert len(change.skipped) == 1
    assert "of S is wrong in the file: " in change.skipped[0]
    mine = again(mine)
    assert mine.block("s") == block
    assert mine.list.shows[1].viewings
    mine.undo()
    assert mine.text() == before
    mine.redo()
    assert mine.block("s") == block


def test_C1_many_refusals_name_the_first_and_count_the_rest(opened: Opened) -> None:
    text = "".join(FILM.format(row="rating = 8").replace('"s"', f'"s{n}"') for n in range(5))
    mine = opened(text)
    with pytest.raises(WrongValue, match=r"; and 2 more$"):
        mine.apply(edits.watch([f"s{n}" for n in range(5)], TODAY))
    mine = opened(text + OTHER.format(kind="film"))
    change = mine.apply(edits.watch([*(f"s{n}" for n in range(5)), "t"], TODAY))
    assert len(change.skipped) == 4
    assert change.skipped[-1].startswith("2 more shows left")


WRONG = {
    "title": 12,
    "kind": "movie",
    "year": "19 95",
    "status": "seen",
    "rating": "8/10",
    "premiered": "May 1995",
    "added": 3,
    "runtime": "2 h",
    "creators": "A, B",
    "genres": "A, B",
    "tags": "a, b",
    "aka": "A, B",
    "related": 3,
    "url": "example.org",
    "ids": "imdb:1",
    "cast": "A, B",
    "crew": [{"mine": 1}],
    "seasons": [{"number": 1, "watched": 3}],
    "viewings": [{"rating": "8/10"}],
}


def wrong_value(name: str) -> Any:
    return WRONG.get(name, 12)


@pytest.mark.parametrize("name", [field.name for field in STORED if field.name != "id"])
def test_a_wrong_value_is_replaced_only_by_who_names_its_field(name: str) -> None:
    table = {"id": "s", "title": "S", name: wrong_value(name)}
    show = from_table(table)
    assert [problem.key.split("[")[0] for problem in show.problems] == [name]
    for other in STORED:
        if other.name in (name, "id"):
            continue
        value = getattr(from_table({"id": "o", "title": "O"}), other.name)
        after = edits.Assignment(other.name, "=", value).apply(show)
        assert changed_table(table, show, after)[name] == table[name]
    with pytest.raises(WrongValue, match=f"{name}.* is wrong in the file"):
        changed_table(table, show, replace(show, **{name: ANOTHER.get(name, "x")}))
    after = edits.Assignment(name, "=", FIELDS[name].type.empty if name != "title" else "New").apply(show)
    assert changed_table(table, show, after).get(name) in (None, "New", "planned")


ANOTHER: dict[str, Any] = {
    "kind": Kind.FILM,
    "year": 1999,
    "status": Status.WATCHED,
    "rating": 4.0,
    "premiered": date(1999, 1, 1),
    "added": date(1999, 1, 1),
    "runtime": 90,
    "ids": {"imdb": "tt1"},
    "cast": (),
    "crew": (),
    "seasons": (Season(1),),
    "viewings": (TODAY,),
} | dict.fromkeys(("creators", "genres", "tags", "aka", "related"), ("x",))
for rows in ("cast", "crew"):
    ANOTHER[rows] = FIELDS[rows].type.parse("A: B")


@pytest.mark.parametrize("status", ["seen", 3])
def test_a_status_that_can_not_be_read_is_not_followed_up(status: object) -> None:
    show = from_table({"id": "s", "title": "S", "kind": "film", "status": status})
    mine = edits.Watchlist((show,))
    for edit in (edits.watch(["s"], TODAY), edits.rate(["s"], 4.0)):
        with pytest.raises(WrongValue, match="status of S is wrong in the file"):
            edit(mine)
    (rated,) = edits.rate(["s"], 4.0, auto_status=False)(mine).shows
    assert (rated.rating, rated.problems) == (4.0, show.problems)


def test_a_kind_that_can_not_be_read_is_replaced_only_by_who_says_what_it_is() -> None:
    mine = edits.Watchlist((from_table({"id": "s", "title": "S", "kind": "movie"}),))
    with pytest.raises(WrongValue, match="kind of S is wrong"):
        edits.watch(["s"], TODAY, [FIRST], sure=True)(mine)
    (told,) = edits.set_kind(["s"], Kind.FILM)(mine).shows
    assert (told.kind, told.problems) == (Kind.FILM, ())


@pytest.mark.parametrize("theirs", [False, True])
@pytest.mark.parametrize("name", ["seasons", "viewings", "ids", "cast", "crew"])
def test_an_import_never_replaces_rows_that_can_not_be_read(name: str, theirs: bool) -> None:
    show = from_table({"id": "s", "title": "S", name: wrong_value(name)})
    mine = edits.Watchlist((show,))
    plan = merge_imported(mine, Imported((Show("s", "S", **{name: ANOTHER[name]}),)), theirs=theirs)
    assert plan.edit(mine) == mine
    assert plan.outcomes[0].conflicts == (name,)


# From the command line


def test_C1_a_wrong_season_is_told_and_kept_from_the_command_line(call: Call, tmp_path: Any) -> None:
    file = tmp_path / "list.toml"
    text = SERIES.format(row="watched = [1, 2]")
    file.write_text(text, "utf-8")
    for words in (
        ("watch", "s"),
        ("watch", "s", "--skip"),
        ("watch", "s", "--through", "S01E09", "--yes"),
        ("watch", "s", "--undo"),
        ("rate", "s", "4", "--episode", "S01E01", "--yes"),
        ("watch", "--where", "title:S", "--yes"),
    ):
        for _ in range(2):  # read from the text, then from the index
            ran = call("--file", str(file), *words)
            assert ran.code == 1, words
        assert "seasons[2].watched of S is wrong in the file" in ran.err, words
        assert "watchlist edit s" in ran.err
        assert file.read_text("utf-8") == text


def test_C1_in_bulk_only_the_wrong_show_is_left_and_said(call: Call, tmp_path: Any) -> None:
    file = tmp_path / "list.toml"
    text = FILM.format(row='with = "Ada"') + OTHER.format(kind="film")
    file.write_text(text, "utf-8")
    said = "viewings[1].with of S is wrong in the file: expected a list of texts"
    tried = call("--file", str(file), "watch", "--where", "kind:film", "--dry-run")
    assert said in tried.err
    assert "1 show would change" in tried.err
    ran = call("--file", str(file), "watch", "--where", "kind:film", "--yes", "--json")
    assert ran.code == 0
    assert '"skipped"' in ran.out
    assert said in ran.err
    assert file.read_text("utf-8").startswith(text[: text.index('id = "t"')])


def test_the_bulk_path_is_taken(opened: Opened) -> None:
    mine = opened(FILM.format(row="review = 'x'") + OTHER.format(kind="film"))
    assert bulk_edit.draft_each(mine.snapshot, edits.watch(["s", "t"], TODAY), lambda done, total: None) is not None
