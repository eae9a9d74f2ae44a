"""Measure the suite from outside, as a developer meets it: whole runs of behave, by the clock."""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "reports" / "benchmark.json"

# Scenarios about how pages look; all others have to be quick.
ABOUT_LAYOUT = ("layout.feature", "everybody.feature")

FEW, MANY = 10, 210

PASSED = re.compile(r"^(\d+) scenarios? passed, 0 failed,", re.MULTILINE)


class BenchmarkError(Exception):
    """Nothing could be measured; the message says why and what to do."""


@dataclass(frozen=True)
class Run:
    """One run of behave.

    Attributes:
        seconds: from the start of the process to its end.
        scenarios: how many passed.

    """

    seconds: float
    scenarios: int


@dataclass(frozen=True)
class Figure:
    """One line of the report.

    Attributes:
        name: what was measured.
        unit: s or ms.
        median: the middle one of `runs`.
        goal: what it may be at most, in the same unit, or None.
        runs: what each repetition measured.

    """

    name: str
    unit: str
    median: float
    goal: float | None
    runs: Sequence[float]


def run_behave(*arguments: str) -> Run:
    """Run `behave` with these arguments.

    Raises:
        BenchmarkError: a scenario failed, so that its time means nothing.

    """
    began = time.perf_counter()
    finished = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "behave", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    passed = PASSED.search(finished.stdout)
    if finished.returncode != 0 or passed is None:
        sys.stderr.write(finished.stdout + finished.stderr)
        message = f"`behave {' '.join(arguments)}` did not pass: mend it, then measure again."
        raise BenchmarkError(message)
    return Run(seconds, int(passed[1]))


def measure(
    name: str, unit: str, goal: float | None, repeat: int, once: Callable[[], float]
) -> Figure:
    """Measure something several times."""
    runs = [once() for _ in range(repeat)]
    return Figure(name, unit, median(runs), goal, runs)


def milliseconds_a_scenario(steps: Sequence[str]) -> float:
    """Return what one more scenario of these steps adds to a run, start-up left out."""
    few, many = (_run_generated(number, steps) for number in (FEW, MANY))
    return (many.seconds - few.seconds) / (MANY - FEW) * 1000


def _run_generated(number: int, steps: Sequence[str]) -> Run:
    REPORT.parent.mkdir(exist_ok=True)
    # Within the project, so that behave finds the steps.
    with tempfile.TemporaryDirectory(dir=REPORT.parent) as folder:
        scenarios = "".join(
            f"\n  Scenario: Number {count}\n" + "".join(f"    {step}\n" for step in steps)
            for count in range(number)
        )
        feature = Path(folder) / "generated.feature"
        feature.write_text(f"Feature: Generated\n{scenarios}", encoding="utf-8")
        return run_behave("--format", "null", str(feature))


def measure_everything(repeat: int) -> list[Figure]:
    """Measure all figures of the report."""
    start_up = measure("start and stop, no scenario", "s", None, repeat, _start_up)
    whole: list[Run] = []

    def whole_suite() -> float:
        whole.append(run_behave("--format", "null"))
        return whole[-1].seconds

    def scenario_not_about_layout() -> float:
        quick = [
            str(file.relative_to(ROOT))
            for file in sorted((ROOT / "features").glob("*.feature"))
            if file.name not in ABOUT_LAYOUT
        ]
        run = run_behave("--format", "null", *quick)
        return (run.seconds - start_up.median) / run.scenarios * 1000

    suite = measure("the whole suite", "s", 15, repeat, whole_suite)
    number = whole[-1].scenarios
    return [
        start_up,
        Figure(f"{suite.name}, {number} scenarios", suite.unit, suite.median, 15, suite.runs),
        measure("a scenario not about layout", "ms", 450, repeat, scenario_not_about_layout),
        measure("an empty scenario", "ms", 25, repeat, lambda: milliseconds_a_scenario([])),
        measure(
            "a scenario that opens the home page",
            "ms",
            None,
            repeat,
            lambda: milliseconds_a_scenario(["When Edith opens the home page"]),
        ),
    ]


def _start_up() -> float:
    return run_behave("--format", "null", "--name", "no scenario is called this").seconds


def as_table(figures: Sequence[Figure]) -> str:
    """Lay the figures out as a Markdown table."""
    lines = ["| measured | median | runs | goal |", "|---|---|---|---|"]
    for figure in figures:
        runs = ", ".join(f"{run:.1f}" for run in figure.runs)
        goal = "" if figure.goal is None else f"≤ {figure.goal:g} {figure.unit}"
        lines.append(f"| {figure.name} | {figure.median:.1f} {figure.unit} | {runs} | {goal} |")
    return "\n".join(lines)


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100:  # noqa: PLR2004
        raise ValueError
    return number


def main() -> int:
    """Measure, print the table, and write the figures down for machines."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--repeat", type=_positive, default=5, help="how often, from 1 to 100 (default 5)"
    )
    repeat = parser.parse_args().repeat
    try:
        figures = measure_everything(repeat)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"
    where = REPORT.relative_to(ROOT)
    print(f"{as_table(figures)}\n\n{machine}, median of {repeat}; all of it in {where}")
    REPORT.write_text(
        json.dumps({"machine": machine, "figures": [asdict(each) for each in figures]}, indent=2)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
