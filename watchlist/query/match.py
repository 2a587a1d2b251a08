"""What a term means: each becomes one test of a show, compiled once, run on every show at every key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from watchlist.errors import UsageError, did_you_mean
from watchlist.fields import BY_NAME, FIELDS, Field
from watchlist.fieldtypes import Choice, Moment, Rating
from watchlist.model import Show, Status, day
from watchlist.query.own import Own, leaves, own_field
from watchlist.query.patterns import compile_pattern
from watchlist.query.ranges import Range, number, parse_range, rating, since
from watchlist.query.terms import Term, Value
from watchlist.ratings import Style
from watchlist.safe import safe
from watchlist.text import fold

Test = Callable[[Show], bool]


def _started(show: Show) -> bool:
    return show.status is Status.WATCHING or bool(show.viewings) or any(season.watched for season in show.seasons)


def _finished(show: Show) -> bool:
    return show.status is Status.WATCHED or (bool(show.episodes) and show.left == 0)


STATES: dict[str, Test] = {
    "rated": lambda show: show.rating is not None,
    "unrated": lambda show: show.rating is None,
    "started": _started,
    "finished": _finished,
    "rewatched": lambda show: sum(not viewing.episodes for viewing in show.viewings) > 1,
    "broken": lambda show: bool(show.problems),
}

WORDS = ("is", "sort")  # keys of the language, not of shows

# Fields whose queries look at something else than what the field shows.
_READERS: dict[str, Callable[[Show], tuple[Any, ...]]] = {
    "watched": lambda show: tuple(day(viewing.date) for viewing in show.viewings if viewing.date is not None),
    "cast": lambda show: tuple(row.actor for row in show.cast),
}


@dataclass(frozen=True)
class Language:
    """What the words of a query are read against."""

    own_keys: Collection[str]
    style: Style
    today: date

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
        own = own_field(key) if key in self.own_keys else None
        return BY_NAME.get(key) or own or BY_NAME.get(key.lower())


def compile_terms(alternatives: Iterable[Iterable[Term]], language: Language) -> Test:
    """One test for a whole query: any alternative, all of its terms; none at all match everything."""
    tests = [_all([_term_test(term, language) for term in terms]) for terms in alternatives]
    return _any(tests) if tests else lambda show: True


def _term_test(term: Term, language: Language) -> tuple[int, Test]:
    """What it costs (0: looks at one value, then texts, then all texts), and the test."""
    if not term.key:
        cost, tests = 3, [_mentions(flat(value.text)) for value in term.values]
    elif term.key.lower() == "is":
        cost, tests = 0, [_state(value) for value in term.values]
    else:
        field = language.field(term.key)
        cost = 0 if field.type.ordered or isinstance(field.type, Choice) else 2 if field.type.long else 1
        try:
            tests = [_value_test(field, term.sign, value, language) for value in term.values]
        except ValueError as error:
            raise UsageError(f"{safe(term.key)}: {safe(str(error))}") from error
    test = _any(tests)
    return cost, (lambda show: not test(show)) if term.negated else test


def _value_test(field: Field, sign: str, value: Value, language: Language) -> Test:
    """The test of one value of a field. ValueError where the field does not take it."""
    if not (sign or value.quoted) and value.text.lower() in ("none", "any"):
        there = has_value(field)
        return there if value.text.lower() == "any" else lambda show: not there(show)
    if sign == ":":
        found = compile_pattern(value.text).search
        texts = _texts(field, language.style)
        return lambda show: any(found(text) for text in texts(show))
    if isinstance(field.type, Choice):
        wanted = field.type.parse(value.text)
        return lambda show: field.get(show) == wanted
    if field.type.ordered:
        return _range_test(field, value.text, language)
    needle, texts = flat(value.text), _texts(field, language.style)
    if sign == "=":
        return lambda show: any(flat(text) == needle for text in texts(show))
    if isinstance(field.type, Own) and not value.quoted:
        return _own_test(field, value.text, language)
    if field.searched:  # what is in none of the texts is not in this one
        return lambda show: needle in searched_text(show) and any(needle in flat(text) for text in texts(show))
    return lambda show: any(needle in flat(text) for text in texts(show))


def has_value(field: Field) -> Test:
    """Whether there is a value; a field with a default always has one."""
    return (lambda show: True) if isinstance(field.type, Choice) and field.type.empty is not None else field.has


def _texts(field: Field, style: Style) -> Callable[[Show], Iterable[str]]:
    """The texts of a field that a query looks into."""
    if field.type.ordered:
        return lambda show: (field.show_as(show, style),)
    return _READERS.get(field.name) or (lambda show: field.type.texts(field.get(show)))


def _range_test(field: Field, text: str, language: Language) -> Test:
    if isinstance(field.type, Moment):
        wanted = since(language.today)(text)
    else:
        wanted = parse_range(text, rating(language.style) if isinstance(field.type, Rating) else number)
    if read := _READERS.get(field.name):
        return lambda show: any(value in wanted for value in read(show))
    get = field.get
    return lambda show: (value := get(show)) is not None and value in wanted


def _own_test(field: Field, text: str, language: Language) -> Test:
    """A range for numbers and dates where `text` is one; part of the text for anything else."""
    needle = flat(text)
    numbers, dates = _range(partial(parse_range, parse=number), text), _range(since(language.today), text)

    def hit(leaf: Any) -> bool:
        if isinstance(leaf, date) and dates is not None:
            return day(leaf) in dates
        if isinstance(leaf, (int, float)) and not isinstance(leaf, bool) and numbers is not None:
            return leaf in numbers
        return any(needle in flat(part) for part in field.type.texts(leaf))

    return lambda show: any(hit(leaf) for leaf in leaves(field.get(show)))


def _range(parse: Callable[[str], Range], text: str) -> Range | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _state(value: Value) -> Test:
    test = STATES.get(value.text.lower())
    if test is None:
        hint = did_you_mean(value.text, STATES)
        raise UsageError(f'is: "{safe(value.text)}" is none of {", ".join(STATES)}', hint)
    return test


def _mentions(needle: str) -> Test:
    return lambda show: needle in searched_text(show)


def _any(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda show: any(test(show) for test in tests)


def _all(tests: list[tuple[int, Test]]) -> Test:
    """Cheap tests first: most shows never get to the texts."""
    ordered = [test for _, test in sorted(tests, key=lambda pair: pair[0])]
    return ordered[0] if len(ordered) == 1 else lambda show: all(test(show) for test in ordered)


def flat(text: str) -> str:
    """`text` folded, any run of blanks one blank, so that a phrase is found across the end of a line."""
    return " ".join(fold(text).split()) or text  # what folds to nothing (a lone accent) is not in every text


SEARCHED = tuple(field for field in FIELDS.values() if field.searched)
_remembered: dict[int, tuple[Show, str]] = {}
_REMEMBERED_SHOWS = 250_000  # then all is forgotten, so that edits of a long day do not pile up


def searched_text(show: Show) -> str:
    """All that a bare word is looked for in, folded, a line each. Remembered for each show: folding costs, shows stay.

    Shows can't be hashed (they hold tables), so they are known by identity; holding the show keeps its identity its own.
    """
    known = _remembered.get(id(show))
    if known is not None:
        return known[1]
    text = "\n".join(flat(text) for field in SEARCHED for text in field.type.texts(field.get(show)) if text)
    if len(_remembered) >= _REMEMBERED_SHOWS:
        _remembered.clear()
    _remembered[id(show)] = (show, text)
    return text
