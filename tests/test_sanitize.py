"""Nothing in user text acts on a terminal, everything in it is seen."""

from __future__ import annotations

import os
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.sanitize import safe, shell_word


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ballard", "Ballard"),
        ("[REC] x [/oops]", "[REC] x [/oops]"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\x9b31m", "�31m"),
        ("a\u202eb\u2066c", "a�b�c"),
        ("soft\xadhyphen", "softhyphen"),
        ("\u200eHeat\u200f \ufeff(1995)\u200b", "Heat (1995)"),
        ("\u200e\u200f", "��"),  # nothing else is there to be seen
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
def test_C6_it_loses_nothing_but_marks_and_is_done_after_once(text: str) -> None:
    shown = safe(text)
    assert len(shown) in (len(text), len(text) - sum(character in MARKS for character in text))
    assert shown or not text
    assert safe(shown) == shown
    assert len(safe(text, marks=True)) == len(text)
    if text.isprintable():
        assert safe(text) == text


MARKS = "\xad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff"  # harmless, without looks, and left out


@pytest.mark.parametrize("mark", MARKS, ids=[f"{ord(mark):x}" for mark in MARKS])
def test_C6_a_harmless_mark_is_left_out_of_text_and_seen_in_a_line_of_the_file(mark: str) -> None:
    assert safe(f"a{mark}b\n") == "ab␊"
    assert safe(f"a{mark}b\n", lines=True) == "ab\n"
    assert safe(f"a{mark}b\n", marks=True) == "a�b␊"
    assert safe(f"a{mark}\u202eb") == "a�b"  # what reorders text stays in sight


ACTING = (  # first and last of what is never shown as it is, and has no sign of its own
    *(
        (0x80, 0x9F),
        (0x2028, 0x202E),
    ),
    *((0x2061, 0x206F), (0xD800, 0xDFFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF)),
)


@pytest.mark.parametrize(("first", "last"), ACTING, ids=[f"{first:x}" for first, _ in ACTING])
def test_what_acts_is_hidden_from_its_first_to_its_last(first: int, last: int) -> None:
    for code in {first, last, (first + last) // 2}:
        assert safe(f"a{chr(code)}b\n") == "a\ufffdb␊"
    for code in (first - 1, last + 1):
        if not any(a <= code <= b for a, b in ACTING) and code != 0x7F and chr(code) not in MARKS:
            assert safe(f"a{chr(code)}b\n") == f"a{chr(code)}b␊"


def test_every_control_has_its_sign() -> None:
    shown = "".join(map(chr, range(0x2400, 0x2420)))
    controls = "".join(map(chr, range(0x20)))
    assert safe(controls) == shown
    assert safe(controls, lines=True) == shown.replace("␉", "\t").replace("␊", "\n")
    assert safe("\x7f ~\n") == "␡ ~␊"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    "name",
    [b"plain.toml", b"two words", b"it's", b'say "x"', b"line\nbreak", b"tab\t", b"\x1b]0;x\x07", b"\xff\xfe", b"a\\b\n",
     "\u202ertl é".encode(), "é\u200b1".encode(), b"$HOME`x`", b"-x", b"~", b"#", b"", b"\x7f7", "🎬\n8".encode()],
)  # fmt: skip
def test_D3_a_word_for_the_shell_is_shown_as_it_is_and_stands_for_those_bytes(name: bytes) -> None:
    word = shell_word(os.fsdecode(name))
    assert safe(word) == word
    assert subprocess.check_output(["bash", "-c", f"printf %s {word}"]) == name
    if shutil.which("zsh"):
        assert subprocess.check_output(["zsh", "-fc", f"printf %s {word}"]) == name
