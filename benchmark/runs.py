"""Whole runs of behave, by the clock."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from testbeds import ROOT

REPORTS = ROOT / "reports"

FEW, MANY = 10, 210

PASSED = re.compile(r"^(\d+) scenarios? passed, 0 failed,", re.MULTILINE)

Environment = Mapping[str, str]


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


def run_behave(environment: Environment, *arguments: str) -> Run:
    """Run `behave` with these arguments and with `environment` on top of this process's.

    Raises:
        BenchmarkError: a scenario failed, so that its time means nothing.

    """
    began = time.perf_counter()
    finished = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "behave", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
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


def milliseconds_a_scenario(environment: Environment, steps: Sequence[str]) -> float:
    """Return what one more scenario of these steps adds to a run, start-up left out."""
    few, many = (_run_generated(environment, number, steps) for number in (FEW, MANY))
    return (many.seconds - few.seconds) / (MANY - FEW) * 1000


def _run_generated(environment: Environment, number: int, steps: Sequence[str]) -> Run:
    REPORTS.mkdir(exist_ok=True)
    # Within the project, so that behave finds the steps.
    with tempfile.TemporaryDirectory(dir=REPORTS) as folder:
        scenarios = "".join(
            f"\n  Scenario: Number {count}\n" + "".join(f"    {step}\n" for step in steps)
            for count in range(number)
        )
        feature = Path(folder) / "generated.feature"
        feature.write_text(f"Feature: Generated\n{scenarios}", encoding="utf-8")
        return run_behave(environment, "--format", "null", str(feature))
