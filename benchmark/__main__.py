"""Measure the suite from outside, as a developer meets it: whole runs of behave, by the clock."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from benchmark.runs import (
    REPORTS,
    BenchmarkError,
    Environment,
    milliseconds_a_scenario,
    run_behave,
)
from testbeds import ROOT
from testbeds.loopback.host import open_loopback

REPORT = REPORTS / "benchmark.json"

# Scenarios about how pages look; all others have to be quick.
ABOUT_LAYOUT = ("layout.feature", "everybody.feature")

# The whole suite against a server may take so many times as long as on this machine.
STAGING_FACTOR = 1.5

# What watching over scenarios may cost, all of them passing.
EVIDENCE_PERCENT = 5


@dataclass(frozen=True)
class Figure:
    """One measured thing.

    Attributes:
        place: "local" or "staging".
        name: what was measured.
        unit: s, ms or nothing.
        median: the middle one of `runs`.
        goal: what it may be at most, in the same unit, or None.
        runs: what each repetition measured.

    """

    place: str
    name: str
    unit: str
    median: float
    goal: float | None
    runs: Sequence[float]


@dataclass(frozen=True)
class Bench:
    """Measures one place.

    Attributes:
        place: "local" or "staging".
        environment: what makes a run go there.
        repeat: how often everything is measured.

    """

    place: str
    environment: Environment
    repeat: int

    def measure(
        self, name: str, unit: str, goal: float | None, once: Callable[[], float]
    ) -> Figure:
        """Measure something several times."""
        runs = [once() for _ in range(self.repeat)]
        return Figure(self.place, name, unit, median(runs), goal, runs)

    def start_up(self) -> Figure:
        """Measure a run of no scenario."""
        none = ("--format", "null", "--name", "no scenario is called this")
        return self.measure(
            "start and stop, no scenario",
            "s",
            None,
            lambda: run_behave(self.environment, *none).seconds,
        )

    def whole_suite(self, goal: float) -> Figure:
        """Measure a run of everything."""
        return self.measure("the whole suite", "s", goal, self._suite)

    def scenario_not_about_layout(self, start_up: Figure, goal: float | None) -> Figure:
        """Measure the scenarios that are about behaviour, start-up left out."""
        quick = [
            str(file.relative_to(ROOT))
            for file in sorted((ROOT / "features").glob("*.feature"))
            if file.name not in ABOUT_LAYOUT
        ]

        def once() -> float:
            run = run_behave(self.environment, "--format", "null", *quick)
            return (run.seconds - start_up.median) / run.scenarios * 1000

        return self.measure("a scenario not about layout", "ms", goal, once)

    def generated(self, name: str, goal: float | None, steps: Sequence[str]) -> Figure:
        """Measure what one more scenario of these steps takes."""
        return self.measure(
            name, "ms", goal, lambda: milliseconds_a_scenario(self.environment, steps)
        )

    def cost_of_evidence(self, goal: float) -> Figure:
        """Measure by how much evidence makes the whole suite longer, all scenarios passing."""
        without: list[float] = []
        with_it: list[float] = []
        for turn in range(self.repeat):
            # Whichever comes second may find a warmer or a busier machine: they take turns.
            for evidence in ("no", "yes") if turn % 2 else ("yes", "no"):
                seconds = self._suite("-D", f"evidence={evidence}")
                (with_it if evidence == "yes" else without).append(seconds)
        # Single runs differ by more than evidence costs, so that their medians are compared.
        return Figure(
            self.place,
            "evidence, while all scenarios pass",
            "%",
            _percent_more(median(with_it), median(without)),
            goal,
            [_percent_more(*pair) for pair in zip(with_it, without, strict=True)],
        )

    def cost_of_pictures(self, suite: Figure) -> Figure:
        """Measure how much longer the whole suite takes with a picture of each scenario's end."""
        return self.measure(
            "pictures for a report",
            "s",
            None,
            lambda: self._suite("-D", "pictures") - suite.median,
        )

    def _suite(self, *arguments: str) -> float:
        return run_behave(self.environment, "--format", "null", *arguments).seconds

    def fixtures(self, goal: float | None) -> Figure:
        """Measure the reset and one session together, without a browser."""

        def once() -> float:
            finished = subprocess.run(
                [sys.executable, "-m", "benchmark.fixture_times"],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                capture_output=True,
                text=True,
                check=False,
            )
            if finished.returncode != 0:
                message = f"The fixtures failed: {finished.stderr.strip()}"
                raise BenchmarkError(message)
            return float(finished.stdout)

        return self.measure("fixtures: reset and a session", "ms", goal, once)


def measure_everything(repeat: int) -> list[Figure]:
    """Measure all figures of the report, on this machine and against a server on loopback."""
    local = Bench("local", {}, repeat)
    start_up = local.start_up()
    suite = local.whole_suite(goal=15)
    figures = [
        start_up,
        suite,
        local.scenario_not_about_layout(start_up, goal=450),
        local.generated("an empty scenario", 25, []),
        local.generated(
            "a scenario that opens the home page", None, ["When Edith opens the home page"]
        ),
        local.fixtures(goal=None),
        local.cost_of_evidence(EVIDENCE_PERCENT),
        local.cost_of_pictures(suite),
    ]
    with open_loopback() as host:
        staging = Bench("staging", host.environment, repeat)
        start_up = staging.start_up()
        before = host.ssh.logins()
        remote_suite = staging.whole_suite(goal=suite.median * STAGING_FACTOR)
        connections = (host.ssh.logins() - before) / repeat
        figures += [
            start_up,
            remote_suite,
            staging.scenario_not_about_layout(start_up, goal=None),
            staging.generated("an empty scenario", None, []),
            staging.generated(
                "a scenario that opens the home page", None, ["When Edith opens the home page"]
            ),
            staging.fixtures(goal=25),
            staging.cost_of_evidence(EVIDENCE_PERCENT),
            Figure("staging", "SSH connections a run", "", connections, 1, [connections]),
        ]
    return figures


def as_table(figures: Sequence[Figure]) -> str:
    """Lay the figures out as a Markdown table."""
    lines = ["| where | measured | median | runs | goal |", "|---|---|---|---|---|"]
    for figure in figures:
        runs = ", ".join(f"{run:.1f}" for run in figure.runs)
        goal = "" if figure.goal is None else f"≤ {figure.goal:.3g} {figure.unit}".rstrip()
        shown = f"{figure.median:.1f} {figure.unit}".rstrip()
        lines.append(f"| {figure.place} | {figure.name} | {shown} | {runs} | {goal} |")
    return "\n".join(lines)


def _percent_more(seconds: float, than: float) -> float:
    return (seconds / than - 1) * 100


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
