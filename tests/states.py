"""The states in which a start may find its index: `pytest --index=warm` has every program of every test find it like that.

Nothing that is imported here is more than the interpreter has: processes that the tests start read this file first.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import Any

STATES = ("cold", "warm", "stale", "damaged")
_LIBRARY = "watchlist.store.library"
_LONG = 100_000  # bytes: what takes a second to read has no index, as tests of it count the time


def install(state: str, folder: Path) -> None:
    """Let every list that is opened from now on have an index in this state; indexes are kept in `folder`."""
    from watchlist.paths import Paths
    from watchlist.store.cache import show_index as index
    from watchlist.store.disk import file_io
    from watchlist.store.library import Library

    assert hasattr(index, "INDEX_MIN_BYTES")
    index.INDEX_MIN_BYTES = 0
    Paths.index = lambda self, file: folder / self.journal(file).stem  # type: ignore[method-assign]
    as_it_is = Library.open

    def opened(file: Path, paths: Paths, **more: Any) -> Library:
        try:
            real = file_io.resolve(file)
            data = file_io.read(real)
        except file_io.StoreError:
            data = None
        if data is not None and len(data) < _LONG:
            prepare(state, data, paths.index(real))
        return as_it_is(file, paths, **more)

    Library.open = opened  # type: ignore[method-assign, assignment]


def prepare(state: str, data: bytes, path: Path) -> None:
    """Put an index in this state where a start with this text will look for it."""
    from watchlist.store.cache.show_index import remember
    from watchlist.store.snapshot import parse_snapshot

    path.unlink(missing_ok=True)
    if state != "cold":
        remember(parse_snapshot(earlier(data) if state == "stale" else data), path)
    if state == "damaged" and path.exists():
        path.write_bytes(damaged(path.read_bytes(), data))


def earlier(data: bytes) -> bytes:
    """A text that this one may have come from: the second show was changed since, the last is new, another one is gone."""
    from watchlist.store.snapshot import parse_snapshot
    from watchlist.store.toml.document import BOM

    document = parse_snapshot(data).document
    pieces = [part.data for part in document.parts]
    shows = [at for at, part in enumerate(document.parts) if part.show]
    for at in shows[1:2]:
        pieces[at] = b"# earlier\n" + pieces[at]
    for at in shows[2:][-1:]:
        pieces[at] = b""
    return BOM * document.bom + b"".join(pieces) + b'\n[[shows]]\nid = "earlier"\ntitle = "Earlier"\n'


def damaged(index: bytes, data: bytes) -> bytes:
    """The index cut off, with bits flipped, or with something else in it: for each text always the same."""
    from random import Random
    from zlib import crc32

    chance = Random(crc32(data))
    match chance.randrange(4):
        case 0:
            return index[: chance.randrange(len(index))]
        case 1:
            return chance.randbytes(len(index))
        case _:
            flipped = bytearray(index)
            for _ in range(chance.randint(1, 30)):
                at = chance.randrange(index.index(b"\n"), len(index))
                flipped[at] ^= 1 << chance.randrange(8)
            return bytes(flipped)


def site(state: str, folder: Path) -> Path:
    """A folder for PYTHONPATH: every interpreter that is started with it has the same installed."""
    here = folder / "site"
    here.mkdir()
    (here / "sitecustomize.py").write_text(
        f"import sys\nsys.path.append({str(Path(__file__).parent.parent)!r})\n"
        f"from tests.states import Later\nsys.meta_path.insert(0, Later({state!r}, {str(folder)!r}))\n"
    )
    return here


class Later(MetaPathFinder):
    """Installs a state once the library is imported, so that what needs no list still imports none of it."""

    def __init__(self, state: str, folder: str) -> None:
        self.state, self.folder = state, Path(folder)

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname != _LIBRARY:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        assert spec is not None
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: object) -> None:
            run(module)
            install(self.state, self.folder)

        loader.exec_module = exec_module
        return spec
