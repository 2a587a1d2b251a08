"""The verb `lookup`, and `add --lookup`: ask sources about shows, compare, and take over what the user chooses.

The event loop runs only while a source is asked, so that ctrl+c ends the program at once while a question waits.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from watchlist.cli.output import TableColumn
from watchlist.cli.selection import same_list
from watchlist.cli.verbs.change_shows import changes_document, print_changes, selected_shows
from watchlist.domain.edits import Edit
from watchlist.domain.glyphs import glyphs
from watchlist.domain.lookup_diff import Sign, facts, sign_glyph
from watchlist.domain.model import Show
from watchlist.domain.text import counted, parse_ranges
from watchlist.errors import Interrupted, LookupFailed, NotFound, Refused, WatchlistError, WrongValue
from watchlist.lookups import MAX_FAILURES, Answer, FailuresInRow, LookupSession, Matches, answer_of, apply_choices
from watchlist.sanitize import safe, shell_word
from watchlist.sources.lookup.daemon_threads import DaemonThreads
from watchlist.store.library import Change

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from watchlist.cli.context import Context
    from watchlist.domain.lookup_edits import Taken
    from watchlist.sources.lookup.source import Candidate

MAX_CANDIDATES = 9  # that are listed to choose from
SIGN_STYLES = {"+": "green", "≠": "yellow", "#": "yellow", "~": "blue"}


class _Result(NamedTuple):
    """The end of the look-up of one show: the rows taken of an answer, or the reason why there is none."""

    show: Show
    answer: Answer | None = None
    keys: tuple[str, ...] = ()
    reason: str = ""  # why nothing is taken; empty if something is
    error: WatchlistError | None = None


def lookup_(context: Context) -> None:
    """Run `watchlist lookup`: look up shows, and apply what is taken of all of them as one change."""
    request = context.request
    if not request.on("--dry-run"):
        context.prepare_change(whole=request.on("--where"))
    shows = selected_shows(context)
    with _Lookup.opened(context) as lookup:
        results = lookup.all_of(shows)
    if len(results) == 1 and (error := results[0].error) is not None:
        raise error
    _finish(context, results, left=len(shows) - len(results), decides=lookup.decides)


def add_with_lookup(context: Context, show: Show, edit: Callable[[Show], Edit]) -> Change:
    """Look up a show that is not on the list yet, and add it with what is taken, as one change.

    `edit` returns the edit that adds a show. If the look-up fails, nothing is added.
    """
    with _Lookup.opened(context) as lookup:
        try:
            result = lookup.of(show)
        except WatchlistError as error:
            alone = "nothing was added; run it without --lookup to add the title alone"
            error.hint = "; ".join(filter(None, (error.hint, alone)))
            raise
    if result.answer is None:
        raise Refused(f"{result.reason}; nothing was added", "--source or a year may help")
    if not result.keys and not lookup.decides:
        return context.library.apply(edit(show), style=context.style)
    if not lookup.decides:
        raise _undecided([result])
    taken = result.answer.taken(result.keys, date.today())
    change = apply_choices(context.library, [taken], edit=edit(taken.apply(show)), added=show, style=context.style)
    context.out.say(result.answer.source.credit)
    return change


class _Lookup:
    """Looks up shows one by one with the flags of one run, and asks the user."""

    def __init__(self, context: Context, runner: asyncio.Runner) -> None:
        request = context.request
        self._context, self._out, self._runner = context, context.out, runner
        self._session = LookupSession(context.config.lookup, context.environ, context.paths)
        self._only = request.word("--source") or ""
        self._yes = request.on("--yes")
        self._asks = context.asks and not (self._yes or request.on("--dry-run") or context.out.json)

    @classmethod
    @contextmanager
    def opened(cls, context: Context) -> Iterator[_Lookup]:
        """Open a look-up for a `with` block, at whose end all connections are closed."""
        with asyncio.Runner() as runner:
            runner.get_loop().set_default_executor(DaemonThreads())  # ctrl+c waits for no look-up of a name
            lookup = cls(context, runner)
            try:
                yield lookup
            finally:
                runner.run(lookup._session.close())

    @property
    def decides(self) -> bool:
        """True if there is someone, or a flag, that decides what is taken."""
        return self._yes or self._asks

    def all_of(self, shows: Sequence[Show]) -> list[_Result]:
        """Return the results of the shows, in order. After MAX_FAILURES failures in a row, the rest is left out.

        Raises:
            Interrupted: The user pressed ctrl+c.
        """
        results, failures = list[_Result](), FailuresInRow()
        try:
            for show in shows:
                try:
                    results.append(self.of(show))
                except (LookupFailed, NotFound, WrongValue) as error:
                    results.append(_Result(show, reason=error.message, error=error))
                if failures.are_too_many(results[-1].error):
                    break
        except KeyboardInterrupt as interrupt:
            chosen = sum(bool(result.keys) for result in results)
            lost = f"what was chosen for {counted(chosen, 'show')} before is not applied" if chosen else ""
            raise Interrupted("interrupted; nothing was changed", lost) from interrupt
        return results

    def of(self, show: Show) -> _Result:
        """Return the result of one show. Raises LookupFailed if no source answers, NotFound if none knows it."""
        found = self._run(self._session.search(show, self._only, asking=self._announce))
        for failure in found.failures:
            self._out.warn(failure.message)
        candidate = self._candidate(found)
        if candidate is None:
            return _Result(
                show,
                reason=f"{safe(show.title)}: not certain which one is meant"
                if not self._asks
                else f"{safe(show.title)}: none was chosen",
            )
        answer = answer_of(self._context.library, show, candidate, self._run(self._session.fetch(candidate)))
        title = answer.source.title
        if not answer.rows:
            return _Result(show, answer, reason=f"Nothing new from {title} for {safe(show.title)}")
        keys = self._keys(answer)
        if keys:
            return _Result(show, answer, keys)
        if self._asks:
            return _Result(show, answer, reason=f"Nothing was taken from {title} for {safe(show.title)}")
        count = counted(len(answer.rows), "row")
        differ = f"{count} {'differs' if len(answer.rows) == 1 else 'differ'}"
        return _Result(show, answer, reason=f"Nothing to fill from {title} for {safe(show.title)}; {differ}")

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def _announce(self, title: str) -> None:
        if sys.stderr.isatty():
            self._out.say(f"Asking {title} …")

    # Which candidate

    def _candidate(self, found: Matches) -> Candidate | None:
        """Return the candidate to compare with; None if that is not certain, or if the user chose none."""
        if found.by_id is not None or not self._asks:
            if found.certain is None and not self._out.json:
                self._print_candidates(found)
                self._out.say(_hint_of_ids(self._context, found))
            return found.certain
        self._print_candidates(found)
        shown, certain = found.candidates[:MAX_CANDIDATES], found.certain
        default = str(shown.index(certain) + 1) if certain in shown else ""
        numbers = f"1-{len(shown)}" if len(shown) > 1 else "1"
        question = f"Which one? ({numbers}, n = none) " + f"[{default}] " * bool(default)
        while True:
            typed = self._ask(question).lower() or default
            if typed in ("", "n", "none", "no"):
                return None
            if typed in map(str, range(1, len(shown) + 1)):
                return shown[int(typed) - 1]
            self._out.say(f"choose {numbers}, or n for none")

    def _print_candidates(self, found: Matches) -> None:
        """Print a table: the user's show, then a row for each candidate, with signs where they differ."""
        names = ("title", "year", "kind", "platform", "seasons", "creators")
        head = [
            TableColumn(name) for name in ("", "Source", "Title", "Year", "Kind", "Platform", "Episodes", "By", "ID")
        ]
        rows = list[tuple[str, ...]]()
        for number, candidate in enumerate(found.candidates[:MAX_CANDIDATES], 1):
            compared = {fact.name: fact for fact in facts(found.show, candidate.facts)}
            if not rows:
                rows.append(("", "yours", *(compared[name].mine for name in names), _ids_of(found.show)))
            cells = [
                f"{sign_glyph(fact.sign, self._context.style)} {fact.theirs}"
                if fact.sign is Sign.DIFFERS
                else fact.theirs
                for fact in map(compared.__getitem__, names)
            ]
            rows.append((str(number), candidate.source, *cells, candidate.named_id))
        self._out.table(head, rows)

    def _ask(self, question: str) -> str:
        print(question, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise Refused("nothing was changed")
        return line.strip()

    # Which rows

    def _keys(self, answer: Answer) -> tuple[str, ...]:
        """Return the keys of the rows to take: the wanted ones or, if the user is asked, those that the user names."""
        if not self._out.json and not self._yes:
            self._print_rows(answer)
        if not self._asks:
            return answer.wanted
        count = len(answer.wanted)
        default = f"the {count} marked + or ~" if count else "none"
        question = f"Take which? Enter for {default}, a for all, n for none, or numbers such as 1,3-5: "
        while True:
            typed = self._ask(question).lower()
            if typed in ("", "y", "yes"):
                return answer.wanted
            if typed in ("n", "no", "none"):
                return ()
            if typed in ("a", "all"):
                return tuple(row.key for row in answer.rows)
            try:
                return tuple(answer.rows[number - 1].key for number in _numbers(typed, len(answer.rows)))
            except ValueError as error:
                self._out.say(str(error))

    def _print_rows(self, answer: Answer) -> None:
        head = [
            TableColumn("", right=True),
            TableColumn("", style=SIGN_STYLES),
            TableColumn("Field"),
            TableColumn("Yours"),
            TableColumn(answer.source.title),
        ]
        style, none = self._context.style, glyphs(self._context.style).none
        rows = [
            (str(n), sign_glyph(row.sign, style), row.label, row.mine or none, row.theirs)
            for n, row in enumerate(answer.rows, 1)
        ]
        self._out.line(f"{answer.show.title}: {answer.candidate.title}, {answer.candidate.url}")
        self._out.table(head, rows)
        self._out.line(answer.source.credit)


def _numbers(typed: str, count: int) -> tuple[int, ...]:
    """Return the numbers of rows that are typed, e.g. `1,3-5`. Raise ValueError unless they are from 1 to `count`."""
    try:
        numbers = parse_ranges(typed)
    except ValueError:
        numbers = ()
    if not numbers:
        raise ValueError("choose rows by number, e.g. 1,3-5")
    if numbers[-1] > count:
        raise ValueError(f"choose numbers from 1 to {count}")
    return numbers


def _ids_of(show: Show) -> str:
    return " ".join(f"{key}={id}" for key, id in show.ids.items())


def _hint_of_ids(context: Context, found: Matches) -> str:
    """Return a hint on how to say which candidate is meant: a command that stores its id, or adds the show with it."""
    show, first = found.show, found.candidates[0]
    words = ["watchlist", "set", shell_word(show.id)] if show.id else ["watchlist", "add", shell_word(show.title)]
    words.append(shell_word(f"ids+={first.named_id}"))
    if show.kind is None and first.kind is not None:
        words.append(f"kind={first.kind}")  # some services number films and series separately
    words += ["--lookup"] * (not show.id)
    return f"name the right one by its ID, e.g. {' '.join([*words, *same_list(context)])}"


# The end of a run


def _finish(context: Context, results: Sequence[_Result], left: int, *, decides: bool) -> None:
    """Apply what was taken as one change, and report it.

    Args:
        results: The results of the shows.
        left: The number of shows that were not asked about.
        decides: True if someone, or a flag, decided what is taken. Otherwise, nothing is changed.

    Raises:
        Refused: Nobody decided what is taken, so nothing was changed.
        LookupFailed: Some shows could not be looked up.
    """
    request, day = context.request, date.today()
    accepted = [result for result in results if result.answer is not None and result.keys]
    choices: list[Taken] = [r.answer.taken(r.keys, day) for r in accepted if r.answer is not None]
    dry = request.on("--dry-run")
    changes = [apply_choices(context.library, choices, style=context.style)] if choices and decides and not dry else []
    failed = [result for result in results if result.error is not None]
    reasons = list(dict.fromkeys(result.reason for result in results if result.reason))
    unclear = len(results) == 1 and results[0].answer is None
    if context.out.json:
        context.out.document(_document(results, changes, reasons, dry=dry or not decides))
    elif not unclear:
        for reason in reasons:
            context.out.say(reason)
    if dry:
        context.out.say(f"{counted(len(accepted), 'show')} would change; nothing was written")
    elif accepted and not decides:
        raise _undecided(accepted)
    elif changes or not (context.out.json or unclear):
        print_changes(context, changes)
        for credit in dict.fromkeys(r.answer.source.credit for r in accepted if r.answer is not None):
            context.out.say(credit)
    if failed or left:
        raise _incomplete(failed, left)
    if unclear:
        raise Refused(results[0].reason)


def _undecided(results: Sequence[_Result]) -> Refused:
    """Return the error for a run without a terminal and without `--yes`."""
    count = sum(len(result.keys) for result in results)
    return Refused(
        f"nothing was changed: there is no terminal to ask whether to take {counted(count, 'row')}",
        "--yes takes all that is empty on the list",
    )


def _incomplete(failed: Sequence[_Result], left: int) -> LookupFailed:
    """Return the error for shows that could not be looked up. `left` is the number of those that were not asked about."""
    parts = [f"{counted(len(failed) + left, 'show')} could not be looked up"]
    parts += [f"{left} of them were not tried after {MAX_FAILURES} failures"] * bool(left)
    hint = "try again later; finished shows are skipped"
    return LookupFailed(
        "; ".join(parts), hint if left or any(isinstance(r.error, LookupFailed) for r in failed) else ""
    )


def _document(results: Sequence[_Result], changes: Sequence[Change], reasons: Sequence[str], *, dry: bool) -> Any:
    """Return the JSON document of a run: that of a change, and `lookups` with the rows of each show."""
    deltas = [delta for change in changes for delta in change.deltas]
    label = "; ".join(change.label for change in changes) or "Nothing changed"
    document = changes_document([c.number for c in changes if c.number], label, deltas, reasons)
    lookups = [
        {
            "id": result.show.id,
            "source": answer.candidate.source,
            "url": answer.candidate.url,
            "credit": answer.source.credit,
            "rows": [
                {
                    "field": row.field,
                    "sign": row.sign,
                    "yours": row.mine,
                    "theirs": row.theirs,
                    "taken": row.key in result.keys,
                }
                for row in answer.rows
            ],
        }
        for result in results
        if (answer := result.answer) is not None
    ]
    return ({"dry_run": True} if dry else {}) | document | {"lookups": lookups}
