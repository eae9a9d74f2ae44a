"""The server that a deployed site runs on: one SSH connection, and what runs over it."""

import logging
import re
import shlex
import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from threading import Timer

from paramiko import Channel, ChannelException, SSHException

from acceptance.hosts.errors import (
    CommandFailedError,
    ConnectionLostError,
    FolderError,
    NotStartedError,
    ServerError,
)
from acceptance.hosts.marked_output import marked_command_line, new_mark, place, shown
from acceptance.hosts.program import RemoteProgram
from acceptance.hosts.ssh.hop import Hop, explain_refusal, reason_of
from acceptance.hosts.ssh.open_ssh import Destination, read_way

# All in seconds.
CONNECT_TIMEOUT = 10
COMMAND_TIMEOUT = 30
# How much later than the server this end gives a command up.
_GRACE = 5

# The status of timeout(1) for a command that it had to stop; with one that it had to kill, it kills
# itself.
_STOPPED = 124

# What is printed where there is no timeout(1), or one that takes other options.
_NO_TIMEOUT = re.compile(
    r"\btimeout: (.*not found|Permission denied|(un|in)(recogni[sz]ed|known|valid) )|Usage: timeout"
)

# What paramiko raises goes on to the person as one sentence; it would print tracebacks as well.
logging.getLogger("paramiko").addHandler(logging.NullHandler())


class Server:
    """A host that is reached as ssh(1) would reach it, as the person's configuration says.

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
        """Ask ssh how to get there; nothing is contacted yet.

        Args:
            destination: the host, as one would name it to ssh.
            timeout: how long the server may take for each step until someone is logged in, in
                seconds, unless ConnectTimeout allows for more.
            passphrase: what protects the keys, if the person was asked for it.
            password: what to log in with, if the person was asked for it.

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

    def __str__(self) -> str:
        """Say as whom the server is reached where."""
        return str(self._way[-1])

    @property
    def user(self) -> str:
        """As whom commands run."""
        return self._way[-1].settings.user

    @property
    def is_connected(self) -> bool:
        """Whether the connection is there, as far as one can tell from this end."""
        return self._way[-1].is_connected

    def addresses(self) -> Sequence[str]:
        """Look the server's addresses up, or return none if another host is asked to reach it.

        Raises:
            ServerError: the name is not known.

        """
        settings = self._way[-1].settings
        return addresses_of(settings.host) if settings.is_direct else []

    def connect(self) -> None:
        """Open the connection, unless it is open.

        Raises:
            ServerError: the server cannot be reached, is not the one that is known, or lets
                no one in with the keys that there are.

        """
        if self.is_connected:
            return
        self.disconnect()
        if any(hop.was_tried for hop in self._way):
            # The person may have changed their configuration since.
            self._way = self._new_way()
        self._open(self._way)

    def disconnect(self) -> None:
        """Close the connection, if it is open."""
        for way in [self._way, *self._others]:
            _close(way)
        self._others = []

    def open_session(self, timeout: float) -> Channel:
        """Begin a session over the connection that is there, in which something can be started.

        A server that opens no further session on this connection (MaxSessions in sshd_config)
        is given another connection.

        Args:
            timeout: how long the server may take, in seconds.

        Raises:
            ConnectionLostError: there is no connection any more.
            ServerError: the server opens no session.

        """
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
                f"{self} opens no session ({refusal.text}): ask who runs it to set MaxSessions to "
                "2 or more in its sshd_config."
            )
            raise ServerError(message) from None
        self._others.append(way)
        return session

    def run(self, command: Sequence[str], folder: str, timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a command in a folder of the server and return what it wrote.

        Args:
            command: the program and its arguments, which no shell takes apart.
            folder: where it runs; may start with ~/.
            timeout: how long it may take, in seconds; then the server stops it.

        Raises:
            CommandFailedError: it ended with another status than 0.
            ServerError: it could not be run, or took too long.

        """
        return self.output_of(command, folder, timeout).decode(errors="replace")

    def output_of(
        self,
        command: Sequence[str],
        folder: str,
        timeout: float = COMMAND_TIMEOUT,
        given: Iterable[bytes] = (),
    ) -> bytes:
        """Run a command as `run` does and return exactly the bytes that it wrote.

        Args:
            command: the program and its arguments, which no shell takes apart.
            folder: where it runs; may start with ~/.
            timeout: how long it may take, in seconds; then the server stops it.
            given: what it reads.

        Raises:
            CommandFailedError: it ended with another status than 0.
            ServerError: it could not be run, or took too long.

        """
        self.connect()
        name = shown(command)
        # The server's own clock, because closing a channel ends no program that does not write. In
        # the words that BusyBox has, too.
        limited = ["timeout", "-k", "1", f"{timeout:g}", *command]
        deadline = time.monotonic() + timeout
        status, output = None, b""
        try:
            with closing(self.start(limited, folder)) as program, suppress(TimeoutError):
                with suppress(ConnectionLostError):
                    # What ends before it has read everything says why.
                    for chunk in given:
                        program.write(chunk)
                    program.write_no_more()
                status, output = program.finish(deadline + _GRACE - time.monotonic())
        except ConnectionLostError as error:
            raise self.explained(command, folder, error) from None
        if status == _STOPPED or (status is None and time.monotonic() >= deadline):
            message = f"`{name}` on {self} took longer than {timeout:g} s: see how busy it is."
            raise ServerError(message)
        if status is None:
            message = f"`{name}` was ended by a signal on {self}: see who sent it."
            raise ServerError(message)
        if status != 0:
            errors = program.errors()
            if _NO_TIMEOUT.search(errors):
                message = (
                    f"{self} has no `timeout` that takes -k and seconds, without which a command "
                    "that hangs would never end there: install coreutils."
                )
                raise ServerError(message)
            reason = (errors or output.decode(errors="replace").strip()).split("\n")[-1].strip()
            message = f"`{name}` failed on {self} with status {status}"
            raise CommandFailedError(f"{message}: {reason}" if reason else f"{message}.")
        return output

    def explained(
        self, command: Sequence[str], folder: str, error: ConnectionLostError
    ) -> ServerError:
        """Return what to raise when a command came to no end for this reason."""
        name = shown(command)
        match error:
            case FolderError():
                return CommandFailedError(
                    f"`{name}` cannot run in {folder} on {self}, because {error}."
                )
            case NotStartedError():
                how = self.how_to_start_programs()
                return NotStartedError(f"Nothing runs on {self}, because {error}: {how}.")
        return ConnectionLostError(
            f"`{name}` was not finished on {self}, because {error}: try again."
        )

    def how_to_start_programs(self) -> str:
        """Say what to do where the login shell starts nothing, as the end of a sentence."""
        return (
            f"see what the start-up files of {self.user} there (such as ~/.bashrc) do where no one "
            f"types, or change the shell with `chsh -s /bin/sh {self.user}`"
        )

    def start(self, command: Sequence[str], folder: str) -> RemoteProgram:
        """Start a program in a folder of the server, over the connection that is there.

        Raises:
            ConnectionLostError: there is no connection any more, or nothing is started over it.

        """
        if not self.is_connected:
            message = f"the SSH connection to {self} was cut"
            raise ConnectionLostError(message)
        mark = new_mark()
        deadline = time.monotonic() + self._patience
        try:
            channel = self.open_session(self._patience)
            channel.settimeout(COMMAND_TIMEOUT)
            # paramiko waits for ever to hear that a program was started.
            limit = Timer(deadline - time.monotonic(), _give_up, [channel])
            limit.daemon = True
            limit.start()
            try:
                channel.exec_command(marked_command_line(folder, command, mark))
            finally:
                limit.cancel()
        except (SSHException, OSError, EOFError) as error:
            # paramiko finds a connection active until it has noticed that it is not.
            message = f"the SSH connection to {self} was cut ({reason_of(error)})"
            if time.monotonic() >= deadline:
                message = f"{self} did not start it within {self._patience:g} s"
            raise ConnectionLostError(message) from None
        return RemoteProgram(channel, mark)

    def reach(self, host: str, port: int) -> Channel:
        """Connect to what listens at a host and port, as seen from the server.

        Raises:
            ConnectionLostError: there is no connection any more.
            ServerError: nothing listens there, or the server connects nobody.

        """
        if not self.is_connected:
            message = f"the SSH connection to {self} was cut"
            raise ConnectionLostError(message)
        transport = self._way[-1].transport
        try:
            return transport.open_channel(
                "direct-tcpip", (host, port), ("127.0.0.1", 0), timeout=self._patience
            )
        except ChannelException as error:
            message = (
                f"{host}, port {port}, cannot be reached from {self} ({error.text}): see that it "
                "listens there, and that sshd allows AllowTcpForwarding."
            )
            raise ServerError(message) from None
        except (SSHException, OSError, EOFError) as error:
            message = f"the SSH connection to {self} was cut ({reason_of(error)})"
            raise ConnectionLostError(message) from None

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
        """Begin a session.

        Raises:
            ChannelException: the server opens no further session on this connection.
            ConnectionLostError: there is no connection any more.

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
    # Whoever waits for the channel goes on at once, and may cut the connection meanwhile.
    with suppress(SSHException, OSError, EOFError):
        channel.close()


def addresses_of(host: str) -> Sequence[str]:
    """Look the addresses of a host up.

    Raises:
        ServerError: the name is not known.

    """
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError as error:
        message = (
            f"The name {host} leads nowhere ({reason_of(error)}): correct it, or add it to DNS or "
            "/etc/hosts."
        )
        raise ServerError(message) from None
    return sorted({str(address[4][0]) for address in found})


def in_folder(folder: str, command: Sequence[str]) -> str:
    """Write a command line for /bin/sh: run `command` in `folder`, which may be below ~."""
    return f"cd {place(folder)} && exec {shlex.join(command)}"
