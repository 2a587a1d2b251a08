"""The digest of the catalogue's file, which is stored in the file itself and finds every damage.

The text of the digest is in the table `meta`. To compute it, the text is replaced by PLACEHOLDER.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

PLACEHOLDER = "digest of this file, not known yet"
_CHUNK_BYTES = 1 << 20  # a multiple of the size of a page, and no text of `meta` spans two pages


def compute(path: Path, digest: str = PLACEHOLDER) -> str:
    """Return the digest of a catalogue that contains the text `digest`. Raises OSError."""
    own, placeholder = digest.encode(), PLACEHOLDER.encode()
    hash = hashlib.blake2b(digest_size=len(PLACEHOLDER) // 2)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            hash.update(chunk.replace(own, placeholder))
    return hash.hexdigest()


def store(path: Path) -> None:
    """Replace PLACEHOLDER in a new catalogue by its digest, which is as long. Raises OSError."""
    digest = compute(path)
    with path.open("r+b") as stream:
        place = 0
        while chunk := stream.read(_CHUNK_BYTES):
            found = chunk.find(PLACEHOLDER.encode())
            if found >= 0:
                stream.seek(place + found)
                stream.write(digest.encode())
                return
            place += len(chunk)
