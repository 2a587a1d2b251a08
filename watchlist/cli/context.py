"""What every verb works with: the request, the config, the list, and where to print."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from watchlist.cli.parser import Request
from watchlist.errors import StoreError, UsageError

if TYPE_CHECKING:  # help and completion scripts need none of these, and are not to wait for them
    from pathlib import Path

    from watchlist.cli.output import Output
    from watchlist.config import Config, Loaded
    from watchlist.model import Watchlist
    from watchlist.paths import Paths
    from watchlist.ratings import Style
    from watchlist.store.library import Library


class Context:
    """One run of the command line. Config and list are read when they are first asked for.

    `themes` names the themes of the interface, which this floor does not import.
    """

    def __init__(self, request: Request, environ: Mapping[str, str], themes: Callable[[], tuple[str, ...]]) -> None:
        self.request = request
        self.environ = environ
        self.themes = themes
        self.exit_code = 0

    @cached_property
    def out(self) -> Output:
        """Where to print, and how."""
        from watchlist.cli.output import Output

        ask = self.request.on
        return Output.of(self.environ, json=ask("--json"), quiet=ask("--quiet"), plain=ask("--no-color"))

    @cached_property
    def paths(self) -> Paths:
        from watchlist.paths import Paths

        return Paths.of_user()

    @cached_property
    def config_path(self) -> Path:
        named = self.request.word("--config") or self.environ.get("WATCHLIST_CONFIG")
        from pathlib import Path

        return Path(named).expanduser() if named else self.paths.config

    @cached_property
    def loaded(self) -> Loaded:
        """The config with all that is wrong in it; for the verbs that are there to mend it."""
        from watchlist.config import check

        file = self.request.word("--file")
        return check(self.config_path, self.environ, {"file": file} if file is not None else {})

    @cached_property
    def config(self) -> Config:
        """The config. Warnings are printed once; UsageError where it can't be used."""
        if self.config_path != self.paths.config and not self.config_path.exists():
            raise UsageError(f"there is no config {self.config_path}", "`watchlist config edit` starts one")
        config, warnings = self.loaded.accepted()
        for warning in warnings:
            self.out.say(f"watchlist: {warning}")
        return config

    @property
    def style(self) -> Style:
        return self.config.style

    @cached_property
    def services(self) -> frozenset[str] | None:
        """The keys of the services that run today; None where the config names none."""
        if not self.config.services:
            return None
        from datetime import date

        from watchlist.services import running

        return running(self.config.services, date.today())

    @cached_property
    def file(self) -> Path:
        return self.config.file or self.paths.data

    @cached_property
    def library(self) -> Library:
        return self.open()

    def open(self, *, wait: bool = True) -> Library:
        """The list, read; without `wait` a long one that is not known yet is only begun."""
        from watchlist.store.library import Library

        library = Library.open(self.file, self.paths, wait=wait, backups=self.config.backups)
        library.forced, library.needs_backup = self.request.on("--force"), not self.request.on("--no-backup")
        return library

    @property
    def list(self) -> Watchlist:
        """The list. Where its file is damaged, what can be read of it; that is said once and makes the exit code 3.

        So is a file that was emptied since.
        """
        damage = self.library.list.damage
        if damage is not None and self.exit_code == 0:
            self.exit_code = StoreError.exit_code
            where = f"{self.file}, line {damage.line}, column {damage.column}: {damage.message}"
            self.out.warn(where, damage.text, damage.caret, "`watchlist edit` opens it; until then it is only read")
        elif self.library.doubt and self.exit_code == 0:
            from watchlist.store.reader import WAYS

            self.exit_code = StoreError.exit_code
            self.out.warn(f"{self.file} {self.library.doubt}", WAYS)
        return self.library.list

    def check(self) -> None:
        """StoreError where the list lost a lot since it was changed last: what is not found may be part of that."""
        from watchlist.store.reader import WAYS

        self.library.check()
        if self.library.doubt:
            raise StoreError(f"{self.file} {self.library.doubt}", WAYS)

    @property
    def asks(self) -> bool:
        """Whether there is somebody to ask."""
        return sys.stdin.isatty() and sys.stderr.isatty()
