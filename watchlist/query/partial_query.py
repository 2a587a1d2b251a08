"""Queries that are still being typed: their finished terms, and one hint about an unfinished term.

A term, or one of its values, is unfinished if the query language does not accept it yet: `status:wat`, `ratng:4`,
`rating:4.`, `title::[`, a lone `-`. The last term is also unfinished if it matches nothing and more letters could
change that: `stat` on the way to `status:`, `year:19`, a phrase with an open quote. A plain word that matches nothing
is finished, unless it is similar to the name of a field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from watchlist.domain.field_types import ChoiceType, Date, Rating
from watchlist.domain.fields import BY_NAME, Field
from watchlist.domain.ratings import format_rating
from watchlist.errors import UsageError, nearest
from watchlist.query.compiler import WORDS, QueryContext, compile_terms
from watchlist.query.grammar import Piece, Term, TermValue, scan
from watchlist.query.is_words import IS
from watchlist.query.query import Query, Sort, compiled, sorts_of
from watchlist.sanitize import safe

MAX_NAMED = 6  # maximum number of names or values listed in a hint


class Partial(NamedTuple):
    """The query of all finished terms, and a hint about the first unfinished one. The hint is empty if all are finished."""

    query: Query
    hint: str


def parse_partial(text: str, context: QueryContext, finds: Callable[[Query], bool]) -> Partial:
    """Return the finished part of a query that is still being typed, and a hint about the rest. Never raises UsageError.

    Args:
        text: The typed text.
        context: The settings needed to compile the query.
        finds: A function that returns True if a query matches any show.
    """
    groups: list[list[Term]] = [[]]
    sorts: list[Sort] = []
    hints: list[str] = []
    last: Piece | None = None
    for piece in scan(text, context.is_key):
        if piece.term is None:
            groups.append([])
            continue
        term, hint = _finished(piece, context, at_end=piece.end == len(text))
        hints += [hint] * bool(hint)
        if term is None:
            continue
        if term.key.lower() == "sort":
            sorts += sorts_of(term, context)
        else:
            groups[-1].append(term)
            last = piece
    query = compiled(groups, sorts, context)
    if last is not None and last.end == len(text) and groups[-1] and _may_go_on(last, text) and not finds(query):
        without = compiled([*groups[:-1], groups[-1][:-1]], sorts, context)
        if finds(without) and (hint := _hint_of_nothing(last, text, context)):
            return Partial(without, next(iter(hints), hint))
    return Partial(query, next(iter(hints), ""))


def _finished(piece: Piece, context: QueryContext, *, at_end: bool) -> tuple[Term | None, str]:
    """Return (`piece` as a term with only its finished, i.e. valid values, hint about its first unfinished value).

    The term is None if no value is finished; the hint is empty if all values are finished.

    Args:
        at_end: True if the term ends the typed text, so that its last value may still grow.
    """
    term = piece.term
    assert term is not None
    if not term.values:
        return None, _hint_of_key(
            term, context
        ) if term.key else "- leaves out what follows, e.g. -tag:noir" * term.negated
    good, hint = [], ""
    for value in term.values:
        single = Term(term.key, term.sign, (value,), term.negated)
        try:
            if term.key.lower() == "sort":
                sorts_of(single, context)
            elif not term.key and not value.quoted and not value.text.strip(":="):
                raise UsageError("put a field before the colon, e.g. title:dune")
            else:
                compile_terms([[single]], context)
        except UsageError as error:
            hint = hint or _hint_of_value(single, value, context, error, at_end=at_end)
        else:
            good.append(value)
    if good and not (term.key or term.negated) and good[0].text[0] in "-^":  # without quotes, the sign would negate
        good[0] = good[0]._replace(quoted=True)
    return (Term(term.key, term.sign, tuple(good), term.negated) if good else None), hint


def _may_go_on(piece: Piece, text: str) -> bool:
    """Return True if more letters at the end of `piece`, the last term of `text`, could change its matches."""
    term = piece.term
    assert term is not None
    value = term.values[-1]
    if value.quoted:
        return _is_open(text[piece.start :])
    if not term.key:
        return True
    field = BY_NAME.get(term.key.lower())
    complete = term.key.lower() == "is" or (field is not None and isinstance(field.type, ChoiceType) and not term.sign)
    return not complete and value.text.lower() not in ("none", "any")


def _is_open(text: str) -> bool:
    """Return True if a quote in the text is not closed.

    Quotes inside quotes are doubled, so the number of quotes is odd if and only if the last one is open.
    """
    return text.count('"') % 2 == 1


def _hint_of_nothing(piece: Piece, text: str, context: QueryContext) -> str:
    """Return a hint about `piece`, the last term of `text`, which matches nothing; "" for a word unlike any field name."""
    term = piece.term
    assert term is not None
    value = term.values[-1]
    if value.quoted:
        return 'nothing found; " closes the quote'
    if term.key:
        return _hint_of_field(context.field(term.key), context, nothing=True)
    word = value.text.lower().rstrip(":=")
    if names := _completions(word, _names(context)):
        if len(names) == 1:
            return _hint_of_key(Term(names[0], "", ()), context)
        return _listed(f"{name}:" for name in names)
    near = nearest(word, _names(context)) if word else None
    if near is not None or value.text.endswith(":"):
        return _no_field(word, near)
    return f'nothing found without "{safe(value.text)}" yet' if term.negated else ""


def _hint_of_value(term: Term, value: TermValue, context: QueryContext, error: UsageError, *, at_end: bool) -> str:
    """Return a hint about an unfinished value: its possible completions, examples, or the message of `error`.

    Args:
        term: The term with only this value.
        error: Why the query language does not accept the value.
        at_end: True if the value may still grow, because its term ends the typed text.
    """
    key = term.key.lower()
    if key in WORDS or not term.key:
        choices = IS if key == "is" else tuple(BY_NAME) if key == "sort" else ()
        completions = _completions(value.text.lower(), choices) or (choices if key == "is" else ())
        return f"{key}: {_listed(completions)}" if completions and not term.sign else error.message
    if not context.is_key(term.key):
        return _no_field(term.key, nearest(term.key, _names(context)))
    field = context.field(term.key)
    if at_end and isinstance(field.type, ChoiceType) and not term.sign:
        words = [str(choice) for choice in field.type.choices]
        return f"{field.name}: {_listed(_completions(value.text.lower(), words) or words)}"
    if at_end and field.type.ordered and not term.sign:
        return _hint_of_field(field, context)
    if at_end and term.sign == ":":
        return f'{field.name}: "{safe(value.text)}" is not a finished regular expression'
    return error.message


def _hint_of_key(term: Term, context: QueryContext) -> str:
    """Return examples of what can follow the key of `term`, as text."""
    key = term.key.lower()
    if key in WORDS:
        return f"{key}: {_listed(IS if key == 'is' else ('title', 'rating-', 'year-', 'added-'))}"
    return _hint_of_field(context.field(term.key), context)


def _hint_of_field(field: Field, context: QueryContext, *, nothing: bool = False) -> str:
    """Return examples of a field's values as text. If `nothing`, the text begins by saying that nothing is found yet."""
    name = field.name
    if isinstance(field.type, ChoiceType):
        examples = [str(choice) for choice in field.type.choices]
    elif isinstance(field.type, Rating):
        examples = [*(_stars(context, *range_) for range_ in ((4.5,), (4, None), (None, 3))), "none"]
    elif isinstance(field.type, Date):
        examples = ["2026", "2026-05", "-30d", "2025.."]
    elif field.type.ordered:
        examples = ["2025", "1990..1999"] if name == "year" else ["30", "..100", "30..60"]
    else:
        examples = ["a part", "=the whole", ":a pattern", "none"]
    return f"{name}: {'nothing found yet, e.g. ' * nothing}{_listed(examples)}"


def _stars(context: QueryContext, low: float | None, *high: float | None) -> str:
    """Return a rating, or a range of ratings, as text on the user's scale: `4.5`, `4..`, `..3`.

    Args:
        low: The rating in stars, or the lower end of a range; None for an open end.
        high: The upper end of a range, in stars or None for an open end. Omitted for a single rating.
    """
    ends = [format_rating(end, context.style).removesuffix("/100").removesuffix("/10") for end in (low, *high)]
    return "..".join(ends)


def _names(context: QueryContext) -> tuple[str, ...]:
    """Return all names that can begin a term: fields, words of the query language, and the user's own keys."""
    return (*BY_NAME, *WORDS, *context.own_keys)


def _completions(word: str, names: Iterable[str]) -> list[str]:
    """Return those of `names` that begin with `word`. Of several names for one field, only the first is returned."""
    matches = [name for name in names if word and name.lower().startswith(word)]
    return list({BY_NAME[name].name if name in BY_NAME else name: name for name in reversed(matches)}.values())[::-1]


def _listed(words: Iterable[str]) -> str:
    all_words = list(words)
    return ", ".join(map(safe, all_words[:MAX_NAMED])) + ", ..." * (len(all_words) > MAX_NAMED)


def _no_field(key: str, near: str | None) -> str:
    return f'no field "{safe(key)}"' + (f"; {safe(near)}?" if near else "")
