"""The stage of the unit tests."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from acceptance.errors import NotReadyError
from mutants.changed_lines import imported_lines
from mutants.fork_server import GoneError, NoResultError, TooLongError
from mutants.loaded_site import Change, changes_of
from mutants.mutant import Mutant
from mutants.outcome import Outcome, Stage
from mutants.project_copy import SITE, ProjectCopy, project_files
from mutants.reach import PYTHON, Reach
from mutants.unit_tests import recording
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
_QUICK = 0.4
"""The processor seconds of a test that starts no process of its own."""
_REHEARSED = 30
"""How many tests are enough to load and compute what most tests need."""
_SECONDS_OF_QUICK_TESTS = 6
_SECONDS_OF_SLOW_TESTS = 3
"""How many processor seconds of tests a mutant meets, unless one notices it earlier."""


@dataclass(frozen=True)
class ReachOfUnitTests(Reach):
    """The lines that each unit test reaches."""

    def tests_of(self, mutant: Mutant, originals: Mapping[str, str]) -> list[str]:
        """Return the tests that may notice a mutant, up to a limit of time."""
        names = super().tests_of(mutant, originals)
        quick = [name for name in names if self.seconds[name] <= _QUICK]
        slow = [name for name in names if self.seconds[name] > _QUICK]
        return [
            *self._within(_SECONDS_OF_QUICK_TESTS, quick),
            *self._within(_SECONDS_OF_SLOW_TESTS, slow),
        ]

    def rehearsed(self) -> Sequence[str]:
        """Return the tests that compute what most tests need."""
        return [name for name in self.in_order() if self.seconds[name] <= _QUICK][:_REHEARSED]

    def _within(self, limit: float, names: Sequence[str]) -> Iterator[str]:
        spent = accumulate(self.seconds[name] for name in names)
        return (name for name, seconds in zip(names, spent, strict=True) if seconds <= limit)

    def _depending(self, path: str, text: str) -> list[str]:
        """Return the tests that may depend on a file.

        Those that call its functions come first, then those of its package, then others. A file
        that is neither code nor a template only concerns the tests that read it.
        """
        is_code = path.endswith(PYTHON)
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


class UnitTestSuite:
    """The unit tests of the site."""

    stage = Stage.UNIT_TESTS

    def __init__(self, root: Path) -> None:
        self._root = root

    def digest(self) -> str:
        """Return a digest of the site, of its unit tests and of what these need."""
        digest = hashlib.sha256()
        for name in project_files(self._root):
            if name.startswith(_SOURCES):
                digest.update(f"\0{name}\0".encode())
                digest.update((self._root / name).read_bytes())
        return digest.hexdigest()[:20]

    def prepare(self, project: ProjectCopy) -> None:
        """Record which unit tests reach which lines, unless that is known.

        Raises:
            NotReadyError: a test fails although nothing was changed.

        """
        if ReachOfUnitTests.read(self._file) is not None:
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
        recorded.reach.write(self._file)

    @contextmanager
    def opened(self, project: ProjectCopy) -> Iterator["UnitTester"]:
        """Keep the process for a worker for the duration of the block."""
        reach = ReachOfUnitTests.read(self._file)
        if reach is None:
            message = "The unit tests were not prepared: type `make mutants` again."
            raise NotReadyError(message)
        servers = UnitTestServers(project.folder, reach.rehearsed())
        try:
            with tempfile.TemporaryDirectory() as folder:
                yield UnitTester(self._root, reach, servers, Path(folder, "current"))
        finally:
            servers.stop()

    @property
    def _file(self) -> Path:
        return self._root / "artifacts" / "mutants" / f"reach-of-unit-tests-{self.digest()}.json"


class UnitTester:
    """Runs the unit tests that reach a mutant, until one fails."""

    def __init__(
        self,
        root: Path,
        reach: ReachOfUnitTests,
        servers: UnitTestServers,
        current: Path,
    ) -> None:
        self._root = root
        self._reach = reach
        self._servers = servers
        self._current = current

    def meet(self, mutant: Mutant) -> Outcome:
        """Run the unit tests that reach a mutant, until one notices it."""
        began = time.monotonic()
        originals = mutant.originals(self._root)
        names = self._reach.tests_of(mutant, originals)
        if not names:
            return Outcome(mutant.name, None)
        failure = self._first_failure(names, changes_of(mutant, originals))
        seconds = round(time.monotonic() - began, 3)
        if failure is None:
            return Outcome(mutant.name, None, seconds=seconds, tried=len(names))
        return Outcome(
            mutant.name,
            self.stage,
            failure.name or "the unit tests do not start",
            failure.first_line,
            seconds,
            failure.tried,
        )

    stage = Stage.UNIT_TESTS

    def _first_failure(
        self, names: Sequence[str], changes: Sequence[Change]
    ) -> UnitTestFailure | None:
        self._current.write_text("", encoding="utf-8")
        tests = UnitTests(names, self._current, changes)
        imports = any(each.is_imported(self._reach) for each in changes)
        seconds = _STARTING_TIME + _PATIENCE * sum(self._reach.seconds[name] for name in names)
        try:
            return self._servers.run(tests, seconds, imports=imports)
        except TooLongError as error:
            name = self._current.read_text(encoding="utf-8")
            tried = list(names).index(name) + 1 if name in names else 0
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
