"""The verb `add`."""

from __future__ import annotations

from watchlist.cli.context import Context
from watchlist.cli.typed_title import typed_show
from watchlist.cli.verbs.change_shows import refuse_duplicate, report
from watchlist.domain import edits
from watchlist.domain.edits import Assignment, Edit
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Show
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import UsageError
from watchlist.sanitize import safe


def add_(context: Context) -> None:
    """Run `watchlist add` and print the id of the new show. Raises Refused if the show seems to be on the list already."""
    request = context.request
    assignments = [
        *(
            Assignment.of(name, "+=" if FIELDS[name].type.multiple else "=", text, context.style)
            for name, text in request.fields
        ),
        *(Assignment.parse(_assignment(word), context.style) for word in request.words("FIELD=VALUE")),
    ]
    title = request.word("TITLE") or ""
    show = typed_show(context, title)
    for assignment in assignments:
        show = assignment.apply(show)

    def edit(show: Show) -> Edit:
        """Return the edit that adds a show. It raises Refused if the show seems to be on the list already."""

        def add(library: Watchlist) -> Watchlist:
            if not request.on("--force"):
                refuse_duplicate(show, library, "--force adds it anyway")
            return edits.add(show)(library)

        return add

    if request.on("--lookup"):
        from watchlist.cli.verbs.lookup import add_with_lookup  # most additions look nothing up

        change = add_with_lookup(context, show, edit)
    else:
        change = context.library.apply(edit(show), style=context.style)
    if not context.out.json:
        context.out.line(next(delta.show.id for delta in change.deltas if delta.before is None))
    report(context, [change])


def _assignment(word: str) -> str:
    """Return `word`, a word after the title, if it is an assignment.

    Raises UsageError for any other word, which is probably part of a title without quotes.
    """
    if "=" not in word:
        raise UsageError(f'add does not know what to do with "{safe(word)}"', "put quotes around a title with spaces")
    return word
