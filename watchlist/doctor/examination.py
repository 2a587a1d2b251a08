"""The doctor: finds problems of a list, its file and the files beside it, and fixes those that can be fixed safely.

The library is in doubt (`Library.doubt`) if the file seems to have lost shows since the program last wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from watchlist.doctor.cached_files import check_catalogue
from watchlist.doctor.finding import Finding, FindingKind, Severity
from watchlist.doctor.locations import SHOW, fix_block, place_of, places, rename_top_key, value_at
from watchlist.doctor.messages import fixes_text
from watchlist.doctor.plausibility import check_id, check_show, find_duplicates
from watchlist.doctor.schema_comment import check_schema, with_schema_comment
from watchlist.doctor.surroundings import check_surroundings
from watchlist.doctor.value_checks import check_table, check_top_level, is_clean
from watchlist.domain.edits import Delta
from watchlist.domain.frozen import same
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_toml import to_table
from watchlist.domain.watchlist import Damage
from watchlist.sanitize import safe
from watchlist.store.library import Change, Library
from watchlist.store.snapshot import Snapshot, collector_paused
from watchlist.store.toml.document import SHOW as SHOW_PART
from watchlist.store.toml.document import Document
from watchlist.store.toml.parser import Table, table_of

_CONFLICT_MARKER = re.compile(rb"^(?:<{7}|>{7})(?: [^\r\n]*)?\r?$", re.MULTILINE)


class AppliedFixes(NamedTuple):
    """The change that applied fixes, and the findings that it fixed."""

    change: Change
    fixed: tuple[Finding, ...]


def examine(
    library: Library, today: date, style: DisplayStyle = STARS, schema: bytes | None = None
) -> tuple[Finding, ...]:
    """Return all findings: lost shows first, then findings in the order of the file, then those about files beside it.

    Args:
        library: The list.
        today: The current day; later dates are implausible in a viewing.
        style: The rating scale of the user, for suggestions.
        schema: The content that the schema file beside the list should have; None to skip this check.
    """
    loss = list(_check_for_loss(library))
    around = [*check_surroundings(library.file, library.paths), *check_catalogue(library.paths)]
    if library.list_file.is_stand_in:  # the library shows the last known list, not the list in the file
        return (*loss, *around)
    snapshot = library.snapshot
    with collector_paused():
        findings = [*_check_text(snapshot), *_check_shows(snapshot, today, style)]
    findings += [] if snapshot.list.damage else check_top_level(snapshot.list)
    if snapshot.list.damage is not None and not loss and not library.list_file.pipe:
        findings[0] = findings[0]._replace(hint=f"{library.guard.next_steps()}; until then the list is only read")
    located = _located(snapshot, findings, library.file)
    if loss or snapshot.list.damage or snapshot.document.inline_shows is not None:  # no fix can be applied
        located = [finding._replace(fix=None) for finding in located]
    if schema is not None and library.list_file.exists and not (loss or snapshot.list.damage or library.list_file.pipe):
        located += check_schema(library.file, snapshot.document.data, schema)
    located.sort(key=lambda finding: (finding.file != library.file, finding.line, finding.column))
    return (*loss, *located, *around)


def unreadable(library: Library, deltas: Iterable[Delta], style: DisplayStyle = STARS) -> tuple[Finding, ...]:
    """Return findings for the invalid values and misspelled keys that `deltas`, changes of shows, brought into the file.

    The findings are in the order of the file. Those that a show had before its change are omitted.
    """
    snapshot, findings = library.snapshot, list[Finding]()
    for before, after in ((delta.before, delta.after) for delta in deltas):
        number = snapshot.list.shows.places.get(after.id) if after is not None else None
        if number is not None and not is_clean(show := snapshot.list.shows[number]):
            old_findings = (
                [] if before is None or is_clean(before) else list(check_table(_table_in_file(before), style))
            )
            findings += (
                finding._replace(number=number, id=show.id, title=show.title)
                for finding in check_table(_table(snapshot, number), style)
                if finding not in old_findings
            )
    return tuple(sorted(_located(snapshot, findings, library.file), key=lambda finding: (finding.line, finding.column)))


def _table_in_file(show: Show) -> Table:
    """Return the TOML table of a show as it is in the file, including invalid values."""
    table = dict(to_table(show))
    for problem in show.problems:
        name = problem.key.partition("[")[0].partition(".")[0]
        if problem.value is None:  # the problem is a missing key
            table.pop(name, None)
        else:
            table[name] = problem.value
    return table


def _check_for_loss(library: Library) -> Iterator[Finding]:
    """Yield a finding if the file seems to have lost shows since watchlist, in this or another process, last wrote it."""
    if not library.doubt:
        library.check()
    if library.doubt:
        yield Finding(
            Severity.DAMAGE, FindingKind.DOUBT, library.doubt, file=library.file, hint=library.guard.next_steps()
        )


def _check_text(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield a finding if the text is not valid TOML, and one for each line with a conflict marker of a merge."""
    damage, data = snapshot.list.damage, snapshot.document.data if snapshot.data is None else snapshot.data
    if damage is not None:
        yield _damaged(damage)
    for marker in _CONFLICT_MARKER.finditer(data):
        line = data.count(b"\n", 0, marker.start()) + 1
        if damage is None or damage.line != line:
            text = marker[0].decode("utf-8", "replace").rstrip("\r")
            message = "a merge left its conflict markers here; keep one side and take them out"
            yield Finding(Severity.WRONG, FindingKind.CONFLICT, message, line=line, column=1, text=text)


def _damaged(damage: Damage) -> Finding:
    """Return the finding for text that is not valid TOML."""
    hint = "`watchlist edit` opens it there; until then the list is only read"
    return Finding(
        Severity.DAMAGE,
        FindingKind.DAMAGE,
        damage.message,
        hint=hint,
        line=damage.line,
        column=damage.column,
        text=damage.text,
    )


def _check_shows(snapshot: Snapshot, today: date, style: DisplayStyle) -> Iterator[Finding]:
    """Yield findings for each show, with its index (from 0), id and title; then those for shows listed twice."""
    shows = snapshot.list.shows
    for number, show in enumerate(shows):
        findings = list(check_show(show, today))
        if not is_clean(show):
            findings += check_id(show, number)
            findings += check_table(_table(snapshot, number), style)
        for finding in findings:
            yield finding._replace(number=number, id=show.id, title=show.title)
    for finding in find_duplicates(shows):
        assert finding.number is not None
        show = shows[finding.number]
        yield finding._replace(id=show.id, title=show.title)


def _table(snapshot: Snapshot, number: int) -> Table:
    """Return the TOML table of the show at the index `number` (from 0) as it is in the file."""
    document = snapshot.document
    if document.inline_shows is not None:
        return document.inline_shows[number]
    return table_of(document.part(document.place(number)).text)


def _located(snapshot: Snapshot, findings: Sequence[Finding], file: Path) -> list[Finding]:
    """Return the findings with `file`, and with the line and column of the key or value that they concern.

    Each show's block is scanned once, and lines are counted in one pass.
    """
    document = snapshot.document
    offset, line = 0, 1
    located = []

    def part(finding: Finding) -> int:
        """Return the index (from 0) of the part of the document that contains the finding; -1 for the whole text."""
        return -1 if finding.number is None or document.inline_shows is not None else document.place(finding.number)

    with_line = [finding for finding in findings if finding.line]
    without_line = sorted((finding for finding in findings if not finding.line), key=part)
    for number, group in groupby(without_line, key=part):
        start = document.starts[number] if number >= 0 else 0
        text = document.part(number).text if number >= 0 else _without_blocks(document)
        offset, line = start, line + document.data.count(b"\n", offset, start)
        locations = places(text)
        for finding in group:
            root = () if finding.number is None else SHOW if number >= 0 else ("shows", finding.number)
            location = place_of(locations, (*root, *finding.where))
            before = text[: location.key if finding.kind is FindingKind.KEY else location.value]
            column = len(before) - before.rfind("\n")
            located.append(finding._replace(line=line + before.count("\n"), column=column))
    return [finding._replace(file=file) for finding in (*with_line, *located)]


def _without_blocks(document: Document) -> str:
    """Return the text of a document with each show replaced by its line ends. Such a text is fast to scan.

    Line numbers in it are those of the document.
    """
    pieces = (
        document.piece(index) if kind != SHOW_PART else b"\n" * document.piece(index).count(b"\n")
        for index, kind in enumerate(document.kinds)
    )
    return b"".join(pieces).decode("utf-8")


def apply_fixes(library: Library, findings: Sequence[Finding]) -> AppliedFixes:
    """Apply the fixes of `findings` as one change of the list. Return this change and the findings that it fixed.

    A finding is skipped if its value has changed since the examination, or if its fix would change other values. Raises
    Refused, UsageError or StoreError if the fixed text can't be stored.
    """
    document, shows = library.snapshot.document, library.snapshot.list.shows
    fixed_parts = dict[int, str]()
    fixed = []
    for finding in findings:
        number = shows.places.get(finding.id)
        if finding.fix is not None and finding.number is not None and number is not None:
            part = document.place(number)
            fixed_text = _fix_in_block(fixed_parts.get(part) or document.part(part).text, finding, document.newline)
            if fixed_text is not None:
                fixed_parts[part] = fixed_text
                fixed.append(finding)
    pieces = [
        fixed_parts[index].encode() if index in fixed_parts else document.piece(index) for index in range(len(document))
    ]
    body = b"".join(pieces).decode("utf-8")
    for finding in findings:
        if finding.fix is not None and finding.number is None:
            if finding.kind is FindingKind.SCHEMA:
                fixed_text = with_schema_comment(body, document.newline)
            else:
                fixed_text = rename_top_key(body, finding.where, finding.fix)
            body, fixed = (fixed_text, [*fixed, finding]) if fixed_text is not None else (body, fixed)
    text = "\ufeff" * document.bom + body
    label = f"Fixed {safe(fixes_text(fixed))}"
    return AppliedFixes(library.replace_text(text, was=document.text, label=label), tuple(fixed))


def _fix_in_block(block: str, finding: Finding, newline: str) -> str | None:
    """Return the block of a show with one finding fixed; None if its value has changed meanwhile, or if it can't be fixed."""
    assert finding.fix is not None
    try:
        current = value_at(table_of(block), finding.where)
    except LookupError:
        if finding.value is not None:
            return None
        current = None  # the value was missing, and still is
    return fix_block(block, finding.where, finding.fix, newline) if same(current, finding.value) else None
