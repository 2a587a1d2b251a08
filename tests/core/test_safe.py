"""Nothing in user text acts on a terminal, everything in it is seen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.safe import safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ballard", "Ballard"),
        ("[REC] x [/oops]", "[REC] x [/oops]"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\x9b31m", "�31m"),
        ("a\u202eb\u2066c", "a�b�c"),
        ("soft\xadhyphen", "soft�hyphen"),
        ("two\nlines\tand", "two␊lines␉and"),
        ("\ud800", "�"),
        ("👩\u200d🚀 e\u0301 三体", "👩\u200d🚀 e\u0301 三体"),
        ("", ""),
    ],
)
def test_controls_are_made_visible(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_long_text_keeps_its_lines() -> None:
    assert safe("a\n\tb\r\x1b", lines=True) == "a\n\tb␍␛"


ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x1b\x9b\x00\u202e\u200b\ufeff\n\t\U000e0041"))


@given(ANY, st.booleans())
def test_no_control_is_left(text: str, lines: bool) -> None:
    shown = safe(text, lines=lines)
    left = {c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")}
    assert left <= ({"\n", "\t"} if lines else set())
    assert not {unicodedata.bidirectional(c) for c in shown} & {
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
        "PDI",
    }
    shown.encode()


@given(ANY)
def test_it_keeps_the_length_and_is_done_after_once(text: str) -> None:
    assert len(safe(text)) == len(text)
    assert safe(safe(text)) == safe(text)
    if text.isprintable():
        assert safe(text) == text
