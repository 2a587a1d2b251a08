"""Merges imported shows into a list: decides what happens to each show, and makes the edit.

Importing the same file again changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from watchlist.domain.edits import Edit, wanted_id
from watchlist.domain.field_types import Ids
from watchlist.domain.fields import FIELDS, STORED, overwrite, with_value
from watchlist.domain.frozen import Frozen, replace, same
from watchlist.domain.json_values import to_json
from watchlist.domain.matching import contradict, known_shows
from watchlist.domain.model import Season, Show, Status, Viewing
from watchlist.domain.record_fields import Records
from watchlist.domain.show_table import ShowTable, with_ids
from watchlist.domain.text import fold, unused
from watchlist.domain.watchlist import Watchlist
from watchlist.formats.format import Imported


class ImportOutcome(StrEnum):
    """What happens to an imported show."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CONFLICTING = "conflicting"  # a value differs on both sides; the user chooses which one is kept


class Outcome(NamedTuple):
    """What happens to one imported show, which becomes `show` on the list.

    `fields` are the names of the fields that are filled or replaced, `conflicts` of those with a different value on
    each side.
    """

    kind: ImportOutcome
    show: Show
    fields: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


class Plan(Frozen):
    """The outcomes of an import, and the number of skipped rows. `edit` applies it to any list, e.g. one changed since."""

    outcomes: tuple[Outcome, ...]
    skipped: int
    edit: Edit

    @property
    def counts(self) -> Mapping[str, int]:
        """The numbers of new, changed, same, conflicting and skipped shows, in this order."""
        counter = Counter(outcome.kind for outcome in self.outcomes)
        return {str(kind): counter[kind] for kind in ImportOutcome} | {"skipped": self.skipped}


def merge_imported(current: Watchlist, imported: Imported, *, theirs: bool = False) -> Plan:
    """Return the plan for merging imported shows into a list: empty fields are filled, missing shows are added.

    If a field has two different values, that of the list is kept; with `theirs`, the imported value is used. An
    imported show is found on the list by its id or by the rules of `watchlist.domain.matching`.
    """
    merged, outcomes = _merged(current.shows, imported, theirs)

    def edit(library: Watchlist) -> Watchlist:
        same = library.shows is current.shows
        return replace(library, shows=merged if same else _merged(library.shows, imported, theirs)[0])

    return Plan(outcomes, imported.skipped, edit)


def _merged(current: Sequence[Show], imported: Imported, theirs: bool) -> tuple[ShowTable, tuple[Outcome, ...]]:
    """Return (merged list, outcome of each imported show). With `theirs`, an imported value replaces a different one."""
    index = _Index(current, {show.id for show in imported.shows})
    results = list[tuple[str, ImportOutcome, tuple[str, ...], tuple[str, ...]]]()
    for position, show in enumerate(imported.shows):
        id = index.find(show)
        if id is None:
            id = index.new_id(show)
            results.append((id, ImportOutcome.NEW, (), ()))
        else:
            kind, show, fields, conflicts = _merge_shows(
                index.shows[id], show, theirs, planned=position in imported.planned
            )
            results.append((id, kind, fields, conflicts))
        index.put(id, show)
    shows = index.with_new_ids()
    return ShowTable(shows.values()), tuple([Outcome(kind, shows[id], *names) for id, kind, *names in results])


class _Index:
    """The shows of the merged list by id. Imported shows are added one by one, so that later ones can match earlier ones."""

    def __init__(self, shows: Iterable[Show], claimed: set[str]) -> None:
        self.claimed = claimed - {""}  # ids of the imported shows
        self.matcher = known_shows({show.id: show for show in shows})
        self.shows = self.matcher.shows
        self.used_ids = self.claimed | self.shows.keys()

    def put(self, id: str, show: Show) -> None:
        """Add a show under an id, or replace the show with this id."""
        self.matcher.put(id, show)
        self.used_ids.add(id)

    def find(self, show: Show) -> str | None:
        """Return the id of the show on the list that is the same as the imported `show`; None if there is none."""
        same = self.shows.get(show.id)
        if same is not None and _is_same_show(same, show):
            return show.id
        # If the id of a show is also the id of another imported row, the show belongs to that row.
        return self.matcher.find(show, lambda other: not (show.id and other in self.claimed and other != show.id))

    def new_id(self, show: Show) -> str:
        """Return an id for the new show `show`: its own, from the imported file, or a generated one if the list uses that."""
        if show.id and show.id not in self.shows:
            return show.id
        return unused(wanted_id(show, self.used_ids), self.used_ids)

    def with_new_ids(self) -> dict[str, Show]:
        """Return all shows by id. The new shows are copies that contain the id under which they were added."""
        new = [id for id, show in self.shows.items() if show.id != id]
        return self.shows | dict(zip(new, with_ids([self.shows[id] for id in new], new), strict=True))


def _years_apart(show: Show, other: Show) -> bool:
    """Return True if the years of two shows differ by more than one. One film can have two release years."""
    return show.year is not None and other.year is not None and abs(show.year - other.year) > 1


def _is_same_show(show: Show, other: Show) -> bool:
    """Return True if two shows with the same id are the same show. Lists of different people may use an id differently."""
    return not _years_apart(show, other) and (fold(show.title) == fold(other.title) or not contradict(show, other))


def _merge_shows(mine: Show, other: Show, theirs: bool, *, planned: bool) -> Outcome:
    """Return the outcome of merging `other`, an imported show, into `mine`, a show of the list.

    Empty fields of `mine` are filled. If a value differs, that of `mine` is kept or, with `theirs`, replaced. `planned`
    is True if the imported file contains the status planned for the show, and False if `other` is planned by default.
    """
    unreadable = {problem.key.split(".")[0].split("[")[0] for problem in mine.problems}
    changed, conflicts = [], []
    show = mine
    for field in STORED:
        old, new = getattr(mine, field.name), getattr(other, field.name)
        silent = new == field.type.empty and not (planned and field.name == "status")
        if field.name in ("id", "added", "aka") or silent or _is_same_value(new, old):
            continue
        if field.name == "title" and _names(mine) & _names(other):
            continue  # both shows have this name already
        if field.name in unreadable:  # the list has an invalid value, which does not count as empty
            value, conflict = (new if theirs and not _keeps_both(field.name) else old), True
        else:
            value, conflict = _merge_values(field.name, old, new, theirs)
        if conflict:
            conflicts.append(field.name)
        if not same(value, old):
            show = overwrite(show, field.name, value)
            changed.append(field.name)
    if "aka" not in unreadable and (aka := _all_names(show, mine, other)) != mine.aka:
        show = with_value(show, "aka", aka)
        changed.append("aka")
    own_values, differs = _merge_tables(mine.other, other.other, theirs)
    if differs:
        conflicts.append("other")
    if not same(own_values, mine.other):
        show = replace(show, other=own_values)
        changed.append("other")
    kind = ImportOutcome.CONFLICTING if conflicts else ImportOutcome.CHANGED if changed else ImportOutcome.SAME
    return Outcome(kind, show, tuple(changed), tuple(conflicts))


def _names(show: Show) -> set[str]:
    """Return all titles of a show, case-folded."""
    return set(map(fold, (show.title, *show.aka)))


def _all_names(show: Show, *others: Show) -> tuple[str, ...]:
    """Return the value of `aka` for `show`: its own, extended by those titles of `others` that it does not have yet."""
    folded, aka = _names(show), list(show.aka)
    for name in (name for other in others for name in (other.title, *other.aka)):
        if fold(name) not in folded:
            folded.add(fold(name))
            aka.append(name)
    return tuple(aka)


def _merge_values(name: str, old: Any, new: Any, theirs: bool) -> tuple[Any, bool]:
    """Return (merged value of the field `name`, True if there is a conflict: both values are set and differ).

    In a conflict, the value is `old` or, with `theirs`, `new`. Viewings, seasons and tables are merged item by item.
    """
    if name == "viewings":
        return _merge_viewings(old, new), False
    if name == "seasons":
        return _merge_seasons(old, new, theirs)
    if isinstance(old, Mapping):
        return _merge_tables(old, new, theirs)
    if old in (None, "", (), Status.PLANNED):
        return new, False
    return (new if theirs else old), True


def _keeps_both(name: str) -> bool:
    """Return True if merging keeps the rows or ids of both sides. An invalid value of such a field is never replaced."""
    return isinstance(FIELDS[name].type, (Records, Ids))


def _merge_tables(old: Mapping[Any, Any], new: Mapping[Any, Any], theirs: bool) -> tuple[Mapping[Any, Any], bool]:
    """Return (merged table, True if a key has different values in both).

    For such a key, the value of `old` is used or, with `theirs`, that of `new`. If merging changes nothing, the table
    is `old` itself.
    """
    added = {key: value for key, value in new.items() if key not in old}
    differing = {key: value for key, value in new.items() if key in old and not _is_same_value(value, old[key])}
    merged = {**old, **(differing if theirs else {}), **added}
    return merged if len(merged) > len(old) or (theirs and differing) else old, bool(differing)


def _is_same_value(new: Any, old: Any) -> bool:
    """Return True if an imported value equals the list's value, or the JSON form of that value, in which dates are texts."""
    return same(new, old) or same(new, _as_json(old))


def _as_json(value: Any) -> Any:
    """Return the value of an own key, or rows with own keys, as it is after export to JSON and import: dates are texts."""
    if isinstance(value, tuple):
        return tuple(row._replace(other=to_json(row.other)) if getattr(row, "other", None) else row for row in value)
    return to_json(value)


def _merge_viewings(old: tuple[Viewing, ...], new: tuple[Viewing, ...]) -> tuple[Viewing, ...]:
    """Return the viewings of both sides without duplicates. Viewings without a date come first, the others oldest first."""
    existing = (*old, *_as_json(old))
    added = tuple(viewing for viewing in new if not any(same(viewing, other) for other in existing))
    if not added:
        return old
    return tuple(sorted((*old, *added), key=lambda viewing: viewing.date.isoformat() if viewing.date else ""))


def _merge_seasons(old: tuple[Season, ...], new: tuple[Season, ...], theirs: bool) -> tuple[tuple[Season, ...], bool]:
    """Return (merged seasons, True if a value differs). Episodes watched on either side are watched.

    A value that differs is that of `old` or, with `theirs`, of `new`, the imported seasons.
    """
    rows = {season.number: season for season in old}
    if len(rows) < len(old) or len({season.number for season in new}) < len(new):  # a repeated season number
        return (new if theirs else old), True
    conflict = False
    for season in new:
        existing = rows.get(season.number)
        if existing is None:
            rows[season.number] = season
            continue
        row, differs = _merge_season(existing, season, theirs)
        rows[season.number] = row
        conflict = conflict or differs
    return tuple(rows.values()), conflict


def _merge_season(old: Season, new: Season, theirs: bool) -> tuple[Season, bool]:
    """Return (merged season, True if a value differs). Such a value is that of `old` or, with `theirs`, of `new`."""
    if old.start != new.start and _has_episode_data(new) and (old.first or _has_episode_data(old)):
        return (new if theirs else old), True  # the same numbers mean different episodes
    watched = tuple(sorted({*old.watched, *new.watched}))
    ratings, ratings_differ = _merge_tables(old.ratings, new.ratings, theirs)
    own_values, own_values_differ = _merge_tables(old.other, new.other, theirs)
    first = old.first or (new.first if not _has_episode_data(old) else None)
    values: dict[str, Any] = {"watched": watched, "ratings": ratings, "other": own_values, "first": first}
    conflict = ratings_differ or own_values_differ
    for name in ("episodes", "titles", "aired", "skipped"):
        mine, other = getattr(old, name), getattr(new, name)
        if not mine:
            values[name] = other
        elif other and other != mine:
            values[name] = other if theirs else mine
            conflict = True
    return old._replace(**values), conflict


def _has_episode_data(season: Season) -> bool:
    """Return True if a season says anything about single episodes, e.g. which were watched."""
    return bool(season.watched or season.skipped or season.ratings)
