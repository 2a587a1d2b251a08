"""Strict parser for JSON that the user or another program wrote. Only values that TOML can store are valid."""

from __future__ import annotations

import json
import math
from typing import Any

from watchlist.sanitize import safe

INTEGER_LIMIT = 2**63  # TOML 1.0 guarantees 64-bit signed integers only
MAX_DIGITS = 19  # maximum number of digits of a 64-bit integer; longer numbers are cut in messages


def parse_json(text: str) -> Any:
    """Parse a JSON text.

    Raises:
        ValueError: The text is not JSON, repeats a key, or has a number that TOML can't store. The message says which.
        RecursionError: The value is nested too deeply.
    """
    return json.loads(text, object_pairs_hook=_object, parse_int=_whole, parse_float=_finite, parse_constant=_constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        duplicate = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'the key "{safe(duplicate[:40])}" appears twice')
    return result


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS + 1 or not -INTEGER_LIMIT <= int(digits) < INTEGER_LIMIT:
        raise ValueError(f"{digits[:MAX_DIGITS]}{'...' * (len(digits) > MAX_DIGITS)} is a number with too many digits")
    return int(digits)


def _finite(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise ValueError(f"{digits[:MAX_DIGITS]} is a number that is too large")
    return number


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
