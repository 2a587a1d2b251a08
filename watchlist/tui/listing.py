"""What the list shows: a view, a filter and an order over the library. Pure values; the screen only draws them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from watchlist.errors import UsageError
from watchlist.fields import BY_NAME, FIELDS
from watchlist.model import Chosen, Status, View, Watchlist
from watchlist.query import Query, own_keys, parse
from watchlist.query.columns import COLUMNS
from watchlist.query.query import Sort, ordered
from watchlist.ratings import STARS, Style
from watchlist.tui.grouping import GROUPS, Groups, Heading
from watchlist.values import Value, replace


class Tab(Value):
    """One view on the top line. `wrong` says why a saved query can't be used."""

    name: str
    query: Query
    count: int
    wrong: str = ""


_OF_THE_LIST = ("own_keys", "tabs", "known")


class Listing(Value):
    """A list and how it is looked at. `text` is what stands in the filter line; a wrong one leaves `query` as it was."""

    __slots__ = ("__dict__",)  # what is worked out once
    library: Watchlist
    today: date
    style: Style = STARS
    view: int = 0
    text: str = ""
    query: Query = Query()
    sort: tuple[Sort, ...] = ()
    group: str = ""  # a name of GROUPS, or none
    sorted_here: bool = False  # the order was chosen in this view and with this filter, so it counts more than theirs
    wrong: str = ""
    services: frozenset[str] | None = None  # those that run today; None where the config names none

    def _with(self, **changes: Any) -> Listing:
        """Another look; what was worked out of the list alone is still good where that stays the same."""
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
        return frozenset(own_keys(self.library.shows))

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:
        """All, a view for each status, and the saved ones."""
        counts = Counter(self.library.shows.column("status", COLUMNS["status"]))
        built_in = [Tab("All", Query(), len(self.library.shows))]
        built_in += [Tab(s.capitalize(), parse(f"status:{s}", today=self.today), counts[s]) for s in Status]
        return (*built_in, *map(self._saved, self.library.views))

    @cached_property
    def known(self) -> Mapping[str, Sequence[str]]:
        """For each short field of text, what the list holds already, the most frequent first: for completing."""
        found = {}
        for row in FIELDS.values():
            if row.form and row.type.name in ("text", "list") and not row.type.long and row.name != "title":
                column = self.library.shows.column(row.name, row.get)
                counts = Counter(text for value in column for text in row.type.texts(value) if text)
                found[row.name] = [text for text, _ in counts.most_common(500)]
        return found

    def _saved(self, view: View) -> Tab:
        try:
            query = parse(
                view.query, own_keys=self.own_keys, style=self.style, today=self.today, services=self.services
            )
        except UsageError as error:
            return Tab(view.name, Query(), 0, error.message)
        return Tab(view.name, query, len(query.rows(self.library.shows)))

    @cached_property
    def unfiltered(self) -> Sequence[int]:
        """Where the shows of the view stand, in the order in which they are shown; none of a view whose query is wrong."""
        tab, shows = self.tabs[self.view], self.library.shows
        found = () if tab.wrong else ordered(shows, tab.query.rows(shows), self.sorts)
        return found if self.groups is None else self.groups.grouped(found)

    @cached_property
    def groups(self) -> Groups | None:
        """What the shows are grouped by."""
        return Groups(self.library.shows, self.group) if self.group else None

    @cached_property
    def _places(self) -> Sequence[int]:
        return self.query.rows(self.library.shows, self.unfiltered)

    @cached_property
    def rows(self) -> Chosen:
        """The shows of the view that pass the filter, in order."""
        return Chosen(self.library.shows, self._places)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """What stands between the rows."""
        return () if self.groups is None else tuple(self.groups.headings(self._places))

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """The orders, what counts most first: the filter's, the view's, then the one chosen, or that one before them."""
        asked = (*self.query.sorts, *self.tabs[self.view].query.sorts)
        return (*self.sort, *asked) if self.sorted_here else (*asked, *self.sort)

    @property
    def shown_sort(self) -> Sort | None:
        """The order that counts most now."""
        return next(iter(self.sorts), None)

    def with_library(self, library: Watchlist) -> Listing:
        """The same look at a newer list; a saved view that is gone falls back to all."""
        fresh = self._with(library=library)
        return fresh if self.view < len(fresh.tabs) else fresh._with(view=0)

    def with_text(self, text: str, *, typing: bool = False) -> Listing:
        """The filter as it is typed. Where it is wrong, what was shown stays shown.

        While typing it also stays where nothing matches and the last word may become a field's name: `rat` on the way to
        `rating:4` is not to empty the list.
        """
        try:
            query = parse(text, own_keys=self.own_keys, style=self.style, today=self.today, services=self.services)
        except UsageError as error:
            said = f"{error.message}; {error.hint}" if error.hint else error.message
            return self._with(text=text, wrong=said)
        here = self.sorted_here and query.sorts == self.query.sorts
        found = self._with(text=text, query=query, wrong="", sorted_here=here)
        if typing and not found.rows and self._may_be_a_field(text):
            return self._with(text=text, wrong="")
        return found

    def _may_be_a_field(self, text: str) -> bool:
        word = re.split(r"\s[-^]?|^[-^]", text)[-1].lower()
        return bool(word) and any(name.startswith(word) for name in (*BY_NAME, *self.own_keys, "is", "sort"))

    def with_sort(self, name: str) -> Listing:
        """Ordered by this field; by the same one again, the other way round."""
        chosen = FIELDS[name]
        now = self.shown_sort
        down = now[1] if now is not None and now[0] == chosen else None
        first = name in ("rating", "added", "year", "premiered", "watched")  # the best and the latest are looked for
        return self._with(sort=((chosen, (not down) if down is not None else first),), sorted_here=True)

    def with_group(self, name: str) -> Listing:
        """Grouped by this field; by none where there are no such groups."""
        return self._with(group=name if name in GROUPS else "")

    def with_view(self, view: int) -> Listing:
        return self._with(view=view, sorted_here=False) if 0 <= view < len(self.tabs) else self

    def showing(self, id: str) -> Listing:
        """A look in which the show can be seen: the filter, then the view, is given up where it hides it."""
        if self.rows.place_of(id) is not None:
            return self
        unfiltered = self._with(text="", query=Query(), wrong="")
        return unfiltered if unfiltered.rows.place_of(id) is not None else unfiltered._with(view=0)
