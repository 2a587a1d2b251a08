"""The base class of all dialogs: a box with key hints in its lower part. esc closes the box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import TypeVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Size
from textual.messages import Layout
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.style import Style
from textual.widget import Widget
from textual.worker import NoActiveWorker, Worker, get_current_worker

from watchlist.tui.widgets.dimmed_screen import DimmedScreen
from watchlist.tui.widgets.line_widget import is_ascii

T = TypeVar("T")
U = TypeVar("U")
Hint = tuple[str, str, str]  # key, label, and the action of the screen that a click runs
CANCEL: Hint = ("esc", "cancel", "cancel")
STOP: Hint = ("esc", "stop, keep the rest", "cancel")  # one of several dialogs: what was chosen before is kept
LATEST = 0.1  # seconds after which a dialog is drawn even if its layout is not final
GAP = 3  # cells between two hints; reduced by 1 if that saves a line
# CSS classes of a dialog, with the minimum width of the screen in cells or its minimum height in lines.
WIDTHS = [(0, "-narrow"), (60, "-medium"), (100, "-wide")]
HEIGHTS = [(0, "-short"), (18, "-tall")]
_ARROWS = str.maketrans({"←": "<", "→": ">", "↑": "^", "↓": "v"})


def hint_lines(hints: Sequence[Hint], width: int, *, ascii: bool) -> list[Content]:
    """Return hints as lines of at most `width` cells. No hint is split."""
    wide, close = (_filled(hints, width, gap, ascii) for gap in (GAP, GAP - 1))
    return close if len(close) < len(wide) else wide


def _filled(hints: Sequence[Hint], width: int, gap: int, ascii: bool) -> list[Content]:
    lines: list[Content] = []
    for key, word, action in hints:
        sign = key.translate(_ARROWS) if ascii else key
        hint = Content.assemble((sign, "bold $text-accent"), " ", word).stylize(Style.from_meta({"action": action}))
        if lines and lines[-1].cell_length + gap + hint.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], " " * gap, hint)
        else:
            lines.append(hint)
    return lines


class Hints(Widget):
    """The key hints of a dialog, on one line if they fit. Clicking a hint runs its action."""

    DEFAULT_CSS = """
    Hints { width: auto; max-width: 100%; height: auto; margin-top: 1; color: $text-muted; }
    """

    def __init__(self, *hints: Hint) -> None:
        super().__init__()
        self._hints = hints

    def show(self, *hints: Hint) -> None:
        """Replace the key hints, e.g. when the focus moves to a field that uses `enter` differently."""
        if hints != self._hints:
            self._hints = hints
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return sum(len(key) + 1 + len(word) + GAP for key, word, _ in self._hints) - GAP

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        return hint_lines(self._hints, width, ascii=is_ascii(self))

    async def on_click(self, event: Click) -> None:
        if action := event.style.meta.get("action"):
            event.stop()
            await self.screen.run_action(action)


class Scrolls(VerticalScroll, inherit_bindings=False, can_focus=False):
    """The scrolling container of a dialog. It takes no focus and no keys; the dialog handles them."""

    def __init__(self, *children: Widget) -> None:
        super().__init__(*children, id="scrolls")


class Dialog(ModalScreen[T]):
    """A modal screen with one box. Subclasses implement `body`; esc closes the dialog with the answer None.

    The widget that may become long has the id `scrolls`. Its height is limited to the lines of the screen that the
    other widgets of the box do not need.
    """

    BINDINGS = [Binding("escape", "cancel", show=False)]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        &:ansi { background: transparent; }
    }
    Dialog > #box {
        width: auto;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 1 2;
        background: $surface;
        color: $foreground;
        border: round $primary 60%;
        border-title-color: $text-accent;
        border-title-style: bold;
        border-subtitle-color: $text-muted;
        &:ansi { background: ansi_default; border: round ansi_blue; }
    }
    Dialog > #box.-ascii { border: ascii $primary 60%; }
    Dialog.-short > #box { padding: 0 1; }
    Dialog.-short Hints { margin-top: 0; }
    Dialog.-narrow > #box { padding: 0 1; }
    Dialog .error { color: $text-error; height: auto; }
    Dialog .warning { color: $text-warning; height: auto; }
    Dialog .muted { color: $text-muted; }
    Dialog .hidden { display: none; }
    Dialog.-narrow LabeledField > * { margin-left: 11; }
    Dialog.-narrow LabeledField > .note { margin-left: 0; }
    Dialog Input {
        height: 1; border: none; padding: 0 1; background: $panel; scrollbar-size-horizontal: 0;
        &:focus { border: none; background: $panel; background-tint: $foreground 8%; }
        &.-invalid, &.-invalid:focus { border: none; }
        &>.input--placeholder { color: $text-muted; text-style: italic; }
        &>.input--suggestion { color: $text-muted; }
    }
    Dialog TextArea {
        border: none; padding: 0 1; background: $panel;
        &:focus { border: none; background-tint: $foreground 8%; }
        & .text-area--cursor-line { background: transparent; }
        & .text-area--placeholder { color: $text-muted; text-style: italic; }
    }
    Dialog:nocolor Input, Dialog:nocolor TextArea { text-style: underline; }
    Dialog:nocolor .input--cursor, Dialog:nocolor .text-area--cursor { text-style: reverse; }
    Dialog:nocolor .input--selection, Dialog:nocolor .text-area--selection { text-style: bold reverse; }
    """

    _opening: ExitStack | None = None  # delays drawing until the dialog has its final layout
    _limited = False  # True while opening, once `fit` has limited the height of the scrolling widget
    _dismissed = False
    _asking = False
    _late: tuple[T | None] | None = None  # the answer, if another dialog is still open over this one

    def __init__(self, heading: str) -> None:
        super().__init__()
        self._heading = heading

    def body(self) -> Iterable[Widget]:
        """Return the widgets of the box from top to bottom."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        # Nothing is drawn until the first layout is known and `fit` has been called. Otherwise, a long dialog would be
        # drawn twice, and its lower part would jump.
        self._opening = ExitStack()
        self._opening.enter_context(self.app.batch_update())
        self.add_size_classes()
        box = Vertical(*self.body(), id="box", classes="-ascii" if is_ascii(self) else "")
        if self._heading.strip():
            box.border_title = Content(self._heading)
        yield box

    def render(self) -> RenderableType:
        behind = super().render()
        return DimmedScreen(behind.screen, behind.color) if isinstance(behind, BackgroundScreen) else behind

    def add_size_classes(self) -> None:
        """Add the classes for the size of the screen.

        Textual would add them after the first layout: everything would be styled twice and visibly jump.
        """
        self.add_class(_reached(WIDTHS, self.app.size.width))
        self.add_class(_reached(HEIGHTS, self.app.size.height))

    def on_resize(self, event: Resize) -> None:
        if self._opening is None:
            self.call_after_refresh(self.fit)
            return
        part = next(iter(self.query("#scrolls")), None)
        before = part.styles.max_height if part is not None else None
        self.fit()
        if part is None or (limit := part.styles.max_height) in (None, before) or part.size.height <= limit.value:
            self._draw_now()
        else:
            self._limited = True
            self.set_timer(LATEST, self._draw_now)

    def on_layout(self, message: Layout) -> None:
        """Draw a long dialog as soon as its limited height is in effect. Textual would draw it before, and after a frame."""
        if self._opening is not None and self._limited and message.widget.id == "scrolls":
            self._draw_now()
            self.post_message(Resize(self.size, self.size))

    def on_unmount(self) -> None:
        self._draw_now()

    def _draw_now(self) -> None:
        """End the delay of drawing that `compose` has begun."""
        if self._opening is not None:
            self._opening.close()
            self._opening = None
            if self.is_open:
                self.call_after_refresh(self.opened)

    def opened(self) -> None:
        """A hook that is called once, after the first frame. What takes long to compute starts here, in a thread."""

    def fit(self) -> None:
        """Limit the height of the scrolling widget to the lines that the other widgets do not need."""
        for part in self.query("#scrolls"):
            box = self.query_one("#box")
            others = [w for w in box.children if w.display and w is not part]
            rest = sum(w.outer_size.height for w in others) + sum(w.styles.margin.height for w in (*others, part))
            part.styles.max_height = max(1, self.size.height - box.gutter.height - rest)

    def tell(self, text: str) -> None:
        """Show a message in the lower border of the box."""
        self.query_one("#box").border_subtitle = Content(text)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with the answer `result`, at once or after the dialog that covers this one. Later answers are ignored."""
        if self._dismissed or self not in self.app.screen_stack:
            return AwaitComplete()
        if self.app.screen is not self:
            self._late = self._late or (result,)
            return AwaitComplete()
        self._dismissed = True
        self._draw_now()
        self.closing()
        self._stop_workers()
        return super().dismiss(result)

    def _stop_workers(self) -> None:
        """Stop the workers of this dialog: its widgets are about to be removed. Only the current worker may go on."""
        try:
            current: Worker[object] | None = get_current_worker()
        except NoActiveWorker:
            current = None
        for worker in list(self.workers):
            if worker.node is self and worker is not current:
                worker.cancel()

    @property
    def is_open(self) -> bool:
        """True from the time when the widgets are there until the dialog closes."""
        return self.is_mounted and not self._dismissed

    def closing(self) -> None:
        """A hook that is called once, just before the dialog closes."""

    def on_screen_resume(self) -> None:
        if self._late is not None:
            self.dismiss(self._late[0])

    async def ask(self, question: Dialog[U]) -> U | None:
        """Open a dialog over this one. Return its answer; None if cancelled, or if this one is closed or covered already."""
        if self._dismissed or self._asking or self.app.screen is not self:
            return None
        self._asking = True
        try:
            return await self.app.push_screen_wait(question)
        finally:
            self._asking = False


def _reached(breakpoints: list[tuple[int, str]], cells: int) -> str:
    """Return the CSS class of the largest minimum that `cells` reaches. `breakpoints` are (minimum size, CSS class) pairs."""
    return max((start, name) for start, name in breakpoints if cells >= start)[1]
