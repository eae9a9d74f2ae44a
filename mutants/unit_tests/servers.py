"""The processes from which the processes with mutants are forked."""

from collections.abc import Sequence
from pathlib import Path

from mutants.fork_server import ForkServer
from mutants.unit_tests.loaded import LoadedUnitTests
from mutants.unit_tests.run import Answer, UnitTestFailure, UnitTestRun, UnitTests


class UnitTestServers:
    """Two processes: one has loaded the site with its unit tests, the other all but the site."""

    def __init__(self, project: Path, rehearsed: Sequence[str]) -> None:
        """Start them.

        Args:
            project: the folder of a copy of the project.
            rehearsed: the tests that run first, so that what is computed once is there.

        Raises:
            NoResultError: the tests fail although nothing was changed.

        """
        database = project / "artifacts" / "test-database.sqlite3"
        database.parent.mkdir(exist_ok=True)
        self._unloaded: ForkServer[UnitTests, Answer] = ForkServer(
            lambda: UnitTestRun(project, database)
        )
        try:
            # It compiles the tests for both.
            self._unloaded.wait_until_prepared()
            self._loaded: ForkServer[UnitTests, Answer] = ForkServer(
                lambda: LoadedUnitTests(project, database, rehearsed)
            )
            self._loaded.wait_until_prepared()
        except BaseException:
            self._unloaded.stop()
            raise

    def run(self, tests: UnitTests, seconds: float, *, imports: bool) -> UnitTestFailure | None:
        """Run tests with a mutant, and return the first failure, or None if all passed.

        Args:
            tests: the tests.
            seconds: the time within which they have to end.
            imports: whether the site has to be imported anew, with the mutant.

        Raises:
            NoResultError: the run ended without a result.

        """
        if not imports:
            answer = self._loaded.do(tests, seconds)
            if answer.was_possible:
                return answer.failure
        return self._unloaded.do(tests, seconds).failure

    def stop(self) -> None:
        """End both."""
        self._loaded.stop()
        self._unloaded.stop()
