"""Base classes of dialogs with text inputs: typed text is saved as a draft, and esc asks before discarding it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import work
from textual.content import Content

from watchlist.tui.dialogs.confirm import ConfirmDialog, T
from watchlist.tui.dialogs.dialog import Dialog
from watchlist.tui.state.form_drafts import Draft


class DraftDialog(Dialog[T]):
    """A dialog that saves typed text as a draft if the program ends. The text is restored when the dialog opens again."""

    draft: Draft | None = None  # the draft whose texts are shown at first
    question_of: Callable[[T], ConfirmDialog | None] | None = None  # returns the question to ask about an answer
    stored = False  # True once the change made from the answer is on disk
    _left: Mapping[str, str] | None = None

    @property
    def typed(self) -> Mapping[str, str]:
        """The texts that the user has changed, by field name. Only available while the dialog is open."""
        raise NotImplementedError

    @property
    def left(self) -> Mapping[str, str]:
        """The texts that the user has changed, by field name. Also available after the dialog has closed."""
        return self.typed if self._left is None else self._left

    def drafted(self, field: str, text: str) -> str:
        """Return the text of a field in the draft; `text` if there is no draft, or if it has none for the field."""
        return self.draft.texts.get(field, text) if self.draft else text

    def on_mount(self) -> None:
        if self.draft is not None:
            since = f"{self.draft.time.day} {self.draft.time:%b %H:%M}"
            self.query_one("#box").border_subtitle = Content(f"Draft of {since}; esc discards it")

    def closing(self) -> None:
        self._left = self.typed

    def answer(self, answer: T) -> None:
        """Close with `answer`. If `question_of` returns a question about the answer, ask first; after a "no", stay open."""
        question = self.question_of(answer) if self.question_of is not None else None
        if question is None:
            self.dismiss(answer)
        else:
            self._make_sure(question, answer)

    @work
    async def _make_sure(self, question: ConfirmDialog, answer: T) -> None:
        if await self.ask(question):
            self.dismiss(answer)


class ConfirmDiscardDialog(DraftDialog[T]):
    """A dialog that asks before esc discards typed text."""

    @property
    def asks_first(self) -> bool:
        """True if the user has typed text, so that esc would ask before discarding it."""
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
