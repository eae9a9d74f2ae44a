"""The stages that mutants meet, in order."""

from collections.abc import Callable, Sequence
from pathlib import Path

from mutants.mutant import Mutant
from mutants.outcome import Stage
from mutants.results import Results
from mutants.scenarios import Scenarios
from mutants.suite import Suite
from mutants.unit_tests.suite import UnitTestSuite


def suites_of(
    root: Path, results: Results, may_survive: Callable[[Mutant], bool]
) -> Sequence[Suite]:
    """Return the tests of each stage; a mutant meets the next stage if it was not noticed.

    Args:
        root: the folder of the project.
        results: the known outcomes: what noticed a mutant of a file is likely to notice others.
        may_survive: tells whether it is known that no test notices a mutant.

    """
    stages = (Stage.WITHOUT_BROWSER, Stage.IN_BROWSER)
    scenarios = [Scenarios(root, stage, results.kills(stage)) for stage in stages]
    return [*scenarios, UnitTestSuite(root, results.kills(Stage.UNIT_TESTS), may_survive)]
