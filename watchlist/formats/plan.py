"""What an import would do to a list, and the edit that does it. Run again on what it made, it changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from watchlist.edits import Edit, wanted_id
from watchlist.fields import STORED, with_value
from watchlist.formats.format import Imported
from watchlist.model import Season, Show, Shows, Status, Viewing, Watchlist, with_ids
from watchlist.text import fold, unused
from watchlist.values import Value, replace

Key = tuple[str, str]  # where an id is from and the id; an empty text and a title


class Kind(StrEnum):
    """What becomes of one imported show."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CONFLICTING = "conflicting"  # something differs on both sides; what is done about it is asked for


class Outcome(NamedTuple):
    """One imported show: `show` is as it will be, `fields` is what is filled or replaced, `conflicts` what differs."""

    kind: Kind
    show: Show
    fields: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


class Plan(Value):
    """`edit` carries it out, on whatever list is then the freshest."""

    outcomes: tuple[Outcome, ...]
    skipped: int
    edit: Edit

    @property
    def counts(self) -> Mapping[str, int]:
        """How many shows are new, changed, same, conflicting and skipped, in this order."""
        found = Counter(outcome.kind for outcome in self.outcomes)
        return {str(kind): found[kind] for kind in Kind} | {"skipped": self.skipped}


def merge_imported(current: Watchlist, imported: Imported, *, theirs: bool = False) -> Plan:
    """Bring shows into a list: fill what is empty, add what is not there. Where both sides say something else, what is on
    the list stays; with `theirs` it is replaced.

    A show is on the list already where the id is the same, or an id elsewhere, or title and year.
    """
    shows = imported.shows
    merged, outcomes = _merged(current.shows, shows, theirs)

    def edit(library: Watchlist) -> Watchlist:
        same = library.shows is current.shows
        return replace(library, shows=merged if same else _merged(library.shows, shows, theirs)[0])

    return Plan(outcomes, imported.skipped, edit)


def _merged(current: Sequence[Show], imported: Sequence[Show], theirs: bool) -> tuple[Shows, tuple[Outcome, ...]]:
    index = _Index(current, {show.id for show in imported})
    found = list[tuple[str, Kind, tuple[str, ...], tuple[str, ...]]]()
    for show in imported:
        keys = _keys(show)
        id = index.find(show, keys)
        if id is None:
            id = index.new_id(show)
            found.append((id, Kind.NEW, (), ()))
        else:
            kind, show, fields, conflicts = _joined(index.shows[id], show, theirs)
            found.append((id, kind, fields, conflicts))
            keys = _keys(show)
        index.put(id, show, keys)
    shows = index.named()
    return Shows(shows.values()), tuple([Outcome(kind, shows[id], *names) for id, kind, *names in found])


class _Index:
    """The list while it grows, with every way to find a show on it: 10,000 rows are matched without 10,000 searches."""

    def __init__(self, shows: Iterable[Show], claimed: set[str]) -> None:
        self.shows: dict[str, Show] = {}  # by the ids they are to have
        self.claimed = claimed - {""}  # ids that rows of the import have themselves
        self.taken = set(self.claimed)
        self.known: dict[Key, list[str]] = {}  # from titles and ids elsewhere to ids here
        for show in shows:
            self.put(show.id, show, _keys(show))

    def put(self, id: str, show: Show, new: set[Key]) -> None:
        """A show with all that it is found by, in place of the one that has its id."""
        before = self.shows.get(id)
        self.shows[id] = show
        self.taken.add(id)
        if before is show:
            return
        old = _keys(before) if before else ()
        for key in new:
            if key not in old:
                self.known.setdefault(key, []).append(id)
        for key in old:
            if key not in new:
                self.known[key].remove(id)

    def find(self, show: Show, keys: set[Key]) -> str | None:
        """The id of the show on the list that an imported one, found by these keys, most likely is."""
        same = self.shows.get(show.id)
        if same is not None and _still(same, show):
            return show.id
        if self.known.keys().isdisjoint(keys):
            return None
        by_id = self._all(sorted(_elsewhere(show)), show)
        titled = [id for id in self._all(_titles(show), show) if _same_year(self.shows[id], show)]

        def unlike(id: str) -> tuple[bool, bool]:
            other = self.shows[id]
            return fold(other.title) != fold(show.title), other.year != show.year

        return next(iter((*by_id, *sorted(titled, key=unlike))), None)

    def _all(self, keys: Iterable[Key], show: Show) -> list[str]:
        return [id for key in keys for id in self.known.get(key, ()) if self._free(id, show)]

    def _free(self, id: str, show: Show) -> bool:
        """Whether a row can be this show; not where another row of the import has its id, as two namesakes have."""
        return not (show.id and id in self.claimed and id != show.id) and not _others(self.shows[id], show)

    def new_id(self, show: Show) -> str:
        """An id that is free for a new show; its own where it is."""
        if show.id and show.id not in self.shows:
            return show.id
        return unused(wanted_id(show, self.taken), self.taken)

    def named(self) -> dict[str, Show]:
        """All shows, and the new ones with their ids."""
        new = [id for id, show in self.shows.items() if show.id != id]
        return self.shows | dict(zip(new, with_ids([self.shows[id] for id in new], new), strict=True))


def _keys(show: Show) -> set[Key]:
    """All that a show is found by."""
    return {*_titles(show), *_elsewhere(show)}


def _titles(show: Show) -> list[Key]:
    return [("", fold(title)) for title in (show.title, *show.aka)]


def _elsewhere(show: Show) -> list[Key]:
    return [(key, str(id)) for key, id in show.ids.items()]


def _others(one: Show, other: Show) -> bool:
    """Whether two shows can't be the same."""
    return _contradict(one, other) or _years_apart(one, other)


def _contradict(one: Show, other: Show) -> bool:
    return any(str(other.ids[key]) != str(id) for key, id in one.ids.items() if key in other.ids)


def _years_apart(one: Show, other: Show) -> bool:
    """More than one: a film can come out in two."""
    return one.year is not None and other.year is not None and abs(one.year - other.year) > 1


def _still(one: Show, other: Show) -> bool:
    """Whether two shows with one id are one, and not another list's of the same name."""
    return not _years_apart(one, other) and (fold(one.title) == fold(other.title) or not _contradict(one, other))


def _same_year(one: Show, other: Show) -> bool:
    return one.year == other.year or one.year is None or other.year is None


def _joined(mine: Show, other: Show, theirs: bool) -> Outcome:
    """`mine` with what `other` has more of, or with `theirs` has differently."""
    wrong = {problem.key.split(".")[0].split("[")[0] for problem in mine.problems}
    changed, conflicts = [], []
    show = mine
    for field in STORED:
        old, new = getattr(mine, field.name), getattr(other, field.name)
        if field.name in ("id", "added", "aka") or new == field.type.empty or old == new:
            continue
        if field.name == "title" and _names(mine) & _names(other):
            continue  # both know it by this name, so it is no news
        if field.name in wrong:  # the file holds something here that can't be read, but is not nothing
            value, conflict = (new if theirs else old), True
        else:
            value, conflict = _joined_value(field.name, old, new, theirs)
        if conflict:
            conflicts.append(field.name)
        if value != old:
            show = with_value(show, field.name, value)
            changed.append(field.name)
    if "aka" not in wrong and (aka := _all_names(show, mine, other)) != mine.aka:
        show = with_value(show, "aka", aka)
        changed.append("aka")
    own, differs = _joined_table(mine.other, other.other, theirs)
    if differs:
        conflicts.append("other")
    if own != mine.other:
        show = replace(show, other=own)
        changed.append("other")
    kind = Kind.CONFLICTING if conflicts else Kind.CHANGED if changed else Kind.SAME
    return Outcome(kind, show, tuple(changed), tuple(conflicts))


def _names(show: Show) -> set[str]:
    return set(map(fold, (show.title, *show.aka)))


def _all_names(show: Show, *others: Show) -> tuple[str, ...]:
    """What else a show is called, on either side: it is found by all its names the next time."""
    known, aka = _names(show), list(show.aka)
    for name in (name for other in others for name in (other.title, *other.aka)):
        if fold(name) not in known:
            known.add(fold(name))
            aka.append(name)
    return tuple(aka)


def _joined_value(name: str, old: Any, new: Any, theirs: bool) -> tuple[Any, bool]:
    """The value of a field, and whether the two sides differed in more than that one had nothing to say."""
    if name == "viewings":
        return _joined_viewings(old, new), False
    if name == "seasons":
        return _joined_seasons(old, new, theirs)
    if isinstance(old, Mapping):
        return _joined_table(old, new, theirs)
    if old in (None, "", (), Status.PLANNED):
        return new, False
    return (new if theirs else old), True


def _joined_table(old: Mapping[Any, Any], new: Mapping[Any, Any], theirs: bool) -> tuple[Mapping[Any, Any], bool]:
    differs = any(old[key] != value for key, value in new.items() if key in old)
    return ({**old, **new} if theirs else {**new, **old}) if not new.items() <= old.items() else old, differs


def _joined_viewings(old: tuple[Viewing, ...], new: tuple[Viewing, ...]) -> tuple[Viewing, ...]:
    """All viewings of both, oldest first; the same one is not counted twice."""
    more = tuple(viewing for viewing in new if viewing not in old)
    if not more:
        return old
    return tuple(sorted((*old, *more), key=lambda viewing: viewing.date.isoformat() if viewing.date else ""))


def _joined_seasons(old: tuple[Season, ...], new: tuple[Season, ...], theirs: bool) -> tuple[tuple[Season, ...], bool]:
    """Season by season; episodes watched on either side are watched."""
    rows = {season.number: season for season in old}
    if len(rows) < len(old) or len({season.number for season in new}) < len(new):  # a number that is there twice
        return (new if theirs else old), True
    conflict = False
    for season in new:
        known = rows.get(season.number)
        if known is None:
            rows[season.number] = season
            continue
        row, differs = _joined_season(known, season, theirs)
        rows[season.number] = row
        conflict = conflict or differs
    return tuple(rows.values()), conflict


def _joined_season(old: Season, new: Season, theirs: bool) -> tuple[Season, bool]:
    watched = tuple(sorted({*old.watched, *new.watched}))
    ratings, ratings_differ = _joined_table(old.ratings, new.ratings, theirs)
    own, own_differs = _joined_table(old.other, new.other, theirs)
    values: dict[str, Any] = {"watched": watched, "ratings": ratings, "other": own}
    conflict = ratings_differ or own_differs
    for name in ("episodes", "titles", "skipped"):
        mine, other = getattr(old, name), getattr(new, name)
        if not mine:
            values[name] = other
        elif other and other != mine:
            values[name] = other if theirs else mine
            conflict = True
    return old._replace(**values), conflict
