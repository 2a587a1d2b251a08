"""Applies what a look-up found to shows, and makes the digests that tell later what it wrote.

An item is only applied if the show still has the value with which it was compared, so that nothing is overwritten that
the user has changed meanwhile.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from watchlist.domain.edits import Edit
from watchlist.domain.fields import FIELDS, with_value
from watchlist.domain.frozen import Frozen, same
from watchlist.domain.json_values import to_json
from watchlist.domain.lookup_diff import EPISODE_LISTS, Item, Path
from watchlist.domain.model import Season, Show
from watchlist.domain.per_show_edits import each
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound
from watchlist.sanitize import safe

DIGEST_CHARS: Final = 6  # of a digest: 36 bits, enough to tell a user's value from a written one


class Taken(Frozen):
    """What the user takes over from a source for one show: the items, the name of the source, and today's date."""

    id: str
    source: str
    day: date
    items: tuple[Item, ...]

    def apply(self, show: Show) -> Show:
        """Return the show with all items applied whose values have not changed since. Without any, return it unchanged."""
        changed = show
        for item in self.items:
            changed = _with_item(changed, item)
        if changed is show:
            return show
        return with_value(changed, "sources", {**changed.sources, self.source: self.day})


def take(choices: Sequence[Taken]) -> Edit:
    """Return the edit that applies choices to their shows. Shows that were removed meanwhile are left out.

    Raises:
        NotFound: When the edit runs, if all of the shows were removed.
    """
    by_id = {choice.id: choice for choice in choices}

    def edit(library: Watchlist) -> Watchlist:
        present = [id for id in by_id if id in library.shows.places]
        if not present:
            raise NotFound(f'"{safe(next(iter(by_id), ""))}" is no longer on the list', "it was removed elsewhere")
        return each(present, lambda show: by_id[show.id].apply(show))(library)

    return edit


def value_at(show: Show, path: Path) -> Any:
    """Return the value of a show at a path; None for an id, a season or an episode's value that it does not have."""
    name = str(path[0])
    if len(path) == 1:
        return getattr(show, name)
    if name == "ids":
        return show.ids.get(str(path[1]))
    season = next((season for season in show.seasons if season.number == path[1]), None)
    if season is None or len(path) == 2:
        return season
    value = getattr(season, str(path[2]))
    if len(path) == 3:
        return value
    place = int(path[3])
    return (value[place] if place < len(value) else None) or None


def _with_item(show: Show, item: Item) -> Show:
    """Return the show with an item applied; the show itself if its value is no longer the one that was compared."""
    path = item.path
    if not same(value_at(show, path), item.mine):
        return show
    name = str(path[0])
    if len(path) == 1:
        return with_value(show, name, item.theirs)
    if name == "ids":
        return with_value(show, name, {**show.ids, str(path[1]): item.theirs})
    if len(path) == 2:
        return with_value(show, name, _sorted_in(show.seasons, item.theirs))
    numbers = [season.number for season in show.seasons]
    if numbers.count(int(path[1])) != 1:
        return show
    seasons = [_with_value_in(s, item) if s.number == path[1] else s for s in show.seasons]
    return with_value(show, name, tuple(seasons))


def _sorted_in(seasons: Sequence[Season], new: Season) -> tuple[Season, ...]:
    """Return `seasons` with a new one before the first of those with a higher number that follow all lower ones."""
    place = next((i for i in range(len(seasons), 0, -1) if seasons[i - 1].number < new.number), 0)
    return (*seasons[:place], new, *seasons[place:])


def _with_value_in(season: Season, item: Item) -> Season:
    """Return a season with the value of an item: its length, or the value of one episode."""
    name = str(item.path[2])
    if len(item.path) == 3:
        return season._replace(**{name: item.theirs})
    place, values = int(item.path[3]), list[Any](getattr(season, name))
    values += ["" if name == "titles" else None] * (place + 1 - len(values))
    values[place] = item.theirs
    changed: dict[str, Any] = {name: tuple(values)}
    return season._replace(**changed)


# What look-ups wrote


class Written(Frozen):
    """Digests of the values of one show that look-ups at one source wrote, by path as text.

    The values of the episodes of a season have one text: DIGEST_CHARS characters for each episode.
    """

    digests: Mapping[str, str] = {}

    def holds(self, path: Path, value: Any) -> bool:
        """Return True if `value` is what a look-up wrote at this path."""
        return self._digest_at(path) == digest(path, value)

    def _digest_at(self, path: Path) -> str:
        if len(path) < 4:
            return self.digests.get(_key(path), "")
        start = int(path[3]) * DIGEST_CHARS
        return self.digests.get(_key(path[:3]), "")[start : start + DIGEST_CHARS]

    def with_items(self, items: Iterable[Item]) -> Written:
        """Return the digests after these items were written."""
        digests = dict(self.digests)
        for path, value in _single_values(items):
            if len(path) < 4:
                digests[_key(path)] = digest(path, value)
            else:
                key, start = _key(path[:3]), int(path[3]) * DIGEST_CHARS
                text = digests.get(key, "").ljust(start, "-")
                digests[key] = text[:start] + digest(path, value) + text[start + DIGEST_CHARS :]
        return Written(digests)


def written_items(taken: Taken, before: Show, after: Show) -> list[Item]:
    """Return the items of a choice that an edit has applied to a show. The show is given before and after the edit."""
    return [
        item
        for item in taken.items
        if same(value_at(before, item.path), item.mine) and same(value_at(after, item.path), item.theirs)
    ]


def _single_values(items: Iterable[Item]) -> Iterator[tuple[Path, Any]]:
    """Yield (path, value) of each item. A new season is split into its length and the values of its episodes."""
    for item in items:
        if len(item.path) != 2 or item.path[0] != "seasons":
            yield item.path, item.theirs
            continue
        season: Season = item.theirs
        if season.episodes is not None:
            yield (*item.path, "episodes"), season.episodes
        for name in EPISODE_LISTS:
            for place, value in enumerate(getattr(season, name)):
                if value:
                    yield (*item.path, name, place), value


def _key(path: Path) -> str:
    return ".".join(map(str, path))


def digest(path: Path, value: Any) -> str:
    """Return the digest of a value at a path: DIGEST_CHARS letters, digits, `-` or `_`."""
    plain = to_json(FIELDS[str(path[0])].type.write(value) if len(path) == 1 else value)
    text = json.dumps(plain, ensure_ascii=True, sort_keys=True)
    raw = hashlib.blake2b(text.encode("ascii"), digest_size=9).digest()
    return base64.urlsafe_b64encode(raw)[:DIGEST_CHARS].decode("ascii")
