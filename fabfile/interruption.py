"""Signals that ask a task to end: it ends where nothing is left half-way.

Python raises KeyboardInterrupt wherever it happens to be, and lets SIGTERM and SIGHUP end the
process at once. A task that changes a server is interrupted only where it waits for something, and
finishes going back whatever else comes.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_PATIENCE = b"\nEnding: wait until the server is as it was.\n"


class InterruptedTaskError(KeyboardInterrupt):
    """A signal asked the task to end.

    Attributes:
        number: which signal.

    """

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(number.name)
        self.number = number


class _State:
    """What signals find.

    Attributes:
        received: the first signal, or None.
        was_raised: whether the task has been told of it.
        is_waiting: whether the task is where it may be interrupted.
        is_shielded: whether it is going back.

    """

    def __init__(self) -> None:
        self.received: signal.Signals | None = None
        self.was_raised = False
        self.is_waiting = False
        self.is_shielded = False

    def receive(self, number: int, _frame: FrameType | None) -> None:
        if self.received is not None or self.is_shielded:
            # The terminal may be gone, which is what SIGHUP says.
            with suppress(OSError):
                os.write(2, _PATIENCE)
        self.received = self.received or signal.Signals(number)
        self.raise_if_due()

    def raise_if_due(self) -> None:
        due = self.is_waiting and not self.is_shielded and not self.was_raised
        if due and self.received is not None:
            self.was_raised = True
            raise InterruptedTaskError(self.received)


_state: _State | None = None


@contextmanager
def orderly_ending() -> Iterator[None]:
    """Let signals interrupt the block only where it is `waiting`.

    Raises:
        InterruptedTaskError: a signal came that the block was not told of before it ended.

    """
    global _state  # noqa: PLW0603 (signals are the process's)
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    state = _state = _State()
    for number, handler in before.items():
        # As under nohup(1), what is ignored stays so.
        if handler != signal.SIG_IGN:
            signal.signal(number, state.receive)
    try:
        yield
    finally:
        _state = None
        for number, handler in before.items():
            signal.signal(number, handler)
    if state.received is not None and not state.was_raised:
        raise InterruptedTaskError(state.received)


@contextmanager
def waiting() -> Iterator[None]:
    """Let a signal interrupt the block, also one that came before it.

    Raises:
        InterruptedTaskError: a signal came.

    """
    state = _state
    if state is None or state.is_waiting:
        yield
        return
    try:
        state.is_waiting = True
        state.raise_if_due()
        yield
    finally:
        state.is_waiting = False


@contextmanager
def shielded() -> Iterator[None]:
    """Let no signal interrupt the block, in which what was begun is finished or undone."""
    state = _state
    if state is None or state.is_shielded:
        yield
        return
    try:
        state.is_shielded = True
        yield
    finally:
        state.is_shielded = False
