"""A finding in words: where it is, what is wrong, what would be right; for people, and for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from watchlist.doctor.finding import Finding, Kind
from watchlist.text import counted
from watchlist.toml_text import render_value

LONGEST = 60  # characters of a value that is quoted


def place_text(finding: Finding) -> str:
    """`list.toml:12:8`, as compilers write it and editors understand it; the path alone where it is about all of it."""
    return f"{finding.file}:{finding.line}:{finding.column}" if finding.line else str(finding.file)


def sentence(finding: Finding) -> str:
    """What is wrong, with the show that it is about in front."""
    return f"{finding.title}: {finding.message}" if finding.title else finding.message


def advice(finding: Finding) -> Iterator[str]:
    """What would be right, a line each: what puts it right, or else the nearest value, and what to do about it."""
    if finding.fix is not None:
        yield f"fix: {fix_text(finding)}"
    elif finding.nearest is not None and finding.kind is Kind.VALUE:
        yield f"nearest: {spelled(finding.nearest)}"
    if finding.hint:
        yield finding.hint


def fix_text(finding: Finding) -> str:
    """What the fix writes, as in `status = "watching"`."""
    assert finding.fix is not None
    name, value = finding.fix.name or str(finding.where[-1]), finding.fix.value
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return f"[[{name}]]" if finding.number is None else f"[[shows.{name}]]"
    return f"{name} = {spelled(value)}"


def spelled(value: Any) -> str:
    """A value as it would be written, cut where it is long."""
    try:
        text = " ".join(render_value(value).split())
    except (ValueError, RecursionError):
        text = repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def mended_text(fixed: Sequence[Finding]) -> str:
    """What was put right: `status of Heat`, `3 things`."""
    if len(fixed) != 1:
        return counted(len(fixed), "thing")
    (finding,) = fixed
    name = (finding.fix and finding.fix.name) or finding.key
    return f"{name} of {finding.title}" if finding.title else name


def to_json(finding: Finding) -> dict[str, object]:
    """All there is to say of a finding. What is not there is None."""
    return {
        "severity": finding.severity,
        "kind": finding.kind,
        "file": str(finding.file),
        "line": finding.line or None,
        "column": finding.column or None,
        "id": finding.id or None,
        "title": finding.title or None,
        "key": finding.key or None,
        "value": finding.value,
        "message": finding.message,
        "allowed": finding.allowed or None,
        "nearest": finding.nearest,
        "fix": fix_text(finding) if finding.fix is not None else None,
        "hint": finding.hint or None,
        "text": finding.text or None,
    }
