"""Runs chosen unit tests in a process that has imported all packages, but not the site."""

import contextlib
import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from mutants.loaded_site import Change
from mutants.unit_tests.migrated_database import CopiedDatabase
from mutants.unit_tests.recording import first_line

OPTIONS = (
    "--exitfirst",
    "--quiet",
    "-p",
    "no:cacheprovider",
    "-W",
    # They were imported before pytest could do that.
    "ignore::pytest.PytestAssertRewriteWarning",
)
"""How pytest runs them."""

FILES = ("accounts", "lists", "superlists", "features/support/tests/test_fixtures.py")
"""Where the unit tests of the site are."""


@dataclass(frozen=True)
class UnitTests:
    """Unit tests to run.

    Attributes:
        names: their node ids, in the order in which they are run.
        current: a file that is written with the name of each test that begins.
        modules: the modules whose functions are replaced, if the site is already loaded.
        migrates: whether the test database is made anew, by the migrations.

    """

    names: Sequence[str]
    current: Path
    modules: Sequence[Change] = ()
    migrates: bool = False


@dataclass(frozen=True)
class UnitTestFailure:
    """The first failure of a run.

    Attributes:
        name: the node id of the test, or "" if none could be run.
        first_line: the first line of the failure.
        tried: how many tests were run, including this one.

    """

    name: str
    first_line: str
    tried: int


@dataclass(frozen=True)
class Answer:
    """The outcome of a run.

    Attributes:
        failure: the first failure; None if all tests passed.
        was_possible: whether the functions could be replaced; if not, nothing was run.

    """

    failure: UnitTestFailure | None
    was_possible: bool = True


class FirstFailure:
    """A plugin of pytest that notes the first failure.

    Attributes:
        tried: how many tests have begun.
        found: the failure; None if there is none.

    """

    def __init__(self) -> None:
        self._current: Path | None = None
        self.tried = 0
        self.found: UnitTestFailure | None = None

    def begin(self, current: Path) -> None:
        """Note from now on which tests begin, in a file and as a number."""
        self._current = current
        self.tried = 0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note a test that begins."""
        if self._current:
            self._current.write_text(nodeid, encoding="utf-8")
        self.tried += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that fails."""
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that cannot be read."""
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed and self.found is None:
            self.found = UnitTestFailure(report.nodeid, first_line(report), self.tried)


class _InOrder:
    """A plugin of pytest that runs tests in a given order."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    # pytest-django puts the tests of transactions at the end.
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        places = {name: place for place, name in enumerate(self._names)}
        items.sort(key=lambda item: places[item.nodeid])


class UnitTestRun:
    """A process that is ready to import the site and to run its unit tests."""

    def __init__(self, project: Path, database: Path) -> None:
        """Import what the tests import, except for the project's own modules.

        Args:
            project: the folder of a copy of the project, in which this process works from now on.
            database: a copy of the test database.

        """
        self._database = CopiedDatabase(database)
        for name in _imported_by_tests(work_in(project)):
            # Some can only be imported when Django knows its settings.
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        gc.collect()
        gc.freeze()

    def __call__(self, tests: UnitTests) -> Answer:
        """Run tests in this process, until one fails."""
        failure = FirstFailure()
        failure.begin(tests.current)
        plugins = [failure, _InOrder(tests.names)]
        if not tests.migrates:
            plugins.append(self._database)
        status = pytest.main([*OPTIONS, *tests.names], plugins=plugins)
        if failure.found is not None or status is pytest.ExitCode.OK:
            return Answer(failure.found)
        return Answer(UnitTestFailure("", f"pytest ended with {status!r}", failure.tried))


def work_in(project: Path) -> set[str]:
    """Let this process work in a copy of the project, of which it has imported nothing.

    Returns:
        The names of the project's own modules.

    """
    os.chdir(project)
    sys.path.insert(0, str(project))
    sys.dont_write_bytecode = True
    # With it, Django would import the settings before they are changed.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    own = {file.stem for file in project.iterdir() if file.is_dir() or file.suffix == ".py"}
    for name in list(sys.modules):
        # This package itself is the same everywhere, and its objects travel between processes.
        if name.partition(".")[0] in own - {"mutants"}:
            del sys.modules[name]
    return own


def _imported_by_tests(own: set[str]) -> Sequence[str]:
    """Return the modules that the unit tests import, except for the project's own ones."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        process = os.fork()
        if not process:
            with contextlib.suppress(BaseException), _silent():
                sys.dont_write_bytecode = False
                pytest.main(["--collect-only", "-p", "no:cacheprovider", *FILES])
                file.write("\n".join(sys.modules))
                file.flush()
            os._exit(0)
        os.waitpid(process, 0)
        file.seek(0)
        return [name for name in file.read().split() if name.partition(".")[0] not in own]


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        yield
