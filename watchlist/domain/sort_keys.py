"""Sort keys of texts and titles: case and accents do not matter, numbers are sorted by value, articles are skipped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from watchlist.domain.text import fold

_NUMBER, _ASCII_NUMBER = re.compile(r"\d+"), re.compile("[0-9]+")  # the second is three times as fast


def sort_key(text: str) -> str:
    """Return a sort key that ignores case and accents, and sorts numbers by value: `24` before `2012`."""
    return _with_number_keys(fold(text))


def _with_number_keys(folded: str) -> str:
    return (_ASCII_NUMBER if folded.isascii() else _NUMBER).sub(_number_key, folded)


def _number_key(match: re.Match[str]) -> str:
    """Return a text that sorts like the number: its digits, preceded by a code of their count, e.g. `224` for `24`.

    The code of n digits is a `9` for every nine digits, followed by n % 9, so that longer numbers sort later.
    """
    digits = match[0]
    if digits.isascii() and len(digits) < 9 and digits[0] != "0":
        return f"{len(digits)}{digits}"  # the common case
    if not digits.isascii():
        import unicodedata  # slow to load, and digits of other scripts are rare

        digits = "".join(str(unicodedata.decimal(digit)) for digit in digits)
    digits = digits.lstrip("0") or "0"
    nines, rest = divmod(len(digits), 9)
    return "9" * nines + str(rest) + digits


def title_sort_key(title: str, articles: Sequence[str] = ()) -> str:
    """Return the `sort_key` of a title without its leading article, unless the title is only an article.

    Args:
        articles: Case-folded articles. An article that ends in an apostrophe (`l'`) needs no blank after it.
    """
    folded = fold(title).lstrip()
    for article in articles:
        if not folded.startswith(article):
            continue
        rest = folded[len(article) :]
        if (article.endswith("'") or rest[:1].isspace()) and rest.strip():
            return _with_number_keys(rest.lstrip())
    return _with_number_keys(folded)
