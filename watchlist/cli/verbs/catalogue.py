"""The verb `catalogue`: build the offline catalogue, print what it contains, or remove it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watchlist.checked_open import path_of
from watchlist.cli.context import Context
from watchlist.cli.questions import confirm
from watchlist.domain.text import counted, megabytes
from watchlist.errors import CatalogueError, NotFound, Refused, UsageError, did_you_mean
from watchlist.sanitize import safe
from watchlist.sources.catalogue.credit import ADDRESS, CREDIT, TERMS, TERMS_ADDRESS
from watchlist.sources.catalogue.files import DOWNLOAD_FOLDER, age, catalogue_size, remove_all

if TYPE_CHECKING:
    from watchlist.sources.catalogue.download import Remote
    from watchlist.sources.catalogue.imdb_files import FileKind

ACTIONS = ("build", "remove")
BUILD_HINT = "`watchlist catalogue build --download` makes one; see `watchlist help catalogue`"
_REDRAW_SECONDS = 0.1


def catalogue_(context: Context) -> None:
    """Run `watchlist catalogue`: print what it contains or, with ACTION, build or remove it."""
    request = context.request
    action = request.word("ACTION")
    if action is not None and action not in ACTIONS:
        hint = did_you_mean(action, ACTIONS) or f"use one of {', '.join(ACTIONS)}"
        raise UsageError(f'catalogue does not know "{safe(action)}"', hint)
    if action != "build":
        extra = [
            *request.words("FILE"),
            *(flag for flag in ("--download", "--akas", "--cast", "--yes") if request.on(flag)),
        ]
        if extra:
            raise UsageError(f"catalogue {action or ''}".strip() + f" takes no {safe(extra[0])}", "only build does")
    if action == "build":
        _build(context)
    elif action == "remove":
        _remove(context)
    else:
        _show(context)


def _show(context: Context) -> None:
    """Print what the catalogue contains, its age and size, where it comes from, and the terms of use."""
    path = context.paths.catalogue
    size = catalogue_size(path)
    if size is None:
        if context.out.json:
            context.out.document({"path": str(path), "exists": False})
        context.out.say("there is no catalogue yet")
        context.out.say(f"  {BUILD_HINT}")
        return
    from watchlist.sources.catalogue.database import Catalogue  # imports sqlite3

    catalogue = Catalogue.open(path)
    if catalogue is None:
        raise NotFound("the catalogue has just been removed")
    with catalogue:
        catalogue.check()
        contents = catalogue.contents()
    if context.out.json:
        context.out.document(
            {"path": str(path), "exists": True, "size": size, "built": contents.built, "films": contents.films}
            | {
                "series": contents.series,
                "episodes": contents.episodes,
                "files": [dict(file) for file in contents.files],
            }
            | {"source": ADDRESS, "credit": CREDIT, "terms": TERMS, "terms_address": TERMS_ADDRESS}
        )
        return
    numbers = (
        f"{counted(contents.films, 'film')}, {contents.series:,} series with {counted(contents.episodes, 'episode')}"
    )
    rows = {
        "Contents": numbers,
        "Built": f"{contents.built[:16].replace('T', ' ')} ({age(contents.built, date.today())})",
        "Size": megabytes(size),
        "File": str(path),
        "Source": f"{ADDRESS}: " + ", ".join(str(file.get("name")) for file in contents.files),
        "Credit": CREDIT,
        "Terms": f"{TERMS} ({TERMS_ADDRESS})",
    }
    for name, text in rows.items():
        context.out.line(f"{name + ':':10}{text}")


def _remove(context: Context) -> None:
    """Delete the catalogue, and what a download or a killed build left. Raise NotFound if there is nothing."""
    freed = remove_all(context.paths.catalogue)
    if freed is None:
        raise NotFound("there is no catalogue to remove")
    if context.out.json:
        context.out.document({"removed": str(context.paths.catalogue), "size": freed})
    context.out.say(f"Removed the catalogue ({megabytes(freed)}); `watchlist catalogue build` makes it again")


def _build(context: Context) -> None:
    """Build the catalogue from the files that are named and, with `--download`, from those that are downloaded."""
    request = context.request
    names = request.words("FILE")
    if not names and not request.on("--download"):
        raise UsageError(
            "catalogue build: missing FILE (IMDb's dataset files)",
            f"download them from {ADDRESS}, or let --download do it",
        )
    for flag in ("--akas", "--cast"):
        if request.on(flag) and not request.on("--download"):
            raise UsageError(f"{flag} says what to download", "name the files, or add --download")
    files = [path_of(name) for name in names]
    progress = _Progress(context)
    from watchlist.sources.catalogue.build import build  # imports sqlite3

    now, path = datetime.now().astimezone(), context.paths.catalogue
    try:
        if request.on("--download"):
            built = build(files, path, now, progress, _download(context, files, progress))
        else:
            built = build(files, path, now, progress)
    finally:
        progress.end()
    _print_built(context, built.not_given, built.left_out)


def _print_built(context: Context, not_given: Sequence[FileKind], left_out: dict[FileKind, int]) -> None:
    """Print what was built, and what is missing from it."""
    from watchlist.sources.catalogue.database import Catalogue  # imports sqlite3
    from watchlist.sources.catalogue.imdb_files import FileKind

    for kind, lines in left_out.items():
        if lines:
            context.out.say(f"{kind.file_name}: {counted(lines, 'line')} left out that can't be read")
    if FileKind.EPISODES in not_given:
        context.out.say("without title.episode, series have no seasons")
    path = context.paths.catalogue
    catalogue = Catalogue.open(path)
    if catalogue is None:
        raise CatalogueError(f"{path} was removed by another program")
    with catalogue:
        contents = catalogue.contents()
    size = catalogue_size(path) or 0
    if context.out.json:
        context.out.document(
            {"path": str(path), "size": size, "built": contents.built, "films": contents.films}
            | {"series": contents.series, "episodes": contents.episodes}
        )
    context.out.say(
        f"Built the catalogue: {counted(contents.films, 'film')}, {contents.series:,} series with "
        f"{counted(contents.episodes, 'episode')}, {megabytes(size)}"
    )
    context.out.say(f"  {CREDIT}")


def _download(context: Context, given: Sequence[Path], progress: _Progress) -> Callable[[], list[Path]]:
    """Ask whether to download the files that are not given. Return a function that does it and returns their paths."""
    from watchlist.sources.catalogue.download import DATASETS, Downloads  # imports httpx
    from watchlist.sources.catalogue.imdb_files import FileKind, recognize

    known = {recognize(path).kind for path in given}
    wanted = [FileKind.BASICS, FileKind.RATINGS, FileKind.EPISODES]
    wanted += [FileKind.AKAS] * context.request.on("--akas")
    wanted += [FileKind.PRINCIPALS, FileKind.NAMES] * context.request.on("--cast")
    base = context.config.lookup.get(DATASETS.name, DATASETS.base)
    folder = context.paths.catalogue.parent / DOWNLOAD_FOLDER
    with Downloads(base, folder) as downloads:
        remotes = downloads.examine([kind for kind in wanted if kind not in known])
    _confirm(context, base, remotes)

    def fetch() -> list[Path]:
        with Downloads(base, folder) as downloads:
            return downloads.fetch(remotes, progress)

    return fetch


def _confirm(context: Context, base: str, remotes: Sequence[Remote]) -> None:
    """Print what would be downloaded, and ask. Raise Refused if the answer is no, UsageError without a terminal."""
    for remote in remotes:
        size = megabytes(remote.size) if remote.size is not None else "of unknown size"
        stored = f", of which {megabytes(remote.stored)} are here" if remote.stored else ""
        context.out.say(f"{remote.name}: {size}{stored}")
    rest = sum((remote.size or 0) - remote.stored for remote in remotes)
    context.out.say(f"{megabytes(rest)} to download from {base}; the catalogue takes about as much")
    context.out.say(f"IMDb's terms: {TERMS} ({TERMS_ADDRESS})")
    if context.request.on("--yes"):
        return
    if not context.asks:
        raise UsageError(f"this would download {megabytes(rest)}; confirmation needs a terminal", "--yes downloads it")
    if not confirm("Download?"):
        raise Refused("nothing was downloaded")


class _Progress:
    """Shows the progress of a long task on stderr: on a terminal as a line that changes, else a line for each step."""

    def __init__(self, context: Context) -> None:
        self._quiet = context.out.quiet
        self._changes = sys.stderr.isatty()
        self._task, self._shown, self._width = "", 0.0, 0

    def __call__(self, task: str, done: int, total: int) -> None:
        """Show that `done` of `total` steps of a task are done; `total` is 0 if unknown."""
        if not task:
            return
        now = time.monotonic()
        if self._quiet or (task == self._task and (not self._changes or now - self._shown < _REDRAW_SECONDS)):
            return
        self._task, self._shown = task, now
        if not self._changes:
            print(f"{task} ...", file=sys.stderr, flush=True)
            return
        text = f"{task} {done * 100 // total} %" if total else f"{task} ..."
        print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def end(self) -> None:
        """Remove the line, so that another text can follow."""
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=sys.stderr, flush=True)
            self._width = 0
