"""Regular expressions of a query, kept from those that take for ever."""

from __future__ import annotations

import re
import warnings

LONGEST = 200  # characters
MOST_REPEATS = 6


def compile_pattern(text: str) -> re.Pattern[str]:
    """A regular expression, case ignored. ValueError where it is none, or one that could take for ever.

    A repeated group that holds a repeat or a choice, as in `(a+)+` or `(a|a)*`, can take time that doubles with every
    letter of the text, and so can many repeats in a row: the first is refused, so are more than MOST_REPEATS repeats or
    LONGEST characters. What is left can be slow on long text, not endless.
    """
    if len(text) > LONGEST:
        raise ValueError(f"a regular expression has {LONGEST} characters at most")
    parts = _PARTS.findall(text)
    if sum(part in _REPEATS for part in parts) > MOST_REPEATS:
        raise ValueError(f"a regular expression has {MOST_REPEATS} repeats at most")
    if _explodes(parts):
        raise ValueError(f'"{text}" repeats a group that holds a repeat or a choice, which can take for ever')
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about spellings that may change their meaning one day
            return re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f'"{text}" is not a regular expression: {error}') from None


# An escaped character, a set of characters, or any other character.
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_REPEATS = ("*", "+", "{")


def _explodes(parts: list[str]) -> bool:
    """Whether a group that holds a repeat or a choice is itself repeated."""
    groups = [False]  # of each group that is open: whether it holds one
    for before, part, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        if part == "(":
            groups.append(False)
        elif part == ")" and len(groups) > 1:
            holds = groups.pop()
            if holds and after in _REPEATS:
                return True
            groups[-1] |= holds
        elif part in (*_REPEATS, "|") or (part == "?" and before != "("):  # (?: only opens a group
            groups[-1] = True
    return False
