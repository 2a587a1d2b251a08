"""Verbs that look: list, show, history, views, fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from watchlist.cli.choosing import count_of, field_named, find_shows, select_shows
from watchlist.cli.context import Context
from watchlist.cli.output import Column, as_json
from watchlist.errors import UsageError
from watchlist.fields import FIELDS, Field, to_table
from watchlist.fieldtypes import Rating
from watchlist.glyphs import glyphs, meter
from watchlist.model import Show, Status, View
from watchlist.query.own import own_field
from watchlist.ratings import Style, show_rating, stars
from watchlist.safe import safe

BUILT_IN_VIEWS = (View("All", ""), *(View(status.capitalize(), f"status:{status}") for status in Status))
LEFT = frozenset({"progress", "left", "minutes_left"})
STATUS_STYLES = {"watching": "yellow", "planned": "blue", "watched": "green", "paused": "dim", "dropped": "red"}


def list_(context: Context) -> None:
    request, out = context.request, context.out
    modes = [name for name in ("--json", "--jsonl", "--plain", "--format") if request.on(name)]
    if len(modes) > 1:
        raise UsageError(f"{modes[0]} and {modes[1]} can't both be printed", "take one of them")
    shows = select_shows(context, request.words("QUERY"), sort=request.word("--sort"))[: request.number("--limit")]
    end = "\0" if request.on("-0") else "\n"
    template = request.word("--format")
    if template is None and not modes and request.on("-0"):
        template = "{id}"
    if template is not None:
        form = _template(template, context)
        for show in shows:
            out.raw(form(show) + end)
    elif request.on("--jsonl"):
        table = _table_of(context)
        for show in shows:
            out.raw(as_json(table(show)) + end)
    elif out.json:
        out.document(list(map(_table_of(context), shows)))
    elif request.on("--plain"):
        fields = _columns(context)
        for show in shows:
            # Tabs part the columns, so a tab within a value is made visible before they are joined.
            out.raw("\t".join(safe(field.show_as(show, context.style)) for field in fields) + end)
    else:
        _print_table(context, shows)


def _table_of(context: Context) -> Callable[[Show], dict[str, Any]]:
    """A show for JSON: all of it, or the columns that were asked for."""
    if context.request.word("--columns") is None:
        return to_table
    fields = _columns(context)
    return lambda show: {f.name: f.type.write(f.get(show)) for f in fields if f.has(show)}


def _print_table(context: Context, shows: Sequence[Show]) -> None:
    fields = _columns(context)
    if not shows:
        context.out.say("no show matches" if context.request.on("QUERY") else "the list is empty")
    signs = [Column("", style="red")] * any(show.problems for show in shows)  # of values that can't be
    wrong = glyphs(context.style).wrong
    rows = (
        [*[wrong if show.problems else ""] * len(signs), *(_cell(field, show, context.style) for field in fields)]
        for show in shows
    )
    context.out.table([*signs, *map(_column, fields)], rows)
    if shows and LEFT.intersection(field.name for field in fields):
        from watchlist.remaining import Left  # only who looks at what is left is told what it adds up to

        left, minutes = ([FIELDS[name].get(show) for show in shows] for name in ("left", "minutes_left"))
        context.out.say(str(Left.of(left, minutes)))


def _columns(context: Context) -> list[Field]:
    asked = context.request.word("--columns")
    if asked is None:
        return [FIELDS[name] for name in context.config.columns]
    names = [name.strip() for name in asked.split(",") if name.strip()]
    if not names:
        raise UsageError("--columns names no field", "as in --columns title,year")
    return [field_named(context, name) for name in names]


def _column(field: Field) -> Column:
    if isinstance(field.type, Rating):
        return Column(field.label, style="yellow")
    number = (field.type.ordered and field.type.name == "number") or field.name == "progress"
    return Column(field.label, number, STATUS_STYLES if field.name == "status" else "")


def _cell(field: Field, show: Show, style: Style) -> str:
    """A value as the table shows it: ratings as stars and exact, progress in numbers and as a bar."""
    if isinstance(field.type, Rating):
        return f"{stars(show.rating, style)} {show_rating(show.rating, style)}"
    text = field.show_as(show, style)
    if field.name == "progress" and text:
        return f"{text} {''.join(meter(text, style))}"  # flush right, so that numbers and bars line up
    return text


def _template(text: str, context: Context) -> Callable[[Show], str]:
    """`{title} {rating}` as a function; `{title:<30}` pads. `\\t` and `\\n` are a tab and a new line."""
    import string  # no other form of printing waits for it

    try:
        parsed = list(string.Formatter().parse(text.replace("\\t", "\t").replace("\\n", "\n")))
    except ValueError as error:
        raise UsageError(f"--format: {error}", "{{ is one brace") from error
    parts = []
    for literal, name, spec, conversion in parsed:
        if name is not None and (conversion or "{" in (spec or "")):
            raise UsageError(f'--format: "{safe(name)}" takes no ! and no braces', "as in {title} or {title:<30}")
        field = field_named(context, name) if name is not None else None
        parts.append((safe(literal, lines=True), field, spec or ""))

    def form(show: Show) -> str:
        return "".join(_formed(part, show, context.style) for part in parts)

    return form


def _formed(part: tuple[str, Field | None, str], show: Show, style: Style) -> str:
    literal, field, spec = part
    if field is None:
        return literal
    try:
        return literal + format(safe(field.show_as(show, style)), spec)
    except ValueError as error:
        raise UsageError(f"--format: {error}", "{title:<30} pads to the right") from error


def show_(context: Context) -> None:
    (show,) = find_shows(context, [context.request.word("SHOW") or ""])
    if context.out.json:
        context.out.document(to_table(show))
    elif context.request.on("--plain"):
        for name, text in _plain(show, context.style):
            context.out.line(f"{name}: {text}")
    else:
        from watchlist.panels import ANSI, PLAIN, card

        context.out.panels(card(show, ANSI if context.out.color else PLAIN, context.style, today=date.today()))


def _plain(show: Show, style: Style) -> Iterator[tuple[str, str]]:
    """Every value as text, derived ones and the user's own keys too."""
    yield "id", show.id
    for name, field in FIELDS.items():
        if name != "id" and (field.has(show) or name == "status"):
            yield name, field.show_as(show, style)
    for name in show.other:
        yield name, own_field(name).show_as(show, style)
    for problem in show.problems:
        yield f"problem {problem.key}", problem.message


def history_(context: Context) -> None:
    entries = context.library.history()[: context.request.number("--limit")]
    if context.out.json:
        context.out.document(
            [
                {"change": e.number, "time": e.time, "label": e.label, "undone": e.undone, "held": e.held}
                for e in entries
            ]
        )
        return
    if not entries:
        context.out.say("nothing was changed yet")
    columns = [Column("Change", right=True), Column("When", style="dim"), Column("What"), Column("", style="dim")]
    rows = [
        (str(e.number), e.time.isoformat(" ", "minutes"), e.label, "held" if e.held else "undone" * e.undone)
        for e in entries
    ]
    context.out.table(columns, rows)


def views_(context: Context) -> None:
    """The built-in views and the saved ones, each with how many shows it holds."""
    rows = []
    for view in (*BUILT_IN_VIEWS, *context.list.views):
        try:
            count: int | None = count_of(context, view.query)
            wrong = ""
        except UsageError as error:
            count, wrong = None, error.message
        rows.append((view, count, wrong))
    if context.out.json:
        context.out.document(
            [{"name": v.name, "query": v.query, "shows": count} | ({"problem": w} if w else {}) for v, count, w in rows]
        )
        return
    table = [(v.name, "" if n is None else str(n), f"{v.query}   {w}" if w else v.query) for v, n, w in rows]
    context.out.table([Column("View"), Column("Shows", right=True), Column("Query", style="dim")], table)


def fields_(context: Context) -> None:
    """All fields; the derived ones can be asked for and shown, not set."""
    if context.out.json:
        context.out.document(
            [
                {"name": f.name, "label": f.label, "type": f.type.name, "hint": f.hint, "derived": f.derived}
                | ({"aliases": list(f.aliases)} if f.aliases else {})
                for f in FIELDS.values()
            ]
        )
        return
    columns = [Column("Field"), Column("Type", style="dim"), Column("Takes"), Column("Also", style="dim")]
    rows = [(f.name, "worked out" if f.derived else f.type.name, f.hint, " ".join(f.aliases)) for f in FIELDS.values()]
    context.out.table(columns, rows)
