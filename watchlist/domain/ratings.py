"""Ratings: stored in stars, typed and shown on the user's scale, never rounded when stored."""

from __future__ import annotations

import re

from watchlist.domain.frozen import Frozen

SCALES = {"stars": 5, "10": 10, "100": 100}  # the best rating of each scale
MILLION = 10**6


class DisplayStyle(Frozen):
    """How values are typed and shown: the scale of ratings, and whether only ASCII symbols are used."""

    scale: str = "stars"
    ascii: bool = False

    def __hash__(self) -> int:  # faster than the inherited hash: called for every drawn cell
        return hash((self.scale, self.ascii))

    @property
    def top(self) -> int:
        """The best rating on the scale."""
        return SCALES[self.scale]


STARS = DisplayStyle()


def check_rating(value: object) -> float:
    """Return `value`, a rating in stars, as a float.

    Raises:
        ValueError: The value is not a number above 0 and at most 5 with at most two decimals.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("a rating is a number of stars, over 0 and up to 5")
    if not 0 < value <= 5:
        raise ValueError(f"{value} is not within 5 stars; a rating is over 0 and up to 5")
    if round(value, 2) != value:
        raise ValueError(f"{value} has more than two decimals")
    return float(value)


def parse_rating(text: str, style: DisplayStyle = STARS) -> float | None:
    """Convert a typed rating to stars: `4.5`, `9/10`, `90/100`, `★★★★½` or `****+`. `-`, `0` or a blank text gives None.

    A plain number is on the scale of the style: with scale "10", `9` is 4.5 stars.

    Raises:
        ValueError: The text is not a rating, is above the best rating, or has more than two decimals in stars.
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
    number, top = int(whole + decimals.ljust(6, "0")), int(match[2] or style.top)  # in millionths: integers are exact
    if number == 0:
        return None
    if number > top * MILLION:
        raise ValueError(f"{_plain(number / MILLION)} is more than {'5 stars; 9/10 works too' if top == 5 else top}")
    hundredths, rest = divmod(number * 500, top * MILLION)
    if rest:
        raise ValueError(f"{_plain(number / MILLION)}/{top} has more than two decimals in stars")
    return hundredths / 100


def format_rating(rating: float | None, style: DisplayStyle = STARS) -> str:
    """Return the exact rating on the scale of the style: `4.35`, or `87` with scale "100". Empty if not rated."""
    return "" if rating is None else _plain(round(rating * 100) * (style.top // 5) / 100)


def show_rating(rating: float | None, style: DisplayStyle = STARS) -> str:
    """Return the rating followed by the scale, unless the scale is stars: `4.5`, `9/10`, `87/100`. Empty if not rated."""
    number = format_rating(rating, style)
    return number if rating is None or style.top == 5 else f"{number}/{style.top}"


def stars(rating: float | None, style: DisplayStyle = STARS) -> str:
    """Return a rating, 0.5 to 5 stars, as five symbols, rounded to half stars: `★★★★½`, or `·····` if not rated.

    `style` chooses between these symbols and ASCII; its scale does not matter.
    """
    full, half, empty, none = "*+-." if style.ascii else "★½☆·"
    if rating is None:
        return none * 5
    halves = max(1, int(rating * 2 + 0.5))
    return (full * (halves // 2) + half * (halves % 2)).ljust(5, empty)


def _plain(number: float) -> str:
    """Return a number with at most six decimals, without trailing zeros."""
    return f"{number:f}".rstrip("0").rstrip(".")
