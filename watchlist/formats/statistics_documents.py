"""Statistics as a Markdown, HTML or SVG document, made from the sections of the statistics page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.text import long_date
from watchlist.errors import UsageError, did_you_mean
from watchlist.formats import html, markdown
from watchlist.sanitize import safe
from watchlist.stats.page_content import Heat, Page, PageSection

PICTURE_CELLS: Final = 120  # width of the picture: two columns, each wide enough for a year of weeks
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


class DocumentFormat(NamedTuple):
    """A document format: its name, its file ending, and the function that returns a page as a document in this format."""

    name: str
    ending: str
    write: Callable[[Page, DisplayStyle], str]


def _markdown(page: Page, style: DisplayStyle) -> str:
    """Return a page as Markdown: a heading and a table for each section, and the calendar as in the terminal."""
    parts = [f"# {markdown.escaped(page.title)}\n\n{markdown.escaped(page.scope)}\n"]
    for section in page.sections:
        parts.append(f"## {markdown.escaped(section.title)}\n")
        if section.heat is not None:
            parts.append("```text\n" + "\n".join(_calendar(section.heat, style)) + "\n```\n")
        parts.append("\n".join(["| | | |", "|---|---:|---|", *_table(section)]) + "\n")
    return "\n".join(parts)


def _table(section: PageSection) -> Iterator[str]:
    """Yield the lines of a section's Markdown table."""
    for line in section.lines:
        yield f"| {' | '.join(map(markdown.escaped, (line.label, line.text, line.detail)))} |"
    if section.more:
        yield f"| and {section.more:,} more | | |"


def _calendar(heat: Heat, style: DisplayStyle) -> Sequence[str]:
    """Return the lines of a viewing calendar as plain text."""
    from watchlist.panels.statistics_page import heat_lines  # saves importing Rich for a page without a calendar
    from watchlist.panels.styles import PLAIN

    return [line.plain.rstrip() for line in heat_lines(heat, PLAIN, style, PICTURE_CELLS)]


def _html(page: Page, style: DisplayStyle) -> str:
    """Return a page as self-contained HTML with a light and a dark theme."""
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
    """Return a calendar as HTML: one square per day, with date and minutes in its tooltip."""
    shade, squares = heat.shades(), []
    for day in (day for week in heat.weeks() for day in week):
        level = shade(day)
        if level is None:
            squares.append('<i class="h"></i>')
        else:
            tooltip = f"{long_date(day)}: {heat.days[day]} min" if day in heat.days else long_date(day)
            squares.append(f'<i class="h{level}" title="{tooltip}"></i>')
    return f'<div class="heat" role="img" aria-label="{len(heat.days)} days with a viewing">{"".join(squares)}</div>\n'


def _svg(page: Page, style: DisplayStyle) -> str:
    """Return a page as an SVG picture."""
    from watchlist.domain.theme_colors import BALLARD  # only the picture needs Rich and colors
    from watchlist.panels.statistics_page import render_page
    from watchlist.panels.styles import Styles
    from watchlist.panels.svg_picture import render_svg

    return render_svg(render_page(page, Styles.of(BALLARD), style, PICTURE_CELLS), page.title, PICTURE_CELLS, BALLARD)


DOCUMENT_FORMATS: Final = {
    form.name: form
    for form in (
        DocumentFormat("markdown", ".md", _markdown),
        DocumentFormat("html", ".html", _html),
        DocumentFormat("svg", ".svg", _svg),
    )
}


def document_format(name: str | None, path: str | None) -> DocumentFormat | None:
    """Return the document format with the name `name` or, if it is None, for the ending of `path`; None if both are None.

    Raises UsageError for an unknown name or ending.
    """
    names = ", ".join(DOCUMENT_FORMATS)
    if name is not None:
        if name not in DOCUMENT_FORMATS:
            raise UsageError(
                f'there is no format "{safe(name)}"', did_you_mean(name, DOCUMENT_FORMATS) or f"use one of {names}"
            )
        return DOCUMENT_FORMATS[name]
    if path is None:
        return None
    for form in DOCUMENT_FORMATS.values():
        if path.lower().endswith(form.ending):
            return form
    raise UsageError(f"the ending of {safe(path)} names no format", f"name one with --format: {names}")
