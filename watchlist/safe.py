"""User text made fit for a terminal: nothing in it may act, everything in it may be seen.

Titles, notes and file names can hold escape sequences, C1 controls and bidi overrides (TOML allows them all). Rich and
Textual pass most of them on, so whatever leaves this program for a terminal goes through `safe`; the interface does it
once, in a line filter over every rendered line. Files written on request get the raw values.
"""

from __future__ import annotations

_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_REPLACED = (
    *range(0x80, 0xA0),  # C1 controls: 0x9b alone starts an escape sequence
    0xAD,  # soft hyphen: terminals disagree about its width
    0x61C,
    0x180E,
    0x200B,
    0x200E,
    0x200F,
    *range(0x2028, 0x202F),  # line separators, bidi embeddings and overrides
    *range(0x2060, 0x2070),  # invisible operators, bidi isolates
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    *range(0xD800, 0xE000),  # lone surrogates can't be encoded
    *range(0xE0000, 0xE1000),  # tags: invisible text
)
_LINE = _PICTURES | dict.fromkeys(_REPLACED, 0xFFFD)
_LINES = {code: glyph for code, glyph in _LINE.items() if code not in (0x09, 0x0A)}


def safe(text: str, *, lines: bool = False) -> str:
    """`text` with every control character made visible: ESC as `␛`, C1 and bidi controls as `�`.

    With `lines`, newlines and tabs stay: for long text that is laid out in paragraphs. Zero-width joiners stay, emoji
    and many scripts need them.
    """
    if text.isprintable():
        return text
    return text.translate(_LINES if lines else _LINE)
