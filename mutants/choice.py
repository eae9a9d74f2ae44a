"""Chooses the scenarios that a mutant meets: those that are most likely to notice it."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from mutants.likeness import Likeness
from mutants.mutant import Mutant
from mutants.reach import PYTHON, Reach

MOST = 20
"""How many scenarios a mutant meets without a browser, unless one notices it earlier."""

MOST_IN_BROWSER = 8
"""How many it meets in a browser."""

MOST_OF_STATIC_FILE = 24
"""How many meet a style sheet or a script: all scenarios in a browser reach it."""

# What noticed a mutant of a file in an earlier run counts less than what did so in this one.
_EARLIER = 0.1

# The seconds that each scenario takes to begin and to end.
_START = 0.1
_STATIC = (".css", ".js")
_NEARBY = 10


class Choice:
    """The choice of tests in one stage, which learns from what they notice.

    Attributes:
        reach: what the scenarios reach.

    """

    def __init__(
        self,
        reach: Reach,
        texts: Mapping[str, str],
        kills: Mapping[str, Counter[str]],
        *,
        seen: Reach | None,
    ) -> None:
        """Know nothing about this run yet.

        Args:
            reach: what the scenarios reach.
            texts: what each scenario says, by its place.
            kills: how many mutants each scenario noticed in earlier runs, by the changed file.
            seen: what scenarios without a browser reach, if these scenarios have one.

        """
        self.reach = reach
        self._likeness = Likeness(texts)
        self._earlier = kills
        self._seen = seen
        self._kills: dict[str, list[tuple[int, str]]] = defaultdict(list)

    def note(self, mutant: Mutant, scenario: str) -> None:
        """Note that a scenario has noticed a mutant."""
        self._kills[mutant.path].append((mutant.line, scenario))

    def nearby(self, mutant: Mutant) -> Mapping[str, float]:
        """Return how much each test has noticed of the mutants nearby; 0 is left out."""
        nearby: dict[str, float] = defaultdict(float)
        for test, count in self._earlier.get(mutant.path, {}).items():
            nearby[test] += _EARLIER * count
        for line, test in self._kills[mutant.path]:
            nearby[test] += 3 if abs(line - mutant.line) < _NEARBY else 1
        return nearby

    def alike(self, mutant: Mutant, originals: Mapping[str, str]) -> Mapping[str, float]:
        """Return how much each test has in common with what is changed; 0 is left out."""
        return self._likeness.of_change(mutant.path, originals.get(mutant.path, ""), mutant.line)

    def scenarios_for(self, mutant: Mutant, originals: Mapping[str, str]) -> list[str]:
        """Return the scenarios that a mutant meets, in order.

        First come those that have noticed mutants nearby, then those that have most words in common
        with what is changed, for the time that they take.

        Args:
            mutant: the mutant.
            originals: the text of each file that it changes, by path.

        """
        nearby = self.nearby(mutant)
        alike = self.alike(mutant, originals)

        def worth(scenario: str) -> tuple[float, float]:
            seconds = _START + self.reach.seconds[scenario]
            return nearby.get(scenario, 0) / seconds, alike.get(scenario, 0) / seconds

        reaching = self.reach.tests_of(mutant, originals)
        return sorted(reaching, key=worth, reverse=True)[: self._most(mutant, originals)]

    def _most(self, mutant: Mutant, originals: Mapping[str, str]) -> int:
        """Return how many scenarios a mutant meets.

        In a browser, code does not behave differently: it meets none if scenarios without one have
        met it.
        """
        if self._seen is None:
            return MOST
        if mutant.path.endswith(_STATIC):
            return MOST_OF_STATIC_FILE
        is_code = all(path.endswith(PYTHON) for path in mutant.texts)
        if is_code and self._seen.tests_of(mutant, originals):
            return 0
        return MOST_IN_BROWSER
