"""Questions with two answers, asked only where something typed would be lost or something there be replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from textual import work
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist.tui.drafts import Draft
from watchlist.tui.screens.dialog import Dialog, Hints

T = TypeVar("T")


class Confirm(Dialog[bool]):
    """True for `yes` (`y` or enter), False for `no` (`n` or esc); never None."""

    BINDINGS = [Binding("y,enter", "yes", show=False), Binding("n,escape", "no", show=False)]
    DEFAULT_CSS = """
    Confirm > #box { width: auto; }
    Confirm #question { width: auto; max-width: 64; height: auto; }
    Confirm.-narrow > #box, Confirm.-narrow #question { width: 100%; }
    """

    def __init__(self, question: str, yes: str = "yes", no: str = "no", *, heading: str = "") -> None:
        super().__init__(heading)
        self._question, self._yes, self._no = question, yes, no

    def body(self) -> Iterable[Widget]:
        yield Static(Content(self._question), id="question")
        yield Hints(("y", self._yes, "yes"), ("n", self._no, "no"))

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)


class Typing(Dialog[T]):
    """A dialog in which something is typed that outlives a program which has to end: it is taken up from a draft."""

    draft: Draft | None = None  # to begin with
    stored = False  # whether what came of it is on disk
    _left: Mapping[str, str] | None = None

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands there and did not at first, by field. Asked while the dialog is open."""
        raise NotImplementedError

    @property
    def left(self) -> Mapping[str, str]:
        """What is typed; once it is closed, what was typed then."""
        return self.typed if self._left is None else self._left

    def drafted(self, field: str, text: str) -> str:
        """The text of this field as the draft has it, else `text`."""
        return self.draft.texts.get(field, text) if self.draft else text

    def on_mount(self) -> None:
        if self.draft is not None:
            since = f"{self.draft.time.day} {self.draft.time:%b %H:%M}"
            self.query_one("#box").border_subtitle = Content(f"Kept {since}; esc drops it")

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        self._left = self.typed
        return super().dismiss(result)


class Keeping(Typing[T]):
    """A dialog that loses nothing on esc: it asks where something was typed."""

    def action_cancel(self) -> None:
        if self.typed:
            self._ask()
        else:
            self.dismiss(None)

    @work(exclusive=True)
    async def _ask(self) -> None:
        if await self.app.push_screen_wait(Confirm("Discard what you typed?", "discard", "keep editing")):
            self.dismiss(None)
