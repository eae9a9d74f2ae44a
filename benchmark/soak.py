"""A long run: when each scenario began, and how much memory all processes held then."""

import time
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryDirectory

import psutil
from behave.formatter.base import Formatter
from behave.model import Scenario

from benchmark.runs import Suite, generated

SCENARIOS = 1200
HUNDRED = 100
EACH = 10
"""Memory is measured once in this many scenarios."""


class Moments(Formatter):  # type: ignore[misc]
    """A formatter of behave that writes the moment at which each scenario begins."""

    name = "moments"

    def scenario(self, _scenario: Scenario) -> None:
        """Write a line: seconds, and bytes of resident memory or 0."""
        self._number = getattr(self, "_number", -1) + 1
        stream = self.open()
        size = _resident() if self._number % EACH == 0 else 0
        stream.write(f"{time.perf_counter()} {size}\n")
        stream.flush()


@dataclass(frozen=True)
class Soak:
    """What the run showed.

    Attributes:
        times: seconds of the first hundred scenarios, and of the last.
        memory: bytes in the second hundred, and in the last (medians).

    """

    times: tuple[float, float]
    memory: tuple[float, float]


def soak() -> Soak:
    """Run many scenarios in one run."""
    step = 'When Edith starts a list with "Buy milk"'
    with generated(SCENARIOS, [step]) as feature, TemporaryDirectory() as folder:
        moments = f"{folder}/moments"
        Suite().run("--format", "benchmark.soak:Moments", "--outfile", moments, feature)
        with open(moments, encoding="utf-8") as lines:  # noqa: PTH123
            read = [line.split() for line in lines]
    began = [float(moment) for moment, _ in read]
    sizes = [int(size) for _, size in read]
    return Soak(
        (began[HUNDRED] - began[0], began[-1] - began[-1 - HUNDRED]),
        (_middle(sizes[HUNDRED : 2 * HUNDRED]), _middle(sizes[-HUNDRED:])),
    )


def _middle(sizes: list[int]) -> float:
    return median(size for size in sizes if size)


def _resident() -> int:
    this = psutil.Process()
    total = 0
    for process in (this, *this.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
