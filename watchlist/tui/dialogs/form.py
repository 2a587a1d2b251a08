"""Forms: dialogs with rows of fields, which are validated during typing by the types of the fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, TextArea

from watchlist.domain.field_types import ChoiceType
from watchlist.domain.fields import Field
from watchlist.domain.glyphs import status_glyph
from watchlist.domain.model import Status
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.tui.dialogs.dialog import CANCEL, Hint, Hints
from watchlist.tui.dialogs.draft_dialog import ConfirmDiscardDialog
from watchlist.tui.widgets.form_fields import ChoiceInput, Editor, KnownTextSuggester, LabeledField, TextField
from watchlist.tui.widgets.line_input import LineInput

T = TypeVar("T")
SAVE: Hint = ("ctrl+s", "save", "save")
NEXT: Hint = ("tab", "next", "next")


class FieldRow(LabeledField):
    """A row of a form: the label of a field, its input, and a note or an error below."""

    def __init__(
        self, field: Field, text: str, problem: str, style: DisplayStyle, known: Sequence[str], draft: str | None = None
    ) -> None:
        """Create the row.

        Args:
            field: The field to edit.
            text: The initial text.
            problem: The error of the value in the list file; empty if the value is valid.
            style: How ratings are read and statuses are drawn.
            known: Completion candidates.
            draft: The text of a draft, or None. It replaces the initial text, and counts as typed by the user.
        """
        super().__init__(field.label)
        self.field, self.before, self._draft = field, text, draft
        self._problem, self._style, self._known = problem, style, known
        self.error = problem
        self.set_class(field.type.long or (isinstance(field.type, Records) and field.type.pair), "-long")

    def make_editor(self) -> Editor:
        type, hint = self.field.type, self.field.hint
        if isinstance(type, ChoiceType):
            words = ([""] if type.empty is None else []) + [str(choice) for choice in type.choices]
            signs = {str(status): status_glyph(status, self._style) for status in Status}
            return ChoiceInput(words, self.before, signs, hint)
        if self.has_class("-long"):
            return TextField(self.before, placeholder=Content(hint), highlight_cursor_line=False)
        suggester = KnownTextSuggester(self._known, several=type.multiple) if self._known else None
        return LineInput(self.before, hint, several=type.multiple, suggester=suggester)

    def on_mount(self) -> None:
        self.before = self.text  # an editor may normalize line ends, which is no change
        if self._draft is None:
            self.say(self.error)
        else:
            self.text = self._draft
            self.check()

    @property
    def changed(self) -> bool:
        """True if the text differs from the initial text."""
        return self.text != self.before

    def value(self) -> Any:
        """Return the typed value. Raise ValueError with a message for the user if the text is invalid."""
        return self.field.type.parse(self.text, self._style)

    def check(self, *, asked: bool = False) -> None:
        """Validate the text and show the error. An unchanged text is validated only if `asked` is True."""
        self.error = self._problem
        if self.changed or asked:
            try:
                self.value()
                self.error = ""
            except ValueError as error:
                self.error = str(error)
        self.say(self.error)


class Form(ConfirmDiscardDialog[T]):
    """A dialog with rows of fields that are validated during typing. Saving is refused while a row has an error.

    Attributes:
        rows: The rows in order, by field name. Subclasses set it in `body`.
    """

    rows: Mapping[str, FieldRow] = {}

    BINDINGS = [
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("up,shift+tab", "previous", show=False),
        Binding("down,tab", "next", show=False),
    ]

    def row(self, name: str) -> FieldRow:
        """Return the row of a field by the field's name."""
        return self.rows[name]

    @property
    def changed(self) -> tuple[FieldRow, ...]:
        """The rows whose text differs from the initial text."""
        return tuple(row for row in self.rows.values() if row.changed)

    @property
    def typed(self) -> Mapping[str, str]:
        return {row.field.name: row.text for row in self.changed}

    async def complete(self) -> None:
        """A hook that is called before a key or a typed text takes effect: mount the widgets that are not there yet."""

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(ChoiceInput.Changed)
    async def _typed(self, event: Input.Changed | TextArea.Changed | ChoiceInput.Changed) -> None:
        control = event.control
        row = next((node for node in control.ancestors if isinstance(node, FieldRow)), None)
        if row is not None and row.is_mounted and self.is_open:
            await self.complete()
            row.check()
            self.checked(row)

    def checked(self, row: FieldRow) -> None:
        """A hook that is called after the user has changed `row` and its text was validated, e.g. to show a note."""

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The key hints. enter saves; in an input of several lines, where enter begins a new line, ctrl+s does."""
        return SAVE if isinstance(self.focused, TextArea) else ("enter", "save", "save"), NEXT, CANCEL

    def on_descendant_focus(self) -> None:
        for hints in self.query(Hints):
            hints.show(*self.hints)

    def on_choice_input_accepted(self) -> None:
        self.action_save()

    def on_input_submitted(self) -> None:
        self.action_save()

    async def action_next(self) -> None:
        await self.complete()
        self.focus_next()

    async def action_previous(self) -> None:
        await self.complete()
        self.focus_previous()

    def action_save(self) -> object:
        """Close with the typed values, or move the focus to the first row with an error."""
        raise NotImplementedError
