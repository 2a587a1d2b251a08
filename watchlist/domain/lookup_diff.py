"""Compares a show of the list with the same show as a source describes it, for look-ups.

The comparison is a list of items, one for each single value that the source has: a field, an id, the title of an
episode. `differences` groups items to rows for people. Nothing that is the user's own is ever an item: title, status,
rating, tags, notes, viewings, and what was watched, skipped or rated of a season.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from watchlist.domain.field_types import FieldType, StringList, TextType, Url
from watchlist.domain.fields import FIELDS, STORED, problem_of
from watchlist.domain.model import NOTHING, Kind, Season, Show
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.domain.source_credits import credit_of
from watchlist.domain.text import counted, fold, long_date
from watchlist.domain.watch_progress import kind_of

Path = tuple[str | int, ...]  # ("year",), ("ids", "imdb"), ("seasons", 2), ("seasons", 2, "titles", 0)

NEVER: Final = frozenset({"title", "id", "status", "rating", "tags", "notes", "viewings", "added", "sources"})
FILLED: Final = tuple(field for field in STORED if field.name not in NEVER | {"ids", "seasons"})
# The values of a season that have one entry for each episode, with their labels.
EPISODE_LISTS: Final = {"titles": "Titles", "aired": "Air dates"}
SPLIT_BY_SIGN: Final = frozenset(f"seasons.{name}" for name in ("episodes", *EPISODE_LISTS))  # one row for each sign
COMPARED: Final = (
    *("title", "kind", "year", "platform", "seasons", "runtime", "creators", "genres", "cast", "premiered", "ids"),
)  # the fields that tell candidates apart


class Sign(StrEnum):
    """How the value of a source relates to the user's."""

    FILLS = "+"  # the user has none
    SAME = "="
    DIFFERS = "≠"
    REFRESHES = "~"  # it differs, and the present one was written by an earlier look-up at the same source


def sign_glyph(sign: Sign | None, style: DisplayStyle) -> str:
    """Return the symbol of a sign, one cell wide; a blank for None."""
    if sign is None:
        return " "
    return "#" if sign is Sign.DIFFERS and style.ascii else str(sign)


class Item(NamedTuple):
    """One value of a source that the user's show lacks or has differently. `mine` is the empty value of the field if none."""

    path: Path
    mine: Any
    theirs: Any
    sign: Sign


class Difference(NamedTuple):
    """A row for people: items that are taken or left together. `mine` and `theirs` are short texts; `mine` may be empty."""

    field: str  # the name of the field or of its part: `genres`, `ids.imdb`, `ids`, `seasons.titles`, `seasons.4`
    label: str
    sign: Sign
    mine: str
    theirs: str
    items: tuple[Item, ...]

    @property
    def key(self) -> str:
        """The name of the row, unique among the differences of a show: `≠seasons.titles`. Only such a row has a sign."""
        return f"{self.sign}{self.field}" if self.field in SPLIT_BY_SIGN else self.field

    @property
    def wanted(self) -> bool:
        """True if this is taken unless the user decides otherwise: nothing that the user entered is lost."""
        return self.sign in (Sign.FILLS, Sign.REFRESHES)


WasWritten = Callable[[Path, Any], bool]  # True if the value at a path was written by a look-up at the same source


def nothing_written(path: Path, value: Any) -> bool:
    """Return False: no value is known to be from an earlier look-up."""
    return False


def differences(mine: Show, theirs: Show, was_written: WasWritten = nothing_written) -> tuple[Difference, ...]:
    """Return what taking over `theirs`, the show as a source describes it, would change in `mine`, the user's show.

    Fields with an invalid value in the file are left out: a look-up never touches such a value.
    """
    rows = [
        _row_of_field(item)
        for item in _field_items(mine, theirs, was_written)
        if problem_of(mine, str(item.path[0])) is None
    ]
    if problem_of(mine, "ids") is None:
        rows += _id_rows(mine, theirs, was_written)
    if problem_of(mine, "seasons") is None:
        rows += _season_rows(mine, theirs, was_written)
    return tuple(rows)


def is_same(type: FieldType[Any], mine: Any, theirs: Any) -> bool:
    """Return True if two values mean the same to a person: order of sets, case, accents, blanks and punctuation aside."""
    return bool(mine == theirs or _plain(type, mine) == _plain(type, theirs))


def _plain(type: FieldType[Any], value: Any) -> Any:
    """Return a value in a form in which equal meanings are equal."""
    if isinstance(type, Url):
        return fold(value).removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    if isinstance(type, TextType):
        return _words(value)
    if isinstance(type, StringList):
        return frozenset(map(_words, value))
    if isinstance(type, Records) and type.pair:
        first, second = (column.attribute for column in type.columns[:2])
        return frozenset((_words(getattr(row, first)), _words(getattr(row, second))) for row in value)
    return value


def _words(text: str) -> str:
    """Return the letters and digits of a text, folded, with single blanks between words; the text if it has none."""
    plain = "".join(c if c.isalnum() else " " for c in fold(text))
    return " ".join(plain.split()) or text


def _sign(path: Path, mine: Any, empty: Any, was_written: WasWritten) -> Sign:
    """Return the sign of a value that differs from `mine`, the user's value at `path`."""
    if mine is None or mine == empty:
        return Sign.FILLS
    return Sign.REFRESHES if was_written(path, mine) else Sign.DIFFERS


def _field_items(mine: Show, theirs: Show, was_written: WasWritten) -> Iterator[Item]:
    """Yield an item for each field that is compared as a whole, has a value at the source and differs."""
    for field in FILLED:
        old, new = getattr(mine, field.name), getattr(theirs, field.name)
        if isinstance(field.type, Records):
            new = tuple(row._replace(other=NOTHING) for row in new)
        elif field.name == "aka":
            new = tuple(name for name in new if fold(name) != fold(mine.title))
        if new == field.type.empty or is_same(field.type, old, new):
            continue
        path = (field.name,)
        yield Item(path, old, new, _sign(path, old, field.type.empty, was_written))


def _row_of_field(item: Item) -> Difference:
    field = FIELDS[str(item.path[0])]
    mine, theirs = (" ".join(field.type.format(value).split()) for value in (item.mine, item.theirs))
    return Difference(field.name, field.label, item.sign, mine, theirs, (item,))


def _id_rows(mine: Show, theirs: Show, was_written: WasWritten) -> Iterator[Difference]:
    """Yield one row for all ids that the user's show lacks, then one for each id that differs."""
    items = []
    for key, id in theirs.ids.items():
        path, old = ("ids", key), mine.ids.get(key)
        if old is None or str(old) != str(id):
            items.append(Item(path, old, id, _sign(path, old, "", was_written)))
    if missing := tuple(item for item in items if item.sign is Sign.FILLS):
        has = ", ".join(f"{key} {id}" for key, id in mine.ids.items())
        yield Difference("ids", "IDs", Sign.FILLS, has, ", ".join(f"{i.path[1]} {i.theirs}" for i in missing), missing)
    for item in items:
        if item.sign is not Sign.FILLS:
            key = str(item.path[1])
            yield Difference(f"ids.{key}", id_label(key), item.sign, str(item.mine), str(item.theirs), (item,))


def id_label(key: str) -> str:
    """Return the label of an id at a service: `IMDb ID`."""
    title = credit_of(key).title
    return f"{title.capitalize() if title == key else title} ID"


# Seasons


def _season_rows(mine: Show, theirs: Show, was_written: WasWritten) -> Iterator[Difference]:
    """Yield the rows about seasons: lengths, titles and air dates of those that the user has, then the new ones.

    There are none for a film, and none if the list has a season twice.
    """
    own = {season.number: season for season in mine.seasons}
    if kind_of(mine) is Kind.FILM or len(own) < len(mine.seasons):
        return
    found = {season.number: season for season in reversed(theirs.seasons)}
    common = [(own[number], found[number]) for number in sorted(own.keys() & found.keys())]
    both = [(old, new) for old, new in common if _are_numbered_alike(old, new)]
    yield from _length_rows(both, was_written)
    for name, label in EPISODE_LISTS.items():
        yield from _episode_rows(name, label, both, was_written)
    yield from _new_seasons([found[number] for number in sorted(found.keys() - own.keys())], alone=not own)


def _are_numbered_alike(mine: Season, theirs: Season) -> bool:
    """Return True if the first episode of both seasons is the same one, so that their episodes can be compared in order.

    Numbers of which one list begins with 1 and the other counts on from the season before mean the same episodes only if
    both have as many.
    """
    same_length = mine.episodes is not None and mine.episodes == theirs.episodes
    return mine.start == theirs.start or (same_length and 1 in (mine.start, theirs.start))


def _length_rows(both: Sequence[tuple[Season, Season]], was_written: WasWritten) -> Iterator[Difference]:
    """Yield the rows about the lengths of seasons. A season that the source says to be shorter keeps its length."""
    items = []
    for old, new in both:
        path = ("seasons", old.number, "episodes")
        if new.episodes and (old.episodes is None or old.episodes < new.episodes):
            items.append(Item(path, old.episodes, new.episodes, _sign(path, old.episodes, None, was_written)))
    for sign, group in _by_sign(items):
        mine, theirs = (
            ", ".join(f"S{item.path[1]} {value}" for item in group if (value := getattr(item, side)) is not None)
            for side in ("mine", "theirs")
        )
        yield Difference("seasons.episodes", "Episodes", sign, mine, theirs, group)


def _episode_rows(
    name: str, label: str, both: Sequence[tuple[Season, Season]], was_written: WasWritten
) -> Iterator[Difference]:
    """Yield the rows about a list with one value for each episode: `titles` or `aired`."""
    items, present, total = [], 0, 0
    for old, new in both:
        values = getattr(old, name)
        present += sum(map(bool, values))
        total += max(len(values), new.episodes or 0, old.episodes or 0)
        for place, theirs in enumerate(getattr(new, name)):
            path = ("seasons", old.number, name, place)
            mine = values[place] if place < len(values) else None
            if theirs and not (mine and _words(_text(mine)) == _words(_text(theirs))):
                items.append(Item(path, mine or None, theirs, _sign(path, mine or None, None, was_written)))
    for sign, group in _by_sign(items):
        if sign is Sign.FILLS:
            mine, theirs = (
                counted(present, "episode") if present else "",
                f"{len(group)} of {counted(total, 'episode')}",
            )
        else:
            starts, more = {old.number: old.start for old, _ in both}, f" and {len(group) - 1} more" * (len(group) > 1)
            mine, theirs = (_named(group[0], side, starts) + more for side in ("mine", "theirs"))
        yield Difference(f"seasons.{name}", label, sign, mine, theirs, group)


def _named(item: Item, side: str, starts: Mapping[int, int]) -> str:
    """Return one side of an item about an episode with its code: `S01E03 Pilot`. `starts` are the first episode numbers."""
    number, place = int(item.path[1]), int(item.path[3])
    return f"S{number:02}E{starts[number] + place:02} {_text(getattr(item, side))}"


def _text(value: Any) -> str:
    """Return the title or the air date of an episode as text."""
    return value if isinstance(value, str) else str(value.isoformat())


def _new_seasons(seasons: Sequence[Season], *, alone: bool) -> Iterator[Difference]:
    """Yield the rows about seasons that the user does not have: one for each or, if there are no others, one for all."""
    items = tuple(Item(("seasons", s.number), None, _facts_of(s), Sign.FILLS) for s in seasons)
    if alone and items:
        regular = [season for season in seasons if season.number]
        episodes = sum(season.episodes or 0 for season in regular)
        parts = [counted(len(regular), "season")] * bool(regular) + [counted(episodes, "episode")] * bool(episodes)
        specials = sum((season.episodes or 0) or 1 for season in seasons if not season.number)
        parts += [counted(specials, "special")] * bool(specials)
        yield Difference("seasons", "Seasons", Sign.FILLS, "", ", ".join(parts), items)
        return
    for item in items:
        label = _season_label(item.theirs)
        yield Difference(f"seasons.{item.path[1]}", label, Sign.FILLS, "", season_text(item.theirs), (item,))


def season_text(season: Season) -> str:
    """Return the length and the first air date of a season: `8 episodes, from 15 February 2026`."""
    length = counted(season.episodes, "episode") if season.episodes is not None else "length unknown"
    first = next((day for day in season.aired if day is not None), None)
    return f"{length}, from {long_date(first)}" if first is not None else length


def _facts_of(season: Season) -> Season:
    """Return a season of a source with nothing but facts: no watched, skipped or rated episodes, and no other keys."""
    return season._replace(watched=(), skipped=(), ratings=NOTHING, other=NOTHING)


def _by_sign(items: Iterable[Item]) -> list[tuple[Sign, tuple[Item, ...]]]:
    """Return the items grouped by sign, in the order of `Sign`."""
    groups: dict[Sign, list[Item]] = {}
    for item in items:
        groups.setdefault(item.sign, []).append(item)
    return [(sign, tuple(groups[sign])) for sign in Sign if sign in groups]


# Whole texts


def whole_texts(show: Show, row: Difference) -> tuple[str, str]:
    """Return both sides of a row uncut, with one line for each item. `show` is the user's show."""
    starts = {season.number: season.start for season in show.seasons}
    mine, theirs = (
        "\n".join(_whole(item, side, starts) for item in row.items if getattr(item, side) is not None)
        for side in ("mine", "theirs")
    )
    return mine, theirs


def _whole(item: Item, side: str, starts: Mapping[int, int]) -> str:
    """Return one side of an item, a value that is not None, as text."""
    path, value = item.path, getattr(item, side)
    if len(path) == 1:
        return FIELDS[str(path[0])].type.format(value)
    if path[0] == "ids":
        return f"{path[1]} {value}"
    if len(path) == 2:
        return f"{_season_label(value)}: {season_text(value)}"
    return _named(item, side, starts) if len(path) == 4 else f"S{path[1]} {value}"


def _season_label(season: Season) -> str:
    return f"Season {season.number}" if season.number else "Specials"


# Candidates


class Fact(NamedTuple):
    """A field of a candidate beside the user's: its value as a short text, and how it compares; None without a value."""

    name: str
    label: str
    mine: str
    theirs: str
    sign: Sign | None


def facts(mine: Show, theirs: Show) -> tuple[Fact, ...]:
    """Return the fields that tell candidates apart, for the user's show and a candidate."""
    rows = [_fact(name, mine, theirs) for name in COMPARED if name != "ids"]
    keys = [key for key in ("imdb", *theirs.ids) if key in theirs.ids or key in mine.ids]
    for key in dict.fromkeys(keys):
        old, new = (str(show.ids.get(key, "")) for show in (mine, theirs))
        rows.append(Fact(f"ids.{key}", id_label(key), old, new, _fact_sign(old, new, same=old == new)))
    return tuple(rows)


def _fact(name: str, mine: Show, theirs: Show) -> Fact:
    field = FIELDS[name]
    if name == "seasons":
        old, new = (_seasons_text(show) for show in (mine, theirs))
        return Fact(name, "Episodes", old, new, _fact_sign(old, new, same=old == new))
    values = getattr(mine, name), getattr(theirs, name)
    if name == "cast":
        old, new = (", ".join(row.actor for row in cast) for cast in values)
        same = bool({_words(row.actor) for row in values[0]} & {_words(row.actor) for row in values[1]})
    else:
        old, new = (field.type.format(value) for value in values)
        same = is_same(field.type, *values)
    return Fact(name, field.label, old, new, _fact_sign(old, new, same=same))


def _fact_sign(mine: str, theirs: str, *, same: bool) -> Sign | None:
    if not theirs:
        return None
    return Sign.FILLS if not mine else Sign.SAME if same else Sign.DIFFERS


def _seasons_text(show: Show) -> str:
    """Return the number of seasons and episodes of a show, without specials: `4 seasons, 28 ep`; empty without seasons."""
    seasons = [season for season in show.seasons if season.number]
    episodes = sum(season.episodes or 0 for season in seasons)
    return ", ".join([counted(len(seasons), "season")] * bool(seasons) + [f"{episodes} ep"] * bool(episodes))
