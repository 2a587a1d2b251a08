"""The verb `doctor`: print the problems of the list, one per line, or fix them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from watchlist import doctor
from watchlist.cli.context import Context
from watchlist.cli.selection import same_list
from watchlist.cli.verbs.change_shows import print_changes
from watchlist.cli.verbs.schema import schema_file, write_schema
from watchlist.doctor import AppliedFixes, Finding, Severity
from watchlist.domain.text import counted
from watchlist.errors import StoreError
from watchlist.sanitize import safe, shell_word
from watchlist.sources.cached import cached_files, cached_texts


def doctor_(context: Context) -> None:
    """Run `watchlist doctor`. The exit code is 0 without findings, 1 with findings, 3 if the list is damaged."""
    if context.request.on("--fix") and context.request.on("--schema") and _may_write_schema(context):
        write_schema(context)
    findings = _examine(context)
    applied = None
    if context.request.on("--fix") and any(finding.fix is not None for finding in findings):
        applied = doctor.apply_fixes(context.library, findings)
        findings = _examine(context)
    if context.out.json:
        context.out.document(_document(context, findings, applied))
    else:
        _print(context, findings)
    if applied is not None:
        _print_fixed(context, applied)
    _print_summary(context, findings, applied)
    for text in cached_texts(context.paths, date.today()):
        context.out.say(f"cached: {text}")
    if findings:
        damaged = any(finding.severity is Severity.DAMAGE for finding in findings)
        context.exit_code = StoreError.exit_code if damaged else 1


def _may_write_schema(context: Context) -> bool:
    """Return True if a schema file may be written beside the list.

    The list must be a file that could be read, and must name that schema file or no schema.
    """
    library, list_file = context.library, context.library.list_file
    if list_file.pipe or list_file.is_stand_in or not list_file.exists or library.list.damage is not None:
        return False
    return doctor.uses_schema(library.file, library.snapshot.document.data)


def _examine(context: Context) -> tuple[Finding, ...]:
    """Return the findings of the list as of today."""
    schema = schema_file() if context.request.on("--schema") else None
    return doctor.examine(context.library, date.today(), context.style, schema)


def _print(context: Context, findings: Sequence[Finding]) -> None:
    """Print each finding on one line, in the style of a compiler: `file:line:column: message`.

    Below the line: the damaged line with a caret, the fix or the nearest valid value, and the next step.
    """
    places = [doctor.place_text(finding) + ":" for finding in findings]
    width = max((len(place) for place, finding in zip(places, findings, strict=True) if finding.line), default=0)
    for place, finding in zip(places, findings, strict=True):
        context.out.line(f"{place:{width}} {doctor.sentence(finding)}")
        if finding.text:
            context.out.line(f"    {safe(finding.text, marks=True)}")
            context.out.line(f"    {finding.caret}")
        for line in doctor.advice(finding):
            context.out.line(f"    {line}")
        if finding.fix is None and not finding.hint:
            context.out.line(f"    {_next_step(context, finding)}")


def _next_step(context: Context, finding: Finding) -> str:
    """Return a command that opens the show or file of a finding in the editor, for findings without a fix or a hint."""
    show = [shell_word(finding.id)] if finding.number is not None and finding.id else []
    return f"change it: {' '.join(['watchlist edit', *show, *same_list(context)])}"


def _print_fixed(context: Context, applied: AppliedFixes) -> None:
    """Print the findings that were fixed, and the command that undoes the fixes."""
    for finding in applied.fixed:
        context.out.say(
            f"fixed {doctor.place_text(finding)}: {finding.title or finding.file.name}: {doctor.fix_text(finding)}"
        )
    print_changes(context, [applied.change])


def _print_summary(context: Context, findings: Sequence[Finding], applied: AppliedFixes | None) -> None:
    """Print the number of findings, and how many of them `--fix` can fix. `applied` is None if no fix was applied."""
    fixable = sum(finding.fix is not None for finding in findings)
    if not findings and not context.library.list_file.exists:
        context.out.say(f"{context.file} does not exist yet: no problems found")
    elif not findings:
        context.out.say(f"{context.file}: no problems {'found' if applied is None else 'left'}")
    else:
        message = counted(len(findings), "finding") + " left" * (applied is not None)
        context.out.say(f"{message}; --fix can fix {fixable} of them" if fixable else message)


def _document(context: Context, findings: Sequence[Finding], applied: AppliedFixes | None) -> dict[str, object]:
    """Return the JSON document of a run: findings, fixes, and the change made by the fixes (None if there were none)."""
    fixed = [doctor.to_json(finding) for finding in applied.fixed] if applied else []
    return {
        "file": str(context.file),
        "findings": [doctor.to_json(finding) for finding in findings],
        "fixed": fixed,
        "changes": [applied.change.number] if applied and applied.change.number else [],
        "label": applied.change.label if applied else "",
        "cached": cached_files(context.paths),
    }
