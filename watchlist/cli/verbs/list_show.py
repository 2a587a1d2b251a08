"""Verbs that print without changing anything: list, show, history, views, fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from watchlist.cli.context import Context
from watchlist.cli.output import TableColumn, as_json
from watchlist.cli.selection import field_named, find_shows, match_count, select_shows
from watchlist.domain.field_types import Rating
from watchlist.domain.fields import FIELDS, Field
from watchlist.domain.glyphs import glyphs, meter
from watchlist.domain.model import Show, Status
from watchlist.domain.ratings import DisplayStyle, show_rating, stars
from watchlist.domain.show_toml import to_table
from watchlist.domain.text import counted, split_list
from watchlist.domain.theme_colors import TERMINAL_COLORS
from watchlist.domain.watchlist import BUILT_IN_VIEWS
from watchlist.errors import UsageError
from watchlist.query.own_key_fields import own_field
from watchlist.sanitize import safe

if TYPE_CHECKING:
    from watchlist.store.library import Entry

BACKLOG_FIELDS = frozenset({"progress", "left", "minutes_left"})  # a table with one of these prints the backlog
STATUS_COLORS = {str(status): TERMINAL_COLORS[status.color] for status in Status}


def list_(context: Context) -> None:
    """Run `watchlist list`: print the matching shows as a table, JSON, JSON Lines or plain columns, or by a template."""
    request, out = context.request, context.out
    modes = [name for name in ("--json", "--jsonl", "--plain", "--format") if request.on(name)]
    if len(modes) > 1:
        raise UsageError(f"{modes[0]} and {modes[1]} can't both be printed", "use one of them")
    shows = select_shows(context, request.words("QUERY"), sort=request.word("--sort"))[: request.number("--limit")]
    end = "\0" if request.on("-0") else "\n"
    template = request.word("--format")
    if template is None and not modes and request.on("-0"):
        template = "{id}"
    if template is not None:
        render = _template(template, context)
        for show in shows:
            out.raw(render(show) + end)
    elif request.on("--jsonl"):
        table = _table_of(context)
        for show in shows:
            out.raw(as_json(table(show)) + end)
    elif out.json:
        out.document(list(map(_table_of(context), shows)))
    elif request.on("--plain"):
        fields = _columns(context)
        for show in shows:
            # Tabs separate the columns, so a tab within a value is made visible before they are joined.
            out.raw("\t".join(safe(field.show_as(show, context.style)) for field in fields) + end)
    else:
        _print_table(context, shows)


def _table_of(context: Context) -> Callable[[Show], dict[str, Any]]:
    """Return a function that converts a show to a JSON object of all values or, with `--columns`, of these fields."""
    if context.request.word("--columns") is None:
        return to_table
    fields = _columns(context)
    return lambda show: {f.name: f.type.write(f.get(show)) for f in fields if f.has(show)}


def _print_table(context: Context, shows: Sequence[Show]) -> None:
    """Print shows as a table. If a column about progress is shown, print the backlog below."""
    fields = _columns(context)
    if not shows:
        library = context.list
        filtered = context.request.on("QUERY") and (library.shows or library.damage is None)
        context.out.say("no show matches" if filtered else context.why_empty)
    marks = [TableColumn("", style="red")] * any(show.problems for show in shows)  # set if a value can't be read
    mark = glyphs(context.style).wrong
    rows = (
        [*[mark if show.problems else ""] * len(marks), *(_cell(field, show, context.style) for field in fields)]
        for show in shows
    )
    context.out.table([*marks, *map(_column, fields)], rows)
    if shows and BACKLOG_FIELDS.intersection(field.name for field in fields):
        from watchlist.stats.backlog import Backlog  # only printed below a column about progress

        episodes, minutes = ([FIELDS[name].get(show) for show in shows] for name in ("left", "minutes_left"))
        context.out.say(str(Backlog.of(episodes, minutes)))


def _columns(context: Context) -> list[Field]:
    """Return the fields named by `--columns` or, without it, by the setting `columns`. Raise UsageError for unknown names."""
    text = context.request.word("--columns")
    if text is None:
        return [FIELDS[name] for name in context.config.columns]
    names = split_list(text)
    if not names:
        raise UsageError("--columns names no field", "e.g. --columns title,year")
    return [field_named(context, name) for name in names]


def _column(field: Field) -> TableColumn:
    """Return the table column for a field. Numbers are aligned to the right; ratings and statuses have colors."""
    if isinstance(field.type, Rating):
        return TableColumn(field.label, style="yellow")
    number = (field.type.ordered and field.type.name == "number") or field.name == "progress"
    return TableColumn(field.label, number, STATUS_COLORS if field.name == "status" else "")


def _cell(field: Field, show: Show, style: DisplayStyle) -> str:
    """Return the text of a table cell. A rating is stars and a number; progress is numbers and a bar."""
    if isinstance(field.type, Rating):
        return f"{stars(show.rating, style)} {show_rating(show.rating, style)}"
    text = field.brief(show, style)
    if field.name == "progress" and text:
        return f"{text} {''.join(meter(text, style))}"  # flush right, so that numbers and bars line up
    return text


def _template(text: str, context: Context) -> Callable[[Show], str]:
    r"""Return a function that formats a show by `text`, the template of `--format`.

    `{title} {rating}` prints two fields, `{title:<30}` pads; `\t` and `\n` are a tab and a newline. Raises UsageError
    if the template is invalid.
    """
    import string  # only --format needs it

    try:
        parsed = list(string.Formatter().parse(text.replace("\\t", "\t").replace("\\n", "\n")))
    except ValueError as error:
        raise UsageError(f"--format: {error}", "{{ is one brace") from error
    parts = []
    for literal, name, spec, conversion in parsed:
        if name is not None and (conversion or "{" in (spec or "")):
            raise UsageError(f'--format: "{safe(name)}" takes no ! and no braces', "e.g. {title} or {title:<30}")
        field = field_named(context, name) if name is not None else None
        parts.append((safe(literal, lines=True), field, spec or ""))

    def render(show: Show) -> str:
        return "".join(_render_part(part, show, context.style) for part in parts)

    return render


def _render_part(part: tuple[str, Field | None, str], show: Show, style: DisplayStyle) -> str:
    """Return the text of one part of a template for a show. Raise UsageError if the format specification is invalid.

    Args:
        part: The literal text, the field after it (or None), and the format specification of the field.
    """
    literal, field, spec = part
    if field is None:
        return literal
    try:
        return literal + format(safe(field.show_as(show, style)), spec)
    except ValueError as error:
        raise UsageError(f"--format: {error}", "{title:<30} pads to the right") from error


def show_(context: Context) -> None:
    """Run `watchlist show`: print everything about one show, as panels, `key: value` lines or JSON."""
    (show,) = find_shows(context, [context.request.word("SHOW") or ""])
    if context.out.json:
        context.out.document(to_table(show))
    elif context.request.on("--plain"):
        for name, text in _plain(show, context.style):
            context.out.line(f"{name}: {text}")
    else:
        from watchlist.panels import ANSI, PLAIN, card  # saves importing Rich for the other forms

        context.out.panels(card(show, ANSI if context.out.color else PLAIN, context.style, today=date.today()))


def _plain(show: Show, style: DisplayStyle) -> Iterator[tuple[str, str]]:
    """Yield (name, text) for every value of a show, including derived fields, the user's own keys and problems."""
    yield "id", show.id
    for name, field in FIELDS.items():
        if name != "id" and (field.has(show) or name == "status"):
            yield name, field.show_as(show, style)
    for name in show.other:
        yield name, own_field(name).show_as(show, style)
    for problem in show.problems:
        yield f"problem {problem.key}", problem.message


def history_(context: Context) -> None:
    """Run `watchlist history`: print the changes in the journal, newest first."""
    entries = context.library.history()[: context.request.number("--limit")]
    if lines := context.library.unreadable_lines():
        context.out.warn(
            f"{counted(lines, 'line')} of the journal can't be read and {'is' if lines == 1 else 'are'} ignored"
        )
    if context.out.json:
        context.out.document(
            [
                {"change": e.number, "time": e.time, "label": e.label, "undone": e.undone, "held": e.held}
                | {"skipped": e.skipped or None}
                for e in entries
            ]
        )
        return
    if not entries:
        context.out.say("no changes yet")
    columns = [
        TableColumn("Change", right=True),
        TableColumn("When", style="dim"),
        TableColumn("What"),
        TableColumn("", style="dim"),
    ]
    rows = [(str(e.number), e.time.isoformat(" ", "minutes"), e.label, _state(e)) for e in entries]
    context.out.table(columns, rows)


def _state(entry: Entry) -> str:
    """Return the last column of the history for a change, e.g. whether it was undone; empty for a normal change."""
    if entry.skipped:
        return f"can't be undone: {entry.skipped}"
    return "not made: waits for redo" if entry.held else "undone" * entry.undone


def views_(context: Context) -> None:
    """Run `watchlist views`: print the built-in and saved views, each with the number of its shows."""
    rows = []
    for view in (*BUILT_IN_VIEWS, *context.list.views):
        try:
            count: int | None = match_count(context, view.query)
            problem = ""
        except UsageError as error:
            count, problem = None, error.message
        rows.append((view, count, problem))
    if context.out.json:
        context.out.document(
            [{"name": v.name, "query": v.query, "shows": count} | ({"problem": w} if w else {}) for v, count, w in rows]
        )
        return
    table = [(v.name, "" if n is None else str(n), f"{v.query}   {w}" if w else v.query) for v, n, w in rows]
    context.out.table([TableColumn("View"), TableColumn("Shows", right=True), TableColumn("Query", style="dim")], table)


def fields_(context: Context) -> None:
    """Run `watchlist fields`: print all fields. Derived fields can be queried and shown, but not set."""
    if context.out.json:
        context.out.document(
            [
                {"name": f.name, "label": f.label, "type": f.type.name, "hint": f.hint, "derived": f.derived}
                | ({"aliases": list(f.aliases)} if f.aliases else {})
                for f in FIELDS.values()
            ]
        )
        return
    columns = [
        TableColumn("Field"),
        TableColumn("Type", style="dim"),
        TableColumn("Takes"),
        TableColumn("Also", style="dim"),
    ]
    rows = [(f.name, "derived" if f.derived else f.type.name, f.hint, " ".join(f.aliases)) for f in FIELDS.values()]
    context.out.table(columns, rows)
