"""Hints for mistyped ranges such as `4...5`, `4-5`, `5..4` or `=>4`: the mistake and the probable intention."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

Readable = Callable[[str], bool]

EXTRA_DOTS = re.compile(r"\.{3,}|…|‥")
_COMPARED = re.compile(r"\s*(=>|=<|>\s+=|<\s+=|==|<>|!=|>=|<=|[≥≤≠<>=!])\s*(.*)", re.DOTALL)
_SIGNS = {"=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", "==": "", "=": "", "<>": "-", "!=": "-", "≠": "-", "!": "-"}
_BETWEEN = re.compile(r"\s*(?:[-\u2010-\u2015\u2212~:;/]|\bto\b|\bbis\b|\band\b)\s*", re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})(?:-?[1-7])?", re.ASCII | re.IGNORECASE)
_OTHER_DATE = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?\.?|(\d{4}-\d{1,2}-\d{1,2})[T ].*", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", re.ASCII)


def advice(text: str, reads: Readable) -> str:
    """Return the rest of a message that begins with the mistyped range: `runs backwards; write 4..5`.

    Returns an empty text if the mistake is unknown.

    Args:
        text: The typed text, which is not a valid range.
        reads: Returns True if a text is a valid value or range of the field.
    """
    for fault, correction in _slips(text.strip()):
        if not correction:
            return fault
        if reads(correction):
            return f"{fault}; write {correction}"
    return ""


def _slips(text: str) -> Iterator[tuple[str, str]]:
    """Yield (possible mistake, corrected range) for a mistyped range, e.g. `("runs backwards", "4..5")`.

    The range is empty if no correction is known. The caller uses the first pair whose range is valid or empty.
    """
    if EXTRA_DOTS.search(text):
        fault = "has one dot too many" if re.search(r"(?<!\.)\.{3}(?!\.)", text) else "has too many dots"
        yield "needs two dots" if re.search("[…‥]", text) else fault, EXTRA_DOTS.sub("..", text)
        yield "has too many dots; write 4.., ..5 or 4..5", ""
    if compared := _COMPARED.fullmatch(text):
        yield from _slips_of_sign(re.sub(r"\s", "", compared[1]), compared[2], text)
    if text.count("..") > 1:
        ends = [part for part in text.split("..") if part]
        if len(ends) > 1:
            yield "is more than one range", f"{ends[0]}..{ends[-1]}"
        yield "is more than one range; write one, e.g. 4.., ..5 or 4..5", ""
    elif ".." in text:
        before, after = (part.strip(" .") for part in text.split("..", 1))
        if not before and not after:
            yield 'has no beginning and no end; write 4.., ..5 or 4..5, or "any" for all values', ""
        yield "has a sign inside", f"{before.lstrip('>=<')}..{after.lstrip('>=<')}"
        yield "runs backwards", f"{after}..{before}"
        yield "has one dot too many", f"{before}..{after}"
        return
    yield from _slips_of_dates(text)
    yield "has one dot too many", text.rstrip(".")
    for between in _BETWEEN.finditer(text):
        low, high = text[: between.start()], text[between.end() :]
        if low and high:
            yield "is not a range", f"{low}..{high}"
            yield "is not a range, and would run backwards", f"{high}..{low}"
        elif low:
            yield "is not a range", f"{low}.."
    if text.endswith("+"):
        yield "is not a range", f"{text[:-1]}.."


def _slips_of_sign(sign: str, value: str, text: str) -> Iterator[tuple[str, str]]:
    written = _SIGNS.get(sign, sign)
    bare = value.strip(" .")
    if not bare:
        yield f'has nothing after "{sign}"; write >=4, >4, <=4 or <4', ""
    elif written == "-":
        yield "is not a range; put - before the field to leave out what matches", ""
    elif sign != written:
        yield f'begins with "{sign}"', f"{written}{value}"
    if ".." in value:
        yield f'has both "{sign}" and ".."', f"{written}{bare.split('..')[0]}" if ">" in sign else bare
    if other := re.search(r"[<>]=?", value):
        low, high = sorted((bare[: other.start()], bare[other.end() :].strip()), key=lambda _: "<" in sign)
        yield "is two ranges", f"{low}..{high}"
    yield "has one dot too many", f"{written}{bare}"


def _slips_of_dates(text: str) -> Iterator[tuple[str, str]]:
    if week := _WEEK.fullmatch(text):
        try:
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            yield "is a week", f"{monday}..{monday + timedelta(days=6)}"
        except (ValueError, OverflowError):
            yield "is not in the calendar", ""
    if other := _OTHER_DATE.fullmatch(text):
        parts = [part for part in other.groups()[:3] if part]
        yield "is not a date", other[4] or "-".join(part.zfill(2) for part in parts)
    if day_first := _DAY_FIRST.fullmatch(text):
        yield "is not a date", f"{day_first[3]}-{day_first[2]:0>2}-{day_first[1]:0>2}"
