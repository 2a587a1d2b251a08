"""The one show that somebody means by an id or by a part of a title."""

from __future__ import annotations

from collections.abc import Sequence

from watchlist.errors import NotFound
from watchlist.model import Show
from watchlist.query.columns import flat
from watchlist.safe import safe


def find(shows: Sequence[Show], text: str) -> Show:
    """The show with this id, else this title or `Title (year)`, else the only one with it in its title or another title.

    Case and accents are ignored. NotFound names the nearest titles (3 at most), or the candidates with their ids (8 at
    most) where there are several.
    """
    if by_id := next((show for show in shows if show.id == text), None):
        return by_id
    wanted = flat(text)
    titles = [(show, [flat(title) for title in (show.title, *show.aka)]) for show in shows]
    for candidates in (
        [show for show, names in titles if wanted in (names[0], f"{names[0]} ({show.year})")],
        [show for show, names in titles if wanted in names],
        [show for show, names in titles if any(wanted in name for name in names)] if wanted.strip() else [],
    ):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            raise NotFound(f'{len(candidates)} shows are meant by "{safe(text)}"', _which(candidates))
    by_name = {name: show for show, names in titles for name in reversed(names)}
    import difflib  # only what was not found waits for it

    near = difflib.get_close_matches(wanted, list(by_name), n=3, cutoff=0.6)
    nearest = dict.fromkeys(f'"{safe(by_name[name].title)}"' for name in near)
    hint = f"did you mean {' or '.join(nearest)}?" if nearest else "see `watchlist list`"
    raise NotFound(f'there is no show "{safe(text)}"', hint)


def _which(candidates: Sequence[Show]) -> str:
    named = [safe(f"{show.id} ({show.title}{f', {show.year}' if show.year else ''})") for show in candidates[:8]]
    more = len(candidates) - len(named)
    return "say which by its id: " + ", ".join(named) + (f" and {more} more" if more else "")
