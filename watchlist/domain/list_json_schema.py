"""The values that the list file accepts: in words, and as a JSON Schema (2020-12) for editors and validators of TOML.

The schema is generated from the table FIELDS. TOML has dates and times, JSON has neither, so each tool has its own way
of checking them. Tried with check-jsonschema 0.39, Taplo 0.9 and Tombi 1.9 (tests/trust/test_schema.py tries it again):

- All three accept the date 2026-11-20 where the schema says `"type": "string", "format": "date"`.
- check-jsonschema turns a date, a datetime or a time into text, so it also accepts one where any text is allowed, and
  accepts the text "2026-11-20" as a date. It appends `Z` to a local datetime.
- Taplo does the same, but leaves a local datetime as it is.
- Tombi compares types: text is never a date. A local datetime needs the format `date-time-local`, which the other two
  do not know and ignore; the pattern beside it is for them. Tombi refuses unknown keys where the schema does not have
  `additionalProperties`.

`multipleOf` is left out: to check-jsonschema and Taplo, 4.35 is not a multiple of 0.01.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from watchlist.domain.field_types import (
    ChoiceType,
    Date,
    DateList,
    EpisodeRatings,
    FieldType,
    Ids,
    Integer,
    Ranges,
    Rating,
    StringList,
    TextType,
    Url,
)
from watchlist.domain.fields import FIELDS
from watchlist.domain.json_values import to_json
from watchlist.domain.named_dates import NamedDates
from watchlist.domain.record_fields import Records
from watchlist.domain.watchlist import VERSION

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VIEW_KEYS = {"name": "the label of the view", "query": "what it shows; see `watchlist help queries`"}
_RANGE = r"[0-9]{1,6}(\s*[-–]\s*[0-9]{1,6})?"
_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"


def list_schema(example: Mapping[str, Any]) -> Schema:
    """Return the JSON Schema of the list file.

    Args:
        example: The TOML table of a show, whose values become the examples of the schema.
    """
    version = {"type": "integer", "maximum": VERSION, "default": VERSION}
    shows = {"type": "array", "items": _show_schema(example)}
    views = {"type": "array", "items": _view_schema()}
    return {
        "$schema": DIALECT,
        "title": "Watchlist",
        "description": "a list of shows and films; keys and tables that are not listed here are your own, and are kept",
        "type": "object",
        "properties": {
            "version": {"title": "Version", "description": "the version of the file format", **version},
            "shows": {"title": "Shows", "description": "one [[shows]] for each show or film", **shows},
            "views": {"title": "Views", "description": "one [[views]] for each saved query", **views},
        },
        "additionalProperties": True,
    }


def takes(type: FieldType[Any]) -> str:
    """Return a description of the TOML values that a field type accepts: `text in quotes`."""
    words = next(words for kind, words, _ in _TYPES if isinstance(type, kind))
    return words.format(type, ", ".join(str(choice) for choice in type.choices) if isinstance(type, ChoiceType) else "")


def type_schema(type: FieldType[Any]) -> Schema:
    """Return the JSON Schema of the TOML values that a type accepts."""
    return next(schema for kind, _, schema in _TYPES if isinstance(type, kind))(type)


def _show_schema(example: Mapping[str, Any]) -> Schema:
    """Return the JSON Schema of one show. Examples are taken from `example`, the TOML table of a show."""
    stored = [field for field in FIELDS.values() if not field.derived]
    properties = {f.name: _property(f.label, f.hint, f.type, example.get(f.name)) for f in stored}
    required = [field.name for field in stored if isinstance(field.type, TextType) and field.type.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": True}


def _property(label: str, hint: str, type: FieldType[Any], example: Any) -> Schema:
    """Return the schema of one key, with title, description and example.

    Args:
        label: The name of the key for people.
        hint: The help on the key, which may also describe what can be typed on the command line.
        type: The type of the values.
        example: A TOML value of the type; None for no example.
    """
    schema = {"title": label, "description": f"{hint} (in the file: {takes(type)})", **type_schema(type)}
    if isinstance(type, Records):
        rows = example or [{}]
        for column in type.columns:
            value = next((row[column.key] for row in rows if column.key in row), None)
            label = column.key.replace("_", " ").capitalize()
            schema["items"]["properties"][column.key] = _property(label, column.hint, column.type, value)
    elif example is not None and not type.long:
        schema["examples"] = [to_json(example)]
    return schema


def _view_schema() -> Schema:
    """Return the schema of a saved query."""
    properties = {
        key: {"title": key.capitalize(), "description": words, "type": "string"} for key, words in _VIEW_KEYS.items()
    }
    return {"type": "object", "properties": properties, "required": ["name"], "additionalProperties": True}


def _text(type: TextType) -> Schema:
    """Return the schema of a text field. A required text must contain a character that is not blank."""
    return {"type": "string", "pattern": r"\S"} if type.required else {"type": "string"}


def _url(type: Url) -> Schema:
    """Return the schema of a web address; the format `uri` would refuse addresses with letters such as `ä`."""
    return {"type": "string", "pattern": r"^(?!.*\s)(https?://|$)"}


def _integer(type: Integer) -> Schema:
    """Return the schema of a whole number."""
    return {"type": "integer", "minimum": type.low, "maximum": type.high}


def _rating(type: Rating | None = None) -> Schema:
    """Return the schema of a rating in stars."""
    return {"type": "number", "exclusiveMinimum": 0, "maximum": 5}


def _date(type: Date) -> Schema:
    """Return the schema of a date, or of a month or year in quotes."""
    choices: list[Schema] = [
        {"type": "string", "format": "date"},
        {"type": "string", "pattern": "^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2]))?$"},
    ]
    if type.time:
        choices.append({"type": "string", "format": "date-time-local", "pattern": f"^{_MOMENT}Z?$"})
    return {"anyOf": choices}


def _dates(type: DateList) -> Schema:
    """Return the schema of a list of dates, in which an empty text stands for an unknown date."""
    return {"type": "array", "items": {"anyOf": [{"type": "string", "const": ""}, *_date(Date())["anyOf"]]}}


def _choice(type: ChoiceType[Any]) -> Schema:
    """Return the schema of a word from a fixed set. It contains the default of the type, if there is one."""
    schema: Schema = {"type": "string", "enum": [str(choice) for choice in type.choices]}
    return schema if type.empty is None else schema | {"default": str(type.empty)}


def _names(type: StringList) -> Schema:
    """Return the schema of a list of texts."""
    return {"type": "array", "items": {"type": "string"}}


def _ranges(type: Ranges) -> Schema:
    """Return the schema of episode numbers such as `1-3, 5`."""
    return {"type": "string", "pattern": rf"^[\s,]*({_RANGE}(\s*,[\s,]*{_RANGE})*[\s,]*)?$"}


def _episode_ratings(type: EpisodeRatings) -> Schema:
    """Return the schema of a table of ratings by episode number."""
    return {"type": "object", "patternProperties": {"^[0-9]{1,5}$": _rating()}, "additionalProperties": False}


def _ids(type: Ids) -> Schema:
    """Return the schema of a table of ids by service."""
    return {"type": "object", "additionalProperties": {"type": ["string", "integer"]}}


def _named_dates(type: NamedDates) -> Schema:
    """Return the schema of a table of dates by name."""
    return {"type": "object", "additionalProperties": _date(Date())}


def _rows(type: Records) -> Schema:
    """Return the schema of a list of rows, without titles, descriptions and examples of the columns."""
    row: Schema = {
        "type": "object",
        "properties": {column.key: type_schema(column.type) for column in type.columns},
        "additionalProperties": True,
    }
    return {"type": "array", "items": row | ({"required": [type.required]} if type.required else {})}


# For each type: a description of its values, and the function that returns its schema. The first matching type counts.
_TYPES: tuple[tuple[type[FieldType[Any]], str, Callable[[Any], Schema]], ...] = (
    (Url, "an address in quotes that starts with https:// or http:// and holds no spaces", _url),
    (TextType, "text in quotes", _text),
    (Integer, "a whole number from {0.low} to {0.high}", _integer),
    (Rating, "a number over 0 and up to 5, with two decimals at most", _rating),
    (Date, 'a date, e.g. 2026-11-20, "2026-11" or "2026"', _date),
    (DateList, 'a list of dates, e.g. [2025-07-09, "2025-08", ""]', _dates),
    (ChoiceType, "one of {1}, in quotes", _choice),
    (StringList, 'a list of texts, e.g. ["a", "b"]', _names),
    (Ranges, 'episode numbers in quotes, e.g. "1-3, 5"', _ranges),
    (EpisodeRatings, "a table of episode = rating, e.g. {{ 1 = 4.5 }}", _episode_ratings),
    (Ids, 'a table of ids, e.g. {{ imdb = "tt0113277" }}', _ids),
    (NamedDates, "a table of dates, e.g. {{ tvmaze = 2026-11-29 }}", _named_dates),
    (Records, "a list of tables", _rows),
)
