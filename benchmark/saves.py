"""How long a developer waits from a save to the verdict of `make watch`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import IO, cast

from benchmark.runs import BenchmarkError
from testbeds import ROOT

FEATURE = "features/start_a_list.feature"
SAVES = 5
VERDICTS = ("✓", "✗")


def seconds_from_save_to_verdict() -> float:
    """Save a feature several times as it is; return the median time until its verdict is there."""
    feature = ROOT / FEATURE
    with _watch() as lines:
        _next_verdict(lines)

        def save() -> float:
            began = time.perf_counter()
            feature.write_bytes(feature.read_bytes())
            _next_verdict(lines)
            return time.perf_counter() - began

        return median(save() for _ in range(SAVES))


def _next_verdict(lines: IO[str]) -> None:
    for line in lines:
        if line.startswith(VERDICTS):
            if line.startswith("✗"):
                break
            return
    message = f"`make watch` gave no good verdict of {FEATURE}: mend it, then measure again."
    raise BenchmarkError(message)


@contextmanager
def _watch() -> Iterator[IO[str]]:
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "acceptance.running.watch", FEATURE],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield cast("IO[str]", process.stdout)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()
