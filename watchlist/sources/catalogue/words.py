"""Titles as words: how titles are indexed, how a search text is read, and which words are similar.

Building and searching must agree on everything here; raise `database.VERSION` with every change.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from watchlist.domain.text import fold

YEAR_MARK = "¶"  # before the year of a title in the index; no word has it
ARTICLES = frozenset(("the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "lo"))
MAX_WORDS = 10  # of a search text; more are ignored
MAX_LETTERS = 40  # of a word in the index and in a search text
MIN_TYPO_LETTERS = 4  # shorter words have no typos
MIN_TWO_TYPOS_LETTERS = 7  # shorter words have one typo at most
_TYPO_LETTERS = 7  # only these first letters of a word are compared by `typo_keys`
_MIN_APOSTROPHE_PART = 3  # letters: `avventura` of L'avventura is a word of its own, `s` of Schindler's is none
_PART = re.compile(r"[^\W_]+")
_IN_PARENTHESES = re.compile(r"\(\s*(\d{4})\s*(?:[-–]\s*(?:\d{4})?\s*)?\)\s*$")
_DIGITS = re.compile(r"\d{1,4}", re.ASCII)


def index_words(texts: Iterable[str]) -> dict[str, None]:
    """Return the words of titles for the index, in order and each once.

    A word with signs inside counts in parts and as a whole: `spider`, `man` and `spiderman` for "Spider-Man". An
    apostrophe joins: `oceans` for "Ocean's", but also `avventura` for "L'avventura".
    """
    words: dict[str, None] = {}
    for text in texts:
        for chunk in fold(text).split():
            if chunk.isalnum():
                words[chunk[:MAX_LETTERS]] = None
            else:
                words.update(dict.fromkeys(_parts(chunk)))
    return words


def _parts(chunk: str) -> Iterator[str]:
    """Yield the words of `chunk`, a part of a folded title that has no blanks but other signs."""
    if chunk == "&":
        yield "and"
        return
    parts = _PART.findall(chunk.replace("'", ""))
    for part in parts:
        yield part[:MAX_LETTERS]
    if len(parts) > 1:
        yield "".join(parts)[:MAX_LETTERS]
    if "'" in chunk:
        for part in _PART.findall(chunk):
            if len(part) >= _MIN_APOSTROPHE_PART:
                yield part[:MAX_LETTERS]


def search_words(text: str) -> list[str]:
    """Return the words of a search text."""
    return [part[:MAX_LETTERS] for part in _PART.findall(fold(text).replace("'", ""))][:MAX_WORDS]


def joined(text: str) -> str:
    """Return a title without case, accents, blanks and signs, to compare whole titles: `spiderman` for "Spider-Man"."""
    folded = fold(text)
    return folded if folded.isalnum() else "".join(_PART.findall(folded))


def whole_key(text: str) -> int:
    """Return a number from 0 to 2**32 - 1 that is equal for titles with equal `joined` texts."""
    return zlib.crc32(joined(text).encode())


class Query(NamedTuple):
    """A search text: the words to find and, apart from them, a year to narrow by, which may be part of a number.

    If `is_word` is True, the digits may also be the last word of the title, as in "Blade Runner 2049".
    """

    words: tuple[str, ...]
    digits: str = ""
    is_word: bool = False

    def years(self) -> Iterator[str]:
        """Yield the beginnings of the years that `digits` can mean: `19` means 19xx and 2019, `95` also 1995."""
        if self.digits:
            yield self.digits
        if len(self.digits) == 2:
            yield from ("18" + self.digits, "19" + self.digits, "20" + self.digits)

    def is_year(self, year: int | None) -> bool:
        """Return True if `digits` can mean this year, or if there are none."""
        return not self.digits or (year is not None and str(year).startswith(tuple(self.years())))


def parse_query(text: str) -> Query:
    """Return what a search text asks for. Its last word may be a year: `heat 1995`, `heat 95`, `Heat (1995)`."""
    if match := _IN_PARENTHESES.search(text):
        words = search_words(text[: match.start()])
        return Query(tuple(words), match[1]) if words else Query((match[1],))
    words = search_words(text)
    if len(words) > 1 and _DIGITS.fullmatch(words[-1]):
        return Query(tuple(words[:-1]), words[-1], is_word=True)
    return Query(tuple(words))


def typo_keys(word: str) -> set[int]:
    """Return numbers that two words share if they are similar: the first letters of `word`, with one or two left out.

    Words that differ by one wrong, missing, superfluous or swapped letter share a number, long words also if they
    differ by two. Others may share one too, so `distance` has to be asked. (The symmetric delete algorithm of SymSpell.)
    """
    start = word[:_TYPO_LETTERS]
    variants = {start}
    last = {start}
    for _ in range(max_typos(word)):
        last = {text[:index] + text[index + 1 :] for text in last for index in range(len(text))}
        variants |= last
    return {zlib.crc32(variant.encode()) for variant in variants}


def max_typos(word: str) -> int:
    """Return how many typos are expected in a word of this length."""
    return 0 if len(word) < MIN_TYPO_LETTERS else 1 if len(word) < MIN_TWO_TYPOS_LETTERS else 2


def distance(typed: str, word: str, limit: int) -> int:
    """Return how many typos lead from the beginning of `word` to `typed`; a number above `limit` if they are more.

    A typo is a wrong, missing, superfluous or swapped letter (optimal string alignment). `word` may go on, because it may
    not be typed in full yet.
    """
    same = 0
    while same < len(typed) and same < len(word) and typed[same] == word[same]:
        same += 1
    same = max(same - 1, 0)  # a swap may involve the last equal letter
    typed, word = typed[same:], word[same : len(typed) + limit]
    far = limit + 1
    before: list[int] = []
    row = [min(place, far) for place in range(len(word) + 1)]
    for index, letter in enumerate(typed, 1):
        next_row = [far] * (len(word) + 1)
        if index <= limit:
            next_row[0] = index
        for place in range(
            max(1, index - limit), min(len(word), index + limit) + 1
        ):  # the others cost more than `limit`
            cost = (
                row[place - 1]
                if letter == word[place - 1]
                else 1 + min(row[place], next_row[place - 1], row[place - 1])
            )
            if index > 1 and place > 1 and letter == word[place - 2] and typed[index - 2] == word[place - 1]:
                cost = min(cost, before[place - 2] + 1)
            next_row[place] = min(cost, far)
        if min(next_row) > limit:
            return far
        before, row = row, next_row
    return min(row)
