"""What is wrong with a list, its file and what lies around it; and the text with what can be put right put right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from watchlist.doctor.beside import around
from watchlist.doctor.finding import Finding, Kind, Severity
from watchlist.doctor.places import SHOW, mended_block, mended_top, place_of, places, value_at
from watchlist.doctor.sense import of_show, taken_id, twice
from watchlist.doctor.table import at_the_top, in_table, is_clean
from watchlist.doctor.words import advice, fix_text, mended_text, place_text, sentence, to_json
from watchlist.model import Damage
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.store.library import Change, Library
from watchlist.store.reader import WAYS
from watchlist.store.snapshot import Snapshot, collector_paused
from watchlist.store.splice import same
from watchlist.store.text import SHOW as SHOW_PART
from watchlist.store.text import Document, table_of

__all__ = [
    "Finding",
    "Kind",
    "Mended",
    "Severity",
    "advice",
    "examine",
    "fix_text",
    "mend",
    "place_text",
    "sentence",
    "to_json",
]

_MARK = re.compile(rb"^(?:<{7}|>{7})(?: [^\r\n]*)?\r?$", re.MULTILINE)


class Mended(NamedTuple):
    """What was put right, as one change of the list."""

    change: Change
    fixed: tuple[Finding, ...]


def examine(library: Library, today: date, style: Style = STARS) -> tuple[Finding, ...]:
    """All that is wrong, in the order of the file; what is about no line of it comes last."""
    snapshot = library.snapshot
    with collector_paused():
        inside = [*_of_the_text(snapshot), *_of_the_shows(snapshot, today, style)]
    inside += [] if snapshot.list.damage else at_the_top(snapshot.list)
    doubt = list(_doubt(library))
    placed = _placed(snapshot, inside, library.file)
    if doubt or snapshot.list.damage or snapshot.document.uncut is not None:  # then it can't be changed here
        placed = [finding._replace(fix=None) for finding in placed]
    placed.sort(key=lambda finding: (finding.line, finding.column))
    return (*doubt, *placed, *around(library.file, library.paths))


def _doubt(library: Library) -> Iterator[Finding]:
    """What looks like a loss since the list was last written here, by this process or by another one."""
    if not library.doubt:
        library.check()
    if library.doubt:
        yield Finding(Severity.DAMAGE, Kind.DOUBT, library.doubt, file=library.file, hint=WAYS)


def _of_the_text(snapshot: Snapshot) -> Iterator[Finding]:
    """Where the text is damaged, and where a merge left its marks, damaged or not."""
    damage, data = snapshot.list.damage, snapshot.document.data if snapshot.data is None else snapshot.data
    if damage is not None:
        yield _damaged(damage)
    for mark in _MARK.finditer(data):
        line = data.count(b"\n", 0, mark.start()) + 1
        if damage is None or damage.line != line:
            text = mark[0].decode("utf-8", "replace").rstrip("\r")
            message = "a merge left its conflict markers here; keep one side and take them out"
            yield Finding(Severity.WRONG, Kind.CONFLICT, message, line=line, column=1, text=text)


def _damaged(damage: Damage) -> Finding:
    hint = "`watchlist edit` opens it there; until then the list is only read"
    said, line = damage.message, damage.line
    return Finding(Severity.DAMAGE, Kind.DAMAGE, said, hint=hint, line=line, column=damage.column, text=damage.text)


def _of_the_shows(snapshot: Snapshot, today: date, style: Style) -> Iterator[Finding]:
    document, shows = snapshot.document, snapshot.list.shows
    for number, show in enumerate(shows):
        found = list(of_show(show, today))
        if not is_clean(show):
            found += taken_id(show, number)
            uncut = document.uncut
            table = uncut[number] if uncut is not None else table_of(_block(snapshot, number))
            found += in_table(table, style)
        for finding in found:
            yield finding._replace(number=number, id=show.id, title=show.title)
    for finding in twice(shows):
        assert finding.number is not None
        show = shows[finding.number]
        yield finding._replace(id=show.id, title=show.title)


def _block(snapshot: Snapshot, number: int) -> str:
    return snapshot.document.part(snapshot.document.place(number)).text


def _placed(snapshot: Snapshot, findings: Sequence[Finding], file: Path) -> list[Finding]:
    """The findings with their lines and columns. A block is looked through once, and lines are counted once."""
    document = snapshot.document
    at, line = 0, 1
    placed = []

    def part(finding: Finding) -> int:
        """The part of the text that it is in, -1 for all of it."""
        return -1 if finding.number is None or document.uncut is not None else document.place(finding.number)

    known = [finding for finding in findings if finding.line]
    unknown = sorted((finding for finding in findings if not finding.line), key=part)
    for number, group in groupby(unknown, key=part):
        begin = document.starts[number] if number >= 0 else 0
        text = document.part(number).text if number >= 0 else _without_blocks(document)
        at, line = begin, line + document.data.count(b"\n", at, begin)
        found = places(text)
        for finding in group:
            root = () if finding.number is None else SHOW if number >= 0 else ("shows", finding.number)
            place = place_of(found, (*root, *finding.where))
            before = text[: place.key if finding.kind is Kind.KEY else place.value]
            column = len(before) - before.rfind("\n")
            placed.append(finding._replace(line=line + before.count("\n"), column=column))
    return [finding._replace(file=file) for finding in (*known, *placed)]


def _without_blocks(document: Document) -> str:
    """The text with nothing but line ends in the place of each show: what is beside them is found sooner."""
    pieces = (
        document.piece(at) if kind != SHOW_PART else b"\n" * document.piece(at).count(b"\n")
        for at, kind in enumerate(document.kinds)
    )
    return b"".join(pieces).decode("utf-8")


def mend(library: Library, findings: Sequence[Finding]) -> Mended:
    """Put right what has a fix, as one change; what has changed meanwhile is left alone, and so is what can't be done.

    Raises as `Library.replace_text`.
    """
    document, shows = library.snapshot.document, library.snapshot.list.shows
    parts = dict[int, str]()
    fixed = []
    for finding in findings:
        number = shows.places.get(finding.id)
        if finding.fix is not None and finding.number is not None and number is not None:
            place = document.place(number)
            new = _mended(parts.get(place) or document.part(place).text, finding, document.newline)
            if new is not None:
                parts[place] = new
                fixed.append(finding)
    pieces = [parts[at].encode() if at in parts else document.piece(at) for at in range(len(document))]
    body = b"".join(pieces).decode("utf-8")
    for finding in findings:
        if finding.fix is not None and finding.number is None:
            new = mended_top(body, finding.where, finding.fix)
            body, fixed = (new, [*fixed, finding]) if new is not None else (body, fixed)
    text = "\ufeff" * document.bom + body
    label = f"Mended {safe(mended_text(fixed))}"
    return Mended(library.replace_text(text, was=document.text, label=label), tuple(fixed))


def _mended(block: str, finding: Finding, newline: str) -> str | None:
    """The block with one fault put right, unless what is there is not what was found."""
    assert finding.fix is not None
    try:
        there = value_at(table_of(block), finding.where)
    except LookupError:
        return None
    return mended_block(block, finding.where, finding.fix, newline) if same(there, finding.value) else None
