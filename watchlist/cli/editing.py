"""The verb `edit`: one show, or the whole file, in the user's editor."""

from __future__ import annotations

from watchlist.cli.changing import report
from watchlist.cli.choosing import find_shows
from watchlist.cli.context import Context
from watchlist.editor import edit_text


def edit_(context: Context) -> None:
    library, style = context.library, context.style
    name = context.request.word("SHOW")
    if name is None:
        change = edit_text(
            library.text(), lambda text: library.replace_text(text, style=style), context.environ, again=context.asks
        )
    else:
        (show,) = find_shows(context, [name])
        change = edit_text(
            library.block(show.id),
            lambda text: library.replace_block(show.id, text, style=style),
            context.environ,
            again=context.asks,
        )
    report(context, [change] if change is not None else [])
