"""Runs chosen unit tests in a process that has loaded the site and collected all unit tests."""

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from _pytest.config import _prepareconfig

from mutants.loaded_site import LoadedSite
from mutants.unit_tests.migrated_database import KeptDatabase
from mutants.unit_tests.run import (
    FILES,
    OPTIONS,
    Answer,
    FirstFailure,
    UnitTestFailure,
    UnitTests,
    work_in,
)

_FILES_OF_ITS_OWN = "tmp_path_factory"
"""The fixture of tests that need files, which can be copies of the site."""


class LoadedUnitTests:
    """A process that has collected the unit tests of a copy of the project, and run some."""

    def __init__(self, project: Path, database: Path, rehearsed: Sequence[str]) -> None:
        """Collect all unit tests.

        Args:
            project: the copy's folder, in which this process works from now on.
            database: a file that is written with a copy of the test database.
            rehearsed: tests that run first, so that what is computed once is there, such as the
                test database.

        Raises:
            RuntimeError: a test fails although nothing was changed.

        """
        work_in(project)
        self._failure = FirstFailure()
        plugins = [self._failure, KeptDatabase(database)]
        config = _prepareconfig([*OPTIONS, *FILES], plugins=plugins)
        # From here on, this does what `pytest.main` does, up to the first test.
        config._do_configure()  # noqa: SLF001
        self._session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=self._session)
        config.hook.pytest_collection(session=self._session)
        self._items = {item.nodeid: item for item in self._session.items}
        failure = self._failure_of(
            [name for name in rehearsed if self._is_alone_with_the_site(name)]
        )
        if failure:
            message = f"{failure.name}: {failure.first_line}"
            raise RuntimeError(message)
        self._site = LoadedSite(project)
        gc.collect()
        gc.freeze()

    def __call__(self, tests: UnitTests) -> Answer:
        """Run tests in this process, until one fails."""
        if not self._site.change(tests.modules):
            return Answer(None, was_possible=False)
        self._failure.begin(tests.current)
        return Answer(self._failure_of(tests.names))

    def _failure_of(self, names: Sequence[str]) -> UnitTestFailure | None:
        for name in names:
            # What all tests share stays as it is, because only the session comes next.
            self._session.config.hook.pytest_runtest_protocol(
                item=self._items[name], nextitem=self._session
            )
            if self._failure.found:
                return self._failure.found
        return None

    def _is_alone_with_the_site(self, name: str) -> bool:
        item = cast("pytest.Function", self._items[name])
        return _FILES_OF_ITS_OWN not in item.fixturenames
