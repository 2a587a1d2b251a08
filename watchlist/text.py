"""Small text forms that more than one field shares: folding for search, slugs, lists, episode ranges, dates."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

MAX_EPISODES = 20_000  # of one season: the longest-running daily shows have about 15,000


def fold(text: str) -> str:
    """`text` for comparing: case, accents and typographic quotes ignored ("Renée" and "RENEE" are one)."""
    if text.isascii():
        return text.lower()
    return _NOT_ASCII.sub(_fold_run, text).casefold()


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# What Unicode does not take apart, and what people type for it.
_ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
    | dict.fromkeys("‘’‚‛′", "'")
    | dict.fromkeys("“”„‟", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
)


def _fold_run(match: re.Match[str]) -> str:
    return _folded(match[0])


@functools.lru_cache(4096)  # in most texts the same few: é, ’ and –
def _folded(run: str) -> str:
    import unicodedata  # a list in ASCII does not wait for it

    plain = unicodedata.normalize("NFKD", run.casefold()).casefold().translate(_ALIKE)
    return "".join(c for c in plain if not unicodedata.combining(c))


def slug(text: str) -> str:
    """`text` as an id: lower-case letters and digits of any script, joined by hyphens. Never empty."""
    words = re.findall(r"[^\W_]+", fold(text).replace("'", "").replace("’", ""))
    return "-".join(words)[:80].strip("-") or "show"


def unused(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` ... where it is taken."""
    known = taken if isinstance(taken, (set, frozenset, dict)) else set(taken)
    name, number = wanted, 2
    while name in known:
        name, number = f"{wanted}-{number}", number + 1
    return name


def split_list(text: str, separators: str = ",\n") -> tuple[str, ...]:
    """`a, "b, c"` as `("a", "b, c")`. Quotes hold separators; a doubled quote inside quotes is one quote."""
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
    """The inverse of `split_list`, for items that are not empty."""
    return f"{separators[0]} ".join(_quoted(item, separators) for item in items)


def _quoted(item: str, separators: str) -> str:
    plain = item == item.strip() and not item.startswith('"') and not any(c in item for c in separators)
    return item if plain else '"' + item.replace('"', '""') + '"'


def parse_ranges(text: str) -> tuple[int, ...]:
    """`1-3, 5` as `(1, 2, 3, 5)`: sorted, each once. ValueError says what is wrong."""
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
    for first, last in sorted(spans):  # thousands of them may say the same numbers over and over
        numbers += range(max(first, numbers[-1] + 1 if numbers else first), last + 1)
    return tuple(numbers)


def format_ranges(numbers: Sequence[int]) -> str:
    """The inverse of `parse_ranges`: `(1, 2, 3, 5)` as `1-3, 5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def parse_moment(text: str) -> date | datetime:
    """`2026-11-20` as a date, `2026-11-20 21:30` as a local datetime. ValueError where it is neither."""
    text = text.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return date.fromisoformat(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", text, re.ASCII):
        return datetime.fromisoformat(text)
    raise ValueError(f'"{text}" is not a date like 2026-11-20')


def long_date(value: date | None) -> str:
    """`9 July 2025`; empty for None. English month names, whatever the locale."""
    return f"{value.day} {month_name(value.month)} {value.year}" if value is not None else ""


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def month_name(month: int) -> str:
    """`July` for 7."""
    return _MONTHS[month - 1]


def minutes(count: int) -> str:
    """A length of time in words: `46 min`, `1 h 40 min`, `3 h`."""
    hours, rest = divmod(count, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


def hours(minutes: int) -> str:
    """`12.5 h`; without a decimal from a hundred hours on."""
    return f"{minutes / 60:,.1f} h" if minutes < 6000 else f"{minutes / 60:,.0f} h"


def counted(number: int, noun: str) -> str:
    """`1 show`, `12 shows`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
