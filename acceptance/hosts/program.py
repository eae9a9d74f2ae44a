"""A program on a host, connected by a byte stream."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread
from typing import Protocol

from acceptance.hosts.errors import ConnectionLostError, FolderError, NotStartedError
from acceptance.hosts.marked_output import FOLDER, Mark, MarkedOutput
from acceptance.hosts.printable import printable

# In seconds.
WRITE_TIMEOUT = 30
_FAREWELL = 2

_REMEMBERED_ERRORS = 65536

# The status that a shell reports for a program that signal n ended: 128 + n (POSIX, 2.8.2).
_SIGNALS = range(129, 129 + 64)


class Stream(Protocol):
    """The input, both outputs and the exit status of a program that a host has started."""

    @property
    def is_open(self) -> bool:
        """Whether the program is running, as far as this end knows."""
        ...

    def send(self, content: bytes, timeout: float) -> None:
        """Send bytes within this many seconds; raises OSError or EOFError."""

    def send_end(self) -> None:
        """Close the program's input; raises OSError or EOFError."""

    def receive(self, timeout: float | None) -> bytes:
        """Wait for output and return it, b"" at its end.

        Raises:
            TimeoutError: `timeout` seconds passed.
            OSError: the connection is broken.

        """
        ...

    def receive_ready(self) -> bytes:
        """Return the output that has arrived, without waiting; b"" for none."""
        ...

    def receive_errors(self) -> bytes:
        """Wait for output on stderr and return it, b"" at its end."""
        ...

    def cut(self) -> str:
        """Return a clause such as "the SSH connection was cut", or "" if it was not."""
        ...

    def status(self, timeout: float) -> int | None:
        """Return the exit status of the command, or None if it is unknown."""
        ...

    def close(self) -> None:
        """Close the input, so that the program ends."""


@dataclass(frozen=True)
class Starter:
    """The program that starts others on a host, for messages.

    Attributes:
        name: its name, such as `the login shell`.
        known: what starters print that run no command at all, and a description of them.

    """

    name: str
    known: Sequence[tuple[re.Pattern[str], str]] = ()


class Program:
    """A program that runs on a host, with input and output in lines of UTF-8.

    The output of the host's own shell around it is left out.
    """

    def __init__(self, stream: Stream, mark: Mark, starter: Starter) -> None:
        """Connect to the program at the other end of a stream.

        Args:
            stream: the stream of a script with marks.
            mark: the mark in it.
            starter: the program that started the script.

        """
        self._stream = stream
        self._starter = starter
        self._output = MarkedOutput(mark)
        self._error_output = MarkedOutput(mark)
        self._read = bytearray()
        self._errors = b""
        self._errors_are_complete = Event()
        # If no one read its errors, the program could wait forever to write more of them.
        self._reader_of_errors = Thread(target=self._read_errors, daemon=True)
        self._reader_of_errors.start()

    @property
    def is_running(self) -> bool:
        """Whether the program is running, as far as this end knows."""
        return self._output.status is None and self._stream.is_open

    def write_line(self, line: str) -> None:
        """Send the program a line.

        Raises:
            ConnectionLostError: it can no longer be reached.

        """
        self.write(f"{line}\n".encode())

    def write(self, content: bytes) -> None:
        """Send the program bytes.

        Raises:
            ConnectionLostError: it can no longer be reached.

        """
        try:
            self._stream.send(content, WRITE_TIMEOUT)
        except (OSError, EOFError) as error:
            raise self._end(error) from None

    def write_no_more(self) -> None:
        """Close the program's input.

        Raises:
            ConnectionLostError: it can no longer be reached.

        """
        try:
            self._stream.send_end()
        except (OSError, EOFError):
            raise self._end(None) from None

    def read_line(self, timeout: float) -> str:
        """Wait for the program's next line and return it without its end.

        Raises:
            ConnectionLostError: the program ended, the connection broke, or `timeout` seconds
                passed; the message includes the program's last line on stderr.
            NotStartedError: the same, but the program was never started.

        """
        deadline = time.monotonic() + timeout
        while b"\n" not in self._read:
            self._read_more(deadline, timeout)
        line, _, rest = bytes(self._read).partition(b"\n")
        self._read = bytearray(rest)
        return line.decode(errors="replace")

    def read(self, timeout: float) -> bytes:
        """Wait for more output of the program and return it; raises as `read_line` does."""
        if not self._read:
            self._read_more(time.monotonic() + timeout, timeout)
        content = bytes(self._read)
        self._read.clear()
        return content

    def chunks(self) -> Iterator[bytes]:
        """Yield the program's output as it arrives, without a time limit.

        Raises:
            ConnectionLostError: the connection broke.

        """
        if self._read:
            yield bytes(self._read)
            self._read.clear()
        try:
            while chunk := self._receive(None):
                yield chunk
        except OSError as error:
            raise self._end(error) from None

    def finish(self, timeout: float) -> tuple[int | None, bytes]:
        """Wait for the program to end, and return its status and the rest of its output.

        The status is None if a signal ended it.

        Raises:
            ConnectionLostError: the connection broke before, or the status is missing.
            NotStartedError: it was not started.
            TimeoutError: `timeout` seconds passed.

        """
        deadline = time.monotonic() + timeout
        try:
            while chunk := self._receive(deadline - time.monotonic()):
                self._read += chunk
        except TimeoutError:
            raise
        except OSError as error:
            raise self._end(error) from None
        status = self._status()
        if status is None:
            raise self._end(None)
        if status != 0:
            # Errors arrive separately, and no more of them once the channel is closed.
            self._errors_are_complete.wait(_FAREWELL)
        return None if status in _SIGNALS else status, bytes(self._read)

    def read_what_is_there(self) -> str:
        """Return the program's output so far, up to the end of its last complete line."""
        self._read_what_has_come()
        whole, end, rest = bytes(self._read).rpartition(b"\n")
        self._read = bytearray(rest)
        return (whole + end).decode(errors="replace")

    def read_until_quiet(self, quiet: float, longest: float) -> str:
        """Return the program's output so far, and what follows without a pause.

        Args:
            quiet: the length of a pause, in seconds.
            longest: the longest time to read, in seconds.

        """
        output = self._read
        self._read = bytearray()
        deadline = time.monotonic() + longest
        while time.monotonic() < deadline:
            try:
                chunk = self._receive(quiet)
            except (OSError, ConnectionLostError):
                break
            if not chunk:
                break
            output += chunk
        return output.decode(errors="replace")

    def last_error(self) -> str:
        """Return the program's last line on stderr, as the end of a sentence, or ""."""
        line = self.errors().split("\n")[-1].strip()
        return f": {line}" if line else ""

    def errors(self) -> str:
        """Return the end of the program's output on stderr."""
        if not self.is_running:
            self._errors_are_complete.wait(_FAREWELL)
        return printable(self._errors.decode(errors="replace")).strip()

    def close(self) -> None:
        """Close the input, so that the program ends."""
        self._stream.close()

    def _receive(self, timeout: float | None) -> bytes:
        """Wait for more output of the program itself; b"" after its end.

        Raises:
            NotStartedError: there is a terminal in between, which changes the data.
            TimeoutError: `timeout` seconds passed.
            OSError: the connection broke.

        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while self._output.status is None:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                # Otherwise a program that writes without a pause would never be late.
                raise TimeoutError
            chunk = self._stream.receive(left)
            if not chunk:
                break
            if own := self._own(chunk):
                return own
        return b""

    def _own(self, chunk: bytes) -> bytes:
        own = self._output.feed(chunk)
        if self._output.passes_a_terminal:
            message = f"{self._starter.name} puts a terminal in between, which changes the data"
            raise NotStartedError(message)
        return own

    def _read_what_has_come(self) -> None:
        while chunk := self._stream.receive_ready():
            self._read += self._own(chunk)

    def _read_errors(self) -> None:
        while self._error_output.status is None:
            chunk = self._stream.receive_errors()
            if not chunk:
                break
            own = self._error_output.feed(chunk)
            self._errors = (self._errors + own)[-_REMEMBERED_ERRORS:]
        self._errors_are_complete.set()
        # Read and ignore what the shell writes after the end, so that it does not have to wait.
        while self._stream.receive_errors():
            pass

    def _read_the_end(self) -> None:
        # A program that cannot be written to may have reported already how it ended.
        with suppress(OSError):
            while chunk := self._receive(_FAREWELL):
                self._read += chunk

    def _status(self) -> int | None:
        """Return the status of the program itself, or None if it is missing."""
        status = self._output.status or ""
        return int(status) if status.isdecimal() else None

    def _read_more(self, deadline: float, timeout: float) -> None:
        try:
            chunk = self._receive(deadline - time.monotonic())
        except TimeoutError:
            raise self._silence(timeout) from None
        except OSError as error:
            raise self._end(error) from None
        if not chunk:
            raise self._end(None)
        self._read += chunk

    def _silence(self, timeout: float) -> ConnectionLostError:
        """Return the error to raise if nothing arrived for this many seconds."""
        if not self._output.has_begun:
            return NotStartedError(f"{self._shell()} did not start it within {timeout:g} s")
        return ConnectionLostError(f"it did not answer within {timeout:g} s{self.last_error()}")

    def _end(self, error: OSError | EOFError | None) -> ConnectionLostError:
        """Return the reason why nothing more comes from the program."""
        if cut := self._stream.cut():
            cause = f" ({error})" if error and str(error) else ""
            return ConnectionLostError(f"{cut}{cause}")
        self._read_the_end()
        if not self._output.has_begun:
            return NotStartedError(self._why_not_started())
        if self._output.status == FOLDER:
            return FolderError(f"the folder cannot be entered{self.last_error()}")
        status = self._status()
        if status is None:
            message = f"its exit status is missing, as if its shell was killed{self.last_error()}"
            return ConnectionLostError(message)
        how = f"by signal {status - 128}" if status in _SIGNALS else f"with status {status}"
        return ConnectionLostError(f"it ended {how}{self.last_error()}")

    def _why_not_started(self) -> str:
        """Return what the starter did instead."""
        self._errors_are_complete.wait(_FAREWELL)
        printed = self._error_output.of_the_shell() + self._output.of_the_shell()
        for pattern, does in self._starter.known:
            if pattern.search(printed):
                return f"{self._starter.name}, {does}{self._what_the_shell_printed()}"
        # The end of a program's output comes before its status.
        status = self._stream.status(_FAREWELL)
        how = "" if status is None else f" with status {status}"
        return f"{self._shell()} ended{how} before it started anything"

    def _shell(self) -> str:
        return f"{self._starter.name}{self._what_the_shell_printed()}"

    def _what_the_shell_printed(self) -> str:
        outputs = (self._error_output, self._output)
        line = next(filter(None, (output.line_of_the_shell() for output in outputs)), "")
        return f" (it printed “{line}”)" if line else ""
