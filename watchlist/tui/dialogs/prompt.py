"""Dialogs that ask for a text: one line with validation during typing, or several lines, e.g. for notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from watchlist.tui.dialogs.dialog import CANCEL, Hints
from watchlist.tui.dialogs.draft_dialog import ConfirmDiscardDialog, DraftDialog
from watchlist.tui.widgets.form_fields import Chips, KnownTextSuggester, TextField, completed, completions
from watchlist.tui.widgets.line_input import LineInput


class Prompt(DraftDialog[str]):
    """The dialog that asks for one line of text and returns the line as typed; None if the user cancels.

    Args:
        title: The heading of the box.
        value: The initial text.
        hint: The placeholder of an empty line.
        check: Returns the error in a text, to show below the line; None for a valid text. By default, all texts are valid.
        known: Completion candidates.
        several: If True, the line is a comma-separated list, and each item is completed separately.
        word: The label of enter in the key hints.
    """

    DEFAULT_CSS = """
    Prompt > #box { width: 64; }
    Prompt Chips { margin: 0 1; }
    Prompt .error { margin: 0 1; }
    """
    BINDINGS = [Binding("tab", "take", show=False, priority=True)]

    def __init__(
        self,
        title: str,
        value: str = "",
        hint: str = "",
        check: Callable[[str], str | None] | None = None,
        *,
        known: Sequence[str] = (),
        several: bool = False,
        word: str = "save",
    ) -> None:
        super().__init__(title)
        self._value = f"{value}, " if several and value else value
        self._hint, self._check = hint, check
        self._known, self._several, self._word = known, several, word

    def body(self) -> Iterable[Widget]:
        suggester = KnownTextSuggester(self._known, several=self._several) if self._known else None
        yield LineInput(
            self.drafted("text", self._value),
            placeholder=self._hint,
            several=self._several,
            suggester=suggester,
        )
        yield Static(classes="error hidden")
        if self._known:
            yield Chips()
            yield Hints(("tab", "complete", "take"), ("enter", self._word, "accept"), CANCEL)
        else:
            yield Hints(("enter", self._word, "accept"), CANCEL)

    @property
    def typed(self) -> Mapping[str, str]:
        text = self.query_one(Input).value
        return {"text": text} if text != self._value else {}

    def on_input_changed(self, event: Input.Changed) -> None:
        self._say(self._wrong(event.value))
        for chips in self.query(Chips):
            chips.show(completions(self._known, event.value, several=self._several))

    def on_chips_taken(self, message: Chips.Taken) -> None:
        self._take(message.item)

    def action_take(self) -> None:
        """Complete the line with the first matching candidate."""
        for item in completions(self._known, self.query_one(Input).value, several=self._several)[:1]:
            self._take(item)

    def _take(self, item: str) -> None:
        line = self.query_one(Input)
        line.value = completed(line.value, item, several=self._several) + ", " * self._several
        line.cursor_position = len(line.value)
        line.focus()

    def on_input_submitted(self) -> None:
        self.action_accept()

    def action_accept(self) -> None:
        value = self.query_one(Input).value
        if wrong := self._wrong(value):
            self._say(wrong)
            return
        self.answer(value)

    def _wrong(self, value: str) -> str | None:
        return self._check(value) if self._check else None

    def _say(self, wrong: str | None) -> None:
        line = self.query_one(".error", Static)
        line.update(Content(wrong or ""))
        line.set_class(not wrong, "hidden")


class TextPrompt(ConfirmDiscardDialog[str]):
    """The dialog that asks for several lines of text. ctrl+s saves; esc asks before it discards typed text."""

    BINDINGS = [Binding("ctrl+s", "accept", show=False, priority=True)]
    DEFAULT_CSS = """
    TextPrompt > #box { width: 84; }
    TextPrompt TextField { height: 16; }
    """

    def __init__(self, title: str, value: str = "", hint: str = "") -> None:
        super().__init__(title)
        self._value, self._hint = value, hint

    def body(self) -> Iterable[Widget]:
        yield TextField(self._value, placeholder=Content(self._hint), highlight_cursor_line=False, id="scrolls")
        yield Hints(("ctrl+s", "save", "accept"), CANCEL)

    def on_mount(self) -> None:
        text = self.query_one(TextField)
        self._before = text.text  # the editor may normalize line ends, which is no change
        text.text = self.drafted("text", self._before)
        text.move_cursor(text.document.end)

    def action_accept(self) -> None:
        self.answer(self.typed.get("text", self._value))

    @property
    def typed(self) -> Mapping[str, str]:
        text = self.query_one(TextField).text
        return {"text": text} if text != self._before else {}
