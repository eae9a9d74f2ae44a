"""The suite's only wait: it repeats finding and acting, and ends with the last error."""

import time
from collections.abc import Callable, Iterable
from itertools import repeat
from typing import TypeVar

POLL_INTERVAL = 0.01

Outcome = TypeVar("Outcome")

_STEADILY = repeat(POLL_INTERVAL)


class TimedOutError(AssertionError):
    """A wait ended without success; its cause is the last error.

    Attributes:
        reason: the message of the last error.
        timeout: how long the wait was, in seconds.
        seen: what there was to see instead.

    """

    def __init__(self, reason: str, timeout: float, seen: str) -> None:
        # Pickle restores an error from these arguments, so all of them are needed.
        super().__init__(reason, timeout, seen)
        self.reason = reason
        self.timeout = timeout
        self.seen = seen

    def __str__(self) -> str:
        """Return the last error, and what there was to see."""
        return f"{self.reason}\n(after {self.timeout:g} s) {self.seen}"


def eventually(
    action: Callable[[], Outcome],
    *,
    timeout: float,
    describe: Callable[[], str],
    pauses: Iterable[float] = _STEADILY,
) -> Outcome:
    """Repeat `action` until it succeeds, and return its result.

    Only a failed assertion is tried again, since it means "not yet". Any other exception, such as
    that of a browser that has died, ends the wait immediately.

    Args:
        action: finds what it needs each time; it must not keep elements between tries.
        timeout: how long to go on, in seconds; `action` is tried at least once.
        describe: returns what there is to see instead; called only when time is up.
        pauses: the pauses between tries, in seconds; an endless series, whose last pause is cut
            short when time is up.

    Raises:
        TimedOutError: time is up.
        ValueError: `pauses` ended before the time did.

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
    message = "the pauses ended before the time did"
    raise ValueError(message)
