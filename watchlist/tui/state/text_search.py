"""TextSearch: finds text in the drawn lines of a page, also text that is wrapped over several lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len

from watchlist.domain.text import fold

Span = tuple[int, int, int]  # the line, and the cells in that line at which a found text begins and ends
Match = tuple[Span, ...]  # one found text: a span for each line that it covers


class TextSearch:
    """An index of drawn lines. Case and accents are ignored, and a run of blanks and line ends counts as one blank."""

    def __init__(self, lines: Sequence[str]) -> None:
        characters: list[str] = []  # folded
        self._places: list[Span] = []  # of each folded character
        for y, line in enumerate(lines):
            x = 0
            for character in f"{line.rstrip()}\n":
                width = 0 if character == "\n" else 1 if character.isascii() else cell_len(character)
                if not character.isspace():
                    folded = fold(character)
                    characters += folded
                    self._places += [(y, x, x + width)] * len(folded)
                elif characters and characters[-1] != " ":
                    characters.append(" ")
                    self._places.append((y, x, x + width))
                x += width
        self._text = "".join(characters)

    def find(self, text: str) -> list[Match]:
        """Return each match of a text as (line, start cell, end cell) for every line it covers. A blank text has no match."""
        wanted = " ".join(fold(text).split())
        matches: list[Match] = []
        at = self._text.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            matches.append(_match(self._places[at:end]))
            at = self._text.find(wanted, end)
        return matches


def _match(places: Sequence[Span]) -> Match:
    """Merge `places`, the (line, start cell, end cell) of single characters, into one such tuple per line."""
    spans = []
    for y, group in groupby(places, key=lambda place: place[0]):
        cells = list(group)
        spans.append((y, cells[0][1], cells[-1][2]))
    return tuple(spans)
