"""Checks of the offline catalogue, and of what its builds and downloads left behind."""

from __future__ import annotations

from collections.abc import Iterator

from watchlist.doctor.finding import Finding, FindingKind, Severity
from watchlist.domain.text import megabytes
from watchlist.errors import CatalogueError
from watchlist.paths import Paths
from watchlist.sources.catalogue.files import BUILD_FOLDER, catalogue_size, is_building, leftovers


def check_catalogue(paths: Paths) -> Iterator[Finding]:
    """Yield findings for a catalogue that is damaged or of another version, and for leftovers beside it."""
    path = paths.catalogue
    try:
        if catalogue_size(path) is not None:
            from watchlist.sources.catalogue.database import (
                Catalogue,
            )  # imports sqlite3, and most users have no catalogue

            catalogue = Catalogue.open(path)
            if catalogue is not None:
                with catalogue:
                    catalogue.check()
    except CatalogueError as error:
        yield Finding(Severity.WRONG, FindingKind.CATALOGUE, error.message, file=path, hint=error.hint)
    remains = leftovers(path)
    if remains and not is_building(path):
        for folder, size in remains.items():
            if folder.name == BUILD_FOLDER:
                what, hint = "a build", "the next build removes it; so does `watchlist catalogue remove`"
            else:
                what, hint = "a download", "the same build goes on with it; `watchlist catalogue remove` deletes it"
            message = f"{megabytes(size)} left by {what} of the catalogue that did not end"
            yield Finding(Severity.ODD, FindingKind.LEFTOVER, message, file=folder, hint=hint)
