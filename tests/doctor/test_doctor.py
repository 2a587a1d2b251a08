"""What the doctor finds, where it says it is, and that what it mends is mended, with all else as it was."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.doctor import Finding, FindingKind, Severity, apply_fixes, examine
from watchlist.doctor.plausibility import title_key
from watchlist.doctor.suggestions import nearest_key, nearest_value, one_slip
from watchlist.doctor.surroundings import is_copy
from watchlist.domain.fields import FIELDS, STORED
from watchlist.domain.frozen import replace
from watchlist.domain.list_json_schema import takes
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.toml_values import render_value
from watchlist.errors import Refused
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.store.snapshot import seed

TODAY = date(2026, 11, 22)
Opened = Callable[[str | bytes], Library]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def open_list(text: str | bytes) -> Library:
        file = tmp_path / "list.toml"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return Library.open(file, Paths(tmp_path / "c.toml", file, tmp_path / "state", tmp_path / "cache"))

    return open_list


def show(lines: str, title: str = "Heat") -> str:
    return f'version = 1\n\n# above\n[[shows]]\ntitle = "{title}"\n{lines}\n'


def found(library: Library) -> list[Finding]:
    return list(examine(library, TODAY))


def only(library: Library) -> Finding:
    (finding,) = found(library)
    return finding


def test_nothing_is_wrong_with_the_seed(opened: Opened) -> None:
    assert found(opened(seed())) == []


def test_reading_finds_without_writing(opened: Opened, tmp_path: Path) -> None:
    library = opened(show('status = "watchign"'))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found(library)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


# Values: (what stands in the file, the nearest value, whether that is put there by --fix)
VALUES: list[tuple[str, Any, bool]] = [
    ('status = "watchign"', "watching", True),
    ('status = "Watched"', "watched", True),
    ('status = "wat"', None, False),
    ('kind = "flim"', "film", True),
    ("kind = 1", None, False),
    ("rating = 7", 3.5, False),
    ("rating = 87", 4.35, False),
    ("rating = 11", 5.0, False),
    ("rating = 4.3500000000000005", 4.35, True),
    ("rating = 4.333", 4.33, False),
    ('rating = "9/10"', 4.5, True),
    ('rating = "★★★★½"', 4.5, True),
    ("rating = nan", None, False),
    ("rating = inf", None, False),
    ("rating = -1", None, False),
    ("rating = 1e400", None, False),
    ("rating = true", None, False),
    ('year = "1995"', 1995, True),
    ("year = 1995.0", 1995, True),
    ("year = 1995.5", 1995, False),
    ("year = 20255", 2200, False),
    ("year = true", None, False),
    ('premiered = "2025-07-09"', date(2025, 7, 9), True),
    ('premiered = "2025/07/09"', date(2025, 7, 9), True),
    ('premiered = "Feb 30"', None, False),
    ("premiered = 2025-07-09T00:00:00", date(2025, 7, 9), True),
    ("premiered = 2025-07-09T20:00:00", date(2025, 7, 9), False),
    ("premiered = 20:00:00", None, False),
    ("premiered = 2025", "2025", True),
    ('tags = "noir"', ["noir"], True),
    ('tags = "noir, slow"', ["noir", "slow"], False),
    ("tags = [1, 2]", ["1", "2"], True),
    ("tags = [[1]]", None, False),
    ("language = 5", "5", True),
    ("language = true", None, False),
    ('url = " https://a.b "', "https://a.b", True),
    ('url = "www.a.b"', "https://www.a.b", False),
    ('ids = "tt0113277"', {"imdb": "tt0113277"}, True),
    ("ids = [1]", None, False),
    ('sources = "tvmaze=2026-11-29"', {"tvmaze": date(2026, 11, 29)}, True),
    ('sources = { tvmaze = "2026-11-29" }', {"tvmaze": date(2026, 11, 29)}, True),
    ("sources = { tvmaze = 2026-11-29T20:00:00 }", {"tvmaze": date(2026, 11, 29)}, False),
    ("sources = { tvmaze = true }", None, False),
    ('cast = ["Al Pacino"]', [{"actor": "Al Pacino"}], True),
    ('cast = "Al Pacino: Vincent"', [{"actor": "Al Pacino", "role": "Vincent"}], True),
    ("seasons = 3", None, False),
    ('seasons = "10, 8"', [{"number": 1, "episodes": 10}, {"number": 2, "episodes": 8}], False),
    ("seasons = { number = 1 }", [{"number": 1}], True),
    ('seasons = [{ number = 1, watched = "E1-E3; 5" }]', "1-3, 5", True),
    ("seasons = [{ number = 1, watched = [1, 2, 3] }]", "1-3", True),
    ("seasons = [{ number = 1, watched = 2 }]", "2", True),
    ('seasons = [{ number = "1" }]', 1, True),
    ('seasons = [{ number = 1, ratings = { E1 = "9/10" } }]', {"1": 4.5}, True),
    ("seasons = [{ episodes = 3 }]", None, False),
    ("seasons = [{ number = 1, aired = 2025-07-09 }]", [date(2025, 7, 9)], True),
    ('seasons = [{ number = 1, aired = ["2025/07/09", " ", 2025] }]', [date(2025, 7, 9), "", "2025"], True),
    ('seasons = [{ number = 1, aired = ["soon"] }]', None, False),
    ("viewings = [{ date = 2026-01-01T10:00:00+01:00 }]", None, False),
]


@pytest.mark.parametrize(("line", "nearest", "sure"), VALUES, ids=[line for line, _, _ in VALUES])
def test_X11_X13_a_wrong_value_is_named_with_its_place_and_kept_until_it_is_clear(
    opened: Opened, line: str, nearest: Any, sure: bool
) -> None:
    library = opened(show(f"{line} # mine\n\n[shows.own]\na = 1\n"))
    finding = only(library)
    assert (finding.severity, finding.kind, finding.title) == (Severity.WRONG, FindingKind.VALUE, "Heat")
    assert (finding.line, finding.file.name) == (6, "list.toml")
    assert finding.key.startswith(line.split(" ")[0])
    assert finding.allowed
    if nearest is not None:
        assert (finding.nearest, type(finding.nearest)) == (nearest, type(nearest))
    assert (finding.fix is not None) is sure
    before = library.text()
    mended = apply_fixes(library, [finding])
    assert (mended.fixed == (finding,)) is sure
    if not sure:
        assert library.text() == before
        return
    assert found(library) == []
    assert [a for a, b in zip(before.split("\n"), library.text().split("\n"), strict=True) if a != b] == [
        f"{line} # mine"
    ]
    assert library.text().split("\n")[5].endswith(" # mine")
    library.undo()
    assert library.text() == before


def test_the_column_is_where_the_value_begins(opened: Opened) -> None:
    library = opened('\ufeff[[shows]]\r\ntitle = "三体"\r\n  rating   =   11\r\n[[shows.seasons]]\r\nnumber = "x"\r\n')
    places = [(finding.line, finding.column, finding.key) for finding in found(library)]
    assert places == [(3, 16, "rating"), (5, 10, "seasons[0].number")]


def test_every_fault_of_a_row_is_told_not_the_first_alone(opened: Opened) -> None:
    library = opened(show('[[shows.seasons]]\nnumber = 1\nwatched = 1\n[[shows.seasons]]\nnumber = "2"\nskipped = 2'))
    assert [finding.key for finding in found(library)] == [
        "seasons[0].watched",
        "seasons[1].number",
        "seasons[1].skipped",
    ]
    assert len(apply_fixes(library, found(library)).fixed) == 3
    assert found(library) == []


def test_a_rating_on_the_users_own_scale_is_clear() -> None:
    rating = FIELDS["rating"].type
    assert nearest_value(rating, 7, DisplayStyle("10")) == (3.5, True)
    assert nearest_value(rating, 87, DisplayStyle("100")) == (4.35, True)
    assert nearest_value(rating, 7) == (3.5, False)


def test_every_field_says_what_it_takes() -> None:
    assert all(takes(field.type) for field in STORED)
    assert takes(FIELDS["status"].type) == "one of watching, planned, watched, paused, dropped, in quotes"
    assert takes(FIELDS["year"].type) == "a whole number from 1870 to 2200"


SCALARS = st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.datetimes()
VALUES_OF_ANY_TYPE = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


@given(st.sampled_from(STORED), VALUES_OF_ANY_TYPE)
def test_X13_whatever_stands_there_the_nearest_value_is_one_that_is_taken(field: Any, raw: Any) -> None:
    value, sure = nearest_value(field.type, raw)
    if value is None:
        assert not sure
    else:
        field.type.read(value)
        render_value(value)


# Keys


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("ratings = 4.0", "rating"),
        ("raitng = 4.0", "rating"),
        ("Rating = 4.0", "rating"),
        ('based-on = "a novel"', "based_on"),
        ('basedOn = "a novel"', "based_on"),
        ('tag = ["noir"]', "tags"),
        ('note = "mine"', "notes"),
        ('"ratin" = 4.0', "rating"),
        ('stauts = "Watched"', "status"),
    ],
)
def test_a_key_that_is_a_slip_away_is_told_and_renamed(opened: Opened, line: str, name: str) -> None:
    library = opened(show(f"{line} # mine"))
    finding = only(library)
    assert (finding.kind, finding.nearest, finding.line, finding.column) == (FindingKind.KEY, name, 6, 1)
    before = library.text().split("\n")
    assert len(apply_fixes(library, [finding]).fixed) == 1
    after = library.text().split("\n")
    assert after[5].startswith(f"{name} = ")
    assert after[5].endswith(" # mine")
    assert after[:5] + after[6:] == before[:5] + before[6:]
    assert found(library) == []


@pytest.mark.parametrize(
    "line",
    [
        'season = "3"',
        'mood = "blue"',
        "cost = 5",
        "years = 3",
        'actors = "x"',
        "ratings = { imdb = 8.1 }",
        "lang = 1",
        "seen = 3",
    ],
)
def test_a_key_of_ones_own_is_left_in_peace(opened: Opened, line: str) -> None:
    assert found(opened(show(line))) == []


@pytest.mark.parametrize(
    "line",
    [
        "bid = 30",
        'ids_ = "x"',
        'rated = "R"',
        'cats = ["x"]',
        "cats = [{ actor = 'A' }]",
        "titles = 2010-01-01",
        'noted = "x"',
        'votes = "x"',
        'yaer = "1995"',
        "platfrom = 3",
        "reluted = 'x'",
        'tgas = ["x"]',
    ],
)
def test_E3_a_key_that_may_be_ones_own_is_never_renamed(opened: Opened, line: str) -> None:
    library = opened(show(line))
    before = library.text()
    assert all(finding.fix is None for finding in found(library))
    apply_fixes(library, found(library))
    assert library.text() == before
    bare = opened(f'[[shows]]\ntitle = "Heat"\n{line}\n')
    apply_fixes(bare, found(bare))
    assert bare.text() == f'[[shows]]\ntitle = "Heat"\n{line}\n'


def test_a_key_is_never_renamed_where_the_right_one_is_there_too(opened: Opened) -> None:
    library = opened(show("rating = 4.0\nraitng = 3.0"))
    finding = only(library)
    assert finding.fix is None
    assert "rating exists too" in finding.hint
    assert apply_fixes(library, [finding]).fixed == ()


@pytest.mark.parametrize("line", ["raitng = 3.0\nratings = 4.0", 'cast = [{ acter = "A", actr = "B" }]'])
def test_of_two_keys_that_mean_the_same_none_is_lost(opened: Opened, line: str) -> None:
    library = opened(show(line))
    before = library.text()
    apply_fixes(library, found(library))
    assert sorted(value for value in ("3.0", "4.0", '"A"', '"B"') if value in library.text()) == sorted(
        value for value in ("3.0", "4.0", '"A"', '"B"') if value in before
    )


@pytest.mark.parametrize(
    ("lines", "keys"),
    [
        ('note = "x"\nNotes = "y"', ["note", "Notes"]),
        ('noets = "x"\nNotes = "y"\nNOTES = "z"\nRating = 4.0', ["noets", "Notes", "NOTES"]),
        ('[[shows.viewings]]\nreveiw = "x"\nReview = "y"', ["viewings[0].reveiw", "viewings[0].Review"]),
    ],
)
def test_of_two_keys_that_mean_the_same_neither_is_a_fix(opened: Opened, lines: str, keys: list[str]) -> None:
    library = opened(show(lines))
    findings = found(library)
    unclear = [finding.key for finding in findings if "decide which of them is right" in finding.hint]
    assert unclear == keys
    fixes = [finding for finding in findings if finding.fix is not None]
    assert len(apply_fixes(library, findings).fixed) == len(fixes) == len(findings) - len(unclear)
    assert [finding.key for finding in found(library)] == unclear


def test_tables_with_a_slip_in_their_name_are_renamed_with_all_their_headers(opened: Opened) -> None:
    library = opened(show("[[shows.season]]\nnumber = 1\n\n[[ shows . season ]] # two\nnumber = 2\nwatchd = '1'"))
    assert [finding.key for finding in found(library)] == ["season"]
    apply_fixes(library, found(library))
    assert library.text().count("seasons") == 2
    assert [finding.key for finding in found(library)] == ["seasons[1].watchd"]
    apply_fixes(library, found(library))
    assert [season.watched for season in library.list.shows[0].seasons] == [(), (1,)]
    assert "[[ shows . seasons ]] # two" in library.text()


def test_a_title_with_a_slip_is_one_fault_not_two(opened: Opened) -> None:
    library = opened('[[shows]]\ntitel = "Heat"\n')
    assert only(library).key == "titel"
    apply_fixes(library, found(library))
    assert library.list.shows[0].title == "Heat"
    assert only(opened("[[shows]]\nyear = 1995\n")).message == "there is no title, and every show needs one"


def test_tables_beside_the_shows_are_told_and_none_is_lost(opened: Opened) -> None:
    text = show("") + '[[shwos]]\ntitle = "Lost"\n[[shwos.seasons]]\nnumber = 1\n\n[[view]]\nname = "x"\nquery = "y"\n'
    library = opened(text.replace("version", "verison"))
    assert [finding.key for finding in found(library)] == ["verison", "shwos", "view"]
    mended = apply_fixes(library, found(library))
    assert len(mended.fixed) == 3
    assert library.text() == text.replace("shwos", "shows").replace("[[view]]", "[[views]]")
    assert [s.title for s in library.list.shows] == ["Heat", "Lost"]
    library.undo()
    assert library.text() == text.replace("version", "verison")


def test_a_view_without_a_query_in_quotes_is_told(opened: Opened) -> None:
    finding = only(opened(show("") + "[[views]]\nname = 'a'\n\n[[views]]\nname = 5\n"))
    assert (finding.key, finding.line, finding.fix) == ("views[1]", 10, None)


# What is there twice


def test_X15_a_taken_id_is_told_and_can_be_replaced_by_the_one_it_is_known_by(opened: Opened) -> None:
    text = '[[shows]]\nid = "a"\ntitle = "One"\n\n[[shows]]\nid = "a" # copied\ntitle = "Two"\n'
    library = opened(text)
    finding = only(library)
    assert (finding.kind, finding.line, finding.nearest, finding.title) == (FindingKind.ID, 6, "a-2", "Two")
    apply_fixes(library, [finding])
    assert library.text() == text.replace('"a" # copied', '"a-2" # copied')
    assert found(library) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Heat", "HEAT"),
        ("The Heat", "Heat"),
        ("Amélie", "Ame\u0301lie"),
        ("Amélie", "amelie"),
        ("Die Brücke", "brucke"),
        ("Heat", "Неаt"),
        ("ﬁlm", "film"),
        ("Spider-Man", "Spider Man"),
    ],
)
def test_X15_titles_that_are_alike_are_told_and_both_stay(opened: Opened, one: str, other: str) -> None:
    library = opened(f'[[shows]]\ntitle = "{one}"\nyear = 1995\n[[shows]]\ntitle = "{other}"\n')
    finding = only(library)
    assert (finding.kind, finding.line, finding.fix, finding.title) == (FindingKind.DUPLICATE, 5, None, other)
    assert apply_fixes(library, [finding]).fixed == ()
    assert len(library.list.shows) == 2


def test_remakes_and_namesakes_are_no_duplicates(opened: Opened) -> None:
    rows = [("Heat", "year = 1995"), ("Heat", "year = 1986"), ("Fargo", 'kind = "film"'), ("Fargo", 'kind = "series"')]
    assert found(opened("".join(f'[[shows]]\ntitle = "{title}"\n{line}\n' for title, line in rows))) == []
    assert title_key("The The") != title_key("A")
    assert title_key("!!!") != title_key("???")


def test_a_shared_id_elsewhere_is_told(opened: Opened) -> None:
    rows = "".join(f'[[shows]]\ntitle = "{title}"\nids = {{ imdb = "tt1" }}\n' for title in ("Heat", "Hitze"))
    finding = only(opened(rows))
    assert (finding.kind, finding.line) == (FindingKind.DUPLICATE, 6)
    assert "imdb tt1" in finding.message


# Days and episodes


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("premiered = 0001-01-01", "premiered"),
        ("premiered = 9999-12-31", "premiered"),
        ("added = 2026-11-23", "added"),
        ("added = 0001-01-01", "added"),
        ("viewings = [{ date = 2026-11-23 }]", "viewings[0].date"),
        ("viewings = [{ date = 2027-01-01T10:00:00 }]", "viewings[0].date"),
        ("year = 2022\nviewings = [{ date = 2012-01-01 }]", "viewings[0].date"),
        ("viewings = [{ started = 2020-02-01, finished = 2020-01-01 }]", "viewings[0].finished"),
        ("started = 2020-02-01\nfinished = 2020-01-01", "finished"),
    ],
)
def test_X12_a_day_that_can_not_be_is_told(opened: Opened, lines: str, key: str) -> None:
    finding = only(opened(show(lines)))
    assert (finding.severity, finding.kind, finding.key, finding.fix) == (Severity.ODD, FindingKind.DATE, key, None)
    assert finding.line == 5 + lines.count("\n") + 1


def test_X12_days_that_can_be_are_not(opened: Opened) -> None:
    lines = "premiered = 2027-01-01\nadded = 2026-11-22\nyear = 2025\nviewings = [{ date = 2024-12-30 }, { }]"
    assert found(opened(show(lines))) == []


def test_episodes_beyond_the_season_are_told(opened: Opened) -> None:
    season = (
        'number = 1\nepisodes = 3\nwatched = "1-5"\nskipped = "4"\nratings = { 9 = 4.0 }\ntitles = ["", "", "", ""]\n'
        'aired = [2025-07-09, "", "", ""]'
    )
    library = opened(show(f"[[shows.seasons]]\n{season}\n\n[[shows.seasons]]\nnumber = 1\n"))
    said = {finding.key: finding.message for finding in found(library)}
    assert set(said) == {
        *("seasons[0].watched", "seasons[0].skipped", "seasons[0].ratings", "seasons[0].titles", "seasons[1].number"),
        "seasons[0].aired",
    }
    assert said["seasons[0].aired"] == "season row 1 has 4 air dates; season 1 has 3"
    assert said["seasons[0].watched"] == "season row 1, watched has episode 4-5; season 1 has 3"
    assert found(opened(show('[[shows.seasons]]\nnumber = 0\nwatched = "1-5"'))) == []


# The file and what lies around it


def test_damage_is_told_with_its_line_and_nothing_is_mended(opened: Opened) -> None:
    library = opened(show('status = "watchign"') + '[[shows]]\ntitle = "B\n')
    damage, value = sorted(found(library), key=lambda finding: finding.severity)
    assert (damage.severity, damage.line, damage.text) == (Severity.DAMAGE, 8, 'title = "B')
    assert damage.text[damage.caret.index("^") - 1 :] or damage.caret
    assert (value.key, value.line, value.fix) == ("status", 6, None)
    assert apply_fixes(library, found(library)).fixed == ()


def test_F34_conflict_markers_are_found_even_where_the_text_can_be_read(opened: Opened) -> None:
    marks = "<<<<<<< HEAD\nrating = 3.0\n=======\nrating = 4.0\n>>>>>>> theirs"
    broken = found(opened(show(marks)))
    assert [(finding.kind, finding.line) for finding in broken] == [(FindingKind.DAMAGE, 6), (FindingKind.CONFLICT, 10)]
    inside = found(opened(show(f'notes = """\n{marks}\n"""')))
    assert [(f.kind, f.severity, f.line) for f in inside] == [
        (FindingKind.CONFLICT, Severity.WRONG, 7),
        (FindingKind.CONFLICT, Severity.WRONG, 11),
    ]


def test_X14_a_list_of_a_newer_version_is_damage_of_a_kind(opened: Opened) -> None:
    finding = only(opened("version = 2\n" + show("")[12:]))
    assert (finding.severity, finding.line) == (Severity.DAMAGE, 1)
    assert "version 2" in finding.message


def test_shows_in_one_value_are_looked_at_and_left_as_they_are(opened: Opened) -> None:
    library = opened('version = 1\nshows = [\n  { title = "Heat", status = "watchign" },\n]\n')
    finding = only(library)
    assert (finding.line, finding.column, finding.fix) == (3, 30, None)


COPIES = [
    "list.sync-conflict-20261122-101112-ABCDEFG.toml",  # Syncthing
    "list (Ann's conflicted copy 2026-11-22).toml",  # Dropbox
    "list (conflicted copy 2026-11-22 101112).toml",  # Nextcloud
    "list_conflict-20261122-101112.toml",  # ownCloud
    "list (1).toml",  # Google Drive
    "list.toml.orig",  # patch and merge tools
    "list (In Konflikt stehende Kopie von Ann 2026-11-22).toml",
    "list (Copie en conflit de Ann 2026-11-22).toml",
    "list (Copia en conflicto de Ann 2026-11-22).toml",
    "list (конфликтующая копия 2026-11-22).toml",
    "list (競合コピー 2026-11-22).toml",
    "list [Conflict].toml",
    "list 2.toml",  # iCloud
    "list_REMOTE_1234.toml",  # git mergetool
]


@pytest.mark.parametrize("name", COPIES)
def test_F32_copies_of_sync_programs_are_told_and_never_touched(opened: Opened, tmp_path: Path, name: str) -> None:
    library = opened(show(""))
    (tmp_path / name).write_text("else")
    finding = only(library)
    assert (finding.kind, finding.file, finding.line, finding.fix) == (FindingKind.COPY, tmp_path / name, 0, None)
    assert "may hold changes" in finding.message
    (tmp_path / name).write_bytes(library.file.read_bytes())
    assert "the same as the list" in only(library).message
    apply_fixes(library, found(library))
    assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    "name", ["list.toml", "list-old.toml", "listed (1).toml", "other (1).toml", "list.md", "list (x).toml"]
)
def test_F32_other_files_are_none_of_its_business(name: str) -> None:
    assert not is_copy(name, "list.toml")


def test_leftovers_of_a_crash_are_told_once_they_are_old(opened: Opened, tmp_path: Path) -> None:
    library = opened(show(""))
    left = tmp_path / ".0123456789ab.tmp"
    left.write_text("half")
    assert found(library) == []  # a write that goes on
    os.utime(left, (time.time() - 3600,) * 2)
    assert (only(library).kind, only(library).file) == (FindingKind.LEFTOVER, left)


def test_a_folder_that_copies_can_not_go_to_is_told(opened: Opened, tmp_path: Path) -> None:
    library = opened(show(""))
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "backups").write_text("in the way")
    finding = only(library)
    assert (finding.kind, finding.severity) == (FindingKind.FOLDER, Severity.WRONG)
    assert "backups can't be kept" in finding.message


def test_a_loss_is_told_and_nothing_is_mended_over_it(opened: Opened) -> None:
    many = "".join(f'[[shows]]\ntitle = "Show {n}"\n' for n in range(20)) + 'status = "watchign"\n'
    library = opened(many)
    apply_fixes(library, found(library))
    shrunk = opened('[[shows]]\ntitle = "Show 1"\nstatus = "watchign"\n')  # in another process
    doubt, value = found(shrunk)
    assert (doubt.kind, doubt.severity, value.fix) == (FindingKind.DOUBT, Severity.DAMAGE, None)
    assert "1 of 20 shows left" in doubt.message


def test_what_changed_meanwhile_is_left_alone(opened: Opened) -> None:
    library = opened(show('status = "watchign"'))
    finding = only(library)
    library.file.write_text(show('status = "watchd"'))
    with pytest.raises(Refused):
        apply_fixes(library, [finding])
    library.reload()
    assert apply_fixes(library, [finding]).fixed == ()
    assert 'status = "watchd"' in library.file.read_text()


def test_all_is_one_change_and_one_undo(opened: Opened) -> None:
    text = show('status = "watchign"') + '\n[[shows]]\ntitle = "B"\nyear = "1995"\nraitng = 4.0\n'
    library = opened(text)
    mended = apply_fixes(library, found(library))
    assert (len(mended.fixed), mended.change.label, len(library.history())) == (3, "Fixed 3 problems", 1)
    library.undo()
    assert library.file.read_text() == text


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [("rating", "raitng", True), ("tag", "tags", True), ("a", "b", True), ("cast", "crew", False), ("x", "x", True)],
)
def test_one_slip(a: str, b: str, near: bool) -> None:
    assert one_slip(a, b) is near
    assert one_slip(b, a) is near


def test_of_two_keys_as_near_none_is_meant() -> None:
    assert nearest_key("cat", ["cast", "cats"]) is None


def test_findings_are_in_the_order_of_the_file(opened: Opened) -> None:
    library = opened("".join(f'[[shows]]\ntitle = "S{n}"\nrating = {n}\nyear = "x"\n' for n in range(6, 40)))
    lines = [finding.line for finding in found(library)]
    assert lines == sorted(lines)
    assert lines[:4] == [3, 4, 7, 8]
    assert replace(library.list).shows[0].problems


def seasons(*rows: str) -> str:
    text = 'kind = "series"\n'
    return text + "".join(f"\n[[shows.seasons]]\n{row}\n" for row in rows)


FIRST = "number = 1\nepisodes = 61"


@pytest.mark.parametrize(
    ("rows", "offered", "fixed"),
    [
        ((FIRST, 'number = 2\nepisodes = 16\nwatched = "62-77" # all'), 62, True),
        ((FIRST, 'number = 2\nepisodes = 16\nwatched = "62-64"'), 62, True),
        ((FIRST, 'number = 2\nepisodes = 16\nskipped = "62"\nratings = { 63 = 4.0 }'), 62, True),
        (("number = 1\nepisodes = 10", 'number = 2\nepisodes = 10\nwatched = "11-12"'), 11, True),
        ((FIRST, "number = 2\nepisodes = 16", 'number = 3\nepisodes = 13\nwatched = "78-80"'), 78, True),
        (('number = 2\nepisodes = 16\nwatched = "62"', FIRST), 62, True),
        (("number = 0\nepisodes = 2", FIRST, 'number = 2\nepisodes = 16\nwatched = "62"'), 62, True),
        ((FIRST, 'number = 2\nepisodes = 16\nwatched = "65-70"'), 62, False),
        (("number = 1\nepisodes = 8", 'number = 2\nepisodes = 10\nwatched = "11-12"'), 9, False),
        ((FIRST, 'number = 2\nepisodes = 16\nwatched = "1, 62-77"'), None, False),
        ((FIRST, 'number = 2\nepisodes = 16\nwatched = "62-99"'), None, False),
        (("number = 1", 'number = 2\nepisodes = 16\nwatched = "62-77"'), None, False),
        (('number = 1\nepisodes = 16\nwatched = "62-77"',), None, False),
        ((FIRST, 'number = 2\nfirst = 3\nepisodes = 16\nwatched = "62-77"'), None, False),
    ],
)
def test_C2_numbers_that_continue_the_season_before_are_told_and_mended_where_it_is_clear(
    opened: Opened, rows: tuple[str, ...], offered: int | None, fixed: bool
) -> None:
    text = show(seasons(*rows))
    library = opened(text)
    finding = only(library)
    assert finding.nearest == offered
    assert (finding.fix is not None) is fixed
    if offered is None:
        assert "has episode" in finding.message
        return
    assert finding.key.endswith(".first")
    assert f"the first one is {offered}" in finding.message
    if fixed:
        mended = apply_fixes(library, [finding])
        assert len(mended.fixed) == 1
        written = library.file.read_text("utf-8")
        assert f"first = {offered}\n" in written
        assert written.replace(f"first = {offered}\n", "") in (
            text,
            text.replace('title = "Heat"', 'id = "heat"\ntitle = "Heat"'),
        )
        assert found(library) == []


def test_C2_a_chain_of_seasons_is_mended_at_once(opened: Opened) -> None:
    rows = (FIRST, 'number = 2\nepisodes = 16\nwatched = "62"', 'number = 3\nepisodes = 13\nwatched = "78-79"')
    library = opened(show(seasons(*rows)))
    assert [finding.nearest for finding in found(library)] == [62, 78]
    apply_fixes(library, found(library))
    assert [season.first for season in library.list.shows[0].seasons] == [None, 62, 78]
    assert found(library) == []


def test_C2_what_was_said_meanwhile_is_not_said_again(opened: Opened) -> None:
    library = opened(show(seasons(FIRST, 'number = 2\nepisodes = 16\nwatched = "62"')))
    (finding,) = found(library)
    first = library.file.read_text("utf-8").replace("number = 2\n", "number = 2\nfirst = 60\n")
    library.replace_text(first, was=library.text())
    assert apply_fixes(library, [finding]).fixed == ()


@pytest.mark.parametrize("wrong", ["0", "-1", '"62"', "2.5", "true", "100000"])
def test_C2_the_first_number_is_a_whole_one_over_nothing(opened: Opened, wrong: str) -> None:
    finding = only(opened(show(seasons(f"number = 2\nfirst = {wrong}\nepisodes = 16"))))
    assert (finding.severity, finding.key) == (Severity.WRONG, "seasons[0].first")
    assert "a whole number from 1 to 20000" in finding.allowed
    if wrong == '"62"':
        assert finding.fix is not None
        assert finding.fix.value == 62


def test_C2_what_a_numbered_season_does_not_have_is_said(opened: Opened) -> None:
    finding = only(opened(show(seasons(FIRST, 'number = 2\nfirst = 62\nepisodes = 16\nwatched = "1-3, 62"'))))
    assert "season row 2, watched has episode 1-3; season 2 has 16, numbered from 62" in finding.message


def test_C1_a_film_with_seasons_is_odd(opened: Opened) -> None:
    finding = only(opened(show("kind = 'film'\n\n[[shows.seasons]]\nnumber = 1\nepisodes = 3")))
    assert "a film has no seasons" in finding.message
    assert 'kind = "series"' in finding.hint
