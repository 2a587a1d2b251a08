"""HTML: one self-contained page for small and large screens, with a light and a dark theme and no scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TextIO

from watchlist.domain import show_text
from watchlist.domain.episodes import seasons_of
from watchlist.domain.glyphs import status_glyph
from watchlist.domain.model import Show, Status
from watchlist.domain.ratings import DisplayStyle, show_rating, stars
from watchlist.domain.text import counted, long_date
from watchlist.domain.theme_colors import BALLARD, BALLARD_LIGHT, Palette
from watchlist.domain.watch_progress import SeasonProgress, season_progress
from watchlist.formats.format import WriteOptions
from watchlist.sanitize import safe

FOOT = "</main>\n</body>\n</html>\n"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
OPEN_ROWS = 12  # number of visible rows, e.g. of a cast; the others are collapsed


def _colors(palette: Palette) -> str:
    """Return the colors of a palette as CSS variables."""
    roles = ("background", "surface", "panel", "foreground", "dim", "primary", "border", "accent", "success", "error")
    return " ".join(f"--{role}: {getattr(palette, role)};" for role in roles)


STYLE = f"""
:root {{ color-scheme: light dark; {_colors(BALLARD_LIGHT)} }}
@media (prefers-color-scheme: dark) {{ :root {{ {_colors(BALLARD)} }} }}
""" + (
    """\
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 46rem;
  background: var(--background); color: var(--foreground);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 1.6rem; font-weight: 650; }
h2 { margin: 0; font-size: 1.25rem; color: var(--accent); }
h3 { margin: 1.1rem 0 .25rem; font-size: .95rem; font-weight: 600; color: var(--primary); }
p { margin: .25rem 0; }
a { color: var(--primary); text-underline-offset: .15em; }
.dim { color: var(--dim); }
.index { margin: 1.25rem 0 2rem; padding: 0; list-style: none; }
.index a {
  display: grid; grid-template-columns: 1.5em 1fr 5.6em 2.4em; gap: 0 .9rem; align-items: baseline;
  padding: .3rem .5rem; border-radius: .4rem; color: inherit; text-decoration: none;
}
.index .number { text-align: right; }
.index a:hover, .index a:focus-visible { background: var(--panel); }
.stars { color: var(--accent); white-space: nowrap; letter-spacing: .04em; }
article {
  margin: 0 0 1.25rem; padding: 1.1rem 1.25rem 1.25rem; border-radius: .7rem;
  background: var(--surface); border: 1px solid var(--panel); scroll-margin-top: 1rem;
}
article:target { border-color: var(--primary); }
.rating { margin: .6rem 0; font-size: 1.15rem; }
.rating b { margin: 0 .5rem; }
dl { display: grid; grid-template-columns: minmax(7rem, 2fr) 3fr; gap: .1rem 1rem; margin: .25rem 0; }
dd { margin: 0; color: var(--dim); }
.season { display: grid; grid-template-columns: 2.5rem 1fr auto; gap: 0 .8rem; align-items: center; }
progress { width: 100%; height: .5rem; border: 0; border-radius: .25rem; background: var(--panel); overflow: hidden; }
progress { appearance: none; accent-color: var(--accent); }
progress::-webkit-progress-bar { background: var(--panel); }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
summary { cursor: pointer; color: var(--primary); }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--primary); outline-offset: 2px; }
@media (max-width: 30rem) {
  article { padding: .9rem 1rem; }
  .index .number { display: none; }
  .index a { grid-template-columns: 1.5em 1fr 5.6em; }
}
@media print { article { break-inside: avoid; border: 0; padding: .5rem 0; } }
"""
    + "".join(f".{status} {{ color: var(--{status.color}); }}\n" for status in Status)
)


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write a page with an index of all shows and a card for each. Notes and viewings are private and not written."""
    subtitle = " · ".join(filter(None, (counted(len(shows), "show"), long_date(options.today))))
    out.write(head(options.title, subtitle))
    if len(shows) > 1:
        out.write('<nav>\n<ol class="index">\n')
        for number, show in enumerate(shows, 1):
            out.write(_row(number, show, options.style))
        out.write("</ol>\n</nav>\n")
    out.write("<main>\n")
    for number, show in enumerate(shows, 1):
        out.write("\n".join(_card(number, show, options.style)) + "\n")
        options.done(number)
    out.write(FOOT)


def head(title: str, subtitle: str, style: str = "") -> str:
    """Return the beginning of a page with its heading and subtitle. `style` is CSS added to the common style sheet."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escaped(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n"
        f'<header>\n<h1>{escaped(title)}</h1>\n<p class="dim">{escaped(subtitle)}</p>\n</header>\n'
    )


def _row(number: int, show: Show, style: DisplayStyle) -> str:
    """Return the row of a show in the index. It links to the card `number`, because an id may not be valid in HTML."""
    return (
        f'<li><a href="#show-{number}">{_status(show, style)}<span>{escaped(show.title)} '
        f'<span class="dim">{show.year or ""}</span></span>'
        f'<span class="stars" aria-hidden="true">{stars(show.rating, style)}</span>'
        f'<span class="dim number">{show_rating(show.rating, style)}</span></a></li>\n'
    )


def _status(show: Show, style: DisplayStyle, word: str = "") -> str:
    """Return the HTML of a show's status: its symbol, followed by `word`."""
    return f'<span class="{show.status}" title="{show.status}">{status_glyph(show.status, style)}{word}</span>'


def _card(number: int, show: Show, style: DisplayStyle) -> Iterator[str]:
    """Yield the HTML of the card of a show. `number` (from 1) makes its anchor: `#show-3`."""
    yield f'<article id="show-{number}">'
    yield f"<h2>{escaped(show.title)}</h2>\n<p>{escaped(show_text.origin(show))}</p>"
    detail = f' <span class="dim">{escaped(show_text.extent(show))}</span>'
    yield f"<p>{_status(show, style, f' {show.status}')}{detail}</p>"
    for line in show_text.lines(show):
        yield f'<p class="dim">{escaped(line)}</p>'
    if show.url.startswith(("https://", "http://")):
        yield f'<p><a href="{escaped(show.url)}" rel="noreferrer noopener">{escaped(show.url)}</a></p>'
    rating = show_rating(show.rating, style) or "not rated"
    yield f'<p class="rating"><span class="stars" aria-hidden="true">{stars(show.rating, style)}</span><b>{rating}</b></p>'
    if paragraphs := show_text.paragraphs(show.synopsis):
        yield "<h3>Synopsis</h3>"
        yield from (f"<p>{escaped(paragraph)}</p>" for paragraph in paragraphs)
    yield from _pairs("Cast", [(row.actor, row.role) for row in show.cast])
    yield from _pairs("Crew", [(row.name, row.job) for row in show.crew])
    if seasons := [
        season for season in map(season_progress, seasons_of(show)) if season.total or season.season.watched
    ]:
        yield "<h3>Progress</h3>"
        yield from map(_season, seasons)
        if rest := show_text.remaining(show):
            yield f'<p class="dim">{escaped(rest)}</p>'
    yield "</article>"


def _pairs(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the HTML of a heading and a list of (name, text) rows. Rows after the first OPEN_ROWS are collapsed."""
    if rows:
        yield f"<h3>{title}</h3>\n{_list(rows[:OPEN_ROWS])}"
    if len(rows) > OPEN_ROWS:
        yield f"<details><summary>{len(rows) - OPEN_ROWS} more</summary>{_list(rows[OPEN_ROWS:])}</details>"


def _list(rows: Iterable[tuple[str, str]]) -> str:
    """Return (name, text) rows as an HTML definition list."""
    return f"<dl>{''.join(f'<dt>{escaped(first)}</dt><dd>{escaped(second)}</dd>' for first, second in rows)}</dl>"


def _season(progress: SeasonProgress) -> str:
    """Return the progress bar of a season as HTML. The bar is empty if the number of episodes is unknown."""
    share = f'value="{progress.seen}" max="{progress.total}"' if progress.total else 'value="0" max="1"'
    label = f'<span class="dim">S{progress.season.number}</span>'
    return f'<div class="season">{label}<progress {share}></progress><span>{progress.text}</span></div>'


def escaped(text: str) -> str:
    """Return user text with HTML special characters escaped and control characters made visible."""
    return escape(safe(text, lines=True), quote=True)
