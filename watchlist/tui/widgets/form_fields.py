"""Fields of forms: labels with inputs for lines, long texts and choices; completions and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Key, Paste
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.style import Style
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from watchlist.domain.text import fold
from watchlist.tui.state.type_ahead import Prefix
from watchlist.tui.widgets.line_widget import is_ascii

LABEL_WIDTH = 14  # cells of the label of a field, except on narrow screens


def completions(known: Sequence[str], text: str, *, several: bool) -> list[str]:
    """Return those of `known` that begin with `text` and differ from it. Case and accents are ignored.

    With `several`, `text` is a comma-separated list: complete its last item, excluding items that the list contains.
    """
    *before, last = text.split(",") if several else [text]
    given = {fold(item.strip()) for item in before}
    start = fold(last.strip())
    return [item for item in known if fold(item).startswith(start) and fold(item) != start and fold(item) not in given]


def completed(text: str, item: str, *, several: bool) -> str:
    """Return `item` or, with `several`, the list `text` with `item` in place of its last comma-separated item."""
    before = text[: text.rfind(",") + 1] if several else ""
    return f"{before} {item}" if before else item


class KnownTextSuggester(Suggester):
    """Suggests values that are in use in the list. The right arrow key accepts a suggestion."""

    def __init__(self, known: Sequence[str], *, several: bool) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._known, self._several = known, several

    async def get_suggestion(self, value: str) -> str | None:
        last = value.rpartition(",")[2] if self._several else value
        if not last.strip():
            return None
        start = last.lstrip()
        for item in completions(self._known, value, several=self._several):
            if item.lower().startswith(start.lower()):
                return value + item[len(start) :]
        return None


class Chips(Widget):
    """A line of completion candidates that can be clicked. Candidates that do not fit are left out."""

    DEFAULT_CSS = "Chips { height: 1; color: $text-muted; }"

    class Taken(Message):
        """Posted when a candidate, `item`, is clicked."""

        def __init__(self, item: str) -> None:
            super().__init__()
            self.item = item

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[str] = ()

    def show(self, items: Sequence[str]) -> None:
        """Replace the candidates."""
        self._items = items
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render(self) -> Content:
        line = Content("")
        for item in self._items:
            chip = Content(item).stylize(Style.from_meta({"item": item}))
            longer = Content.assemble(line, "  ", chip) if line else chip
            if longer.cell_length > self.size.width:
                break
            line = longer
        return line

    def on_click(self, event: Click) -> None:
        if item := event.style.meta.get("item"):
            event.stop()
            self.post_message(self.Taken(item))


class TextField(TextArea):
    """An input of several lines. Up on the first line and down on the last line move the focus, like tab."""

    DEFAULT_CSS = "TextField { scrollbar-size-vertical: 1; }"

    def render_line(self, y: int) -> Strip:
        if self.content_size.width < 1:  # Textual would divide the placeholder into lines of no width, which fails
            return Strip.blank(self.size.width)
        return super().render_line(y)

    def action_cursor_up(self, select: bool = False) -> None:
        if not select and self.navigator.is_first_wrapped_line(self.selection.end):
            self.screen.focus_previous()
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        if not select and self.navigator.is_last_wrapped_line(self.selection.end):
            self.screen.focus_next()
        else:
            super().action_cursor_down(select)


class ChoiceInput(Widget, can_focus=True):
    """A choice between a few words: left, right and space cycle through them, and typed letters select a word."""

    BINDINGS = [
        Binding("left", "turn(-1)", show=False),
        Binding("right,space", "turn(1)", show=False),
        Binding("backspace,delete", "clear", show=False),
        Binding("enter", "accept", show=False),
    ]
    DEFAULT_CSS = """
    ChoiceInput { height: 1; padding: 0 1; background: $panel; }
    ChoiceInput:focus { background-tint: $foreground 8%; text-style: bold; }
    ChoiceInput:ansi { background: ansi_default; }
    ChoiceInput:nocolor:focus { text-style: bold reverse; }
    """
    value: reactive[str] = reactive("")

    class Changed(Message):
        """Posted when another word is selected."""

        def __init__(self, sender: ChoiceInput) -> None:
            super().__init__()
            self.sender = sender

        @property
        def control(self) -> ChoiceInput:
            return self.sender

    def __init__(self, words: Sequence[str], value: str, signs: Mapping[str, str], hint: str) -> None:
        """Create the input.

        Args:
            words: The choices; an empty word lets the user clear the value.
            value: The current word. An invalid value from the list file need not be one of `words`.
            signs: The glyphs to show before words, by word.
            hint: The text shown while the value is empty.
        """
        super().__init__()
        self._words, self._signs, self._hint = words, signs, hint
        self._prefix = Prefix()
        self.set_reactive(ChoiceInput.value, value)

    class Accepted(Message):
        """Posted on enter, which submits the form, as in a one-line input."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render(self) -> Content:
        if not self.value:
            word = Content.styled(self._hint, "not bold italic $text-muted")
        else:
            sign = self._signs.get(self.value, "")
            word = Content(f"{sign} {self.value}" if sign else self.value)
        before, after = ("< ", " >") if is_ascii(self) else ("‹ ", " ›")
        line = Content.assemble((before, "$text-accent"), word, (after, "$text-accent")) if self.has_focus else word
        return line.truncate(max(1, self.size.width), ellipsis=True)

    def watch_value(self) -> None:
        self.post_message(self.Changed(self))

    def watch_has_focus(self, focus: bool) -> None:
        super().watch_has_focus(focus)
        self._prefix.reset()
        self.refresh()

    def action_turn(self, by: int) -> None:
        self._prefix.reset()
        place = self._words.index(self.value) if self.value in self._words else (-1 if by > 0 else 0)
        self.value = self._words[(place + by) % len(self._words)]

    def action_accept(self) -> None:
        self.post_message(self.Accepted())

    def action_clear(self) -> None:
        self._prefix.reset()
        if "" in self._words:
            self.value = ""

    def on_key(self, event: Key) -> None:
        character = event.character
        if character and (character.isalnum() or self._prefix.goes_on(character, event.time, self._words)):
            event.stop()
            event.prevent_default()
            here = self._words.index(self.value) if self.value in self._words else 0
            place = self._prefix.type(character, event.time, self._words, here)
            if place is not None:
                self.value = self._words[place]

    def on_paste(self, event: Paste) -> None:
        event.stop()
        pasted = " ".join(event.text.split()).lower()
        self.value = next((word for word in self._words if word.lower() == pasted), self.value)

    def on_click(self, event: Click) -> None:
        self.action_turn(1)


Editor = Input | TextField | ChoiceInput


class LabeledField(Widget):
    """A label with an input beside it and an optional note below, e.g. an error.

    The label is drawn by the field, not by a widget of its own, because a form has many fields and should open fast.
    """

    DEFAULT_CSS = """
    LabeledField {
        height: auto; color: $text-muted;
        &.-focused { color: $text-accent; }
        & > * { margin-left: 15; color: $foreground; }
        & > .note { margin-left: 16; height: auto; }
        & > TextField { height: 3; }
    }
    """

    def __init__(self, label: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label

    def render(self) -> Content:
        room = max(1, self.editor.styles.margin.left - 1)
        focused = ("bold reverse" if self.app.no_color else "bold") if self.has_class("-focused") else ""
        label = Content.styled(self._label, focused).truncate(room, ellipsis=True)
        return Content.assemble(" " * (room - label.cell_length), label)

    def make_editor(self) -> Editor:
        """Create the input of the field."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield self.editor

    def on_descendant_focus(self) -> None:
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        self.remove_class("-focused")

    @cached_property
    def editor(self) -> Editor:
        """The input of the field. It can be used before it is mounted, and after the field was removed."""
        return self.make_editor()

    @property
    def text(self) -> str:
        """The current text of the input."""
        editor = self.editor
        return editor.text if isinstance(editor, TextField) else editor.value

    @text.setter
    def text(self, text: str) -> None:
        editor = self.editor
        if isinstance(editor, TextField):
            editor.text = text
        else:
            editor.value = text
        if isinstance(editor, Input):
            editor.cursor_position = len(text)

    def say(self, text: str, kind: str = "error") -> None:
        """Show `text` as a note below the input; an empty text removes the note. `kind` is the CSS class of the note."""
        notes = self.query(".note")
        if notes:
            note = notes.only_one(Static)
            note.update(Content(text))
            note.set_classes(f"note {kind}" if text else "note hidden")
        elif text:
            self.mount(Static(Content(text), classes=f"note {kind}"))
        if text and self.has_class("-focused"):
            self.call_after_refresh(self.scroll_visible, animate=False)
