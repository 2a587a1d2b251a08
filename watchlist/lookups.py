"""Look-ups, for both interfaces: ask the sources about a show, compare their answers, and apply what the user takes.

Nothing here is run unless the user asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import date
from typing import TYPE_CHECKING, Final

from watchlist.domain.edits import Edit
from watchlist.domain.fields import check_readable
from watchlist.domain.frozen import Frozen
from watchlist.domain.lookup_diff import Difference, differences, nothing_written
from watchlist.domain.lookup_edits import Taken, take, written_items
from watchlist.domain.matching import likeness
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.errors import LookupFailed, NotFound, UsageError, WatchlistError, did_you_mean
from watchlist.paths import Paths
from watchlist.sanitize import safe
from watchlist.sources.lookup.choose import SOURCES, find, shares_id, sources_for
from watchlist.sources.lookup.options import LookupOptions
from watchlist.sources.lookup.source import Candidate, Source
from watchlist.store.library import Change, Library, Progress, no_progress
from watchlist.store.lookup_record import LookupRecord

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client  # loads the HTTP library

MAX_FAILURES: Final = 3  # in a row; then the other shows of a look-up are not asked about any more


class Matches(Frozen):
    """The candidates for a show, the most likely first, and the errors of the sources that did not answer."""

    show: Show
    candidates: tuple[Candidate, ...]
    failures: tuple[LookupFailed, ...] = ()

    @property
    def by_id(self) -> Candidate | None:
        """The candidate that has an id in common with the show, first of all that of its source; None if none has.

        Other ids may differ then: services correct the ids that they know of each other.
        """
        own = (c for c in self.candidates if self._has_own_id(c))
        return next(own, None) or next((c for c in self.candidates if shares_id(self.show, c.facts)), None)

    def _has_own_id(self, candidate: Candidate) -> bool:
        """Return True if the list has the id of a candidate at its source. Films and series may have the same number."""
        show, facts = self.show, candidate.facts
        id = facts.ids.get(candidate.source)
        kinds_differ = show.kind is not None and facts.kind is not None and show.kind is not facts.kind
        return id is not None and id == show.ids.get(candidate.source) and not kinds_differ

    @property
    def certain(self) -> Candidate | None:
        """The candidate to take without asking; None if it is not certain which one is meant.

        It has an id in common with the show, or is the only one of its source with the same title and year. If the list
        has no year, the kind must be known and the title occur once.
        """
        if (shared := self.by_id) is not None:
            return shared
        rank = likeness(self.show)
        for source in dict.fromkeys(c.source for c in self.candidates):
            ranked = [(rank(c.facts), c) for c in self.candidates if c.source == source]
            same_title = [(value, c) for value, c in ranked if value is not None and not value.other_title]
            same_year = [c for value, c in same_title if self.show.year is not None and not value.other_year]
            if len(same_year) == 1:
                return same_year[0]
            only_title = len(same_title) == 1 and self.show.year is None and self.show.kind is not None
            if only_title:
                return same_title[0][1]
        return None


class FailuresInRow:
    """Counts the sources that could not be asked, one show after the other."""

    def __init__(self) -> None:
        self._count = 0

    def are_too_many(self, error: WatchlistError | None) -> bool:
        """Count the end of the look-up of one show, None if it succeeded. Return True if no more shows should be tried."""
        self._count = self._count + 1 if isinstance(error, LookupFailed) else 0
        return self._count >= MAX_FAILURES


class Answer(Frozen):
    """What a source knows of a show of the list, and the rows of what differs."""

    show: Show
    candidate: Candidate
    theirs: Show
    rows: tuple[Difference, ...]

    @property
    def source(self) -> Source:
        """The source that answered."""
        return SOURCES[self.candidate.source]

    def taken(self, keys: Iterable[str], day: date) -> Taken:
        """Return the choice of the rows with these keys. `day` is today."""
        chosen = set(keys)
        items = tuple(item for row in self.rows if row.key in chosen for item in row.items)
        return Taken(self.show.id, self.candidate.source, day, items)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The keys of the rows that are taken unless the user decides otherwise."""
        return tuple(row.key for row in self.rows if row.wanted)


class LookupSession:
    """Asks sources about shows, through one client, which is made when it is first needed. Close it at the end.

    All methods must be called in one event loop.
    """

    def __init__(self, settings: Mapping[str, str], environ: Mapping[str, str], paths: Paths) -> None:
        """Create a session with the config table `[lookup]`. Answers are kept in the cache folder."""
        self.options = LookupOptions.of(settings, environ)
        self._cache = paths.answers
        self._client: Client | None = None
        self._stack = AsyncExitStack()

    async def _connected(self) -> Client:
        if self._client is None:
            from watchlist.sources.lookup.client import Client  # loads the HTTP library

            self._client = await self._stack.enter_async_context(Client(self.options, self._cache))
        return self._client

    async def close(self) -> None:
        """Close all connections."""
        await self._stack.aclose()
        self._client = None

    async def search(
        self, show: Show, only: str = "", *, asking: Callable[[str], object] = lambda title: None
    ) -> Matches:
        """Return the candidates for a show, from one source after the other until one knows the show.

        Args:
            show: The show of the list.
            only: The name of the source to ask; empty for all that know such shows.
            asking: Called with the title of each source before that source is asked.

        Raises:
            LookupFailed: A source did not answer, and no other one has candidates.
            NotFound: No source knows such a show.
            UsageError: There is no source `only`.
            WrongValue: The field `sources` of the show is invalid in the file, so that nothing could be stored.
        """
        check_readable(show, "sources")  # before questions are asked: without this field, no answer can be stored
        sources = self._sources(show, only)
        candidates, failures = await find(show, await self._connected(), sources, asking)
        if not candidates:
            raise _none_found(show, sources)
        return Matches(show, candidates, failures)

    def _sources(self, show: Show, only: str) -> tuple[Source, ...]:
        if only and only not in SOURCES:
            hint = did_you_mean(only, SOURCES) or f"the sources are {', '.join(SOURCES)}"
            raise UsageError(f'there is no source "{safe(only)}"', hint)
        sources = (SOURCES[only],) if only else sources_for(show, self.options)
        if not sources:
            kind = f"a {show.kind}" if show.kind is not None else "this show"
            raise NotFound(f"no source knows {kind}", "some need a key: `watchlist help lookup`")
        return sources

    async def fetch(self, candidate: Candidate) -> Show:
        """Return everything that its source knows of a candidate. Raises LookupFailed."""
        return await SOURCES[candidate.source].fetch(candidate, await self._connected())


def _none_found(show: Show, sources: Sequence[Source]) -> NotFound:
    """Return the error for a show that none of the sources knows."""
    names = [source.title for source in sources]
    asked = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    verb = "knows" if len(names) == 1 else "know"
    hint = "check the title, or add an id, e.g. `watchlist set SHOW ids+=imdb=tt0113277`"
    return NotFound(f'{asked} {verb} nothing like "{safe(show.title)}"', hint)


def answer_of(library: Library, show: Show, candidate: Candidate, theirs: Show) -> Answer:
    """Return the answer of a source about a show of the list, compared with the show as it is now."""
    was_written = nothing_written
    if show.id and candidate.source in show.sources:
        record = LookupRecord(library.paths.lookups(library.file))
        was_written = record.written(show.id, candidate.source).holds
    return Answer(show, candidate, theirs, differences(show, theirs, was_written))


def apply_choices(
    library: Library,
    choices: Sequence[Taken],
    *,
    edit: Edit | None = None,
    added: Show | None = None,
    style: DisplayStyle = STARS,
    progress: Progress = no_progress,
) -> Change:
    """Apply choices to the list as one change, and remember what was written.

    Args:
        library: The list.
        choices: The choices; one for each show.
        edit: The edit that applies them; None for `take(choices)`.
        added: The show without an id that the edit adds, as it was before the look-up; None if no show is added.
        style: The rating scale in the label of the change.
        progress: See `Library.apply`.

    Raises:
        NotFound: All of the shows were removed meanwhile.
        WatchlistError: The errors of `Library.apply`.
    """
    change = library.apply(edit or take(choices), style=style, progress=progress)
    by_id, written = {choice.id: choice for choice in choices}, []
    for delta in change.deltas:
        before = delta.before or added
        choice = by_id.get(before.id) if before is not None else None
        if before is not None and delta.after is not None and choice is not None:
            is_new = choice.source not in before.sources
            written.append((delta.after.id, choice.source, is_new, written_items(choice, before, delta.after)))
    LookupRecord(library.paths.lookups(library.file)).add(written)
    return change
