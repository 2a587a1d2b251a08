"""TOML: a complete list file with the exported shows."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any, TextIO

from watchlist.domain.model import Show
from watchlist.domain.show_toml import to_table
from watchlist.domain.toml_values import check_limits, render_block
from watchlist.errors import UsageError
from watchlist.formats.format import Imported, WriteOptions, decode
from watchlist.formats.tables import imported


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """Write a complete list file, which can be opened with `watchlist --file`."""
    out.write("version = 1\n")
    for count, show in enumerate(shows, 1):
        out.write("\n" + render_block(to_table(show)))
        options.done(count)


def read(data: bytes) -> Imported:
    """Read the shows of a list file. Raises UsageError if the text is not valid TOML or has no shows."""
    rows = _parsed(decode(data)).get("shows")
    if not isinstance(rows, list):
        raise UsageError("there are no [[shows]] in this file")
    return imported((f"show {number}", row) for number, row in enumerate(rows, 1))


def _parsed(text: str) -> dict[str, Any]:
    """Parse a TOML text. Raise UsageError if it is invalid, too large or too deeply nested."""
    try:
        check_limits(text)
        return tomllib.loads(text)
    except RecursionError:
        raise UsageError("this is nested too deeply to be a list") from None
    except ValueError as error:  # TOMLDecodeError is one
        raise UsageError(f"this is not TOML: {error}") from error
