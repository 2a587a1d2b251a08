"""Generated shows and lists for hypothesis: what the model allows, and what people really write."""

from __future__ import annotations

import functools
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from watchlist.domain.dates import PartialDate
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Credit, Kind, Role, Season, Show, Status, Viewing
from watchlist.domain.watchlist import Watchlist

Texts = st.SearchStrategy[str]

AWKWARD = (
    *("[REC]", "x [/oops]", "a [red]b", "Ocean's Eleven", "Ocean’s Eleven", 'the "other" one', "=SUM(A1)", "-1", "^up"),
    *("Renée Ballard", "Søren Łuk", "三体", "ميكروبات", "👩‍🚀 e\u0301", "M*A*S*H", "2001: A Space Odyssey", "none"),
    *("Good, Bad; Ugly", "a\tb", "two\nlines", "C:\\temp\\x", "#hash", "50% off", "title:dune", "a, b", "..", "★★★"),
)


def texts(*, max_size: int = 20) -> Texts:
    """Printable text of many scripts, and texts that trip programs up; may be empty, hold newlines or end in blanks."""
    printable = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
    return st.sampled_from(AWKWARD) | st.text(st.sampled_from("abcdeé \"',:;-.[]") | printable, max_size=max_size)


def wild_texts(*, max_size: int = 20) -> Texts:
    """Whatever TOML can hold: escape sequences, NUL, C1 and bidi controls too. No lone surrogates."""
    return texts(max_size=max_size) | st.text(st.characters(codec="utf-8"), max_size=max_size)


TEXTS = texts()


def words(source: Texts = TEXTS) -> Texts:
    """One line without blanks at its ends or runs of them inside, as a field of one line comes out of a form."""
    return source.map(lambda text: " ".join(text.split())).filter(bool)


def ratings() -> st.SearchStrategy[float]:
    """Stars with two decimals at most, over 0 and up to 5."""
    return st.integers(1, 500).map(lambda hundredths: hundredths / 100)


def days() -> st.SearchStrategy[date]:
    return st.dates(date(1900, 1, 1), date(2100, 12, 31))


def moments() -> st.SearchStrategy[date | datetime]:
    """A day, or a local time of a day."""
    return days() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)).map(lambda time: time.replace(fold=0))


def partial_dates() -> st.SearchStrategy[PartialDate]:
    """A month, or a year."""
    return st.builds(PartialDate, st.integers(1900, 2100), st.none() | st.integers(1, 12))


def own_values(text: Texts = TEXTS) -> st.SearchStrategy[Any]:
    """What users keep under keys of their own."""
    leaves = text | st.integers(-(10**6), 10**6) | st.booleans() | days() | st.floats(-100, 100)
    return leaves | st.lists(leaves, max_size=2) | st.dictionaries(st.sampled_from("pq"), leaves, max_size=2)


def own_tables(text: Texts = TEXTS) -> st.SearchStrategy[dict[str, Any]]:
    """Keys that no field has, and their values."""
    keys = st.sampled_from(["shelf", "lent_to", "disc-region", "4k"]).filter(lambda key: key not in FIELDS)
    return st.dictionaries(keys, own_values(text), max_size=2)


def _names(source: Texts) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(words(source), max_size=3, unique=True).map(tuple)


def _numbers() -> st.SearchStrategy[tuple[int, ...]]:
    return st.sets(st.integers(1, 30), max_size=6).map(lambda numbers: tuple(sorted(numbers)))


def seasons(text: Texts = TEXTS) -> st.SearchStrategy[Season]:
    return st.builds(
        Season,
        number=st.integers(0, 40),
        episodes=st.none() | st.integers(0, 30),
        titles=st.lists(text, max_size=3).map(tuple),
        watched=_numbers(),
        skipped=_numbers(),
        ratings=st.dictionaries(st.integers(1, 30), ratings(), max_size=3),
        first=st.none() | st.integers(1, 30),
        aired=st.lists(st.none() | days() | partial_dates(), max_size=3).map(tuple),
        other=own_tables(text),
    )


def viewings(text: Texts = TEXTS) -> st.SearchStrategy[Viewing]:
    return st.builds(
        Viewing,
        date=st.none() | moments() | partial_dates(),
        rating=st.none() | ratings(),
        episodes=st.sampled_from(["", "S01E01", "S01E01-E03"]),
        people=_names(text),
        review=text,
        rewatch=st.none() | st.integers(1, 5),
        other=own_tables(text),
    )


@functools.cache
def _optional(wild: bool) -> dict[str, st.SearchStrategy[Any]]:
    """A strategy for every field that a show can do without."""
    text = wild_texts() if wild else TEXTS
    line, own = words(text), own_tables(text)
    return {
        "kind": st.sampled_from(Kind),
        "year": st.integers(1870, 2200),
        "status": st.sampled_from(Status),
        "rating": ratings(),
        "platform": line,
        "premiered": days() | partial_dates(),
        "added": days() | partial_dates(),
        "runtime": st.integers(1, 10_000),
        "language": line,
        "url": st.sampled_from(["https://example.org/a?b=c", "http://x.example/"]),
        "based_on": line,
        "synopsis": text,
        "notes": text,
        "ids": st.dictionaries(
            st.sampled_from(["imdb", "tmdb", "letterboxd"]), st.integers(1, 10**7) | line, max_size=2
        ),
        "sources": st.dictionaries(
            st.sampled_from(["tvmaze", "wikidata", "my own"]), days() | partial_dates(), max_size=2
        ),
        "cast": st.lists(st.builds(Role, actor=line, role=text, other=own), max_size=3).map(tuple),
        "crew": st.lists(st.builds(Credit, name=line, job=text, other=own), max_size=2).map(tuple),
        "seasons": st.lists(seasons(text), max_size=2).map(tuple),
        "viewings": st.lists(viewings(text), max_size=2).map(tuple),
        "other": own,
    } | dict.fromkeys(("creators", "genres", "tags", "aka", "related"), _names(text))


def shows(*, wild: bool = False) -> st.SearchStrategy[Show]:
    """Shows with any of their fields, without problems: what `from_table` can give. `wild`: see `wild_texts`."""
    optional = _optional(wild)
    chosen = st.sets(st.sampled_from(sorted(optional)), max_size=8)
    values = chosen.flatmap(lambda names: st.fixed_dictionaries({name: optional[name] for name in sorted(names)}))
    title = words(wild_texts() if wild else TEXTS)
    return st.builds(lambda values, **known: Show(**known, **values), values, id=ids(), title=title)


def ids() -> st.SearchStrategy[str]:
    """Ids as the program makes them, a few of them only, so that edits and merges meet."""
    return st.from_regex(r"[a-f][a-f0-9]{0,3}(-[0-9]{1,2})?", fullmatch=True)


def show_lists(*, max_size: int = 5, wild: bool = False) -> st.SearchStrategy[list[Show]]:
    """Shows whose ids differ."""
    return st.lists(shows(wild=wild), max_size=max_size, unique_by=lambda show: show.id)


def watchlists(*, max_size: int = 5, wild: bool = False) -> st.SearchStrategy[Watchlist]:
    """Whole lists, without views."""
    return show_lists(max_size=max_size, wild=wild).map(lambda found: Watchlist(shows=tuple(found)))
