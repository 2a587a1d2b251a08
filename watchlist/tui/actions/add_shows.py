"""The action that adds shows: through the add line, and through the form if the user wants more than that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.tui.actions.forms import fill_in, has_draft
from watchlist.tui.actions.selection import is_writable

if TYPE_CHECKING:
    from watchlist.domain.title_text import TitleText
    from watchlist.tui.actions.host import Host
    from watchlist.tui.dialogs.add_line import AddAnswer

FORM = "add"  # the name of the draft of the form


async def add(host: Host) -> None:
    """Open the add line. If the form was left with text that is not on the list yet, open the form with this text."""
    from watchlist.tui.dialogs.add_line import AddLine
    from watchlist.tui.state.add_finder import AddFinder

    if not is_writable(host):
        return
    if has_draft(host, FORM):
        await _add_in_form(host, None)
        return
    finder = AddFinder(host.listing.library.shows, host.catalogue)
    line = AddLine(host.listing, finder, host.config.keys, partial(_new_show, host), partial(_duplicate, host))
    answers: list[AddAnswer] = []

    def edit_of(answer: AddAnswer) -> edits.Edit | None:
        answers.append(answer)
        shows = [replace(show, added=host.today()) for show in answer.shows]
        if len(shows) == 1:
            return edits.add(shows[0])
        return edits.add_new(shows) if shows else None

    await fill_in(host, "add line", line, edit_of)
    for answer in answers:
        if answer.go_to:
            host.show(host.listing.showing(answer.go_to))
            host.rows.go_to(answer.go_to)
        elif answer.form is not None:
            await _add_in_form(host, answer.form)


def _new_show(host: Host, read: TitleText) -> Show:
    """Return a show that is made of nothing but what was typed."""
    return edits.new_show(read.text, read.values, today=host.today())


async def _add_in_form(host: Host, start: Show | None) -> None:
    """Open the form that adds one show, or several shows from pasted lines. `start` has its initial values."""
    from watchlist.tui.dialogs.show_form import ShowForm

    form = ShowForm(
        None,
        host.config.style,
        host.listing.known,
        partial(_duplicate, host),
        lambda shows: edits.without_duplicates(shows, host.library.list),
        start,
    )

    def edit_of(values: Mapping[str, Any]) -> edits.Edit:
        same = {name: value for name, value in values.items() if name not in ("title", "titles")}
        if "titles" in values:
            return edits.add_new([edits.new_show(title, same, today=host.today()) for title in values["titles"]])
        if start is None:
            return edits.add(edits.new_show(values["title"], values, today=host.today()))
        return edits.add(replace(start, **({"added": host.today()} | dict(values))))

    await fill_in(host, FORM, form, edit_of)


def _duplicate(host: Host, show: Show) -> Show | None:
    return edits.duplicate_of(show, host.library.list)
