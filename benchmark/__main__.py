"""How fast the suite is: measure pairs of whole runs, which take turns, and print their ratios."""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict

from benchmark.rows import GOALS, Figure, measure
from benchmark.runs import REPORTS, BenchmarkError
from testbeds import ROOT

REPORT = REPORTS / "benchmark.json"

HEAD = "| row | measured | median | goal | met | times |\n|---|---|---|---|---|---|"


def as_row(figure: Figure) -> str:
    """Lay a figure out as a row of a Markdown table."""
    ours, other = figure.absolute
    # Where there is nothing to compare with, the value is the time itself.
    alone = all(each == 1 for _, each in figure.pairs)
    times = f"{ours:.3g} {figure.unit}" if alone else f"{ours:.3g} / {other:.3g} {figure.unit}"
    met = "yes" if figure.is_met else "no"
    return (
        f"| {figure.name} | {figure.measured.rstrip('.')} | {figure.value:.3g} "
        f"| ≤ {figure.goal:.3g} | {met} | {times} |"
    )


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100:  # noqa: PLR2004
        raise ValueError
    return number


def main() -> int:
    """Measure, print the table, and write the figures down for machines."""
    parser = argparse.ArgumentParser(prog="python -m benchmark", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"which rows (default: all): {', '.join(GOALS)}"
    )
    parser.add_argument(
        "--repeat", type=_positive, default=5, help="how many turns, from 1 to 100 (default 5)"
    )
    asked = parser.parse_args()
    unknown = [name for name in asked.rows if name not in GOALS]
    if unknown:
        parser.error(f"there is no row {unknown[0]}: choose from {', '.join(GOALS)}")
    figures = []
    print(HEAD, flush=True)
    try:
        for figure in measure(asked.rows or list(GOALS), asked.repeat):
            print(as_row(figure), flush=True)
            figures.append(figure)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"
    REPORTS.mkdir(exist_ok=True)
    report = [asdict(figure) | {"value": figure.value} for figure in figures]
    REPORT.write_text(json.dumps({"machine": machine, "figures": report}, indent=2))
    print(f"\n{machine}, medians of {asked.repeat}; all of it in {REPORT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
