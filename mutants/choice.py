"""Chooses the scenarios that a mutant meets: those that are most likely to notice it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest
from pathlib import PurePosixPath

from mutants.likeness import Likeness
from mutants.mutant import Mutant
from mutants.reach import PYTHON, Reach

MOST = 24
"""How many scenarios a mutant meets without a browser, unless one notices it earlier.

When it was 40, of 1,869 mutants that were noticed, 8 were noticed only by a later one than that.
"""

MOST_IN_BROWSER = 8
"""How many it meets in a browser."""

MOST_OF_STATIC_FILE = 60
"""How many meet a style sheet or a script: all scenarios in a browser reach it, and few are about
what is changed.
"""

# What noticed a mutant of a file in an earlier run counts less than what did so in this one.
_EARLIER = 0.1

_STATIC = (".css", ".js")
_NEARBY = 10


class Choice:
    """The choice of tests in one stage, which learns from what they notice.

    Attributes:
        reach: what the scenarios reach.
        start: the seconds that each takes to begin and to end.

    """

    start = 0.1

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
        self._of_kind: dict[str, Counter[str]] = defaultdict(Counter)
        for path, counts in kills.items():
            self._of_kind[_kind(path)].update(counts)

    def note(self, mutant: Mutant, scenario: str) -> None:
        """Note that a scenario has noticed a mutant."""
        self._kills[mutant.path].append((mutant.line, scenario))
        self._of_kind[_kind(mutant.path)][scenario] += 1

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

        Args:
            mutant: the mutant.
            originals: the text of each file that it changes, by path.

        """
        about = self.reach.shares_of(mutant.path)
        return self.in_order(mutant, originals, about)[: self._most(mutant, originals)]

    def in_order(
        self, mutant: Mutant, originals: Mapping[str, str], about: Mapping[str, float]
    ) -> list[str]:
        """Return all tests that reach a mutant, first those that are most likely to notice it.

        First come those that have noticed mutants nearby, then by turns those that have most words
        in common with what is changed, those that are most about its file, and those that have
        noticed most mutants in files of its kind, for the time that they take.

        Args:
            mutant: the mutant.
            originals: the text of each file that it changes, by path.
            about: how much each test is about its file.

        """
        reaching = self.reach.tests_of(mutant, originals)
        first, *others = (
            self._sorted(reaching, worth)
            for worth in (
                self.nearby(mutant),
                self.alike(mutant, originals),
                about,
                self._of_kind[_kind(mutant.path)],
            )
        )
        by_turns = chain.from_iterable(zip_longest(*others))
        return list(dict.fromkeys([*first, *filter(None, by_turns), *reaching]))

    def _sorted(self, tests: Sequence[str], worth: Mapping[str, float]) -> list[str]:
        """Return the tests that are worth anything, first those that are worth most."""
        return sorted(
            (each for each in tests if worth.get(each)),
            key=lambda each: worth[each] / (self.start + self.reach.seconds[each]),
            reverse=True,
        )

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


def _kind(path: str) -> str:
    """Return the kind of a file, such as ".html"."""
    return PurePosixPath(path).suffix
