"""Verbs that change shows or remove them, undo and redo. Each run makes one change, which can be undone in one step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

from watchlist.cli.context import Context
from watchlist.cli.questions import confirm
from watchlist.cli.selection import example, find_shows, matches_alone, named_episodes, same_list, select_shows
from watchlist.domain import edits
from watchlist.domain.change_messages import foresee
from watchlist.domain.edits import Assignment, Delta, Edit
from watchlist.domain.episodes import spell_names
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Show, Status
from watchlist.domain.per_show_edits import PerShowEdit
from watchlist.domain.ratings import show_rating
from watchlist.domain.renames import renamed
from watchlist.domain.show_toml import to_table
from watchlist.domain.text import counted, fold, split_list
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound, Refused, UsageError, WatchlistError
from watchlist.sanitize import safe, shell_word
from watchlist.store.library import Change

MAX_PREVIEWED = 10  # maximum number of changes that are printed before the user is asked to confirm


def set_(context: Context) -> None:
    """Run `watchlist set`: assign values to fields or to the user's own keys."""
    steps = [Assignment.parse(word, context.style) for word in context.request.words("FIELD=VALUE")]

    def why(shows: Sequence[Show]) -> str:
        names = [step.name if isinstance(step, Assignment) else step.key for step in steps]
        labels = list(dict.fromkeys(map(safe, names)))
        state = "already has that value" if len(labels) == 1 else "already have those values"
        return f"{', '.join(labels)} of {_subject(shows)} {state}"

    make_change(context, lambda ids: edits.assign(ids, steps), why=why)


def rate_(context: Context) -> None:
    """Run `watchlist rate`: rate shows, or episodes of shows with `--episode`."""
    request = context.request
    try:
        stars = FIELDS["rating"].type.parse(request.word("RATING") or "", context.style)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if (names := request.word("--episode")) is not None:
        words = [request.word("RATING") or "4", "--episode", "S01E03"]
        episodes = named_episodes(names, example(context, *words))
        make_change(
            context,
            lambda ids: edits.rate_episodes(ids, episodes, stars, sure=request.on("--yes")),
            why=lambda shows: f"{spell_names(episodes)} of {_subject(shows)} {_rated(shows, stars, context)}",
        )
        return
    make_change(
        context,
        lambda ids: edits.rate(ids, stars, auto_status=context.config.auto_status),
        why=lambda shows: f"{_subject(shows)} {_rated(shows, stars, context)}",
    )


def _rated(shows: Sequence[Show], stars: float | None, context: Context) -> str:
    """Return the end of a message that says why a rating changes nothing, e.g. `is rated 4 already`."""
    verb = "is" if len(shows) == 1 else "are"
    if stars is not None:
        return f"{verb} rated {show_rating(stars, context.style)} already"
    return f"{verb} not rated" + "; 0 and - clear a rating" * (context.request.word("RATING") != "-")


def status_(context: Context) -> None:
    """Run `watchlist status`: set the status of shows."""
    try:
        status: Status = FIELDS["status"].type.parse(context.request.word("STATUS") or "")
    except ValueError as error:
        raise UsageError(f"status: {error}") from error
    make_change(
        context,
        lambda ids: edits.set_status(ids, status),
        why=lambda shows: f"{_subject(shows)} {'is' if len(shows) == 1 else 'are'} {status} already",
    )


def tag_(context: Context) -> None:
    """Run `watchlist tag`: `+a` and `a` add the tag `a`, `-b` removes the tag `b`. `-a +A` changes the case of a tag."""
    add: dict[str, str] = {}  # the tags as typed, by folded tag
    remove: dict[str, str] = {}
    for word in context.request.words("TAGS"):
        names = split_list(word.removeprefix("+").removeprefix("-"))
        if not names:
            raise UsageError(f'"{safe(word)}" names no tag', "+a adds, -b removes")
        tags = remove if word.startswith("-") else add
        for name in names:
            tags.setdefault(fold(name), name)
    if both := [name for tag, name in add.items() if remove.get(tag) == name]:
        raise UsageError(f"tag {_listed(both)} can't be both added and removed", "+a adds, -b removes")

    def without_effect(shows: Sequence[Show]) -> list[str]:
        """Return sentences on tags without effect: those to remove that no show has, and those to add that all shows have."""
        tags_by_show = [{fold(tag) for tag in show.tags} for show in shows]
        missing = [name for tag, name in remove.items() if not any(tag in tags for tags in tags_by_show)]
        present = [name for tag, name in add.items() if tag not in remove and all(tag in tags for tags in tags_by_show)]
        subject = _subject(shows)
        return [
            *([f"{subject} {_has(shows, 'no')} tag {_listed(missing)}"] if missing else []),
            *([f"{subject} {_has(shows)} tag {_listed(present)} already"] if present else []),
        ]

    make_change(context, lambda ids: edits.tag(ids, add.values(), remove.values()), remarks=without_effect)


def _subject(shows: Sequence[Show]) -> str:
    """Return the title of the only show or, for several shows, their number: `2 shows`."""
    return safe(shows[0].title) if len(shows) == 1 else counted(len(shows), "show")


def _has(shows: Sequence[Show], no: str = "") -> str:
    """Return "has" for one show or "have" for several, followed by `no`, which is "no" or empty."""
    return f"{'has' if len(shows) == 1 else 'have'} {no}".rstrip()


def _listed(tags: Sequence[str]) -> str:
    """Return tags in quotes, separated by commas."""
    return ", ".join(f'"{safe(tag)}"' for tag in tags)


def note_(context: Context) -> None:
    """Run `watchlist note`: store TEXT as the notes of shows; without TEXT, print the notes of a show."""
    text = context.request.word("TEXT")
    if text is None and context.request.on("--where"):
        raise UsageError("note --where needs TEXT before --where", "watchlist note TEXT --where QUERY...")
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
    """Run `watchlist remove`: remove shows from the list."""
    make_change(context, edits.remove)


def undo_(context: Context) -> None:
    """Run `watchlist undo`: undo the last N changes."""
    _step(context, context.library.undo, reverse="redo")


def redo_(context: Context) -> None:
    """Run `watchlist redo`: redo the last N undone changes."""
    _step(context, context.library.redo, reverse="undo")


def _step(context: Context, run: Callable[[int], Sequence[Change]], *, reverse: str) -> None:
    """Run undo or redo and report the changes. If a step fails, report the completed steps and raise the error.

    Args:
        run: Undoes or redoes the given number of changes, and returns the changes made by this.
        reverse: The verb that reverses the changes.
    """
    try:
        changes = run(context.request.number("N") or 1)
    except WatchlistError as error:
        if error.is_halfway:
            report(context, error.changes, reverse=reverse, error=error)
            for skipped in error.skipped:
                context.out.warn(skipped)
        raise
    report(context, changes, reverse=reverse)


def make_change(
    context: Context,
    make_edit: Callable[[Sequence[str]], Edit],
    *,
    remarks: Callable[[Sequence[Show]], Sequence[str]] = lambda shows: (),
    why: Callable[[Sequence[Show]], str] = lambda shows: "",
) -> None:
    """Apply an edit to the shows given by SHOW or `--where`, and report the change.

    With `--dry-run`, only print the change. With `--where`, ask for confirmation unless `--yes` is given.

    Args:
        make_edit: Returns the edit for the ids of the shows.
        remarks: Given the shows before the edit, returns a sentence for each part of the edit without effect.
        why: Given the shows before the edit, returns the reason if the whole edit has no effect.
    """
    request = context.request
    bulk = request.on("--where")
    if not request.on("--dry-run"):
        context.prepare_change(whole=bulk)
    shows = selected_shows(context)
    edit = make_edit([show.id for show in shows])
    ineffective = remarks(shows)
    reason = "; ".join(ineffective) or why(shows)
    if request.on("--dry-run") or (bulk and not request.on("--yes")):
        before = context.library.list
        after, skipped = edit.outcome(before) if isinstance(edit, PerShowEdit) else (edit(before), ())
        deltas = edits.deltas(before, after)
        if request.on("--dry-run"):
            _preview(context, deltas, [*ineffective, *skipped])
            return
        if not deltas:
            report(context, [], why=reason)
            return
        _confirm(context, deltas, skipped)
    change = context.library.apply(edit, style=context.style)
    report(context, [change], why=reason)
    for remark in ineffective if change.number else ():
        context.out.say(f"  {remark}")


def selected_shows(context: Context) -> list[Show]:
    """Return the shows given by SHOW or `--where`. Raises NotFound if there are none."""
    request = context.request
    if request.on("--where"):
        shows = select_shows(context, request.words("--where"), bulk=True)
        if not shows:
            words = request.words("--where")
            query = " ".join(map(shell_word, words))
            raise NotFound(f"no show matches {query}, so nothing was changed", matches_alone(context, words))
        return shows
    value = request.values["SHOW"]
    return find_shows(context, value if isinstance(value, list) else [value])


def _preview(context: Context, deltas: Sequence[Delta], skipped: Sequence[str]) -> None:
    """Print what an edit would change, one line per show, and the sentences `skipped` about shows that it would skip."""
    if context.out.json:
        context.out.document(
            {"dry_run": True} | changes_document([], foresee(tuple(deltas), context.style), deltas, skipped)
        )
        return
    for delta in deltas:
        context.out.line(foresee((delta,), context.style))
    for text in skipped:
        context.out.say(f"  {text}")
    context.out.say(f"{counted(len(deltas), 'show')} would change; nothing was written")


def _confirm(context: Context, deltas: Sequence[Delta], skipped: Sequence[str]) -> None:
    """Print the changes and ask for confirmation. Raise Refused if the answer is no, UsageError without a terminal.

    `skipped` are sentences about shows that can't be changed, which are printed too.
    """
    if not context.asks:
        raise UsageError(
            f"this would change {counted(len(deltas), 'show')}; confirmation needs a terminal",
            "--dry-run shows what it would do, --yes does it",
        )
    for delta in deltas[:MAX_PREVIEWED]:
        print(f"  {foresee((delta,), context.style)}", file=sys.stderr)
    if len(deltas) > MAX_PREVIEWED:
        print(f"  and {len(deltas) - MAX_PREVIEWED} more", file=sys.stderr)
    for text in skipped:
        print(f"  {text}", file=sys.stderr)
    if not confirm(f"Change {counted(len(deltas), 'show')}?"):
        raise Refused("nothing was changed")


def refuse_duplicate(show: Show, library: Watchlist, hint: str = "") -> None:
    """Raise Refused, with a hint, if a show to add seems to be on the list already."""
    if (other := edits.duplicate_of(show, library)) is not None:
        year = f" ({other.year})" if other.year else ""
        raise Refused(f"{safe(other.title)}{year} is on the list already, as {safe(other.id)}", hint)


def report(
    context: Context,
    changes: Sequence[Change],
    *,
    reverse: str = "undo",
    why: str = "",
    error: WatchlistError | None = None,
) -> None:
    """Report `changes` as messages or, with `--json`, as a document on stdout.

    Args:
        reverse: The verb that reverses the changes.
        why: The reason if nothing changed.
        error: The error that stopped the run after these changes; None if the run succeeded.
    """
    effective = [change for change in changes if change.number]
    label = "; ".join(change.label for change in effective) or "Nothing changed"
    if context.out.json:
        deltas = [delta for change in effective for delta in change.deltas]
        skipped = [text for change in effective for text in change.skipped]
        document = changes_document([change.number for change in effective], label, deltas, skipped)
        context.out.document(document | ({"error": error.message} if error is not None else {}))
    if effective or error is None:
        print_changes(context, changes, reverse=reverse, why=why)


def print_changes(context: Context, changes: Sequence[Change], *, reverse: str = "undo", why: str = "") -> None:
    """Print the label of each change and the command with the verb `reverse` that undoes it. Without changes, print `why`."""
    effective = [change for change in changes if change.number]
    reversible = sum(change.can_undo for change in effective)
    for change in effective:
        is_only = change.can_undo and len(effective) == 1
        context.out.say(
            f"{change.label}   {reverse}: {same_list_command(context, reverse)}" if is_only else change.label
        )
        for skipped in change.skipped:
            context.out.say(f"  {skipped}")
    if reversible and len(effective) > 1:
        context.out.say(f"{reverse}: {same_list_command(context, reverse, reversible)}")
    if not effective:
        context.out.say(f"Nothing changed: {why}" if why else "Nothing changed")
    for notice in (notice for change in changes for notice in change.notices):
        context.out.warn(notice)


def changes_document(
    numbers: Iterable[int], label: str, deltas: Iterable[Delta], skipped: Sequence[str] = ()
) -> dict[str, object]:
    """Return the JSON document that all verbs print if they change the list.

    It contains the numbers of the changes, their label, the changed shows and the ids of removed shows. If ids changed,
    `renamed` maps old ids to new ids; if shows were left unchanged, `skipped` has a sentence for each of them.
    """
    latest = {delta.show.id: delta for delta in deltas}
    document: dict[str, object] = {
        "changes": list(numbers),
        "label": label,
        "shows": [to_table(delta.after) for delta in latest.values() if delta.after is not None],
        "removed": [id for id, delta in latest.items() if delta.after is None],
    }
    new_ids = dict(renamed(latest.values()))
    return document | ({"renamed": new_ids} if new_ids else {}) | ({"skipped": list(skipped)} if skipped else {})


def same_list_command(context: Context, verb: str, count: int = 1) -> str:
    """Return a command to paste that runs `verb` on the same list, e.g. `watchlist undo 2` if `count` is 2 changes."""
    return " ".join(["watchlist", verb, *[str(count)] * (count > 1), *same_list(context)])
