"""Edits: functions that take a list and return a changed list.

They are pure: the store may call them again with a newer list. They raise errors for invalid values and missing shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from watchlist.domain import episode_lookup, watch_edits
from watchlist.domain.dates import FIRST_YEAR, LAST_YEAR
from watchlist.domain.episodes import Episode, Name, named
from watchlist.domain.fields import FIELDS, changed_fields, check_readable, overwrite, with_value
from watchlist.domain.frozen import Frozen, replace, same
from watchlist.domain.matching import find_same, known_shows
from watchlist.domain.model import NOTHING, Kind, Season, Show, Status, Viewing
from watchlist.domain.per_show_edits import PerShowEdit, each, place_of
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.season_edits import assigned
from watchlist.domain.season_lengths import as_stored
from watchlist.domain.show_table import ShowTable
from watchlist.domain.text import slug, unused
from watchlist.domain.watch_progress import kind_of, watched
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import Refused, UsageError, did_you_mean
from watchlist.sanitize import safe, shell_word

if TYPE_CHECKING:
    from watchlist.domain.own_keys import OwnAssignment

Edit = Callable[[Watchlist], Watchlist]


class Delta(NamedTuple):
    """A changed show: added if `before` is None, removed if `after` is None, else modified."""

    before: Show | None
    after: Show | None

    @property
    def show(self) -> Show:
        """The show after the change or, if it was removed, before the change."""
        show = self.after or self.before
        assert show is not None
        return show

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ, `other` for the user's own keys; empty if the show was added or removed."""
        if self.before is None or self.after is None:
            return ()
        names = changed_fields(self.before, self.after)
        return names if same(self.before.other, self.after.other) else (*names, "other")


class Assignment(Frozen):
    """A parsed `name=value`, `name+=value` or `name-=value`."""

    name: str
    sign: str  # "=", "+=" or "-="
    value: Any

    @classmethod
    def parse(cls, text: str, style: DisplayStyle = STARS) -> Assignment | OwnAssignment:
        """Parse `FIELD=VALUE` or `own:KEY=VALUE` (a key of the user). Ratings are on the scale of `style`.

        Raises:
            UsageError: The field is unknown or can't be set, or the value is invalid.
        """
        if text.startswith("own:"):
            from watchlist.domain.own_keys import OwnAssignment  # saves loading tomllib and tomli_w

            return OwnAssignment.parse(text)
        match = re.match(r"([\w.-]*?)(\+=|-=|=)", text)
        if match is None:
            raise UsageError(f'"{safe(text)}" is not FIELD=VALUE', "e.g. year=1995, tags+=noir or rating=")
        return cls.of(match[1], match[2], text[match.end() :], style)

    @classmethod
    def of(cls, name: str, sign: str, text: str, style: DisplayStyle = STARS) -> Assignment:
        """Return the assignment of the typed value `text` to the field `name`. Raise UsageError if one of them is invalid."""
        field = FIELDS.get(name)
        if field is None:
            hint = did_you_mean(name, FIELDS) or f"see `watchlist fields`; own:{name}=VALUE is a key of your own"
            raise UsageError(f'there is no field "{name}"', hint)
        if field.derived or name == "id":
            raise UsageError(f"{name} can't be set: {field.hint}")
        if sign != "=" and not field.type.multiple:
            raise UsageError(f"{name} holds one value, so {sign} does not work with it", f"use {name}=VALUE")
        try:
            return cls(name, sign, field.type.parse(text, style))
        except ValueError as error:
            raise UsageError(f"{name}: {safe(str(error))}") from error

    def apply(self, show: Show) -> Show:
        """Return the changed show.

        Raises WrongValue if the old value is needed but invalid in the file, Refused if items or lengths can't be set.
        """
        if self.sign == "=":
            return assigned(show, self.name, self.value)
        check_readable(show, self.name)  # the old value is needed to add to it
        type = FIELDS[self.name].type
        change = type.with_items if self.sign == "+=" else type.without_items
        try:
            return with_value(show, self.name, change(getattr(show, self.name), self.value))
        except ValueError as error:
            raise Refused(f"{self.name} of {safe(show.title)}: {safe(str(error))}") from error


def assign(ids: Iterable[str], assignments: Iterable[Assignment | OwnAssignment]) -> PerShowEdit:
    """Return the edit that applies these assignments to the shows with these ids."""
    steps = tuple(assignments)

    def change(show: Show) -> Show:
        for step in steps:
            show = step.apply(show)
        return show

    return each(ids, change)


def update(id: str, values: Mapping[str, Any]) -> PerShowEdit:
    """Return the edit that sets several fields of one show. `values` are the new values by field name."""
    return assign([id], [Assignment(name, "=", value) for name, value in values.items()])


def rate(ids: Iterable[str], stars: float | None, *, auto_status: bool = True, replacing: bool = True) -> PerShowEdit:
    """Return the edit that gives shows a rating in stars; with None for `stars`, it removes their rating.

    If `auto_status` is True, a rated film that is planned or being watched becomes watched. A rating that is invalid in
    the file is replaced or, if `replacing` is False, raises WrongValue.
    """
    set_field = overwrite if replacing else with_value

    def change(show: Show) -> Show:
        moves = auto_status and stars is not None and show.kind is Kind.FILM
        if moves and show.status in (Status.PLANNED, Status.WATCHING):
            show = with_value(show, "status", Status.WATCHED)
        return set_field(show, "rating", float(stars) if stars is not None else None)

    return each(ids, change)


def set_status(ids: Iterable[str], status: Status, *, replacing: bool = True) -> PerShowEdit:
    """Return the edit that sets the status of shows.

    A status that is invalid in the file is replaced or, if `replacing` is False, raises WrongValue.
    """
    set_field = overwrite if replacing else with_value
    return each(ids, lambda show: set_field(show, "status", status))


def tag(ids: Iterable[str], add: Iterable[str] = (), drop: Iterable[str] = ()) -> PerShowEdit:
    """Return the edit that adds the tags `add` and removes the tags `drop` before. Case and accents are ignored."""
    return assign(ids, [Assignment("tags", "-=", tuple(drop)), Assignment("tags", "+=", tuple(add))])


def set_kind(ids: Iterable[str], kind: Kind, seasons: Sequence[Season] = ()) -> PerShowEdit:
    """Return the edit that sets the kind of shows, and `seasons` of series without any. Another kind raises Refused."""
    return each(ids, lambda show: watch_edits.with_kind(show, kind, seasons))


def watch(
    ids: Iterable[str],
    viewing: Viewing,
    episodes: Iterable[Name] | None = None,
    *,
    through: Name | None = None,
    auto_status: bool = True,
    sure: bool = False,
) -> PerShowEdit:
    """Return the edit that logs a viewing of shows or episodes and, if `auto_status`, updates the status of the shows.

    Args:
        viewing: The date, rating, people and so on of the viewing.
        episodes: The watched episodes, or the numbers of seasons; None for the next episode, or the whole film.
        through: If not None, log all unwatched episodes up to this episode or season instead.
        sure: If True, accept episodes that the show does not list.

    Raises:
        Refused: When the edit runs, if the show does not list these episodes and `sure` is False.
    """
    names = tuple(episodes) if episodes is not None else None

    def change(show: Show) -> Show:
        if through is not None:
            last = episode_lookup.last_named(show, through)
            show = _admitted(show, (last,), sure)
            unwatched = watch_edits.up_to(show, last)
            return watch_edits.watch(show, viewing, unwatched) if unwatched else show
        if names is None:
            return watch_edits.watch(show, viewing)
        chosen = episode_lookup.to_watch(show, names)
        return watch_edits.watch(_admitted(show, chosen, sure), viewing, chosen) if chosen else show

    return _watch_change(ids, change, auto_status)


def _admitted(show: Show, episodes: Sequence[Episode], sure: bool) -> Show:
    """Return the show; if `sure` is True, its seasons are extended to include these episodes.

    Raises:
        Refused: The show can't have these episodes, or does not list them and `sure` is False.
    """
    if show.kind is Kind.FILM:
        return show
    edit_hint = f"`watchlist edit {shell_word(show.id)}` changes the seasons"
    if (season := episode_lookup.too_early(show, episodes)) is not None:
        raise Refused(episode_lookup.too_far(show, season), edit_hint)
    if sure:
        return watch_edits.with_room(show, episodes)
    if message := episode_lookup.unlisted(show, episodes):
        raise Refused(message, f"--yes logs it anyway; {edit_hint}")
    return show


def undo_watch(ids: Iterable[str], episodes: Iterable[Name] | None = None, *, auto_status: bool = True) -> PerShowEdit:
    """Return the edit that removes the most recent viewing of each of `episodes`; None means the last logged episode.

    For a film, it removes the last viewing. If `auto_status` is True, it also updates the status.
    """
    if episodes is None:
        return _watch_change(ids, watch_edits.undo_watch, auto_status)
    names = tuple(episodes)

    def change(show: Show) -> Show:
        return watch_edits.unwatch(show, *(episode for episode in watched(show) if named(names, episode)))

    return _watch_change(ids, change, auto_status)


def set_watched(id: str, episode: Episode, viewing: Viewing | None, *, auto_status: bool = True) -> PerShowEdit:
    """Return the edit that logs `viewing` for one episode, unless the episode has been watched already.

    If `viewing` is None, it removes the most recent viewing of the episode. If `auto_status`, it updates the status.
    """

    def change(show: Show) -> Show:
        if viewing is None:
            return watch_edits.unwatch(show, episode)
        return show if episode in set(watched(show)) else watch_edits.watch(show, viewing, [episode])

    return _watch_change([id], change, auto_status)


def skip(
    ids: Iterable[str],
    episodes: Iterable[Name] | None = None,
    *,
    skipped: bool = True,
    auto_status: bool = True,
    sure: bool = False,
) -> PerShowEdit:
    """Return the edit that marks `episodes` (None: the next one) as skipped. If `skipped` is False, it unmarks them.

    Episodes that the show does not list raise Refused unless `sure` is True. If `auto_status`, it updates the status.
    """
    names = tuple(episodes) if episodes is not None else None

    def change(show: Show) -> Show:
        if names is None:
            return watch_edits.skip(show, watch_edits.to_skip(show), skipped=skipped)
        if skipped:
            seen = set(watched(show))
            chosen = episode_lookup.named_episodes(show, names, lambda episode: episode not in seen)
            show = _admitted(show, chosen, sure)
        else:
            chosen = tuple(episode for episode in watch_edits.skipped_episodes(show) if named(names, episode))
        return reduce(lambda changed, episode: watch_edits.skip(changed, episode, skipped=skipped), chosen, show)

    return _watch_change(ids, change, auto_status)


def rate_episodes(
    ids: Iterable[str], episodes: Iterable[Name], stars: float | None, *, sure: bool = False
) -> PerShowEdit:
    """Return the edit that rates episodes in stars, or removes their ratings if `stars` is None. Their show keeps its rating.

    Episodes that the show does not list raise Refused unless `sure` is True.
    """
    names = tuple(episodes)

    def change(show: Show) -> Show:
        check_readable(show, "seasons")
        chosen = episode_lookup.named_episodes(show, names, lambda episode: True)
        show = _admitted(show, chosen, sure)
        return reduce(lambda changed, episode: watch_edits.rate_episode(changed, episode, stars), chosen, show)

    return each(ids, change)


def _watch_change(ids: Iterable[str], change: Callable[[Show], Show], auto_status: bool) -> PerShowEdit:
    """Return the edit that applies `change` to what was watched of each show and, if `auto_status`, updates its status.

    Raises:
        WrongValue: When the edit runs, if the seasons, viewings or kind of a show are invalid in the file.
    """

    def edit(show: Show) -> Show:
        for name in ("viewings",) if show.kind is Kind.FILM else ("seasons", "viewings"):
            check_readable(show, name)
        if kind_of(show) is None:
            check_readable(show, "kind")
        after = change(show)
        return watch_edits.with_status(show, after) if auto_status else after

    return each(ids, edit)


def add(show: Show) -> Edit:
    """Return the edit that adds a show and gives it an unused id."""

    def edit(library: Watchlist) -> Watchlist:
        added = replace(show, id=new_id(show, library.shows.places.keys()))
        return replace(library, shows=ShowTable((*library.shows, added)))

    return edit


def add_new(shows: Sequence[Show]) -> Edit:
    """Return the edit that adds those of `shows` that match no show on the list by the rules of the module `matching`."""

    def edit(library: Watchlist) -> Watchlist:
        taken = set(library.shows.places)
        added = []
        for show in without_duplicates(shows, library):
            added.append(replace(show, id=unused(wanted_id(show, taken), taken)))
            taken.add(added[-1].id)
        return replace(library, shows=ShowTable((*library.shows, *added)))

    return edit


def remove(ids: Iterable[str]) -> Edit:
    """Return the edit that removes shows.

    Raises:
        NotFound: When the edit runs, if one of the shows is no longer on the list.
    """
    removed = set(ids)

    def edit(library: Watchlist) -> Watchlist:
        places = {place_of(id, library) for id in removed}
        return replace(
            library, shows=ShowTable(show for index, show in enumerate(library.shows) if index not in places)
        )

    return edit


def new_id(show: Show, taken: Iterable[str]) -> str:
    """Return an id for `show` that is not in `taken`: `heat`, `heat-1995` or `heat-1995-2`."""
    taken_ids = set(taken)
    return unused(wanted_id(show, taken_ids), taken_ids)


def wanted_id(show: Show, taken: Container[str]) -> str:
    """Return the preferred id of a show: `heat`, or `heat-1995` if `taken` contains `heat` and the year is known."""
    wanted = slug(show.title)
    return f"{wanted}-{show.year}" if wanted in taken and show.year is not None else wanted


def split_title(text: str) -> tuple[str, int | None]:
    """Split `Heat (1995)` into `("Heat", 1995)`. The year is None if the text does not end in a year in parentheses."""
    text = " ".join(text.split())
    match = re.fullmatch(r"(.+?)\s*\((\d{4})\)", text, re.ASCII)
    if match and FIRST_YEAR <= int(match[2]) <= LAST_YEAR:
        return match[1], int(match[2])
    return text, None


def new_show(title: str, values: Mapping[str, Any], *, today: date) -> Show:
    """Return a show to add, without an id, and with `added` set to `today`.

    A year in parentheses is split off the title. `values` (by field name) override title, year and `added`.
    """
    name, year = split_title(title)
    stored = {field: as_stored(value) for field, value in values.items()}
    return Show(**({"id": "", "title": name, "year": year, "added": today} | stored))


def duplicate_of(show: Show, library: Watchlist) -> Show | None:
    """Return the show on the list that is most likely the same as `show`; None if no show on the list matches."""
    return find_same(show, library.shows)


def without_duplicates(shows: Iterable[Show], library: Watchlist) -> list[Show]:
    """Return those of `shows` that are neither on the list yet nor repeat an earlier one of `shows`."""
    index = known_shows({show.id: show for show in library.shows})
    new: list[Show] = []
    for show in shows:
        if index.find(show) is None:
            index.put(f"\0{len(new)}", show)  # a placeholder for the missing id; no real id contains NUL
            new.append(show)
    return new


def deltas(before: Watchlist, after: Watchlist, renamed: Mapping[str, str] = NOTHING) -> tuple[Delta, ...]:
    """Return the added, changed and removed shows between two lists. Removed shows come last, the others in list order.

    `renamed` maps old ids to new ids, for shows whose id was changed.
    """
    if not renamed and len(before.shows) == len(after.shows):
        pairs = [(a, b) for a, b in zip(before.shows, after.shows, strict=True) if a is not b]
        if all(a.id == b.id for a, b in pairs):
            return tuple(Delta(a, b) for a, b in pairs if a != b)
    new_ids = set(renamed.values())
    old = {renamed.get(show.id, show.id): show for show in before.shows if show.id in renamed or show.id not in new_ids}
    new = {show.id: show for show in after.shows}
    pairs_by_id = [(old.get(id), show) for id, show in new.items()]
    changed = [Delta(was, show) for was, show in pairs_by_id if was is None or (was is not show and was != show)]
    removed = (show for show in before.shows if show.id not in renamed and (show.id in new_ids or show.id not in new))
    return (*changed, *(Delta(show, None) for show in removed))
