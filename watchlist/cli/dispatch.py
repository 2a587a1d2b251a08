"""Maps verbs to functions. Only the module of the requested verb is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

from watchlist.cli.context import Context
from watchlist.command_table import VERBS

Verb = Callable[[Context], None]

# Each module of `cli.verbs` defines one function per verb, named after the verb with a trailing underscore.
VERB_MODULES = {
    "list_show": ("list", "show", "history", "views", "fields"),
    "add": ("add",),
    "change_shows": ("set", "rate", "status", "tag", "note", "remove", "undo", "redo"),
    "lookup": ("lookup",),
    "watch": ("watch",),
    "seen": ("seen",),
    "pick": ("pick",),
    "stats": ("stats",),
    "edit": ("edit",),
    "import_export": ("import", "export", "init"),
    "catalogue": ("catalogue",),
    "config": ("config",),
    "doctor": ("doctor",),
    "schema": ("schema",),
    "backups": ("backups",),
    "info": ("help", "keys", "themes", "paths", "completions"),
}


def verb(name: str) -> Verb:
    """Import and return the function that runs the verb `name`, which must be in VERBS."""
    module_name = next(module for module, verbs in VERB_MODULES.items() if name in verbs)
    function: Verb = getattr(import_module(f"watchlist.cli.verbs.{module_name}"), f"{name}_")
    return function


def run(context: Context) -> int:
    """Run the requested verb, or print help, and return the exit code. Raises WatchlistError if the verb fails."""
    request = context.request
    if request.on("--help") or not request.verb:
        from watchlist.cli.verbs.info import print_help  # only the module of the requested verb is imported

        print_help(context, request.verb or None)
        return 0
    assert request.verb in VERBS
    verb(request.verb)(context)
    if "library" in vars(context):  # the list was read
        sys.stdout.flush()  # show the output before the cache is written
        context.library.list_file.remember()
    return context.exit_code
