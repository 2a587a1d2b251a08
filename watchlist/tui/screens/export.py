"""The export dialog: what to write, in which format, and where; with the first lines as the real writer writes them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from textual import on, work
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Input

from watchlist.errors import UsageError, WatchlistError
from watchlist.exporting import target, written
from watchlist.formats import FORMATS, Format, WriteOptions, by_ending
from watchlist.model import Show
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.text import counted
from watchlist.tui.screens.confirm import Confirm
from watchlist.tui.screens.dialog import CANCEL, Dialog, Hints
from watchlist.tui.screens.entry import Editor, OneOf, Row

SAMPLE = 5  # shows in the preview


class Scope(StrEnum):
    """Which shows are written."""

    MARKED = "marked"
    SHOWN = "shown"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What was asked for. `path` is as typed; with `force` a file that is there may be replaced."""

    format: Format
    path: str
    scope: Scope
    force: bool


class _Choice(Row):
    """One of a few words with what it means beside it."""

    def __init__(self, label: str, words: Sequence[str], value: str, *, id: str) -> None:
        super().__init__(label, id=id)
        self._words, self._value = words, value

    def make_editor(self) -> Editor:
        return OneOf(self._words, self._value, {}, "")


class _Path(Row):
    def __init__(self, value: str) -> None:
        super().__init__("File", id="path")
        self._value = value

    def make_editor(self) -> Editor:
        return Input(self._value, placeholder="where to write it", select_on_focus=False)


class Preview(Widget):
    """The first lines of what will be written, cut where the box ends."""

    DEFAULT_CSS = """
    Preview { height: 9; margin: 1 0 0 0; padding: 0 1; background: $background; color: $text-muted; }
    Preview:ansi { background: ansi_default; }
    """

    def __init__(self) -> None:
        super().__init__(id="scrolls")
        self._text = ""

    def show(self, text: str) -> None:
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
    """Ask what to export. `shows` are the shows of each scope, the first one chosen; empty ones are not offered.

    `file` is the list itself, which is never written over. The file's ending and the format follow each other.
    """

    BINDINGS = [
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("ctrl+s", "accept", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ExportDialog > #box { width: 84; }
    ExportDialog Row > * { margin-left: 8; }
    ExportDialog Row > .note { margin-left: 9; }
    ExportDialog.-short Preview { display: none; }
    ExportDialog.-narrow Row > * { margin-left: 7; }
    """

    def __init__(
        self,
        shows: Mapping[Scope, Sequence[Show]],
        file: Path,
        *,
        folder: Path | None = None,
        format: str = "csv",
        style: Style = STARS,
    ) -> None:
        super().__init__("Export")
        self._shows = {f"{len(some)} {scope}": (scope, some) for scope, some in shows.items() if some}
        self._formats = {f.label: f for f in FORMATS.values() if f.write}
        self._file, self._style = file, style
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
        self.query_one("#format", Row).editor.focus()
        self._look()

    @property
    def _format(self) -> Format:
        return self._formats[self.query_one("#format", Row).text]

    @property
    def _chosen(self) -> tuple[Scope, Sequence[Show]]:
        return self._shows.get(self.query_one("#scope", Row).text, (Scope.ALL, ()))

    def _options(self) -> WriteOptions:
        return WriteOptions(self._style)

    @on(OneOf.Changed)
    def _turned(self, message: OneOf.Changed) -> None:
        row = self.query_one("#path", Row)
        if message.control is self.query_one("#format", Row).editor and _known(row.text) not in (None, self._format):
            row.text = row.text[: -len(Path(row.text).suffix)] + self._format.endings[0]
        self._look()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        known = _known(message.value)
        if known is not None:
            self.query_one("#format", Row).text = known.label
        self._look()

    def _look(self) -> None:
        """Say what the format is for and what is wrong, and show the first lines."""
        _, shows = self._chosen
        path, format = self.query_one("#path", Row), self.query_one("#format", Row)
        wrong = self._wrong_format()
        format.say(wrong or self._format.help, "error" if wrong else "muted")
        wrong = self._wrong_path()
        path.say(wrong or ("is there already" if self._there else ""), "error" if wrong else "warning")
        try:
            self.query_one(Preview).show(written(self._format, shows[:SAMPLE], self._options()))
        except WatchlistError:
            self.query_one(Preview).show("")
        self.call_after_refresh(self.fit)

    def _wrong_format(self) -> str:
        _, shows = self._chosen
        try:
            written(self._format, shows[:SAMPLE], self._options())
        except UsageError:  # asked again with all of them, so that the sentence counts them right
            try:
                written(self._format, shows, self._options())
            except WatchlistError as error:
                return error.message
        return ""

    def _wrong_path(self) -> str:
        text = self.query_one("#path", Row).text.strip()
        if not text:
            return "a file name belongs here"
        try:
            target(text, self._file, force=True)
        except WatchlistError as error:
            return error.message
        except (OSError, ValueError, RuntimeError):  # a NUL in it, too long, no such user
            return "a file of this name can't be written"
        return ""

    @property
    def _there(self) -> bool:
        return os.path.lexists(Path(self.query_one("#path", Row).text.strip()).expanduser())

    def action_turn(self) -> None:
        if isinstance(self.focused, OneOf):
            self.focused.action_turn(1)

    def on_input_submitted(self) -> None:
        self.action_accept()

    def on_one_of_accepted(self) -> None:
        self.action_accept()

    @work(exclusive=True)
    async def action_accept(self) -> None:
        scope, shows = self._chosen
        path = self.query_one("#path", Row)
        if not shows or self._wrong_format():
            self.query_one("#format", Row).editor.focus()
            return
        if self._wrong_path():
            path.editor.focus()
            return
        text, there = path.text.strip(), self._there
        question = f"{text} is there already. Replace it with {counted(len(shows), 'show')}?"
        if there and not await self.app.push_screen_wait(Confirm(question, "replace", "keep it")):
            return
        self.dismiss(ExportRequest(self._format, text, scope, there))


def _known(path: str) -> Format | None:
    """The format that the ending speaks of."""
    try:
        return by_ending(path)
    except (UsageError, ValueError):
        return None


def _short(path: Path) -> str:
    """A path with the home folder as `~`."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
