"""Preferences: choices that the interface stores by itself, e.g. theme and order. The config file is never changed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from watchlist.domain.frozen import Frozen
from watchlist.errors import StoreError, UsageError
from watchlist.paths import Paths
from watchlist.sanitize import safe
from watchlist.store.disk import file_io, set_aside

T = TypeVar("T")
LIMIT = 64 * 1024  # maximum size of the file in bytes
LONGEST = 1000  # maximum length of a choice in characters; longer choices are ignored


class Preferences(Frozen):
    """The stored choices: texts by the name of the choice. An unreadable file is renamed and ignored; `problem` says so."""

    path: Path
    choices: Mapping[str, str]
    problem: str = ""

    @classmethod
    def open(cls, paths: Paths) -> Preferences:
        """Read the preferences from `interface.json` in the state folder. A missing or damaged file gives defaults."""
        path = paths.state / "interface.json"
        choices = _read(path)
        if choices is not None:
            return cls(path, choices)
        moved = set_aside.set_aside(path)
        renamed = f", so it was renamed to {moved.name}" if moved is not None else ""
        return cls(path, {}, f"{path} can't be read{renamed}")

    def get(self, name: str, default: str = "") -> str:
        """Return the choice `name` as text; `default` if nothing is stored."""
        return self.choices.get(name, default)

    def read(self, name: str, parse: Callable[[str], T], default: str = "") -> tuple[T, str]:
        """Return (parsed choice `name`, ""). If `parse` raises UsageError or ValueError, return (parsed default, message)."""
        choice = self.get(name, default)
        try:
            return parse(choice), ""
        except (UsageError, ValueError) as error:
            return parse(default), f"the chosen {name} can't be used: {safe(str(error))}"

    def with_choice(self, name: str, value: str) -> Preferences:
        """Return the preferences with the choice `name` changed, and write them to disk. A failed write is ignored."""
        choices = {**self.choices, name: value}
        with contextlib.suppress(StoreError):
            file_io.replace_own(self.path, json.dumps(choices).encode("utf-8") + b"\n")
        return Preferences(self.path, choices)


def _read(path: Path) -> dict[str, str] | None:
    """Return the valid choices in a file: none if it is missing or can't be read. Return None if the file is invalid."""
    if not set_aside.is_regular(path):
        return None
    with contextlib.suppress(ValueError, RecursionError):
        try:
            found: Any = json.loads(file_io.read(path, LIMIT, own=True) or b"{}")
        except StoreError:
            return None if set_aside.is_larger(path, LIMIT) else {}
        if isinstance(found, dict):
            return {key: value for key, value in found.items() if isinstance(value, str) and len(value) <= LONGEST}
    return None
