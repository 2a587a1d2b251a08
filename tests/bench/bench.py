"""What every measurement needs: a list of a size, homes to run in, and two sides that take turns."""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.bench.floors import output
from tests.bench.generator import Style, write_list
from tests.bench.terminal import Program
from tests.e2e.terminal import PROGRAM, environment

_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Series:
    """What both sides took, pair by pair: seconds, or MiB."""

    a: Sequence[float]
    b: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        return [a / b for a, b in zip(self.a, self.b, strict=True)]


def in_turn(pairs: int, a: Callable[[], float], b: Callable[[], float]) -> Series:
    """A B A B ..., after one of each that does not count."""
    a(), b()
    taken = [(a(), b()) for _ in range(pairs)]
    return Series([first for first, _ in taken], [second for _, second in taken])


@dataclass(frozen=True)
class Place:
    """A home of its own, and a list in it that may be changed."""

    home: Path
    file: Path

    @property
    def env(self) -> Mapping[str, str]:
        return environment(self.home)

    def command(self, *words: str) -> list[str]:
        return [PROGRAM, "--file", str(self.file), *words]

    def output(self, *words: str) -> str:
        return output(self.command(*words), self.env)

    def seconds(self, command: Sequence[str]) -> float:
        """From start to exit."""
        begun = time.perf_counter()
        output(command, self.env)
        return time.perf_counter() - begun

    def cost(self, command: Sequence[str]) -> tuple[float, float]:
        """Seconds from start to exit, and the peak of the memory in MiB."""
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, list(command))
        return time.perf_counter() - begun, usage.ru_maxrss / 1024

    def open(self) -> Program:
        return Program(self.command(), self.env)

    def forget(self) -> None:
        """As if the program had never run."""
        for folder in ("cache", "state"):
            shutil.rmtree(self.home / folder, ignore_errors=True)


@dataclass(frozen=True)
class Bench:
    """One size of list, and how often to measure."""

    folder: Path
    shows: int
    pairs: int = 7
    style: Style = "rich"
    keys: int = field(
        default=100, kw_only=True
    )  # of a kind that are pressed on each side, at least, where a row is about keys

    def of(self, shows: int) -> Bench:
        return Bench(self.folder, shows, self.pairs, self.style, keys=self.keys)

    @property
    def query(self) -> str:
        """One that matches a part of the list, in either style."""
        return "status:watching" if self.style == "rich" else "rating:4.."

    @cached_property
    def file(self) -> Path:
        """The list as it was made up."""
        file = self.folder / f"{self.style}-{self.shows}.toml"
        if not file.exists():
            write_list(file, self.shows, self.style)
        return file

    @contextmanager
    def place(self) -> Iterator[Place]:
        home = self.folder / f"home-{next(_NUMBERS)}"
        home.mkdir()
        file = home / "list.toml"
        shutil.copyfile(self.file, file)
        place = Place(home, file)
        # Looked at once, so that what can be remembered is: only the first start ever begins with nothing.
        place.output("list", "--limit", "1")
        try:
            yield place
        finally:
            shutil.rmtree(home)


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """Half of the values lie between these."""
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def highest(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[98] if len(values) > 1 else values[0]
