"""Regular expressions in queries, searched so that no pattern takes forever.

A way is one choice of what each branch and each repeat of a pattern matches. `re` tries one way after another, and
patterns such as `.*.*.*.*x`, `(a+)+` and `a?a?a?aaa` have too many ways. Patterns with few ways are searched by `re`,
all others by `automata`, which reads a text once.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

MAX_CHARS = 200  # maximum length of a pattern
MAX_WAYS = 300  # maximum number of ways that `re` may have to try from one position of the text

Search = Callable[[str], bool]


def compile_pattern(text: str) -> Search:
    """Return a function that returns True if a text contains a match of the regular expression `text`, ignoring case.

    Raises:
        ValueError: `text` is not a regular expression, has more than MAX_CHARS characters, or is too large with all
            repeats written out. Also raised for a pattern with lookaround or references to groups that `re` might
            search forever.
    """
    if len(text) > MAX_CHARS:
        raise ValueError(f"a regular expression has {MAX_CHARS} characters at most")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about syntax that may change its meaning in later Pythons
            compiled = re.compile(text, re.IGNORECASE)
            tree: Any = _parser().parse(text, re.IGNORECASE)
            ways = _ways_of(tree)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f'"{text}" is not a regular expression: {error}') from None
    if ways.open == 0 and ways.fixed <= MAX_WAYS:
        return lambda text: compiled.search(text) is not None
    from watchlist.query import automata  # saves 1 ms for most patterns, which do not need it

    try:
        steps = automata.automaton(tree)
    except automata.UnsupportedPattern:
        raise ValueError(f'"{text}" can take forever: it repeats, and looks around or refers to a group') from None
    except automata.PatternTooLarge:
        raise ValueError(f'"{text}" is too long with all its repeats written out') from None

    def search(text: str) -> bool:
        if ways.fixed * len(text) ** ways.open <= MAX_WAYS:
            return compiled.search(text) is not None
        return steps.search(text)

    return search


def _parser() -> Any:
    """Return the parser of `re`, which has no public name."""
    return import_module("re._parser")


class _Ways(NamedTuple):
    """The maximum number of ways to match a pattern at one position of a text of length n: `fixed` * n ** `open`."""

    fixed: int
    open: int


_NEVER = _Ways(MAX_WAYS + 1, 0)  # more ways than `re` is allowed to try


def _ways_of(tree: Any) -> _Ways:
    fixed, open = 1, 0
    for name, value in tree:
        ways = _ways_of_item(str(name), value)
        fixed, open = min(fixed * ways.fixed, MAX_WAYS + 1), open + ways.open
    return _Ways(fixed, open)


def _ways_of_item(name: str, value: Any) -> _Ways:
    if name == "BRANCH":
        branches = [_ways_of(branch) for branch in value[1]]
        return _Ways(sum(ways.fixed for ways in branches), max(ways.open for ways in branches))
    if name == "SUBPATTERN":
        return _ways_of(value[-1])
    if name in ("ASSERT", "ASSERT_NOT"):
        return _ways_of(value[1])
    if name == "ATOMIC_GROUP":
        return _ways_of(value)
    if name == "GROUPREF_EXISTS":
        branches = [_ways_of(branch) for branch in value[1:] if branch is not None]
        return _Ways(sum(ways.fixed for ways in branches), max(ways.open for ways in branches))
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        low, high, body = value
        single = len(body) == 1 and str(body[0][0]) in ("LITERAL", "NOT_LITERAL", "ANY", "IN")
        if single:
            # Each possible number of repetitions is one way to match.
            return _Ways(1, 1) if high > MAX_WAYS else _Ways(max(int(high), int(high) - int(low) + 1), 0)
        inside = _ways_of(body)
        if inside.open or high > MAX_WAYS:
            return _NEVER
        ways = max(sum(inside.fixed**n for n in range(int(low), int(high) + 1)), int(high) * inside.fixed)
        return _Ways(min(ways, MAX_WAYS + 1), 0)
    return _Ways(1, 0)
