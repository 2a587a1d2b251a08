"""The comment that tells editors where the JSON Schema of the list is, and the schema file beside the list.

Both are optional, so they are checked only if the user asks for it. A comment that names another schema is the user's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from watchlist.doctor.finding import Finding, FindingKind, Fix, Severity
from watchlist.domain.watchlist import SCHEMA_COMMENT, SCHEMA_FILE
from watchlist.store.disk import file_io

_HEAD_BYTES = 1 << 16  # of a list, in which the comment is looked for
# Taplo and Tombi read the comment among the comments above the first key or table.
_COMMENT = re.compile(
    r"\ufeff?(?:[ \t]*(?:#(?!:schema[ \t])[^\n]*)?\n)*+[ \t]*#:schema[ \t]+([^\r\n]*?)[ \t]*\r?(?:\n|\Z)"
)


def schema_path(file: Path) -> Path:
    """Return the path of the schema file beside the list `file`. If `file` is a link, it is beside the target of the link."""
    return file_io.resolve(file_io.resolve(file).with_name(SCHEMA_FILE))


def uses_schema(file: Path, data: bytes) -> bool:
    """Return True if the list should use the schema file beside it: its text names that file, or names no schema.

    Args:
        file: The path of the list.
        data: The text of the list.
    """
    named = _named(data)
    return named is None or _path_of(file, named) == schema_path(file)


def check_schema(file: Path, data: bytes, schema: bytes) -> Iterator[Finding]:
    """Yield a finding if a list names no schema, and one if the schema file that it should use is missing or outdated.

    Args:
        file: The path of the list.
        data: The text of the list.
        schema: The content that the schema file should have.
    """
    if _named(data) is None:
        message = "the list does not name its schema, so editors can't check it"
        fix = Fix(SCHEMA_COMMENT.partition(" ")[2])
        yield Finding(
            Severity.ODD, FindingKind.SCHEMA, message, where=("#:schema",), fix=fix, file=file, line=1, column=1
        )
    if uses_schema(file, data) and (found := file_io.read(path := schema_path(file))) != schema:
        message = "there is no schema yet" if found is None else "the schema of another version of the program"
        hint = "`watchlist doctor --fix --schema` writes it"
        yield Finding(Severity.ODD, FindingKind.SCHEMA, message, file=path, hint=hint)


def with_schema_comment(text: str, newline: str) -> str:
    """Return the text of a list below the comment that names the schema. `text` must not begin with a byte order mark."""
    return f"{SCHEMA_COMMENT}{newline}{text}"


def _named(data: bytes) -> str | None:
    """Return the path or URL in the `#:schema` comment at the top of a list; None if there is no such comment."""
    match = _COMMENT.match(data[:_HEAD_BYTES].decode("utf-8", "replace"))
    return match[1] if match else None


def _path_of(file: Path, named: str) -> Path:
    """Return the path that `named`, a path in the list `file`, leads to. A relative one starts at the folder of the list."""
    return file_io.resolve(Path(os.path.normpath(file_io.resolve(file).parent / named)))
