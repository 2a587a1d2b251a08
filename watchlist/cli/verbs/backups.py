"""The verb `backups`: list the backups, print or restore one, or accept the file as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from watchlist.cli.context import Context
from watchlist.cli.output import TableColumn
from watchlist.cli.verbs.change_shows import report
from watchlist.domain.text import counted
from watchlist.errors import NotFound, StoreError, UsageError, did_you_mean
from watchlist.sanitize import safe
from watchlist.store.history.backups import Backup

ACTIONS = ("show", "restore", "accept")


class BackupRow(NamedTuple):
    """A backup in the table. `shows` is the number of its shows; None if the backup, or the list in it, is damaged."""

    copy: Backup
    shows: int | None
    size: int  # in bytes; 0 if the backup can't be read


def backups_(context: Context) -> None:
    """Run `watchlist backups`: list the backups or, with ACTION, show or restore one, or accept the file."""
    action, name = context.request.word("ACTION"), context.request.word("N")
    if action is not None and action not in ACTIONS:
        hint = did_you_mean(action, ACTIONS) or f"use one of {', '.join(ACTIONS)}"
        raise UsageError(f'backups does not know "{safe(action)}"', hint)
    if name is not None and action == "accept":
        raise UsageError("backups accept takes no N", "it accepts the file as it is now")
    if action == "accept":
        _accept(context)
    elif action is None:
        _list(context)
    elif name is None:
        raise UsageError(f"backups {action}: missing N (the number of a backup)", "`watchlist backups` lists them")
    elif action == "show":
        _show(context, name)
    else:
        change = context.library.restore(name)
        report(context, [change])
        if change.number and not change.can_undo:
            context.out.say("  the list is restored; `watchlist undo` undoes the last change before the loss")


def _list(context: Context) -> None:
    """Print a table of the backups, newest first.

    If the file is damaged or seems to have lost shows, the last good state of the list is backed up first.
    """
    library = context.library
    library.check()
    steps = library.guard.next_steps() if library.doubt or library.list.damage is not None else ""  # may make a backup
    rows = list(_rows(context))
    if context.out.json:
        context.out.document(
            [
                {"number": r.copy.number, "name": r.copy.name, "time": r.copy.time, "shows": r.shows, "size": r.size}
                | {"path": str(r.copy.path)}
                for r in rows
            ]
        )
    elif rows:
        columns = [
            TableColumn("Backup", right=True),
            TableColumn("When", style="dim"),
            TableColumn("Shows", right=True),
        ]
        cells = [
            (str(r.copy.number), r.copy.time.isoformat(" ", "minutes"), _shows_cell(r.shows), f"{r.size:,} B")
            for r in rows
        ]
        context.out.table([*columns, TableColumn("Size", right=True)], cells)
    else:
        context.out.say("no backups yet; one is made every ten minutes and before large changes")
    if library.doubt:
        context.out.warn(f"{context.file} {library.doubt}", steps)
    elif steps:
        context.out.warn(f"{context.file} can't be read as a whole", steps)


def _rows(context: Context) -> Iterator[BackupRow]:
    """Yield a row for each backup. Each backup is read to count its shows."""
    for copy in context.library.backups():
        try:
            contents = context.library.list_file.contents(copy)
            yield BackupRow(copy, None if contents.damage else len(contents.shows), copy.path.stat().st_size)
        except (StoreError, OSError):
            yield BackupRow(copy, None, 0)


def _shows_cell(count: int | None) -> str:
    """Return the text for `count` shows in a table of backups. None means that the backup is damaged."""
    return "damaged" if count is None else str(count)


def _show(context: Context, name: str) -> None:
    """Print the text of the backup with the number or name `name`. Raises NotFound if there is none."""
    copy = context.library.list_file.backup(name)
    text = copy.text()
    if context.out.json:
        context.out.document({"number": copy.number, "name": copy.name, "time": copy.time, "text": text})
    else:
        context.out.lines(text)


def _accept(context: Context) -> None:
    """Accept the current file as the list, and print the number of its shows. Raise NotFound if there is no file."""
    if not context.library.list_file.exists:
        raise NotFound(
            f"there is no {context.file} to accept",
            "the next change creates it; `watchlist backups` lists what was in it",
        )
    doubted = context.library.guard.accept()
    library = context.library
    shows = len(library.list.shows) if library.list_file.exists else 0
    if context.out.json:
        context.out.document({"accepted": doubted, "shows": shows})
    if not library.list_file.exists:
        context.out.say(f"{context.file} is no longer expected; the next change starts a new list")
        return
    if doubted:
        context.out.say(f"from now on the list is what is in {context.file}: {counted(shows, 'show')}")
    else:
        context.out.say(f"nothing seems to be lost from {context.file}: {counted(shows, 'show')}")
    if library.list.damage is not None:
        context.out.say(f"  it can't be read as a whole, so it can't be changed yet; {library.guard.next_steps()}")
