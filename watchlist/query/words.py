"""Words that are looked for in all texts of a show: each letter narrows what the one before it left.

What the next letter will find is worked out while nobody waits, between one key and the next.
"""

from __future__ import annotations

import time
from array import array
from collections import defaultdict
from collections.abc import Sequence

from watchlist.model import Shows
from watchlist.query.columns import part_of, values
from watchlist.query.match import Test

SLICE = 50  # texts between two looks at the clock


class Ahead:
    """Where a word was `found` among some places, and by which letters it is followed there, as far as that is known."""

    def __init__(self, word: str, among: Sequence[int], found: Sequence[int]) -> None:
        self.word, self.among, self._found = word, among, found
        self._known = 0  # of those that were found, the first so many
        # No lists: the garbage collector would look at each place in them, right when a key is answered.
        self._after: dict[str, array[int]] = defaultdict(lambda: array("l"))
        # Cutting a text at a word that can overlap itself (`aa`, `ana`) does not show all that follows it.
        self._cuts = not any(word.startswith(word[at:]) for at in range(1, len(word)))

    def look(self, texts: Sequence[str], seconds: float) -> bool:
        """Go on for about so long; whether there is more to look at."""
        until = time.perf_counter() + seconds
        while self._cuts and self._known < len(self._found):
            if time.perf_counter() > until:
                return True
            for row in self._found[self._known : self._known + SLICE]:
                for letter in _letters_after(self.word, texts[row]):
                    self._after[letter].append(row)
            self._known += SLICE
        return False

    def followed_by(self, letter: str) -> tuple[Sequence[int], Sequence[int]]:
        """Where the word is followed by this letter; and where nobody looked yet, which is all behind those."""
        after = self._after.get(letter, ())
        if len(after) == len(self._found):
            return self._found, []  # the very same, so that what was worked out of it holds
        return list(after), self._found[self._known :]


def _letters_after(word: str, text: str) -> set[str]:
    """The letters that follow the word anywhere in a text that has it; of no word at all, every letter."""
    if not word:
        return set(text)
    *between, last = text.split(word)[1:]
    return {last[:1], *(rest[:1] or word[0] for rest in between)}


def mentions(needle: str) -> Test:
    """Shows with it anywhere. While a word is typed, only what had its beginning is looked through for the rest of it."""

    def test(shows: Shows, rows: Sequence[int]) -> Sequence[int]:
        known, left = _known_of(needle, shows, rows)
        if left:
            texts = values(shows, "searched", left)
            known = [*known, *(row for row in left if needle in texts[row])]
        if shows.found.get(needle, (None, ()))[0] is not rows:
            shows.remember(needle, rows, known)
        shows.ahead = {word: ahead for word, ahead in shows.ahead.items() if not word}
        shows.ahead[needle] = Ahead(needle, rows, known)
        return known

    return test


def _known_of(needle: str, shows: Shows, rows: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
    """Of these rows those that are known to have it, and then those that may."""
    ahead = shows.ahead.get(needle[:-1])
    if isinstance(ahead, Ahead) and ahead.among is rows:
        return ahead.followed_by(needle[-1])
    for end in range(len(needle), 0, -1):
        among, found = shows.found.get(needle[:end], (None, ()))
        if among is rows:
            return (found, []) if end == len(needle) else ([], found)
    return [], rows


def look_ahead(shows: Shows, among: Sequence[int], seconds: float) -> bool:
    """Work out for about so long what one more letter of the last word would find, then what the first one would find
    among these places; whether there is more to work out.
    """
    if (texts := shows.known("searched")) is None:
        return False
    first = shows.ahead.get("")
    if not isinstance(first, Ahead) or first.among is not among:
        shows.ahead = {"": Ahead("", among, among)} | {word: shows.ahead[word] for word in shows.ahead if word}
    # The latest word stands last.
    return any(ahead.look(texts, seconds) for ahead in reversed(shows.ahead.values()) if isinstance(ahead, Ahead))


def in_part(name: str, needle: str, *, whole: bool) -> Test:
    """Shows with it in a text of this field, or as one."""
    mentioned = mentions(needle)

    def test(shows: Shows, rows: Sequence[int]) -> Sequence[int]:
        found = mentioned(shows, rows)
        texts = values(shows, "searched", found)
        if whole:
            return [row for row in found if needle in part_of(texts[row], name).split("\n")]
        return [row for row in found if needle in part_of(texts[row], name)]

    return test
