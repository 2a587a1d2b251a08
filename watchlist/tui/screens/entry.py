"""What is typed into: lines and texts that complete what is known already and let go of the cursor at their edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Key
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from watchlist.text import fold
from watchlist.tui.widgets.looks import is_ascii


def completions(known: Sequence[str], text: str, *, several: bool) -> list[str]:
    """The known texts that `text` begins; with `several` its last item, and none of those it holds already."""
    *before, last = text.split(",") if several else [text]
    given = {fold(item.strip()) for item in before}
    start = fold(last.strip())
    return [item for item in known if fold(item).startswith(start) and fold(item) != start and fold(item) not in given]


def completed(text: str, item: str, *, several: bool) -> str:
    """`text` with its last item replaced by the whole `item`."""
    before = text[: text.rfind(",") + 1] if several else ""
    return f"{before} {item}" if before else item


class Known(Suggester):
    """Completes from what the list holds already. The right arrow takes it."""

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
    """Known texts to click, as many as fit on one line."""

    DEFAULT_CSS = "Chips { height: 1; color: $text-muted; }"

    class Taken(Message):
        """One was clicked."""

        def __init__(self, item: str) -> None:
            super().__init__()
            self.item = item

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[str] = ()

    def show(self, items: Sequence[str]) -> None:
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


class Text(TextArea):
    """Several lines. Up from the first line and down from the last one leave it, as tab does."""

    DEFAULT_CSS = "Text { scrollbar-size-vertical: 1; }"

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


class OneOf(Widget, can_focus=True):
    """One of a few words: left, right and space go round, a letter goes to the next word that begins with it."""

    BINDINGS = [
        Binding("left", "turn(-1)", show=False),
        Binding("right,space", "turn(1)", show=False),
        Binding("backspace,delete", "clear", show=False),
        Binding("enter", "accept", show=False),
    ]
    DEFAULT_CSS = """
    OneOf { height: 1; padding: 0 1; background: $panel; }
    OneOf:focus { background-tint: $foreground 8%; text-style: bold; }
    OneOf:ansi { background: ansi_default; }
    OneOf:nocolor:focus { text-style: bold reverse; }
    """
    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another word is chosen."""

        def __init__(self, sender: OneOf) -> None:
            super().__init__()
            self.sender = sender

        @property
        def control(self) -> OneOf:
            return self.sender

    def __init__(self, words: Sequence[str], value: str, signs: Mapping[str, str], hint: str) -> None:
        """`value` may be none of `words`: a wrong one of the file. `signs` are glyphs by word; `hint` stands for no word."""
        super().__init__()
        self._words, self._signs, self._hint = words, signs, hint
        self.set_reactive(OneOf.value, value)

    class Accepted(Message):
        """Enter: as in a line, all that was asked is answered."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render(self) -> Content:
        if not self.value:
            word = Content.styled(self._hint, "not bold $foreground-muted")
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
        self.refresh()

    def action_turn(self, by: int) -> None:
        place = self._words.index(self.value) if self.value in self._words else (-1 if by > 0 else 0)
        self.value = self._words[(place + by) % len(self._words)]

    def action_accept(self) -> None:
        self.post_message(self.Accepted())

    def action_clear(self) -> None:
        if "" in self._words:
            self.value = ""

    def on_key(self, event: Key) -> None:
        if event.character and event.character.isalnum():
            event.stop()
            place = self._words.index(self.value) if self.value in self._words else -1
            after = [*self._words[place + 1 :], *self._words[: place + 1]]
            self.value = next((word for word in after if word.lower().startswith(event.character.lower())), self.value)

    def on_click(self, event: Click) -> None:
        self.action_turn(1)


Editor = Input | Text | OneOf


class Row(Widget):
    """A label, what is typed into beside it, and below that a line of what is to be said about it.

    The label is drawn, not mounted: a form has many rows and should open at once.
    """

    DEFAULT_CSS = """
    Row {
        height: auto; color: $text-muted;
        &.-focused { color: $text-accent; }
        & > * { margin-left: 15; color: $foreground; }
        & > .note { margin-left: 16; height: auto; }
        & > Text { height: 3; }
    }
    """

    def __init__(self, label: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = label

    def render(self) -> Content:
        room = max(1, max((child.styles.margin.left for child in self.children[:1]), default=1) - 1)
        focused = ("bold reverse" if self.app.no_color else "bold") if self.has_class("-focused") else ""
        label = Content.styled(self._label, focused).truncate(room, ellipsis=True)
        return Content.assemble(" " * (room - label.cell_length), label)

    def make_editor(self) -> Editor:
        """What is typed into."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield self.make_editor()

    def on_descendant_focus(self) -> None:
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        self.remove_class("-focused")

    @property
    def editor(self) -> Editor:
        editor = self.children[0]
        assert isinstance(editor, (Input, Text, OneOf))
        return editor

    @property
    def text(self) -> str:
        """What stands in it now."""
        editor = self.editor
        return editor.text if isinstance(editor, Text) else editor.value

    @text.setter
    def text(self, text: str) -> None:
        editor = self.editor
        if isinstance(editor, Text):
            editor.text = text
        else:
            editor.value = text
        if isinstance(editor, Input):
            editor.cursor_position = len(text)

    def say(self, text: str, kind: str = "error") -> None:
        """The line below it; empty takes it away."""
        notes = self.query(".note")
        if notes:
            note = notes.only_one(Static)
            note.update(Content(text))
            note.set_classes(f"note {kind}" if text else "note hidden")
        elif text:
            self.mount(Static(Content(text), classes=f"note {kind}"))
        if text and self.has_class("-focused"):
            self.call_after_refresh(self.scroll_visible, animate=False)
