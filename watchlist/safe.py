"""User text made fit for a terminal: nothing in it may act, everything in it may be seen.

Titles, notes and file names can hold escape sequences, C1 controls and bidi overrides (TOML allows them all). Rich and
Textual pass most of them on, so whatever leaves this program for a terminal goes through `safe`; the interface does it
once, in a line filter over every rendered line. Files written on request get the raw values.
"""

from __future__ import annotations

_HIDDEN = (
    range(0x80, 0xA0),  # C1 controls: 0x9b alone starts an escape sequence
    (0xAD,),  # soft hyphen: terminals disagree about its width
    (0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF),
    range(0x2028, 0x202F),  # line separators, bidi embeddings and overrides
    range(0x2060, 0x2070),  # invisible operators, bidi isolates
    range(0xFFF9, 0xFFFC),
    range(0xD800, 0xE000),  # lone surrogates can't be encoded
    range(0xE0000, 0xE1000),  # tags: invisible text
)


class _Signs(dict[int, int]):
    """What each character is shown as, worked out when it first comes up: nobody waits for a table of thousands."""

    def __missing__(self, code: int) -> int:
        self[code] = sign = _sign(code)
        return sign


def _sign(code: int) -> int:
    """The character itself, unless it acts or can't be seen."""
    if code < 0x20:
        return 0x2400 + code
    if code == 0x7F:
        return 0x2421
    return 0xFFFD if any(code in some for some in _HIDDEN) else code


_LINE = _Signs()
_LINES = _Signs({0x09: 0x09, 0x0A: 0x0A})


def safe(text: str, *, lines: bool = False) -> str:
    """`text` with every control character made visible: ESC as `␛`, C1 and bidi controls as `�`.

    With `lines`, newlines and tabs stay: for long text that is laid out in paragraphs. Zero-width joiners stay, emoji
    and many scripts need them.
    """
    if text.isprintable():
        return text
    return text.translate(_LINES if lines else _LINE)
