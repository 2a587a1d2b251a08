"""Exporting and importing shows. `format_table` has all formats, with one module for each."""

from __future__ import annotations

from watchlist.formats.format import Format, Imported, RowProblem, WriteOptions
from watchlist.formats.format_table import FORMATS, by_content, by_ending, by_name
from watchlist.formats.import_merge import Outcome, Plan, merge_imported

__all__ = [
    "FORMATS",
    "Format",
    "Imported",
    "Outcome",
    "Plan",
    "RowProblem",
    "WriteOptions",
    "by_content",
    "by_ending",
    "by_name",
    "merge_imported",
]
