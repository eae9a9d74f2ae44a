"""One run of behave in a separate process, which can be ended at any time."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

FORMATTER = "acceptance.running.watch.formatter:OutcomeFormatter"

PATIENCE = 20
"""How many seconds a run may take to clean up after it was ended."""

_ANNOUNCEMENT = "USING RUNNER"


@dataclass(frozen=True)
class Outcome:
    """The outcome of a run.

    Attributes:
        scenarios: how many were run.
        failed: how many of them failed.
        shown: the texts of failures, or the reason why no scenario was run.
        steps: the files that define the steps of each feature, as far as they were run.
        passed: whether behave reported success.
        modules: the third-party modules that it imported.

    """

    scenarios: int = 0
    failed: int = 0
    shown: Sequence[str] = ()
    steps: dict[str, set[str]] = field(default_factory=dict)
    passed: bool = True
    modules: Sequence[str] = ()


class Spare:
    """A process that will run behave, and has already imported third-party modules.

    Attributes:
        process: the process.
        outcomes: the end of a pipe from which its outcomes can be read.

    """

    def __init__(self, folder: Path, modules: Sequence[str]) -> None:
        """Start the process in a folder, and let it import modules."""
        self.outcomes, writes = os.pipe()
        self._formatter = ["-f", FORMATTER, "-o", f"/dev/fd/{writes}", "--no-summary"]
        # In a new session, so that Ctrl-C reaches it only once, through `end`.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "acceptance.running.watch.spare", json.dumps(modules)],
            cwd=folder,
            pass_fds=[writes],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.close(writes)

    @property
    def is_there(self) -> bool:
        """Whether it is still waiting."""
        return self.process.poll() is None

    def run(self, words: Sequence[str], ended: Callable[["Run"], None]) -> "Run":
        """Run behave in it with these words.

        Args:
            words: the words after `behave`.
            ended: is called in another thread when the run has ended for any reason.

        """
        request = json.dumps([*self._formatter, *words])
        with suppress(BrokenPipeError):
            assert self.process.stdin
            self.process.stdin.write(f"{request}\n".encode())
            self.process.stdin.close()
            self.process.stdin = None
        return Run(self.process, self.outcomes, ended)

    def end(self) -> None:
        """End the process, which is no longer needed."""
        self.process.kill()
        self.process.communicate()
        os.close(self.outcomes)


class Run:
    """A run of behave.

    Attributes:
        seconds: how long it took; 0 while it runs.

    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        outcomes: int,
        ended: Callable[["Run"], None],
    ) -> None:
        self.seconds = 0.0
        self._began = time.monotonic()
        self._process = process
        self._lines: list[str] = []
        self._printed = b""
        self._reader = Thread(target=self._read_outcomes, args=[outcomes])
        self._waiter = Thread(target=self._wait, args=[ended])
        self._reader.start()
        self._waiter.start()

    def end(self) -> None:
        """End the run if it is still going, and wait until it has cleaned up."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        self._waiter.join(PATIENCE)
        if self._waiter.is_alive():
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._waiter.join()

    def outcome(self) -> Outcome:
        """Return the outcome of the run after its end."""
        lines = [json.loads(line) for line in self._lines]
        scenarios = [line for line in lines if "scenario" in line]
        modules = [name for line in lines for name in line.get("modules", ())]
        failed = [each for each in scenarios if each["failed"]]
        passed = self._process.returncode == 0
        shown = [each["shown"] for each in failed]
        if not passed and not failed:
            shown.append(self._output())
        steps = _steps_by_feature(scenarios)
        return Outcome(len(scenarios), len(failed), shown, steps, passed, modules)

    def _output(self) -> str:
        lines = self._printed.decode(errors="replace").splitlines()
        return "\n".join(line for line in lines if not line.startswith(_ANNOUNCEMENT)).strip()

    def _read_outcomes(self, end: int) -> None:
        with os.fdopen(end, encoding="utf-8") as lines:
            self._lines += lines

    def _wait(self, ended: Callable[["Run"], None]) -> None:
        self._printed, _ = self._process.communicate()
        self._reader.join()
        self.seconds = time.monotonic() - self._began
        ended(self)


def _steps_by_feature(scenarios: Sequence[dict[str, Any]]) -> dict[str, set[str]]:
    steps: dict[str, set[str]] = {}
    for each in scenarios:
        feature = each["scenario"].rpartition(":")[0]
        steps.setdefault(feature, set()).update(each["steps"])
    return steps
