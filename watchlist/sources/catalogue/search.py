"""The search in the catalogue: which titles a text means, best known first.

Candidates come from the indexes in the order of fame, which needs no sorting. They are then ordered by their votes and
by how well they match, so that a title typed in full comes before a better known one that only contains it.
"""

from __future__ import annotations

import math
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from watchlist.sources.catalogue.rows import COLUMNS, SEPARATOR, title_of
from watchlist.sources.catalogue.title import CatalogueTitle
from watchlist.sources.catalogue.words import (
    ARTICLES,
    YEAR_MARK,
    Query,
    distance,
    index_words,
    joined,
    max_typos,
    parse_query,
    typo_keys,
    whole_key,
)

MIN_CANDIDATES = 100  # that are compared, even if fewer titles are wanted
MAX_LIMIT = 1000
FEW = 5  # if fewer titles are found, and none is typed in full, typos are tried
FAMOUS_VOTES = 1000  # also if no title found has as many
TOP, MAX_WHOLES = 5, 5
MIN_RUN, MAX_RUN = 6, 20  # letters of a word that may be two words without the blank, e.g. `starwars`
MIN_PART = 2  # letters of each of the two
MAX_SIMILAR = 6  # how many similar words are tried for each word
MAX_COMPARED = 200  # how many words are compared with each word
# Bonuses in powers of ten of votes: a title typed in full may have a hundredth of the votes of one that contains it.
WHOLE_TITLE, BEGINNING, WORDS_IN_FULL, SPLIT, TYPO, OTHER_LANGUAGE = 2.0, 0.7, 0.4, -1.0, -2.0, -1.0

Row = Sequence[Any]  # with COLUMNS
_RANK, _TITLE, _ORIGINAL, _YEAR, _VOTES, _AKAS = 0, 2, 3, 4, 9, 14


def search(connection: sqlite3.Connection, text: str, limit: int, *, akas: bool) -> list[CatalogueTitle]:
    """Return at most `limit` titles for a search text. `akas` is True if titles in other languages are indexed.

    Raises sqlite3.Error, ValueError or TypeError if the file is damaged.
    """
    query = parse_query(text)
    if not query.words or limit < 1:
        return []
    limit = min(limit, MAX_LIMIT)
    candidates = _Candidates(connection, max(limit, MIN_CANDIDATES), akas=akas)
    for reading in _readings(query):
        candidates.add(reading)
    if candidates.are_few:
        for reading in _readings(query):
            candidates.add_similar(reading)
    return candidates.best(limit)


def _readings(query: Query) -> Iterator[Query]:
    """Yield what a search text can mean: with its digits as a year and, if they may be a word, with this word."""
    yield query
    if query.is_word:
        yield Query((*query.words, query.digits))


class _Candidates:
    """Titles that a search text may mean, each with its best score."""

    def __init__(self, connection: sqlite3.Connection, count: int, *, akas: bool) -> None:
        self._connection = connection
        self._count = count  # how many titles are taken from each index
        self._akas = akas
        self._rows: dict[int, Row] = {}  # by rank
        self._scores: dict[int, float] = {}
        self._known_as: dict[int, str] = {}
        self._wholes: set[int] = set()  # ranks of the titles that were typed in full

    @property
    def are_few(self) -> bool:
        """True if the titles found are few or hardly known, so that the text may have typos."""
        if any(self._rows[rank][_VOTES] >= FAMOUS_VOTES for rank in self._wholes):
            return False
        return len(self._scores) < FEW or all(self._rows[rank][_VOTES] < FAMOUS_VOTES for rank in self._scores)

    def best(self, limit: int) -> list[CatalogueTitle]:
        """Return the titles with the highest scores, at most `limit`.

        A few titles that were typed in full follow after TOP others, even if hardly anybody knows them.
        """
        ranks = sorted(self._scores, key=lambda rank: (-self._scores[rank], rank))
        top, others = ranks[:TOP], ranks[TOP:]
        wholes = [rank for rank in others if rank in self._wholes][:MAX_WHOLES]
        chosen = [*top, *wholes, *(rank for rank in others if rank not in wholes)][:limit]
        return [title_of(self._rows[rank], self._known_as.get(rank, "")) for rank in chosen]

    def add(self, query: Query) -> None:
        """Add the titles that have all words of `query`, as beginnings of their words."""
        match = " AND ".join(f'"{word}"*' for word in query.words) + _year_terms(query)
        ranks = [*self._whole(query), *self._matches("title_words", match)]
        self._score(ranks, query)
        if self._akas:
            self._score(self._matches("aka_words", match), query, 0.0, in_akas=True)

    def add_similar(self, query: Query) -> None:
        """Add the titles that have, for each word of `query`, the word or a similar one."""
        self._add_split(query)
        choices = [_similar(self._connection, word) for word in query.words]
        if not any(choices):
            return
        alternatives = (
            " OR ".join([f'"{word}"*', *(f'"{term}"' for term in terms)])
            for word, terms in zip(query.words, choices, strict=True)
        )
        match = " AND ".join(f"({terms})" for terms in alternatives) + _year_terms(query)
        meant = tuple(terms[0] if terms else word for word, terms in zip(query.words, choices, strict=True))
        meant_query = query._replace(words=meant)
        self._score(self._matches("title_words", match), meant_query, TYPO)
        if self._akas:
            self._score(self._matches("aka_words", match), meant_query, TYPO, in_akas=True)

    def _add_split(self, query: Query) -> None:
        """Add the titles that have the only word of `query` as two words."""
        (word, *more) = query.words
        if more or not MIN_RUN <= len(word) <= MAX_RUN:
            return
        parts = ((word[:place], word[place:]) for place in range(MIN_PART, len(word) - MIN_PART + 1))
        match = " OR ".join(f'("{first}" AND "{second}"*)' for first, second in parts)
        self._score(self._matches("title_words", f"({match}){_year_terms(query)}"), query, SPLIT)

    def _whole(self, query: Query) -> list[int]:
        """Return the ranks of the first titles that consist of the words of `query` and nothing else."""
        rows = self._connection.execute(
            "SELECT rank FROM whole_titles WHERE key = ? ORDER BY rank LIMIT ?",
            (whole_key("".join(query.words)), self._count),
        )
        return [rank for (rank,) in rows]

    def _matches(self, index: str, match: str) -> list[int]:
        """Return the ranks of the first titles that `match`, a query of FTS5, finds in an index."""
        rows = self._connection.execute(
            f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?", (match, self._count)
        )
        return [rank for (rank,) in rows]

    def _score(self, ranks: Sequence[int], query: Query, bonus: float = 0.0, *, in_akas: bool = False) -> None:
        """Add titles by rank. Those that were added before keep their score if it is higher.

        `in_akas` is True if the words were found in titles in other languages.
        """
        self._fetch(rank for rank in ranks if rank not in self._rows)
        text = "".join(query.words)
        for rank in ranks:
            row = self._rows.get(rank)
            if row is None or not query.is_year(row[_YEAR]) or (in_akas and rank in self._scores):
                continue
            aka = _matching_aka(row, query) if in_akas else ""
            names = (aka,) if in_akas else (row[_TITLE], row[_ORIGINAL])
            likeness = max((_likeness(name, text, query.words) for name in names if name), default=0.0)
            if likeness >= WHOLE_TITLE and not bonus:
                self._wholes.add(rank)
            score = math.log10(max(row[_VOTES], 0) + 1) + likeness + bonus + OTHER_LANGUAGE * in_akas
            if score > self._scores.get(rank, -math.inf):
                self._scores[rank] = score
                self._known_as[rank] = aka

    def _fetch(self, ranks: Iterable[int]) -> None:
        """Read the rows of titles."""
        numbers = ",".join(str(int(rank)) for rank in ranks)
        if numbers:
            for row in self._connection.execute(f"SELECT {COLUMNS} FROM titles WHERE rank IN ({numbers})"):
                self._rows[row[_RANK]] = row


def _year_terms(query: Query) -> str:
    """Return the part of a query of FTS5 that narrows by year; empty if `query` has no year."""
    terms = " OR ".join(f'"{YEAR_MARK}{year}"' + "*" * (len(year) < 4) for year in query.years())
    return f" AND ({terms})" if terms else ""


def _likeness(title: str, text: str, words: Sequence[str]) -> float:
    """Return the bonus for a title that is, begins with or has in full the searched words. `text` is `words` joined."""
    whole = joined(title)
    if whole == text:
        return WHOLE_TITLE + WORDS_IN_FULL
    if not whole.startswith(text):
        article = title.split(maxsplit=1)[0].lower() if " " in title else ""
        if article not in ARTICLES or not whole.startswith(text, len(article)):
            return 0.0
        if len(whole) == len(article) + len(text):
            return WHOLE_TITLE
    return BEGINNING + (WORDS_IN_FULL if words[-1] in index_words((title,)) else 0.0)


def _matching_aka(row: Row, query: Query) -> str:
    """Return the title in another language that is most like the searched words; empty if the row has none."""
    text = "".join(query.words)

    def likeness(aka: str) -> tuple[int, float]:
        words = index_words((aka,))
        matches = sum(any(word.startswith(typed) for word in words) for typed in query.words)
        return matches, _likeness(aka, text, query.words)

    return max(str(row[_AKAS] or "").split(SEPARATOR), key=likeness)


def _similar(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return words of known titles that differ from `word` by a typo or two, the most similar first."""
    limit = max_typos(word)
    if not limit:
        return []
    keys = ",".join(map(str, typo_keys(word)))
    numbers: set[int] = set()
    for (pack,) in connection.execute(f"SELECT terms FROM typos WHERE key IN ({keys})"):
        numbers.update(number for (number,) in struct.iter_unpack("<I", pack))
    wanted = ",".join(map(str, sorted(numbers)[:MAX_COMPARED]))  # the words of the best known titles have low numbers
    found = []
    for number, term in connection.execute(f"SELECT number, word FROM terms WHERE number IN ({wanted})"):
        typos = distance(word, term, limit)
        if 0 < typos <= limit:
            found.append((typos, number, str(term)))
    return [term for _, _, term in sorted(found)[:MAX_SIMILAR] if term.isalnum()]
