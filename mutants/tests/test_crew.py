import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from acceptance.errors import NotReadyError
from mutants import suite as suites
from mutants.crew import outcomes
from mutants.fork_server import fork
from mutants.mutant import Kind, Mutant
from mutants.outcome import Outcome, Stage
from mutants.project_copy import ProjectCopy

MUTANTS = [
    Mutant(f"site.py {number}", Kind.CODE, "site.py", 1, "1", str(number), {"site.py": "changed"})
    for number in range(12)
]


class StartsPrograms:
    """Tests that leave a program running, as a browser that is not closed."""

    stage = Stage.IN_BROWSER

    def __init__(self, notes: Path, clean_up: Callable[[], None] = lambda: None) -> None:
        self._notes = notes
        self._clean_up = clean_up

    def digest(self) -> str:
        return ""

    def says(self, test: str) -> str:
        return test

    def name_now(self, test: str, said: str) -> str:  # noqa: ARG002
        return test

    def prepare(self, project: ProjectCopy) -> None:
        pass

    @contextmanager
    def opened(self, project: ProjectCopy) -> Iterator[suites.Tester]:
        # As drivers of browsers do, it has a process group of its own.
        left = subprocess.Popen(["/bin/sleep", "600"], process_group=0)
        note(self._notes / str(left.pid))
        try:
            yield Looks(project)
        finally:
            self._clean_up()


class Looks:
    """Notices the mutants whose number is even."""

    def __init__(self, project: ProjectCopy) -> None:
        self._file = project.folder / "site.py"

    def meet(self, mutant: Mutant) -> Outcome:
        assert self._file.read_text() == "changed"
        is_even = int(mutant.after) % 2 == 0
        return Outcome(mutant.name, Stage.IN_BROWSER if is_even else None)


class StartsAndDies(StartsPrograms):
    """Tests whose worker does not survive the first mutant."""

    @contextmanager
    def opened(self, project: ProjectCopy) -> Iterator[suites.Tester]:
        with super().opened(project):
            yield Dies()


class Dies:
    """Ends its process."""

    def meet(self, mutant: Mutant) -> Outcome:
        os.kill(os.getpid(), signal.SIGKILL)
        return Outcome(mutant.name, None)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one file."""
    folder = tmp_path / "project"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", folder], check=True)  # noqa: S603, S607
    (folder / "site.py").write_text("1\n")
    return folder


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Path]:
    """A folder with a file for each program that was started, which is killed at the end."""
    folder = tmp_path / "notes"
    folder.mkdir()
    yield folder
    for process in running(folder):
        process.kill()


def note(file: Path) -> None:
    file.write_text("")


def running(notes: Path) -> list[psutil.Process]:
    noted = {int(each.name) for each in notes.iterdir() if each.name.isdecimal()}
    return [
        each
        for each in psutil.process_iter()
        if each.pid in noted and each.status() != psutil.STATUS_ZOMBIE
    ]


def all_outcomes(suite: StartsPrograms, root: Path) -> list[Outcome]:
    return [outcome for _, outcome in outcomes(suite, root, MUTANTS, 2, time.monotonic() + 60)]


def test_each_mutant_has_an_outcome(root: Path, notes: Path) -> None:
    found = all_outcomes(StartsPrograms(notes), root)

    assert sorted(each.name for each in found) == sorted(each.name for each in MUTANTS)
    assert sum(each.killed_in is not None for each in found) == len(MUTANTS) / 2
    assert (root / "site.py").read_text() == "1\n"


def test_no_program_of_a_worker_stays(root: Path, notes: Path) -> None:
    all_outcomes(StartsPrograms(notes), root)

    assert len(list(notes.iterdir())) == 2
    assert running(notes) == []


def test_a_worker_that_ends_is_reported_and_leaves_no_program(root: Path, notes: Path) -> None:
    with pytest.raises(NotReadyError, match=r"A worker has ended with site.py 0: type the"):
        for _ in outcomes(StartsAndDies(notes), root, MUTANTS[:1], 1, time.monotonic() + 60):
            pass

    assert running(notes) == []


def test_nothing_interrupts_the_clean_up_of_a_worker(root: Path, notes: Path) -> None:
    def clean_up() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        note(notes / f"cleaned up {os.getpid()}")

    all_outcomes(StartsPrograms(notes, clean_up), root)

    assert len(list(notes.glob("cleaned up *"))) == 2


def test_a_second_request_to_end_interrupts_nothing(notes: Path) -> None:
    def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            note(notes / "cleaned up")

    os.waitpid(fork(work), 0)

    assert (notes / "cleaned up").exists()
