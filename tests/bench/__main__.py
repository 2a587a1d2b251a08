"""`python -m tests.bench`: measures, prints the table, and fails where a bar does not hold."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.bench import Bench
from tests.bench.report import Finding, document, growth, table
from tests.bench.rows import ROWS, Row
from tests.bench.terminal import WrongFrame


def main(words: Sequence[str] | None = None) -> int:
    """0 where every bar holds, 1 where one does not or could not be measured."""
    options = _options(words)
    sizes = [int(size) for size in options.shows.split(",")]
    rows = [row for row in ROWS if not options.only or row.number in options.only.split(",")]
    if not rows:
        print(f"there is no row {options.only}", file=sys.stderr)
        return 2
    findings: list[Finding] = []
    for shows in sizes:
        with tempfile.TemporaryDirectory(prefix="watchlist-bench-") as folder:
            bench = Bench(Path(folder), shows, options.pairs, options.style, keys=options.keys)
            found = [finding for row in rows for finding in measured(row, bench)]
        findings += found
        print(f"{shows:,} {options.style} shows\n\n{table(found)}\n", flush=True)
    if len(sizes) > 1:
        print(f"Ratios by number of shows\n\n{growth(findings)}\n")
    if options.json:
        options.json.write_text(document(findings, style=options.style, pairs=options.pairs), "utf-8")
    return 1 if any(finding.wrong or finding.holds is False for finding in findings) else 0


def measured(row: Row, bench: Bench) -> Iterator[Finding]:
    """A row's findings; where something else happened than what was to be measured, that is told on stderr."""
    print(f"row {row.number} ...", file=sys.stderr, flush=True)
    try:
        for bar, series in zip(row.bars, row.measure(bench), strict=True):
            yield Finding(bar, bench.shows, series)
    except (WrongFrame, subprocess.CalledProcessError, OSError, ValueError) as error:
        said = getattr(error, "stderr", None) or str(error)
        print(f"row {row.number} failed: {said}", file=sys.stderr)
        for bar in row.bars:
            yield Finding(bar, bench.shows, wrong=said)


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--shows", default="10000", metavar="N[,N]", help="sizes of the list (10000)")
    parser.add_argument("--only", default="", metavar="ROW[,ROW]", help="rows to measure (all)")
    parser.add_argument("--pairs", type=int, default=7, metavar="N", help="how often each side is measured (7)")
    parser.add_argument("--keys", type=int, default=100, metavar="N", help="keys of rows 8 and 9 on each side (100)")
    parser.add_argument("--style", choices=("rich", "imported"), default="rich", help="the shows (rich)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample here")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
