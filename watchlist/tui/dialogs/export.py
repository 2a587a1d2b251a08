"""The export dialog: asks for the shows, the format and the file, and previews the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Input

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.text import counted
from watchlist.errors import UsageError, WatchlistError
from watchlist.formats import FORMATS, Format, WriteOptions, by_ending
from watchlist.formats.export_file import OwnFiles, is_taken, target, written
from watchlist.sanitize import safe
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.dialog import CANCEL, Dialog, Hints
from watchlist.tui.widgets.form_fields import ChoiceInput, Editor, LabeledField
from watchlist.tui.widgets.line_input import LineInput

SAMPLE = 5  # shows in the preview


class Scope(StrEnum):
    """Which shows to export: the marked ones, the listed ones, or all."""

    MARKED = "marked"
    SHOWN = "shown"
    ALL = "all"


class ExportRequest(Frozen):
    """The answer of the export dialog. `path` is the path as typed; `force` allows replacing an existing file."""

    format: Format
    path: str
    scope: Scope
    force: bool


class _Choice(LabeledField):
    """A form row in which the user chooses one of a few words. A note describes the chosen word."""

    def __init__(self, label: str, words: Sequence[str], value: str, *, id: str) -> None:
        super().__init__(label, id=id)
        self._words, self._value = words, value

    def make_editor(self) -> Editor:
        return ChoiceInput(self._words, self._value, {}, "")


class _Path(LabeledField):
    def __init__(self, value: str) -> None:
        super().__init__("File", id="path")
        self._value = value

    def make_editor(self) -> Editor:
        return LineInput(self._value, placeholder="where to write it")


class Preview(Widget):
    """A widget that shows the first lines of the export, cut to the size of the widget."""

    DEFAULT_CSS = """
    Preview { height: 9; margin: 1 0 0 0; padding: 0 1; background: $background; color: $text-muted; }
    Preview:ansi { background: ansi_default; }
    """

    def __init__(self) -> None:
        super().__init__(id="scrolls")
        self._text = ""

    def show(self, text: str) -> None:
        """Replace the text of the preview."""
        self._text = text
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self.size.height

    def render(self) -> Content:
        width, height = max(1, self.size.width), max(1, self.size.height)
        lines = self._text.split("\n")[:height]
        cut = (Content(safe(line[: width * 2].rstrip("\r").expandtabs(4))) for line in lines)
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in cut)


class ExportDialog(Dialog[ExportRequest]):
    """The dialog that asks what to export. Changing the format changes the suffix of the file name, and vice versa.

    Args:
        shows: The shows of each scope. Empty scopes are not offered; the first of the others is chosen at first.
        own: The program's own files, which an export never replaces.
        folder: The folder of the suggested file; None for the current folder.
        format: The name of the format that is chosen at first.
        style: How ratings are written.
    """

    BINDINGS = [
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("ctrl+s", "accept", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ExportDialog > #box { width: 84; }
    ExportDialog LabeledField > * { margin-left: 8; }
    ExportDialog LabeledField > .note { margin-left: 9; }
    ExportDialog.-short Preview { display: none; }
    ExportDialog.-narrow LabeledField > * { margin-left: 7; }
    """

    def __init__(
        self,
        shows: Mapping[Scope, Sequence[Show]],
        own: OwnFiles,
        *,
        folder: Path | None = None,
        format: str = "csv",
        style: DisplayStyle = STARS,
    ) -> None:
        super().__init__("Export")
        self._shows = {_counted(scope, some): (scope, some) for scope, some in shows.items() if some}
        self._formats = {f.label: f for f in FORMATS.values() if f.write}
        self._own, self._style = own, style
        self._first = FORMATS[format]
        self._path = _short((folder or Path.cwd()) / f"watchlist{self._first.endings[0]}")

    def body(self) -> Iterable[Widget]:
        scopes = list(self._shows)
        yield _Choice("Shows", scopes, scopes[0] if scopes else "", id="scope")
        yield _Choice("Format", list(self._formats), self._first.label, id="format")
        yield _Path(self._path)
        yield Preview()
        yield Hints(("←→", "change", "turn"), ("enter", "export", "accept"), CANCEL)

    def on_mount(self) -> None:
        self.query_one("#format", LabeledField).editor.focus()
        self._look()

    @property
    def _format(self) -> Format:
        return self._formats[self.query_one("#format", LabeledField).text]

    @property
    def _chosen(self) -> tuple[Scope, Sequence[Show]]:
        return self._shows.get(self.query_one("#scope", LabeledField).text, (Scope.ALL, ()))

    def _options(self) -> WriteOptions:
        return WriteOptions(self._style)

    @on(ChoiceInput.Changed)
    def _turned(self, message: ChoiceInput.Changed) -> None:
        row = self.query_one("#path", LabeledField)
        if message.control is self.query_one("#format", LabeledField).editor and _known(row.text) not in (
            None,
            self._format,
        ):
            row.text = row.text[: -len(Path(row.text).suffix)] + self._format.endings[0]
        self._look()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        known = _known(message.value)
        if known is not None:
            self.query_one("#format", LabeledField).text = known.label
        self._look()

    def _look(self) -> None:
        """Update the preview, and the notes about the format and the file, e.g. errors."""
        _, shows = self._chosen
        path, format = self.query_one("#path", LabeledField), self.query_one("#format", LabeledField)
        wrong = self._wrong_format()
        format.say(wrong or self._format.help, "error" if wrong else "muted")
        wrong = self._wrong_path()
        path.say(wrong or ("already exists" if self._there else ""), "error" if wrong else "warning")
        try:
            self.query_one(Preview).show(written(self._format, shows[:SAMPLE], self._options()))
        except WatchlistError:
            self.query_one(Preview).show("")
        self.call_after_refresh(self.fit)

    def _wrong_format(self) -> str:
        _, shows = self._chosen
        try:
            written(self._format, shows[:SAMPLE], self._options())
        except UsageError:  # tried again with all shows, so that the message counts them correctly
            try:
                written(self._format, shows, self._options())
            except WatchlistError as error:
                return error.message
        return ""

    def _wrong_path(self) -> str:
        text = self.query_one("#path", LabeledField).text.strip()
        if not text:
            return "a file name is missing"
        try:
            target(text, self._own, force=True)
        except WatchlistError as error:
            return error.message
        except OSError:  # the name is too long
            return "a file of this name can't be written"
        return ""

    @property
    def _there(self) -> bool:
        return is_taken(self.query_one("#path", LabeledField).text.strip())

    def action_turn(self) -> None:
        if isinstance(self.focused, ChoiceInput):
            self.focused.action_turn(1)

    def on_input_submitted(self) -> None:
        self.action_accept()

    def on_choice_input_accepted(self) -> None:
        self.action_accept()

    @work
    async def action_accept(self) -> None:
        scope, shows = self._chosen
        path = self.query_one("#path", LabeledField)
        if not shows or self._wrong_format():
            self.query_one("#format", LabeledField).editor.focus()
            return
        if self._wrong_path():
            path.editor.focus()
            return
        text, there = path.text.strip(), self._there
        question = f"{text} already exists. Replace it with {counted(len(shows), 'show')}?"
        if there and not await self.ask(ConfirmDialog(question, "replace", "keep it")):
            return
        self.dismiss(ExportRequest(self._format, text, scope, there))


def _counted(scope: Scope, shows: Sequence[Show]) -> str:
    return f"all {len(shows):,}" if scope is Scope.ALL else f"{len(shows):,} {scope}"


def _known(path: str) -> Format | None:
    """Return the format for the suffix of a file name; None if the suffix is unknown."""
    try:
        return by_ending(path)
    except (UsageError, ValueError):
        return None


def _short(path: Path) -> str:
    """Return a path with the home folder abbreviated to `~`."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
