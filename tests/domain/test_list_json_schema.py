"""The schema of the list: generated from the table of fields, valid itself, and true of all that the program writes."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from check_jsonschema.parsers.toml import load
from hypothesis import given
from jsonschema import Draft202012Validator

from tests.strategies import show_lists
from watchlist.domain.field_types import ChoiceType, FieldType, Integer, TextType
from watchlist.domain.fields import FIELDS, STORED, Field
from watchlist.domain.list_json_schema import Schema, list_schema, takes
from watchlist.domain.model import Show, Status
from watchlist.domain.record_fields import RecordColumn, Records
from watchlist.domain.show_toml import to_table
from watchlist.domain.toml_values import render_block
from watchlist.store.snapshot import parse_snapshot, seed

EXAMPLE = to_table(parse_snapshot(None).list.shows[0])


def fields_of(schema: Schema) -> dict[str, Schema]:
    found: dict[str, Schema] = schema["properties"]["shows"]["items"]["properties"]
    return found


def is_valid(text: str) -> bool:
    validator = Draft202012Validator(list_schema(EXAMPLE), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return bool(validator.is_valid(load(io.BytesIO(text.encode()))))


def test_the_schema_is_one_of_the_dialect_that_it_names() -> None:
    schema = list_schema(EXAMPLE)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def test_every_field_and_column_is_there_with_its_help_and_no_derived_field_is() -> None:
    fields = fields_of(list_schema(EXAMPLE))
    assert set(fields) == {field.name for field in STORED}
    for field in STORED:
        assert fields[field.name]["title"] == field.label
        assert fields[field.name]["description"] == f"{field.hint} (in the file: {takes(field.type)})"
        if isinstance(field.type, Records):
            columns = fields[field.name]["items"]["properties"]
            assert list(columns) == [column.key for column in field.type.columns]
            for column in field.type.columns:
                assert columns[column.key]["title"]
                assert columns[column.key]["description"].startswith(column.hint)


def test_types_ranges_words_and_examples_follow_from_the_type() -> None:
    fields = fields_of(list_schema(EXAMPLE))
    year = {"type": "integer", "minimum": 1870, "maximum": 2200, "examples": [2025]}
    assert {key: fields["year"][key] for key in year} == year
    rating = {"type": "number", "exclusiveMinimum": 0, "maximum": 5}
    assert {key: fields["rating"][key] for key in rating} == rating
    assert (fields["status"]["enum"], fields["status"]["default"]) == (list(Status), "planned")
    assert fields["premiered"]["examples"] == ["2025-07-09"]
    assert fields["premiered"]["anyOf"][0] == {"type": "string", "format": "date"}
    assert fields["cast"]["items"]["properties"]["role"]["examples"] == ["Renée Ballard"]
    assert fields["cast"]["items"]["required"] == ["actor"]
    assert "examples" not in fields["synopsis"]


def test_every_example_is_valid() -> None:
    def check(schema: Any) -> None:
        if isinstance(schema, dict):
            for example in schema.get("examples", ()):
                Draft202012Validator(schema).validate(example)
        for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
            check(part)

    check(list_schema(EXAMPLE))


def test_a_new_field_and_a_new_column_are_there_from_their_rows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Records(dict, (RecordColumn("disc", "disc", Integer(1, 9, "a disc"), "which disc"),), required="disc")
    monkeypatch.setitem(FIELDS, "certificate", Field("certificate", "Certificate", TextType(), "e.g. TV-14"))
    monkeypatch.setitem(FIELDS, "discs", Field("discs", "Discs", rows, "where the discs are"))
    fields = fields_of(list_schema({"certificate": "TV-14"}))
    assert fields["certificate"] == {
        "title": "Certificate",
        "description": "e.g. TV-14 (in the file: text in quotes)",
        "type": "string",
        "examples": ["TV-14"],
    }
    assert fields["discs"]["items"]["required"] == ["disc"]
    assert fields["discs"]["items"]["properties"]["disc"]["maximum"] == 9


def test_every_type_of_field_has_a_schema() -> None:
    def all_types(base: type[FieldType[Any]]) -> set[type[FieldType[Any]]]:
        return {base}.union(*map(all_types, base.__subclasses__()))

    used = {type(field.type) for field in STORED} | {
        type(column.type) for field in STORED if isinstance(field.type, Records) for column in field.type.columns
    }
    ours = {kind for kind in all_types(FieldType) if kind.__module__.startswith("watchlist.domain.field_types")}
    assert used >= ours - {FieldType}, "a type without a field: does the schema have it?"
    assert ChoiceType in used


def test_the_example_list_is_valid_and_keys_of_ones_own_are() -> None:
    assert is_valid(seed())
    assert is_valid(
        'mine = 1\n[[shows]]\ntitle = "a"\nmine = 2026-11-20\ncast = [{ actor = "a", mine = [1] }]\n[mine2]\n'
    )
    assert not is_valid('[[shows]]\ntitle = "a"\nrating = 11\n')
    assert not is_valid("[[shows]]\nyear = 1995\n")


@given(show_lists(max_size=3))
def test_all_that_the_program_writes_is_valid(shows: list[Show]) -> None:
    assert is_valid("version = 1\n\n" + "\n".join(render_block(to_table(show)) for show in shows))
