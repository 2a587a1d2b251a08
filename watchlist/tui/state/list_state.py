"""ListState: the immutable state of the list on the screen: shows, view, filter, order, groups and marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from watchlist.domain.fields import FIELDS
from watchlist.domain.frozen import Frozen, replace
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_table import ShowSelection
from watchlist.domain.watchlist import ALL_SHOWS, STATUS_VIEWS, View, Watchlist
from watchlist.errors import UsageError
from watchlist.query import Query, own_keys, parse
from watchlist.query.columns import COLUMNS
from watchlist.query.compiler import QueryContext
from watchlist.query.query import Sort, ordered
from watchlist.tui.state.groups import GROUPS, Groups, Heading


class Tab(Frozen):
    """A view in the top line, with the number of its shows. `wrong` is the error in its query, or empty."""

    name: str
    query: Query
    count: int
    wrong: str = ""


class KnownValues(Mapping[str, Sequence[str]]):
    """The values in use in a list by field name, up to 500 for a field, most frequent first. They are counted on demand."""

    def __init__(self, library: Watchlist) -> None:
        self._library = library
        self._counted: dict[str, Sequence[str]] = {}

    def __getitem__(self, name: str) -> Sequence[str]:
        if name not in _WITH_VALUES:
            raise KeyError(name)
        if name not in self._counted:
            field = _WITH_VALUES[name]
            column = self._library.shows.column(name, field.get)
            counts = Counter(text for value in column for text in field.type.texts(value) if text)
            self._counted[name] = [text for text, _ in counts.most_common(500)]
        return self._counted[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_WITH_VALUES)

    def __len__(self) -> int:
        return len(_WITH_VALUES)


# The fields whose values complete what is typed.
_WITH_VALUES = {
    field.name: field
    for field in FIELDS.values()
    if field.group and field.type.name in ("text", "list") and not field.type.long and field.name != "title"
}
# Cached properties that depend on the library alone.
_OF_THE_LIST = ("own_keys", "tabs", "known")


class ListState(Frozen):
    """A list of shows, and how it is displayed: view, filter, order, groups and marks.

    `text` is the text in the filter line; `query` contains only those of its terms that are in effect.
    """

    __slots__ = ("__dict__",)  # for the cached properties
    library: Watchlist
    today: date
    style: DisplayStyle = STARS
    view: int = 0
    text: str = ""
    query: Query = Query()
    sort: tuple[Sort, ...] = ()
    group: str = ""  # a name of GROUPS; empty if the list is not grouped
    sorted_here: bool = False  # `sort` was chosen after the view and the filter, so it precedes their orders
    wrong: str = ""  # the error in `text`, once the user has finished typing
    hint: str = ""  # a hint about the unfinished term of `text`, during typing
    services: frozenset[str] | None = None  # names of services subscribed today; None if the config lists none
    articles: tuple[str, ...] = ()  # words that sorting skips at the beginning of a title
    marked: frozenset[str] = frozenset()  # ids of shows

    def _with(self, **changes: Any) -> ListState:
        """Return a copy with these changes. Cached properties are kept unless the values they depend on have changed."""
        other = replace(self, **changes)
        if other.library is self.library:
            kept = {name: self.__dict__[name] for name in (*_OF_THE_LIST, "unfiltered") if name in self.__dict__}
            other.__dict__.update(kept)
            if (other.view, other.sorts, other.group) != (self.view, self.sorts, self.group):
                other.__dict__.pop("unfiltered", None)
            if other.group == self.group and "groups" in self.__dict__:
                other.__dict__["groups"] = self.groups
        return other

    @cached_property
    def own_keys(self) -> frozenset[str]:
        """The names of the own keys used in the list."""
        return frozenset(own_keys(self.library.shows))

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:
        """The views in order: the view of all shows, one view for each status, and the saved views."""
        counts = Counter(self.library.shows.column("status", COLUMNS["status"]))
        built_in = [Tab(ALL_SHOWS.name, Query(), len(self.library.shows))]
        built_in += [
            Tab(view.name, parse(view.query, today=self.today), counts[status]) for status, view in STATUS_VIEWS.items()
        ]
        return (*built_in, *map(self._saved, self.library.views))

    @cached_property
    def known(self) -> Mapping[str, Sequence[str]]:
        """Completion candidates by field name: up to 500 values in use, most frequent first."""
        return KnownValues(self.library)

    def _saved(self, view: View) -> Tab:
        try:
            query = self._parsed(view.query)
        except UsageError as error:
            return Tab(view.name, Query(), 0, error.message)
        return Tab(view.name, query, len(query.rows(self.library.shows)))

    @cached_property
    def unfiltered(self) -> Sequence[int]:
        """Row numbers of all shows in the view, sorted and grouped, as if the filter were empty. An invalid view has none."""
        tab, shows = self.tabs[self.view], self.library.shows
        found = () if tab.wrong else ordered(shows, tab.query.rows(shows), self.sorts, self.articles)
        return found if self.groups is None else self.groups.grouped(found)

    @cached_property
    def groups(self) -> Groups | None:
        """The grouping of the shows; None if the list is not grouped."""
        return Groups(self.library.shows, self.group) if self.group else None

    @cached_property
    def _places(self) -> Sequence[int]:
        return self.query.rows(self.library.shows, self.unfiltered)

    @cached_property
    def rows(self) -> ShowSelection:
        """The shows in the view that match the filter, in display order."""
        return ShowSelection(self.library.shows, self._places)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings of the groups; empty if the list is not grouped."""
        return () if self.groups is None else tuple(self.groups.headings(self._places))

    @property
    def tab(self) -> Tab:
        """The current view."""
        return self.tabs[self.view]

    @property
    def arrangement(self) -> tuple[object, ...]:
        """A value that changes when the user chooses another view, filter, order or grouping."""
        return self.view, self.text, self.sort, self.group

    @property
    def marked_shows(self) -> tuple[Show, ...]:
        """The marked shows, in the order of the list."""
        return tuple(show for show in self.library.shows if show.id in self.marked) if self.marked else ()

    @property
    def marked_and_shown(self) -> int:
        """The number of listed shows that are marked."""
        return sum(show.id in self.marked for show in self.rows) if self.marked else 0

    @property
    def toggled_marks(self) -> frozenset[str]:
        """The ids to mark after "mark all": all listed shows are added or, if all of them are marked already, removed."""
        ids = frozenset(show.id for show in self.rows)
        return self.marked - ids if ids <= self.marked else self.marked | ids

    def show_of(self, id: str) -> Show | None:
        """Return the show with this id; None if the list has no such show."""
        at = self.library.shows.places.get(id)
        return None if at is None else self.library.shows[at]

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The sort orders, most important first: those of the filter, of the view, and `sort`.

        If the user chose `sort` after the view and the filter (`sorted_here`), it is the most important.
        """
        asked = (*self.query.sorts, *self.tabs[self.view].query.sorts)
        return (*self.sort, *asked) if self.sorted_here else (*asked, *self.sort)

    @property
    def shown_sort(self) -> Sort | None:
        """The most important sort order; None if the list is unsorted."""
        return next(iter(self.sorts), None)

    def with_library(self, library: Watchlist) -> ListState:
        """Return the state for a newer list. Removed shows lose their marks. If the view is gone, all shows are shown."""
        marked = self.marked & library.shows.places.keys() if self.marked else self.marked
        fresh = self._with(library=library, marked=marked)
        return fresh if self.view < len(fresh.tabs) else fresh._with(view=0)

    def with_text(self, text: str, *, typing: bool = False) -> ListState:
        """Return the state with `text` as filter.

        If `typing` is True or `text` has an error, only its complete terms are in effect; otherwise, all are. `wrong` of
        the result is the error; while typing, `hint` describes the incomplete term instead.
        """
        wrong = hint = ""
        try:
            query = None if typing else self._parsed(text)
        except UsageError as error:
            wrong, query = f"{error.message}; {error.hint}" if error.hint else error.message, None
        if query is None:
            from watchlist.query.partial_query import parse_partial  # only needed once the user types

            language = QueryContext(self.own_keys, self.style, self.today, self.services)
            query, hint = parse_partial(text, language, self._finds)
        here = self.sorted_here and query.sorts == self.query.sorts
        return self._with(text=text, query=query, wrong=wrong, hint="" if wrong else hint, sorted_here=here)

    def _parsed(self, text: str) -> Query:
        return parse(text, own_keys=self.own_keys, style=self.style, today=self.today, services=self.services)

    def _finds(self, query: Query) -> bool:
        """Return True if a query matches at least one show in the view."""
        return bool(query.rows(self.library.shows, self.unfiltered))

    def with_sort(self, name: str) -> ListState:
        """Return the state sorted by the field `name`. If the list is sorted by that field already, the order is reversed."""
        chosen = FIELDS[name]
        now = self.shown_sort
        down = now[1] if now is not None and now[0] == chosen else None
        first = name in ("rating", "added", "year", "premiered", "watched")  # the best and the latest shows come first
        return self._with(sort=((chosen, (not down) if down is not None else first),), sorted_here=True)

    def with_marked(self, ids: frozenset[str]) -> ListState:
        """Return the state in which exactly the shows with these ids are marked."""
        return self._with(marked=ids)

    def with_group(self, name: str) -> ListState:
        """Return the state grouped by the field `name`. A field that is not in GROUPS ends the grouping."""
        return self._with(group=name if name in GROUPS else "")

    def with_view(self, view: int) -> ListState:
        """Return the state with the view at this index (from 0); unchanged if there is no such view."""
        return self._with(view=view, sorted_here=False) if 0 <= view < len(self.tabs) else self

    def showing(self, id: str) -> ListState:
        """Return a state in which the show `id` is listed: this state if possible.

        Otherwise, the filter is cleared. If that is not enough, the view of all shows is selected.
        """
        if self.rows.place_of(id) is not None:
            return self
        unfiltered = self._with(text="", query=Query(), wrong="", hint="")
        return unfiltered if unfiltered.rows.place_of(id) is not None else unfiltered._with(view=0)
