"""What a person sees of a task while it runs."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_WIDTH = 14


class Step:
    """One thing that a task does.

    Attributes:
        result: how it went, once that is known.

    """

    def __init__(self) -> None:
        self.result = "done"


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Say what is being done for the length of the block, and at its end how it went."""
    say(f"{title:<{_WIDTH}} ", end="")
    began = time.monotonic()
    doing = Step()
    try:
        yield doing
    except BaseException:
        say("FAILED")
        raise
    say(f"{doing.result} ({time.monotonic() - began:.1f} s)")


def tell(title: str, text: str) -> None:
    """Say something that took no time."""
    say(f"{title:<{_WIDTH}} {text}")


def say(text: str, end: str = "\n") -> None:
    """Write a line that is seen at once."""
    sys.stdout.write(f"{text}{end}")
    sys.stdout.flush()
