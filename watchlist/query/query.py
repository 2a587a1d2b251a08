"""Queries as values: parses text, and selects and sorts matching shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from watchlist.domain.fields import FIELDS, Field
from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_table import ShowTable
from watchlist.domain.sort_keys import title_sort_key
from watchlist.errors import UsageError
from watchlist.query.columns import COLUMNS
from watchlist.query.compiler import QueryContext, compile_terms, has_value, reader
from watchlist.query.grammar import Term, TermValue, read
from watchlist.query.row_filter import Test, everything
from watchlist.query.shell_words import from_shell
from watchlist.sanitize import safe

_SORTS = re.compile(r'"((?:[^"]|"")*)"(-?)|([^",]+)')
Sort = tuple[Field, bool]  # a field, and True for descending order
_TITLE = FIELDS["title"]


class Query(Frozen):
    """A parsed query: terms and an order. Queries with equal terms and orders are equal. `Query()` matches every show.

    A show matches if it matches all terms of at least one of `alternatives`, or if there are none. `sorts` is the
    order, the most important field first. `test` is the compiled form of `alternatives`.
    """

    alternatives: tuple[tuple[Term, ...], ...] = ()
    sorts: tuple[Sort, ...] = ()
    test: Test = everything

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Query) and (self.alternatives, self.sorts) == (other.alternatives, other.sorts)

    def __hash__(self) -> int:
        return hash((self.alternatives, self.sorts))

    def rows(self, shows: ShowTable, rows: Sequence[int] | None = None) -> Sequence[int]:
        """Return those of `rows` (indexes of shows, from 0; None for all shows) that match, in the order of `rows`."""
        return self.test(shows, range(len(shows)) if rows is None else rows)

    def matches(self, show: Show) -> bool:
        """Return True if the show matches."""
        return bool(self.rows(ShowTable((show,))))

    @property
    def empty(self) -> bool:
        """True if the query has no terms, so that all shows match. It may still have an order."""
        return not self.alternatives

    @property
    def text(self) -> str:
        """The query as text. Parsing this text gives an equal query."""
        terms = " , ".join(" ".join(map(str, group)) for group in self.alternatives)
        return " ".join([*([terms] if terms else []), *(str(_sort_term(*sort)) for sort in self.sorts)])

    def narrowed(self, terms: str) -> str:
        """Return this query as text with `terms` added, which a show must match, too. `terms` must not contain OR."""
        groups = [" ".join([*map(str, group), terms]) for group in self.alternatives] or [terms]
        return " ".join([" , ".join(groups), *(str(_sort_term(*sort)) for sort in self.sorts)])


def parse(
    text: str,
    *,
    own_keys: Collection[str] = (),
    style: DisplayStyle = STARS,
    today: date | None = None,
    services: frozenset[str] | None = None,
) -> Query:
    """Parse a query; the language is described in `watchlist.query`.

    Args:
        own_keys: The user's own keys, which can be used like fields.
        style: The scale of ratings.
        today: The day to which relative dates refer; None for the current day.
        services: The services paid today, named as by `services.key_of`; with None, `is:available` is an error.

    Raises:
        UsageError: The query is invalid. The message says why, and the hint may name a similar field.
    """
    return _parse(text, QueryContext(frozenset(own_keys), style, today or date.today(), services))


def parse_words(
    words: Sequence[str],
    *,
    own_keys: Collection[str] = (),
    style: DisplayStyle = STARS,
    today: date | None = None,
    services: frozenset[str] | None = None,
) -> Query:
    """Parse a query from shell arguments. An argument with blanks is a single term or a whole query.

    `own_keys` can be used like fields, ratings are on the scale of `style`, and dates are relative to `today` (None for
    the current day). `services` are the services paid today, named as by `services.key_of`; with None, `is:available`
    is an error. Raises UsageError if the query is invalid.
    """
    context = QueryContext(frozenset(own_keys), style, today or date.today(), services)
    return _parse(" ".join(from_shell(word, context.is_key) for word in words), context)


def _parse(text: str, context: QueryContext) -> Query:
    groups: list[list[Term]] = [[]]
    sorts: list[Sort] = []
    for term in read(text, context.is_key):
        if term is None:
            groups.append([])
        elif term.key.lower() == "sort":
            sorts += sorts_of(term, context)
        else:
            groups[-1].append(term)
    return compiled(groups, sorts, context)


def compiled(groups: Iterable[Sequence[Term]], sorts: Iterable[Sort], context: QueryContext) -> Query:
    """Return the query for shows that match all terms of at least one group. Raise UsageError if a term is invalid."""
    alternatives = tuple(tuple(group) for group in groups if group)
    return Query(alternatives, tuple(sorts), compile_terms(alternatives, context))


def parse_sort(text: str, *, own_keys: Collection[str] = ()) -> tuple[Sort, ...]:
    """Return the (field, descending) pairs of an order such as `rating-, title`. A `-` after a field means descending.

    Fields are separated by commas or blanks; a blank text gives an empty tuple. One of the user's own keys (`own_keys`)
    that contains blanks must be in quotes or stand between commas. Raises UsageError if a field does not exist.
    """
    context = QueryContext(frozenset(own_keys), STARS, date.today())
    words: list[str] = []
    for part in _SORTS.finditer(text):
        word = (part[3] or "").strip()
        if part[1] is not None:
            words.append(part[1].replace('""', '"') + part[2])
        else:
            words += [word] if context.is_key(word.removesuffix("-")) else word.split()
    return tuple(_sort(word, context) for word in words)


def sorts_of(term: Term, context: QueryContext) -> list[Sort]:
    """Return the (field, descending) pairs of a `sort:` term. Raise UsageError if the term is not a valid order."""
    if term.negated or term.sign:
        raise UsageError(f'"{term}" is not an order', "use sort:rating, or sort:rating- for descending")
    return [_sort(value.text, context, prefix="sort:") for value in term.values]


def _sort(word: str, context: QueryContext, prefix: str = "") -> Sort:
    """Return the (field, descending) pair for a word such as `rating` or `rating-`.

    Raises UsageError if the field does not exist. `prefix` precedes the word in error messages: `sort:` if it did so in
    the query, else empty.
    """
    name = word.removesuffix("-")
    if not context.is_key(name) and name[:1] in ("-", "^") and context.is_key(name[1:]):
        raise UsageError(f'"{safe(prefix + word)}" is not an order', f"use {safe(prefix + name[1:])}- for descending")
    return context.field(name), name != word


def _sort_term(by: Field, down: bool) -> Term:
    name = by.name + "-" * down
    return Term("sort", "", (TermValue(name, quoted=re.fullmatch(r"[\w.-]+", name) is None),))


def select(
    shows: Iterable[Show], query: Query, *, default_sort: Sequence[Sort] = (), articles: Sequence[str] = ()
) -> list[Show]:
    """Return the shows that match `query`, sorted by its order, then by `default_sort`, then in their given order.

    Args:
        articles: Case-folded articles, such as `the`, that are ignored at the start of titles.
    """
    table = shows if isinstance(shows, ShowTable) else ShowTable(shows)
    return [table[row] for row in ordered(table, query.rows(table), (*query.sorts, *default_sort), articles)]


def order(shows: Iterable[Show], sorts: Sequence[Sort]) -> list[Show]:
    """Return the shows sorted by (field, descending) pairs, of which the first counts most. Missing values come last."""
    return select(shows, Query(), default_sort=sorts)


def ordered(
    shows: ShowTable, rows: Sequence[int], sorts: Sequence[Sort], articles: Sequence[str] = ()
) -> Sequence[int]:
    """Return `rows` (indexes of shows, from 0) sorted by `sorts`, (field, descending) pairs of which the first counts most.

    Missing values come last. The order of a whole list is cached in the table.

    Args:
        articles: Case-folded articles, such as `the`, that are ignored at the start of titles.
    """
    if not sorts:
        return rows
    name = order_name(sorts, articles)
    # One of the user's own keys may have the same name as a field, so an order by such a key is not cached.
    cacheable = all(FIELDS.get(by.name) is by for by, _ in sorts)
    whole_order = shows.cached(name) if cacheable else None
    if whole_order is None and (not cacheable or 2 * len(rows) < len(shows)):
        return _sorted(shows, rows, sorts, articles)
    if whole_order is None:
        whole_order = shows.columns[name] = _sorted(shows, range(len(shows)), sorts, articles)
    if len(rows) == len(shows):
        return whole_order
    chosen = set(rows)
    return [row for row in whole_order if row in chosen]


def order_name(sorts: Sequence[Sort], articles: Sequence[str]) -> str:
    """Return the name under which a ShowTable caches this order, e.g. `order:title@the|a,rating-`."""
    marked = "@" + "|".join(articles) if articles else ""
    return "order:" + ",".join(by.name + marked * (by is _TITLE) + "-" * down for by, down in sorts)


def _sorted(shows: ShowTable, rows: Sequence[int], sorts: Sequence[Sort], articles: Sequence[str]) -> Sequence[int]:
    for by, down in reversed(sorts):
        present = has_value(by)(shows, rows)
        if len(present) < len(rows):
            present_set = set(present)
            absent = [row for row in rows if row not in present_set]
        else:
            absent = []
        column, key = reader(by)(shows, present), by.type.key
        if by is _TITLE:
            keys = {row: title_sort_key(column[row], articles) for row in present}
        else:
            keys = {row: key(column[row]) for row in present}
        rows = [*sorted(present, key=keys.__getitem__, reverse=down), *absent]
    return rows


def own_keys(shows: Iterable[Show]) -> set[str]:
    """Return all of the user's own keys that are used by any of the shows."""
    table = shows if isinstance(shows, ShowTable) else ShowTable(shows)
    return set().union(*table.column("keys", COLUMNS["keys"]))
