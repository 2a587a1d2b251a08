"""The verb `backups`: the copies of the file, one of them looked at or put back, and the file taken as it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from watchlist.cli.changing import report
from watchlist.cli.context import Context
from watchlist.cli.output import Column
from watchlist.errors import NotFound, StoreError, UsageError, did_you_mean
from watchlist.safe import safe
from watchlist.store.backups import Backup
from watchlist.store.reader import WAYS
from watchlist.text import counted

ACTIONS = ("show", "restore", "accept")


class Row(NamedTuple):
    """One copy. `shows` is None where it is damaged, or the list in it is."""

    copy: Backup
    shows: int | None
    size: int  # bytes; 0 where it can't be read


def backups_(context: Context) -> None:
    action, name = context.request.word("ACTION"), context.request.word("N")
    if action is not None and action not in ACTIONS:
        hint = did_you_mean(action, ACTIONS) or f"one of {', '.join(ACTIONS)}"
        raise UsageError(f'backups does not know "{safe(action)}"', hint)
    if name is not None and action == "accept":
        raise UsageError("backups accept takes no N", "it takes the file as it is")
    if action == "accept":
        _accept(context)
    elif action is None:
        _list(context)
    elif name is None:
        raise UsageError(f"backups {action} wants N: the number of a backup", "`watchlist backups` lists them")
    elif action == "show":
        _show(context, name)
    else:
        report(context, [context.library.restore(name)])


def _list(context: Context) -> None:
    """A table of the copies, the latest first; where the list is in doubt, the last good state is one of them."""
    library = context.library
    library.check()
    if library.doubt or library.list.damage is not None:
        with contextlib.suppress(StoreError):  # those that are there can be listed
            library.keep()
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
        columns = [Column("Backup", right=True), Column("When", style="dim"), Column("Shows", right=True)]
        cells = [
            (str(r.copy.number), r.copy.time.isoformat(" ", "minutes"), _shows(r.shows), f"{r.size:,} B") for r in rows
        ]
        context.out.table([*columns, Column("Size", right=True)], cells)
    else:
        context.out.say("there are no backups yet; one is made before a change that could lose much")
    if library.doubt:
        context.out.warn(f"{context.file} {library.doubt}", WAYS)


def _rows(context: Context) -> Iterator[Row]:
    for copy in context.library.backups():
        try:
            found = context.library.contents(copy)
            yield Row(copy, None if found.damage else len(found.shows), copy.path.stat().st_size)
        except (StoreError, OSError):
            yield Row(copy, None, 0)


def _shows(count: int | None) -> str:
    return "damaged" if count is None else str(count)


def _show(context: Context, name: str) -> None:
    """The text of a copy."""
    copy = context.library.backup(name)
    text = copy.text()
    if context.out.json:
        context.out.document({"number": copy.number, "name": copy.name, "time": copy.time, "text": text})
    else:
        context.out.lines(text)


def _accept(context: Context) -> None:
    if not context.library.exists:
        raise NotFound(
            f"there is no {context.file} to take as it is", "`watchlist backups restore N` brings a copy back"
        )
    doubted = context.library.accept()
    shows = len(context.library.list.shows)
    if context.out.json:
        context.out.document({"accepted": doubted, "shows": shows})
    said = f"took {context.file} as it is" if doubted else f"{context.file} was not in doubt"
    context.out.say(f"{said}: {counted(shows, 'show')}")
