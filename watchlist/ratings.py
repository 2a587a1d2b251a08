"""Ratings: kept in stars, typed and shown on the user's scale, never rounded."""

from __future__ import annotations

import re

from watchlist.values import Value

SCALES = {"stars": 5, "10": 10, "100": 100}
MILLION = 10**6


class Style(Value):
    """How values are typed and shown: the scale of ratings, and whether glyphs are kept to ASCII."""

    scale: str = "stars"
    ascii: bool = False

    def __hash__(self) -> int:  # asked for with every cell that is drawn
        return hash((self.scale, self.ascii))

    @property
    def top(self) -> int:
        """The best rating on this scale."""
        return SCALES[self.scale]


STARS = Style()


def check_rating(value: object) -> float:
    """A stored rating as stars. ValueError for anything but a number over 0 and up to 5 with two decimals at most."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("a rating is a number of stars, over 0 and up to 5")
    if not 0 < value <= 5:
        raise ValueError(f"{value} is not within 5 stars; a rating is over 0 and up to 5")
    if round(value, 2) != value:
        raise ValueError(f"{value} has more than two decimals")
    return float(value)


def parse_rating(text: str, style: Style = STARS) -> float | None:
    """`4.5`, `9/10`, `90/100`, `★★★★½` or `****+` as stars; `-`, `0` and nothing clear it (None). Exact, or ValueError.

    A bare number is on the style's scale: with scale "10", `9` is 4.5 stars.
    """
    text = text.strip()
    if text in ("", "-"):
        return None
    if glyphs := re.fullmatch(r"(?=[★*½+])([★*]*)([½+]?)[☆-]*", text):
        return check_rating(len(glyphs[1]) + len(glyphs[2]) / 2)
    match = re.fullmatch(r"(\d{1,4}(?:[.,]\d{0,6})?|[.,]\d{1,6})\s*(?:/\s*(5|10|100))?", text, re.ASCII)
    if match is None:
        raise ValueError(f'"{text}" is not a rating; 4.5 is, and 9/10, and ★★★★½')
    whole, _, decimals = match[1].replace(",", ".").partition(".")
    number, top = int(whole + decimals.ljust(6, "0")), int(match[2] or style.top)  # in millionths, so that it is exact
    if number == 0:
        return None
    if number > top * MILLION:
        raise ValueError(f"{_plain(number / MILLION)} is more than {'5 stars; 9/10 works too' if top == 5 else top}")
    hundredths, rest = divmod(number * 500, top * MILLION)
    if rest:
        raise ValueError(f"{_plain(number / MILLION)}/{top} has more than two decimals in stars")
    return hundredths / 100


def format_rating(rating: float | None, style: Style = STARS) -> str:
    """The number on the style's scale, exact: `4.35`, or `87` with scale "100". Empty where not rated."""
    return "" if rating is None else _plain(round(rating * 100) * (style.top // 5) / 100)


def show_rating(rating: float | None, style: Style = STARS) -> str:
    """The number with its scale where it needs one: `4.5`, `9/10`, `87/100`."""
    number = format_rating(rating, style)
    return number if rating is None or style.top == 5 else f"{number}/{style.top}"


def stars(rating: float | None, style: Style = STARS) -> str:
    """Five glyphs, to the nearest half: `★★★★½`, `★★★☆☆`, `·····` where not rated. The number is said beside them."""
    full, half, empty, none = "*+-." if style.ascii else "★½☆·"
    if rating is None:
        return none * 5
    halves = max(1, int(rating * 2 + 0.5))
    return (full * (halves // 2) + half * (halves % 2)).ljust(5, empty)


def _plain(number: float) -> str:
    """A number of six decimals at most, without the zeros at its end."""
    return f"{number:f}".rstrip("0").rstrip(".")
