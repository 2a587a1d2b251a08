"""The show that a title on the command line stands for. Ids and addresses are looked up in the offline catalogue."""

from __future__ import annotations

from datetime import date

from watchlist.cli.context import Context
from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.title_text import TitleText, read_title
from watchlist.errors import CatalogueError
from watchlist.sanitize import safe


def typed_show(context: Context, title: str) -> Show:
    """Return the show to add for TITLE, without an id.

    A title is taken as it is, so that a script gets the same show with and without a catalogue. An id or an address is
    looked up in the catalogue, and otherwise kept with the title that an address has in words.
    """
    read = read_title(title)
    if not read.ids and not read.url:
        return edits.new_show(title, {}, today=date.today())
    try:
        found = _in_catalogue(context, read)
    except CatalogueError as error:
        context.out.warn(safe(error.message), error.hint)
        found = None
    if found is None:
        return edits.new_show(read.title, read.values, today=date.today())
    return replace(found, added=date.today(), ids={**read.ids, **found.ids})


def _in_catalogue(context: Context, read: TitleText) -> Show | None:
    """Return the show with all that the catalogue knows; None if the catalogue does not say for sure which is meant."""
    if not context.paths.catalogue.exists():
        return None
    from watchlist.sources.catalogue.candidates import candidates  # imports sqlite3
    from watchlist.sources.catalogue.database import Catalogue

    catalogue = Catalogue.open(context.paths.catalogue)
    if catalogue is None:
        return None
    with catalogue:
        meant = candidates(read, catalogue).meant
        return catalogue.show(meant) if meant is not None else None
