"""LineInput: the one-line input of all forms, prompts and the filter. Pasted lines are joined."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from textual.events import Paste
from textual.message import Message
from textual.widgets import Input

from watchlist.domain.text import filled_lines, join_lines, join_values
from watchlist.tui.paste_limits import LONGEST_LINE


class LineInput(Input):
    """An input that selects its text when a key moves the focus there, so that typing replaces the text.

    Line breaks in pasted text become blanks. With `several`, the text is a comma-separated list: each pasted line
    becomes an item, and the text is not selected, because users extend a list.
    """

    class Pasted(Message):
        """Posted when several lines are pasted. `lines` is the new text of the input as if it had kept the line breaks."""

        def __init__(self, control: LineInput, lines: list[str]) -> None:
            super().__init__()
            self.line, self.lines = control, lines

        @property
        def control(self) -> LineInput:
            return self.line

    class TooLong(Message):
        """Posted when a pasted text is longer than LONGEST_LINE. Nothing is inserted."""

    def __init__(self, value: str = "", placeholder: str = "", *, several: bool = False, **settings: Any) -> None:
        super().__init__(value, placeholder, **({"select_on_focus": not several} | settings))
        self.several = several
        self._hint = placeholder

    @property
    def hint(self) -> str:
        """The whole placeholder. The input shows as much of it as fits."""
        return self._hint

    @hint.setter
    def hint(self, hint: str) -> None:
        self._hint = hint
        self._fit_hint()

    def on_resize(self) -> None:
        self._fit_hint()

    def _fit_hint(self) -> None:
        self.placeholder = fitted(self._hint, self.scrollable_content_region.width - 1)  # minus 1 for the cursor

    def on_paste(self, event: Paste) -> None:
        """Insert all pasted lines. Textual would insert only the first line."""
        event.stop()
        event.prevent_default()
        self.insert_pasted(event.text)

    def action_paste(self) -> None:
        """Insert the text that was copied within the app."""
        self.insert_pasted(self.app.clipboard)

    def insert_pasted(self, text: str) -> None:
        """Replace the selection by `text`. Several lines become one line. A line that is too long is not inserted."""
        start, end = sorted(self.selection)
        before, after = self.value[:start], self.value[end:]
        if joined := join_values(text, before, after) if self.several else join_lines(text):
            if len(joined) <= LONGEST_LINE:
                self.replace(joined, start, end)
            else:
                self.post_message(self.TooLong())
        if len(lines := filled_lines(text)) > 1:
            self.post_message(self.Pasted(self, [before + lines[0], *lines[1:-1], lines[-1] + after]))


def fitted(hint: str, width: int) -> str:
    """Return `hint`, or its longest part before a comma or semicolon that fits in `width` cells; empty if none fits."""
    if cell_len(hint) <= width:
        return hint
    ends = [at for at, character in enumerate(hint) if character in ",;" and cell_len(hint[:at]) <= width]
    return hint[: ends[-1]] if ends else ""
