"""A program that runs on the server and is spoken to over the SSH connection."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread

from paramiko import Channel

from acceptance.hosts.errors import ConnectionLostError, FolderError, NotStartedError
from acceptance.hosts.marked_output import FOLDER, Mark, MarkedOutput
from acceptance.hosts.printable import printable

# In seconds.
WRITE_TIMEOUT = 30
_FAREWELL = 2

_CHUNK = 65536
_REMEMBERED_ERRORS = 65536

# A shell says of a program that signal n ended that it ended with 128 + n (POSIX, 2.8.2).
_SIGNALS = range(129, 129 + 64)

# What is printed where no command is run at all, and who prints it.
_KNOWN = (
    (re.compile(r"account is (currently )?not available"), "which is nologin, runs nothing"),
    (re.compile(r"unrecognized command|git shell", re.IGNORECASE), "git-shell, runs only Git"),
    (re.compile(r"sftp connections only"), "replaced by ForceCommand, serves files only"),
    (re.compile(r"\brestricted\b"), "which is restricted, runs no program by its path"),
)


class RemoteProgram:
    """A program that runs on the server, and is spoken to in lines of UTF-8.

    What the login shell prints around it is left out.
    """

    def __init__(self, channel: Channel, mark: Mark) -> None:
        """Talk to what runs at the other end of a channel.

        Args:
            channel: where a command line with marks was started.
            mark: the mark in it.

        """
        self._channel = channel
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
        has_ended = self._output.status is not None or self._channel.exit_status_ready()
        return not self._channel.closed and not has_ended

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
        self._channel.settimeout(WRITE_TIMEOUT)
        try:
            self._channel.sendall(content)
        except (OSError, EOFError) as error:
            raise self._end(error) from None
        finally:
            self._channel.settimeout(None)

    def write_no_more(self) -> None:
        """Let the program see that this was all.

        Raises:
            ConnectionLostError: it cannot be reached any more.

        """
        try:
            self._channel.shutdown_write()
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
        chunk = bytes(self._read)
        while b"\n" not in chunk:
            try:
                chunk = self._receive(deadline - time.monotonic())
            except TimeoutError:
                if not self._output.has_begun:
                    message = f"{self._login_shell()} did not start it within {timeout:g} s"
                    raise NotStartedError(message) from None
                message = f"it did not answer within {timeout:g} s{self.last_error()}"
                raise ConnectionLostError(message) from None
            except OSError as error:
                raise self._end(error) from None
            if not chunk:
                raise self._end(None)
            self._read += chunk
        line, _, rest = bytes(self._read).partition(b"\n")
        self._read = bytearray(rest)
        return line.decode(errors="replace")

    def chunks(self) -> Iterator[bytes]:
        """Yield what the program writes as it comes, for as long as it takes.

        Raises:
            ConnectionLostError: the connection broke.

        """
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

    def skip(self) -> None:
        """Leave unread what the program has written so far."""
        self._read_what_has_come()
        self._read.clear()

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
            except OSError:
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
        self._channel.close()

    def _receive(self, timeout: float | None) -> bytes:
        """Wait for more of what the program itself writes; nothing comes after its end.

        Raises:
            TimeoutError: `timeout` seconds went by.
            OSError: the connection broke.

        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while self._output.status is None:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                # Otherwise whoever writes without a pause would never be late.
                raise TimeoutError
            self._channel.settimeout(left)
            try:
                chunk = self._channel.recv(_CHUNK)
            finally:
                self._channel.settimeout(None)
            if not chunk:
                break
            if own := self._output.feed(chunk):
                return own
        return b""

    def _read_what_has_come(self) -> None:
        while self._channel.recv_ready():
            self._read += self._output.feed(self._channel.recv(_CHUNK))

    def _read_errors(self) -> None:
        while self._error_output.status is None:
            try:
                chunk = self._channel.recv_stderr(_CHUNK)
            except TimeoutError:
                # A channel has one timeout, and it was meant for someone else.
                continue
            if not chunk:
                break
            own = self._error_output.feed(chunk)
            self._errors = (self._errors + own)[-_REMEMBERED_ERRORS:]
        self._errors_are_complete.set()
        # What the login shell writes after the end is no one's, and keeps no one waiting.
        self._leave_errors_unread()

    def _leave_errors_unread(self) -> None:
        while True:
            try:
                if not self._channel.recv_stderr(_CHUNK):
                    return
            except TimeoutError:
                continue

    def _was_cut(self) -> bool:
        transport = self._channel.get_transport()
        if self._channel.closed and not self._channel.eof_received:
            # paramiko ends the channels of a broken connection before it takes it for broken.
            transport.join(_FAREWELL)
        return not transport.is_active()

    def _read_the_end(self) -> None:
        # What cannot be written to may have said already how it ended.
        with suppress(OSError):
            while chunk := self._receive(_FAREWELL):
                self._read += chunk

    def _status(self) -> int | None:
        """Return the status of the program itself, or None where there is none."""
        status = self._output.status or ""
        return int(status) if status.isdecimal() else None

    def _end(self, error: OSError | EOFError | None) -> ConnectionLostError:
        """Return why nothing more comes from the program."""
        if self._was_cut():
            cause = f" ({error})" if error and str(error) else ""
            return ConnectionLostError(f"the SSH connection was cut{cause}")
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
        """Return what the login shell did instead."""
        self._errors_are_complete.wait(_FAREWELL)
        printed = self._error_output.of_the_shell() + self._output.of_the_shell()
        for pattern, does in _KNOWN:
            if pattern.search(printed):
                return f"the login shell, {does}{self._what_the_shell_printed()}"
        # The end of what a program writes comes before the status that it ends with.
        self._channel.status_event.wait(_FAREWELL)
        status = self._channel.exit_status
        how = f" with status {status}" if status >= 0 else ""
        return f"{self._login_shell()} ended{how} before it started anything"

    def _login_shell(self) -> str:
        return f"the login shell{self._what_the_shell_printed()}"

    def _what_the_shell_printed(self) -> str:
        outputs = (self._error_output, self._output)
        line = next(filter(None, (output.line_of_the_shell() for output in outputs)), "")
        return f" (it printed “{line}”)" if line else ""
