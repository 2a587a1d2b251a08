"""Arguments of a shell as query text: the shell has taken the quotes away that the grammar wants."""

from __future__ import annotations

import re
from collections.abc import Callable

from watchlist.query.terms import match_key, quoted


def from_shell(word: str, known: Callable[[str], bool]) -> str:
    """One argument as query text.

    Without blanks inside, it is query text as it stands. With blanks it is **one term** whose value holds them, as the
    quotes of the shell meant it (`"maggie q"`, `"title:the wire"`, `"-genre:science fiction,film noir"`), unless there
    is something in it that only query text has: double quotes, or after its first word a known field's term, a negated
    word, or a comma that stands alone (`"status:planned rating:4.."`, `"dune -lynch"`, `"dune , heat"`).
    """
    pieces = word.split()
    if len(pieces) < 2 or '"' in word or any(_only_query(piece, known) for piece in pieces[1:]):
        return word
    word = word.strip()
    negated = word[0] in "-^"
    key = match_key(word, negated, known)
    end = key.end() if key else int(negated)
    head, value = word[:end], word[end:].strip()
    values = [value] if head.endswith("::") else re.split(r",(?=\S)", value)
    return head + ",".join(quoted(part) if " " in " ".join(part.split()) else part for part in values)


def _only_query(piece: str, known: Callable[[str], bool]) -> bool:
    """Whether a word can't be a part of a phrase."""
    negated = piece[0] in "-^"
    key = match_key(piece, negated, known)
    is_field = key is not None and known(key[1]) and key.end() < len(piece)
    return piece == "," or is_field or (negated and len(piece) > 1)
