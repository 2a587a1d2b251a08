"""What is left of a fault of this program itself: where it came up, and nothing of what is in anybody's list.

Messages and values of an exception can quote notes, titles and file names: the report has none of them.
"""

from __future__ import annotations

import platform
import traceback
from collections.abc import Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path

from watchlist import __version__
from watchlist.paths import Paths
from watchlist.store import files

KEPT = 10  # reports
PACKAGE = Path(__file__).parent.parent


def report(error: BaseException, paths: Paths) -> Path:
    """Write where this came up into the state folder, for its owner alone; gives the file. StoreError where that fails."""
    folder, now = paths.state / "faults", datetime.now()
    path = folder / f"{now:%Y%m%d-%H%M%S-%f}.txt"
    files.replace(path, "\n".join(_lines(error, now)).encode("utf-8", "backslashreplace") + b"\n")
    for old in sorted(folder.glob("*.txt"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def _lines(error: BaseException, now: datetime) -> Iterator[str]:
    parts = [f"{name} {_version(name)}" for name in ("textual", "rich", "tomli-w")]
    yield f"watchlist {__version__}, Python {platform.python_version()}, {', '.join(parts)}"
    yield f"{platform.system()} {platform.release()}, {now:%Y-%m-%d %H:%M:%S}"
    for word, one in _chain(error):
        yield f"\n{word}{type(one).__module__}.{type(one).__qualname__}"
        for frame, line in traceback.walk_tb(one.__traceback__):
            code = frame.f_code
            yield f"  {_place(code.co_filename)}:{line}:{code.co_qualname}"


def _chain(
    error: BaseException, word: str = "", seen: frozenset[int] = frozenset()
) -> Iterator[tuple[str, BaseException]]:
    """An exception, and what it came of or holds, each with how they belong together."""
    if id(error) in seen:
        return
    yield word, error
    seen |= {id(error)}
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _chain(part, "one of them: ", seen)
    if error.__cause__ is not None:
        yield from _chain(error.__cause__, "caused by: ", seen)
    elif error.__context__ is not None:
        yield from _chain(error.__context__, "while this was handled: ", seen)


def _place(file: str) -> str:
    """The file, named from its package on: where that is on this computer is nobody's business."""
    path = Path(file)
    if "site-packages" in path.parts:
        return Path(*path.parts[path.parts.index("site-packages") + 1 :]).as_posix()
    return path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else path.name


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "?"
