"""TOML: a list in the program's own form, with only the chosen shows in it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any, TextIO

from watchlist.errors import UsageError
from watchlist.fields import to_table
from watchlist.formats.format import Imported, WriteOptions, decode
from watchlist.formats.tables import imported
from watchlist.model import Show
from watchlist.toml_text import check_limits, render_block


def write(shows: Sequence[Show], out: TextIO, options: WriteOptions) -> None:
    """A whole file that `watchlist --file` opens."""
    out.write("version = 1\n")
    for count, show in enumerate(shows, 1):
        out.write("\n" + render_block(to_table(show)))
        options.done(count)


def read(data: bytes) -> Imported:
    """The shows of a list. UsageError where the text is not TOML or holds no shows."""
    rows = _parsed(decode(data)).get("shows")
    if not isinstance(rows, list):
        raise UsageError("there are no [[shows]] in this file")
    return imported((f"show {number}", row) for number, row in enumerate(rows, 1))


def _parsed(text: str) -> dict[str, Any]:
    try:
        check_limits(text)
        return tomllib.loads(text)
    except RecursionError:
        raise UsageError("this is nested too deeply to be a list") from None
    except ValueError as error:  # TOMLDecodeError is one
        raise UsageError(f"this is not TOML: {error}") from error
