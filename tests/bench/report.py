"""What was measured, as a table of plain text that is Markdown too, and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tests.bench.bench import Series, highest, quartiles
from tests.bench.rows import Bar

HEADER = ("row", "what", "A ms", "B ms", "ratio", "spread", "bar", "holds?")
NONE = "-"


@dataclass(frozen=True)
class Finding:
    """One bar at one size: what was measured, or what went wrong."""

    bar: Bar
    shows: int
    series: Series | None = None
    wrong: str = ""

    @property
    def a(self) -> float | None:
        return self.bar.middle(self.series.a) if self.series else None

    @property
    def b(self) -> float | None:
        return self.bar.middle(self.series.b) if self.series else None

    @property
    def ratio(self) -> float | None:
        """The middle of the pairs' own ratios: a machine that is slower for a while is so for both sides of a pair.

        What is rare is not in one pair on both sides: there it is that of one side to that of the other.
        """
        if self.series is None or not self.a or not self.b:
            return None
        return self.a / self.b if self.bar.middle is highest else self.bar.middle(self.series.ratios)

    @property
    def spread(self) -> tuple[float, float] | None:
        """Half of the pairs' own ratios lie between these; of rare ones there is nothing to tell."""
        return quartiles(self.series.ratios) if self.series and self.bar.middle is not highest else None

    @property
    def limit(self) -> float | None:
        return self.bar.limits.get(self.shows)

    @property
    def holds(self) -> bool | None:
        """None where there is no bar."""
        if self.limit is None:
            return None
        return self.ratio is not None and self.ratio <= self.limit


def table(findings: Sequence[Finding]) -> str:
    """A line a bar; for several sizes, a column of ratios for each is in `growth`."""
    return _aligned([HEADER, *map(_cells, findings)], right=(2, 3, 4, 6))


def growth(findings: Sequence[Finding]) -> str:
    """How the ratios grow with the list: a line a bar, a column a size."""
    sizes = sorted({finding.shows for finding in findings})
    by_bar: dict[str, dict[int, Finding]] = {}
    for finding in findings:
        by_bar.setdefault(finding.bar.number, {})[finding.shows] = finding
    rows = [("row", "what", *(f"{shows:,}" for shows in sizes))]
    for number, found in by_bar.items():
        what = next(iter(found.values())).bar.what
        rows.append((number, what, *(_number(found[s].ratio if s in found else None) for s in sizes)))
    return _aligned(rows, right=range(2, 2 + len(sizes)))


def document(findings: Sequence[Finding], *, style: str, pairs: int) -> str:
    """Everything, with each sample: seconds, or MiB."""
    rows = [
        {
            "row": f.bar.number,
            "what": f.bar.what,
            "floor": f.bar.floor,
            "shows": f.shows,
            "ratio": f.ratio,
            "spread": f.spread,
            "bar": f.limit,
            "holds": f.holds,
            "unit": "MiB" if f.bar.unit == "MiB" else "s",
            "a": list(f.series.a) if f.series else None,
            "b": list(f.series.b) if f.series else None,
            "wrong": f.wrong or None,
        }
        for f in findings
    ]
    about = {"python": platform.python_version(), "textual": version("textual"), "processors": os.cpu_count()}
    return json.dumps({**about, "style": style, "pairs": pairs, "rows": rows}, indent=1) + "\n"


def _cells(finding: Finding) -> tuple[str, ...]:
    bar = finding.bar
    unit, factor = (" MiB", 1) if bar.unit == "MiB" else ("", 1000)
    a, b = (f"{value * factor:,.1f}{unit}" if value is not None else NONE for value in (finding.a, finding.b))
    spread = "{:.2f}-{:.2f}".format(*finding.spread) if finding.spread else NONE
    limit = f"{finding.limit:g}" if finding.limit is not None else NONE
    holds = "failed" if finding.wrong else {None: NONE, True: "yes", False: "no"}[finding.holds]
    return bar.number, f"{bar.what} / {bar.floor}", a, b, _number(finding.ratio), spread, limit, holds


def _number(ratio: float | None) -> str:
    return f"{ratio:.2f}" if ratio is not None else NONE


def _aligned(rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(row: Sequence[str]) -> str:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return f"| {' | '.join(cells)} |"

    rule = [("-" * (width - 1) + ":" if column in right else "-" * width) for column, width in enumerate(widths)]
    return "\n".join((line(rows[0]), f"|{'|'.join(f' {dashes} ' for dashes in rule)}|", *map(line, rows[1:])))
