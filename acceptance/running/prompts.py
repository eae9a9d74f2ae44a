"""Prompts in steps: `breakpoint()`, `pdb.set_trace()`, `input()`.

behave captures the output of a step until it fails, including a prompt, so the run would seem to
hang.
"""

import inspect
import io
import os
import pdb  # noqa: T100 (for steps, not for this module)
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

_NO_TERMINAL = ("standard input is not a terminal", "run the scenario in a terminal")
_WORKER = ("workers have no terminal", "run the scenario without -j")


class NoTerminalError(AssertionError):
    """A step asks for input, and no one can give it."""


class ShownInput:
    """Standard input that shows the captured output before it waits for a line."""

    def __init__(self, terminal: TextIO | None, without_terminal: tuple[str, str]) -> None:
        """Replace standard input.

        Args:
            terminal: the original standard input.
            without_terminal: the reason why no one can answer without a terminal, and what to do.

        """
        self._terminal = terminal
        self._without_terminal = without_terminal
        self._output: TextIO | None = None
        self._shown = 0

    def __getattr__(self, name: str) -> object:
        """Return an attribute of the original standard input."""
        return getattr(self._terminal, name)

    def __iter__(self) -> Iterator[str]:
        """Read line by line."""
        return iter(self.readline, "")

    def readline(self, size: int = -1, /) -> str:
        """Show the prompt and read a line.

        Raises:
            NoTerminalError: standard input is not a terminal.

        """
        terminal = self.terminal_or_refuse("asks for input")
        self.show_prompt()
        return terminal.readline(size)

    def read(self, size: int = -1, /) -> str:
        """Show the prompt and read so many characters.

        Raises:
            NoTerminalError: standard input is not a terminal.

        """
        terminal = self.terminal_or_refuse("asks for input")
        self.show_prompt()
        return terminal.read(size)

    def terminal_or_refuse(self, does: str) -> TextIO:
        """Return standard input if it is a terminal.

        Raises:
            NoTerminalError: it is not.

        """
        if self._terminal is not None and self._terminal.isatty():
            return self._terminal
        reason, remedy = self._without_terminal
        message = f"this step {does}, but {reason}: remove that from the step, or {remedy}."
        raise NoTerminalError(message)

    def show_prompt(self) -> None:
        """Show the output since the last time, if behave has captured it."""
        output = sys.stdout
        if not isinstance(output, io.StringIO) or sys.__stdout__ is None:
            return
        if output is not self._output:
            self._output, self._shown = output, 0
            # The line already has the name of the scenario.
            sys.__stdout__.write("\n")
        text = output.getvalue()
        sys.__stdout__.write(text[self._shown :])
        sys.__stdout__.flush()
        self._shown = len(text)


@contextmanager
def prompts_shown(*, is_worker: bool = False) -> Iterator[None]:
    """Let steps ask for input in a terminal, and fail immediately where there is none.

    Args:
        is_worker: whether this process is a worker, which has no terminal.

    """
    before, hook_before = sys.stdin, sys.breakpointhook
    shown = ShownInput(None if is_worker else before, _WORKER if is_worker else _NO_TERMINAL)

    def debug(*_arguments: object, **_named: object) -> None:
        shown.terminal_or_refuse("has a breakpoint()")
        shown.show_prompt()
        # From here to its end, the step prints to the terminal, where keys and colours work.
        sys.stdout, sys.stderr = sys.__stdout__ or sys.stdout, sys.__stderr__ or sys.stderr
        sys.stdin = before
        pdb.Pdb(nosigint=True).set_trace(_caller())

    sys.stdin = shown
    # A debugger that the user has configured takes precedence.
    if hook_before is sys.__breakpointhook__ and not os.environ.get("PYTHONBREAKPOINT"):
        sys.breakpointhook = debug
    try:
        yield
    finally:
        sys.stdin, sys.breakpointhook = before, hook_before


def _caller() -> FrameType | None:
    """Return the frame that called breakpoint(): two above, as breakpoint() itself has none."""
    here = inspect.currentframe()
    return here.f_back.f_back if here and here.f_back else None
