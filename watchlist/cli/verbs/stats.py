"""The verb `stats`: print statistics of the list, or of one year, for the terminal, as JSON or as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

from watchlist.cli.context import Context
from watchlist.cli.output import is_stdout
from watchlist.cli.parser import MAX_QUOTED_CHARACTERS, whole_number
from watchlist.cli.selection import matching_shows
from watchlist.domain.dates import relative_day
from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Show
from watchlist.domain.show_toml import to_table
from watchlist.domain.text import counted
from watchlist.errors import NotFound, StoreError, UsageError
from watchlist.sanitize import safe
from watchlist.stats.statistics import Ranked, Seen, Statistics, statistics
from watchlist.stats.viewing_calendar import Streak

MAX_YEARS_NAMED = 8  # maximum number of years listed in a hint


def stats_(context: Context) -> None:
    """Run `watchlist stats`. Raise NotFound if no show matches, or if nothing was watched in the year asked for."""
    request, out = context.request, context.out
    words, year, output = request.words("QUERY"), _year(request.word("--year")), request.word("--output")
    name = request.word("--format")
    output = None if output is not None and is_stdout(output) else output
    if out.json and output is None:
        if name is not None:
            raise UsageError(f"--json and {name} can't both go to stdout", "write to a file with --output")
        numbers = _counted(context, words, year)
        out.document(_plain(numbers) | {"query": " ".join(words)})
        return
    from watchlist.formats.statistics_documents import document_format  # JSON needs no page
    from watchlist.stats.page_content import page

    form = document_format(name, output)
    path = None
    if output is not None:
        from watchlist.formats.export_file import target  # only a file needs the write path

        path = target(output, context.own_files, force=request.on("--force"))
    numbers = _counted(context, words, year)
    whole_page = page(numbers, context.style, _scope(numbers, words))
    if form is None:
        from watchlist.panels import ANSI, PLAIN  # saves importing Rich for a document
        from watchlist.panels.statistics_page import render_page

        out.panels(render_page(whole_page, ANSI if out.color else PLAIN, context.style, out.room))
    elif path is None:
        out.file(form.write(whole_page, context.style))
    else:
        from watchlist.formats.export_file import write_to  # only a file needs the write path

        if context.library.list.damage is not None:
            raise StoreError("the list is damaged, so this would not be all of it", context.library.guard.next_steps())
        write_to(path, form.write(whole_page, context.style).encode())
        if out.json:
            out.document({"file": str(path), "format": form.name, "shows": numbers.shows.number})
        out.say(f"{whole_page.title}: written to {path}")


def _year(text: str | None) -> int | None:
    """Return the year in `2025`, or of a day such as `today` or `-1y`; None for None. Raise UsageError for other texts."""
    if text is None:
        return None
    today = date.today()
    if (day := relative_day(text, today)) is not None:
        return day.year
    year = whole_number(text)
    if year is None or not MINYEAR <= year <= MAXYEAR:
        raise UsageError(
            f'--year: "{safe(text[:MAX_QUOTED_CHARACTERS])}" is not a year', f"e.g. --year {today.year} or --year -1y"
        )
    return year


def _counted(context: Context, words: Sequence[str], year: int | None) -> Statistics:
    """Return the statistics of the shows that match the query `words`; if `year` is not None, of the viewings in that year.

    Raises NotFound if the query has no match, or the year no viewing. For an empty list, a message is printed, and all
    numbers are 0.
    """
    shows = matching_shows(context, words)
    if not shows:
        context.check()
        if words and (context.list.shows or context.list.damage is None):
            raise NotFound("no show matches", "`watchlist stats` counts the whole list")
        context.out.say(context.why_empty)
    result = statistics(shows, today=date.today(), year=year, services=context.config.services)
    if year is not None and not result.viewings.total.viewings:
        context.check()
        raise NotFound(f"nothing was watched in {year}", _other_years(result, shows))
    return result


def _other_years(numbers: Statistics, shows: Sequence[Show]) -> str:
    """Return a hint for a year without viewings: the years that have viewings, newest first."""
    years = sorted({row.date.year for show in shows for row in show.viewings if row.date}, reverse=True)
    if not years:
        undated = numbers.viewings.undated.viewings
        return "all viewings are undated" if undated else "no viewing is on the list yet; `watchlist watch` adds one"
    return f"there are viewings of {', '.join(map(str, years[:MAX_YEARS_NAMED]))}"


def _scope(numbers: Statistics, words: Sequence[str]) -> str:
    """Return the line below the heading of the page: the number of counted shows, and the query `words`."""
    shows = counted(numbers.shows.number, "show")
    return f'{shows} matching "{" ".join(words)}"' if words else shows


def _plain(value: Any) -> Any:
    """Return statistics as JSON values: objects by attribute, days as ISO strings, shows as id, title and rating."""
    match value:
        case Show():
            return {"id": value.id, "title": value.title, "rating": value.rating}
        case Seen():
            table: dict[str, Any] = to_table(value.show)["viewings"][value.show.viewings.index(value.viewing)]
            return {"show": _plain(value.show), **table, "minutes": value.minutes, "again": value.is_rewatch}
        case Streak():
            return {**value._asdict(), "query": value.query}
        case Frozen():
            return {name: _plain(getattr(value, name)) for name in type(value).names}
        case tuple() if hasattr(value, "_asdict"):
            return {name: _plain(item) for name, item in value._asdict().items()}
        case Mapping():
            return {str(key): item for key, item in value.items()}
        case tuple() | Ranked():
            return [_plain(item) for item in value]
    return value
