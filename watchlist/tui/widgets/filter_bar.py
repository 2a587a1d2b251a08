"""The second line: what is asked for, how much of the list that leaves, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events, on
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Input

from watchlist.fields import FIELDS
from watchlist.glyphs import glyphs
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.text import counted
from watchlist.tui.widgets.columns import arrows, fit, steady
from watchlist.tui.widgets.looks import Drawn, Line, Words, filtered
from watchlist.tui.widgets.show_lines import Sort

IDLE = "filter"
EXAMPLES = "dune, rating:4.., tag:noir"

SLASH = " / "
GAP = "   "  # between two things on the line

_EDGES = 4  # a blank, the slash, a blank; and one at the right
_STEP, _LEAST = 12, 28  # the input grows by steps, so that the counts do not move with every key
_NARROWEST = 8


class QueryInput(Input):
    """The input of the filter line: esc clears, enter and the arrow down go on with what is found."""

    DEFAULT_CSS = """
    QueryInput, QueryInput:focus {
        border: none; height: 1; padding: 0; margin: 0 0 0 3; background: transparent; background-tint: transparent;
        color: $foreground;

        & > .input--placeholder { color: $text-muted; }
        &:nocolor > .input--cursor { text-style: reverse; }
        &:nocolor > .input--selection { text-style: bold underline; }
    }
    """
    BINDINGS = [
        Binding("escape", "clear_query", "Clear", show=False),
        Binding("down,tab", "keep_query", "Keep", show=False),
    ]
    # Textual lays the whole screen out anew for another size of what scrolls in here: the line stays as wide as it is.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(self, text: str, typed: Callable[[str], None]) -> None:
        self._looks: dict[str, RichStyle] = {}
        super().__init__(text, placeholder=IDLE, id="query", select_on_focus=False, compact=True)
        self._typed = typed

    def validate(self, value: str) -> None:
        """What is wrong with a query is said beside it. Textual would style the input anew with the first letter."""

    async def _on_key(self, event: events.Key) -> None:
        with self.prevent(Input.Changed):  # `watch_value` tells it
            if event.key == "backspace":  # else everything up to the app is asked first whether it has a use for it
                event.stop()
                event.prevent_default()
                self._restart_blink()
                self.action_delete_left()
            else:
                await super()._on_key(event)

    def watch_value(self, value: str) -> None:
        """Told at once and not by a message: so what is found is drawn with the letter that was typed, not after it."""
        if self.is_mounted and self.has_focus:
            self._typed(value)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Its one line, as Textual draws it: that works out anew with every letter how a cursor looks."""
        text, line = self.value or self.placeholder, Line(self._look(""))
        plain = "" if self.value else "input--placeholder"
        parts = [(0, len(text), plain)]
        if self.has_focus and self.value and not self.selection.is_empty:
            start, stop = sorted(self.selection)
            parts.append((start, stop, "input--selection"))
        if self.has_focus and self._cursor_visible:
            at = self.cursor_position if self.value else 0
            parts.append((at, at + 1, "input--cursor"))
            text = text.ljust(at + 1)
        ends = sorted({end for start, stop, _ in parts for end in (start, stop)})
        for start, stop in pairwise(ends):
            look = next(look for first, last, look in reversed(parts) if first <= start < last)
            line.add(safe(text[start:stop]), self._look(look))
        line.cells = cell_len(safe(text))
        left, width = round(self.scroll_x) if self.value else 0, self.size.width
        start, stop = crop.column_span
        return [line.strip(max(line.cells, left + width)).crop(left + start, left + stop)] * crop.height

    def _look(self, part: str) -> RichStyle:
        """How a part of the line looks; all of it where none is named."""
        if part not in self._looks:
            style = self.rich_style + (self.get_component_rich_style(part) if part else RichStyle())
            self._looks[part] = filtered([Segment("", style)], self)[0].style or style
        return self._looks[part]

    def action_clear_query(self) -> None:
        self.post_message(FilterBar.Cleared())

    def action_keep_query(self) -> None:
        self.post_message(FilterBar.Kept(self.value))


class FilterBar(Drawn):
    """An input without a box and a note beside it: the counts and the order, or what is wrong with the query.

    The input is there from when it is first wanted. Until then its place is drawn as it would look.
    """

    DEFAULT_CSS = "FilterBar { layout: horizontal; height: 1; background: $surface; }"
    GROUND = "surface"
    LOOKS = {
        "slash": ("text-accent", True, ""),
        "placeholder": ("text-muted", False, ""),
        "count": ("text-muted", False, ""),
        "marks": ("text-accent", False, ""),
        "order": ("text-muted", False, ""),
        "wrong": ("text-warning", False, ""),
    }

    class Changed(Message):
        """The text was changed by typing."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Kept(Message):
        """Typing is done, the filter stays: the keys go back to the list."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Cleared(Message):
        """The filter is to go."""

    def __init__(self, changed: Callable[[str], None] | None = None) -> None:
        """`changed` is called with the text that was typed, at once; without it, `Changed` is posted."""
        super().__init__()
        self._changed = changed or self._tell
        self._quiet = False  # while the text is set, not typed
        self._shown = self._total = 0
        self._marked = self._hidden = 0
        self._sort: Sort | None = None
        self._wrong = ""
        self._note: Words = ()
        self._input: QueryInput | None = None
        self._text = ""  # while there is no input
        self._width = 0  # cells of the input
        self.is_cut = False  # whether the note is too long to be read here
        self._style = STARS

    def get_ready(self) -> None:
        """Have the input there before the first letter is typed."""
        if self._input is None:
            self._input = QueryInput(self._text, self._typed)
            self._input.styles.width = self._width
            self.mount(self._input)

    @property
    def text(self) -> str:
        """The text of the filter. Setting it says nothing to the screen."""
        return self._text if self._input is None else self._input.value

    @text.setter
    def text(self, text: str) -> None:
        if text == self.text:
            return
        if self._input is None:
            self._text = text
        else:
            self._quiet = True
            with self.prevent(Input.Changed):
                self._input.value = text
            self._quiet = False
            self._input.cursor_position = len(text)
        self._fit()

    @property
    def typing(self) -> bool:
        """Whether the keys go to the filter."""
        return self._input is not None and self._input.has_focus

    def open(self) -> None:
        """Puts the keyboard's focus here, behind the text."""
        self.get_ready()
        assert self._input is not None
        self._input.focus()
        self._input.cursor_position = len(self._input.value)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self and event.x < len(SLASH) + self._width:
            self.open()

    def report(
        self, shown: int, total: int, sort: Sort | None = None, *, wrong: str = "", style: Style = STARS
    ) -> None:
        """Says what the filter leaves of the list, or what is `wrong` with it while the last good result stays."""
        self._shown, self._total, self._sort, self._wrong, self._style = shown, total, sort, wrong, style
        self._fit()

    def report_marks(self, marked: int, hidden: int) -> None:
        """Says how many shows are marked, and how many of those are not among the shown ones."""
        if (marked, hidden) != (self._marked, self._hidden):
            self._marked, self._hidden = marked, hidden
            self._fit()

    def _tell(self, text: str) -> None:
        self._fit()
        self.post_message(self.Changed(text))

    def _typed(self, text: str) -> None:
        if not self._quiet:
            self._changed(text)

    @on(Input.Changed)
    def _heard(self, event: Input.Changed) -> None:
        event.stop()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept(event.value))

    def on_descendant_focus(self) -> None:
        self._fit()

    def on_descendant_blur(self) -> None:
        self._fit()
        self.post_message(self.Kept(self.text))  # by a click into the list, say

    def on_resize(self, event: events.Resize) -> None:
        self._fit()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self._fit()

    def _fit(self) -> None:
        """Shares the line between the text and the note, which is said in short where there is no room."""
        room = max(_NARROWEST, self.size.width - _EDGES - len(GAP))
        cells = cell_len(self.text) + 2
        wanted = max(_LEAST, -(-cells // _STEP) * _STEP)
        notes = self._notes()
        text = min(cells, room // 2)
        note = next((n for n in notes if _cells(n) <= room - text), notes[-1])
        # On a wide screen a long note does not move it to and fro: that would lay all out anew between two keys.
        self._width = max(_NARROWEST, text, min(wanted, max(room // 4, room - _cells(note))))
        left = max(1, self.size.width - _EDGES - len(GAP) - self._width)
        self.is_cut = _cells(note) > left
        if self.is_cut:
            note = ((fit("".join(words for words, _ in note), left, self._style), "wrong"),)
        if self._input is not None:
            self._input.styles.width = self._width
            self._input.placeholder = EXAMPLES if self.typing and len(EXAMPLES) < self._width else IDLE
        self._note = note
        self.refresh()

    def _notes(self) -> list[Words]:
        """The note at length and in short."""
        if self._wrong:
            return [((f"{glyphs(self._style).wrong} {steady(self._wrong)}", "wrong"),)]
        count = counted(self._total, "show") if self._shown == self._total else f"{self._shown} of {self._total}"
        short: Words = ((count, "count"),)
        if self._marked:
            marks = f"{self._marked} marked" + f", {self._hidden} not shown" * bool(self._hidden)
            short = (*short, (GAP, ""), (marks, "marks"))
        if self._sort is None:
            return [short]
        name, down = self._sort
        arrow = arrows(self._style)[down]
        return [(*short, (GAP, ""), (f"by {FIELDS[name].label.lower()} {arrow}", "order")), short]

    def draw(self) -> list[Line]:
        text = self.text
        words = fit(text or IDLE, self._width, self._style)
        slash = "slash" if text or self.typing else "placeholder"
        return [self.line(((SLASH, slash), (words, "" if text else "placeholder"), (GAP, ""), *self._note))]


def _cells(note: Words) -> int:
    return sum(cell_len(words) for words, _ in note)
