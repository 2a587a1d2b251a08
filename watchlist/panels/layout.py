"""Rich renderables for the panels. They adapt to the width and never break a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from watchlist.domain.frozen import Frozen
from watchlist.domain.glyphs import bar, glyphs
from watchlist.domain.ratings import DisplayStyle, format_rating
from watchlist.panels.styles import Styles

GAP = 2  # cells between columns
MAX_BAR_CELLS, MIN_BAR_CELLS = 24, 6  # width of a progress bar; with less space, no bar is drawn


class KeyValueLines(Frozen):
    """Rows of (name, text) in two aligned columns. If columns would break words, each text is below its name."""

    rows: Sequence[tuple[Text, Text]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width
        left_width, right_width = (_longest_word(row[side] for row in self.rows) for side in (0, 1))
        if left_width + GAP + right_width > room:
            for first, second in self.rows:
                yield first
                if second.plain:
                    yield Padding(second, (0, 0, 0, min(GAP, room - 1)))
            return
        needed = max(cell_len(first.plain) for first, _ in self.rows)
        grid = Table.grid(padding=(0, GAP, 0, 0))
        grid.add_column(width=max(left_width, min(needed, room // 2, room - GAP - right_width)), overflow="fold")
        grid.add_column(overflow="fold")
        for row in self.rows:
            grid.add_row(*row)
        yield grid


def _longest_word(texts: Iterable[Text]) -> int:
    """Return the width in cells of the longest word."""
    return max((cell_len(word) for text in texts for word in text.plain.split()), default=0)


class HeatGrid(Frozen):
    """Ratings of episodes as colored digits, one line per season. Episodes that do not fit are drawn in a block below."""

    seasons: Sequence[tuple[str, Mapping[int, float]]]  # pairs of a label and the stars by episode number
    numbers: Sequence[int]  # the episodes that have a column
    ink: Styles
    style: DisplayStyle

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
        """Return a line: the label and ratings of a season, each rating `cell` cells wide; None, not rated, is a dot."""
        line = Text(label, self.ink.dim)
        for rating in ratings:
            text = format_rating(rating, self.style) or glyphs(self.style).dot
            style = f"bold {self.ink.heat(rating)}" if rating is not None else self.ink.dim
            line.append(f"{text:>{cell}}", style)
        return line


class ProgressBar(Frozen):
    """The progress of a season: `S1 ━━━━────  4 of 10`. The bar is left out if there is not enough space.

    `words` is the text after the bar. `room_for_words` is the width in cells reserved for that text, so that the bars
    of several seasons have the same length.
    """

    label: str
    seen: int
    total: int | None  # None if the number of episodes is not known
    words: str
    room_for_words: int
    ink: Styles
    style: DisplayStyle

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text(self.label, self.ink.dim)
        length = min(MAX_BAR_CELLS, options.max_width - len(self.label) - self.room_for_words - 1 - GAP)
        if length >= MIN_BAR_CELLS:
            done, rest = bar(self.seen, self.total, length, self.style)
            line.append(" " + done, self.ink.accent if rest else self.ink.success)
            line.append(rest, self.ink.border)
        line.append(" " * GAP + self.words, self.ink.foreground)
        yield line
