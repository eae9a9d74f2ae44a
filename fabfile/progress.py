"""What a person sees of a task while it runs."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_WIDTH = 14


class Step:
    """One thing that a task does.

    Attributes:
        result: how it went, once that is known.

    """

    def __init__(self) -> None:
        self.result = "done"


class _Output:
    """The standard output, which may be closed before the task has ended, as by `fab … | head`.

    A task that is at work on a server never fails because of that: it would end half-way.

    Attributes:
        failure: why it cannot be written to any more, or "".

    """

    def __init__(self) -> None:
        self.failure = ""

    def write(self, text: str) -> None:
        if self.failure:
            return
        try:
            sys.stdout.write(_encodable(text))
            sys.stdout.flush()
        except (OSError, ValueError, AttributeError) as error:
            self.failure = getattr(error, "strerror", None) or "it is closed"
            _write_nowhere()


_output = _Output()


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
    """Write a line that is seen at once; `output_failure` returns why it is not."""
    _output.write(f"{text}{end}")


def output_failure() -> str:
    """Return why the output could not be written, or ""."""
    return _output.failure


def _encodable(text: str) -> str:
    """Return the text with escapes for what the output has no characters for."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _write_nowhere() -> None:
    # Python flushes the output once more when it ends, and would fail again.
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
