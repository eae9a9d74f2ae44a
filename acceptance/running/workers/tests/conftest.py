"""Fixtures for suites that are run often."""

from collections.abc import Iterator

import pytest

from acceptance.running.tests.quick_runs import QuickRuns, quick_runs


@pytest.fixture(scope="session")
def runs() -> Iterator[QuickRuns]:
    """Runs of behave that begin immediately."""
    with quick_runs() as opened:
        yield opened
