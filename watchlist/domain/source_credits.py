"""The services that know shows: their names for users, and the credits that the terms of the sources ask for."""

from __future__ import annotations

from typing import Final, NamedTuple


class SourceCredit(NamedTuple):
    """The title of a service, e.g. `TVmaze`, the license of its data, and the sentence that it asks to show; or empty."""

    title: str
    license: str = ""
    notice: str = ""

    @property
    def credit(self) -> str:
        """The license or else the notice, which stands in parentheses after the title; empty if there is neither."""
        return self.license or self.notice

    @property
    def line(self) -> str:
        """The line beside an answer: `Data: TVmaze, CC BY-SA 4.0`."""
        return ". ".join(filter(None, (f"Data: {', '.join(filter(None, (self.title, self.license)))}", self.notice)))


SOURCE_CREDITS: Final = {
    "tvmaze": SourceCredit("TVmaze", "CC BY-SA 4.0"),
    "wikidata": SourceCredit("Wikidata", "CC0; synopsis: Wikipedia, CC BY-SA 4.0"),
    "tmdb": SourceCredit("TMDB", notice="This product uses the TMDB API but is not endorsed or certified by TMDB"),
    "omdb": SourceCredit("OMDb", "CC BY-NC 4.0"),
    "anilist": SourceCredit("AniList"),
    # Services that are not asked for shows, but have ids or texts of them.
    "wikipedia": SourceCredit("Wikipedia", "CC BY-SA 4.0"),
    "imdb": SourceCredit("IMDb"),
    "imdb_datasets": SourceCredit("IMDb's dataset server"),
    "tvdb": SourceCredit("TVDB"),
    "mal": SourceCredit("MAL"),
    "letterboxd": SourceCredit("Letterboxd"),
    "trakt": SourceCredit("Trakt"),
}


def credit_of(name: str) -> SourceCredit:
    """Return the title and the credit of the service with the key `name`. An unknown service has its key as title."""
    return SOURCE_CREDITS.get(name) or SourceCredit(name)
