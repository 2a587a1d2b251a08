"""AddBar: the line in which a show to add is typed."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding

from watchlist.domain.ratings import DisplayStyle
from watchlist.tui.widgets.line_input import LineInput
from watchlist.tui.widgets.line_widget import LineStatic, LineWidget
from watchlist.tui.widgets.list_columns import fit, steady

HINT = "a title, an id or an address"


class AddInput(LineInput):
    """The input of the add line. Its keys move the cursor of the list below it."""

    DEFAULT_CSS = """
    AddInput, AddInput:focus {
        border: none; height: 1; padding: 0; margin: 0 0 0 3; background: transparent; background-tint: transparent;
        color: $foreground;
        &:nocolor > .input--cursor { text-style: reverse; }
        &:nocolor > .input--selection { text-style: bold underline; }
    }
    """
    BINDINGS = [
        Binding("tab", "screen.form", show=False),
        Binding("up", "screen.move(-1)", show=False),
        Binding("down", "screen.move(1)", show=False),
        Binding("pageup", "screen.move(-10)", show=False),
        Binding("pagedown", "screen.move(10)", show=False),
    ]


class AddBar(LineWidget):
    """The line with the input, or with what was pasted, and a message or a hint at its right."""

    DEFAULT_CSS = "AddBar { layout: horizontal; height: 1; background: $surface; }"
    GROUND = "surface"
    LOOKS = {
        "sign": ("text-accent", True, ""),
        "hint": ("text-muted", False, ""),
        "bold": ("foreground", True, ""),
        "warning": ("text-warning", True, ""),
    }

    def __init__(self, text: str, style: DisplayStyle) -> None:
        self.input = AddInput(text, select_on_focus=False, compact=True)
        super().__init__()
        self._style = style
        self.pasted: tuple[str, str] | None = None  # what was pasted, and what the lines become
        self.message = ""
        self._input_width = 0  # cells

    def compose(self) -> ComposeResult:
        self._fit(self.app.size.width)
        yield self.input

    def on_resize(self) -> None:
        self.fit()

    def fit(self) -> None:
        """Give the input the cells that the hint or the message does not need."""
        self._fit(self.size.width)
        self.refresh()

    def _fit(self, width: int) -> None:
        wanted = max(1, width - 4 - len(self._note(width)))
        if wanted != self._input_width:  # else the screen would be laid out once more
            self.input.styles.width = self._input_width = wanted

    def _note(self, width: int) -> str:
        room = width - 8 - cell_len(self.input.value)
        note = steady(self.message) or HINT
        if len(note) > room:
            note = fit(note, max(room, width // 2), self._style).rstrip() if self.message else ""
        return note

    def draw(self) -> list[LineStatic]:
        line = self.line(((" + ", "sign"),))
        if self.pasted is not None:
            line.say(f"{self.pasted[0]}  ", self.look("bold"))
            line.say(
                fit(self.pasted[1], max(1, self.size.width - line.cells - 1), self._style).rstrip(), self.look("hint")
            )
        elif note := self._note(self.size.width):
            line.blank_to(self.size.width - cell_len(note) - 1)
            line.say(note, self.look("warning" if self.message else "hint"))
        return [line]
