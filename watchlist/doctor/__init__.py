"""The doctor: looks for problems of the list and its surroundings, and fixes some of them."""

from __future__ import annotations

from watchlist.doctor.examination import AppliedFixes, apply_fixes, examine, unreadable
from watchlist.doctor.finding import Finding, FindingKind, Severity
from watchlist.doctor.messages import advice, fix_text, place_text, sentence, to_json
from watchlist.doctor.schema_comment import uses_schema

__all__ = [
    "AppliedFixes",
    "Finding",
    "FindingKind",
    "Severity",
    "advice",
    "apply_fixes",
    "examine",
    "fix_text",
    "place_text",
    "sentence",
    "to_json",
    "unreadable",
    "uses_schema",
]
