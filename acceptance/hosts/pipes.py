"""A command on this machine, connected by pipes."""

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
    """The stream of a child process; implements `Stream`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start the command with exactly this environment.

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
            # After Ctrl-C it still has to release the site. Also, it gets no terminal to ask on.
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
        """Whether the command is running."""
        return self._process.poll() is None

    def send(self, content: bytes, timeout: float) -> None:
        """Send bytes within this many seconds; raises OSError."""
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
        """Close the command's input."""
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
        """Return the output that has arrived; b"" for none."""
        try:
            return self.receive(0)
        except TimeoutError:
            return b""

    def receive_errors(self) -> bytes:
        """Wait for output on stderr and return it, b"" at its end."""
        if self._errors.closed:
            return b""
        chunk = self._errors.read(_CHUNK) or b""
        if not chunk:
            self._errors.close()
        return chunk

    def cut(self) -> str:
        """Return "", since this machine is always available."""
        return ""

    def status(self, timeout: float) -> int | None:
        """Return the exit status, or None if a signal ended the command or it is running."""
        with suppress(subprocess.TimeoutExpired):
            status = self._process.wait(timeout)
            return status if status >= 0 else None
        return None

    def close(self) -> None:
        """Close the input, so that the command ends, and wait for that."""
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
