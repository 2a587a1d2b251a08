"""The dialog that chooses the columns of the list, their order and their widths. Each change is previewed at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from watchlist.domain.fields import FIELDS
from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.text import counted
from watchlist.tui.dialogs.dialog import CANCEL, Dialog, Hints
from watchlist.tui.state.type_ahead import Prefix
from watchlist.tui.widgets.line_widget import is_ascii
from watchlist.tui.widgets.list_columns import LEAST, MOST, ColumnChoice
from watchlist.tui.widgets.option_rows import Option, OptionRows


class FieldRows(OptionRows[str]):
    """A list of fields, one per line. A click on a field shows or hides its column."""

    def __init__(self, options: Sequence[Option[str]], *, id: str | None = None) -> None:
        super().__init__(options, id=id)
        self._prefix = Prefix()

    class Toggled(Message):
        """Posted when a field was clicked; the cursor is on that field."""

    def on_key(self, event: Key) -> None:
        """Move the cursor to the first field whose label begins with the typed letters."""
        labels, character = [option.label for option in self.options], event.character
        if character is None:
            self._prefix.reset()
        elif self._prefix.goes_on(character, event.time, labels) or (
            character.isalpha() and character not in "jkgGJKhl"
        ):
            event.stop()
            event.prevent_default()
            place = self._prefix.type(character, event.time, labels, self.cursor)
            if place is not None:
                self.cursor = place
        else:
            self._prefix.reset()

    def on_click(self, event: Click) -> None:
        event.prevent_default()
        index = event.y + self.scroll_offset.y
        if 0 <= index < len(self.options):
            self.cursor = index
            self.post_message(self.Toggled())


class ColumnsDialog(Dialog[str]):
    """The dialog that returns the chosen columns and widths, e.g. `title,year:6`; "" for those of the config, None for esc.

    Args:
        choice: The current choice; None for the columns of the config.
        own: The columns of the config.
        draw: Draws the list of shows with a choice (None: the columns of the config). Returns the width in cells of
            each column that fits on the screen, by field name.
    """

    DEFAULT_CSS = """
    ColumnsDialog { align: right middle; }
    """
    BINDINGS = [
        Binding("space", "show_or_hide", show=False),
        Binding("J,greater_than_sign", "shift(1)", show=False),
        Binding("K,less_than_sign", "shift(-1)", show=False),
        Binding("right,plus", "widen(1)", show=False, priority=True),  # otherwise the list would scroll sideways
        Binding("left,minus", "widen(-1)", show=False, priority=True),
        Binding("l", "widen(1)", show=False),
        Binding("h", "widen(-1)", show=False),
        Binding("0", "reset", show=False),
    ]

    def __init__(
        self, choice: ColumnChoice | None, own: Sequence[str], draw: Callable[[ColumnChoice | None], Mapping[str, int]]
    ) -> None:
        super().__init__("Columns")
        self._own = ColumnChoice(tuple(own if "title" in own else ("title", *own)))
        self._draw = draw
        self._choice = choice or self._own
        self._names = [*self._choice.names, *(name for name in FIELDS if name not in self._choice.names)]
        self._drawn: Mapping[str, int] = {}

    def body(self) -> Iterable[Widget]:
        self._drawn = self._draw(self._given)
        self._rows = FieldRows(self._options(), id="scrolls")
        yield self._rows
        yield Static(id="note", classes="muted")
        yield Hints(
            ("space", "show or hide", "show_or_hide"),
            ("J K", "move", "shift(1)"),
            ("← →", "width", "widen(1)"),
            ("0", "as in the config", "reset"),
            ("enter", "keep", "accept"),
            CANCEL,
        )

    def on_mount(self) -> None:
        box = self.query_one("#box")
        box.styles.width = 44 + box.gutter.width
        self._say()

    @property
    def _given(self) -> ColumnChoice | None:
        return None if self._choice == self._own else self._choice

    @property
    def _field(self) -> str:
        """The name of the field under the cursor."""
        return self._names[self._rows.cursor]

    def _options(self) -> list[Option[str]]:
        """Return an option for each field. Shown columns come first, with a mark and their width."""
        mark = glyphs(DisplayStyle(ascii=is_ascii(self))).marked
        return [
            Option(name, FIELDS[name].label, glyph=mark if shown else " ", detail=self._width(name) if shown else "")
            for name in self._names
            for shown in (name in self._choice.names,)
        ]

    def _width(self, name: str) -> str:
        if name == "title":
            return "the rest"
        return f"{self._drawn[name]:2} cells" if name in self._drawn else "does not fit"

    def _set(self, choice: ColumnChoice, name: str) -> None:
        """Draw the list of shows with the columns in `choice`, and move the cursor of the dialog to the field `name`."""
        self._choice = choice
        self._drawn = self._draw(self._given)
        self._rows.options = self._options()
        self._rows.cursor = self._names.index(name)
        self._rows.refresh()
        self._say()

    def _say(self, text: str = "") -> None:
        """Show `text` below the fields. Without a text, say which columns do not fit, or that all columns fit."""
        hidden = [FIELDS[name].label for name in self._choice.names if name not in self._drawn]
        if hidden and not text:
            text = f"Hidden (too narrow): {', '.join(hidden)}"
            if len(text) > 44:
                text = f"Hidden (too narrow): {counted(len(hidden), 'column')}"
        self.query_one("#note", Static).update(Content(text or "All columns fit"))

    def action_show_or_hide(self) -> None:
        name, names = self._field, self._choice.names
        if name == "title":
            self._say("The title is always shown")
        elif name in names:
            self._set(self._choice._replace(names=tuple(other for other in names if other != name)), name)
        else:
            self._names.remove(name)
            self._names.insert(len(names), name)
            self._set(self._choice._replace(names=(*names, name)), name)

    def action_shift(self, by: int) -> None:
        """Exchange the column under the cursor with the next shown column (`by` 1) or the previous one (`by` -1)."""
        name, names = self._field, list(self._choice.names)
        if name not in names:
            self._say("space shows this column; then it can be moved")
            return
        at = names.index(name)
        if not 0 <= at + by < len(names):
            self._say("This is the last column" if by > 0 else "This is the first column")
            return
        names[at], names[at + by] = names[at + by], name
        self._names = [*names, *(other for other in self._names if other not in names)]
        self._set(self._choice._replace(names=tuple(names)), name)

    def action_widen(self, by: int) -> None:
        name = self._field
        if name == "title":
            self._say("Title fills the remaining width")
        elif name not in self._choice.names:
            self._say("space shows this column; then it has a width")
        else:
            cells = self._drawn.get(name, self._choice.width_of(name)) + by
            if LEAST <= cells <= MOST:
                self._set(self._choice._replace(widths={**self._choice.widths, name: cells}), name)
            else:
                self._say(f"From {LEAST} to {MOST} cells")

    def action_reset(self) -> None:
        """Restore the columns of the config."""
        self._names = [*self._own.names, *(name for name in FIELDS if name not in self._own.names)]
        self._set(self._own, self._own.names[0])

    def on_option_rows_moved(self) -> None:
        if self.is_mounted and self._drawn:
            self._say()

    def on_option_rows_chosen(self) -> None:
        self.action_accept()

    def on_field_rows_toggled(self) -> None:
        self.action_show_or_hide()

    def action_accept(self) -> None:
        given = self._given
        self.dismiss("" if given is None else str(given))
