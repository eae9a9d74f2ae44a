"""A host that is reached over SSH, with one connection for all its programs."""

import logging
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from threading import RLock, Timer

from paramiko import Channel, ChannelException, SSHException

from acceptance.hosts.addresses import addresses_of
from acceptance.hosts.errors import ConnectionLostError, LogInError, ServerError
from acceptance.hosts.forwarding import ForwardedPort
from acceptance.hosts.host import COMMAND_TIMEOUT, Host, Stage
from acceptance.hosts.marked_output import marked_command_line, new_mark
from acceptance.hosts.program import Program, Starter
from acceptance.hosts.ssh.channels import ChannelEnd, ChannelStream
from acceptance.hosts.ssh.hop import Hop, explain_refusal, reason_of
from acceptance.hosts.ssh.open_ssh import Destination, read_way

CONNECT_TIMEOUT = 10
"""How long the host may take for each step of logging in, in seconds."""

# The messages of login shells that run no command at all, with descriptions of these shells.
_LOGIN_SHELL = Starter(
    "the login shell",
    (
        (re.compile(r"account is (currently )?not available"), "which is nologin, runs nothing"),
        (re.compile(r"unrecognized command|git shell", re.IGNORECASE), "git-shell, runs only Git"),
        (re.compile(r"sftp connections only"), "replaced by ForceCommand, serves files only"),
        (re.compile(r"\brestricted\b"), "which is restricted, runs no program by its path"),
    ),
)

# A person sees paramiko's errors as one sentence; paramiko would log tracebacks as well.
logging.getLogger("paramiko").addHandler(logging.NullHandler())


class SshHost(Host):
    """A host that is reached in the same way as by ssh(1), with the person's configuration.

    Attributes:
        connections: how many connections have been opened.

    """

    def __init__(
        self,
        destination: Destination | str,
        timeout: float = CONNECT_TIMEOUT,
        *,
        passphrase: str | None = None,
        password: str | None = None,
    ) -> None:
        """Ask ssh how to reach the host, without connecting yet.

        Args:
            destination: the host, in the form that ssh takes.
            timeout: how long the server may take for each step of logging in, in seconds, unless
                ConnectTimeout allows more.
            passphrase: the passphrase of the keys, if the person was asked for it.
            password: the password for logging in, if the person was asked for it.

        Raises:
            ServerError: ssh cannot use its configuration.

        """
        named = Destination(destination) if isinstance(destination, str) else destination
        self._destination = named
        self._timeout = timeout
        self._passphrase = passphrase
        self._password = password
        self._way = self._new_way()
        self._others: list[Sequence[Hop]] = []
        self.connections = 0
        # If several threads start programs at the same time, only one opens a connection.
        self._lock = RLock()

    def __str__(self) -> str:
        """Return the user, host and port."""
        return str(self._way[-1])

    @property
    def user(self) -> str:
        """The user that commands run as."""
        return self._way[-1].settings.user

    @property
    def is_connected(self) -> bool:
        """Whether the connection is open, as far as this end knows."""
        return self._way[-1].is_connected

    def addresses(self) -> Sequence[str]:
        """Return the server's IP addresses, or none if it is reached through another host.

        Raises:
            ServerError: the name cannot be resolved.

        """
        settings = self._way[-1].settings
        return addresses_of(settings.host) if settings.is_direct else []

    def stages(self) -> Sequence[Stage]:
        """Return the two parts: checking the host key, and logging in."""
        return [Stage("host key", self._see_host_key), Stage("login", self._log_in)]

    def connect(self) -> None:
        """Open the connection, unless it is open.

        Raises:
            ServerError: the server cannot be reached, is not known, or refuses the login with the
                available keys.

        """
        with self._lock:
            if self.is_connected:
                return
            self.disconnect()
            if any(hop.was_tried for hop in self._way):
                # The person may have changed their configuration meanwhile.
                self._way = self._new_way()
            self._open(self._way)

    def disconnect(self) -> None:
        """Close the connection, if it is open."""
        with self._lock:
            for way in [self._way, *self._others]:
                _close(way)
            self._others = []

    def open_session(self, timeout: float) -> Channel:
        """Open a session for one program over the existing connection.

        If the server opens no more sessions on this connection (MaxSessions in sshd_config),
        another connection is opened.

        Args:
            timeout: how long the server may take, in seconds.

        Raises:
            ConnectionLostError: there is no connection.
            ServerError: the server opens no session.

        """
        with self._lock:
            self._others = [way for way in self._others if way[-1].is_connected]
            for way in [self._way, *self._others]:
                with suppress(ChannelException):
                    return self._open_session(way, timeout)
            way = self._new_way()
            try:
                self._open(way)
                session = self._open_session(way, timeout)
            except ChannelException as refusal:
                _close(way)
                message = (
                    f"{self} opens no session ({refusal.text}): ask its administrator to set "
                    "MaxSessions to 2 or more in its sshd_config."
                )
                raise ServerError(message) from None
            self._others.append(way)
            return session

    def how_to_start_programs(self) -> str:
        """Return the advice for when the login shell starts nothing, as the end of a sentence."""
        return (
            f"check what the start-up files of {self.user} there (such as ~/.bashrc) do without a "
            f"terminal, or change the shell with `chsh -s /bin/sh {self.user}`"
        )

    def start(self, command: Sequence[str], folder: str) -> Program:
        """Start a program in a folder of the server, over the existing connection.

        Raises:
            ConnectionLostError: there is no connection, or nothing is started over it.

        """
        if not self.is_connected:
            message = f"the SSH connection to {self} was cut"
            raise ConnectionLostError(message)
        mark = new_mark()
        deadline = time.monotonic() + self._patience
        try:
            channel = self.open_session(self._patience)
            channel.settimeout(COMMAND_TIMEOUT)
            # paramiko waits forever for the confirmation that a program was started.
            limit = Timer(deadline - time.monotonic(), _give_up, [channel])
            limit.daemon = True
            limit.start()
            try:
                channel.exec_command(marked_command_line(folder, command, mark))
            finally:
                limit.cancel()
        except (SSHException, OSError, EOFError) as error:
            # paramiko considers a broken connection active until it notices.
            message = f"the SSH connection to {self} was cut ({reason_of(error)})"
            if time.monotonic() >= deadline:
                message = f"{self} did not start it within {self._patience:g} s"
            raise ConnectionLostError(message) from None
        return Program(ChannelStream(channel), mark, _LOGIN_SHELL)

    def reach(self, name: str, port: int) -> ForwardedPort:
        """Forward a port of this machine to one that the server can reach.

        Raises:
            ConnectionLostError: there is no connection.
            ServerError: nothing listens there, or the server forwards no connections.

        """
        return ForwardedPort(lambda: self._connection_to(name, port))

    def _connection_to(self, name: str, port: int) -> ChannelEnd:
        if not self.is_connected:
            message = f"the SSH connection to {self} was cut"
            raise ConnectionLostError(message)
        transport = self._way[-1].transport
        try:
            channel = transport.open_channel(
                "direct-tcpip", (name, port), ("127.0.0.1", 0), timeout=self._patience
            )
        except ChannelException as error:
            message = (
                f"{name}, port {port}, cannot be reached from {self} ({error.text}): check that it "
                "listens there, and that sshd has AllowTcpForwarding enabled."
            )
            raise ServerError(message) from None
        except (SSHException, OSError, EOFError) as error:
            message = f"the SSH connection to {self} was cut ({reason_of(error)})"
            raise ConnectionLostError(message) from None
        return ChannelEnd(channel)

    def _see_host_key(self) -> str:
        # A server that refuses the login has shown the right key; the next stage reports that.
        with suppress(LogInError):
            self.connect()
        return "known"

    def _log_in(self) -> str:
        self.connect()
        return f"as {self.user}"

    @property
    def _patience(self) -> float:
        """How long each step may take, in seconds."""
        return max(self._timeout, self._way[-1].settings.number("connecttimeout"))

    def _new_way(self) -> Sequence[Hop]:
        return [
            Hop(settings, self._timeout, self._passphrase, self._password)
            for settings in read_way(self._destination)
        ]

    def _open(self, way: Sequence[Hop]) -> None:
        before: Hop | None = None
        for hop in way:
            try:
                hop.open(before)
            except (SSHException, ValueError, OSError, EOFError) as error:
                refusal = explain_refusal(hop, error)
                _close(way)
                raise refusal from None
            before = hop
        self.connections += 1

    def _open_session(self, way: Sequence[Hop], timeout: float) -> Channel:
        """Open a session.

        Raises:
            ChannelException: the server opens no more sessions on this connection.
            ConnectionLostError: there is no connection.

        """
        try:
            return way[-1].transport.open_session(timeout=timeout)
        except ChannelException:
            raise
        except (SSHException, OSError, EOFError) as error:
            message = f"the SSH connection to {self} was cut ({reason_of(error)})"
            raise ConnectionLostError(message) from None


def _close(way: Sequence[Hop]) -> None:
    for hop in reversed(way):
        hop.close()


def _give_up(channel: Channel) -> None:
    # The waiting thread continues immediately, and may close the connection meanwhile.
    with suppress(SSHException, OSError, EOFError):
        channel.close()
