"""The server that plays the services, and clients that ask it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.replay import Replay, replaying


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    """The server. Proxies of the machine are not used."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with replaying() as server:
        yield server
