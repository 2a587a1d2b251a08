"""Forms with drafts: if the program ends or an edit fails, typed text is kept as a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from watchlist.tui.actions.run_change import execute
from watchlist.tui.state.form_drafts import Draft, Drafts
from watchlist.tui.state.store_thread import enqueue_store_task

if TYPE_CHECKING:
    from watchlist.domain.edits import Edit
    from watchlist.store.library import Change, Progress
    from watchlist.tui.actions.host import Host
    from watchlist.tui.dialogs.draft_dialog import DraftDialog

T = TypeVar("T")
KEPT = "your text is kept as a draft"


async def fill_in(host: Host, name: str, form: DraftDialog[T], edit_of: Callable[[T], Edit | None]) -> None:
    """Open a form and apply the edit made from its answer. If the edit fails, keep the typed text as a draft.

    Args:
        host: The main screen.
        name: The name of the draft, e.g. `edit heat`. The form opens with the text of an earlier draft of this name.
        form: The form. It asks questions about the answer itself, so that a "no" keeps the typed text.
        edit_of: Returns the edit for an answer; None if nothing changes.
    """
    drafts = _drafts(host)
    form.draft = drafts.of(name)
    host.open_forms[name] = form

    def store(edit: Edit, reach: Progress) -> tuple[Change, ...]:
        change = host.library.apply(edit, style=host.config.style, progress=reach)
        form.stored = True
        return (change,)

    answer = await host.app.push_screen_wait(form)
    edit = edit_of(answer) if answer is not None else None
    if edit is None or await execute(host, partial(store, edit), kept=KEPT if form.left else ""):
        drafts.drop(form.draft)
    else:
        drafts.keep(_draft(name, form), form.draft)
    host.open_forms.pop(name, None)


def has_draft(host: Host, name: str) -> bool:
    """Return True if there is a draft with this name."""
    return _drafts(host).of(name) is not None


def keep_forms(host: Host) -> None:
    """Save the texts of open forms as drafts before the program ends. A change that is being stored is finished first."""
    for name, form in host.open_forms.items():
        if form.is_mounted:  # not while it is being opened: the texts of its draft are not in it yet
            enqueue_store_task(partial(_keep, _drafts(host), form, _draft(name, form)))


def _keep(drafts: Drafts, form: DraftDialog[Any], draft: Draft) -> None:
    if form.stored:
        drafts.drop(form.draft)
    else:
        drafts.keep(draft, form.draft)


def _drafts(host: Host) -> Drafts:
    return Drafts(host.library.paths.drafts(host.library.file))


def _draft(name: str, form: DraftDialog[Any]) -> Draft:
    return Draft(name, datetime.now(), form.left)
