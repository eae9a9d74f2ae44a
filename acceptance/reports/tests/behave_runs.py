"""Runs of behave in folders of their own, and the messages they write."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testbeds import ROOT

Message = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A run that is over.

    Attributes:
        passed: what behave says of it.
        said: what it printed.
        messages: what it wrote.

    """

    passed: bool
    said: str
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
        told = []
        for finished in self.all("testStepFinished"):
            step = steps[finished["testStepId"]]
            name = texts[step["pickleStepId"]] if "pickleStepId" in step else names[step["hookId"]]
            told.append((name, finished["testStepResult"]["status"]))
        return told

    def results(self) -> list[Message]:
        """How all steps ended."""
        return [finished["testStepResult"] for finished in self.all("testStepFinished")]


def run_behave(
    folder: Path,
    *arguments: str,
    runner: str = "acceptance.reports.runner:ReportingRunner",
    environment: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Run:
    """Run what is in a folder."""
    written = folder / "run.ndjson"
    finished = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "behave", "--runner", runner),
            *("-f", "acceptance.reports.formatter:MessagesFormatter", "-o", str(written)),
            *("-f", "progress3", *arguments),
        ],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=max(timeout, 60),
        check=False,
    )
    messages = [json.loads(line) for line in written.read_text("ascii").splitlines()]
    return Run(finished.returncode == 0, finished.stdout, messages)


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
