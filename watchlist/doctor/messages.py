"""Messages about findings for people, and their JSON for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from watchlist.doctor.finding import Finding, FindingKind
from watchlist.domain.text import counted
from watchlist.domain.toml_values import render_value

MAX_VALUE_CHARACTERS = 60  # longer values are cut in messages


def place_text(finding: Finding) -> str:
    """Return the place of a finding in the style of a compiler: `list.toml:12:8`, or only the path if the line is unknown."""
    return f"{finding.file}:{finding.line}:{finding.column}" if finding.line else str(finding.file)


def sentence(finding: Finding) -> str:
    """Return the message of a finding. If the finding concerns a show, its title comes first."""
    return f"{finding.title}: {finding.message}" if finding.title else finding.message


def advice(finding: Finding) -> Iterator[str]:
    """Yield lines on how to solve a finding, if known: its fix, or else the nearest valid value; then its hint."""
    if finding.fix is not None:
        yield f"fix: {fix_text(finding)}"
    elif finding.nearest is not None and finding.kind is FindingKind.VALUE:
        yield f"nearest: {spelled(finding.nearest)}"
    if finding.hint:
        yield finding.hint


def fix_text(finding: Finding) -> str:
    """Return the TOML text that the fix of a finding writes, e.g. `status = "watching"`."""
    assert finding.fix is not None
    name, value = finding.fix.name or str(finding.where[-1]), finding.fix.value
    if finding.kind is FindingKind.SCHEMA:
        return f"{name} {value}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return f"[[{name}]]" if finding.number is None else f"[[shows.{name}]]"
    return f"{name} = {spelled(value)}"


def spelled(value: Any) -> str:
    """Return a value as one line of TOML, cut to at most MAX_VALUE_CHARACTERS characters."""
    try:
        text = " ".join(render_value(value).split())
    except (ValueError, RecursionError):
        text = repr(value)
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[: MAX_VALUE_CHARACTERS - 1] + "…"


def fixes_text(fixed: Sequence[Finding]) -> str:
    """Return what was fixed, as text: `status of Heat` or `3 problems`."""
    if len(fixed) != 1:
        return counted(len(fixed), "problem")
    (finding,) = fixed
    name = (finding.fix and finding.fix.name) or finding.key
    return f"{name} of {finding.title}" if finding.title else name


def to_json(finding: Finding) -> dict[str, object]:
    """Return a finding as a JSON object. Entries that do not apply are None."""
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
