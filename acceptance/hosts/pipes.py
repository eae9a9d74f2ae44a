"""A command of this machine, spoken to over pipes."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

# In seconds.
_FAREWELL = 3

_CHUNK = 65536


class Pipes:
    """The stream of a child process, which keeps the contract of `Stream`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start the command with this environment and no other.

        Raises:
            OSError: it cannot be executed.

        """
        self._process = subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            # At Ctrl-C it still has to give the site back. And it has no terminal to ask on.
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._input = self._process.stdin
        self._output = self._process.stdout
        self._errors = self._process.stderr
        os.set_blocking(self._input.fileno(), False)

    @property
    def is_open(self) -> bool:
        """Whether the command runs."""
        return self._process.poll() is None

    def send(self, content: bytes, timeout: float) -> None:
        """Hand bytes over, within so many seconds; raises OSError."""
        deadline = time.monotonic() + timeout
        rest = memoryview(content)
        try:
            while rest:
                if not select.select([], [self._input], [], max(0, deadline - time.monotonic()))[1]:
                    message = f"it read nothing for {timeout:g} s"
                    raise TimeoutError(message)
                rest = rest[self._input.write(rest) or 0 :]
        except ValueError:
            message = "its input is closed"
            raise OSError(message) from None

    def send_end(self) -> None:
        """Let the end of the input be seen."""
        self._input.close()

    def receive(self, timeout: float | None) -> bytes:
        """Wait for output and return it, b"" at its end; raises TimeoutError."""
        try:
            if not select.select([self._output], [], [], timeout)[0]:
                raise TimeoutError
            return self._output.read(_CHUNK) or b""
        except ValueError:
            # It was closed.
            return b""

    def receive_ready(self) -> bytes:
        """Return the output that has come; b"" for none."""
        try:
            return self.receive(0)
        except TimeoutError:
            return b""

    def receive_errors(self) -> bytes:
        """Wait for what is written on stderr and return it, b"" at its end."""
        if self._errors.closed:
            return b""
        chunk = self._errors.read(_CHUNK) or b""
        if not chunk:
            self._errors.close()
        return chunk

    def cut(self) -> str:
        """Return "": this machine is always there."""
        return ""

    def status(self, timeout: float) -> int | None:
        """Return what the command ended with, or None where a signal ended it, or it has not."""
        with suppress(subprocess.TimeoutExpired):
            status = self._process.wait(timeout)
            return status if status >= 0 else None
        return None

    def close(self) -> None:
        """Let the command end, as at the end of its input, and wait for that."""
        self._input.close()
        self._output.close()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._end()

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
