"""What ends a run from outside: Ctrl-C, a closed terminal, a CI machine that waits no longer."""

import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""To behave, each is like Ctrl-C: it cleans up. Left alone, all but the first end Python at once,
and the browser, the database and the lease of a staging site outlive the run."""

_OUTPUTS = (1, 2)


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


class Interruptions:
    """The signals that end a run; of several, one has to be enough."""

    def __init__(self, interrupt: Callable[[], None] = _interrupt) -> None:
        """Be ready to hear them.

        Args:
            interrupt: ends what goes on; as Ctrl-C does, unless something else is given.

        """
        self._interrupt = interrupt
        self._is_cleaning_up = False
        self._has_begun = False
        self._is_patience_asked = False

    def begin(self) -> None:
        """Take in that everything is open that has to be closed."""
        self._has_begun = True

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Let signals end the block, as Ctrl-C does."""
        before = {number: signal.getsignal(number) for number in ENDING}
        for number, handler in before.items():
            # With nohup, for instance, whoever started the run wants it to go on.
            if handler is not signal.SIG_IGN:
                signal.signal(number, self._end)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held_at_the_end(self) -> Iterator[None]:
        """Let no signal interrupt what follows the block."""
        try:
            yield
        finally:
            self._is_cleaning_up = True

    def _end(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            _forget_terminal()
        name = signal.Signals(number).name
        if self._is_cleaning_up:
            if not self._is_patience_asked:
                self._is_patience_asked = True
                _say("The run is cleaning up already, and ends in a moment.")
            return
        # Until all is open, whatever is interrupted closes what there is by itself.
        self._is_cleaning_up = not self._has_begun
        if number != signal.SIGINT:
            _say(f"The run was told to end ({name}).")
        self._interrupt()


def _forget_terminal() -> None:
    """Print to nowhere from now on: every word to a terminal that was closed is an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in _OUTPUTS:
        with suppress(OSError):
            if stat.S_ISCHR(os.fstat(output).st_mode):
                os.dup2(nowhere, output)
    os.close(nowhere)


def _say(sentence: str) -> None:
    # Not through Python's buffers, which the signal may have interrupted.
    with suppress(OSError):
        os.write(_OUTPUTS[-1], f"\n{sentence}\n".encode())
