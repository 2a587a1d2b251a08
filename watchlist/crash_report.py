"""Crash reports for bugs of the program. They contain the place of the error and nothing about the user's list.

Messages and values of exceptions can quote notes, titles and file names, so reports leave them out.
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
from watchlist.store.disk import file_io

MAX_REPORTS = 10  # number of newest reports that are kept
PACKAGE = Path(__file__).parent.parent


def report(error: BaseException, paths: Paths) -> Path:
    """Write a report of an error to the state folder. Return its path. Only the user can read the report.

    Raises StoreError if it can't be written.
    """
    folder, now = paths.state / "faults", datetime.now()
    path = folder / f"{now:%Y%m%d-%H%M%S-%f}.txt"
    file_io.replace_own(path, "\n".join(_lines(error, now)).encode("utf-8", "backslashreplace") + b"\n")
    for old_report in sorted(folder.glob("*.txt"))[:-MAX_REPORTS]:
        old_report.unlink(missing_ok=True)
    return path


def _lines(error: BaseException, now: datetime) -> Iterator[str]:
    """Yield the lines of a report: versions, system and time, then each exception with its stack frames."""
    parts = [f"{name} {_version(name)}" for name in ("textual", "rich", "tomli-w")]
    yield f"watchlist {__version__}, Python {platform.python_version()}, {', '.join(parts)}"
    yield f"{platform.system()} {platform.release()}, {now:%Y-%m-%d %H:%M:%S}"
    for relation, exception in _chain(error):
        yield f"\n{relation}{type(exception).__module__}.{type(exception).__qualname__}"
        for frame, line in traceback.walk_tb(exception.__traceback__):
            code = frame.f_code
            yield f"  {_place(code.co_filename)}:{line}:{code.co_qualname}"


def _chain(
    error: BaseException, relation: str = "", seen: frozenset[int] = frozenset()
) -> Iterator[tuple[str, BaseException]]:
    """Yield (relation, exception) for `error` and for all exceptions that caused it or that it contains.

    A relation is the text before an exception in the report: `relation` for `error` itself, e.g. `caused by: ` for the
    others. Exceptions whose `id()` is in `seen` are left out.
    """
    if id(error) in seen:
        return
    yield relation, error
    seen |= {id(error)}
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _chain(part, "one of them: ", seen)
    if error.__cause__ is not None:
        yield from _chain(error.__cause__, "caused by: ", seen)
    elif error.__context__ is not None:
        yield from _chain(error.__context__, "while this was handled: ", seen)


def _place(file: str) -> str:
    """Return the path of a source file without folders of this computer, e.g. `watchlist/config.py`."""
    path = Path(file)
    if "site-packages" in path.parts:
        return Path(*path.parts[path.parts.index("site-packages") + 1 :]).as_posix()
    return path.relative_to(PACKAGE).as_posix() if path.is_relative_to(PACKAGE) else path.name


def _version(name: str) -> str:
    """Return the version of an installed distribution; `?` if it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "?"
