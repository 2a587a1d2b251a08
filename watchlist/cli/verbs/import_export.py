"""Verbs that move shows between the list and other files: import, export, init."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from watchlist.checked_open import NotAFile, descriptor_of, is_pipe, is_sink, path_of, read_pipe
from watchlist.cli.context import Context
from watchlist.cli.output import TableColumn, is_stdout
from watchlist.cli.selection import select_shows
from watchlist.cli.verbs.change_shows import print_changes
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.text import counted
from watchlist.errors import NotFound, StoreError, UsageError, WatchlistError, did_you_mean
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
from watchlist.formats.export_file import export_to, left_out, target, written
from watchlist.sanitize import safe
from watchlist.store.disk import file_io
from watchlist.store.library import Change

STDIN = "-"
CONFLICT_CHOICES = ("keep", "theirs")
MAX_NAMED = 20  # maximum number of import problems that are printed one by one


def export_(context: Context) -> None:
    """Run `watchlist export`: write shows to stdout or to a file. An existing file is replaced only with `--force`."""
    request = context.request
    if request.on("--list"):
        _list_formats(context)
        return
    output = request.word("--output")
    output = None if output is not None and is_stdout(output) else output
    format = _format_of(request.word("--format"), output, json=context.out.json)
    if output is None and context.out.json and format.name != "json":
        raise UsageError(f"--json and {format.name} can't both go to stdout", "write to a file with --output")
    path = None if output is None else target(output, context.own_files, force=request.on("--force"))
    shows = select_shows(context, request.words("QUERY"))
    if path is not None and context.library.list.damage is not None:
        raise StoreError("the list is damaged, so this would not be all of it", context.library.guard.next_steps())
    options = WriteOptions(context.style, today=date.today(), raw=request.on("--raw"))
    if path is None:
        context.out.file(written(format, shows, options))
        _print_left_out(context, format, shows)
        return
    export_to(path, format, shows, options)
    if context.out.json:
        context.out.document({"file": str(path), "format": format.name, "shows": len(shows)})
    context.out.say(f"{counted(len(shows), 'show')} written to {path}")
    _print_left_out(context, format, shows)


def _print_left_out(context: Context, format: Format, shows: Sequence[Show]) -> None:
    """Print a message about what an export in the format `format` leaves out. Print nothing if the export is complete."""
    if text := left_out(format, shows):
        context.out.say(text)


def _list_formats(context: Context) -> None:
    """Print a table of the formats: the file endings, and whether a format can be imported, exported or both."""
    rows = [(f.name, " ".join(f.endings), _ways(f), f.help) for f in FORMATS.values()]
    if context.out.json:
        names = ("name", "endings", "ways", "help")
        context.out.document([dict(zip(names, row, strict=True)) | {"endings": row[1].split()} for row in rows])
    else:
        context.out.table(
            [
                TableColumn("Format"),
                TableColumn("Endings"),
                TableColumn("Ways", style="dim"),
                TableColumn("What it is"),
            ],
            rows,
        )


def _ways(format: Format) -> str:
    """Return the word for what a format supports: `import`, `export` or `both`."""
    if format.read and format.write:
        return "both"
    return "import" if format.read else "export"


def _format_of(name: str | None, output: str | None, *, json: bool) -> Format:
    """Return the format `name`; if it is None, the format for the ending of `output`, else JSON (if `json`) or TOML."""
    if name is not None:
        return by_name(name)
    if output is not None and (Path(output).suffix or not is_sink(path_of(output))):
        return by_ending(output)
    return FORMATS["json" if json else "toml"]


def import_(context: Context) -> None:
    """Run `watchlist import`: merge the shows of files into the list as one change, and print the outcomes."""
    request = context.request
    conflict_choice = request.word("--on-conflict") or "keep"
    if conflict_choice not in CONFLICT_CHOICES:
        hint = (
            did_you_mean(conflict_choice, CONFLICT_CHOICES) or "keep leaves your values, theirs takes those of the file"
        )
        raise UsageError(f'--on-conflict does not know "{safe(conflict_choice)}"', hint)
    names = request.words("FILE")
    parts = [_read(name, request.word("--from")) for name in names]
    if len(names) > 1:
        parts = [_with_file_name(part, name) for part, name in zip(parts, names, strict=True)]
    imported = Imported.joined(parts)
    if not request.on("--dry-run"):
        context.prepare_change(whole=True)
    plan = merge_imported(context.list, imported, theirs=conflict_choice == "theirs")
    changes = [] if request.on("--dry-run") else [context.library.apply(plan.edit, style=context.style)]
    if context.out.json:
        context.out.document(_plan_json(plan, imported, changes))
    else:
        _print_plan(context, plan, every=request.on("--dry-run"))
    for problem in imported.problems[:MAX_NAMED]:
        context.out.say(str(problem))
    if len(imported.problems) > MAX_NAMED:
        context.out.say(f"and {counted(len(imported.problems) - MAX_NAMED, 'more problem')}")
    if plan.counts["conflicting"] and request.word("--on-conflict") is None:
        context.out.say("on conflict your values were kept; use --on-conflict theirs to overwrite them")
    if conflict_choice == "keep" and (filled := sum(bool(o.conflicts and o.fields) for o in plan.outcomes)):
        context.out.say(f"other fields of {counted(filled, 'conflicting show')} were filled in")
    if request.on("--dry-run"):
        context.out.say("nothing was written")
    else:
        print_changes(context, changes)


def _read(name: str, format: str | None) -> Imported:
    """Read the shows of the file `name`; `-` is stdin. Raise UsageError if the file is not valid in its format.

    `format` is the name of the format; if it is None, content or file ending decide. Raises NotFound for a missing file
    and StoreError for one that can't be read.
    """
    chosen_format = by_name(format, reading=True) if format is not None else None
    path = Path("/dev/stdin") if name == STDIN else path_of(name)
    is_piped = name == STDIN or descriptor_of(path) == 0 or is_pipe(path)
    data = read_pipe(path, file_io.MAX_BYTES) if is_piped else _contents(name, path)
    format_row = chosen_format or by_content(data) or _by_ending(name, is_piped=is_piped)
    assert format_row.read is not None
    try:
        return format_row.read(data)
    except WatchlistError as error:
        raise UsageError(f"{name}: {error.message}", error.hint) from error


def _with_file_name(imported: Imported, name: str) -> Imported:
    """Return an import in which each problem begins with `name`, the name of the imported file."""
    problems = tuple(replace(problem, row=f"{name}: {problem.row}".removesuffix(": ")) for problem in imported.problems)
    return replace(imported, problems=problems)


def _contents(name: str, path: Path) -> bytes:
    """Return the bytes of the file `name` at `path`. Raise UsageError for a folder or device, NotFound for a missing file."""
    if path.is_dir():
        raise UsageError(f"{name} is a folder", "name the files in it")
    try:
        data = file_io.read(path)
    except NotAFile as error:
        raise UsageError(error.message, "name a file to import") from error
    if data is None:
        raise NotFound(f"there is no file {name}")
    return data


def _by_ending(name: str, *, is_piped: bool) -> Format:
    """Return the format for the ending of the file `name`. Raise UsageError for an unknown ending or for a pipe."""
    if is_piped:
        name = "stdin" if name == STDIN else name
        raise UsageError(f"{name} has no ending that names its format", "name the format with --from")
    return by_ending(name, reading=True)


def _print_plan(context: Context, plan: Plan, *, every: bool) -> None:
    """Print the conflicting shows (with `every`, all changed ones), then the number of each outcome.

    For each show, the fields in conflict are printed, and those that are filled in or replaced.
    """
    listed = [o for o in plan.outcomes if o.kind == "conflicting" or (every and o.kind != "same")]
    if listed:
        names = ("What", "Title", "Year", "In conflict", "Changed")
        rows = [
            (o.kind, o.show.title, str(o.show.year or ""), ", ".join(o.conflicts), ", ".join(o.fields)) for o in listed
        ]
        context.out.table([TableColumn(name) for name in names], rows)
        context.out.line("")
    counts = plan.counts
    columns = [TableColumn(name.capitalize(), right=True) for name in counts]
    context.out.table(columns, [[f"{number:,}" for number in counts.values()]])


def _plan_json(plan: Plan, imported: Imported, changes: Sequence[Change]) -> dict[str, object]:
    """Return the `--json` output of an import."""
    shows = [
        {"what": o.kind, "id": o.show.id, "title": o.show.title, "fields": o.fields, "conflicts": o.conflicts}
        for o in plan.outcomes
    ]
    numbers = [change.number for change in changes if change.number]
    problems = [str(problem) for problem in imported.problems]
    return {"changes": numbers, "counts": dict(plan.counts), "shows": shows, "problems": problems}


def init_(context: Context) -> None:
    """Run `watchlist init`: create the list file. Raises Refused if the file exists."""
    from watchlist.cli.verbs.schema import check_replaceable, write_schema  # export and import start faster without it

    library, schema = context.library, context.request.on("--schema")
    if schema:
        check_replaceable(context)
    library.guard.create(empty=context.request.on("--empty"), schema=schema)
    if context.out.json:
        context.out.document({"file": str(context.file), "shows": len(library.list.shows)})
    context.out.say(f"Created {context.file}")
    if schema:
        write_schema(context)
