"""With workers, everything that a run shows is the same except for times."""

from pathlib import Path

import pytest

from acceptance.running.tests.quick_runs import QuickRuns
from acceptance.running.tests.suites import Suite
from acceptance.running.workers.tests.compared_runs import all_reports_of
from acceptance.running.workers.tests.ordinary_suite import make_ordinary


@pytest.fixture
def suite(tmp_path: Path, runs: QuickRuns) -> Suite:
    suite = Suite(tmp_path, runs)
    make_ordinary(suite)
    return suite


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--no-capture"],
        ["--no-capture-hooks"],
        ["--show-skipped"],
        ["--stop"],
        ["--tags", "alpha", "--tags", "not more"],
        ["-n", "One", "-n", "Text"],
        ["features/letters.feature:4", "features/rules.feature"],
        ["--dry-run"],
        ["--verbose"],
        ["--capture-log"],
    ],
    ids=" ".join,
)
def test_of_a_run(suite: Suite, words: list[str]) -> None:
    alone = all_reports_of(suite, *words)

    together = all_reports_of(suite, "-j", "4", *words)

    for name, report in alone.items():
        assert together[name] == report, name
    assert together.keys() == alone.keys()
