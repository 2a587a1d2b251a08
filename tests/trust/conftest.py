"""`many(short, long)` is how often, `figure(claim, ...)` is what came of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Many = Callable[[int, int], int]
Figure = Callable[..., None]


@pytest.fixture
def many(request: pytest.FixtureRequest) -> Many:
    """The first of two counts; with `--long` the second, or the part of it that `--part` says."""
    long: bool = request.config.getoption("--long")
    part: float = request.config.getoption("--part")
    return lambda short, full: (max(short, round(full * part)) if full > short else full) if long else short


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Prints what was counted, and adds it to the file that `--figures` names."""
    named: str | None = request.config.getoption("--figures")
    started = time.monotonic()

    def record(claim: str, **counts: object) -> None:
        row = {**counts, "seconds": round(time.monotonic() - started, 1)}
        print(f"\n{claim}: " + ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in row.items()))
        if named is not None:
            path = Path(named)
            known = json.loads(path.read_text("utf-8")) if path.exists() else {}
            path.write_text(json.dumps(known | {claim: row}, indent=2, ensure_ascii=False) + "\n", "utf-8")

    return record
