"""Makes user text safe for a terminal: control characters become visible and lose their effect.

Titles, notes and file names can contain escape sequences, C1 controls and bidi overrides; TOML 1.0 allows all of them.
Rich and Textual pass most of them on, so every text for a terminal goes through `safe`; in the interface, a filter for
all rendered lines calls it. Exported files contain the raw values.
"""

from __future__ import annotations

import os

_HIDDEN = (
    range(0x80, 0xA0),  # C1 controls: 0x9b alone starts an escape sequence
    range(0x2028, 0x202F),  # line separators, bidi embeddings and overrides
    range(0x2061, 0x2070),  # invisible operators, bidi isolates
    range(0xFFF9, 0xFFFC),
    range(0xD800, 0xE000),  # lone surrogates can't be encoded
    range(0xE0000, 0xE1000),  # tags: invisible text
)


# Invisible marks that get into titles by copying from web pages and file names. They can't reorder or hide text, so
# they are simply removed. Soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width space, left-to-right
# and right-to-left mark, word joiner, byte order mark.
_MARKS = frozenset((0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF))


class _Replacements(dict[int, int | None]):
    """A table for `str.translate` that is filled as characters occur. A complete table would have thousands of entries."""

    def __init__(self, unchanged: dict[int, int], *, marks: bool) -> None:
        super().__init__(unchanged)
        self._marks = marks

    def __missing__(self, code: int) -> int | None:
        self[code] = replacement = _visible(code) if code not in _MARKS else 0xFFFD if self._marks else None
        return replacement


def _visible(code: int) -> int:
    """Return the code point to show for the character `code`: a visible one for control and hidden ones, else `code`."""
    if code < 0x20:
        return 0x2400 + code
    if code == 0x7F:
        return 0x2421
    return 0xFFFD if any(code in codes for codes in _HIDDEN) else code


_TAB_AND_NEWLINE = {0x09: 0x09, 0x0A: 0x0A}
_LINE, _LINES = _Replacements({}, marks=False), _Replacements(_TAB_AND_NEWLINE, marks=False)
_LINE_MARKED, _LINES_MARKED = _Replacements({}, marks=True), _Replacements(_TAB_AND_NEWLINE, marks=True)


# Other characters that end a line, as for `str.splitlines`.
_BREAKS = dict.fromkeys(map(ord, "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")


def inert(text: str) -> str:
    """Return `text` without control characters and bidi overrides, for the clipboard. Newlines and tabs are kept."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").translate(_BREAKS)
    return "".join(char for char in lines if char in "\n\t" or _visible(ord(char)) == ord(char))


def safe(text: str, *, lines: bool = False, marks: bool = False) -> str:
    """Return `text` with all control characters made visible: ESC as `␛`, C1 and bidi controls as `�`.

    Zero-width joiners are kept, because emoji and many scripts need them.

    Args:
        text: Any user text.
        lines: If True, keep newlines and tabs, for long text that is laid out in paragraphs.
        marks: If True, show invisible marks, such as soft hyphens, as `�` instead of removing them, for lines of the
            file in which a caret points to a column. A text of nothing but marks is always shown this way.
    """
    if text.isprintable():
        return text
    cleaned = text.translate(_LINES if lines else _LINE) if not marks else ""
    return cleaned or text.translate(_LINES_MARKED if lines else _LINE_MARKED)


def shell_word(text: str) -> str:
    r"""Return a text quoted for bash, zsh or ksh. Characters that `safe` would change become octal escapes.

    E.g. `plain`, `'two words'`, `$'a line\012break'`.
    """
    import shlex  # only messages need it

    if safe(text) == text:
        return shlex.quote(text)
    return "$'" + "".join(map(_escaped, text)) + "'"


def _escaped(character: str) -> str:
    """Return a character as it is written within `$'...'`."""
    if character in "'\\":
        return "\\" + character
    if safe(character) == character:
        return character
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(character))
