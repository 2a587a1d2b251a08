"""Digests that identify file contents: the first half of a SHA-256, as hex digits."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterable

DIGEST_LENGTH = 32  # hex digits


class DigestThread(threading.Thread):
    """A thread that computes the digest of the concatenation of several byte strings.

    `hashlib` releases the GIL for long strings, so other threads can run at the same time.
    """

    def __init__(self, pieces: Iterable[bytes | memoryview]) -> None:
        super().__init__()
        self._pieces, self._hash = pieces, hashlib.sha256()
        with contextlib.suppress(RuntimeError):  # if no thread can be started, `result` computes the digest
            self.start()

    def run(self) -> None:
        for piece in self._pieces:
            self._hash.update(piece)

    def result(self) -> str:
        """Wait for the thread to finish, and return the digest."""
        if self.ident is None:
            self.run()
            self._pieces = ()
        else:
            self.join()
        return self._hash.hexdigest()[:DIGEST_LENGTH]


def digest(data: bytes) -> str:
    """Return the digest of bytes: the first 32 hex digits of their SHA-256."""
    return hashlib.sha256(data).hexdigest()[:DIGEST_LENGTH]
