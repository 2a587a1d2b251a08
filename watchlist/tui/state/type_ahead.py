"""Selection by typing: letters typed in quick succession select the first word that begins with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from watchlist.domain.text import fold

PAUSE = 1.0  # seconds without a letter after which the next letter begins a new word


class Prefix:
    """The letters typed so far, which select a word. A pause longer than PAUSE begins a new word. Times are in seconds."""

    def __init__(self) -> None:
        self.text = ""
        self._last = 0.0

    def reset(self) -> None:
        """Begin a new word with the next letter, e.g. after an arrow key."""
        self.text = ""

    def open(self, time: float) -> bool:
        """Return True if a letter typed at `time` continues the current word."""
        return bool(self.text) and time - self._last <= PAUSE

    def goes_on(self, character: str | None, time: float, words: Iterable[str]) -> bool:
        """Return True if `character`, typed at `time`, extends the letters so far to the beginning of one of `words`."""
        return character is not None and self.open(time) and any(_begins(word, self.text + character) for word in words)

    def type(self, character: str, time: float, words: Sequence[str], here: int = 0) -> int | None:
        """Add a typed character. Return the index of the word it selects; None if no word begins with the letters.

        `here` is the index of the current selection. A repeated letter cycles through the words that begin with it.
        """
        typed = self.text + character if self.open(time) else character
        self._last = time
        found = starting_with(words, typed)
        if found:
            self.text = typed
            if len(fold(typed)) == 1 and words[here : here + 1] and _begins(words[here], typed):
                found = [place for place in found if place > here] or found
            return found[0]
        if len(typed) > 1 and len(set(fold(typed))) == 1:
            self.text = character
            same = starting_with(words, character)
            return next((place for place in same if place > here), same[0]) if same else None
        if self.open(time):
            self.text = typed  # a typing error: the letters that follow belong to the same word and choose nothing
        return None


def starting_with(words: Sequence[str], start: str) -> list[int]:
    """Return the indexes of the words that begin with `start`. Case and accents are ignored."""
    return [place for place, word in enumerate(words) if _begins(word, start)]


def _begins(word: str, start: str) -> bool:
    return fold(word).startswith(fold(start))
