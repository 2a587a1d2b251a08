"""The verb `edit`: open one show or the whole list file in the user's editor."""

from __future__ import annotations

import contextlib
import sys
from functools import partial
from pathlib import Path

from watchlist.cli.context import Context
from watchlist.cli.questions import confirm
from watchlist.cli.selection import find_shows
from watchlist.cli.verbs.change_shows import report, same_list_command
from watchlist.domain.text import counted
from watchlist.domain.watchlist import SCHEMA_COMMENT
from watchlist.editor import edit_text
from watchlist.editor_files import discard
from watchlist.errors import Refused, StoreError, UsageError, WatchlistError
from watchlist.sanitize import safe, shell_word
from watchlist.store.disk import file_io
from watchlist.store.history.loss_detection import Loss
from watchlist.store.library import Change

MAX_NAMED = 10  # maximum number of removed shows or invalid values that are printed one by one


def edit_(context: Context) -> None:
    """Run `watchlist edit`: open SHOW or, by default, the whole file in the editor, and store the edited text."""
    name = context.request.word("SHOW")
    if context.request.on("--discard"):
        _discard(context, name)
        return
    library, style = context.library, context.style
    library.list_file.refuse_pipe()
    if name is not None or library.doubt:
        context.prepare_change()
    folder = context.paths.edits(context.file)
    if name is None:
        text, id = library.text(), None
        schema = _schema_of(library.file, text)

        def save(edited: str) -> Change:
            replace = partial(library.replace_text, edited, was=text, style=style)
            try:
                return replace(sure=context.request.on("--yes"))
            except Loss as loss:
                _confirm_removal(context, loss)
                return replace(sure=True)
    else:
        (show,) = find_shows(context, [name])
        text, id = library.block(show.id), show.id
        schema = None

        def save(edited: str) -> Change:
            return library.replace_block(show.id, edited, was=text, style=style)

    shown: list[WatchlistError] = []

    def ask(error: WatchlistError, path: Path) -> bool:
        shown[:] = [error]
        return _ask_again(error, path)

    try:
        change, hint, kept = edit_text(
            text, save, context.environ, ask=ask if context.asks else None, folder=folder, name=_key(id), schema=schema
        )
    except WatchlistError as error:
        if error.kept is None:
            raise
        next_step = _next_step(context, id, error.kept)
        if error in shown:  # `_ask_again` has printed it
            raise UsageError("nothing was changed", next_step) from error
        error.hint = f"{error.hint}; {next_step}" if error.hint else next_step
        raise
    report(context, [change] if change is not None else [])
    if hint:
        context.out.say(f"  {hint}: {_next_step(context, id, kept)}" if kept is not None else f"  {hint}")
    if change is not None:
        _warn_of_values(context, change)


def _schema_of(file: Path, text: str) -> bytes | None:
    """Return the content of the schema file beside the list `file`; None if `text`, the list, does not name it at its top.

    It is copied beside the file that the editor opens, because the list names it by a relative path.
    """
    if SCHEMA_COMMENT not in text.partition("[")[0]:
        return None
    from watchlist.doctor.schema_comment import schema_path  # most lists name no schema

    with contextlib.suppress(StoreError):  # it only helps the editor
        return file_io.read(schema_path(file))
    return None


def _key(id: str | None) -> str:
    """Return the name under which the text of the show `id` is kept while it is edited; for None, of the whole list."""
    return "list:" if id is None else f"show:{id}"


def _next_step(context: Context, id: str | None, kept: Path) -> str:
    """Return a hint on an edited text that was not stored: how to continue with it, how to discard it, and its path `kept`.

    `id` is the id of the edited show; None for the whole list.
    """
    place = f"what you wrote is in {kept}"
    # The next edit does not look for texts in a temporary folder.
    if not kept.is_relative_to(context.paths.edits(context.file)):
        return place
    words = "edit" if id is None else f"edit {shell_word(id)}"
    reopen, drop = same_list_command(context, words), same_list_command(context, f"{words} --discard")
    return f"`{reopen}` opens your text again, `{drop}` drops it; {place}"


def _ask_again(error: WatchlistError, path: Path) -> bool:
    """Print `error`, found in the edited text at `path`. Return True if the user wants to edit the text again."""
    print(f"watchlist: {safe(error.message)}", file=sys.stderr)
    for line in filter(None, [error.hint, f"what you wrote is in {path}"]):
        print(f"  {safe(line)}", file=sys.stderr)
    return confirm("Open the editor again?", default=True)


def _confirm_removal(context: Context, loss: Loss) -> None:
    """Ask whether to remove the many shows of `loss`. Raise Refused if the answer is no or there is no terminal."""
    if not context.asks:
        raise Refused(f"{loss.message}; confirmation needs a terminal", "--yes removes them") from loss
    print(f"watchlist: {loss.message}", file=sys.stderr)
    for title in loss.titles[:MAX_NAMED]:
        print(f"  {safe(title)}", file=sys.stderr)
    if len(loss.titles) > MAX_NAMED:
        print(f"  and {len(loss.titles) - MAX_NAMED} more", file=sys.stderr)
    if not confirm(f"Remove {counted(len(loss.titles), 'show')}?"):
        raise Refused("nothing was changed") from loss


def _warn_of_values(context: Context, change: Change) -> None:
    """Print the invalid values in the shows that `change` changed. The file keeps these values as the user wrote them."""
    from watchlist.doctor import sentence, unreadable  # most edits have no such value; saves importing the doctor

    lines = [
        f"line {finding.line}: {sentence(finding)}"
        for finding in unreadable(context.library, change.deltas, context.style)
    ]
    if not lines:
        return
    more = [f"and {len(lines) - MAX_NAMED} more"] if len(lines) > MAX_NAMED else []
    doctor, undo = (same_list_command(context, verb) for verb in ("doctor", "undo"))
    step = f"`{doctor}` lists what is wrong, `{undo}` undoes the change"
    context.out.warn("stored as you wrote it, with values that can't be read:", *lines[:MAX_NAMED], *more, step)


def _discard(context: Context, name: str | None) -> None:
    """Delete the texts that earlier edits left. `name` is the id or title of a show; None for edits of the whole list."""
    folder = context.paths.edits(context.file)
    count = discard(folder, _key(name))
    if name is not None and not count:  # `name` is not the id of a kept text, which may be of a removed show: a title?
        (show,) = find_shows(context, [name])
        count = discard(folder, _key(show.id))
    if context.out.json:
        context.out.document({"dropped": count})
    message = (
        f"Dropped {counted(count, 'text')} that an earlier edit kept" if count else "No text of an earlier edit is kept"
    )
    context.out.say(message)
