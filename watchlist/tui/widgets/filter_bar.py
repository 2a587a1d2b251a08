"""FilterBar: the second line of the screen, with the filter, the number of matching shows and the sort order."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual import events, on
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from watchlist.domain.fields import FIELDS
from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.text import counted
from watchlist.tui.state.list_state import ListState
from watchlist.tui.widgets.line_input import LineInput
from watchlist.tui.widgets.line_widget import LineStatic, LineWidget, Words
from watchlist.tui.widgets.list_columns import arrows, fit, steady
from watchlist.tui.widgets.show_row import Sort

IDLE = "filter"  # placeholder without focus
EXAMPLES = "dune, rating:4.., tag:noir"  # placeholder with focus

SLASH = " / "
GAP = "   "  # between two parts of the line

_EDGES = 4  # cells of SLASH, and a blank at the right
_STEP, _LEAST = 12, 28  # cells; the input grows in steps from the least, so that the counts do not move at every key
_NARROWEST = 8  # minimum width of the input in cells, even on a narrow screen


class QueryInput(LineInput):
    """The input of the filter. esc clears the filter; enter, tab and the down key keep it and move to the list."""

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

    def __init__(self, text: str, typed: Callable[[str], None]) -> None:
        super().__init__(text, placeholder=IDLE, id="query", select_on_focus=False, compact=True)
        self._typed = typed

    def watch_value(self, value: str) -> None:
        """Call `typed`, the callback given to the constructor, with the new text if the user has changed it.

        A message would arrive later; because of this call, a letter and its matches are drawn together.
        """
        if self.is_mounted and self.has_focus:
            self._typed(value)

    def action_clear_query(self) -> None:
        self.post_message(FilterBar.Cleared())

    def action_keep_query(self) -> None:
        self.post_message(FilterBar.Kept(self.value))


class FilterBar(LineWidget):
    """The input of the filter, followed by a note: counts and sort order, or the error in the query.

    The input is mounted when first needed. Until then, its text is drawn in the same place.
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

    class Kept(Message):
        """Posted when the user stops typing. `entered` is True after enter, and False if another key or a click ended it."""

        def __init__(self, text: str, *, entered: bool = False) -> None:
            super().__init__()
            self.text, self.entered = text, entered

    class Cleared(Message):
        """Posted when the user clears the filter."""

    listing: reactive[ListState | None] = reactive(None, repaint=False, init=False, always_update=True)

    def __init__(self, changed: Callable[[str], object] | None = None) -> None:
        """Create the bar. `changed`, unless None, is called with the text after each typed key."""
        super().__init__()
        self._changed = changed
        self._quiet = False  # True while the program sets the text
        self._shown = self._total = 0
        self._marked = self._hidden = 0
        self._sort: Sort | None = None
        self._wrong = self._hint = ""
        self._note: Words = ()
        self._input: QueryInput | None = None
        self._text = ""  # the text until the input is mounted
        self._width = 0  # cells of the input
        self.is_cut = False  # True if the error is too long for the note
        self._style = STARS

    def watch_listing(self, listing: ListState) -> None:
        sort = listing.shown_sort
        self.text = listing.text
        self.report(
            len(listing.rows),
            listing.tab.count,
            (sort[0].name, sort[1]) if sort else None,
            wrong=listing.wrong or listing.tab.wrong,
            hint=listing.hint,
            style=listing.style,
        )
        self.report_marks(len(listing.marked), len(listing.marked) - listing.marked_and_shown)

    def get_ready(self) -> None:
        """Mount the input, unless it is mounted already."""
        if self._input is None:
            self._input = QueryInput(self._text, self._typed)
            self._input.styles.width = self._width
            self.mount(self._input)

    @property
    def text(self) -> str:
        """The text of the filter. Setting it does not call `changed`."""
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
        """True while the input has the focus."""
        return self._input is not None and self._input.has_focus

    def open(self) -> None:
        """Focus the input, with the cursor at the end of the text."""
        self.get_ready()
        assert self._input is not None
        self._input.focus()
        self._input.cursor_position = len(self._input.value)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self and event.x < len(SLASH) + self._width:
            self.open()

    def report(
        self,
        shown: int,
        total: int,
        sort: Sort | None = None,
        *,
        wrong: str = "",
        hint: str = "",
        style: DisplayStyle = STARS,
    ) -> None:
        """Show that `shown` of `total` shows match, and the sort order. An error `wrong`, or else a `hint`, replaces both."""
        self._shown, self._total, self._sort, self._wrong, self._style = shown, total, sort, wrong, style
        self._hint = hint
        self._fit()

    def report_marks(self, marked: int, hidden: int) -> None:
        """Show how many shows are marked, and how many of them are hidden by the view or the filter."""
        if (marked, hidden) != (self._marked, self._hidden):
            self._marked, self._hidden = marked, hidden
            self._fit()

    def _typed(self, text: str) -> None:
        if not self._quiet and self._changed is not None:
            self._changed(text)

    @on(Input.Changed)
    def _heard(self, event: Input.Changed) -> None:
        event.stop()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept(event.value, entered=True))

    def on_descendant_focus(self) -> None:
        self._fit()

    def on_descendant_blur(self) -> None:
        self._fit()
        self.post_message(self.Kept(self.text))  # e.g. after a click into the list

    def on_resize(self, event: events.Resize) -> None:
        self._fit()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self._fit()

    def _fit(self) -> None:
        """Divide the line between the input and the note. If there is little space, use a shorter form of the note."""
        room = max(_NARROWEST, self.size.width - _EDGES - len(GAP))
        cells = cell_len(self.text) + 2
        wanted = max(_LEAST, -(-cells // _STEP) * _STEP)
        notes = self._notes()
        text = min(cells, room // 2)
        note = next((n for n in notes if _cells(n) <= room - text), notes[-1])
        # The input may always take a quarter of the line: long notes must not change the layout at every key.
        self._width = max(_NARROWEST, text, min(wanted, max(room // 4, room - _cells(note))))
        left = max(1, self.size.width - _EDGES - len(GAP) - self._width)
        self.is_cut = note is not notes[0] if self._wrong else False
        if _cells(note) > left:
            note = ((fit("".join(words for words, _ in note), left, self._style), note[-1][1]),)
        if self._input is not None:
            self._input.styles.width = self._width
            self._input.hint = EXAMPLES if self.typing and len(EXAMPLES) < self._width else IDLE
        self._note = note
        self.refresh()

    def _notes(self) -> list[Words]:
        """Return the note at the end of the line, e.g. the number of matches, in several lengths, longest first."""
        count = counted(self._total, "show") if self._shown == self._total else f"{self._shown:,} of {self._total:,}"
        if self._wrong:
            sign = glyphs(self._style).wrong
            return [((f"{sign} {steady(self._wrong)}", "wrong"),), ((f"{sign} {count}", "wrong"),)]
        if self._hint:
            hint = (steady(self._hint), "count")
            return [((count, "count"), (GAP, ""), hint), (hint,)]
        short: Words = ((count, "count"),)
        if self._marked:
            marks = f"{self._marked:,} marked" + f", {self._hidden:,} not shown" * bool(self._hidden)
            short = (*short, (GAP, ""), (marks, "marks"))
        if self._sort is None:
            return [short]
        name, down = self._sort
        arrow = arrows(self._style)[down]
        return [(*short, (GAP, ""), (f"by {FIELDS[name].label.lower()} {arrow}", "order")), short]

    def draw(self) -> list[LineStatic]:
        text = self.text
        words = fit(text or IDLE, self._width, self._style)
        slash = "slash" if text or self.typing else "placeholder"
        return [self.line(((SLASH, slash), (words, "" if text else "placeholder"), (GAP, ""), *self._note))]


def _cells(note: Words) -> int:
    return sum(cell_len(words) for words, _ in note)
