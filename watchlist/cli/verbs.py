"""Which function carries out which verb. Only the module of the verb that was asked for is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

from watchlist.cli.context import Context
from watchlist.commands import VERBS

Verb = Callable[[Context], None]

# Every module here has a function for each of its verbs, named as the verb, with `_` after it where Python has the word.
HOMES = {
    "reading": ("list", "show", "history", "views", "fields"),
    "changing": ("add", "set", "rate", "status", "tag", "note", "remove", "undo", "redo"),
    "watching": ("watch",),
    "picking": ("pick",),
    "statistics": ("stats",),
    "editing": ("edit",),
    "exchange": ("import", "export", "init"),
    "configuring": ("config",),
    "doctoring": ("doctor",),
    "keeping": ("backups",),
    "program": ("help", "keys", "themes", "paths", "completions"),
}


def verb(name: str) -> Verb:
    """The function that carries out this verb."""
    home = next(module for module, verbs in HOMES.items() if name in verbs)
    function: Verb = getattr(import_module(f"watchlist.cli.{home}"), f"{name}_")
    return function


def run(context: Context) -> int:
    """Carry out what was asked for; gives the exit code. WatchlistError for what went wrong."""
    request = context.request
    if request.on("--help") or not request.verb:
        from watchlist.cli.program import print_help

        print_help(context, request.verb or None)
        return 0
    assert request.verb in VERBS
    verb(request.verb)(context)
    if "library" in vars(context):  # it was read
        sys.stdout.flush()  # what was asked for does not wait for it
        context.library.remember()
    return context.exit_code
