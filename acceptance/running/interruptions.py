"""Signals that end a run: from Ctrl-C, a closed terminal, or a CI machine after its time limit."""

import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""behave cleans up after each of these signals, as after Ctrl-C. By default, all but the first end
Python immediately, and leave the browser, the database and the lease of a staging site behind."""

_OUTPUTS = (1, 2)


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


class Interruptions:
    """Handles the signals that end a run; further signals have no effect."""

    def __init__(self, interrupt: Callable[[], None] = _interrupt) -> None:
        """Handle no signals yet.

        Args:
            interrupt: ends what is running; by default, as Ctrl-C does.

        """
        self._interrupt = interrupt
        self._is_cleaning_up = False
        self._has_begun = False
        self._has_reported_clean_up = False

    def begin(self) -> None:
        """Note that everything that has to be closed is open."""
        self._has_begun = True

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Let signals end the block as Ctrl-C does."""
        before = {number: signal.getsignal(number) for number in ENDING}
        for number, handler in before.items():
            # A signal that is ignored, as with nohup, must not end the run.
            if handler is not signal.SIG_IGN:
                signal.signal(number, self._end)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held_at_the_end(self) -> Iterator[None]:
        """Let no signal interrupt the clean-up after the block."""
        try:
            yield
        finally:
            self._is_cleaning_up = True

    def _end(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            _forget_terminal()
        name = signal.Signals(number).name
        if self._is_cleaning_up:
            if not self._has_reported_clean_up:
                self._has_reported_clean_up = True
                _report("The run is already cleaning up and will end in a moment.")
            return
        # Before everything is open, the code that is interrupted closes what it has opened.
        self._is_cleaning_up = not self._has_begun
        if number != signal.SIGINT:
            _report(f"The run received {name} and is ending.")
        self._interrupt()


def _forget_terminal() -> None:
    """Discard output from now on, because writing to a closed terminal is an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in _OUTPUTS:
        with suppress(OSError):
            if stat.S_ISCHR(os.fstat(output).st_mode):
                os.dup2(nowhere, output)
    os.close(nowhere)


def _report(sentence: str) -> None:
    # Not through Python's buffers, because the signal may have interrupted a write to them.
    with suppress(OSError):
        os.write(_OUTPUTS[-1], f"\n{sentence}\n".encode())
