"""Length limits for pasted text."""

from __future__ import annotations

from typing import Final

LONGEST_PASTE: Final = 1 << 20  # bytes of UTF-8
LONGEST_LINE: Final = 10_000  # characters pasted into one line: Textual measures the whole line at every key
