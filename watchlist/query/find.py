"""The one show that somebody means by an id or by a part of a title."""

from __future__ import annotations

from collections.abc import Sequence

from watchlist.errors import NotFound
from watchlist.model import Show, Shows
from watchlist.query.columns import COLUMNS, flat
from watchlist.safe import safe


def find(shows: Sequence[Show], text: str) -> Show:
    """The show with this id, else this title or `Title (year)`, else the only one with it in its title or another title.

    Case and accents are ignored. NotFound names the nearest titles (3 at most), or the candidates with their ids (8 at
    most) where there are several.
    """
    listed = shows if isinstance(shows, Shows) else Shows(shows)
    if (at := listed.places.get(text)) is not None:
        return listed[at]
    wanted = flat(text)
    titles = list(map(flat, listed.column("title", COLUMNS["title"])))
    years, others = (listed.column(name, COLUMNS[name]) for name in ("year", "aka"))
    names = [[title, *map(flat, aka)] if aka else [title] for title, aka in zip(titles, others, strict=True)]
    for found in (
        [
            n
            for n, title in enumerate(titles)
            if wanted.startswith(title) and wanted in (title, f"{title} ({years[n]})")
        ],
        [n for n, known in enumerate(names) if wanted in known],
        [n for n, known in enumerate(names) if any(wanted in name for name in known)] if wanted.strip() else [],
    ):
        if len(found) == 1:
            return listed[found[0]]
        if found:
            raise NotFound(f'{len(found)} shows are meant by "{safe(text)}"', _which([listed[n] for n in found]))
    by_name = {name: show for show, known in zip(listed, names, strict=True) for name in reversed(known)}
    import difflib  # only what was not found waits for it

    near = difflib.get_close_matches(wanted, list(by_name), n=3, cutoff=0.6)
    nearest = dict.fromkeys(f'"{safe(by_name[name].title)}"' for name in near)
    hint = f"did you mean {' or '.join(nearest)}?" if nearest else "see `watchlist list`"
    raise NotFound(f'there is no show "{safe(text)}"', hint)


def _which(candidates: Sequence[Show]) -> str:
    named = [safe(f"{show.id} ({show.title}{f', {show.year}' if show.year else ''})") for show in candidates[:8]]
    more = len(candidates) - len(named)
    return "say which by its id: " + ", ".join(named) + (f" and {more} more" if more else "")
