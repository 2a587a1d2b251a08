"""What a term means: each becomes one test, compiled once, that narrows rows at every key: one column after the other.

What words, patterns, ranges and own keys mean is imported where one of them is met: the first list that is shown was asked
for none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from datetime import date
from functools import partial, reduce
from itertools import filterfalse
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from watchlist.errors import UsageError, did_you_mean
from watchlist.fields import BY_NAME, FIELDS, Field
from watchlist.fieldtypes import Choice, Moment, Rating
from watchlist.model import Shows, day
from watchlist.query.columns import IS, SEARCHED, WHOLE, Each, few, flat, values
from watchlist.query.terms import Term, TermValue
from watchlist.ratings import Style
from watchlist.safe import safe
from watchlist.values import Value

if TYPE_CHECKING:
    from watchlist.query.ranges import Range

# Of the shows at these rows, those that pass.
Test = Callable[[Shows, Sequence[int]], Sequence[int]]
Read = Callable[[Shows, Sequence[int]], "Sequence[Any] | Each"]  # a value for each of these rows, by row

WORDS = ("is", "sort")  # keys of the language, not of shows


class Language(Value):
    """What the words of a query are read against."""

    own_keys: Collection[str]
    style: Style
    today: date
    services: frozenset[str] | None = None  # the keys of those that run today; None where none are named

    def known(self, key: str) -> bool:
        """Whether a key means something."""
        return key.lower() in WORDS or self._find(key) is not None

    def field(self, key: str) -> Field:
        """The field, or the user's own key, of this name. UsageError where there is none."""
        if field := self._find(key):
            return field
        names = (*BY_NAME, *WORDS, *self.own_keys)
        hint = safe(did_you_mean(key, names)) or "see `watchlist fields`; in quotes it would be plain text"
        raise UsageError(f'there is no field "{safe(key)}"', hint)

    def _find(self, key: str) -> Field | None:
        own = None
        if key in self.own_keys:
            from watchlist.query.own import own_field

            own = own_field(key)
        return BY_NAME.get(key) or own or BY_NAME.get(key.lower())


def compile_terms(alternatives: Iterable[Iterable[Term]], language: Language) -> Test:
    """One test for a whole query: any alternative, all of its terms; none at all match everything."""
    tests = [_all([_term_test(term, language) for term in terms]) for terms in alternatives]
    return _any(tests) if tests else everything


def everything(shows: Shows, rows: Sequence[int]) -> Sequence[int]:
    return rows


def _term_test(term: Term, language: Language) -> tuple[int, Test]:
    """What it costs (0: looks at one value, then texts, then all texts), and the test."""
    if not term.key:
        from watchlist.query.words import mentions

        cost, tests = 3, [mentions(flat(value.text)) for value in term.values]
    elif term.key.lower() == "is":
        cost, tests = 0, [_state(value, language) for value in term.values]
    else:
        field = language.field(term.key)
        cost = 0 if field.type.ordered or isinstance(field.type, Choice) else 2 if field.name in WHOLE else 1
        try:
            tests = [_value_test(field, term.sign, value, language) for value in term.values]
        except ValueError as error:
            raise UsageError(f"{safe(term.key)}: {safe(str(error))}") from error
    test = _any(tests)
    return cost, _remembered((term, language), _none_of(test) if term.negated else test)


def _value_test(field: Field, sign: str, value: TermValue, language: Language) -> Test:
    """The test of one value of a field. ValueError where the field does not take it."""
    if not (sign or value.quoted) and value.text.lower() in ("none", "any"):
        return has_value(field) if value.text.lower() == "any" else _none_of(has_value(field))
    if sign == ":":
        from watchlist.query.patterns import compile_pattern

        found = compile_pattern(value.text).search
        return _any_text(field, language.style, lambda text: found(text) is not None)
    if isinstance(field.type, Choice):
        wanted = field.type.parse(value.text)
        return _keep_few(field.name, lambda one: one == wanted)
    if field.type.ordered:
        return _range_test(field, value.text, language)
    needle = flat(value.text)
    if FIELDS.get(field.name) is field and field.name in SEARCHED:
        from watchlist.query.words import in_part

        return in_part(field.name, needle, whole=sign == "=")
    if sign == "=":
        return _any_text(field, language.style, lambda text: flat(text) == needle)
    if FIELDS.get(field.name) is not field and not value.quoted:
        return _own_test(field, value.text, language)
    return _any_text(field, language.style, lambda text: needle in flat(text))


def has_value(field: Field) -> Test:
    """Whether there is a value; a field with a default always has one."""
    if isinstance(field.type, Choice) and field.type.empty is not None:
        return everything
    if field.name in WHOLE:
        return _keep_few(f"has:{field.name}", bool)
    empty = field.type.empty
    return _keep(reader(field), lambda value: bool(value != empty))


def _column(name: str) -> Read:
    return lambda shows, rows: values(shows, name, rows)


def reader(field: Field) -> Read:
    """The values of a field: a column where there is one, else show by show."""
    if FIELDS.get(field.name) is field and field.name not in WHOLE:
        return _column(field.name)
    return lambda shows, rows: Each(shows, field.get)


def _keep(read: Read, good: Callable[[Any], bool]) -> Test:
    def test(shows: Shows, rows: Sequence[int]) -> Sequence[int]:
        column = read(shows, rows)
        return [row for row in rows if good(column[row])]

    return test


def _keep_few(name: str, good: Callable[[Any], bool]) -> Test:
    """The same of a column in which many shows have equal values: each value is looked at once."""

    def test(shows: Shows, rows: Sequence[int]) -> Sequence[int]:
        column = values(shows, name, rows)
        if isinstance(column, Each):
            return [row for row in rows if good(column[row])]
        return few(shows, name, column).keep(good, rows)

    return test


def _remembered(name: Hashable, test: Test) -> Test:
    """The same test, whose last answer holds as long as it is asked about the same rows: while other terms are typed."""

    def kept(shows: Shows, rows: Sequence[int]) -> Sequence[int]:
        among, found = shows.found.get(name, (None, ()))
        if among is not rows:
            found = test(shows, rows)
            shows.remember(name, rows, found)
        return found

    return kept


def _any_text(field: Field, style: Style, good: Callable[[str], bool]) -> Test:
    """Shows with a good one among the texts of the field that queries look into."""
    if field.type.ordered:
        return _keep(reader(field), lambda value: good(field.type.format(value, style)))
    if field.name == "cast":
        return _keep(reader(field), lambda cast: any(good(row.actor) for row in cast))
    return _keep(reader(field), lambda value: any(map(good, field.type.texts(value))))


def _range_test(field: Field, text: str, language: Language) -> Test:
    from watchlist.query.ranges import number, parse_range, rating, since

    if isinstance(field.type, Moment):
        wanted = since(language.today)(text)
    else:
        wanted = parse_range(text, rating(language.style) if isinstance(field.type, Rating) else number)
    if field is FIELDS["watched"]:
        return _keep(_column("days"), lambda days: any(value in wanted for value in days))
    return _keep_few(field.name, lambda value: value is not None and value in wanted)


def _own_test(field: Field, text: str, language: Language) -> Test:
    """A range for numbers and dates where `text` is one; part of the text for anything else."""
    from watchlist.query.own import leaves
    from watchlist.query.ranges import number, parse_range, since

    needle = flat(text)
    numbers, dates = _range(partial(parse_range, parse=number), text), _range(since(language.today), text)

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


def _state(value: TermValue, language: Language) -> Test:
    state = value.text.lower()
    if state not in IS:
        hint = did_you_mean(value.text, IS)
        raise UsageError(f'is: "{safe(value.text)}" is none of {", ".join(IS)}', hint)
    if state == "available":
        return _available(language.services)
    return _keep_few(f"is:{state}", bool)


def _available(services: frozenset[str] | None) -> Test:
    from watchlist.services import SHOWN, key_of

    if services is None:
        raise UsageError(
            "is:available wants to know your services", f"name them in the config under [services]: {SHOWN}"
        )
    return _keep_few("platform", lambda platform: key_of(platform) in services)


def _none_of(test: Test) -> Test:
    def negated(shows: Shows, rows: Sequence[int]) -> Sequence[int]:
        found = test(shows, rows)
        return list(filterfalse(set(found).__contains__, rows)) if len(found) < len(rows) else []

    return negated


def _any(tests: list[Test]) -> Test:
    def test(shows: Shows, rows: Sequence[int]) -> Sequence[int]:
        hit = {row for one in tests for row in one(shows, rows)}
        return list(filter(hit.__contains__, rows))

    return tests[0] if len(tests) == 1 else test


def _both(first: Test, second: Test) -> Test:
    return lambda shows, rows: second(shows, first(shows, rows))


def _all(tests: list[tuple[int, Test]]) -> Test:
    """Cheap tests first: most shows never get to the texts."""
    return reduce(_both, [test for _, test in sorted(tests, key=itemgetter(0))])
