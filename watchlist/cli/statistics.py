"""The verb `stats`: what the list, or a year of it, adds up to; on the terminal, as JSON or as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, date
from typing import Any

from watchlist.cli.choosing import chosen
from watchlist.cli.context import Context
from watchlist.cli.output import STDOUT
from watchlist.days import Streak
from watchlist.errors import NotFound, StoreError, UsageError
from watchlist.fields import to_table
from watchlist.model import Show
from watchlist.stats import Ranked, Seen, Statistics, statistics
from watchlist.values import Value

YEARS_NAMED = 8


def stats_(context: Context) -> None:
    """Statistics of the shows that match. NotFound where none does, or nothing was watched in the year."""
    request, out = context.request, context.out
    words, year, output = request.words("QUERY"), _year(request.word("--year")), request.word("--output")
    name = request.word("--format")
    output = None if output == STDOUT else output
    if out.json and output is None:
        if name is not None:
            raise UsageError(f"--json and {name} can't both go to stdout", "write to a file with --output")
        found = _counted(context, words, year)
        out.document(_plain(found) | {"query": " ".join(words)})
        return
    from watchlist.reporting import form_of
    from watchlist.sections import page

    form = form_of(name, output)
    path = None
    if output is not None:
        from watchlist.exporting import target

        path = target(output, context.file, force=request.on("--force"))
    found = _counted(context, words, year)
    whole = page(found, context.style, _scope(found, words))
    if form is None:
        from watchlist.panels import ANSI, PLAIN
        from watchlist.panels.statistics import printed

        out.panels(printed(whole, ANSI if out.color else PLAIN, context.style, out.room))
    elif path is None:
        out.file(form.write(whole, context.style))
    else:
        from watchlist.store import files

        if context.library.list.damage is not None:
            raise StoreError("the list is damaged, so this would not be all of it", "`watchlist edit` opens it there")
        files.replace(path, form.write(whole, context.style).encode())
        if out.json:
            out.document({"file": str(path), "format": form.name, "shows": found.shows.number})
        out.say(f"{whole.title}: written to {path}")


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAXYEAR):
        raise UsageError(f'--year: "{text}" is not a year', f"as in --year {date.today().year}")
    return int(text)


def _counted(context: Context, words: Sequence[str], year: int | None) -> Statistics:
    shows = chosen(context, words)
    if not shows:
        context.check()
        if words:
            raise NotFound("no show matches", "`watchlist stats` counts the whole list")
        context.out.say("the list is empty")
    found = statistics(shows, today=date.today(), year=year, services=context.config.services)
    if year is not None and not found.viewings.total.viewings:
        context.check()
        raise NotFound(f"nothing was watched in {year}", _other_years(found, shows))
    return found


def _other_years(found: Statistics, shows: Sequence[Show]) -> str:
    """The years that there are viewings of."""
    years = sorted({row.date.year for show in shows for row in show.viewings if row.date}, reverse=True)
    if not years:
        undated = found.viewings.undated.viewings
        return "all viewings are undated" if undated else "no viewing is on the list yet; `watchlist watch` adds one"
    return f"there are viewings of {', '.join(map(str, years[:YEARS_NAMED]))}"


def _scope(found: Statistics, words: Sequence[str]) -> str:
    """What was counted, in words."""
    from watchlist.text import counted

    shows = counted(found.shows.number, "show")
    return f"{shows} of {' '.join(words)}" if words else shows


def _plain(value: Any) -> Any:
    """Statistics as JSON has them: a key for each attribute, days as ISO strings, shows by id and title."""
    match value:
        case Show():
            return {"id": value.id, "title": value.title, "rating": value.rating}
        case Seen():
            table: dict[str, Any] = to_table(value.show)["viewings"][value.show.viewings.index(value.viewing)]
            return {"show": _plain(value.show), **table, "minutes": value.minutes, "again": value.again}
        case Streak():
            return {**value._asdict(), "query": value.query}
        case Value():
            return {name: _plain(getattr(value, name)) for name in type(value).names}
        case tuple() if hasattr(value, "_asdict"):
            return {name: _plain(one) for name, one in value._asdict().items()}
        case Mapping():
            return {str(key): one for key, one in value.items()}
        case tuple() | Ranked():
            return [_plain(one) for one in value]
    return value
