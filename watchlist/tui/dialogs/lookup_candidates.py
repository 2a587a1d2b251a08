"""The dialog that asks which show of a source is meant: a column for each candidate beside the user's show."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Key, Resize
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from watchlist.domain.glyphs import glyphs
from watchlist.domain.lookup_diff import Fact, Sign, facts, sign_glyph
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.text import counted
from watchlist.lookups import Matches
from watchlist.sanitize import safe
from watchlist.sources.lookup.choose import SOURCES
from watchlist.sources.lookup.source import Candidate
from watchlist.tui.dialogs.dialog import CANCEL, STOP, Dialog, Hint, Hints, Scrolls

SKIP = "skip"  # the answer if the user leaves this show out, and goes on with the next one
TONES = {Sign.FILLS: "$text-success", Sign.DIFFERS: "$text-warning", Sign.SAME: "$text-muted", None: "$text-muted"}
LABEL, NARROW_LABEL = 13, 9  # cells of the first column
COLUMN = 19  # minimum width of another column in cells; with less, fewer candidates are shown at once
MAX_COLUMNS = 3  # candidates that are shown at once
GAP = 1  # cells between columns
BORDER = 8  # cells of the border and the blanks beside its text


class CandidateColumns(Widget):
    """A table with the fields in rows: the user's show, then some of the candidates, of which one is under the cursor."""

    DEFAULT_CSS = """
    CandidateColumns { width: 100%; height: auto; }
    """

    def __init__(self, found: Matches, style: DisplayStyle) -> None:
        super().__init__()
        self._found, self._style = found, style
        self._none = glyphs(style).none
        self._columns = [facts(found.show, candidate.facts) for candidate in found.candidates]
        rows = {fact.name: fact for column in self._columns for fact in column}
        used = {fact.name for column in self._columns for fact in column if fact.mine or fact.theirs}
        self._rows = [fact for name, fact in rows.items() if name in used]
        self._first = 0  # the index of the first visible candidate
        self.cursor = 0

    @property
    def shown(self) -> int:
        """The number of candidates that are visible at once."""
        fits = (self.size.width - self._label) // (COLUMN + GAP) - 1
        return max(1, min(MAX_COLUMNS, fits, len(self._columns)))

    @property
    def _label(self) -> int:
        return LABEL if self.size.width >= 56 else NARROW_LABEL

    def move(self, index: int) -> None:
        """Move the cursor to the candidate with this index (from 0), and scroll it into view."""
        self.cursor = max(0, min(index, len(self._columns) - 1))
        self._first = max(min(self._first, self.cursor), self.cursor - self.shown + 1)
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        self.move(self.cursor)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + len(self._rows)

    @property
    def _width(self) -> int:
        """The width of a column in cells, without the gap before it."""
        return max(1, (self.size.width - self._label) // (self.shown + 1) - GAP)

    def candidate_at(self, x: int) -> int | None:
        """Return the index of the candidate in the column at the cell `x`; None if there is none."""
        place = (x - self._label) // (self._width + GAP) - 1
        index = self._first + place
        return index if 0 <= place < self.shown and index < len(self._columns) else None

    def render(self) -> Content:
        visible = range(self._first, min(self._first + self.shown, len(self._columns)))
        head = [_cell("", self._label), _cell("  Yours", self._width + GAP, "bold $text-primary")]
        head += [self._heading(index) for index in visible]
        lines = [Content("").join(head)]
        for row in self._rows:
            cells = [_cell(row.label, self._label, "$text-muted")]
            mine = next((fact.mine for column in self._columns for fact in column if fact.name == row.name), "")
            cells.append(
                _cell(
                    f"  {safe(mine)}" if mine else f"  {self._none}", self._width + GAP, "" if mine else "$text-muted"
                )
            )
            for index in visible:
                fact = next((fact for fact in self._columns[index] if fact.name == row.name), None)
                cells.append(self._fact(fact, here=index == self.cursor))
            lines.append(Content("").join(cells))
        return Content("\n").join(lines)

    def _heading(self, index: int) -> Content:
        here, source = index == self.cursor, self._found.candidates[index].source
        text = Content.assemble(
            (f"{index + 1}" if index < 9 else " ", "bold $text-accent"),
            (f" {SOURCES[source].title}", "bold reverse" if here and self.app.no_color else "bold $text-primary"),
        )
        return self._column(text, here=here)

    def _fact(self, fact: Fact | None, *, here: bool) -> Content:
        sign, text = (fact.sign, safe(fact.theirs)) if fact is not None else (None, "")
        muted = sign in (None, Sign.SAME)
        content = Content.assemble(
            (sign_glyph(sign, self._style) + " ", TONES[sign]),
            (" ".join(text.split()) or self._none, "$text-muted" if muted else "$foreground"),
        )
        return self._column(content, here=here)

    def _column(self, content: Content, *, here: bool) -> Content:
        """Return `content` in the width of a column, with the bar of the cursor at its left if it is `here`."""
        bar = Content.styled(glyphs(self._style).cursor if here else " ", "$primary")
        cut = content.truncate(self._width, ellipsis=True, pad=True)
        return Content.assemble(bar, cut.stylize("on $panel") if here and not self.app.no_color else cut)

    def on_click(self, event: Click) -> None:
        if (index := self.candidate_at(event.x)) is not None:
            self.move(index)


def _cell(text: str, width: int, style: str = "") -> Content:
    return Content.styled(" ".join(text.split("\n")), style).truncate(width, ellipsis=True, pad=True)


class CandidatesDialog(Dialog["Candidate | str"]):
    """The dialog that returns the chosen candidate, SKIP to go on with the next show, or None to end the look-up.

    Args:
        found: The candidates.
        place: The number of the show among those that are looked up, from 1, and how many those are.
        style: Whether only ASCII symbols are drawn.
    """

    BINDINGS = [
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l", "step(1)", show=False),
        Binding("home,g", "edge(0)", show=False),
        Binding("end,G", "edge(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("enter", "accept", show=False),
        Binding("b", "browse", show=False),
        Binding("s", "skip", show=False),
    ]
    DEFAULT_CSS = """
    CandidatesDialog > #box { width: 100%; max-width: 130; }
    CandidatesDialog #scrolls { height: auto; scrollbar-size-vertical: 1; }
    CandidatesDialog .warning { width: 100%; }
    """

    def __init__(self, found: Matches, place: tuple[int, int] = (1, 1), *, style: DisplayStyle = STARS) -> None:
        number, count = place
        among = f" ({number} of {count})" * (count > 1)
        super().__init__(f"Look up {safe(found.show.title)}{among}")
        self._found, self._style, self._several = found, style, count > 1

    def body(self) -> Iterable[Widget]:
        self._columns = CandidateColumns(self._found, self._style)
        yield Scrolls(self._columns)
        for failure in self._found.failures:
            yield Static(Content(safe(failure.message)), classes="warning")
        yield Hints(*self._hints())

    def _hints(self) -> Iterable[Hint]:
        last = min(9, len(self._found.candidates))
        yield "←→", "candidate", "step(1)"
        if last > 1:
            yield f"1-{last}", "choose", "accept"
        yield "enter", "compare", "accept"
        yield "b", "open its page", "browse"
        if self._several:
            yield "s", "skip", "skip"
        yield STOP if self._several else CANCEL

    def on_resize(self, event: Resize) -> None:
        """Show as much as fits into the lower border: the number of candidates, and what the signs mean."""
        super().on_resize(event)
        titles = dict.fromkeys(SOURCES[candidate.source].title for candidate in self._found.candidates)
        count = f"{counted(len(self._found.candidates), 'candidate')} from {' and '.join(titles)}"
        signs = f"= same  + yours is empty  {sign_glyph(Sign.DIFFERS, self._style)} differs"
        texts = (f"{count}   {signs}", signs, count)
        room = event.size.width - BORDER
        fits = next((text for text in texts if Content(text).cell_length <= room), "")
        self.query_one("#box").border_subtitle = Content(fits)

    @property
    def _current(self) -> Candidate:
        return self._found.candidates[self._columns.cursor]

    def on_key(self, event: Key) -> None:
        """Choose the candidate whose digit is typed."""
        digit = event.character or ""
        if digit.isascii() and digit.isdigit() and 0 < int(digit) <= len(self._found.candidates):
            event.stop()
            self._columns.move(int(digit) - 1)
            self.action_accept()

    def action_step(self, by: int) -> None:
        self._columns.move(self._columns.cursor + by)

    def action_edge(self, end: int) -> None:
        self._columns.move(len(self._found.candidates) if end else 0)

    def action_scroll(self, by: int) -> None:
        self.query_one("#scrolls").scroll_relative(y=by, animate=False)

    def action_browse(self) -> None:
        if self._current.url:
            self.app.open_url(self._current.url)

    def action_skip(self) -> None:
        if self._several:
            self.dismiss(SKIP)

    def action_accept(self) -> None:
        self.dismiss(self._current)
