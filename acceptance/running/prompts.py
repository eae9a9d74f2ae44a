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


class NoTerminalError(AssertionError):
    """A step asks for input where there is no one to give it."""


class ShownInput:
    """Standard input that shows what was printed before it waits for a line."""

    def __init__(self, terminal: TextIO | None) -> None:
        self._terminal = terminal
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
        terminal = terminal_or_refuse(self._terminal, "asks for input")
        self.show_prompt()
        return terminal.readline(size)

    def read(self, size: int = -1, /) -> str:
        """Show the prompt and read as much.

        Raises:
            NoTerminalError: standard input is no terminal.

        """
        terminal = terminal_or_refuse(self._terminal, "asks for input")
        self.show_prompt()
        return terminal.read(size)

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


def terminal_or_refuse(terminal: TextIO | None, does: str) -> TextIO:
    """Return standard input if somebody sits there.

    Raises:
        NoTerminalError: it is no terminal.

    """
    if terminal is not None and terminal.isatty():
        return terminal
    message = (
        f"this step {does}, and standard input is no terminal: take that out of the step, or run "
        "the scenario in a terminal."
    )
    raise NoTerminalError(message)


@contextmanager
def prompts_shown() -> Iterator[None]:
    """Let steps ask in a terminal, and fail at once where there is none."""
    before, hook_before = sys.stdin, sys.breakpointhook
    shown = ShownInput(before)

    def debug(*_arguments: object, **_named: object) -> None:
        terminal_or_refuse(before, "has a breakpoint()")
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
