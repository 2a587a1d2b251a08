"""The form that adds or edits a show: a row for each field of FIELDS, validated by the field's type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from textual import on, work
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from watchlist.domain.edits import new_show, split_title
from watchlist.domain.field_types import ChoiceType
from watchlist.domain.fields import FIELDS, Field, problem_of
from watchlist.domain.glyphs import status_glyph
from watchlist.domain.json_values import to_json
from watchlist.domain.model import Show, Status
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.domain.text import counted
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.dialog import CANCEL, Hint, Hints, Scrolls
from watchlist.tui.dialogs.draft_dialog import ConfirmDiscardDialog
from watchlist.tui.widgets.form_fields import ChoiceInput, Editor, KnownTextSuggester, LabeledField, TextField
from watchlist.tui.widgets.line_input import LineInput

T = TypeVar("T")
FORM = tuple(field for field in FIELDS.values() if field.form)
# The index of the first field with several lines of text; on a wide screen, the second column begins there.
FIRST_LONG = next(place for place, field in enumerate(FORM) if field.type.long)
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
        self.set_class(field.type.long or isinstance(field.type, Records), "-long")

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
        Binding("up", "previous", show=False),
        Binding("down", "next", show=False),
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

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(ChoiceInput.Changed)
    def _typed(self, event: Input.Changed | TextArea.Changed | ChoiceInput.Changed) -> None:
        control = event.control
        row = next((node for node in control.ancestors if isinstance(node, FieldRow)), None)
        if row is not None and row.is_mounted and self.is_open:
            row.check()
            self.checked(row)

    def checked(self, row: FieldRow) -> None:
        """A hook that is called after the user has changed `row` and its text was validated, e.g. to show a note."""

    def on_descendant_focus(self) -> None:
        """Show which key saves: enter or, in an input of several lines, ctrl+s, because enter begins a new line there."""
        lines = isinstance(self.focused, TextArea)
        self.query_one(Hints).show(SAVE if lines else ("enter", "save", "save"), NEXT, CANCEL)

    def on_choice_input_accepted(self) -> None:
        self.action_save()

    def on_input_submitted(self) -> None:
        self.action_save()

    def action_next(self) -> None:
        self.focus_next()

    def action_previous(self) -> None:
        self.focus_previous()

    def action_save(self) -> object:
        """Close with the typed values, or move the focus to the first row with an error."""
        raise NotImplementedError


class ShowForm(Form[Mapping[str, Any]]):
    """The form that adds or edits a show. Its answer is the values of the changed fields by field name; None without any.

    If several titles were pasted, the answer has the key `titles` with a sequence of texts instead of `title`.

    Args:
        show: The show to edit; None to add a show.
        style: How ratings are shown and read.
        known: Completion candidates by field name.
        duplicate: Returns the show of the list that is the same as a new show; None if there is none.
        new_ones: Returns those of several new shows that are not on the list.
    """

    DEFAULT_CSS = """
    ShowForm > #box { width: 72; }
    ShowForm.-wide > #box { width: 116; }
    ShowForm #scrolls { height: auto; scrollbar-size-vertical: 1; }
    ShowForm #columns { height: auto; }
    ShowForm.-wide #columns { layout: horizontal; }
    ShowForm .column { height: auto; width: 100%; }
    ShowForm.-wide .column { width: 1fr; }
    ShowForm.-wide #right { margin-left: 3; }
    ShowForm.-wide #right FieldRow > * { margin-left: 9; }
    ShowForm.-wide #right .note { margin-left: 10; }
    ShowForm.-wide FieldRow > TextField { height: 4; }
    ShowForm #top { margin: 0 0 1 16; }
    ShowForm.-narrow #top { margin: 0; }
    """

    def __init__(
        self,
        show: Show | None,
        style: DisplayStyle = STARS,
        known: Mapping[str, Sequence[str]] | None = None,
        duplicate: Callable[[Show], Show | None] = lambda show: None,
        new_ones: Callable[[Sequence[Show]], Sequence[Show]] = lambda shows: shows,
    ) -> None:
        super().__init__(f"Edit {show.title}" if show else "Add a show")
        self._show, self._style = show, style
        self._known, self._duplicate, self._new_ones = known or {}, duplicate, new_ones
        self._same: Show | None = None

    def body(self) -> Iterable[Widget]:
        self.rows = {field.name: self._row(field) for field in FORM}
        rows = list(self.rows.values())
        yield Static(classes="warning hidden", id="top")
        left = Container(*rows[:FIRST_LONG], classes="column")
        right = Container(*rows[FIRST_LONG:], classes="column", id="right")
        yield Scrolls(Container(left, right, id="columns"))
        yield Hints(("enter", "save", "save"), NEXT, CANCEL)

    def _row(self, field: Field) -> FieldRow:
        problem = problem_of(self._show, field.name) if self._show else None
        text = _raw(problem.value) if problem else _shown(field, self._show or Show("", ""), self._style)
        draft = self.draft.texts.get(field.name) if self.draft else None
        known = self._known.get(field.name, ())
        return FieldRow(field, text, problem.message if problem else "", self._style, known, draft)

    def checked(self, row: FieldRow) -> None:
        if self._show is None and row.field.name in ("title", "year", "ids", "aka"):
            self._look_at_title()

    def _look_at_title(self) -> None:
        """Show how the title is split into title and year, and warn if the show is on the list already."""
        title, year = self._title()
        row = self.row("title")
        if not row.error:
            row.say(f"{title}, from {year}" if title != " ".join(row.text.split()) else "", "muted")
        try:
            self._same = self._duplicate(self._new()) if title else None
        except ValueError:
            return  # the row with the wrong value shows the error
        self._say_at_top(f"{_named(self._same)} is on the list already" if self._same else "")

    def _title(self) -> tuple[str, int | None]:
        """Return (title, year or None). The title `Heat (1995)` is split, unless the year field contains another year."""
        text, own = self.row("title").text, self.row("year").text.strip()
        title, year = split_title(text)
        return (title, year) if not own or own == str(year) else (text, None)

    def _new(self) -> Show:
        return new_show(self._title()[0], self._values(), today=date.today())

    def _values(self) -> dict[str, Any]:
        values = {row.field.name: row.value() for row in self.changed}
        if self._show is None:
            title, year = self._title()
            values["title"] = title
            if year is not None:
                values["year"] = year
        return values

    @work
    async def action_save(self) -> None:
        if self._show is None:
            self.row("title").check(asked=True)
        asked = (*self.changed, *([self.row("title")] if self._show is None else []))
        wrong = [row for row in asked if row.error]
        if wrong:
            wrong[0].editor.focus()
            return
        if not self.changed:
            self.dismiss(None)
            return
        if self._same is not None:
            question = f"{_named(self._same)} is on the list already. Add it once more?"
            if not await self.ask(ConfirmDialog(question, "add", "keep editing")):
                return
        self.answer(self._values())

    @on(LineInput.Pasted)
    def _several_pasted(self, message: LineInput.Pasted) -> None:
        if self._show is None and message.line is self.row("title").editor:
            self._offer(message.lines)

    @work(exclusive=True)
    async def _offer(self, titles: Sequence[str]) -> None:
        """Ask whether to add each pasted line as a show. If not, the lines remain one title."""
        shows = [new_show(title, {}, today=date.today()) for title in titles]
        new, known = len(self._new_ones(shows)), len(set(map(_named, shows)))
        wrong = [row for row in self.changed if row.error and row.field.name != "title"]
        if not new:
            self._say_at_top(f"All {known} titles are on the list already")
            return
        there = f" {counted(known - new, 'title')} of those pasted {'is' if known - new == 1 else 'are'} there already."
        question = f"Add {counted(new, 'show')}, one per line?" + there * (known > new)
        if not await self.ask(ConfirmDialog(question, "add", "make it one title")):
            return
        if wrong:
            wrong[0].editor.focus()
            return
        values = {row.field.name: row.value() for row in self.changed if row.field.name != "title"}
        self.dismiss(values | {"titles": titles})

    def _say_at_top(self, text: str) -> None:
        top = self.query_one("#top", Static)
        top.update(Content(text))
        top.set_class(not text, "hidden")
        self.call_after_refresh(self.fit)


def _named(show: Show) -> str:
    return f"{show.title} ({show.year})" if show.year else show.title


def _raw(value: object) -> str:
    """Return an invalid value of the list file as editable text."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(to_json(value), ensure_ascii=False)


def _shown(field: Field, show: Show, style: DisplayStyle) -> str:
    """Return the value of a field as editable text. Records, e.g. viewings, get one line each if that parses back."""
    value = field.get(show)
    if isinstance(field.type, Records):
        lines = "\n".join(field.type.format((row,), style) for row in value)
        try:
            if field.type.parse(lines, style) == value:
                return lines
        except ValueError:
            pass
    return field.type.format(value, style)
