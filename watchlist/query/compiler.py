"""Compiles queries. Each term becomes a test: a function that takes indexes of shows and returns those that pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from watchlist.domain.dates import day
from watchlist.domain.field_types import ChoiceType, Date, Rating
from watchlist.domain.fields import BY_NAME, FIELDS, Field
from watchlist.domain.frozen import Frozen
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.show_table import ShowTable
from watchlist.domain.text import fold, without_invisible
from watchlist.errors import UsageError, did_you_mean
from watchlist.query.column_types import LazyColumn, dict_encoded, values
from watchlist.query.columns import SEARCHED, WHOLE, flat
from watchlist.query.full_text import in_part, mentions
from watchlist.query.grammar import Term, TermValue, quoted
from watchlist.query.is_words import IS
from watchlist.query.own_key_fields import leaves, own_field
from watchlist.query.row_filter import Read, Test, _all, _any, _both, _none_of, everything
from watchlist.sanitize import safe

if TYPE_CHECKING:
    from watchlist.query.ranges import Range

WORDS = ("is", "sort")  # keys of the query language that are not fields


class QueryContext(Frozen):
    """The settings needed to compile a query: the user's own keys, the rating scale, the current day, the paid services."""

    own_keys: Collection[str]
    style: DisplayStyle
    today: date
    services: frozenset[str] | None = None  # keys of the services paid today; None if the config names none

    def is_key(self, key: str) -> bool:
        """Return True if `key` is a word of the query language, the name of a field or one of the user's own keys."""
        return key.lower() in WORDS or self._find(key) is not None

    def field(self, key: str, *, hint: str = "see `watchlist fields`") -> Field:
        """Return the field with the name or alias `key`, or a field for the user's own key `key`.

        Raises:
            UsageError: There is none. The hint of the error is a similar name or, if no name is similar, `hint`.
        """
        if field := self._find(key):
            return field
        names = (*BY_NAME, *WORDS, *self.own_keys)
        hint = safe(did_you_mean(key, names)) or hint
        raise UsageError(f'there is no field "{safe(key)}"', hint)

    def _find(self, key: str) -> Field | None:
        own = own_field(key) if key in self.own_keys else None
        if field := BY_NAME.get(key) or own or BY_NAME.get(fold(key)):
            return field
        alike = _by_folded_name(frozenset(self.own_keys)).get(fold(key))
        return own_field(alike) if alike is not None else None


@lru_cache(8)  # asked for each term of a query, again with each letter that is typed
def _by_folded_name(own_keys: frozenset[str]) -> dict[str, str]:
    """Return the user's own keys by their names without case and accents. Of keys that are alike, the first is used."""
    return {fold(key): key for key in sorted(own_keys, reverse=True)}


def compile_terms(alternatives: Iterable[Iterable[Term]], context: QueryContext) -> Test:
    """Return the test of a whole query: a function that takes indexes of shows and returns those that pass.

    A show passes if it passes all terms of at least one alternative. Without alternatives, all shows pass. Raises
    UsageError if a term is invalid.
    """
    tests = [_all([_term_test(term, context) for term in terms]) for terms in alternatives]
    return _any(tests) if tests else everything


def _term_test(term: Term, context: QueryContext) -> tuple[int, Test]:
    """Return (cost, test) of a term. Raise UsageError if the term is invalid.

    The cost of the test is from 0 (reads one value of a show) to 3 (searches all texts of a show).
    """
    if not term.key:
        cost, tests = 3, [mentions(flat(value.text)) for value in term.values]
    elif term.key.lower() == "is":
        cost, tests = 0, [_state(value, context) for value in term.values]
    else:
        field = context.field(term.key, hint=_no_field(term, context))
        cost = 0 if field.type.ordered or isinstance(field.type, ChoiceType) else 2 if field.name in WHOLE else 1
        try:
            tests = [_value_test(field, term.sign, value, context) for value in term.values]
        except ValueError as error:
            raise UsageError(f"{safe(term.key)}: {safe(str(error))}") from error
    test = _any(tests)
    return cost, _cached((term, context), _none_of(test) if term.negated else test)


def _no_field(term: Term, context: QueryContext) -> str:
    """Return a hint on how to write a term with an unknown key: `prio:1` for `own:prio=1`, otherwise the term in quotes."""
    text = ",".join(value.text for value in term.values)
    name, _, value = text.partition("=")
    if term.key.lower() == "own" and name:
        own = Term(name, "", (TermValue(value, quoted=any(c in value for c in ' ,"')) if value else TermValue("any"),))
        return safe(f"a key of your own is used like a field: {own}")
    return "see `watchlist fields`; quotes make it plain text: " + safe(quoted(f"{term.key}:{term.sign}{text}"))


def _value_test(field: Field, sign: str, value: TermValue, context: QueryContext) -> Test:
    """Return the test for one value of a term. Raise ValueError if the value is invalid.

    `sign` follows the colon of the term: "" (contains, or is in a range), "=" (equals) or ":" (matches a pattern).
    """
    word = without_invisible(value.text)
    if not (sign or value.quoted) and word.lower() in ("none", "any"):
        return has_value(field) if word.lower() == "any" else _none_of(has_value(field))
    if isinstance(field.type, Date) and not sign and word.lower() == "unknown":
        return _none_of(has_value(field))
    if sign == ":":
        from watchlist.query.patterns import compile_pattern  # saves 0.5 ms at every start

        search = compile_pattern(value.text)
        return _any_text(field, context.style, lambda text: search(without_invisible(text)))
    if isinstance(field.type, ChoiceType):
        wanted = field.type.parse(word)
        return _keep_encoded(field.name, lambda choice: choice == wanted)
    if field.type.ordered:
        if sign == "=" and word[:1] in ("<", ">"):
            raise ValueError(f'"={word}" begins with "={word[0]}"; write {word[0]}={word[1:]}')
        return _range_test(field, word, context)
    needle = flat(value.text)
    if FIELDS.get(field.name) is field and field.name in SEARCHED:
        return in_part(field.name, needle, whole=sign == "=")
    if sign == "=":
        return _any_text(field, context.style, lambda text: flat(text) == needle)
    if FIELDS.get(field.name) is not field and not value.quoted:
        return _own_test(field, value.text, context)
    return _any_text(field, context.style, lambda text: needle in flat(text))


def has_value(field: Field) -> Test:
    """Return the test that shows pass if `field` is not empty. A field with a default, such as status, is never empty."""
    if isinstance(field.type, ChoiceType) and field.type.empty is not None:
        return everything
    if field.name in WHOLE:
        return _keep_encoded(f"has:{field.name}", bool)
    empty = field.type.empty
    return _keep(reader(field), lambda value: bool(value != empty))


def _column(name: str) -> Read:
    return lambda shows, rows: values(shows, name, rows)


def reader(field: Field) -> Read:
    """Return a function that returns the values of `field` for some shows, from the column of the field if it has one."""
    if FIELDS.get(field.name) is field and field.name not in WHOLE:
        return _column(field.name)
    return lambda shows, rows: LazyColumn(shows, field.get)


def _keep(read: Read, good: Callable[[Any], bool]) -> Test:
    def test(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
        column = read(shows, rows)
        return [row for row in rows if good(column[row])]

    return test


def _keep_encoded(name: str, good: Callable[[Any], bool]) -> Test:
    """Return the test that shows pass if `good` is True for their value in the column `name`.

    The column should have few different values, because `good` is called once per value.
    """

    def test(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
        column = values(shows, name, rows)
        if isinstance(column, LazyColumn):
            return [row for row in rows if good(column[row])]
        return dict_encoded(shows, name, column).keep(good, rows)

    return test


def _cached(term: Hashable, test: Test) -> Test:
    """Return a test like `test` that remembers its last result, and returns it if it is called with the same object `rows`.

    So the earlier terms of a query are not tested again while the user types its last term.

    Args:
        term: The key under which the ShowTable stores the result.
    """

    def cached_test(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
        searched, matches = shows.results.get(term, (None, ()))
        if searched is not rows:
            matches = test(shows, rows)
            shows.remember(term, rows, matches)
        return matches

    return cached_test


def _any_text(field: Field, style: DisplayStyle, good: Callable[[str], bool]) -> Test:
    """Return the test that shows pass if `good` is True for at least one searched text of `field`."""
    if field.type.ordered:
        return _keep(reader(field), lambda value: good(field.type.format(value, style)))
    if field.name == "cast":
        return _keep(reader(field), lambda cast: any(good(row.actor) for row in cast))
    return _keep(reader(field), lambda value: any(map(good, field.type.texts(value))))


def _range_test(field: Field, text: str, context: QueryContext) -> Test:
    from watchlist.query.ranges import number, parse_range, rating, since  # saves 0.7 ms at every start

    if isinstance(field.type, Date):
        wanted = since(context.today)(text)
    else:
        wanted = parse_range(text, rating(context.style) if isinstance(field.type, Rating) else number)
    if field is FIELDS["watched"]:
        return _keep(_column("days"), lambda days: any(value in wanted for value in days))
    return _keep_encoded(field.name, lambda value: value is not None and value in wanted)


# Typed text that looks like a mistyped range, not like part of a text: 4...5, 5..4, >=4..
_MISSPELLED = re.compile(r"[<>=]{0,2}[\d.-]*\d\.{2,}[\d.-]*|[<>=]{0,2}\.{2,}\d[\d.-]*|=[<>]\d[\d.]*", re.ASCII)


def _own_test(field: Field, text: str, context: QueryContext) -> Test:
    """Return the test that searches one of the user's own keys, `field`, for `text`.

    If `text` is a range, numbers and dates must be in the range; all other values must contain `text`. Raises
    ValueError for a mistyped range such as `4...5`.
    """
    from watchlist.query.ranges import number, parse_range, since  # saves 0.7 ms at every start

    needle = flat(text)
    numbers, dates = _range(partial(parse_range, parse=number), text), _range(since(context.today), text)
    if numbers is None and dates is None and _MISSPELLED.fullmatch(text):
        parse_range(text, number)  # raises the error with a hint

    def hit(leaf: Any) -> bool:
        if isinstance(leaf, date) and dates is not None:
            return day(leaf) in dates
        if isinstance(leaf, (int, float)) and not isinstance(leaf, bool) and numbers is not None:
            return leaf in numbers
        return any(needle in flat(part) for part in field.type.texts(leaf))

    return _both(
        _keep(_column("keys"), lambda keys: field.name in keys),
        _keep(reader(field), lambda value: any(hit(leaf) for leaf in leaves(value))),
    )


def _range(parse: Callable[[str], Range], text: str) -> Range | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _state(value: TermValue, context: QueryContext) -> Test:
    state = without_invisible(value.text).lower()
    if state not in IS:
        hint = did_you_mean(value.text, IS)
        raise UsageError(f'is: unknown state "{safe(value.text)}" (expected: {", ".join(IS)})', hint)
    if state == "available":
        return _available(context.services)
    return _keep_encoded(f"is:{state}", bool)


def _available(services: frozenset[str] | None) -> Test:
    from watchlist.domain.services import EXAMPLE, key_of  # saves 0.4 ms at every start

    if services is None:
        raise UsageError("is:available needs your services", f"name them in the config under [services]: {EXAMPLE}")
    return _keep_encoded("platform", lambda platform: key_of(platform) in services)
