"""Exports of IMDb, of every layout: titles come as the user's, with the user's ratings, and nothing is guessed."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import examples
from watchlist.domain.model import Kind, Show, Status, Viewing
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import UsageError
from watchlist.formats import FORMATS, Imported, by_content, merge_imported
from watchlist.formats.imdb import read, recognizes

V3 = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,"
    "Num Votes,Release Date,Directors"
)
V2 = V3.replace("Original Title,", "")
V2A = "Const,Your Rating,Date Added,Title,Title Type,Directors,IMDb Rating,Runtime (mins),Year,Genres,Num Votes"
V1 = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"'
)
LIST3 = (
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,"
    "Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated"
)
LIST2 = LIST3.replace("Original Title,", "")
HEADS = {"v3": V3, "v2": V2, "v2a": V2A, "v1": V1, "list v3": LIST3, "list v2": LIST2}
MONTH_FIRST, DAY_FIRST = "4/18/2026", "18/4/2026"

GLASS = {  # a title that nobody made, by the names of the columns in lower case
    "position": "1",
    "const": "tt90000101",
    "your rating": "7",
    "you rated": "7",
    "date rated": "2026-04-18",
    "date added": "2026-04-18",
    "created": "2026-04-18",
    "modified": "2026-04-19",
    "description": "",
    "title": "Glass Harbour",
    "original title": "Hamnen av glas",
    "url": "http://www.imdb.com/title/tt90000101",
    "title type": "Movie",
    "imdb rating": "3.1",
    "runtime (mins)": "101",
    "year": "2024",
    "genres": "Crime, Drama",
    "num votes": "12345",
    "num. votes": "12345",
    "release date": "2024-02-03",
    "release date (month/day/year)": "2/3/2024",
    "directors": "Maren Solvik,Idris Tal",
}


def export(head: str, *rows: dict[str, str], delimiter: str = ",") -> bytes:
    """A file with this first line; what a row does not say is as in the title above."""
    out = io.StringIO(newline="")
    names = next(csv.reader([head]))
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([names, *([(GLASS | row)[name.lower()] for name in names] for row in rows)])
    return out.getvalue().encode()


def one(head: str = V3, **cells: str) -> Show:
    """The show of a row with these cells, `_` for the blanks in the names of columns."""
    found = found_in(head, **cells)
    assert not found.problems
    (show,) = found.shows
    return show


def found_in(head: str = V3, **cells: str) -> Imported:
    return read(export(head, {name.replace("_", " "): cell for name, cell in cells.items()}))


def said(found: Imported) -> list[str]:
    return [str(problem) for problem in found.problems]


@pytest.mark.parametrize("layout", HEADS)
def test_every_layout_says_the_same_of_a_title(layout: str) -> None:
    show = one(HEADS[layout])
    assert show == Show(
        id="",
        title="Glass Harbour",
        kind=Kind.FILM,
        year=2024,
        status=Status.WATCHED,
        rating=3.5,
        premiered=date(2024, 2, 3) if layout != "v2a" else None,
        added=date(2026, 4, 18) if "list" in layout or layout == "v1" else None,
        runtime=101,
        creators=("Maren Solvik", "Idris Tal"),
        genres=("Crime", "Drama"),
        aka=("Hamnen av glas",) if "v3" in layout else (),
        url="https://www.imdb.com/title/tt90000101/",
        ids={"imdb": "tt90000101"},
        viewings=(Viewing(date(2026, 4, 18), 3.5),),
    )


@pytest.mark.parametrize("layout", HEADS)
def test_every_layout_is_recognised(layout: str) -> None:
    for data in (export(HEADS[layout]), export(HEADS[layout], delimiter=";"), b"\xef\xbb\xbf" + export(HEADS[layout])):
        assert recognizes(data)
    assert by_content(export(HEADS[layout].upper()).decode().encode("utf-16")) is FORMATS["imdb"]


@pytest.mark.parametrize(
    "data", [b"", b"title,year\nHeat,1995\n", b"const\ntt1\n", b'"const', b"[]", b"\xff\xfe\x00", b"\0" * 99]
)
def test_other_files_are_not(data: bytes) -> None:
    assert by_content(data) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends(encoding: str, line_end: str) -> None:
    text = export(V2, {"title": "Blåbær"}).decode().replace("\n", line_end)
    assert read(text.encode(encoding)).shows == (one(V2, title="Blåbær"),)


@pytest.mark.parametrize(
    ("cell", "stars"), [("1", 0.5), ("7", 3.5), ("10", 5.0), ("8.0", 4.0), ("", None), ("0", None)]
)
def test_ratings_are_halved_and_nothing_is_no_rating(cell: str, stars: float | None) -> None:
    show = one(your_rating=cell)
    assert show.rating == stars
    assert show.status is (Status.PLANNED if stars is None else Status.WATCHED)
    assert show.viewings == (() if stars is None else (Viewing(date(2026, 4, 18), stars),))


@pytest.mark.parametrize("layout", HEADS)
def test_what_others_think_is_never_the_users(layout: str) -> None:
    show = one(HEADS[layout], your_rating="", you_rated="", imdb_rating="9.8", num_votes="4")
    assert (show.rating, show.status, show.viewings) == (None, Status.PLANNED, ())


@pytest.mark.parametrize(("layout", "column"), [("v3", "date rated"), ("v2a", "date rated"), ("v1", "created")])
def test_a_day_that_is_still_to_come_is_left_out_and_told(layout: str, column: str) -> None:
    later = dict.fromkeys(("date_rated", "date_added", "created"), "2226-04-18")
    found = found_in(HEADS[layout], **later, release_date="2226-04-18")
    assert f"line 2, {column}: 2226-04-18 is still to come" in said(found)
    (show,) = found.shows
    assert (show.rating, show.viewings, show.added) == (3.5, (), None)
    assert show.premiered == (date(2226, 4, 18) if layout == "v3" else show.premiered)
    today = date.today()
    assert one(date_rated=today.isoformat()).viewings == (Viewing(today, 3.5),)


def test_a_rating_without_a_day_is_no_viewing() -> None:
    show = one(date_rated="")
    assert (show.rating, show.status, show.viewings) == (3.5, Status.WATCHED, ())


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        *((name, Kind.FILM) for name in ("Movie", "TV Movie", "TV Special", "TV Short", "Short", "Video")),
        *((name, Kind.SERIES) for name in ("TV Series", "TV Mini Series", "tvSeries", "tvMiniSeries", "Mini-Series")),
        *((name, Kind.FILM) for name in ("movie", "tvMovie", "tvSpecial", "tvShort", "Feature Film", "Film", "Corto")),
        *((name, Kind.SERIES) for name in ("Serie TV", "Mini serie TV")),
        ("", None),
    ],
)
def test_types(type: str, kind: Kind | None) -> None:
    assert one(title_type=type).kind is kind


def test_a_type_that_is_not_known_costs_the_kind_alone() -> None:
    found = read(export(V3, {"title type": "Fernsehserie"}, {"title type": "Fernsehserie", "const": "tt2"}, {}))
    assert [show.kind for show in found.shows] == [None, None, Kind.FILM]
    assert said(found) == ['title type: "Fernsehserie" is an unknown type, so 2 shows came without a kind']


def test_what_is_no_show_is_left_out_and_said() -> None:
    rows = [{"title type": name} for name in ("TV Episode", "tvEpisode", "Video Game", "Music Video", "Podcast Series")]
    found = read(export(LIST3, {}, *rows, rows[0], {"const": "nm90000007", "title type": ""}))
    assert (len(found.shows), found.skipped) == (1, 7)
    assert said(found) == [
        "2 rows left out, not shows: TV Episode",
        "1 row left out, not shows: tvEpisode",
        "1 row left out, not shows: Video Game",
        "1 row left out, not shows: Music Video",
        "1 row left out, not shows: Podcast Series",
        "1 row left out, not shows: people",
    ]


@pytest.mark.parametrize("cell", [MONTH_FIRST, "04/18/2026", DAY_FIRST, "18.04.2026", "Sat Apr 18 00:00:00 2026"])
def test_days_as_other_programs_spell_them(cell: str) -> None:
    assert one(date_rated=cell, release_date="").viewings == (Viewing(date(2026, 4, 18), 3.5),)


def test_one_day_tells_how_all_of_a_file_are_spelled() -> None:
    def days(*cells: str) -> list[Any]:
        rows = ({"date rated": cell, "release date": "", "const": f"tt{n}"} for n, cell in enumerate(cells))
        return [show.viewings[0].date for show in read(export(V3, *rows)).shows]

    assert days("4/5/2026", MONTH_FIRST) == [date(2026, 4, 5), date(2026, 4, 18)]
    assert days("4/5/2026", DAY_FIRST) == [date(2026, 5, 4), date(2026, 4, 18)]


@pytest.mark.parametrize("cell", ["", "2024", "2024-02"])
def test_a_part_of_a_day_is_no_day(cell: str) -> None:
    assert one(release_date=cell).premiered is None


@pytest.mark.parametrize(("cell", "year"), [("", None), ("2013–2023", 2013), ("2013-", 2013), ("1895", 1895)])
def test_years(cell: str, year: int | None) -> None:
    assert one(year=cell).year == year


def test_blank_cells_are_nothing() -> None:
    blank = dict.fromkeys(GLASS, "") | {"const": "tt90000101", "title": "Glass Harbour"}
    found = read(export(LIST3, blank))
    assert not found.problems
    assert found.shows == (
        Show("", "Glass Harbour", ids={"imdb": "tt90000101"}, url="https://www.imdb.com/title/tt90000101/"),
    )


def test_an_own_description_is_a_note_and_a_title_that_is_the_original_is_no_other_name() -> None:
    show = one(LIST3, description="From Bo,\nwith tea", original_title="Glass Harbour")
    assert (show.notes, show.aka) == ("From Bo,\nwith tea", ())


def test_a_wrong_cell_costs_itself() -> None:
    cells = {"your rating": "11", "date rated": "soon", "year": "1", "runtime (mins)": "x", "const": "x 1"}
    found = read(export(V3, cells, {"title": " "}))
    (show,) = found.shows
    assert (show.title, show.rating, show.year, show.runtime, show.ids, show.url) == (
        *("Glass Harbour", None, None, None),
        *({}, ""),
    )
    assert sorted(line.partition(":")[0] for line in said(found)) == [
        *("line 2, const", "line 2, date rated", "line 2, runtime (mins)", "line 2, year", "line 2, your rating"),
        "line 3",
    ]
    assert found.skipped == 1


def test_rows_of_another_width_are_read_as_far_as_they_go() -> None:
    found = read(f"{V3}\ntt1,7,2026-04-18,Short\ntt2,7,2026-04-18,Long,,,Movie,,,,,,,,,,more\n".encode())
    assert [(show.title, show.kind, show.rating) for show in found.shows] == [
        ("Short", None, 3.5),
        ("Long", Kind.FILM, 3.5),
    ]


def test_what_holds_no_titles_says_so() -> None:
    assert read(f"{V3}\n".encode()) == Imported(())
    with pytest.raises(UsageError, match="no column named Title"):
        read(b"Position,Const,Name\n1,nm90000007,Nobody\n")


def test_ratings_and_the_watchlist_meet_and_a_title_that_is_there_twice_is_one_show() -> None:
    ratings = read(export(V3, {}, {"const": "tt2", "title": "Other"}))
    rows = [{}, {"created": "2025-01-01"}, {"const": "tt3", "title": "Third", "your rating": "", "date rated": ""}]
    listed = read(export(LIST3, *rows))
    both = Imported((*ratings.shows, *listed.shows))
    plan = merge_imported(Watchlist(), both)
    assert plan.counts == {"new": 3, "changed": 0, "same": 2, "conflicting": 0, "skipped": 0}
    after = plan.edit(Watchlist())
    assert [len(show.viewings) for show in after.shows] == [1, 1, 0]
    again = merge_imported(after, both)
    assert again.edit(after) == after
    assert again.counts["same"] == 5


CELLS = st.sampled_from(
    ("", "7", "2026-04-18", MONTH_FIRST, "Movie", "TV Episode", "tt1", "tt2", "nm1", "Glass", "é,x", '"', "\n")
)


@settings(deadline=None, max_examples=examples(60))
@given(st.sampled_from(list(HEADS.values())), st.lists(st.lists(CELLS, max_size=19), max_size=8))
def test_no_rows_are_more_than_problems_and_the_second_time_changes_nothing(head: str, rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([next(csv.reader([head])), *rows])
    found = read(out.getvalue().encode())
    assert len(found.shows) + found.skipped == sum(any(cell.strip() for cell in row) for row in rows)
    after = merge_imported(Watchlist(), found).edit(Watchlist())
    assert merge_imported(after, found).edit(after) == after
