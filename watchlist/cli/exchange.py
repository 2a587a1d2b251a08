"""Verbs that bring shows in and take them out: import, export, init."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from watchlist.cli.changing import tell
from watchlist.cli.choosing import select_shows
from watchlist.cli.context import Context
from watchlist.cli.output import STDOUT, Column
from watchlist.errors import NotFound, StoreError, UsageError, WatchlistError, did_you_mean
from watchlist.exporting import export_to, target, written
from watchlist.formats import (
    FORMATS,
    Format,
    Imported,
    Plan,
    WriteOptions,
    by_content,
    by_ending,
    by_name,
    merge_imported,
)
from watchlist.safe import safe
from watchlist.store import files
from watchlist.store.library import Change
from watchlist.text import counted

STDIN = "-"
CHOICES = ("keep", "theirs")
NAMED = 20  # problems of an import that are named


def export_(context: Context) -> None:
    """Write shows to stdout, or to a file that is not there yet."""
    request = context.request
    if request.on("--list"):
        _list_formats(context)
        return
    output = request.word("--output")
    output = None if output == STDOUT else output
    format = _format_of(request.word("--format"), output, json=context.out.json)
    if output is None and context.out.json and format.name != "json":
        raise UsageError(f"--json and {format.name} can't both go to stdout", "write to a file with --output")
    path = None if output is None else target(output, context.file, force=request.on("--force"))
    shows = select_shows(context, request.words("QUERY"))
    if path is not None and context.library.list.damage is not None:
        raise StoreError("the list is damaged, so this would not be all of it", "`watchlist edit` opens it there")
    options = WriteOptions(context.style, today=date.today(), raw=request.on("--raw"))
    if path is None:
        context.out.file(written(format, shows, options))
        return
    export_to(path, format, shows, options)
    if context.out.json:
        context.out.document({"file": str(path), "format": format.name, "shows": len(shows)})
    context.out.say(f"{counted(len(shows), 'show')} written to {path}")


def _list_formats(context: Context) -> None:
    rows = [(f.name, " ".join(f.endings), _ways(f), f.help) for f in FORMATS.values()]
    if context.out.json:
        names = ("name", "endings", "ways", "help")
        context.out.document([dict(zip(names, row, strict=True)) | {"endings": row[1].split()} for row in rows])
    else:
        context.out.table(
            [Column("Format"), Column("Endings"), Column("Ways", style="dim"), Column("What it is")], rows
        )


def _ways(format: Format) -> str:
    if format.read and format.write:
        return "both"
    return "import" if format.read else "export"


def _format_of(name: str | None, output: str | None, *, json: bool) -> Format:
    if name is not None:
        return by_name(name)
    if output is not None:
        return by_ending(output)
    return FORMATS["json" if json else "toml"]


def import_(context: Context) -> None:
    """Bring shows in from files, all of it in one change; says what was new, changed, the same, in conflict, left out."""
    request = context.request
    choice = request.word("--on-conflict") or "keep"
    if choice not in CHOICES:
        hint = did_you_mean(choice, CHOICES) or "keep leaves yours, theirs takes what the file says"
        raise UsageError(f'--on-conflict does not know "{safe(choice)}"', hint)
    found = [_read(name, request.word("--from")) for name in request.words("FILE")]
    imported = Imported(
        tuple(show for one in found for show in one.shows),
        tuple(problem for one in found for problem in one.problems),
        sum(one.skipped for one in found),
    )
    plan = merge_imported(context.library.list, imported, theirs=choice == "theirs")
    changes = [] if request.on("--dry-run") else [context.library.apply(plan.edit, style=context.style)]
    if context.out.json:
        context.out.document(_plan_json(plan, imported, changes))
    else:
        _print_plan(context, plan, every=request.on("--dry-run"))
    for problem in imported.problems[:NAMED]:
        context.out.say(str(problem))
    if len(imported.problems) > NAMED:
        context.out.say(f"and {counted(len(imported.problems) - NAMED, 'more problem')}")
    if plan.counts["conflicting"] and request.word("--on-conflict") is None:
        context.out.say("where both sides say something, yours stayed; --on-conflict theirs takes the other")
    if request.on("--dry-run"):
        context.out.say("nothing was written")
    else:
        tell(context, changes)


def _read(name: str, format: str | None) -> Imported:
    """What one file holds; `-` is stdin. UsageError where it is not what it should be, naming the file."""
    named = by_name(format, reading=True) if format is not None else None
    path = Path(name).expanduser()
    if path.is_dir():
        raise UsageError(f"{name} is a folder", "name the files in it")
    data = sys.stdin.buffer.read() if name == STDIN else files.read(path)
    if data is None:
        raise NotFound(f"there is no file {name}")
    row = named or by_content(data) or _by_ending(name)
    assert row.read is not None
    try:
        return row.read(data)
    except WatchlistError as error:
        raise UsageError(f"{name}: {error.message}", error.hint) from error


def _by_ending(name: str) -> Format:
    if name == STDIN:
        raise UsageError("stdin has no ending to tell its format by", "name it with --from")
    return by_ending(name, reading=True)


def _print_plan(context: Context, plan: Plan, *, every: bool) -> None:
    """The shows in conflict, or `every` one that is not the same already; then how many there are of each kind."""
    shown = [o for o in plan.outcomes if o.kind == "conflicting" or (every and o.kind != "same")]
    if shown:
        rows = [(o.kind, o.show.title, str(o.show.year or ""), ", ".join(o.conflicts or o.fields)) for o in shown]
        context.out.table([Column("What"), Column("Title"), Column("Year"), Column("Fields")], rows)
        context.out.line("")
    counts = plan.counts
    columns = [Column(name.capitalize(), right=True) for name in counts]
    context.out.table(columns, [[str(number) for number in counts.values()]])


def _plan_json(plan: Plan, imported: Imported, changes: Sequence[Change]) -> dict[str, object]:
    shows = [
        {"what": o.kind, "id": o.show.id, "title": o.show.title, "fields": o.fields, "conflicts": o.conflicts}
        for o in plan.outcomes
    ]
    numbers = [change.number for change in changes if change.number]
    problems = [str(problem) for problem in imported.problems]
    return {"changes": numbers, "counts": dict(plan.counts), "shows": shows, "problems": problems}


def init_(context: Context) -> None:
    """Create the list's file. Refused where there is one."""
    library = context.library
    library.create(empty=context.request.on("--empty"))
    if context.out.json:
        context.out.document({"file": str(context.file), "shows": len(library.list.shows)})
    context.out.say(f"{context.file} is there now")
