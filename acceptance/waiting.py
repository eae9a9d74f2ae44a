"""The one wait of the suite: find and act inside the retry, end with the last real error."""

import time
from collections.abc import Callable, Iterable
from itertools import repeat
from typing import TypeVar

POLL_INTERVAL = 0.01

Outcome = TypeVar("Outcome")

_STEADILY = repeat(POLL_INTERVAL)


class TimedOutError(AssertionError):
    """What was waited for did not come; its cause is the last error.

    Attributes:
        reason: what was wrong until the end, in words.
        timeout: how long that was, in seconds.
        seen: what there was to see instead.

    """

    def __init__(self, reason: str, timeout: float, seen: str) -> None:
        # All of them, so that another process can send the error.
        super().__init__(reason, timeout, seen)
        self.reason = reason
        self.timeout = timeout
        self.seen = seen

    def __str__(self) -> str:
        """Say what was wrong, and what there was to see."""
        return f"{self.reason}\n(after {self.timeout:g} s) {self.seen}"


def eventually(
    action: Callable[[], Outcome],
    *,
    timeout: float,
    describe: Callable[[], str],
    pauses: Iterable[float] = _STEADILY,
) -> Outcome:
    """Do `action` again until it works, and return what it returns.

    Only a failed assertion is tried again: what is waited for says in that way that it is not there
    yet. A dead browser or a wrong program ends the wait at once.

    Args:
        action: finds what it needs each time; it must not keep elements between tries.
        timeout: how long to go on, in seconds; `action` is tried at least once.
        describe: what there was to see instead, asked only when time is up.
        pauses: how long to pause between tries, in seconds, without an end; when time is up, the
            last pause ends.

    Raises:
        TimedOutError: time is up.
        ValueError: `pauses` has an end.

    """
    deadline = time.monotonic() + timeout
    for pause in pauses:
        try:
            return action()
        except AssertionError as error:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimedOutError(str(error), timeout, describe()) from error
        time.sleep(min(pause, left))
    message = "the pauses came to an end before the time did"
    raise ValueError(message)
