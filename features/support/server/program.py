"""A program that runs on the server and is spoken to over the SSH connection."""

import time
from threading import Thread

from paramiko import Channel

from features.support.server.errors import ConnectionLostError

# In seconds.
WRITE_TIMEOUT = 30
_FAREWELL = 2

_CHUNK = 65536
_REMEMBERED_ERRORS = 65536


class RemoteProgram:
    """A program that runs on the server, and is spoken to in lines of UTF-8."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._read = bytearray()
        self._errors = b""
        # A program that can write no more errors waits for ever, and so would whoever waits for it.
        self._reader_of_errors = Thread(target=self._read_errors, daemon=True)
        self._reader_of_errors.start()

    @property
    def is_running(self) -> bool:
        """Whether the program runs, as far as one can tell from this end."""
        return not self._channel.closed and not self._channel.exit_status_ready()

    def write_line(self, line: str) -> None:
        """Hand the program a line.

        Raises:
            ConnectionLostError: it cannot be reached any more.

        """
        self._channel.settimeout(WRITE_TIMEOUT)
        try:
            self._channel.sendall(f"{line}\n".encode())
        except OSError as error:
            raise ConnectionLostError(self._end(error)) from None
        finally:
            self._channel.settimeout(None)

    def write_no_more(self) -> None:
        """Tell the program that this was all.

        Raises:
            ConnectionLostError: it cannot be reached any more.

        """
        try:
            self._channel.shutdown_write()
        except (OSError, EOFError):
            raise ConnectionLostError(self._end(None)) from None

    def read_line(self, timeout: float) -> str:
        """Wait for the program's next line and return it without its end.

        Raises:
            ConnectionLostError: the program ended, the connection broke, or `timeout` seconds
                went by; says what the program wrote on stderr last.

        """
        deadline = time.monotonic() + timeout
        chunk = bytes(self._read)
        while b"\n" not in chunk:
            try:
                chunk = self._receive(deadline - time.monotonic())
            except TimeoutError:
                message = f"it did not answer within {timeout:g} s{self.last_error()}"
                raise ConnectionLostError(message) from None
            except OSError as error:
                raise ConnectionLostError(self._end(error)) from None
            if not chunk:
                raise ConnectionLostError(self._end(None))
            self._read += chunk
        line, _, rest = bytes(self._read).partition(b"\n")
        self._read = bytearray(rest)
        return line.decode(errors="replace")

    def finish(self, timeout: float) -> tuple[int | None, str]:
        """Wait for the program to end, and return its status and all that it still wrote.

        The status is None where a signal ended it.

        Raises:
            ConnectionLostError: the connection broke before.
            TimeoutError: `timeout` seconds went by.

        """
        deadline = time.monotonic() + timeout
        try:
            while chunk := self._receive(deadline - time.monotonic()):
                self._read += chunk
        except TimeoutError:
            raise
        except OSError as error:
            raise ConnectionLostError(self._end(error)) from None
        # The end of what a program writes is told before the status that it ends with.
        if not self._channel.status_event.wait(deadline - time.monotonic()):
            raise TimeoutError
        status = self._channel.recv_exit_status()
        if status < 0 and self._was_cut():
            raise ConnectionLostError(self._end(None))
        return status if status >= 0 else None, self._read.decode(errors="replace")

    def skip(self) -> None:
        """Leave unread what the program has written so far."""
        self._read.clear()
        while self._channel.recv_ready():
            self._channel.recv(_CHUNK)

    def read_what_is_there(self) -> str:
        """Return what the program has written so far, up to the end of its last whole line."""
        while self._channel.recv_ready():
            self._read += self._channel.recv(_CHUNK)
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
            self._reader_of_errors.join(_FAREWELL)
        return self._errors.decode(errors="replace").strip()

    def close(self) -> None:
        """Let the program end, as at the end of its input."""
        self._channel.close()

    def _receive(self, timeout: float) -> bytes:
        if timeout <= 0:
            # Otherwise whoever writes without a pause would never be late.
            raise TimeoutError
        self._channel.settimeout(timeout)
        try:
            return self._channel.recv(_CHUNK)
        finally:
            self._channel.settimeout(None)

    def _read_errors(self) -> None:
        while True:
            try:
                chunk = self._channel.recv_stderr(_CHUNK)
            except TimeoutError:
                # A channel has one timeout, and it was meant for somebody else.
                continue
            if not chunk:
                return
            self._errors = (self._errors + chunk)[-_REMEMBERED_ERRORS:]

    def _was_cut(self) -> bool:
        transport = self._channel.get_transport()
        if self._channel.closed and not self._channel.eof_received:
            # paramiko ends the channels of a broken connection before it takes it for broken.
            transport.join(_FAREWELL)
        return not transport.is_active()

    def _end(self, error: OSError | None) -> str:
        if self._was_cut():
            return f"the SSH connection was cut{f' ({error})' if error and str(error) else ''}"
        # The end of what a program writes is told before the status that it ends with.
        if self._channel.status_event.wait(_FAREWELL) and self._channel.recv_exit_status() >= 0:
            return f"it ended with status {self._channel.recv_exit_status()}{self.last_error()}"
        return f"it ended{self.last_error()}"
