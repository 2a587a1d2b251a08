"""Merge of imported shows into a list: the outcome for each show, and the edit that applies it.

Repeating it changes nothing.
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
    """The kind of outcome for one imported show."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CONFLICTING = "conflicting"  # a value differs on both sides; the user chooses which one is kept


class Outcome(NamedTuple):
    """The outcome for one imported show.

    `show` is the merged show, `fields` names what was filled or replaced, `conflicts` what differs on both sides.
    """

    kind: ImportOutcome
    show: Show
    fields: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


class Plan(Frozen):
    """The outcomes of an import. `edit` applies it to any list, which may have changed since the plan was made."""

    outcomes: tuple[Outcome, ...]
    skipped: int
    edit: Edit

    @property
    def counts(self) -> Mapping[str, int]:
        """Numbers of new, changed, same, conflicting and skipped shows, in this order."""
        counter = Counter(outcome.kind for outcome in self.outcomes)
        return {str(kind): counter[kind] for kind in ImportOutcome} | {"skipped": self.skipped}


def merge_imported(current: Watchlist, imported: Imported, *, theirs: bool = False) -> Plan:
    """Plan the merge of imported shows into a list: empty fields are filled, missing shows are added.

    If a field differs on both sides, the list's value is kept or, with `theirs`, replaced. A show is on the list
    already if its id is, or by the rules of `watchlist.domain.matching`.
    """
    merged, outcomes = _merged(current.shows, imported, theirs)

    def edit(library: Watchlist) -> Watchlist:
        same = library.shows is current.shows
        return replace(library, shows=merged if same else _merged(library.shows, imported, theirs)[0])

    return Plan(outcomes, imported.skipped, edit)


def _merged(current: Sequence[Show], imported: Imported, theirs: bool) -> tuple[ShowTable, tuple[Outcome, ...]]:
    """Return the merged shows, and an outcome for each imported show."""
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
    """The list while it grows, by ids; new shows are found by later rows of the import."""

    def __init__(self, shows: Iterable[Show], claimed: set[str]) -> None:
        self.claimed = claimed - {""}  # ids of the imported shows
        self.matcher = known_shows({show.id: show for show in shows})
        self.shows = self.matcher.shows
        self.used_ids = self.claimed | self.shows.keys()

    def put(self, id: str, show: Show) -> None:
        """Add or replace the show of an id."""
        self.matcher.put(id, show)
        self.used_ids.add(id)

    def find(self, show: Show) -> str | None:
        """Return the id of the show that an imported one most likely is; None if it is new."""
        same = self.shows.get(show.id)
        if same is not None and _is_same_show(same, show):
            return show.id
        # A show whose id another imported row has is that row's show, e.g. one of two namesakes.
        return self.matcher.find(show, lambda other: not (show.id and other in self.claimed and other != show.id))

    def new_id(self, show: Show) -> str:
        """Return an unused id for a new show, its own if possible."""
        if show.id and show.id not in self.shows:
            return show.id
        return unused(wanted_id(show, self.used_ids), self.used_ids)

    def with_new_ids(self) -> dict[str, Show]:
        """Return all shows by id, with the new ones having their ids."""
        new = [id for id, show in self.shows.items() if show.id != id]
        return self.shows | dict(zip(new, with_ids([self.shows[id] for id in new], new), strict=True))


def _years_apart(show: Show, other: Show) -> bool:
    """Return whether two shows differ by more than one year: a film can have two years of release."""
    return show.year is not None and other.year is not None and abs(show.year - other.year) > 1


def _is_same_show(show: Show, other: Show) -> bool:
    """Return whether two shows with the same id are the same show, and not namesakes of two lists."""
    return not _years_apart(show, other) and (fold(show.title) == fold(other.title) or not contradict(show, other))


def _merge_shows(mine: Show, other: Show, theirs: bool, *, planned: bool) -> Outcome:
    """Return `mine` with the values that `other` adds or, with `theirs`, has instead.

    `planned` says that the imported file gives the status as planned.
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
        if field.name in unreadable:  # the list holds a value that can't be read, which is not an empty one
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
    """Return the folded titles of a show."""
    return set(map(fold, (show.title, *show.aka)))


def _all_names(show: Show, *others: Show) -> tuple[str, ...]:
    """Return the other titles of a show with the names of `others` added, by which later imports find it."""
    folded, aka = _names(show), list(show.aka)
    for name in (name for other in others for name in (other.title, *other.aka)):
        if fold(name) not in folded:
            folded.add(fold(name))
            aka.append(name)
    return tuple(aka)


def _merge_values(name: str, old: Any, new: Any, theirs: bool) -> tuple[Any, bool]:
    """Return the merged value of a field, and whether both sides had different values."""
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
    """Return whether a field keeps rows or ids of both sides; an unreadable value of such a field is never replaced."""
    return isinstance(FIELDS[name].type, (Records, Ids))


def _merge_tables(old: Mapping[Any, Any], new: Mapping[Any, Any], theirs: bool) -> tuple[Mapping[Any, Any], bool]:
    """Return the merged table, `old` itself if nothing changes, and whether a key has different values."""
    added = {key: value for key, value in new.items() if key not in old}
    differing = {key: value for key, value in new.items() if key in old and not _is_same_value(value, old[key])}
    merged = {**old, **(differing if theirs else {}), **added}
    return merged if len(merged) > len(old) or (theirs and differing) else old, bool(differing)


def _is_same_value(new: Any, old: Any) -> bool:
    """Return whether an imported value equals the list's, or equals what JSON, which has no dates, writes for it."""
    return same(new, old) or same(new, _as_json(old))


def _as_json(value: Any) -> Any:
    """Return a value of the user's own, or rows with such values, as an export to JSON and its import would."""
    if isinstance(value, tuple):
        return tuple(row._replace(other=to_json(row.other)) if getattr(row, "other", None) else row for row in value)
    return to_json(value)


def _merge_viewings(old: tuple[Viewing, ...], new: tuple[Viewing, ...]) -> tuple[Viewing, ...]:
    """Return the viewings of both sides without duplicates, oldest first; undated ones come before them."""
    existing = (*old, *_as_json(old))
    added = tuple(viewing for viewing in new if not any(same(viewing, other) for other in existing))
    if not added:
        return old
    return tuple(sorted((*old, *added), key=lambda viewing: viewing.date.isoformat() if viewing.date else ""))


def _merge_seasons(old: tuple[Season, ...], new: tuple[Season, ...], theirs: bool) -> tuple[tuple[Season, ...], bool]:
    """Return the merged seasons and whether they conflict. An episode watched on either side is watched."""
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
    """Return the merged season and whether both sides conflict."""
    if old.start != new.start and _has_episode_data(new) and (old.first or _has_episode_data(old)):
        return (new if theirs else old), True  # the same numbers stand for different episodes
    watched = tuple(sorted({*old.watched, *new.watched}))
    ratings, ratings_differ = _merge_tables(old.ratings, new.ratings, theirs)
    own_values, own_values_differ = _merge_tables(old.other, new.other, theirs)
    first = old.first or (new.first if not _has_episode_data(old) else None)
    values: dict[str, Any] = {"watched": watched, "ratings": ratings, "other": own_values, "first": first}
    conflict = ratings_differ or own_values_differ
    for name in ("episodes", "titles", "skipped"):
        mine, other = getattr(old, name), getattr(new, name)
        if not mine:
            values[name] = other
        elif other and other != mine:
            values[name] = other if theirs else mine
            conflict = True
    return old._replace(**values), conflict


def _has_episode_data(season: Season) -> bool:
    """Return whether a season has data by episode number."""
    return bool(season.watched or season.skipped or season.ratings)
