"""Verbs that bring shows in and take them out: import, export, init."""

from __future__ import annotations

from watchlist.cli.context import Context


def init_(context: Context) -> None:
    """Create the list's file. Refused where there is one."""
    library = context.library
    library.create(empty=context.request.on("--empty"))
    if context.out.json:
        context.out.document({"file": str(context.file), "shows": len(library.list.shows)})
    context.out.say(f"{context.file} is there now")
