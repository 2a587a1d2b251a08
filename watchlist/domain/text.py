"""Helpers for text: folding for comparison, slugs, lists, number ranges, dates, counts and sizes."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from datetime import date

from watchlist.domain.dates import PartialDate

MAX_EPISODES = 20_000  # maximum per season; the longest-running daily shows have about 15,000 episodes


def fold(text: str) -> str:
    """Return `text` for comparison, without case, accents and typographic quotes: `renee` for "Renée" and "RENEE"."""
    if text.isascii():
        return text.lower()
    return _NOT_ASCII.sub(_fold_run, text).casefold()


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# Letters and signs that NFKD does not decompose, and the ASCII that people type for them.
_ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
    | dict.fromkeys("‘’‚‛′", "'")
    | dict.fromkeys("“”„‟", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
)


def _fold_run(match: re.Match[str]) -> str:
    return _folded(match[0])


@functools.lru_cache(4096)  # most texts repeat the same runs: é, ’ and –
def _folded(run: str) -> str:
    import unicodedata  # saves loading a large C module: many lists are plain ASCII

    plain = unicodedata.normalize("NFKD", run.casefold()).casefold().translate(_ALIKE)
    return "".join(c for c in without_invisible(plain) if not unicodedata.combining(c))


# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt), and the annotation marks U+FFF9 to U+FFFB.
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)


def without_invisible(text: str) -> str:
    """Return `text` without invisible characters: soft hyphens, direction marks, joiners, variation selectors."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def slug(text: str) -> str:
    """Return `text` as an id of at most 80 characters: lower-case letters and digits, joined by hyphens, never empty."""
    words = re.findall(r"[^\W_]+", fold(text).replace("'", "").replace("’", ""))
    return "-".join(words)[:80].strip("-") or "show"


def unused(wanted: str, taken: Iterable[str]) -> str:
    """Return an id that is not in `taken`: `wanted` or, if it is taken, `wanted-2`, `wanted-3` and so on."""
    taken_names = taken if isinstance(taken, (set, frozenset, dict)) else set(taken)
    name, number = wanted, 2
    while name in taken_names:
        name, number = f"{wanted}-{number}", number + 1
    return name


def split_list(text: str, separators: str = ",\n") -> tuple[str, ...]:
    """Split a list into its items: `a, "b, c"` into `("a", "b, c")`.

    Separators inside quotes do not separate. A doubled quote inside quotes is one quote.
    """
    items: list[str] = []
    for match in re.finditer(
        rf'\s*(?:"((?:[^"]|"")*)"\s*(?=[{separators}]|$)|([^{separators}]*))([{separators}]|$)', text
    ):
        item = match[1].replace('""', '"') if match[1] is not None else match[2].strip()
        if item:
            items.append(item)
        if match.end() == len(text):
            break
    return tuple(items)


def join_list(items: Iterable[str], separators: str = ",\n") -> str:
    """Join items to a text that `split_list` can split, with the first of `separators` between them."""
    return f"{separators[0]} ".join(_quoted(item, separators) for item in items)


def _quoted(item: str, separators: str) -> str:
    plain = item == item.strip() and not item.startswith('"') and not any(c in item for c in separators)
    return item if plain else '"' + item.replace('"', '""') + '"'


def filled_lines(text: str) -> list[str]:
    """Return the lines of `text` that are not blank, without blanks at both ends."""
    return [line.strip() for line in text.replace("\0", "").splitlines() if line.strip("\0 \t")]


def join_lines(text: str) -> str:
    """Return `text` on one line: tabs become blanks, several lines are joined by blanks."""
    plain = text.replace("\0", "").replace("\t", " ")
    lines = plain.splitlines()
    return " ".join(filled_lines(plain)) if len(lines) > 1 else "".join(lines)


def join_values(text: str, before: str = "", after: str = "") -> str:
    """Return pasted `text` as items of a comma-separated list. `before` and `after` are the text on both sides of the cursor.

    Several lines become one item each, with commas that separate them from `before` and `after`. A single line is
    inserted unchanged, because it may contain several items.
    """
    lines = filled_lines(text)
    if len(lines) < 2:
        return join_lines(text)
    values = [line.removesuffix(",").rstrip() for line in lines]
    quoted = [split_list(value) if value.startswith('"') else () for value in values]
    joined = join_list(
        parts[0] if len(parts) == 1 else value for value, parts in zip(values, quoted, strict=True) if value
    )
    left = "" if not before.strip() or before.endswith(", ") else " " if before.endswith(",") else ", "
    right = "" if not after.strip() or after.lstrip().startswith(",") else ", "
    return left + joined + right


def parse_ranges(text: str) -> tuple[int, ...]:
    """Return the numbers of `1-3, 5` as `(1, 2, 3, 5)`: sorted, without duplicates. Raise ValueError for other texts."""
    spans: list[tuple[int, int]] = []
    for part in text.split(","):
        if not (part := part.strip()):
            continue
        match = re.fullmatch(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?", part, re.ASCII)
        if match is None:
            raise ValueError(f'"{part}" is not an episode number or a range like 1-3')
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= MAX_EPISODES:
            raise ValueError(f'"{part}" is not a range of episodes')
        spans.append((first, last))
    numbers: list[int] = []
    for first, last in sorted(spans):  # thousands of overlapping ranges must not be expanded one by one
        numbers += range(max(first, numbers[-1] + 1 if numbers else first), last + 1)
    return tuple(numbers)


def format_ranges(numbers: Sequence[int]) -> str:
    """Return numbers as ranges: `(1, 2, 3, 5)` as `1-3, 5`. The inverse of `parse_ranges`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def long_date(value: date | PartialDate | None) -> str:
    """Return `9 July 2025`, `July 2025` or `2025`; empty for None. Month names are English in every locale."""
    if isinstance(value, PartialDate):
        return f"{month_name(value.month)} {value.year}" if value.month is not None else str(value.year)
    return f"{value.day} {month_name(value.month)} {value.year}" if value is not None else ""


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def short_date(value: date | PartialDate) -> str:
    """Return a day as `28 Feb 2026`. A date without a day is written as by `long_date`."""
    return f"{value.day} {month_name(value.month)[:3]} {value.year}" if isinstance(value, date) else long_date(value)


def month_name(month: int) -> str:
    """Return the English name of a month: `July` for 7."""
    return _MONTHS[month - 1]


def minutes(count: int) -> str:
    """Return a number of minutes as text: `46 min`, `1 h 40 min`, `3 h`."""
    hours, rest = divmod(count, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


def hours(minutes: int) -> str:
    """Return a number of minutes in hours as text: `12.5 h`; without decimals from 100 hours on."""
    return f"{minutes / 60:,.1f} h" if minutes < 6000 else f"{minutes / 60:,.0f} h"


def counted(number: int, noun: str) -> str:
    """Return a number with a noun: `1 show`, `12 shows`, `1,200 shows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def megabytes(size: int) -> str:
    """Return a number of bytes as text: `0.4 MB`, `1,234.5 MB`. A megabyte is a million bytes."""
    return f"{size / 1e6:,.1f} MB"
