"""A program that runs on this machine, and is spoken to as one on a server."""

import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread

from acceptance.hosts.errors import ConnectionLostError

# In seconds.
_FAREWELL = 3

_CHUNK = 65536
_REMEMBERED_ERRORS = 65536


class LocalProgram:
    """A child process that is spoken to in lines of UTF-8."""

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        """Start it with this environment and no other."""
        self._process = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            # At Ctrl-C it still has to give the site back.
            process_group=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._input = self._process.stdin
        self._output = self._process.stdout
        self._error_stream = self._process.stderr
        self._read = b""
        self._errors = b""
        # A program that can write no more errors waits for ever, and so would whoever waits for it.
        self._reader_of_errors = Thread(target=self._read_errors, daemon=True)
        self._reader_of_errors.start()

    @property
    def is_running(self) -> bool:
        """Whether the program runs."""
        return self._process.poll() is None

    def write_line(self, line: str) -> None:
        """Hand the program a line.

        Raises:
            ConnectionLostError: it has ended.

        """
        rest = f"{line}\n".encode()
        try:
            while rest:
                rest = rest[self._input.write(rest) :]
        except (OSError, ValueError):
            raise ConnectionLostError(self._end()) from None

    def write_no_more(self) -> None:
        """Tell the program that this was all."""
        self._input.close()

    def read_line(self, timeout: float) -> str:
        """Wait for the program's next line and return it without its end.

        Raises:
            ConnectionLostError: the program ended, or `timeout` seconds went by; says what the
                program wrote on stderr last.

        """
        deadline = time.monotonic() + timeout
        while b"\n" not in self._read:
            left = max(0, deadline - time.monotonic())
            if not select.select([self._output], [], [], left)[0]:
                message = f"it did not answer within {timeout:g} s{self._last_error()}"
                raise ConnectionLostError(message)
            chunk = os.read(self._output.fileno(), _CHUNK)
            if not chunk:
                raise ConnectionLostError(self._end())
            self._read += chunk
        line, _, self._read = self._read.partition(b"\n")
        return line.decode(errors="replace")

    def errors(self) -> str:
        """Return the end of what the program wrote on stderr."""
        if not self.is_running:
            self._reader_of_errors.join(_FAREWELL)
        return self._errors.decode(errors="replace").strip()

    def close(self) -> None:
        """Let the program end, as at the end of its input, and wait for that."""
        self._input.close()
        try:
            self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader_of_errors.join(_FAREWELL)
        self._output.close()
        self._error_stream.close()

    def _read_errors(self) -> None:
        while chunk := os.read(self._error_stream.fileno(), _CHUNK):
            self._errors = (self._errors + chunk)[-_REMEMBERED_ERRORS:]

    def _last_error(self) -> str:
        line = self.errors().split("\n")[-1].strip()
        return f": {line}" if line else ""

    def _end(self) -> str:
        try:
            status = self._process.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            return "it hung up"
        how = f"ended with status {status}" if status >= 0 else "was ended by a signal"
        return f"it {how}{self._last_error()}"
