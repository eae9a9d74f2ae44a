"""Whole runs of behave, by the clock and by what all their processes took."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from testbeds import ROOT

REPORTS = ROOT / "reports"

MOST_SECONDS = 1200
"""How long one run may take."""

PASSED = re.compile(r"^(\d+) scenarios? passed, 0 failed,", re.MULTILINE)

BEHAVE = ("-m", "behave")


class BenchmarkError(Exception):
    """Nothing could be measured; the message gives the reason and what to do."""


@dataclass(frozen=True)
class Took:
    """What a run took.

    Attributes:
        seconds: from the start of the process to its end.
        processor_seconds: of all its processes together.

    """

    seconds: float
    processor_seconds: float


@dataclass(frozen=True)
class Suite:
    """The suite as it lies in a folder.

    Attributes:
        folder: of the project.
        environment: what makes a run go where it is to.
        program: runs behave, as arguments of Python.

    """

    folder: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=dict)
    program: Sequence[str] = BEHAVE

    def run(self, *arguments: str) -> Took:
        """Run behave with these arguments.

        Raises:
            BenchmarkError: a scenario failed, so that its time means nothing.

        """
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "took.json"
            measured = (sys.executable, str(ROOT / "benchmark" / "processor_time.py"), str(report))
            finished = subprocess.run(  # noqa: S603
                [*measured, sys.executable, *self.program, *arguments, "--format", "null"],
                cwd=self.folder,
                env={**os.environ, **self.environment},
                capture_output=True,
                text=True,
                check=False,
                timeout=MOST_SECONDS,
            )
            if finished.returncode != 0 or PASSED.search(finished.stdout) is None:
                sys.stderr.write(finished.stdout + finished.stderr)
                message = f"`behave {' '.join(arguments)}` did not pass: mend it and measure again."
                raise BenchmarkError(message)
            return Took(**json.loads(report.read_text(encoding="utf-8")))


@contextmanager
def generated(scenarios: int, steps: Sequence[str], root: Path = ROOT) -> Iterator[str]:
    """Keep a feature of so many scenarios of these steps for the length of the block."""
    # Within the project, so that behave finds the steps.
    reports = root / "reports"
    reports.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=reports) as folder:
        feature = Path(folder) / "generated.feature"
        text = "".join(
            f"\n  Scenario: Number {number}\n" + "".join(f"    {step}\n" for step in steps)
            for number in range(scenarios)
        )
        feature.write_text(f"Feature: Generated\n{text}", encoding="utf-8")
        yield str(feature)


@contextmanager
def suite_of(commit: str) -> Iterator[Suite]:
    """Keep the suite as it was in a commit, to be compared with, for the length of the block.

    Raises:
        BenchmarkError: there is no such commit here.

    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / commit
        added = _git("worktree", "add", "--detach", str(place), commit)
        if added.returncode != 0:
            message = (
                f"There is no commit {commit} to compare with ({added.stderr.strip()}): "
                "type `git fetch --unshallow`, and measure again."
            )
            raise BenchmarkError(message)
        try:
            yield Suite(place)
        finally:
            _git("worktree", "remove", "--force", str(place))


def _git(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
