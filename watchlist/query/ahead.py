"""What the next letter of a word will find: worked out while nobody waits, between one key and the next."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence

SLICE = 50  # texts between two looks at the clock


class Ahead:
    """Where a word was `found` among some places, and by which letters it is followed there, as far as that is known."""

    def __init__(self, word: str, among: Sequence[int], found: Sequence[int]) -> None:
        self.word, self.among, self._found = word, among, found
        self._known = 0  # of those that were found, the first so many
        self._after: dict[str, list[int]] = defaultdict(list)
        # Cutting a text at a word that can overlap itself (`aa`, `ana`) does not show all that follows it.
        self._cuts = bool(word) and not any(word.startswith(word[at:]) for at in range(1, len(word)))

    def look(self, texts: Sequence[str], seconds: float) -> bool:
        """Go on for about so long; whether there is more to look at."""
        until = time.perf_counter() + seconds
        while self._cuts and self._known < len(self._found):
            if time.perf_counter() > until:
                return True
            for row in self._found[self._known : self._known + SLICE]:
                *between, last = texts[row].split(self.word)[1:]
                for letter in {last[:1], *(rest[:1] or self.word[0] for rest in between)}:
                    self._after[letter].append(row)
            self._known += SLICE
        return False

    def followed_by(self, letter: str) -> tuple[Sequence[int], Sequence[int]]:
        """Where the word is followed by this letter; and where nobody looked yet, which is all behind those."""
        return self._after.get(letter, []), self._found[self._known :]
