"""Text -> Query -> matching, ordered shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from watchlist.errors import UsageError
from watchlist.fields import FIELDS, Field
from watchlist.model import Show, Shows
from watchlist.query.columns import COLUMNS
from watchlist.query.match import Language, Test, compile_terms, everything, has_value, reader
from watchlist.query.terms import Term, TermValue, read
from watchlist.ratings import STARS, Style
from watchlist.values import Value

Sort = tuple[Field, bool]  # a field, and whether from the top down


class Query(Value):
    """A parsed query. Two are equal where their terms and orders are; `Query()` matches everything."""

    alternatives: tuple[tuple[Term, ...], ...] = ()
    sorts: tuple[Sort, ...] = ()
    test: Test = everything

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Query) and (self.alternatives, self.sorts) == (other.alternatives, other.sorts)

    def __hash__(self) -> int:
        return hash((self.alternatives, self.sorts))

    def rows(self, shows: Shows, rows: Sequence[int] | None = None) -> Sequence[int]:
        """Where the shows that match stand, in the order of `rows`, else of the list."""
        return self.test(shows, range(len(shows)) if rows is None else rows)

    def matches(self, show: Show) -> bool:
        return bool(self.rows(Shows((show,))))

    @property
    def empty(self) -> bool:
        """Whether it has no terms: an order alone leaves nothing out."""
        return not self.alternatives

    @property
    def text(self) -> str:
        """The query as text again; parsed, it is this query."""
        terms = " , ".join(" ".join(map(str, group)) for group in self.alternatives)
        return " ".join([*([terms] if terms else []), *(str(_sort_term(*sort)) for sort in self.sorts)])

    def narrowed(self, terms: str) -> str:
        """The text of this query with more terms, which stand without OR: what matches it and them."""
        groups = [" ".join([*map(str, group), terms]) for group in self.alternatives] or [terms]
        return " ".join([" , ".join(groups), *(str(_sort_term(*sort)) for sort in self.sorts)])


def parse(
    text: str,
    *,
    own_keys: Collection[str] = (),
    style: Style = STARS,
    today: date | None = None,
    services: frozenset[str] | None = None,
) -> Query:
    """A query from text, as the filter line and saved views hold it; the package says how it reads.

    `own_keys` are the user's own (see `own_keys`), ratings are on the style's scale, relative dates count from `today`,
    and `is:available` is what runs on these `services` (see `services.running`).
    UsageError says what is wrong, and what the nearest name is.
    """
    return _parse(text, Language(frozenset(own_keys), style, today or date.today(), services))


def parse_words(
    words: Sequence[str],
    *,
    own_keys: Collection[str] = (),
    style: Style = STARS,
    today: date | None = None,
    services: frozenset[str] | None = None,
) -> Query:
    """A query from the arguments of a shell. An argument with blanks is one term, or a whole query: see `from_shell`."""
    from watchlist.query.shell import from_shell

    language = Language(frozenset(own_keys), style, today or date.today(), services)
    return _parse(" ".join(from_shell(word, language.known) for word in words), language)


def _parse(text: str, language: Language) -> Query:
    groups: list[list[Term]] = [[]]
    sorts: list[Sort] = []
    for term in read(text, language.known):
        if term is None:
            groups.append([])
        elif term.key.lower() == "sort":
            sorts += _sorts(term, language)
        else:
            groups[-1].append(term)
    alternatives = tuple(tuple(group) for group in groups if group)
    return Query(alternatives, tuple(sorts), compile_terms(alternatives, language))


def parse_sort(text: str, *, own_keys: Collection[str] = ()) -> tuple[Sort, ...]:
    """`rating-, title` as an order: fields separated by commas or blanks, `-` for from the top down."""
    language = Language(frozenset(own_keys), STARS, date.today())
    return tuple(_sort(word, language) for word in text.replace(",", " ").split())


def _sorts(term: Term, language: Language) -> list[Sort]:
    if term.negated or term.sign:
        raise UsageError(f'"{term}" is not an order', "sort:rating is, and sort:rating- from the top down")
    return [_sort(value.text, language) for value in term.values]


def _sort(word: str, language: Language) -> Sort:
    name = word.removesuffix("-")
    return language.field(name), name != word


def _sort_term(by: Field, down: bool) -> Term:
    name = by.name + "-" * down
    return Term("sort", "", (TermValue(name, quoted=re.fullmatch(r"[\w.-]+", name) is None),))


def select(shows: Iterable[Show], query: Query, *, default_sort: Sequence[Sort] = ()) -> list[Show]:
    """The shows that match, ordered by the query's own order, then by `default_sort`, then as they came."""
    table = shows if isinstance(shows, Shows) else Shows(shows)
    return [table[row] for row in ordered(table, query.rows(table), (*query.sorts, *default_sort))]


def order(shows: Iterable[Show], sorts: Sequence[Sort]) -> list[Show]:
    """The shows in order, the first sort counting most; absent values come last in either direction."""
    return select(shows, Query(), default_sort=sorts)


def ordered(shows: Shows, rows: Sequence[int], sorts: Sequence[Sort]) -> Sequence[int]:
    """Rows in order, as `order` has it. The order of a whole list is remembered with it."""
    if not sorts:
        return rows
    name = "order:" + ",".join(by.name + "-" * down for by, down in sorts)
    remembered = all(FIELDS.get(by.name) is by for by, _ in sorts)  # a key of the user's own may have any name
    known = shows.known(name) if remembered else None
    if known is None and (not remembered or 2 * len(rows) < len(shows)):
        return _sorted(shows, rows, sorts)
    if known is None:
        known = shows.columns[name] = _sorted(shows, range(len(shows)), sorts)
    if len(rows) == len(shows):
        return known
    chosen = set(rows)
    return [row for row in known if row in chosen]


def _sorted(shows: Shows, rows: Sequence[int], sorts: Sequence[Sort]) -> Sequence[int]:
    for by, down in reversed(sorts):
        there = has_value(by)(shows, rows)
        if len(there) < len(rows):
            present = set(there)
            absent = [row for row in rows if row not in present]
        else:
            absent = []
        column, key = reader(by)(shows, there), by.type.key
        keys = {row: key(column[row]) for row in there}
        rows = [*sorted(there, key=keys.__getitem__, reverse=down), *absent]
    return rows


def own_keys(shows: Iterable[Show]) -> set[str]:
    """The keys of the user's own that any of the shows has."""
    table = shows if isinstance(shows, Shows) else Shows(shows)
    return set().union(*table.column("keys", COLUMNS["keys"]))
