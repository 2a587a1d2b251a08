"""FORMATS: one row for every format that shows can be written in or read from."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import Any

from watchlist.errors import UsageError, did_you_mean
from watchlist.formats.format import Format, Imported, RowProblem, WriteOptions
from watchlist.formats.plan import Outcome, Plan, merge_imported
from watchlist.safe import safe

__all__ = [
    "FORMATS",
    "Format",
    "Imported",
    "Outcome",
    "Plan",
    "RowProblem",
    "WriteOptions",
    "by_content",
    "by_ending",
    "by_name",
    "merge_imported",
]


def _at(place: str) -> Any:
    """The function that is at `module.name` here, which is imported when it is called: of ten formats, one is wanted."""
    module, _, name = place.partition(".")

    def call(*words: Any) -> Any:
        return getattr(import_module(f"{__name__}.{module}"), name)(*words)

    return call


FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        Format(
            *("toml", "TOML", (".toml",), "a list of its own, as the program keeps it"),
            *(_at("toml.write"), _at("toml.read")),
            lossless=True,
        ),
        Format(
            *("json", "JSON", (".json",), "an array of shows"),
            *(_at("json.write"), _at("json.read")),
            lossless=True,
        ),
        Format(
            *("jsonl", "JSON Lines", (".jsonl", ".ndjson"), "one show a line"),
            *(_at("json.write_lines"), _at("json.read_lines")),
            lossless=True,
        ),
        Format(
            *("csv", "CSV", (".csv",), "a row a show, for spreadsheets"),
            *(_at("csv.write"), _at("csv.read")),
            lossless=True,
        ),
        Format(
            *("tsv", "TSV", (".tsv", ".tab"), "the same, with tabs"),
            *(_at("csv.write_tabs"), _at("csv.read")),
            lossless=True,
        ),
        Format(
            *("markdown", "Markdown", (".md", ".markdown"), "a table of titles and ratings"),
            write=_at("markdown.write"),
        ),
        Format(
            *("html", "HTML", (".html", ".htm"), "a page to look at; without notes and viewings"),
            write=_at("html.write"),
        ),
        Format("text", "Text", (".txt",), "plain lines for a mail", write=_at("text.write")),
        Format("svg", "SVG", (".svg",), "a picture of one show", write=_at("svg.write")),
        Format(
            *("imdb", "IMDb", (), "an export of ratings, of a watchlist or of another list"),
            read=_at("imdb.read"),
            recognises=_at("imdb.recognises"),
        ),
    )
}


def by_name(name: str, *, reading: bool = False) -> Format:
    """The format of this name, or of this ending (`md`). UsageError where there is none, or it goes the other way only."""
    names = [format.name for format in _ways(reading)]
    lower = name.lower()
    format = FORMATS.get(lower) or next((row for row in FORMATS.values() if f".{lower}" in row.endings), None)
    if format is None:
        raise UsageError(
            f'there is no format "{safe(name)}"', did_you_mean(name, names) or f"one of {', '.join(names)}"
        )
    return _checked(format, names, reading)


def by_ending(path: str | PurePath, *, reading: bool = False) -> Format:
    """The format that a file's name speaks of. UsageError where it speaks of none, or of one that goes the other way."""
    ending = PurePath(path).suffix.lower()
    known = {e: format for format in _ways(reading) for e in format.endings}
    format = next((format for format in FORMATS.values() if ending in format.endings), None)
    if format is None:
        what = (
            f'no format has the ending "{safe(ending)}"' if ending else f'"{safe(PurePath(path).name)}" has no ending'
        )
        raise UsageError(what, did_you_mean(ending, known) or f"one of {', '.join(known)}; or name the format")
    return _checked(format, [format.name for format in known.values()], reading)


def by_content(data: bytes) -> Format | None:
    """The format that a file's first line speaks of; None where that says nothing."""
    return next((format for format in _ways(reading=True) if format.recognises and format.recognises(data)), None)


def _ways(reading: bool) -> list[Format]:
    """The formats that can be read, or those that can be written."""
    return [format for format in FORMATS.values() if (format.read if reading else format.write)]


def _checked(format: Format, names: list[str], reading: bool) -> Format:
    if format not in _ways(reading):
        can = "written, not read" if reading else "read, not written"
        raise UsageError(f"{format.label} can be {can}", f"one of {', '.join(dict.fromkeys(names))} can")
    return format
