"""A copy of the project to break, and runs of the real suite in it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

from testbeds import ROOT

FEATURE = "features/broken.feature"

Breakage = Callable[[psutil.Process], object]
"""Breaks something, given the process of the run."""

BREAKS = """\
  Scenario: It breaks
    Given Edith has an open list with "Buy milk"
    When something breaks
    And Edith adds "Make tea"
    Then Edith's list reads "Buy milk" and "Make tea"
"""
NEXT = """\
  Scenario: The next one
    When Edith opens the home page
    Then Edith is invited to start a list
"""

_WALLS = ("#0 0x", "/site-packages/", "/features/support/", "selenium", "Exception in thread")
"""Texts that do not help anyone on a terminal."""

_TIMEOUT = 120

# Waits until the breakage is done by the test's process at the other end.
_SOCKET = "BREAKAGE"
_STEP = """\
import os
import socket

from behave import when


@when("something breaks")
def breaks(context):
    with socket.socket(socket.AF_UNIX) as other_end:
        other_end.connect(os.environ["BREAKAGE"])
        other_end.recv(1)
"""


@dataclass(frozen=True)
class SuiteRun:
    """What a person gets from a run of the suite.

    Attributes:
        status: its exit status.
        terminal: its output.
        artifacts: the folder of all runs' evidence.

    """

    status: int
    terminal: str
    artifacts: Path

    @property
    def failures(self) -> Sequence[str]:
        """The report of each step that failed, in order."""
        _, *reports = self.terminal.split("\nFAILURE in step ")
        return reports

    @property
    def failure(self) -> str:
        """The report of the only step that failed."""
        assert len(self.failures) == 1, self.terminal
        return self.failures[0]

    def evidence(self, scenario: str, feature: str = "broken") -> Mapping[str, str]:
        """Return the evidence of a scenario, by the names of files; pictures are unreadable."""
        # Below the folder of its rule, if it has one.
        (folder,) = (self.artifacts / "latest" / feature).rglob(scenario)
        return {file.name: file.read_text(errors="replace") for file in folder.iterdir()}

    def everything(self) -> str:
        """Return all text, from the terminal and all files."""
        files = [file for file in self.artifacts.rglob("*") if file.is_file()]
        return "\n".join([self.terminal, *(file.read_text(errors="replace") for file in files)])


def assert_shows(run: SuiteRun, *parts: str) -> None:
    """Check that the report of one failed step has these parts in order, and no useless text."""
    read = run.failure
    for part in parts:
        assert part in read, f"{part!r} is missing or misplaced in:\n{run.failure}"
        read = read.partition(part)[2]
    for wall in _WALLS:
        assert wall not in run.terminal, run.terminal


class ProjectCopy:
    """A copy of the project.

    Attributes:
        folder: its folder.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.artifacts = folder / "artifacts"

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that occurs once in a file."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.folder / path).write_text(text, encoding="utf-8")

    def remove(self, path: str) -> None:
        """Delete a file."""
        (self.folder / path).unlink()

    def write_feature(self, *scenarios: str) -> None:
        """Write a feature of scenarios; in each, `When something breaks` breaks it."""
        self.write(FEATURE, "\n\n".join(["Feature: Broken", *scenarios]) + "\n")
        self.write("steps/breakage_steps.py", _STEP)

    def behave(
        self,
        *words: str,
        environment: Mapping[str, str] | None = None,
        breakage: Breakage | None = None,
    ) -> SuiteRun:
        """Run the suite in the copy.

        Args:
            words: the arguments of `behave`.
            environment: additional variables.
            breakage: the function to call in the step `When something breaks`.

        """
        with (
            tempfile.TemporaryDirectory() as name,
            socket.socket(socket.AF_UNIX) as listener,
            ThreadPoolExecutor() as background,
        ):
            # Not in pytest's folder, since the path of a socket may only have a hundred characters.
            path = Path(name, "breakage")
            listener.bind(str(path))
            listener.listen()
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "behave", *words],
                cwd=self.folder,
                env={**os.environ, **(environment or {}), _SOCKET: str(path)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            run = background.submit(_until_it_ends, process)
            run.add_done_callback(lambda _run: listener.shutdown(socket.SHUT_RDWR))
            if breakage is not None:
                # In this thread, since servers end with the thread that starts them (prctl(2)).
                _break_when_asked(listener, breakage, psutil.Process(process.pid))
            terminal = run.result()
        return SuiteRun(process.returncode, terminal, self.artifacts)


def copy_project(folder: Path) -> ProjectCopy:
    """Copy the project's current files, committed or not."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=_TIMEOUT,
    ).stdout
    files = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    folder.mkdir()
    # With their times, so that Python's compiled files of one copy fit the next.
    subprocess.run(  # noqa: S603
        ["cp", "--parents", "--preserve", "--target-directory", str(folder), *files],  # noqa: S607
        cwd=ROOT,
        check=True,
        timeout=_TIMEOUT,
    )
    return ProjectCopy(folder)


def copy_again(project: ProjectCopy, folder: Path) -> ProjectCopy:
    """Copy a copy, including Python's compiled files."""
    shutil.copytree(project.folder, folder)
    return ProjectCopy(folder)


def _until_it_ends(process: "subprocess.Popen[str]") -> str:
    try:
        return process.communicate(timeout=_TIMEOUT)[0]
    finally:
        process.kill()


def _break_when_asked(listener: socket.socket, breakage: Breakage, process: psutil.Process) -> None:
    try:
        connection, _ = listener.accept()
    except OSError:
        # The run has ended before.
        return
    with connection:
        breakage(process)
