"""Source: what every service that can be asked about shows has in common, and Candidate, one of its search hits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Kind, Show

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client  # loads the HTTP library


class Candidate(Frozen):
    """A show of a source that may be the one asked for.

    `facts` is a show without an id that contains what the search told; `fetch` asks for the rest.
    """

    source: str  # the name of the source
    id: str  # of the show, at the source
    title: str
    year: int | None = None
    kind: Kind | None = None
    facts: Show = Show("", "?")
    url: str = ""  # the show's page at the source, for people

    @property
    def named_id(self) -> str:
        """The id by which the source finds the show, with its service, as it is set in a list: `imdb=tt0113277` for OMDb."""
        service = self.source if self.source in self.facts.ids else next(iter(self.facts.ids), self.source)
        return f"{service}={self.facts.ids.get(service, self.id)}"


class Source(Protocol):
    """A service that can be asked about shows. Sources have no state: the client has the connection and the keys."""

    @property
    def name(self) -> str:
        """The key of the source in `Show.sources`, in `Show.ids` and in the config, e.g. "tvmaze"."""

    @property
    def title(self) -> str:
        """The name for users, e.g. "TVmaze"."""

    @property
    def credit(self) -> str:
        """The line that the source's terms ask to show beside its facts."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of shows that the source knows."""

    async def search(self, show: Show, client: Client) -> Sequence[Candidate]:
        """Return the shows of the source that may be `show`, in the order of the source.

        If `show.ids` has an id that the source knows, exactly one candidate is returned. Raises LookupFailed.
        """

    async def fetch(self, candidate: Candidate, client: Client) -> Show:
        """Return everything that the source knows of a candidate, as a show without an id.

        All values are valid for the fields of a show. Raises LookupFailed.
        """
