"""The stages that mutants meet, in order."""

from collections.abc import Sequence
from pathlib import Path

from mutants.outcome import Stage
from mutants.scenarios import Scenarios
from mutants.suite import Suite
from mutants.unit_tests.suite import UnitTestSuite


def suites_of(root: Path) -> Sequence[Suite]:
    """Return the tests of each stage; a mutant meets the next stage if it was not noticed.

    Args:
        root: the folder of the project.

    """
    scenarios = [Scenarios(root, stage) for stage in (Stage.WITHOUT_BROWSER, Stage.IN_BROWSER)]
    return [*scenarios, UnitTestSuite(root)]
