"""Runs of the suite, and of the site's unit tests, with a control."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from acceptance.reports.errors import ReportError
from acceptance.reports.results import read_results
from mutants.controls.control import Control, Sources
from mutants.project_copy import SITE, copied_project, project_files

TIME_LIMIT = 900
"""How long the suite, or the unit tests, may take with a control, in seconds."""

UNIT_TESTS = ("accounts/tests", "lists/tests")
"""The unit tests of what people see."""

_CHANGED = (".css", ".html", ".js", ".py")
_MESSAGES = Path("reports") / "control.ndjson"
_FAILED_TEST = re.compile(r"^(?:FAILED|ERROR) (\S+::.*)$", re.MULTILINE)
_LAST_LINES = 5


@dataclass(frozen=True)
class Trial:
    """How the tests ended with a control.

    Attributes:
        control: the control.
        failures: what went red, a line each; none if the control stayed green.

    """

    control: Control
    failures: Sequence[str]


def read_sources(root: Path) -> Sources:
    """Read the files of the site that controls may change."""
    return {
        name: (root / name).read_text(encoding="utf-8")
        for name in project_files(root)
        if name.startswith(tuple(f"{folder}/" for folder in SITE))
        and name.endswith(_CHANGED)
        and "/tests/" not in name
    }


def try_control(
    control: Control, root: Path, *, scenarios: Sequence[str] = (), units: bool = True
) -> Trial:
    """Run the tests in a copy of the project that contains a control.

    Args:
        control: the control.
        root: the root of the project.
        scenarios: arguments that select scenarios for behave; all run if there are none.
        units: whether the unit tests run, too.

    Raises:
        OutdatedControlError: the site no longer has the text that the control changes.

    """
    changed = control.change(read_sources(root))
    with copied_project(root) as project:
        for path, text in changed.items():
            (project.folder / path).write_text(text, encoding="utf-8")
        failures = list(_red_scenarios(project.folder, [*control.options, *scenarios]))
        if units:
            failures += _red_unit_tests(project.folder)
    return Trial(control, failures)


def _red_scenarios(folder: Path, options: Sequence[str]) -> Iterator[str]:
    (folder / _MESSAGES).parent.mkdir(exist_ok=True)
    behave = ["behave", "-D", "browser=mixed", "-f", "messages", "-o", str(_MESSAGES)]
    status, output = _run(folder, [*behave, *options])
    found = list(_failures_in(folder / _MESSAGES))
    yield from found
    if status and not found:
        yield f"behave ended with status {status}: {_end_of(output)}"


def _failures_in(messages: Path) -> Iterator[str]:
    try:
        results = read_results([messages])
    except ReportError:
        return
    for result in results:
        if result.failure:
            sentence = result.failure.sentence
            step = f"{sentence.keyword} {sentence.text}" if sentence else "its preparation"
            reason = result.failure.why.reason.partition("\n")[0]
            yield f"{result.identity.name}: {step}: {reason}"


def _red_unit_tests(folder: Path) -> Sequence[str]:
    pytest = ["pytest", "-q", "-p", "no:cacheprovider", *UNIT_TESTS]
    status, output = _run(folder, pytest)
    found = _FAILED_TEST.findall(output)
    if status and not found:
        return [f"pytest ended with status {status}: {_end_of(output)}"]
    return [str(line) for line in found]


def _end_of(output: str) -> str:
    return " | ".join(output.strip().splitlines()[-_LAST_LINES:])


def _run(folder: Path, words: Sequence[str]) -> tuple[int, str]:
    """Run a module of Python in a folder, and return its status and its output."""
    with _started([sys.executable, "-m", *words], folder) as process:
        try:
            output = process.communicate(timeout=TIME_LIMIT)[0]
        except subprocess.TimeoutExpired:
            return 1, f"It was not finished after {TIME_LIMIT} s."
    return process.returncode, output


@contextmanager
def _started(command: Sequence[str], folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start a command, and end it with all processes that it has started after the block."""
    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            # The suite undoes what it has made when it is interrupted.
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
