"""Changes, as functions from one list to the next. Pure: they run again, unasked, on whatever list is the freshest."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date
from functools import reduce
from typing import Any, NamedTuple

from watchlist import watching
from watchlist.errors import NotFound, Refused, UsageError, did_you_mean
from watchlist.fields import FIELDS, changed_fields, problem_of, with_value
from watchlist.fieldtypes import Ids
from watchlist.model import Kind, Show, Shows, Status, Viewing, Watchlist
from watchlist.ratings import STARS, Style, show_rating
from watchlist.safe import safe
from watchlist.text import counted, fold, slug, unused
from watchlist.values import Value, replace
from watchlist.watching import Episode

Edit = Callable[[Watchlist], Watchlist]


class Delta(NamedTuple):
    """What happened to one show: added (`before` is None), removed (`after` is None) or changed."""

    before: Show | None
    after: Show | None

    @property
    def show(self) -> Show:
        """The show as it is now, or as it was before it was removed."""
        show = self.after or self.before
        assert show is not None
        return show

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ; all own keys together are `other`."""
        if self.before is None or self.after is None:
            return ()
        names = changed_fields(self.before, self.after)
        return (*names, "other") if self.before.other != self.after.other else names


class Assignment(Value):
    """`name=value`, `name+=value` or `name-=value`, the value parsed."""

    name: str
    sign: str  # "=", "+=" or "-="
    value: Any

    @classmethod
    def parse(cls, text: str, style: Style = STARS) -> Assignment:
        """UsageError for an unknown field, a field that can't be set, or a value that it does not take."""
        match = re.match(r"([\w.-]*?)(\+=|-=|=)", text)
        if match is None:
            raise UsageError(f'"{safe(text)}" is not FIELD=VALUE', "as in year=1995, tags+=noir or rating=")
        return cls.of(match[1], match[2], text[match.end() :], style)

    @classmethod
    def of(cls, name: str, sign: str, text: str, style: Style = STARS) -> Assignment:
        field = FIELDS.get(name)
        if field is None:
            raise UsageError(f'there is no field "{name}"', did_you_mean(name, FIELDS) or "see `watchlist fields`")
        if field.derived or name == "id":
            raise UsageError(f"{name} can't be set: {field.hint}")
        if sign != "=" and not field.type.multiple:
            raise UsageError(f"{name} holds one value, so {sign} does not work with it", f"use {name}=VALUE")
        try:
            return cls(name, sign, field.type.parse(text, style))
        except ValueError as error:
            raise UsageError(f"{name}: {safe(str(error))}") from error

    def apply(self, show: Show) -> Show:
        """The show with this assignment carried out."""
        value, old, type = self.value, getattr(show, self.name), FIELDS[self.name].type
        if self.sign == "=":
            return with_value(show, self.name, value)
        if problem := problem_of(show, self.name):  # what the file holds can't be added to, and must not be lost
            said = f"{self.name} of {safe(show.title)} is wrong in the file: {safe(problem.message)}"
            raise Refused(said, f"mend it in the editor, or replace it with {self.name}=VALUE")
        if isinstance(type, Ids):
            left = {key: id for key, id in old.items() if value.get(key) != id}
            value = left if self.sign == "-=" else {**old, **value}
        elif self.sign == "+=":
            value = (*old, *(item for item in value if item not in old))
        else:
            value = tuple(item for item in old if not any(type.means(typed, item) for typed in value))
        return with_value(show, self.name, value)


def each(ids: Iterable[str], change: Callable[[Show], Show]) -> Edit:
    """`change`, for the shows with these ids. NotFound where one of them is gone."""
    wanted = tuple(dict.fromkeys(ids))

    def edit(library: Watchlist) -> Watchlist:
        places = [_place_of(id, library) for id in wanted]
        return replace(library, shows=library.shows.changed({at: change(library.shows[at]) for at in places}))

    return edit


def _place_of(id: str, library: Watchlist) -> int:
    at = library.shows.places.get(id)
    if at is None:
        raise NotFound(f'there is no show "{safe(id)}" any more', "it was removed elsewhere")
    return at


def assign(ids: Iterable[str], assignments: Iterable[Assignment]) -> Edit:
    """Set fields of these shows."""
    steps = tuple(assignments)

    def change(show: Show) -> Show:
        for step in steps:
            show = step.apply(show)
        return show

    return each(ids, change)


def update(id: str, values: Mapping[str, Any]) -> Edit:
    """Set these fields of one show: what a form saves."""
    return assign([id], [Assignment(name, "=", value) for name, value in values.items()])


def rate(ids: Iterable[str], stars: float | None, *, auto_status: bool = True) -> Edit:
    """Rate; with `auto_status` a film that was planned or begun is watched from then on."""

    def change(show: Show) -> Show:
        moves = auto_status and stars is not None and show.kind is Kind.FILM
        if moves and show.status in (Status.PLANNED, Status.WATCHING):
            show = with_value(show, "status", Status.WATCHED)
        return with_value(show, "rating", float(stars) if stars is not None else None)

    return each(ids, change)


def set_status(ids: Iterable[str], status: Status) -> Edit:
    return each(ids, lambda show: with_value(show, "status", status))


def tag(ids: Iterable[str], add: Iterable[str] = (), drop: Iterable[str] = ()) -> Edit:
    """Add and take away tags; case and accents are ignored in what is taken away."""
    added, dropped = tuple(add), tuple(drop)
    return assign(ids, [Assignment("tags", "-=", dropped), Assignment("tags", "+=", added)])


def watch(
    ids: Iterable[str],
    viewing: Viewing,
    episodes: Iterable[Episode] | None = None,
    *,
    through: Episode | None = None,
    auto_status: bool = True,
) -> Edit:
    """Log a viewing: of these episodes, of all that is left up to one, or of what comes next; see `watching.watch`."""
    named = tuple(episodes) if episodes is not None else None

    def change(show: Show) -> Show:
        some = watching.up_to(show, through) if through is not None else named
        return watching.watch(show, viewing, some) if some != () else show

    return _watched(ids, change, auto_status)


def take_back(ids: Iterable[str], episodes: Iterable[Episode] | None = None, *, auto_status: bool = True) -> Edit:
    """Take back the last time that these episodes were watched; else the last of all, or the last viewing of a film."""
    if episodes is None:
        return _watched(ids, watching.take_back, auto_status)
    return _of_each(ids, episodes, watching.unwatch, auto_status)


def set_watched(id: str, episode: Episode, viewing: Viewing | None, *, auto_status: bool = True) -> Edit:
    """One episode watched in this viewing, unless it was meanwhile; with None, its last time taken back."""

    def change(show: Show) -> Show:
        if viewing is None:
            return watching.unwatch(show, episode)
        return show if episode in set(watching.watched(show)) else watching.watch(show, viewing, [episode])

    return _watched([id], change, auto_status)


def skip(
    ids: Iterable[str], episodes: Iterable[Episode] | None = None, *, skipped: bool = True, auto_status: bool = True
) -> Edit:
    """Leave these episodes out on purpose, or no longer; where none is named, the next one."""

    def change(show: Show, episode: Episode) -> Show:
        return watching.skip(show, episode, skipped=skipped)

    if episodes is None:
        return _watched(ids, lambda show: change(show, watching.to_skip(show)), auto_status)
    return _of_each(ids, episodes, change, auto_status)


def rate_episodes(ids: Iterable[str], episodes: Iterable[Episode], stars: float | None) -> Edit:
    """Rate these episodes; None takes their ratings away. The show's own rating stays what it is."""
    return _of_each(ids, episodes, lambda show, episode: watching.rate_episode(show, episode, stars), False)


def _of_each(
    ids: Iterable[str], episodes: Iterable[Episode], change: Callable[[Show, Episode], Show], auto_status: bool
) -> Edit:
    named = tuple(episodes)
    return _watched(ids, lambda show: reduce(change, named, show), auto_status)


def _watched(ids: Iterable[str], change: Callable[[Show], Show], auto_status: bool) -> Edit:
    """A change of what was watched, and with `auto_status` of the status that follows from it."""

    def edit(show: Show) -> Show:
        after = change(show)
        return watching.with_status(show, after) if auto_status else after

    return each(ids, edit)


def add(show: Show) -> Edit:
    """Add a show; its id is made from its title, with the year where the title alone is taken."""

    def edit(library: Watchlist) -> Watchlist:
        added = replace(show, id=new_id(show, library.shows.places.keys()))
        return replace(library, shows=Shows((*library.shows, added)))

    return edit


def remove(ids: Iterable[str]) -> Edit:
    """Take shows off the list. NotFound where one of them is gone already."""
    gone = set(ids)

    def edit(library: Watchlist) -> Watchlist:
        places = {_place_of(id, library) for id in gone}
        return replace(library, shows=Shows(show for at, show in enumerate(library.shows) if at not in places))

    return edit


def new_id(show: Show, taken: Iterable[str]) -> str:
    """An id that no other show has: `heat`, `heat-1995`, `heat-1995-2`."""
    known = set(taken)
    return unused(wanted_id(show, known), known)


def wanted_id(show: Show, taken: Container[str]) -> str:
    """The id that a show would have: made from its title, with the year where the title alone is taken."""
    wanted = slug(show.title)
    return f"{wanted}-{show.year}" if wanted in taken and show.year is not None else wanted


def split_title(text: str) -> tuple[str, int | None]:
    """`Heat (1995)` as `("Heat", 1995)`."""
    text = " ".join(text.split())
    match = re.fullmatch(r"(.+?)\s*\((\d{4})\)", text, re.ASCII)
    if match and 1870 <= int(match[2]) <= 2200:
        return match[1], int(match[2])
    return text, None


def new_show(title: str, values: Mapping[str, Any], *, today: date) -> Show:
    """A show to add: the year split off its title where `values` has none, `added` today."""
    name, year = split_title(title)
    return Show(**({"id": "", "title": name, "year": year, "added": today} | dict(values)))


def duplicate_of(show: Show, library: Watchlist) -> Show | None:
    """The show on the list that this one most likely is: a shared id elsewhere, or the same title and year."""
    shared = {(key, str(id)) for key, id in show.ids.items()}
    titles = {fold(title) for title in (show.title, *show.aka)}
    for other in library.shows:
        if other.id == show.id:
            continue
        if shared & {(key, str(id)) for key, id in other.ids.items()}:
            return other
        same_year = show.year == other.year or show.year is None or other.year is None
        if same_year and fold(other.title) in titles:
            return other
    return None


def deltas(before: Watchlist, after: Watchlist) -> tuple[Delta, ...]:
    """What differs between two lists, show by show, in the order of the later list; removed shows come last."""
    if len(before.shows) == len(after.shows):
        pairs = [(a, b) for a, b in zip(before.shows, after.shows, strict=True) if a is not b]
        if all(a.id == b.id for a, b in pairs):
            return tuple(Delta(a, b) for a, b in pairs if a != b)
    old = {show.id: show for show in before.shows}
    new = {show.id: show for show in after.shows}
    both = [(old.get(id), show) for id, show in new.items()]
    found = [Delta(was, show) for was, show in both if was is None or (was is not show and was != show)]
    return (*found, *(Delta(show, None) for id, show in old.items() if id not in new))


def describe(changes: tuple[Delta, ...], style: Style = STARS) -> str:
    """One line in the user's terms: `Rated Ballard 4.5, was 4`, `Changed status of 2 shows`. Fit for a terminal."""
    if not changes:
        return "Nothing changed"
    if len(changes) > 1:
        return _describe_many(changes)
    (delta,) = changes
    title = safe(delta.show.title)
    if delta.before is None:
        return f"Added {title}"
    if delta.after is None:
        return f"Removed {title}"
    before, after, names = delta.before, delta.after, delta.fields
    if set(names) <= {"rating", "status"} and "rating" in names:
        was = show_rating(before.rating, style) or "not rated"
        said = (
            f"Rated {title} {show_rating(after.rating, style)}" if after.rating else f"Took the rating of {title} away"
        )
        return f"{said}, was {was}" + (f"; {after.status} now" if "status" in names else "")
    if set(names) <= {"seasons", "viewings", "status"} and (said := watching.told(before, after)):
        return said + (f"; {after.status} now" if "status" in names else "")
    if names == ("seasons",) and (said := _rated_episode(before, after, style)):
        return said
    if names == ("status",):
        return f"{title} is {after.status} now, was {before.status}"
    if names == ("tags",):
        marks = [f"+{safe(t)}" for t in after.tags if t not in before.tags]
        marks += [f"-{safe(t)}" for t in before.tags if t not in after.tags]
        return f"Tagged {title} {' '.join(marks)}".rstrip()
    labels = [FIELDS[name].label.lower() if name in FIELDS else "own keys" for name in names]
    return f"Changed {_and(labels)} of {title}"


def _rated_episode(before: Show, after: Show, style: Style) -> str:
    """Where episodes have another rating: which, and of one what it was."""
    was, now = (
        {Episode(season.number, number): stars for season in show.seasons for number, stars in season.ratings.items()}
        for show in (before, after)
    )
    changed = [episode for episode in was.keys() | now.keys() if was.get(episode) != now.get(episode)]
    if len(given := {now.get(episode) for episode in changed}) != 1:
        return ""
    named, rating = f"{watching.format_episodes(changed)} of {safe(after.title)}", show_rating(given.pop(), style)
    said = f"Rated {named} {rating}" if rating else f"Took the rating of {named} away"
    return said + (f", was {show_rating(was.get(changed[0]), style) or 'not rated'}" if len(changed) == 1 else "")


def _describe_many(changes: tuple[Delta, ...]) -> str:
    parts = []
    for verb, some in (
        ("added", [d for d in changes if d.before is None]),
        ("removed", [d for d in changes if d.after is None]),
        ("changed", [d for d in changes if d.before is not None and d.after is not None]),
    ):
        if some:
            names = {name for delta in some for name in delta.fields}
            what = f"{FIELDS[names.pop()].label.lower()} of " if len(names) == 1 and names <= FIELDS.keys() else ""
            parts.append(f"{verb} {what}{counted(len(some), 'show')}")
    return _and(parts).capitalize()


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nothing"
