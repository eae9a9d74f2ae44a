"""Runs of behave in folders of their own, and the messages they write."""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from acceptance.running.tests.quick_runs import QuickRuns, quick_runs
from testbeds import ROOT

Message = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A run that has ended.

    Attributes:
        passed: whether behave called it passed.
        output: what it printed.
        messages: what it wrote.

    """

    passed: bool
    output: str
    messages: Sequence[Message]

    def all(self, kind: str) -> list[Message]:
        """The messages of a kind, in order."""
        return [message[kind] for message in self.messages if kind in message]

    def one(self, kind: str) -> Message:
        """The only message of a kind."""
        (message,) = self.all(kind)
        return message

    def steps(self) -> list[tuple[str, str]]:
        """The sentences of all steps, or the names of their hooks, each with how it ended."""
        names = {hook["id"]: hook["name"] for hook in self.all("hook")}
        texts = {step["id"]: step["text"] for each in self.all("pickle") for step in each["steps"]}
        steps = {step["id"]: step for case in self.all("testCase") for step in case["testSteps"]}
        steps_with_status = []
        for finished in self.all("testStepFinished"):
            step = steps[finished["testStepId"]]
            name = texts[step["pickleStepId"]] if "pickleStepId" in step else names[step["hookId"]]
            steps_with_status.append((name, finished["testStepResult"]["status"]))
        return steps_with_status

    def results(self) -> list[Message]:
        """How all steps ended."""
        return [finished["testStepResult"] for finished in self.all("testStepFinished")]


def run_behave(
    folder: Path,
    *arguments: str,
    runner: str = "acceptance.reports.runner:ReportingRunner",
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run what is in a folder; where the environment is a special one, in a Python of its own."""
    written = folder / "run.ndjson"
    words = [
        *("--runner", runner),
        *("-f", "acceptance.reports.formatter:MessagesFormatter", "-o", str(written)),
        *("-f", "progress3", *arguments),
    ]
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    if environment is None:
        status, output = _runs().run(folder, words, variables)
    else:
        finished = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "behave", *words],
            cwd=folder,
            env={**variables, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        status, output = finished.returncode, finished.stdout
    messages = [json.loads(line) for line in written.read_text("ascii").splitlines()]
    return Run(status == 0, output, messages)


@cache
def _runs() -> QuickRuns:
    opened = ExitStack()
    atexit.register(opened.close)
    return opened.enter_context(quick_runs())


def behave(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Call behave on the project's own features, as people do."""
    return subprocess.run(  # noqa: S603
        [str(Path(sys.executable).with_name("behave")), *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
