"""Chooses the unit tests that a mutant meets: those that are most likely to notice it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mutants.changed_lines import imported_lines
from mutants.choice import Choice
from mutants.mutant import Mutant
from mutants.reach import PYTHON, Reach

QUICK = 0.8
"""The processor seconds of a test that starts no process of its own."""

REHEARSED = 30
"""How many tests are enough to load and compute what most tests need."""

_SECONDS = 10
"""The recorded seconds of tests after which a mutant meets no further one."""

_SECONDS_OF_SLOW_TESTS = 3
"""Those of tests that start processes, for a mutant that has met quicker ones."""

_THOROUGHLY = 4
"""How many times as long tests are tried before a mutant is reported that no test should miss."""


@dataclass(frozen=True)
class ReachOfUnitTests(Reach):
    """The lines that each unit test reaches."""

    def _depending(self, path: str, text: str) -> list[str]:
        """Return the tests that may depend on a file.

        Those that call its functions come first, then those of its package, then others. A file
        that is neither code nor a template only concerns the tests that read it, and a module that
        the site does not import only those that do.
        """
        is_code = path.endswith(PYTHON)
        if is_code and path in self.lines and not self.at_start.get(path):
            return sorted(self.reaching_file(path), key=self.price)
        at_import = imported_lines(text) if is_code else set()
        calling = {
            name
            for line, names in self.lines.get(path, {}).items()
            for name in names
            if int(line) not in at_import
        }
        package = f"{path.partition('/')[0]}/"
        return sorted(
            self.seconds if is_code else calling,
            key=lambda name: (
                name not in calling,
                not name.startswith(package),
                self.seconds[name],
            ),
        )


class UnitTestChoice(Choice):
    """The choice of unit tests, which learns from what they notice."""

    start = 0.01

    def __init__(self, reach: Reach, kills: Mapping[str, Counter[str]]) -> None:
        """Know nothing about this run yet.

        Args:
            reach: what the tests reach.
            kills: how many mutants each test noticed in earlier runs, by the changed file.

        """
        super().__init__(reach, {name: name for name in reach.seconds}, kills, seen=None)

    def rehearsed(self) -> Sequence[str]:
        """Return the tests that compute what most tests need."""
        return [name for name in self.reach.in_order() if self._is_quick(name)][:REHEARSED]

    def tests_for(
        self,
        mutant: Mutant,
        originals: Mapping[str, str],
        *,
        imports: bool,
        may_survive: bool = False,
    ) -> list[str]:
        """Return the unit tests that a mutant meets, in order, up to a limit of time.

        Tests that start processes come last, and only if no other test reaches the change, or if
        it is imported, because those processes import the site with other settings.

        Args:
            mutant: the mutant.
            originals: the text of each file that it changes, by path.
            imports: whether the change is executed when the site is imported.
            may_survive: whether it is known that no test notices it, so that fewer tests are tried.

        """
        # What processes import says nothing about the price of the tests that share them.
        about = {} if imports else self.reach.shares_of(mutant.path)
        names = self.in_order(mutant, originals, about)
        quick = [name for name in names if self._is_quick(name)]
        slow = [name for name in names if not self._is_quick(name)] if imports or not quick else []
        times = 1 if may_survive else _THOROUGHLY
        return [
            *self._within(times * _SECONDS, quick),
            *self._within(times * (_SECONDS_OF_SLOW_TESTS if quick else _SECONDS), slow),
        ]

    def _is_quick(self, name: str) -> bool:
        return self.reach.seconds[name] <= QUICK

    def _within(self, limit: float, names: Sequence[str]) -> Iterator[str]:
        spent = accumulate((self.reach.seconds[name] for name in names), initial=0.0)
        return (name for name, before in zip(names, spent, strict=False) if before < limit)
