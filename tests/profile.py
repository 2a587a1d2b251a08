"""How long the random tests run: `quick` while one works, `full` (HYPOTHESIS_PROFILE=full) in CI."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import HealthCheck, settings

FULL = os.environ.get("HYPOTHESIS_PROFILE", "quick") == "full"
QUICK_SHARE = 8  # a quick run tries one example in so many
LEAST = 15

T = TypeVar("T")


def examples(full: int) -> int:
    """Return how many examples a test tries that tries `full` of them in CI."""
    return full if FULL else max(LEAST, full // QUICK_SHARE)


def tried(places: Sequence[T]) -> Sequence[T]:
    """Return those of many places, e.g. all bytes of a file, that a test tries: all of them in CI, else some of them."""
    return places if FULL else [*places[:: max(1, min(QUICK_SHARE, len(places) // LEAST))], *places[-1:]]


def load() -> None:
    """Set the profile for tests that do not say how many examples they try."""
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]  # chance, and machines with much else to do
    settings.register_profile("full", deadline=None, suppress_health_check=slow)
    settings.register_profile("quick", deadline=None, suppress_health_check=slow, max_examples=examples(100))
    settings.load_profile("full" if FULL else "quick")
