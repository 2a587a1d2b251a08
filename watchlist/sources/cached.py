"""What is kept in the cache folder besides parsed lists: the offline catalogue and the answers to look-ups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from watchlist.paths import Paths
from watchlist.sources.catalogue.files import cached_files as catalogue_files
from watchlist.sources.catalogue.files import catalogue_text
from watchlist.sources.lookup.answer_cache import answers_text, cached_answers


def cached_files(paths: Paths) -> list[dict[str, object]]:
    """Return JSON objects for the cached files and folders: path, size in bytes, time of the last change."""
    return [*catalogue_files(paths.catalogue), *cached_answers(paths.answers)]


def cached_texts(paths: Paths, today: date) -> Iterator[str]:
    """Yield the sizes and ages of what is cached, as texts for people."""
    yield from filter(None, (catalogue_text(paths.catalogue, today), answers_text(paths.answers)))
