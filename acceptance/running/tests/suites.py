"""Small suites for tests, which need no site and no browser and use this project's runner."""

import os
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from acceptance.running.tests.quick_runs import QuickRuns
from testbeds import ROOT


@dataclass(frozen=True)
class Ended:
    """How a run ended.

    Attributes:
        status: its exit status.
        output: what it printed, without the line about the runner.

    """

    status: int
    output: str


class Suite:
    """A suite.

    Attributes:
        folder: its folder.

    """

    def __init__(self, folder: Path, runs: QuickRuns) -> None:
        self.folder = folder
        self._runs = runs
        self.write(
            "pyproject.toml",
            """
            [tool.behave]
            paths = ["features"]
            default_format = "progress3"
            default_tags = ["not @planned"]
            show_skipped = false
            show_snippets = false
            capture_log = false
            runner = "acceptance.running.runner:SuiteRunner"
            """,
        )
        self.write("steps/own_steps.py", "")
        self.write("environment.py", "")

    def write(self, path: str, text: str) -> None:
        """Write a file, and make its folder."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """The variables of each run."""
        return {"PATH": os.environ["PATH"], "HOME": os.devnull, "PYTHONPATH": str(ROOT)}

    def command(self, *words: str) -> list[str]:
        """Return the command that runs behave with these words."""
        return [sys.executable, "-m", "behave", *words]

    def behave(
        self, *words: str, within: str = ".", environment: Mapping[str, str] | None = None
    ) -> Ended:
        """Run behave.

        Args:
            words: the words after `behave`.
            within: the folder in which it is started.
            environment: additional variables.

        """
        status, printed = self._runs.run(
            self.folder / within, words, {**self.environment, **(environment or {})}
        )
        shown = [line for line in printed.splitlines() if not line.startswith("USING RUNNER")]
        return Ended(status, "\n".join(shown).strip())
