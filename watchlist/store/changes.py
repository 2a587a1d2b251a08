"""From a change of the list to a change of the text: which parts become what, and what undoes it."""

from __future__ import annotations

from collections.abc import Sequence

from watchlist.edits import Delta
from watchlist.errors import Refused, StoreError, WatchlistError
from watchlist.fields import problem_of, to_table
from watchlist.model import Show
from watchlist.safe import safe
from watchlist.store.again import Window, look_again
from watchlist.store.backups import Backups
from watchlist.store.journal import BlockEdit, Journal, Record
from watchlist.store.pen import Draft, Pen, edits_between, encoded
from watchlist.store.snapshot import Snapshot, look, name_of
from watchlist.store.splice import same
from watchlist.store.text import NotToml, digest, read
from watchlist.values import replace


def carry_out(snapshot: Snapshot, deltas: Sequence[Delta]) -> Draft:
    """The text with these changes made and nothing else touched. StoreError or Refused where that can't be done."""
    pen = Pen(snapshot)
    pen.add([delta.show for delta in deltas if delta.before is None])
    for delta in deltas:
        if delta.before and delta.after:
            pen.change(delta.before, delta.after)
        elif delta.before:
            pen.remove(name_of(delta.before.id))
    draft = pen.draft()
    numbers = pen.numbers()
    for delta in deltas:
        # By place: where shows had one id, or none, one that stays may get the id of one that goes.
        number = numbers.get(name_of(delta.show.id))
        if not _alike(draft.snapshot.list.shows[number] if number is not None else None, delta.after):
            raise StoreError(f"{safe(delta.show.title)} would not read back as what was meant; nothing was written")
    return draft


def replay(snapshot: Snapshot, edits: Sequence[BlockEdit]) -> Draft:
    """The text with recorded edits made once more, on whatever it is by now.

    A block that is as it was left gets its exact text. One that was changed since gets the fields that were not, the
    rest is said in `skipped`. Refused where nothing is left to do.
    """
    pen = Pen(snapshot)
    between = [edit for edit in edits if edit.between and not edit.spacing]
    fits = all(pen.has(edit.id, edit.was) for edit in between)  # half of them would write something twice
    skipped = [] if fits else ["what stands between the shows was changed since, so it stays"]
    for edit in edits:
        if not edit.spacing and (fits or not edit.between):
            skipped += pen.replay(edit)
    for edit in edits:
        if edit.spacing and not skipped:
            pen.replay(edit)
    pen.close()
    if skipped and not pen.touched:
        raise Refused("; ".join(skipped), "`watchlist history` lists what was changed")
    try:
        return pen.draft()._replace(skipped=tuple(skipped))
    except StoreError as error:
        raise Refused("the text around it was changed since", "`watchlist history` lists what was changed") from error


def rewrite(snapshot: Snapshot, text: str) -> Draft:
    """The whole text replaced, as an editor does it. NotToml where it does not parse."""
    data = encoded(text)
    if (found := look_again(data, snapshot)) is not None:
        return Draft(found[0], edits_between(snapshot, *found))
    read(data, snapshot.known())
    after = look(data, snapshot)
    damaged = snapshot.list.damage is not None  # then blocks alone would not lead back
    everything = Window(0, len(snapshot.document), len(after.document))
    return Draft(after, () if damaged else edits_between(snapshot, after, everything))


def as_left(journal: Journal, backups: Backups) -> Snapshot | None:
    """What the file was left as by the last change, made anew from a copy and all changes since; None where that fails."""
    copies = {backup.digest: backup for backup in backups.all()}
    since: list[Record] = []
    for record in reversed(journal.made):
        if record.left and (start := record.left.digest) in copies:
            break
        since.append(record)
        if (start := record.origin) in copies:
            break
    else:
        return None
    try:
        snapshot = look(copies[start].read())
        for record in reversed(since):
            edited = replay(snapshot, record.edits) if record.whole is None else rewrite(snapshot, record.whole[1])
            snapshot = edited.snapshot
    except (WatchlistError, NotToml):
        return None
    data, left = snapshot.document.data, journal.left
    return replace(snapshot, data=data) if left is not None and digest(data) == left.digest else None


def whole_texts(before: Snapshot, draft: Draft) -> tuple[str, str] | None:
    """The text before and after, where only both of them lead back; where what was before is no text, nothing does."""
    after = draft.snapshot.document
    if draft.edits or not before.document.data == before.data != after.data:
        return None
    return before.document.text, after.text


def _alike(stored: Show | None, meant: Show | None) -> bool:
    """Whether what was stored is what was meant. Ids are compared by who gives them."""
    if stored is None or meant is None or stored is meant:
        return stored is meant
    if replace(stored, id="", problems=()) == replace(meant, id="", problems=()):
        return True
    a, b = (to_table(replace(show, title="" if problem_of(show, "title") else show.title)) for show in (stored, meant))
    return same(a | {"id": ""}, b | {"id": ""})  # nan is not equal to itself; without a title, the id is shown as one
