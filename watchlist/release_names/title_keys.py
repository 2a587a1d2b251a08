"""Keys by which the title in a file's name is compared with the titles of a list.

Two titles are the same if they share a key. Case, accents, punctuation and apostrophes are ignored; no word ever is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from watchlist.domain.text import fold
from watchlist.release_names.parser import NUMBER_WORDS
from watchlist.release_names.words import COUNTRIES, END, START

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_JOINTS = r"(?<=\w)[-/·*:‐‑–](?=\w)"  # between the halves of Spider-Man, Face/Off, WALL·E, Re:Zero
_APOSTROPHES = "['’`´]"


@lru_cache(1024)
def keys(title: str) -> frozenset[str]:
    """Return the keys of a title. It has several if it can be written in several ways: `spider man` and `spiderman`."""
    spellings = {title}
    if not title.isascii():
        spellings.add(title.lower().translate(_UMLAUTS))
    spellings |= {re.sub(_JOINTS, "", spelling) for spelling in spellings}
    spellings |= {re.sub(_APOSTROPHES, " ", spelling) for spelling in spellings}
    return frozenset(filter(None, map(_key, spellings)))


def _key(title: str) -> str:
    text = re.sub(_APOSTROPHES, "", fold(title))
    text = re.sub(r"(?<!\w)[&+](?!\w)|&", " and ", text)
    words = re.findall(r"[^\W_]+", text)
    for index in range(len(words) - 1):  # Part II, Part Two, Part 2
        if words[index] in ("part", "pt", "vol", "volume", "chapter"):
            words[index] = {"pt": "part", "volume": "vol"}.get(words[index], words[index])
            words[index + 1] = str(NUMBER_WORDS.get(words[index + 1], words[index + 1]))
    text = " ".join(words)
    # S.W.A.T. is SWAT, but U.S. is not Us: only three letters or more are one word.
    return re.sub(r"\b\w(?: \w\b){2,}", lambda match: match[0].replace(" ", ""), text)


def initial(title: str) -> str:
    """Return the letter with which all keys of a title begin; empty if that is not clear. This is much faster than `keys`."""
    first = fold(title[:1])
    return first[0] if first[:1].isalnum() else ""


def marks(title: str) -> tuple[str, int | None, str]:
    """Return (title, year, country) of a title on the list, e.g. of `The Office (US)` or `House of Cards (1990)`.

    Year and country are None and empty if the title does not end with them in parentheses.
    """
    year, country = None, ""
    while match := re.search(
        rf"^(.*\w.*?)\s*\((?:(\d{{4}})|{START}({'|'.join(COUNTRIES)}){END})\)$", title, re.IGNORECASE
    ):
        title = match[1]
        year = int(match[2]) if match[2] else year
        country = COUNTRIES[match[3].lower()] if match[3] else country
    return title, year, country
