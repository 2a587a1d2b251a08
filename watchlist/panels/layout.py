"""What the panels are laid out with: renderables that look at the room they get and never cut a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from watchlist.glyphs import glyphs
from watchlist.panels.ink import Ink
from watchlist.ratings import Style, format_rating

GAP = 2
MOST_BAR, LEAST_BAR = 24, 6


@dataclass(frozen=True)
class Pairs:
    """Rows of two texts, in two columns that line up; one below the other where words would be broken."""

    rows: Sequence[tuple[Text, Text]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width
        left, right = (_longest_word(row[side] for row in self.rows) for side in (0, 1))
        if left + GAP + right > room:
            for first, second in self.rows:
                yield first
                if second.plain:
                    yield Padding(second, (0, 0, 0, min(GAP, room - 1)))
            return
        wanted = max(cell_len(first.plain) for first, _ in self.rows)
        grid = Table.grid(padding=(0, GAP, 0, 0))
        grid.add_column(width=max(left, min(wanted, room // 2, room - GAP - right)), overflow="fold")
        grid.add_column(overflow="fold")
        for row in self.rows:
            grid.add_row(*row)
        yield grid


def _longest_word(texts: Iterable[Text]) -> int:
    return max((cell_len(word) for text in texts for word in text.plain.split()), default=0)


@dataclass(frozen=True)
class HeatGrid:
    """Episode ratings, a line a season: digits and colour. Wraps into as many blocks as the room asks for."""

    seasons: Sequence[tuple[str, Mapping[int, float]]]
    numbers: Sequence[int]  # of the episodes that have a column
    ink: Ink
    style: Style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        label = max(len(name) for name, _ in self.seasons)
        ratings = [format_rating(r, self.style) for _, season in self.seasons for r in season.values()]
        cell = 1 + max(len(text) for text in (*ratings, str(self.numbers[-1])))
        count = max(1, (options.max_width - label) // cell)
        for start in range(0, len(self.numbers), count):
            numbers = self.numbers[start : start + count]
            yield Text(" " * label + "".join(f"{n:>{cell}}" for n in numbers), self.ink.dim)
            for name, season in self.seasons:
                if any(number in season for number in numbers):
                    yield self._line(f"{name:<{label}}", [season.get(number) for number in numbers], cell)

    def _line(self, label: str, ratings: Iterable[float | None], cell: int) -> Text:
        line = Text(label, self.ink.dim)
        for rating in ratings:
            text = format_rating(rating, self.style) or glyphs(self.style).dot
            style = f"bold {self.ink.heat(rating)}" if rating is not None else self.ink.dim
            line.append(f"{text:>{cell}}", style)
        return line


@dataclass(frozen=True)
class Bar:
    """How much of a season was watched: `S1 ━━━━────  4 of 10`. The bar gives way where there is no room for it."""

    label: str
    seen: int
    episodes: int  # 0 where nobody knows how many there are
    words: str
    room_for_words: int
    ink: Ink
    style: Style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text(self.label, self.ink.dim)
        length = min(MOST_BAR, options.max_width - len(self.label) - self.room_for_words - 1 - GAP)
        if length >= LEAST_BAR:
            signs = glyphs(self.style)
            share = min(1.0, self.seen / self.episodes) if self.episodes else 0.0
            done = int(share * length) or int(share > 0)
            line.append(" " + signs.full * done, self.ink.success if share == 1 else self.ink.accent)
            line.append(signs.left * (length - done), self.ink.border)
        line.append(" " * GAP + self.words, self.ink.foreground)
        yield line
