"""The verb `seen`: logs viewings of video files by their names, and prints the script with which mpv does that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from watchlist.cli.catalogued_files import described, with_catalogue
from watchlist.cli.context import Context
from watchlist.cli.file_questions import ask_about
from watchlist.cli.selection import same_list
from watchlist.cli.verbs.change_shows import changes_document, print_changes, refuse_duplicate
from watchlist.domain import edits
from watchlist.domain.change_messages import foresee
from watchlist.domain.dates import AnyDate, without_time
from watchlist.domain.edits import Delta, Edit
from watchlist.domain.episodes import format_episodes
from watchlist.domain.fields import VIEWINGS
from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Show, Viewing
from watchlist.domain.per_show_edits import PerShowEdit, in_turn
from watchlist.domain.text import counted, long_date
from watchlist.domain.watch_once import is_logged, watch_once
from watchlist.domain.watch_progress import kind_of
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import Refused, UsageError
from watchlist.query.columns import COLUMNS
from watchlist.release_names.decision import Decision, Outcome, decide
from watchlist.release_names.parser import last_part
from watchlist.sanitize import safe, shell_word
from watchlist.store.library import Change

MAX_NAMED = 3  # maximum number of files that are named in an error
MAX_NAME_CHARACTERS = 80  # longer names of files are cut in messages


def seen_(context: Context) -> None:
    """Run `watchlist seen`: log the episodes and films that the names of files mean, as one change.

    If one of the names leaves a doubt and there is no terminal to ask on, nothing is changed.
    """
    request = context.request
    names = request.words("FILE")
    if request.on("--mpv-hook"):
        _print_hook(context, names)
        return
    if not names:
        raise UsageError("seen: missing FILE (names or paths of video files)", "e.g. watchlist seen heat.1995.mkv")
    viewing = Viewing(date=_day(context))
    dry_run = request.on("--dry-run")
    if not dry_run:
        context.prepare_change()
    decisions = _answered(context, with_catalogue(context, _decided(context, names)))
    _refuse_doubts(context, decisions)
    decisions, added = _with_new_ids(context, decisions)
    new = [d for d in decisions if d.outcome is Outcome.VIEWING and not _is_same(d, viewing)]
    edit = _edit(context, new, viewing, added) if new else None
    if dry_run:
        _preview(context, decisions, viewing, edit, added)
        return
    changes = [context.library.apply(edit, style=context.style)] if edit is not None else []
    _report(context, decisions, viewing, changes, added)


def _print_hook(context: Context, names: Sequence[str]) -> None:
    from watchlist.players import mpv_script  # logging a viewing needs no script

    if names:
        raise UsageError("--mpv-hook takes no FILE", "watchlist seen --mpv-hook > ~/.config/mpv/scripts/watchlist.lua")
    if context.out.json:
        context.out.document({"script": mpv_script()})
    else:
        context.out.file(mpv_script())


def _day(context: Context) -> AnyDate | None:
    """Return the date of the viewings: the value of `--date`, else today. Raise UsageError if it is invalid."""
    if (text := context.request.word("--date")) is None:
        return date.today()
    column = next(column for column in VIEWINGS.columns if column.key == "date")
    try:
        day: AnyDate | None = column.type.parse(text, context.style)
    except ValueError as error:
        raise UsageError(f"--date: {error}", "e.g. --date yesterday, or --date unknown") from error
    return day


def _decided(context: Context, names: Sequence[str]) -> list[Decision]:
    """Return what the names of files mean on the list, as it is in the file."""
    reloaded = False
    while True:
        shows = context.list.shows
        titles, others = (shows.column(column, COLUMNS[column]) for column in ("title", "aka"))
        all_titles = [(title, *aka) for title, aka in zip(titles, others, strict=True)]
        decisions = decide(names, shows, all_titles)
        is_missing = any(decision.outcome is Outcome.UNKNOWN for decision in decisions)
        if is_missing and not reloaded:
            reloaded = True
            if context.reload():
                continue
            context.check()
        chosen = {c.show.id: c.show for decision in decisions for c in decision.candidates}
        chosen |= {decision.show.id: decision.show for decision in decisions if decision.show is not None}
        if context.library.confirm(chosen.values(), missing=is_missing):
            return decisions


def _answered(context: Context, decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions after `--yes` or the user's answers. A file that the user skips becomes no viewing."""
    if context.request.on("--yes"):
        return [replace(d, outcome=Outcome.VIEWING) if _is_answerable(d) else d for d in decisions]
    if not context.asks or context.request.on("--dry-run"):
        return list(decisions)
    doubtful = (Outcome.DOUBT, Outcome.UNKNOWN)
    return [ask_about(context, d, _short(d.file)) if d.outcome in doubtful else d for d in decisions]


def _is_answerable(decision: Decision) -> bool:
    """Return True for a doubt that a plain yes resolves: one show, and an episode or a film."""
    return (
        decision.outcome is Outcome.DOUBT
        and decision.show is not None
        and (bool(decision.episodes) or decision.is_film)
    )


def _refuse_doubts(context: Context, decisions: Sequence[Decision]) -> None:
    """Raise Refused if a file is in doubt or unknown, or if none of them is a viewing. With `--json`, print all of them."""
    doubts = [d for d in decisions if d.outcome in (Outcome.DOUBT, Outcome.UNKNOWN)]
    if not doubts and any(d.outcome is Outcome.VIEWING for d in decisions):
        return
    unclear = doubts or [d for d in decisions if d.outcome is Outcome.NO_VIEWING]
    if context.out.json:
        document = changes_document([], "Nothing changed", [])
        context.out.document(document | {"files": [_document(context, d, "") for d in decisions]})
    rest = f"; and {counted(len(unclear) - MAX_NAMED, 'more file')}" if len(unclear) > MAX_NAMED else ""
    message = "; ".join(f"{_short(d.file)}: {d.why}" for d in unclear[:MAX_NAMED]) + rest
    if len(decisions) > 1:
        message += ", so nothing was logged" if doubts else ""
    raise Refused(message, _hint(context, unclear[0]))


def _hint(context: Context, decision: Decision) -> str:
    """Return the next step for a file that was not logged."""
    end = "".join(f" {flag}" for flag in same_list(context))
    if decision.outcome is Outcome.NO_VIEWING:
        show = decision.show
        if show is None or _is_new(context, show):
            return ""
        return f"`watchlist watch {shell_word(show.id)} S01E03{end}` logs an episode"
    new = [candidate.show for candidate in decision.candidates if _is_new(context, candidate.show)]
    if decision.show is not None and _is_new(context, decision.show):
        new = [decision.show]
    if new:
        adds = f"{_add_command(new[0])}{end} adds {described(new[0])}"
        return f"--yes adds it and logs {safe(decision.subject)}" if _is_answerable(decision) else adds
    if decision.candidates and decision.show is None:
        ids = ", ".join(safe(candidate.show.id) for candidate in decision.candidates[:8])
        return f"`watchlist watch ID{end}` logs it, with one of these ids: {ids}"
    if decision.show is not None:
        id = shell_word(decision.show.id)
        if not _is_answerable(decision):
            return f"name the episode, e.g. `watchlist watch {id} S01E03{end}`"
        yes = f"--yes logs {safe(decision.subject)}"
        if not decision.candidates:
            return yes
        return f"{yes}; `watchlist set {id} aka+={shell_word(decision.title)}{end}` gives the show this title"
    if not decision.title:
        return ""
    title = shell_word(decision.title)
    return f"`watchlist add {title}{end}` adds it; `watchlist set SHOW aka+={title}{end}` gives the title to a show"


def _add_command(show: Show) -> str:
    """Return a command in quotes that adds a show of the catalogue."""
    title = f"{show.title} ({show.year})" if show.year else show.title
    return f"`watchlist add {shell_word(title)} --kind {show.kind} ids+=imdb={safe(str(show.ids['imdb']))}`"


def _is_new(context: Context, show: Show) -> bool:
    """Return True if a show is not on the list, so that it has to be added before a viewing of it is logged."""
    return context.list.find(show.id) is None


def _with_new_ids(context: Context, decisions: Sequence[Decision]) -> tuple[list[Decision], dict[str, Show]]:
    """Return (the decisions with an unused id for each show to add, these shows by this id)."""
    ids: dict[str, str] = {}  # by the id that the show has instead
    added: dict[str, Show] = {}
    changed = []
    for decision in decisions:
        show = decision.show
        if show is not None and decision.outcome is Outcome.VIEWING and _is_new(context, show):
            if show.id not in ids:
                ids[show.id] = edits.new_id(show, (*context.list.shows.places, *added))
            id = ids[show.id]
            added[id] = replace(show, id=id)
            decision = replace(decision, show=added[id])
        changed.append(decision)
    return changed, added


def _is_same(decision: Decision, viewing: Viewing) -> bool:
    """Return True if the viewing of a file was logged for that day before."""
    return decision.show is not None and is_logged(decision.show, viewing, decision.episodes)


def _edit(context: Context, decisions: Sequence[Decision], viewing: Viewing, added: Mapping[str, Show]) -> Edit:
    """Return the edit that adds the shows `added`, and logs a viewing for each of the files."""
    if not added:
        return _log(context, decisions, viewing, {})

    def add_and_log(library: Watchlist) -> Watchlist:
        ids = {}  # the list may have changed meanwhile, so that another id is unused
        for id, show in added.items():
            refuse_duplicate(replace(show, id=""), library)
            library = edits.add(show)(library)
            ids[id] = library.shows[-1].id
        library, skipped = _log(context, decisions, viewing, ids).outcome(library)
        if skipped:
            raise Refused(f"{skipped[0]}, so nothing was logged", "`watchlist doctor` lists what is wrong in the file")
        return library

    return add_and_log


def _log(context: Context, decisions: Sequence[Decision], viewing: Viewing, ids: Mapping[str, str]) -> PerShowEdit:
    """Return the edit that logs a viewing for each of the files. `ids` has the ids of the shows that are just added."""
    steps = []
    for decision in decisions:
        assert decision.show is not None
        kind = Kind.FILM if decision.is_film and kind_of(decision.show) is None else None
        steps.append(
            watch_once(
                ids.get(decision.show.id, decision.show.id),
                viewing,
                decision.episodes,
                kind=kind,
                auto_status=context.config.auto_status,
                sure=decision.is_confirmed or context.request.on("--yes"),
            )
        )
    return in_turn(*steps)


def _preview(
    context: Context, decisions: Sequence[Decision], viewing: Viewing, edit: Edit | None, added: Collection[str]
) -> None:
    """Print what would be logged, and why other files would not be."""
    before = context.list
    if isinstance(edit, PerShowEdit):
        after, skipped = edit.outcome(before)
    else:
        after, skipped = edit(before) if edit is not None else before, ()
    deltas = edits.deltas(before, after)
    if context.out.json:
        document = changes_document([], foresee(tuple(deltas), context.style), deltas, skipped)
        context.out.document({"dry_run": True} | document | {"files": _documents(context, decisions, viewing, added)})
        return
    _print_files(context, decisions, viewing, added)
    for delta in deltas:
        context.out.line(foresee((delta,), context.style))
    for text in skipped:
        context.out.say(f"  {text}")
    context.out.say(f"{counted(len(deltas), 'show')} would change; nothing was written")


def _report(
    context: Context,
    decisions: Sequence[Decision],
    viewing: Viewing,
    changes: Sequence[Change],
    added: Collection[str],
) -> None:
    """Print what was logged, and why other files were not."""
    if context.out.json:
        effective = [change for change in changes if change.number]
        deltas: list[Delta] = [delta for change in effective for delta in change.deltas]
        label = "; ".join(change.label for change in effective) or "Nothing changed"
        document = changes_document([change.number for change in effective], label, deltas)
        context.out.document(document | {"files": _documents(context, decisions, viewing, added)})
    _print_files(context, decisions, viewing, added)
    same = [_same_sentence(d, viewing) for d in decisions if d.outcome is Outcome.VIEWING and _is_same(d, viewing)]
    print_changes(context, changes, why=same[0] if len(decisions) == 1 and same else "")
    if added:
        from watchlist.sources.catalogue.credit import CREDIT  # few runs add a show

        context.out.say(f"  {CREDIT}")


def _print_files(context: Context, decisions: Sequence[Decision], viewing: Viewing, added: Collection[str]) -> None:
    """Print a line for each of several files; for a single file, the message about the change says all."""
    if len(decisions) == 1:
        return
    for decision in decisions:
        if decision.outcome is not Outcome.VIEWING:
            text = f"not logged, {decision.why}"
        else:
            text = _same_sentence(decision, viewing) if _is_same(decision, viewing) else decision.subject
            is_new = decision.show is not None and decision.show.id in added
            text += " (added to the list)" if is_new else ""
        context.out.say(f"{_short(decision.file)}: {text}")


def _same_sentence(decision: Decision, viewing: Viewing) -> str:
    day = viewing.date
    is_today = day is not None and without_time(day) == date.today()
    when = "" if day is None else " today" if is_today else f" on {long_date(without_time(day))}"
    return f"{safe(decision.subject)} was logged{when} already"


def _documents(
    context: Context, decisions: Sequence[Decision], viewing: Viewing, added: Collection[str]
) -> list[dict[str, object]]:
    documents = []
    for decision in decisions:
        logged = "same" if _is_same(decision, viewing) else "watched"
        documents.append(_document(context, decision, logged if decision.outcome is Outcome.VIEWING else "", added))
    return documents


def _document(context: Context, decision: Decision, logged: str, added: Collection[str] = ()) -> dict[str, object]:
    """Return the `--json` object of one file. `logged` is "watched" or "same" for a viewing, else empty."""
    show = decision.show
    is_added = show is not None and show.id in added
    has_id = show is not None and (is_added or not _is_new(context, show))
    return {
        "file": decision.file,
        "outcome": logged or str(decision.outcome),
        "id": show.id if show is not None and has_id else None,
        "title": show.title if show is not None else decision.title,
        "episodes": format_episodes(decision.episodes),
        "why": decision.why if not logged else "",
        "candidates": [candidate.show.id for candidate in decision.candidates],
        "added": is_added,
    }


def _short(file: str) -> str:
    """Return the last part of a path for a message, cut if it is long."""
    name = safe(last_part(file))
    return name if len(name) <= MAX_NAME_CHARACTERS else name[: MAX_NAME_CHARACTERS - 1] + "…"
