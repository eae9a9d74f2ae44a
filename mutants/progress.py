"""Shows how far a stage is: in a line that is renewed, or in a new line each half minute."""

import sys
import time
from types import TracebackType
from typing import Self

from mutants.outcome import Outcome, Stage

INTERVAL = 30.0
"""How many seconds there are between two lines where a line cannot be renewed."""


class Progress:
    """The progress of one stage."""

    def __init__(self, stage: Stage, count: int, deadline: float) -> None:
        """Show nothing yet.

        Args:
            stage: the stage.
            count: how many mutants it meets.
            deadline: when the run stops, as `time.monotonic` counts.

        """
        self._stage = stage
        self._count = count
        self._deadline = deadline
        self._killed = 0
        self._done = 0
        self._began: float | None = None
        self._shown = 0.0
        self._is_terminal = sys.stdout.isatty()

    def __enter__(self) -> Self:
        """Show that the stage begins."""
        self._show(f"{self._stage.capitalize()}: {self._count} mutants")
        return self

    def add(self, outcome: Outcome) -> None:
        """Show that a mutant has an outcome."""
        now = time.monotonic()
        # Until the first outcome, the processes are prepared, which is done only once.
        self._began = now if self._began is None else self._began
        self._done += 1
        self._killed += outcome.killed_in is not None
        if self._is_terminal or now - self._shown >= INTERVAL:
            self._show(self._text(now - self._began))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Show how the stage ended."""
        self._show(self._counts())
        if self._is_terminal:
            print()

    def _counts(self) -> str:
        return (
            f"{self._stage.capitalize()}: {self._done} of {self._count} mutants, "
            f"{self._killed} noticed, {self._done - self._killed} not noticed"
        )

    def _text(self, seconds: float) -> str:
        left = seconds / self._done * (self._count - self._done)
        left = min(left, max(0.0, self._deadline - time.monotonic()))
        return f"{self._counts()}, about {left / 60:.0f} min left"

    def _show(self, text: str) -> None:
        self._shown = time.monotonic()
        if self._is_terminal:
            print(f"\r\x1b[K{text}", end="", flush=True)
        else:
            print(text, flush=True)
