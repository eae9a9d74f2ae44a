"""Show the progress of a task while it runs."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_WIDTH = 14


class Step:
    """One step of a task.

    Attributes:
        result: the text that is shown when the step has ended.

    """

    def __init__(self) -> None:
        self.result = "done"


class _Output:
    """The standard output, which may be closed before the task has ended, as by `fab … | head`.

    A task that is changing a server does not fail because of that, since it would end half done.

    Attributes:
        failure: why it can no longer be written to, or "".

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
    """Show the title of a step when the block begins, and its result when it ends."""
    write(f"{title:<{_WIDTH}} ", end="")
    began = time.monotonic()
    doing = Step()
    try:
        yield doing
    except BaseException:
        write("FAILED")
        raise
    write(f"{doing.result} ({time.monotonic() - began:.1f} s)")


def show(title: str, text: str) -> None:
    """Show a line with a title and a text."""
    write(f"{title:<{_WIDTH}} {text}")


def write(text: str, end: str = "\n") -> None:
    """Write a line and flush it; if that fails, `output_failure` returns the reason."""
    _output.write(f"{text}{end}")


def output_failure() -> str:
    """Return why the output could not be written, or ""."""
    return _output.failure


def _encodable(text: str) -> str:
    """Return the text with escapes for the characters that the output cannot encode."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _write_nowhere() -> None:
    # Python flushes the output again when it exits, and would fail once more.
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
