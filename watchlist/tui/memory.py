"""What the interface remembers by itself between two starts: the theme and the order. The config is the user's."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watchlist.errors import StoreError
from watchlist.paths import Paths
from watchlist.store import files
from watchlist.values import Value


class Memory(Value):
    """Choices by name, all of them text. A file that is damaged is forgotten."""

    path: Path
    choices: Mapping[str, str]

    @classmethod
    def open(cls, paths: Paths) -> Memory:
        path = paths.state / "interface.json"
        with contextlib.suppress(StoreError, ValueError, RecursionError):
            read: Any = json.loads(files.read(path) or b"{}")
            if isinstance(read, dict):
                return cls(path, {key: value for key, value in read.items() if isinstance(value, str)})
        return cls(path, {})

    def get(self, name: str, default: str = "") -> str:
        return self.choices.get(name, default)

    def with_choice(self, name: str, value: str) -> Memory:
        """Remember one more choice, on disk too; where that fails it holds until the end of this run."""
        choices = {**self.choices, name: value}
        with contextlib.suppress(StoreError):
            files.replace(self.path, json.dumps(choices).encode("utf-8") + b"\n")
        return Memory(self.path, choices)
