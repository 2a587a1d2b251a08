"""Statistics as a document: Markdown, one page of HTML, or a picture. All walk the sections of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from watchlist.errors import UsageError, did_you_mean
from watchlist.formats import html, markdown
from watchlist.ratings import Style
from watchlist.safe import safe
from watchlist.sections import Heat, Page, Section
from watchlist.text import long_date

CELLS: Final = 120  # of the picture: two columns, each with room for a year of weeks
HTML_STYLE: Final = """
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: normal; width: 40%; }
td { padding: .1rem 0 .1rem .8rem; color: var(--dim); }
td.number { text-align: right; white-space: nowrap; color: var(--foreground); }
td.bar { width: 28%; }
.heat { display: grid; grid-auto-flow: column; grid-template-rows: repeat(7, 1fr); gap: 2px; overflow-x: auto; }
.heat i { width: .62rem; height: .62rem; border-radius: 2px; background: var(--panel); }
.heat .h { background: none; }
""" + "".join(
    f".heat .h{shade} {{ background: var(--accent); opacity: {opacity}; }}\n"
    for shade, opacity in enumerate((0.35, 0.55, 0.78, 1), 1)
)


class Form(NamedTuple):
    """One kind of document."""

    name: str
    ending: str
    write: Callable[[Page, Style], str]


def _markdown(page: Page, style: Style) -> str:
    """A heading and a table a section; the calendar as the terminal draws it."""
    parts = [f"# {markdown.escaped(page.title)}\n\n{markdown.escaped(page.scope)}\n"]
    for section in page.sections:
        parts.append(f"## {markdown.escaped(section.title)}\n")
        if section.heat is not None:
            parts.append("```text\n" + "\n".join(_calendar(section.heat, style)) + "\n```\n")
        parts.append("\n".join(["| | | |", "|---|---:|---|", *_table(section)]) + "\n")
    return "\n".join(parts)


def _table(section: Section) -> Iterator[str]:
    for line in section.lines:
        yield f"| {' | '.join(map(markdown.escaped, (line.label, line.text, line.detail)))} |"
    if section.more:
        yield f"| and {section.more:,} more | | |"


def _calendar(heat: Heat, style: Style) -> Sequence[str]:
    from watchlist.panels.ink import PLAIN
    from watchlist.panels.statistics import heat_lines

    return [line.plain.rstrip() for line in heat_lines(heat, PLAIN, style, CELLS)]


def _html(page: Page, style: Style) -> str:
    """One file that needs nothing else, by day and by night."""
    parts = [html.head(page.title, page.scope, HTML_STYLE), "<main>\n"]
    for section in page.sections:
        parts.append(f"<article>\n<h2>{html.escaped(section.title)}</h2>\n")
        if section.heat is not None:
            parts.append(_squares(section.heat))
        top = max((line.weight or 0 for line in section.lines), default=0)
        bars = any(line.weight is not None for line in section.lines)
        parts.append("<table>\n")
        for line in section.lines:
            bar = f'<td class="bar"><progress value="{line.weight or 0}" max="{top or 1}"></progress></td>' * bars
            parts.append(
                f'<tr><th scope="row">{html.escaped(line.label)}</th>{bar}'
                f'<td class="number">{html.escaped(line.text)}</td><td>{html.escaped(line.detail)}</td></tr>\n'
            )
        parts.append("</table>\n" + f'<p class="dim">and {section.more:,} more</p>\n' * bool(section.more))
        parts.append("</article>\n")
    return "".join([*parts, html.FOOT])


def _squares(heat: Heat) -> str:
    """A square a day, which says its date and its minutes where a pointer rests."""
    shade, squares = heat.shades(), []
    for on in (on for week in heat.weeks() for on in week):
        found = shade(on)
        if found is None:
            squares.append('<i class="h"></i>')
        else:
            said = f"{long_date(on)}: {heat.days[on]} min" if on in heat.days else long_date(on)
            squares.append(f'<i class="h{found}" title="{said}"></i>')
    return f'<div class="heat" role="img" aria-label="{len(heat.days)} days with a viewing">{"".join(squares)}</div>\n'


def _svg(page: Page, style: Style) -> str:
    from watchlist.palette import BALLARD
    from watchlist.panels.ink import Ink
    from watchlist.panels.picture import drawn
    from watchlist.panels.statistics import printed

    return drawn(printed(page, Ink.of(BALLARD), style, CELLS), page.title, CELLS, BALLARD)


FORMS: Final = {
    form.name: form
    for form in (Form("markdown", ".md", _markdown), Form("html", ".html", _html), Form("svg", ".svg", _svg))
}


def form_of(name: str | None, path: str | None) -> Form | None:
    """The form of this name, else the one that the ending of a path speaks of; None where nothing was said.

    UsageError where there is no such form.
    """
    names = ", ".join(FORMS)
    if name is not None:
        if name not in FORMS:
            raise UsageError(f'there is no form "{safe(name)}"', did_you_mean(name, FORMS) or f"take one of {names}")
        return FORMS[name]
    if path is None:
        return None
    for form in FORMS.values():
        if path.lower().endswith(form.ending):
            return form
    raise UsageError(f"the ending of {safe(path)} names no form", f"name one with --format: {names}")
