"""Converts shell arguments to query text, restoring the quotes that the shell removed."""

from __future__ import annotations

import re
from collections.abc import Callable

from watchlist.query.grammar import match_key, quoted


def from_shell(word: str, is_key: Callable[[str], bool]) -> str:
    """Convert a shell argument to query text. `is_key` returns True for the names of fields.

    An argument without blanks is query text already. An argument with blanks is one term whose value contains the
    blanks (`"maggie q"`, `"title:the wire"`, `"-genre:science fiction,film noir"`), unless it contains something that
    only queries have: double quotes, a separate comma or, after its first word, a term of a known field or a negated
    word (`"dune , heat"`, `"status:planned rating:4.."`, `"dune -lynch"`). Then it is a whole query.
    """
    if key_and_rest := _own_key(word, is_key):
        head, rest = key_and_rest
        whole_query = '"' in rest or any(_only_query(piece, is_key) for piece in rest.split()[1:])
        return head + (rest.lstrip() if whole_query else _quoted_values(head, rest.strip()))
    pieces = word.split()
    if len(pieces) < 2 or '"' in word or pieces[0] == "," or any(_only_query(piece, is_key) for piece in pieces[1:]):
        return word
    word = word.strip()
    negated = word[0] in "-^"
    key = match_key(word, negated, is_key)
    end = key.end if key else int(negated)
    head, value = word[:end], word[end:].strip()
    return head + _quoted_values(head, value)


def _quoted_values(head: str, value: str) -> str:
    values = [value] if head.endswith("::") else re.split(r",(?=\S|$)", value)
    return ",".join(quoted(part) if " " in " ".join(part.split()) else part for part in values)


def _own_key(word: str, is_key: Callable[[str], bool]) -> tuple[str, str] | None:
    """Split an argument that begins with a known key that contains blanks into (key in quotes with its colon, rest).

    For example, `lent to:bob` gives `"lent to":` and `bob`. Returns None for other arguments. `is_key` returns True for
    known keys.
    """
    match = re.match(r'\s*([-^]?)([^":]*\s[^":]*):([:=]?)', word)
    if match is None or not is_key(name := " ".join(match[2].split())):
        return None
    return f"{match[1]}{quoted(name)}:{match[3]}", word[match.end() :]


def _only_query(piece: str, is_key: Callable[[str], bool]) -> bool:
    """Return True if `piece` can only be part of a query: it is a comma, a term of a known field or a negated word.

    `is_key` returns True for known fields.
    """
    negated = piece[0] in "-^"
    key = match_key(piece, negated, is_key)
    is_field = key is not None and is_key(key.name) and key.end < len(piece)
    return piece == "," or is_field or (negated and len(piece) > 1)
