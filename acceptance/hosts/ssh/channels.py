"""Channels of an SSH connection as streams: paramiko's, with what it leaves to its callers."""

from paramiko import Channel

_CHUNK = 65536
_FAREWELL = 2  # seconds


class ChannelStream:
    """A session in which a command was started, which keeps the contract of `Stream`."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @property
    def is_open(self) -> bool:
        """Whether the command runs, as far as one can tell from this end."""
        return not self._channel.closed and not self._channel.exit_status_ready()

    def send(self, content: bytes, timeout: float) -> None:
        """Hand bytes over, within so many seconds for each part; raises OSError or EOFError."""
        self._channel.settimeout(timeout)
        try:
            self._channel.sendall(content)
        finally:
            self._channel.settimeout(None)

    def send_end(self) -> None:
        """Let the end of the input be seen; raises OSError or EOFError."""
        self._channel.shutdown_write()

    def receive(self, timeout: float | None) -> bytes:
        """Wait for output and return it, b"" at its end; raises OSError, also where it is late."""
        self._channel.settimeout(timeout)
        try:
            return self._channel.recv(_CHUNK)
        finally:
            self._channel.settimeout(None)

    def receive_ready(self) -> bytes:
        """Return the output that has come; b"" for none."""
        return self._channel.recv(_CHUNK) if self._channel.recv_ready() else b""

    def receive_errors(self) -> bytes:
        """Wait for what is written on stderr and return it, b"" at its end."""
        while True:
            try:
                return self._channel.recv_stderr(_CHUNK)
            except TimeoutError:
                # A channel has one timeout, and it was meant for someone else.
                continue

    def cut(self) -> str:
        """Return that the connection was cut, as a clause, or "" where it is there."""
        _wait_for_the_end_of_a_cut(self._channel)
        is_there = self._channel.get_transport().is_active()
        return "" if is_there else "the SSH connection was cut"

    def status(self, timeout: float) -> int | None:
        """Return what the command line ended with, or None if that is not known."""
        self._channel.status_event.wait(timeout)
        return self._channel.exit_status if self._channel.exit_status >= 0 else None

    def close(self) -> None:
        """Let the command end, as at the end of its input."""
        self._channel.close()


class ChannelEnd:
    """A connection to a port that the server can reach."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.recv = channel.recv
        self.sendall = channel.sendall

    def close(self) -> None:
        """Hang up, after the end of the connection that carried this was noticed."""
        _wait_for_the_end_of_a_cut(self._channel)
        self._channel.close()


def _wait_for_the_end_of_a_cut(channel: Channel) -> None:
    # paramiko ends the channels of a broken connection before it takes it for broken.
    if channel.closed and not channel.eof_received:
        channel.get_transport().join(_FAREWELL)
