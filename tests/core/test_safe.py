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


ACTING = (  # first and last of what is never shown as it is, and has no sign of its own
    *(
        (0x80, 0x9F),
        (0xAD, 0xAD),
        (0x61C, 0x61C),
        (0x180E, 0x180E),
        (0x200B, 0x200B),
        (0x200E, 0x200F),
        (0x2028, 0x202E),
    ),
    *((0x2060, 0x206F), (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF)),
)


@pytest.mark.parametrize(("first", "last"), ACTING, ids=[f"{first:x}" for first, _ in ACTING])
def test_what_acts_is_hidden_from_its_first_to_its_last(first: int, last: int) -> None:
    for code in {first, last, (first + last) // 2}:
        assert safe(f"a{chr(code)}b\n") == "a\ufffdb␊"
    for code in (first - 1, last + 1):
        if not any(a <= code <= b for a, b in ACTING) and code != 0x7F:
            assert safe(f"a{chr(code)}b\n") == f"a{chr(code)}b␊"


def test_every_control_has_its_sign() -> None:
    shown = "".join(map(chr, range(0x2400, 0x2420)))
    controls = "".join(map(chr, range(0x20)))
    assert safe(controls) == shown
    assert safe(controls, lines=True) == shown.replace("␉", "\t").replace("␊", "\n")
    assert safe("\x7f ~\n") == "␡ ~␊"
