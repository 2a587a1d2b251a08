"""Checks and corrects a text that the user has edited: each show keeps its id, and ids stay unique.

If the id of a show was removed, it is put back. If it was changed, the ids in `[[lists]]` are changed too.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from watchlist.domain.edits import Delta
from watchlist.domain.fields import ORDER
from watchlist.domain.renames import renames
from watchlist.domain.text import slug
from watchlist.domain.toml_values import render_value
from watchlist.errors import UsageError
from watchlist.sanitize import safe
from watchlist.store.history.loss_detection import Loss, has_shrunk
from watchlist.store.snapshot import Snapshot, name_of, parse_snapshot
from watchlist.store.toml.document import read
from watchlist.store.toml.parser import Table, damage, parse, table_of
from watchlist.store.toml.patcher import CannotPatch, patch
from watchlist.store.toml.scanner import Header, Statement, TomlSpan, scan

Cut = tuple[int, int, str]  # a replacement: the offsets (in characters) of its start and end, and the new text


def check_block(text: str) -> None:
    """Raise UsageError unless `text` is the `[[shows]]` table of one show, its block.

    The message of the error names the line, and the hint says what to do.
    """
    try:
        table = parse(text)
    except (ValueError, RecursionError) as error:
        syntax_error = damage(text, error)
        raise UsageError(
            f"line {syntax_error.line}, column {syntax_error.column}: {safe(syntax_error.message)}"
        ) from error
    items = list(scan(text))
    headers = [item.start for item in items if isinstance(item, Header) and item.path == ("shows",)]
    shows = table.get("shows")
    if not table:
        raise UsageError("the text has only comments and no show", "`watchlist remove` removes a show")
    if shows is None:
        line, hint = _line(text, items[0].start), "put [[shows]] back, on a line of its own above the first key"
        raise UsageError(f"line {line}: [[shows]] is missing above the keys of the show", hint)
    if not headers or not isinstance(shows, list) or len(shows) != len(headers):
        line = _line(text, next((item.start for item in items if item.path[:1] == ("shows",)), 0))
        raise UsageError(f"line {line}: a show begins with [[shows]], in two brackets on a line of its own")
    if len(shows) > 1:
        message = f"the text has {len(shows)} shows, the second from line {_line(text, headers[1])} on"
        raise UsageError(message, "keep one; `watchlist add` adds shows, `watchlist edit` opens the whole list")
    first_part = read(text.encode("utf-8"))[0].parts[0]
    if not first_part.show and parse(first_part.text):
        message = f"line {_line(text, items[0].start)}: the text above [[shows]] would belong to the show before"
        raise UsageError(message, "move that text below [[shows]], or remove it")


def check_loss(snapshot: Snapshot, text: str, deltas: Sequence[Delta]) -> None:
    """Raise Loss if `text`, an edited list, seems to lose shows by mistake.

    This is so if many shows are missing, or if the text is the beginning of the old text, cut off in the middle.
    """
    removed = [delta.show.title or delta.show.id for delta in deltas if delta.after is None]
    changed = any(delta.before is not None and delta.after is not None for delta in deltas)
    had = len(snapshot.list.shows)
    cut = changed and snapshot.document.text.startswith(text)
    if removed and (cut or has_shrunk(had, had - len(removed))):
        raise Loss(removed, had)


def _line(text: str, offset: int) -> int:
    """Return the line number (from 1) of the first character at or after `offset` that is not blank."""
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return text.count("\n", 0, offset) + 1


def edited_block(snapshot: Snapshot, id: str, block: str) -> tuple[str, Mapping[str, str]]:
    """Return (whole text with the new block of one show, {old id: new id} of the show).

    The mapping is empty if the id is unchanged. If the block has no id, the current id of the show is added, unless the
    file had none either and the title still gives the same id. A changed id is changed in all `[[lists]]` too.

    Args:
        snapshot: The current text and its list.
        id: The current id of the show.
        block: The edited block.

    Raises:
        UsageError: The new id belongs to another show, or is not valid.
    """
    index, document = snapshot.position(name_of(id)), snapshot.document
    assert index is not None
    table = table_of(block)
    new = table.get("id", "")
    number = document.number(index)
    if new == "":
        is_derived = snapshot.file_ids.get(number) == "" and table.get("title") and slug(str(table["title"])) == id
        new, block = id, block if is_derived else _with_id(block, table, id, document.newline)
    elif new == snapshot.file_ids.get(number, id):
        new = id
    else:
        _check_id(snapshot, id, new)
    start, end = document.starts[index], document.end(index)
    new_block = block if block.endswith("\n") or index == len(document) - 1 else block + document.newline
    text = document.text
    before, after = document.data[:start].decode("utf-8"), document.data[end:].decode("utf-8")
    if new == id:
        return before + new_block + after, {}
    cuts = list(_named_in_lists(snapshot, {id: new}))
    cuts.append((len(before), len(text) - len(after), new_block))
    return _replaced(text, cuts), {id: new}


def edited_text(snapshot: Snapshot, text: str) -> tuple[str, Mapping[str, str]]:
    """Return (edited text with removed ids put back, new ids of shows by old ids). Renamed ids in `[[lists]]` are changed.

    `text` is the whole text after the edit of `snapshot`. It is returned unchanged, with an empty mapping, if the list
    before or after the edit is not valid. Raises UsageError if more shows than before have the same id.
    """
    after = parse_snapshot(text.encode("utf-8"), snapshot)
    if snapshot.list.damage is not None or after.list.damage is not None or after.document.inline_shows is not None:
        return text, {}
    _check_unique(snapshot, after)
    renamed = renames(snapshot.list, after.list)
    without_id = {new: old for old, new in renamed.items() if after.file_ids.get(after.list.shows.places[new]) == ""}
    restored = {new: old for new, old in without_id.items() if after.list.find(old) is None}
    renamed = {old: new for old, new in renamed.items() if new not in restored}
    cuts = list(_named_in_lists(after, {old: new for old, new in renamed.items() if after.list.find(old) is None}))
    for new, old in restored.items():
        index = after.document.place(after.list.shows.places[new])
        start, block = after.document.starts[index], after.document.part(index).text
        offset = len(after.document.data[:start].decode("utf-8"))
        cuts.append((offset, offset + len(block), _with_id(block, table_of(block), old, after.document.newline)))
    return _replaced(text, cuts), renamed


def _replaced(text: str, cuts: list[Cut]) -> str:
    """Return `text` with some ranges replaced. `cuts` are (start, end, new text) triples that do not overlap."""
    for start, end, new in sorted(cuts, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _with_id(block: str, table: Table, id: str, newline: str) -> str:
    """Return a show's block with this id added. If its layout does not allow that, return the block unchanged.

    `table` is the table of the block.
    """
    try:
        return patch(block, {"id": id} | table | {"id": id}, order=ORDER, newline=newline)
    except CannotPatch:  # without an id in the file, the program derives one from the title
        return block


def _check_id(snapshot: Snapshot, id: str, new: object) -> None:
    """Raise UsageError if `new`, the new id of the show `id`, is not valid or belongs to another show."""
    keep = f'id = "{safe(id)}" keeps the present id'
    if not isinstance(new, str):
        raise UsageError("an id must be a text in quotes", keep)
    if not new.isprintable() or new.split() != [new]:
        raise UsageError(f'"{safe(new)}" can\'t be an id: it has blanks', f'"{slug(new)}" can be an id; {keep}')
    if (owner := snapshot.list.find(new)) is not None:
        raise UsageError(f'{safe(owner.title)} has the id "{safe(new)}" already, and ids must be unique', keep)


def _check_unique(before: Snapshot, after: Snapshot) -> None:
    """Raise UsageError if more shows than before have the same id. The message names the line of that id."""
    duplicates = Counter(filter(None, after.file_ids.values())) - Counter(filter(None, before.file_ids.values()))
    for number, id in after.file_ids.items():
        if id in duplicates:
            first, second = after.list.find(id), after.list.shows[number]
            line = _line_of_id(after, number)
            owner = f"; {safe(first.title)} has the same id" if first is not None else ""
            raise UsageError(
                f'line {line}: {safe(second.title)} has the id "{safe(id)}"{owner}', "give one of them another id"
            )


def _line_of_id(snapshot: Snapshot, number: int) -> int:
    """Return the line number (from 1) of the id of the show `number` (from 0) or, without an id, of its block."""
    index = snapshot.document.place(number)
    block = snapshot.document.part(index).text
    starts = (item.start for item in scan(block) if isinstance(item, Statement) and item.path == ("id",))
    lines_above = snapshot.document.data.count(b"\n", 0, snapshot.document.starts[index])
    return lines_above + block.count("\n", 0, next(starts, 0)) + 1


def _named_in_lists(snapshot: Snapshot, renamed: Mapping[str, str]) -> Iterator[Cut]:
    """Yield (start, end, new text) for each changed id in `[[lists]]`, where `shows = [...]` contains ids of shows.

    `renamed` maps old ids to new ids.
    """
    for index in snapshot.document.between if renamed and b"lists" in snapshot.document.data else ():
        start = len(snapshot.document.data[: snapshot.document.starts[index]].decode("utf-8"))
        part = snapshot.document.part(index).text
        for item in _listed(part):
            id = tomllib.loads(f"id = {part[item.start : item.end]}")["id"]
            if isinstance(id, str) and id in renamed:
                yield start + item.start, start + item.end, render_value(renamed[id])


def _listed(part: str) -> Iterator[TomlSpan]:
    """Yield the place of each item of `shows = [...]` in the `[[lists]]` tables of `part`, a text between blocks."""
    is_in_list = False
    for item in scan(part):
        if isinstance(item, Header):
            is_in_list = item.path == ("lists",) and item.array
        elif is_in_list and item.path == ("shows",) and item.value.array:
            yield from item.value.items
