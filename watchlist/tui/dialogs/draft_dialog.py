"""Base classes of dialogs into which text is typed: drafts of the text, and a question before it is discarded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import work
from textual.content import Content

from watchlist.tui.dialogs.confirm import ConfirmDialog, T
from watchlist.tui.dialogs.dialog import Dialog
from watchlist.tui.state.form_drafts import Draft


class ConfirmDiscardDialog(Dialog[T]):
    """A dialog whose text is saved as a draft if the program ends, and restored when the dialog opens again."""

    draft: Draft | None = None  # the draft to begin with
    question_of: Callable[[T], ConfirmDialog | None] | None = None  # returns what to ask before an answer is taken
    stored = False  # True once the change made from the answer is on disk
    _left: Mapping[str, str] | None = None

    @property
    def typed(self) -> Mapping[str, str]:
        """The texts that the user changed, by field. They can be read only while the dialog is open."""
        raise NotImplementedError

    @property
    def left(self) -> Mapping[str, str]:
        """The texts that the user changed, also after the dialog is closed."""
        return self.typed if self._left is None else self._left

    def drafted(self, field: str, text: str) -> str:
        """Return the text of this field in the draft; `text` if the draft has none."""
        return self.draft.texts.get(field, text) if self.draft else text

    def on_mount(self) -> None:
        if self.draft is not None:
            since = f"{self.draft.time.day} {self.draft.time:%b %H:%M}"
            self.query_one("#box").border_subtitle = Content(f"Draft of {since}; esc discards it")

    def closing(self) -> None:
        self._left = self.typed

    def answer(self, answer: T) -> None:
        """Close with an answer. If `question_of` has a question about the answer, a "no" leaves the dialog open."""
        question = self.question_of(answer) if self.question_of is not None else None
        if question is None:
            self.dismiss(answer)
        else:
            self._make_sure(question, answer)

    @work
    async def _make_sure(self, question: ConfirmDialog, answer: T) -> None:
        if await self.ask(question):
            self.dismiss(answer)


class DraftDialog(ConfirmDiscardDialog[T]):
    """A dialog in which esc asks before it discards typed text."""

    @property
    def asks_first(self) -> bool:
        """True if the dialog asks before it closes without an answer."""
        return bool(self.typed)

    def action_cancel(self) -> None:
        if self.typed:
            self._ask()
        else:
            self.dismiss(None)

    @work
    async def _ask(self) -> None:
        if await self.ask(ConfirmDialog("Discard what you typed?", "discard", "keep editing")):
            self.dismiss(None)
