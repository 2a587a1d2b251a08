"""The verb `doctor`: what is wrong, a line each with its place in front as compilers say it, and what can be put right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from watchlist import doctor
from watchlist.cli.changing import tell
from watchlist.cli.context import Context
from watchlist.doctor import Finding, Mended, Severity
from watchlist.errors import StoreError
from watchlist.text import counted


def doctor_(context: Context) -> None:
    """Exit code 0 where nothing is wrong any more, 1 where something is, 3 where that is damage."""
    found = _examined(context)
    mended = None
    if context.request.on("--fix") and any(finding.fix is not None for finding in found):
        mended = doctor.mend(context.library, found)
        found = _examined(context)
    if context.out.json:
        context.out.document(_document(context, found, mended))
    else:
        _print(context, found)
    if mended is not None:
        _tell_fixed(context, mended)
    _sum_up(context, found, mended)
    if found:
        damaged = any(finding.severity is Severity.DAMAGE for finding in found)
        context.exit_code = StoreError.exit_code if damaged else 1


def _examined(context: Context) -> tuple[Finding, ...]:
    return doctor.examine(context.library, date.today(), context.style)


def _print(context: Context, found: Sequence[Finding]) -> None:
    """A line a finding; below it, under the sentence, the line with a caret, what is taken, and what would mend it."""
    places = [doctor.place_text(finding) + ":" for finding in found]
    room = max((len(place) for place, finding in zip(places, found, strict=True) if finding.line), default=0)
    for place, finding in zip(places, found, strict=True):
        context.out.line(f"{place:{room}} {doctor.sentence(finding)}")
        if finding.text:
            context.out.line(f"    {finding.text}")
            context.out.line(f"    {finding.caret}")
        for line in doctor.advice(finding):
            context.out.line(f"    {line}")


def _tell_fixed(context: Context, mended: Mended) -> None:
    for finding in mended.fixed:
        context.out.say(
            f"fixed {doctor.place_text(finding)}: {finding.title or finding.file.name}: {doctor.fix_text(finding)}"
        )
    tell(context, [mended.change])


def _sum_up(context: Context, found: Sequence[Finding], mended: Mended | None) -> None:
    fixable = sum(finding.fix is not None for finding in found)
    if not found and not context.library.exists:
        context.out.say(f"there is no {context.file} yet, and nothing is wrong with that")
    elif not found:
        context.out.say(f"{context.file}: nothing is wrong" + " any more" * (mended is not None))
    else:
        said = counted(len(found), "finding") + " left" * (mended is not None)
        context.out.say(f"{said}, {fixable} of them for --fix to put right" if fixable else said)


def _document(context: Context, found: Sequence[Finding], mended: Mended | None) -> dict[str, object]:
    fixed = [doctor.to_json(finding) for finding in mended.fixed] if mended else []
    return {
        "file": str(context.file),
        "findings": [doctor.to_json(finding) for finding in found],
        "fixed": fixed,
        "changes": [mended.change.number] if mended and mended.change.number else [],
        "label": mended.change.label if mended else "",
    }
