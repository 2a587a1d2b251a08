"""The context of one run of the command line, shared by all verbs: request, config, list and output.

The list is in doubt (`Library.doubt`) if its file is missing or seems to have lost shows since the program wrote it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from watchlist.cli.parser import Request
from watchlist.domain.frozen import replace
from watchlist.errors import StoreError, UsageError

if TYPE_CHECKING:  # not imported at run time: help and completion scripts start faster without them
    from pathlib import Path

    from watchlist.cli.output import Output
    from watchlist.config import Loaded
    from watchlist.domain.ratings import DisplayStyle
    from watchlist.domain.watchlist import Damage, Watchlist
    from watchlist.formats.export_file import OwnFiles
    from watchlist.paths import Paths
    from watchlist.settings import Config
    from watchlist.store.library import Library


class Context:
    """The state of one run of the command line. The config and the list are read when first needed.

    `themes` returns the names of the color themes. It is a parameter because the command line must not import the
    interface.
    """

    def __init__(self, request: Request, environ: Mapping[str, str], themes: Callable[[], tuple[str, ...]]) -> None:
        self.request = request
        self.environ = environ
        self.themes = themes
        self.exit_code = 0
        self._changes_list = False  # True for a verb that changes the list
        self._announced_new = False  # True once the user was told that the list does not exist yet

    @cached_property
    def out(self) -> Output:
        """The output of this run, as set by flags such as `--json`."""
        from watchlist.cli.output import Output  # not needed before the interface starts

        ask = self.request.on
        return Output.of(self.environ, json=ask("--json"), quiet=ask("--quiet"), plain=ask("--no-color"))

    @cached_property
    def paths(self) -> Paths:
        """The files and folders of the user. `--config` or WATCHLIST_CONFIG replaces the path of the config."""
        from watchlist.checked_open import path_of  # help and completion scripts need no files
        from watchlist.paths import Paths

        named = self._named_config
        return Paths.of_user(path_of(named, variables=True) if named is not None else None)

    @property
    def _named_config(self) -> str | None:
        """The path of the config given by `--config` or WATCHLIST_CONFIG; None if neither is set."""
        named = self.request.word("--config")
        return named if named is not None else self.environ.get("WATCHLIST_CONFIG") or None

    @property
    def config_path(self) -> Path:
        """The path of the config file, which may not exist."""
        return self.paths.config

    @cached_property
    def loaded(self) -> Loaded:
        """The config and all its problems, for verbs that show or fix the config. Invalid values raise no error."""
        from watchlist.config import ConfigProblem, check  # help and completion scripts need no config

        path = self.request.word("--file")
        loaded = check(self.config_path, self.environ, {"file": path} if path is not None else {})
        file = loaded.config.file
        owner = self.paths.owner_of(file) if file is not None else ""
        if not owner:
            return loaded
        problem = ConfigProblem(
            f"{loaded.sources['file']}: {file} is {owner}, so it can't be the list", "name another file", fatal=True
        )
        return replace(loaded, problems=(*loaded.problems, problem))

    def accepted(self) -> tuple[Config, list[str]]:
        """Return (config, warnings to print). Raise UsageError for an invalid value, or if a named config does not exist."""
        if self._named_config and not self.config_path.exists():
            raise UsageError(f"there is no config {self.config_path}", "`watchlist config edit` starts one")
        return self.loaded.accepted()

    @cached_property
    def config(self) -> Config:
        """The config. When it is first used, its warnings are printed. Raises UsageError if a value is invalid."""
        config, warnings = self.accepted()
        for warning in warnings:
            self.out.say(f"watchlist: {warning}")
        return config

    @property
    def style(self) -> DisplayStyle:
        """How values are read and shown: the rating scale, and whether only ASCII is used."""
        return self.config.style

    @cached_property
    def services(self) -> frozenset[str] | None:
        """The keys of the streaming services that the user pays for today; None if the config lists no services."""
        if not self.config.services:
            return None
        from watchlist.domain.services import running  # most configs name no service

        return running(self.config.services, date.today())

    @cached_property
    def file(self) -> Path:
        """The path of the list file, as set by `--file`, the environment or the config; otherwise, the default path."""
        return self.config.file or self.paths.data

    @cached_property
    def library(self) -> Library:
        """The library of the list file, opened when first needed."""
        return self.open()

    @property
    def own_files(self) -> OwnFiles:
        """The program's own files, which an export must not replace."""
        from watchlist.formats.export_file import OwnFiles  # only exports need the write path

        return OwnFiles(self.file, self.paths)

    def open(self, *, wait: bool = True) -> Library:
        """Open the list and return its library. Raises StoreError if the file can't be read.

        If `wait` is False, a long list that is not in the cache is read in the background; otherwise, it is read before
        the method returns.
        """
        from watchlist.store.library import Library  # help, keys and themes need no list

        library = Library.open(self.file, self.paths, wait=wait, backups=self.config.backups)
        library.list_file.force_readonly = self.request.on("--force")
        library.guard.needs_backup = not self.request.on("--no-backup")
        return library

    @property
    def list(self) -> Watchlist:
        """The list; if the file is damaged, the part that can be read. Damage is printed once and sets exit code 3.

        If the file seems to have lost shows, the last known list is returned to a verb that changes the list.

        Raises:
            StoreError: The file seems to have lost shows, and the verb does not change the list.
        """
        library = self.library
        damage = library.list.damage
        if damage is not None:
            if self.exit_code == 0:
                self.exit_code = StoreError.exit_code
                self._print_damage(damage)
        elif library.doubt and not self._changes_list:
            raise StoreError(f"{self.file} {library.doubt}", library.guard.next_steps())
        else:
            self.say_if_new()
        return library.list

    def say_if_new(self) -> None:
        """Print, once, that the list does not exist, if the verb only reads and the user set the path, which may be wrong."""
        if (
            self._announced_new
            or self._changes_list
            or self.config.file is None
            or self.library.list_file.exists
            or self.library.doubt
        ):
            return
        self._announced_new = True
        folder = "" if self.file.absolute().parent.exists() else f", nor does its folder {self.file.absolute().parent}"
        self.out.say(f"{self.file} does not exist yet{folder}: this is the list that a new one begins with")

    @property
    def why_empty(self) -> str:
        """A message with the reason why the list has no shows."""
        return "the list is empty" if self.library.list.damage is None else "no show in the file can be read"

    def _print_damage(self, damage: Damage) -> None:
        """Print the position of an error in the file, whether shows were lost, and what the user can do."""
        library = self.library
        library.check()
        place = f"line {damage.line}, column {damage.column}: {damage.message}"
        heading = (f"{self.file} {library.doubt}", place) if library.doubt else (f"{self.file}, {place}",)
        hint = () if library.list_file.pipe else (f"{library.guard.next_steps()}; until then the list is only read",)
        self.out.warn(*heading, damage.text, damage.caret, *hint)

    def prepare_change(self, *, whole: bool = False) -> None:
        """Prepare to change the list. Every verb that changes the list calls this first.

        If the file is damaged or seems to have lost shows, wait for another program to finish writing it. If shows
        still seem to be lost, the last known list is used.

        Args:
            whole: Wait, and compare the file with its last known state, even if nothing seems wrong. Needed for queries
                and imports, which would not notice missing shows.
        """
        self._changes_list = True
        if whole or self.library.doubt or self.library.list.damage is not None:
            self.library.guard.settle()

    def reload(self) -> bool:
        """Reload the list after a show was not found. Return True if the list has changed.

        Raises StoreError if the list seems to have lost shows and the verb does not change the list.
        """
        before = self.library.list
        if self._changes_list:
            self.library.guard.settle()
        else:
            self.check()
        return self.library.list is not before

    def check(self) -> None:
        """Raise StoreError if the list seems to have lost shows: a show that was not found may be one of them."""
        self.library.check()
        if self.library.doubt:
            raise StoreError(f"{self.file} {self.library.doubt}", self.library.guard.next_steps())

    @property
    def asks(self) -> bool:
        """True if the user can be asked questions: stdin and stderr are terminals."""
        return sys.stdin.isatty() and sys.stderr.isatty()
