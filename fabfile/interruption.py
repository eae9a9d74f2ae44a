"""Handle signals so that a task ends only where nothing is left half done.

By default, Python raises KeyboardInterrupt wherever it happens to be, and SIGTERM and SIGHUP end
the process immediately. A task that changes a server is interrupted only while it waits for
something, and further signals do not stop it from going back.
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
        number: the signal.

    """

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(number.name)
        self.number = number


class _State:
    """The state that the signal handler reads.

    Attributes:
        received: the first signal, or None.
        was_raised: whether the task has been interrupted by it.
        is_waiting: whether the task may be interrupted now.
        is_shielded: whether it is going back.

    """

    def __init__(self) -> None:
        self.received: signal.Signals | None = None
        self.was_raised = False
        self.is_waiting = False
        self.is_shielded = False

    def receive(self, number: int, _frame: FrameType | None) -> None:
        if self.received is not None or self.is_shielded:
            # The terminal may be gone, which causes SIGHUP.
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
    """Let signals interrupt the block only while it is `waiting`.

    Raises:
        InterruptedTaskError: a signal arrived that has not interrupted the block.

    """
    global _state  # noqa: PLW0603 (signals belong to the process)
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    state = _state = _State()
    for number, handler in before.items():
        # Signals that are ignored, as under nohup(1), stay ignored.
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
    """Let a signal interrupt the block, even one that arrived before it.

    Raises:
        InterruptedTaskError: a signal arrived.

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
    """Let no signal interrupt the block, which finishes or undoes what was begun."""
    state = _state
    if state is None or state.is_shielded:
        yield
        return
    try:
        state.is_shielded = True
        yield
    finally:
        state.is_shielded = False
