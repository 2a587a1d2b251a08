"""Verbs that change the list: each is one edit, one step of undo, and one line that says what it did."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from watchlist import edits
from watchlist.cli.choosing import find_shows, named_episodes, select_shows
from watchlist.cli.context import Context
from watchlist.edits import Assignment, Delta, Edit
from watchlist.errors import NotFound, Refused, UsageError
from watchlist.fields import FIELDS, to_table
from watchlist.model import Show, Status, Watchlist
from watchlist.safe import safe
from watchlist.store.library import Change
from watchlist.text import counted

PREVIEWED = 10  # changes named before it is asked whether to go on


def add_(context: Context) -> None:
    """Add a show; prints its id alone. Refused where it seems to be on the list already."""
    request = context.request
    assignments = [
        Assignment.of(name, "+=" if FIELDS[name].type.multiple else "=", text, context.style)
        for name, text in request.fields
    ]
    title = request.word("TITLE") or ""
    FIELDS["title"].type.parse(title) if title.strip() else _no_title()
    show = edits.new_show(title, {}, today=date.today())
    for assignment in assignments:
        show = assignment.apply(show)

    def edit(library: Watchlist) -> Watchlist:
        other = None if request.on("--force") else edits.duplicate_of(show, library)
        if other is not None:
            year = f" ({other.year})" if other.year else ""
            raise Refused(
                f"{safe(other.title)}{year} is on the list already, as {safe(other.id)}", "--force adds it all the same"
            )
        return edits.add(show)(library)

    change = context.library.apply(edit, style=context.style)
    if not context.out.json:
        context.out.line(change.deltas[0].show.id)
    report(context, [change])


def _no_title() -> None:
    raise UsageError("a title can't be empty", 'as in watchlist add "Heat (1995)"')


def set_(context: Context) -> None:
    steps = [Assignment.parse(word, context.style) for word in context.request.words("FIELD=VALUE")]
    make_change(context, lambda ids: edits.assign(ids, steps))


def rate_(context: Context) -> None:
    try:
        stars = FIELDS["rating"].type.parse(context.request.word("RATING") or "", context.style)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if (named := context.request.word("--episode")) is not None:
        episodes = named_episodes(named)
        make_change(context, lambda ids: edits.rate_episodes(ids, episodes, stars))
        return
    make_change(context, lambda ids: edits.rate(ids, stars, auto_status=context.config.auto_status))


def status_(context: Context) -> None:
    try:
        status: Status = FIELDS["status"].type.parse(context.request.word("STATUS") or "?")
    except ValueError as error:
        raise UsageError(str(error)) from error
    make_change(context, lambda ids: edits.set_status(ids, status))


def tag_(context: Context) -> None:
    """`+a` adds, `-b` takes away, `a` alone adds."""
    words = context.request.words("TAGS")
    for word in words:
        if not word.removeprefix("+").removeprefix("-").strip():
            raise UsageError(f'"{safe(word)}" names no tag', "+a adds, -b takes away")
    add = [word.removeprefix("+").strip() for word in words if not word.startswith("-")]
    drop = [word.removeprefix("-").strip() for word in words if word.startswith("-")]
    make_change(context, lambda ids: edits.tag(ids, add, drop))


def note_(context: Context) -> None:
    """Write the notes, or print them where there is no TEXT."""
    text = context.request.word("TEXT")
    if text is None and context.request.on("--where"):
        raise UsageError("note --where wants TEXT before --where", "watchlist note TEXT --where QUERY...")
    if text is None:
        (show,) = find_shows(context, [context.request.word("SHOW") or ""])
        if context.out.json:
            context.out.document({"id": show.id, "notes": show.notes})
        elif show.notes:
            context.out.lines(show.notes)
        return
    if text == "-":
        try:
            text = sys.stdin.buffer.read().decode("utf-8-sig").removesuffix("\n")
        except UnicodeDecodeError as error:
            raise UsageError(f"stdin is not valid UTF-8, at byte {error.start}") from error
    step = Assignment.of("notes", "=", text)
    make_change(context, lambda ids: edits.assign(ids, [step]))


def remove_(context: Context) -> None:
    make_change(context, edits.remove)


def undo_(context: Context) -> None:
    report(context, context.library.undo(context.request.number("N") or 1), back="redo")


def redo_(context: Context) -> None:
    report(context, context.library.redo(context.request.number("N") or 1))


def make_change(context: Context, make: Callable[[Sequence[str]], Edit]) -> None:
    """The edit of the shows that were named, or that `--where` finds; asked about, tried out or carried out."""
    request = context.request
    bulk = request.on("--where")
    edit = make([show.id for show in _named(context)])
    if request.on("--dry-run") or (bulk and not request.on("--yes")):
        found = edits.deltas(context.library.list, edit(context.library.list))
        if request.on("--dry-run"):
            _preview(context, found)
            return
        if not found:
            report(context, [])
            return
        _ask(context, found)
    report(context, [context.library.apply(edit, style=context.style)])


def _named(context: Context) -> list[Show]:
    request = context.request
    if request.on("--where"):
        shows = select_shows(context, request.words("--where"), bulk=True)
        if not shows:
            raise NotFound("no show matches", "`watchlist list QUERY...` with the same words shows what does")
        return shows
    value = request.values["SHOW"]
    return find_shows(context, value if isinstance(value, list) else [value])


def _preview(context: Context, found: Sequence[Delta]) -> None:
    """What would change, one line a show; nothing is written."""
    if context.out.json:
        context.out.document({"dry_run": True} | outcome([], edits.describe(tuple(found), context.style), found))
        return
    for delta in found:
        context.out.line(edits.describe((delta,), context.style))
    context.out.say(f"{counted(len(found), 'show')} would change; nothing was written")


def _ask(context: Context, found: Sequence[Delta]) -> None:
    """Go on only where somebody says so."""
    if not context.asks:
        raise UsageError(
            f"this would change {counted(len(found), 'show')}, and there is nobody to ask",
            "--dry-run shows what it would do, --yes does it",
        )
    for delta in found[:PREVIEWED]:
        print(f"  {edits.describe((delta,), context.style)}", file=sys.stderr)
    if len(found) > PREVIEWED:
        print(f"  and {len(found) - PREVIEWED} more", file=sys.stderr)
    print(f"Change {counted(len(found), 'show')}? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("nothing was changed")


def report(context: Context, changes: Sequence[Change], *, back: str = "undo") -> None:
    """Print what was changed with `--json`, and tell it."""
    real = [change for change in changes if change.number]
    label = "; ".join(change.label for change in real) or "Nothing changed"
    if context.out.json:
        found = [delta for change in real for delta in change.deltas]
        context.out.document(outcome([change.number for change in real], label, found))
    tell(context, changes, back=back)


def tell(context: Context, changes: Sequence[Change], *, back: str = "undo") -> None:
    """Say what was changed and how to take it back."""
    real = [change for change in changes if change.number]
    for change in real:
        context.out.say(f"{change.label}   {back}: {_again(context, back)}")
        for skipped in change.skipped:
            context.out.say(f"  {skipped}")
    if not real:
        context.out.say("Nothing changed")
    for notice in (notice for change in changes for notice in change.notices):
        context.out.warn(notice)


def outcome(numbers: Iterable[int], label: str, found: Iterable[Delta]) -> dict[str, object]:
    """What every changing verb prints with `--json`: the shows as they are now, and the ids of those that are gone."""
    latest = {delta.show.id: delta for delta in found}
    return {
        "changes": list(numbers),
        "label": label,
        "shows": [to_table(delta.after) for delta in latest.values() if delta.after is not None],
        "removed": [id for id, delta in latest.items() if delta.after is None],
    }


def _again(context: Context, verb: str) -> str:
    file = context.request.word("--file")
    return f"watchlist {verb}" + (f" --file {shlex.quote(file)}" if file else "")
