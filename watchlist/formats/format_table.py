"""FORMATS: the table of all formats for exporting and importing shows."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import Any

from watchlist.errors import UsageError, did_you_mean
from watchlist.formats.format import Format
from watchlist.sanitize import safe


def _lazy_function(path: str) -> Any:
    """Return a function that, when called, imports and calls the function `path` (`module.name`) of this package.

    FORMATS has a row for every format, but one run uses one of them; the other modules are never imported.
    """
    module, _, name = path.partition(".")

    def call(*words: Any) -> Any:
        return getattr(import_module(f"{__package__}.{module}"), name)(*words)

    return call


FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        Format(
            *("toml", "TOML", (".toml",), "a list of its own, as the program keeps it"),
            *(_lazy_function("toml.write"), _lazy_function("toml.read")),
            lossless=True,
        ),
        Format(
            *("json", "JSON", (".json",), "an array of shows"),
            *(_lazy_function("json.write"), _lazy_function("json.read")),
            lossless=True,
        ),
        Format(
            *("jsonl", "JSON Lines", (".jsonl", ".ndjson"), "one show a line"),
            *(_lazy_function("json.write_lines"), _lazy_function("json.read_lines")),
            lossless=True,
        ),
        Format(
            *("csv", "CSV", (".csv",), "a row a show, for spreadsheets"),
            *(_lazy_function("csv.write"), _lazy_function("csv.read")),
            lossless=True,
        ),
        Format(
            *("tsv", "TSV", (".tsv", ".tab"), "the same, with tabs"),
            *(_lazy_function("csv.write_tabs"), _lazy_function("csv.read")),
            lossless=True,
        ),
        Format(
            *("markdown", "Markdown", (".md", ".markdown"), "a table of titles and ratings"),
            write=_lazy_function("markdown.write"),
        ),
        Format(
            *("html", "HTML", (".html", ".htm"), "a page to look at; without notes and viewings"),
            write=_lazy_function("html.write"),
        ),
        Format("text", "Text", (".txt",), "plain lines for a mail", write=_lazy_function("plain_text.write")),
        Format("svg", "SVG", (".svg",), "a picture of one show", write=_lazy_function("svg.write")),
        Format(
            *("imdb", "IMDb", (), "an export of ratings, of a watchlist or of another list"),
            read=_lazy_function("imdb.read"),
            recognizes=_lazy_function("imdb.recognizes"),
        ),
    )
}


def by_name(name: str, *, reading: bool = False) -> Format:
    """Return the format for imports (if `reading`) or exports with this name or ending. Raise UsageError if there is none."""
    names = [format.name for format in _usable(reading)]
    folded = name.lower()
    format = FORMATS.get(folded) or next((entry for entry in FORMATS.values() if f".{folded}" in entry.endings), None)
    if format is None:
        raise UsageError(
            f'there is no format "{safe(name)}"', did_you_mean(name, names) or f"use one of {', '.join(names)}"
        )
    return _checked(format, names, reading)


def by_ending(path: str | PurePath, *, reading: bool = False) -> Format:
    """Return the format for the ending of `path`: an import format if `reading`, else an export format.

    Raises UsageError if `path` has no ending, or one that no such format has.
    """
    ending = PurePath(path).suffix.lower()
    formats = {name: format for format in _usable(reading) for name in format.endings}
    format = next((format for format in FORMATS.values() if ending in format.endings), None)
    if format is None:
        message = (
            f'no format has the ending "{safe(ending)}"' if ending else f'"{safe(PurePath(path).name)}" has no ending'
        )
        raise UsageError(
            message, did_you_mean(ending, formats) or f"use one of {', '.join(formats)}, or name the format"
        )
    return _checked(format, [format.name for format in formats.values()], reading)


def by_content(data: bytes) -> Format | None:
    """Return the format that recognizes the first line of a file's `data`; None if no format does."""
    return next((format for format in _usable(reading=True) if format.recognizes and format.recognizes(data)), None)


def _usable(reading: bool) -> list[Format]:
    """Return the formats that support imports if `reading` is True, else those that support exports."""
    return [format for format in FORMATS.values() if (format.read if reading else format.write)]


def _checked(format: Format, names: list[str], reading: bool) -> Format:
    """Return `format` if it can be exported or, with `reading`, imported; else raise UsageError, with a hint from `names`."""
    if format not in _usable(reading):
        can = "written, not read" if reading else "read, not written"
        raise UsageError(f"{format.label} can be {can}", f"use one of {', '.join(dict.fromkeys(names))}")
    return format
