"""A program that runs on a host and is spoken to over a byte stream."""

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

# A shell says of a program that signal n ended that it ended with 128 + n (POSIX, 2.8.2).
_SIGNALS = range(129, 129 + 64)


class Stream(Protocol):
    """What a host hands in: the input and both outputs of what it started, and how that ended."""

    @property
    def is_open(self) -> bool:
        """Whether what was started runs, as far as one can tell from this end."""
        ...

    def send(self, content: bytes, timeout: float) -> None:
        """Hand bytes over, within so many seconds; raises OSError or EOFError."""

    def send_end(self) -> None:
        """Let the end of the input be seen; raises OSError or EOFError."""

    def receive(self, timeout: float | None) -> bytes:
        """Wait for output and return it, b"" at its end.

        Raises:
            TimeoutError: `timeout` seconds went by.
            OSError: the way is broken.

        """
        ...

    def receive_ready(self) -> bytes:
        """Return the output that has come, without waiting; b"" for none."""
        ...

    def receive_errors(self) -> bytes:
        """Wait for what is written on stderr and return it, b"" at its end."""
        ...

    def cut(self) -> str:
        """Return that the way to the host was cut, as a clause, or "" where it is there."""
        ...

    def status(self, timeout: float) -> int | None:
        """Return what the command that was started ended with, or None if that is not known."""
        ...

    def close(self) -> None:
        """Let what was started end, as at the end of its input."""


@dataclass(frozen=True)
class Starter:
    """What starts programs on a host, for messages.

    Attributes:
        name: such as `the login shell`.
        known: what is printed where no command is run at all, and who prints it.

    """

    name: str
    known: Sequence[tuple[re.Pattern[str], str]] = ()


class Program:
    """A program that runs on a host, and is spoken to in lines of UTF-8.

    What the host's own shell prints around it is left out.
    """

    def __init__(self, stream: Stream, mark: Mark, starter: Starter) -> None:
        """Talk to what runs at the other end of a stream.

        Args:
            stream: where a script with marks was started.
            mark: the mark in it.
            starter: what started it.

        """
        self._stream = stream
        self._starter = starter
        self._output = MarkedOutput(mark)
        self._error_output = MarkedOutput(mark)
        self._read = bytearray()
        self._errors = b""
        self._errors_are_complete = Event()
        # A program that can write no more errors waits for ever, and so would whoever waits for it.
        self._reader_of_errors = Thread(target=self._read_errors, daemon=True)
        self._reader_of_errors.start()

    @property
    def is_running(self) -> bool:
        """Whether the program runs, as far as one can tell from this end."""
        return self._output.status is None and self._stream.is_open

    def write_line(self, line: str) -> None:
        """Hand the program a line.

        Raises:
            ConnectionLostError: it cannot be reached any more.

        """
        self.write(f"{line}\n".encode())

    def write(self, content: bytes) -> None:
        """Hand the program bytes.

        Raises:
            ConnectionLostError: it cannot be reached any more.

        """
        try:
            self._stream.send(content, WRITE_TIMEOUT)
        except (OSError, EOFError) as error:
            raise self._end(error) from None

    def write_no_more(self) -> None:
        """Let the program see that this was all.

        Raises:
            ConnectionLostError: it cannot be reached any more.

        """
        try:
            self._stream.send_end()
        except (OSError, EOFError):
            raise self._end(None) from None

    def read_line(self, timeout: float) -> str:
        """Wait for the program's next line and return it without its end.

        Raises:
            ConnectionLostError: the program ended, the connection broke, or `timeout` seconds
                went by; says what the program wrote on stderr last.
            NotStartedError: the same, and the program was not started.

        """
        deadline = time.monotonic() + timeout
        while b"\n" not in self._read:
            self._read_more(deadline, timeout)
        line, _, rest = bytes(self._read).partition(b"\n")
        self._read = bytearray(rest)
        return line.decode(errors="replace")

    def read(self, timeout: float) -> bytes:
        """Wait for what the program writes next and return it; raises as `read_line` does."""
        if not self._read:
            self._read_more(time.monotonic() + timeout, timeout)
        content = bytes(self._read)
        self._read.clear()
        return content

    def chunks(self) -> Iterator[bytes]:
        """Yield what the program writes as it comes, for as long as it takes.

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
        """Wait for the program to end, and return its status and all that it still wrote.

        The status is None where a signal ended it.

        Raises:
            ConnectionLostError: the connection broke before, or its end is missing.
            NotStartedError: it was not started.
            TimeoutError: `timeout` seconds went by.

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
            # They come on their own, and no more of them once the channel is closed.
            self._errors_are_complete.wait(_FAREWELL)
        return None if status in _SIGNALS else status, bytes(self._read)

    def read_what_is_there(self) -> str:
        """Return what the program has written so far, up to the end of its last whole line."""
        self._read_what_has_come()
        whole, end, rest = bytes(self._read).rpartition(b"\n")
        self._read = bytearray(rest)
        return (whole + end).decode(errors="replace")

    def read_until_quiet(self, quiet: float, longest: float) -> str:
        """Return what the program has written, and what follows without a pause.

        Args:
            quiet: a pause, in seconds.
            longest: how long to go on at most, in seconds.

        """
        said = self._read
        self._read = bytearray()
        deadline = time.monotonic() + longest
        while time.monotonic() < deadline:
            try:
                chunk = self._receive(quiet)
            except (OSError, ConnectionLostError):
                break
            if not chunk:
                break
            said += chunk
        return said.decode(errors="replace")

    def last_error(self) -> str:
        """Return the last line that the program wrote on stderr as the end of a sentence, or ""."""
        line = self.errors().split("\n")[-1].strip()
        return f": {line}" if line else ""

    def errors(self) -> str:
        """Return the end of what the program wrote on stderr."""
        if not self.is_running:
            self._errors_are_complete.wait(_FAREWELL)
        return printable(self._errors.decode(errors="replace")).strip()

    def close(self) -> None:
        """Let the program end, as at the end of its input."""
        self._stream.close()

    def _receive(self, timeout: float | None) -> bytes:
        """Wait for more of what the program itself writes; nothing comes after its end.

        Raises:
            NotStartedError: a terminal stands between, which changes what passes.
            TimeoutError: `timeout` seconds went by.
            OSError: the connection broke.

        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while self._output.status is None:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                # Otherwise whoever writes without a pause would never be late.
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
            message = f"{self._starter.name} puts a terminal in between, which changes what passes"
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
        # What the shell writes after the end is no one's, and keeps no one waiting.
        while self._stream.receive_errors():
            pass

    def _read_the_end(self) -> None:
        # What cannot be written to may have said already how it ended.
        with suppress(OSError):
            while chunk := self._receive(_FAREWELL):
                self._read += chunk

    def _status(self) -> int | None:
        """Return the status of the program itself, or None where there is none."""
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
        """Return what to raise when nothing came for so many seconds."""
        if not self._output.has_begun:
            return NotStartedError(f"{self._shell()} did not start it within {timeout:g} s")
        return ConnectionLostError(f"it did not answer within {timeout:g} s{self.last_error()}")

    def _end(self, error: OSError | EOFError | None) -> ConnectionLostError:
        """Return why nothing more comes from the program."""
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
            message = f"its end is missing, as if what runs it had been ended{self.last_error()}"
            return ConnectionLostError(message)
        how = f"by signal {status - 128}" if status in _SIGNALS else f"with status {status}"
        return ConnectionLostError(f"it ended {how}{self.last_error()}")

    def _why_not_started(self) -> str:
        """Return what was done instead."""
        self._errors_are_complete.wait(_FAREWELL)
        printed = self._error_output.of_the_shell() + self._output.of_the_shell()
        for pattern, does in self._starter.known:
            if pattern.search(printed):
                return f"{self._starter.name}, {does}{self._what_the_shell_printed()}"
        # The end of what a program writes comes before the status that it ends with.
        status = self._stream.status(_FAREWELL)
        how = "" if status is None else f" with status {status}"
        return f"{self._shell()} ended{how} before it started anything"

    def _shell(self) -> str:
        return f"{self._starter.name}{self._what_the_shell_printed()}"

    def _what_the_shell_printed(self) -> str:
        outputs = (self._error_output, self._output)
        line = next(filter(None, (output.line_of_the_shell() for output in outputs)), "")
        return f" (it printed “{line}”)" if line else ""
