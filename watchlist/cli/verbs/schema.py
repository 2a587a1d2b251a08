"""The verb `schema`, which prints the JSON Schema of the list or config, and the schema file beside a list."""

from __future__ import annotations

import json

from watchlist.cli.context import Context
from watchlist.config_json_schema import config_schema
from watchlist.doctor.schema_comment import schema_path
from watchlist.domain.list_json_schema import Schema, list_schema
from watchlist.domain.show_toml import to_table
from watchlist.errors import Refused, UsageError, did_you_mean
from watchlist.sanitize import safe
from watchlist.store.disk import file_io
from watchlist.store.snapshot import parse_snapshot

SUBJECTS = ("list", "config")


def schema_(context: Context) -> None:
    """Run `watchlist schema`: print the schema of the list or, with the argument `config`, of the config."""
    subject = context.request.word("SUBJECT") or "list"
    if subject not in SUBJECTS:
        hint = did_you_mean(subject, SUBJECTS) or f"use one of {', '.join(SUBJECTS)}"
        raise UsageError(f'there is no schema of "{safe(subject)}"', hint)
    context.out.document(config_schema() if subject == "config" else _list_schema())


def schema_file() -> bytes:
    """Return the content that the schema file beside a list should have."""
    return _as_file(_list_schema())


def write_schema(context: Context) -> None:
    """Write the schema file beside the list. An equal file is not written again.

    Raises:
        Refused: Another file has the name of the schema.
        StoreError: The file can't be written.
    """
    path, data = schema_path(context.file), schema_file()
    found = file_io.read(path)
    if found == data:
        return
    check_replaceable(context)
    file_io.replace(path, data)
    context.out.say(f"Wrote {path}")


def check_replaceable(context: Context) -> None:
    """Raise Refused if a file beside the list has the name of the schema file, but was not written by this program."""
    path = schema_path(context.file)
    found = file_io.read(path)
    if found is not None and not found.startswith(_as_file(dict(list(_list_schema().items())[:2]))[: -len("\n}\n")]):
        raise Refused(f"{path} is not a schema that this program wrote", "rename that file, or move the list")


def _list_schema() -> Schema:
    """Return the JSON Schema of the list file, with examples from the example list of a new user."""
    return list_schema(to_table(parse_snapshot(None).list.shows[0]))


def _as_file(schema: Schema) -> bytes:
    """Return a schema as indented JSON text in UTF-8."""
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()
