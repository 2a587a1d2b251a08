"""Finds one show by its id or part of its title."""

from __future__ import annotations

from collections.abc import Sequence

from watchlist.domain.model import Show
from watchlist.domain.show_table import ShowTable
from watchlist.domain.text import without_invisible
from watchlist.errors import NotFound
from watchlist.query.columns import COLUMNS, flat
from watchlist.sanitize import safe


def find(shows: Sequence[Show], text: str) -> Show:
    """Return the show with the id `text`, else with this title or `Title (year)`, else with a title that contains `text`.

    Titles include the other titles in `aka`. In titles, case and accents are ignored.

    Raises:
        NotFound: No show matches, or several do. The hint names up to 3 similar titles, or up to 8 matching ids.
    """
    listed = shows if isinstance(shows, ShowTable) else ShowTable(shows)
    for id in (text, without_invisible(text)):
        if (index := listed.places.get(id)) is not None:
            return listed[index]
    wanted = flat(text)
    titles = list(map(flat, listed.column("title", COLUMNS["title"])))
    years, others = (listed.column(name, COLUMNS[name]) for name in ("year", "aka"))
    names = [[title, *map(flat, aka)] if aka else [title] for title, aka in zip(titles, others, strict=True)]
    for matches in (
        [
            index
            for index, title in enumerate(titles)
            if wanted.startswith(title) and wanted in (title, f"{title} ({years[index]})")
        ],
        [index for index, all_titles in enumerate(names) if wanted in all_titles],
        [index for index, all_titles in enumerate(names) if any(wanted in title for title in all_titles)]
        if wanted.strip()
        else [],
    ):
        if len(matches) == 1:
            return listed[matches[0]]
        if matches:
            candidates = [listed[index] for index in matches]
            raise NotFound(f'"{safe(text)}" matches {len(matches)} shows', _ids_hint(candidates))
    by_name = {name: show for show, all_titles in zip(listed, names, strict=True) for name in reversed(all_titles)}
    import difflib  # saves its load time at every start: only needed for errors

    near = difflib.get_close_matches(wanted, list(by_name), n=3, cutoff=0.6)
    nearest = dict.fromkeys(f'"{safe(by_name[name].title)}"' for name in near)
    hint = f"did you mean {' or '.join(nearest)}?" if nearest else "see `watchlist list`"
    raise NotFound(f'there is no show "{safe(text)}"', hint)


def _ids_hint(candidates: Sequence[Show]) -> str:
    ids = [safe(f"{show.id} ({show.title}{f', {show.year}' if show.year else ''})") for show in candidates[:8]]
    rest = len(candidates) - len(ids)
    return "use an id: " + ", ".join(ids) + (f" and {rest} more" if rest else "")
