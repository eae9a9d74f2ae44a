"""Prompts in steps: `breakpoint()`, `pdb.set_trace()`, `input()`.

behave keeps what a step prints until the step has failed, and with it a prompt: whoever waits for
one would see a run that hangs.
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

_NO_TERMINAL = ("standard input is no terminal", "run the scenario in a terminal")
_WORKER = ("workers have no terminal", "run the scenario without -j")


class NoTerminalError(AssertionError):
    """A step asks for input where there is no one to give it."""


class ShownInput:
    """Standard input that shows what was printed before it waits for a line."""

    def __init__(self, terminal: TextIO | None, without_terminal: tuple[str, str]) -> None:
        """Stand in for standard input.

        Args:
            terminal: what standard input is.
            without_terminal: why no one can answer where it is no terminal, and what to do.

        """
        self._terminal = terminal
        self._without_terminal = without_terminal
        self._output: TextIO | None = None
        self._shown = 0

    def __getattr__(self, name: str) -> object:
        """Be standard input in everything else."""
        return getattr(self._terminal, name)

    def __iter__(self) -> Iterator[str]:
        """Read line by line."""
        return iter(self.readline, "")

    def readline(self, size: int = -1, /) -> str:
        """Show the prompt and read a line.

        Raises:
            NoTerminalError: standard input is no terminal.

        """
        terminal = self.terminal_or_refuse("asks for input")
        self.show_prompt()
        return terminal.readline(size)

    def read(self, size: int = -1, /) -> str:
        """Show the prompt and read as much.

        Raises:
            NoTerminalError: standard input is no terminal.

        """
        terminal = self.terminal_or_refuse("asks for input")
        self.show_prompt()
        return terminal.read(size)

    def terminal_or_refuse(self, does: str) -> TextIO:
        """Return standard input if somebody sits there.

        Raises:
            NoTerminalError: it is no terminal.

        """
        if self._terminal is not None and self._terminal.isatty():
            return self._terminal
        reason, remedy = self._without_terminal
        message = f"this step {does}, and {reason}: take that out of the step, or {remedy}."
        raise NoTerminalError(message)

    def show_prompt(self) -> None:
        """Show what has been printed since the last time, if it was kept from the terminal."""
        output = sys.stdout
        if not isinstance(output, io.StringIO) or sys.__stdout__ is None:
            return
        if output is not self._output:
            self._output, self._shown = output, 0
            # What stands there is the name of the scenario.
            sys.__stdout__.write("\n")
        text = output.getvalue()
        sys.__stdout__.write(text[self._shown :])
        sys.__stdout__.flush()
        self._shown = len(text)


@contextmanager
def prompts_shown(*, is_worker: bool = False) -> Iterator[None]:
    """Let steps ask in a terminal, and fail at once where there is none.

    Args:
        is_worker: whether this process is one of several, of which none has a terminal.

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
    # Whoever has a debugger of their own wants that one.
    if hook_before is sys.__breakpointhook__ and not os.environ.get("PYTHONBREAKPOINT"):
        sys.breakpointhook = debug
    try:
        yield
    finally:
        sys.stdin, sys.breakpointhook = before, hook_before


def _caller() -> FrameType | None:
    """Return where breakpoint() was called: two frames above, as it is no frame itself."""
    here = inspect.currentframe()
    return here.f_back.f_back if here and here.f_back else None
