"""What is measured: pairs of runs that take turns, since the machine is never the same twice."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from benchmark.journeys import on_a_new_site, seconds_in_ours, seconds_in_playwright
from benchmark.runs import Suite, generated, suite_of
from benchmark.saves import seconds_from_save_to_verdict
from benchmark.soak import Soak, soak
from testbeds.loopback.host import open_loopback

BEFORE = "ad4baca"
"""The last commit before there were workers, and runs without a browser."""

NO_BROWSER = ("-D", "browser=none")
WITHOUT = ("--tags", "not @browser")
SLOW_SCENARIOS = 80

MEGABYTE = 1024 * 1024

Pairs = list[tuple[float, float]]


@dataclass(frozen=True)
class Figure:
    """A measured row.

    Attributes:
        name: by which it is chosen.
        measured: what was measured, beside what.
        unit: of the times: "s" by the clock, "processor s", "MB".
        goal: what `value` may be at most.
        pairs: what each turn measured, and what the other took in it (1 where there is no other).

    """

    name: str
    measured: str
    unit: str
    goal: float
    pairs: Pairs

    @property
    def value(self) -> float:
        """The middle one of the ratios, or of the values themselves where there is no other."""
        return median(ours / other for ours, other in self.pairs)

    @property
    def absolute(self) -> tuple[float, float]:
        """The middle one of what was measured, and of what it is compared with."""
        return median(ours for ours, _ in self.pairs), median(other for _, other in self.pairs)

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.value <= self.goal


class Bench:
    """Measures rows; what several of them need is opened once."""

    def __init__(self, repeat: int, undo: ExitStack) -> None:
        """Measure each pair `repeat` times; `undo` closes what was opened for that."""
        self._repeat = repeat
        self._undo = undo
        self._here = Suite()

    @cached_property
    def _before(self) -> Suite:
        return self._undo.enter_context(suite_of(BEFORE))

    @cached_property
    def _staging(self) -> Suite:
        return Suite(environment=self._undo.enter_context(open_loopback()).environment)

    def _turns(self, ours: Callable[[], float], other: Callable[[], float]) -> Pairs:
        pairs = []
        for turn in range(self._repeat):
            # Whichever comes second may find a warmer machine.
            if turn % 2:
                first = other()
                pairs.append((ours(), first))
            else:
                pairs.append((ours(), other()))
        return pairs

    def _seconds(self, ours: Callable[[], float], other: Callable[[], float]) -> tuple[str, Pairs]:
        return "s", self._turns(ours, other)

    def none(self) -> tuple[str, Pairs]:
        """The scenarios that need no browser: with `none` / with Chromium."""
        return self._seconds(
            lambda: self._here.run(*WITHOUT, *NO_BROWSER).seconds,
            lambda: self._here.run(*WITHOUT).seconds,
        )

    def mixed(self) -> tuple[str, Pairs]:
        """The whole suite: mixed / Chromium."""
        return self._seconds(
            lambda: self._here.run("-D", "browser=mixed").seconds,
            lambda: self._here.run().seconds,
        )

    def workers(self) -> tuple[str, Pairs]:
        """The whole suite in Chromium: `-j 2` / `-j 1`."""
        return self._seconds(
            lambda: self._here.run("-j", "2").seconds, lambda: self._here.run().seconds
        )

    def staging_workers(self) -> tuple[str, Pairs]:
        """The whole suite in Chromium on one staging host: `-j 2` / `-j 1`."""
        return self._seconds(
            lambda: self._staging.run("-j", "2").seconds, lambda: self._staging.run().seconds
        )

    def processor(self) -> tuple[str, Pairs]:
        """Processor time of all processes of a run in Chromium: now / before."""
        return "processor s", self._turns(
            lambda: self._here.run().processor_seconds,
            lambda: self._before.run().processor_seconds,
        )

    def slow_site(self) -> tuple[str, Pairs]:
        """A site that takes 200 ms to answer, without a browser: `-j 8` / `-j 1`."""
        slow = Suite(program=("-m", "benchmark.slow_site"))
        with generated(SLOW_SCENARIOS, ['When Edith starts a list with "Buy milk"']) as feature:
            return self._seconds(
                lambda: slow.run(*NO_BROWSER, "-j", "8", feature).seconds,
                lambda: slow.run(*NO_BROWSER, "-j", "1", feature).seconds,
            )

    def start(self) -> tuple[str, Pairs]:
        """Start and stop, a scenario without steps: with `none` now / with Chromium before."""
        with generated(1, []) as now, generated(1, [], self._before.folder) as before:
            return self._seconds(
                lambda: self._here.run(*NO_BROWSER, now).seconds,
                lambda: self._before.run(before).seconds,
            )

    def soak(self) -> tuple[str, Pairs]:
        """1,200 scenarios in one run: the last hundred / the first hundred."""
        first, last = self._soak.times
        return "s", [(last, first)]

    def memory(self) -> tuple[str, Pairs]:
        """Memory of all processes in that run: in the last hundred / in the second hundred."""
        second, last = self._soak.memory
        return "MB", [(last / MEGABYTE, second / MEGABYTE)]

    @cached_property
    def _soak(self) -> Soak:
        return soak()

    def journey(self) -> tuple[str, Pairs]:
        """Start a list, add two items, read it: our Chromium / Playwright on the same shell."""
        # A site of its own for each, since a site lets one machine start so many lists an hour.
        return self._seconds(
            lambda: on_a_new_site(seconds_in_ours), lambda: on_a_new_site(seconds_in_playwright)
        )

    def save(self) -> tuple[str, Pairs]:
        """From save to verdict for one feature, without a browser."""
        return "s", [(seconds_from_save_to_verdict(), 1.0)]

    def evidence(self) -> tuple[str, Pairs]:
        """Processor time of a run in which all scenarios pass: with evidence / without."""
        return "processor s", self._turns(
            lambda: self._here.run("-D", "evidence=yes").processor_seconds,
            lambda: self._here.run("-D", "evidence=no").processor_seconds,
        )


GOALS = {
    "none": 1 / 8,
    "mixed": 0.45,
    "workers": 0.8,
    "staging_workers": 0.8,
    "processor": 0.8,
    "slow_site": 0.2,
    "start": 0.6,
    "soak": 1.05,
    "memory": 1.05,
    "journey": 1.0,
    "save": 1.5,
    "evidence": 1.03,
}
"""What each row may be at most, by its name."""


def measure(names: list[str], repeat: int) -> Iterator[Figure]:
    """Measure the named rows, one after the other.

    Raises:
        BenchmarkError: nothing can be measured.

    """
    with ExitStack() as undo:
        bench = Bench(repeat, undo)
        for name in names:
            row = getattr(bench, name)
            unit, pairs = row()
            yield Figure(name, row.__doc__, unit, GOALS[name], pairs)
