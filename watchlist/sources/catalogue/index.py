"""Fills the catalogue's tables from those of the temporary database: titles by fame, episodes, casts, and the indexes."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice

from watchlist.domain.numbered_episodes import episode_range
from watchlist.sources.catalogue.schema import PackedSeason, pack, pack_ids, pack_seasons
from watchlist.sources.catalogue.stage import parts_of
from watchlist.sources.catalogue.words import (
    MIN_TYPO_LETTERS,
    YEAR_MARK,
    index_words,
    joined,
    typo_keys,
    whole_key,
)

KNOWN_TITLES = 60_000  # typos are understood in the words of this many titles
KNOWN_AKAS = 2_000  # and of this many titles in other languages
MAX_TERMS_OF_KEY = 64  # how many words share a key of `typos`, at most
_SHOWN_MAKERS, _SHOWN_ACTORS = 2, 3  # how many people are shown beside a title
_EPISODES_OF_BLOCK = 512
_BATCH = 5000
_INDEX_HASH_BYTES = 8 << 20  # of words that FTS5 collects before it writes them

Step = Callable[[int], None]  # called with the number of titles, episodes or words done; may raise to stop


def add_titles(connection: sqlite3.Connection, *, akas: bool) -> None:
    """Fill `titles`, the best known first, which numbers them by fame. `akas` is True if there are other titles."""
    insert = "INSERT INTO titles (id, title, original, year, end_year, type, runtime, genres, votes, rating, akas)"
    all_akas = "NULL"
    if akas:
        connection.execute("CREATE INDEX stage.akas_by_id ON akas (id)")
        all_akas = "(SELECT group_concat(akas, char(10)) FROM stage.akas AS a WHERE a.id = t.id)"
    select = (
        f"SELECT t.id, title, original, year, end_year, type, runtime, genres, coalesce(votes, 0), rating, {all_akas}"
        " FROM stage.titles AS t LEFT JOIN stage.ratings AS r ON r.id = t.id"
        " ORDER BY coalesce(votes, 0) DESC, year DESC, t.id"
    )
    if akas:  # not as a function of SQL: SQLite would report Ctrl+C in it as an error of its own
        rows = ((*row[:-1], _other_titles(row[1], row[2], row[-1])) for row in connection.execute(select))
        connection.executemany(f"{insert} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    else:
        connection.execute(f"{insert} {select}")
    connection.execute("CREATE UNIQUE INDEX titles_by_id ON titles (id)")


def _other_titles(title: str, original: str | None, akas: str | None) -> str | None:
    """Return the titles in `akas`, one per line, that are neither of the other two; None if there are none."""
    if akas is None:
        return None
    own = {joined(title), joined(original or "")}
    return "\n".join(aka for aka in akas.split("\n") if joined(aka) not in own) or None


def add_words(connection: sqlite3.Connection, step: Step) -> None:
    """Fill the indexes of words and of whole titles."""
    for table in ("title_words", "aka_words"):
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('automerge', 0)")
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {_INDEX_HASH_BYTES})")
    rows = connection.execute("SELECT rank, title, original, year, akas FROM titles ORDER BY rank")
    known: dict[str, None] = {}
    foreign: dict[str, None] = {}
    while batch := rows.fetchmany(_BATCH):
        titles, akas, wholes = [], [], []
        for rank, title, original, year, other in batch:
            names = (title, original) if original else (title,)
            words = index_words(names)
            if rank <= KNOWN_TITLES:
                known.update(words)
            if other:
                more = index_words(other.split("\n")).keys() - words.keys()
                if more:
                    if rank <= KNOWN_AKAS:
                        foreign.update(dict.fromkeys(more))
                    akas.append((rank, f"{' '.join(more)} {YEAR_MARK}{year or ''}"))
            titles.append((rank, f"{' '.join(words)} {YEAR_MARK}{year or ''}"))
            wholes += [(whole_key(name) << 31 | rank,) for name in names]
        connection.executemany("INSERT INTO title_words (rowid, words) VALUES (?, ?)", titles)
        connection.executemany("INSERT INTO aka_words (rowid, words) VALUES (?, ?)", akas)
        connection.executemany("INSERT INTO stage.whole_titles VALUES (?)", wholes)
        step(batch[-1][0])
    for table in ("title_words", "aka_words"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    connection.execute(
        "INSERT INTO whole_titles SELECT DISTINCT pair >> 31, pair & 2147483647 FROM stage.whole_titles ORDER BY pair"
    )
    known.update(foreign)
    _add_typos(connection, [word for word in known if len(word) >= MIN_TYPO_LETTERS and not word.isdecimal()])


def _add_typos(connection: sqlite3.Connection, words: Sequence[str]) -> None:
    """Fill the tables of similar words. `words` are those of the best known titles first."""
    connection.executemany("INSERT INTO terms VALUES (?, ?)", enumerate(words))
    for number, word in enumerate(words):
        pairs = ((key << 31 | number,) for key in typo_keys(word))
        connection.executemany("INSERT INTO stage.typos VALUES (?)", pairs)
    rows = connection.execute("SELECT pair FROM stage.typos ORDER BY pair")
    connection.executemany("INSERT INTO typos VALUES (?, ?)", _packed_terms(pair for (pair,) in rows))


def _packed_terms(pairs: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Yield (key, packed numbers of words) for sorted numbers: a key shifted by 31 bits, plus the number of a word."""
    for key, group in groupby(pairs, key=lambda pair: pair >> 31):
        numbers = [pair & 0x7FFFFFFF for pair in islice(group, MAX_TERMS_OF_KEY)]
        yield key, struct.pack(f"<{len(numbers)}I", *numbers)


def add_seasons(connection: sqlite3.Connection, step: Step) -> int:
    """Fill `seasons`, and the numbers of seasons and episodes of `titles`. Return the number of episodes."""
    rows = connection.execute(
        "SELECT t.rank, e.place, e.title FROM stage.episodes AS e JOIN titles AS t ON t.id = e.place >> 32"
        " ORDER BY t.rank, e.place"
    )
    count = 0
    packs: list[tuple[int, bytes]] = []
    counts: list[tuple[int, int, int]] = []
    for rank, group in groupby(rows, key=lambda row: row[0]):
        seasons = _seasons((*parts_of(place)[1:], title) for _, place, title in group)
        episodes = sum(len(season.titles) for season in seasons if season.number)
        count += sum(len(season.titles) for season in seasons)
        packs.append((rank, pack_seasons(seasons)))
        counts.append((sum(season.number > 0 for season in seasons), episodes, rank))
        if len(packs) == _BATCH // 5:
            _store_seasons(connection, packs, counts)
            step(count)
    _store_seasons(connection, packs, counts)
    return count


def _store_seasons(
    connection: sqlite3.Connection, packs: list[tuple[int, bytes]], counts: list[tuple[int, int, int]]
) -> None:
    """Store rows of `seasons`, and numbers in `titles`, and empty both lists."""
    connection.executemany("INSERT INTO seasons VALUES (?, ?)", packs)
    connection.executemany("UPDATE titles SET seasons = ?, episodes = ? WHERE rank = ?", counts)
    packs.clear()
    counts.clear()


def _seasons(episodes: Iterable[tuple[int, int, str]]) -> list[PackedSeason]:
    """Return the seasons of a series from its sorted (season, number, title) rows; those without a plausible number not."""
    seasons: list[PackedSeason] = []
    last = 0
    for season, group in groupby(episodes, key=lambda row: row[0]):
        titles = {number: title for _, number, title in group}
        numbers = episode_range(titles, last)
        last = numbers[-1] if numbers and season else 0
        if numbers:
            seasons.append(PackedSeason(season, numbers[0], [titles.get(number, "") for number in numbers]))
    return seasons


def add_episode_ids(connection: sqlite3.Connection, step: Step) -> None:
    """Fill `episode_ids`, which finds an episode by its id."""
    rows = connection.execute(
        "SELECT e.id, t.rank, e.place >> 16 & 65535, e.place & 65535"
        " FROM stage.episodes AS e JOIN titles AS t ON t.id = e.place >> 32 ORDER BY e.id"
    )
    count = 0
    while block := rows.fetchmany(_EPISODES_OF_BLOCK):
        connection.execute("INSERT OR IGNORE INTO episode_ids VALUES (?, ?)", (block[0][0], pack_ids(block)))
        count += len(block)
        step(count)


def add_casts(connection: sqlite3.Connection, step: Step) -> None:
    """Fill `casts`, and the people in `titles`."""
    rows = connection.execute(
        "SELECT t.rank, c.credits FROM stage.credits AS c JOIN titles AS t ON t.id = c.id ORDER BY t.rank, c.rowid"
    )
    groups = groupby(rows, key=lambda row: row[0])
    done = 0
    while batch := [(rank, [text for _, text in group]) for rank, group in islice(groups, _BATCH)]:
        packs, people = [], []
        for rank, texts in batch:  # of a title at the border of two blocks, each block has a part
            credits = _named(connection, [credit for text in texts for credit in json.loads(text)])
            makers = [name for name, role in credits if role is None]
            actors = [name for name, role in credits if role is not None]
            packs.append((rank, pack(credits)))
            people.append(("\n".join([*makers[:_SHOWN_MAKERS], *actors[:_SHOWN_ACTORS]]), rank))
        connection.executemany("INSERT INTO casts VALUES (?, ?)", packs)
        connection.executemany("UPDATE titles SET people = ? WHERE rank = ?", people)
        done += len(batch)
        step(done)


def _named(connection: sqlite3.Connection, credits: Sequence[tuple[int, str | None]]) -> list[tuple[str, str | None]]:
    """Return (name, role) pairs for (number of a person, role) pairs. People without a name are left out."""
    numbers = ",".join(str(person) for person, _ in credits)
    names = dict(connection.execute(f"SELECT id, name FROM stage.people WHERE id IN ({numbers})"))
    return [(" ".join(names[person].split()), role) for person, role in credits if person in names]
