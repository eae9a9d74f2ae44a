"""The stage of the unit tests."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from acceptance.errors import NotReadyError
from mutants.fork_server import GoneError, NoResultError, TooLongError
from mutants.kept_reach import read_reach, sources_of_site
from mutants.loaded_site import changes_of, migrates
from mutants.mutant import Mutant
from mutants.outcome import Outcome, Stage
from mutants.project_copy import SITE, ProjectCopy, project_files
from mutants.unit_tests import recording
from mutants.unit_tests.choice import ReachOfUnitTests, UnitTestChoice
from mutants.unit_tests.recording import Recorded
from mutants.unit_tests.run import FILES, UnitTestFailure, UnitTests
from mutants.unit_tests.servers import UnitTestServers

_SOURCES = (
    *SITE,
    "acceptance",
    "features",
    "testbeds",
    "fabfile",
    "pyproject.toml",
    "requirements",
)
_RECORDING_TIME = 900.0
_STARTING_TIME = 60.0
_PATIENCE = 10
"""How many times as long as its processor time a test may take."""


MaySurvive = Callable[[Mutant], bool]


class UnitTestSuite:
    """The unit tests of the site."""

    stage = Stage.UNIT_TESTS

    def __init__(
        self, root: Path, kills: Mapping[str, Counter[str]], may_survive: MaySurvive
    ) -> None:
        """Know what the tests have noticed.

        Args:
            root: the folder of the project.
            kills: how many mutants each test noticed in earlier runs, by the changed file.
            may_survive: tells whether it is known that no test notices a mutant.

        """
        self._root = root
        self._kills = kills
        self._may_survive = may_survive

    def digest(self) -> str:
        """Return a digest of the site, of its unit tests and of what these need."""
        return self._digest(())

    def says(self, test: str) -> str:
        """Return a digest of the file of a test; "" if there is no such file."""
        file = self._root / test.partition("::")[0]
        return hashlib.sha256(file.read_bytes()).hexdigest()[:20] if file.is_file() else ""

    def name_now(self, test: str, said: str) -> str:
        """Return the name of a test if its file is the same; otherwise ""."""
        return test if self.says(test) == said else ""

    def prepare(self, project: ProjectCopy) -> None:
        """Record which unit tests reach which lines, unless that is known.

        Raises:
            NotReadyError: a test fails although nothing was changed.

        """
        if self._known() is not None:
            return
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder, "recorded")
            recorded = _recorded(project.folder, output)
        for name, first_line in recorded.failures.items():
            message = (
                f"{name} fails although nothing was changed ({first_line}): run `pytest {name}`."
            )
            raise NotReadyError(message)
        for old in self._file.parent.glob("reach-of-unit-tests-*"):
            old.unlink()
        replace(recorded.reach, sources=sources_of_site(self._root)).write(self._file)

    @contextmanager
    def opened(self, project: ProjectCopy) -> Iterator["UnitTester"]:
        """Keep the process for a worker for the duration of the block."""
        reach = self._known()
        if reach is None:
            message = "The unit tests were not prepared: type `make mutants` again."
            raise NotReadyError(message)
        choice = UnitTestChoice(reach, self._kills)
        servers = UnitTestServers(project.folder, choice.rehearsed())
        try:
            with tempfile.TemporaryDirectory() as folder:
                current = Path(folder, "current")
                yield UnitTester(self._root, choice, servers, current, self._may_survive)
        finally:
            servers.stop()

    def _known(self) -> ReachOfUnitTests | None:
        return read_reach(ReachOfUnitTests, self._file, sources_of_site(self._root))

    @property
    def _file(self) -> Path:
        """The file with the reach of the tests, which depends on all but the site itself."""
        digest = self._digest(sources_of_site(self._root))
        return self._root / "artifacts" / "mutants" / f"reach-of-unit-tests-{digest}.json"

    def _digest(self, left_out: Container[str]) -> str:
        digest = hashlib.sha256()
        for name in project_files(self._root):
            if name.startswith(_SOURCES) and name not in left_out:
                digest.update(f"\0{name}\0".encode())
                digest.update((self._root / name).read_bytes())
        return digest.hexdigest()[:20]


class UnitTester:
    """Runs the unit tests that reach a mutant, until one fails."""

    def __init__(
        self,
        root: Path,
        choice: UnitTestChoice,
        servers: UnitTestServers,
        current: Path,
        may_survive: MaySurvive,
    ) -> None:
        self._may_survive = may_survive
        self._root = root
        self._choice = choice
        self._servers = servers
        self._current = current

    def meet(self, mutant: Mutant) -> Outcome:
        """Run the unit tests that reach a mutant, until one notices it."""
        began = time.monotonic()
        originals = mutant.originals(self._root)
        changes = changes_of(mutant, originals)
        imports = any(each.is_imported(self._choice.reach) for each in changes)
        names = self._choice.tests_for(
            mutant, originals, imports=imports, may_survive=self._may_survive(mutant)
        )
        if not names:
            return Outcome(mutant.name, None)
        failure = self._first_failure(
            UnitTests(names, self._current, changes, any(map(migrates, mutant.texts))),
            imports=imports,
        )
        seconds = round(time.monotonic() - began, 3)
        if failure is None:
            return Outcome(mutant.name, None, seconds=seconds, tried=len(names))
        if failure.name in names:
            self._choice.note(mutant, failure.name)
        return Outcome(
            mutant.name,
            self.stage,
            failure.name or "the unit tests do not start",
            failure.first_line,
            seconds,
            failure.tried,
        )

    stage = Stage.UNIT_TESTS

    def _first_failure(self, tests: UnitTests, *, imports: bool) -> UnitTestFailure | None:
        self._current.write_text("", encoding="utf-8")
        seconds = _STARTING_TIME + _PATIENCE * sum(map(self._choice.reach.price, tests.names))
        try:
            return self._servers.run(tests, seconds, imports=imports)
        except TooLongError as error:
            name = self._current.read_text(encoding="utf-8")
            tried = list(tests.names).index(name) + 1 if name in tests.names else 0
            return UnitTestFailure(name, str(error), tried)
        except GoneError as error:
            message = f"The unit tests cannot be run any more: {error}."
            raise NotReadyError(message) from error
        except NoResultError as error:
            return UnitTestFailure(self._current.read_text(encoding="utf-8"), str(error), 0)


def _recorded(project: Path, output: Path) -> Recorded:
    """Run all unit tests with the plugin `recording`, and return what it has written."""
    command = [sys.executable, "-m", "pytest", "-p", recording.__name__, "-p", "no:cacheprovider"]
    ended = subprocess.run(  # noqa: S603
        [*command, *FILES],
        cwd=project,
        env={**os.environ, recording.OUTPUT: str(output), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=_RECORDING_TIME,
        check=False,
    )
    if not output.exists():
        reason = (ended.stdout + ended.stderr).strip().rpartition("\n")[2]
        message = f"The unit tests cannot be run ({reason}): run `pytest {' '.join(FILES)}`."
        raise NotReadyError(message)
    return Recorded.read(output)
