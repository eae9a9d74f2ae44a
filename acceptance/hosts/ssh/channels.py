"""The channels of an SSH connection as streams, with what paramiko leaves to its callers."""

from paramiko import Channel

_CHUNK = 65536
_FAREWELL = 2  # seconds


class ChannelStream:
    """A session in which a command was started; implements `Stream`."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @property
    def is_open(self) -> bool:
        """Whether the command is running, as far as this end knows."""
        return not self._channel.closed and not self._channel.exit_status_ready()

    def send(self, content: bytes, timeout: float) -> None:
        """Send bytes within this many seconds for each part; raises OSError or EOFError."""
        self._channel.settimeout(timeout)
        try:
            self._channel.sendall(content)
        finally:
            self._channel.settimeout(None)

    def send_end(self) -> None:
        """Close the command's input; raises OSError or EOFError."""
        self._channel.shutdown_write()

    def receive(self, timeout: float | None) -> bytes:
        """Wait for output and return it, b"" at its end; raises OSError, also for a timeout."""
        self._channel.settimeout(timeout)
        try:
            return self._channel.recv(_CHUNK)
        finally:
            self._channel.settimeout(None)

    def receive_ready(self) -> bytes:
        """Return the output that has arrived; b"" for none."""
        return self._channel.recv(_CHUNK) if self._channel.recv_ready() else b""

    def receive_errors(self) -> bytes:
        """Wait for output on stderr and return it, b"" at its end."""
        while True:
            try:
                return self._channel.recv_stderr(_CHUNK)
            except TimeoutError:
                # A channel has one timeout, which was set for another read.
                continue

    def cut(self) -> str:
        """Return a clause that the connection was cut, or "" if it was not."""
        _wait_for_the_end_of_a_cut(self._channel)
        is_there = self._channel.get_transport().is_active()
        return "" if is_there else "the SSH connection was cut"

    def status(self, timeout: float) -> int | None:
        """Return the exit status of the command line, or None if it is unknown."""
        self._channel.status_event.wait(timeout)
        return self._channel.exit_status if self._channel.exit_status >= 0 else None

    def close(self) -> None:
        """Close the channel, so that the command ends."""
        self._channel.close()


class ChannelEnd:
    """A connection to a port that the server can reach."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.recv = channel.recv
        self.sendall = channel.sendall

    def close(self) -> None:
        """Close the channel, after waiting for the end of a broken connection."""
        _wait_for_the_end_of_a_cut(self._channel)
        self._channel.close()


def _wait_for_the_end_of_a_cut(channel: Channel) -> None:
    # paramiko closes the channels of a broken connection before it marks it as broken.
    if channel.closed and not channel.eof_received:
        channel.get_transport().join(_FAREWELL)
